"""What goes wrong with a disk: a file that another program has open is waited for, all other errors of the system
become this program's own errors, with a sentence that a user understands.
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
"""Seconds for which a file is waited for, and a folder: whoever looks for viruses lets go of a file within one."""

REFUSALS_UNTIL_FINAL = 3 if sys.platform == "win32" else 1
"""How often one after the other it is refused while nobody holds it, until that is taken to be for good."""


def retry_if_locked(act: Callable[[], Done], *files: Path, folder: Path | None = None) -> Done:
    """What *act* comes to, tried again for a moment while another program holds one of the files that it is about.

    A *folder* is neither renamed nor removed while anything in it is open, which nobody can tell: it is waited for.
    Elsewhere than on Windows nobody can hold a file so, and it is simply done. Raises OSError with EBUSY.
    """
    begun, pause, in_vain = time.monotonic(), 0.03, 0
    while True:
        try:
            return act()
        except PermissionError as trouble:
            is_held = any(map(_is_open_elsewhere, files))
            longest = FILE_WAIT_SECONDS * is_held or FOLDER_WAIT_SECONDS * _is_folder(folder)
            in_vain = 0 if longest else in_vain + 1
            if in_vain == REFUSALS_UNTIL_FINAL:  # who held it may have let go between the try and the question
                raise
            if longest and time.monotonic() - begun >= longest:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY)) from trouble
        time.sleep(pause)
        pause = min(2 * pause, 0.2)


if sys.platform == "win32":  # pragma: no cover - of another system
    import ctypes

    _WRITE, _SHARED, _EXISTING, _NONE = 0x40000000, 0, 3, ctypes.c_void_p(-1).value
    _ELSEWHERE = {32, 33, 1224}
    """What Windows answers of a file that is open elsewhere: in use, in part, or mapped into memory."""

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = ctypes.c_void_p

    def _is_folder(path: Path | None) -> bool:
        return path is not None and os.path.isdir(path)

    def _is_open_elsewhere(path: Path) -> bool:
        """Whether another program has the file open: then nobody can have it alone, whatever he may do with it.

        The refusals of renaming and opening do not tell that from a file that this account may not touch.
        """
        handle = _kernel.CreateFileW(str(path), _WRITE, _SHARED, None, _EXISTING, 0, None)
        if handle == _NONE:
            return ctypes.get_last_error() in _ELSEWHERE
        _kernel.CloseHandle(ctypes.c_void_p(handle))
        return False

else:

    def _is_open_elsewhere(path: Path) -> bool:
        """Never."""
        return False

    def _is_folder(path: Path | None) -> bool:
        """Nor is any folder."""
        return False


_FULL_NUMBERS = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN_NUMBERS = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE_NUMBERS = {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE}
_GONE_WINDOWS_NUMBERS = {21, 53, 55, 59, 64, 67, 121, 433, 483, 1006, 1167}
"""What Windows answers of a stick that was pulled out or a folder of the network that is gone, by its own numbers."""
_FULL_WINDOWS_NUMBERS = {39, 112}
_BLURRED_NUMBERS = {errno.EACCES, errno.EINVAL, errno.EBADF}
"""What the C library of Windows makes of whatever a disk answers that fails or is gone."""


@contextmanager
def clarify_windows_errors(path: Path, *, already_open: bool = False) -> Iterator[None]:
    """What goes wrong with a file inside, as Windows itself says it where its C library blurs that.

    What is refused to a file that is *already_open* is no matter of who may open it. Elsewhere nothing is blurred.
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


PLACE_MISSING = N_("{place} is not there.")
CHECK_STORE_AND_DISK = N_("Check that --store names the right folder and that the disk with it is connected.")


@contextmanager
def translate_disk_errors(place: str) -> Iterator[None]:
    """What the system refuses inside, said about *place*, a path relative to the store.

    Raises DiskError, or NotFound where there is no such file.
    """
    try:
        yield
    except FileNotFoundError as trouble:
        raise errors.NotFound("disk/missing", PLACE_MISSING, hint=CHECK_STORE_AND_DISK, place=place) from trouble
    except OSError as trouble:
        raise disk_error(trouble, place) from trouble


FILE_IN_USE = N_("Another program has {place} open and does not let go of it.")
CLOSE_OTHER_PROGRAM = N_(
    "Close whatever shows or copies that file, then run the command again. What was saved is still there."
)
DISK_GONE = N_("The disk with {place} is not there any more.")
PUT_DISK_BACK = N_("Put the stick or disk in again, then run the command again. What was saved before is still there.")
DISK_FULL = N_("There is no room left on the disk to save {place}.")
FREE_ROOM_ON_DISK = N_("Make room on the disk, then run the command again. What was saved before is still there.")
ACCESS_DENIED = N_("This computer does not let you read or change {place}.")
ASK_FOR_ACCESS = N_("Ask whoever looks after this computer to give your user account access to that folder.")
DISK_FAILED = N_("Reading or writing {place} failed ({reason}).")
DISK_MAY_BE_FAILING = N_(
    "Run the command again. If it fails again, the disk may be failing: copy the store and ask for help."
)


def disk_error(trouble: OSError, place: str) -> errors.DiskError:
    """The system's *trouble* with *place* in our own words: full, not permitted, or failing."""
    number = getattr(trouble, "winerror", None)
    if trouble.errno == errno.EBUSY:
        return errors.DiskError("disk/in-use", FILE_IN_USE, hint=CLOSE_OTHER_PROGRAM, place=place)
    if trouble.errno in _GONE_NUMBERS or number in _GONE_WINDOWS_NUMBERS:
        return errors.DiskError("disk/gone", DISK_GONE, hint=PUT_DISK_BACK, place=place)
    if trouble.errno in _FULL_NUMBERS or number in _FULL_WINDOWS_NUMBERS:
        return errors.DiskError("disk/full", DISK_FULL, hint=FREE_ROOM_ON_DISK, place=place)
    if trouble.errno in _FORBIDDEN_NUMBERS:
        return errors.DiskError("disk/permission", ACCESS_DENIED, hint=ASK_FOR_ACCESS, place=place)
    return errors.DiskError(
        "disk/io",
        DISK_FAILED,
        hint=DISK_MAY_BE_FAILING,
        place=place,
        reason=errno.errorcode.get(trouble.errno or 0, "I/O"),
    )


PUT_FILE_BACK = N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup.")
NOT_A_PLAIN_FILE = N_("{name} is not a plain file: a link, a pipe or something else stands in its place.")


def not_plain_file_error(path: Path, hint: str = PUT_FILE_BACK) -> errors.Damaged:
    """The error of what is no plain file, and what to do."""
    return errors.Damaged("disk/not-a-plain-file", NOT_A_PLAIN_FILE, hint=hint, name=path.name)
