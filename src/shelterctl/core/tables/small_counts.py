"""Protection of small counts: which figures of a report are hidden, so that no sum gives a small one back.

A figure is *small* if fewer than *k* persons, but not 0, stand behind it, or if more than half of a sum comes from one
person: such a figure could say something about a person whom a reader knows. Small figures are hidden, and then as many
others as are needed so that nobody can compute a small one, or narrow it to a range of less than *k* - 1, from what is
shown and from every sum that is known. Both kinds have one sign: a sign of their own would say "1 to *k* - 1".

**Zeros stand.** A 0 says that nobody is there, and a report without zeros looks like one that was not filled in. Since
every 0 is shown, a reader knows that a hidden figure is at least 1, and the proof counts with that. There is one
exception: below a small total everything is hidden, zeros too, because "3 admitted, 0 of them adults" would say of each
of the three that she is a child.

**One who is counted herself is a reader too.** She knows that she stands in a figure, and her own part of a sum: the
proof counts with the greatest part of one person in every figure at once, so it holds for each of them, and a sum is
small too if one person has most of what is left after another took her own part away. A figure of *k* stands, though it
shows her *k* - 1 others: she is one of *k* in it.

**A certificate is kept for each small figure**: two tables that nobody can tell from the true one, and that differ in
this figure by as much as is wanted (`certificates.py` verifies them without the search). They are true figures:
they are never printed or stored.

Two reports on overlapping periods or groups are safe together only if both are given here (`releases.py` does it).
Averages and percentages may be printed only of figures that are shown.

How much is hidden: about 6 of 20 figures above 0 where a house admits 120 persons a year, 8 at 60 and 14 at 30
(tests/core/tables/test_small_counts.py).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from shelterctl.core.tables.hidden_figures import Move, ProvenRange, connected_figures, make_figures, widen_range
from shelterctl.immutable import immutable

FigurePlace = tuple[str, ...]
"""The place of a figure: the name of its table, then dimension and code for each breakdown.

