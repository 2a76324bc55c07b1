"""One line of a journal: its exact form, its signature, its link to the line before it, and functions that find lines
in the bytes of a journal. A line holds codes and hashes only.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from shelterctl import limits
from shelterctl.identity.keys import is_valid_signature
from shelterctl.trust.statement import FieldCheck, match_fields, match_text

_HASH, _MARK = "[0-9a-f]{64}", "[0-9a-f]{16}"
_LINE_NUMBER = "(?:0|[1-9][0-9]{0,8})"
_CODE = "[A-Za-z0-9][A-Za-z0-9._-]{0,119}"
PATH_PART = "[A-Za-z0-9][A-Za-z0-9._-]*"
_DEVICE = "[0-9a-hjkmnp-tv-z]{8}"
_LINE_TIME = r"(?:19[7-9]|2[0-9]{2})[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
_LINE_START = (
    rf'"seq":{_LINE_NUMBER},"prev":"{_HASH}","at":"({_LINE_TIME})","by":"{_CODE}","did":"{_CODE}",'
    rf'"file":"(?=[^"]{{1,120}}"){PATH_PART}(?:/{PATH_PART})*","base":(?:null|"{_HASH}"),"now":(?:null|"{_HASH}")'
)
_SEEN_ENTRY = rf'"({_DEVICE})":\[(?:-1|{_LINE_NUMBER}),"{_MARK}"\]'
_SIGNATURE = r'"sig":"[A-Za-z0-9+/]{86}=="\}'
# No part of a pattern can match in two ways, so each takes time in proportion to the line.
_OLD_LINE = re.compile(rf"\{{{_LINE_START},{_SIGNATURE}".encode())
_NEW_LINE = re.compile(
    rf'\{{"v":2,{_LINE_START},"trust":"{_MARK}","seen":\{{((?:{_SEEN_ENTRY}(?:,(?!\}})|(?=\}})))*)\}}'
    rf'(?:,"more":(\{{[ -~]*\}}))?,{_SIGNATURE}'.encode()
)
_SEEN_DEVICE = re.compile(f'"({_DEVICE})"'.encode())

LINE_FIELDS = ("v", "seq", "prev", "at", "by", "did", "file", "base", "now", "trust", "seen", "more", "sig")
"""The fields of a line, in this order; a line of 0.1.0 has no ``v``, ``trust``, ``seen`` and ``more``."""

DEEPEST_FACTS, MOST_FACT_GROUPS = 4, 256
"""The limits for facts of a repair or a restore: levels of nesting, and number of lists and mappings."""


def is_journal_line(line: bytes) -> bool:
    """Whether these bytes, without their line end, have the exact form of a line: every field, its kind and its range.

    This is checked before anything reads a line. Its signature and its place are checked separately.
    """
    if len(line) > limits.JOURNAL_LINE_BYTES:
        return False
    found = _NEW_LINE.fullmatch(line) or _OLD_LINE.fullmatch(line)
    if found is None or not _is_time(found[1]):
        return False
    if found.re is _OLD_LINE:
        return True
    seen, more = _SEEN_DEVICE.findall(found[2]), found[4]
    in_order = len(seen) < 2 or seen == sorted(set(seen))
    return in_order and (more is None or _are_facts(more))


def _is_time(text: bytes) -> bool:
    try:
        datetime.fromisoformat(text.decode())
    except ValueError:
        return False
    return True


def _are_facts(text: bytes) -> bool:
    """Whether these are valid facts of a repair or a restore; a fact that only a later version knows has codes and
    numbers.
    """
    if text.count(b"{") + text.count(b"[") > MOST_FACT_GROUPS:
        return False
    try:
        facts = json.loads(text)
    except ValueError:
        return False
    if not facts or json.dumps(facts, separators=(",", ":")).encode() != text:
        return False
    return all(
        _FACT_CHECKS[key](value) if key in _FACT_CHECKS else _is_fact(value) for key, value in facts.items()
    ) and (_is_fact(facts))


def _is_fact(value: Any, depth: int = DEEPEST_FACTS) -> bool:
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else ()
        each = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(map(_is_key, keys)) and all(_is_fact(one, depth - 1) for one in each)
    if isinstance(value, str):
        return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/:+-]{0,127}", value) is not None
    return value is None or isinstance(value, bool) or _is_number(value, least=-limits.LARGEST_OPTION_NUMBER)


def _is_key(key: str) -> bool:
    """Whether this may be the key of a fact; a field of a line may not, because lines are searched by their fields."""
    return key not in LINE_FIELDS and re.fullmatch("[a-z0-9][a-z0-9_-]{0,31}", key) is not None


def _is_number(value: Any, *, least: int = 0) -> bool:
    return type(value) is int and least <= value <= limits.LARGEST_OPTION_NUMBER


def _are_numbers(value: Any) -> bool:
    """Whether this maps devices to numbers."""
    return isinstance(value, dict) and all(_is_device(key) and _is_number(one) for key, one in value.items())


_is_device, _is_hash = match_text(_DEVICE), match_text(_HASH)
_is_place = match_fields(device=_is_device, line=partial(_is_number, least=1), sha256=_is_hash)
"""Whether this names a line of a journal: its device, its number from 1, and the sha256 of all lines up to and
including it.
"""

_FACT_CHECKS: Mapping[str, FieldCheck] = {
    "mend": _is_place,
    "refused": _is_place,
    "behind": _is_place,
    "remains": match_fields(device=_is_device, line=_is_number, sha256=_is_hash),
    "lost": _is_number,
    "lines": _is_number,
    "statements": _is_number,
    "beyond": _are_numbers,
    "vouched": lambda value: value is True,
    "resealed": lambda value: value is True,
    "uncounted": _is_number,
    "reason": match_text(_CODE),
}
"""The facts that this version reads, each with its check."""


NO_LINE_HASH = b"0" * 64
"""The hash before the first line in a store of 0.1.0; later stores have their root there."""

SHORTEST_LINE = 200
"""A number of bytes that every line reaches."""

LINE_2_START = b'{"v":2,'
"""The beginning of every line that was written since stores have a root of trust."""

_SIGNATURE_START, _SIGNATURE_LENGTH = b',"sig":"', len(b',"sig":""}') + 88
"""The bytes before a signature, and the number of bytes of a signature with those around it."""

GIVEN_UP = b'"now":null'
"""The field of a line that gives a file up, or that is about no file: a note about the journal itself."""

JUMPING_ACTS = ("restore", "repair")
"""The only acts whose lines may skip numbers: those of lines that were given up."""


class LineWriter(Protocol):
    """The signer of a line: an identity, as far as this package uses it."""

    @property
    def device(self) -> str | None:
        """The device's code and the name of its journal; None for a key that only reads."""

    def sign(self, data: bytes) -> str:
        """Return a signature that everyone can verify, base64."""


