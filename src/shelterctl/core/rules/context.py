"""What surrounds an entry when it is judged, and what the names that a rule uses mean there.

A `Context` holds the client, her stay, the shelter, the registers, the other entries and, where a rule needs them,
the files of all clients. A name in a rule means a field of the entry, a field of another track, an event such as
the arrival, or a number that is counted. The functions here resolve such names, and find the other entries that a
rule looks at together with this one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, Answers, Field, PossibleSpan
from shelterctl.core.manual.rule import Ruling
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    field_at_path,
    fold_value,
    is_wanted_answer,
    list_entries,
    read_entry,
    read_parts,
)
from shelterctl.core.record.occupancy import House
from shelterctl.core.values.days import Span, add_days, add_months, months_spanned
from shelterctl.core.values.facts import Facts

ClientIdsByValue = dict[Any, list[str]]
"""The ids of clients, by what their entries say at one name."""


@dataclass(repr=False)
class AllClients:
    """Every client of the store; *open_files* reads their files, each once however many rules ask.

    Who reads all files anyway lets what each says be remembered, so that none is kept, or opened again.
    """

    open_files: Callable[[], Iterable[Client]]
    _said: dict[tuple[str, str], ClientIdsByValue] = field(default_factory=dict)

    @cached_property
    def clients(self) -> tuple[Client, ...]:
        """Everybody whose file is whole."""
        return tuple(self.open_files())

    def ids_with_answer(self, track: Track, name: str, said: Any, besides: str | None) -> Iterator[str]:
        """The ids of whoever else than *besides* has a live entry of a track that says the same at a name."""
        key = (track.name, name)
        if key not in self._said:
            self._said[key] = {}
            for her in self.clients:
                self.remember(track, name, her)
        return (id_ for id_ in self._said[key].get(fold_value(said), ()) if id_ != besides)

    def remember(self, track: Track, name: str, her: Client) -> None:
        """Keep what her live entries of a track say at a name, for whoever asks who else says so."""
        found = self._said.setdefault((track.name, name), {})
        for entry in entries_of_client(track, her):
            if (said := entry.values.get(name)) is not None:
                found.setdefault(fold_value(said), []).append(her.id)

    def first_of_several(self) -> frozenset[str]:
        """The ids of whoever says something first that others say too: they were not known when she was asked about."""
        every = (ids for found in self._said.values() for ids in found.values())
        return frozenset(ids[0] for ids in every if ids[-1] != ids[0])

    def entries(self, track: Track, besides: str | None) -> Iterator[Entry]:
        """The live entries of a track in other files than *besides*, wherever they lie."""
        return (entry for her in self.clients if her.id != besides for entry in entries_of_client(track, her))


def entries_of_client(track: Track, her: Client) -> Iterator[Entry]:
    """The live entries of a track in one file: in each of her stays, and beside them."""
    for stay in her.stays if track.of_a_stay else ():
        yield from list_entries(track, stay.facts, f"/stays/{stay.index}")
    if "client" in track.home or not track.of_a_stay:
        yield from list_entries(track, her.facts, "")


FIELD_ASKED, FIELD_NOT_YET_ASKED, FIELD_CONTRADICTED = "asked", "not yet", "contradicted"
"""Whether a field is asked; not before its parent is answered, or never, for that one says otherwise."""

TrackEntries = tuple[object, tuple[Entry, ...], Entry | None]
"""By which tracks it was read, the live entries of one of them, and the one that has the last word."""


@dataclass(slots=True, kw_only=True, repr=False, eq=False)  # as a finding is
class Context:
    """Everything that stands around an entry; a bare file has no client, no registers and no other entries.

    *day* decides which rules are in force, *now* which times have passed, *acts* are those that rest on
    the entry. *other_entries* are her live entries of the same list besides this one; *registers* the codes that the
    house knows; *due_on* is the day from which the entry is due, and *all_clients* opens every file.
    """

    day: date
    today: date | None = None
    now: datetime | None = None
    client: Client | None = None
    stay: Stay | None = None
    house: House | None = None
    acts: frozenset[str] = frozenset()
    other_entries: tuple[Entry, ...] = ()
    registers: Mapping[str, Mapping[str, Facts]] | None = None
    tracks: Mapping[str, Track] = field(default_factory=dict)
    due_on: date | None = None
    all_clients: AllClients | None = None

    def locate(self, track: Track) -> tuple[Facts, str]:
        """Where the entries of a track lie for this client, and the pointer to it: in the stay, else in her file."""
        return locate_track(track, self.client, self.stay)

    def entries(self, name: str) -> Sequence[Entry]:
        """The live entries of a track, read; one that is not there is none."""
        return self._read(name)[1]

    def last_entry(self, name: str) -> Entry | None:
        """The entry of a track that has the last word; None where there is none, or no such track."""
        if self.client is None:
            return None
        known = (self.stay or self.client).cache.get(name)
        return (known if known is not None and known[0] is self.tracks else self._read(name))[2]

    def _read(self, name: str) -> TrackEntries:
        """What was read of a track once, as seen from here; none of what is no track."""
        whose = self.stay or self.client
        known: TrackEntries | None = whose.cache.get(name) if whose else None
        if known is not None and known[0] is self.tracks:
            return known
        if name not in self.tracks:
            return self.tracks, (), None
        track = self.tracks[name]
        found = tuple(list_entries(track, *self.locate(track)))
        words = effective_entries(track, found) if len(found) > 1 else found
        known = (self.tracks, found, words[-1] if words else None)
        if whose:
            whose.cache[name] = known
        return known

    def client_entries(self, name: str) -> Sequence[Entry]:
        """The live entries of a track wherever they lie in her file, each read once: in her stays, and beside them."""
        if self.client is None:
            return ()
        known: tuple[object, tuple[Entry, ...]] | None = self.client.cache.get(f"{name} of all")
        if known is None or known[0] is not self.tracks:
            found = tuple(read_parts(one) for one in entries_of_client(self.tracks[name], self.client))
            known = self.client.cache[f"{name} of all"] = (self.tracks, found)
        return known[1]

    def for_entry(self, entry: Entry) -> "Context":
        """The same as seen from one entry: her others of its track are all that are not itself.

        They are looked for where a rule of the track looks at them at all: a file may have thousands.
        """
        whole = entry.whole
        if not isinstance(whole.definition, Track) or not whole.definition.looks_at_others:
            return self
        own = (whole.written.get("id"), whole.where)
        others = tuple(
            one for one in self.client_entries(whole.definition.name) if own != (one.written.get("id"), one.where)
        )
        return replace(self, other_entries=others) if others != self.other_entries else self

    def for_day(self, day: date) -> "Context":
        """What stands around an entry beside her stays, as seen from the stay to which its day belongs.

        A session of her first stay is held against her first arrival, and so is one before she ever came.
        """
        her = self.client
        stay = (her.stay_on(day) or next(iter(her.dated_stays), her.stay)) if her else None
        return self if stay is self.stay else replace(self, stay=stay)

    def event_day(self, name: str) -> date | None:
        """The day of something that happened, by its name; None where it did not, or nobody knows."""
        stay = self.stay
        if name == "today":
            return self.today
        if name == "act":
            return self.day
        if name == "due":
            return self.due_on
        if name == "referral":
            return stay.day("referral.received_at") if stay else None
        if stay is None:
            return None
        return {"arrival": stay.arrived_on, "admission": stay.admitted_on, "discharge": stay.discharged_on}.get(name)


EVENTS = ("today", "act", "due", "referral", "arrival", "admission", "discharge")
"""What a rule may name besides fields: days of the stay, of the act, and the day taken as today."""

RESERVED_NAMES = frozenset({*EVENTS, "stay", "client", "house"})
"""Names that mean what stands around an entry, and no field of it."""


def resolve_value(entry: Entry, name: str, context: Context) -> Any:
    """What a name means for an entry: a field of its own, of what it is part of, or of a track; else None.

    The stay, the client, the house and events are what they are, whatever field has their name.
    """
    if name in RESERVED_NAMES:
        return _resolve_reserved_name(name, context)
    first, _, rest = name.partition(".")
    inside: Entry | None = entry
    while inside is not None:
        fields = inside.definition.fields
        if first in fields:
            if rest and fields[first].kind in REFERENCE_KINDS:
                there = follow_field(inside, first, context)
                return resolve_value(there, rest, context) if there else None
            found = inside.values.get(name)
            return found if found is not None else _resolve_default(inside, name, context)
        inside = inside.outer
    last = context.last_entry(first) if rest else None
    return last.values.get(rest) if last else None


def find_referenced_entry(entry: Entry, name: str, context: Context) -> Entry | None:
    """What a field points at: an entry of hers by its id, or a part by its number in what another field points at."""
    said = entry.values.get(name)
    for of in entry.fields[name].of if said is not None else ():
        first, _, parts = of.partition(".")
        if parts and first in entry.fields:
            whole = find_referenced_entry(entry, first, context)
            parts_of_form = ((one, one.definition) for one in (whole.parts if whole else ()))
            found = [one for one, part in parts_of_form if isinstance(part, FormPart) and part.number == said]
        else:
            found = [read_parts(one) for one in context.client_entries(first) if one.written.get("id") == said]
        if found:
            return found[0]
    return None


REFERENCE_KINDS = ("entry", "party")
"""Kinds of fields that lead on: to an entry of hers, or to what a register has behind a code."""


def follow_field(entry: Entry, name: str, context: Context) -> Entry | None:
    """The entry to which a field leads: one of hers, or what a register has behind the code; None where none is."""
    if entry.fields[name].kind == "entry":
        return find_referenced_entry(entry, name, context)
    said = entry.values.get(name)
    for register in entry.fields[name].of if said is not None else ():
        known = find_in_register(context, register, said)
        if known is not None:
            # Registers stand behind all of her way, and each track that is looked at is taken down for it.
            found = (context.tracks[each] for each in reversed([*context.tracks]))
            return next((read_entry(track.whole, known) for track in found if track.at == register), None)
    return None


def _resolve_default(entry: Entry, name: str, context: Context) -> Any:
    """What it means that nothing is written: what another field says, where the field has that for it."""
    one = field_at_path(entry.fields, name)
    return resolve_value(entry, one.absent["of"], context) if one and isinstance(one.absent, Mapping) else None


def _resolve_reserved_name(name: str, context: Context) -> Any:
    """What a name means that is never a field: the kind of house, whose stay or file it is, the day of an event."""
    if name == "house":
        return context.house.kind.name if context.house else None
    if name in ("stay", "client"):
        whose = context.stay if name == "stay" else context.client
        return (whose.id or True) if whose else None  # a stay that nobody gave an id is there all the same
    return context.event_day(name)


def find_field(entry: Entry, name: str, context: Context) -> Any:
    """The field of a name, wherever it is found: in the entry, in what it is part of, or in a track; else None."""
    inside: Entry | None = entry
    first, _, rest = name.partition(".")
    while inside is not None:
        if rest and first in inside.fields and inside.fields[first].kind in REFERENCE_KINDS:
            there = follow_field(inside, first, context)
            return find_field(there, rest, context) if there else None
        if first in inside.fields:
            return field_at_path(inside.fields, name)
        inside = inside.outer
    return field_at_path(context.tracks[first].fields, rest) if first in context.tracks and rest else None


def matches_answers(answers: Answers, entry: Entry, context: Context) -> bool:
    """Whether an entry gives one of the answers at each of these names."""
    return all(is_wanted_answer(resolve_value(entry, name, context), wanted) for name, wanted in answers.items())


def field_state(field: Field, entry: Entry, context: Context, inside: str = "") -> str:
    """Whether a field is asked beside what the entry says, not yet, or never: to ask, to judge and to print.

    What stands *inside* a group is asked beside its neighbours there, else beside the rest of the entry.
    """
    for name, wanted in field.asked_with.items():
        near = f"{inside}.{name}" if inside and field_at_path(entry.fields, f"{inside}.{name}") else name
        said = resolve_value(entry, near, context)
        if is_wanted_answer(said, wanted):
            continue
        return FIELD_NOT_YET_ASKED if said is None or said == UNKNOWN_ANSWER else FIELD_CONTRADICTED
    return FIELD_ASKED


def is_asked(entry: Entry, name: str, context: Context) -> bool:
    """Whether a name is asked for, and whatever it stands inside; a name of another track always is."""
    keys = name.split(".")
    while keys[0] not in entry.fields:
        if entry.outer is None:
            return True
        entry = entry.outer
    for depth in range(len(keys)):
        one = field_at_path(entry.fields, ".".join(keys[: depth + 1]))
        if one and field_state(one, entry, context, ".".join(keys[:depth])) != FIELD_ASKED:
            return False
    return True


def resolve_days(entry: Entry, name: str, context: Context) -> Any:
    """The day or days that a name means: a span as it is, a time as its local day; none of what is unknown."""
    return as_days(resolve_value(entry, name, context))


def as_days(found: Any) -> Any:
    """The day or days of what a field says: a span as it is, a time as its local day; none of what is unknown."""
    return None if found == UNKNOWN_ANSWER else found.date() if isinstance(found, datetime) else found


def find_in_register(context: Context, register: str, code: object) -> Facts | None:
    """What a register has behind a code; None where it is not registered."""
    return (context.registers or {}).get(register, {}).get(str(code))


def locate_track(track: Track, client: Client | None, stay: Stay | None) -> tuple[Facts, str]:
    """Where the entries of a track lie in a file, seen from one of its stays or from none, and the pointer to it."""
    if track.of_a_stay and stay is not None:
        return stay.facts, f"/stays/{stay.index}"
    return (client.facts, "") if client and ("client" in track.home or stay is None) else ({}, "")


REACHES = ("entry", "stay", "referral", "client", "store")
"""How far ``within`` may reach: this entry, those of the stay, since her last referral, all of hers, everybody's."""

