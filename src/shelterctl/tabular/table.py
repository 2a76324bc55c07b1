"""A table of plain values with typed columns, as every writer gets it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.language import Text


class TableColumn(NamedTuple):
    """A column: its *name*, its *type*, and its meaning.

    The types are string, integer, number (Decimal), boolean, date, and as text datetime (a local time
    ``YYYY-MM-DDTHH:MM``) and yearmonth (``YYYY-MM``). *several* says that a cell is a list of such values. *codes* are
    the words of its codes; with *open* it may hold others too.
    """

    name: str
    type: str
    text: Text
    several: bool = False
    codes: Mapping[str, Text] = {}
    clause: str | None = None
    definition: str = ""
    required: bool = False
    source: str = ""
    open: bool = False


class Table(NamedTuple):
    """A table: its name, the words for it, its columns, and its rows in order."""

    name: str
    text: Text
    columns: Sequence[TableColumn]
    rows: Sequence[tuple[Any, ...]]

    def with_labels(self, language: str) -> "Table":
        """Return the table with the words of its codes in place of the codes."""
        maps = [{code: words_in(text, language) for code, text in one.codes.items()} for one in self.columns]

        def word(cell: Any, words: Mapping[str, str]) -> Any:
            return [words.get(each, each) for each in cell] if isinstance(cell, list) else words.get(cell, cell)

        rows = [
            tuple(
                word(cell, words) if words and cell is not None else cell for cell, words in zip(row, maps, strict=True)
            )
            for row in self.rows
        ]
        columns = [
            one._replace(codes={words[code]: text for code, text in one.codes.items()})
            for one, words in zip(self.columns, maps, strict=True)
        ]
        return self._replace(columns=columns, rows=rows)


def words_in(text: Text, language: str) -> str:
    """Return a text in a language, in English where that has none."""
    return text.get(language) or text["en"]
