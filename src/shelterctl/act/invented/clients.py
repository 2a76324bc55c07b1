"""Invented clients: their stays one after the other in the beds of the house, and the whole file of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from shelterctl.act.invented.frequency import Frequency, Occurrence, list_moments, read_data, read_frequencies
from shelterctl.act.invented.stamps import CLIENT_ENTRY_LETTERS, InventedStamps
from shelterctl.act.invented.values import InventedValues, Surroundings
from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.session import Session

ARRIVAL_HOURS = (9, 23)
DAYS_BETWEEN_STAYS = 60
TURNED_AWAY_HOURS = 24


@dataclass(repr=False)
class StayPlan:
    """A stay that is to be invented: of which client by number, from when to when; without an end she is there.

    *house* is the number of the house, from 0.
    """

    client: int
    arrival: datetime
    leaving: datetime | None = None
    turned_away: bool = False
    house: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    def covers(self, moment: datetime) -> bool:
        """Return whether she is in the house at a moment."""
        return not self.turned_away and self.arrival <= moment and (self.leaving is None or moment < self.leaving)


def count_guests(clients: int) -> tuple[int, int, int]:
    """Return how many of so many clients are turned away, how many have a bed, and how many of these come again."""
    data = read_data("house")
    away = max(1, clients // data["turned_away"])
    lived = max(1, clients - away)
    return away, lived, lived // data["again"]


def most_clients(days: int, houses: int) -> int:
    """Return the largest number of clients who can be invented for so many days in so many houses.

    Above a number that is always possible, each stay needs a bed for some days.
    """
    data = read_data("house")
    stays = houses * data["residents"] * (days // data["days_of_stay"])
    found = int(data["always_possible"])
    while sum(count_guests(found + 1)[1:]) <= stays:
        found += 1
    return found


def plan_stays(clients: int, first: datetime, now: datetime, lot: Random, houses: int = 1) -> list[StayPlan]:
    """Return stays of so many clients from *first* to *now*: in each bed one after the other, some clients twice.

    The beds are those of so many *houses*. One client in some is turned away; she has no bed.
    """
    data = read_data("house")
    away, lived, again = count_guests(clients)
    beds = min(houses * data["residents"], max(1, clients // data["clients_of_bed"]))
    length = (now - first) * beds / (lived + again)
    plans: list[StayPlan] = []
    for bed in range(beds):
        count = (lived + again) // beds + (bed < (lived + again) % beds)
        for plan in _stays_in_bed(count, first, now, length, lot):
            plan.house = bed % houses
            plans.append(plan)
    plans.sort(key=lambda one: one.arrival)
    _name_clients(plans, lived, again)
    for number in range(away):
        at = _at_arrival(first + (now - first) * (number + 1) / (away + 1), lot)
        left = at + timedelta(hours=TURNED_AWAY_HOURS)
        plans.append(StayPlan(lived + number, at, left, turned_away=True, house=number % houses))
    return sorted(plans, key=lambda one: one.arrival)


def _stays_in_bed(count: int, first: datetime, now: datetime, length: timedelta, lot: Random) -> Iterator[StayPlan]:
    """Yield the stays in one bed; the first began before the house kept registers, the last goes on."""
    begins = first - length * lot.random() * 0.5
    share = (now - begins) / count
    for number in range(count):
        arrival = _at_arrival(begins + share * (number + lot.random() * 0.1 * (number > 0)), lot)
        ends = _at_arrival(begins + share * (number + 1) - timedelta(1), lot)
        leaving = ends.replace(hour=11) if number < count - 1 and ends - arrival > timedelta(2) else None
        if arrival < now:
            yield StayPlan(0, arrival, leaving)


def _at_arrival(moment: datetime, lot: Random) -> datetime:
    return datetime.combine(moment.date(), time(lot.randint(*ARRIVAL_HOURS), lot.randrange(0, 60, 10)))


def _name_clients(plans: Sequence[StayPlan], lived: int, again: int) -> None:
    """Give every stay its client by number: the last stays are of clients who left long enough ago."""
    for number, plan in enumerate(plans):
        plan.client = number
    back: set[int] = set()
    for plan in plans[lived:]:
        ended = [
            each.client
            for each in plans
            if each.leaving and each.leaving + timedelta(DAYS_BETWEEN_STAYS) < plan.arrival and each.client not in back
        ]
        if ended and again:
            plan.client = ended[0]
            back.add(ended[0])


@dataclass(repr=False)
class InventedClients:
    """Draws the files of clients. *houses* are their codes.

    *residents* returns the ids of those who are in the house of a code at a moment. *lacks* says whether a track has no
    entry yet: then the next client has one.
    """

    session: Session
    values: InventedValues
    stamps: InventedStamps
    now: datetime
    houses: Sequence[str]
    residents: Callable[[datetime, str], Sequence[str]]
    lacks: Callable[[str], bool]

    def file(self, id_: str, plans: Sequence[StayPlan]) -> dict[str, Any]:
        """Return the whole file of a client with her stays, in the order of the rulebook's tracks."""
        first = plans[0].arrival
        record: dict[str, Any] = {
            "schema": "resident/1",
            "id": id_,
            "identity": {},
            "stays": [],
            **self.stamps.stamp(first),
        }
        for plan in plans:
            self._begin_stay(record, plan)
            only = read_data("house")["turned_away_tracks"] if plan.turned_away else None
            for track in self._tracks():
                if only is None or track.name in only:
                    for frequency in read_frequencies(track, only and only[track.name]):
                        self._add_entries(record, plan, track, frequency)
        return record

    def _tracks(self) -> Iterator[Track]:
        """Yield the tracks of clients, except that of stays and that of all forms together."""
        tracks = self.session.rulebook.tracks
        left_out = {
            *(track.family for track in tracks.values()),
            *(track.name for track in tracks.values() if track.at == STAYS_KEY),
        }
        for track in tracks.values():
            of_client = {"client", "stay", "left"} & {*track.home}
            if of_client and track.name not in left_out:
                yield track

    def _begin_stay(self, record: dict[str, Any], plan: StayPlan) -> None:
        """Add a stay with its days, by which everything else in it is judged."""
        offset = self.values.offset
        arrived = f"{plan.arrival:%Y-%m-%dT%H:%M}{offset}"
        plan.facts = {
            "id": self.stamps.entry_id(CLIENT_ENTRY_LETTERS),
            **self.stamps.stamp(plan.arrival),
            "facility": self.houses[plan.house],
            "room": str(1 + len(record["stays"])),
            "received": {"at": arrived},
        }
        if plan.leaving and not plan.turned_away:
            plan.facts["discharge"] = {"on": plan.leaving.date().isoformat()}
        record["stays"].append(plan.facts)

    def _add_entries(self, record: dict[str, Any], plan: StayPlan, track: Track, frequency: Frequency) -> None:
        lot = self.values.lot
        if self.lacks(track.name):
            frequency = replace(frequency, odds=100, times=(min(1, frequency.times[1]), frequency.times[1]))
        if lot.randrange(100) >= frequency.odds or (
            not track.of_a_stay and track.keeps == "one" and value_at(record, track.at or "none")
        ):
            return
        place = plan.facts if track.of_a_stay else record
        for at, one in self._moments(track, frequency, plan):
            her, moment = Client(record), at.moment
            stay = next((each for each in her.stays if each.id == plan.facts["id"]), None)
            held = stay_context(self.session, her, stay, moment.date())
            clients = [each for each in self.residents(moment, plan.facts["facility"]) if each != her.id]
            last = max(moment, min(plan.leaving or self.now, self.now) if not frequency.at else self.now)
            written = self.values.entry(track, one, Surroundings(moment, last, held, at.ends, clients), at.turn)
            self._put(place, track, written, moment)

    def _moments(self, track: Track, frequency: Frequency, plan: StayPlan) -> Iterator[tuple[Occurrence, Frequency]]:
        """Yield the moments of a track's entries about a stay, each with the answers that are given then."""
        for fixed in frequency.for_codes(track):
            yield from ((at, fixed) for at in self._times(track, frequency, plan) if at.moment <= self.now)

    def _times(self, track: Track, frequency: Frequency, plan: StayPlan) -> Sequence[Occurrence]:
        lot, ended = self.values.lot, plan.leaving
        if "left" in track.home and (ended is None or plan.turned_away):
            return []
        at = frequency.at or ({"from": "arrival", "hours": [0, 72]} if track.keeps == "one" else None)
        if at:
            event = plan.arrival if at["from"] == "arrival" else ended
            count = (
                lot.randint(*frequency.times) if track.many and not frequency.for_each else min(1, frequency.times[1])
            )
            if event is None:
                return []
            return sorted(Occurrence(event + timedelta(hours=lot.randint(*at["hours"]))) for _ in range(count))
        first = plan.arrival + timedelta(days=1)
        last = (ended - timedelta(hours=3)) if ended else self.now
        if last <= first:
            return []
        return sorted(list_moments(frequency, first, last, lot), key=lambda one: one.moment)

    def _put(self, place: dict[str, Any], track: Track, written: Facts, moment: datetime) -> None:
        """Write an entry at its track's place."""
        if not track.at:
            place |= written
            return
        *above, last = track.at.split(".")
        for key in above:
            place = place.setdefault(key, {})
        if track.many:
            place.setdefault(last, []).extend(self.stamps.entries(track, written, moment, CLIENT_ENTRY_LETTERS))
        else:
            place[last] = {**place.get(last, {}), **written}
