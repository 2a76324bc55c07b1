"""One device's journal as it was read, and whether its device wrote all of it."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.journal.claims import Claim, Mend, judged
from shelterctl.journal.grammar import is_line
from shelterctl.journal.line import (
    LATER,
    backwards,
    digest_of,
    each,
    follows,
    hash_of,
    last_of,
    length_of,
    number_of,
    signed,
)
from shelterctl.journal.verdict import malformed, rolled_back, unfitting_end
from shelterctl.language import N_
from shelterctl.trust import Chain, Device, End, Remembered, verdict

_FILE = re.compile(rb'"file":"([^"]+)"')
MORE = b'"more":'

REPAIR = N_("Put it right with: shelterctl repair journal [--from BACKUP]. Tell the data officer.")


@dataclass(frozen=True, repr=False, eq=False)
class Strand:
    """The whole lines of a journal; *torn* where half a line follows.

    *stamp* tells this reading from a later one; None where there is no such file.
    """

    place: str
    stamp: object
    lines: bytes
    torn: bool
    broken: frozenset[int] = frozenset()
    """The lines, by number, that were signed for as broken: what they say counts no more."""
    refused: Sequence[Claim] = ()
    """What was signed of its lines and is not so: lines that are whole, or not there."""
    behind: bytes | None = None
    """What lies behind the end of a device that was shut out, and counts for nothing; None while it is in force."""

    @classmethod
    def of(cls, lines: bytes) -> "Strand":
        """Lines that lie nowhere, to be looked at."""
        return cls("", None, lines, False)

    @cached_property
    def spoken(self) -> Mapping[bytes, Sequence[int]]:
        """Where the lines that count begin, by the file that each is about; only of a strand that is believed."""
        found, at = dict[bytes, list[int]](), 0
        for number, line in enumerate(each(self.lines), 1):
            if number not in self.broken and (file := _FILE.search(line)):
                found.setdefault(file[1], []).append(at)
            at += len(line) + 1
        return found

    def line(self, file: bytes) -> bytes:
        """The last line about *file*."""
        return self._at(self.spoken[file][-1])

    def whole(self) -> Iterator[bytes]:
        """Every line that counts, oldest first."""
        return (line for number, line in enumerate(each(self.lines), 1) if number not in self.broken)

    def about(self, file: str) -> Iterator[bytes]:
        """Those about *file*."""
        return map(self._at, self.spoken.get(file.encode(), ()))

    @cached_property
    def notable(self) -> Sequence[tuple[int, bytes]]:
        """The lines that tell more of a repair or a restore, each with its number."""
        lines = enumerate(each(self.lines), 1) if MORE in self.lines else ()
        return [(number, line) for number, line in lines if MORE in line and number not in self.broken]

    @property
    def final(self) -> bytes:
        """The last line that counts; empty where none does."""
        if not self.broken:
            return last_of(self.lines)
        lines = self.lines.count(b"\n")
        counted = (line for behind, line in enumerate(backwards(self.lines)) if lines - behind not in self.broken)
        return next(counted, b"")

    def _at(self, place: int) -> bytes:
        """The line that begins there."""
        return self.lines[place : self.lines.find(b"\n", place)]

    @property
    def next(self) -> int:
        """The number that the next line bears; one that was signed for as broken keeps its own."""
        lines, behind = self.lines.count(b"\n"), 0
        while lines - behind in self.broken:
            behind += 1
        return number_of(self.final) + 1 + behind

    @property
    def head(self) -> tuple[int, int, str]:
        """How far it has come, as this computer remembers it."""
        return self.next, len(self.lines), digest_of(self.lines, len(self.lines))

    def up_to(self, count: int) -> str:
        """The sha256 of that many lines at the beginning."""
        return digest_of(self.lines, length_of(self.lines, count))

    def ended(self, end: End, remains: Collection[Mend] = ()) -> "Strand | None":
        """The lines that count of a device that was shut out, the others behind them.

        Those are the lines that were signed then; where the journal does not begin with them, the most of what was
        signed for as all that *remains* of them. None where it begins with none of these.
        """
        counts = [(end.lines, end.sha256)]
        counts += sorted({(one.line, one.sha256) for one in remains if one.line < end.lines}, reverse=True)
        for lines, sha256 in counts[: bound.BROKEN]:
            length = length_of(self.lines, lines)
            if self.lines.count(b"\n", 0, length) == lines and digest_of(self.lines, length) == sha256:
                return replace(self, lines=self.lines[:length], behind=self.lines[length:], torn=False)
        return None


def read(path: Path, *, head: bool = False) -> Strand:
    """The journal at *path*, an empty one where there is none; nothing in it is believed yet.

    Of one that is longer than a journal may be the *head* is read where that is asked for, and the rest is one line of
    it; else Damaged is raised.
    """
    place, seen, data = f"journal/{path.name}", stamp(path), b""
    with suppress(errors.NotFound), machine.disk(place):
        if not machine.is_plain_folder(path.parent):
            raise machine.strange(path.parent)
        data = machine.read_regular(path, bound.JOURNAL, head=head)
    if too_long := head and len(data) == bound.JOURNAL:
        data = data[:-1] + b"\n"
    # After a power cut a page that never reached the disk reads as zeros: the tail is torn from there on.
    zeros = -1 if too_long else data.find(b"\0")
    end = data.rfind(b"\n", 0, zeros if zeros >= 0 else len(data)) + 1
    return Strand(place, seen, data if end == len(data) else data[:end], end != len(data))


def files_in(lines: bytes) -> Iterator[str]:
    """Every file that some lines speak of, be they believed or not; one may come several times."""
    return (found[1].decode(errors="replace") for found in _FILE.finditer(lines))


def stamp(path: Path) -> object:
    """What changes about a file when it is written; None where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def trusted(
    strand: Strand,
    device: str,
    chain: Chain,
    known: tuple[int, str] = (0, ""),
    others: Collection[Claim] = (),
    *,
    remains: Collection[Mend] = (),
    held: int = 0,
    witnessed: Callable[[Strand], int] = lambda strand: 0,
) -> Strand:
    """The strand, once it is shown that its device wrote all of it in this store, and wrote no more than it might.

    *known* are the bytes at its beginning that are remembered, with their sha256, of which *held* were held to be lines
    of a journal; after them each line carries the hash of the one before, so that the signature of the last vouches for
    all. *others* are the lines that other devices signed for as broken; its own count too. *witnessed* says how many of
    its first lines were seen before as they are here.

    Of a device that was shut out the lines up to its end are the strand, as they were signed then, or what *remains* of
    them: what was seen of it behind them may be gone, or others may be in its place. Raises Damaged.
    """
    who = chain.devices[device]
    strand, known = counted(strand, who, known, remains)
    if not begins(strand, *known):
        raise rolled_back(strand.place)
    at = min(held, known[0])
    found = judged(strand.lines, device, chain, others)
    mended = found.mended
    old = _adopted(strand, device, chain, mended) if at < len(strand.lines) else 0
    last, number = last_of(strand.lines, at), strand.lines.count(b"\n", 0, at)
    for line in each(strand.lines, at):
        number += 1
        if number not in mended and not is_line(line):
            raise _no_line(strand, number, line, who, chain.root)
        linked = follows(line, hash_of(last, chain.root if at >= old else ""))
        later = at < old or not chain.root or line.startswith(LATER)
        if not (linked and later) and not {number, number - 1} & mended.keys():
            raise edited(strand.place, number)
        last, at = line, at + len(line) + 1
    # Whoever signs for a broken line signs for all that stands before it.
    if known[0] < len(strand.lines) and number not in mended and not signed(last, who.sign, chain.root):
        raise edited(strand.place, number)
    if who.ended and strand.behind is None:
        raise _unfitting(strand, who, who.ended, witnessed)
    if number not in mended and last.startswith(LATER) and json.loads(last)["trust"] not in chain.readers:
        raise verdict.older_list()  # it was written under a statement that is not there any more
    if mended or found.refused:
        return replace(strand, broken=frozenset(mended), refused=tuple(found.refused))
    return strand


