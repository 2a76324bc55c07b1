"""The only way in which the files of a store are read and written.

A write takes the lock, finishes what was interrupted, compares with the version that was read, seals the content and
opens it again, writes the new file beside the old one, and appends a signed line to the journal: at that moment the
write has happened. Then it renames the file and releases the lock. Also which files still have to be sealed anew,
because the keys that may read them have changed since they were saved.
"""

from collections.abc import Collection, Mapping, Sequence
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
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS, is_sealed_inside, part_of_file
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
    """The new content of a file, and *base*, the version at which it was read; None for a new file.

    Without *data* the file is removed from the store. With *repairs* it replaces a damaged file. With *sealed* the data
    was sealed before. *more* are facts for the journal.
    """

    name: str
    data: bytes | None
    base: str | None
    repairs: bool = False
    sealed: bool = False
    more: Mapping[str, Any] | None = None


class SavedVersion(NamedTuple):
    """The version that is now saved; if not *finished*, cleaning up is left to the next command."""

    version: str
    finished: bool


STORE_FILE_TOO_LARGE = N_("{place} would be too large: a file of a store may have {most} KiB. Nothing was written.")
SHORTEN_TEXT = N_("Shorten the text; scans and photographs do not belong in a file.")


def store_file_too_large_error(name: str, most: int) -> errors.UsageError:
    """Return the error for a file that would have more bytes than *most*."""
    return errors.UsageError("vault/too-large", STORE_FILE_TOO_LARGE, hint=SHORTEN_TEXT, place=name, most=most >> 10)


FILE_CHANGED_MEANWHILE = N_("Someone else changed {place} after it was read; nothing was written.")
RUN_FROM_NEWEST_VERSION = N_("Run the command again: it will use the newest version.")


def changed_meanwhile_error(name: str) -> errors.Conflict:
    """Return the error for a file that is no longer the version that was read."""
    return errors.Conflict("vault/changed", FILE_CHANGED_MEANWHILE, hint=RUN_FROM_NEWEST_VERSION, place=name)


RUN_AGAIN_OR_ASK = N_(
    "Run the command again. If the answer is the same, this computer's memory may be failing: ask for help."
)
RECIPIENT_IS_NO_KEY = N_("One of the keys to which files are sealed is invalid; nothing was written.")
CHECK_STORE_KEYS = N_("Ask the data officer to check the keys of this store.")
SEALED_OPENS_DIFFERENTLY = N_("The sealed file did not open to the same content; nothing was written.")


