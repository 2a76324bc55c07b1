"""Broken lines of a journal found, and their own words brought back where that can be proved."""

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
"""The signs that a line is written in: no guess has another one."""

_SIGNATURE_COST = 100
"""How many hashes are taken in the time in which one signature is looked at."""

_FALSE_LINE_END = b"\x0b"
"""What stands for an end of a line that a damaged byte made: the line goes on."""

_PREVIOUS = re.compile(rb'"prev":"([^"]*)"')
_MOST_RUBBISH = limits.BROKEN_LINES_GUESSED * limits.JOURNAL_LINE_BYTES
"""More bytes than damage makes of lines."""

_JOINED_LINES = re.compile(rb'"\}[^\n]\{"(?=v|seq)')


class BrokenLine(NamedTuple):
    """A line that is not what its device wrote: its number from 1, and its own words, where they are proved."""

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
    """Every broken line of a journal that is not signed for yet, with its own words where they can be proved.

    They are looked for among *others*, the same journal in backups, then among all that differ from it in one byte.
    What proves them is the hash that the next line carries; of the last line the sha256 of all lines that is
    *remembered*, or its signature. What its device signed is no line was never another. *claimed* are the lines that
    other devices signed for as broken. Behind more broken lines than damage makes nothing is looked at.
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
    """Whether the device wrote all of these lines, but for those that were signed for as broken."""
    with suppress(errors.ShelterError):
        return bool(verify_device_log(DeviceLog.from_lines(lines), device, chain, others=claimed))
    return False


def next_line_number(lines: bytes, device: str, chain: Chain) -> int:
    """The number that would come next behind these lines, whole or not; a broken one counts as one."""
    behind = 0
    for line in iterate_lines_backwards(lines):
        if is_journal_line(line) and is_line_signed(line, chain.devices[device].sign, chain.root):
            return _number_after(line) + behind
        behind += 1
    return behind


def _is_signed_for(before: Any, line: bytes, sha256: str | None) -> bool:
    """Whether the line, behind those *before*, is the broken one that was signed for."""
    if sha256 is None:
        return False
    up_to = before.copy()
    up_to.update(line + b"\n")
    return bool(up_to.hexdigest() == sha256)


class _Proof(NamedTuple):
    """What shows which words a line had: the lines *before* it, the one behind it, and what is remembered of all."""

    before: Any
    following: bytes | None
    remembered: str
    key: str
    root: str

    def find_words(self, line: bytes, place: int, guesses: "_Guesses") -> bytes | None:
        """The line's own words, by what the next line says or what is remembered; else of the last its signature.

        A signature takes a hundred times as long to look at as a hash, so fewer guesses are held against it.
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
    """The lines of a backup's journal, and where each begins and the one behind it."""

    lines: bytes
    begins: Sequence[int]

    @classmethod
    def split(cls, lines: bytes, most: int) -> "_Lines":
        """No more of them than *most*."""
        begins = array("Q", [0])
        for line in islice(iterate_lines(lines), most):
            begins.append(begins[-1] + len(line) + 1)
        return cls(lines, begins)


class _Guesses(NamedTuple):
    """What broken lines may have been: what backups have in their places, and what differs from them in one sign.

    Of the latter no more are made than there are *tries*, in all: whoever spoilt the lines would keep us busy.
    """

    others: Sequence[_Lines]
    tries: Iterator[int]

    def guesses_for(self, line: bytes, place: int, kinds: Sequence[Sequence[int]], cost: int = 1) -> Iterator[bytes]:
        """What the line may have been at that place; its bytes are changed in these ways, the first for all first.

        A line longer than any of ours is not guessed at. *cost* is how many tries each guess takes.
        """
        for lines, begins in self.others:
            if place + 1 < len(begins):
                yield lines[begins[place] : begins[place + 1] - 1]
        yield from (
            words for words, _ in zip(_change_one_byte(line, kinds), islice(self.tries, 0, None, cost), strict=False)
        )


def _change_one_byte(line: bytes, kinds: Sequence[Sequence[int]]) -> Iterator[bytes]:
    """The line with one of its bytes changed."""
    for likely in kinds:
        for at, now in enumerate(line if len(line) <= limits.JOURNAL_LINE_BYTES else b""):
            # Such a sign may stand for an end of a line that was none: see below.
            flips = likely if now != _FALSE_LINE_END[0] else (*likely, *(flip ^ now ^ ord("\n") for flip in likely))
            before, behind = line[:at], line[at + 1 :]
            yield from (b"%b%c%b" % (before, now ^ flip, behind) for flip in flips if now ^ flip in _LINE_BYTES)


def _number_after(line: bytes) -> int:
    """The number of the line behind a sound one."""
    return int(json.loads(line)["seq"]) + 1


def split_into_lines(data: bytes) -> bytes:
    """The bytes of a journal as whole lines, where a damaged byte joined two of them, cut one, or took the last end.

    Where there is more rubbish than damage makes, nothing behind the last line before it is looked at.
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
    """What lies between the ends of lines in the first *size* bytes, where two were joined each by itself."""
    begin = 0
    while (end := data.find(b"\n", begin, size)) >= 0:
        yield from _split_joined(data[begin : min(end, begin + _MOST_RUBBISH + 1)])
        begin = end + 1
    if begin < size or not size:
        yield from _split_joined(data[begin : min(size, begin + _MOST_RUBBISH + 1)])


def _split_joined(piece: bytes) -> list[bytes]:
    """The lines that a damaged byte joined."""
    return _JOINED_LINES.sub(b'"}\n{"', piece).split(b"\n") if len(piece) <= _MOST_RUBBISH else [piece]


def put_words_back(lines: bytes, broken: Sequence[BrokenLine]) -> bytes:
    """The journal with the words that were proved in their places."""
    proved = {number: words for number, words in broken if words is not None}
    if not proved:
        return lines
    return b"".join(proved.get(number, line) + b"\n" for number, line in enumerate(iterate_lines(lines), 1))
