"""The data dictionary: every column that a list may be asked for, with what it is called, its codes and its clause."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shelterctl.library import Shelf
from shelterctl.view.table import LISTS, table_of

HEADS = ("table", "name", "kind", "several", "label", "codes", "clause", "definition", "column")


def dictionary(shelf: Shelf) -> Iterator[dict[str, Any]]:
    """A row for each column of what the rows of a list are about; by what those belong to, the same stands elsewhere.

    *name* is the shortest that means it, *column* the one with its track; both may be asked for.
    """
    for name in LISTS:
        table = table_of(shelf, name, lambda: date.min)
        level = table.levels[0]
        seen = {id(column): column for each in level for column in each.values() if column.read}
        for column in seen.values():
            yield {
                "table": name,
                "name": table.shortest(column),
                "kind": column.kind,
                "several": column.several,
                "label": column.text.get("en"),
                "codes": list(column.answers),
                "clause": column.clause,
                "definition": column.means or None,
                "column": column.name,
            }
