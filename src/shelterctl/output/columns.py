"""Text in the columns of a terminal: a text folded or cut to a width, a table of rows, and bars that show how full a
house was.
"""

import sys
import textwrap
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from shelterctl.language import format_sentence
from shelterctl.output.labels import format_value, is_time_like, label_of_key
from shelterctl.terminal.screen import truncate_line
from shelterctl.ui_language import N_

TERMINAL_COLUMNS = 79
"""So many columns a terminal of 80 holds without breaking a line."""

FOLDED_ROWS = 2
"""A text is folded into so many lines at most, unless more are asked for."""

ELLIPSIS_MARGIN = 2
"""An older terminal writes … as three dots."""


def fold_to_columns(text: str, room: int, rows: int = FOLDED_ROWS, under: str = "  ") -> list[str]:
    """The text on so many *rows* at most, broken at its blanks; the last row is cut, later ones begin with *under*."""
    text, told = _printable(text), list[str]()
    while text_width(text) > room and len(told) < rows - 1:
        whole = _beginning_in_columns(text, room)
        end = text.rfind(" ", len(under) + 1, len(whole) + 1)
        end = end if end > 0 else len(whole)
        told.append(text[:end].rstrip())
        text = under + text[end:].lstrip()
    return [*told, cut_to_columns(text, room)]


def cut_to_columns(text: str, room: int = TERMINAL_COLUMNS) -> str:
    """The text in so many columns at most; one that is longer ends with …, and nothing in it is obeyed."""
    text = _printable(text)
    if text_width(text) <= room:
        return text
    return _beginning_in_columns(text, room - 1 - ELLIPSIS_MARGIN).rstrip() + "…"


def _printable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)


def _beginning_in_columns(text: str, room: int) -> str:
    """The beginning of the text that so many columns hold."""
    for place, letter in enumerate(text):
        room -= text_width(letter)
        if room < 0:
            return text[:place]
    return text


def text_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


COLUMN_GAP = "  "
NARROWEST_COLUMN = 10
"""A day has so many characters: no column is made narrower."""

NUMBER_COLUMN = ""
"""The column of the numbers by which rows are chosen has no heading."""

ONE_LINE_LISTS = (NUMBER_COLUMN, "id", "client", "facility")
"""What heads the rows of a list that is looked through: each is one line, for what is cut stands in the file."""


