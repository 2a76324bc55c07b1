"""Lines that a device signed for as broken, held against the lines that it names: a whole one is not unsaid."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from shelterctl import limits
from shelterctl.journal.line import (
    LINE_2_START,
    hash_line,
    is_journal_line,
    is_line_signed,
    is_linked_to,
    is_sound_line,
    iterate_lines,
)
from shelterctl.trust.chain_state import Chain, Device

MEND_FACT, REFUSED_FACT, BEHIND_FACT, REMAINS_FACT = b"mend", b"refused", b"behind", b"remains"
"""What a line signs of others: one is broken; a person knows of the false word in one, or of all up to one, which lie
behind an end; all up to one are what is left of those that counted at an end."""
_CLAIM = rb'"%s":\{"device":"[0-9a-z]{1,16}","line":[0-9]{1,9},"sha256":"[0-9a-f]{64}"\}'


class LineReference(NamedTuple):
    """A line that is signed for as broken: whose, its number from 1, and the sha256 of all up to and with it."""

    device: str
    line: int
    sha256: str


class BrokenLineClaim(NamedTuple):
    """That a device signed for a line as broken, and in which line of its own journal."""

    device: str
    number: int
    mend: LineReference


class JudgedClaims(NamedTuple):
    """Lines that count as broken, each with its sha256 as in LineReference, and claims that name whole or no lines."""

    mended: Mapping[int, str]
    false_claims: Sequence[BrokenLineClaim]


def read_claims(lines: bytes, device: Device, root: str, about: str) -> Iterator[BrokenLineClaim]:
    """What that device signed in these lines of its own journal of broken ones in the journal *about*."""
    return _read_facts(lines, device, root, MEND_FACT, about)


def read_acknowledged(
    lines: bytes, device: Device, root: str, about: str, what: bytes = REFUSED_FACT
) -> set[LineReference]:
    """The lines of the journal *about* of which that device signed that a person knows of them.

    *what* says why: there is a false claim in the line; or the lines up to it lie behind the end of their device, or
    are what is left of those before it.
    """
    return {found.mend for found in _read_facts(lines, device, root, what, about)}


def _read_facts(lines: bytes, device: Device, root: str, fact: bytes, about: str) -> Iterator[BrokenLineClaim]:
    """Each line is shown to be the device's own by itself: what stands around it may be damaged."""
    count, number, before = device.ended[0] if device.ended else None, 1, 0
    for match in islice(re.finditer(_CLAIM % fact, lines), limits.JOURNAL_LINES_SEARCHED):
        number, before = number + lines.count(b"\n", before, match.start()), match.start()
        line = lines[lines.rfind(b"\n", 0, before) + 1 : lines.find(b"\n", before)]
        if (count is not None and number > count) or not is_journal_line(line):
            continue
        found = (json.loads(line).get("more") or {}).get(fact.decode())
        if found and found["device"] == about and is_line_signed(line, device.sign, root):
            yield BrokenLineClaim(device.code, number, LineReference(**found))


def judge_claims(lines: bytes, device: str, chain: Chain, others: Collection[BrokenLineClaim]) -> JudgedClaims:
    """Which lines of the *device*'s journal count as broken, by its own claims and by those of *others*.

    A line that the device wrote as it stands keeps its word, whoever signed for it as broken. What a device that was
    admitted earlier signs counts only for a line that the later one signed itself: it could else unsay, once it is in
    other hands, what was damaged on purpose.
    """
    own = list(read_claims(lines, chain.devices[device], chain.root, device))
    if not own and not others:
        return JudgedClaims({}, ())
    order = list(chain.devices)
    count = lines.count(b"\n")
    numbers = {claim.mend.line for claim in (*others, *own) if claim.mend.line <= count}
    split = _pick_lines(lines, numbers)
    whole, sums = _find_whole_lines(split, device, chain, numbers), _hash_up_to(lines, numbers)
    mended, its_own, refused = dict[int, str](), dict[int, bool](), list[BrokenLineClaim]()
    for claim in (*others, *reversed(own)):
        line, itself = claim.mend.line, claim.device == device
        if itself and claim.number in mended:
            continue  # what a broken line signs for counts for nothing
        if line not in split or line in whole or (itself and line >= claim.number):
            refused.append(claim)
            continue
        if sums[line] != claim.mend.sha256 or line in mended:
            continue
        earlier = order.index(claim.device) < order.index(device)
        if earlier and line not in its_own:
            its_own[line] = is_written_by(split[line], device, chain)
        if not earlier or its_own[line]:
            mended[line] = claim.mend.sha256
    return JudgedClaims(mended, refused)


def is_written_by(line: bytes, device: str, chain: Chain) -> bool:
    """Whether the device signed these bytes as a line of its journal, be they one or not."""
    return is_line_signed(line, chain.devices[device].sign, chain.root)


def _pick_lines(lines: bytes, numbers: Collection[int]) -> dict[int, bytes]:
    """The lines of these *numbers* and those before each, by number, as far as they are there."""
    wanted = {*numbers, *(number - 1 for number in numbers)}
    found = enumerate(islice(iterate_lines(lines), max(numbers, default=0)), 1)
    return {number: line for number, line in found if number in wanted}


def _find_whole_lines(split: Mapping[int, bytes], device: str, chain: Chain, numbers: Collection[int]) -> set[int]:
    """Those of the lines of these *numbers* that the device wrote as they stand, each in its place."""
    whole, root = set[int](), chain.root
    old = chain.adopted_lines(device)
    for number in sorted(numbers):
        line = split.get(number, b"")
        later = not root or number <= old or line.startswith(LINE_2_START)
        if not (later and is_journal_line(line) and is_written_by(line, device, chain)):
            continue
        before = number - 1
        while before in numbers and before not in whole:
            before -= 1
        last = split.get(before, b"")
        if before == number - 1 and not is_linked_to(line, hash_line(last, "" if old else root)):
            # It stands behind another line than it was written behind, unless that one was damaged since.
            if last and not (is_journal_line(last) and is_written_by(last, device, chain)):
                whole.add(number)
            continue
        # Behind a line that is none, and that nobody signed for, the number is not known.
        seq = int(json.loads(last)["seq"]) if is_journal_line(last) else -1
        if (last and not is_journal_line(last)) or is_sound_line(line, seq + number - before):
            whole.add(number)
    return whole


def _hash_up_to(lines: bytes, numbers: Collection[int]) -> dict[int, str]:
    """The sha256 of all lines up to and with each that has one of these *numbers*."""
    sums, so_far = dict[int, str](), hashlib.sha256()
    for number, line in enumerate(islice(iterate_lines(lines), max(numbers, default=0)), 1):
        so_far.update(line + b"\n")
        if number in numbers:
            sums[number] = so_far.hexdigest()
    return sums
