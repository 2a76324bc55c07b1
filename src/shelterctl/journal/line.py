"""One line of a journal: codes and hashes only, tied to the line before it, and signed."""

import base64
import hashlib
import json
import re
from typing import NamedTuple, Protocol

FIRST = b"0" * 64
"""What stands for the hash of the line before the first."""

_KEYS = ["seq", "prev", "at", "by", "did", "file", "base", "now", "sig"]
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
    """One file's change: the sha256 of its bytes before, None for a new file, and of its bytes now."""

    file: str
    base: str | None
    now: str


def written(step: Step, seq: int, previous: bytes, writer: Writer, *, did: str, by: str, at: str) -> bytes:
    """The line, without its end; *previous* is the hash of the line before."""
    if not all(_CODE.fullmatch(text) for text in (did, by, at, step.file)):
        # A name or a sentence would be readable by everyone for ever.
        raise ValueError("a journal line holds codes only")
    line = {"seq": seq, "prev": previous.decode(), "at": at, "by": by, "did": did, **step._asdict()}
    payload = json.dumps(line, separators=(",", ":")).encode()
    return payload[:-1] + b',"sig":"%s"}' % writer.sign(payload).encode()


def last_of(lines: bytes) -> bytes:
    """The last of some whole lines, without its end."""
    return lines[lines.rfind(b"\n", 0, -1) + 1 : -1]


def hash_of(line: bytes) -> bytes:
    """What the next line carries of *line*; an empty one stands before the first."""
    return hashlib.sha256(line).hexdigest().encode() if line else FIRST


def follows(line: bytes, previous: bytes) -> bool:
    """Whether *line* carries the hash of the line before it."""
    return b'"prev":"%s"' % previous in line[:120]


def signed(line: bytes, public_key: str) -> bool:
    """Whether the line bears a signature of that key."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (20 ms)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    payload, _, signature = line.rpartition(b',"sig":"')
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(signature.removesuffix(b'"}')), payload + b"}")
    except (InvalidSignature, ValueError):
        return False
    return True


def sound(line: bytes, seq: int) -> bool:
    """Whether the line says all that a line says, nothing else, and is number *seq*."""
    try:
        said = json.loads(line)
    except ValueError:
        return False
    return isinstance(said, dict) and list(said) == _KEYS and said["seq"] == seq
