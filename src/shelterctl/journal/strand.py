"""One device's journal as it was read, and whether its device wrote all of it."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from shelterctl import bound, errors, machine
from shelterctl.journal.line import LATER, each, first, follows, hash_of, last_of, number_of, signed
from shelterctl.language import N_
from shelterctl.trust import Chain, Remembered, verdict

_FILE = re.compile(rb'"file":"([^"]+)"')
MEND = b'"mend":'

REPAIR = N_("Put it right with: shelterctl repair journal [--from BACKUP]. Tell the data officer.")


class Mend(NamedTuple):
    """A line that is signed for as broken: whose, its number from 1, and the sha256 of all up to and with it."""

    device: str
    line: int
    sha256: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Strand:
    """The whole lines, and where among them each file was last spoken of; *torn* where half a line follows.

    *stamp* tells this reading from a later one; None where there is no such file.
    """

    place: str
    stamp: object
    lines: bytes
    last: dict[bytes, int]
    torn: bool
    broken: frozenset[int] = frozenset()
    """The lines, by number, that were signed for as broken: what they say counts no more."""

    @classmethod
    def of(cls, lines: bytes) -> "Strand":
        """Lines that lie nowhere, to be looked at."""
        return cls("", None, lines, _spoken(lines), False)

    def line(self, file: bytes) -> bytes:
        """The last line about *file*."""
        spoken = self.last[file]
        return self.lines[self.lines.rfind(b"\n", 0, spoken) + 1 : self.lines.find(b"\n", spoken)]

    def whole(self) -> Iterator[bytes]:
        """Every line that counts, oldest first."""
        return (line for number, line in enumerate(each(self.lines), 1) if number not in self.broken)

    def about(self, file: str) -> Iterator[bytes]:
        """Those about *file*."""
        name = b'"file":"%s"' % file.encode()
        return (line for line in self.whole() if name in line)

    @property
    def final(self) -> bytes:
        """The last line that counts; empty where none does."""
        return next(reversed(list(self.whole())), b"") if self.broken else last_of(self.lines)

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
        return self.next, len(self.lines), hashlib.sha256(self.lines).hexdigest()

    def up_to(self, count: int) -> str:
        """The sha256 of that many lines at the beginning."""
        return hashlib.sha256(first(self.lines, count)).hexdigest()

    def unlike(self, mended: Mapping[int, str]) -> int | None:
        """The first of these lines up to which the bytes have not the sha256 that was signed for."""
        sum_, left = hashlib.sha256(), set(mended)
        for number, line in enumerate(each(self.lines) if mended else (), 1):
            sum_.update(line + b"\n")
            if number in mended and sum_.hexdigest() != mended[number]:
                return number
            left.discard(number)
        return min(left, default=None)

    def mends(self, device: str) -> dict[int, str]:
        """The lines of another device's journal that are signed for as broken here, each with its sha256 as in Mend."""
        return {mend.line: mend.sha256 for number, mend in self._signed_for(device) if number not in self.broken}

    def own_mends(self, device: str, mended: Mapping[int, str]) -> dict[int, str]:
        """Those of its own journal, beside what is *mended* elsewhere; what a broken line signs for counts for nothing.

        A line is signed for behind it, and the last word on it counts.
        """
        found = dict(mended)
        for number, mend in reversed(list(self._signed_for(device))):
            if number not in found and mend.line < number:
                found.setdefault(mend.line, mend.sha256)
        return found

    def _signed_for(self, device: str) -> Iterator[tuple[int, Mend]]:
        """What is said in each line, by its number, of broken lines of that device's journal."""
        for number, line in enumerate(each(self.lines), 1) if MEND in self.lines else ():
            if MEND in line:
                with suppress(ValueError, KeyError, TypeError, RecursionError, OverflowError):
                    mend = json.loads(line)["more"]["mend"]
                    if mend["device"] == device:
                        yield number, Mend(device, int(mend["line"]), str(mend["sha256"]))


def read(path: Path) -> Strand:
    """The journal at *path*, an empty one where there is none; nothing in it is believed yet."""
    place, seen, data = f"journal/{path.name}", stamp(path), b""
    with suppress(errors.NotFound), machine.disk(place):
        if not machine.is_plain_folder(path.parent):
            raise machine.strange(path.parent)
        data = machine.read_regular(path, bound.JOURNAL)
    # After a power cut a page that never reached the disk reads as zeros: the tail is torn from there on.
    lines = data.partition(b"\0")[0]
    lines = lines[: lines.rfind(b"\n") + 1]
    return Strand(place, seen, lines, _spoken(lines), lines != data)


