"""The lists that may be asked for columns: which columns each has, and how one is found by what was typed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import is_wanted_answer
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.record.sameness import entry_changes
from shelterctl.core.tables.columns import (
    Column,
    ListRow,
    count_column,
    entry_columns,
    flatten_fields,
    month_column,
    part_column,
    track_columns,
)
from shelterctl.core.tables.derived_columns import (
    AGREEMENT_COLUMNS,
    CLIENT_COLUMNS,
    LINE_COLUMNS,
    OUTLAY_COLUMNS,
    REPORT_COLUMNS,
    ColumnContext,
    DerivedColumn,
    derived_column,
)
from shelterctl.core.values.days import local_day
from shelterctl.ui_language import N_


class ColumnLevel(NamedTuple):
    """Columns of one thing that a row is about: those with a name of their own, and those of fields, dotted."""

    derived: Mapping[str, Column]
    fields: Mapping[str, Column]


ColumnLevels = tuple[ColumnLevel, ...]


@dataclass(frozen=True, repr=False)
class ListTable:
    """A list by its *name*: what is said where nothing is asked for, and the columns of what its rows are about.

    What a row itself is about comes first, and what that belongs to behind it, an agreement's stay and client.
    """

    name: str
    default_columns: tuple[str, ...]
    levels: ColumnLevels

    def find_columns(self, typed: str) -> tuple[Column, ...]:
        """The columns that a name means: more than one, where it does not say which; none where there is none."""
        for level in self.levels:
            exact = level.derived.get(typed) or level.fields.get(typed)
            if exact:
                return (exact,)
            ending = [column for name, column in level.fields.items() if name.endswith(f".{typed}")]
            if ending:
                return tuple(column for column in ending if not column.listed) or tuple(ending)
        return ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that means one column: as short as may be, and with its track."""
        whole = [name for level in self.levels for name in (*level.derived, *level.fields)]
        last = [name.rpartition(".")[2] for name in whole]
        return tuple(name for name in dict.fromkeys((*last, *whole)) if len(self.find_columns(name)) == 1)

    def shortest_name(self, column: Column) -> str:
        """The shortest name by which a column is found here."""
        keys = column.name.split(".")
        names = (".".join(keys[first:]) for first in range(len(keys) - 1, -1, -1))
        return next((name for name in names if self.find_columns(name) == (column,)), column.name)


def client_columns(tracks: Mapping[str, Track], sight: ColumnContext) -> ColumnLevel:
    """What is said of a client and a stay: every field of theirs, and how many entries each list has.

    What an act writes has a list of its own, and says there what it says; of what is sealed nothing is told or counted.
    """
    hers = [
        track for track in tracks.values() if {*track.home} & HOME_PATHS.keys() and not (track.family or track.seal)
    ]
    derived = dict(_derived_by_name(CLIENT_COLUMNS, sight))
    for track in hers:
        if track.many:
            name = track.at.rpartition(".")[2]
            derived.setdefault(name, count_column(track, name))
    fields = (column for track in hers if not track.act for column in track_columns(track))
    return ColumnLevel(derived, _columns_by_name(fields))


def agreement_columns(forms: Mapping[str, Track], sight: ColumnContext) -> ColumnLevel:
    """What is said of an agreement: what all forms ask for, and what one of them asks besides."""
    shared: dict[str, Field] = {}
    for form in forms.values():
        for name, one in form.fields.items():
            there = shared.setdefault(name, one)
            if there.kind != one.kind:  # each is told under its own form
                shared.pop(name)
    columns = list(entry_columns("agreement", shared))
    for form in forms.values():
        columns += entry_columns(form.name, {name: one for name, one in form.fields.items() if name not in shared})
    return ColumnLevel(dict(_derived_by_name(AGREEMENT_COLUMNS, sight)), _columns_by_name(columns))


