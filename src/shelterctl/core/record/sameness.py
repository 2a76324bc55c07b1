"""Comparison of values, and of an entry that is given with the entries of a file.

An entry given without an id means the entry of the file that says exactly this, or once did. Each entry of the file can
be meant once: two equal entries of a document are two entries, and a second import of the document adds none.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import read_som

CHANGES_KEY = "was"
"""The key under which an entry keeps its earlier values: ``was: [{at, by, before: {KEY: old value}}]``."""

BEFORE_KEY = "before"
"""The key of the old values in a change; they are nested, since entries have fields ``at`` and ``by`` of their own.

Null means that there was no value, or words that may not be kept unencrypted.
"""

RECORDED_KEYS = ("id", "recorded_at", "recorded_by", CHANGES_KEY)
"""The keys that identify an entry and say who recorded and changed it."""

STAMPED_KEYS = (*RECORDED_KEYS, "void")
"""All keys that the program itself writes into an entry."""


def entry_content(written: Any, stamped: Collection[str] = STAMPED_KEYS) -> Any:
    """Return an entry without the keys that the program wrote and without nulls, which mean nothing, at any depth."""
    if isinstance(written, str):  # most values are text, and files are read often
        return written
    if isinstance(written, Mapping):
        return {
            name: entry_content(value, stamped)
            for name, value in written.items()
            if name not in stamped and value is not None
        }
    return [entry_content(each, stamped) for each in written] if isinstance(written, list) else written


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values are equal at any depth; true is not 1, and the order of a list of codes does not
    matter.

    A number and its text are equal: an amount with decimals, or a year.
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
    """Return whether a value is a list of entries, not of codes or words."""
    return isinstance(written, list) and any(isinstance(each, Mapping) for each in written)


def entry_versions(entry: Facts) -> Iterator[dict[str, Any]]:
    """Yield the contents of an entry: the present ones, then those before each change, the last change first."""
    now = dict(entry_content(entry))
    yield now
    for change in reversed(entry.get(CHANGES_KEY) or ()):
        now = restore_values(now, change[BEFORE_KEY])
        yield now


def restore_values(now: Facts, before: Facts) -> dict[str, Any]:
    """Return contents with the values that they had before a change."""
    back = dict(now)
    for name, value in before.items():
        there, group = back.get(name), isinstance(value, Mapping)
        back[name] = restore_values(there if isinstance(there, Mapping) else {}, value) if group else value
    return {name: value for name, value in back.items() if value is not None}


def replaced_values(entry: Facts) -> Iterator[tuple[str, str, Any]]:
    """Yield each value that a change replaced, the last change first: time of the change, dotted name, old value."""
    for change in reversed(entry.get(CHANGES_KEY) or ()):
        before = _flatten(change[BEFORE_KEY])
        yield from ((str(change["at"]), name, value) for name, value in before if value is not None)


def entry_changes(entry: Facts) -> list[Facts]:
    """Return the changes of an entry that replaced a value, the oldest first, each with only these values."""
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
    """The entries of a list that entries without an id may mean, struck ones last; each can be meant once.

    *later* are the keys that acts and later events add to an entry: an entry that was approved meanwhile still matches
    one given without the approval.
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
        """Return for each given entry the entry that says exactly this, or None; present contents match before earlier
        ones.

        Where *within* has ids for a given entry, only entries with one of these ids match.
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
        """Return a rough key of contents: equal contents share it, so long lists are not compared one by one."""
        return _rough_key({name: value for name, value in said.items() if name not in self._later})


def _rough_key(value: Any) -> Hashable:
    if isinstance(value, str) and ("-" in value or not value[:1].isdigit()):  # a day, a code or words, so no amount
        return value
    if isinstance(value, Mapping):
        return frozenset((name, _rough_key(below)) for name, below in value.items())
    if isinstance(value, list):
        return tuple(_rough_key(each) for each in value) if is_entry_list(value) else tuple(sorted(map(str, value)))
    if isinstance(value, bool):
        return ("yes_no", value)
    return value if (som := read_som(value)) is None else som


def lost_values(old: Facts, new: Facts, *, filled: bool = False) -> dict[str, Any]:
    """Return the values of *old* that *new* changes or lacks; lists of entries are left out.

    With *filled*, values that only *new* has are included as null.
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
