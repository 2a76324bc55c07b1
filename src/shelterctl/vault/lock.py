"""A lock of the operating system that gives the store to one command at a time and ends with that command's process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from shelterctl import errors
from shelterctl.limits import WAIT_SECONDS
from shelterctl.platform.disk_errors import disk_error
from shelterctl.ui_language import N_

QUIET_WAIT_SECONDS = 1.0
"""The seconds of waiting after which a message is shown."""


@dataclass(repr=False)
class LockWait:
    """The wait for the lock: the *seconds* it lasts at most, and what to *show* on screen if it takes long."""

    seconds: float = WAIT_SECONDS
    show: Callable[[], AbstractContextManager[None]] = nullcontext


lock_wait = LockWait()
"""The wait of this run, as the command line sets it."""

LOCK_IS_A_LINK = N_("The file .lock in the store is a link to another place.")
REMOVE_LOCK_LINK = N_("Do not follow it. Ask who else can write to this folder, then remove the link.")
STORE_LOCKED = N_("Another command is still working in this store, after {seconds} seconds.")
WAIT_FOR_OTHER_COMMAND = N_(
    "Wait until it has finished, then run this command again; or wait longer with: --wait SECONDS."
)


@contextmanager
def lock_store(root: Path, timeout: float | None = None) -> Iterator[None]:
    """Hold the lock of the store at *root*, after waiting up to *timeout* seconds, or as long as `lock_wait` says.

    Code of this process that already holds the lock gets it again. Raises Conflict if another process holds it all that
    time.
    """
    import filelock  # noqa: PLC0415  (27 ms)

    path, timeout = root / ".lock", lock_wait.seconds if timeout is None else timeout
    # A file that only names the holder would outlive a crash, or be trusted over a living process.
    lock = filelock.FileLock(path, mode=0o600, is_singleton=True, fallback_to_soft=False)
    try:
        if path.is_symlink():
            raise errors.Damaged("vault/strange-file", LOCK_IS_A_LINK, hint=REMOVE_LOCK_LINK)
        try:
            lock.acquire(timeout=min(timeout, QUIET_WAIT_SECONDS))
        except filelock.Timeout:
            if timeout <= QUIET_WAIT_SECONDS:
                raise
            with lock_wait.show():
                lock.acquire(timeout=timeout - QUIET_WAIT_SECONDS)
    except filelock.Timeout as trouble:
        raise errors.Conflict(
            "vault/locked", STORE_LOCKED, hint=WAIT_FOR_OTHER_COMMAND, seconds=f"{timeout:g}"
        ) from trouble
    except OSError as trouble:
        raise disk_error(trouble, ".lock") from trouble
    try:
        yield
    finally:
        with suppress(OSError):
            lock.release()
