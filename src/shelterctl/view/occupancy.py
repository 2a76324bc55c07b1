"""Occupancy of the houses: the beds of one house tonight, and who slept there by day, week, month and year."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.occupancy import (
    HouseKind,
    Night,
    NightsSummary,
    OtherSleepers,
    SleptNights,
    SleptStay,
    count_calendar_months,
    list_slept_stays,
    summarise_by_month,
    summarise_by_week,
    summarise_by_year,
)
from shelterctl.core.values.days import Span
from shelterctl.immutable import immutable
from shelterctl.index.cells import pack_cells, unpack_cells
from shelterctl.language import LabelledCode, Text
from shelterctl.session import Session
from shelterctl.ui_language import N_

OUT_STATE_BY_NUMBER = N_("out")
"""The word for somebody who is out where the reason is not said; it is one for women and men."""

ABSENCE_FACTS = ("id", "kind", "left_at", "back_at", "expected_back_at")
"""The fields of an absence that say whether somebody is out, and since when."""


def beds_tonight(
    kinds: Mapping[str, HouseKind],
    facility: str,
    house: Mapping[str, Any],
    asleep: Iterable[tuple[Client, Stay]],
    unread: int,
    day: date,
) -> dict[str, Any]:
    """Return who sleeps in one house in the night after *day* and how many beds are free; each unreadable file counts
    as one more person.
    """
    capacity, _ = kinds[house["kind"]].places(facility, house["capacity"], day)
    hers = [her for her, stay in asleep if stay.facility == facility]
    residents, children = len(hers), sum(len(her.children) for her in hers)
    others = int((house.get("others") or {}).get("number", 0))
    return {
        "facility": facility,
        "kind": LabelledCode(house["kind"], kinds[house["kind"]].text),
        "capacity": capacity,
        "residents": residents,
        "children": children,
        "others": others,
        **({"unread": unread} if unread else {}),
        "free": max(capacity - residents - children - others - unread, 0),
    }


def read_sleepers(session: Session, *, with_names: bool) -> Iterator[Client]:
    """Yield the clients who may sleep in a house in the night after today; with an index, without names, from it alone.

    *with_names* each is read from her file; otherwise only her id, sex, stay, absences and children are known.
    """
    index = session.index
    if index is None:
        yield from session.store.clients()
        return
    watch = index.watch

    def answer(her: Client) -> list[Any]:
        said = _outline_sleeper(her, watch.today)
        if any(map(_has_word, said["stays"] if said else ())):
            watch.read_elsewhere()  # so it is not kept: an index has no word that somebody typed
        return [said]

    found = index.read(["sleeper"], answer, wanted=[bool])
    if with_names:
        yield from session.store.clients([id_ for id_, _ in found])
        return
    for id_, (said,) in found:
        yield Client({
            "id": id_, "identity": {"sex": said["sex"]}, "stays": said["stays"], "children": [{}] * said["children"],
        })  # fmt: skip


def _outline_sleeper(her: Client, today: date) -> dict[str, Any] | None:
    """Return what a list of the night says of a client who sleeps in a house; None if she does not."""
    stays = [_outline_stay(stay) for stay in her.stays if stay.sleeps_here(today)]
    return {"sex": her.sex, "children": len(her.children), "stays": stays} if stays else None


def _has_word(stay: Mapping[str, Any]) -> bool:
    """Whether the room of a stay is more than a number with a letter."""
    return sum(map(str.isalpha, str(stay.get("room", "")))) > 1


def _outline_stay(stay: Stay) -> dict[str, Any]:
    """Return the house, the room, the days and the absences of a stay, without reasons that somebody wrote."""
    admission = {"admitted_on": value_at(stay.facts, "admission.admitted_on")}
    admission |= {"not_admitted": {"on": value_at(stay.facts, "admission.not_admitted.on")}}
    absences = [
        {name: one[name] for name in ABSENCE_FACTS if name in one} for one in live_entries(stay.facts.get("absences"))
    ]
    return {
        **{name: stay.facts[name] for name in ("facility", "room") if name in stay.facts},
        "received": {"at": value_at(stay.facts, "received.at")},
        "admission": admission,
        "discharge": {"on": value_at(stay.facts, "discharge.on")},
        "absences": absences,
    }


OCCUPANCY_COUNTED = N_(
    "Nights from {first} to {last}: fewest, most and full days count everybody; the average and "
    "person-nights count residents and the children who stay with them."
)
COUNTED_AS_FILES_SAY_NOW = N_("Children are counted as the files say now, and places as the house has them now.")
OTHER_PEOPLE_COUNTED = N_(
    "Other people in {facility}: {others}, counted on {day}. Averages and person-nights leave them out. "
    "Earlier numbers are not known."
)
OTHER_PEOPLE_NOT_COUNTED = N_("It is not known whether other people slept in {facility}: nobody has counted them.")
FIRST_STAY_SINCE = N_("The first recorded stay began on {since}; earlier occupancy is not recorded.")
NIGHTS_IN_NO_HOUSE = N_("Left out: {nights} person-nights of residents whose files name no house of this store.")

OCCUPANCY_COLUMNS = ("day", "facility", "capacity", "residents", "children", "others", "free")
"""The columns of one house on one day."""

MOST_MONTHS_BY_WEEK, MOST_MONTHS_BY_MONTH = 6, 36
"""The longest periods, in calendar months, for which a person is shown weeks and months; longer ones would not fit a
screen.
"""


@immutable
class HouseOccupancy:
    """One house over a period: its nights, and the last count of other people in it."""

    facility: str
    capacity: int
    others: OtherSleepers | None
    slept: tuple[Night, ...]


@immutable
class Occupancy:
    """The houses over a period, and the nights of residents whose file names none of them.

    *since* is the day of the first stay if the period begins before it, else None.
    """

    during: Span
    houses: tuple[HouseOccupancy, ...]
    nowhere: int
    since: date | None = None


def read_occupancy(session: Session, houses: Mapping[str, Any], during: Span) -> Occupancy:
    """Return the occupancy of *houses* over a period, from all clients' stays."""
    registered = session.store.shelter.value["facilities"]
    slept, begun, nowhere = {facility: SleptNights(facility, during) for facility in houses}, date.max, 0
    for stay in _read_slept_stays(session):
        begun = min(begun, stay.arrived_on)
        if stay.house in slept:
            slept[stay.house].add_stay(stay)
        elif stay.house not in registered:
            nowhere += sum(1 + stay.children for _ in stay.nights_in(during))
    lived = tuple(_house_occupancy(facility, one, slept[facility], begun) for facility, one in houses.items())
    return Occupancy(during, lived, nowhere, begun if during.first < begun < date.max else None)


