"""The journals of all devices of a store, each read once, and believed as far as it can be."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from shelterctl import errors
from shelterctl.journal.line import each, hash_of, signed, sound
from shelterctl.journal.strand import Strand, begins, edited, left_behind, read, rolled_back, stamp, trusted
from shelterctl.trust import MARK, Chain, Head, Memory, Remembered


class Strands:
    """The journals of a folder by device, as the chain and what this computer remembers let them be believed."""

    def __init__(self, folder: Path, chain: Chain, memory: Memory | None) -> None:
        self._chain = chain
        self._memory = memory
        self._known: Remembered | None = None
        self._read: dict[str, Strand] = {}
        self._folder = folder
        self._paths: dict[str, Path] = {}

    @property
    def devices(self) -> Sequence[str]:
        """The devices whose lines count, the newest first: it may have signed for what is broken in older ones."""
        return [device.code for device in reversed(list(self._chain.devices.values())) if device.writes]

    @property
    def known(self) -> Remembered | None:
        """What this computer remembers; None where it remembers nothing."""
        if self._memory and self._known is None:
            self._known = self._memory.recall()
        return self._known

    def recalled(self, device: str) -> Head | None:
        """How far that journal had come when this computer saw it last."""
        return self.known.journals.get(device) if self.known else None

    def of(self, device: str) -> Strand:
        """The journal of a device. Raises Damaged."""
        path, kept = self._path(device), self._read.get(device)
        if kept is not None and kept.stamp == stamp(path):
            return kept
        # What is remembered is read first: a line appended between the two must not look like one that was lost.
        _, length, digest = self.recalled(device) or (0, 0, "")
        mends = self.mends(device) if len(self.devices) > 1 else {}
        strand = read(path)
        left = self.known.left.get(device) if self.known else None
        if left and not begins(strand, length, digest) and begins(strand, left[1], left[2]):
            raise left_behind(strand.place)
        self._read[device] = trusted(strand, device, self._chain, (length, digest), mends)
        return self._read[device]

    def _path(self, device: str) -> Path:
        if device not in self._paths:
            self._paths[device] = self._folder / f"{device}.jsonl"
        return self._paths[device]

    def by_device(self) -> Iterator[tuple[str, Strand]]:
        """Every journal with its device."""
        return ((device, self.of(device)) for device in self.devices)

    def all(self) -> Iterator[Strand]:
        """Every journal."""
        return (strand for _, strand in self.by_device())

    def changed(self, looked: Mapping[str, Strand]) -> bool:
        """Whether a journal on disk is no longer the one that was looked at."""
        return any(stamp(self._path(device)) != strand.stamp for device, strand in looked.items())

    def problems(self) -> Iterator[errors.ShelterError]:
        """All that is wrong, line by line."""
        for device in self.devices:
            try:
                strand = self.of(device)
            except errors.ShelterError as trouble:
                yield trouble
                continue
            yield from self._edited(device, strand)
            yield from self._unseen(strand)

    def _edited(self, device: str, strand: Strand) -> Iterator[errors.Damaged]:
        """Every line that the device did not write, unless somebody signed for that it is broken."""
        mended = strand.own_mends(device, self.mends(device))
        seq, key, root = 0, self._chain.devices[device].sign, self._chain.root
        marks, last = {digest[:MARK]: place for place, digest in enumerate(self._chain.digests)}, 0
        for number, line in enumerate(each(strand.lines), 1):
            if number not in mended and sound(line, seq) and signed(line, key, root):
                said = json.loads(line)
                seq, mark = int(said["seq"]) + 1, marks.get(said.get("trust"), 0)
                if mark < last:  # it would be sealed to whoever was shut out meanwhile
                    yield edited(strand.place, number)
                last = max(last, mark)
                continue
            seq += 1
            if number not in mended:
                yield edited(strand.place, number)

    def _unseen(self, strand: Strand) -> Iterator[errors.Damaged]:
        """Whether other journals lack what the last line of this one says it saw."""
        said = json.loads(strand.final or b"{}").get("seen") or {}
        for device, (seq, mark) in said.items():
            if device not in self.devices:
                yield edited(strand.place, strand.lines.count(b"\n"))
                continue
            try:
                other = self.of(device)
            except errors.ShelterError:  # it is told by itself
                continue
            there = any(hash_of(line).decode().startswith(mark) for line in reversed(each(other.lines)))
            if not there and not (other.broken and seq < other.next):
                yield rolled_back(other.place)

    def mends(self, device: str) -> dict[int, str]:
        """What devices that came later have signed for as broken in that one's journal; a broken one signs nothing."""
        found: dict[int, str] = {}
        for later in self.devices[: list(self.devices).index(device)]:
            with suppress(errors.ShelterError):
                found |= self.of(later).mends(device)
        return found
