"""Errors of a disk.

A file that another program has open is waited for. All other errors of the system become errors of this program, with a
sentence that a user understands.
"""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from shelterctl import errors
from shelterctl.ui_language import N_

Done = TypeVar("Done")

FILE_WAIT_SECONDS, FOLDER_WAIT_SECONDS = 3.0, 10.0
"""Seconds to wait for a file, and for a folder; a virus scanner lets go of a file within one."""

REFUSALS_UNTIL_FINAL = 3 if sys.platform == "win32" else 1
"""Number of refusals in a row, while no program holds the file, after which the refusal counts as final."""


def retry_if_locked(act: Callable[[], Done], *files: Path, folder: Path | None = None) -> Done:
    """Return the result of *act*, retried for a moment while another program holds one of the *files* it needs.

    A *folder* cannot be renamed or removed while anything in it is open. That cannot be checked, so the folder is
    waited for. Only Windows lets a program hold a file like this; other systems just run *act*. Raises OSError with
    EBUSY.
    """
    begun, pause, in_vain = time.monotonic(), 0.03, 0
    while True:
        try:
            return act()
        except PermissionError as trouble:
            is_held = any(map(_is_open_elsewhere, files))
            longest = FILE_WAIT_SECONDS * is_held or FOLDER_WAIT_SECONDS * _is_folder(folder)
            in_vain = 0 if longest else in_vain + 1
            if in_vain == REFUSALS_UNTIL_FINAL:  # the other program may have let go between the try and the check
                raise
            if longest and time.monotonic() - begun >= longest:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY)) from trouble
        time.sleep(pause)
        pause = min(2 * pause, 0.2)


if sys.platform == "win32":  # pragma: no cover - another system
    import ctypes

    _WRITE, _SHARED, _EXISTING, _NONE = 0x40000000, 0, 3, ctypes.c_void_p(-1).value
    _ELSEWHERE = {32, 33, 1224}
    """Windows errors for a file that is open elsewhere: in use, in part, or mapped into memory."""

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def _is_folder(path: Path | None) -> bool:
        return path is not None and os.path.isdir(path)

    def _is_open_elsewhere(path: Path) -> bool:
        """Whether another program has the file open, so that this one cannot have it alone.

        Errors of renaming and opening do not distinguish this from a file that the account may not touch.
        """
        handle = _kernel.CreateFileW(str(path), _WRITE, _SHARED, None, _EXISTING, 0, None)
        if handle == _NONE:
            return ctypes.get_last_error() in _ELSEWHERE
        _kernel.CloseHandle(ctypes.c_void_p(handle))
        return False

else:

    def _is_open_elsewhere(path: Path) -> bool:
        """Return False: no program can hold a file on this system."""
        return False

    def _is_folder(path: Path | None) -> bool:
        """Return False: no program can hold a folder on this system."""
        return False


_FULL_NUMBERS = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN_NUMBERS = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE_NUMBERS = {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE}
_GONE_WINDOWS_NUMBERS = {21, 53, 55, 59, 64, 67, 121, 433, 483, 1006, 1167}
"""Windows errors for a stick that was pulled out, or a network folder that is missing."""
_FULL_WINDOWS_NUMBERS = {39, 112}
_BLURRED_NUMBERS = {errno.EACCES, errno.EINVAL, errno.EBADF}
"""Errors that the C library of Windows reports for any disk that fails or is missing."""


@contextmanager
def clarify_windows_errors(path: Path, *, already_open: bool = False) -> Iterator[None]:
    """Replace vague errors of the Windows C library inside the block by the errors that they stand for.

    For a file that is *already_open* a refusal is not about permission. Other systems have no vague errors.
    """
    try:
        yield
    except OSError as trouble:
        if sys.platform == "win32" and trouble.winerror is None and trouble.errno in _BLURRED_NUMBERS:
            try:
                os.stat(path.parent)
            except FileNotFoundError as gone:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV)) from gone
            if already_open:
                raise OSError(errno.EIO, os.strerror(errno.EIO)) from trouble
        raise


PLACE_MISSING = N_("{place} does not exist.")
OUT_FILE = N_("the file that --out names")
"""The place that is written by --out: its own name may be somebody's, so no message has it."""

