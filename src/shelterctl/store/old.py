"""A store of 0.1.0: believed by one's own key, one's own journal, and what this computer remembers of it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from shelterctl import bound, document, errors, machine
from shelterctl.identity import Identity
from shelterctl.store.folder import SHELTER, STAFF
from shelterctl.store.newer import misshapen
from shelterctl.trust import Chain, Device, Head, Memory, Remembered, Standing, of_old, verdict

_STORE = re.compile(r"^store: \"?([0-9A-Za-z]+)", re.MULTILINE)


def standing_of(root: Path, key: Identity, heads: Path | None) -> Standing:
    """A store of 0.1.0: one's own key, one's own journal and what this computer remembers of it, and nothing else."""
    said = said_by(root)
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

    def recall(self, lines: bytes = b"") -> Remembered | None:
        """What 0.1.0 remembered, or what was seen since the store was taken over; None where nothing is."""
        words = words_of(self._path, self._key)
        if words and words[0] == "begun":
            return Memory(self._path.parent, words[1], self._key).recall()
        return head_in(words) if words and words[0] == self._key.device else None

    def begun(self) -> bool:
        """Whether this computer saw the store taken over."""
        return words_of(self._path, self._key)[:1] == ["begun"]

    def begin(self, root: str) -> None:
        """Remember that the store has a root from now on."""
        text = f"begun {root}"
        with suppress(OSError):
            machine.private_folder(self._path.parent)
            machine.replace(self._path, f"{text} {self._key.mark(text.encode())}".encode())

    def put(
        self, chain: Chain, journals: Mapping[str, Head], newest: str, left: Mapping[str, Head] | None = None
    ) -> bool:
        """Remember just this, as 0.1.0 did: its own journal."""
        if (head := journals.get(str(self._key.device))) is None:
            return False
        text = f"{self._key.device} {head[0] - 1} {head[1]} {head[2]}"
        with suppress(OSError):
            machine.private_folder(self._path.parent)
            machine.replace(self._path, f"{text} {self._key.mark(text.encode())}".encode())
            return True
        return False


def name_of(root: Path) -> str:
    """The name that shelter.yaml gives the store; none where it cannot be read."""
    with suppress(errors.ShelterError), machine.disk(SHELTER):
        found = _STORE.search(machine.read_regular(root / SHELTER, bound.CLEAR).decode(errors="replace"))
        return found[1] if found else ""
    return ""


def words_of(path: Path, key: Identity | None) -> list[str]:
    """The words of a note of 0.1.0; none where it is not there, or not the *key* wrote it."""
    with suppress(errors.ShelterError, ValueError), machine.disk(path.name):
        note, mark = machine.read_regular(path, bound.NOTE).decode().rsplit(" ", 1)
        if key is None or mark == key.mark(note.encode()):
            return note.split(" ")
    return []


def head_in(words: Sequence[str]) -> Remembered | None:
    """How far the journal of 0.1.0 had come, by its note: device, number of the last line, bytes, sha256."""
    with suppress(ValueError):
        device, seq, length, digest = words
        return Remembered(device, (0, hashlib.sha256().hexdigest()), {device: (int(seq) + 1, int(length), digest)})
    return None


def said_by(root: Path) -> Chain:
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
        raise misshapen("store/unreadable", STAFF, type(error).__name__) from error
    agreed = frozenset(device.sign for device in devices.values())
    return Chain(b"", (), name_of(root), devices, (paper, None), None, {}, agreed)
