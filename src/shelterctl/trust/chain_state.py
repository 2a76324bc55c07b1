"""The result of a trust chain: the devices, the recovery paper and who could read when; and, if a list continued in two
ways, its branches, the devices they disagree on, and how the paper joins them.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NamedTuple

from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.immutable import immutable
from shelterctl.trust.readership import AccessRules, Readership
from shelterctl.trust.statement import Statement

TRUST_LIST_FILE = "trust.jsonl"
"""The name of the file with the trust list of a store."""

MARK_LENGTH = 16
"""The number of letters of a statement's hash that a line of a journal carries."""

PaperKeys = tuple[str, str | None]
"""The keys of the recovery paper: its age recipient, and its signing key; the latter is None until the paper has
signed.
"""


class DeviceEnd(NamedTuple):
    """The end of a device that was shut out: how many lines of its journal count, their sha256, and who signed it
    where.

    *by* is the device that signed, empty for the paper; *line* is the number of its statement, from 1. *why* is a code:
    lost, left, copied; or undone, for a device whose admission became void when a list with branches was settled.
    *final* means that the paper signed it, and no device can contradict it. *on* is the day of the statement.
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
    """A device: its keys, its rights, and, once it was shut out, how much of its journal still counts.

    *since* is the day on which it came onto the list; it is not compared, because two branches may admit a device on
    different days.
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
        """Whether lines of this device count at all."""
        return "write" in self.rights

    @property
    def is_in_force(self) -> bool:
        """Whether it was not shut out."""
        return self.ended is None


@immutable(eq=True)
class Chain:
    """The combined result of all statements; without statements, the chain of a store of 0.1.0."""

    lines: bytes
    digests: tuple[str, ...]
    store: str
    devices: Mapping[str, Device]
    paper: PaperKeys
    """The paper's key to seal to, and its signing key, None until it has signed."""
    adopts: Mapping[str, Any] | None
    readers: Mapping[str, Readership]
    """Who could read what, by the mark of the statement then in force."""
    signed_keys: frozenset[str]
    """The signing keys that signed their own place in the chain."""
    newer: bool = False
    """Whether a statement is of a kind that only a later version knows."""
    begun_on: str = ""
    """The day of the root."""
    renewed_on: str = ""
    """The day on which the paper in force replaced another one; empty if it is the first."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The roles granted to each person, by staff code."""
    access: AccessRules | None = None
    """The roles that open each part; None while nobody decided about it."""
    limits: tuple[OwnLimit, ...] = ()
    """The stricter limits that the house itself set, in the order in which they were first signed; also ended ones."""

    @property
    def root(self) -> str:
        """The hash of the first statement, which identifies the store; empty in a store of 0.1.0."""
        return self.digests[0] if self.digests else ""

    @property
    def last_mark(self) -> str:
        """The mark of the statement in force."""
        return self.digests[-1][:MARK_LENGTH] if self.digests else ""

    @property
    def paper_since(self) -> str:
        """The day since which the paper in force could read."""
        return self.renewed_on or self.begun_on

    @property
    def readership(self) -> Readership:
        """Who may read what now."""
        return self.readers[self.last_mark] if self.last_mark in self.readers else read_readership(self)

    def may_change_trust(self, device: str) -> bool:
        """Whether a device signs the trust list: once roles decide, that of a manager."""
        own = self.devices.get(device)
        if own is None or own.ended:
            return False
        return self.readership.manages(own.staff) if self.readership.is_by_role else "trust" in own.rights

    def adopted_lines(self, device: str) -> int:
        """Return how many lines of that device's journal were written by 0.1.0 and taken over with its store."""
        return int(self.adopts["lines"]) if self.adopts and self.adopts["device"] == device else 0


def hash_lines(lines: bytes, count: int) -> str:
    """Return the sha256 of the first *count* lines."""
    return hashlib.sha256(b"".join(lines.splitlines(keepends=True)[:count])).hexdigest()


def make_old_store_chain(store: str, device: Device, paper: str) -> Chain:
    """Return the chain for a store of 0.1.0, which is believed by one's own key alone."""
    return Chain(b"", (), store, {device.code: device}, (paper, None), None, {}, frozenset((device.sign,)))


