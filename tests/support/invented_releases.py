"""Releases of invented persons in two houses, and what subtraction alone gives a reader of them back."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from random import Random
from typing import Any, NamedTuple

from shelterctl.core.tables.release_scopes import ReleaseScope
from shelterctl.core.tables.releases import (
    CountedRelease,
    OverTime,
    ProtectedRelease,
    PublishedRelease,
    ReleaseRow,
    known_across,
    protect_release,
)
from shelterctl.core.tables.small_counts import CountTable, FigurePlace, KnownSum, count_shares, sums_of_parts

HOUSES, MONTHS = ("a", "b"), (1, 2, 3)
CODES: Mapping[str, Sequence[str]] = {
    "sex": ("female", "male"),
    "age": ("adult", "minor", "unknown"),
    "needs": ("medical", "legal"),
}
NEEDS = (("medical",), ("legal",), ("medical", "legal"))
EXCLUSIVE = ("sex", "age")
Cell = tuple[str, int, str, str, tuple[str, ...]]
"""All that is counted of a person: house, month, sex, age, needs."""


class Arrival(NamedTuple):
    """An invented person: where and when she came, what is said of her, how many nights she slept, and how many ends
    of a month she was there.
    """

    key: str
    cell: Cell
    nights: int
    months: int

    @property
    def left_in(self) -> int:
        """The month in which she left."""
        return self.cell[1] + self.months


def invent_arrivals(seed: int, number: int, months: Sequence[int] = MONTHS) -> list[Arrival]:
    """Persons whose answers are as uneven as those of a house."""
    random = Random(seed)  # noqa: S311 - nothing secret

    def one_of(codes: Sequence[Any]) -> Any:
        return random.choices(codes, [3.0**-place for place in range(len(codes))])[0]

    return [
        Arrival(
            f"p{each}",
            (
                one_of(HOUSES),
                random.choice(months),
                one_of(CODES["sex"]),
                one_of(CODES["age"]),
                random.choice(NEEDS),
            ),
            random.randint(1, 31),
            random.choice((0, 0, 1, 2)),
        )
        for each in range(number)
    ]


def scope_of(months: Iterable[int], houses: Iterable[str] = HOUSES, **answers: str) -> ReleaseScope:
    """The scope of some months and houses, and of those with some answers."""
    first, *_ = among = sorted(months)
    by = {column: frozenset({code}) for column, code in answers.items()}
    return ReleaseScope(
        frozenset(houses), date(2026, first, 1), date(2026, among[-1], monthrange(2026, among[-1])[1]), by
    )


def is_in(cell: Cell, scope: ReleaseScope, *, any_month: bool = False) -> bool:
    """Whether a scope counts the persons of a cell."""
    house, month, *_ = cell
    return (
        house in scope.houses
        and (any_month or scope.first.month <= month <= scope.last.month)
        and all(codes & {*answers_of(cell, column)} for column, codes in scope.answers.items())
    )


def answers_of(cell: Cell, column: str) -> tuple[str, ...]:
    """The answers of a cell in a column."""
    _, _, sex, age, needs = cell
    return {"sex": (sex,), "age": (age,), "needs": needs}[column]


def has_place(cell: Cell, place: FigurePlace) -> bool:
    """Whether a cell belongs to a place, its table aside."""
    return all(place[at + 1] in answers_of(cell, place[at]) for at in range(1, len(place), 2))


def count_release(
    name: str, persons: Sequence[Arrival], scope: ReleaseScope, by: Sequence[str], more: Collection[str] = ()
) -> CountedRelease:
    """A release of arrivals by some columns.

    *more* names what else is in it: ``crossed`` arrivals, ``nights`` by sex, and who was ``there`` on the first and the
    last night by sex, with who left.
    """
    arrived = [one for one in persons if is_in(one.cell, scope)]
    crossed = "crossed" in more and len(by) == 2 and "needs" not in by
    rows = [_row("arrived", arrived, by, crossed=crossed)]
    known: list[KnownSum] = []
    by_sex = [column for column in by if column == "sex"]
    if "nights" in more:
        rows.append(_row("nights", arrived, by_sex, lambda one: one.nights))
        places = [(place, ("arrived", *place[1:])) for place, _ in rows[1].table.figures()]
        known += [KnownSum({many: 1, few: -1}, at_least=True) for many, few in places]
        known += [KnownSum({few: 31, many: -1}, at_least=True) for many, few in places]
    if "there" in more:
        ever = [one for one in persons if is_in(one.cell, scope, any_month=True)]
        first, last = scope.first.month, scope.last.month
        rows += [
            _row("first", [one for one in ever if one.cell[1] < first <= one.left_in], by_sex, over=OverTime.FIRST),
            _row("last", [one for one in ever if one.cell[1] <= last < one.left_in], by_sex, over=OverTime.LAST),
            _row("left", [one for one in ever if first <= one.left_in <= last], ()),
        ]
        balance = KnownSum({("last",): -1, ("first",): 1, ("arrived",): 1, ("left",): -1})
        known += [balance, *sums_of_parts([row.table for row in rows], [balance])]
    return CountedRelease(name, scope, rows, known)


def _row(
    name: str,
    persons: Sequence[Arrival],
    by: Sequence[str],
    share: Callable[[Arrival], int] = lambda _: 1,
    *,
    crossed: bool = False,
    over: OverTime = OverTime.ADDS,
) -> ReleaseRow:
    places: list[FigurePlace] = [(name,)]
    places += [(name, column, code) for column in by for code in CODES[column]]
    inner: dict[tuple[str, str], FigurePlace] = {}
    if crossed:
        one, other = by
        inner = {pair: (name, one, pair[0], other, pair[1]) for pair in product(CODES[one], CODES[other])}
    shares = {
        place: {each.key: share(each) for each in persons if has_place(each.cell, place)}
        for place in (*places, *inner.values())
    }
    counts = {place: count_shares(parts, persons=name != "nights") for place, parts in shares.items()}
    table = CountTable(
        name,
        counts[name,],
        {column: {code: counts[name, column, code] for code in CODES[column]} for column in by},
        {pair: counts[place] for pair, place in inner.items()},
        [column for column in by if column == "needs"],
    )
    return ReleaseRow(table, "client" if over.is_of_a_night else f"stay.{name}", over, shares, {})


Published = tuple[PublishedRelease, CountedRelease]


def publish(
    counted: CountedRelease, earlier: Sequence[Published], k: int, base: int | None = None
) -> tuple[ProtectedRelease, Published]:
    """A release as it is protected beside earlier ones, and as a ledger would keep it."""
    kept = protect_release(counted, earlier, k, base, EXCLUSIVE)
    return kept, (PublishedRelease(counted.id, counted.scope, kept.shown, kept.hidden, k, base), counted)


def subtract(releases: Sequence[Published], k: int) -> list[int]:
    """The small figures that a reader computes from what is shown, by subtraction as often as it gives a new one.

    A difference that counts a few persons whom no release shows is one of them.
    """
    true = {
        (f"{one.id}/{place[0]}", *place[1:]): figure
        for _, one in releases
        for row in one.rows
        for place, figure in row.table.figures()
    }
    known = {(f"{one.id}/{place[0]}", *place[1:]): value for one, _ in releases for place, value in one.shown.items()}
    sums = [*known_across([one for _, one in releases], EXCLUSIVE)]
    for _, one in releases:
        for terms in (terms for row in one.rows for terms in row.table.sums()):
            sums.append(KnownSum({(f"{one.id}/{place[0]}", *place[1:]): by for place, by in terms.items()}))
    published = set(known)
    again = True
    while again:
        again = False
        for each in sums:
            unknown = [place for place in each.factors if place not in known]
            if len(unknown) == 1 and not each.at_least:
                (place,) = unknown
                left_over = sum(known[one] * by for one, by in each.factors.items() if one != place)
                known[place] = -left_over // each.factors[place]
                again = True
    found = [known[place] for place in known.keys() - published if true[place].is_small(k)]
    for each in sums:
        rest = each.counted_rest(true) if each.at_least else None
        if rest is not None and rest.is_small(k) and each.factors.keys() <= known.keys():
            found.append(rest.value)
    return sorted(found)
