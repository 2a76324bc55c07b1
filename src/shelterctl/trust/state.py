"""The outcome of the statements of a trust chain: the devices, the paper, and who could read at each of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FILE = "trust.jsonl"

MARK = 16
"""How many letters of a statement's hash the line of a journal carries."""


class End(NamedTuple):
    """The end of a device that was shut out: the lines of its journal that count, their sha256, and who said so where.

    *by* is the device that signed, none where the paper did, *line* the number of its statement from 1, and *why* a
    code: lost, left, copied; undone for a device whose admission does not hold since a list that parted was settled. It
    is *final* where the paper said so: nobody else's word stands against that. *on* is the day of the statement.
    """

    lines: int
    sha256: str
    by: str
    line: int
    why: str
    final: bool = False
    on: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Device:
    """A device: its keys, what it may do, and, once it was shut out, how much of its journal still counts.

    *since* is the day on which it came onto the list; one that two admitted on different days is one device.
    """

    code: str
    staff: str
    age: str
    sign: str
    may: Sequence[str]
    ended: End | None = None
    since: str = field(default="", compare=False)

    @property
    def writes(self) -> bool:
        """Whether lines of it count at all."""
        return "write" in self.may


@dataclass(frozen=True, slots=True, repr=False)
class Chain:
    """Everything that the statements say together. Without statements it is that of a store of 0.1.0."""

    lines: bytes
    digests: tuple[str, ...]
    store: str
    devices: Mapping[str, Device]
    paper: tuple[str, str | None]
    """The paper's key to seal to, and the one that it signs with; None until it has signed."""
    adopts: Mapping[str, Any] | None
    readers: Mapping[str, tuple[str, ...]]
    """Who could read, by the mark of the statement that was in force."""
    agreed: frozenset[str]
    """The signing keys that signed their own place in the chain."""
    newer: bool = False
    """Whether a statement of a kind that only a later version knows is among them."""
    begun_on: str = ""
    """The day of the root."""
    renewed_on: str = ""
    """The day on which the paper in force took the place of another one; empty where it is the first."""

    @property
    def root(self) -> str:
        """The hash of the first statement, by which a store is itself and no other; none in a store of 0.1.0."""
        return self.digests[0] if self.digests else ""

    @property
    def mark(self) -> str:
        """The statement in force."""
        return self.digests[-1][:MARK] if self.digests else ""

    @property
    def paper_since(self) -> str:
        """The day from which on the paper in force could read."""
        return self.renewed_on or self.begun_on

    @property
    def recipients(self) -> tuple[str, ...]:
        """The keys to seal to."""
        return readers_of(self.devices, self.paper)

    def up_to(self, count: int) -> str:
        """The sha256 of the first *count* statements as they lie."""
        return hashlib.sha256(b"".join(self.lines.splitlines(keepends=True)[:count])).hexdigest()


def of_old(store: str, device: Device, paper: str) -> Chain:
    """The chain by which a store of 0.1.0 is believed: one's own key alone."""
    return Chain(b"", (), store, {device.code: device}, (paper, None), None, {}, frozenset((device.sign,)))


def number_of(chain: Chain, last: Mapping[str, int]) -> int:
    """The number for the sheet in the safe, which never falls: statements, and the lines of all journals.

    *last* is the number of each journal's last line, counted from 0.
    """
    return len(chain.digests) + sum(seq + 1 for seq in last.values())


def readers_of(devices: Mapping[str, Device], paper: tuple[str, str | None]) -> tuple[str, ...]:
    """The keys to seal to: of every device in force, and of the paper."""
    return (*(device.age for device in devices.values() if not device.ended), paper[0])