class Vault:
    """The files of a store on disk; those named ``.age`` are padded to a step of size and sealed to those who may read
    them by the trust list.

    A version is the sha256 of a file's bytes on disk. *timeout* is the wait for the lock, in seconds.
    """

    def __init__(self, root: Path, identity: Identity, journal: Journal, *, timeout: float | None = None) -> None:
        self.root = root
        self.journal = journal
        self.closed_because: errors.ShelterError | None = None
        """The error for any write here: a backup, a store not taken over yet, a device that was shut out."""
        self.files_closed_because: errors.ShelterError | None = None
        """The error for writing a file here, although statements may be written."""
        self._identity = identity
        self._timeout = timeout

    def read(self, name: str) -> tuple[bytes, str]:
        """Return the content of the file, and its version.

        Raises NotFound if it was never written, Damaged if it is not what was written, CannotOpen if it was not sealed
        to this identity.
        """
        stored, version = self.read_stored(name, counted=True)
        return self._decrypt(name, stored) if name.endswith(".age") else stored, version

    def read_stored(self, name: str, *, counted: bool = False) -> tuple[bytes, str]:
        """Return the file's bytes on disk, verified as those last written, and their version.

        With *counted* also verify that they are sealed to as many keys as may read them, which takes no key to see.
        """
        stored, head = self._find_stored(name)
        if counted and name.endswith(".age"):
            then = self.journal.chain.readers.get(head.trust)  # unknown in a store of 0.1.0
            readers = then.recipients_of_file(name) if then else None
            header = read_age_header(stored, name)
            if header.others or (readers is not None and header.keys != len(readers)):
                raise wrong_readers_error(name, header.keys + header.others, len(readers or ()), head.device)
        return stored, str(head.now)

    def _find_stored(self, name: str) -> tuple[bytes, FileHead]:
        """Return the file's bytes on disk, verified as those last written, and its state by the journal."""
        path = find_path(self.root, name)
        while True:
            said, found = self.journal.file_head(name), None
            self.journal.require_right(name, said)
            for one in (said, *said.also) if said else (None,):
                for place in version_paths(path, one.now if one else None):
                    with suppress(errors.NotFound), translate_disk_errors(name):
                        found = read_plain_file(place, limits.largest_file_size(name))
                        if one and one.now == hash_version(found):
                            return found, one
            # If the journals are unchanged this is damage; if they changed, another command is writing.
            if not self.journal.has_changed():
                raise mismatch_error(name, found, said, self._identity, self.journal)

    def write(self, name: str, data: bytes, base: str | None, *, did: str, by: str, at: str) -> SavedVersion:
        """Save one file; see ``write_all``."""
        return self.write_all([FileToSave(name, data, base)], did=did, by=by, at=at)[0]

    def write_all(
        self, changes: Sequence[FileToSave], *, did: str, by: str, at: str, beyond: int = 0
    ) -> list[SavedVersion]:
        """Save several files as one act, each only if it is still the version that was read: all of them, or none.

        Raises Conflict if one was changed meanwhile. If anything is raised, nothing has happened; only Ctrl-C at the
        very end, or a disk that fails while the journal is written, may leave the act done all the same.
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
        """Sign an act on the store as a whole that changes no file: a line about our own journal."""
        self.add_journal_notes([more], did=did, by=by, at=at, beyond=beyond)

    def add_journal_notes(
        self, notes: Sequence[Mapping[str, Any]], *, did: str, by: str, at: str, beyond: int = 0
    ) -> None:
        """Sign an act that changes no file and whose facts need several lines: all of them are written, or none."""
        with self.lock():
            self._finish_interrupted()
            own = f"journal/{self._identity.device}.jsonl"
            changes = [FileChange(own, None, None, more) for more in notes]
            self.journal.append(changes, did=did, by=by, at=at, beyond=beyond)

    def save_chain(self, chain: Chain, *, unseen: bool = False) -> None:
        """Save a longer chain, with statements signed by those who may make them; files are sealed by it from then on.

        This computer remembers it, even before it is saved: what it signed itself is never news to it. With *unseen*
        the chain has statements that nobody here has looked at, and these stay news. Raises Conflict if someone else
        extended the chain meanwhile.
        """
        if self.closed_because and not unseen:
            raise self.closed_because  # only a list that was looked at whole may be extended
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
            self.journal.follow(chain, remember=not unseen)

    def require_writable(self) -> None:
        """Raise the reason why nothing may be written here, if there is one; call it before asking for anything."""
        if self._identity.device is None:
            raise read_only_key_error()
        if why := self.closed_because or self.files_closed_because:
            raise why

    def require_right(self, name: str) -> None:
        """Raise CannotOpen for a file that the role of our key may not save: nobody would believe such a line."""
        chain, device = self.journal.chain, self._identity.device
        own = chain.devices.get(device) if device else None
        if own and not chain.readership.may_save(own.staff, name):
            raise role_does_not_save_error(name)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the store for this process alone. Raises Conflict."""
        return lock_store(self.root, self._timeout)

    def recover(self, *, wait: bool = True) -> bool:
        """Finish what an interrupted command had saved and drop the rest; False if the store is locked."""
        try:
            with self.lock() if wait else lock_store(self.root, 0):
                self._finish_interrupted()
        except errors.Conflict:
            if wait:
                raise
            return False
        return True

    def needs_recovery(self) -> bool:
        """Whether a command was interrupted here, or is running now."""
        return self.journal.is_interrupted() or next(find_unsettled(self.root), None) is not None

    def recover_if_possible(self) -> None:
        """Recover if it is needed and possible at once; a reader can do without, so no error is raised."""
        with suppress(errors.ShelterError):
            if self.needs_recovery():
                self.recover(wait=False)

    def _write_new_version(self, change: FileToSave) -> FileChange:
        """Write the verified new version beside the old one, and return the change for the journal."""
        path = find_path(self.root, change.name)
        self.require_right(change.name)
        current = self._current_version(change)
        if current != change.base:
            raise changed_meanwhile_error(change.name)
        if change.data is None:
            return FileChange(change.name, current, None, change.more)
        stored = change.data
        if change.name.endswith(".age") and not change.sealed:
            stored = self._encrypt(change.name, change.data)
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
        """Sync every folder with new versions, each once."""
        for folder, names in self._folders_of_new_versions(prepared).items():
            with translate_disk_errors(names[0]):
                sync_folder(folder)

    def _folders_of_new_versions(self, prepared: Sequence[FileChange]) -> dict[Path, list[str]]:
        """Return the folders with new versions beside the old ones, and the names of their files."""
        folders: dict[Path, list[str]] = {}
        for each in prepared:
            path = self.root / each.file
            if each.now is not None and (each.now != each.base or new_version_path(path, each.now).exists()):
                folders.setdefault(path.parent, []).append(each.file)
        return folders

    def _current_version(self, change: FileToSave) -> str | None:
        """Return the version on disk; for a repair, the version that should be there."""
        if change.repairs:
            head = self.journal.file_head(change.name)
            return head.now if head else None
        try:
            return self.read_stored(change.name)[1]
        except errors.NotFound:
            return None

    def open_bytes(self, name: str, stored: bytes) -> bytes:
        """Return the content of bytes from elsewhere that are to become this file. Raises Damaged if they are not of
        this store.
        """
        if name.endswith(".age"):
            header = read_age_header(stored, name)
            if header.others or header.keys not in {
                len(each.recipients_of_file(name)) for each in self.journal.chain.readers.values()
            }:
                raise damaged_file_error(name)
            return self._decrypt(name, stored)
        return stored

    def _decrypt(self, name: str, stored: bytes) -> bytes:
        """Return the content of a file whose bytes are those that were saved."""
        try:
            return strip_padding(self._identity.open(stored))
        except errors.CannotOpen as trouble:
            chain = self.journal.chain
            if self._identity.seed is None or not chain.root:
                raise
            own, head = chain.devices.get(str(self._identity.device)), self.journal.file_head(name)
            if own and own.ended:
                raise sealed_anew_error(name) from trouble
            if own and not chain.readership.opens(own.staff, part_of_file(name)):
                raise role_does_not_open_error(name) from trouble
            then = chain.readers.get(head.trust) if head else None
            if chain.access and then and own and own.age not in then.recipients_of_file(name):
                raise not_sealed_to_key_yet_error(name) from trouble
            raise (sealed_apart_error(name) if head and head.also else damaged_file_error(name)) from trouble

    def recipients(self, name: str) -> tuple[str, ...]:
        """Return the keys to which a file of the store is sealed now."""
        return self.journal.chain.readership.recipients_of_file(name)

    def opens(self, part: str) -> bool:
        """Whether our own key opens a part of the store; the recovery paper's key opens everything."""
        chain, device = self.journal.chain, self._identity.device
        return (
            device is None or device not in chain.devices or chain.readership.opens(chain.devices[device].staff, part)
        )

    def may_save(self, name: str) -> bool:
        """Whether lines of our own key about a file count."""
        chain, device = self.journal.chain, str(self._identity.device)
        return device not in chain.devices or chain.readership.may_save(chain.devices[device].staff, name)

    def could_reseal(self, name: str, part: str) -> bool:
        """Whether our own key can open a sealed part of a file as it was last saved, and so seal it anew."""
        chain, head = self.journal.chain, self.journal.file_head(name)
        if self._identity.device is None or head is None:
            return True
        if part in head.waiting:
            tried = head.device == self._identity.device  # our own key saved it last, and left the part closed
            return chain.readership.is_by_role and self.opens(part) and not tried
        then = chain.readers.get(head.trust)
        return then is None or self._identity.recipient in then.recipients(part)

    def _encrypt(self, name: str, data: bytes) -> bytes:
        readers = self.recipients(name)
        if self._identity.recipient not in readers:
            raise role_does_not_open_error(name)
        try:
            recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in readers]
        except pyrage.RecipientError as trouble:
            raise errors.CannotOpen("vault/bad-recipient", RECIPIENT_IS_NO_KEY, hint=CHECK_STORE_KEYS) from trouble
        data = pad_text(data)
        sealed = bytes(pyrage.encrypt(data, recipients))
        # A file that cannot be read back must never replace one that can.
        if self._identity.open(sealed) != data:
            raise errors.Damaged("vault/unreadable", SEALED_OPENS_DIFFERENTLY, hint=RUN_AGAIN_OR_ASK)
        return sealed

    def _put_new_versions_in_place(self, prepared: Sequence[FileChange]) -> list[bool]:
        """Rename new versions to their places; False for each that is left to the next command."""
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
        """Put what an interrupted command had saved in its place, and remove what it had not saved."""
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
                # Only a name of a saved version is worth reading.
                if fresh in saved and saved[fresh] == read_version(fresh, name):
                    rename_file(fresh, self.root / name)
                else:
                    remove_file(fresh)
        for fresh, name in {fresh.parent: (fresh, name) for fresh, name in left}.values():
            with translate_disk_errors(name):
                sync_folder(fresh.parent)