OUT_NOT_MADE = N_("No file can be made where --out says.")
NAME_OTHER_FOLDER = N_("Name another folder with --out, on a disk that is connected.")
CHECK_STORE_AND_DISK = N_("Check that --store names the right folder and that the disk with it is connected.")


def out_not_made_error() -> errors.NotFound:
    """Return the error that no file can be made where --out says."""
    return errors.NotFound("disk/missing", OUT_NOT_MADE, hint=NAME_OTHER_FOLDER)


@contextmanager
def translate_disk_errors(place: str) -> Iterator[None]:
    """Turn errors of the system inside the block into errors about *place*, a path relative to the store.

    Raises DiskError, or NotFound if there is no such file.
    """
    try:
        yield
    except FileNotFoundError as trouble:
        if place == OUT_FILE:
            raise out_not_made_error() from trouble
        raise errors.NotFound("disk/missing", PLACE_MISSING, hint=CHECK_STORE_AND_DISK, place=place) from trouble
    except OSError as trouble:
        raise disk_error(trouble, place) from trouble


FILE_IN_USE = N_("Another program has {place} open.")
CLOSE_OTHER_PROGRAM = N_(
    "Close the program that shows or copies that file, then run the command again. What was saved is still there."
)
DISK_GONE = N_("The disk with {place} is no longer connected.")
PUT_DISK_BACK = N_("Connect the stick or disk again, then run the command again. What was saved before is still there.")
DISK_FULL = N_("There is no room left on the disk to save {place}.")
FREE_ROOM_ON_DISK = N_("Make room on the disk, then run the command again. What was saved before is still there.")
ACCESS_DENIED = N_("This computer does not let you read or change {place}.")
ASK_FOR_ACCESS = N_("Ask the person who looks after this computer to give your user account access to that folder.")
NAME_TOO_LONG = N_("The name of {place} is too long for this disk.")
SHORTEN_NAME = N_("Choose a shorter name, or a folder with a shorter path.")
DISK_FAILED = N_("Reading or writing {place} failed ({reason}).")
DISK_MAY_BE_FAILING = N_(
    "Run the command again. If it fails again, the disk may be failing: copy the store and ask for help."
)


def disk_error(trouble: OSError, place: str) -> errors.DiskError:
    """Return the DiskError for *trouble* with *place*: in use, missing, full, not permitted, with too long a name, or
    failing.
    """
    number = getattr(trouble, "winerror", None)
    if trouble.errno == errno.EBUSY:
        return errors.DiskError("disk/in-use", FILE_IN_USE, hint=CLOSE_OTHER_PROGRAM, place=place)
    if trouble.errno in _GONE_NUMBERS or number in _GONE_WINDOWS_NUMBERS:
        return errors.DiskError("disk/gone", DISK_GONE, hint=PUT_DISK_BACK, place=place)
    if trouble.errno in _FULL_NUMBERS or number in _FULL_WINDOWS_NUMBERS:
        return errors.DiskError("disk/full", DISK_FULL, hint=FREE_ROOM_ON_DISK, place=place)
    if trouble.errno in _FORBIDDEN_NUMBERS:
        return errors.DiskError("disk/permission", ACCESS_DENIED, hint=ASK_FOR_ACCESS, place=place)
    if trouble.errno == errno.ENAMETOOLONG:
        return errors.DiskError("disk/name-too-long", NAME_TOO_LONG, hint=SHORTEN_NAME, place=place)
    return errors.DiskError(
        "disk/io",
        DISK_FAILED,
        hint=DISK_MAY_BE_FAILING,
        place=place,
        reason=errno.errorcode.get(trouble.errno or 0, "I/O"),
    )


PUT_FILE_BACK = N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup.")
NOT_A_PLAIN_FILE = N_("{name} is not an ordinary file: it is a link, a pipe or something else.")


def not_plain_file_error(path: Path, hint: str = PUT_FILE_BACK) -> errors.Damaged:
    """Return the error for a path that is not a plain file, with a hint."""
    return errors.Damaged("disk/not-a-plain-file", NOT_A_PLAIN_FILE, hint=hint, name=path.name)
