"""A reader of a published report who knows every sum, and asks a solver which numbers he still cannot rule out."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from shelterctl.core.tables.small_counts import Count, CountTable, FigurePlace, Protected
from tests.support.invented_reports import NIGHTS_IN_A_MONTH, Report

highspy: Any = pytest.importorskip("highspy", reason="highspy is not installed: pip install -e '.[development]'")

FRACTION = 1e-6
"""What a solver that counts in floating point calls whole."""


class Reader:
    """A reader who has a report before her as it was printed, and knows all sums.

    She knows that zeros stand: a hidden figure of a table that shows its total is at least 1. As an *insider* she is
    counted herself, and knows that each figure has at least the greatest part that one person has in it: that is more
    than any single person knows.
    """

    def __init__(self, report: Report, protected: Protected, *, insider: bool = False) -> None:
        self.insider = insider
        self.model = highspy.Highs()
        self.model.silent()
        self.places: dict[FigurePlace, Any] = {}
        self.most = 3 * max((each.value for table in report.tables for _, each in table.figures()), default=0) + 1000
        for table in report.tables:
            for key, figure in table.figures():
                self._printed(table, key, protected, figure.known_part() if insider else 0)
            self._sums_of(table)
        for number, one in enumerate(report.known):
            terms = sum(factor * self.places[key] for key, factor in one.factors.items())
            self._rest(terms, report, number) if one.at_least else self.model.addConstr(terms == 0)

    def _printed(self, table: CountTable, key: FigurePlace, protected: Protected, own: int) -> None:
        value = protected.shown.get(key)
        margins = [key[:1], *([key[:3], key[:1] + key[3:]] if len(key) > 3 else [])]
        sure = table.name not in protected.withheld and all(each in protected.shown for each in margins if each != key)
        bounds = (max(int(sure), own), self.most) if value is None else (value, value)
        self.places[key] = self._number(*bounds)

    def _number(self, least: int, most: int) -> Any:
        return self.model.addVariable(least, most)

    def _rest(self, terms: Any, report: Report, number: int) -> None:
        """What is left over, where it counts persons, can be asked for as well."""
        one = report.known[number]
        values = {key: figure.value for table in report.tables for key, figure in table.figures()}
        left_over = one.difference(values)
        own = min(left_over, 1) if self.insider and one.persons else 0
        rest = self._number(own, self.most * NIGHTS_IN_A_MONTH)
        self.model.addConstr(terms - rest == 0)
        if one.persons:
            self.places["rest", str(number)] = rest

    def _sums_of(self, table: CountTable) -> None:
        total, name = self.places[table.name,], table.name
        for key, parts in table.by.items():
            places = {code: self.places[name, key, code] for code in parts}
            if key not in table.overlapping:
                self.model.addConstr(sum(places.values()) == total)
                continue
            self.model.addConstr(sum(places.values()) >= total)
            for code, place in places.items():
                own = int(self.insider and parts[code].value < table.total.value)
                self.places["without", name, key, code] = without = self._number(own, self.most)
                self.model.addConstr(place + without == total)
        if table.crossed:
            (down, rows), (across, columns) = table.by.items()
            inner = {pair: self.places[name, down, pair[0], across, pair[1]] for pair in product(rows, columns)}
            for row in rows:
                self.model.addConstr(sum(inner[row, one] for one in columns) == self.places[name, down, row])
            for column in columns:
                self.model.addConstr(sum(inner[one, column] for one in rows) == self.places[name, across, column])

    def range_of(self, key: FigurePlace) -> tuple[int, int]:
        """The least and the greatest number that may stand at a place."""
        return self._solved(self.model.minimize, key), self._solved(self.model.maximize, key)

    def _solved(self, solve: Callable[[Any], Any], key: FigurePlace) -> int:
        """The last number in one direction: if a table of fractions reaches it, whole numbers are asked for."""
        found = self._last(solve, key)
        if any(abs(value - round(value)) > FRACTION for value in self.model.getSolution().col_value):
            self._whole(highspy.HighsVarType.kInteger)
            found = self._last(solve, key)
            self._whole(highspy.HighsVarType.kContinuous)
        return found

    def _last(self, solve: Callable[[Any], Any], key: FigurePlace) -> int:
        solve(self.places[key])
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(self.model.getModelStatus())
        found: float = self.model.getObjectiveValue()
        return round(found)

    def _whole(self, kind: Any) -> None:
        for column in range(self.model.getNumCol()):
            self.model.changeColIntegrality(column, kind)


def small_places(report: Report, k: int) -> Iterator[tuple[FigurePlace, Count]]:
    """Every place that must not be found out, also those that nobody prints."""
    for table in report.tables:
        yield from ((key, figure) for key, figure in table.figures() if figure.is_small(k))
        for key in table.overlapping if table.total.persons is None else ():
            for code, figure in table.by[key].items():
                without = Count(table.total.value - figure.value)
                if without.is_small(k):
                    yield ("without", table.name, key, code), without
    values = {key: figure.value for table in report.tables for key, figure in table.figures()}
    for number, one in enumerate(report.known):
        rest = Count(sum(values[key] * factor for key, factor in one.factors.items()))
        if one.persons and rest.is_small(k):
            yield ("rest", str(number)), rest


def found_out(report: Report, protected: Protected, k: int, *, insider: bool = True) -> Counter[str]:
    """How many small figures are printed, found out exactly, or narrowed to less than they should be."""
    reader, found = Reader(report, protected, insider=insider), Counter[str]()
    for key, figure in small_places(report, k):
        if key in protected.shown:
            found["printed"] += 1
            continue
        least, most = reader.range_of(key)
        if not least <= figure.value <= most:
            raise RuntimeError(key)
        if least == most:
            found["exact"] += 1
        elif most - least < figure.wanted_range(k):
            found["narrow"] += 1
    return found
