"""Houses over time as bars: as many as slept there every night of a week or month are solid, some nights lighter."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.label import label, value
from shelterctl.language import N_, say
from shelterctl.output.grid import BETWEEN

HOUSE = N_("{facility}, places: {capacity}")
SIGNS = N_("{every} every night  {some} some nights  {edge} places")

CALLED = {"nights": "person-nights"}
"""What adds persons up night by night is no number of nights."""

UNKNOWN = "–"
"""What stands where nothing is written down."""

PIPED = 79
LONGEST, SHORTEST = 48, 10
"""How long a bar is at most, and below what a column is left out for it."""


class Signs(NamedTuple):
    """What bars are drawn with."""

    every: str
    some: str
    edge: str


BLOCKS, PLAIN = Signs("█", "░", "│"), Signs("#", "-", "|")

COLOURS = {BLOCKS.every: "blue", BLOCKS.some: "magenta"}
"""How bars are coloured at a terminal; they say the same without colour."""


def bars(houses: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """House by house its weeks as bars and its months as numbers; months or years as bars where it is longer."""
    signs, room = signs_for(at_terminal=room is not None), room or PIPED
    lines = []
    for house in houses:
        facts = {"facility": house["facility"], "capacity": house["capacity"]}
        lines += ["", say(HOUSE, facts, language), *_drawn(house, language, room, signs)]
        lines += ["", *_columns(house["months"], language, room)] if house["weeks"] else []
    return [*(line.rstrip() for line in lines), "", say(SIGNS, signs._asdict(), language)]


def signs_for(*, at_terminal: bool) -> Signs:
    """Blocks where a terminal can write them; a file or pipe gets what every computer can show."""
    try:
        "".join(BLOCKS).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return BLOCKS if at_terminal else PLAIN


def _drawn(house: Mapping[str, Any], language: str, room: int, signs: Signs) -> Iterator[str]:
    """The rows of one house with a bar behind each; all bars of a house are drawn to one scale, from zero."""
    rows = house["weeks"] or house["years"] or house["months"]
    head, *lines = _columns(rows, language, room - len(BETWEEN) - SHORTEST)
    top = max(house["capacity"], *(row["most"] or 0 for row in rows))
    scale = _Scale(top, min(LONGEST, room - len(head) - len(BETWEEN)))
    yield head
    for line, row in zip(lines, rows, strict=True):
        yield line + BETWEEN + scale.bar(row, house["capacity"], signs)


class _Scale(NamedTuple):
    """How many persons fill a line of how many characters; one more for the line that places end at."""

    top: int
    width: int

    def at(self, persons: int) -> int:
        """Where a number of persons ends: whole characters a person where there is room for that."""
        cells = self.width - 1
        return persons * (cells // self.top) if cells >= self.top else -(-persons * cells // self.top)

    def bar(self, row: Mapping[str, Any], capacity: int, signs: Signs) -> str:
        """One bar, with the line that the places end at also where it is longer."""
        least, most = self.at(row["least"] or 0), self.at(row["most"] or 0)
        drawn = (signs.every * least + signs.some * (most - least)).ljust(self.width)
        edge = self.at(capacity)
        return drawn[:edge] + signs.edge + drawn[edge:]


def _columns(rows: Sequence[Mapping[str, Any]], language: str, room: int) -> list[str]:
    """Rows of numbers under their headings, all equally long; what *room* cannot hold is left out from the right."""
    kept = list(rows[0])
    while True:
        cells = [[label(CALLED.get(name, name), language) for name in kept]]
        cells += [[UNKNOWN if row[name] is None else value(name, row[name], language) for name in kept] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        if len(kept) == 1 or sum(widths) + len(BETWEEN) * (len(widths) - 1) <= room:
            return [_line(line, widths) for line in cells]
        kept.pop()


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.rjust(width) if number else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return BETWEEN.join((first, *rest))
