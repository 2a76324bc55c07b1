"""What no paper is ever written over, whatever is asked for: a store, a key, and what is no plain file."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import machine
from shelterctl.errors import Damaged
from shelterctl.language import N_, Sentence

IN_STORE = N_(
    "That is inside the store, where everything is sealed; what is printed can be read. Choose another folder."
)
BY_THE_KEY = N_("That is the place of a key, or of what a device remembers beside it. Choose another place.")
NOT_PLAIN = N_(
    "What has this name is a link, has a second name, or is no file at all; only a plain file is replaced. "
    "Choose another name."
)
NEVER_AGAIN = N_(
    "What has this name is a key or a sealed file, which nobody could make again; it is not replaced. "
    "Choose another name."
)

OF_A_STORE = ("shelter.yaml", "trust.jsonl")
"""The names by which a folder is known for a store, or for a backup of one."""

HEADS = ".heads"
"""How the folder is called that stands beside a key, behind the key's own name."""


def astray(path: Path, key: Path) -> Sentence | None:
    """Why no paper may be at *path*, be there a file or not: a store or what belongs to a key has its place there."""
    if of_a_store(path):
        return IN_STORE
    places = list(_places(path))
    own = [spot for named in _places(key) for spot in (named, named.with_name(named.name + HEADS))]
    heads = any(folder.name.casefold().endswith(HEADS) for place in places for folder in place.parents)
    return BY_THE_KEY if heads or any(same(place, spot) for place in places for spot in own) else None


def of_a_store(path: Path) -> bool:
    """Whether *path*, or what it leads to, is in the folder of a store or of a backup of one."""
    folders = [folder for place in _places(path) for folder in place.parents]
    return any(os.path.lexists(folder / name) for folder in folders for name in OF_A_STORE)


def spared(path: Path) -> Sentence | None:
    """Why the file that is at *path* may not be replaced, told by what it is."""
    from shelterctl import identity  # noqa: PLC0415 - only where there is something to be replaced

    with machine.disk("--out"):
        try:
            # A device may do something as soon as it is opened, so it is asked before.
            plain = stat.S_ISREG(os.lstat(path).st_mode)
            return NOT_PLAIN if not plain else NEVER_AGAIN if identity.is_irreplaceable(path) else None
        except Damaged:
            return NOT_PLAIN


def _places(path: Path) -> Iterator[Path]:
    """Where the name itself stands, and where it leads if it is a link."""
    yield Path(os.path.realpath(path.parent), path.name)
    yield Path(os.path.realpath(path))


def same(one: Path, other: Path) -> bool:
    """Whether two paths are of one file; a disk may not tell large letters from small ones."""
    with suppress(OSError):
        return one == other or os.path.samefile(one, other)
    return False
