"""shelterctl void: a wrong entry struck through, named by its id or chosen from her entries."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any

import typer

from shelterctl import ask, screen
from shelterctl.act.entry import live, told
from shelterctl.act.file import save
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.core.letter import capitals
from shelterctl.core.record import Client, Facts, entries
from shelterctl.desk import Desk, walked
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Text, with_codes

NO_ENTRY = N_("Her file has no entry with that id. See the ids with: shelterctl show {id} --all.")
NO_REASON = N_("There is no such reason. The reasons are {reasons}.")
NAME_IT = N_("Name the entry and the reason: void ID ENTRY --reason-code CODE. The reasons are {reasons}.")
STRUCK = N_("The entry is struck through; it stays in the file.")
ALREADY = N_("The entry was struck through already; nothing changed.")
NOTHING = N_("Her file has no entry that could be struck through.")
LEFT = N_("Nothing was struck through.")

WHICH = N_("Which entry of {id} is wrong? Enter leaves everything as it is.")
ENTRY = N_("{what}, {on}, recorded by {by} ({entry})")
WHY = N_("Why is it struck through?")
SURE = N_("Strike this through: {what}, {on}? It stays in the file and counts no more.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl void 7QF2-M9KD K7M2QA --reason-code entered_twice")
def void(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    entry: Annotated[
        str | None, typer.Argument(metavar="[ENTRY]", help="The id of the entry; at a terminal it can be chosen.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason-code", metavar="REASON", help="Why, as a code.")] = None,
) -> Outcome:
    """Strike an entry through; nothing is removed."""
    # Gather.
    here = desk(ctx)
    her, held = here.store.client(client)
    reasons = _reasons(here)
    if reason is not None and reason not in reasons:
        raise Usage("usage/reason", NO_REASON, reasons=with_codes(reasons))

    # Decide.
    record = deepcopy(held.value)
    known = {str(facts["id"]): (where, facts) for where, facts in entries(record)}
    if entry is not None:
        entry = capitals(entry)
        if entry not in known:
            raise NotFound("entry/unknown", NO_ENTRY, id=her.id)
        if "void" in known[entry][1]:
            return Outcome(data={"id": her.id, "entry": entry}, said=((ALREADY, {}),))
    if entry is None or reason is None:
        if not walked(here):
            raise Usage("usage/void", NAME_IT, reasons=with_codes(reasons))
        latest_last = sorted(live(record), key=lambda found: str(found[1].get("recorded_at")))
        offered = latest_last if entry is None else [known[entry]]
        listed = {facts["id"]: told(here.shelf, where, facts) for where, facts in offered}
        if not listed:
            return Outcome(data={"id": her.id}, said=((NOTHING, {}),))
        with screen.alone():
            entry, reason = _chosen(here, her, listed, entry, reason)
    if entry is None or reason is None:
        return Outcome(data={"id": her.id}, said=((LEFT, {}),))

    # Act.
    struck: Any = known[entry][1]
    struck["void"] = {"on": here.today.isoformat(), "by": here.by, "reason": reason}
    save(here, record, held.version, "void")
    return Outcome(data={"id": her.id, "entry": entry}, said=((STRUCK, {}),))


def _reasons(here: Desk) -> dict[str, Text]:
    """The reasons by code, each in the words of the shelf."""
    return dict(here.shelf.places["void.reason"].codes)


def _chosen(
    here: Desk, her: Client, listed: Mapping[str, Facts], entry: str | None, reason: str | None
) -> tuple[str | None, str | None]:
    """The entry and the reason, chosen by number and said yes to once more; None where it was left."""
    if entry is None:
        place = ask.choice(WHICH, [(ENTRY, facts) for facts in listed.values()], {"id": her.id})
        if place is None:
            return None, None
        entry = list(listed)[place]
    if reason is None:
        reasons = _reasons(here)
        place = ask.choice(WHY, [(text, {}) for text in reasons.values()])
        if place is None:
            return None, None
        reason = list(reasons)[place]
    return (entry, reason) if ask.confirm(SURE, listed[entry]) else (None, None)