``("admitted",)`` is a total, ``("admitted", "sex", "female")`` one of its parts, and
``("admitted", "sex", "female", "age", "minor")`` a crossed one.
"""

HIDDEN_SIGN = "[c]"
"""The sign in place of a hidden figure, the only one: c for confidential."""

MOST_OF_A_SUM = 50
"""A sum is small if more than so many percent of what others cannot subtract come from one person."""

COST_OF_TOTAL, COST_OF_MARGIN, COST_OF_CROSSED = 12.0, 3.0, 1.0
"""The loss of a reader if a total is hidden, a part of it, or a crossed part, in relation to each other."""


@immutable(eq=True)
class Count:
    """A figure before protection: a whole number *value* and the number of *persons* behind it.

    Without *persons* the value itself counts persons. A value may also be nights, services, or money in its smallest
    unit; *largest* is then the part of it that comes from one person, and *second* the greatest part of another; None
    if it is unknown, and then as great as it can be. A value is never negative.
    """

    value: int
    persons: int | None = None
    largest: int = 0
    second: int | None = None

    def is_small(self, k: int) -> bool:
        """Whether the figure must be hidden: 1 to *k* - 1 persons, or one person with most of the sum.

        Most of the sum is more than half of what is left of it after any other person took her own part away.
        """
        persons = self.value if self.persons is None else self.persons
        second = min(self.largest, self.value - self.largest) if self.second is None else self.second
        dominated = self.largest * 100 > (self.value - second) * MOST_OF_A_SUM and self.persons is not None
        return self.value > 0 and (persons < k or dominated)

    def known_part(self) -> int:
        """Return the greatest part of the figure that a person counted in it knows to be her own; of persons 1."""
        return min(self.value, max(self.largest, 1))

    def wanted_range(self, k: int) -> int:
        """Return how far apart the least and the greatest number must be that a reader can think of: *k* - 1, and of a
        sum its own value.
        """
        return max(k - 1, self.value)


@immutable
class CountTable:
    """One row of a report: its *total*, and the parts of the total *by* each dimension, by code.

    *crossed* has the parts by both dimensions at once, by the codes of the first and the second of *by*; those left out
    are 0. In an *overlapping* dimension one person may stand under several codes, so that the parts may exceed the
    total.
    """

    name: str
    total: Count
    by: Mapping[str, Mapping[str, Count]] = field(default_factory=dict)
    crossed: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    overlapping: Collection[str] = ()

    def figures(self) -> Iterator[tuple[FigurePlace, Count]]:
        """Yield every printed figure with its place."""
        yield (self.name,), self.total
        for dimension, parts in self.by.items():
            yield from (((self.name, dimension, code), figure) for code, figure in parts.items())
        for first, second in self._pairs():
            yield self.crossed_key(first, second), self.crossed.get((first, second), Count(0))

    def crossed_key(self, first: str, second: str) -> FigurePlace:
        """Return the place of a crossed figure."""
        across, down = self.by
        return (self.name, across, first, down, second)

    def below(self, key: FigurePlace) -> Iterator[FigurePlace]:
        """Yield the places of the printed figures that are part of the one at *key*."""
        for each, _ in self.figures():
            pairs = {each[place : place + 2] for place in range(1, len(each), 2)}
            if len(each) > len(key) and (len(key) == 1 or key[1:3] in pairs):
                yield each

    def sums(self) -> Iterator[Mapping[FigurePlace, int]]:
        """Yield every sum of the table, as places with 1 for the parts and -1 for the whole."""
        for dimension, parts in self.by.items():
            if dimension not in self.overlapping:
                yield {(self.name,): -1, **{(self.name, dimension, code): 1 for code in parts}}
        if self.crossed:
            for place, dimension in enumerate(self.by):
                for code in self.by[dimension]:
                    row = [self.crossed_key(*pair) for pair in self._pairs() if pair[place] == code]
                    yield {(self.name, dimension, code): -1, **dict.fromkeys(row, 1)}

    def bounds(self) -> "Iterator[KnownSum]":
        """Yield what a reader knows of dimensions in which persons stand under several codes: no part exceeds the
        total.

        The parts together reach the total. Persons who do not stand under a code are a group that may be small too.
        """
        total = (self.name,)
        for dimension in self.overlapping:
            parts = {(self.name, dimension, code): figure for code, figure in self.by[dimension].items()}
            for key in parts:
                yield KnownSum({total: 1, key: -1}, at_least=True, persons=self.total.persons is None)
            if sum(figure.value for figure in parts.values()) >= self.total.value:
                yield KnownSum({total: -1, **dict.fromkeys(parts, 1)}, at_least=True)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if self.crossed:
            first, second = self.by.values()
            yield from ((one, other) for one in first for other in second)


@immutable
class KnownSum:
    """A sum across tables that a reader knows: the figures times their factors add up to 0, or *at_least* to 0.

    Examples: a year is the sum of its months; a total is a part of another table; money is 50 for each night; nights
    are at least as many as persons. With *persons* the difference counts persons, and is protected like a figure; so is
    *rest*, a difference with the persons behind it.
    """

    factors: Mapping[FigurePlace, int]
    at_least: bool = False
    persons: bool = False
    rest: Count | None = None

    def counted_rest(self, figures: Mapping[FigurePlace, Count]) -> Count | None:
        """Return the difference as a figure to be protected, or None if it counts no persons."""
        if self.rest is not None or not self.persons:
            return self.rest
        return Count(self.difference({key: figures[key].value for key in self.factors}))

    def difference(self, values: Mapping[FigurePlace, int]) -> int:
        """Return what the figures times their factors add up to."""
        return sum(values[key] * factor for key, factor in self.factors.items())

    def least_known(self, figures: Mapping[FigurePlace, Count]) -> int:
        """Return the least difference that a person counted here can think of: at most her own part of it."""
        if not self.at_least:
            return 0
        rest = self.counted_rest(figures)
        if rest is not None:
            return rest.known_part()
        own = sum(figures[key].known_part() * factor for key, factor in self.factors.items() if factor > 0)
        return min(own, self.difference({key: figures[key].value for key in self.factors}))


class Certificate(NamedTuple):
    """The proof that a small number is not found out: two tables, as changes of the true one by place.

    The number is the figures times their *factors*. It is as small as is proven in the table *lower*, and as great in
    the table *upper*. It is true data.
    """

    factors: Mapping[FigurePlace, int]
    lower: Mapping[FigurePlace, int]
    upper: Mapping[FigurePlace, int]


class Withheld(StrEnum):
    """Why no figure of a table is shown."""

    FEW = "few"
    """Fewer than *k* persons stand behind its total, or one person has most of it."""
    NOTHING_LEFT = "nothing-left"
    """Every figure above 0 had to be hidden."""
    NEIGHBOURS = "neighbours"
    """The releases of the periods before and after it would give something away."""


@immutable
class Protected:
    """A report after protection: the figures *shown* and *hidden*, by place, and the tables *withheld*, with reasons.

    *exposed* are the small figures that earlier reports gave away, so that hiding them here is of no use. A report with
    exposed figures must not be published. Each other small figure, printed or not, has one of the *certificates*.
    """

    shown: Mapping[FigurePlace, int]
    hidden: frozenset[FigurePlace]
    withheld: Mapping[str, Withheld]
    exposed: tuple[FigurePlace, ...] = ()
    certificates: tuple[Certificate, ...] = ()

    def value(self, key: FigurePlace) -> int | None:
        """Return the figure at a place, or None if it is hidden."""
        return self.shown.get(key)


def sum_over(whole: CountTable, parts: Sequence[CountTable]) -> Iterator[KnownSum]:
    """Yield the sums that make each figure of *whole* from the figures of *parts*, such as a year from its months."""
    there = [{key for key, _ in part.figures()} for part in parts]
    for key, _ in whole.figures():
        places = ((part.name, *key[1:]) for part in parts)
        yield KnownSum({key: -1, **{place: 1 for place, keys in zip(places, there, strict=True) if place in keys}})


def sums_of_parts(tables: Sequence[CountTable], known: Iterable[KnownSum]) -> Iterator[KnownSum]:
    """Yield what sums of totals say of parts: if all who came less all who left are those who stay, so are the women.

    Where some tables lack a breakdown, their part is at least 0 and at most their total. If it is that of one table of
    persons, it is protected like a figure, for a reader can compute it. A sum that does not hold tells nothing.
    """
    by_name = {table.name: table for table in tables}
    for one in known:
        totals = {key[0]: by for key, by in one.factors.items() if len(key) == 1 and key[0] in by_name}
        if len(totals) == len(one.factors):
            parts = {(key, code) for name in totals for key, codes in by_name[name].by.items() for code in codes}
            for key, code in sorted(parts):
                yield from _sums_of_part(one, {by_name[name]: by for name, by in totals.items()}, key, code)


def _sums_of_part(one: KnownSum, totals: Mapping[CountTable, int], key: str, code: str) -> Iterator[KnownSum]:
    there = {table: by for table, by in totals.items() if code in table.by.get(key, ())}
    factors: dict[FigurePlace, int] = {(table.name, key, code): by for table, by in there.items()}
    value = sum(table.by[key][code].value * by for table, by in there.items())
    lacking = {table: by for table, by in totals.items() if key not in table.by}
    if len(factors) < 2:
        return
    if not lacking:
        if value == 0 or (one.at_least and value > 0):
            yield KnownSum(factors, one.at_least, one.persons)
    elif len({by > 0 for by in lacking.values()}) == 1:
        yield from _sums_beside(one, factors, value, lacking)


def _sums_beside(
    one: KnownSum, factors: Mapping[FigurePlace, int], value: int, lacking: Mapping[CountTable, int]
) -> Iterator[KnownSum]:
    """Yield what is known of the parts of some tables, where all *lacking* ones are on one side of the sum."""
    sign = 1 if max(lacking.values()) < 0 else -1
    if one.at_least and sign < 0:
        return  # what is lacking may be as much as it takes
    if value * sign >= 0:
        ((table, by), *others) = lacking.items()
        is_a_group = not (one.at_least or others) and abs(by) == 1 and table.total.persons is None
        yield KnownSum({place: each * sign for place, each in factors.items()}, at_least=True, persons=is_a_group)
    if not one.at_least and value * sign <= sum(table.total.value * abs(by) for table, by in lacking.items()):
        most: dict[FigurePlace, int] = {(table.name,): abs(by) for table, by in lacking.items()}
        yield KnownSum({**{place: -each * sign for place, each in factors.items()}, **most}, at_least=True)


def count_shares(shares: Mapping[str, int], *, persons: bool) -> Count:
    """Return a figure from the part of each person in it; with *persons* it counts the persons themselves."""
    value = sum(shares.values())
    if persons:
        return Count(value)
    largest, second = (*sorted(shares.values(), reverse=True)[:2], 0, 0)[:2]
    return Count(value, sum(part != 0 for part in shares.values()), largest, second)


def protect_counts(
    tables: Sequence[CountTable],
    k: int,
    known: Iterable[KnownSum] = (),
    frozen: Collection[FigurePlace] = (),
    hidden: Collection[FigurePlace] = (),
) -> Protected:
    """Return which figures of these tables may be shown, with the threshold *k* of the rulebook.

    *known* are the sums across tables that a reader knows. *frozen* are the places of figures that were published
    before; they stay shown. *hidden* are those that were hidden before; they stay hidden. Equal tables in another order
    give an equal answer. Raises ValueError if a sum is wrong, and KeyError if it names a figure that no table has.
    """
    report = _Report(tables, k, tuple(known), frozenset(frozen), frozenset(hidden))
    exposed = [place for place in report.small if not report.protect(place)]
    report.show_again()
    hides = {report.places[each] for each in report.hidden if each < report.printed}
    withheld = {}
    for table in tables:
        keys = {key for key, _ in table.figures()}
        if not any(figure.value for key, figure in table.figures() if key not in hides) and keys & hides:
            withheld[table.name] = Withheld.FEW if table.total.is_small(k) else Withheld.NOTHING_LEFT
            hides |= keys - report.frozen
    shown = {key: figure.value for table in tables for key, figure in table.figures() if key not in hides}
    certificates = tuple(report.certify(small) for small in report.small if small in report.proven)
    return Protected(shown, frozenset(hides), withheld, tuple(report.places[each] for each in exposed), certificates)


class _Report:
    """The figures of a report by number, those that are *hidden* so far, and the *small* ones.

    After the *printed* figures come some that nobody prints and every reader can compute: the persons who do not stand
    under a code of an overlapping dimension, and by how much one side of an inequality is greater (*rests*).
    """

    def __init__(
        self,
        tables: Sequence[CountTable],
        k: int,
        known: Sequence[KnownSum],
        frozen: frozenset[FigurePlace],
        hidden: frozenset[FigurePlace],
    ) -> None:
        self.k, self.frozen = k, frozen
        figures = dict(sorted((each for table in tables for each in table.figures()), key=lambda each: each[0]))
        self.printed = len(figures)
        least = [figure.known_part() for figure in figures.values()]
        sums = [dict(terms) for table in tables for terms in table.sums()]
        self.rests: dict[FigurePlace, Mapping[FigurePlace, int]] = {}
        every = (*known, *(each for table in tables for each in table.bounds()))
        for number, one in enumerate(sorted(every, key=lambda one: sorted(one.factors.items()))):
            rest: dict[FigurePlace, int] = {}
            if one.at_least:
                least.append(one.least_known(figures))
                left_over = one.difference({key: figures[key].value for key in one.factors})
                figures["", str(number)] = one.counted_rest(figures) or Count(left_over, k)
                self.rests["", str(number)] = one.factors
                rest = {("", str(number)): -1}
            sums.append({**one.factors, **rest})
        self.places, self.all = list(figures), list(figures.values())
        numbers = {key: number for number, key in enumerate(figures)}
        self.small = [each for each, figure in enumerate(self.all) if figure.is_small(k)]
        self.small.sort(key=lambda each: (self.all[each].value, self.places[each]))
        self.unsure = {numbers[key] for table in tables for key in _below_small(table, k) if key not in frozen}
        self.unsure |= {*range(self.printed, len(self.all)), *(numbers[key] for key in hidden - frozen)}
        self.hidden = self.unsure | {each for each in self.small if self.places[each] not in frozen}
        self.figures = make_figures(
            [figure.value for figure in self.all],
            least,
            sorted(
                (dict(sorted((numbers[key], by) for key, by in terms.items())) for terms in sums),
                key=lambda terms: [*terms.items()],
            ),
            [self._cost(each) for each in range(len(self.all))],
        )
        self.proven: dict[int, ProvenRange] = {}

    def protect(self, small: int) -> bool:
        """Hide what is needed for one small figure; return whether it is protected then."""
        if small not in self.hidden:
            return False  # it was published before
        wanted = self.all[small].wanted_range(self.k)
        proven = widen_range(self.figures, small, self.hidden, wanted, hide_more=True)
        if proven.width < wanted:
            # If everything that sums connect is hidden, any multiple of the true figures would look alike.
            connected = connected_figures(self.figures, small)
            fixed = {each for each in connected if self.figures.cost[each] is None} - self.hidden
            self.hidden |= connected - fixed
            proven = self._multiple(small, connected, wanted)
            if fixed:
                proven = widen_range(self.figures, small, self.hidden, wanted, hide_more=False)
                if proven.width < wanted:
                    return False
        self.proven[small] = proven
        return True

    def show_again(self) -> None:
        """Show each figure that was hidden to protect others, and that they do not need; the dearest first."""
        kept = self.unsure | set(self.small)
        for each in sorted(self.hidden - kept, key=lambda each: (-(self.figures.cost[each] or 0), self.places[each])):
            fewer = self.hidden - {each}
            proven = {}
            for small in (small for small, before in self.proven.items() if each in before.changed):
                wanted = self.all[small].wanted_range(self.k)
                proven[small] = widen_range(self.figures, small, fewer, wanted, hide_more=False)
                if proven[small].width < wanted:
                    break
            else:
                self.hidden = fewer
                self.proven |= proven

    def certify(self, small: int) -> Certificate:
        """Return the two tables by which a small figure is proven, without the figures that nobody prints."""
        place, proven = self.places[small], self.proven[small]
        lower, upper = (
            {self.places[each]: by for each, by in move.items() if each < self.printed}
            for move in (proven.lower, proven.upper)
        )
        return Certificate(self.rests.get(place, {place: 1}), lower, upper)

    def _multiple(self, small: int, connected: Collection[int], wanted: int) -> ProvenRange:
        """Return the range between the true figures and so great a multiple of them that it is as wide as wanted."""
        values = self.figures.values
        times = -(-wanted // values[small])
        upper: Move = {each: values[each] * times for each in connected}
        return ProvenRange(values[small] * times, {}, upper)

    def _cost(self, number: int) -> float | None:
        """Return what a reader loses with a figure; None for a 0, which stands, and for what was published before."""
        key, value = self.places[number], self.all[number].value
        if number >= self.printed or key in self.frozen or not value:
            return None
        level = {1: COST_OF_TOTAL, 3: COST_OF_MARGIN}.get(len(key), COST_OF_CROSSED)
        return level * (1 + value / (1 + max(figure.value for figure in self.all)))


def _below_small(table: CountTable, k: int) -> Iterator[FigurePlace]:
    """Yield the places of everything that is part of a small figure of a table."""
    for key, figure in table.figures():
        if figure.is_small(k):
            yield from table.below(key)
