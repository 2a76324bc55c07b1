"""Broken lines of a journal found, and their own words brought back where that can be proved."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from shelterctl import bound, errors
from shelterctl.journal.claims import Claim, judged
from shelterctl.journal.grammar import is_line
from shelterctl.journal.line import LATER, each, follows, hash_of, signed, sound
from shelterctl.journal.strand import Strand, trusted
from shelterctl.trust import Chain

_BITS = tuple(1 << bit for bit in range(8))
_BYTES = tuple(flip for flip in range(1, 256) if flip not in _BITS)
_NO_END = b"\x0b"
"""What stands for an end of a line that a damaged byte made: the line goes on."""

_JOINED = re.compile(rb'"\}[^\n]\{"(?=v|seq)')


class Broken(NamedTuple):
    """A line that is not what its device wrote: its number from 1, and its own words, where they are proved."""

    number: int
    words: bytes | None


def whole_again(
    lines: bytes,
    device: str,
    chain: Chain,
    others: Sequence[bytes],
    claimed: Collection[Claim],
    remembered: str = "",
) -> list[Broken]:
    """Every broken line of a journal that is not signed for yet, with its own words where they can be proved.

    They are looked for among *others*, the same journal in backups, then among all that differ from it in one byte.
    What proves them is the hash that the next line carries; of the last line the sha256 of all lines that is
    *remembered*, or its signature. What its device signed is no line was never another. *claimed* are the lines that
    other devices signed for as broken. Behind more broken lines than damage makes nothing is looked at.
    """
    split = each(lines)
    key, root = chain.devices[device].sign, chain.root
    old = chain.adopts["lines"] if chain.adopts and chain.adopts["device"] == device else 0
    mended, before = judged(lines, device, chain, claimed).mended, hashlib.sha256()
    found: list[Broken] = []
    seq = lost = 0
    for number, line in enumerate(split, 1):
        following = split[number] if number < len(split) else None
        later, words = not root or number <= old or line.startswith(LATER), None
        if _is_same(before, line, mended.get(number)):
            seq += 1
        elif later and sound(line, seq) and signed(line, key, root):
            seq = _next(line)
        else:
            proof = _Proof(before, following, remembered, key, root)
            if is_line(line) or not signed(line, key, root):
                words = proof.of(line if len(found) < bound.BROKEN else b"", number - 1, others)
            found.append(Broken(number, words))
            lost += words is None
            if lost > bound.BROKEN:
                break
            seq = _next(words) if words else seq + 1
        before.update((line if words is None else words) + b"\n")
    return found


def genuine(lines: bytes, device: str, chain: Chain, claimed: Collection[Claim]) -> bool:
    """Whether the device wrote all of these lines, but for those that were signed for as broken."""
    with suppress(errors.ShelterError):
        return bool(trusted(Strand.of(lines), device, chain, others=claimed))
    return False


def reached(lines: bytes, device: str, chain: Chain) -> int:
    """The number that would come next behind these lines, whole or not; a broken one counts as one."""
    behind = 0
    for line in reversed(each(lines)):
        if is_line(line) and signed(line, chain.devices[device].sign, chain.root):
            return _next(line) + behind
        behind += 1
    return behind


def _is_same(before: Any, line: bytes, sha256: str | None) -> bool:
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

    def of(self, line: bytes, place: int, others: Sequence[bytes]) -> bytes | None:
        """The line's own words, by what the next line says or what is remembered; else of the last its signature.

        A signature takes a hundred times as long to look at as a hash, so fewer guesses are held against it.
        """
        if self.following is not None or self.remembered:
            words = next(filter(self._holds, _guesses(line, place, others, every=True)), None)
            if words is not None or self.following is not None:
                return words if words is not None and is_line(words) else None
        guesses = _guesses(line, place, others, every=False)
        return next((words for words in guesses if signed(words, self.key, self.root) and is_line(words)), None)

    def _holds(self, words: bytes) -> bool:
        if self.following is not None:
            return follows(self.following, hash_of(words))
        return _is_same(self.before, words, self.remembered)


def _guesses(line: bytes, place: int, others: Sequence[bytes], *, every: bool) -> Iterator[bytes]:
    """What the line may have been: what a backup has in its place, then whatever differs from it in one bit or byte.

    A line longer than any of ours is not guessed at: whoever put it there would keep us busy.
    """
    for other in others:
        split = other.split(b"\n")[:-1]
        if place < len(split):
            yield split[place]
    for likely in (_BITS, *((_BYTES,) if every else ())):
        for at, now in enumerate(line if len(line) <= bound.LINE else b""):
            # Such a sign may stand for an end of a line that was none: see below.
            flips = likely if now != _NO_END[0] else (*likely, *(flip ^ now ^ ord("\n") for flip in likely))
            yield from (line[:at] + bytes((now ^ flip,)) + line[at + 1 :] for flip in flips)


def _next(line: bytes) -> int:
    """The number of the line behind a sound one."""
    return int(json.loads(line)["seq"]) + 1


def laid_out(data: bytes) -> bytes:
    """The bytes of a journal as whole lines, where a damaged byte joined two of them, cut one, or took the last end."""
    data = _JOINED.sub(b'"}\n{"', data.rstrip(b"\0"))
    ended, kept = data.endswith(b"\n"), list[list[bytes]]()
    for line in data.removesuffix(b"\n").split(b"\n"):
        if kept and not kept[-1][-1].endswith(b'"}') and not line.startswith(b'{"'):
            kept[-1].append(line)
        else:
            kept.append([line])
    lines = [_NO_END.join(pieces) for pieces in kept]
    if not ended and lines[-1][-2:] != b'"}' and lines[-1][-3:-1] == b'"}':
        lines[-1] = lines[-1][:-1]
    if not ended and not lines[-1].endswith(b'"}'):
        lines.pop()  # half a line of an interrupted append
    return b"".join(line + b"\n" for line in lines)


def joined(lines: bytes, found: Sequence[Broken]) -> bytes:
    """The journal with the words that were proved in their places."""
    split = lines.split(b"\n")[:-1]
    for number, words in found:
        if words is not None:
            split[number - 1] = words
    return b"".join(line + b"\n" for line in split)
