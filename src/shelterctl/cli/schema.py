"""shelterctl schema: prints the published schemas, with which other programs can validate."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.schemas import published
from shelterctl.view.lists import DICTIONARY_COLUMNS, data_dictionary

COLUMN_DICTIONARY = "columns"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl schema resident --json")
def schema(
    ctx: Ctx,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCHEMA]",
            help="The name of a schema; columns shows the columns of lists; default: list the names.",
        ),
    ] = None,
) -> Outcome:
    """Print a JSON Schema, the names of all of them, or the columns of lists."""
    session = begin_command(ctx, lists=name in (None, COLUMN_DICTIONARY))
    if name == COLUMN_DICTIONARY:
        return Outcome(data={"rows": list(data_dictionary(session.rulebook))}, columns=DICTIONARY_COLUMNS)
    rulebook = session.rulebook
    if name is None:
        rows = [{"name": each, "title": title} for each, title in published.schema_titles(rulebook).items()]
        return Outcome(data={"rows": rows}, columns=("name", "title"))
    return Outcome(data={"schema": published.schema_by_name(rulebook, name)})
