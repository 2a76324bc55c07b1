"""Files and folders created, replaced, appended to, renamed and removed.

Their names are accepted by the system, and only their owner can read them. When a function returns, the change is on
disk, either whole or not at all.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path, PureWindowsPath

from shelterctl import errors
from shelterctl.platform.disk_errors import clarify_windows_errors, retry_if_locked
from shelterctl.platform.reading import OPEN_FLAGS, is_name_free, is_plain_folder
from shelterctl.ui_language import N_

LONGEST_PATH = 259
"""Length of a whole path, in characters, that every Windows accepts in every program."""


def format_path(path: Path) -> str:
    """Return a path as a person here reads and types it: with ~ for the home folder, except on Windows."""
    home = Path.home()
    inside = sys.platform != "win32" and path.is_relative_to(home) and path != home
    return f"~/{path.relative_to(home).as_posix()}" if inside else str(path)


def _is_reserved_name(path: Path) -> bool:
    """Whether Windows takes the last name of the path for a device, or cannot write it."""
    if sys.version_info >= (3, 13) and sys.platform == "win32":
        return os.path.isreserved(path.name)
    name = PureWindowsPath(path.name)
    return name.is_reserved() or str(name).endswith((".", " ")) or any(each in str(name) for each in ':*?"<>|')


NAME_NOT_POSSIBLE = N_(
    "This computer does not allow that name: it is the name of a device, or has forbidden characters."
)
CHOOSE_OTHER_NAME = N_(
    "Choose a name of letters, digits and hyphens, without : * ? | and without a full stop at its end."
)
PATH_TOO_LONG = N_("The whole path is longer than this computer allows (most characters: {most}).")
CHOOSE_NEARER_FOLDER = N_("Choose a folder nearer to the root of the drive, with a shorter name.")


def usable_path(path: Path) -> Path:
    """Return *path* if a file of that name can be made and found again; raise UsageError if not.

    Windows writes CON to the screen and NUL nowhere, and reports success.
    """
    if sys.platform != "win32":
        return path
    if _is_reserved_name(path):
        raise errors.UsageError("usage/device-name", NAME_NOT_POSSIBLE, hint=CHOOSE_OTHER_NAME)
    if len(os.path.abspath(path)) > LONGEST_PATH:
        raise errors.UsageError("usage/long-path", PATH_TOO_LONG, hint=CHOOSE_NEARER_FOLDER, most=LONGEST_PATH)
    return path


if sys.platform == "win32":  # pragma: no cover - another system
    import ctypes
    from ctypes import byref, wintypes

    from shelterctl.platform.drives import is_removable_or_network

    SYSTEM_ACCOUNTS = {"SY", "BA", "OW"}
    """The system itself, its administrators, and the owner of the file: nothing can be kept from these."""

    MAKE_PRIVATE_COMMAND = 'icacls FILE /inheritance:r /grant:r "%USERNAME%:F"'
    """The command that lets only its owner open a file."""

    _DACL, _FILE, _QUERY, _USER, _KEEPS_LISTS = 4, 1, 8, 1, 8

    def make_private(path: Path) -> None:
        """Let only this account open the path, and what is made in it later; OSError if the disk keeps no access lists.

        Removable and network drives get no list: on another computer this account does not exist, and a backup on such
        a drive would be lost.
        """
        if is_removable_or_network(path):
            return
        advapi, descriptor = ctypes.windll.advapi32, ctypes.c_void_p()
        inherited = "OICI" if os.path.isdir(path) else ""
        said = f"D:P(A;{inherited};FA;;;{_account()})"
        _check_windows_call(
            advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(said, 1, byref(descriptor), None)
        )
        try:
            _check_windows_call(advapi.SetFileSecurityW(str(path), _DACL, descriptor))
        finally:
            ctypes.windll.kernel32.LocalFree(descriptor)

    def is_private(path: Path) -> bool:
        """Whether only this account and the system may open it; on a disk without access lists anybody may."""
        if not _has_access_lists(path):
            return False
        advapi, descriptor, text = ctypes.windll.advapi32, ctypes.c_void_p(), wintypes.LPWSTR()
        owner = ctypes.c_void_p()
        code = advapi.GetNamedSecurityInfoW(str(path), _FILE, _DACL, byref(owner), None, None, None, byref(descriptor))
        if code:
            raise ctypes.WinError(code)
        try:
            _check_windows_call(
                advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, 1, _DACL, byref(text), None)
            )
            allowed = set(re.findall(r"\(A;[^)]*;([^;)]*)\)", text.value or ""))
            return "NO_ACCESS_CONTROL" not in (text.value or "") and allowed <= {*SYSTEM_ACCOUNTS, *_account_names()}
        finally:
            ctypes.windll.kernel32.LocalFree(text)
            ctypes.windll.kernel32.LocalFree(descriptor)

    def _account_names() -> set[str]:
        """Return the names of this account in a list that is read back; an administrator has one of two letters too."""
        return {_account()} | ({"LA"} if _account().endswith("-500") else set())

    def _has_access_lists(path: Path) -> bool:
        """Whether the disk keeps access lists; sticks as they are sold do not."""
        root, flags = os.path.splitdrive(os.path.abspath(path))[0] + "\\", wintypes.DWORD()
        kernel = ctypes.windll.kernel32
        _check_windows_call(kernel.GetVolumeInformationW(root, None, 0, None, None, byref(flags), None, 0))
        return bool(flags.value & _KEEPS_LISTS)

    @cache
    def _account() -> str:
        """Return the account of this process, as access lists name it."""
        advapi, kernel = ctypes.windll.advapi32, ctypes.windll.kernel32
        token, size, text = wintypes.HANDLE(), wintypes.DWORD(), wintypes.LPWSTR()
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        _check_windows_call(advapi.OpenProcessToken(wintypes.HANDLE(kernel.GetCurrentProcess()), _QUERY, byref(token)))
        try:
            advapi.GetTokenInformation(token, _USER, None, 0, byref(size))
            held = ctypes.create_string_buffer(size.value)
            _check_windows_call(advapi.GetTokenInformation(token, _USER, held, size, byref(size)))
            sid = ctypes.cast(held, ctypes.POINTER(ctypes.c_void_p))[0]
            _check_windows_call(advapi.ConvertSidToStringSidW(ctypes.c_void_p(sid), byref(text)))
            return text.value or ""
        finally:
            kernel.LocalFree(text)
            kernel.CloseHandle(token)

    def _check_windows_call(done: int) -> None:
        if not done:
            raise ctypes.WinError()

else:
    MAKE_PRIVATE_COMMAND = "chmod 600 FILE"
    """The command that lets only its owner open a file."""

    def make_private(path: Path) -> None:
        """Do nothing: new files and folders are already private to their owner."""

    def is_private(path: Path) -> bool:
        """Whether only its owner may read or change what is there."""
        return not stat.S_IMODE(os.stat(path).st_mode) & (stat.S_IRWXG | stat.S_IRWXO)


_NO_UNNAMED_FILES = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}


def create_private_file(path: Path) -> int:
    """Create a file that only its owner can read, open for writing; an existing file is never touched."""
    with clarify_windows_errors(path):
        descriptor = os.open(usable_path(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, 0o600)
    with suppress(OSError):  # a disk without access lists: `is_private` reports it
        make_private(path)
    return descriptor


def create_private_folder(path: Path) -> None:
    """Create *path* and any missing folders above it for the owner alone, and put them on disk."""
    if not path.is_dir():
        if path.parent == path:  # a missing drive
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        create_private_folder(path.parent)
        with suppress(FileExistsError):
            os.mkdir(usable_path(path), 0o700)
            with suppress(OSError):  # a disk without access lists
                make_private(path)
        sync_folder(path.parent)


def write_new_file(path: Path, data: bytes) -> None:
    """Write a new private file with *data* to disk, or no file; its name is on disk after ``sync_folder``."""
    descriptor = create_private_file(path)
    try:
        try:
            _write_and_sync(descriptor, data, path)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def _write_unnamed_file(folder: Path, data: bytes) -> int | None:
    """Write *data* to disk in a private file without a name, lost when it is closed; None if the system has no such
    files.
    """
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not os.path.isdir("/proc/self/fd"):  # needed to give it a name
        return None
    try:
        descriptor = os.open(folder, os.O_WRONLY | flag | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as trouble:
        if trouble.errno in _NO_UNNAMED_FILES:
            return None
        raise
    try:
        _write_and_sync(descriptor, data, folder)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    return descriptor


def _link_unnamed_file(descriptor: int, path: Path) -> bool:
    """Give this name to a file without one, in one step; return False if the system forbids it.

    Raises FileExistsError: an existing file is never touched.
    """
    try:
        # Python follows the link only if src_dir_fd is given, whatever its value.
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


@contextmanager
def adding_file(path: Path, data: bytes, *, overwrite: bool = False) -> Iterator[None]:
    """Add a private file around a block: *data* is on disk before the block runs, and has its name after it.

    Until then the file has no name, or a hidden one where the system has no nameless files, so the name always belongs
    to a whole file, even if the process is killed. If the disk or the block fails, no file is added. Raises
    FileExistsError if the file exists and *overwrite* is false.
    """
    is_new = _require_free_name(
        usable_path(path), overwrite
    )  # a name that is too long is refused before anything is done
    unnamed = _write_unnamed_file(path.parent, data)
    if unnamed is None:
        with replacing_file(path, data):
            yield
            _require_free_name(path, overwrite)
    else:
        try:
            yield
            if overwrite:  # no system gives it the name of another file in one step: a kill may lose the older file,
                remove_file(path)  # but a second name, even for an instant, could leave the newer one behind, hidden
            if not _link_unnamed_file(unnamed, path):
                _require_free_name(path, overwrite)
                replace_file(path, data, soon=True)
        finally:
            with suppress(OSError):
                os.close(unnamed)
    try:
        sync_name(path)
    except BaseException:
        if is_new:
            with suppress(OSError):
                remove_file(path)
        raise


def _require_free_name(path: Path, overwrite: bool) -> bool:
    """Return whether nothing has the name; raise FileExistsError if something has it and *overwrite* is false."""
    free = is_name_free(path)
    if not (free or overwrite):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    return free


@contextmanager
def replacing_file(path: Path, data: bytes) -> Iterator[Path]:
    """Replace a file around a block, in one step; the hidden file that has *data* before the replacement is yielded.

    If the block fails, the file is as it was. The new name is on disk after ``sync_name``.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    remove_file(fresh)  # left by a process that was killed
    write_new_file(fresh, data)
    try:
        yield fresh
        rename_file(fresh, path)
    except BaseException:
        with suppress(OSError):
            remove_file(fresh)
        raise


