"""shelterctl void: strikes through a wrong entry, named by its id or chosen from her entries."""

from typing import Annotated

import typer

from shelterctl.act.register_months import find_void_months
from shelterctl.act.void import (
    find_entry_to_void,
    judge_void,
    list_entries_to_void,
    require_void_reason,
    void_entry,
    void_reasons,
)
from shelterctl.cli.options import WHOM_HELP, Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.prompts.void import choose_void
from shelterctl.session import may_ask
from shelterctl.ui_language import N_

VOID_NEEDS_ENTRY = N_("Name the entry and the reason: void WHOM ENTRY --reason-code CODE. The reasons are: {reasons}.")
NO_ENTRY_TO_STRIKE = N_("{Her file|His file|The register} has no entry that can be struck through.")
NOTHING_STRUCK_THROUGH = N_("Nothing was struck through.")


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl void 7QF2-M9KD K7M2QA --reason-code entered_twice")
def void(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="WHOM", help=WHOM_HELP)],
    entry: Annotated[
        str | None, typer.Argument(metavar="[ENTRY]", help="The id of the entry; at a terminal you can choose it.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason-code", metavar="REASON", help="The reason, as a code.")
    ] = None,
) -> Outcome:
    """Strike through a wrong entry; nothing is removed."""
    # Gather.
    session = begin_command(ctx)
    her, held = session.store.subject_to_change(client, find_void_months(session, client, entry))
    if reason is not None:
        require_void_reason(session, reason)

    # Decide.
    named = find_entry_to_void(session, held, entry) if entry is not None else None
    if named and (refused := judge_void(session, held, named)):
        return Outcome(data={"id": her.id}, findings=refused)
    if named is None or (reason is None and "void" not in named[1]):
        if not may_ask(session):
            raise UsageError("usage/void", VOID_NEEDS_ENTRY, reasons=codes_with_texts(void_reasons(session)))
        # Mistakes are noticed soon, so the newest entries come first.
        entries = [] if named else list_entries_to_void(session, held)
        refusals = {where: judge_void(session, held, (where, facts)) for where, facts in entries}
        may = [found for found in entries if not refusals[found[0]]]
        offered = sorted(may, key=lambda found: str(found[1].get("recorded_at")))[::-1]
        if entries and not offered:
            return Outcome(data={"id": her.id}, findings=next(iter(refusals.values())))
        if not (named or offered):
            return Outcome(data={"id": her.id}, said=((NO_ENTRY_TO_STRIKE, {}),))
        with session.own_screen():
            named, reason = choose_void(session, held.value, offered, named, reason)
    if named is None:
        return Outcome(data={"id": her.id}, said=((NOTHING_STRUCK_THROUGH, {}),))

    # Act.
    return void_entry(session, held, *named, reason)
