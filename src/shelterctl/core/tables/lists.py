"""The lists that may be asked for columns: which columns each has, and how one is found by what was typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import is_wanted_answer
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.tables.columns import (
    Cell,
    Column,
    columns_by_name,
    count_column,
    entry_columns,
    flatten_fields,
    part_column,
    track_columns,
)
from shelterctl.core.tables.derived_columns import ColumnContext, derived_columns

ColumnLevel = Mapping[str, Column]
"""The columns of one thing that a row is about, by name: derived ones first, then those of fields, whose names have a
dot.
"""


@dataclass(frozen=True, repr=False)
class ListTable:
    """A list by its *name*, with the columns that it shows by itself and those of what its rows are about.

    The first level is what a row itself is about, the others are what that belongs to: an agreement's stay and client.
    """

    name: str
    default_columns: tuple[str, ...]
    levels: tuple[ColumnLevel, ...]

    def find_columns(self, typed: str) -> tuple[Column, ...]:
        """The columns that a name means: more than one, where it does not say which; none where there is none."""
        for level in self.levels:
            if typed in level:
                return (level[typed],)
            ending = [column for name, column in level.items() if name.endswith(f".{typed}")]
            if ending:
                return tuple(column for column in ending if not column.listed) or tuple(ending)
        return ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that means one column: as short as may be, and with its track."""
        whole = [name for level in self.levels for name in level]
        last = [name.rpartition(".")[2] for name in whole]
        return tuple(name for name in dict.fromkeys((*last, *whole)) if len(self.find_columns(name)) == 1)

    def shortest_name(self, column: Column) -> str:
        """The shortest name by which a column is found here."""
        keys = column.name.split(".")
        names = (".".join(keys[first:]) for first in range(len(keys) - 1, -1, -1))
        return next((name for name in names if self.find_columns(name) == (column,)), column.name)


def client_columns(tracks: Mapping[str, Track], context: ColumnContext) -> ColumnLevel:
    """The columns of a client and a stay: every field of theirs, and how many entries each list has.

    The fields of what an act writes are columns of a list of their own; what is sealed is neither shown nor counted.
    """
    hers = [
        track for track in tracks.values() if {*track.home} & HOME_PATHS.keys() and not (track.family or track.seal)
    ]
    columns = columns_by_name(derived_columns("client", context))
    for track in hers:
        if track.many:
            name = track.at.rpartition(".")[2]
            columns.setdefault(name, count_column(track, name))
    return columns | columns_by_name(column for track in hers if not track.act for column in track_columns(track))


def agreement_columns(forms: Mapping[str, Track], context: ColumnContext) -> ColumnLevel:
    """The columns of an agreement: what all forms ask for, and under its own name what one of them asks besides."""
    shared: dict[str, Field] = {}
    for form in forms.values():
        for name, one in form.fields.items():
            there = shared.setdefault(name, one)
            if there.kind != one.kind:  # each is shown under its own form
                shared.pop(name)
    columns = [*derived_columns("agreement", context), *entry_columns("agreement", shared)]
    for form in forms.values():
        columns += entry_columns(form.name, {name: one for name, one in form.fields.items() if name not in shared})
    return columns_by_name(columns)


def line_columns(forms: Mapping[str, Track], context: ColumnContext) -> ColumnLevel:
    """The columns of a line of a form: its number, its amount, and the keys of any line; of one kind each."""
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
    return columns_by_name((*derived_columns("line", context), *found))


def entry_list_columns(track: Track, context: ColumnContext) -> ColumnLevel:
    """The columns of a report, or of money that was spent: its fields, without those whose answers are sentences."""
    return columns_by_name((*derived_columns(track.name, context), *entry_columns(track.name, track.fields)))


def register_columns(register: Track) -> ColumnLevel:
    """The columns of whatever is registered: its code, and the codes and days of it, under names without dots too."""
    means = "The code under which it is registered."
    code = Column(register.name, "id", register.text, lambda row: row.code, means=means)
    fields = columns_by_name(entry_columns(register.name, {**register.clear, **register.fields}))
    lead = f"{register.name}."
    flat = {name.removeprefix(lead).replace(".", "_"): column for name, column in fields.items() if column.read}
    return {register.name: code, **flat, **fields}


def usual_register_columns(register: Track, level: ColumnLevel) -> Iterator[str]:
    """The columns of a register that are shown unasked: all but months, and what is counted in clear day by day."""
    daily = tuple(f"{name}_" for name, one in register.clear.items() if one.kind == "group")
    for name, column in level.items():
        if "." not in name and column.kind != "month" and not name.startswith(daily):
            yield name


def cell_matches(column: Column, value: Cell, wanted: tuple[str, ...]) -> bool:
    """Whether a cell is one of the answers meant, or has it among its own: a day also by its month or its year."""
    numbers = [each for each in wanted if each[:1].isdigit()]
    if column.kind in ("day", "month") and any(str(value).startswith(each) for each in numbers):
        return True
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return (number and any(Decimal(each) == value for each in numbers)) or is_wanted_answer(value, wanted)
