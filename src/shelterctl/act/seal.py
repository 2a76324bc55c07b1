"""A sealed track as commands meet it: opened to be read, or to be written into by somebody who cannot read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl.core.record import at
from shelterctl.core.track import Track
from shelterctl.core.tree import SEALED
from shelterctl.desk import Desk
from shelterctl.store import Held
from shelterctl.store.closed import BLOCK


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


def may_read(here: Desk, one: Mapping[str, Any]) -> bool:
    """Whether a sealed entry is meant for who is at the device: its author, or somebody in a role that it is for."""
    return bool(one.get("recorded_by") == here.by or _reads(here, here.shelf.tracks.get(str(one["track"]))))


def _reads(here: Desk, track: Track | None) -> bool:
    """Whether the register says a role of whoever is at the device for which a sealed track is meant."""
    known = here.store.staff.value["staff"].get(here.by) or {}
    return bool(track and track.seal and known.get("role") in track.seal.readers)


def meant_for(here: Desk, record: Mapping[str, Any]) -> bool:
    """Whether anything sealed in a file is meant for whoever is at the device, as far as can be seen without opening.

    Of what every file has, be it empty, that is always so for its role, and so tells nothing.
    """
    blocks = any(_reads(here, here.shelf.tracks[name]) for name in here.shelf.blocks)
    return blocks or any(may_read(here, one) for one in at(record, SEALED) or () if _known(here, one))


def shown_to(here: Desk, held: Held) -> Mapping[str, Any]:
    """The file with what is sealed in it open as far as it is meant for whoever is at the device; the rest closed."""
    open_, shut = here.store.unsealed(held).value, held.value
    above, _, listed = SEALED.partition(".")
    if above not in shut:
        return shut
    pairs = zip(at(open_, SEALED) or (), at(shut, SEALED) or (), strict=True)
    entries = [opened if _known(here, one) and may_read(here, one) else one for opened, one in pairs]
    alone = {
        here.shelf.tracks[name].at.rpartition(".")[2]: _reads(here, here.shelf.tracks[name])
        for name in here.shelf.blocks
    }
    blocks = {name: (open_ if alone.get(name) else shut)[above][name] for name in shut[above] if name != listed}
    return {**shut, above: {**blocks, **({listed: entries} if entries else {})}}


def _known(here: Desk, one: Mapping[str, Any]) -> bool:
    """Whether an entry is of a kind that this program has: a newer one may have more."""
    return one["track"] in here.shelf.tracks


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