class FileChange(NamedTuple):
    """The change of one file: the sha256 of its bytes before (None if it is new) and after (None if it was given up).

    *more* holds facts of a repair or a restore: codes, numbers and hashes only.
    """

    file: str
    base: str | None
    now: str | None
    more: Mapping[str, Any] | None = None


class LinePlace(NamedTuple):
    """The place of a line: its number, the hash of the line before, the root, the statement in force, and what was seen
    of other journals.
    """

    seq: int
    previous: bytes
    root: str
    trust: str
    seen: Mapping[str, tuple[int, str]]


def sign_line(change: FileChange, place: LinePlace, writer: LineWriter, *, did: str, by: str, at: str) -> bytes:
    """Return the signed line, without its line end. Raises ValueError if it would hold more than codes."""
    line: dict[str, Any] = {"v": 2, "seq": place.seq, "prev": place.previous.decode(), "at": at, "by": by, "did": did}
    line |= {"file": change.file, "base": change.base, "now": change.now, "trust": place.trust}
    line |= {"seen": {device: list(head) for device, head in sorted(place.seen.items())}}
    if change.more:
        line["more"] = dict(change.more)
    payload = json.dumps(line, separators=(",", ":")).encode()
    whole = payload[:-1] + b',"sig":"%s"}' % writer.sign(_signed_bytes(payload, place.root)).encode()
    if not is_journal_line(whole):
        # A name or a sentence would stay readable to everyone permanently.
        raise ValueError("a journal line holds codes only")
    return whole


def iterate_lines(lines: bytes, begin: int = 0) -> Iterator[bytes]:
    """Yield the whole lines from the offset *begin* on, without their ends; only a newline ends a line, whatever the
    damage.

    The lines are never all split at once: sixty megabytes of line ends would fill the memory of the computer.
    """
    end = lines.find(b"\n", begin)
    while end >= 0:
        yield lines[begin:end]
        begin = end + 1
        end = lines.find(b"\n", begin)


