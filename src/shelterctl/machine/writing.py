"""Files written so that they are on disk, for their owner alone, whole or not at all."""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from shelterctl import errors
from shelterctl.machine.hold import patiently
from shelterctl.machine.name import kept
from shelterctl.machine.reading import PLAIN, is_free, is_plain_folder
from shelterctl.machine.refusal import clearly
from shelterctl.machine.rights import keep_private

_CANNOT = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}


def private_file(path: Path) -> int:
    """A new file that only its owner can read, open for writing; one that exists is never touched."""
    with clearly(path):
        descriptor = os.open(kept(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN, 0o600)
    with suppress(OSError):  # a disk that keeps no lists of who may: `is_private` says so
        keep_private(path)
    return descriptor


def private_folder(path: Path) -> None:
    """*path* and the folders above it, made where missing for the owner alone, and on disk."""
    if not path.is_dir():
        if path.parent == path:  # a drive that is not there
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        private_folder(path.parent)
        with suppress(FileExistsError):
            os.mkdir(kept(path), 0o700)
            with suppress(OSError):  # as of a file
                keep_private(path)
        sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """A new private file with *data* in it, on disk, or no file; its name is on disk after ``sync_folder``."""
    descriptor = private_file(path)
    try:
        try:
            _write(descriptor, data, path)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def write_unnamed(folder: Path, data: bytes) -> int | None:
    """*data* on disk in a private file that has no name and is gone once closed; None where there are no such files."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not os.path.isdir("/proc/self/fd"):  # it is given its name through there
        return None
    try:
        descriptor = os.open(folder, os.O_WRONLY | flag | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as trouble:
        if trouble.errno in _CANNOT:
            return None
        raise
    try:
        _write(descriptor, data, folder)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    return descriptor


def name(descriptor: int, path: Path) -> None:
    """Give a file without a name this one, in one step; a file that exists is never touched."""
    # Only with a folder given, of whatever use, does Python ask the system for what stands behind the link.
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)


def write_whole(path: Path, data: bytes) -> None:
    """A new private file with *data* in it, on disk under its name, or none, also where the process is killed.

    Raises FileExistsError: what is there is never touched.
    """
    if (descriptor := write_unnamed(kept(path).parent, data)) is not None:
        try:
            name(descriptor, path)
        except FileExistsError:
            raise
        except OSError:  # a system that forbids it
            pass
        else:
            return sync_folder(path.parent)
        finally:
            os.close(descriptor)
    fresh = path.with_name(f".{path.name}.tmp")
    remove(fresh)
    write_new(fresh, data)
    if not is_free(path):
        remove(fresh)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    return rename(fresh, path)


def can_be_made(path: Path) -> bool:
    """Whether a new file may be made under that name, found out by making one; none is left."""
    try:
        if (descriptor := write_unnamed(path.parent, b"")) is not None:
            os.close(descriptor)
            return is_free(path)
        os.close(private_file(path))
        os.unlink(path)
    except (OSError, errors.Usage):
        return False
    return True


def append(path: Path, data: bytes) -> None:
    """*data* at the end of the file, on disk; when that fails the file has its old length again."""
    with clearly(path):
        descriptor = patiently(lambda: os.open(path, os.O_WRONLY | os.O_APPEND | PLAIN), path)
    try:
        before = os.fstat(descriptor).st_size
        try:
            _write(descriptor, data, path)
        except BaseException:
            os.ftruncate(descriptor, before)
            os.fsync(descriptor)
            raise
    finally:
        with suppress(OSError):  # the bytes are on disk: that closing fails changes nothing
            os.close(descriptor)


def cut(path: Path, length: int) -> None:
    """The file without what stands after *length* bytes, on disk."""
    with clearly(path):
        descriptor = patiently(lambda: os.open(path, os.O_WRONLY | PLAIN), path)
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(path: Path, target: Path) -> None:
    """Put the file in the place of *target* in one step, on disk."""
    move(path, target)
    sync_folder(target.parent)
    if sys.platform == "win32":
        _settle(target)


def _settle(target: Path) -> None:
    """The new name on disk: Windows writes it down with the next file in there that is put on disk."""
    one = target if target.is_file() else next((each for each in target.rglob("*") if each.is_file()), None)
    with suppress(OSError):  # the file is there by this name; who has it open may go on
        descriptor = os.open(one or target, os.O_RDWR | PLAIN)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move(path: Path, target: Path) -> None:
    """The same, on disk after ``sync_folder``; EBUSY where another program has one of them open and keeps it so."""
    patiently(lambda: os.replace(path, target), path, target, folder=path)


def remove(path: Path) -> None:
    """Take the file away, if it is there; EBUSY where another program has it open and keeps it so."""
    with suppress(FileNotFoundError):
        patiently(lambda: os.unlink(path), path)


def replace(path: Path, data: bytes, *, soon: bool = False) -> None:
    """The file with *data* in it, the old or the new whole at any moment.

    What is only to be there *soon* may after a loss of power be the old one still.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    remove(fresh)
    write_new(fresh, data)
    try:
        if soon:
            move(fresh, path)
        else:
            rename(fresh, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh)
        raise


def sync_folder(path: Path) -> None:
    """Put the names in the folder on disk; Windows cannot be asked, and does so with each file that is put there."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(path: Path) -> None:
    """Take a folder away with all that is in it, if it is there; of a link only the link."""
    import shutil  # noqa: PLC0415 - only where a copy is made

    with suppress(FileNotFoundError):
        if is_plain_folder(path):
            patiently(lambda: shutil.rmtree(path), folder=path)
        else:
            os.unlink(path)


def _write(descriptor: int, data: bytes, path: Path) -> None:
    """*data* written, and on disk."""
    rest = memoryview(data)
    with clearly(path, opened=True):
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
