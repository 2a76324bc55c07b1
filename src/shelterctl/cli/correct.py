"""shelterctl correct: that the day of a signature was written down wrongly, and which one it is."""

from typing import Annotated

import typer

from shelterctl.act import correction, termination
from shelterctl.cli.options import LACKING, Check, Ctx, Number, desk
from shelterctl.core.finding import Outcome
from shelterctl.desk import walked
from shelterctl.errors import Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl correct 7QF2-M9KD --number S-NGO-12 --on 2026-11-26")
def correct(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    number: Number = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="pink or blue; default: either.")] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The right day, as 2026-11-25 or 25.11.2026; at a terminal it is asked."),
    ] = None,
    check: Check = False,
) -> Outcome:
    """Put right the day on which an agreement was signed; the day that was written down first stays beside it."""
    here = desk(ctx)
    her, _ = here.store.to_change(client)
    meant = termination.meant(her, here.shelf.form(form).name if form else None, number)
    if on:
        return correction.correct(here, her.id, meant["id"], here.dated(on, "--on"), check=check)
    if not walked(here) or check or "signed" not in meant:
        raise Usage("usage/missing", LACKING, option="--on", see=ctx.command_path)
    from shelterctl.walk import correction as asking  # noqa: PLC0415 - off a terminal nothing is asked

    return asking.walk(here, her.id, meant)
