"""The picture of the houses by day, and the page with its table; all positions are computed here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from shelterctl.core.record.occupancy import Night, count_calendar_months, summarise_by_month
from shelterctl.core.values.days import days_between
from shelterctl.press.sheet import Medium, Sheet, make_sheet, render_sheets, render_svg
from shelterctl.view.occupancy import HouseOccupancy, Occupancy, month_in_figures, month_rows

OCCUPANCY_TEMPLATE = "occupancy"

BARS_LEFT, BARS_RIGHT, BARS_TOP, BARS_BOTTOM = 30, 644, 70, 230
"""The box of the bars in the picture; numbers are to its left, and the label of the line of places to its right."""

PANEL_WIDTH, PANEL_HEIGHT = 720, 264
"""The width and height of the drawing of one house."""

MOST_NUMBERS_AT_LEFT = 8
"""The most numbers beside the vertical axis."""

DIGIT_WIDTH, MONTH_NAME_WIDTH = 8, 57
"""The width of a digit, and of the name of a month."""

MIN_DAY_WITH_TICK = 1.5
"""The least width of a day at which every Monday gets a tick."""

MIN_DAY_WITH_NUMBER = 8
"""The least width of a day at which that tick gets the day of the month."""

SHORTEST_MONTH_DAYS = 28
"""The number of days of the shortest month."""

MOST_MONTHS_IN_ONE_PANEL = 24
"""The most calendar months in one panel; in a longer period days would be too thin, so each year gets its own."""


class PictureLabel(NamedTuple):
    """A text at a position of the picture."""

    x: str
    y: str
    text: object


class PicturePanel(NamedTuple):
    """One panel: a house, or a year of it, as high as the fullest day of that house needs."""

    house: HouseOccupancy
    top: int
    year: int | None


class PictureScale(NamedTuple):
    """The width of a day and the height of a person in the picture."""

    day: float
    person: float

    def x(self, days: float) -> float:
        """Return the position at which a day begins."""
        return BARS_LEFT + days * self.day

    def y(self, persons: float) -> float:
        """Return the position up to which this number of persons reaches."""
        return BARS_BOTTOM - persons * self.person


def render_occupancy(seen: Occupancy, kind: str, language: str, around: Mapping[str, Any]) -> bytes:
    """Return the picture alone as ``svg``, or the page with it in a medium of paper; *around* are the common facts of
    paper.
    """
    if kind == "svg":
        return occupancy_svg(seen, language).encode() + b"\n"
    return render_sheets(occupancy_sheets(seen, language, around), Medium(kind)).data


def occupancy_svg(seen: Occupancy, language: str) -> str:
    """Return the picture as SVG, the panels one below the other."""
    return render_svg(OCCUPANCY_TEMPLATE, language, _picture_facts(_make_panels(seen)))


def occupancy_sheets(seen: Occupancy, language: str, around: Mapping[str, Any]) -> list[Sheet]:
    """Return a sheet for every panel, with its picture, its table, and notes on what is not known; all have one
    title.
    """
    more = {**around, "nowhere": seen.nowhere, "since": seen.since}
    panels = _make_panels(seen)
    title = _panel_sheet(seen, panels, language, more).title
    return [replace(_panel_sheet(seen, [panel], language, more), title=title) for panel in panels]


def _make_panels(seen: Occupancy) -> list[PicturePanel]:
    """Return a panel for every house, or for every year of it where one picture would be too long."""
    by_year = count_calendar_months(seen.during) > MOST_MONTHS_IN_ONE_PANEL
    panels = []
    for house in seen.houses:
        top = max(house.capacity, *(night.total for night in house.slept))
        for year, some in groupby(house.slept, lambda night: night.day.year if by_year else None):
            panels.append(PicturePanel(replace(house, slept=tuple(some)), top, year))
    return panels


def _panel_sheet(seen: Occupancy, panels: Sequence[PicturePanel], language: str, more: Mapping[str, Any]) -> Sheet:
    """Return the sheet of these panels; its heading becomes its title."""
    facts = {**_picture_facts(panels), **more}
    svg = render_svg(OCCUPANCY_TEMPLATE, language, facts)
    return make_sheet(OCCUPANCY_TEMPLATE, facts, language=language, tint="white", day=seen.during.last, picture=svg)


def _picture_facts(panels: Sequence[PicturePanel]) -> dict[str, Any]:
    frame = {"left": BARS_LEFT, "right": BARS_RIGHT, "top": BARS_TOP, "bottom": BARS_BOTTOM}
    frame |= {"wide": PANEL_WIDTH, "high": PANEL_HEIGHT, "short_days": True}
    first, last = panels[0].house.slept[0].day, panels[-1].house.slept[-1].day
    return {**frame, "first": first, "last": last, "houses": [_panel_facts(panel) for panel in panels]}


def _panel_facts(panel: PicturePanel) -> Mapping[str, Any]:
    """Return the facts of one panel for its template."""
    house, top, year = panel
    slept = house.slept
    step = ceil(top / MOST_NUMBERS_AT_LEFT)
    scale = PictureScale((BARS_RIGHT - BARS_LEFT) / len(slept), (BARS_BOTTOM - BARS_TOP) / top)
    numbers = range(0, top + 1, step)
    return {
        "facility": house.facility,
        "heading": f"{house.facility}, {year}" if year else house.facility,
        "name": f"{house.facility}-{year}" if year else house.facility,
        "capacity": house.capacity,
        "others": house.others,
        "months": list(month_rows(house)),
        "residents": _bar_path(slept, scale, lambda night: (0, night.residents)),
        "children": _bar_path(slept, scale, lambda night: (night.residents, night.sleeping)),
        "known": _bar_path(slept, scale, lambda night: (night.sleeping, night.total)),
        "unknown": _bar_path(slept, scale, lambda night: (0, 0 if night.is_recorded else top), gaps=False),
        "ticks": list(_tick_labels(slept, scale)),
        "first": slept[0].day,
        "last": slept[-1].day,
        "lines": [PictureLabel(_length(BARS_LEFT - 6), _length(scale.y(number)), number) for number in numbers],
        "places": _length(scale.y(house.capacity)),
        "numbers": list(_number_labels(slept, scale)),
        "named": list(_month_labels(house, scale)),
    }


def _length(number: float) -> str:
    """Return a length as text, equal on every computer."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _bar_path(
    slept: Sequence[Night], scale: PictureScale, reach: Callable[[Night], tuple[int, int]], *, gaps: bool = True
) -> str:
    """Return one path with a bar for each day, between the two values of *reach*; thin days have no gap between
    them.
    """
    gap = scale.day / 6 if scale.day >= 4 and gaps else 0
    return "".join(
        f"M{_length(scale.x(day) + gap / 2)} {_length(scale.y(high))}h{_length(scale.day - gap)}"
        f"v{_length((high - low) * scale.person)}h-{_length(scale.day - gap)}z"
        for day, night in enumerate(slept)
        for low, high in [reach(night)]
        if high > low
    )