PERIOD_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m"}
"""What ``per`` tells apart, each as a day is written for it."""


def find_counterparts(entry: Entry, context: Context) -> Iterator[Entry]:
    """The same part of her other entries of this track; of a whole entry, the others themselves."""
    track = entry.whole.definition
    for other in context.other_entries:
        if other.definition is not track:
            continue
        if isinstance(entry.definition, FormPart):
            yield from (part for part in other.parts if part.definition is entry.definition)
        else:
            yield other


def find_related_entries(ruling: Ruling, entry: Entry, context: Context) -> list[Entry]:
    """Whatever a ruling counts together with an entry: within its reach, on the same thing, in overlapping days."""
    within = ruling.params.get("within", "entry")
    track, her = entry.whole.definition, context.client.id if context.client else None
    if within == "store" and isinstance(track, Track) and context.all_clients is not None:
        return list(context.all_clients.entries(track, her))
    if within in ("entry", "store"):
        return []
    return filter_related(find_counterparts(entry, context), ruling.params, entry, context)


def filter_related(found: Iterable[Entry], asks: Mapping[str, Any], entry: Entry, context: Context) -> list[Entry]:
    """Those in reach that say the same as this entry at some fields, on the same day or month, in overlapping days."""
    kept = [other for other in found if _is_in_reach(asks["within"], other, context)] if "within" in asks else [*found]
    for name in as_names(asks.get("same")):
        mine = fold_value(resolve_value(entry, name, context))
        kept = [other for other in kept if mine is not None and fold_value(resolve_value(other, name, context)) == mine]
    if "per" in asks:
        own, form = entry.whole.day, PERIOD_FORMATS[asks["per"]]
        days = [(other, other.whole.day) for other in kept]
        kept = [other for other, day in days if own and day and day.strftime(form) == own.strftime(form)]
    if "overlaps" in asks:
        span = resolve_value(entry, asks["overlaps"], context)
        spans = [(other, resolve_value(other, asks["overlaps"], context)) for other in kept]
        kept = [
            other for other, one in spans if isinstance(span, Span) and isinstance(one, Span) and span.overlaps(one)
        ]
    return kept


