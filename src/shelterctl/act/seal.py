"""A sealed track as commands meet it: opened to be read, or to be written into by somebody who cannot read it."""

from collections.abc import Sequence
from typing import Any

from shelterctl.core.record import at
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.store import Held
from shelterctl.store.seal import BLOCK


def to_write(here: Desk, held: Held, track: Track, entry: str | None = None) -> Held:
    """The file as it must lie to be written into, with what this key may read of the track.

    Nobody needs to read a part to add an entry to it; to change one, or what there is one of, raises CannotOpen.
    """
    if track.seal is None:
        return held
    open_ = here.store.unsealed(held, track.seal.part)
    for one in _closed(open_, track):
        if isinstance(one, str) or one["id"] == entry:
            here.store.seals.refuse(held.value, one, track.name)
    return open_


def to_read(here: Desk, held: Held, track: Track) -> Held:
    """The file with what this key may read of the track; CannotOpen where that is nothing of what there is."""
    if track.seal is None:
        return held
    open_ = here.store.unsealed(held, track.seal.part)
    closed = _closed(open_, track)
    if closed and len(closed) == len(_all(open_, track)):
        here.store.seals.refuse(held.value, closed[0], track.name)
    return open_


def _all(held: Held, track: Track) -> Sequence[Any]:
    found: Any = at(held.value, track.at)
    if not track.many:
        return [found] if found else []
    return [one for one in found or () if one["track"] == track.name]


def _closed(held: Held, track: Track) -> Sequence[Any]:
    """The entries, or the one block, that this key did not open."""
    return [one for one in _all(held, track) if isinstance(one, str) or BLOCK in one]
