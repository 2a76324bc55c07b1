"""One definition of "the same": of two values, and of an entry that is given and one that stands in a file.

An entry that is given without an id means an entry of the file that says, or once said, just what it says. Each entry
of the file can be meant once: two equal entries of a document are two, and a second run of it adds none.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import read_som

CHANGES_KEY = "was"
"""Where an entry keeps what stood in it before a change: ``was: [{at, by, before: {KEY: old value}}]``."""

BEFORE_KEY = "before"
"""The key of the old values of a change; they lie below it, since entries have fields ``at`` and ``by`` of their own.

Null stands where nothing stood, or a word that may not stand in the clear.
"""

RECORDED_KEYS = ("id", "recorded_at", "recorded_by", CHANGES_KEY)
"""The keys by which an entry is known and says who wrote it."""

STAMPED_KEYS = (*RECORDED_KEYS, "void")
"""All keys that the program writes into an entry besides what somebody says in it."""


def entry_content(written: Any, stamped: Collection[str] = STAMPED_KEYS) -> Any:
    """An entry without the keys that the program wrote into it, and without nulls, which say nothing, at any depth."""
    if isinstance(written, str):  # most values are: asked first, for files are read often
        return written
    if isinstance(written, Mapping):
        return {
            name: entry_content(value, stamped)
            for name, value in written.items()
            if name not in stamped and value is not None
        }
    return [entry_content(each, stamped) for each in written] if isinstance(written, list) else written


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same at any depth; true is not 1, and a list of codes is a set.

    A number may be given as one and stand as text, or the other way round: an amount with places, or a year.
    """
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        if is_entry_list(one + other):
            return len(one) == len(other) and all(is_same(*pair) for pair in zip(one, other, strict=True))
        return sorted(map(str, one)) == sorted(map(str, other))
    if type(one) is not type(other):
        one, other = (each if (som := read_som(each)) is None else som for each in (one, other))
    return bool(one == other)


def is_entry_list(written: object) -> bool:
    """Whether a value is a list of entries, and not one of codes or words."""
    return isinstance(written, list) and any(isinstance(each, Mapping) for each in written)


def entry_versions(entry: Facts) -> Iterator[dict[str, Any]]:
    """The contents of an entry: as it stands, then as it stood before each change, the last change first."""
    now = dict(entry_content(entry))
    yield now
    for change in reversed(entry.get(CHANGES_KEY) or ()):
        now = _restore_values(now, change[BEFORE_KEY])
        yield now


def _restore_values(now: Facts, before: Facts) -> dict[str, Any]:
    """Contents with the values in them that stood there before a change."""
    back = dict(now)
    for name, value in before.items():
        there, group = back.get(name), isinstance(value, Mapping)
        back[name] = _restore_values(there if isinstance(there, Mapping) else {}, value) if group else value
    return {name: value for name, value in back.items() if value is not None}


def replaced_values(entry: Facts) -> Iterator[tuple[str, str, Any]]:
    """Each value that a change took away, the last change first: when it was changed, the dotted name, the value."""
    for change in reversed(entry.get(CHANGES_KEY) or ()):
        before = _flatten(change[BEFORE_KEY])
        yield from ((str(change["at"]), name, value) for name, value in before if value is not None)


def entry_changes(entry: Facts) -> list[Facts]:
    """The changes of an entry that took a value away, the oldest first, each with these values alone."""
    made = (
        change
        for change in entry.get(CHANGES_KEY) or ()
        if any(value is not None for _, value in _flatten(change[BEFORE_KEY]))
    )
    return [{**change, BEFORE_KEY: entry_content(change[BEFORE_KEY])} for change in made]


def _flatten(facts: Facts, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        inside = isinstance(value, Mapping)
        yield from _flatten(value, f"{above}{name}.") if inside else [(f"{above}{name}", value)]


class EntryMatcher:
    """The entries of a list that entries without an id may mean, struck ones last; each is meant once.

    *later* are the keys that acts and later events add to an entry; one that was approved meanwhile is still the one
    that was given without them.
    """

    def __init__(self, entries: Iterable[Facts], later: Collection[str] = ()) -> None:
        self._later = frozenset(later)
        self._now: dict[Hashable, list[tuple[Facts, Facts]]] = {}
        self._past: dict[Hashable, list[tuple[Facts, Facts]]] = {}
        for entry in sorted(entries, key=lambda one: "void" in one):
            now, *past = entry_versions(entry)
            self._now.setdefault(self._kind(now), []).append((entry, now))
            for said in past:
                self._past.setdefault(self._kind(said), []).append((entry, said))

    def pair(self, given: Sequence[Facts], within: Sequence[Collection[str] | None] = ()) -> list[Facts | None]:
        """For each given entry the one that says just that, or None: what entries say now comes before what they said.

        Where *within* has ids for a given entry, it means one of these alone.
        """
        found: list[Facts | None] = [None] * len(given)
        taken: set[int] = set()
        said = [entry_content(one) for one in given]
        for listed in (self._now, self._past):
            for number, one in enumerate(said):
                ids = within[number] if within else None
                if found[number] is None and (entry := self._first(listed, one, taken, ids)) is not None:
                    found[number] = entry
                    taken.add(id(entry))
        return found

    def _first(
        self,
        listed: Mapping[Hashable, list[tuple[Facts, Facts]]],
        given: Facts,
        taken: set[int],
        ids: Collection[str] | None,
    ) -> Facts | None:
        for entry, known in listed.get(self._kind(given), ()):
            if id(entry) in taken or not (ids is None or entry.get("id") in ids):
                continue
            if is_same(
                {name: value for name, value in known.items() if name not in self._later or name in given}, given
            ):
                return entry
        return None

    def _kind(self, said: Facts) -> Hashable:
        """A rough key of contents: what is the same has one key, so that long lists are not compared one by one."""
        return _rough_key({name: value for name, value in said.items() if name not in self._later})


def _rough_key(value: Any) -> Hashable:
    if isinstance(value, str) and ("-" in value or not value[:1].isdigit()):  # a day, a code, words: no amount
        return value
    if isinstance(value, Mapping):
        return frozenset((name, _rough_key(below)) for name, below in value.items())
    if isinstance(value, list):
        return tuple(_rough_key(each) for each in value) if is_entry_list(value) else tuple(sorted(map(str, value)))
    if isinstance(value, bool):
        return ("yes_no", value)
    return value if (som := read_som(value)) is None else som


def lost_values(old: Facts, new: Facts, *, filled: bool = False) -> dict[str, Any]:
    """The values of *old* that *new* says otherwise or not at all; entries inside lists keep their own.

    With *filled* null stands for what *new* says and *old* did not.
    """
    gone: dict[str, Any] = {}
    for name, value in old.items():
        now = new.get(name)
        if name in STAMPED_KEYS or is_entry_list(value):
            continue
        if isinstance(value, Mapping):
            if below := lost_values(value, now if isinstance(now, Mapping) else {}, filled=filled):
                gone[name] = below
        elif name not in new or not is_same(value, now):
            gone[name] = value
    if filled:
        fresh = new.keys() - old.keys() - {*STAMPED_KEYS}
        gone |= {name: None for name, value in new.items() if name in fresh and not is_entry_list(value)}
    return gone
