"""What may be asked of every list: its columns, which rows, and only how many."""

from typing import Annotated

import typer

from shelterctl.language import N_
from shelterctl.view.wish import Wish

__all__ = ["NO_ROW", "Columns", "Count", "Where", "Wish"]

NO_ROW = N_("No row is as it was asked for.")

Columns = Annotated[
    str | None,
    typer.Option(
        metavar="FIELD,…",
        help="These columns: any coded, dated or counted field of the shelf, as schema columns tells them.",
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=CODE",
        help="Only rows with this code, day, month, year, number, yes or no; may be repeated.",
    ),
]
Count = Annotated[
    bool, typer.Option("--count", help="How many rows there are of each kind by these columns; amounts are added up.")
]
