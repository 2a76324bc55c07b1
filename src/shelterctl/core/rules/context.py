"""The surroundings of an entry when it is judged: a `Context` with the client, her stay, the shelter, the registers,
the other entries and, where a rule needs them, the files of all clients.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Registered, Stay
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    field_at_path,
    fold_value,
    list_entries,
    read_entry,
    read_parts,
)
from shelterctl.core.record.occupancy import House
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.moments import end_of_day
from shelterctl.immutable import immutable

ClientIdsByValue = dict[Any, list[str]]
"""The ids of clients, by the value of their entries at one name."""

MOST_SEARCHES = 16
"""The most answers that are searched for in the text of all files; for more, all files are read."""

WORD_TO_SEARCH = re.compile(r"(?<!\S)[!#-&(-\[\]-~]{2,}(?!\S)")
"""A word of ASCII without quotation marks and backslashes: a file has it as it is, however its text is quoted."""


@dataclass(repr=False)
class AllClients:
    """All clients of the store; *open_files* reads their files, once even if many rules need them.

    A caller that reads all files anyway calls `remember` for each, so that no file is kept in memory or opened again.
    *search_files* yields the clients whose file has a word somewhere, in small letters: for a few questions that is
    several times faster than to read every file.
    """

    open_files: Callable[[], Iterable[Client]]
    search_files: Callable[[str], Iterable[Client]] | None = None
    _said: dict[tuple[str, str], ClientIdsByValue] = field(default_factory=dict)
    _searches: int = 0

    @cached_property
    def clients(self) -> tuple[Client, ...]:
        """All clients whose files could be read."""
        return tuple(self.open_files())

    def ids_with_answer(self, track: Track, name: str, said: Any, besides: str | None) -> Iterator[str]:
        """Yield the ids of clients other than *besides* who have a live entry with the value *said* at *name*."""
        key, wanted = (track.name, name), fold_value(said)
        if key not in self._said and (found := self._search(track, name, wanted)) is not None:
            yield from (
                her.id
                for her in found
                if her.id != besides
                and any(fold_value(entry.values.get(name)) == wanted for entry in entries_of_client(track, her))
            )
            return
        if key not in self._said:
            self._said[key] = {}
            for her in self.clients:
                self.remember(track, name, her)
        yield from (id_ for id_ in self._said[key].get(wanted, ()) if id_ != besides)

    def _search(self, track: Track, name: str, wanted: Any) -> Iterable[Client] | None:
        """Return the clients whose file has the longest word of a folded value; None where all files are to be read,
        also because no answer means something there, which no file says.
        """
        words, one = (
            WORD_TO_SEARCH.findall(wanted) if isinstance(wanted, str) else (),
            field_at_path(track.fields, name),
        )
        if self.search_files is None or "clients" in vars(self) or self._searches >= MOST_SEARCHES:
            return None
        if not words or one is None or one.absent is not None:
            return None
        self._searches += 1
        return self.search_files(max(words, key=len))

    def remember(self, track: Track, name: str, her: Client) -> None:
        """Keep the values of her live entries of a track at *name*, for later questions by `ids_with_answer`."""
        found = self._said.setdefault((track.name, name), {})
        for entry in entries_of_client(track, her):
            if (said := entry.values.get(name)) is not None:
                found.setdefault(fold_value(said), []).append(her.id)

    def first_of_several(self) -> frozenset[str]:
        """Return the ids of clients who were first with a value that others share: they were judged before the others
        were read.
        """
        every = (ids for found in self._said.values() for ids in found.values())
        return frozenset(ids[0] for ids in every if ids[-1] != ids[0])

    def entries(self, track: Track, besides: str | None) -> Iterator[Entry]:
        """Return the live entries of a track in the files of clients other than *besides*."""
        return (entry for her in self.clients if her.id != besides for entry in entries_of_client(track, her))


def entries_of_client(track: Track, her: Client) -> Iterator[Entry]:
    """Yield the live entries of a track in one file, inside and outside her stays; none of another home's track."""
    if track.of_register != her.home:
        return
    for stay in her.stays if track.of_a_stay else ():
        yield from list_entries(track, stay.facts, f"/stays/{stay.index}")
    if "client" in track.home or not track.of_a_stay:
        yield from list_entries(track, her.facts, "")


