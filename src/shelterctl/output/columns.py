"""Answers in the columns of a terminal: tables of rows, and bars that show how full a house was."""

import sys
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from shelterctl.language import format_sentence
from shelterctl.output.labels import format_value, is_time_like, label_of_key
from shelterctl.terminal.screen import COLUMN_GAP, column_widths, join_cells, text_width, truncate_line
from shelterctl.ui_language import N_

NARROWEST_COLUMN = 10
"""The narrowest width of a column: a day has ten characters."""

NUMBER_COLUMN = ""
"""The column of the numbers by which rows are chosen; it has no heading."""

ONE_LINE_LISTS = (NUMBER_COLUMN, "id", "client", "facility")
"""The first columns of lists that people scan: each row is one line, and cut text can be read in the file."""


def format_table(rows: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """Return the rows as lines under their headings, in at most *room* columns if a terminal sets a limit."""
    names = list(rows[0])
    whole = {column for column, name in enumerate(names) if any(is_time_like(name, row[name]) for row in rows)}
    cells = [[label_of_key(name, language) for name in names]]
    cells += [["" if row[name] is None else format_value(name, row[name], language) for name in names] for row in rows]
    widths = column_widths(cells)
    if room is None or _total_width(widths) <= room:
        return [join_cells(row, widths).rstrip() for row in cells]
    if names[0] in ONE_LINE_LISTS:
        return list(_cut_rows(cells, widths, room, whole))
    widths = _narrow_widths(widths, room)
    return [line for row in cells for line in _wrap_row(row, widths)]


def _cut_rows(
    cells: Sequence[Sequence[str]], widths: Sequence[int], room: int, whole: Collection[int]
) -> Iterator[str]:
    """Yield each row as one line: empty columns are left out, the widest are cut, and the last are dropped if needed.

    A day or an hour is never cut, and is dropped after everything else.
    """
    kept = [column for column in range(len(widths)) if column == 0 or any(row[column] for row in cells[1:])]

    def narrowed() -> list[int]:
        told = {place for place, column in enumerate(kept) if column in whole}
        return _narrow_widths([widths[column] for column in kept], room, told)

    while len(kept) > 1 and _total_width(narrowed()) > room:
        kept.remove(next((column for column in reversed(kept[1:]) if column not in whole), kept[-1]))
    narrow = narrowed()
    for row in cells:
        told = [truncate_line(row[column], width) for column, width in zip(kept, narrow, strict=True)]
        yield join_cells(told, narrow).rstrip()


def _narrow_widths(widths: Sequence[int], room: int, whole: Collection[int] = ()) -> list[int]:
    """Return the widths, the widest made narrower until all fit or none can be; the first and the *whole* ones stay."""
    narrow = list(widths)
    while _total_width(narrow) > room:
        may = (column for column in range(1, len(narrow)) if column not in whole)
        widest = max(may, key=lambda column: narrow[column], default=0)
        if narrow[widest] <= NARROWEST_COLUMN or not widest:
            break
        narrow[widest] -= 1
    return narrow


def _wrap_row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield a row as lines; a long cell continues below its own beginning."""
    parts = [
        textwrap.wrap(cell, width, break_on_hyphens=False) if text_width(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        yield join_cells(line, widths).rstrip()


def _total_width(widths: Sequence[int]) -> int:
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)


HOUSE_AND_PLACES = N_("{facility}, places: {capacity}")
BARS_LEGEND = N_("{every} every night  {some} some nights  {edge} places")

BAR_COLUMN_KEYS = {"nights": "person-nights"}
"""Other headings for columns beside bars: persons added up over nights are not a number of nights."""

UNKNOWN_CELL = "–"
"""The text of a cell for which nothing is recorded."""

PIPED_COLUMNS = 79
LONGEST_BAR, SHORTEST_BAR = 48, 10
"""The longest bar in characters, and the shortest: a column is left out rather than draw a shorter bar."""


class BarSigns(NamedTuple):
    """The characters that bars are drawn with."""

    every: str
    some: str
    edge: str


BLOCK_SIGNS, PLAIN_SIGNS = BarSigns("█", "░", "│"), BarSigns("#", "-", "|")

BAR_COLOURS = {BLOCK_SIGNS.every: "blue", BLOCK_SIGNS.some: "magenta"}
"""The colours of bars at a terminal; without colour they say the same."""


def draw_bars(houses: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """Return each house with its weeks as bars and its months as numbers; a longer time as bars of months or years."""
    signs, room = choose_bar_signs(at_terminal=room is not None), room or PIPED_COLUMNS
    lines = []
    for house in houses:
        facts = {"facility": house["facility"], "capacity": house["capacity"]}
        lines += ["", format_sentence(HOUSE_AND_PLACES, facts, language), *_draw_house(house, language, room, signs)]
        lines += ["", *_number_columns(house["months"], language, room)] if house["weeks"] else []
    return [*(line.rstrip() for line in lines), "", format_sentence(BARS_LEGEND, signs._asdict(), language)]


def choose_bar_signs(*, at_terminal: bool) -> BarSigns:
    """Return block characters for a terminal that can show them; a file or pipe gets plain ones."""
    return BLOCK_SIGNS if at_terminal and can_be_shown("".join(BLOCK_SIGNS)) else PLAIN_SIGNS


def can_be_shown(signs: str) -> bool:
    """Whether the encoding of standard output has these characters."""
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _draw_house(house: Mapping[str, Any], language: str, room: int, signs: BarSigns) -> Iterator[str]:
    """Yield the rows of one house with a bar after each; all bars of a house have one scale, from zero."""
    rows = house["weeks"] or house["years"] or house["months"]
    head, *lines = _number_columns(rows, language, room - len(COLUMN_GAP) - SHORTEST_BAR)
    top = max(house["capacity"], *(row["most"] or 0 for row in rows))
    scale = _BarScale(top, min(LONGEST_BAR, room - len(head) - len(COLUMN_GAP)))
    yield head
    for line, row in zip(lines, rows, strict=True):
        yield line + COLUMN_GAP + scale.draw(row, house["capacity"], signs)


class _BarScale(NamedTuple):
    """The scale of a house's bars: how many persons fill a line of how many characters, plus the line of its places."""

    top: int
    width: int

    def column_of(self, persons: int) -> int:
        """Return the column where a number of persons ends; each gets whole characters if there is room."""
        cells = self.width - 1
        return persons * (cells // self.top) if cells >= self.top else -(-persons * cells // self.top)

    def draw(self, row: Mapping[str, Any], capacity: int, signs: BarSigns) -> str:
        """Return one bar with the line that marks the places, also where the bar is longer."""
        least, most = self.column_of(row["least"] or 0), self.column_of(row["most"] or 0)
        drawn = (signs.every * least + signs.some * (most - least)).ljust(self.width)
        edge = self.column_of(capacity)
        return drawn[:edge] + signs.edge + drawn[edge:]


def _number_columns(rows: Sequence[Mapping[str, Any]], language: str, room: int) -> list[str]:
    """Return rows of numbers under headings, all equally long; columns beyond *room* are left out from the right."""
    cells = [[label_of_key(BAR_COLUMN_KEYS.get(name, name), language) for name in rows[0]]]
    cells += [
        [UNKNOWN_CELL if cell is None else format_value(name, cell, language) for name, cell in row.items()]
        for row in rows
    ]
    widths = column_widths(cells)
    while len(widths) > 1 and _total_width(widths) > room:
        widths.pop()
    return [join_cells(row[: len(widths)], widths, range(1, len(widths))) for row in cells]
