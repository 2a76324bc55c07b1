"""What is asked of the operating system. The only module that knows POSIX."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shelterctl import bound, errors
from shelterctl.language import N_

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_CANNOT = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}
"""What a disk or a system says that knows no files without a name."""

# Windows has neither links that open() would follow nor descriptors that a child would inherit, but has text mode.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_PLAIN = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | _NO_FOLLOW


def harden() -> None:
    """Keep what this process holds out of core dumps, debuggers and the files of other users."""
    os.umask(0o077)
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  (not there on Windows)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  (4 ms, and of use on Linux only)

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


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
    if trouble.errno in _FULL:
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


def private_file(path: Path) -> int:
    """A new file that only its owner can read, open for writing; one that exists is never touched."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN, 0o600)


def private_folder(path: Path) -> None:
    """*path* and the folders above it, made where missing for the owner alone, and on disk."""
    if not path.is_dir():
        private_folder(path.parent)
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
        sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """A new private file with *data* in it, on disk, or no file; its name is on disk after ``sync_folder``."""
    descriptor = private_file(path)
    try:
        try:
            _write(descriptor, data)
            os.fsync(descriptor)
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
        descriptor = os.open(folder, os.O_WRONLY | flag | os.O_CLOEXEC, 0o600)
    except OSError as trouble:
        if trouble.errno in _CANNOT:
            return None
        raise
    try:
        _write(descriptor, data)
        os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    return descriptor


def name(descriptor: int, path: Path) -> None:
    """Give a file without a name this one, in one step; a file that exists is never touched."""
    # Only with a folder given, of whatever use, does Python ask the system for what stands behind the link.
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)


def is_free(path: Path) -> bool:
    """Whether there is nothing of that name; a name that no file can have, being too long, raises OSError."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    return False


def can_be_made(path: Path) -> bool:
    """Whether a new file may be made under that name, found out by making one; none is left."""
    try:
        if (descriptor := write_unnamed(path.parent, b"")) is not None:
            os.close(descriptor)
            return is_free(path)
        os.close(private_file(path))
        os.unlink(path)
    except OSError:
        return False
    return True


def opener() -> str:
    """The command that shows a file or folder with whatever program the computer has for it."""
    return {"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open")


def append(path: Path, data: bytes) -> None:
    """*data* at the end of the file, on disk; when that fails the file has its old length again."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | _PLAIN)
    try:
        before = os.fstat(descriptor).st_size
        try:
            _write(descriptor, data)
            os.fsync(descriptor)
        except BaseException:
            os.ftruncate(descriptor, before)
            os.fsync(descriptor)
            raise
    finally:
        with suppress(OSError):  # the bytes are on disk: that closing fails changes nothing
            os.close(descriptor)


def cut(path: Path, length: int) -> None:
    """The file without what stands after *length* bytes, on disk."""
    descriptor = os.open(path, os.O_WRONLY | _PLAIN)
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(path: Path, target: Path) -> None:
    """Put the file in the place of *target* in one step, on disk."""
    os.replace(path, target)
    sync_folder(target.parent)


def remove(path: Path) -> None:
    """Take the file away, if it is there."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def replace(path: Path, data: bytes) -> None:
    """The file with *data* in it, the old or the new whole at any moment."""
    fresh = path.with_name(f".{path.name}.tmp")
    remove(fresh)
    write_new(fresh, data)
    rename(fresh, path)


def sync_folder(path: Path) -> None:
    """Put the names in the folder on disk; Windows does so by itself and cannot be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_regular(path: Path, limit: int, *, head: bool = False) -> bytes:
    """The bytes of a plain file of at most *limit* bytes, or as many from the *head* of a longer one.

    A link, a hard link, a pipe or a device in its place raises Damaged, and so does a larger file: someone put it there.
    """
    # Without O_NONBLOCK a pipe in the file's place would keep us waiting for ever.
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _PLAIN)
    except OSError as trouble:
        if trouble.errno in {errno.ELOOP, errno.ENXIO, errno.EMLINK}:
            raise _strange(path) from trouble
        raise
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise _strange(path)
        if head:
            return os.read(descriptor, limit)
        pieces, size = [], found.st_size
        while size <= limit and (piece := os.read(descriptor, max(found.st_size + 1, 65536))):
            pieces.append(piece)
            size = max(size, sum(map(len, pieces)))
        if size > limit:
            raise _too_large(path, limit)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def read_back(path: Path, limit: int) -> bytes:
    """The bytes of a plain file as the disk gives them back, not as memory still has them, where that can be asked."""
    with suppress(AttributeError, OSError):
        descriptor = os.open(path, os.O_RDONLY | _PLAIN)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return read_regular(path, limit)


def remove_folder(path: Path) -> None:
    """Take a folder away with all that is in it, if it is there; of a link only the link."""
    import shutil  # noqa: PLC0415 - only where a copy is made

    with suppress(FileNotFoundError):
        if is_plain_folder(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def is_plain_folder(path: Path) -> bool:
    """Whether *path* is a folder itself, not a link to one; one that is not there may still be made."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return True
    except OSError as trouble:
        raise refusal(trouble, path.name) from trouble


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in order; none where it is not there. Raises Damaged where somebody filled it with rubbish."""
    names: list[str] = []
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        for entry in found:
            names.append(entry.name)
            if len(names) > bound.FILES:
                raise errors.Damaged(
                    "disk/too-many-files",
                    N_("There are more than {most} files in the folder {name}, far more than a store has."),
                    hint=N_(
                        "Do not open them. Ask who else can write to this folder, and move out what is not the store's."
                    ),
                    name=folder.name,
                    most=bound.FILES,
                )
    return sorted(names)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _strange(path: Path) -> errors.Damaged:
    return errors.Damaged(
        "disk/not-a-plain-file",
        N_("{name} is not a plain file: a link, a pipe or something else stands in its place."),
        hint=N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup."),
        name=path.name,
    )


def _too_large(path: Path, limit: int) -> errors.Damaged:
    return errors.Damaged(
        "disk/too-large",
        N_("{name} is larger than such a file can be: more than {most} KiB. It was not read."),
        hint=N_("Do not open it. Ask who else can write to this folder, and put the file back from a backup."),
        name=path.name,
        most=limit >> 10,
    )
