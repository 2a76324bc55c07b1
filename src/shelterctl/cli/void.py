"""shelterctl void: a wrong entry struck through, named by its id or chosen from her entries."""

from typing import Annotated

import typer

from shelterctl.act.entry import live, told
from shelterctl.act.strike import reasons, strike
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.core.letter import capitals
from shelterctl.core.record import entries
from shelterctl.desk import walked
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, with_codes
from shelterctl.walk.strike import chosen, gist

NO_ENTRY = N_("Her file has no entry with that id. See the ids with: shelterctl show {id} --all.")
NO_REASON = N_("There is no such reason. The reasons are {reasons}.")
NAME_IT = N_("Name the entry and the reason: void ID ENTRY --reason-code CODE. The reasons are {reasons}.")
STRUCK = N_("The entry is struck through; it stays in the file.")
ALREADY = N_("The entry was struck through already; nothing changed.")
NOTHING = N_("Her file has no entry that could be struck through.")
LEFT = N_("Nothing was struck through.")


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
    her, held = here.store.to_change(client)
    known_reasons = reasons(here)
    if reason is not None and reason not in known_reasons:
        raise Usage("usage/reason", NO_REASON, reasons=with_codes(known_reasons))

    # Decide.
    known = {str(facts["id"]): (where, facts) for where, facts in entries(held.value)}
    if entry is not None:
        entry = capitals(entry)
        if entry not in known:
            raise NotFound("entry/unknown", NO_ENTRY, id=her.id)
        if "void" in known[entry][1]:
            return Outcome(data={"id": her.id, "entry": entry}, said=((ALREADY, {}),))
    if entry is None or reason is None:
        if not walked(here):
            raise Usage("usage/void", NAME_IT, reasons=with_codes(known_reasons))
        # A mistake is seen soon: what was written down last stands first.
        latest_first = sorted(live(held.value), key=lambda found: str(found[1].get("recorded_at")))[::-1]
        offered = latest_first if entry is None else [known[entry]]
        listed = {
            facts["id"]: {**told(here.shelf, where, facts), "gist": gist(here, where, facts)}
            for where, facts in offered
        }
        if not listed:
            return Outcome(data={"id": her.id}, said=((NOTHING, {}),))
        with here.alone():
            entry, reason = chosen(here, her.id, listed, entry, reason)
    if entry is None or reason is None:
        return Outcome(data={"id": her.id}, said=((LEFT, {}),))

    # Act.
    strike(here, held.value, held.version, entry, reason)
    return Outcome(data={"id": her.id, "entry": entry}, said=((STRUCK, {}),))
