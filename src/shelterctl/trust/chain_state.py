"""What the statements of a trust chain amount to: the devices, the recovery paper and who could read when; and, where
a list continued in two ways, its branches, the devices they disagree on, and how the paper makes them one again.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NamedTuple

from shelterctl.immutable import immutable
from shelterctl.trust.statement import Statement

TRUST_LIST_FILE = "trust.jsonl"
"""The file of a store in which its trust list is."""

MARK_LENGTH = 16
"""How many letters of a statement's hash the line of a journal carries."""

PaperKeys = tuple[str, str | None]
"""The keys of the recovery paper: the age recipient, and the one that it signs with; None until it has signed."""


class DeviceEnd(NamedTuple):
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


@immutable(eq=True)
class Device:
    """A device: its keys, what it may do, and, once it was shut out, how much of its journal still counts.

    *since* is the day on which it came onto the list; one that two admitted on different days is one device.
    """

    code: str
    staff: str
    age: str
    sign: str
    rights: Sequence[str]
    ended: DeviceEnd | None = None
    since: str = field(default="", compare=False)

    @property
    def may_write(self) -> bool:
        """Whether lines of it count at all."""
        return "write" in self.rights


@immutable(eq=True)
class Chain:
    """Everything that the statements say together. Without statements it is that of a store of 0.1.0."""

    lines: bytes
    digests: tuple[str, ...]
    store: str
    devices: Mapping[str, Device]
    paper: PaperKeys
    """The paper's key to seal to, and the one that it signs with; None until it has signed."""
    adopts: Mapping[str, Any] | None
    readers: Mapping[str, tuple[str, ...]]
    """Who could read, by the mark of the statement that was in force."""
    signed_keys: frozenset[str]
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
    def last_mark(self) -> str:
        """The statement in force."""
        return self.digests[-1][:MARK_LENGTH] if self.digests else ""

    @property
    def paper_since(self) -> str:
        """The day from which on the paper in force could read."""
        return self.renewed_on or self.begun_on

    @property
    def recipients(self) -> tuple[str, ...]:
        """The keys to seal to."""
        return list_readers(self.devices, self.paper)

    def adopted_lines(self, device: str) -> int:
        """How many lines of that device's journal were written by 0.1.0, and taken over with its store."""
        return int(self.adopts["lines"]) if self.adopts and self.adopts["device"] == device else 0


def hash_lines(lines: bytes, count: int) -> str:
    """The sha256 of the first *count* lines."""
    return hashlib.sha256(b"".join(lines.splitlines(keepends=True)[:count])).hexdigest()


def make_old_store_chain(store: str, device: Device, paper: str) -> Chain:
    """The chain by which a store of 0.1.0 is believed: one's own key alone."""
    return Chain(b"", (), store, {device.code: device}, (paper, None), None, {}, frozenset((device.sign,)))


def sheet_number(chain: Chain, last: Mapping[str, int]) -> int:
    """The number for the sheet in the safe, which never falls: statements, and the lines of all journals.

    *last* is the number of each journal's last line, counted from 0.
    """
    return len(chain.digests) + sum(seq + 1 for seq in last.values())


def list_readers(devices: Mapping[str, Device], paper: PaperKeys) -> tuple[str, ...]:
    """The keys to seal to: of every device in force, and of the paper."""
    return (*(device.age for device in devices.values() if not device.ended), paper[0])


NO_LINES_SHA256 = hashlib.sha256(b"").hexdigest()


class Branch(NamedTuple):
    """One of the lists into which a list went apart: its last statement, what was said in it alone, and its outcome."""

    tip: str
    statements: tuple[Statement, ...]
    state: Chain

    @property
    def since(self) -> str:
        """The day on which it went its own way."""
        return self.statements[0].day

    def codes(self) -> Mapping[str, str]:
        """The devices that it knows, by the keys that they sign with."""
        return {device.sign: device.code for device in self.state.devices.values()}

    def made_by(self) -> tuple[str, ...]:
        """The devices that made its statements, in their order; empty text for the paper."""
        codes = self.codes()
        keys = (key for one in self.statements for key in one.signatures if key != _find_subject_key(one))
        return tuple(dict.fromkeys(codes.get(key, "") for key in keys))

    def shut_out(self) -> tuple[str, ...]:
        """The devices that it alone shuts out."""
        return tuple(str(one.fields["device"]) for one in self.statements if one.kind == "end")

    def admitted(self) -> tuple[str, ...]:
        """The devices that it alone admits."""
        return tuple(str(one.fields["device"]["code"]) for one in self.statements if one.kind == "device")


