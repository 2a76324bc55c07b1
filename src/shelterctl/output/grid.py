"""Rows as a table that a terminal can hold: of people one line each, of the manual whole texts under themselves."""

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from shelterctl.label import is_when, label, value
from shelterctl.screen import cut

BETWEEN = "  "
NARROWEST = 10
"""A day has so many characters: no column is made narrower."""

NUMBERED = ""
"""The column of the numbers by which rows are chosen has no heading."""

PEOPLE = (NUMBERED, "id", "client", "facility")
"""What heads the rows of a list that is looked through: each is one line, for what is cut stands in the file."""


def table(rows: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """The rows under their headings, line by line, in *room* columns where a terminal has no more."""
    names = list(rows[0])
    whole = {column for column, name in enumerate(names) if any(is_when(name, row[name]) for row in rows)}
    cells = [[label(name, language) for name in names]]
    cells += [["" if row[name] is None else value(name, row[name], language) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if room is None or _wide(widths) <= room:
        return [_line(row, widths) for row in cells]
    if names[0] in PEOPLE:
        return list(_cut(cells, widths, room, whole))
    widths = _narrowed(widths, room)
    return [line for row in cells for line in _under_itself(row, widths)]


def _cut(cells: Sequence[Sequence[str]], widths: Sequence[int], room: int, whole: Collection[int]) -> Iterator[str]:
    """One line a row: columns without anything in them are left out, the widest are cut, the last dropped at need.

    A day or an hour is never cut, and is dropped after all else.
    """
    kept = [column for column in range(len(widths)) if column == 0 or any(row[column] for row in cells[1:])]

    def narrowed() -> list[int]:
        told = {place for place, column in enumerate(kept) if column in whole}
        return _narrowed([widths[column] for column in kept], room, told)

    while len(kept) > 1 and _wide(narrowed()) > room:
        kept.remove(next((column for column in reversed(kept[1:]) if column not in whole), kept[-1]))
    narrow = narrowed()
    for row in cells:
        yield _line([cut(row[column], width) for column, width in zip(kept, narrow, strict=True)], narrow)


def _narrowed(widths: Sequence[int], room: int, whole: Collection[int] = ()) -> list[int]:
    """The widths with the widest made narrower until all fit, or none can be; the first and the *whole* ones stay."""
    narrow = list(widths)
    while _wide(narrow) > room:
        may = (column for column in range(1, len(narrow)) if column not in whole)
        widest = max(may, key=lambda column: narrow[column], default=0)
        if narrow[widest] <= NARROWEST or not widest:
            break
        narrow[widest] -= 1
    return narrow


def _under_itself(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A row whose long cells go on under their own beginning."""
    parts = [
        textwrap.wrap(cell, width, break_on_hyphens=False) if len(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        yield _line(line, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return BETWEEN.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _wide(widths: Sequence[int]) -> int:
    return sum(widths) + len(BETWEEN) * (len(widths) - 1)
