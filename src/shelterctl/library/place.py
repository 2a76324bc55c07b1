"""The places of a record and of the registers: each field of a track by the path at which it is asked for and shown."""

from collections.abc import Iterable, Iterator

from shelterctl.core.field import Field, Fields
from shelterctl.core.track import Track

Found = Iterator[tuple[str, Field]]


def places(tracks: Iterable[Track], shared: Fields) -> dict[str, Field]:
    """Every field by its path; what the monitoring report prints under a number is asked for as it is printed there."""
    found: dict[str, Field] = {}
    for track in tracks:
        found |= {path: one for path, one in _inside(_prefix(track), track.fields) if not one.number}
        found |= dict(_inside(track.name, track.clear))
        for part in track.parts.values():
            found |= {path: one for path, one in _inside("", part.fields) if "." in path}
    return {**found, **dict(_inside("", shared))}


def _prefix(track: Track) -> str:
    """Where the paths of a track begin: what an act writes from a file of its own is asked for under its own name."""
    if track.act:
        return track.family or track.name
    if "directory" in track.home:
        return f"directory.{track.at}"
    if track.seal:
        return track.name
    return "" if track.name == "stay" else track.at


def _inside(prefix: str, fields: Fields) -> Found:
    for name, one in fields.items():
        path = f"{prefix}.{name}" if prefix else name
        yield from _inside(path, one.fields) if one.fields else [(path, one)]
