"""One device's journal as it was read, and whether its device wrote all of it."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.journal.line import follows, hash_of, last_of, signed
from shelterctl.language import N_

_LIMIT = 1 << 28
_FILE = re.compile(rb'"file":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Strand:
    """The whole lines, and where among them each file was last spoken of; *torn* where half a line follows.

    *stamp* tells this reading from a later one; None where there is no such file.
    """

    place: str
    stamp: object
    lines: bytes
    last: dict[bytes, int]
    torn: bool

    def line(self, file: bytes) -> bytes:
        """The last line about *file*."""
        spoken = self.last[file]
        return self.lines[self.lines.rfind(b"\n", 0, spoken) + 1 : self.lines.find(b"\n", spoken)]


def read(path: Path) -> Strand:
    """The journal at *path*, an empty one where there is none; nothing in it is believed yet."""
    place, seen, data = f"journal/{path.name}", stamp(path), b""
    with suppress(errors.NotFound), machine.disk(place):
        data = machine.read_regular(path, _LIMIT)
    # After a power cut a page that never reached the disk reads as zeros: the tail is torn from there on.
    lines = data.partition(b"\0")[0]
    lines = lines[: lines.rfind(b"\n") + 1]
    return Strand(place, seen, lines, {found[1]: found.start() for found in _FILE.finditer(lines)}, lines != data)


def stamp(path: Path) -> object:
    """What changes about a file when it is written; None where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def trusted(strand: Strand, public_key: str, length: int, digest: str) -> Strand:
    """The strand, once it is shown that its device wrote all of it.

    Its first *length* bytes are known by their *digest*; after them each line carries the hash of the one before,
    so that the signature of the last vouches for all. Raises Damaged.
    """
    if not begins(strand, length, digest):
        raise rolled_back(strand.place)
    last, number = last_of(strand.lines[:length]), strand.lines.count(b"\n", 0, length)
    for line in strand.lines[length:].split(b"\n")[:-1]:
        number += 1
        if not follows(line, hash_of(last)):
            raise edited(strand.place, number)
        last = line
    if length < len(strand.lines) and not signed(last, public_key):
        raise edited(strand.place, number)
    return strand


def begins(strand: Strand, length: int, digest: str) -> bool:
    """Whether the first *length* bytes are those of that *digest*."""
    return not length or hashlib.sha256(strand.lines[:length]).hexdigest() == digest


def rolled_back(place: str) -> errors.Damaged:
    """The error of a journal that is not what its device remembers."""
    return errors.Damaged(
        "journal/rolled-back",
        N_("The journal {place} lacks lines that this computer wrote, or has others in their place."),
        hint=N_("An older copy of the store was put back. Find the newest copy, and tell the data officer."),
        place=place,
    )


def edited(place: str, line: int) -> errors.Damaged:
    """The error of a line that its device did not write, or not there."""
    return errors.Damaged(
        "journal/edited",
        N_("The journal {place} was changed outside of shelterctl, at line {line}."),
        hint=N_("Restore the store from the last backup into a new folder, and tell the data officer."),
        place=place,
        line=line,
    )
