"""The entries of a file: their values read by the fields of a track, their days, and which of them count.

An `Entry` is what the rules judge. A file can also be read as it looks back from an earlier day, without the
entries of later days.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shelterctl.core.manual.field import (
    Answers,
    Field,
    Fields,
    PossibleSpan,
    as_day,
    read_field_alone,
    read_fields,
    read_nested_field,
)
from shelterctl.core.manual.track import EntryAct, FormPart, Track
from shelterctl.core.record.client import Client, replace_at, value_at
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.language import Text


class _Answers(dict[str, Any]):
    """The values of an entry by dotted name; a field is read when it is first asked for, with what stands inside it."""

    __slots__ = ("fields", "written")

    def __init__(self, fields: Fields, written: Facts, made: Facts) -> None:
        super().__init__(made)
        self.fields, self.written = fields, written

    def __missing__(self, name: str) -> Any:
        first = name.partition(".")[0]
        if first not in self:
            one = self.fields.get(first)
            self[first] = read_field_alone(first, one, self.written) if one else None
            if one and (one.fields or one.kind == "span"):
                self.update(read_nested_field(first, one, self.written))
        return self.setdefault(name, None)


class Values(Mapping[str, Any]):
    """What an entry says, by dotted name; *answers* has None where nothing is written, or what cannot be read.

    What was *made* of the rest stands there as if it were written.
    """

    __slots__ = ("answers",)

    def __init__(self, fields: Fields, written: Facts, made: Facts = MappingProxyType({})) -> None:
        self.answers = _Answers(fields, written, made)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name; *default* where nothing is written, or what cannot be read."""
        found = self.answers[name]
        return default if found is None else found

    def __getitem__(self, name: str) -> Any:
        found = self.answers[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        read = self.answers
        names = dict.fromkeys((*read, *(name for name, _ in read_fields(read.fields, read.written))))
        return (name for name in names if read[name] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@immutable(slots=False)
class Entry:
    """What was written down in one place, with its *values*; those of *contradicted* names are at odds with the others.

    A part of an entry has it as *outer*; *where* is a JSON pointer into the document at hand.
    """

    definition: Track | FormPart
    written: Facts
    where: str
    values: Values
    outer: "Entry | None" = None
    parts: "tuple[Entry, ...]" = ()
    contradicted: tuple[str, ...] = ()

    @property
    def whole(self) -> "Entry":
        """The entry of which it is a part, or itself."""
        return self.outer or self

    @cached_property
    def day(self) -> date | None:
        """The day of the entry, by its track: of several fields the first that is written; None without any."""
        named = self.definition.day if isinstance(self.definition, Track) else None
        found = (as_day(self.values.get(name)) for name in ((named,) if isinstance(named, str) else named or ()))
        return next((day for day in found if day is not None), None)

    @cached_property
    def kind(self) -> tuple[Any, ...]:
        """The values of `per`, by which entries are told apart of a track that keeps the last one of each."""
        per = self.definition.per if isinstance(self.definition, Track) else ()
        return tuple(fold_value(self.values.get(name)) for name in per)

    @property
    def fields(self) -> Fields:
        """The fields by which it is read."""
        return self.definition.fields

    @property
    def is_sealed(self) -> bool:
        """Whether it is sealed, and only its markers can be read."""
        return isinstance(self.definition, Track) and self.definition.seal is not None and "age" in self.written

    def is_readable(self, name: str) -> bool:
        """Whether a name may be read: whatever stands elsewhere, and of a closed entry its markers."""
        first = name.partition(".")[0]
        seal = self.definition.seal if isinstance(self.definition, Track) else None
        return not self.is_sealed or first not in self.fields or (seal is not None and first in seal.marker)

    @property
    def malformed(self) -> tuple[str, ...]:
        """The names of what is written and cannot be read, and of what is doubted."""
        unread = (name for name, value in read_fields(self.fields, self.written) if value is None)
        return (*unread, *self.contradicted)


def read_entry(of: Track | FormPart, written: Facts, where: str = "", outer: Entry | None = None) -> Entry:
    """An entry by the fields of what it is."""
    return Entry(of, written, where, Values(of.fields, written), outer)


def entry_title(track: Track, written: Facts) -> Text:
    """What an entry is called: by the answers that decide on it where the track has words for them, else its noun."""
    values = Values(track.fields, written)
    return next((one.text for one in track.conditional_titles if gives_answers(one.when, values)), track.text)


def may_matter(deed: EntryAct, entry: Entry) -> bool:
    """Whether an act can still matter to an entry, by what it says: nobody permits an outing that is over."""
    return gives_answers(deed.when, entry.values)


def with_computed(entry: Entry, **made: Any) -> Entry:
    """The same entry with what was made of it in the place of what is not written."""
    return replace(entry, values=Values(entry.fields, entry.written, made))


def read_parts(whole: Entry) -> Entry:
    """The same entry with each of its parts read that can be; an amount that is not written is its product."""
    track = whole.definition
    if not isinstance(track, Track) or not track.parts:
        return whole
    written = [whole.values[name] for name, one in track.fields.items() if one.kind == "parts" and name in whole.values]
    parts = [
        read_entry(track.parts[number], facts, f"{whole.where}/{number}", whole)
        for each in written
        for number, facts in each.items()
        if number in track.parts and isinstance(facts, Mapping)
    ]
    made = [None if "amount" in part.values else line_product(part) for part in parts]
    parts = [with_computed(part, amount=amount) if amount else part for part, amount in zip(parts, made, strict=True)]
    return replace(whole, parts=tuple(parts)) if parts else whole


def line_product(line: Entry) -> Decimal | None:
    """What the line's own numbers make together, where it has such a product and all of it is written."""
    names = line.definition.product if isinstance(line.definition, FormPart) else ()
    if not names or not all(name in line.values for name in names):
        return None
    total = Decimal(1)
    for name in names:
        value = line.values[name]
        total *= len(value) if isinstance(value, tuple) else value
    return total


def list_entries(track: Track, home: Facts, root: str) -> Sequence[Entry]:
    """The live entries of a track in one place of a file, each with the pointer to it."""
    found = value_at(home, track.at) if track.at else home
    if not found:
        return ()
    place = f"{root}/{track.at.replace('.', '/')}" if track.at else root
    if track.keeps == "one":
        return (read_entry(track, found, place),) if isinstance(found, dict) else ()
    return [
        read_entry(track, written, f"{place}/{number}")
        for number, written in enumerate(found)
        if "void" not in written and (not track.discriminator or is_of_track(track, written))
    ]


def is_of_track(track: Track, written: Facts) -> bool:
    """Whether what stands in a list that several tracks share is of this one."""
    return all(written.get(key) == value for key, value in track.discriminator.items())


def field_at_path(fields: Fields, name: str) -> Field | None:
    """The field of a dotted name among these and what is inside them."""
    found: Field | None = None
    for key in name.split("."):
        found = fields.get(key)
        if found is None:
            return None
        fields = found.fields
    return found


def latest_entry(found: Iterable[Entry]) -> Entry | None:
    """The last of them by its day; of two on one day the later in the list."""
    listed = [*found]
    return max(reversed(listed), key=lambda one: one.day or date.min, default=None)


def effective_entries(track: Track, found: Iterable[Entry]) -> list[Entry]:
    """Those that count: all of them, or where each replaces those before it, the last one of each kind."""
    if track.keeps != "last":
        return [*found]
    kinds: dict[tuple[Any, ...], list[Entry]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return [last for each in kinds.values() if (last := latest_entry(each))]


def fold_value(said: Any) -> Any:
    """A value as it is compared: words whatever their case and the room between them."""
    return " ".join(said.split()).casefold() if isinstance(said, str) else said


def fold_name_value(said: Any) -> Any:
    """A name as it is compared with another: whatever its case, its spaces, its points and ё or е."""
    from shelterctl.core.values.names import fold_name  # noqa: PLC0415 - only where several names stand

    return fold_name(said) if isinstance(said, str) else said


def is_wanted_answer(said: Any, wanted: Iterable[str]) -> bool:
    """Whether a value is one of the answers meant: a code, ``yes``, ``no``, ``unknown``, ``there``, ``absent``.

    The answers of a form's lines are the numbers of those that stand there.
    """
    if isinstance(said, str):  # most answers are codes, and this is asked for every rule
        given: tuple[Any, ...] = (said,)
    else:
        given = said if isinstance(said, tuple) else (*said,) if isinstance(said, dict) else (said,)
    for answer in wanted:
        if answer in ("yes", "no") and isinstance(said, bool):
            found = said is (answer == "yes")
        elif answer == "part":
            found = isinstance(said, PossibleSpan) and said.first != said.last
        elif answer in ("there", "absent"):
            found = (said is None or said == ()) is (answer == "absent")
        else:
            found = answer in given
        if found:
            return True
    return False


def gives_answers(wanted: Answers, values: Mapping[str, Any]) -> bool:
    """Whether values give one of the answers meant at each of these names."""
    return all(is_wanted_answer(values.get(name), each) for name, each in wanted.items())


def file_as_of(client: Client, tracks: Iterable[Track], day: date) -> Client | None:
    """Her file without the entries of a later day; None where nothing had happened to her by then.

    A stay is there from the first of its entries on; one without a day counts from when it was written down.
    """
    dated = [track for track in tracks if track.day and not track.family]
    ours = [track for track in dated if {"stay", "left"} & {*track.home}]
    hers = [track for track in dated if "client" in track.home]
    stays = [
        _without_later(stay, ours, day)
        for stay in client.facts.get("stays") or ()
        if _has_begun(stay, ours, day, client.facts.get("recorded_at"))
    ]
    whole = client.facts.get("stays")
    alone = [track for track in ours if "client" in track.home]
    if not stays and not _has_begun(client.facts, alone, day, None if whole else client.facts.get("recorded_at")):
        return None
    facts = _without_later(client.facts, hers, day)
    return Client({**facts, "stays": stays} if whole else facts)


def _has_begun(facts: Facts, tracks: Iterable[Track], day: date, recorded: object) -> bool:
    """Whether the first of its entries is of that day or earlier."""
    found = (entry.day for track in tracks for entry in list_entries(track, facts, ""))
    first = min(filter(None, found), default=None) or local_day(facts.get("recorded_at") or recorded)
    return first is not None and first <= day


def _without_later(facts: Facts, tracks: Iterable[Track], day: date) -> dict[str, Any]:
    """The facts without what is of a later day: an entry of a list, or the fields of a track and nothing below them."""
    kept = dict(facts)
    for track in tracks:
        known = [(one.written, _entry_as_of(track, one, day)) for one in list_entries(track, kept, "")]
        if all(seen is written for written, seen in known):
            continue
        then = {id(written): seen for written, seen in known}
        if track.many:
            left: Any = [seen for one in value_at(kept, track.at) if (seen := then.get(id(one), one)) is not None]
        else:
            ((written, seen),) = known
            beside = {name: value for name, value in written.items() if name not in track.fields}
            left = beside if seen is None else seen
        kept = replace_at(kept, track.at.split("."), left)
    return kept


def _entry_as_of(track: Track, entry: Entry, day: date) -> Facts | None:
    """An entry as it stood on a day, without what was done to it later, such as signing; None before its own day."""
    written = entry.written
    for name, one in track.fields.items():
        if one.kind == "group" and "on" in one.fields and name in written:
            written = _without_later_groups(written, name, day)
    found = entry.day
    if written is not entry.written and found and found > day:
        found = read_entry(track, written).day or found
    return None if found and found > day else written


def _without_later_groups(written: Facts, name: str, day: date) -> Facts:
    """The entry without a group that is dated after that day, or without those groups of a list that are."""
    said = written[name]
    groups = said if isinstance(said, list) else [said]
    left = [one for one in groups if not ((on := local_day(one.get("on"))) and on > day)]
    if len(left) == len(groups):
        return written
    rest = {key: value for key, value in written.items() if key != name}
    return {**rest, name: left} if left else rest
