"""The entries of a file: their values, read by the fields of a track, their days, and which of them count.

An `Entry` is the input of the rules. A file can also be read as of an earlier day, without later entries.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shelterctl.core.manual.field import (
    Answers,
    Field,
    Fields,
    PossibleSpan,
    absent_value,
    as_day,
    read_field,
    read_fields,
    read_nested_field,
)
from shelterctl.core.manual.track import EntryAct, FormPart, Track
from shelterctl.core.record.client import Client, live_entries, replace_at, value_at
from shelterctl.core.values.days import local_day
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.language import Text


class _Answers(dict[str, Any]):
    """The values of an entry by dotted name; a field is read on first use, with the fields inside it."""

    __slots__ = ("fields", "written")

    def __init__(self, fields: Fields, written: Facts, made: Facts) -> None:
        super().__init__(made)
        self.fields, self.written = fields, written

    def __missing__(self, name: str) -> Any:
        one = self.fields.get(name)
        if one is None:
            first, dot, _ = name.partition(".")
            if dot and first not in self:
                self.__missing__(first)
            return self.setdefault(name, None)
        there = self.written.get(name)
        if there is not None and (one.fields or one.kind == "span"):
            self.update(read_nested_field(name, one, self.written))
            return self[name]
        found = self[name] = absent_value(one) if there is None else read_field(one, there)
        return found


class Values(Mapping[str, Any]):
    """The values of an entry by dotted name; *answers* has None where nothing is written or it cannot be read.

    Computed values (*made*) are found as if they were written.
    """

    __slots__ = ("answers",)

    def __init__(self, fields: Fields, written: Facts, made: Facts = MappingProxyType({})) -> None:
        self.answers = _Answers(fields, written, made)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a name, or *default* where nothing is written or it cannot be read."""
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
    """One recorded entry with its *values*; *contradicted* names values that disagree with other values of the entry.

    A part of an entry has that entry as *outer*; *where* is a JSON pointer into the document.
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
        """The day of the entry, by its track: of several fields the first that is written; None if none is."""
        named = self.definition.day if isinstance(self.definition, Track) else None
        found = (as_day(self.values.get(name)) for name in ((named,) if isinstance(named, str) else named or ()))
        return next((day for day in found if day is not None), None)

    @cached_property
    def kind(self) -> tuple[Any, ...]:
        """The values of the track's `per` fields: of entries with equal values only the last one counts."""
        per = self.definition.per if isinstance(self.definition, Track) else ()
        return tuple(fold_value(self.values.get(name)) for name in per)

    @property
    def fields(self) -> Fields:
        """The fields by which the entry is read."""
        return self.definition.fields

    @property
    def is_sealed(self) -> bool:
        """Whether the entry is sealed, so that only its markers can be read."""
        return isinstance(self.definition, Track) and self.definition.seal is not None and "age" in self.written

    def is_readable(self, name: str) -> bool:
        """Return whether a name can be read: in a sealed entry only markers and what is not part of it."""
        first = name.partition(".")[0]
        seal = self.definition.seal if isinstance(self.definition, Track) else None
        return not self.is_sealed or first not in self.fields or (seal is not None and first in seal.marker)

    @property
    def malformed(self) -> tuple[str, ...]:
        """The names of values that are written but cannot be read, and of contradicted values."""
        unread = (name for name, value in read_fields(self.fields, self.written) if value is None)
        return (*unread, *self.contradicted)


def entry_moment(track: Track, entry: Entry) -> date | None:
    """Return the day of an entry, or for a register the hour as well, if its field of the day has one."""
    named = track.day if isinstance(track.day, str) else ""
    at = entry.values.get(named) if track.of_register and named else None
    return at if isinstance(at, datetime) else entry.day


def read_entry(of: Track | FormPart, written: Facts, where: str = "", outer: Entry | None = None) -> Entry:
    """Return what is written as an entry of a track or of a part of a form."""
    return Entry(of, written, where, Values(of.fields, written), outer)


def entry_title(track: Track, written: Facts) -> Text:
    """Return the title of an entry: of the track's conditional titles the one that fits its answers, else its noun."""
    values = Values(track.fields, written)
    return next((one.text for one in track.conditional_titles if gives_answers(one.when, values)), track.text)


def may_matter(deed: EntryAct, entry: Entry) -> bool:
    """Return whether an act can still concern an entry: an outing that is over needs no permission."""
    return gives_answers(deed.when, entry.values)


def find_deed(track: Track, deed: EntryAct, written: Facts, by: str) -> Facts | None:
    """Return who did an act to an entry and when, or None. Where several persons do it, each for herself, it is what
    the person *by* did.
    """
    found: Any = written.get(deed.writes)
    if not track.fields[deed.writes].several:
        return found if isinstance(found, Mapping) else None
    return next((each for each in live_entries(found) if each.get("by") == by), None)


def with_computed(entry: Entry, **made: Any) -> Entry:
    """Return the entry with computed values in place of values that are not written."""
    return replace(entry, values=Values(entry.fields, entry.written, made))


def read_parts(whole: Entry) -> Entry:
    """Return the entry with every known part read; an amount that is not written becomes the part's product."""
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
    """Return the product of a line's own numbers; None where it has no product or a number is missing."""
    names = line.definition.product if isinstance(line.definition, FormPart) else ()
    if not names or not all(name in line.values for name in names):
        return None
    total = Decimal(1)
    for name in names:
        value = line.values[name]
        total *= len(value) if isinstance(value, tuple) else value
    return total


