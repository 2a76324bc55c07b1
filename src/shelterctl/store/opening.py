"""Open a store with a key, and believe it only as far as that key has reason to; a store of shelterctl 0.1.0, which has
no trust chain, by the key's own journal. Also read a store without a key.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from shelterctl import errors, limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import Unreadable
from shelterctl.identity.keys import Identity, create_unrelated_identity
from shelterctl.journal.compare_copies import CopyProgress
from shelterctl.journal.device_log import read_device_log, wrote_later_error
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.platform.writing import create_private_folder, remove_file, replace_file
from shelterctl.rulebook.rulebook import Rulebook, rulebook_name
from shelterctl.store.compatibility import misshapen_file_error, newer_unreadable_error
from shelterctl.store.folder import BACKUP_FOLDER_NAME, FOUNDING_FILE, SHELTER_FILE, STAFF_FILE
from shelterctl.store.needed_rulebook import RulebookOfStore, read_rulebook_of_store
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import FULL_RIGHTS, verify_chain
from shelterctl.trust.chain_state import Chain, Device, make_old_store_chain
from shelterctl.trust.key_standing import KeyStanding, judge_key, read_chain_lines
from shelterctl.trust.memory import JournalHeads, RememberedState, StoreMemory, recall_unproven
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import Vault

_TIME_ZONE = re.compile(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]")
_STORE_NAME = re.compile(r"^store: \"?([0-9A-Za-z]+)", re.MULTILINE)
OLD_STORE_HAS_STRANGERS = N_(
    "This store of 0.1.0 names a computer, or has a journal, that does not belong to this key; nothing proves it."
)
READER_MAY_HAVE_BEEN_ADDED = N_("Change nothing, and tell the data officer: someone may have given themselves access.")
STORE_BEFORE_TAKE_OVER = N_(
    "An older copy was put back: this is the store as it was before it was taken over from 0.1.0."
)
CHANGE_NOTHING = N_(
    "Change nothing, and tell the data officer. The newest whole copy is restored with: shelterctl restore."
)


def judge_old_store(root: Path, key: Identity, heads: Path | None) -> KeyStanding:
    """Judge a store of 0.1.0 by one's own key and journal and by what this computer remembers, nothing else."""
    said = read_old_chain(root)
    if key.device is None:
        return KeyStanding(said, closed=problems.take_over_first_error())
    device = said.devices.get(key.device)
    if device is None or device.sign != key.signing_public or device.age != key.recipient:
        raise problems.key_not_in_store_error()
    names = {name for name in list_folder(root / "journal") if name.endswith(".jsonl")}
    if set(said.devices) != {key.device} or names - {f"{key.device}.jsonl"}:
        raise errors.Damaged("trust/old-strangers", OLD_STORE_HAS_STRANGERS, hint=READER_MAY_HAVE_BEEN_ADDED)
    memory = OldStoreMemory(heads / said.store, key) if heads else None
    chain = make_old_store_chain(said.store, device, said.paper[0])
    _require_not_taken_over(root, key.device, memory)
    return KeyStanding(chain, memory, memory.recall() if memory else None, problems.take_over_first_error())


def _require_not_taken_over(root: Path, device: str, memory: "OldStoreMemory | None") -> None:
    """Raise Damaged if the journal or the memory shows that the store already has a chain."""
    with suppress(errors.NotFound), translate_disk_errors(f"journal/{device}.jsonl"):
        if b'{"v":' in read_plain_file(root / "journal" / f"{device}.jsonl", limits.JOURNAL_BYTES):
            raise problems.chain_lost_error()
    if memory and memory.is_taken_over():
        raise errors.Damaged("trust/before-begin", STORE_BEFORE_TAKE_OVER, hint=CHANGE_NOTHING)


class OldStoreMemory(StoreMemory):
    """The note of 0.1.0 about one's own journal; once the store is taken over, it names the root of the store."""

    def __init__(self, path: Path, key: Identity) -> None:
        super().__init__(path.parent, path.name, key)
        self._path, self._key = path, key

    def recall(self, lines: bytes = b"") -> RememberedState | None:
        """Return what 0.1.0 remembered, or what was seen since the store was taken over; None if nothing."""
        words = read_old_note(self._path, self._key)
        if words and words[0] == "begun":
            return StoreMemory(self._path.parent, words[1], self._key).recall()
        return parse_old_note(words) if words and words[0] == self._key.device else None

    def is_taken_over(self) -> bool:
        """Whether this computer saw the store taken over."""
        return read_old_note(self._path, self._key)[:1] == ["begun"]

    def remember_take_over(self, root: str) -> None:
        """Remember that the store has this root from now on."""
        with suppress(OSError):
            self._write_words(f"begun {root}")

    def write_note(
        self, chain: Chain, journals: JournalHeads, newest: str, left_behind: JournalHeads | None = None
    ) -> bool:
        """Remember one's own journal only, as 0.1.0 did."""
        if (head := journals.get(str(self._key.device))) is None:
            return False
        with suppress(OSError):
            self._write_words(f"{self._key.device} {head[0] - 1} {head[1]} {head[2]}")
            return True
        return False

    def _write_words(self, text: str) -> None:
        create_private_folder(self._path.parent)
        replace_file(self._path, f"{text} {self._key.mark(text.encode())}".encode())


