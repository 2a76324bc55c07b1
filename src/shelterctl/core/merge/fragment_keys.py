"""The keys at the top of a fragment that belong to a stay, to the client, or to the lists of tracks."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from shelterctl.core.manual.track import Track
from shelterctl.core.rules.context import NO_TRACKS, Tracks
from shelterctl.core.values.facts import Facts


class ValueToSeal(NamedTuple):
    """A value given inside an entry that belongs under its *key* in an entry of a sealed *track*.

    *entry* is the entry for which it was given, as the file has it, and *where* its place; *changed* says whether that
    entry was named by its id.
    """

    track: str
    key: str
    value: Any
    entry: Facts
    where: str
    changed: bool


class FragmentKeys(NamedTuple):
    """The keys at the top of a fragment that belong to a stay, and those of them that a *client* may have too.

    *lists* maps the dotted place of each list of entries to the name of its track. *moved* maps places inside such
    lists to the sealed track that holds their values now.
    """

    stay: Collection[str]
    client: Collection[str]
    lists: Mapping[str, str]
    tracks: Tracks
    moved: Mapping[str, str] = MappingProxyType({})

    def without_moved(self, where: str, entry: Facts) -> Facts:
        """Return an entry given for a list, without the values that belong in a sealed track."""
        if not self.moved:
            return entry
        path = _list_path(where)
        return {name: value for name, value in entry.items() if f"{path}.{name}" not in self.moved}

    def find_values_to_seal(
        self, where: str, given: Facts, entry: Facts, place: str, changed: bool
    ) -> Iterator[ValueToSeal]:
        """Yield the values given for an entry of a list that belong in a sealed track."""
        path = _list_path(where)
        for name, value in given.items():
            if into := self.moved.get(f"{path}.{name}"):
                yield ValueToSeal(into, name, value, entry, place, changed)

    def find_track(self, where: str, entry: Facts) -> Track | None:
        """Return the track of an entry by the pointer to its list, or None; a sealed entry names its own track."""
        path = _list_path(where)
        name = entry.get("track") if path not in self.lists else self.lists[path]
        return self.tracks[name] if isinstance(name, str) and name in self.tracks else None


NO_KEYS = FragmentKeys((), (), {}, NO_TRACKS)
"""No keys, for a merge outside a client's file: none of its lists has a track."""


def _list_path(where: str) -> str:
    """Return the dotted place of a list by its pointer, in her file or in any of her stays."""
    steps = [step for step in where.split("/") if step]
    return ".".join(steps[2:] if steps[:1] == ["stays"] and len(steps) > 1 else steps)