def format_table(rows: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """The rows under their headings, line by line, in *room* columns where a terminal has no more."""
    names = list(rows[0])
    whole = {column for column, name in enumerate(names) if any(is_time_like(name, row[name]) for row in rows)}
    cells = [[label_of_key(name, language) for name in names]]
    cells += [["" if row[name] is None else format_value(name, row[name], language) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if room is None or _total_width(widths) <= room:
        return [_join_cells(row, widths) for row in cells]
    if names[0] in ONE_LINE_LISTS:
        return list(_cut_rows(cells, widths, room, whole))
    widths = _narrow_widths(widths, room)
    return [line for row in cells for line in _wrap_row(row, widths)]


def _cut_rows(
    cells: Sequence[Sequence[str]], widths: Sequence[int], room: int, whole: Collection[int]
) -> Iterator[str]:
    """One line a row: columns without anything in them are left out, the widest are cut, the last dropped at need.

    A day or an hour is never cut, and is dropped after all else.
    """
    kept = [column for column in range(len(widths)) if column == 0 or any(row[column] for row in cells[1:])]

    def narrowed() -> list[int]:
        told = {place for place, column in enumerate(kept) if column in whole}
        return _narrow_widths([widths[column] for column in kept], room, told)

    while len(kept) > 1 and _total_width(narrowed()) > room:
        kept.remove(next((column for column in reversed(kept[1:]) if column not in whole), kept[-1]))
    narrow = narrowed()
    for row in cells:
        yield _join_cells(
            [truncate_line(row[column], width) for column, width in zip(kept, narrow, strict=True)], narrow
        )


def _narrow_widths(widths: Sequence[int], room: int, whole: Collection[int] = ()) -> list[int]:
    """The widths with the widest made narrower until all fit, or none can be; the first and the *whole* ones stay."""
    narrow = list(widths)
    while _total_width(narrow) > room:
        may = (column for column in range(1, len(narrow)) if column not in whole)
        widest = max(may, key=lambda column: narrow[column], default=0)
        if narrow[widest] <= NARROWEST_COLUMN or not widest:
            break
        narrow[widest] -= 1
    return narrow


def _wrap_row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A row whose long cells go on under their own beginning."""
    parts = [
        textwrap.wrap(cell, width, break_on_hyphens=False) if len(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        yield _join_cells(line, widths)


def _join_cells(cells: Sequence[str], widths: Sequence[int]) -> str:
    return COLUMN_GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _total_width(widths: Sequence[int]) -> int:
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)


HOUSE_AND_PLACES = N_("{facility}, places: {capacity}")
BARS_LEGEND = N_("{every} every night  {some} some nights  {edge} places")

BAR_COLUMN_KEYS = {"nights": "person-nights"}
"""What adds persons up night by night is no number of nights."""

UNKNOWN_CELL = "–"
"""What stands where nothing is written down."""

PIPED_COLUMNS = 79
LONGEST_BAR, SHORTEST_BAR = 48, 10
"""How long a bar is at most, and below what a column is left out for it."""


class BarSigns(NamedTuple):
    """What bars are drawn with."""

    every: str
    some: str
    edge: str


BLOCK_SIGNS, PLAIN_SIGNS = BarSigns("█", "░", "│"), BarSigns("#", "-", "|")

BAR_COLOURS = {BLOCK_SIGNS.every: "blue", BLOCK_SIGNS.some: "magenta"}
"""How bars are coloured at a terminal; they say the same without colour."""


def draw_bars(houses: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """House by house its weeks as bars and its months as numbers; months or years as bars where it is longer."""
    signs, room = choose_bar_signs(at_terminal=room is not None), room or PIPED_COLUMNS
    lines = []
    for house in houses:
        facts = {"facility": house["facility"], "capacity": house["capacity"]}
        lines += ["", format_sentence(HOUSE_AND_PLACES, facts, language), *_draw_house(house, language, room, signs)]
        lines += ["", *_number_columns(house["months"], language, room)] if house["weeks"] else []
    return [*(line.rstrip() for line in lines), "", format_sentence(BARS_LEGEND, signs._asdict(), language)]


def choose_bar_signs(*, at_terminal: bool) -> BarSigns:
    """Blocks where a terminal can write them; a file or pipe gets what every computer can show."""
    try:
        "".join(BLOCK_SIGNS).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN_SIGNS
    return BLOCK_SIGNS if at_terminal else PLAIN_SIGNS


def _draw_house(house: Mapping[str, Any], language: str, room: int, signs: BarSigns) -> Iterator[str]:
    """The rows of one house with a bar behind each; all bars of a house are drawn to one scale, from zero."""
    rows = house["weeks"] or house["years"] or house["months"]
    head, *lines = _number_columns(rows, language, room - len(COLUMN_GAP) - SHORTEST_BAR)
    top = max(house["capacity"], *(row["most"] or 0 for row in rows))
    scale = _BarScale(top, min(LONGEST_BAR, room - len(head) - len(COLUMN_GAP)))
    yield head
    for line, row in zip(lines, rows, strict=True):
        yield line + COLUMN_GAP + scale.draw(row, house["capacity"], signs)


class _BarScale(NamedTuple):
    """How many persons fill a line of how many characters; one more for the line that places end at."""

    top: int
    width: int

    def column_of(self, persons: int) -> int:
        """Where a number of persons ends: whole characters a person where there is room for that."""
        cells = self.width - 1
        return persons * (cells // self.top) if cells >= self.top else -(-persons * cells // self.top)

    def draw(self, row: Mapping[str, Any], capacity: int, signs: BarSigns) -> str:
        """One bar, with the line that the places end at also where it is longer."""
        least, most = self.column_of(row["least"] or 0), self.column_of(row["most"] or 0)
        drawn = (signs.every * least + signs.some * (most - least)).ljust(self.width)
        edge = self.column_of(capacity)
        return drawn[:edge] + signs.edge + drawn[edge:]


def _number_columns(rows: Sequence[Mapping[str, Any]], language: str, room: int) -> list[str]:
    """Rows of numbers under their headings, all equally long; what *room* cannot hold is left out from the right."""
    kept = list(rows[0])
    while True:
        cells = [[label_of_key(BAR_COLUMN_KEYS.get(name, name), language) for name in kept]]
        cells += [
            [UNKNOWN_CELL if row[name] is None else format_value(name, row[name], language) for name in kept]
            for row in rows
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        if len(kept) == 1 or _total_width(widths) <= room:
            return [_join_numbers(line, widths) for line in cells]
        kept.pop()


def _join_numbers(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.rjust(width) if number else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return COLUMN_GAP.join((first, *rest))
