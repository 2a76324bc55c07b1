"""How the files of a store are read and written, and no other way.

A write: lock; settle what was interrupted; compare with the version that was read; seal, and open again; a new file
beside the old one, on disk; a signed line in the journal, on disk, which is the moment it has happened; rename; unlock.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

import pyrage

from shelterctl import errors, machine
from shelterctl.identity import Identity, read_only
from shelterctl.journal import Journal, Step
from shelterctl.language import N_
from shelterctl.vault.lock import held
from shelterctl.vault.verdict import RESTORE, verdict

LIMIT = 1 << 26
"""No file of a store is larger."""

_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_NAME = re.compile(f"{_PART}(/{_PART})*")
_BESIDE = re.compile(rf"\.({_PART})\.[0-9a-f]{{16}}\.tmp")


class Change(NamedTuple):
    """What a file is to say, and the version it was read at; None where it is new."""

    name: str
    data: bytes
    base: str | None


class Written(NamedTuple):
    """The version that is now saved; where not *finished*, tidying up is left to the next command."""

    version: str
    finished: bool


class Vault:
    """The files of a store at rest; those named ``.age`` are sealed to *recipients*.

    A version is the sha256 of a file's bytes as they lie on disk. *timeout* is the wait for the lock, in seconds.
    """

    def __init__(
        self, root: Path, identity: Identity, recipients: Sequence[str], journal: Journal, *, timeout: float = 5.0
    ) -> None:
        self.root = root
        self.journal = journal
        self.recipients = list(recipients)
        self.kept = False
        """Whether this is a copy that is kept as it is: what was written to a backup would be missed in the store."""
        self._identity = identity
        self._timeout = timeout

    def read(self, name: str) -> tuple[bytes, str]:
        """What the file says, and its version.

        Raises NotFound where it was never written, Damaged where it is not what was written, CannotOpen where it was
        not sealed to this identity.
        """
        stored, version = self.stored(name)
        return (self._identity.open(stored) if name.endswith(".age") else stored), version

    def stored(self, name: str) -> tuple[bytes, str]:
        """The file's bytes as they lie on disk, shown to be those last written, and their version."""
        path = self._path(name)
        while True:
            head, found = self.journal.head(name), None
            # Between its line in the journal and its rename, the new version lies beside the old one.
            for place in (path, _beside(path, head), path) if head else (path,):
                with suppress(errors.NotFound), machine.disk(name):
                    found = machine.read_regular(place, LIMIT)
                    if head == _version(found):
                        return found, head
            # A mismatch that stands still is damage; one that does not is another command at work.
            if not self.journal.changed():
                raise verdict(name, found, head, self._identity)

    def write(self, name: str, data: bytes, base: str | None, *, did: str, by: str, at: str) -> Written:
        """Save one file, as ``write_all`` does."""
        return self.write_all([Change(name, data, base)], did=did, by=by, at=at)[0]

    def write_all(self, changes: Sequence[Change], *, did: str, by: str, at: str) -> list[Written]:
        """Save several files as one act, each only where it is still the version it was read at.

        Raises Conflict where one was changed meanwhile. Where anything is raised, nothing has happened; only Ctrl-C at
        the very end, or a disk that fails for good while the journal is written, may leave it done all the same.
        """
        if self._identity.device is None:
            raise read_only()
        if self.kept:
            raise errors.Usage(
                "vault/backup",
                N_("This is the folder of a backup: it can be read, and nothing is written into it."),
                hint=N_("Go back to the store, or make one of the backup with: shelterctl restore DIR --store NEW"),
            )
        with self.lock():
            self._settle()
            try:
                steps = [self._prepared(change) for change in changes]
                self.journal.append(steps, did=did, by=by, at=at)
                return [Written(step.now, self._put_in_place(step)) for step in steps]
            except BaseException:
                with suppress(errors.ShelterError):
                    self._settle()
                raise

    def lock(self) -> AbstractContextManager[None]:
        """The store for this process alone. Raises Conflict."""
        return held(self.root, self._timeout)

    def recover(self, *, wait: bool = True) -> bool:
        """Finish what an interrupted command had saved and drop what it had not; False where the store is locked."""
        try:
            with held(self.root, self._timeout if wait else 0):
                self._settle()
        except errors.Conflict:
            if wait:
                raise
            return False
        return True

    def needs_recovery(self) -> bool:
        """Whether a command was interrupted here, or is at work just now."""
        return self.journal.torn() or next(self._unsettled(), None) is not None

    def tidy(self) -> None:
        """Recover where it is needed and can be done at once; a reader can do without, so no trouble is raised."""
        with suppress(errors.ShelterError):
            if self.needs_recovery():
                self.recover(wait=False)

    def _prepared(self, change: Change) -> Step:
        """The new version, verified, and on disk beside the old one."""
        path = self._path(change.name)
        try:
            current: str | None = self.stored(change.name)[1]
        except errors.NotFound:
            current = None
        if current != change.base:
            raise errors.Conflict(
                "vault/changed",
                N_("{place} was changed by someone else since it was read; nothing was written."),
                hint=N_("Run the command again: it goes on from the newest version."),
                place=change.name,
            )
        stored = self._sealed(change.data) if change.name.endswith(".age") else change.data
        step = Step(change.name, current, _version(stored))
        with machine.disk(change.name):
            machine.private_folder(path.parent)
            machine.write_new(_beside(path, step.now), stored)
            machine.sync_folder(path.parent)
        return step

    def _sealed(self, data: bytes) -> bytes:
        try:
            recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in self.recipients]
        except pyrage.RecipientError as trouble:
            raise errors.CannotOpen(
                "vault/bad-recipient",
                N_("One of the keys that files are sealed to is not a key; nothing was written."),
                hint=N_("Ask the data officer to check the keys of this store."),
            ) from trouble
        sealed = bytes(pyrage.encrypt(data, recipients))
        # What could not be read back must never take the place of what can be read.
        if self._identity.open(sealed) != data:
            raise errors.Damaged(
                "vault/unreadable", N_("What was sealed does not open as it was; nothing was written."), hint=RESTORE
            )
        return sealed

    def _put_in_place(self, step: Step) -> bool:
        path = self.root / step.file
        try:
            machine.rename(_beside(path, step.now), path)
        except OSError:
            return False
        return True

    def _settle(self) -> None:
        """Put in its place what had happened when a command was interrupted, and remove what had not."""
        self.journal.refresh()
        unsettled = list(self._unsettled())
        if not unsettled and not self.journal.torn():
            return
        self.journal.cut_torn_tail()
        for beside, name in unsettled:
            with machine.disk(name):
                if self.journal.head(name) == _version_at(beside):
                    machine.rename(beside, self.root / name)
                else:
                    machine.remove(beside)
                    machine.sync_folder(beside.parent)

    def _unsettled(self) -> Iterator[tuple[Path, str]]:
        """New versions that are not in their place, and whose they are."""
        for file in machine.hidden_files(self.root):
            found = _BESIDE.fullmatch(file.name)
            if found and _NAME.fullmatch(name := file.with_name(found[1]).relative_to(self.root).as_posix()):
                yield file, name

    def _path(self, name: str) -> Path:
        """Where the file lies: within the store, with no link on the way."""
        if not _NAME.fullmatch(name):
            raise errors.Usage(
                "vault/bad-name",
                N_("That cannot be the name of a file in a store."),
                hint=N_("Name a client by the id that 'shelterctl list' shows."),
            )
        for folder in list(Path(name).parents)[:-1]:  # the store's own folder may be a link: the user named it
            if not machine.is_plain_folder(self.root / folder):
                raise errors.Damaged(
                    "vault/strange-folder",
                    N_("The folder {place} of the store is a link to another place, or no folder at all."),
                    hint=N_("Do not open it. Ask who else can write to the store's folder."),
                    place=folder.as_posix(),
                )
        return self.root / name


def _version(stored: bytes) -> str:
    return hashlib.sha256(stored).hexdigest()


def _version_at(path: Path) -> str:
    """The version of a file that is on its way; none, where something else has its name."""
    try:
        return _version(machine.read_regular(path, LIMIT))
    except errors.Damaged:
        return ""


def _beside(path: Path, version: str) -> Path:
    return path.with_name(f".{path.name}.{version[:16]}.tmp")
