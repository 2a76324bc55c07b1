"""The tree of places in a file, where every key has one owner; only a family lies in one list, told apart by tells."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shelterctl.core.sameness import WAS
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES, SEALED, STAMP, STAYS
from shelterctl.language import N_
from shelterctl.library.file import Written, below

OWNED = N_("the place {key} belongs to the track {track} already")
PROGRAM = N_("the place {key} is kept by the program itself")
UNTOLD = N_("it lies in one list with the track {track}; say under tells what tells them apart")

Path = tuple[str, ...]

ROOTS: Mapping[str, Path] = {**HOMES, "directory": ("the directory",)}
"""Where the places of each home begin."""

OF_A_FILE = ("schema", "edition", *STAMP, "unfinished", "printed")
OF_AN_ENTRY = (*STAMP, "void", WAS)
"""Keys that the program writes beside those of a track."""


class Claim(NamedTuple):
    """A place that a track has; *shared* says that other tracks may lie below it."""

    track: Track
    shared: bool


def refuse_shared(files: Mapping[str, Written], tracks: Mapping[str, Track]) -> None:
    """BrokenRulebook where a track lies at a place of another one, or of the program."""
    owners: dict[Path, Claim] = {}
    for name, track in tracks.items():
        for path, place, shared in _claims(track):
            if path[-1] in (OF_AN_ENTRY if path[:-1] == (STAYS,) else OF_A_FILE if len(path) == 1 else ()):
                raise files[name].broken("twice", place, PROGRAM, key=path[-1])
            owner = owners.setdefault(path, Claim(track, shared)).track
            if not _akin(owner, track):
                raise files[name].broken("twice", place, OWNED, key=".".join(path), track=owner.name)
        for key in track.fields if track.many else ():
            if key in OF_AN_ENTRY:
                raise files[name].broken("twice", below("/fields", key), PROGRAM, key=key)
    for name, track in tracks.items():
        for base in _bases(track):
            for path in (base[:end] for end in range(len(base))):
                claim = owners.get(path)
                if claim and not claim.shared and not _akin(claim.track, track):
                    raise files[name].broken("twice", "/at", OWNED, key=".".join(path), track=claim.track.name)
    _refuse_untold(files, tracks)


def _bases(track: Track) -> Iterator[Path]:
    for home in dict.fromkeys(ROOTS[each] for each in track.home):
        yield (*home, *(key for key in track.at.split(".") if key))


def _claims(track: Track) -> Iterator[tuple[Path, str, bool]]:
    """The places of a track, with the key that says so: the entry itself, and its fields where there is only one."""
    for base in _bases(track):
        whole = base == (STAYS,)
        if base:
            yield base, "/at", whole or not track.many
        for key in track.fields if whole or not track.many else ():
            yield (*base, key), below("/fields", key), False


def _akin(one: Track, other: Track) -> bool:
    return _kin(one) == _kin(other)


def _kin(track: Track) -> str:
    """The family of a track; what is sealed lies in one list."""
    return SEALED if track.seal else track.family or track.name


def _refuse_untold(files: Mapping[str, Written], tracks: Mapping[str, Track]) -> None:
    said: dict[tuple[object, ...], str] = {}
    for name, track in tracks.items():
        if track.family is None:
            continue
        other = said.setdefault((track.family, *sorted(track.tells.items())), name)
        if not track.tells or other != name:
            raise files[name].broken("twice", "/tells", UNTOLD, track=track.family if not track.tells else other)
