"""Which of two copies of a store is the newer one, by their journals and not by any clock."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shelterctl.journal.grammar import is_line
from shelterctl.journal.line import JUMPS, each, last_of, number_of

NOWHERE = 1 << 62
"""A number that no line bears."""


class Copy(NamedTuple):
    """What tells how far a copy has come: its chain, and its journals by device."""

    chain: bytes
    journals: Mapping[str, bytes]


def newest(copies: Sequence[Copy]) -> int | tuple[int, int]:
    """The place of the copy that has all that the others have; else the places of two that have parted."""
    best, held = 0, copies[0]
    for place, copy in enumerate(copies):
        if covers(copy, held):
            best, held = place, copy
    for place, copy in enumerate(copies):
        if not covers(held, copy):
            return best, place
    return best


def covers(copy: Copy, other: Copy) -> bool:
    """Whether *copy* has everything of the *other*, or says in a restore that it gave up what it lacks."""
    given_up = _given_up(copy)
    return copy.chain.startswith(other.chain) and all(
        _goes_on(copy.journals.get(device, b""), lines) or _next(lines) <= given_up.get(device, 0)
        for device, lines in other.journals.items()
    )


def lines_beyond(copy: Copy, other: Copy) -> int:
    """How many lines the journals of *copy* have that those of the *other* lack."""
    return sum(
        len({*each(lines)} - {*each(other.journals.get(device, b""))}) for device, lines in copy.journals.items()
    )


def _given_up(copy: Copy) -> dict[str, int]:
    """How far the journals of other devices had come of which a restore says that it gave them up."""
    found: dict[str, int] = {}
    for line in (line for lines in copy.journals.values() for line in each(lines) if b'"beyond":' in line):
        more = json.loads(line).get("more") if is_line(line) else None
        for device, number in ((more or {}).get("beyond") or {}).items():
            found[device] = max(found.get(device, 0), number)
    return found


def _next(lines: bytes) -> int:
    """The number behind the last line; behind what is none nothing goes on."""
    last = last_of(lines)
    if is_line(last):
        return number_of(last) + 1
    return NOWHERE if lines else 0


def _goes_on(lines: bytes, other: bytes) -> bool:
    if lines.startswith(other):
        return True
    pairs = zip(each(lines), each(other), strict=False)
    follows, last = next((line for line, theirs in pairs if line != theirs), b""), last_of(other)
    if not (is_line(follows) and is_line(last)):
        return False
    return json.loads(follows)["did"] in JUMPS and number_of(follows) > number_of(last)
