"""The trust chain: statement after statement, who may write, who may read, and who may say so."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from shelterctl import bound
from shelterctl.trust.statement import Statement, read
from shelterctl.trust.verdict import changed, forked

FILE = "trust.jsonl"

MARK = 16
"""How many letters of a statement's hash the line of a journal carries."""


class End(NamedTuple):
    """How a device was shut out: the lines of its journal that still count, with their sha256, and who said so where.

    *by* is the device that signed, none where the paper did, *line* the number of its statement from 1, and *why* a
    code: lost, left, copied.
    """

    lines: int
    sha256: str
    by: str
    line: int
    why: str


@dataclass(frozen=True, slots=True, repr=False)
class Device:
    """A device: its keys, what it may do, and, once it was shut out, how much of its journal still counts."""

    code: str
    staff: str
    age: str
    sign: str
    may: Sequence[str]
    ended: End | None = None

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

    @property
    def root(self) -> str:
        """The hash of the first statement, by which a store is itself and no other; none in a store of 0.1.0."""
        return self.digests[0] if self.digests else ""

    @property
    def mark(self) -> str:
        """The statement in force."""
        return self.digests[-1][:MARK] if self.digests else ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The keys to seal to."""
        return _readers(self.devices, self.paper)

    def up_to(self, count: int) -> str:
        """The sha256 of the first *count* statements as they lie."""
        return hashlib.sha256(b"".join(self.lines.splitlines(keepends=True)[:count])).hexdigest()


def followed(lines: bytes, known: int) -> Chain:
    """The chain of these whole lines, the signatures of the first *known* of which were verified before.

    Raises Damaged where a line was changed or nobody who may say it signed it, Conflict where it was continued twice.
    """
    split = lines.split(b"\n")[:-1]
    if len(split) > bound.STATEMENTS:
        raise changed(bound.STATEMENTS + 1)
    chain: Chain | None = None
    for number, line in enumerate(split, 1):
        try:
            statement = read(line, first=chain is None)
        except (ValueError, KeyError, TypeError, RecursionError) as trouble:
            raise changed(number) from trouble
        if number > known and not statement.signed():
            raise changed(number)
        chain = _founded(statement) if chain is None else _continued(chain, statement, number)
    if chain is None:
        raise changed(1)
    return chain


def of_old(store: str, device: Device, paper: str) -> Chain:
    """What a store of 0.1.0 is believed by: one's own key alone."""
    return Chain(b"", (), store, {device.code: device}, (paper, None), None, {}, frozenset((device.sign,)))


def number_of(chain: Chain, last: Mapping[str, int]) -> int:
    """The number for the sheet in the safe, which never falls: statements, and the lines of all journals.

    *last* is the number of each journal's last line, counted from 0.
    """
    return len(chain.digests) + sum(seq + 1 for seq in last.values())


def _founded(root: Statement) -> Chain:
    said = root.said
    device, recovery = _device(said["device"]), said["recovery"]
    paper = (recovery["age"], recovery["sign"])
    needed = {device.sign} | ({paper[1]} if paper[1] else set())
    if set(root.signatures) != needed or device.age == paper[0] or device.sign == paper[1]:
        raise changed(1)
    devices = {device.code: device}
    readers = {root.digest[:MARK]: _readers(devices, paper)}
    lines, adopts = root.line + b"\n", said.get("adopts")
    agreed = frozenset(needed)
    return Chain(
        lines, (root.digest,), said["store"], devices, paper, adopts, readers, agreed, begun_on=said["at"][:10]
    )


def _continued(chain: Chain, statement: Statement, number: int) -> Chain:
    """The chain with one more statement, if whoever signed it might say so."""
    said, signers = statement.said, set(statement.signatures)
    if chain.digests[-1] not in said["prev"]:
        raise (
            forked(number, _twice(chain, said["prev"], signers))
            if set(said["prev"]) & set(chain.digests)
            else changed(number)
        )
    if said["root"] != chain.root or not (authority := signers & _authorities(chain)):
        if not (said["root"] == chain.root and _resigns(chain, statement)):
            raise changed(number)
        authority = signers
    devices, paper, agreed = dict(chain.devices), chain.paper, set(chain.agreed)
    if statement.kind == "device":
        device = _device(said["device"])
        mine = {device.sign}
        if device.code in devices or _taken(chain, device.age, device.sign):
            raise changed(number)
        devices[device.code] = device
    elif statement.kind == "end":
        mine = set()
        ended = devices.get(said["device"])
        if ended is None or ended.ended:
            raise changed(number)
        by = next((device.code for device in chain.devices.values() if device.sign in authority), "")
        devices[ended.code] = replace(ended, ended=End(said["lines"], said["sha256"], by, number, said["why"]))
    elif statement.kind in ("recovery", "accept"):
        new = said["recovery"]
        mine = {new["sign"]}
        same = new["age"] == paper[0] and paper[1] is None
        if same != (statement.kind == "accept") or (not same and _taken(chain, new["age"], new["sign"])):
            raise changed(number)
        paper = (new["age"], new["sign"])
    else:
        mine = set()
    # Whoever is named agrees by signing, and nobody signs who has no part in it.
    if not mine <= signers or signers - mine - authority:
        raise changed(number)
    if len(_readers(devices, paper)) >= bound.STANZAS:  # age adds one stanza of its own
        raise changed(number)
    newer = chain.newer or not statement.known or len(said["prev"]) > 1
    return replace(
        chain,
        lines=chain.lines + statement.line + b"\n",
        digests=(*chain.digests, statement.digest),
        devices=devices,
        paper=paper,
        readers={**chain.readers, statement.digest[:MARK]: _readers(devices, paper)},
        agreed=frozenset(agreed | mine),
        newer=newer,
    )


def _authorities(chain: Chain) -> set[str]:
    """The signing keys of whoever may make statements just now."""
    devices = {device.sign for device in chain.devices.values() if "trust" in device.may and not device.ended}
    return devices | ({chain.paper[1]} if chain.paper[1] else set())


def _resigns(chain: Chain, statement: Statement) -> bool:
    """Whether a device ends itself, which it may always."""
    device = chain.devices.get(str(statement.said.get("device")))
    return statement.kind == "end" and device is not None and set(statement.signatures) == {device.sign}


def _taken(chain: Chain, age: str, sign: str) -> bool:
    """Whether one of two keys is known already: a key has one place in the chain."""
    keys = {key for device in chain.devices.values() for key in (device.age, device.sign)}
    return bool({age, sign} & (keys | set(chain.paper)))


def _twice(chain: Chain, prev: Sequence[str], signers: set[str]) -> bool:
    """Whether somebody who signed the one continuation signed the other too."""
    known = chain.lines.split(b"\n")[:-1]
    after = [chain.digests.index(digest) + 1 for digest in prev if digest in chain.digests]
    return any(signers & set(read(known[at], first=False).signatures) for at in after if at < len(known))


def _device(said: Mapping[str, Any]) -> Device:
    return Device(said["code"], said["staff"], said["age"], said["sign"], tuple(said["may"]))


def _readers(devices: Mapping[str, Device], paper: tuple[str, str | None]) -> tuple[str, ...]:
    return (*(device.age for device in devices.values() if not device.ended), paper[0])