def iterate_lines_backwards(lines: bytes) -> Iterator[bytes]:
    """Yield the whole lines, the last one first."""
    end = lines.rfind(b"\n")
    while end >= 0:
        before = lines.rfind(b"\n", 0, end)
        yield lines[before + 1 : end]
        end = before


def find_lines(lines: bytes, word: bytes) -> Iterator[bytes]:
    """Yield the whole lines that contain *word*."""
    at = lines.find(word)
    while at >= 0:
        end = lines.find(b"\n", at)
        yield lines[lines.rfind(b"\n", 0, at) + 1 : end]
        at = lines.find(word, end) if end >= 0 else end


def find_lines_backwards(lines: bytes, word: bytes) -> Iterator[bytes]:
    """Yield the whole lines that contain *word*, the last one first."""
    at = lines.rfind(word)
    while at >= 0:
        begin = lines.rfind(b"\n", 0, at) + 1
        yield lines[begin : lines.find(b"\n", at)]
        at = lines.rfind(word, 0, begin)


def measure_lines(lines: bytes, count: int) -> int:
    """Return the length in bytes of the first *count* lines."""
    end = 0
    for _ in range(count):
        found = lines.find(b"\n", end)
        if found < 0:
            break
        end = found + 1
    return end


def last_line(lines: bytes, length: int | None = None) -> bytes:
    """Return the last of these whole lines, or of the first *length* bytes of them, without its end."""
    end = (len(lines) if length is None else length) - 1
    return lines[lines.rfind(b"\n", 0, end) + 1 : end] if end >= 0 else b""


def hash_beginning(lines: bytes, length: int) -> str:
    """Return the sha256 of the first *length* bytes."""
    return hashlib.sha256(memoryview(lines)[:length]).hexdigest()


def hash_line(line: bytes, root: str = "") -> bytes:
    """Return the hash of *line* that the next line carries; before the first line the *root*, or zeros in a store of
    0.1.0.
    """
    return hashlib.sha256(line).hexdigest().encode() if line else root.encode() or NO_LINE_HASH


def is_linked_to(line: bytes, previous: bytes) -> bool:
    """Whether *line* carries the hash of the line before it."""
    return b'"prev":"%s"' % previous in line[:120]


def measure_linked_lines(lines: bytes, root: str) -> int:
    """Return the length in bytes of the lines at the beginning that each carry the hash of the one before."""
    at, previous = 0, (hash_line(b"", root), NO_LINE_HASH)
    for line in iterate_lines(lines):
        if not any(is_linked_to(line, one) for one in previous):
            break
        at, previous = at + len(line) + 1, (hash_line(line), hash_line(line))
    return at


def is_line_signed(line: bytes, public_key: str, root: str) -> bool:
    """Whether the line bears a signature of this key, for the store with this root; it may be too long for a line.

    Bytes that do not end like a signature are not copied: a journal of rubbish may be one huge line.
    """
    end = line[-_SIGNATURE_LENGTH:]
    if not (end.startswith(_SIGNATURE_START) and end.endswith(b'"}')):
        return False
    said = _signed_bytes(memoryview(line)[:-_SIGNATURE_LENGTH], root, b"}")
    return is_valid_signature(public_key, end[len(_SIGNATURE_START) : -len(b'"}')], said)


def line_number(line: bytes) -> int:
    """Return the number of a verified line; -1 for an empty one."""
    return int(json.loads(line)["seq"]) if line else -1


def is_sound_line(line: bytes, seq: int) -> bool:
    """Whether these bytes are a line with the number *seq*, or one that skips numbers and says why."""
    if not is_journal_line(line):
        return False
    said = json.loads(line)
    # A jump is reported permanently, with its reason: without one it could hide that an older state was put back.
    return bool(said["seq"] == seq or (said["seq"] > seq and said["did"] in JUMPING_ACTS and "more" in said))


def _signed_bytes(payload: bytes | memoryview, root: str, end: bytes = b"") -> bytes:
    """Return the bytes that are signed; a later line adds its kind and the root, so that it fits one store and one
    purpose.
    """
    kind = b"shelterctl journal/2 %s\n" % root.encode() if payload[: len(LINE_2_START)] == LINE_2_START else b""
    return b"".join((kind, payload, end))
