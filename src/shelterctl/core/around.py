"""Everything that stands around an entry, and what a name means there: a field, an event, a field of another track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from shelterctl.core.days import later
from shelterctl.core.entry import Entry, answered, field_at, lasting, listed, read_entry, read_parts
from shelterctl.core.everyone import Everyone, of_client
from shelterctl.core.field import UNKNOWN, Answers, Field
from shelterctl.core.house import House
from shelterctl.core.record import Client, Facts, Stay
from shelterctl.core.ruling import in_force
from shelterctl.core.track import Due, Part, Track

ASKED, NOT_YET, CONTRADICTED = "asked", "not yet", "contradicted"
"""Whether a field is asked; not before its parent is answered, or never, for that one says otherwise."""

Read = tuple[object, tuple[Entry, ...], Entry | None]
"""By which tracks it was read, the live entries of one of them, and the one that has the last word."""


@dataclass(slots=True, kw_only=True, repr=False, eq=False)  # as a finding is
class Around:
    """Everything that stands around an entry; a bare file has no client, no registers and no other entries.

    *day* decides which rules are in force, *now* which times have passed, *acts* are those that rest on
    the entry. *others* are her live entries of the same list besides this one; *registers* the codes that the house
    knows; *everyone* opens every file.
    """

    day: date
    today: date | None = None
    now: datetime | None = None
    client: Client | None = None
    stay: Stay | None = None
    house: House | None = None
    acts: frozenset[str] = frozenset()
    others: tuple[Entry, ...] = ()
    registers: Mapping[str, Mapping[str, Facts]] | None = None
    tracks: Mapping[str, Track] = field(default_factory=dict)
    due: tuple[Due, ...] = ()
    everyone: Everyone | None = None

    def home(self, track: Track) -> tuple[Facts, str]:
        """Where the entries of a track lie for this client, and the pointer to it: in the stay, else in her file."""
        return home_of(track, self.client, self.stay)

    def entries(self, name: str) -> Sequence[Entry]:
        """The live entries of a track, read; one that is not there is none."""
        return self._read(name)[1]

    def last(self, name: str) -> Entry | None:
        """The entry of a track that has the last word; None where there is none, or no such track."""
        if self.client is None:
            return None
        known = (self.stay or self.client).read.get(name)
        return (known if known is not None and known[0] is self.tracks else self._read(name))[2]

    def _read(self, name: str) -> Read:
        """What was read of a track once, as seen from here; none of what is no track."""
        whose = self.stay or self.client
        known: Read | None = whose.read.get(name) if whose else None
        if known is not None and known[0] is self.tracks:
            return known
        if name not in self.tracks:
            return self.tracks, (), None
        track = self.tracks[name]
        found = tuple(listed(track, *self.home(track)))
        words = lasting(track, found) if len(found) > 1 else found
        known = (self.tracks, found, words[-1] if words else None)
        if whose:
            whose.read[name] = known
        return known

    def hers(self, name: str) -> Sequence[Entry]:
        """The live entries of a track wherever they lie in her file, each read once: in her stays, and beside them."""
        if self.client is None:
            return ()
        known: tuple[object, tuple[Entry, ...]] | None = self.client.read.get(f"{name} of all")
        if known is None or known[0] is not self.tracks:
            found = tuple(read_parts(one) for one in of_client(self.tracks[name], self.client))
            known = self.client.read[f"{name} of all"] = (self.tracks, found)
        return known[1]

    def besides(self, entry: Entry) -> "Around":
        """The same as seen from one entry: her others of its track are all that are not itself.

        They are looked for where a rule of the track looks at them at all: a file may have thousands.
        """
        whole = entry.outer or entry
        if not isinstance(whole.of, Track) or not whole.of.reaches:
            return self
        own = (whole.written.get("id"), whole.where)
        others = tuple(one for one in self.hers(whole.of.name) if own != (one.written.get("id"), one.where))
        return replace(self, others=others) if others != self.others else self

    def in_stay_of(self, day: date) -> "Around":
        """What stands around an entry beside her stays, as seen from the stay to which its day belongs.

        A session of her first stay is held against her first arrival, and so is one before she ever came.
        """
        her = self.client
        stay = (her.stay_on(day) or next(iter(her.begun), her.stay)) if her else None
        return self if stay is self.stay else replace(self, stay=stay)

    def event(self, name: str) -> date | None:
        """The day of something that happened, by its name; None where it did not, or nobody knows."""
        stay = self.stay
        if name == "today":
            return self.today
        if name == "act":
            return self.day
        if name == "due":
            return due_on(self)
        if name == "referral":
            return stay.day("referral.received_at") if stay else None
        if name in ("arrival", "admission", "discharge"):
            days = {"arrival": "arrived_on", "admission": "admitted_on", "discharge": "discharged_on"}
            return getattr(stay, days[name]) if stay else None
        return None


EVENTS = ("today", "act", "due", "referral", "arrival", "admission", "discharge")
"""What a rule may name besides fields: days of the stay, of the act, and the day taken as today."""

RESERVED = frozenset({*EVENTS, "stay", "client", "house"})
"""Names that mean what stands around an entry, and no field of it."""


def due_on(around: Around) -> date | None:
    """The day from which what is judged is due: so many calendar months after an event of the stay (X87)."""
    for due in around.due:
        begun = around.event(due.event)
        ruling = in_force(due.history, begun) if begun else None
        if begun and ruling:
            return later(begun, ruling.asks["after"])
    return None


def value(entry: Entry, name: str, around: Around) -> Any:
    """What a name means for an entry: a field of its own, of what it is part of, or of a track; else None.

    The stay, the client, the house and events are what they are, whatever field has their name.
    """
    if name in RESERVED:
        return _standing(name, around)
    first, _, rest = name.partition(".")
    inside: Entry | None = entry
    while inside is not None:
        fields = inside.of.fields
        if first in fields:
            if rest and fields[first].kind in POINTING:
                there = led_to(inside, first, around)
                return value(there, rest, around) if there else None
            found = inside.values.get(name)
            return found if found is not None else _absent(inside, name, around)
        inside = inside.outer
    last = around.last(first) if rest else None
    return last.values.get(rest) if last else None


def pointed(entry: Entry, name: str, around: Around) -> Entry | None:
    """What a field points at: an entry of hers by its id, or a part by its number in what another field points at."""
    said = entry.values.get(name)
    for of in entry.fields[name].of if said is not None else ():
        first, _, parts = of.partition(".")
        if parts and first in entry.fields:
            whole = pointed(entry, first, around)
            found = [one for one in whole.parts if isinstance(one.of, Part) and one.of.number == said] if whole else []
        else:
            found = [read_parts(one) for one in around.hers(first) if one.written.get("id") == said]
        if found:
            return found[0]
    return None


POINTING = ("entry", "party")
"""Kinds of fields that lead on: to an entry of hers, or to what a register has behind a code."""


def led_to(entry: Entry, name: str, around: Around) -> Entry | None:
    """The entry to which a field leads: one of hers, or what a register has behind the code; None where none is."""
    if entry.fields[name].kind == "entry":
        return pointed(entry, name, around)
    said = entry.values.get(name)
    for register in entry.fields[name].of if said is not None else ():
        known = register_entry(around, register, said)
        if known is not None:
            # Registers stand behind all of her way, and each track that is looked at is taken down for it.
            found = (around.tracks[each] for each in reversed([*around.tracks]))
            return next((read_entry(track.whole, known) for track in found if track.at == register), None)
    return None


def _absent(entry: Entry, name: str, around: Around) -> Any:
    """What it means that nothing is written: what another field says, where the field has that for it."""
    one = field_at(entry.fields, name)
    return value(entry, one.absent["of"], around) if one and isinstance(one.absent, Mapping) else None


def _standing(name: str, around: Around) -> Any:
    """What a name means that is never a field: the kind of house, whose stay or file it is, the day of an event."""
    if name == "house":
        return around.house.kind.name if around.house else None
    if name in ("stay", "client"):
        whose = around.stay if name == "stay" else around.client
        return (whose.id or True) if whose else None  # a stay that nobody gave an id is there all the same
    return around.event(name)


def field_of(entry: Entry, name: str, around: Around) -> Any:
    """The field of a name, wherever it is found: in the entry, in what it is part of, or in a track; else None."""
    inside: Entry | None = entry
    first, _, rest = name.partition(".")
    while inside is not None:
        if rest and first in inside.fields and inside.fields[first].kind in POINTING:
            there = led_to(inside, first, around)
            return field_of(there, rest, around) if there else None
        if first in inside.fields:
            return field_at(inside.fields, name)
        inside = inside.outer
    return field_at(around.tracks[first].fields, rest) if first in around.tracks and rest else None


def meant(answers: Answers, entry: Entry, around: Around) -> bool:
    """Whether an entry gives one of the answers at each of these names."""
    return all(answered(value(entry, name, around), wanted) for name, wanted in answers.items())


def asked(one: Field, entry: Entry, around: Around, inside: str = "") -> str:
    """Whether a field is asked beside what the entry says, not yet, or never: to ask, to judge and to print.

    What stands *inside* a group is asked beside its neighbours there, else beside the rest of the entry.
    """
    for name, wanted in one.asked_with.items():
        near = f"{inside}.{name}" if inside and field_at(entry.fields, f"{inside}.{name}") else name
        said = value(entry, near, around)
        if answered(said, wanted):
            continue
        return NOT_YET if said is None or said == UNKNOWN else CONTRADICTED
    return ASKED


def is_asked(entry: Entry, name: str, around: Around) -> bool:
    """Whether a name is asked for, and whatever it stands inside; a name of another track always is."""
    keys = name.split(".")
    while keys[0] not in entry.fields:
        if entry.outer is None:
            return True
        entry = entry.outer
    for depth in range(len(keys)):
        one = field_at(entry.fields, ".".join(keys[: depth + 1]))
        if one and asked(one, entry, around, ".".join(keys[:depth])) != ASKED:
            return False
    return True


def moments(entry: Entry, name: str, around: Around) -> Any:
    """The day or days that a name means: a span as it is, a time as its local day; none of what is unknown."""
    return as_days(value(entry, name, around))


def as_days(found: Any) -> Any:
    """The day or days of what a field says: a span as it is, a time as its local day; none of what is unknown."""
    return None if found == UNKNOWN else found.date() if isinstance(found, datetime) else found


def register_entry(around: Around, register: str, code: object) -> Facts | None:
    """What a register has behind a code; None where it is not registered."""
    return (around.registers or {}).get(register, {}).get(str(code))


def home_of(track: Track, client: Client | None, stay: Stay | None) -> tuple[Facts, str]:
    """Where the entries of a track lie in a file, seen from one of its stays or from none, and the pointer to it."""
    if track.of_a_stay and stay is not None:
        return stay.facts, f"/stays/{stay.index}"
    return (client.facts, "") if client and ("client" in track.home or stay is None) else ({}, "")