def write_new_file_atomically(path: Path, data: bytes) -> None:
    """Write a new private file with *data* to disk under its name, or no file, even if the process is killed.

    Raises FileExistsError: an existing file is never touched.
    """
    with adding_file(path, data):
        pass


def replace_file(path: Path, data: bytes, *, soon: bool = False) -> None:
    """Replace the content of a file by *data*; at any moment the file is wholly old or wholly new.

    With *soon* the old file may come back after a loss of power.
    """
    with replacing_file(path, data):
        pass
    if not soon:
        sync_name(path)


def can_create_file(path: Path) -> bool:
    """Whether a new file can be made under that name; one is made to find out, and removed."""
    try:
        if (descriptor := _write_unnamed_file(path.parent, b"")) is not None:
            os.close(descriptor)
            return is_name_free(path)
        os.close(create_private_file(path))
        os.unlink(path)
    except (OSError, errors.UsageError):
        return False
    return True


def free_path(path: Path) -> Path:
    """Return the path itself, or the path with the first number after its name that no file has yet."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not os.path.lexists(path) else next(each for each in numbered if not os.path.lexists(each))


def append_to_file(path: Path, data: bytes) -> None:
    """Append *data* to the file, on disk; if that fails, the file has its old length again."""
    with clarify_windows_errors(path):
        descriptor = retry_if_locked(lambda: os.open(path, os.O_WRONLY | os.O_APPEND | OPEN_FLAGS), path)
    try:
        before = os.fstat(descriptor).st_size
        try:
            _write_and_sync(descriptor, data, path)
        except BaseException:
            os.ftruncate(descriptor, before)
            os.fsync(descriptor)
            raise
    finally:
        with suppress(OSError):  # the bytes are on disk: that closing fails changes nothing
            os.close(descriptor)


def truncate_file(path: Path, length: int) -> None:
    """Cut the file off after *length* bytes, on disk."""
    with clarify_windows_errors(path):
        descriptor = retry_if_locked(lambda: os.open(path, os.O_WRONLY | OPEN_FLAGS), path)
    try:
        os.ftruncate(descriptor, length)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_and_sync(path: Path, target: Path) -> None:
    """Move the file to *target* in one step, replacing what is there, and put it on disk."""
    rename_file(path, target)
    sync_name(target)


def sync_name(target: Path) -> None:
    """Put a new name on disk; Windows does so with the next file there that is put on disk."""
    sync_folder(target.parent)
    if sys.platform == "win32":
        one = target if target.is_file() else next((each for each in target.rglob("*") if each.is_file()), None)
        with suppress(OSError):  # the file already has this name; another program may keep it open
            _open_and_sync(one or target, os.O_RDWR | OPEN_FLAGS)


def rename_file(path: Path, target: Path) -> None:
    """Move the file to *target*, on disk after ``sync_folder``; EBUSY if another program keeps one of them open."""
    retry_if_locked(lambda: os.replace(path, target), path, target, folder=path)


def remove_file(path: Path) -> None:
    """Remove the file, if it exists; EBUSY if another program keeps it open."""
    with suppress(FileNotFoundError):
        retry_if_locked(lambda: os.unlink(path), path)


def sync_folder(path: Path) -> None:
    """Put the names in the folder on disk; Windows does so by itself, with each file that is put there."""
    if sys.platform == "win32":
        return
    _open_and_sync(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _open_and_sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(path: Path) -> None:
    """Remove a folder with everything in it, if it exists; of a link only the link."""
    import shutil  # noqa: PLC0415 - only where a copy is made

    with suppress(FileNotFoundError):
        if is_plain_folder(path):
            retry_if_locked(lambda: shutil.rmtree(path), folder=path)
        else:
            os.unlink(path)


def _write_and_sync(descriptor: int, data: bytes, path: Path) -> None:
    """Write *data*, and put it on disk."""
    rest = memoryview(data)
    with clarify_windows_errors(path, already_open=True):
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