FILE_CLOSED_TO_ROLE = N_("{place}: your role does not open this file.")
FILE_NOT_SAVED_BY_ROLE = N_("{place}: your role does not change this file.")
FILE_NOT_SEALED_YET = N_("{place}: this file was not encrypted for your key yet.")
ASK_MANAGER_TO_REKEY = N_("Ask the manager to run: shelterctl rekey")
SEE_WHO_READS = N_("Who may read what: shelterctl roles")


def role_does_not_open_error(name: str) -> errors.CannotOpen:
    """Return the error for a file that the person's role does not open."""
    return errors.CannotOpen("role/closed", FILE_CLOSED_TO_ROLE, hint=SEE_WHO_READS, place=name)


def role_does_not_save_error(name: str) -> errors.CannotOpen:
    """Return the error for a file that the person's role does not change."""
    return errors.CannotOpen("role/may-not-save", FILE_NOT_SAVED_BY_ROLE, hint=SEE_WHO_READS, place=name)


def not_sealed_to_key_yet_error(name: str) -> errors.CannotOpen:
    """Return the error for a file that was last saved before the person's key or role was added."""
    return errors.CannotOpen("role/not-sealed-yet", FILE_NOT_SEALED_YET, hint=ASK_MANAGER_TO_REKEY, place=name)


