"""Invented entries about the house, its staff, NGOs and providers, and the names behind their codes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shelterctl.act.invented.frequency import Frequency, Occurrence, list_moments, read_data, read_frequencies
from shelterctl.act.invented.stamps import REGISTER_ENTRY_LETTERS, InventedStamps
from shelterctl.act.invented.values import InventedValues, Surroundings
from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import MONTH_REPORT, REGISTER_HOMES, Track
from shelterctl.core.record.client import Registered
from shelterctl.core.record.register import HOME_KEY, REGISTER_SCHEMA
from shelterctl.session import Session
from shelterctl.store.subject import list_codes

HOUSES = REGISTER_HOMES[0]


@dataclass(repr=False)
class InventedRegisters:
    """Draws what registers hold from *first* to *now*.

    *residents* returns the ids of those who are in the house of a code, or in any, at a moment.
    """

    session: Session
    values: InventedValues
    stamps: InventedStamps
    first: datetime
    now: datetime
    residents: Callable[[datetime, str | None], Sequence[str]]

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the record of each code with entries, home by home; reports are written by their own command."""
        for home in REGISTER_HOMES:
            every = self.session.rulebook.tracks
            tracks = [
                each
                for each in every.values()
                if each.of_register == home and not every.serves(each.name, MONTH_REPORT)
            ]
            for code in sorted(list_codes(self.session.store, home)) if tracks else ():
                yield self._record(home, code, tracks)

    def _record(self, home: str, code: str, tracks: Sequence[Track]) -> dict[str, Any]:
        head = {"schema": REGISTER_SCHEMA, HOME_KEY: home, "id": code}
        record: dict[str, Any] = dict(head)
        her = Registered({**head, "opened": self.first.date().isoformat()})
        for track in tracks:
            above, _, last = track.at.rpartition(".")
            place = record.setdefault(above, {}) if above else record
            entries = [
                one
                for often in read_frequencies(track)
                for at in self._moments(track, often)
                for one in self._entries(track, often, her, at)
            ]
            if entries:
                place.setdefault(last, []).extend(entries)
        return {name: value for name, value in record.items() if value}

    def _moments(self, track: Track, frequency: Frequency) -> Iterator[Occurrence]:
        """Yield the times of a track's entries; what may lie ahead is planned for some days more."""
        ahead = _may_be_planned(track)
        last = self.now + timedelta(read_data("house")["planned_days"]) if ahead else self.now
        found = list_moments(frequency, self.first, last, self.values.lot)
        return (each for each in found if ahead or each.moment <= self.now)

    def _entries(self, track: Track, frequency: Frequency, her: Registered, at: Occurrence) -> Iterator[dict[str, Any]]:
        moment = at.moment
        for fixed in frequency.for_codes(track):
            held = stay_context(self.session, her, None, moment.date())
            there = self.residents(min(moment, self.now), her.id if her.home == HOUSES else None)
            around = Surroundings(moment, max(self.now, moment), held, at.ends, there)
            written = self.values.entry(track, fixed, around, at.turn)
            yield from self.stamps.entries(track, written, min(moment, self.now), REGISTER_ENTRY_LETTERS)

    def code(self, track: Track, more: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is registered under a code: the part in clear and the part in the directory."""
        held = stay_context(self.session, Registered({HOME_KEY: "", "id": ""}), None, self.first.date())
        begun = self.first - timedelta(read_data("house")["before_days"])
        (frequency,) = read_frequencies(track)
        answers = {name: [value] for name, value in more.items() if name != "code"}
        frequency = replace(frequency, answers={**frequency.answers, **answers})
        whole = self.values.entry(track.whole, frequency, Surroundings(begun, self.now, held))
        clear, behind = (
            {name: value for name, value in whole.items() if name in fields} for fields in (track.clear, track.fields)
        )
        return clear, behind


def _may_be_planned(track: Track) -> bool:
    """Return whether the day of a track's entries may lie ahead."""
    named = (track.day,) if isinstance(track.day, str) else track.day or ()
    days: list[Field] = [track.fields[name] for name in named if name in track.fields]
    return bool(days) and all(one.ahead for one in days)
