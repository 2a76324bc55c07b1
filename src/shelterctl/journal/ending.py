"""Where the journal of a device ends that is shut out: which of its lines count from then on, and which do not."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from shelterctl import bound, errors
from shelterctl.journal.claims import Mend, wrote
from shelterctl.journal.grammar import is_line
from shelterctl.journal.line import SHORTEST, each, last_containing, length_of
from shelterctl.journal.strand import Strand, files_in
from shelterctl.journal.verdict import WHY_ENDED, stated
from shelterctl.language import N_
from shelterctl.trust import Chain, End


class Ending(NamedTuple):
    """The end of a device before it is signed: how many lines of its journal count, and the sha256 of these.

    *dropped* is how many lines lie behind them and would count no more, *files* the store's files that these name, and
    *last* the time of the last line that counts, empty where none does.
    """

    lines: int
    sha256: str
    dropped: int
    files: tuple[str, ...]
    last: str


class Behind(NamedTuple):
    """The lines behind the end of a device: their number, and the last of them with the sha256 of all up to it.

    *counted* is how many of them may have counted here once: rubbish has more lines than that.
    """

    end: End
    place: str
    lines: int
    last: Mend
    counted: int


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


def behind(strand: Strand, device: str, end: End) -> Behind | None:
    """The lines behind the end of a device that was shut out; None where there are none."""
    if not strand.behind:
        return None
    count, whole = strand.behind.count(b"\n"), hashlib.sha256(strand.lines)
    whole.update(strand.behind)
    last = Mend(device, strand.lines.count(b"\n") + count, whole.hexdigest())
    return Behind(end, strand.place, count, last, min(count, len(strand.behind) // SHORTEST))


def speaks_of(strand: Strand, device: str, chain: Chain, file: str, version: str) -> bool:
    """Whether a line behind the end of a device, which it signed itself, says that a file has that version."""
    lines = islice(last_containing(strand.behind or b"", b'"now":"%s"' % version.encode()), bound.BROKEN)
    return any(is_line(line) and json.loads(line)["file"] == file and wrote(line, device, chain) for line in lines)


def wrote_later(found: Behind) -> errors.Damaged:
    """The error of a device that was shut out, and behind whose end lines lie in its journal."""
    end = found.end
    return errors.Damaged(
        "journal/shut-out",
        N_(
            "The computer {device} was shut out ({why}; line {line} of trust.jsonl, signed by: {by}), and {place} goes "
            "on behind that. Lines that count for nothing: {lines}."
        ),
        hint=N_(
            "Ask who worked at that computer, and tell the data officer. A file that only such a line names is told by "
            "itself. Once they know: shelterctl repair journal"
        ),
        device=found.last.device,
        why=WHY_ENDED[end.why],
        place=found.place,
        lines=found.lines,
        **stated(end),
    )
