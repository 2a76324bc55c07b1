"""How the files of a store are read and written, and no other way.

A write: lock; settle what was interrupted; compare with the version that was read; seal, and open again; a new file
beside the old one, on disk; a signed line in the journal, on disk, which is the moment it has happened; rename; unlock.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pyrage

from shelterctl import bound, errors, machine
from shelterctl.identity import Identity, read_only
from shelterctl.journal import FileChange, Head, Journal
from shelterctl.language import N_
from shelterctl.trust import FILE as TRUST
from shelterctl.trust import Chain
from shelterctl.trust.verdict import opens_no_more
from shelterctl.vault.change import Change, Written, changed_meanwhile, too_large
from shelterctl.vault.header import header_of, opened_for, sealed_apart, unreadable
from shelterctl.vault.lock import held
from shelterctl.vault.padding import padded, unpadded
from shelterctl.vault.place import beside, path_of, places, unsettled, version_at, version_of
from shelterctl.vault.verdict import verdict

AGAIN = N_("Run the command again. If it says the same, the memory of this computer may be failing: ask for help.")


class Vault:
    """The files of a store at rest; those named ``.age`` are filled up to a step and sealed to *recipients*.

    A version is the sha256 of a file's bytes as they lie on disk. *timeout* is the wait for the lock, in seconds.
    """

    def __init__(
        self, root: Path, identity: Identity, recipients: Sequence[str], journal: Journal, *,
        timeout: float | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        self.journal = journal
        self.recipients = list(recipients)
        self.closed: errors.ShelterError | None = None
        self.kept: errors.ShelterError | None = None  # why no file is written, though statements may be
        """Why nothing may be written here, if so: a backup, a store not taken over yet, a device that was shut out."""
        self._identity = identity
        self._timeout = timeout

    def read(self, name: str) -> tuple[bytes, str]:
        """What the file says, and its version.

        Raises NotFound where it was never written, Damaged where it is not what was written, CannotOpen where it was
        not sealed to this identity.
        """
        stored, version = self.stored(name, counted=True)
        return self._opened(name, stored) if name.endswith(".age") else stored, version

    def stored(self, name: str, *, counted: bool = False) -> tuple[bytes, str]:
        """The file's bytes as they lie on disk, shown to be those last written, and their version.

        With *counted* they are also shown to be sealed to as many keys as may read them, which takes no key to tell.
        """
        stored, head = self._lying(name)
        if counted and name.endswith(".age"):
            readers = self.journal.chain.readers.get(head.trust)  # none in a store of 0.1.0, where nothing says so
            header = header_of(stored, name)
            if header.others or (readers is not None and header.keys != len(readers)):
                raise opened_for(name, header.keys + header.others, len(readers or ()), head.device)
        return stored, str(head.now)

    def _lying(self, name: str) -> tuple[bytes, Head]:
        """The same with what the journal says of them."""
        path = path_of(self.root, name)
        while True:
            said, found = self.journal.head(name), None
            for one in (said, *said.also) if said else (None,):
                for place in places(path, one.now if one else None):
                    with suppress(errors.NotFound), machine.disk(name):
                        found = machine.read_regular(place, bound.of(name))
                        if one and one.now == version_of(found):
                            return found, one
            # A mismatch that stands still is damage; one that does not is another command at work.
            if not self.journal.changed():
                raise verdict(name, found, said, self._identity, self.journal)

    def write(self, name: str, data: bytes, base: str | None, *, did: str, by: str, at: str) -> Written:
        """Save one file, as ``write_all`` does."""
        return self.write_all([Change(name, data, base)], did=did, by=by, at=at)[0]

    def write_all(self, changes: Sequence[Change], *, did: str, by: str, at: str, beyond: int = 0) -> list[Written]:
        """Save several files as one act, each only where it is still the version it was read at; all, or none.

        Raises Conflict where one was changed meanwhile. Where anything is raised, nothing has happened; only Ctrl-C at
        the very end, or a disk that fails for good while the journal is written, may leave it done all the same.
        """
        self.writable()
        with self.lock():
            self._settle()
            try:
                prepared = [self._prepared(change) for change in changes]
                self._on_disk(prepared)
                self.journal.append(prepared, did=did, by=by, at=at, beyond=beyond)
                finished = self._put_in_place(prepared)
                return [Written(str(each.now), done) for each, done in zip(prepared, finished, strict=True)]
            except BaseException:
                with suppress(errors.ShelterError):
                    self._settle()
                raise

    def note(self, more: Mapping[str, Any], *, did: str, by: str, at: str, beyond: int = 0) -> None:
        """Sign what was done to the store as a whole, which changes no file: a line about our own journal."""
        with self.lock():
            self._settle()
            own = f"journal/{self._identity.device}.jsonl"
            self.journal.append([FileChange(own, None, None, more)], did=did, by=by, at=at, beyond=beyond)

    def extend(self, chain: Chain, *, unseen: bool = False) -> None:
        """Save a longer chain, by statements signed by whoever may make them; files are sealed by it from then on.

        This computer remembers it, and did before it was saved: what it signed is never news to it. With *unseen* there
        are statements that nobody here has looked at, and these stay news. Raises Conflict where someone else continued
        the chain meanwhile.
        """
        if self.closed and not unseen:
            raise self.closed  # to go on with a list is to know all of it
        with self.lock():
            self.journal.refresh()
            place, before = self.root / TRUST, self.journal.chain
            with machine.disk(TRUST):
                lies = machine.read_regular(place, bound.TRUST)
                if lies[: lies.rfind(b"\n") + 1] != before.lines or not chain.lines.startswith(before.lines):
                    raise changed_meanwhile(TRUST)
                if self.journal.memory and not unseen:
                    self.journal.memory.expect(chain)
                machine.cut(place, len(before.lines))
                machine.append(place, chain.lines[len(before.lines) :])
            self.recipients = list(chain.recipients)
            self.journal.follow(chain, remember=not unseen)

    def writable(self) -> None:
        """Raise why nothing may be written, if so: best before anything is asked for."""
        if self._identity.device is None:
            raise read_only()
        if why := self.closed or self.kept:
            raise why

    def lock(self) -> AbstractContextManager[None]:
        """The store for this process alone. Raises Conflict."""
        return held(self.root, self._timeout)

    def recover(self, *, wait: bool = True) -> bool:
        """Finish what an interrupted command had saved and drop what it had not; False where the store is locked."""
        try:
            with self.lock() if wait else held(self.root, 0):
                self._settle()
        except errors.Conflict:
            if wait:
                raise
            return False
        return True

    def needs_recovery(self) -> bool:
        """Whether a command was interrupted here, or is at work just now."""
        return self.journal.torn() or next(unsettled(self.root), None) is not None

    def tidy(self) -> None:
        """Recover where it is needed and can be done at once; a reader can do without, so no trouble is raised."""
        with suppress(errors.ShelterError):
            if self.needs_recovery():
                self.recover(wait=False)

    def _prepared(self, change: Change) -> FileChange:
        """What the journal is to say of a change, whose new version is verified and on disk beside the old one."""
        path = path_of(self.root, change.name)
        current = self._current(change)
        if current != change.base:
            raise changed_meanwhile(change.name)
        if change.data is None:
            return FileChange(change.name, current, None, change.more)
        stored = change.data
        if change.name.endswith(".age") and not change.sealed:
            stored = self._sealed(change.data)
        prepared = FileChange(change.name, current, version_of(stored), change.more)
        if stored == b"" or len(stored) > bound.of(change.name):
            raise too_large(change.name, bound.of(change.name))
        if prepared.now == current and not change.repairs:
            return prepared
        with machine.disk(change.name):
            machine.private_folder(path.parent)
            machine.write_new(beside(path, str(prepared.now)), stored)
        return prepared

    def _on_disk(self, prepared: Sequence[FileChange]) -> None:
        """Every folder in which new versions lie beside the old ones, each once however many they are."""
        for folder, names in self._folders(prepared).items():
            with machine.disk(names[0]):
                machine.sync_folder(folder)

    def _folders(self, prepared: Sequence[FileChange]) -> dict[Path, list[str]]:
        """The folders in which new versions lie beside the old ones, and the files whose versions they are."""
        folders: dict[Path, list[str]] = {}
        for each in prepared:
            path = self.root / each.file
            if each.now is not None and (each.now != each.base or beside(path, each.now).exists()):
                folders.setdefault(path.parent, []).append(each.file)
        return folders

    def _current(self, change: Change) -> str | None:
        """The version that lies there; of what is repaired the one that should."""
        if change.repairs:
            head = self.journal.head(change.name)
            return head.now if head else None
        try:
            return self.stored(change.name)[1]
        except errors.NotFound:
            return None

    def opened(self, name: str, stored: bytes) -> bytes:
        """What bytes from elsewhere say that are to become this file. Raises Damaged where they are none of ours."""
        if name.endswith(".age"):
            header = header_of(stored, name)
            if header.others or header.keys not in {len(each) for each in self.journal.chain.readers.values()}:
                raise unreadable(name)
            return self._opened(name, stored)
        return stored

    def _opened(self, name: str, stored: bytes) -> bytes:
        """What a file says whose bytes are the ones that were saved."""
        if self._identity.seed is None:
            return unpadded(self._identity.open(stored))
        try:
            return unpadded(self._identity.open(stored))
        except errors.CannotOpen as trouble:
            chain = self.journal.chain
            if not chain.root:
                raise
            own, head = chain.devices.get(str(self._identity.device)), self.journal.head(name)
            if own and own.ended:
                raise opens_no_more(name) from trouble
            raise (sealed_apart(name) if head and head.also else unreadable(name)) from trouble

    def _sealed(self, data: bytes) -> bytes:
        try:
            recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in self.recipients]
        except pyrage.RecipientError as trouble:
            raise errors.CannotOpen(
                "vault/bad-recipient",
                N_("One of the keys that files are sealed to is not a key; nothing was written."),
                hint=N_("Ask the data officer to check the keys of this store."),
            ) from trouble
        data = padded(data)
        sealed = bytes(pyrage.encrypt(data, recipients))
        # What could not be read back must never take the place of what can be read.
        if self._identity.open(sealed) != data:
            raise errors.Damaged(
                "vault/unreadable", N_("What was sealed does not open as it was; nothing was written."), hint=AGAIN
            )
        return sealed

    def _put_in_place(self, prepared: Sequence[FileChange]) -> list[bool]:
        """New versions in the places of the old ones; false for what is left to the next command."""
        left: set[str] = set()
        now = {each.file: str(each.now) for each in prepared}
        for folder, names in self._folders(prepared).items():
            for name in names:
                try:
                    machine.move(beside(self.root / name, now[name]), self.root / name)
                except OSError:
                    left.add(name)
            try:
                machine.sync_folder(folder)
            except OSError:
                left.update(names)
        return [each.file not in left for each in prepared]

    def _settle(self) -> None:
        """Put in its place what had happened when a command was interrupted, and remove what had not."""
        self.journal.refresh()
        left = list(unsettled(self.root))
        if not left and not self.journal.torn():
            return
        self.journal.finish()
        heads = {name: self.journal.head(name) for _, name in left}
        told = [(name, one) for name, head in heads.items() if head for one in (head, *head.also)]
        saved = {beside(self.root / name, one.now): one.now for name, one in told if one.now}
        for fresh, name in left:
            with machine.disk(name):
                # Its name says which version it is: no other one is worth reading.
                if fresh in saved and saved[fresh] == version_at(fresh, name):
                    machine.move(fresh, self.root / name)
                else:
                    machine.remove(fresh)
        for fresh, name in {fresh.parent: (fresh, name) for fresh, name in left}.values():
            with machine.disk(name):
                machine.sync_folder(fresh.parent)
