"""shelterctl void: a wrong entry struck through."""

from copy import deepcopy
from typing import Annotated

import typer

from shelterctl import contract
from shelterctl.cli.file import save
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.core.record import entries
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_

NO_ENTRY = N_("Her file has no entry with that id. See the ids with: shelterctl show {id}.")
NO_REASON = N_("There is no such reason. The reasons are {reasons}.")
STRUCK = N_("The entry is struck through; it stays in the file.")
ALREADY = N_("The entry was struck through already; nothing changed.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl void 7QF2-M9KD K7M2QA --reason-code entered_twice")
def void(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="The id of the entry.")],
    reason: Annotated[str, typer.Option("--reason-code", metavar="CODE", help="Why, as a code.")],
) -> Outcome:
    """Strike an entry through; nothing is removed."""
    # Gather.
    here = desk(ctx)
    her, held = here.store.client(client)
    reasons = contract.resident(here.shelf)["$defs"]["void_reason"]["enum"]
    if reason not in reasons:
        raise Usage("usage/reason", NO_REASON, reasons=reasons)

    # Decide.
    record = deepcopy(held.value)
    found = [facts for _, facts in entries(record) if facts["id"] == entry.strip().upper()]
    if not found:
        raise NotFound("entry/unknown", NO_ENTRY, id=her.id)
    struck = found[0]
    if "void" in struck:
        return Outcome(data={"id": her.id, "entry": struck["id"]}, said=((ALREADY, {}),))

    # Act.
    struck["void"] = {"on": here.today.isoformat(), "by": here.by, "reason": reason}  # type: ignore[index]
    save(here, record, held.version, "void")
    return Outcome(data={"id": her.id, "entry": struck["id"]}, said=((STRUCK, {}),))