def read_store_name(root: Path) -> str:
    """Return the name that shelter.yaml gives the store; empty if it cannot be read."""
    with suppress(errors.ShelterError), translate_disk_errors(SHELTER_FILE):
        data = read_plain_file(root / SHELTER_FILE, limits.CLEAR_FILE_BYTES)
        found = _STORE_NAME.search(data.decode(errors="replace"))
        return found[1] if found else ""
    return ""


def read_time_zone(root: Path) -> str:
    """Return the time zone in shelter.yaml, such as +06:00, proved or not; +06:00 if it cannot be read."""
    with suppress(errors.ShelterError, Unreadable, KeyError, TypeError), translate_disk_errors(SHELTER_FILE):
        zone = str(read_document(read_plain_file(root / SHELTER_FILE, limits.CLEAR_FILE_BYTES)).value["time_zone"])
        if _TIME_ZONE.fullmatch(zone):
            return zone
    return "+06:00"


def read_clear_staff(root: Path) -> dict[str, dict[str, Any]]:
    """Return the register of staff in staff.yaml by code, proved or not; empty if it cannot be read."""
    with (
        suppress(errors.ShelterError, Unreadable, KeyError, TypeError, AttributeError),
        translate_disk_errors(STAFF_FILE),
    ):
        known = read_document(read_plain_file(root / STAFF_FILE, limits.CLEAR_FILE_BYTES)).value["staff"]
        return {code: dict(entry) for code, entry in known.items() if isinstance(entry.get("role"), str)}
    return {}


def read_old_note(path: Path, key: Identity | None) -> list[str]:
    """Return the words of a note of 0.1.0; none if it is missing, or *key* did not write it."""
    with suppress(errors.ShelterError, ValueError), translate_disk_errors(path.name):
        note, mark = read_plain_file(path, limits.STORE_NOTE_BYTES).decode().rsplit(" ", 1)
        if key is None or mark == key.mark(note.encode()):
            return note.split(" ")
    return []


def parse_old_note(words: Sequence[str]) -> RememberedState | None:
    """Return the progress of the journal of 0.1.0 from its note: device, number of the last line, bytes, sha256."""
    with suppress(ValueError):
        device, seq, length, digest = words
        return RememberedState(device, (0, hashlib.sha256().hexdigest()), {device: (int(seq) + 1, int(length), digest)})
    return None


def read_old_chain(root: Path) -> Chain:
    """Return the devices and the paper that staff.yaml of 0.1.0 names, unverified."""
    try:
        with translate_disk_errors(STAFF_FILE):
            said = read_document(read_plain_file(root / STAFF_FILE, limits.CLEAR_FILE_BYTES)).value
        if said["schema"] != "staff/1":
            raise problems.chain_lost_error()  # a later one names no devices: the chain does
        devices = {
            str(code): Device(str(code), str(one["staff"]), str(one["age"]), str(one["signing"]), FULL_RIGHTS)
            for code, one in said["devices"].items()
        }
        paper = str(said["recovery"]["age"])
    except errors.NotFound as error:
        raise problems.chain_lost_error() from error
    except (Unreadable, errors.Conflict, KeyError, TypeError, AttributeError) as error:
        raise misshapen_file_error("store/unreadable", STAFF_FILE, type(error).__name__) from error
    agreed = frozenset(device.sign for device in devices.values())
    return Chain(b"", (), read_store_name(root), devices, (paper, None), None, {}, agreed)


OLD_STORE_UNPROVEN = N_(
    "Nothing proves that this store of 0.1.0 belongs to this recovery paper. You can read it, but do not rely on it."
)
BACKUP_READ_ONLY = N_("This is the folder of a backup: you can read it, but not write to it.")
RULEBOOK_NOT_OF_STORE = N_(
    "The rules in SHELTERCTL_MANUAL are not those of this store. With them you can only read it."
)
UNSET_MANUAL = N_(
    "To work in it, unset SHELTERCTL_MANUAL. To try these rules, make a separate store while it is set: "
    "shelterctl demo run, or init."
)
STORE_FOR_TRIAL_RULES = N_(
    "This store is for trying rules from another folder ({shelf}). With the rules used here you can only read it."
)
NAME_TRIAL_RULEBOOK = N_("To work in it, name the folder of those rules in SHELTERCTL_MANUAL.")
GO_BACK_TO_STORE = N_("Go back to the store, or restore the backup as a store with: shelterctl restore DIR --store NEW")
HOUSES_OF_OTHER_STORE = N_("shelter.yaml belongs to another store than the list of who may read and write.")
PUT_HOUSES_BACK = N_("Restore the file from a backup: shelterctl repair shelter.yaml --from BACKUP")