def sheet_number(chain: Chain, last: Mapping[str, int]) -> int:
    """Return the number for the sheet in the safe, which never falls: all statements plus the lines of all journals.

    *last* is the number of each journal's last line, counted from 0.
    """
    return len(chain.digests) + sum(seq + 1 for seq in last.values())


def read_readership(chain: Chain) -> Readership:
    """Return who may read what by the devices, the paper and the roles of a chain."""
    return Readership(tuple(chain.devices.values()), chain.paper[0], chain.roles, chain.access)


NO_LINES_SHA256 = hashlib.sha256(b"").hexdigest()


class Branch(NamedTuple):
    """One of several continuations of a list: its last statement, the statements that it alone has, and its result."""

    tip: str
    statements: tuple[Statement, ...]
    state: Chain

    @property
    def since(self) -> str:
        """The day of its first statement of its own."""
        return self.statements[0].day

    def codes(self) -> Mapping[str, str]:
        """Return the devices that it knows, by their signing keys."""
        return {device.sign: device.code for device in self.state.devices.values()}

    def made_by(self) -> tuple[str, ...]:
        """Return the devices that made its statements, in order; an empty text stands for the paper."""
        codes = self.codes()
        keys = (key for one in self.statements for key in one.signatures if key != _find_subject_key(one))
        return tuple(dict.fromkeys(codes.get(key, "") for key in keys))

    def shut_out(self) -> tuple[str, ...]:
        """Return the devices that only this branch shuts out."""
        return tuple(str(one.fields["device"]) for one in self.statements if one.kind == "end")

    def admitted(self) -> tuple[str, ...]:
        """Return the devices that only this branch admits."""
        return tuple(str(one.fields["device"]["code"]) for one in self.statements if one.kind == "device")


@dataclass(repr=False)
class StatementTree:
    """Statements by their hashes: which ones each continues, and the state after it."""

    statements: dict[str, Statement] = field(default_factory=dict)
    states: dict[str, Chain] = field(default_factory=dict)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tips: dict[str, None] = field(default_factory=dict)

    def add(self, statement: Statement, state: Chain, *before: str) -> None:
        """Add a statement that continues these."""
        digest = statement.digest
        self.statements[digest], self.states[digest], self.before[digest] = statement, state, before
        for each in before:
            self.tips.pop(each, None)
        self.tips[digest] = None

    def up_to(self, tip: str) -> set[str]:
        """Return a statement and all that it continues, directly or not."""
        found, left = set[str](), [tip]
        while left:
            if (digest := left.pop()) not in found:
                found.add(digest)
                left.extend(self.before[digest])
        return found

    def branches(self, *tips: str) -> list[Branch]:
        """Return the branches that end in these *tips*, or all branches, each with the statements that not all of them
        have.
        """
        named = sorted(tips or self.tips)
        rests = [self.up_to(tip) for tip in named]
        shared = set.intersection(*rests)
        alone = [tuple(one for digest, one in self.statements.items() if digest in rest - shared) for rest in rests]
        return [Branch(tip, said, self.states[tip]) for tip, said in zip(named, alone, strict=True)]


def join_lists(lists: Sequence[bytes]) -> bytes:
    """Return all statements of several lists, each once, in the order in which they first occur."""
    return b"".join(dict.fromkeys(line for each in lists for line in each.splitlines(keepends=True)))


def is_contained_in(older: bytes, newer: bytes) -> bool:
    """Whether every statement of the older list is also in the newer one, in any order."""
    return newer.startswith(older) or set(older.splitlines()) <= set(newer.splitlines())


def count_shared_statements(one: bytes, other: bytes) -> int:
    """Return how many statements two lists have in common at the start."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    shorter = min(one.count(b"\n"), other.count(b"\n"))
    return next((at for at, (mine, yours) in enumerate(pairs) if mine != yours), shorter)


def list_disputed_devices(branches: Sequence[Branch]) -> tuple[str, ...]:
    """Return the devices that one branch shuts out and another does not, without those that the paper shut out."""
    found = {code: _device_by_branch(branches, code) for branch in branches for code in branch.state.devices}
    return tuple(
        sorted(
            code
            for code, by_branch in found.items()
            if _is_disputed(by_branch) and not _is_shut_out_by_paper(by_branch)
        )
    )


def settle_branches(tree: StatementTree, statement: Statement, number: int) -> Chain | None:
    """Return the chain after the paper joined several branches; None if this statement may not do so.

    Every paper in force in a branch must sign, so that a branch which replaced the paper cannot bypass the old one.
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
    roles, access = _merge_roles(states)
    return replace(
        states[0], devices=devices, paper=paper, renewed_on=renewed_on, signed_keys=signed_keys, newer=newer,
        roles=roles, access=access, limits=merge_limits(states),
    )  # fmt: skip


