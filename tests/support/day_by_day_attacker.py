"""A reader of the months that a real house published, who counts its days: who came, left and slept there each night.

She has the printed tables alone. What she knows besides is how nights come about: who sleeps there was there the night
before or came, and did not leave; a person of a month slept there at least once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from math import ceil, floor
from typing import Any, NamedTuple

from shelterctl.core.tables.rounding import range_of_rounded
from shelterctl.core.tables.small_counts import FigurePlace
from shelterctl.core.values.days import Span, add_days
from tests.support.attacker import FRACTION, highspy

COLUMNS = ("sex", "age_group")
MOST_PERSONS = 400
"""More than any house has of one kind on one day."""

Kind = tuple[str, str]
"""What the tables say of a person: her sex and the group of her age."""


class PrintedMonth(NamedTuple):
    """A month as it was printed, None for a hidden number, and *least*, the smallest number of persons shown.

    *quiet* are the tables that the copy says it withheld because of the months beside it.
    """

    during: Span
    numbers: Mapping[FigurePlace, int | None]
    quiet: frozenset[str]
    least: int
    base: int | None = None

    def codes(self, column: str) -> set[str]:
        """The answers that are printed in a column."""
        return {place[2] for place in self.numbers if place[1:2] == (column,)}

    def is_withheld(self, row: str) -> bool:
        """Whether nothing of a table is printed but that it was withheld because of the months beside it."""
        return row in self.quiet


class Sleeper(NamedTuple):
    """A person who is counted herself: her kind, the day on which she came, and that on which she left."""

    kind: Kind
    came: date
    left: date | None

    def sleeps(self, night: date) -> bool:
        """Whether she slept there in this night."""
        return self.came <= night and (self.left is None or night < self.left)


class DayReader:
    """A reader of adjoining months of one house. As an *insider* she is one of its persons."""

    def __init__(self, months: Sequence[PrintedMonth], insider: Sleeper | None = None) -> None:
        self.months, self.insider = sorted(months, key=lambda one: one.during.first), insider
        self.model = highspy.Highs()
        self.model.silent()
        codes = [sorted({code for one in months for code in one.codes(column)}) for column in COLUMNS]
        self.kinds = [(sex, age) for sex, age in product(*codes) if self._may_be((sex, age))]
        self.came: dict[tuple[date, Kind], Any] = {}
        self.left: dict[tuple[date, Kind], Any] = {}
        self.refused: dict[tuple[date, Kind], Any] = {}
        self.there: dict[tuple[date, Kind], Any] = {}
        self.persons: dict[tuple[date, Kind], Any] = {}
        for month in self.months:
            for kind in self.kinds:
                self._live(month.during, kind)
        for month in self.months:
            for place, number in month.numbers.items():
                self._read(month, place, number)

    def _may_be(self, kind: Kind) -> bool:
        """Whether a month that says who lived there has persons of this kind.

        She is taken to know that the months which withheld it have no others: that is more than anybody knows.
        """
        said = [one for one in self.months if not one.is_withheld("persons")]
        places = [("persons", column, code) for column, code in zip(COLUMNS, kind, strict=True)]
        return any(all(one.numbers.get(place) != 0 for place in places) for one in said) or (
            self.insider is not None and self.insider.kind == kind
        )

    def _variable(self, own: int = 0) -> Any:
        """A number of persons: those who are not the reader, and herself."""
        return self.model.addVariable(own, MOST_PERSONS)

    def _live(self, during: Span, kind: Kind) -> None:
        """Let persons of a kind come, sleep and leave, day by day."""
        own = self.insider if self.insider and self.insider.kind == kind else None
        first = during.first
        slept = own is not None and any(own.sleeps(day) for day in _days(during))
        self.persons[first, kind] = persons = self._variable(int(slept))
        ever: list[Any] = []
        for day in _days(during):
            night_before = add_days(day, -1)
            if (night_before, kind) not in self.there:
                self.there[night_before, kind] = self._variable(int(own.sleeps(night_before)) if own else 0)
            came, left, there = (
                self._variable(int(bool(own) and is_so))
                for is_so in (own is not None and own.came == day, own is not None and own.left == day,
                              own is not None and own.sleeps(day))
            )  # fmt: skip
            self.came[day, kind], self.left[day, kind], self.there[day, kind] = came, left, there
            self.refused[day, kind] = refused = self._variable()
            self.model.addConstr(self.there[night_before, kind] + came - left - refused - there == 0)
            self.model.addConstr(persons - there >= int(own is not None and slept and not own.sleeps(day)))
            if day > first:
                ever.append(came)
        self.model.addConstr(self.there[first, kind] + sum(ever) - persons >= 0)

    def _read(self, month: PrintedMonth, place: FigurePlace, number: int | None) -> None:
        terms = self.terms(month, place)
        if terms is None:
            return
        if place == ("not_admitted",):  # of those who were refused some had come into the house
            if number is not None:
                self.model.addConstr(terms <= number)
            return
        if number is not None:
            low, high = (number, number)
            if month.base is not None:
                low, high = range_of_rounded(number, month.base, 1, 1 if place[0] == "nights" else month.least)
            self.model.addConstr(terms >= low)
            self.model.addConstr(terms <= high)
        elif not month.is_withheld(place[0]) and (len(place) == 1 or month.numbers[place[:1]] is not None):
            self.model.addConstr(terms >= 1)  # zeros stand

    def terms(self, month: PrintedMonth, place: FigurePlace) -> Any:
        """What stands at a place, as a sum over days and kinds; None for a table that has no days."""
        first, last = month.during.first, month.during.last
        kinds = self.kinds
        if len(place) > 1 and place[1] in COLUMNS:
            kinds = [kind for kind in kinds if kind[COLUMNS.index(place[1])] == place[2]]
        days: Mapping[str, tuple[Mapping[tuple[date, Kind], Any], Iterable[date]]] = {
            "first_night": (self.there, (first,)),
            "last_night": (self.there, (last,)),
            "arrived": (self.came, _days(month.during)),
            "left": (self.left, _days(month.during)),
            "not_admitted": (self.refused, _days(month.during)),
            "persons": (self.persons, (first,)),
            "nights": (self.there, _days(month.during)),
        }
        if place[0] not in days or (len(place) > 1 and place[1] not in COLUMNS):
            return None
        among, over = days[place[0]]
        return sum(among[day, kind] for day in over for kind in kinds) + 0 * self.there[first, self.kinds[0]]

    def range_of(self, terms: Any) -> tuple[int, int]:
        """The least and the greatest whole number that may stand there."""
        least, most = self._solved(self.model.minimize, terms), self._solved(self.model.maximize, terms)
        return ceil(least - FRACTION), floor(most + FRACTION)

    def _solved(self, solve: Any, terms: Any) -> float:
        solve(terms)
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(self.model.getModelStatus())
        found: float = self.model.getObjectiveValue()
        return found


def _days(during: Span) -> Iterator[date]:
    day = during.first
    while day <= during.last:
        yield day
        day = add_days(day, 1)