def open_store(
    root: Path, key: Identity, rulebook: Rulebook, heads: Path | None, *, words: str | None = None, finish: bool = True
) -> Store:
    """Open the store in *root*, after finishing an interrupted write where that is possible at once.

    Without *finish* nothing in the store changes; what an interrupted command saved is read all the same.

    *heads* is the folder in which this computer remembers stores; *words* are the four words on the paper. Raises
    Damaged if the key has no reason to believe the store; any other damage affects only its own file.
    """
    standing = judge_key(root, key, heads, words=words) or judge_old_store(root, key, heads)
    chain = standing.chain
    vault = Vault(root, key, Journal(root / "journal", chain, key, standing.memory))
    vault.closed_because = standing.closed
    if BACKUP_FOLDER_NAME.fullmatch(root.resolve().name) and key.device:
        vault.closed_because = errors.UsageError("vault/backup", BACKUP_READ_ONLY, hint=GO_BACK_TO_STORE)
    store = Store(root, vault, rulebook.with_limits(chain.limits), key)
    if not chain.root and key.device is None:
        store.notices.append(errors.Conflict("trust/unproven", OLD_STORE_UNPROVEN))
    elif standing.closed:
        store.notices.append(standing.closed)
    if finish and key.device and not standing.closed:
        vault.recover_if_possible()
        _remove_founding_file(root)
    vault.journal.file_head(SHELTER_FILE)  # damage of the journal blocks everything, so it is reported first
    store.notices.extend(map(wrote_later_error, vault.journal.lines_behind_ends()))
    try:
        if store.shelter.value["store"] != chain.store:
            mark_other_store(store)
    except errors.NotFound:
        pass
    except errors.Damaged as trouble:  # every command needs this file, so each reports the error
        store.damaged[SHELTER_FILE] = trouble
    own = RulebookOfStore()
    with suppress(errors.ShelterError):
        own = read_rulebook_of_store(store.shelter.value)
    if own.revision > rulebook.version["revision"]:
        raise newer_unreadable_error(SHELTER_FILE)
    if key.device:
        _forbid_other_rulebook(store, own.name)
    return store


def _forbid_other_rulebook(store: Store, own: str | None) -> None:
    """Forbid writing files with another rulebook than the store's own: it may seal less, or know fewer words.

    A store whose shelter.yaml names no rulebook belongs to the one that is shipped.
    """
    ours = rulebook_name(store.rulebook)
    if own != ours:
        error = errors.Conflict("shelf/other", STORE_FOR_TRIAL_RULES, hint=NAME_TRIAL_RULEBOOK, shelf=own)
        if own is None:
            error = errors.Conflict("shelf/other", RULEBOOK_NOT_OF_STORE, hint=UNSET_MANUAL)
        store.vault.files_closed_because = error
        store.notices.append(error)


def mark_other_store(store: Store) -> None:
    """Mark shelter.yaml as the file of another store, so that every use of it raises an error."""
    store.damaged[SHELTER_FILE] = errors.Damaged("trust/other-store", HOUSES_OF_OTHER_STORE, hint=PUT_HOUSES_BACK)
    del store.__dict__["shelter"]


def open_without_key(root: Path) -> tuple[Vault, list[errors.ShelterError]]:
    """Open the files of the store without a key: they are checked against the journal, but never decrypted.

    Also return what is wrong with the list of who may write: if it is damaged, nothing vouches for the files.
    """
    chain, trouble = Chain(b"", (), "", {}, ("", None), None, {}, frozenset()), []
    try:
        chain = read_unproven_chain(root)
    except errors.ShelterError as error:
        trouble.append(error)
    nobody = create_unrelated_identity()
    return Vault(root, nobody, Journal(root / "journal", chain, nobody)), trouble


def read_unproven_chain(root: Path) -> Chain:
    """Return the chain of devices as the store itself gives it, without a key to prove it."""
    lines = read_chain_lines(root)
    return read_old_chain(root) if lines is None else verify_chain(lines, 0)


def read_copy_progress(root: Path) -> CopyProgress:
    """Return the progress of the copy of a store in that folder, its chain and its journals, without a key."""
    chain = read_unproven_chain(root)
    devices = chain.devices.values()
    journals = {device: read_device_log(root / "journal" / f"{device}.jsonl").lines for device in chain.devices}
    return CopyProgress(chain.lines, journals, {device.code: end.lines for device in devices if (end := device.ended)})


def find_memory_name(root: Path) -> str:
    """Return the name under which this computer remembers the store in that folder: its root, or its name in 0.1.0."""
    lines = None
    with suppress(errors.ShelterError):
        lines = read_chain_lines(root)
    return read_store_name(root) if lines is None else hashlib.sha256(lines.partition(b"\n")[0]).hexdigest()[:16]


def _remove_founding_file(root: Path) -> None:
    """Erase the file used while the store was made: by now the paper is outside the shelter."""
    with suppress(OSError):
        if (root / SHELTER_FILE).is_file():
            remove_file(root / FOUNDING_FILE)


def recall_without_key(heads: Path, chain: Chain) -> RememberedState | None:
    """Return what this computer noted of a store, without a key to prove it: enough for a warning."""
    if chain.root:
        return recall_unproven(heads, chain.root, chain.lines)
    words = read_old_note(heads / chain.store, None) if chain.store else []
    return recall_unproven(heads, words[1]) if words[:1] == ["begun"] else parse_old_note(words)