def merge_limits(states: Sequence[Chain]) -> tuple[OwnLimit, ...]:
    """Return the limits of all branches; one that a branch ended holds until the last day that any of them gives it."""
    found: dict[str, OwnLimit] = {}
    for limit in (limit for state in states for limit in state.limits):
        other = found.get(limit.id)
        if other is None or (other.until and (limit.until is None or limit.until > other.until)):
            found[limit.id] = limit
    return tuple(found.values())


def _merge_roles(states: Sequence[Chain]) -> tuple[dict[str, tuple[str, ...]], AccessRules | None]:
    """Return the roles and the access rules that all branches grant: where they differ, the stricter holds.

    What one branch takes away stays away, so that joining two lists opens nothing to anybody. A branch in which one key
    opens everything grants no roles, so the others decide.
    """
    deciding = [state for state in states if state.access and state.access.parts] or list(states)
    codes = sorted({code for state in deciding for code in state.roles})
    shared = {code: set.intersection(*({*state.roles.get(code, ())} for state in deciding)) for code in codes}
    roles = {code: tuple(sorted(granted)) for code, granted in shared.items()}
    rules = [state.access for state in deciding if state.access]
    if not rules:
        return roles, None
    names = sorted({part for rule in rules for part in rule.parts})
    parts = {part: tuple(sorted(set.intersection(*({*rule.parts.get(part, ())} for rule in rules)))) for part in names}
    less = {
        role: tuple(sorted({name for rule in rules for name in rule.less.get(role, ())}))
        for role in sorted({role for rule in rules for role in rule.less})
    }
    return roles, AccessRules(parts, less)


def find_undone_admissions(branches: Sequence[Branch], chain: Chain) -> tuple[tuple[str, ...], bool]:
    """Return the devices whose admission is void once the branches are joined, and whether a paper is void."""
    everywhere = set.intersection(*(set(branch.state.devices) for branch in branches))
    once = {code for branch in branches for code, one in branch.state.devices.items() if not one.ended} - everywhere
    gone = tuple(sorted(code for code in once if code not in chain.devices or chain.devices[code].ended))
    return gone, any(branch.state.paper != chain.paper for branch in branches)


def _merge_devices(
    branches: Sequence[Branch], keep: Collection[str], number: int, day: str
) -> dict[str, Device] | None:
    """Return the devices of all branches; only the paper decides whether a disputed one stays.

    None if one code means two devices.

    A branch is void if a device that made it is out because another branch shut it out. The other statements of such a
    branch have no effect, and the lines of a device that it admitted do not count.
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
    """Return a device's state in each branch that knows it, by the last statement of the branch."""
    return {branch.tip: branch.state.devices[code] for branch in branches if code in branch.state.devices}


def _is_disputed(by_branch: Mapping[str, Device]) -> bool:
    return len({one.ended is None for one in by_branch.values()}) > 1


def _is_shut_out_by_paper(by_branch: Mapping[str, Device]) -> bool:
    return any(one.ended and one.ended.final for one in by_branch.values())


def _is_shut_out_elsewhere(by_branch: Mapping[str, Device], tip: str) -> bool:
    return any(one.ended for other, one in by_branch.items() if other != tip)


def _are_keys_unique(devices: Collection[Device], paper: PaperKeys) -> bool:
    """Whether no key occurs twice."""
    keys = [key for device in devices for key in (device.age, device.sign)] + [key for key in paper if key]
    return len(keys) == len(set(keys))


def _find_subject_key(statement: Statement) -> str | None:
    """Return the key that a statement is about: it signs to agree, not as the author."""
    about = statement.fields.get("device" if statement.kind == "device" else "recovery")
    return about.get("sign") if isinstance(about, dict) and statement.kind != "settle" else None
