"""An entry as it is judged: its values read once by their fields, and those of its parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl.core.field import Field, Fields, Possible, day_in, read_fields
from shelterctl.core.record import Facts, at
from shelterctl.core.track import Part, Track


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written down in one place: *values* by dotted name, *malformed* the names that cannot be read.

    A part of an entry has it as *outer*; *where* is a JSON pointer into the document at hand.
    """

    of: Track | Part
    written: Facts
    where: str
    values: Mapping[str, Any]
    malformed: tuple[str, ...] = ()
    outer: "Entry | None" = None
    parts: "tuple[Entry, ...]" = ()

    @property
    def fields(self) -> Fields:
        """The fields by which it was read."""
        return self.of.fields


def read_entry(of: Track | Part, written: Facts, where: str = "", outer: Entry | None = None) -> Entry:
    """An entry with every field read."""
    values: dict[str, Any] = {}
    malformed: list[str] = []
    for name, value in read_fields(of.fields, written):
        if value is None:
            malformed.append(name)
        else:
            values[name] = value
    return Entry(of, written, where, values, tuple(malformed), outer)


def read_parts(whole: Entry) -> Entry:
    """The same entry with each of its parts read that can be; an amount that is not written is its product."""
    track = whole.of
    if not isinstance(track, Track):
        return whole
    written = [whole.values[name] for name, one in track.fields.items() if one.kind == "parts" and name in whole.values]
    parts = [
        read_entry(track.parts[number], facts, f"{whole.where}/{number}", whole)
        for each in written
        for number, facts in each.items()
        if number in track.parts and isinstance(facts, Mapping)
    ]
    made = [{"amount": made, **part.values} if (made := product(part)) else part.values for part in parts]
    return replace(whole, parts=tuple(replace(part, values=each) for part, each in zip(parts, made, strict=True)))


def product(line: Entry) -> Decimal | None:
    """What the line's own numbers make together, where it has such a product and all of it is written."""
    names = line.of.product if isinstance(line.of, Part) else ()
    if not names or not all(name in line.values for name in names):
        return None
    total = Decimal(1)
    for name in names:
        value = line.values[name]
        total *= len(value) if isinstance(value, tuple) else value
    return total


def listed(track: Track, home: Facts, root: str) -> Iterator[Entry]:
    """The live entries of a track in one place of a file, each with the pointer to it."""
    found = at(home, track.at) if track.at else home
    place = root + "".join(f"/{key}" for key in track.at.split(".") if key)
    if not track.many:
        if isinstance(found, Mapping):
            yield read_entry(track, found, place)
        return
    for number, written in enumerate(found or ()):
        if "void" not in written and all(written.get(key) == value for key, value in track.tells.items()):
            yield read_entry(track, written, f"{place}/{number}")


def field_at(fields: Fields, name: str) -> Field | None:
    """The field of a dotted name among these and what is inside them."""
    found: Field | None = None
    for key in name.split("."):
        found = fields.get(key)
        if found is None:
            return None
        fields = found.fields
    return found


def days(entry: Entry) -> date | None:
    """The day of an entry, by its track: of several fields the first that is written."""
    named = entry.of.day if isinstance(entry.of, Track) else None
    found = (day_in(entry.values.get(name)) for name in ((named,) if isinstance(named, str) else named or ()))
    return next((day for day in found if day is not None), None)


def latest(found: Iterable[Entry]) -> Entry | None:
    """The last of them by its day; of two on one day the later in the list."""
    listed = [*found]
    return max(reversed(listed), key=lambda one: days(one) or date.min, default=None)


def lasting(track: Track, found: Iterable[Entry]) -> list[Entry]:
    """Those that count: all of them, or where each replaces those before it, the last one of each kind."""
    if track.keeps != "last":
        return [*found]
    kinds: dict[tuple[Any, ...], list[Entry]] = {}
    for one in found:
        kinds.setdefault(tuple(folded(one.values.get(name)) for name in track.per), []).append(one)
    return [last for each in kinds.values() if (last := latest(each))]


def folded(said: Any) -> Any:
    """A value as it is compared: words whatever their case and the room between them."""
    return " ".join(said.split()).casefold() if isinstance(said, str) else said


def answered(said: Any, wanted: Iterable[str]) -> bool:
    """Whether a value is one of the answers meant: a code, ``yes``, ``no``, ``unknown``, ``there``, ``absent``."""
    given = said if isinstance(said, tuple) else (said,)
    for answer in wanted:
        if answer in ("yes", "no") and isinstance(said, bool):
            found = said is (answer == "yes")
        elif answer == "part":
            found = isinstance(said, Possible) and said.first != said.last
        elif answer in ("there", "absent"):
            found = (said is None or said == ()) is (answer == "absent")
        else:
            found = answer in given
        if found:
            return True
    return False
