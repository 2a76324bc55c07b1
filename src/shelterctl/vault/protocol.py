"""How the files of a store are read and written, and no other way. A write takes the lock; finishes what was
interrupted; compares with the version that was read; seals, and opens again; writes the new file beside the old
one; appends a signed line to the journal, which is the moment it has happened; renames; unlocks. Also which files
still have to be sealed anew, because the keys that may read them have changed since they were saved.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyrage

from shelterctl import errors, limits
from shelterctl.errors import Conflict
from shelterctl.identity.keys import Identity, read_only_key_error
from shelterctl.journal.file_heads import FileHead
from shelterctl.journal.line import FileChange
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import (
    append_to_file,
    create_private_folder,
    remove_file,
    rename_file,
    sync_folder,
    truncate_file,
    write_new_file,
)
from shelterctl.trust.chain_state import TRUST_LIST_FILE, Chain
from shelterctl.trust.problems import sealed_anew_error
from shelterctl.ui_language import N_
from shelterctl.vault.lock import lock_store
from shelterctl.vault.paths import (
    find_path,
    find_unsettled,
    hash_version,
    new_version_path,
    read_version,
    version_paths,
)
from shelterctl.vault.problems import mismatch_error
from shelterctl.vault.sealed_bytes import (
    damaged_file_error,
    pad_text,
    read_age_header,
    sealed_apart_error,
    strip_padding,
    wrong_readers_error,
)


class FileToSave(NamedTuple):
    """What a file is to say, and the version it was read at; None where it is new.

    Without *data* the file is given up. What *repairs* goes into the place of what is damaged; *sealed* are bytes that
    were sealed before; *more* is told in the journal.
    """

    name: str
    data: bytes | None
    base: str | None
    repairs: bool = False
    sealed: bool = False
    more: Mapping[str, Any] | None = None


class SavedVersion(NamedTuple):
    """The version that is now saved; where not *finished*, tidying up is left to the next command."""

    version: str
    finished: bool


STORE_FILE_TOO_LARGE = N_("{place} would be larger than a file of a store may be: {most} KiB. Nothing was written.")
SHORTEN_TEXT = N_("Shorten what is written in it; scans and photographs do not belong in a record.")


def store_file_too_large_error(name: str, most: int) -> errors.UsageError:
    """The error of a file that would have more bytes than it may."""
    return errors.UsageError("vault/too-large", STORE_FILE_TOO_LARGE, hint=SHORTEN_TEXT, place=name, most=most >> 10)


FILE_CHANGED_MEANWHILE = N_("{place} was changed by someone else since it was read; nothing was written.")
RUN_FROM_NEWEST_VERSION = N_("Run the command again: it goes on from the newest version.")


def changed_meanwhile_error(name: str) -> errors.Conflict:
    """The error of a file that is no longer the version that was read."""
    return errors.Conflict("vault/changed", FILE_CHANGED_MEANWHILE, hint=RUN_FROM_NEWEST_VERSION, place=name)


RUN_AGAIN_OR_ASK = N_(
    "Run the command again. If it says the same, the memory of this computer may be failing: ask for help."
)
RECIPIENT_IS_NO_KEY = N_("One of the keys that files are sealed to is not a key; nothing was written.")
CHECK_STORE_KEYS = N_("Ask the data officer to check the keys of this store.")
SEALED_OPENS_DIFFERENTLY = N_("What was sealed does not open as it was; nothing was written.")


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
        self.closed_because: errors.ShelterError | None = None
        """Why nothing may be written here, if so: a backup, a store not taken over yet, a device that was shut out."""
        self.files_closed_because: errors.ShelterError | None = None
        """Why no file may be written, if so, though statements may."""
        self._identity = identity
        self._timeout = timeout

    def read(self, name: str) -> tuple[bytes, str]:
        """What the file says, and its version.

        Raises NotFound where it was never written, Damaged where it is not what was written, CannotOpen where it was
        not sealed to this identity.
        """
        stored, version = self.read_stored(name, counted=True)
        return self._decrypt(name, stored) if name.endswith(".age") else stored, version

    def read_stored(self, name: str, *, counted: bool = False) -> tuple[bytes, str]:
        """The file's bytes as they lie on disk, shown to be those last written, and their version.

        With *counted* they are also shown to be sealed to as many keys as may read them, which takes no key to tell.
        """
        stored, head = self._find_stored(name)
        if counted and name.endswith(".age"):
            readers = self.journal.chain.readers.get(head.trust)  # none in a store of 0.1.0, where nothing says so
            header = read_age_header(stored, name)
            if header.others or (readers is not None and header.keys != len(readers)):
                raise wrong_readers_error(name, header.keys + header.others, len(readers or ()), head.device)
        return stored, str(head.now)

    def _find_stored(self, name: str) -> tuple[bytes, FileHead]:
        """The file's bytes as they lie on disk, shown to be those last written, and what the journal says of them."""
        path = find_path(self.root, name)
        while True:
            said, found = self.journal.file_head(name), None
            for one in (said, *said.also) if said else (None,):
                for place in version_paths(path, one.now if one else None):
                    with suppress(errors.NotFound), translate_disk_errors(name):
                        found = read_plain_file(place, limits.largest_file_size(name))
                        if one and one.now == hash_version(found):
                            return found, one
            # A mismatch that stands still is damage; one that does not is another command at work.
            if not self.journal.has_changed():
                raise mismatch_error(name, found, said, self._identity, self.journal)

    def write(self, name: str, data: bytes, base: str | None, *, did: str, by: str, at: str) -> SavedVersion:
        """Save one file, as ``write_all`` does."""
        return self.write_all([FileToSave(name, data, base)], did=did, by=by, at=at)[0]

    def write_all(
        self, changes: Sequence[FileToSave], *, did: str, by: str, at: str, beyond: int = 0
    ) -> list[SavedVersion]:
        """Save several files as one act, each only where it is still the version it was read at; all, or none.

        Raises Conflict where one was changed meanwhile. Where anything is raised, nothing has happened; only Ctrl-C at
        the very end, or a disk that fails for good while the journal is written, may leave it done all the same.
        """
        self.require_writable()
        with self.lock():
            self._finish_interrupted()
            try:
                prepared = [self._write_new_version(change) for change in changes]
                self._sync_new_versions(prepared)
                self.journal.append(prepared, did=did, by=by, at=at, beyond=beyond)
                finished = self._put_new_versions_in_place(prepared)
                return [SavedVersion(str(each.now), done) for each, done in zip(prepared, finished, strict=True)]
            except BaseException:
                with suppress(errors.ShelterError):
                    self._finish_interrupted()
                raise

    def add_journal_note(self, more: Mapping[str, Any], *, did: str, by: str, at: str, beyond: int = 0) -> None:
        """Sign what was done to the store as a whole, which changes no file: a line about our own journal."""
        with self.lock():
            self._finish_interrupted()
            own = f"journal/{self._identity.device}.jsonl"
            self.journal.append([FileChange(own, None, None, more)], did=did, by=by, at=at, beyond=beyond)

    def save_chain(self, chain: Chain, *, unseen: bool = False) -> None:
        """Save a longer chain, by statements signed by whoever may make them; files are sealed by it from then on.

        This computer remembers it, and did before it was saved: what it signed is never news to it. With *unseen* there
        are statements that nobody here has looked at, and these stay news. Raises Conflict where someone else continued
        the chain meanwhile.
        """
        if self.closed_because and not unseen:
            raise self.closed_because  # to go on with a list is to know all of it
        with self.lock():
            self.journal.refresh()
            place, before = self.root / TRUST_LIST_FILE, self.journal.chain
            with translate_disk_errors(TRUST_LIST_FILE):
                lies = read_plain_file(place, limits.TRUST_CHAIN_BYTES)
                if lies[: lies.rfind(b"\n") + 1] != before.lines or not chain.lines.startswith(before.lines):
                    raise changed_meanwhile_error(TRUST_LIST_FILE)
                if self.journal.memory and not unseen:
                    self.journal.memory.announce_chain(chain)
                truncate_file(place, len(before.lines))
                append_to_file(place, chain.lines[len(before.lines) :])
            self.recipients = list(chain.recipients)
            self.journal.follow(chain, remember=not unseen)

    def require_writable(self) -> None:
        """Raise why nothing may be written, if so: best before anything is asked for."""
        if self._identity.device is None:
            raise read_only_key_error()
        if why := self.closed_because or self.files_closed_because:
            raise why

    def lock(self) -> AbstractContextManager[None]:
        """The store for this process alone. Raises Conflict."""
        return lock_store(self.root, self._timeout)

    def recover(self, *, wait: bool = True) -> bool:
        """Finish what an interrupted command had saved and drop what it had not; False where the store is locked."""
        try:
            with self.lock() if wait else lock_store(self.root, 0):
                self._finish_interrupted()
        except errors.Conflict:
            if wait:
                raise
            return False
        return True

    def needs_recovery(self) -> bool:
        """Whether a command was interrupted here, or is at work just now."""
        return self.journal.is_interrupted() or next(find_unsettled(self.root), None) is not None

    def recover_if_possible(self) -> None:
        """Recover where it is needed and can be done at once; a reader can do without, so no trouble is raised."""
        with suppress(errors.ShelterError):
            if self.needs_recovery():
                self.recover(wait=False)

    def _write_new_version(self, change: FileToSave) -> FileChange:
        """What the journal is to say of a change, whose new version is verified and on disk beside the old one."""
        path = find_path(self.root, change.name)
        current = self._current_version(change)
        if current != change.base:
            raise changed_meanwhile_error(change.name)
        if change.data is None:
            return FileChange(change.name, current, None, change.more)
        stored = change.data
        if change.name.endswith(".age") and not change.sealed:
            stored = self._encrypt(change.data)
        prepared = FileChange(change.name, current, hash_version(stored), change.more)
        if stored == b"" or len(stored) > limits.largest_file_size(change.name):
            raise store_file_too_large_error(change.name, limits.largest_file_size(change.name))
        if prepared.now == current and not change.repairs:
            return prepared
        with translate_disk_errors(change.name):
            create_private_folder(path.parent)
            write_new_file(new_version_path(path, str(prepared.now)), stored)
        return prepared

    def _sync_new_versions(self, prepared: Sequence[FileChange]) -> None:
        """Every folder in which new versions lie beside the old ones, each once however many they are."""
        for folder, names in self._folders_of_new_versions(prepared).items():
            with translate_disk_errors(names[0]):
                sync_folder(folder)

    def _folders_of_new_versions(self, prepared: Sequence[FileChange]) -> dict[Path, list[str]]:
        """The folders in which new versions lie beside the old ones, and the files whose versions they are."""
        folders: dict[Path, list[str]] = {}
        for each in prepared:
            path = self.root / each.file
            if each.now is not None and (each.now != each.base or new_version_path(path, each.now).exists()):
                folders.setdefault(path.parent, []).append(each.file)
        return folders

    def _current_version(self, change: FileToSave) -> str | None:
        """The version that lies there; of what is repaired the one that should."""
        if change.repairs:
            head = self.journal.file_head(change.name)
            return head.now if head else None
        try:
            return self.read_stored(change.name)[1]
        except errors.NotFound:
            return None

    def open_bytes(self, name: str, stored: bytes) -> bytes:
        """What bytes from elsewhere say that are to become this file. Raises Damaged where they are none of ours."""
        if name.endswith(".age"):
            header = read_age_header(stored, name)
            if header.others or header.keys not in {len(each) for each in self.journal.chain.readers.values()}:
                raise damaged_file_error(name)
            return self._decrypt(name, stored)
        return stored

    def _decrypt(self, name: str, stored: bytes) -> bytes:
        """What a file says whose bytes are the ones that were saved."""
        try:
            return strip_padding(self._identity.open(stored))
        except errors.CannotOpen as trouble:
            chain = self.journal.chain
            if self._identity.seed is None or not chain.root:
                raise
            own, head = chain.devices.get(str(self._identity.device)), self.journal.file_head(name)
            if own and own.ended:
                raise sealed_anew_error(name) from trouble
            raise (sealed_apart_error(name) if head and head.also else damaged_file_error(name)) from trouble

    def _encrypt(self, data: bytes) -> bytes:
        try:
            recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in self.recipients]
        except pyrage.RecipientError as trouble:
            raise errors.CannotOpen("vault/bad-recipient", RECIPIENT_IS_NO_KEY, hint=CHECK_STORE_KEYS) from trouble
        data = pad_text(data)
        sealed = bytes(pyrage.encrypt(data, recipients))
        # What could not be read back must never take the place of what can be read.
        if self._identity.open(sealed) != data:
            raise errors.Damaged("vault/unreadable", SEALED_OPENS_DIFFERENTLY, hint=RUN_AGAIN_OR_ASK)
        return sealed

    def _put_new_versions_in_place(self, prepared: Sequence[FileChange]) -> list[bool]:
        """New versions in the places of the old ones; false for what is left to the next command."""
        left: set[str] = set()
        now = {each.file: str(each.now) for each in prepared}
        for folder, names in self._folders_of_new_versions(prepared).items():
            for name in names:
                try:
                    rename_file(new_version_path(self.root / name, now[name]), self.root / name)
                except OSError:
                    left.add(name)
            try:
                sync_folder(folder)
            except OSError:
                left.update(names)
        return [each.file not in left for each in prepared]

    def _finish_interrupted(self) -> None:
        """Put in its place what had happened when a command was interrupted, and remove what had not."""
        self.journal.refresh()
        left = list(find_unsettled(self.root))
        if not left and not self.journal.is_interrupted():
            return
        self.journal.finish()
        heads = {name: self.journal.file_head(name) for _, name in left}
        told = [(name, one) for name, head in heads.items() if head for one in (head, *head.also)]
        saved = {new_version_path(self.root / name, one.now): one.now for name, one in told if one.now}
        for fresh, name in left:
            with translate_disk_errors(name):
                # Its name says which version it is: no other one is worth reading.
                if fresh in saved and saved[fresh] == read_version(fresh, name):
                    rename_file(fresh, self.root / name)
                else:
                    remove_file(fresh)
        for fresh, name in {fresh.parent: (fresh, name) for fresh, name in left}.values():
            with translate_disk_errors(name):
                sync_folder(fresh.parent)


