"""Tables that leave the house: which columns of a list may go with the rows of persons, what their cells then hold, and
the type that another program reads.

What points at one person is left out or made coarse unless it is asked for by name with a reason: a day becomes its
month, an age its group, an id one that means something in this export alone.
"""

import hmac
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.manual.field import UNKNOWN_ANSWER
from shelterctl.core.tables.columns import (
    ANSWER_WORDS,
    HOUSE_REGISTER,
    Cell,
    CellReader,
    Column,
    ListRow,
)
from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.immutable import immutable
from shelterctl.language import Text

Mask = Callable[[Column, Cell], Cell]
"""A function that hides codes that are in no register."""

SHARP_KINDS = ("day", "time", "text", "partial")
"""Kinds of columns that may point at one person: days and hours, and numbers of papers."""

OPEN_REGISTERS = (HOUSE_REGISTER, "ngos")
"""Registers whose codes stand for an organisation; those of the others stand for one person."""

COLUMN_TYPES = {
    "id": "string", "code": "string", "party": "string", "text": "string", "entry": "string", "language": "string",
    "country": "string", "quarter": "string", "month": "yearmonth", "day": "date", "time": "datetime",
    "whole": "integer", "som": "number", "yes_no": "boolean",
}  # fmt: skip
"""The types of the Data Package standard, by the kind of a column."""

THREE_ANSWERS = {code: ANSWER_WORDS[code] for code in ("yes", "no", UNKNOWN_ANSWER)}

EXPORT_ID_LENGTH = 8


class ExportIds:
    """The ids of one export: each id of the store has one here, which nobody without the *key* can trace back."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def replace(self, own: str) -> str:
        """Return the id of this export for an id of the store, 8 characters."""
        if own not in self._known:
            drawn = int.from_bytes(hmac.digest(self._key, own.encode(), "sha256")[:5])
            letters = (ID_ALPHABET[drawn >> 5 * place & 31] for place in range(EXPORT_ID_LENGTH))
            self._known[own] = "".join(letters)
        return self._known[own]


@immutable
class ExportedColumn:
    """A column of an exported table: the *name* that never changes, and the *type* of its cells.

    With *several* a cell is a list of such values. *codes* are the words of every code that a cell may hold.
    """

    name: str
    type: str
    column: Column
    read: CellReader
    codes: Mapping[str, Text]

    @property
    def several(self) -> bool:
        """Whether a cell may hold several values."""
        return self.column.several and self.type == "string"

    @property
    def is_id(self) -> bool:
        """Whether its cells are ids, which an export replaces."""
        return self.column.kind in ("id", "entry")


def choose_columns(
    columns: Mapping[str, Column], own: Collection[str], *, exact: bool, sharp: Collection[str] = ()
) -> Iterator[ExportedColumn]:
    """Yield the columns of a table that may leave the house; *own* are the subjects of its rows, whose names the
    columns lose.

    With *exact* days, ages and numbers of papers are among them, and the columns that the rulebook calls *sharp*.
    """
    taken: set[str] = set()
    for name, column in columns.items():
        if not column.read or (not exact and (name in sharp or points_at_person(column))):
            continue
        for one in _typed_columns(export_name(name, own), column, column.read):
            if one.name not in taken:
                taken.add(one.name)
                yield one


def _typed_columns(name: str, column: Column, read: CellReader) -> Iterator[ExportedColumn]:
    """Yield a column whose cells are all of its type.

    Where the answer may be "unknown", yes or no becomes a code of three; a number or a day is empty, and a second
    column says whether it is unknown, so that no sum counts it.
    """
    kind = COLUMN_TYPES[column.kind]
    if kind == "string" or UNKNOWN_ANSWER not in column.beside:
        more = {code: ANSWER_WORDS[code] for code in column.beside if code in ANSWER_WORDS}
        yield ExportedColumn(name, kind, column, read, {**column.codes, **more})
    elif kind == "boolean":
        words = {True: "yes", False: "no", UNKNOWN_ANSWER: UNKNOWN_ANSWER}
        yield ExportedColumn(name, "string", column, lambda row: words.get(read(row)), THREE_ANSWERS)
    else:
        yield ExportedColumn(
            name, kind, column, lambda row: None if (cell := read(row)) == UNKNOWN_ANSWER else cell, {}
        )
        yield ExportedColumn(
            f"{name}_unknown", "boolean", column,
            lambda row: None if (cell := read(row)) is None else cell == UNKNOWN_ANSWER, {},
        )  # fmt: skip


def export_name(name: str, own: Collection[str] = ()) -> str:
    """Return the name of a column in an export: small letters, digits and ``_``."""
    subject, _, rest = name.partition(".")
    return (rest if rest and subject in own else name).replace(".", "_").replace("-", "_")


def points_at_person(column: Column) -> bool:
    """Whether the cells of a column may point at one person, so that they go out for a reason alone."""
    return column.kind in SHARP_KINDS or column.sharp or any(one not in OPEN_REGISTERS for one in column.of)


SHARED_TYPES = (str, date)
"""The types of cells of which equal ones are kept once; a bool and a number may be equal, and are not the same."""


class ExportedTable(NamedTuple):
    """One table of an export: its name, the words for it, its columns, and what makes a row."""

    name: str
    text: Text
    columns: tuple[ExportedColumn, ...]

    def make_row_reader(self, ids: ExportIds, mask: Mask) -> Callable[[ListRow], tuple[Any, ...]]:
        """Return a function that reads the cells of a row, with the ids of this export; *mask* hides codes that no
        register has.
        """
        known: dict[Any, Any] = {}
        readers = [_cell_reader(one, ids, mask, known) for one in self.columns]
        return lambda row: tuple([read(row) for read in readers])


def _cell_reader(one: ExportedColumn, ids: ExportIds, mask: Mask, known: dict[Any, Any]) -> Callable[[ListRow], Any]:
    """Return the reader of one cell: several values are a list, no value is None. Equal texts, days and lists of texts
    are one object, which *known* keeps: thousands of rows say few different things.
    """
    read, column = one.read, one.column
    change: Callable[[Any], Any] | None = None
    if one.is_id:
        change = lambda cell: ids.replace(str(cell))  # noqa: E731 - one of two short functions
    elif column.of:
        change = lambda cell: mask(column, cell)  # noqa: E731

    def read_changed(row: ListRow) -> Any:
        cell = read(row)
        if cell is None or cell == ():
            return None
        if isinstance(cell, tuple):
            listed = [*map(change, cell)] if change else [*cell]
            return known.setdefault(tuple(listed), listed) if all(type(each) is str for each in listed) else listed
        said = change(cell) if change else cell
        return known.setdefault(said, said) if type(said) in SHARED_TYPES and not one.is_id else said

    return read_changed


def keep_common_rows(rows: Sequence[tuple[Any, ...]], least: int) -> list[tuple[Any, ...]]:
    """Return the rows that are alike in all their cells to at least *least* rows, themselves included, in a fixed order
    that says nothing of the order in the store.
    """
    alike = Counter(map(repr, rows))
    return sorted((row for row in rows if alike[repr(row)] >= least), key=repr)
