"""Find the newer of two copies of a store, by their journals and not by a clock."""

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
"""A number higher than that of any line."""

_STRIDE = 1 << 16
"""The number of bytes of two journals that are compared at once."""


@immutable(slots=False)
class CopyProgress:
    """The state of a copy of a store: its chain, and its journals by device.

    *ends* gives, for each device that the chain shuts out, how many of its lines count.
    """

    chain: bytes
    journals: Mapping[str, bytes]
    ends: Mapping[str, int] = field(default_factory=dict)

    def counted(self, device: str, lines: bytes | None = None) -> bytes:
        """Return the lines of a journal that count by this chain: of the copy's own journal, or of *lines* from another
        copy.
        """
        lines = self.journals.get(device, b"") if lines is None else lines
        return lines[: measure_lines(lines, self.ends[device])] if device in self.ends else lines

    @cached_property
    def given_up(self) -> Mapping[str, int]:
        """The next line number of each device's journal when a restore gave up its later lines, by device."""
        found: dict[str, int] = {}
        for own in self.journals:
            for line in islice(find_lines(self.counted(own), b'"beyond":'), limits.JOURNAL_LINES_SEARCHED):
                more = json.loads(line).get("more") if is_journal_line(line) else None
                for device, number in ((more or {}).get("beyond") or {}).items():
                    found[device] = max(found.get(device, 0), number)
        return found


def find_newest_copy(copies: Sequence[CopyProgress]) -> int | tuple[int, int]:
    """Return the index of the copy that has all that the others have; otherwise the indexes of two that diverged."""
    best, held = 0, copies[0]
    for place, copy in enumerate(copies):
        if covers_copy(copy, held):
            best, held = place, copy
    for place, copy in enumerate(copies):
        if not covers_copy(held, copy):
            return best, place
    return best


def covers_copy(copy: CopyProgress, other: CopyProgress) -> bool:
    """Whether *copy* has everything that *other* has, or says in a restore that it gave up what it lacks."""
    return is_contained_in(other.chain, copy.chain) and all(
        _continues_from(copy.counted(device), lines) or _number_after_last(lines) <= copy.given_up.get(device, 0)
        for device, lines in ((device, copy.counted(device, lines)) for device, lines in other.journals.items())
    )


def count_lines_beyond(copy: CopyProgress, other: CopyProgress) -> int:
    """Return how many lines the journals of *copy* have after the point where they diverge from those of *other*."""
    return sum(
        lines.count(b"\n", _find_parting(lines, other.counted(device)))
        for device, lines in ((device, other.counted(device, copy.counted(device))) for device in copy.journals)
    )


def _number_after_last(lines: bytes) -> int:
    """Return the number after the last line; NO_SUCH_NUMBER if that line is invalid, as nothing can continue it."""
    last = last_line(lines)
    if is_journal_line(last):
        return line_number(last) + 1
    return NO_SUCH_NUMBER if lines else 0


def _continues_from(lines: bytes, other: bytes) -> bool:
    """Whether the lines continue those of the other copy, or leave some of them out and say so."""
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
    """Return the offset of the first line that differs from the other journal."""
    return lines.rfind(b"\n", 0, _count_common_bytes(lines, other)) + 1


def _count_common_bytes(one: bytes, other: bytes) -> int:
    """Return how many bytes two journals have in common at the start."""
    at, most = 0, min(len(one), len(other))
    while at < most and one[at : at + _STRIDE] == other[at : at + _STRIDE]:
        at += _STRIDE
    return next((place for place in range(at, min(at + _STRIDE, most)) if one[place] != other[place]), most)
