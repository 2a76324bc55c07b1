"""An entry as it is judged: its values read once by their fields, and those of its parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl.core.field import Field, Fields, Possible, day_in, read_alone, read_fields, read_one
from shelterctl.core.record import Facts, at
from shelterctl.core.track import Deed, Part, Track
from shelterctl.language import Text


class Values(Mapping[str, Any]):
    """What an entry says, by dotted name; a field is read when it is first asked for, with what stands inside it.

    What was *made* of the rest stands there as if it were written.
    """

    __slots__ = ("_fields", "_said", "_written")

    def __init__(self, fields: Fields, written: Facts, made: Facts | None = None) -> None:
        self._fields, self._written = fields, written
        self._said: dict[str, Any] = {**made} if made else {}

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name; *default* where nothing is written, or what cannot be read."""
        said = self._said
        if name not in said:
            first = name.partition(".")[0]
            if first not in said:
                self._read(first)
            said.setdefault(name, None)
        found = said[name]
        return default if found is None else found

    def _read(self, first: str) -> None:
        one = self._fields.get(first)
        self._said[first] = read_alone(first, one, self._written) if one else None
        if one and (one.fields or one.kind == "span"):
            self._said.update(read_one(first, one, self._written))

    def __getitem__(self, name: str) -> Any:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys((*self._said, *(name for name, _ in read_fields(self._fields, self._written))))
        return (name for name in names if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(slots=True, repr=False, eq=False)  # as a finding is
class Entry:
    """What was written down in one place, with its *values*; those of *doubted* names are at odds with the others.

    A part of an entry has it as *outer*; *where* is a JSON pointer into the document at hand.
    """

    of: Track | Part
    written: Facts
    where: str
    values: Mapping[str, Any]
    outer: "Entry | None" = None
    parts: "tuple[Entry, ...]" = ()
    doubted: tuple[str, ...] = ()
    _day: "tuple[date | None] | None" = field(default=None, init=False)
    _kind: "tuple[Any, ...] | None" = field(default=None, init=False)

    @property
    def day(self) -> date | None:
        """The day of the entry, by its track: of several fields the first that is written; None without any.

        It is read once.
        """
        if self._day is None:
            named = self.of.day if isinstance(self.of, Track) else None
            found = (day_in(self.values.get(name)) for name in ((named,) if isinstance(named, str) else named or ()))
            self._day = (next((day for day in found if day is not None), None),)
        return self._day[0]

    @property
    def kind(self) -> tuple[Any, ...]:
        """The values by which entries of a track are told apart that keeps the last one of each, as `per` names them.

        They are read once.
        """
        if self._kind is None:
            per = self.of.per if isinstance(self.of, Track) else ()
            self._kind = tuple(folded(self.values.get(name)) for name in per)
        return self._kind

    @property
    def fields(self) -> Fields:
        """The fields by which it is read."""
        return self.of.fields

    @property
    def closed(self) -> bool:
        """Whether it is sealed, and only its markers can be read."""
        return isinstance(self.of, Track) and self.of.seal is not None and "age" in self.written

    def lies_open(self, name: str) -> bool:
        """Whether a name may be read: whatever stands elsewhere, and of a closed entry its markers."""
        first = name.partition(".")[0]
        seal = self.of.seal if isinstance(self.of, Track) else None
        return not self.closed or first not in self.fields or (seal is not None and first in seal.marker)

    @property
    def malformed(self) -> tuple[str, ...]:
        """The names of what is written and cannot be read, and of what is doubted."""
        unread = (name for name, value in read_fields(self.fields, self.written) if value is None)
        return (*unread, *self.doubted)


def read_entry(of: Track | Part, written: Facts, where: str = "", outer: Entry | None = None) -> Entry:
    """An entry by the fields of what it is."""
    return Entry(of, written, where, Values(of.fields, written), outer)


def title_of(track: Track, written: Facts) -> Text:
    """What an entry is called: by the answers that decide on it where the track has words for them, else its noun."""
    values = Values(track.fields, written)
    fitting = (
        one.text for one in track.titled if all(answered(values.get(name), each) for name, each in one.when.items())
    )
    return next(fitting, track.text)


def may_matter(deed: Deed, entry: Entry) -> bool:
    """Whether an act can still matter to an entry, by what it says: nobody permits an outing that is over."""
    return all(answered(entry.values.get(name), wanted) for name, wanted in deed.when.items())


def with_made(entry: Entry, **made: Any) -> Entry:
    """The same entry with what was made of it in the place of what is not written."""
    return replace(entry, values=Values(entry.fields, entry.written, made))


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
    return replace(whole, parts=tuple(_counted(part) for part in parts)) if parts else whole


def _counted(part: Entry) -> Entry:
    made = product(part)
    return with_made(part, amount=made) if made and "amount" not in part.values else part


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


def listed(track: Track, home: Facts, root: str) -> Sequence[Entry]:
    """The live entries of a track in one place of a file, each with the pointer to it."""
    found = at(home, track.at) if track.at else home
    if not found:
        return ()
    place = f"{root}/{track.at.replace('.', '/')}" if track.at else root
    if track.keeps == "one":
        return (read_entry(track, found, place),) if isinstance(found, dict) else ()
    return [
        read_entry(track, written, f"{place}/{number}")
        for number, written in enumerate(found)
        if "void" not in written and (not track.tells or tells(track, written))
    ]


def tells(track: Track, written: Facts) -> bool:
    """Whether what stands in a list that several tracks share is of this one."""
    return all(written.get(key) == value for key, value in track.tells.items())


def field_at(fields: Fields, name: str) -> Field | None:
    """The field of a dotted name among these and what is inside them."""
    found: Field | None = None
    for key in name.split("."):
        found = fields.get(key)
        if found is None:
            return None
        fields = found.fields
    return found


def latest(found: Iterable[Entry]) -> Entry | None:
    """The last of them by its day; of two on one day the later in the list."""
    listed = [*found]
    return max(reversed(listed), key=lambda one: one.day or date.min, default=None)


def lasting(track: Track, found: Iterable[Entry]) -> list[Entry]:
    """Those that count: all of them, or where each replaces those before it, the last one of each kind."""
    if track.keeps != "last":
        return [*found]
    kinds: dict[tuple[Any, ...], list[Entry]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return [last for each in kinds.values() if (last := latest(each))]


def folded(said: Any) -> Any:
    """A value as it is compared: words whatever their case and the room between them."""
    return " ".join(said.split()).casefold() if isinstance(said, str) else said


def one_name(said: Any) -> Any:
    """A name as it is compared with another: whatever its case, its spaces, its points and ё or е."""
    from shelterctl.core.name import fold  # noqa: PLC0415 - only where several names stand

    return fold(said) if isinstance(said, str) else said


def answered(said: Any, wanted: Iterable[str]) -> bool:
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
            found = isinstance(said, Possible) and said.first != said.last
        elif answer in ("there", "absent"):
            found = (said is None or said == ()) is (answer == "absent")
        else:
            found = answer in given
        if found:
            return True
    return False
