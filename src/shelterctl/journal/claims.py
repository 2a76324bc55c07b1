"""Claims by devices that a line of a journal is broken, judged against that line: no claim revokes a whole line."""

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
"""The keys of facts that a line signs about other lines.

`mend`: a line is broken. `refused`: a person knows of the false claim in a line. `behind`: a person knows of the lines
up to this one, which come after the end of their device. `remains`: the lines up to this one are what is left of those
that counted at the end of their device.
"""
_CLAIM = rb'"%s":\{"device":"[0-9a-z]{1,16}","line":[0-9]{1,9},"sha256":"[0-9a-f]{64}"\}'


class LineReference(NamedTuple):
    """A line of a journal: its device, its number from 1, and the sha256 of all lines up to and including it."""

    device: str
    line: int
    sha256: str


class BrokenLineClaim(NamedTuple):
    """A claim that a line is broken: the device that signed it, the line of its own journal with the claim, and the
    broken line.
    """

    device: str
    number: int
    mend: LineReference


class JudgedClaims(NamedTuple):
    """The lines that count as broken, by number, each with its sha256 as in LineReference; and claims that name whole
    or absent lines.
    """

    mended: Mapping[int, str]
    false_claims: Sequence[BrokenLineClaim]


def read_claims(lines: bytes, device: Device, root: str, about: str) -> Iterator[BrokenLineClaim]:
    """Yield what the device signed, in these lines of its own journal, about broken lines in the journal of *about*."""
    return _read_facts(lines, device, root, MEND_FACT, about)


def read_acknowledged(
    lines: bytes, device: Device, root: str, about: str, what: bytes = REFUSED_FACT
) -> set[LineReference]:
    """Return the lines in the journal of *about* that this device signed for as known to a person.

    *what* says why they are known: a false claim in the line, lines after the end of their device, or what is left of
    the lines before that end.
    """
    return {found.mend for found in _read_facts(lines, device, root, what, about)}


def _read_facts(lines: bytes, device: Device, root: str, fact: bytes, about: str) -> Iterator[BrokenLineClaim]:
    """Yield the facts of one kind; each line is proved by its own signature, because the lines around it may be
    damaged.
    """
    if b'"%s":{' % fact not in lines:
        return  # most journals have none, and to look for a claim takes as long as to read them
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
    """Return which lines of the *device*'s journal count as broken, by its own claims and by those of *others*.

    A line that is as the device wrote it stays valid, whatever another device signs about it. A claim by a device that
    was admitted before *device* counts only for a line that *device* signed itself. Otherwise an earlier device, once
    in other hands, could revoke lines that were damaged on purpose.
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
            continue  # a claim in a broken line does not count
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
    """Whether the device signed these bytes as a line of its journal, valid or not."""
    return is_line_signed(line, chain.devices[device].sign, chain.root)


def _pick_lines(lines: bytes, numbers: Collection[int]) -> dict[int, bytes]:
    """Return the lines with these *numbers* and the line before each, by number, where they exist."""
    wanted = {*numbers, *(number - 1 for number in numbers)}
    found = enumerate(islice(iterate_lines(lines), max(numbers, default=0)), 1)
    return {number: line for number, line in found if number in wanted}


def _find_whole_lines(split: Mapping[int, bytes], device: str, chain: Chain, numbers: Collection[int]) -> set[int]:
    """Return those *numbers* whose lines are as the device wrote them, each in its place."""
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
            # It was written after another line than the one before it now, unless that one was damaged since.
            if last and not (is_journal_line(last) and is_written_by(last, device, chain)):
                whole.add(number)
            continue
        # After an invalid line that nobody signed for, the number is not known.
        seq = int(json.loads(last)["seq"]) if is_journal_line(last) else -1
        if (last and not is_journal_line(last)) or is_sound_line(line, seq + number - before):
            whole.add(number)
    return whole


def _hash_up_to(lines: bytes, numbers: Collection[int]) -> dict[int, str]:
    """Return, for each of these *numbers*, the sha256 of all lines up to and including that one."""
    sums, so_far = dict[int, str](), hashlib.sha256()
    for number, line in enumerate(islice(iterate_lines(lines), max(numbers, default=0)), 1):
        so_far.update(line + b"\n")
        if number in numbers:
            sums[number] = so_far.hexdigest()
    return sums
