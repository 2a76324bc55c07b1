"""Places where no paper is ever written: a store, a key, and anything that is not a plain file."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl.errors import Damaged
from shelterctl.language import Sentence
from shelterctl.platform.disk_errors import OUT_FILE, translate_disk_errors
from shelterctl.store.folder import SHELTER_FILE
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_

PATH_IN_STORE = N_(
    "That place is inside the store, where everything is encrypted; anyone can read a printed paper. Choose "
    "another folder."
)
PATH_OF_KEY = N_("That place is kept for a key, or for what a computer remembers of a store. Choose another place.")
PATH_NOT_PLAIN_FILE = N_(
    "This name belongs to a link, to a file with a second name, or to no file at all; only a plain file is "
    "replaced. Choose another name."
)
FILE_IRREPLACEABLE = N_(
    "This name belongs to a key or an encrypted file, which nobody could make again, so it is not replaced. "
    "Choose another name."
)

HEADS_SUFFIX = ".heads"
"""The suffix of the folder beside a key; it follows the key's own name."""

KEY_FOLDER_SUFFIXES = (HEADS_SUFFIX, ".people")
"""The suffixes of the folders of a key: what it remembers of stores, and the keys of people at this computer."""


def forbidden_place_reason(path: Path, key: Path) -> Sentence | None:
    """Return why no paper may be written to *path*, whether or not a file is there: the place belongs to a store or to
    a key.
    """
    if is_in_store(path):
        return PATH_IN_STORE
    places = list(_real_paths(path))
    own = [spot for named in _real_paths(key) for spot in (named, named.with_name(named.name + HEADS_SUFFIX))]
    beside = any(folder.name.casefold().endswith(KEY_FOLDER_SUFFIXES) for place in places for folder in place.parents)
    return PATH_OF_KEY if beside or any(is_same_file(place, spot) for place in places for spot in own) else None


def is_in_store(path: Path) -> bool:
    """Whether *path*, or the target of a link there, is in the folder of a store or of a backup of one."""
    folders = [folder for place in _real_paths(path) for folder in place.parents]
    return any(os.path.lexists(folder / name) for folder in folders for name in (SHELTER_FILE, TRUST_LIST_FILE))


def irreplaceable_reason(path: Path) -> Sentence | None:
    """Return why the file at *path* may not be replaced; None if it may."""
    from shelterctl.identity.key_file import is_key_or_sealed  # noqa: PLC0415 - only needed to replace a file

    with translate_disk_errors(OUT_FILE):
        try:
            # Opening a device may already do something, so its type is checked first.
            plain = stat.S_ISREG(os.lstat(path).st_mode)
            return PATH_NOT_PLAIN_FILE if not plain else FILE_IRREPLACEABLE if is_key_or_sealed(path) else None
        except Damaged:
            return PATH_NOT_PLAIN_FILE


def _real_paths(path: Path) -> Iterator[Path]:
    """Yield the path of the name itself, and the path that it leads to if it is a link."""
    yield Path(os.path.realpath(path.parent), path.name)
    yield Path(os.path.realpath(path))


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file; some disks do not tell capital letters from small ones."""
    with suppress(OSError):
        return one == other or os.path.samefile(one, other)
    return False
