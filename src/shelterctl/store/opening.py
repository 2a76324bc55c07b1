"""A store opened with a key, believed only as far as that key has reason to."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from shelterctl import bound, document, errors, machine
from shelterctl.identity import Identity, nobody
from shelterctl.journal import Copy, Journal, read
from shelterctl.language import N_
from shelterctl.library import Shelf
from shelterctl.store.folder import BACKUP, FOUNDING, SHELTER, STAFF, is_store
from shelterctl.store.store import MISSHAPEN, RESTORE, Store
from shelterctl.trust import Chain, Device, Memory, Remembered, Standing, followed, of_old, stand, verdict
from shelterctl.trust.memory import Head
from shelterctl.trust.memory import unproven as without_key
from shelterctl.trust.standing import read_chain
from shelterctl.vault import Vault

UNPROVEN = N_(
    "Nothing proves that this store of 0.1.0 is the one that the paper belongs to. You can read it; "
    "rely on nothing in it."
)
KEPT = N_("This is the folder of a backup: it can be read, and nothing is written into it.")
GO_BACK = N_("Go back to the store, or make one of the backup with: shelterctl restore DIR --store NEW")

_STORE = re.compile(r"^store: \"?([0-9A-Za-z]+)", re.MULTILINE)


def open_store(root: Path, key: Identity, shelf: Shelf, heads: Path | None, *, words: str | None = None) -> Store:
    """The store in *root*, an interrupted write finished first where that can be done at once.

    *heads* is the folder in which this computer remembers stores; *words* are four that were read off the paper.
    Raises Damaged where the key has no reason to believe it: whatever else is damaged closes its own file alone.
    """
    standing = stand(root, key, heads, words=words) or _of_old(root, key, heads)
    chain = standing.chain
    vault = Vault(root, key, chain.recipients, Journal(root / "journal", chain, key, standing.memory))
    vault.closed = standing.closed
    if BACKUP.fullmatch(root.resolve().name) and key.device:
        vault.closed = errors.Usage("vault/backup", KEPT, hint=GO_BACK)
    store = Store(root, vault, shelf, key)
    if not chain.root and key.device is None:
        store.told.append(errors.Conflict("trust/unproven", UNPROVEN))
    elif standing.closed:
        store.told.append(standing.closed)
    if key.device and not standing.closed:
        vault.tidy()
        _finish_founding(root)
    vault.journal.head(SHELTER)  # damage of the journal closes all, and is told before anything else
    with suppress(errors.Damaged, errors.NotFound):
        if store.shelter.value["store"] != chain.store:
            raise_other(store)
    return store


def raise_other(store: Store) -> None:
    """Remember that shelter.yaml is another store's: whoever reads it is told so."""
    store.wrong[SHELTER] = verdict.other_store()
    del store.__dict__["shelter"]


def sealed(root: Path) -> tuple[Vault, list[errors.ShelterError]]:
    """The files of the store as they lie, for whoever has no key: held against the journal, never opened.

    With them what is wrong with the list of who may write: then nothing vouches for anything.
    """
    chain, trouble = Chain(b"", (), "", {}, ("", None), None, {}, frozenset()), []
    try:
        chain = unproven(root)
    except errors.ShelterError as error:
        trouble.append(error)
    return Vault(root, nobody(), [], Journal(root / "journal", chain, nobody())), trouble


def unproven(root: Path) -> Chain:
    """Who writes in a store as it says itself, for whoever has no key to believe it by."""
    lines = read_chain(root)
    return _said_by_old(root) if lines is None else followed(lines, 0)


def copy_of(root: Path) -> Copy:
    """How far the copy of a store in that folder has come, for whoever has no key: its chain and its journals."""
    chain = unproven(root)
    journals = {device: read(root / "journal" / f"{device}.jsonl").lines for device in chain.devices}
    return Copy(chain.lines, journals)


def root_of(root: Path) -> str:
    """By what this computer remembers the store in that folder: its root, or the name that one of 0.1.0 has."""
    lines = None
    with suppress(errors.ShelterError):
        lines = read_chain(root)
    return store_of(root) if lines is None else hashlib.sha256(lines.partition(b"\n")[0]).hexdigest()[:16]


def store_of(root: Path) -> str:
    """The name that shelter.yaml gives the store; none where it cannot be read."""
    with suppress(errors.ShelterError), machine.disk(SHELTER):
        found = _STORE.search(machine.read_regular(root / SHELTER, bound.CLEAR).decode(errors="replace"))
        return found[1] if found else ""
    return ""


def founding_of(folder: Path, key: Identity) -> dict[str, Any] | None:
    """What was said when the store in that folder was begun, where that was not finished; None if nothing was."""
    with suppress(errors.NotFound), machine.disk(FOUNDING):
        return document.read(key.open(machine.read_regular(folder / FOUNDING, bound.SEALED))).value
    return None


def _finish_founding(root: Path) -> None:
    """Erase what lay there while the store was made, once it is: the paper is outside the house by now."""
    with suppress(OSError):
        if is_store(root) and (root / SHELTER).is_file():
            machine.remove(root / FOUNDING)


