"""Bytes at rest and the write protocol. With identity the only module that knows age."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pyrage

from shelterctl import errors, machine
from shelterctl.identity import Identity
from shelterctl.journal import Journal, Step
from shelterctl.language import N_

_LIMIT = 1 << 26
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LEFTOVER = re.compile(r"\.(.+)\.[0-9a-f]{16}\.tmp")


class Change(NamedTuple):
    """What a file is to hold, and the version it was read at; None where it is new."""

    name: str
    data: bytes
    base: str | None


class Written(NamedTuple):
    """The version that is now saved; not *finished* where tidying up is left to the next command."""

    version: str
    finished: bool


class Vault:
    """The files of a store, sealed, and changed by one protocol only.

    A version is the sha256 of a file's bytes as they lie on disk. *recipients* are those of every file.
    """

    def __init__(
        self, root: Path, identity: Identity, recipients: Sequence[str], journal: Journal, *, timeout: float = 5.0
    ) -> None:
        self.root = root
        self.journal = journal
        self.recipients = list(recipients)
        self._identity = identity
        self._timeout = timeout
        self._lock: object = None

    def read(self, name: str) -> tuple[bytes, str]:
        """What the file says, and its version.

        Raises NotFound where it was never written, Damaged where it is not what was written, CannotOpen where it was
        not sealed to this identity.
        """
        stored, version = self.stored(name)
        return (self._identity.open(stored) if name.endswith(".age") else stored), version

    def stored(self, name: str) -> tuple[bytes, str]:
        """The file's bytes as they lie on disk, shown to be those last written, and its version."""
        path = self._path(name)
        while True:
            head = self.journal.head(name)
            found = None
            # Between its journal line and its rename the new version lies beside the old one.
            for place in (path, _beside(path, head), path) if head else (path,):
                with suppress(errors.NotFound), machine.disk(name):
                    found = machine.read_regular(place, _LIMIT)
                    if _version(found) == head:
                        return found, head
            if not self.journal.changed():
                raise self._trouble(name, found, head)

    def write(self, name: str, data: bytes, base: str | None, *, did: str, by: str, at: str) -> Written:
        """Save one file; see ``write_all``."""
        return self.write_all([Change(name, data, base)], did=did, by=by, at=at)[0]

    def write_all(self, changes: Sequence[Change], *, did: str, by: str, at: str) -> list[Written]:
        """Save several files as one act of *by*, each only if it is still the version it was read at.

        Raises Conflict where one was changed meanwhile. When anything is raised, nothing of it has happened.
        """
        with self.lock():
            self._settle()
            try:
                steps = [self._prepare(change) for change in changes]
                self.journal.append(steps, did=did, by=by, at=at)
            except BaseException:
                with suppress(errors.ShelterError):
                    self._settle()
                raise
            return [Written(step.now, self._finish(step)) for step in steps]

    @contextmanager
    def lock(self) -> Iterator[None]:
        """The store for this process alone; within it, freely again. Raises Conflict after the timeout, in seconds."""
        with self._held(self._timeout):
            yield

    def recover(self, *, wait: bool = True) -> bool:
        """Finish what an interrupted command had saved, drop what it had not; False where the lock is not to be had."""
        try:
            with self._held(self._timeout if wait else 0):
                self._settle()
        except errors.Conflict:
            if wait:
                raise
            return False
        return True

    def needs_recovery(self) -> bool:
        """Whether a command was interrupted here, or is at work just now."""
        return self.journal.torn() or any(True for _ in self._leftovers())

    def tidy(self) -> None:
        """Recover where it is needed and can be done at once. A reader can do without: what it raises is left alone."""
        with suppress(errors.ShelterError):
            if self.needs_recovery():
                self.recover(wait=False)

    def _prepare(self, change: Change) -> Step:
        """The new version, verified and on disk beside the old one."""
        path = self._path(change.name)
        try:
            current: str | None = self.stored(change.name)[1]
        except errors.NotFound:
            current = None
        if current != change.base:
            raise errors.Conflict(
                "vault/changed",
                N_("{place} was changed by someone else since it was read; nothing was written."),
                hint=N_("Run the command again: it will go on from the newest version."),
                place=change.name,
            )
        stored = self._sealed(change.data) if change.name.endswith(".age") else change.data
        now = _version(stored)
        with machine.disk(change.name):
            machine.private_folder(path.parent)
            machine.write_new(_beside(path, now), stored)
            machine.sync_folder(path.parent)
        return Step(change.name, current, now)

    def _finish(self, step: Step) -> bool:
        path = self._path(step.file)
        try:
            machine.rename(_beside(path, step.now), path)
        except OSError:
            return False
        return True

    def _settle(self) -> None:
        """What was saved is put in its place, all else that an interrupted command left is removed."""
        self.journal.refresh()
        leftovers = list(self._leftovers())
        if not leftovers and not self.journal.torn():
            return
        self.journal.cut_torn_tail()
        for leftover, path in leftovers:
            name = path.relative_to(self.root).as_posix()
            with machine.disk(name):
                if _version(machine.read_regular(leftover, _LIMIT)) == self.journal.head(name):
                    machine.rename(leftover, path)
                else:
                    machine.remove(leftover)
                    machine.sync_folder(path.parent)

    def _leftovers(self) -> Iterator[tuple[Path, Path]]:
        """Files on the way to their place, and that place."""
        for file in machine.files_below(self.root):
            if found := _LEFTOVER.fullmatch(file.name):
                yield file, file.with_name(found[1])

    def _sealed(self, data: bytes) -> bytes:
        try:
            recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in self.recipients]
        except pyrage.RecipientError as trouble:
            raise errors.CannotOpen(
                "vault/bad-recipient",
                N_("A key that the store's files are sealed to is not a valid one; nothing was written."),
                hint=N_("Ask the data officer to check the keys in staff.yaml."),
            ) from trouble
        sealed = bytes(pyrage.encrypt(data, recipients))
        # What the writer could not read back must never take the place of what can be read.
        if self._identity.open(sealed) != data:
            raise errors.Damaged(
                "vault/unreadable", N_("What was sealed did not open as it was; nothing was written."), hint=_RESTORE
            )
        return sealed

    @contextmanager
    def _held(self, timeout: float) -> Iterator[None]:
        import filelock  # noqa: PLC0415  (27 ms)

        path = self.root / ".lock"
        if path.is_symlink():
            raise errors.Damaged(
                "vault/strange-file",
                N_("The file .lock of the store is a link to another place."),
                hint=N_("Do not follow it. Ask who else can write to this folder, then remove the link."),
            )
        lock = filelock.FileLock(path, mode=0o600, is_singleton=True)
        try:
            with machine.disk(".lock"):
                lock.acquire(timeout=timeout)
        except filelock.Timeout as trouble:
            raise errors.Conflict(
                "vault/locked",
                N_("Another command is at work in this store."),
                hint=N_("Wait until it is done, then run this one again."),
            ) from trouble
        try:
            yield
        finally:
            with suppress(OSError):
                lock.release()

    def _path(self, name: str) -> Path:
        """Where the file lies: within the store, with no link on the way."""
        parts = name.split("/")
        if not all(_PART.fullmatch(part) for part in parts):
            raise errors.Usage(
                "vault/bad-name",
                N_("That cannot be the name of a file in a store."),
                hint=N_("Name a client by the id that 'shelterctl list' shows."),
            )
        path = self.root
        for part in parts[:-1]:
            path /= part
            if not machine.is_plain_folder(path):
                raise errors.Damaged(
                    "vault/strange-folder",
                    N_("The folder {place} of the store is a link to another place, or no folder."),
                    hint=N_("Do not open it. Ask who else can write to the store's folder."),
                    place=path.relative_to(self.root).as_posix(),
                )
        return path / parts[-1]

    def _trouble(self, name: str, found: bytes | None, head: str | None) -> errors.ShelterError:
        """Why the bytes *found* are not those that the journal vouches for."""
        if found is None and head is None:
            return errors.NotFound("vault/not-found", N_("There is no {place} in this store."), hint=_CHECK, place=name)
        if found is None:
            return errors.Damaged("vault/gone", N_("{place} was saved, and is gone."), hint=_RESTORE, place=name)
        if name.endswith(".age"):
            try:
                self._identity.open(found)
            except errors.CannotOpen:
                return errors.Damaged(
                    "vault/damaged", N_("{place} is damaged: it is not what was saved."), hint=_RESTORE, place=name
                )
        return errors.Damaged(
            "vault/forged",
            N_("{place} was changed outside of shelterctl, or an older version was put back."),
            hint=_RESTORE,
            place=name,
        )


_CHECK = N_("Check the id, and that --store names the right folder.")
_RESTORE = N_("Do not rely on it. Put the file back from the last backup, and tell the data officer.")


def _version(stored: bytes) -> str:
    return hashlib.sha256(stored).hexdigest()


def _beside(path: Path, version: str) -> Path:
    return path.with_name(f".{path.name}.{version[:16]}.tmp")
