"""shelterctl terminate: that a signed agreement ended, and who decided it."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from shelterctl import contract
from shelterctl.act import termination
from shelterctl.act.input import Input, must_agree, read_input
from shelterctl.cli.options import Check, Ctx, From, Number, On, desk
from shelterctl.core.finding import Outcome, refused
from shelterctl.desk import walked

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl terminate 7QF2-M9KD --number S-NGO-12 --from decision.yaml")
def terminate(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    number: Number = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="pink or blue; default: either.")] = None,
    on: On = None,
    source: From = None,
    check: Check = False,
) -> Outcome:
    """Record that a signed agreement was terminated, and who decided it."""
    here = desk(ctx)
    name = here.shelf.form(form).name if form else None
    told: dict[str, Any] = {"on": here.dated(on, "--on").isoformat()} if on else {}
    her, _ = here.store.to_change(client)
    ended = termination.meant(her, name, number)
    given = Input(told, (), None)
    if source is None and walked(here) and not check and "signed" in ended:
        from shelterctl.walk import termination as asking  # noqa: PLC0415 - off a terminal nothing is asked

        answered = asking.told(here, her.id, ended, told)
        if isinstance(answered, Outcome):
            return answered
        given = Input(answered, (), None)
    elif source is not None or "signed" in ended:
        given = read_input(source, contract.termination(here.shelf), here.store.offset)
        if refused(given.findings):
            return Outcome(findings=given.findings)
        must_agree(told, given.value)
        given = replace(given, value={**told, **given.value})
    return termination.terminate(here, her.id, ended["id"], given, check=check)
