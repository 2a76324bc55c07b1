"""Where the journal of a device ends that is shut out: which of its lines count from then on, and which do not."""

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from shelterctl.journal.line import each, length_of
from shelterctl.journal.strand import Strand, files_in
from shelterctl.trust import Chain


class Ending(NamedTuple):
    """What an end of a device would say: how many lines of its journal count, and the sha256 of these.

    *dropped* is how many lines lie behind them and would count no more, *files* the store's files that these name, and
    *last* the time of the last line that counts, empty where none does.
    """

    lines: int
    sha256: str
    dropped: int
    files: tuple[str, ...]
    last: str


def ended(strand: Strand, device: str, chain: Chain, seen: int, on: date | None) -> Ending:
    """The end of a device's journal: all its lines, or those before the first one that is dated after the day *on*.

    A line that other devices went on from stands whatever its date: *seen* is how many of the first lines they saw. So
    do the lines that a store of 0.1.0 brought along. A line that was signed for as broken has no date and ends nothing.
    """
    count = whole = strand.lines.count(b"\n")
    if on is not None:
        adopts = chain.adopts
        old = adopts["lines"] if adopts and adopts["device"] == device else 0
        first = next((number for number, at in _dates(strand) if at[:10] > on.isoformat()), whole + 1)
        count = min(whole, max(first - 1, seen, old))
    length = length_of(strand.lines, count)
    names = sorted({name for name in files_in(strand.lines[length:]) if not name.startswith("journal/")})
    last = max(((number, at) for number, at in _dates(strand) if number <= count), default=(0, ""))[1]
    return Ending(count, strand.up_to(count), whole - count, tuple(names), last)


def _dates(strand: Strand) -> Iterator[tuple[int, str]]:
    """The time that each line of the journal gives, by the number of the line."""
    for number, line in enumerate(each(strand.lines), 1):
        if number not in strand.broken:
            yield number, str(json.loads(line)["at"])
