"""shelterctl discharge: records that a client left, with IOM or by her own decision, or takes that back."""

from typing import Annotated

import typer

from shelterctl.act.discharge import discharge_client, take_back_discharge
from shelterctl.act.input import Input, read_input, refuse_contradiction
from shelterctl.cli.options import CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.errors import UsageError
from shelterctl.prompts.discharge import ask_discharge
from shelterctl.schemas.input import discharge_schema
from shelterctl.session import may_ask
from shelterctl.ui_language import N_

DISCHARGE_UNDO_ALONE = N_("--undo takes the discharge back and works only with --check. Leave out the other options.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl discharge 7QF2-M9KD --on 2026-11-25 --from discharge.yaml")
def discharge(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    on: OnOption = None,
    own_decision: Annotated[bool, typer.Option("--own-decision", help="She leaves by her own decision.")] = False,
    source: FromOption = None,
    check: CheckOption = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the discharge back.")] = False,
) -> Outcome:
    """Record that a client left, or take it back.

    At a terminal it asks; otherwise give the day with --on and the rest with --from.
    """
    session = begin_command(ctx)
    if undo:
        if on or own_decision or source:
            raise UsageError("usage/undo", DISCHARGE_UNDO_ALONE)
        return take_back_discharge(session, client, check)
    if source is None and on is None and not own_decision and not check and may_ask(session):
        return ask_discharge(session, client)
    day = {"on": session.read_day(on, "--on").isoformat()} if on else {}
    own = {"by_own_decision": True} if own_decision else {}
    given = Input({}, (), None)
    if source is not None:
        given = read_input(source, discharge_schema(session.rulebook), session.store.offset)
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    written = given.value.get("discharge", {})
    refuse_contradiction(day, written)
    refuse_contradiction(own, written, "own-decision")
    facts = {"discharge": {**written, **own, **day}}
    return discharge_client(session, client, Input(facts, (), given.document), check)
