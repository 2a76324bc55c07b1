"""Who did what, when; signed, append-only, free of content."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from shelterctl import errors, machine
from shelterctl.language import N_

_LIMIT = 1 << 28
_FIRST = b"0" * 64
_KEYS = ["seq", "prev", "at", "by", "did", "file", "base", "now", "sig"]
_FILE = re.compile(rb'"file":"([^"]+)"')
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:+ -]{0,119}")


class Writer(Protocol):
    """Who signs: an identity, seen from here."""

    @property
    def device(self) -> str | None:
        """The device's code and the name of its journal; None for a key that only reads."""

    def sign(self, data: bytes) -> str:
        """A signature that everyone can verify, base64."""

    def mark(self, data: bytes) -> str:
        """A keyed hash that only the writer can make."""


class Step(NamedTuple):
    """One file's change: the hash of its bytes before, None for a new file, and of its bytes now."""

    file: str
    base: str | None
    now: str


@dataclass(frozen=True, slots=True)
class _Strand:
    """One device's journal as it was read: its whole lines, and where in them each file was last spoken of."""

    stamp: object
    whole: bytes
    last: dict[bytes, int]
    torn: bool

    def line(self, file: bytes) -> bytes:
        spoken = self.last[file]
        return self.whole[self.whole.rfind(b"\n", 0, spoken) + 1 : self.whole.find(b"\n", spoken)]


class Journal:
    """The journals of all devices, read as one.

    The signature of a last line vouches for every line before it, by the chain of hashes. Our own journal is also
    held against the *remembered* head, a small file outside the store: one hash of ten thousand lines instead of ten
    thousand, and a journal put back to an earlier day does not pass for the newest.
    """

    def __init__(
        self,
        folder: Path,
        public_keys: Mapping[str, str],
        writer: Writer | None = None,
        remembered: Path | None = None,
    ) -> None:
        self.folder = folder
        self.public_keys = dict(public_keys)
        self._writer = writer
        self._own = folder / f"{writer.device}.jsonl" if writer is not None and writer.device else None
        self._remembered = remembered
        self._strands: dict[str, _Strand] = {}

    def head(self, file: str) -> str | None:
        """The hash that the last line about *file* vouches for; None where no line speaks of it.

        Raises Damaged where a journal was edited, cut or put back; Conflict where two devices went on from one version.
        """
        about = file.encode()
        strands = [strand for strand in self._trusted() if about in strand.last]
        if not strands:
            return None
        if len(strands) == 1:
            return str(json.loads(strands[0].line(about))["now"])
        lines = [json.loads(line) for strand in strands for line in strand.whole.splitlines() if about in line]
        ends = {json.loads(strand.line(about))["now"] for strand in strands}
        ends -= {line["base"] for line in lines if line["file"] == file}
        if len(ends) != 1:
            raise errors.Conflict(
                "journal/forked",
                N_("Two devices changed {place}, each going on from the same version."),
                hint=N_("Change nothing for now, and ask the data officer to bring the two versions together."),
                place=file,
            )
        return str(ends.pop())

    def files(self) -> set[str]:
        """Every file that a line speaks of."""
        return {file.decode() for strand in self._trusted() for file in strand.last}

    def torn(self) -> bool:
        """Whether our own journal ends within a line: an append was interrupted."""
        return self._own is not None and self._trust(self._own).torn

    def changed(self) -> bool:
        """Whether a journal on disk is no longer the one that was read last."""
        return any(_stamp(self._path(device)) != strand.stamp for device, strand in self._strands.items())

    def refresh(self) -> None:
        """Forget what was read: whoever has just got the lock reads what the one before has written."""
        self._strands.clear()

    def append(self, steps: Sequence[Step], *, did: str, by: str, at: str) -> None:
        """Sign and append a line for each step: once this returns they are on disk, and have happened.

        Only under the store's lock. Where it fails the journal is as it was.
        """
        writer, path = self._signing()
        if not all(_CODE.fullmatch(text) for text in (did, by, at, *(step.file for step in steps))):
            raise ValueError("a journal line is made of codes")
        strand = self._trust(path)
        seq, previous, added = strand.whole.count(b"\n"), _last_hash(strand.whole), b""
        for seq, step in enumerate(steps, seq):
            line = {"seq": seq, "prev": previous.decode(), "at": at, "by": by, "did": did, **step._asdict()}
            payload = json.dumps(line, separators=(",", ":")).encode()
            added += payload[:-1] + b',"sig":"%s"}\n' % writer.sign(payload).encode()
            previous = _last_hash(added)
        with machine.disk(f"journal/{path.name}"):
            if strand.stamp is None:
                machine.private_folder(self.folder)
                machine.write_new(path, b"")
                machine.sync_folder(self.folder)
            machine.append(path, added)
        self._remember(writer, strand.whole + added)

    def cut_torn_tail(self) -> None:
        """Drop the half line of an interrupted append, which nobody was told had happened. Only under the lock."""
        if self._own is not None and (strand := self._trust(self._own)).stamp is not None:
            with machine.disk(f"journal/{self._own.name}"):
                machine.cut(self._own, len(strand.whole))
            self.refresh()

    def verify(self) -> list[errors.Damaged]:
        """All that is wrong: journals of strangers, every line, signature and link of the chain, a head put back."""
        return list(self._problems())

    def _problems(self) -> Iterator[errors.Damaged]:
        for path in sorted({*self.folder.glob("*.jsonl"), *([self._own] if self._own else [])}):
            if path.stem not in self.public_keys:
                yield _damaged("journal/stranger", path)
                continue
            try:
                self._trust(path)
            except errors.Damaged as trouble:
                yield trouble
            previous = _FIRST
            for number, line in enumerate(self._read(path).whole.splitlines(keepends=True)):
                if not (_sound(line, number, previous) and _signed(line, self.public_keys[path.stem])):
                    yield _damaged("journal/edited", path, line=number + 1)
                previous = _last_hash(line)

    def _path(self, device: str) -> Path:
        return self.folder / f"{device}.jsonl"

    def _signing(self) -> tuple[Writer, Path]:
        if self._writer is None or self._own is None:
            raise errors.CannotOpen(
                "vault/read-only-key",
                N_("This key opens files, but it cannot sign a change."),
                hint=N_("To change something, use the key file of your own device."),
            )
        return self._writer, self._own

    def _trusted(self) -> Iterator[_Strand]:
        return (self._trust(self._path(device)) for device in self.public_keys)

    def _trust(self, path: Path) -> _Strand:
        """The journal at *path*, once it is shown that its device wrote all of it."""
        known = self._strands.get(path.stem)
        if known is not None and known.stamp == _stamp(path):
            return known
        # The remembered head comes first: a line appended between the two reads must not look like one that is lost.
        length, digest = self._recall() if path == self._own else (0, "")
        strand = self._read(path)
        if hashlib.sha256(strand.whole[:length]).hexdigest() != digest and length:
            raise _damaged("journal/rolled-back", path)
        previous = _last_hash(strand.whole[:length])
        number = strand.whole.count(b"\n", 0, length)
        for line in strand.whole[length:].splitlines(keepends=True):
            if previous not in line[:120]:
                raise _damaged("journal/edited", path, line=number + 1)
            previous, number = _last_hash(line), number + 1
        if length < len(strand.whole) and not _signed(strand.whole, self.public_keys[path.stem]):
            raise _damaged("journal/edited", path, line=number)
        self._strands[path.stem] = strand
        return strand

    def _read(self, path: Path) -> _Strand:
        stamp = _stamp(path)
        data = b""
        with suppress(errors.NotFound), machine.disk(f"journal/{path.name}"):
            data = machine.read_regular(path, _LIMIT)
        # After a power cut a page that never reached the disk reads as zeros: from there on the tail is torn.
        whole = data.partition(b"\0")[0]
        whole = whole[: whole.rfind(b"\n") + 1]
        return _Strand(stamp, whole, {found[1]: found.start() for found in _FILE.finditer(whole)}, whole != data)

    def _recall(self) -> tuple[int, str]:
        """How long our own journal was after its last line, and the hash of it; (0, "") where nothing is remembered."""
        with suppress(errors.NotFound, ValueError), machine.disk("remembered"):
            if self._remembered is not None and self._writer is not None:
                note, mark = machine.read_regular(self._remembered, 4096).decode().rsplit(" ", 1)
                device, _, length, digest = note.split(" ")
                if device == self._writer.device and mark == self._writer.mark(note.encode()):
                    return int(length), digest
        return 0, ""

    def _remember(self, writer: Writer, whole: bytes) -> None:
        """Keep the new head. The lines are on disk already: where this fails, the head before is still a true one."""
        if self._remembered is None:
            return
        note = f"{writer.device} {whole.count(10) - 1} {len(whole)} {hashlib.sha256(whole).hexdigest()}"
        with suppress(OSError):
            machine.private_folder(self._remembered.parent)
            machine.replace(self._remembered, f"{note} {writer.mark(note.encode())}".encode())