def line_columns(forms: Mapping[str, Track], sight: ColumnContext) -> ColumnLevel:
    """What is said of a line of a form: its number, its amount, and the keys of any line; of one kind each."""
    owners: dict[tuple[str, str], dict[tuple[str, str], Field]] = {}
    for form in forms.values():
        for number, part in form.parts.items():
            for name, one in flatten_fields(part.fields):
                owners.setdefault((name, one.kind), {})[form.name, number] = one
    kinds = [name for name, _ in owners]
    found = (
        part_column(f"line.{name}" if kinds.count(name) == 1 else f"line.{kind}.{name}", name, each)
        for (name, kind), each in owners.items()
    )
    return ColumnLevel(dict(_derived_by_name(LINE_COLUMNS, sight)), _columns_by_name(found))


def report_columns(report: Track, sight: ColumnContext) -> ColumnLevel:
    """What is said of a report: every answer that is no sentence."""
    fields = _columns_by_name(entry_columns(report.name, report.fields))
    return ColumnLevel(dict(_derived_by_name(REPORT_COLUMNS, sight)), fields)


def outlay_columns(outlay: Track, sight: ColumnContext) -> ColumnLevel:
    """What is said of money that was spent for her: its fields, and what pays for it."""
    fields = _columns_by_name(entry_columns(outlay.name, outlay.fields))
    return ColumnLevel(dict(_derived_by_name(OUTLAY_COLUMNS, sight)), fields)


def register_columns(register: Track) -> ColumnLevel:
    """What is said of whatever is registered: its code, and the codes and days of it, under names without dots too."""
    means = "The code under which it is registered."
    code = Column(register.name, "id", register.text, lambda row: row.code, means=means)
    fields = _columns_by_name(entry_columns(register.name, {**register.clear, **register.fields}))
    lead = f"{register.name}."
    flat = {name.removeprefix(lead).replace(".", "_"): column for name, column in fields.items() if column.read}
    return ColumnLevel({register.name: code, **flat}, fields)


def usual_register_columns(register: Track, level: ColumnLevel) -> Iterator[str]:
    """The columns of a register that are told unasked: all but months, and what is counted in clear day by day."""
    daily = tuple(f"{name}_" for name, one in register.clear.items() if one.kind == "group")
    for name, column in level.derived.items():
        if "." not in name and column.kind != "month" and not name.startswith(daily):
            yield name


@derived_column(CLIENT_COLUMNS, "changed_at", "day", nothing=N_("never changed"))
@derived_column(AGREEMENT_COLUMNS, "changed_at", "day", nothing=N_("never changed"))
@derived_column(REPORT_COLUMNS, "changed_at", "day", nothing=N_("never changed"))
@derived_column(OUTLAY_COLUMNS, "changed_at", "day", nothing=N_("never changed"))
def last_change_day(row: ListRow, _: ColumnContext) -> Any:
    """The day on which something written down here was last changed; of a stay, in the stay itself."""
    entry = row.entry or (row.stay.facts if row.stay else row.client.facts)
    made = entry_changes(entry)
    return local_day(made[-1]["at"]) if made else None


def _derived_by_name(derived: Mapping[str, DerivedColumn], sight: ColumnContext) -> Iterator[tuple[str, Column]]:
    for name, one in derived.items():
        yield name, (column := one.build_column(sight))
        if month := month_column(column):
            yield month.name, month


def _columns_by_name(columns: Iterable[Column]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        found[column.name] = column
        if month := month_column(column):
            found.setdefault(month.name, month)
    return found


def cell_matches(column: Column, value: Any, wanted: tuple[str, ...]) -> bool:
    """Whether a cell is one of the answers meant, or has it among its own: a day also by its month or its year."""
    numbers = [each for each in wanted if each[:1].isdigit()]
    if column.kind in ("day", "month") and any(str(value).startswith(each) for each in numbers):
        return True
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return (number and value in map(Decimal, numbers)) or is_wanted_answer(value, wanted)
