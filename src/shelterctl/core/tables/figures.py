"""The figures of a report: each is counted from rows of a list, and knows the entries from which it was counted.

A figure is counted by the columns that lists use, so that a report, a list and an export say one number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shelterctl.core.manual.report import (
    CHILDREN_NIGHTS,
    CLIENT_SUBJECT,
    STANDING_ANY,
    STANDING_FIRST,
    ReportRow,
)
from shelterctl.core.record.client import Stay
from shelterctl.core.tables.columns import Cell, Column, ListRow
from shelterctl.core.tables.lists import ListTable, cell_matches
from shelterctl.core.values.days import Span, add_days, days_between, local_day
from shelterctl.immutable import immutable

Number = int | Decimal

NO_ANSWER = ""
"""The answer under which entries are counted that have none."""


class CountedEntry(NamedTuple):
    """One entry that a figure counts: whose it is (an id, or the code of a house), its own id, and its part of the
    number.
    """

    of: str
    entry: str | None
    number: Number


@immutable
class FigureCell:
    """The part of a figure with one *answer* in the column *by*; a public copy hides the *number* of some."""

    by: str
    answer: str
    number: Number | None
    entries: tuple[CountedEntry, ...] = ()


@immutable
class Figure:
    """One row of a report with its number, or with its listed entries or typed words.

    *unit* is ``whole``, ``som`` or ``decimal``. The cells of one column add up to the number, unless the column is
    among the *overlapping* ones, where an entry can have several answers.
    """

    row: ReportRow
    number: Number | None = None
    unit: str = "whole"
    cells: tuple[FigureCell, ...] = ()
    overlapping: tuple[str, ...] = ()
    entries: tuple[CountedEntry, ...] = ()
    listed: tuple[Mapping[str, Cell], ...] = ()
    words: str | None = None

    def cells_of(self, by: str) -> tuple[FigureCell, ...]:
        """Return the cells of one column."""
        return tuple(cell for cell in self.cells if cell.by == by)


@immutable
class RowColumns:
    """The columns that a row of a report names, found in the list of its subject."""

    dated: Column | None = None
    where: tuple[tuple[Column, tuple[str, ...]], ...] = ()
    by: Mapping[str, Column] = field(default_factory=dict)
    adds: Column | None = None
    listed: Mapping[str, Column] = field(default_factory=dict)


def find_row_columns(row: ReportRow, table: ListTable) -> RowColumns:
    """Return the columns that a row names. Raises KeyError with the name of one that no list shows, or is ambiguous."""

    def find(name: str) -> Column:
        return find_report_column(table, name)

    return RowColumns(
        find(row.dated) if row.dated else None,
        tuple((find(name), answers) for name, answers in row.where.items()),
        {name: find(name) for name in row.by},
        find(row.added_column) if row.added_column else None,
        {name: find(name) for name in row.columns},
    )


def find_report_column(table: ListTable, name: str) -> Column:
    """Return the column of that name that a list shows. Raises KeyError if there is none, or more than one."""
    shown = [column for column in table.find_columns(name) if column.read]
    if len(shown) != 1:
        raise KeyError(name)
    return shown[0]


class FigureCount:
    """A figure while it is counted, from rows of one house: only what it says is kept of each row.

    *during* ends on the last day that has come: later nights have not been slept.
    """

    def __init__(self, row: ReportRow, columns: RowColumns, during: Span) -> None:
        self.row, self.columns, self.during = row, columns, during
        self._entries: list[CountedEntry] = []
        self._cells: dict[str, dict[str, list[CountedEntry]]] = {
            name: {answer: [] for answer in column.answers if answer not in column.beside}
            for name, column in columns.by.items()
        }
        self._listed: list[tuple[str, CountedEntry, Mapping[str, Cell]]] = []

    def add(self, rows: Iterable[ListRow]) -> None:
        """Count rows: all rows of a client come together, since a report counts each client once."""
        fitting = [one for one in rows if _fits(self.row, self.columns, one, self.during)]
        if self.row.subject == CLIENT_SUBJECT:
            fitting = [*{one.client.id: one for one in fitting}.values()]
        for one in fitting:
            if self.row.listed:
                day = str(_as_day(_read(self.columns.dated, one)) if self.columns.dated else "")
                listed = {name: _read(column, one) for name, column in self.columns.listed.items()}
                self._listed.append((day, _counted(one, 1), listed))
            elif (number := _number_of(self.row, self.columns, one, self.during)) is not None:
                self._add_entry(one, _counted(one, number))

    def _add_entry(self, one: ListRow, counted: CountedEntry) -> None:
        self._entries.append(counted)
        for name, column in self.columns.by.items():
            for answer in answers_of(_read(column, one)):
                self._cells[name].setdefault(answer, []).append(counted)

    def make_figure(self) -> Figure:
        """Return the figure of all rows that were counted."""
        if self.row.listed:
            lines = sorted(self._listed, key=lambda line: line[0])
            entries = tuple(counted for _, counted, _ in lines)
            return Figure(self.row, len(lines), entries=entries, listed=tuple(cells for *_, cells in lines))
        adds, by = self.columns.adds, self.columns.by
        unit = "som" if adds is not None and adds.kind == "som" else "whole"
        zero: Number = Decimal(0) if unit == "som" else 0
        cells = tuple(
            FigureCell(name, answer, sum((one.number for one in found[answer]), zero), tuple(found[answer]))
            for name, found in self._cells.items()
            for answer in sorted(found, key=lambda each: each == NO_ANSWER)
        )
        overlapping = tuple(name for name, column in by.items() if column.overlaps)
        number = sum((one.number for one in self._entries), zero)
        return Figure(self.row, number, unit, cells, overlapping, tuple(self._entries))


def count_figure(row: ReportRow, columns: RowColumns, rows: Iterable[ListRow], during: Span) -> Figure:
    """Return the figure of a row that counts, sums or lists entries, from all rows of its subject in one house."""
    count = FigureCount(row, columns, during)
    count.add(rows)
    return count.make_figure()


def _fits(row: ReportRow, columns: RowColumns, one: ListRow, during: Span) -> bool:
    """Whether an entry belongs to the period and has the answers that the row wants."""
    if columns.dated is not None:
        day = _as_day(_read(columns.dated, one))
        if day is None or not during.first <= day <= during.last:
            return False
    if row.standing is not None and not _stands(row.standing, one.stay, during):
        return False
    return all(cell_matches(column, _read(column, one), wanted) for column, wanted in columns.where)


ALL_DAYS = Span(date.min, date.max)
"""The days of what counts whenever a report is made."""


def find_counted_days(row: ReportRow, columns: RowColumns, one: ListRow) -> Span | None:
    """Return the days outside which an entry adds nothing to a row of a report; None if it never adds anything.

    They may be more than those on which it counts: the answers that the row wants are not looked at.
    """
    if columns.dated is not None:
        day = _as_day(_read(columns.dated, one))
        return None if day is None else Span(day, day)
    return ALL_DAYS if row.standing is None and row.nights is None else find_slept_days(one.stay)


def find_slept_days(stay: Stay | None) -> Span | None:
    """Return the days from which and until which somebody slept in the house; None if that never was."""
    return Span(stay.arrived_on, stay.left_on or date.max) if stay and stay.arrived_on else None


def _stands(standing: str, stay: Stay | None, during: Span) -> bool:
    """Whether somebody slept in the house in the first, the last, or any night of the period."""
    if stay is None:
        return False
    if standing == STANDING_ANY:
        return nights_in(stay, during) > 0
    return stay.sleeps_here(during.first if standing == STANDING_FIRST else during.last)


def nights_in(stay: Stay, during: Span) -> int:
    """Return how many nights of a period she slept in the house: from her arrival to the day before she left."""
    if stay.arrived_on is None:
        return 0
    end = add_days(during.last, 1)
    return max(days_between(max(stay.arrived_on, during.first), min(stay.left_on or end, end)), 0)


def _number_of(row: ReportRow, columns: RowColumns, one: ListRow, during: Span) -> Number | None:
    """Return what an entry adds to a figure; None where it has no number."""
    if row.nights is not None:
        nights = nights_in(one.stay, during) if one.stay else 0
        return (nights * len(one.client.children) if row.nights == CHILDREN_NIGHTS else nights) or None
    if columns.adds is None:
        return 1
    value = _read(columns.adds, one)
    return value if isinstance(value, int | Decimal) else None


def _read(column: Column, one: ListRow) -> Cell:
    return column.read(one) if column.read else None


def _as_day(value: Cell) -> date | None:
    return value if isinstance(value, date) else local_day(value)


def _counted(one: ListRow, number: Number) -> CountedEntry:
    owner = one.code or one.client.id
    of_stay = not one.entry and one.stay is not None
    return CountedEntry(owner, one.stay.id if of_stay and one.stay else one.entry.get("id"), number)


def answers_of(value: Cell) -> tuple[str, ...]:
    """Return the answers of a cell as text: several codes are several answers, an empty cell is `NO_ANSWER`."""
    if isinstance(value, tuple):
        return tuple(answer for each in value for answer in answers_of(each)) or (NO_ANSWER,)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return (NO_ANSWER,) if value is None else (str(value),)
