"""Find the broken lines of a journal, and recover their original words where that can be proved."""

import hashlib
import json
import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from shelterctl import errors, limits
from shelterctl.journal.claims import BrokenLineClaim, judge_claims
from shelterctl.journal.device_log import DeviceLog, verify_device_log
from shelterctl.journal.line import (
    LINE_2_START,
    SHORTEST_LINE,
    hash_line,
    is_journal_line,
    is_line_signed,
    is_sound_line,
    iterate_lines,
    iterate_lines_backwards,
)
from shelterctl.trust.chain_state import Chain

_ONE_BIT_FLIPS = tuple(1 << bit for bit in range(8))
_OTHER_FLIPS = tuple(flip for flip in range(1, 256) if flip not in _ONE_BIT_FLIPS)
_LINE_BYTES = range(ord(" "), ord("~") + 1)
"""The printable ASCII bytes of which a line consists: guesses use no others."""

_SIGNATURE_COST = 100
"""The number of hashes that take as long to compute as verifying one signature."""

_FALSE_LINE_END = b"\x0b"
"""The byte put in place of a line end that damage produced in the middle of a line."""

_PREVIOUS = re.compile(rb'"prev":"([^"]*)"')
_MOST_RUBBISH = limits.BROKEN_LINES_GUESSED * limits.JOURNAL_LINE_BYTES
"""Limit in bytes: a longer stretch without a sound line is rubbish, not damage."""

_JOINED_LINES = re.compile(rb'"\}[^\n]\{"(?=v|seq)')


class BrokenLine(NamedTuple):
    """A line that differs from what its device wrote: its number from 1, and its original words, None unless proved."""

    number: int
    words: bytes | None


def find_broken_lines(
    lines: bytes,
    device: str,
    chain: Chain,
    others: Sequence[bytes],
    claimed: Collection[BrokenLineClaim],
    remembered: str = "",
) -> list[BrokenLine]:
    """Return every broken line of a journal that no device has signed for, with its original words where they can be
    proved.

    Candidates are the same line in *others* (this journal in backups), then every text that differs from the line in
    one byte. The proof is the hash in the next line; for the last line it is the sha256 *remembered* of all lines, or
    the line's own signature. A line that its device signed although it is not a journal line was never anything else,
    so its words are not sought. *claimed* are the lines that other devices signed for as broken. The search ends after
    more lost lines than damage produces.
    """
    key, root = chain.devices[device].sign, chain.root
    old = chain.adopted_lines(device)
    mended, before = judge_claims(lines, device, chain, claimed).mended, hashlib.sha256()
    found: list[BrokenLine] = []
    seq = lost = at = 0
    guesses = _Guesses(
        [_Lines.split(other, lines.count(b"\n")) for other in others], iter(range(limits.GUESSES_PER_JOURNAL))
    )
    for number, line in enumerate(iterate_lines(lines), 1):
        at += len(line) + 1
        following = next(iterate_lines(lines, at), None)
        later, words = not root or number <= old or line.startswith(LINE_2_START), None
        if _is_signed_for(before, line, mended.get(number)):
            seq += 1
        elif later and is_sound_line(line, seq) and is_line_signed(line, key, root):
            seq = _number_after(line)
        else:
            proof = _Proof(before, following, remembered, key, root)
            if is_journal_line(line) or not is_line_signed(line, key, root):
                words = proof.find_words(line if len(found) < limits.BROKEN_LINES_GUESSED else b"", number - 1, guesses)
            found.append(BrokenLine(number, words))
            lost += words is None
            if lost > limits.BROKEN_LINES_GUESSED:
                break
            seq = _number_after(words) if words else seq + 1
        before.update((line if words is None else words) + b"\n")
    return found


def is_genuine(lines: bytes, device: str, chain: Chain, claimed: Collection[BrokenLineClaim]) -> bool:
    """Whether the device wrote all of these lines, apart from those that were signed for as broken."""
    with suppress(errors.ShelterError):
        return bool(verify_device_log(DeviceLog.from_lines(lines), device, chain, others=claimed))
    return False


def next_line_number(lines: bytes, device: str, chain: Chain) -> int:
    """Return the number of the line that would follow these lines; a broken line counts as one."""
    behind = 0
    for line in iterate_lines_backwards(lines):
        if is_journal_line(line) and is_line_signed(line, chain.devices[device].sign, chain.root):
            return _number_after(line) + behind
        behind += 1
    return behind


def _is_signed_for(before: Any, line: bytes, sha256: str | None) -> bool:
    """Whether the lines hashed in *before*, followed by *line*, have this *sha256*; False for None."""
    if sha256 is None:
        return False
    up_to = before.copy()
    up_to.update(line + b"\n")
    return bool(up_to.hexdigest() == sha256)


