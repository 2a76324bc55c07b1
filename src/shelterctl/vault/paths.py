"""The paths of the files of a store: by name, where a new version waits before it replaces the old one, and what an
interrupted command left.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import errors, limits
from shelterctl.journal.line import PATH_PART
from shelterctl.journal.store_journal import Journal, announcement_path
from shelterctl.platform.reading import is_plain_file, is_plain_folder, list_folder, read_plain_file
from shelterctl.ui_language import N_

_FILE_NAME = re.compile(f"{PATH_PART}(/{PATH_PART})*")
_NEW_VERSION_NAME = re.compile(rf"\.({PATH_PART})\.[0-9a-f]{{16}}\.tmp")

STORE_FILE_NAME_IMPOSSIBLE = N_("A file in a store cannot have this name.")
NAME_CLIENT_BY_ID = N_("Give the client's id, as 'shelterctl list' shows it.")
STORE_FOLDER_NOT_PLAIN = N_("The folder {place} of the store is a link to another place, or not a folder.")
PUT_STORE_FOLDER_BACK = N_(
    "Do not open it. Ask who else can write to the store's folder, remove what is in its place, and put the "
    "folder back; or restore a whole backup: shelterctl restore BACKUP --store NEW"
)


def find_path(root: Path, name: str) -> Path:
    """Return the path of a file within the store. Raises Damaged if a folder on the way is a link."""
    if not _FILE_NAME.fullmatch(name):
        raise errors.UsageError("vault/bad-name", STORE_FILE_NAME_IMPOSSIBLE, hint=NAME_CLIENT_BY_ID)
    folder = path = root / name
    for _ in range(name.count("/")):  # the store's own folder may be a link: the user named it
        folder = folder.parent
        if not is_plain_folder(folder):
            raise errors.Damaged(
                "vault/strange-folder",
                STORE_FOLDER_NOT_PLAIN,
                hint=PUT_STORE_FOLDER_BACK,
                place=folder.relative_to(root).as_posix(),
            )
    return path


def hash_version(stored: bytes) -> str:
    """Return the version of a file: the sha256 of its bytes on disk."""
    return hashlib.sha256(stored).hexdigest()


def read_version(path: Path, name: str) -> str:
    """Return the version of the file at *path* that is to become *name*; empty if something else has its name."""
    try:
        return hash_version(read_plain_file(path, limits.largest_file_size(name)))
    except errors.Damaged:
        return ""


def new_version_path(path: Path, version: str) -> Path:
    """Return the path of a new version before it replaces the old one."""
    return path.with_name(f".{path.name}.{version[:16]}.tmp")


def version_paths(path: Path, version: str | None) -> Iterator[Path]:
    """Yield the paths where a version may be: in its place, or beside it between its journal line and its rename."""
    yield path
    if version:
        yield new_version_path(path, version)
        yield path


def find_unsettled(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the new versions that are not in their place yet, each with its file's name, in the folders where commands
    leave them.

    A link or a folder was not left by a command, whatever its name.
    """
    for folder in (root, root / "residents", *_folders_below(root / "registers", 2)):
        within = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
        for name in list_folder(folder, ".") if is_plain_folder(folder) else ():
            found = _NEW_VERSION_NAME.fullmatch(name)
            whose = f"{within}{found[1]}" if found else ""
            if _FILE_NAME.fullmatch(whose) and is_plain_file(fresh := folder / name):
                yield fresh, whose


def _folders_below(folder: Path, depth: int) -> list[Path]:
    """Return the folders that are *depth* levels below one; links are not followed."""
    if not depth:
        return [folder]
    names = list_folder(folder) if is_plain_folder(folder) else []
    return [deeper for name in names if name[0] != "." for deeper in _folders_below(folder / name, depth - 1)]


def find_unfinished(root: Path, journal: Journal) -> Iterator[tuple[Path, str]]:
    """Yield what the next command that writes will finish or undo, with the name of the file that it is about.

    These are new versions with the name that a command gives them, saved or not, and announced lines of a journal.
    Removing one might lose saved data. Therefore an empty file counts by its name alone, and so does every file once
    more bytes were examined than a command leaves.
    """
    looked_at = 0
    for fresh, whose in find_unsettled(root):
        with suppress(errors.ShelterError, OSError):
            looked_at += (size := fresh.lstat().st_size)
            if (
                not size
                or looked_at > limits.LEFTOVER_BYTES
                or fresh == new_version_path(root / whose, read_version(fresh, whose))
            ):
                yield fresh, whose
    for device in journal.devices:
        place = root / "journal" / f"{device}.jsonl"
        if is_plain_file(announcement_path(place)):
            yield announcement_path(place), f"journal/{device}.jsonl"
