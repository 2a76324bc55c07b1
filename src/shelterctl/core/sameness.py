"""One definition of "the same": of two values, and of an entry that is given and one that stands in a file.

An entry that is given without an id means an entry of the file that says, or once said, just what it says. Each entry
of the file can be meant once: two equal entries of a document are two, and a second run of it adds none.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any

from shelterctl.core.money import read_som
from shelterctl.core.record import Facts

WAS = "was"
"""Where an entry keeps what stood in it before a change: ``was: [{at, by, before: {KEY: old value}}]``."""

BEFORE = "before"
"""What stood there, by key; apart from who changed it when, since entries have fields ``at`` and ``by`` too."""

STAMPED = ("id", "recorded_at", "recorded_by", "void", WAS)
"""What the program writes into an entry besides what somebody says in it."""


def content(written: Any) -> Any:
    """An entry without what the program wrote into it, at any depth."""
    if isinstance(written, Mapping):
        return {name: content(value) for name, value in written.items() if name not in STAMPED}
    return [content(each) for each in written] if isinstance(written, list) else written


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same at any depth; true is not 1, and a list of codes is a set.

    A number may be given as one and stand as text, or the other way round: an amount with places, or a year.
    """
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        if holds_entries(one + other):
            return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
        return sorted(map(str, one)) == sorted(map(str, other))
    if type(one) is not type(other):
        one, other = (each if (som := read_som(each)) is None else som for each in (one, other))
    return bool(one == other)


def holds_entries(written: object) -> bool:
    """Whether a value is a list of entries, and not one of codes or words."""
    return isinstance(written, list) and any(isinstance(each, Mapping) for each in written)


def versions(entry: Facts) -> Iterator[dict[str, Any]]:
    """The contents of an entry: as it stands, then as it stood before each change, the last change first."""
    now = dict(content(entry))
    yield now
    for change in reversed(entry.get(WAS) or ()):
        now = _put_back(now, change[BEFORE])
        yield now


def _put_back(now: Facts, before: Facts) -> dict[str, Any]:
    """Contents with the values in them that stood there before a change."""
    back = dict(now)
    for name, value in before.items():
        there = back.get(name)
        back[name] = _put_back(there if isinstance(there, Mapping) else {}, value) if _is_group(value) else value
    return back


def _is_group(value: object) -> bool:
    return isinstance(value, Mapping)


def said_before(entry: Facts) -> Iterator[tuple[str, str, Any]]:
    """Each value that a change took away, the last change first: when it was changed, the dotted name, the value."""
    for change in reversed(entry.get(WAS) or ()):
        yield from ((str(change["at"]), name, value) for name, value in _flat(change[BEFORE]))


def _flat(facts: Facts, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        yield from _flat(value, f"{above}{name}.") if _is_group(value) else [(f"{above}{name}", value)]


class Standing:
    """The entries of a list that an entry without an id may mean, struck ones last; each is found once.

    *later* are the keys that acts and later events add to an entry; one that was approved meanwhile is still the one
    that was given without them.
    """

    def __init__(self, entries: Iterable[Facts], later: Collection[str] = ()) -> None:
        self._later = frozenset(later)
        self._by_content: dict[Hashable, list[Facts]] = {}
        self._found: set[int] = set()
        for entry in sorted(entries, key=lambda one: "void" in one):
            for said in versions(entry):
                listed = self._by_content.setdefault(self._kind(said), [])
                if not any(one is entry for one in listed):
                    listed.append(entry)

    def find(self, given: Facts) -> Facts | None:
        """The first entry that says just what is given, and is found no more; None where there is none left."""
        said = content(given)
        for entry in self._by_content.get(self._kind(said), ()):
            if id(entry) not in self._found and any(self._says(one, said) for one in versions(entry)):
                self._found.add(id(entry))
                return entry
        return None

    def _says(self, known: Facts, given: Facts) -> bool:
        left = {name: value for name, value in known.items() if name not in self._later or name in given}
        return same(left, given)

    def _kind(self, said: Facts) -> Hashable:
        """A rough key of contents: what is the same has one key, so that long lists are not compared one by one."""
        return _rough({name: value for name, value in said.items() if name not in self._later})


def _rough(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return frozenset((name, _rough(below)) for name, below in value.items())
    if isinstance(value, list):
        return tuple(_rough(each) for each in value) if holds_entries(value) else tuple(sorted(map(str, value)))
    if isinstance(value, bool):
        return ("yes_no", value)
    return value if (som := read_som(value)) is None else som


def lost(old: Facts, new: Facts) -> dict[str, Any]:
    """The values of *old* that *new* says otherwise or not at all; entries inside lists keep their own."""
    gone: dict[str, Any] = {}
    for name, value in old.items():
        now = new.get(name)
        if name in STAMPED or holds_entries(value):
            continue
        if isinstance(value, Mapping):
            if below := lost(value, now if isinstance(now, Mapping) else {}):
                gone[name] = below
        elif name not in new or not same(value, now):
            gone[name] = value
    return gone