def _of_old(root: Path, key: Identity, heads: Path | None) -> Standing:
    """A store of 0.1.0: one's own key, one's own journal and what this computer remembers of it, and nothing else."""
    said = _said_by_old(root)
    if key.device is None:
        return Standing(said, closed=verdict.of_0_1_0())
    device = said.devices.get(key.device)
    if device is None or device.sign != key.signing_public or device.age != key.recipient:
        raise verdict.stranger()
    names = {name for name in machine.names_in(root / "journal") if name.endswith(".jsonl")}
    if set(said.devices) != {key.device} or names - {f"{key.device}.jsonl"}:
        raise verdict.others_in_old()
    memory = OldMemory(heads / said.store, key) if heads else None
    chain = of_old(said.store, device, said.paper[0])
    _not_begun(root, key.device, memory)
    return Standing(chain, memory, memory.recall() if memory else None, verdict.of_0_1_0())


def _not_begun(root: Path, device: str, memory: "OldMemory | None") -> None:
    """That nothing says that this store has a chain already."""
    with suppress(errors.NotFound), machine.disk(f"journal/{device}.jsonl"):
        if b'{"v":' in machine.read_regular(root / "journal" / f"{device}.jsonl", bound.JOURNAL):
            raise verdict.lost()
    if memory and memory.begun():
        raise verdict.too_old()


class OldMemory(Memory):
    """The note of 0.1.0: how far one's own journal had come. Once taken over, it says that the store has a root."""

    def __init__(self, path: Path, key: Identity) -> None:
        super().__init__(path.parent, path.name, key)
        self._path, self._key = path, key

    def recall(self) -> Remembered | None:
        """What 0.1.0 remembered, or what was seen since the store was taken over; None where nothing is."""
        words = _noted(self._path, self._key)
        if words and words[0] == "begun":
            return Memory(self._path.parent, words[1], self._key).recall()
        return _head_in(words) if words and words[0] == self._key.device else None

    def begun(self) -> bool:
        """Whether this computer saw the store taken over."""
        return _noted(self._path, self._key)[:1] == ["begun"]

    def begin(self, root: str) -> None:
        """Remember that the store has a root from now on."""
        text = f"begun {root}"
        with suppress(OSError):
            machine.private_folder(self._path.parent)
            machine.replace(self._path, f"{text} {self._key.mark(text.encode())}".encode())

    def put(self, chain: Chain, journals: Mapping[str, Head], newest: str) -> bool:
        """Remember just this, as 0.1.0 did: its own journal."""
        if (head := journals.get(str(self._key.device))) is None:
            return False
        text = f"{self._key.device} {head[0] - 1} {head[1]} {head[2]}"
        with suppress(OSError):
            machine.private_folder(self._path.parent)
            machine.replace(self._path, f"{text} {self._key.mark(text.encode())}".encode())
            return True
        return False


def noted(heads: Path, chain: Chain) -> Remembered | None:
    """What this computer noted of a store, for whoever has no key to prove the note: enough to doubt."""
    if chain.root:
        return without_key(heads, chain.root)
    words = _noted(heads / chain.store, None) if chain.store else []
    return without_key(heads, words[1]) if words[:1] == ["begun"] else _head_in(words)


def _noted(path: Path, key: Identity | None) -> list[str]:
    """The words of a note of 0.1.0; none where it is not there, or not the *key* wrote it."""
    with suppress(errors.ShelterError, ValueError), machine.disk(path.name):
        note, mark = machine.read_regular(path, bound.NOTE).decode().rsplit(" ", 1)
        if key is None or mark == key.mark(note.encode()):
            return note.split(" ")
    return []


def _head_in(words: Sequence[str]) -> Remembered | None:
    """How far the journal of 0.1.0 had come, by its note: device, number of the last line, bytes, sha256."""
    with suppress(ValueError):
        device, seq, length, digest = words
        return Remembered(device, (0, hashlib.sha256().hexdigest()), {device: (int(seq) + 1, int(length), digest)})
    return None


def _said_by_old(root: Path) -> Chain:
    """The devices and the paper as staff.yaml of 0.1.0 says them, before anyone has vouched for it."""
    try:
        with machine.disk(STAFF):
            said = document.read(machine.read_regular(root / STAFF, bound.CLEAR)).value
        if said["schema"] != "staff/1":
            raise verdict.lost()  # a later one names no devices: the chain does
        devices = {
            str(code): Device(str(code), str(one["staff"]), str(one["age"]), str(one["signing"]), ("write", "trust"))
            for code, one in said["devices"].items()
        }
        paper = str(said["recovery"]["age"])
    except errors.NotFound as error:
        raise verdict.lost() from error
    except (document.Unreadable, errors.Conflict, KeyError, TypeError, AttributeError) as error:
        raise errors.Damaged(
            "store/unreadable", MISSHAPEN, hint=RESTORE, place=STAFF, what=type(error).__name__, where="/"
        ) from error
    agreed = frozenset(device.sign for device in devices.values())
    return Chain(b"", (), store_of(root), devices, (paper, None), None, {}, agreed)
