"""One line of a journal: codes and hashes only, tied to the line before it and to the chain, and signed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from shelterctl.identity import verified
from shelterctl.journal.grammar import is_line

FIRST = b"0" * 64

SHORTEST = 200
"""Bytes of which no line of ours has fewer."""
"""What stood for the hash of the line before the first in 0.1.0; now it is the root of the store."""

LATER = b'{"v":2,'
"""How every line begins that was written since stores have a root of trust."""

_SIG, _SIGNED = b',"sig":"', len(b',"sig":""}') + 88
"""What stands before a signature, and how many bytes it has with what stands around it."""

JUMPS = ("restore", "repair")
"""The only acts after which the numbers of lines may leave some out: those that were given up."""


class Writer(Protocol):
    """Who signs: an identity, seen from here."""

    @property
    def device(self) -> str | None:
        """The device's code and the name of its journal; None for a key that only reads."""

    def sign(self, data: bytes) -> str:
        """A signature that everyone can verify, base64."""


class FileChange(NamedTuple):
    """The change of one file: the sha256 of its bytes before, None if it is new, and of those now, None if given up.

    *more* are facts of a repair or a restore: codes, numbers and hashes only.
    """

    file: str
    base: str | None
    now: str | None
    more: Mapping[str, Any] | None = None


class Place(NamedTuple):
    """Where a line stands: number, hash of the line before, root, the statement in force, and what was seen."""

    seq: int
    previous: bytes
    root: str
    trust: str
    seen: Mapping[str, tuple[int, str]]


def written(change: FileChange, place: Place, writer: Writer, *, did: str, by: str, at: str) -> bytes:
    """The line, without its end."""
    line: dict[str, Any] = {"v": 2, "seq": place.seq, "prev": place.previous.decode(), "at": at, "by": by, "did": did}
    line |= {"file": change.file, "base": change.base, "now": change.now, "trust": place.trust}
    line |= {"seen": {device: list(head) for device, head in sorted(place.seen.items())}}
    if change.more:
        line["more"] = dict(change.more)
    payload = json.dumps(line, separators=(",", ":")).encode()
    whole = payload[:-1] + b',"sig":"%s"}' % writer.sign(_signed_part(payload, place.root)).encode()
    if not is_line(whole):
        # A name or a sentence would be readable by everyone for ever.
        raise ValueError("a journal line holds codes only")
    return whole


def each(lines: bytes, begin: int = 0) -> Iterator[bytes]:
    """Some whole lines one by one from a place on, without their ends; no other byte ends a line, whatever its damage.

    They are never all taken apart at once: sixty megabytes of ends would fill the memory of the computer.
    """
    end = lines.find(b"\n", begin)
    while end >= 0:
        yield lines[begin:end]
        begin = end + 1
        end = lines.find(b"\n", begin)


def backwards(lines: bytes) -> Iterator[bytes]:
    """Some whole lines one by one, the last one first."""
    end = lines.rfind(b"\n")
    while end >= 0:
        before = lines.rfind(b"\n", 0, end)
        yield lines[before + 1 : end]
        end = before


def containing(lines: bytes, word: bytes) -> Iterator[bytes]:
    """Those of some whole lines in which a word stands."""
    at = lines.find(word)
    while at >= 0:
        end = lines.find(b"\n", at)
        yield lines[lines.rfind(b"\n", 0, at) + 1 : end]
        at = lines.find(word, end) if end >= 0 else end


def last_containing(lines: bytes, word: bytes) -> Iterator[bytes]:
    """Those of some whole lines in which a word stands, the last one first."""
    at = lines.rfind(word)
    while at >= 0:
        begin = lines.rfind(b"\n", 0, at) + 1
        yield lines[begin : lines.find(b"\n", at)]
        at = lines.rfind(word, 0, begin)


def length_of(lines: bytes, count: int) -> int:
    """How many bytes that many lines at the beginning have."""
    end = 0
    for _ in range(count):
        found = lines.find(b"\n", end)
        if found < 0:
            break
        end = found + 1
    return end


def last_of(lines: bytes, length: int | None = None) -> bytes:
    """The last of some whole lines, or of those of that *length* at the beginning, without its end."""
    end = (len(lines) if length is None else length) - 1
    return lines[lines.rfind(b"\n", 0, end) + 1 : end] if end >= 0 else b""


def digest_of(lines: bytes, length: int) -> str:
    """The sha256 of that many bytes at the beginning."""
    return hashlib.sha256(memoryview(lines)[:length]).hexdigest()


def hash_of(line: bytes, root: str = "") -> bytes:
    """What the next line carries of *line*; the *root* stands before the first, nothing in a store of 0.1.0."""
    return hashlib.sha256(line).hexdigest().encode() if line else root.encode() or FIRST


def follows(line: bytes, previous: bytes) -> bool:
    """Whether *line* carries the hash of the line before it."""
    return b'"prev":"%s"' % previous in line[:120]


def linked(lines: bytes, root: str) -> int:
    """How many bytes at the beginning are lines of which each carries the hash of the one before."""
    at, previous = 0, (hash_of(b"", root), FIRST)
    for line in each(lines):
        if not any(follows(line, one) for one in previous):
            break
        at, previous = at + len(line) + 1, (hash_of(line), hash_of(line))
    return at


def signed(line: bytes, public_key: str, root: str) -> bool:
    """Whether the line bears a signature of that key, for the store of that root; it may be too long for a line.

    What does not end as a signature does is not copied: a journal of rubbish may be one line.
    """
    end = line[-_SIGNED:]
    if not (end.startswith(_SIG) and end.endswith(b'"}')):
        return False
    said = _signed_part(memoryview(line)[:-_SIGNED], root, b"}")
    return verified(public_key, end[len(_SIG) : -len(b'"}')], said)


def number_of(line: bytes) -> int:
    """The number that the line bears; -1 for no line. Only of lines that were verified."""
    return int(json.loads(line)["seq"]) if line else -1


def sound(line: bytes, seq: int) -> bool:
    """Whether these bytes are a line, and it is number *seq*, or leaves some numbers out and says why."""
    if not is_line(line):
        return False
    said = json.loads(line)
    # A jump is told for ever with what the line says of it: an unexplained one would hide a state that was put back.
    return bool(said["seq"] == seq or (said["seq"] > seq and said["did"] in JUMPS and "more" in said))


def _signed_part(payload: bytes | memoryview, root: str, end: bytes = b"") -> bytes:
    """What is signed: of a later line also its kind and the root, so that it is good for one store and one purpose."""
    kind = b"shelterctl journal/2 %s\n" % root.encode() if payload[: len(LATER)] == LATER else b""
    return b"".join((kind, payload, end))