class Tracks(Mapping[str, Track]):
    """The tracks of a rulebook by name; *compiled* keeps results for each kind of entry, such as its compiled rules.

    *purposes* are the names of those that the program itself needs, by purpose.
    """

    def __init__(
        self, tracks: Mapping[str, Track] | None = None, purposes: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._tracks = tracks or {}
        self._purposes = purposes
        self._taken: dict[str, Track] = {}
        self.compiled: dict[object, Any] = {}
        self._registers: dict[str, Track | None] = {}
        self._roles: dict[tuple[str, ...], Field | None] = {}

    def __getitem__(self, name: str) -> Track:
        found = self._taken.get(name)
        if found is None:
            found = self._taken[name] = self._tracks[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._tracks

    def __iter__(self) -> Iterator[str]:
        return iter(self._tracks)

    def __len__(self) -> int:
        return len(self._tracks)

    def serving(self, purpose: str) -> Track | None:
        """Return the track that serves one of `PURPOSES`; None in a rulebook that has none for it."""
        name = self._purposes.get(purpose)
        return self[name] if name is not None and name in self else None

    def serves(self, name: str, purpose: str) -> bool:
        """Return whether the track of that name serves one of `PURPOSES`."""
        return self._purposes.get(purpose) == name

    def of_register(self, place: str) -> Track | None:
        """Return the track of a register's entries, with readable and encrypted fields: of several the last by name."""
        if place not in self._registers:
            found = (track.whole for track in reversed([*self.values()]) if track.at == place and track.is_coded)
            self._registers[place] = next(found, None)
        return self._registers[place]

    def roles_of_registers(self, places: tuple[str, ...]) -> Field | None:
        """Return the field for the roles of people in one of these registers, or None."""
        if places not in self._roles:
            clear = (track.clear for track in self.values() if track.at in places)
            self._roles[places] = next((fields["role"] for fields in clear if "role" in fields), None)
        return self._roles[places]


TrackEntries = tuple[object, tuple[Entry, ...], Entry | None]
"""The tracks that were used for reading, the live entries of one track, and its effective entry."""


NO_TRACKS = Tracks()
"""An empty rulebook, for an entry that is judged by itself."""


ReadRegister = Callable[[str, str], Registered | None]
"""A function that returns the record of a home and a code; None where the person's role does not open it."""


@immutable(kw_only=True)
class Context:
    """Everything around an entry that rules may read; a file on its own has no client, registers or other entries.

    *day* decides which rules are in force, *now* which times have passed; *acts* are those that depend on the entry.
    *other_entries* are her live entries of the track, with or without this one; *registers* holds the codes that the
    store knows; *due_on* is the day from which the entry is due; *all_clients* can open every file; *read_register*
    reads what the registers hold about a code of a home.
    """

    day: date
    today: date | None = None
    now: datetime | None = None
    client: Client | None = None
    stay: Stay | None = None
    house: House | None = None
    acts: frozenset[str] = frozenset()
    other_entries: Sequence[Entry] = ()
    registers: Mapping[str, Mapping[str, Facts]] | None = None
    tracks: Tracks = field(default_factory=lambda: NO_TRACKS)
    due_on: date | None = None
    all_clients: AllClients | None = None
    read_register: ReadRegister | None = None

    def as_of(self, day: date) -> "Context":
        """Return the context as it was on *day*: what is dated later has not happened yet, but the present moment stays
        known, because an old paper may have been seen long after.
        """
        now = self.now or end_of_day(self.today or day)
        return replace(self, day=day, today=min(self.today or day, day), now=now)

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the present moment, or None where that is not known."""
        return self.now.tzinfo if self.now else None

    @property
    def house_code(self) -> str | None:
        """The code of the house whose own limits hold: that of the stay, or of the register; None where none is known.

        For an entry beside her stays it is the house of the last one that had begun on the day.
        """
        if isinstance(self.client, Registered):
            return self.client.id if self.client.home == "house" else None
        stay = self.stay
        if stay is None and self.client is not None:
            begun = [one for one in self.client.stays if one.arrived_on is not None and one.arrived_on <= self.day]
            stay = begun[-1] if begun else None
        return stay.facility if stay else None

    def locate(self, track: Track) -> tuple[Facts, str]:
        """Return the facts that hold this client's entries of a track, and the pointer to them: the stay's, else her
        file's.
        """
        return locate_track(track, self.client, self.stay)

    def entries(self, name: str) -> Sequence[Entry]:
        """Return the live entries of a track; none for an unknown track."""
        return self._read(name)[1]

    def last_entry(self, name: str) -> Entry | None:
        """Return the effective entry of a track; None where there is none or no such track."""
        if self.client is None:
            return None
        known = (self.stay or self.client).cache.get(name)
        return (known if known is not None and known[0] is self.tracks else self._read(name))[2]

    def _read(self, name: str) -> TrackEntries:
        """Return the entries of a track as seen from here, read once; an unknown track has none."""
        whose = self.stay or self.client
        known: TrackEntries | None = whose.cache.get(name) if whose else None
        if known is not None and known[0] is self.tracks:
            return known
        if name not in self.tracks:
            return self.tracks, (), None
        track = self.tracks[name]
        found = self._registered(track) if track.is_coded else tuple(list_entries(track, *self.locate(track)))
        words = effective_entries(track, found) if len(found) > 1 else found
        known = (self.tracks, found, words[-1] if words else None)
        if whose:
            whose.cache[name] = known
        return known

    def _registered(self, track: Track) -> tuple[Entry, ...]:
        """Return what is registered under the code whose registers these are, as the one entry of its track."""
        whose = self.client
        known = find_in_register(self, track.at, whose.id) if whose and whose.home in track.home else None
        return (read_entry(track.whole, known),) if known else ()

    def entries_in_place(self, track: Track) -> Sequence[Entry]:
        """Return the live entries of a track at its place for this client; tracks of the rulebook are read once."""
        known = track.name in self.tracks and self.tracks[track.name] is track
        return self.entries(track.name) if known else list_entries(track, *self.locate(track))

    def client_entries(self, name: str) -> Sequence[Entry]:
        """Return the live entries of a track anywhere in her file, inside and outside stays, each read once."""
        if self.client is None:
            return ()
        known: tuple[object, tuple[Entry, ...]] | None = self.client.cache.get(f"{name} of all")
        if known is None or known[0] is not self.tracks:
            found = tuple(read_parts(one) for one in entries_of_client(self.tracks[name], self.client))
            known = self.client.cache[f"{name} of all"] = (self.tracks, found)
        return known[1]

    def for_entry(self, entry: Entry, acts: frozenset[str] = frozenset()) -> "Context":
        """Return the context of one entry on its own day, with the *acts* that were done to it.

        Other entries of its track are included only where a rule of the track reads them: a file may have thousands. An
        entry outside her stays is judged by the stay to which its day belongs: a session during her first stay is
        compared with her first arrival, and so is one before she first came.
        """
        track, on, stay, others = entry.whole.definition, entry.day or self.day, self.stay, self.other_entries
        if isinstance(track, Track) and track.looks_at_others:
            others = self.client_entries(track.name)
        her = self.client
        if her is not None and (stay is None or (isinstance(track, Track) and not track.of_a_stay)):
            stay = her.stay_on(on) or next(iter(her.dated_stays), her.stay)
        if on == self.day and stay is self.stay and others is self.other_entries and not acts:
            return self
        return Context(  # `replace` takes three times as long, and a file has hundreds of entries
            day=on,
            today=self.today,
            now=self.now,
            client=her,
            stay=stay,
            house=self.house,
            acts=self.acts | acts if acts else self.acts,
            other_entries=others,
            registers=self.registers,
            tracks=self.tracks,
            due_on=self.due_on,
            all_clients=self.all_clients,
            read_register=self.read_register,
        )

    def event_day(self, name: str) -> date | None:
        """Return the day of an event by its name; None where it has not happened or the day is unknown."""
        stay, around = self.stay, {"today": self.today, "act": self.day, "due": self.due_on}
        if name in around:
            return around[name]
        if name == "opened":
            return self.client.opened_on if isinstance(self.client, Registered) else None
        if stay is None:
            return None
        if name == "referral":
            return stay.day("referral.received_at")
        return {"arrival": stay.arrived_on, "admission": stay.admitted_on, "discharge": stay.discharged_on}.get(name)


EVENTS = ("today", "act", "due", "opened", "referral", "arrival", "admission", "discharge")
"""The days that a rule may name besides fields: events of the stay, the day of the act, and today.

*opened* is the first day of a register.
"""


def find_in_register(context: Context, register: str, code: object) -> Facts | None:
    """Return the facts of a code in a register; None if it is not registered."""
    return (context.registers or {}).get(register, {}).get(str(code))


def find_in_registers(context: Context, registers: Iterable[str], code: object) -> Facts | None:
    """Return the facts of a code in the first of these registers that has it; None if none has."""
    for register in registers:
        if (found := find_in_register(context, register, code)) is not None:
            return found
    return None


def locate_track(track: Track, client: Client | None, stay: Stay | None) -> tuple[Facts, str]:
    """Return the facts that hold a track's entries, seen from a stay or from none, and the pointer to them."""
    if client is not None and track.of_register != client.home:
        return {}, ""
    if track.of_a_stay and stay is not None:
        return stay.facts, f"/stays/{stay.index}"
    return (client.facts, "") if client and ("client" in track.home or stay is None) else ({}, "")
