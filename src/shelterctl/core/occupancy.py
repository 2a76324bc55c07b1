"""How full a house was: who slept there night by night, and the same by week and by month."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from shelterctl.core.days import Span, days_from, months_after
from shelterctl.core.record import Client, Stay

LONGEST = 600
"""How many calendar months are told of at most: more than any store lives, so that a slip in a year costs nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Others:
    """Other people of a house, without names: how many, and the day on which they were counted."""

    on: date
    number: int


@dataclass(frozen=True, slots=True, repr=False)
class Night:
    """The night after a day in one house; *others* is None where nobody has counted them yet.

    A night before the first stay that is written down is not *known*: nothing says that nobody slept there.
    """

    day: date
    residents: int
    children: int
    others: int | None
    capacity: int
    known: bool = True

    @property
    def sleeping(self) -> int:
        """Residents, and the children who stay with them."""
        return self.residents + self.children

    @property
    def everyone(self) -> int:
        """All who are known to sleep there: whoever takes a place."""
        return self.sleeping + (self.others or 0)

    @property
    def full(self) -> bool:
        """Whether no place was left."""
        return self.known and self.everyone >= self.capacity


@dataclass(frozen=True, slots=True, repr=False)
class Stretch:
    """Some nights on end: of those that are known, the emptiest and the fullest, with everyone who slept there.

    *nights* adds the residents and their children up, night by night; *average* is what that makes a known night;
    *full* counts the nights without a place left, and *unknown* those of which nothing is written down. Without a known
    night there is nothing but that.
    """

    first: date
    nights: int | None
    least: int | None
    most: int | None
    average: Decimal | None
    full: int | None
    unknown: int = 0


def period(day: date, months: int) -> Span:
    """The calendar month of *day* and those before it, *months* in all, up to *day*."""
    earlier = min(months - 1, (day.year - 1) * 12 + day.month - 1)  # no calendar begins before the year 1
    return Span(months_after(day.replace(day=1), -earlier), day)


def months_of(during: Span) -> int:
    """How many calendar months a period touches."""
    first, last = during
    return (last.year - first.year) * 12 + last.month - first.month + 1


def nights(
    clients: Iterable[Client], facility: str | None, during: Span, capacity: int, others: Others | None = None,
    since: date = date.min,
) -> tuple[Night, ...]:  # fmt: skip
    """Every night of a period in one house; children count as her file has them now, others from their count on.

    Before *since* nothing is written down.
    """
    residents: Counter[date] = Counter()
    children: Counter[date] = Counter()
    for her in clients:
        here = [day for stay in her.stays if stay.facility == facility for day in _slept(stay, during)]
        residents.update(here)
        for day in here:
            children[day] += len(her.children)
    return tuple(
        Night(
            day,
            residents[day],
            children[day],
            others.number if others and others.on <= day else None,
            capacity,
            known=day >= since,
        )
        for day in _days(during)
    )


def _slept(stay: Stay, during: Span) -> Iterator[date]:
    """The days of the period after which she slept there: on end from her arrival, or none."""
    if stay.arrived_on is None or stay.arrived_on > during.last:
        return
    for day in _days(Span(max(stay.arrived_on, during.first), during.last)):
        if not stay.sleeps_here(day):
            return
        yield day


def _days(during: Span) -> Iterator[date]:
    return (during.first + timedelta(days=number) for number in range(days_from(*during) + 1))


def by_year(slept: Sequence[Night]) -> tuple[Stretch, ...]:
    """The same by calendar year."""
    return _together(slept, lambda night: (night.day.year, 0))


def by_month(slept: Sequence[Night]) -> tuple[Stretch, ...]:
    """The same by calendar month."""
    return _together(slept, lambda night: (night.day.year, night.day.month))


def by_week(slept: Sequence[Night]) -> tuple[Stretch, ...]:
    """The same by week, which begins on a Monday; the first may be cut short."""
    return _together(slept, lambda night: night.day.isocalendar()[:2])


def _together(slept: Sequence[Night], when: Callable[[Night], tuple[int, int]]) -> tuple[Stretch, ...]:
    return tuple(_stretch(tuple(some)) for _, some in groupby(slept, when))


def _stretch(slept: Sequence[Night]) -> Stretch:
    known = [night for night in slept if night.known]
    if not known:
        return Stretch(slept[0].day, None, None, None, None, None, len(slept))
    everyone, nights = [night.everyone for night in known], sum(night.sleeping for night in known)
    average = (Decimal(nights) / len(known)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    full = sum(night.full for night in known)
    return Stretch(slept[0].day, nights, min(everyone), max(everyone), average, full, len(slept) - len(known))
