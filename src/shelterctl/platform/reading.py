"""Reading files and folders that a stranger may have changed: only plain ones, and none larger than it may be."""

import errno
import os
import stat
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

from shelterctl import errors, limits
from shelterctl.platform.disk_errors import (
    PUT_FILE_BACK,
    clarify_windows_errors,
    disk_error,
    not_plain_file_error,
    retry_if_locked,
)
from shelterctl.ui_language import N_

# Windows has neither links that open() would follow nor descriptors that a child would inherit, but has text mode.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
OPEN_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | _NO_FOLLOW
"""Flags with which every file is opened."""

_LINK_TAGS = {0xA000000C, 0xA0000003}
"""Marks of Windows for a link to a file, and for a junction (a link to a folder); cloud files have others."""

FILE_TOO_LARGE = N_("{name} was not read: it is larger than {most} KiB, the limit for such a file.")


def read_plain_file(path: Path, limit: int, *, head: bool = False) -> bytes:
    """Return the bytes of a plain file of at most *limit* bytes, or that many from the *head* of a longer one.

    Raises Damaged for a link, a hard link, a folder, a pipe, a device or a larger file: someone put it there.
    """
    if not _NO_FOLLOW and (is_link(found := os.lstat(path)) or not stat.S_ISREG(found.st_mode)):
        raise not_plain_file_error(path)  # Windows would follow a link, and report a folder as not permitted
    # Without O_NONBLOCK a pipe in the file's place would block without end.
    try:
        with clarify_windows_errors(path):
            descriptor = retry_if_locked(
                lambda: os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | OPEN_FLAGS), path
            )
    except OSError as trouble:
        if trouble.errno in {errno.ELOOP, errno.ENXIO, errno.EMLINK}:
            raise not_plain_file_error(path) from trouble
        raise
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise not_plain_file_error(path)
        pieces, size = [], found.st_size
        with clarify_windows_errors(path, already_open=True):
            if head:
                return os.read(descriptor, limit)
            while size <= limit and (piece := os.read(descriptor, max(found.st_size + 1, 65536))):
                pieces.append(piece)
                size = max(size, sum(map(len, pieces)))
        if size > limit:
            raise errors.Damaged("disk/too-large", FILE_TOO_LARGE, hint=PUT_FILE_BACK, name=path.name, most=limit >> 10)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def read_program_file(path: Path) -> bytes:
    """Return the bytes of a file of the program, without checks: on Windows these take longer than reading."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        return b"".join(iter(lambda: os.read(descriptor, 65536), b""))
    finally:
        os.close(descriptor)


def read_from_disk(path: Path, limit: int) -> bytes:
    """Return the bytes of a plain file from the disk itself, not from memory, if the system allows that."""
    if sys.platform == "linux":
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | OPEN_FLAGS)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)
    return read_plain_file(path, limit)


def is_plain_folder(path: Path) -> bool:
    """Whether *path* is a folder and not a link to one; true also if it does not exist and may still be made."""
    try:
        found = os.lstat(path)
        return stat.S_ISDIR(found.st_mode) and not is_link(found)
    except FileNotFoundError:
        return True
    except OSError as trouble:
        raise disk_error(trouble, path.name) from trouble


def is_plain_file(path: Path) -> bool:
    """Whether the path is a plain file with no other name; a link, folder, pipe or device is not."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and not is_link(found)


def is_link(found: os.stat_result) -> bool:
    """Whether it is a link or, on Windows, a junction, which looks like the folder that it leads to."""
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) in _LINK_TAGS


def is_name_free(path: Path) -> bool:
    """Whether nothing has that name; raise OSError for a name that is too long for any file."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    return False


TOO_MANY_FILES = N_("There are more than {most} files in the folder {name}, far more than a store has.")
MOVE_OUT_STRANGE_FILES = N_(
    "Do not open them. Ask who else can write to this folder, and move out files that do not belong to the store."
)


def list_folder(folder: Path, begins: str = "") -> list[str]:
    """Return the names in a folder that begin so, sorted; none if it does not exist. Raise Damaged if it has far too
    many.
    """
    names, count = list[str](), 0
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        for count, entry in enumerate(islice(found, limits.FOLDER_NAMES + 1), 1):  # noqa: B007 - counted below
            if entry.name.startswith(begins):
                names.append(entry.name)
    if count > limits.FOLDER_NAMES:
        raise errors.Damaged(
            "disk/too-many-files",
            TOO_MANY_FILES,
            hint=MOVE_OUT_STRANGE_FILES,
            name=folder.name,
            most=limits.FOLDER_NAMES,
        )
    return sorted(names)