def _no_line(strand: Strand, number: int, line: bytes, who: Device, root: str) -> errors.Damaged:
    """The error of a line that is none: its own device signed it so, or it was damaged since."""
    if signed(line, who.sign, root):
        return malformed(who.code, strand.place, number)
    return edited(strand.place, number)


def _adopted(strand: Strand, device: str, chain: Chain, mended: Mapping[int, str]) -> int:
    """How many bytes of the strand were written by 0.1.0 and taken over into this chain."""
    adopts = chain.adopts
    if not adopts or adopts["device"] != device:
        return 0
    if strand.lines.count(b"\n") < adopts["lines"]:
        if strand.behind is not None:  # its end says how many of them count, and which
            return len(strand.lines)
        raise rolled_back(strand.place)
    if strand.up_to(adopts["lines"]) != adopts["sha256"] and not any(line <= adopts["lines"] for line in mended):
        raise edited(strand.place, 1)
    return length_of(strand.lines, adopts["lines"])


def _unfitting(strand: Strand, who: Device, end: End, witnessed: Callable[[Strand], int]) -> errors.Damaged:
    """The error of a journal that does not begin with the lines that were signed when its device was shut out.

    The device changed it, or what was signed of it is not true: that is known where its first lines up to there were
    *witnessed* as they are.
    """
    lines = strand.lines.count(b"\n")
    return unfitting_end(who.code, strand.place, end, lines, false=witnessed(strand) >= end.lines)


def counted(
    strand: Strand, who: Device | None, known: tuple[int, str], remains: Collection[Mend] = ()
) -> tuple[Strand, tuple[int, str]]:
    """A journal up to the end of its device, and what is *known* of that part; both as they are where it has no end."""
    cut = strand.ended(who.ended, remains) if who and who.ended else None
    if cut is None or known[0] <= (length := len(cut.lines)):
        return cut or strand, known
    return cut, (length, digest_of(cut.lines, length)) if begins(strand, *known) else (0, "")


def begins(strand: Strand, length: int, digest: str) -> bool:
    """Whether the first *length* bytes are those of that *digest*."""
    return not length or digest_of(strand.lines, length) == digest


def edited(place: str, line: int) -> errors.Damaged:
    """The error of a line that its device did not write, or not there."""
    return errors.Damaged(
        "journal/edited",
        N_("The journal {place} was changed outside of shelterctl, or is damaged, at line {line}."),
        hint=REPAIR,
        place=place,
        line=line,
    )


def doubted(folder: Path, chain: Chain, known: Remembered | None) -> errors.ShelterError | None:
    """What is wrong by a note that cannot be proved, for whoever has not the device's key."""
    if known and chain.up_to(known.trust[0]) != known.trust[1]:
        return verdict.older_list()
    for device, (_, length, digest) in (known.journals if known else {}).items():
        try:
            lies = read(folder / f"{device}.jsonl")
        except errors.ShelterError as trouble:
            return trouble
        strand, remembered = counted(lies, chain.devices.get(device), (length, digest))
        if not begins(strand, *remembered):
            return rolled_back(strand.place)
    return None