def find_file_readers(vault: Vault, name: str) -> frozenset[str] | None:
    """The keys that a file was sealed to when it was saved last; None where no line says so.

    Of one that two devices sealed anew, each on its own, those that open it whichever of the two lies there. Raises
    Conflict where two devices went on from one version, Damaged where the journals are not believed.
    """
    head = vault.journal.file_head(name)
    known = vault.journal.chain.readers
    found = [known.get(one.trust) for one in (head, *head.also)] if head and head.now else [None]
    return None if None in found else frozenset.intersection(*(frozenset(each or ()) for each in found))


def needs_rekeying(vault: Vault, name: str) -> bool:
    """Whether a file that is there opens for others than may read now."""
    now = frozenset(vault.journal.chain.recipients)
    return have_readers_changed(vault) and find_file_readers(vault, name) not in (None, now)


def list_files_to_rekey(vault: Vault) -> list[str]:
    """The sealed files that wait, in order; one that two devices changed apart waits too, whoever can open it."""
    if not have_readers_changed(vault):
        return []
    now = frozenset(vault.journal.chain.recipients)
    return sorted(
        name for name in vault.journal.files() if name.endswith(".age") and _agreed_readers(vault, name) != now
    )


def _agreed_readers(vault: Vault, name: str) -> frozenset[str] | None:
    try:
        return find_file_readers(vault, name)
    except Conflict:
        return None


def have_readers_changed(vault: Vault) -> bool:
    """Whether others could ever read than may read now: most stores have one set of readers for good."""
    now = frozenset(vault.journal.chain.recipients)
    return any(frozenset(each) != now for each in vault.journal.chain.readers.values())
