"""The kinds of the cells in the rows of lists, for the schema of their pages: by every name that a column may be typed
with, as the rulebook's columns have it.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.derived_columns import PURPOSE_OF_ROWS
from shelterctl.core.tables.lists import LISTS, ColumnLevel, make_entry_table, make_track_table
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook

COMMANDS_OF_LISTS = ("list", "agreements", "monitor reports")
"""The commands whose rows have the columns that are asked for."""

KIND_OF_CELL: Mapping[str, str] = {
    "text": "text", "code": "code", "party": "code", "id": "any_id", "yes_no": "yes_no_or_unknown",
    "whole": "whole_or_unknown", "som": "balance", "day": "day_or_unknown", "time": "minute_or_unknown",
    "month": "month_or_unknown", "quarter": "quarter",
}  # fmt: skip
"""The kind of answer in a cell, by the kind of its column."""


def list_row_keys(rulebook: Rulebook, command: str) -> Mapping[str, tuple[str, ...]]:
    """Return the kinds of the cells under each name that the rows of a command may have, several kinds where several of
    its lists have that name. An empty cell has the kind ``null``.
    """
    found: dict[str, dict[str, None]] = {"count": {"whole": None}}
    for level in _levels_of_command(rulebook, command):
        for name, column in level.items():
            for key in _names_of_column(name) if column.read else ():
                found.setdefault(key, {}).update(dict.fromkeys(_kinds_of_cell(column)))
    return {name: tuple(kinds) for name, kinds in found.items()}


def _levels_of_command(rulebook: Rulebook, command: str) -> Iterator[ColumnLevel]:
    """Yield the columns of every list of a command, by the subject of its rows and what these belong to."""
    build = make_level_builder(rulebook, lambda: date.min)
    lists = [one for name, one in LISTS.items() if name.partition(" --")[0] == command]
    purposes = ((about, PURPOSE_OF_ROWS.get(about)) for about in dict.fromkeys(a for one in lists for a in one.about))
    yield from (build(about) for about, purpose in purposes if not purpose or rulebook.tracks.serving(purpose))
    for track in rulebook.tracks.values() if command == "list" else ():
        if track.of_register:
            yield make_track_table(track).levels[0]
        elif track.many and not (track.seal or track.family or track.act or track.is_coded):
            yield make_entry_table(track, build).levels[0]


def _names_of_column(name: str) -> Iterator[str]:
    """Yield the name of a column and every end of it that may be typed: ``a.b.c``, ``b.c``, ``c``."""
    steps = name.split(".")
    yield from (".".join(steps[first:]) for first in range(len(steps)))


def _kinds_of_cell(column: Column) -> Iterator[str]:
    kind = KIND_OF_CELL[column.kind]
    if column.several:
        yield "codes" if kind == "code" else "answers"
    else:
        yield kind
    if column.nothing is not None:
        yield "null"