def _last_hash(lines: bytes) -> bytes:
    """The hash of the last of some whole lines, without its line end; zeros where there is none."""
    if not lines:
        return _FIRST
    return hashlib.sha256(lines[lines.rfind(b"\n", 0, -1) + 1 : -1]).hexdigest().encode()


def _signed(lines: bytes, public_key: str) -> bool:
    """Whether the last of some whole lines bears the signature of that key."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    payload, _, signature = lines[lines.rfind(b"\n", 0, -1) + 1 : -1].rpartition(b',"sig":"')
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(signature.removesuffix(b'"}')), payload + b"}")
    except (InvalidSignature, ValueError):
        return False
    return True


def _sound(line: bytes, number: int, previous: bytes) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return False
    return isinstance(said, dict) and list(said) == _KEYS and (said["seq"], said["prev"]) == (number, previous.decode())


def _stamp(path: Path) -> object:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _damaged(code: str, path: Path, **facts: object) -> errors.Damaged:
    sentence, hint = _SENTENCES[code]
    return errors.Damaged(code, sentence, hint=hint, place=f"journal/{path.name}", **facts)


_SENTENCES = {
    "journal/edited": (
        N_("The journal {place} was changed outside of shelterctl, at line {line}."),
        N_("Put the whole store back from the last backup into a new folder, and tell the data officer."),
    ),
    "journal/rolled-back": (
        N_("The journal {place} lacks lines that this computer wrote, or has others in their place."),
        N_("An older copy of the store was put back. Get the newest copy, or restore a backup into a new folder."),
    ),
    "journal/stranger": (
        N_("The journal {place} belongs to no device of this store."),
        N_("Nothing it says is believed. Ask who put the file there before it is removed."),
    ),
}
