"""The journals of all devices, read as one; our own is written."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from shelterctl import errors, machine
from shelterctl.journal import clock
from shelterctl.journal.announcement import announced, completed, lies
from shelterctl.journal.claims import Claim, Mend
from shelterctl.journal.ending import Behind, Ending
from shelterctl.journal.line import FileChange, Place, Writer, hash_of, last_of, signed, written
from shelterctl.journal.merging import Head, head_of
from shelterctl.journal.number import line_at, moment
from shelterctl.journal.strand import Strand, read
from shelterctl.journal.strands import Strands, stranger
from shelterctl.language import N_
from shelterctl.trust import MARK, Chain, Memory, Remembered, number_of


class Journal:
    """What was done in a store, and so which bytes each of its files must have.

    Only devices of the *chain* are read; *writer* is our identity, *memory* what this computer remembers.
    """

    def __init__(self, folder: Path, chain: Chain, writer: Writer, memory: Memory | None = None) -> None:
        self.folder = folder
        self.chain = chain
        self.writer = writer
        self._own = folder / f"{writer.device}.jsonl"
        self.memory = memory
        self._strands = Strands(folder, chain, memory)
        self._looked: Mapping[str, Strand] = {}  # what the last head was told by
        self._heads: dict[str, Head | None] = {}  # what it said, of each file

    @property
    def known(self) -> Remembered | None:
        """What this computer remembers; None where it remembers nothing."""
        return self._strands.known

    @property
    def devices(self) -> Sequence[str]:
        """The devices whose lines count, the newest first."""
        return self._strands.devices

    def head(self, file: str) -> Head | None:
        """What the last line about *file* vouches for; None where no line speaks of it.

        Raises Damaged where a journal was edited, cut or put back; Conflict where two devices went on from one version.
        """
        strands = dict(self._strands.by_device())
        if any(self._looked.get(device) is not strand for device, strand in strands.items()):
            self._looked, self._heads = strands, {}
        if file not in self._heads:
            self._heads[file] = head_of(file, strands, self.chain.root[:16])
        return self._heads[file]

    def files(self) -> set[str]:
        """Every file that a line speaks of and that was not given up since."""
        spoken = {file.decode() for strand in self._strands.all() for file in strand.spoken}
        if any(b'"now":null' in strand.lines for strand in self._strands.all()):
            return {file for file in spoken if (head := self.head(file)) and head.now is not None}
        return spoken

    def last(self, file: str) -> Mapping[str, object] | None:
        """The latest line about *file*: who changed it, when, and by which command."""
        about = file.encode()
        lines = (json.loads(strand.line(about)) for strand in self._strands.all() if about in strand.spoken)
        return max(lines, key=lambda line: str(line["at"]), default=None)

    def history(self, file: str) -> list[str]:
        """Every version of *file* that a line ever named, oldest first."""
        lines = [json.loads(line) for strand in self._strands.all() for line in strand.about(file)]
        found = [
            version
            for line in sorted(lines, key=lambda line: str(line["at"]))
            for version in (line["base"], line["now"])
        ]
        return list(dict.fromkeys(version for version in reversed(found) if version))[::-1]

    def notable(self) -> list[Mapping[str, Any]]:
        """Every line of a repair or a restore, which are shown for ever, oldest first."""
        return sorted(self._strands.notable(), key=lambda line: str(line["at"]))

    def latest(self) -> str | None:
        """When the newest line of all journals was written, as far as their times are believed."""
        return clock.believed(dict(self._strands.by_device()))

    @property
    def newest(self) -> str | None:
        """The latest time that this computer remembers, unless it counts no more."""
        known = self.known.newest if self.known else ""
        return None if not known or clock.doubted(dict(self._strands.by_device()), known) else known

    def ending(self, device: str, on: date | None = None) -> Ending:
        """How the journal of that device ends where it is shut out, with all its lines or those up to a day."""
        return self._strands.ending(device, on)

    def remains(self, device: str, lines: bytes) -> Mend:
        """What is left of the lines of a device that was shut out: the first ones of *lines* that others saw."""
        return self._strands.remains(device, lines)

    def number(self) -> int:
        """The number for the sheet in the safe."""
        return number_of(self.chain, {device: strand.next - 1 for device, strand in self._strands.by_device()})

    def line_at(self, number: int) -> bytes:
        """The last line that was written when the number for the sheet was *number* or less; empty where none was."""
        return line_at(self._strands.all(), self.chain, number)

    def moment(self, number: int) -> str:
        """The hash of the state that a number stands for: its last line, and the last statement by then."""
        return moment(self._strands.all(), self.chain, number)

    def torn(self) -> bool:
        """Whether our own journal ends within a line, or any within an act of several: an append was interrupted."""
        if any(lies(self._path(device)) for device in self._in_force):
            return True
        return self._mine and self._strands.of(str(self.writer.device)).torn

    def changed(self) -> bool:
        """Whether a journal on disk is no longer the one that the last head was told by."""
        return self._strands.changed(self._looked)

    def refresh(self) -> None:
        """Forget what was read: whoever gets the lock must see what the one before has written."""
        self._strands = Strands(self.folder, self.chain, self.memory)

    def append(self, changes: Sequence[FileChange], *, did: str, by: str, at: str, beyond: int = 0) -> None:
        """Sign and append a line for each change: once this returns they are on disk, and have happened, all of them.

        Only under the store's lock. Where it fails, the journal is as it was. Several lines lie beside it before, for
        whoever finds a part of them. The first number is *beyond* or more, where lines with lower ones were given up.
        """
        if not changes:
            return
        strand = self._strands.of(str(self.writer.device))
        line, lines = last_of(strand.lines), []
        others = {code: other for code, other in self._strands.by_device() if code != self._own.stem and other.lines}
        seen = {code: (other.next - 1, hash_of(other.final).decode()[:MARK]) for code, other in others.items()}
        newest, forget = max([at, self.latest() or ""]), not self.newest
        for seq, change in enumerate(changes, max(strand.next, beyond)):
            place = Place(seq, hash_of(line, self.chain.root), self.chain.root, self.chain.mark, seen)
            line = written(change, place, self.writer, did=did, by=by, at=at)
            lines.append(line + b"\n")
        # A line that others cannot verify would close the whole store to them, and to us.
        if not signed(line, self.chain.devices[self._own.stem].sign, self.chain.root):
            raise errors.CannotOpen(
                "journal/wrong-key",
                N_("The signing key of this key file is not the one that the store knows for this device."),
                hint=N_("Put your copy of the key file back, or ask the data officer to register this device anew."),
            )
        added = b"".join(lines)
        with machine.disk(strand.place):
            self._made(strand)
            with announced(self._own, added) if len(lines) > 1 else nullcontext():
                machine.append(self._own, added)
        # It has happened: whatever goes wrong from here on is no error of this write, so nothing is read any more.
        whole = strand.lines + added
        heads = {device: other.head for device, other in others.items()}
        heads[self._own.stem] = (seq + 1, len(whole), hashlib.sha256(whole).hexdigest())
        if self.memory:
            self.memory.keep(self.chain, heads, newest, forget=forget)

    def sign_for(self, facts: Sequence[Mapping[str, Any]], *, by: str, at: str, beyond: int) -> None:
        """Sign what was done to the journals, behind our own as it lies, believed or not; only under the lock."""
        strand = read(self._own)
        line, added = last_of(strand.lines), b""
        for seq, more in enumerate(facts, max(beyond, strand.lines.count(b"\n"))):
            place = Place(seq, hash_of(line, self.chain.root), self.chain.root, self.chain.mark, {})
            change = FileChange(strand.place, None, None, more)
            line = written(change, place, self.writer, did="repair", by=by, at=at)
            added += line + b"\n"
        with machine.disk(strand.place):
            self._made(strand)
            machine.cut(self._own, len(strand.lines))
            machine.append(self._own, added)
        self.refresh()

    def follow(self, chain: Chain, *, remember: bool = True) -> None:
        """Go on under a longer chain, and remember it, if a person here knows of all that is in it."""
        self.chain = chain
        self.refresh()
        if remember:
            self.remember()

    def remember(self) -> bool:
        """Remember the chain and every journal as they are now; false where there is no memory, or it failed."""
        latest, memory = self.latest() or "", self.memory
        return bool(memory and memory.keep(self.chain, self.heads(), latest, forget=not self.newest))

    def adopt(self, acknowledged: Chain | None = None, left: Mapping[str, tuple[int, int, str]] | None = None) -> bool:
        """The same, forgetting what was remembered: an older state was put back on purpose, or compared by a person.

        Of the chain only what is *acknowledged* is remembered, where nobody here has looked at the rest; *left* are the
        journals of the store that is left behind.
        """
        lies = Journal(self.folder, self.chain, self.writer)  # held against nothing that is to be forgotten
        newest, chain = lies.latest() or "", acknowledged or self.chain
        kept = bool(self.memory and self.memory.put(chain, lies.heads(), newest, left))
        self.refresh()
        return kept

    def finish(self) -> None:
        """Drop the half line of an interrupted append, and add what is lacking of an act of several that had begun.

        Only under the store's lock. Of an act of which no line is there nothing happened.
        """
        self.cut_torn_tail()
        for device in self._in_force:
            if lies(path := self._path(device)):
                completed(path, self._strands.of(device), self.chain.devices[device].sign, self.chain.root)
                self.refresh()

    def cut_torn_tail(self) -> None:
        """Drop the half line of an interrupted append, of which nobody was told; only under the store's lock."""
        if self._own.stem in self._in_force and (strand := self._strands.of(self._own.stem)).stamp is not None:
            with machine.disk(strand.place):
                machine.cut(self._own, len(strand.lines))
            self.refresh()

    def mends(self, device: str) -> Sequence[Claim]:
        """What other devices signed for as broken in that one's journal, whether it is so or not."""
        return self._strands.mends(device)

    def refused(self) -> list[Mend]:
        """The lines in which a device signed for whole ones as broken, of which no person knows yet."""
        return list(self._strands.refused())

    def names(self) -> list[str]:
        """The journals of the store's devices, whether they lie here or only should."""
        return [device for device in self.devices if self._path(device).exists() or self._strands.recalled(device)]

    def strangers(self) -> list[errors.Damaged]:
        """Journals of no device of this store, which are never read."""
        known = {f"{device}.jsonl" for device in self.devices}
        return [
            stranger(path) for path in machine.names_in(self.folder) if path.endswith(".jsonl") and path not in known
        ]

    def whole_lines(self, name: str) -> tuple[str, bytes]:
        """A journal's place in the store and what it says, without the half line of an interrupted append."""
        strand = read(self._path(name))
        return strand.place, strand.lines

    def heads(self) -> dict[str, tuple[int, int, str]]:
        """How far each journal has come."""
        return {device: strand.head for device, strand in self._strands.by_device() if strand.lines}

    def verify(self) -> list[errors.ShelterError]:
        """All that is wrong with the journals of the store's devices: lines, links and signatures, a head put back."""
        return list(self._strands.problems())

    def behind(self) -> list[Behind]:
        """What lies behind the ends of devices that were shut out, and of which no person knows yet."""
        return list(self._strands.behind())

    def files_behind(self, among: Collection[str]) -> set[str]:
        """Those of some files that a line behind an end speaks of, whoever wrote the line."""
        return self._strands.files_behind(among)

    def saved_behind(self, file: str, version: str) -> str | None:
        """The device that saved a version of a file by a line behind its end; None where none did."""
        return self._strands.saved_behind(file, version)

    @property
    def _in_force(self) -> Sequence[str]:
        """The devices that may go on writing; what another one announced is never added to its journal."""
        return [device for device in self.devices if not self.chain.devices[device].ended]

    @property
    def _mine(self) -> bool:
        """Whether one of the journals is ours to write."""
        return self.writer.device in self.chain.devices

    def _made(self, strand: Strand) -> None:
        """Our journal made where there is none yet."""
        if strand.stamp is None:
            machine.private_folder(self.folder)
            machine.write_new(self._own, b"")
            machine.sync_folder(self.folder)

    def _path(self, device: str) -> Path:
        return self.folder / f"{device}.jsonl"
