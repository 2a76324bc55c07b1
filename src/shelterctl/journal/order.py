"""Which of two copies of a store is the newer one, by their journals and not by any clock."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shelterctl.journal.line import JUMPS, each, last_of


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
    for line in (line for lines in copy.journals.values() for line in lines.splitlines() if b'"beyond":' in line):
        try:
            for device, number in json.loads(line)["more"]["beyond"].items():
                found[device] = max(found.get(device, 0), int(number))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return found


def _next(lines: bytes) -> int:
    """The number behind the last line."""
    try:
        return int(json.loads(last_of(lines))["seq"]) + 1 if lines else 0
    except (ValueError, KeyError, TypeError, RecursionError):
        return 1 << 62


def _goes_on(lines: bytes, other: bytes) -> bool:
    if lines.startswith(other):
        return True
    pairs = zip(each(lines), each(other), strict=False)
    follows = next((line for line, theirs in pairs if line != theirs), b"")
    try:
        said, last = json.loads(follows), json.loads(last_of(other))
        return said["did"] in JUMPS and int(said["seq"]) > int(last["seq"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return False
