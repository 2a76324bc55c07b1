"""shelterctl correct: corrects the recorded day of a signature."""

from typing import Annotated

import typer

from shelterctl.act import terminate
from shelterctl.act.correct import correct_signing_day
from shelterctl.cli.options import OPTION_MISSING, AgreementNumberOption, CheckOption, Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.session import may_ask

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl correct 7QF2-M9KD --number S-NGO-12 --on 2026-11-26")
def correct(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    number: AgreementNumberOption = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="The form: pink or blue; default: either.")] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The right day, such as 2026-11-25 or 25.11.2026; asked for at a terminal."),
    ] = None,
    check: CheckOption = False,
) -> Outcome:
    """Correct the day on which an agreement was signed; the day recorded before stays beside it."""
    session = begin_command(ctx)
    her, _ = session.store.client_to_change(client)
    meant = terminate.find_meant_agreement(her, session.rulebook.form(form).name if form else None, number)
    if on:
        return correct_signing_day(session, her.id, meant["id"], session.read_day(on, "--on"), check=check)
    if not may_ask(session) or check or "signed" not in meant:
        raise UsageError("usage/missing", OPTION_MISSING, option="--on", see=ctx.command_path)
    from shelterctl.prompts import correct as asking  # noqa: PLC0415 - off a terminal nothing is asked

    return asking.ask_correction(session, her.id, meant)