@dataclass(repr=False)
class StatementTree:
    """Statements by their hashes as they hang together: what each goes on from, and what is so after it."""

    statements: dict[str, Statement] = field(default_factory=dict)
    states: dict[str, Chain] = field(default_factory=dict)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tips: dict[str, None] = field(default_factory=dict)

    def add(self, statement: Statement, state: Chain, *before: str) -> None:
        """A statement that goes on from these."""
        digest = statement.digest
        self.statements[digest], self.states[digest], self.before[digest] = statement, state, before
        for each in before:
            self.tips.pop(each, None)
        self.tips[digest] = None

    def up_to(self, tip: str) -> set[str]:
        """A statement and all that it rests on."""
        found, left = set[str](), [tip]
        while left:
            if (digest := left.pop()) not in found:
                found.add(digest)
                left.extend(self.before[digest])
        return found

    def branches(self, *tips: str) -> list[Branch]:
        """The branches that end in these tips, each with what not all of them say; all branches where none is named."""
        named = sorted(tips or self.tips)
        rests = [self.up_to(tip) for tip in named]
        shared = set.intersection(*rests)
        alone = [tuple(one for digest, one in self.statements.items() if digest in rest - shared) for rest in rests]
        return [Branch(tip, said, self.states[tip]) for tip, said in zip(named, alone, strict=True)]


def join_lists(lists: Sequence[bytes]) -> bytes:
    """All statements of several lists, each once: those of the first as they lie, then what the next ones have more."""
    return b"".join(dict.fromkeys(line for each in lists for line in each.splitlines(keepends=True)))


def is_contained_in(older: bytes, newer: bytes) -> bool:
    """Whether every statement of one list is in the other one too, in whatever order."""
    return newer.startswith(older) or set(older.splitlines()) <= set(newer.splitlines())