def find_file_readers(vault: Vault, name: str) -> frozenset[str] | None:
    """Return the keys to which a file was sealed when it was last saved; None if no line says so.

    If two devices sealed it anew, each on its own, return the keys that open either version. Raises Conflict if two
    devices changed one version, Damaged if the journals cannot be trusted.
    """
    head = vault.journal.file_head(name)
    known = vault.journal.chain.readers
    found = [known.get(one.trust) for one in (head, *head.also)] if head and head.now else [None]
    opened = [frozenset(each.recipients_of_file(name)) for each in found if each]
    return None if None in found else frozenset.intersection(*opened)


def needs_rekeying(vault: Vault, name: str) -> bool:
    """Whether a file, or a part of it that our key may seal anew, is sealed to other keys than those of its readers."""
    if not have_readers_changed(vault):
        return False
    now = frozenset(vault.recipients(name))
    return find_file_readers(vault, name) not in (None, now) or bool(_parts_to_reseal(vault, name))


def _parts_to_reseal(vault: Vault, name: str) -> frozenset[str]:
    """Return the sealed parts of a file that wait for their present readers and that our key can seal anew."""
    return frozenset(part for part in find_stale_parts(vault, name) if vault.could_reseal(name, part))


def find_stale_parts(vault: Vault, name: str) -> frozenset[str]:
    """Return the sealed parts of a client's or a register's file whose readers have changed since they were sealed."""
    now = vault.journal.chain.readership
    if now.access is None or part_of_file(name) not in (FILE_PART, *REGISTER_PARTS.values()):
        return frozenset()
    try:
        head = vault.journal.file_head(name)
    except Conflict:  # two devices went on from one version: that is settled first
        return frozenset()
    if head is None or head.now is None:
        return frozenset()
    then = vault.journal.chain.readers.get(head.trust)
    parts = {*now.sealed_parts, *(then.sealed_parts if then else ())}  # of then, where one key opens all again
    own = (part for part in parts if is_sealed_inside(part, name))
    changed = (part for part in own if then is None or then.recipients(part) != now.recipients(part))
    return frozenset((*head.waiting, *changed))


def list_parts_left_waiting(vault: Vault, name: str, closed: Collection[str]) -> list[str]:
    """Return the parts of a file that still wait for a reader once our key saves it; *closed* stayed closed to it.

    A part that our role does not open counts although the file may have nothing of it, so that the journal, which
    anybody can read, tells nothing about the client.
    """
    return sorted(
        part for part in find_stale_parts(vault, name) if part in closed or not vault.could_reseal(name, part)
    )


def list_files_to_rekey(vault: Vault) -> list[str]:
    """Return the sealed files still to be sealed anew, in order, including those that two devices changed apart."""
    if not have_readers_changed(vault):
        return []
    return sorted(
        name
        for name in vault.journal.files()
        if name.endswith(".age")
        and (_agreed_readers(vault, name) != frozenset(vault.recipients(name)) or _parts_to_reseal(vault, name))
    )


def _agreed_readers(vault: Vault, name: str) -> frozenset[str] | None:
    try:
        return find_file_readers(vault, name)
    except Conflict:
        return None


def have_readers_changed(vault: Vault) -> bool:
    """Whether the readers were ever others than now: most stores have one set of readers for good."""
    chain = vault.journal.chain
    if chain.readership.is_by_role:
        return True
    now = frozenset(chain.readership.everyone)
    return any(each.is_by_role or frozenset(each.everyone) != now for each in chain.readers.values())