class _Proof(NamedTuple):
    """The evidence of a line's original words: a hash of the lines *before* it, the line after it, and the sha256
    remembered of all lines.
    """

    before: Any
    following: bytes | None
    remembered: str
    key: str
    root: str

    def find_words(self, line: bytes, place: int, guesses: "_Guesses") -> bytes | None:
        """Return the line's original words, proved by the next line or by what is remembered; of the last line also by
        its signature.

        Verifying a signature takes a hundred times as long as a hash, so fewer guesses are tried against it.
        """
        if self.following is not None:
            wanted = _PREVIOUS.findall(self.following[:120])
            found = guesses.guesses_for(line, place, (_ONE_BIT_FLIPS, _OTHER_FLIPS))
            words = next((words for words in found if hash_line(words) in wanted), None) if wanted else None
            return words if words is not None and is_journal_line(words) else None
        if self.remembered:
            found = guesses.guesses_for(line, place, (_ONE_BIT_FLIPS, _OTHER_FLIPS))
            words = next((words for words in found if _is_signed_for(self.before, words, self.remembered)), None)
            if words is not None:
                return words if is_journal_line(words) else None
        found = guesses.guesses_for(line, place, (_ONE_BIT_FLIPS,), cost=_SIGNATURE_COST)
        return next(
            (words for words in found if is_line_signed(words, self.key, self.root) and is_journal_line(words)), None
        )


class _Lines(NamedTuple):
    """The lines of a journal in a backup, with the offset at which each begins, followed by the offset of their end."""

    lines: bytes
    begins: Sequence[int]

    @classmethod
    def split(cls, lines: bytes, most: int) -> "_Lines":
        """Find the offsets of the first *most* lines."""
        begins = array("Q", [0])
        for line in islice(iterate_lines(lines), most):
            begins.append(begins[-1] + len(line) + 1)
        return cls(lines, begins)


class _Guesses(NamedTuple):
    """Candidates for broken lines: the lines at the same place in backups, and texts that differ from them in one byte.

    At most *tries* texts of the second kind are made in all, so that deliberate damage cannot keep the program busy.
    """

    others: Sequence[_Lines]
    tries: Iterator[int]

    def guesses_for(self, line: bytes, place: int, kinds: Sequence[Sequence[int]], cost: int = 1) -> Iterator[bytes]:
        """Yield candidates for the line at *place*, counted from 0: from the backups, then the line with one byte
        changed.

        Each of *kinds* is a set of bit flips that is tried on every byte before the next one. A line longer than a
        journal line may be is not guessed at. *cost* is how many tries each guess takes.
        """
        for lines, begins in self.others:
            if place + 1 < len(begins):
                yield lines[begins[place] : begins[place + 1] - 1]
        yield from (
            words for words, _ in zip(_change_one_byte(line, kinds), islice(self.tries, 0, None, cost), strict=False)
        )


def _change_one_byte(line: bytes, kinds: Sequence[Sequence[int]]) -> Iterator[bytes]:
    """Yield the line with one of its bytes changed."""
    for likely in kinds:
        for at, now in enumerate(line if len(line) <= limits.JOURNAL_LINE_BYTES else b""):
            # This byte may have replaced a false line end (see split_into_lines): flips of a newline are tried too.
            flips = likely if now != _FALSE_LINE_END[0] else (*likely, *(flip ^ now ^ ord("\n") for flip in likely))
            before, behind = line[:at], line[at + 1 :]
            yield from (b"%b%c%b" % (before, now ^ flip, behind) for flip in flips if now ^ flip in _LINE_BYTES)


def _number_after(line: bytes) -> int:
    """Return the number of the line after a sound one."""
    return int(json.loads(line)["seq"]) + 1


def split_into_lines(data: bytes) -> bytes:
    """Return the bytes of a journal as whole lines, where damage joined two lines, cut one, or destroyed the last line
    end.

    Where there is more rubbish than damage produces, return only the lines up to the last whole one before it.
    """
    size = len(data.rstrip(b"\0"))
    lines, good, odd, begun, whole = bytearray(), 0, 0, 0, 0
    for piece in _pieces(data, size):
        if lines and lines[-3:-1] != b'"}' and not piece.startswith(b'{"'):
            lines[-1:] = _FALSE_LINE_END
        else:
            begun = len(lines)
        lines += piece + b"\n"
        if (
            SHORTEST_LINE <= len(piece) <= limits.JOURNAL_LINE_BYTES
            and piece.startswith(b'{"')
            and piece.endswith(b'"}')
        ):
            good, whole = good + 1, len(lines)
        else:
            odd += 1
        if odd > good + limits.BROKEN_LINES_GUESSED or len(lines) - begun > _MOST_RUBBISH:
            return bytes(lines[:whole])
    if data[size - 1 : size] != b"\n":
        if lines[-3:-1] != b'"}' and lines[-4:-2] == b'"}' and len(lines) - begun > 3:
            del lines[-2]
        if lines[-3:-1] != b'"}' or len(lines) - begun < 3:
            del lines[begun:]  # half a line of an interrupted append
    return bytes(lines)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Yield the pieces between the line ends in the first *size* bytes, joined lines separately."""
    begin = 0
    while (end := data.find(b"\n", begin, size)) >= 0:
        yield from _split_joined(data[begin : min(end, begin + _MOST_RUBBISH + 1)])
        begin = end + 1
    if begin < size or not size:
        yield from _split_joined(data[begin : min(size, begin + _MOST_RUBBISH + 1)])


def _split_joined(piece: bytes) -> list[bytes]:
    """Split a piece into the lines that a damaged byte joined."""
    return _JOINED_LINES.sub(b'"}\n{"', piece).split(b"\n") if len(piece) <= _MOST_RUBBISH else [piece]


def put_words_back(lines: bytes, broken: Sequence[BrokenLine]) -> bytes:
    """Return the journal with the proved words in place of the broken lines."""
    proved = {number: words for number, words in broken if words is not None}
    if not proved:
        return lines
    return b"".join(proved.get(number, line) + b"\n" for number, line in enumerate(iterate_lines(lines), 1))
