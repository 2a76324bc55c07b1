"""Which of two copies of a store is the newer one, by their journals and not by any clock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import islice

from shelterctl import limits
from shelterctl.immutable import immutable
from shelterctl.journal.line import JUMPING_ACTS, find_lines, is_journal_line, last_line, line_number, measure_lines
from shelterctl.trust.chain_state import is_contained_in

NO_SUCH_NUMBER = 1 << 62
"""A number that no line bears."""

_STRIDE = 1 << 16
"""How many bytes of two journals are compared at once."""


@immutable(slots=False)
class CopyProgress:
    """What tells how far a copy has come: its chain, and its journals by device.

    *ends* says how many lines count of each device that its chain shuts out.
    """

    chain: bytes
    journals: Mapping[str, bytes]
    ends: Mapping[str, int] = field(default_factory=dict)

    def counted(self, device: str, lines: bytes | None = None) -> bytes:
        """The lines of a journal, its own one or another copy's, that count by its chain."""
        lines = self.journals.get(device, b"") if lines is None else lines
        return lines[: measure_lines(lines, self.ends[device])] if device in self.ends else lines

    @cached_property
    def given_up(self) -> Mapping[str, int]:
        """How far the journals of other devices had come of which a restore says that it gave them up."""
        found: dict[str, int] = {}
        for own in self.journals:
            for line in islice(find_lines(self.counted(own), b'"beyond":'), limits.JOURNAL_LINES_SEARCHED):
                more = json.loads(line).get("more") if is_journal_line(line) else None
                for device, number in ((more or {}).get("beyond") or {}).items():
                    found[device] = max(found.get(device, 0), number)
        return found


def find_newest_copy(copies: Sequence[CopyProgress]) -> int | tuple[int, int]:
    """The place of the copy that has all that the others have; else the places of two that have parted."""
    best, held = 0, copies[0]
    for place, copy in enumerate(copies):
        if covers_copy(copy, held):
            best, held = place, copy
    for place, copy in enumerate(copies):
        if not covers_copy(held, copy):
            return best, place
    return best


def covers_copy(copy: CopyProgress, other: CopyProgress) -> bool:
    """Whether *copy* has everything of the *other*, or says in a restore that it gave up what it lacks."""
    return is_contained_in(other.chain, copy.chain) and all(
        _continues_from(copy.counted(device), lines) or _number_after_last(lines) <= copy.given_up.get(device, 0)
        for device, lines in ((device, copy.counted(device, lines)) for device, lines in other.journals.items())
    )


def count_lines_beyond(copy: CopyProgress, other: CopyProgress) -> int:
    """How many lines the journals of *copy* have that those of the *other* lack, from where the two part."""
    return sum(
        lines.count(b"\n", _find_parting(lines, other.counted(device)))
        for device, lines in ((device, other.counted(device, copy.counted(device))) for device in copy.journals)
    )


def _number_after_last(lines: bytes) -> int:
    """The number behind the last line; behind what is none nothing goes on."""
    last = last_line(lines)
    if is_journal_line(last):
        return line_number(last) + 1
    return NO_SUCH_NUMBER if lines else 0


def _continues_from(lines: bytes, other: bytes) -> bool:
    """Whether the lines go on from those of the other copy, or leave some of them out and say so."""
    if lines.startswith(other):
        return True
    begin = _find_parting(lines, other)
    end = lines.find(b"\n", begin)
    if end < 0 or other.find(b"\n", begin) < 0:
        return False
    follows, last = lines[begin:end], last_line(other)
    return (
        is_journal_line(follows)
        and is_journal_line(last)
        and json.loads(follows)["did"] in JUMPING_ACTS
        and line_number(follows) > line_number(last)
    )


def _find_parting(lines: bytes, other: bytes) -> int:
    """Where the first line begins that the other journal does not have there."""
    return lines.rfind(b"\n", 0, _count_common_bytes(lines, other)) + 1


def _count_common_bytes(one: bytes, other: bytes) -> int:
    """How many bytes two journals have in common at their beginnings."""
    at, most = 0, min(len(one), len(other))
    while at < most and one[at : at + _STRIDE] == other[at : at + _STRIDE]:
        at += _STRIDE
    return next((place for place in range(at, min(at + _STRIDE, most)) if one[place] != other[place]), most)
