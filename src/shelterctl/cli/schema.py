"""shelterctl schema: the published schemas, to validate elsewhere."""

from typing import Annotated

import typer

from shelterctl import contract
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.view.dictionary import HEADS, dictionary

COLUMNS = "columns"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl schema resident --json")
def schema(
    ctx: Ctx,
    name: Annotated[
        str | None, typer.Argument(metavar="[SCHEMA]", help="Which; without it, their names; columns: those of lists.")
    ] = None,
) -> Outcome:
    """Print the JSON Schemas; or what lists may be asked for."""
    here = desk(ctx, lists=name in (None, COLUMNS))
    if name == COLUMNS:
        return Outcome(data={"rows": list(dictionary(here.shelf))}, columns=HEADS)
    shelf = here.shelf
    if name is None:
        rows = [{"name": each, "title": title} for each, title in contract.titles(shelf).items()]
        return Outcome(data={"rows": rows}, columns=("name", "title"))
    return Outcome(data={"schema": contract.named(shelf, name)})
