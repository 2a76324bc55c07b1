"""shelterctl terminate: records that a signed agreement was terminated, and who decided it."""

from typing import Annotated, Any

import typer

from shelterctl.act.input import Input, add_options, read_input
from shelterctl.act.terminate import find_meant_agreement, terminate_agreement
from shelterctl.cli.options import AgreementNumberOption, CheckOption, Ctx, FromOption, OnOption, begin_command
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.schemas.input import termination_schema
from shelterctl.session import may_ask

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl terminate 7QF2-M9KD --number S-NGO-12 --from decision.yaml")
def terminate(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    number: AgreementNumberOption = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="The form: pink or blue; default: either.")] = None,
    on: OnOption = None,
    source: FromOption = None,
    check: CheckOption = False,
) -> Outcome:
    """Record that a signed agreement was terminated, and who decided it.

    At a terminal it asks; otherwise give a file with --from.
    """
    session = begin_command(ctx)
    name = session.rulebook.form(form).name if form else None
    told: dict[str, Any] = {"on": session.read_day(on, "--on").isoformat()} if on else {}
    her, _ = session.store.client_to_change(client)
    ended = find_meant_agreement(her, name, number)
    given = Input(told, (), None)
    if source is None and may_ask(session) and not check and "signed" in ended:
        from shelterctl.prompts.terminate import ask_termination  # noqa: PLC0415 - off a terminal nothing is asked

        return ask_termination(session, her.id, ended, told)
    if source is not None or "signed" in ended:
        given = add_options(read_input(source, termination_schema(session.rulebook), session.store.offset), told)
        if has_refusal(given.findings):
            return Outcome(findings=given.findings)
    return terminate_agreement(session, her.id, ended["id"], given, check=check)