def list_entries(track: Track, home: Facts, root: str) -> Sequence[Entry]:
    """Return the entries of a track at one place of a file that are not struck through, each with its pointer."""
    found = list_written(track, home)
    if not found:
        return ()
    place = f"{root}/{track.at.replace('.', '/')}" if track.at else root
    return [read_entry(track, written, place if at is None else f"{place}/{at}") for at, written in found]


def list_written(track: Track, home: Facts) -> Sequence[tuple[int | None, Facts]]:
    """Return what is written of a track at one place of a file and not struck through, each with its number in the
    list; None where the track keeps one entry alone.
    """
    found = value_at(home, track.at) if track.at else home
    if not found:
        return ()
    if track.keeps == "one":
        return ((None, found),) if isinstance(found, dict) else ()
    return [
        (number, written)
        for number, written in enumerate(found)
        if "void" not in written and (not track.discriminator or is_of_track(track, written))
    ]


def is_of_track(track: Track, written: Facts) -> bool:
    """Return whether an entry in a list that several tracks share belongs to this track."""
    return all(written.get(key) == value for key, value in track.discriminator.items())


def field_at_path(fields: Fields, name: str) -> Field | None:
    """Return the field at a dotted name, or None."""
    found: Field | None = None
    for key in name.split("."):
        found = fields.get(key)
        if found is None:
            return None
        fields = found.fields
    return found


def find_written(written: object, path: Sequence[str], where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value written at a path, with the pointer to it; a list is followed into each of its members."""
    if isinstance(written, list):
        for number, each in enumerate(written):
            if not (isinstance(each, Mapping) and "void" in each):
                yield from find_written(each, path, f"{where}/{number}")
    elif path and isinstance(written, Mapping):
        yield from find_written(written.get(path[0]), path[1:], f"{where}/{path[0]}")
    elif not path and written is not None:
        yield where, written


def latest_entry(found: Iterable[Entry]) -> Entry | None:
    """Return the last entry by day, or None; of two on one day the later in the list."""
    listed = [*found]
    return max(reversed(listed), key=lambda one: one.day or date.min, default=None)


def effective_entries(track: Track, found: Iterable[Entry]) -> list[Entry]:
    """Return the entries that count: all of them, or the last one of each kind where the track keeps only that."""
    if track.keeps != "last":
        return [*found]
    kinds: dict[tuple[Any, ...], list[Entry]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return [last for each in kinds.values() if (last := latest_entry(each))]


def fold_value(said: Any) -> Any:
    """Return a value for comparison: words without regard to case and spacing."""
    return " ".join(said.split()).casefold() if isinstance(said, str) else said


def fold_name_value(said: Any) -> Any:
    """Return a name for comparison: without regard to case, spaces, dots and ё or е."""
    from shelterctl.core.values.names import fold_name  # noqa: PLC0415 - only needed where names are compared

    return fold_name(said) if isinstance(said, str) else said


WORDS_FOR_ANSWERS = ("part", "there", "absent")
"""Words that a rule wants instead of an answer, and that no code means."""


def is_wanted_answer(said: Any, wanted: Collection[str]) -> bool:
    """Return whether a value is one of these answers: a code, ``yes``, ``no``, ``unknown``, ``there``, ``absent``.

    The answers of a form's lines are the numbers of the lines that have an amount or other values.
    """
    if said is None:  # most answers are codes or not given, and every rule comes here
        return "absent" in wanted
    if isinstance(said, str):
        return "there" in wanted or (said in wanted and said not in WORDS_FOR_ANSWERS)
    given: tuple[Any, ...] = said if isinstance(said, tuple) else (*said,) if isinstance(said, dict) else (said,)
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
    """Return whether *values* have one of the wanted answers at each of these names."""
    return all(is_wanted_answer(values.get(name), each) for name, each in wanted.items())


def file_as_of(client: Client, tracks: Iterable[Track], day: date) -> Client | None:
    """Return her file without entries of later days; None where nothing had happened to her by *day*.

    A stay exists from the day of its first entry on; without any dated entry, from the day it was recorded.
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
    """Return whether the first of the dated entries is of *day* or earlier."""
    found = (entry.day for track in tracks for entry in list_entries(track, facts, ""))
    first = min(filter(None, found), default=None) or local_day(facts.get("recorded_at") or recorded)
    return first is not None and first <= day


def _without_later(facts: Facts, tracks: Iterable[Track], day: date) -> dict[str, Any]:
    """Return the facts without later ones: entries of a list, or the fields of a track but nothing below them."""
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
    """Return an entry as of *day*, without later acts on it such as signing; None before the entry's own day."""
    written = entry.written
    for name, one in track.fields.items():
        if one.kind == "group" and "on" in one.fields and name in written:
            written = _without_later_groups(written, name, day)
    found = entry.day
    if written is not entry.written and found and found > day:
        found = read_entry(track, written).day or found
    return None if found and found > day else written


def _without_later_groups(written: Facts, name: str, day: date) -> Facts:
    """Return the entry without a group dated after *day*, or without the groups of a list that are."""
    said = written[name]
    groups = said if isinstance(said, list) else [said]
    left = [one for one in groups if not ((on := local_day(one.get("on"))) and on > day)]
    if len(left) == len(groups):
        return written
    rest = {key: value for key, value in written.items() if key != name}
    return {**rest, name: left} if left else rest
