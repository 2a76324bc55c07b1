"""What no paper is ever written over, whatever is asked for: a store, a key, and what is no plain file."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl.errors import Damaged
from shelterctl.language import Sentence
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_

PATH_IN_STORE = N_(
    "That is inside the store, where everything is sealed; what is printed can be read. Choose another folder."
)
PATH_OF_KEY = N_("That is the place of a key, or of what a device remembers beside it. Choose another place.")
PATH_NOT_PLAIN_FILE = N_(
    "What has this name is a link, has a second name, or is no file at all; only a plain file is replaced. "
    "Choose another name."
)
FILE_IRREPLACEABLE = N_(
    "What has this name is a key or a sealed file, which nobody could make again; it is not replaced. "
    "Choose another name."
)

HEADS_SUFFIX = ".heads"
"""How the folder is called that stands beside a key, behind the key's own name."""


def forbidden_place_reason(path: Path, key: Path) -> Sentence | None:
    """Why no paper may be at *path*, be there a file or not: a store or what belongs to a key has its place there."""
    if is_in_store(path):
        return PATH_IN_STORE
    places = list(_real_paths(path))
    own = [spot for named in _real_paths(key) for spot in (named, named.with_name(named.name + HEADS_SUFFIX))]
    heads = any(folder.name.casefold().endswith(HEADS_SUFFIX) for place in places for folder in place.parents)
    return PATH_OF_KEY if heads or any(is_same_file(place, spot) for place in places for spot in own) else None


def is_in_store(path: Path) -> bool:
    """Whether *path*, or what it leads to, is in the folder of a store or of a backup of one."""
    folders = [folder for place in _real_paths(path) for folder in place.parents]
    return any(os.path.lexists(folder / name) for folder in folders for name in (SHELTER_FILE, TRUST_LIST_FILE))


def irreplaceable_reason(path: Path) -> Sentence | None:
    """Why the file that is at *path* may not be replaced, told by what it is."""
    from shelterctl.identity.key_file import is_key_or_sealed  # noqa: PLC0415 - only where there is something to be replaced

    with translate_disk_errors("--out"):
        try:
            # A device may do something as soon as it is opened, so it is asked before.
            plain = stat.S_ISREG(os.lstat(path).st_mode)
            return PATH_NOT_PLAIN_FILE if not plain else FILE_IRREPLACEABLE if is_key_or_sealed(path) else None
        except Damaged:
            return PATH_NOT_PLAIN_FILE


def _real_paths(path: Path) -> Iterator[Path]:
    """Where the name itself stands, and where it leads if it is a link."""
    yield Path(os.path.realpath(path.parent), path.name)
    yield Path(os.path.realpath(path))


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths are of one file; a disk may not tell large letters from small ones."""
    with suppress(OSError):
        return one == other or os.path.samefile(one, other)
    return False
