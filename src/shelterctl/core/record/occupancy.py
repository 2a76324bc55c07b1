"""The number of people who sleep in a house: tonight, on one night, and night by night over weeks, months and years.

A house has a declared number of places. Residents are counted from their stays, children with their mothers, and other
people as they were counted at the house.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, takewhile
from typing import Annotated, NamedTuple, NotRequired, TypedDict

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.notation import NAME_ABOVE, NOT_WRITTEN, Label, ListedRulings
from shelterctl.core.manual.own_limit import OwnLimit, name_own_limit
from shelterctl.core.manual.rule import History, Ruling, ruling_in_force
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.values.days import Span, add_months, days_between
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

HOUSE_FULL = N_(
    "{facility} is full: {sleeping} sleep there, and it has {capacity} places ({clause}). "
    "Before anyone else is admitted, ask the NGO Coordinator for another house."
)
HOUSE_OVERFULL = N_(
    "{facility} is overfull: {sleeping} sleep there, and it has {capacity} places ({clause}). Ask the NGO "
    "Coordinator at once who can move to another house. Nobody has to leave."
)


class Capacity(TypedDict):
    """The greatest number of persons that a kind of house may take in, and the number that it must be able to."""

    at_most: int
    at_least: NotRequired[int]


@immutable
class HouseKind:
    """A kind of house in the rulebook, with its dated capacity, and the limits of places that the store itself set."""

    name: Annotated[str, NAME_ABOVE]
    text: Label
    capacity: Annotated[History[Capacity], ListedRulings(Capacity)]
    own: Annotated[tuple[OwnLimit, ...], NOT_WRITTEN] = ()

    def capacity_on(self, day: date) -> Ruling[Capacity] | None:
        """Return the capacity by the manual on a day, or None."""
        return ruling_in_force(self.capacity, day)

    def places(self, facility: str, declared: int, day: date) -> tuple[int, OwnLimit | None]:
        """Return how many people a house of this kind may take in on a day, and the house's own limit if that decides.

        Otherwise it is the number of places that was *declared* for the house.
        """
        limits = [one for one in self.own if one.holds_on(day) and one.holds_in(facility)]
        least = min(limits, key=lambda one: one.amount, default=None)
        return (int(least.amount), least) if least and least.amount < declared else (declared, None)


class HouseKinds(TypedDict):
    """All kinds of house, by name."""

    kinds: Mapping[str, HouseKind]


@immutable
class House:
    """One house as seen from one client on one day.

    *capacity* is the declared number of persons, or the house's *own* stricter limit; *sleeping* is the number of other
    people who sleep there that night, if they were *counted*.
    """

    kind: HouseKind
    capacity: int
    sleeping: int
    counted: bool = True
    own: OwnLimit | None = None

    def manual_capacity(self, day: date) -> Decimal | None:
        """Return the most people that a house of its kind may take in on a day, by the manual."""
        ruling = ruling_in_force(self.kind.capacity, day)
        return Decimal(ruling.params["at_most"]) if ruling else None


def sleepers(clients: Iterable[Client], day: date) -> Iterator[tuple[Client, Stay]]:
    """Return every resident who sleeps in a house in the night after *day*, with her stay there."""
    return ((client, stay) for client in clients for stay in client.stays if stay.sleeps_here(day))


def count_sleepers(clients: Iterable[Client], facility: str, day: date) -> int:
    """Return how many residents, and children who stay with them, sleep in *facility* in the night after *day*."""
    return sum(1 + len(client.children) for client, stay in sleepers(clients, day) if stay.facility == facility)


def judge_capacity(facility: str, house: House, day: date) -> Finding | None:
    """Return the finding that a house is full or overfull in the night after *day* (M1.2.9, M1.0.C3), or None.

    *house* counts everyone who sleeps there. The finding is ``open``: nobody has to leave the house because of it.
    """
    ruling = ruling_in_force(house.kind.capacity, day)
    if ruling is None or house.sleeping < house.capacity:
        return None
    found = Finding(
        code="house/full",
        severity=Severity.OPEN,
        message=HOUSE_FULL,
        where=f"/facilities/{facility}",
        clause=ruling.clause,
        facts={"facility": facility, "sleeping": house.sleeping, "capacity": house.capacity, "clause": ruling.clause},
    )
    if house.sleeping > house.capacity:
        found = replace(found, code="house/overfull", message=HOUSE_OVERFULL)
    return name_own_limit(found, house.own, house.manual_capacity(day)) if house.own else found


MAX_MONTHS = 600
"""The greatest number of calendar months in a table: more than any store lives, so that a mistyped year costs nothing.
"""


@immutable
class OtherSleepers:
    """Other people in a house, without names: their number, and the day on which they were counted."""

    on: date
    number: int


@immutable
class Night:
    """The night after a day in one house; *others* is None where they have not been counted yet.

    *is_recorded* is False for a night before the first recorded stay, of which nothing is known.
    """

    day: date
    residents: int
    children: int
    others: int | None
    capacity: int
    is_recorded: bool = True

    @property
    def sleeping(self) -> int:
        """Residents and the children who stay with them."""
        return self.residents + self.children

    @property
    def total(self) -> int:
        """All people who are known to sleep there."""
        return self.sleeping + (self.others or 0)

    @property
    def full(self) -> bool:
        """Whether no place was left."""
        return self.is_recorded and self.total >= self.capacity


@immutable
class NightsSummary:
    """A summary of consecutive nights: the least and the most people on a night that is known, everyone counted.

    *nights* is the sum of residents and their children over all nights, *average* that sum per known night. *full*
    counts nights without a free place, *unknown* nights of which nothing is recorded. Without a known night all figures
    but *unknown* are None.
    """

    first: date
    nights: int | None
    least: int | None
    most: int | None
    average: Decimal | None
    full: int | None
    unknown: int = 0


def months_up_to(day: date, months: int) -> Span:
    """Return the period of *months* calendar months that ends on *day*, within its last month."""
    earlier = min(months - 1, (day.year - 1) * 12 + day.month - 1)  # no calendar begins before the year 1
    return Span(add_months(day.replace(day=1), -earlier), day)


def count_calendar_months(during: Span) -> int:
    """Return how many calendar months a period touches."""
    first, last = during
    return (last.year - first.year) * 12 + last.month - first.month + 1


class SleptStay(NamedTuple):
    """A stay as nights are counted from it: the *house*, since when and until when she slept there, and the number of
    *children* who stay with her, as her file has them now.
    """

    house: str | None
    arrived_on: date
    left_on: date | None
    children: int

    def nights_in(self, during: Span) -> Iterator[date]:
        """Yield the days of a period after which she slept there: every day from her arrival until she left."""
        days = _days_in(Span(max(self.arrived_on, during.first), during.last))
        return takewhile(lambda day: self.left_on is None or day < self.left_on, days)


def list_slept_stays(her: Client) -> Iterator[SleptStay]:
    """Yield each stay in which a client came into a house."""
    for stay in her.stays:
        if stay.arrived_on is not None:
            yield SleptStay(stay.facility, stay.arrived_on, stay.left_on, len(her.children))


class SleptNights:
    """The nights of a period that residents and their children slept in one house, counted stay by stay."""

    def __init__(self, facility: str | None, during: Span) -> None:
        self.facility, self.during = facility, during
        self._residents: Counter[date] = Counter()
        self._children: Counter[date] = Counter()

    def add(self, her: Client) -> None:
        """Count the nights of one client."""
        for stay in list_slept_stays(her):
            if stay.house == self.facility:
                self.add_stay(stay)

    def add_stay(self, stay: SleptStay) -> None:
        """Count the nights of one stay in this house."""
        for day in stay.nights_in(self.during):
            self._residents[day] += 1
            self._children[day] += stay.children

    def list_all(self, capacity: int, others: OtherSleepers | None = None, since: date = date.min) -> tuple[Night, ...]:
        """Return every night of the period; others count from their count on, before *since* nothing is recorded."""
        counted = {day: others.number for day in _days_in(self.during) if others and others.on <= day}
        return tuple(
            Night(day, self._residents[day], self._children[day], counted.get(day), capacity, is_recorded=day >= since)
            for day in _days_in(self.during)
        )


def _days_in(during: Span) -> Iterator[date]:
    return (during.first + timedelta(days=number) for number in range(days_between(*during) + 1))


def summarise_by_year(slept: Sequence[Night]) -> tuple[NightsSummary, ...]:
    """Return a summary for each calendar year."""
    return _summarise_by(slept, lambda night: (night.day.year, 0))


def summarise_by_month(slept: Sequence[Night]) -> tuple[NightsSummary, ...]:
    """Return a summary for each calendar month."""
    return _summarise_by(slept, lambda night: (night.day.year, night.day.month))


def summarise_by_week(slept: Sequence[Night]) -> tuple[NightsSummary, ...]:
    """Return a summary for each week, which begins on a Monday; the first may be shorter."""
    return _summarise_by(slept, lambda night: night.day.isocalendar()[:2])


def _summarise_by(slept: Sequence[Night], when: Callable[[Night], tuple[int, int]]) -> tuple[NightsSummary, ...]:
    return tuple(_summarise_nights(tuple(nights)) for _, nights in groupby(slept, when))


def _summarise_nights(slept: Sequence[Night]) -> NightsSummary:
    known = [night for night in slept if night.is_recorded]
    if not known:
        return NightsSummary(slept[0].day, None, None, None, None, None, len(slept))
    everyone, nights = [night.total for night in known], sum(night.sleeping for night in known)
    average = (Decimal(nights) / len(known)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    full = sum(night.full for night in known)
    return NightsSummary(slept[0].day, nights, min(everyone), max(everyone), average, full, len(slept) - len(known))
