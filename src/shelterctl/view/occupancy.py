"""How full the houses were: who slept there by day, by week and by month, and what is not known of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl.core.days import Span
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.occupancy import Night, Others, Stretch, by_month, by_week, by_year, months_of, nights
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, Text

COUNTED = N_(
    "Who slept here night by night, {first} to {last}: fewest, most and full days count everybody, the average and "
    "person-nights residents and the children who stay with them."
)
AS_NOW = N_("Children are counted as her file has them now, and places as they are declared now.")
OTHERS = N_(
    "Other people in {facility}: {others}, counted on {day}. They are in none of the averages and person-nights. How "
    "many there were before is not known."
)
NO_OTHERS = N_("Whether other people slept in {facility} is not known: nobody has counted them.")
SINCE = N_("The first entry of a stay is of {since}; how full the house was before is not recorded.")
NOWHERE = N_("Left out are {nights} person-nights of residents whose file names no house of this store.")

COLUMNS = ("day", "facility", "capacity", "residents", "children", "others", "free")
"""What is told of one house on one day."""

BY_WEEK, BY_MONTH = 6, 36
"""Up to so many months a person is shown the weeks, or the months; more of them would not stay on a screen."""


@dataclass(frozen=True, slots=True, repr=False)
class Lived:
    """One house over a period: its night by night, and what is known of other people in it."""

    facility: str
    capacity: int
    others: Others | None
    slept: tuple[Night, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Occupancy:
    """The houses over a period, and the nights of residents whose file names none of them.

    *since* is the day of the first stay, where the period begins before it.
    """

    during: Span
    houses: tuple[Lived, ...]
    nowhere: int
    since: date | None = None


def occupancy(here: Desk, houses: Mapping[str, Any], during: Span) -> Occupancy:
    """What the files say of these houses over a period."""
    clients = tuple(here.store.clients())
    begun = min((stay.arrived_on for her in clients for stay in her.stays if stay.arrived_on), default=None)
    since = begun or date.max
    lived = tuple(_lived(facility, one, clients, during, since) for facility, one in houses.items())
    nowhere = _nowhere(clients, here.store.shelter.value["facilities"], during)
    return Occupancy(during, lived, nowhere, begun if begun and begun > during.first else None)


def _lived(facility: str, house: Mapping[str, Any], clients: Iterable[Client], during: Span, since: date) -> Lived:
    written = house.get("others")
    others = Others(date.fromisoformat(written["on"]), written["number"]) if written else None
    known = others if others and others.on <= during.last else None
    capacity = int(house["capacity"])
    return Lived(facility, capacity, known, nights(clients, facility, during, capacity, known, since))


def _nowhere(clients: Sequence[Client], registered: Iterable[str], during: Span) -> int:
    elsewhere = {stay.facility for her in clients for stay in her.stays} - {*registered}
    return sum(night.sleeping for facility in elsewhere for night in nights(clients, facility, during, 0))


def answer(seen: Occupancy) -> Outcome:
    """The days as rows for a program; for a person weeks, months or years as bars, and what is not known."""
    length = months_of(seen.during)
    houses = [
        {
            "facility": house.facility,
            "capacity": house.capacity,
            "weeks": list(_weeks(house)) if length <= BY_WEEK else [],
            "months": list(months(house)),
            "years": list(_years(house)) if length > BY_MONTH else [],
        }
        for house in seen.houses
    ]
    first, last = seen.during
    said = ((COUNTED, {"first": first, "last": last}),)
    data = {"rows": [*_days(seen)], "houses": houses}
    return Outcome(data=data, columns=COLUMNS, said=said, last=notes(seen))


def notes(seen: Occupancy) -> Said:
    """What the numbers cannot say, for whoever reads them."""
    told: list[tuple[Any, Mapping[str, object]]] = [(AS_NOW, {})]
    for house in seen.houses:
        if house.others:
            facts = {"facility": house.facility, "others": house.others.number, "day": house.others.on}
            told.append((OTHERS, facts))
        else:
            told.append((NO_OTHERS, {"facility": house.facility}))
    if seen.since:
        told.append((SINCE, {"since": seen.since}))
    if seen.nowhere:
        told.append((NOWHERE, {"nights": seen.nowhere}))
    return tuple(told)


def _days(seen: Occupancy) -> Iterator[dict[str, Any]]:
    for house in seen.houses:
        for night in house.slept:
            yield {
                "day": night.day,
                "facility": house.facility,
                "capacity": house.capacity,
                "residents": night.residents if night.known else None,
                "children": night.children if night.known else None,
                "others": night.others,
                "free": max(house.capacity - night.everyone, 0) if night.known else None,
            }


def _weeks(house: Lived) -> Iterator[dict[str, Any]]:
    for week in by_week(house.slept):
        yield {"week_of": week.first, "least": week.least, "most": week.most}


def months(house: Lived) -> Iterator[dict[str, Any]]:
    """The rows of the table: a month each."""
    return ({"month": named(month.first), **_row(month)} for month in by_month(house.slept))


def _years(house: Lived) -> Iterator[dict[str, Any]]:
    return ({"year": year.first.year, **_row(year)} for year in by_year(house.slept))


def _row(some: Stretch) -> dict[str, Any]:
    average = None if some.average is None else float(some.average)
    told = {"least": some.least, "most": some.most, "average": average, "full": some.full, "nights": some.nights}
    return {**told, "unknown": some.unknown}


def named(month: date) -> Text:
    """A month in figures, as the days of each language are written."""
    return {"en": month.isoformat()[:7], "ru": f"{month:%m.%Y}", "ky": f"{month:%m.%Y}"}