def _number_labels(slept: Sequence[Night], scale: PictureScale) -> Iterator[PictureLabel]:
    """Yield the number of sleepers above each run of equal days that is wide enough for it."""
    for everyone, some in groupby(enumerate(slept), lambda pair: pair[1].total):
        days = [day for day, _night in some]
        if everyone and len(days) * scale.day >= len(str(everyone)) * DIGIT_WIDTH:
            yield PictureLabel(_length(scale.x(days[0] + len(days) / 2)), _length(scale.y(everyone) - 3), everyone)


def _tick_labels(slept: Sequence[Night], scale: PictureScale) -> Iterator[PictureLabel]:
    """Yield a tick for every Monday, with the day of the month where days are wide enough."""
    for day, night in enumerate(slept):
        if night.day.weekday() == 0 and scale.day >= MIN_DAY_WITH_TICK:
            number = night.day.day if scale.day >= MIN_DAY_WITH_NUMBER else None
            yield PictureLabel(_length(scale.x(day)), _length(BARS_BOTTOM + 13), number)


def _month_labels(house: HouseOccupancy, scale: PictureScale) -> Iterator[PictureLabel]:
    """Yield the months under their first days; only every second, third … if they are too narrow.

    The first month has no name if too few of its days are shown.
    """
    every = ceil(MONTH_NAME_WIDTH / (SHORTEST_MONTH_DAYS * scale.day))
    months, first = summarise_by_month(house.slept)[::every], house.slept[0].day
    begun = [(scale.x(days_between(first, month.first)), month) for month in months]
    narrow = len(begun) > 1 and begun[1][0] - begun[0][0] < MONTH_NAME_WIDTH
    for begins, month in begun[int(narrow) :]:
        below = 27 if scale.day >= MIN_DAY_WITH_NUMBER else 17
        yield PictureLabel(_length(begins), _length(BARS_BOTTOM + below), month_in_figures(month.first))
