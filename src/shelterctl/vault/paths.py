"""Where the files of a store are: the path of a file by its name, where its new version waits until it takes the place
of the old one, and what an interrupted command left behind.
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

STORE_FILE_NAME_IMPOSSIBLE = N_("That cannot be the name of a file in a store.")
NAME_CLIENT_BY_ID = N_("Name a client by the id that 'shelterctl list' shows.")
STORE_FOLDER_NOT_PLAIN = N_("The folder {place} of the store is a link to another place, or no folder at all.")
PUT_STORE_FOLDER_BACK = N_(
    "Do not open it. Ask who else can write to the store's folder, take out what lies there in its place, and put the "
    "folder back; or restore a whole backup: shelterctl restore BACKUP --store NEW"
)


def find_path(root: Path, name: str) -> Path:
    """Where the file lies: within the store, with no link on the way."""
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
    """The version of a file: the sha256 of its bytes as they lie."""
    return hashlib.sha256(stored).hexdigest()


def read_version(path: Path, name: str) -> str:
    """The version of a file that is on its way to be *name*; none, where something else has its name."""
    try:
        return hash_version(read_plain_file(path, limits.largest_file_size(name)))
    except errors.Damaged:
        return ""


def new_version_path(path: Path, version: str) -> Path:
    """Where a new version lies before it takes the place of the old one."""
    return path.with_name(f".{path.name}.{version[:16]}.tmp")


def version_paths(path: Path, version: str | None) -> Iterator[Path]:
    """Where a version may lie: in its place, or beside it between its line in the journal and its rename."""
    yield path
    if version:
        yield new_version_path(path, version)
        yield path


def find_unsettled(root: Path) -> Iterator[tuple[Path, str]]:
    """New versions that are not in their place, and whose they are; in no other folder does a command leave any.

    What is no plain file was not left by a command, whatever its name.
    """
    for folder in (root, root / "residents", *_folders_below(root / "registers", 2)):
        within = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
        for name in list_folder(folder) if is_plain_folder(folder) else ():
            found = _NEW_VERSION_NAME.fullmatch(name) if name.startswith(".") else None
            whose = f"{within}{found[1]}" if found else ""
            if _FILE_NAME.fullmatch(whose) and is_plain_file(fresh := folder / name):
                yield fresh, whose


def _folders_below(folder: Path, depth: int) -> list[Path]:
    """The folders that lie *depth* below one; links are not followed."""
    if not depth:
        return [folder]
    names = list_folder(folder) if is_plain_folder(folder) else []
    return [deeper for name in names if name[0] != "." for deeper in _folders_below(folder / name, depth - 1)]


def find_unfinished(root: Path, journal: Journal) -> Iterator[tuple[Path, str]]:
    """What lies there until the next command that writes finishes or undoes it, with the file that it is about.

    New versions that bear the name which a command gives them, saved or not, and lines that are to come into a
    journal. Whoever took one of them out might lose what was saved in it; so what lies there behind more bytes than a
    command leaves is taken at its name, and so is an empty file: nothing had been written into it yet.
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
