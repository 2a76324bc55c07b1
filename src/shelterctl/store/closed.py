"""Blocks of a client's file that lie closed: sealed anew for other readers, each to the byte what it said.

To write into a file nobody has to open all that is sealed in it. Once other keys may read it than could before, what
stays closed must change hands too; what this key does not open stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shelterctl.core.track import Track
from shelterctl.core.tree import REVISIONS, SEALED
from shelterctl.identity import Identity
from shelterctl.vault.block import resealed

ABOVE, _, LISTED = SEALED.partition(".")
BLOCK = "age"
UNFINISHED = "unfinished"
"""Where answers wait that are no entry yet; a block of them has it in the place of the id."""

Record = Mapping[str, Any]


def closed_anew(
    record: Record, tracks: Mapping[str, Track], readers: Callable[[str], Sequence[str]], key: Identity
) -> dict[str, Any]:
    """The file with every closed block in it sealed anew, of answers too that wait; what lies open is not touched."""

    def again(one: Any, part: str) -> Any:
        if isinstance(one, str):
            return resealed(one, readers(part), key)
        return {**one, BLOCK: again(one[BLOCK], part)} if isinstance(one, Mapping) and BLOCK in one else one

    def part_of(name: str) -> str:
        track = tracks.get(name)  # a newer program may have more of them
        return track.seal.part if track and track.seal else ""

    found, waiting = dict(record), record.get(UNFINISHED) or {}
    if sealed := record.get(ABOVE):
        alone = {name: again(said, name) for name, said in sealed.items() if name not in (LISTED, REVISIONS)}
        listed = {LISTED: [again(one, one["part"]) for one in sealed[LISTED]]} if LISTED in sealed else {}
        found[ABOVE] = {**sealed, **listed, **alone}
    if any(isinstance(draft, Mapping) and BLOCK in draft for draft in waiting.values()):
        found[UNFINISHED] = {name: again(draft, part_of(name.partition(" ")[0])) for name, draft in waiting.items()}
    return found