def _read_slept_stays(session: Session) -> Iterator[SleptStay]:
    """Yield the stays in which clients came into a house: from the index if there is one, else from all files."""
    index = session.index
    if index is None:
        for her in session.store.clients():
            yield from list_slept_stays(her)
        return
    found = index.read(["slept stays"], lambda her: [[pack_cells(one) for one in list_slept_stays(her)]])
    for _, (stays,) in found:
        yield from (SleptStay._make(unpack_cells(one)) for one in stays)


def _house_occupancy(facility: str, house: Mapping[str, Any], slept: SleptNights, since: date) -> HouseOccupancy:
    written = house.get("others")
    others = OtherSleepers(date.fromisoformat(written["on"]), written["number"]) if written else None
    known = others if others and others.on <= slept.during.last else None
    capacity = int(house["capacity"])
    return HouseOccupancy(facility, capacity, known, slept.list_all(capacity, known, since))


def answer_occupancy(seen: Occupancy) -> Outcome:
    """Return the days as rows for a program; for a person weeks, months or years as bars, with notes on what is not
    known.
    """
    length = count_calendar_months(seen.during)
    houses = []
    for house in seen.houses:
        weeks = summarise_by_week(house.slept) if length <= MOST_MONTHS_BY_WEEK else ()
        years = summarise_by_year(house.slept) if length > MOST_MONTHS_BY_MONTH else ()
        houses.append(
            {
                "facility": house.facility,
                "capacity": house.capacity,
                "weeks": [{"week_of": week.first, "least": week.least, "most": week.most} for week in weeks],
                "months": list(month_rows(house)),
                "years": [{"year": year.first.year, **_stretch_row(year)} for year in years],
            }
        )
    first, last = seen.during
    said = ((OCCUPANCY_COUNTED, {"first": first, "last": last}),)
    data = {"rows": [*_day_rows(seen)], "houses": houses}
    return Outcome(data=data, columns=OCCUPANCY_COLUMNS, said=said, last=occupancy_notes(seen))


def occupancy_notes(seen: Occupancy) -> FilledSentences:
    """Return the sentences on what the numbers cannot say."""
    told: list[tuple[Any, Mapping[str, object]]] = [(COUNTED_AS_FILES_SAY_NOW, {})]
    for house in seen.houses:
        if house.others:
            facts = {"facility": house.facility, "others": house.others.number, "day": house.others.on}
            told.append((OTHER_PEOPLE_COUNTED, facts))
        else:
            told.append((OTHER_PEOPLE_NOT_COUNTED, {"facility": house.facility}))
    if seen.since:
        told.append((FIRST_STAY_SINCE, {"since": seen.since}))
    if seen.nowhere:
        told.append((NIGHTS_IN_NO_HOUSE, {"nights": seen.nowhere}))
    return tuple(told)


def _day_rows(seen: Occupancy) -> Iterator[dict[str, Any]]:
    for house in seen.houses:
        for night in house.slept:
            yield {
                "day": night.day,
                "facility": house.facility,
                "capacity": house.capacity,
                "residents": night.residents if night.is_recorded else None,
                "children": night.children if night.is_recorded else None,
                "others": night.others,
                "free": max(house.capacity - night.total, 0) if night.is_recorded else None,
            }


def month_rows(house: HouseOccupancy) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table, one for each month."""
    for month in summarise_by_month(house.slept):
        yield {"month": month_in_figures(month.first), **_stretch_row(month)}


def _stretch_row(some: NightsSummary) -> dict[str, Any]:
    average = None if some.average is None else float(some.average)
    told = {"least": some.least, "most": some.most, "average": average, "full": some.full, "nights": some.nights}
    return {**told, "unknown": some.unknown}


def month_in_figures(month: date) -> Text:
    """Return a month in figures, in the order that each language uses."""
    return {"en": month.isoformat()[:7], "ru": f"{month:%m.%Y}", "ky": f"{month:%m.%Y}"}