def as_names(names: Any) -> tuple[str, ...]:
    """One name or a list of them, as a list."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _is_in_reach(within: str, other: Entry, context: Context) -> bool:
    """Whether an entry is of this stay or referral; one that lies in a stay is of that stay, others name theirs."""
    whole = other.whole
    if within == "stay":
        if context.stay and isinstance(whole.definition, Track) and "stay" in whole.definition.home:
            return whole.where.startswith(f"/stays/{context.stay.index}/")
        return bool(whole.written.get("stay") == (context.stay.id if context.stay else None))
    if within == "referral":
        her, on = context.client, whole.day
        since = her.referred_on(context.day) if her else None
        return not her or not since or (on is not None and her.referred_on(on) == since)
    return True


def resolve_number(wanted: Any, entry: Entry, context: Context) -> Any:
    """A number of a ruling: as it stands, of another name, or what is counted; None where it cannot be told."""
    if not isinstance(wanted, dict):
        return wanted
    (kind, name), *_ = wanted.items()
    if kind == "count":
        return count_persons_or_places(name, context)
    if kind == "of":
        return resolve_value(entry, name, context)
    span = stay_span(context) if name == "stay" else resolve_value(entry, name, context)
    if not isinstance(span, Span):
        return None
    return count_months(span, context.day) if kind == "months_of" else (span.last - span.first).days + 1


def count_months(span: Span, day: date) -> int:
    """How many months a period has; of a date that may be partly known, how many have begun since it by that day.

    The earliest day that it may be counts, so that nobody is told to have lived shorter than she may have.
    """
    if not isinstance(span, PossibleSpan):
        return months_spanned(span)
    return months_spanned(Span(span.first, day)) if span.first <= day else 0


def stay_span(context: Context) -> Span | None:
    """The days of her stay, where both its ends are known."""
    stay = context.stay
    if stay is None or stay.arrived_on is None or stay.discharged_on is None:
        return None
    return Span(stay.arrived_on, stay.discharged_on)


def count_persons_or_places(name: str, context: Context) -> int | None:
    """How many there are: persons of her file, who would sleep in the house with her, places of the house."""
    her, house = context.client, context.house
    if name == "persons":
        return len(her.children) + 1 if her else None
    if name == "sleeping":
        return house.sleeping + len(her.children) + 1 if house and house.counted and her else None
    return house.capacity if name == "places" and house else None


COUNTABLE_KINDS = ("persons", "sleeping", "places")
"""What a rule may count."""


def resolve_bound(wanted: Any, entry: Entry, context: Context, *, last: bool = False) -> date | None:
    """The day of a name or an event with its offset, as the first day that is meant or the *last*.

    A negative offset moves the day that is held against it, and not the one that is named: else a year back from
    29 February were another day. So it is the first day from which so many months lead there, or the last one.
    """
    base, months, days_ = read_offset(wanted)
    found = resolve_days(entry, base, context)
    on = found.last if isinstance(found, Span) else found
    if not isinstance(on, date):
        return None
    if months >= 0:
        return add_days(add_months(on, months), days_)
    back = add_months(on, months)
    near = [day for step in range(-3, 4) if _is_reached((day := add_days(back, step)), -months, on, last=last)]
    return add_days(max(near) if last else min(near), days_) if near else add_days(back, days_)


def _is_reached(day: date, months: int, to: date, *, last: bool) -> bool:
    there = add_months(day, months)
    return there <= to if last else there >= to


def read_offset(wanted: Any) -> tuple[str, int, int]:
    """The name of a day, and how many months and days are added to it."""
    if isinstance(wanted, dict):
        return str(wanted["of"]), int(wanted.get("months", 0)), int(wanted.get("days", 0))
    return str(wanted), 0, 0
