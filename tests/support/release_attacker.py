"""A reader of all releases, who asks a solver which numbers she still cannot rule out."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from shelterctl.core.tables.releases import CountedRelease, PublishedRelease, ReleaseRow, known_across
from shelterctl.core.tables.rounding import range_of_rounded
from shelterctl.core.tables.small_counts import FigurePlace
from tests.support.attacker import FRACTION, highspy
from tests.support.invented_releases import (
    CODES,
    EXCLUSIVE,
    HOUSES,
    MONTHS,
    NEEDS,
    Arrival,
    Published,
    has_place,
    is_in,
)


class ReleaseReader:
    """A reader of all releases, who knows how many persons there may be of each kind, house and month: none or more.

    She knows that zeros stand. As an *insider* she is one of the persons, and knows all that is said of herself.
    """

    def __init__(
        self, releases: Sequence[Published], insider: Arrival | None = None, months: Sequence[int] = MONTHS
    ) -> None:
        self.releases = releases
        self.model = highspy.Highs()
        self.model.silent()
        self.cells = [*product(HOUSES, months, CODES["sex"], CODES["age"], NEEDS)]
        self.persons: dict[Any, Any] = {}
        self.nights: dict[Any, Any] = {}
        self.there: dict[Any, Any] = {}
        self.left: dict[Any, Any] = {}
        for cell in self.cells:
            own = insider.nights if insider and insider.cell == cell else 0
            self.persons[cell] = many = self.model.addVariable(int(own > 0), 10_000)
            self.nights[cell] = nights = self.model.addVariable(own, 310_000)
            self.model.addConstr(nights - many >= max(own - 1, 0))
            self.model.addConstr(31 * many - nights >= (31 - own if own else 0))
        self._stays(insider)
        for published, counted in releases:
            for row in counted.rows:
                self._read(published, counted, row)

    def _stays(self, insider: Arrival | None) -> None:
        """Who is there at the end of a month was there before or came, and did not leave."""
        for cell in self.cells:
            house, month, *said = cell
            own = insider if insider and insider.cell[2:] == cell[2:] and insider.cell[0] == house else None
            for end in {month - 1, month}:
                here = own is not None and own.cell[1] <= end < own.left_in
                self.there[house, end, *said] = self.there.get((house, end, *said)) or self.model.addVariable(
                    int(here), 10_000
                )
            self.left[cell] = left = self.model.addVariable(int(own is not None and own.left_in == month), 10_000)
            before, after = (self.there[house, end, *said] for end in (month - 1, month))
            self.model.addConstr(before + self.persons[cell] - left - after == 0)

    def _read(self, published: PublishedRelease, counted: CountedRelease, row: ReleaseRow) -> None:
        name = row.table.name
        for place, _ in row.table.figures():
            terms = self.terms(counted, place)
            if place in published.shown:
                shown, least = published.shown[place], published.threshold if name != "nights" else 1
                low, high = (shown, shown) if not published.base else range_of_rounded(shown, published.base, 1, least)
                self.model.addConstr(terms >= low)
                self.model.addConstr(terms <= high)
                continue
            margins: list[FigurePlace] = [place[:1], *([place[:3], place[:1] + place[3:]] if len(place) > 3 else [])]
            if place[:1] in published.shown and all(one in published.shown for one in margins if one != place):
                self.model.addConstr(terms >= 1)

    def terms(self, counted: CountedRelease, place: FigurePlace) -> Any:
        """What stands at a place of a release, as a sum of cells."""
        kind = {"arrived": self.persons, "nights": self.nights, "left": self.left}.get(place[0], self.there)
        end = {"first": counted.scope.first.month - 1, "last": counted.scope.last.month}.get(place[0])
        here = [
            cell
            for cell in kind
            if is_in(cell, counted.scope, any_month=end is not None)
            and has_place(cell, place)
            and end in (None, cell[1])
        ]
        return sum(kind[cell] for cell in here) + 0 * self.persons[self.cells[0]]

    def range_of(self, terms: Any) -> tuple[int, int]:
        """The least and the greatest number that may stand there."""
        least, most = self._solved(self.model.minimize, terms), self._solved(self.model.maximize, terms)
        return least, most

    def _solved(self, solve: Callable[[Any], Any], terms: Any) -> int:
        found = self._last(solve, terms)
        if any(abs(value - round(value)) > FRACTION for value in self.model.getSolution().col_value):
            self._whole(highspy.HighsVarType.kInteger)
            found = self._last(solve, terms)
            self._whole(highspy.HighsVarType.kContinuous)
        return found

    def _last(self, solve: Callable[[Any], Any], terms: Any) -> int:
        solve(terms)
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(self.model.getModelStatus())
        found: float = self.model.getObjectiveValue()
        return round(found)

    def _whole(self, kind: Any) -> None:
        for column in range(self.model.getNumCol()):
            self.model.changeColIntegrality(column, kind)


def found_out_across(
    releases: Sequence[Published], k: int, insider: Arrival | None = None, months: Sequence[int] = MONTHS
) -> Counter[str]:
    """How many small figures of all releases, and rests between them, are printed, found out exactly or narrowed."""
    reader, found = ReleaseReader(releases, insider, months), Counter[str]()
    counted = {one.id: one for _, one in releases}
    figures = {}
    asked = []
    for published, one in releases:
        for row in one.rows:
            for place, figure in row.table.figures():
                figures[f"{one.id}/{place[0]}", *place[1:]] = figure
                if figure.is_small(k):
                    found["printed"] += place in published.shown
                    asked.append((figure, reader.terms(one, place)))
    for known in known_across([*counted.values()], EXCLUSIVE):
        rest = known.counted_rest(figures) if known.at_least else None
        if rest is not None and rest.is_small(k):
            terms = 0
            for (name, *rest_of_place), by in known.factors.items():
                release, _, row_name = name.partition("/")
                terms += by * reader.terms(counted[release], (row_name, *rest_of_place))
            asked.append((rest, terms))
    for figure, terms in asked:
        least, most = reader.range_of(terms)
        if not least <= figure.value <= most:
            raise RuntimeError(figure)
        found["asked"] += 1
        found["exact"] += least == most
        found["narrow"] += least < most < least + figure.wanted_range(k)
    return found
