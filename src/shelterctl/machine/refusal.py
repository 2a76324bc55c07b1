"""What the system refuses, in our own words."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shelterctl import errors
from shelterctl.language import N_

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE = {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE}
_GONE_THERE = {21, 53, 55, 59, 64, 67, 121, 433, 483, 1006, 1167}
"""What Windows answers of a stick that was pulled out or a folder of the network that is gone, by its own numbers."""
_FULL_THERE = {39, 112}
_BLURRED = {errno.EACCES, errno.EINVAL, errno.EBADF}
"""What the C library of Windows makes of whatever a disk answers that fails or is gone."""


@contextmanager
def clearly(path: Path, *, opened: bool = False) -> Iterator[None]:
    """What goes wrong with a file inside, as Windows itself says it where its C library blurs that.

    What is refused to a file that is *opened* already is no matter of who may open it. Elsewhere nothing is blurred.
    """
    try:
        yield
    except OSError as trouble:
        if sys.platform == "win32" and trouble.winerror is None and trouble.errno in _BLURRED:
            try:
                os.stat(path.parent)
            except FileNotFoundError as gone:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV)) from gone
            if opened:
                raise OSError(errno.EIO, os.strerror(errno.EIO)) from trouble
        raise


@contextmanager
def disk(place: str) -> Iterator[None]:
    """What the system refuses inside, said about *place*, a path relative to the store.

    Raises Disk, or NotFound where there is no such file.
    """
    try:
        yield
    except FileNotFoundError as trouble:
        raise errors.NotFound(
            "disk/missing",
            N_("{place} is not there."),
            hint=N_("Check that --store names the right folder and that the disk with it is connected."),
            place=place,
        ) from trouble
    except OSError as trouble:
        raise refusal(trouble, place) from trouble


def refusal(trouble: OSError, place: str) -> errors.Disk:
    """The system's *trouble* with *place* in our own words: full, not permitted, or failing."""
    number = getattr(trouble, "winerror", None)
    if trouble.errno == errno.EBUSY:
        return errors.Disk(
            "disk/in-use",
            N_("Another program has {place} open and does not let go of it."),
            hint=N_(
                "Close whatever shows or copies that file, then run the command again. What was saved is still there."
            ),
            place=place,
        )
    if trouble.errno in _GONE or number in _GONE_THERE:
        return errors.Disk(
            "disk/gone",
            N_("The disk with {place} is not there any more."),
            hint=N_(
                "Put the stick or disk in again, then run the command again. What was saved before is still there."
            ),
            place=place,
        )
    if trouble.errno in _FULL or number in _FULL_THERE:
        return errors.Disk(
            "disk/full",
            N_("There is no room left on the disk to save {place}."),
            hint=N_("Make room on the disk, then run the command again. What was saved before is still there."),
            place=place,
        )
    if trouble.errno in _FORBIDDEN:
        return errors.Disk(
            "disk/permission",
            N_("This computer does not let you read or change {place}."),
            hint=N_("Ask whoever looks after this computer to give your user account access to that folder."),
            place=place,
        )
    return errors.Disk(
        "disk/io",
        N_("Reading or writing {place} failed ({reason})."),
        hint=N_("Run the command again. If it fails again, the disk may be failing: copy the store and ask for help."),
        place=place,
        reason=errno.errorcode.get(trouble.errno or 0, "I/O"),
    )


def strange(path: Path) -> errors.Damaged:
    """The error of what is no plain file."""
    return errors.Damaged(
        "disk/not-a-plain-file",
        N_("{name} is not a plain file: a link, a pipe or something else stands in its place."),
        hint=N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup."),
        name=path.name,
    )


def too_large(path: Path, limit: int) -> errors.Damaged:
    """The error of a file that is larger than such a file can be."""
    return errors.Damaged(
        "disk/too-large",
        N_("{name} is larger than such a file can be: more than {most} KiB. It was not read."),
        hint=N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup."),
        name=path.name,
        most=limit >> 10,
    )
