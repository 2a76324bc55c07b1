"""The picture of the houses by day, and the page with its table. Where everything stands is reckoned here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from shelterctl.core.days import days_from
from shelterctl.core.occupancy import Night, by_month, months_of
from shelterctl.press import Medium, Sheet, drawn, press, sheet
from shelterctl.view.occupancy import Lived, Occupancy, months, named

TEMPLATE = "occupancy"

LEFT, RIGHT, TOP, BOTTOM = 30, 644, 70, 230
"""Inside these stand the bars; numbers are to the left of them, the line of places is named to the right."""

WIDE, HIGH = 720, 264
"""How large one house is drawn."""

LINES = 8
"""So many numbers at most stand at the left."""

DIGIT, MONTH = 6.5, 50
"""How wide a digit is, and the name of a month."""

TICK = 1.5
"""From so wide a day on, every Monday has a tick."""

NUMBERED = 8
"""From so wide a day on, that tick has its number."""

SHORTEST = 28
"""The days of the shortest month."""

WHOLE = 24
"""Up to so many months are drawn as one; more would make a day too thin to be seen, and are drawn year by year."""


class Mark(NamedTuple):
    """Something that is written at a place of the picture."""

    x: str
    y: str
    text: object


class Panel(NamedTuple):
    """What is drawn as one: a house, or a year of it, as high as the fullest day of that house needs."""

    house: Lived
    top: int
    year: int | None


class Scale(NamedTuple):
    """How wide a day is and how high a person; both begin at zero."""

    day: float
    person: float

    def x(self, days: float) -> float:
        """Where a day begins."""
        return LEFT + days * self.day

    def y(self, persons: float) -> float:
        """How high so many persons reach."""
        return BOTTOM - persons * self.person


def pressed(seen: Occupancy, kind: str, language: str, around: Mapping[str, Any]) -> bytes:
    """The picture alone as ``svg``, or the page with it in a medium of paper; *around* stands on all paper."""
    if kind == "svg":
        return picture(seen, language).encode() + b"\n"
    return press(page(seen, language, around), Medium(kind)).data


def picture(seen: Occupancy, language: str) -> str:
    """The houses one below the other, as SVG."""
    return drawn(TEMPLATE, language, _facts(_panels(seen)))


def page(seen: Occupancy, language: str, around: Mapping[str, Any]) -> list[Sheet]:
    """A sheet for every panel: its picture, the table beneath, and what is not known; one title names them all."""
    more = {**around, "nowhere": seen.nowhere, "since": seen.since}
    panels = _panels(seen)
    title = _sheet(seen, panels, language, more).title
    return [replace(_sheet(seen, [panel], language, more), title=title) for panel in panels]


def _panels(seen: Occupancy) -> list[Panel]:
    """Every house as a whole, or year by year where that would be too much for one picture."""
    by_year = months_of(seen.during) > WHOLE
    panels = []
    for house in seen.houses:
        top = max(house.capacity, *(night.everyone for night in house.slept))
        for year, some in groupby(house.slept, lambda night: night.day.year if by_year else None):
            panels.append(Panel(replace(house, slept=tuple(some)), top, year))
    return panels


def _sheet(seen: Occupancy, panels: Sequence[Panel], language: str, more: Mapping[str, Any]) -> Sheet:
    """The sheet of these panels, called what stands over it."""
    facts = {**_facts(panels), **more}
    svg = drawn(TEMPLATE, language, facts)
    return sheet(TEMPLATE, facts, language=language, tint="white", day=seen.during.last, picture=svg)


def _facts(panels: Sequence[Panel]) -> dict[str, Any]:
    frame = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM, "wide": WIDE, "high": HIGH}
    first, last = panels[0].house.slept[0].day, panels[-1].house.slept[-1].day
    return {**frame, "first": first, "last": last, "houses": [_placed(panel) for panel in panels]}


def _placed(panel: Panel) -> Mapping[str, Any]:
    """One panel as its template draws it."""
    house, top, year = panel
    slept = house.slept
    step = ceil(top / LINES)
    scale = Scale((RIGHT - LEFT) / len(slept), (BOTTOM - TOP) / top)
    return {
        "facility": house.facility,
        "heading": f"{house.facility}, {year}" if year else house.facility,
        "name": f"{house.facility}-{year}" if year else house.facility,
        "capacity": house.capacity,
        "others": house.others,
        "months": list(months(house)),
        "residents": _bars(slept, scale, lambda night: (0, night.residents)),
        "children": _bars(slept, scale, lambda night: (night.residents, night.sleeping)),
        "known": _bars(slept, scale, lambda night: (night.sleeping, night.everyone)),
        "unknown": _bars(slept, scale, lambda night: (0, 0 if night.known else top), gaps=False),
        "ticks": list(_ticks(slept, scale)),
        "first": slept[0].day,
        "last": slept[-1].day,
        "lines": [Mark(_(LEFT - 6), _(scale.y(number)), number) for number in range(0, top + 1, step)],
        "places": _(scale.y(house.capacity)),
        "numbers": list(_numbers(slept, scale)),
        "named": list(_named(house, scale)),
    }


def _(number: float) -> str:
    """A length as it is written into the picture: the same on every computer."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _bars(slept: Sequence[Night], scale: Scale, reach: Callable[[Night], tuple[int, int]], *, gaps: bool = True) -> str:
    """A bar a day as one path, from and to what *reach* says; days that are too thin for gaps stand close together."""
    gap = scale.day / 6 if scale.day >= 4 and gaps else 0
    return "".join(
        f"M{_(scale.x(day) + gap / 2)} {_(scale.y(high))}h{_(scale.day - gap)}v{_((high - low) * scale.person)}"
        f"h-{_(scale.day - gap)}z"
        for day, night in enumerate(slept)
        for low, high in [reach(night)]
        if high > low
    )


def _numbers(slept: Sequence[Night], scale: Scale) -> Iterator[Mark]:
    """How many slept there, over every row of days alike that is wide enough to carry the number."""
    for everyone, some in groupby(enumerate(slept), lambda pair: pair[1].everyone):
        days = [day for day, _night in some]
        if everyone and len(days) * scale.day >= len(str(everyone)) * DIGIT:
            yield Mark(_(scale.x(days[0] + len(days) / 2)), _(scale.y(everyone) - 3), everyone)


def _ticks(slept: Sequence[Night], scale: Scale) -> Iterator[Mark]:
    """Every Monday; where days are wide enough, with the day of the month."""
    for day, night in enumerate(slept):
        if night.day.weekday() == 0 and scale.day >= TICK:
            number = night.day.day if scale.day >= NUMBERED else None
            yield Mark(_(scale.x(day)), _(BOTTOM + 13), number)


def _named(house: Lived, scale: Scale) -> Iterator[Mark]:
    """The months under their first days; where they are too narrow to be named all, every second, third …

    The first one has no name where too few of its days are shown.
    """
    every = ceil(MONTH / (SHORTEST * scale.day))
    begun = [(scale.x(days_from(house.slept[0].day, month.first)), month) for month in by_month(house.slept)[::every]]
    narrow = len(begun) > 1 and begun[1][0] - begun[0][0] < MONTH
    for begins, month in begun[int(narrow) :]:
        yield Mark(_(begins), _(BOTTOM + (27 if scale.day >= NUMBERED else 17)), named(month.first))