def stamp(path: Path) -> object:
    """What changes about a file when it is written; None where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def trusted(
    strand: Strand, device: str, chain: Chain, known: tuple[int, str] = (0, ""), mends: Mapping[int, str] | None = None
) -> Strand:
    """The strand, once it is shown that its device wrote all of it in this store, and wrote no more than it might.

    *known* are the bytes at its beginning that are remembered, with their sha256; after them each line carries the hash
    of the one before, so that the signature of the last vouches for all. *mends* are the lines that other devices
    signed for as broken; its own count too, since they stand behind what they mend. Raises Damaged.
    """
    if not begins(strand, *known):
        raise rolled_back(strand.place)
    who, at = chain.devices[device], known[0]
    mended = strand.own_mends(device, mends or {})
    if unlike := strand.unlike(mended):
        raise edited(strand.place, unlike)
    old = _adopted(strand, device, chain, mended) if at < len(strand.lines) else 0
    last, number = last_of(strand.lines[:at]), strand.lines.count(b"\n", 0, at)
    for line in strand.lines[at:].split(b"\n")[:-1]:
        number += 1
        linked = follows(line, hash_of(last, chain.root if at >= old else ""))
        later = at < old or not chain.root or line.startswith(LATER)
        if not (linked and later) and not {number, number - 1} & mended.keys():
            raise edited(strand.place, number)
        last, at = line, at + len(line) + 1
    # Whoever signs for a broken line signs for all that stands before it.
    if known[0] < len(strand.lines) and number not in mended and not signed(last, who.sign, chain.root):
        raise edited(strand.place, number)
    if who.ended:
        _within(strand, *who.ended)
    if number not in mended and last.startswith(LATER) and json.loads(last)["trust"] not in chain.readers:
        raise verdict.older_list()  # it was written under a statement that is not there any more
    return _without(strand, set(mended)) if mended else strand


def _adopted(strand: Strand, device: str, chain: Chain, mended: Mapping[int, str]) -> int:
    """How many bytes of the strand were written by 0.1.0 and taken over into this chain."""
    adopts = chain.adopts
    if not adopts or adopts["device"] != device:
        return 0
    if strand.lines.count(b"\n") < adopts["lines"]:
        raise rolled_back(strand.place)
    if strand.up_to(adopts["lines"]) != adopts["sha256"] and not any(line <= adopts["lines"] for line in mended):
        raise edited(strand.place, 1)
    return len(first(strand.lines, adopts["lines"]))


def _within(strand: Strand, lines: int, sha256: str) -> None:
    """That a device which was shut out wrote just what it had written by then."""
    if strand.lines.count(b"\n") < lines:
        raise rolled_back(strand.place)
    if strand.up_to(lines) != sha256 or strand.lines.count(b"\n") > lines:
        raise errors.Damaged(
            "journal/shut-out",
            N_("A device was shut out and wrote later, or changed what it had written: {place}."),
            hint=N_("Nothing that it wrote since is believed. Change nothing, and tell the data officer."),
            place=strand.place,
        )


def _without(strand: Strand, broken: set[int]) -> Strand:
    """The strand without what its broken lines say: it was signed for that they are broken, not for their words."""
    lines = [line + b"\n" for line in each(strand.lines)]
    blank = [b" " * (len(line) - 1) + b"\n" if at in broken else line for at, line in enumerate(lines, 1)]
    return replace(strand, last=_spoken(b"".join(blank)), broken=frozenset(broken))


def _spoken(lines: bytes) -> dict[bytes, int]:
    return {found[1]: found.start() for found in _FILE.finditer(lines)}


def begins(strand: Strand, length: int, digest: str) -> bool:
    """Whether the first *length* bytes are those of that *digest*."""
    return not length or hashlib.sha256(strand.lines[:length]).hexdigest() == digest


MISSING = N_("Changes that this computer saw are missing: {place} lacks lines, or has others in their place.")


def left_behind(place: str) -> errors.Damaged:
    """The same of the store that lay here when a backup was restored: nobody put an older copy back."""
    return errors.Damaged(
        "journal/rolled-back",
        MISSING,
        hint=N_(
            "This is the store that was left when a backup was restored on this computer, which works with the "
            "restored one since. If that was only to try the backup, this one opens again after: shelterctl repair "
            "journal --give-up. What was written in the restored one is lost then, and that one opens no more."
        ),
        place=place,
    )


def rolled_back(place: str) -> errors.Damaged:
    """The error of a journal that is not what its device remembers."""
    return errors.Damaged(
        "journal/rolled-back",
        MISSING,
        hint=N_(
            "An older copy of the store was put back, or the file is damaged. Find the newest copy; a damaged journal "
            "is put right with: shelterctl repair journal [--from BACKUP]. Tell the data officer."
        ),
        place=place,
    )


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
            strand = read(folder / f"{device}.jsonl")
        except errors.ShelterError as trouble:
            return trouble
        if not begins(strand, length, digest):
            return rolled_back(strand.place)
    return None


def stranger(name: str) -> errors.Damaged:
    """The error of a journal of that name, which is none of a device of the store."""
    shown = name if len(name) <= 20 and name.removesuffix(".jsonl").isalnum() and name.isascii() else "…"
    return errors.Damaged(
        "journal/stranger",
        N_("The journal {place} belongs to no device of this store."),
        hint=N_(
            "Nothing in it is believed, and it was not read. Ask who put it there, move it out of the store's folder "
            "without erasing it, and tell the data officer."
        ),
        place=f"journal/{shown}",
    )
