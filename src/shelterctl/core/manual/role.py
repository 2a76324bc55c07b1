"""The roles of the people of a house: what each may read, write and do, as the rulebook says.

The trust list grants roles to people and fixes which roles open each part; this is where the manual's own reading of
both stands, with its clauses (M2.1.5, R4.0.9, A4.2).
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple, TypedDict

from shelterctl.core.manual.notation import NAME_ABOVE, Label
from shelterctl.core.manual.track import Track
from shelterctl.immutable import immutable

EVERY_TRACK = "all"
"""The word for every track under ``writes`` and every act under ``does``."""


@immutable
class FilePart:
    """A part of a store that is a whole file: its text, and the roles whose keys open it.

    An encrypted part opens with these keys alone; an unencrypted one is read by everybody and saved with these keys.
    """

    name: Annotated[str, NAME_ABOVE]
    text: Label
    clause: str
    readers: tuple[str, ...]


@immutable
class Role:
    """One role: the tracks that it *writes* and the acts that it *does*, ``all`` but for those under *but*."""

    name: Annotated[str, NAME_ABOVE]
    clause: str
    writes: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def may(self, what: str, *, is_act: bool = False) -> bool:
        """Whether the role may write the track, or do the act, of that name."""
        allowed = self.does if is_act else self.writes
        return what not in self.but and (EVERY_TRACK in allowed or what in allowed)


class RolesOfHouse(TypedDict):
    """The parts of a store that are whole files, and the roles, each by its name."""

    parts: Mapping[str, FilePart]
    acts: Mapping[str, Label]
    roles: Mapping[str, Role]


class Task(NamedTuple):
    """Something that a role may write or do: the name of a track, or of an act."""

    name: str
    is_act: bool


def readers_by_part(parts: Mapping[str, FilePart], tracks: Iterable[Track]) -> dict[str, tuple[str, ...]]:
    """Return the roles that open each part of a store: whole files, and the sealed parts of a file."""
    found = {name: part.readers for name, part in parts.items()}
    for track in tracks:
        if track.seal:
            found[track.seal.part] = track.seal.readers
            if instead := track.seal.instead:
                found[instead.part] = instead.readers
    return {name: tuple(sorted(roles)) for name, roles in sorted(found.items())}


def act_of_entry(act: str, track: str) -> str:
    """Return the name of an act on an entry of a track, such as ``approve-plan``."""
    return f"{act}-{track}"
