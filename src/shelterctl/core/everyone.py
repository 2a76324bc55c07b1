"""Everybody's files, opened only when a rule looks beyond hers: what others have is found by what they say."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shelterctl.core.entry import Entry, folded, listed
from shelterctl.core.record import Client
from shelterctl.core.track import Track

Found = dict[Any, list[str]]
"""The ids of clients, by what their entries say at one name."""


@dataclass(repr=False)
class Everyone:
    """Every client of the store; *opens* reads their files, each once however many rules ask."""

    opens: Callable[[], Iterable[Client]]
    _said: dict[tuple[str, str], Found] = field(default_factory=dict)

    @cached_property
    def clients(self) -> tuple[Client, ...]:
        """Everybody whose file is whole."""
        return tuple(self.opens())

    def having(self, track: Track, name: str, said: Any, besides: str | None) -> Iterator[str]:
        """The ids of whoever else than *besides* has a live entry of a track that says the same at a name."""
        key = (track.name, name)
        if key not in self._said:
            self._said[key] = self._by_value(track, name)
        return (id_ for id_ in self._said[key].get(folded(said), ()) if id_ != besides)

    def entries(self, track: Track, besides: str | None) -> Iterator[Entry]:
        """The live entries of a track in other files than *besides*, wherever they lie."""
        return (entry for her in self.clients if her.id != besides for entry in of_client(track, her))

    def _by_value(self, track: Track, name: str) -> Found:
        found: Found = {}
        for her in self.clients:
            for entry in of_client(track, her):
                if (said := entry.values.get(name)) is not None:
                    found.setdefault(folded(said), []).append(her.id)
        return found


def of_client(track: Track, her: Client) -> Iterator[Entry]:
    """The live entries of a track in one file: in each of her stays, and beside them."""
    for stay in her.stays if track.of_a_stay else ():
        yield from listed(track, stay.facts, f"/stays/{stay.index}")
    if "client" in track.home or not track.of_a_stay:
        yield from listed(track, her.facts, "")
