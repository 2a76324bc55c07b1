"""shelterctl paper: says whether a printed sheet still matches the record."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.paper.sheet_check import check_sheet

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl paper 4XK-792-QA5")
def paper(
    ctx: Ctx, code: Annotated[str, typer.Argument(metavar="CODE", help="The code at the foot of the sheet.")]
) -> Outcome:
    """Say whether a printed sheet still matches the record, and what has changed since."""
    return check_sheet(begin_command(ctx), code)
