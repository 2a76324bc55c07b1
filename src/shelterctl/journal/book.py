"""The journals of all devices, read as one; our own is written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.journal.line import Step, Writer, follows, hash_of, last_of, signed, sound, written
from shelterctl.journal.remembered import Remembered, unproven
from shelterctl.journal.strand import Strand, begins, edited, read, rolled_back, stamp, trusted
from shelterctl.language import N_


class Journal:
    """What was done in a store, and so which bytes each of its files must have.

    *public_keys* are the signing keys of all devices by code, our own among them; *writer* is our identity.
    *remembered* is a file outside the store, one for each store and device.
    """

    def __init__(
        self, folder: Path, public_keys: Mapping[str, str], writer: Writer, remembered: Path | None = None
    ) -> None:
        self.folder = folder
        self.public_keys = dict(public_keys)
        self._writer = writer
        self._own = folder / f"{writer.device}.jsonl"
        self._remembered = Remembered(remembered, writer) if remembered and writer.device else None
        self._strands: dict[str, Strand] = {}

    def head(self, file: str) -> str | None:
        """The hash that the last line about *file* vouches for; None where no line speaks of it.

        Raises Damaged where a journal was edited, cut or put back; Conflict where two devices went on from one version.
        """
        about = file.encode()
        strands = [strand for strand in self._all() if about in strand.last]
        ends = {str(json.loads(strand.line(about))["now"]) for strand in strands}
        if len(strands) > 1:
            lines = [json.loads(line) for strand in strands for line in strand.lines.splitlines() if about in line]
            ends -= {line["base"] for line in lines if line["file"] == file}
        if len(ends) != 1 and strands:
            raise errors.Conflict(
                "journal/forked",
                N_("Two devices changed {place}, each going on from the same version."),
                hint=N_("Change nothing for now, and ask the data officer to bring the two versions together."),
                place=file,
            )
        return ends.pop() if ends else None

    def files(self) -> set[str]:
        """Every file that a line speaks of."""
        return {file.decode() for strand in self._all() for file in strand.last}

    def last(self, file: str) -> Mapping[str, object] | None:
        """The latest line about *file*: who changed it, when, and by which command."""
        about = file.encode()
        lines = (json.loads(strand.line(about)) for strand in self._all() if about in strand.last)
        return max(lines, key=lambda line: str(line["at"]), default=None)

    def latest(self) -> str | None:
        """When the newest line of all journals says that it was written."""
        times = [json.loads(last_of(strand.lines))["at"] for strand in self._all() if strand.lines]
        return max(times, default=None)

    def torn(self) -> bool:
        """Whether our own journal ends within a line: an append was interrupted."""
        return self._writer.device is not None and self._trusted(self._own).torn

    def changed(self) -> bool:
        """Whether a journal on disk is no longer the one that was read last."""
        return any(stamp(self.folder / f"{device}.jsonl") != strand.stamp for device, strand in self._strands.items())

    def refresh(self) -> None:
        """Forget what was read: whoever gets the lock must see what the one before has written."""
        self._strands.clear()

    def append(self, steps: Sequence[Step], *, did: str, by: str, at: str) -> None:
        """Sign and append a line for each step: once this returns they are on disk, and have happened.

        Only under the store's lock. Where it fails, the journal is as it was.
        """
        if not steps:
            return
        strand = self._trusted(self._own)
        line, lines = last_of(strand.lines), []
        for seq, step in enumerate(steps, strand.lines.count(b"\n")):
            line = written(step, seq, hash_of(line), self._writer, did=did, by=by, at=at)
            lines.append(line + b"\n")
        # A line that others cannot verify would close the whole store to them, and to us.
        if not signed(line, self.public_keys[self._own.stem]):
            raise errors.CannotOpen(
                "journal/wrong-key",
                N_("The signing key of this key file is not the one that the store knows for this device."),
                hint=N_("Put your copy of the key file back, or ask the data officer to register this device anew."),
            )
        added = b"".join(lines)
        with machine.disk(strand.place):
            if strand.stamp is None:
                machine.private_folder(self.folder)
                machine.write_new(self._own, b"")
                machine.sync_folder(self.folder)
            machine.append(self._own, added)
        if self._remembered:
            self._remembered.keep(strand.lines + added)

    def cut_torn_tail(self) -> None:
        """Drop the half line of an interrupted append, of which nobody was told that it happened; the rest is on disk.

        Only under the store's lock.
        """
        if self._writer.device and (strand := self._trusted(self._own)).stamp is not None:
            with machine.disk(strand.place):
                machine.cut(self._own, len(strand.lines))
            self.refresh()

    def names(self) -> list[str]:
        """Every journal that lies here or should."""
        return sorted({*self.public_keys, *(path.stem for path in self.folder.glob("*.jsonl"))})

    def whole_lines(self, name: str) -> tuple[str, bytes]:
        """A journal's place in the store and what it says, without the half line of an interrupted append."""
        strand = read(self.folder / f"{name}.jsonl")
        return strand.place, strand.lines

    def lacking(self) -> int | None:
        """How many lines we remember beyond those of our own journal; None where it has all that we remember.

        0 where it has others in their place.
        """
        if self._remembered is None:
            return None
        strand = read(self._own)
        if begins(strand, *self._remembered.recall()):
            return None
        return max(0, self._remembered.lines() - strand.lines.count(b"\n"))

    def adopt(self) -> None:
        """Remember our own journal as it lies, also where we remembered more: an older one was put back on purpose."""
        if self._remembered:
            strand = read(self._own)
            self._remembered.keep(trusted(strand, self.public_keys[self._own.stem], 0, "").lines)
            self.refresh()

    def doubted(self, remembered: Path) -> errors.Damaged | None:
        """What is wrong by a note of a device's head that cannot be proved, for whoever has not the device's key."""
        device, length, digest = unproven(remembered)
        path = self.folder / f"{device}.jsonl"
        strand = read(path)
        return None if begins(strand, length, digest) else rolled_back(strand.place)

    def verify(self) -> list[errors.Damaged]:
        """All that is wrong: journals of strangers, lines, links and signatures, a head that was put back."""
        return list(self._problems())

    def _problems(self) -> Iterator[errors.Damaged]:
        known = {self.folder / f"{device}.jsonl" for device in self.public_keys}
        for path in sorted(known.union(self.folder.glob("*.jsonl"))):
            key = self.public_keys.get(path.stem)
            if key is None:
                yield _stranger(path)
                continue
            try:
                strand = read(path)
            except errors.Damaged as trouble:
                yield trouble
                continue
            previous = b""
            for seq, line in enumerate(strand.lines.splitlines()):
                if not (sound(line, seq) and follows(line, hash_of(previous)) and signed(line, key)):
                    yield edited(strand.place, seq + 1)
                previous = line
        try:
            self.torn()
        except errors.Damaged as trouble:
            if trouble.code == "journal/rolled-back":
                yield trouble

    def _all(self) -> Iterator[Strand]:
        return (self._trusted(self.folder / f"{device}.jsonl") for device in self.public_keys)

    def _trusted(self, path: Path) -> Strand:
        known = self._strands.get(path.stem)
        if known is not None and known.stamp == stamp(path):
            return known
        key = self.public_keys.get(path.stem)
        if key is None:
            raise _stranger(path)
        # What is remembered is read first: a line appended between the two must not look like one that was lost.
        length, digest = self._remembered.recall() if self._remembered and path == self._own else (0, "")
        self._strands[path.stem] = trusted(read(path), key, length, digest)
        return self._strands[path.stem]


def _stranger(path: Path) -> errors.Damaged:
    return errors.Damaged(
        "journal/stranger",
        N_("The journal {place} belongs to no device of this store."),
        hint=N_("Nothing in it is believed. Ask who put it there, and tell the data officer."),
        place=f"journal/{path.name}",
    )