def count_shared_statements(one: bytes, other: bytes) -> int:
    """The number of statements that two lists have in common at their beginnings."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    shorter = min(one.count(b"\n"), other.count(b"\n"))
    return next((at for at, (mine, yours) in enumerate(pairs) if mine != yours), shorter)


def list_disputed_devices(branches: Sequence[Branch]) -> tuple[str, ...]:
    """The devices that one branch shuts out and another does not; whom the paper shut out is not among them."""
    found = {code: _device_by_branch(branches, code) for branch in branches for code in branch.state.devices}
    return tuple(
        sorted(
            code
            for code, by_branch in found.items()
            if _is_disputed(by_branch) and not _is_shut_out_by_paper(by_branch)
        )
    )


def settle_branches(tree: StatementTree, statement: Statement, number: int) -> Chain | None:
    """The chain once the paper made one list of several again; None where it may not say it so.

    Every paper signs that is in force in one of the branches: a branch that replaced the paper is no way around it.
    """
    said, prev = statement.fields, statement.fields["prev"]
    if len(prev) < 2 or list(prev) != sorted(set(prev)) or not all(tip in tree.states for tip in prev):
        return None
    if any(tip in tree.up_to(other) for tip in prev for other in prev if other != tip):
        return None
    branches, keep = tree.branches(*prev), said["keep"]
    papers, paper = {branch.state.paper for branch in branches}, (said["recovery"]["age"], said["recovery"]["sign"])
    if set(statement.signatures) != {sign for _, sign in papers} or paper not in papers:
        return None
    if list(keep) != sorted(set(keep) & set(list_disputed_devices(branches))):
        return None
    devices = _merge_devices(branches, frozenset(keep), number, statement.day)
    if devices is None or not _are_keys_unique(devices.values(), paper):
        return None
    states = [branch.state for branch in branches]
    signed_keys = reduce(frozenset.union, (state.signed_keys for state in states))
    newer, renewed_on = any(state.newer for state in states), {state.paper: state.renewed_on for state in states}[paper]
    return replace(states[0], devices=devices, paper=paper, renewed_on=renewed_on, signed_keys=signed_keys, newer=newer)


def find_undone_admissions(branches: Sequence[Branch], chain: Chain) -> tuple[tuple[str, ...], bool]:
    """The devices whose admission has no effect once the branches are one chain, and whether a paper has none."""
    everywhere = set.intersection(*(set(branch.state.devices) for branch in branches))
    once = {code for branch in branches for code, one in branch.state.devices.items() if not one.ended} - everywhere
    gone = tuple(sorted(code for code in once if code not in chain.devices or chain.devices[code].ended))
    return gone, any(branch.state.paper != chain.paper for branch in branches)


def _merge_devices(
    branches: Sequence[Branch], keep: Collection[str], number: int, day: str
) -> dict[str, Device] | None:
    """The devices of all branches: whoever is disputed stays by the word of the paper alone.

    None where one code means two devices.

    A branch stands unless a device that made it is out because another branch shut it out; what else was said in such
    a branch has no effect, and a device that it admitted never wrote a line that counts.
    """
    codes = dict.fromkeys(code for branch in branches for code in branch.state.devices)
    found = {code: _device_by_branch(branches, code) for code in codes}
    out = {
        code for code, by_branch in found.items() if any(one.ended for one in by_branch.values()) and code not in keep
    }
    standing = {
        branch.tip
        for branch in branches
        if not any(code in out and _is_shut_out_elsewhere(found[code], branch.tip) for code in branch.made_by() if code)
    }
    devices = dict[str, Device]()
    for code, by_branch in found.items():
        kept = {tip: one for tip, one in by_branch.items() if tip in standing}
        if not kept and len(by_branch) < len(branches):
            end = DeviceEnd(0, NO_LINES_SHA256, "", number, "undone", final=True, on=day)
            never = replace(next(iter(by_branch.values())), ended=end)
            if _are_keys_unique([*devices.values(), never], ("", None)):
                devices[code] = never
            continue
        best, *others = (replace(one, ended=None) for one in (kept or by_branch).values())
        if any(other != best for other in others):
            return None
        if code in out:
            ends = [one.ended for one in kept.values() if one.ended] or [
                one.ended for one in by_branch.values() if one.ended
            ]
            devices[code] = replace(best, ended=max(ends)._replace(final=True))
        else:
            devices[code] = best
    return devices


def _device_by_branch(branches: Sequence[Branch], code: str) -> Mapping[str, Device]:
    """A device as it is in each branch that knows it, by the last statement of the branch."""
    return {branch.tip: branch.state.devices[code] for branch in branches if code in branch.state.devices}


def _is_disputed(by_branch: Mapping[str, Device]) -> bool:
    return len({one.ended is None for one in by_branch.values()}) > 1


def _is_shut_out_by_paper(by_branch: Mapping[str, Device]) -> bool:
    return any(one.ended and one.ended.final for one in by_branch.values())


def _is_shut_out_elsewhere(by_branch: Mapping[str, Device], tip: str) -> bool:
    return any(one.ended for other, one in by_branch.items() if other != tip)


def _are_keys_unique(devices: Collection[Device], paper: PaperKeys) -> bool:
    """Whether no key has two places."""
    keys = [key for device in devices for key in (device.age, device.sign)] + [key for key in paper if key]
    return len(keys) == len(set(keys))


def _find_subject_key(statement: Statement) -> str | None:
    """The key whose place a statement is about: it agrees by signing, and makes nothing of it."""
    about = statement.fields.get("device" if statement.kind == "device" else "recovery")
    return about.get("sign") if isinstance(about, dict) and statement.kind != "settle" else None
