"""Checks between tracks: nothing may depend on itself, and every place in a file belongs to one track.

Only tracks of one family share a list, and a code must tell their entries apart. An annex is recorded at a place of a
stay that takes a signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from shelterctl.core.manual.field import Fields, nested_fields
from shelterctl.core.manual.track import REGISTER_HOMES, Track
from shelterctl.core.record.file_tree import HOME_PATHS, SEALED_LIST, STAMP_FIELDS, STAYS_KEY, UNFINISHED_KEY
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

CIRCULAR_DEPENDENCY = N_("these depend on one another in a circle: {names}; remove one of the links")


class Dependency(NamedTuple):
    """Something that a track, an act or a field depends on, and where that is written."""

    to: str
    file: RulebookFile
    place: str


Dependencies = Mapping[str, Iterable[Dependency]]


def refuse_cycles(edges: Dependencies) -> None:
    """Raise BrokenRulebook at the first word that makes something depend on itself."""
    order = TopologicalSorter[str](dict.fromkeys(edges, ()))
    for name, resting in edges.items():
        for each in resting:
            order.add(each.to, name)
    try:
        order.prepare()
    except CycleError as error:
        *_, last, first = circle = error.args[1]
        edge = next(each for each in edges[last] if each.to == first)
        raise edge.file.error_at("circle", edge.place, CIRCULAR_DEPENDENCY, names=" → ".join(circle)) from error


PLACE_OF_OTHER_TRACK = N_("the place {key} already belongs to the track {track}; choose another one")
PLACE_OF_PROGRAM = N_("the program itself writes at the place {key}; choose another one")
FAMILY_NOT_DISTINGUISHED = N_("its entries share one list with the track {track}; write under tells how they differ")

KeyPath = tuple[str, ...]

ROOT_OF_CODES: KeyPath = ("the directory",)
ROOT_BY_HOME: Mapping[str, KeyPath] = {**HOME_PATHS, **{home: (f"the registers of {home}",) for home in REGISTER_HOMES}}
"""The path at which the places of each home begin; registers of codes have one of their own."""

SHORTEST_PATH_OF_REGISTER = ("the registers of a home", "a track")
"""The steps of the path to the entries of a track in the registers of a home."""

PROGRAM_KEYS_OF_FILE = ("schema", "edition", *STAMP_FIELDS, UNFINISHED_KEY, "printed")
PROGRAM_KEYS_OF_ENTRY = (*STAMP_FIELDS, "void", CHANGES_KEY)
PROGRAM_KEYS_OF_REGISTER = (*PROGRAM_KEYS_OF_FILE, "home", "opened", "held_from", "ended")
"""Keys that the program writes beside those of a track."""


class PlaceOwner(NamedTuple):
    """The track that owns a place; *shared* says that other tracks may have places below it."""

    track: Track
    shared: bool


def refuse_shared_places(files: Mapping[str, RulebookFile], tracks: Mapping[str, Track]) -> None:
    """Raise BrokenRulebook if a track uses a place of another track, or of the program."""
    owners: dict[KeyPath, PlaceOwner] = {}
    for name, track in tracks.items():
        _refuse_keys_of_program(files[name], track)
        for path, place, shared in _places_of_track(track):
            owner = owners.setdefault(path, PlaceOwner(track, shared)).track
            if not _is_same_family(owner, track):
                raise files[name].error_at("twice", place, PLACE_OF_OTHER_TRACK, key=".".join(path), track=owner.name)
    for name, track in tracks.items():
        for base in _base_paths(track):
            for path in (base[:end] for end in range(len(base))):
                claim = owners.get(path)
                if claim and not claim.shared and not _is_same_family(claim.track, track):
                    raise files[name].error_at(
                        "twice", "/at", PLACE_OF_OTHER_TRACK, key=".".join(path), track=claim.track.name
                    )
    _refuse_undistinguished(files, tracks)


def _refuse_keys_of_program(file: RulebookFile, track: Track) -> None:
    for path, place, _ in _places_of_track(track):
        taken = PROGRAM_KEYS_OF_ENTRY if path[:-1] == (STAYS_KEY,) else PROGRAM_KEYS_OF_FILE if len(path) == 1 else ()
        taken = PROGRAM_KEYS_OF_REGISTER if track.of_register and len(path) == len(SHORTEST_PATH_OF_REGISTER) else taken
        if path[-1] in taken:
            raise file.error_at("twice", place, PLACE_OF_PROGRAM, key=path[-1])
    for key in track.fields if track.many else ():
        if key in PROGRAM_KEYS_OF_ENTRY:
            raise file.error_at("twice", pointer_below("/fields", key), PLACE_OF_PROGRAM, key=key)
    for name, one in nested_fields(track.fields):
        for key in one.fields if is_list_of_groups(one) and not one.by_file else ():
            if key in PROGRAM_KEYS_OF_ENTRY:
                place = pointer_below("/fields", *f"{name}.{key}".replace(".", ".fields.").split("."))
                raise file.error_at("twice", place, PLACE_OF_PROGRAM, key=key)


def _base_paths(track: Track) -> Iterator[KeyPath]:
    roots = [ROOT_OF_CODES] if track.is_coded else [ROOT_BY_HOME[each] for each in track.home if each in ROOT_BY_HOME]
    for home in dict.fromkeys(roots):
        yield (*home, *(key for key in track.at.split(".") if key))


def _places_of_track(track: Track) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield each place of a track, the key that sets it, and whether it is shared.

    The places are the entry itself and, if there is only one entry, its fields.
    """
    for base in _base_paths(track):
        whole = base == (STAYS_KEY,)
        if base:
            yield base, "/at", whole or not track.many
        for key in track.fields if whole or not track.many else ():
            yield (*base, key), pointer_below("/fields", key), False


def _is_same_family(one: Track, other: Track) -> bool:
    return _family_name(one) == _family_name(other)


def _family_name(track: Track) -> str:
    """Return the family of a track; all sealed tracks share one list."""
    return SEALED_LIST if track.seal else track.family or track.name


def _refuse_undistinguished(files: Mapping[str, RulebookFile], tracks: Mapping[str, Track]) -> None:
    said: dict[tuple[object, ...], str] = {}
    for name, track in tracks.items():
        if track.family is None:
            continue
        other = said.setdefault((track.family, *sorted(track.discriminator.items())), name)
        if not track.discriminator or other != name:
            raise files[name].error_at(
                "twice", "/tells", FAMILY_NOT_DISTINGUISHED, track=track.family if not track.discriminator else other
            )


FIELDS_OF_SIGNATURE = {"signed": "yes_no", "signed_on": "day"}
"""The fields in which the signature of an annex is recorded, each with its kind."""


def places_of_signatures(tracks: Mapping[str, Track]) -> Iterator[str]:
    """Yield the places of a stay at which a signature can be recorded; *tracks* gives the track of each place.

    A place is a track of which a stay has one entry, or a group in such a track; the place of the stay itself is empty.
    """
    for place, track in tracks.items():
        if place and (track.many or track.seal or "stay" not in track.home):
            continue
        if place and _takes_signature(track.fields):
            yield place
        inside = nested_fields(track.fields, place and f"{place}.", lambda one: not is_list_of_groups(one))
        yield from (at for at, one in inside if not is_list_of_groups(one) and _takes_signature(one.fields))


def _takes_signature(fields: Fields) -> bool:
    return all(name in fields and fields[name].kind == kind for name, kind in FIELDS_OF_SIGNATURE.items())
