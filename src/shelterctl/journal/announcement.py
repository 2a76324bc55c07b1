"""An act of several files: its lines lie beside the journal until all stand in it, so that none stands alone."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from shelterctl import bound, errors, machine
from shelterctl.journal.grammar import is_line
from shelterctl.journal.line import each, follows, hash_of, signed
from shelterctl.journal.strand import Strand
from shelterctl.language import N_

STRANGE = N_("{name} is not a plain file: a link, a pipe or something else stands in its place.")
TAKE_OUT = N_(
    "Nothing in it is believed. Ask who put it there, move it out of the store's folder, and tell the data officer."
)


def announcement(journal: Path) -> Path:
    """Where the lines lie that are to come into that journal."""
    return journal.with_name(f".{journal.stem}.act")


def lies(journal: Path) -> bool:
    """Whether an act was announced and may not be whole."""
    with machine.disk("journal"):
        return machine.is_plain_file(beside := announcement(journal)) or beside.is_symlink()


@contextmanager
def announced(journal: Path, lines: bytes) -> Iterator[None]:
    """The lines on disk beside the journal while they are appended; where that fails, whoever settles decides."""
    beside = announcement(journal)
    try:
        machine.write_new(beside, lines)
    except FileExistsError as trouble:  # no command leaves a folder or a pipe there
        raise errors.Damaged("disk/not-a-plain-file", STRANGE, hint=TAKE_OUT, name=beside.name) from trouble
    machine.sync_folder(beside.parent)
    yield
    with suppress(OSError):  # it has happened; whoever finds this later finds all of its lines in the journal too
        machine.remove(beside)


def completed(journal: Path, strand: Strand, key: str, root: str) -> None:
    """Append what the journal lacks of an act that has begun in it; drop the announcement of any other.

    Nobody but the device itself could have signed the lines, and they follow upon those that are there.
    """
    beside = announcement(journal)
    with machine.disk(strand.place):
        try:
            lines = machine.read_regular(beside, bound.JOURNAL)
        except errors.ShelterError:  # a link, or larger than any journal: nothing that was left by a command
            lines = b""
        begun = strand.lines.find(lines[: lines.find(b"\n") + 1]) if lines else -1
        there = strand.lines[begun:] if begun >= 0 else b""
        if there and lines.startswith(there) and there != lines and _whole(lines, key, root):
            machine.cut(journal, len(strand.lines))
            machine.append(journal, lines[len(there) :])
        machine.remove(beside)
        machine.sync_folder(beside.parent)


def _whole(lines: bytes, key: str, root: str) -> bool:
    """Whether each is a line, signed by that device, behind the one before it; the first stands in the journal."""
    followed = all(follows(line, hash_of(before, root)) for before, line in pairwise(each(lines)))
    return lines.endswith(b"\n") and followed and all(is_line(line) and signed(line, key, root) for line in each(lines))
