"""The trust chain, statement by statement: read a list and check that each statement was signed by someone who may make
it; extend it by founding a store, admitting or shutting out a device, or replacing the recovery paper.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from shelterctl import errors, limits
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.identity.keys import Identity
from shelterctl.trust.chain_state import (
    MARK_LENGTH,
    Chain,
    Device,
    DeviceEnd,
    StatementTree,
    read_readership,
    settle_branches,
)
from shelterctl.trust.problems import list_forked_error, one_key_twice_error, statement_changed_error
from shelterctl.trust.readership import AccessRules
from shelterctl.trust.statement import (
    Signer,
    Statement,
    StatementFields,
    add_signature,
    parse_statement,
    sign_statement,
)


def verify_chain(lines: bytes, verified: int) -> Chain:
    """Return the chain of these whole lines; the signatures of the first *verified* lines were verified before.

    Raises Damaged if a line was changed, was signed by nobody who may make it, or if one key continued the list twice;
    Conflict if two keys did, each on its own.
    """
    tree = build_statement_tree(lines, verified)
    if len(tree.tips) > 1:
        raise parted_list_error(tree)
    digests = tuple(tree.statements)
    readers = {digest[:MARK_LENGTH]: read_readership(state) for digest, state in tree.states.items()}
    whole = b"".join(statement.line + b"\n" for statement in tree.statements.values())
    return replace(tree.states[digests[-1]], lines=whole, digests=digests, readers=readers)


def build_statement_tree(lines: bytes, verified: int) -> StatementTree:
    """Return the statements of these whole lines as a tree, each signed by someone who may make it at that point.

    Raises Damaged. The state after a statement depends only on the statements that it continues, in whatever order the
    others are.
    """
    split, tree = lines.split(b"\n")[:-1], StatementTree()
    if len(split) > limits.TRUST_CHAIN_LINES or not split:
        raise statement_changed_error(limits.TRUST_CHAIN_LINES + 1 if split else 1)
    if len(lines) > limits.TRUST_CHAIN_BYTES:
        raise statement_changed_error(len(split))
    may_fill = len(split) > limits.TRUST_CHAIN_LINES_PER_DEVICE or len(lines) > limits.TRUST_CHAIN_BYTES_PER_DEVICE
    for number, line in enumerate(split, 1):
        try:
            statement = parse_statement(line, first=number == 1)
        except (ValueError, KeyError, TypeError, RecursionError) as trouble:
            raise statement_changed_error(number) from trouble
        if (number > verified and not statement.has_valid_signatures()) or statement.digest in tree.statements:
            raise statement_changed_error(number)
        if number == 1:
            tree.add(statement, _begin_chain(statement))
        elif statement.kind == "settle":
            tree.add(statement, _settle_chain(tree, statement, number), *statement.fields["prev"])
        else:
            # A later version may join branches in a way that this version does not follow.
            before = next((digest for digest in reversed(tree.states) if digest in statement.fields["prev"]), None)
            if before is None or (may_fill and _takes_reserved_space(tree, statement, before)):
                raise statement_changed_error(number)
            tree.add(statement, _extend_chain(tree.states[before], statement, number), before)
    return tree


def _settle_chain(tree: StatementTree, statement: Statement, number: int) -> Chain:
    """Return the chain after the paper joined several branches. Raises Damaged if it may not."""
    state = settle_branches(tree, statement, number) if statement.fields["root"] == next(iter(tree.states)) else None
    if state is None or _has_too_many_readers(state):
        raise statement_changed_error(number)
    return state


def _takes_reserved_space(tree: StatementTree, statement: Statement, before: str) -> bool:
    """Whether a statement uses the space reserved for shutting devices out, where the paper alone may add more."""
    if statement.kind == "end" or tree.states[before].paper[1] in statement.signatures:
        return False
    rests = tree.up_to(before)
    size = sum(len(tree.statements[digest].line) + 1 for digest in rests) + len(statement.line) + 1
    return len(rests) >= limits.TRUST_CHAIN_LINES_PER_DEVICE or size > limits.TRUST_CHAIN_BYTES_PER_DEVICE


def parted_list_error(tree: StatementTree) -> errors.ShelterError:
    """Return the error for a list with several branches, each signed by someone who may.

    If one key signed two statements that continue the same one, it is used on two computers, or was copied.
    """
    branches = tree.branches()
    alone = {statement.digest for branch in branches for statement in branch.statements}
    signed = set[tuple[str, str]]()
    for digest in alone:
        pairs = {(before, key) for before in tree.before[digest] for key in tree.statements[digest].signatures}
        if twice := signed & pairs:
            return one_key_twice_error(branches[0].codes().get(min(twice)[1], ""))
        signed |= pairs
    return list_forked_error(branches)


def _begin_chain(root: Statement) -> Chain:
    said = root.fields
    device, recovery = _parse_device(root), said["recovery"]
    paper = (recovery["age"], recovery["sign"])
    needed = {device.sign} | ({paper[1]} if paper[1] else set())
    if set(root.signatures) != needed or device.age == paper[0] or device.sign == paper[1]:
        raise statement_changed_error(1)
    devices = {device.code: device}
    adopts, agreed = said.get("adopts"), frozenset(needed)
    return Chain(b"", (root.digest,), said["store"], devices, paper, adopts, {}, agreed, begun_on=root.day)


def _extend_chain(chain: Chain, statement: Statement, number: int) -> Chain:
    """Return the chain after one more statement. Raises Damaged if its signers may not make it."""
    signers, authority = set(statement.signatures), _authority_of(chain, statement)
    after = _apply_statement(chain, statement, number, authority) if authority else None
    if after is None:
        raise statement_changed_error(number)
    # Each named key agrees by signing, and no other key may sign.
    agrees = _agreeing_keys(statement)
    if not agrees <= signers or signers - agrees - authority or _has_too_many_readers(after):
        raise statement_changed_error(number)
    newer = chain.newer or not statement.is_known_kind or len(statement.fields["prev"]) > 1
    return replace(after, signed_keys=chain.signed_keys | agrees, newer=newer)


def _apply_statement(chain: Chain, statement: Statement, number: int, authority: Collection[str]) -> Chain | None:
    """Return the devices and the paper after a statement with this *authority*; None if it is not possible."""
    if statement.kind == "end":
        return _shut_out_device(chain, statement, number, authority)
    if statement.kind in _CHANGES_OF_KIND:
        return _CHANGES_OF_KIND[statement.kind](chain, statement)
    if statement.kind == "roles":
        return replace(chain, roles={**chain.roles, statement.fields["staff"]: tuple(statement.fields["roles"])})
    if statement.kind == "access":
        parts, less = (
            {name: tuple(words) for name, words in statement.fields[key].items()} for key in ("parts", "less")
        )
        return replace(chain, access=AccessRules(parts, less))
    return chain


def read_limit(said: Mapping[str, Any]) -> OwnLimit:
    """Return the limit that the fields of a statement describe."""
    until = date.fromisoformat(said["until"]) if said["until"] else None
    return OwnLimit(**{**said, "since": date.fromisoformat(said["since"]), "until": until})


def _set_limit(chain: Chain, statement: Statement) -> Chain | None:
    """Return the chain with one more limit, or with another last day of one that is there; nothing else of it changes.

    None if the statement says something else about a limit that is there.
    """
    limit, known = read_limit(statement.fields["limit"]), {one.id: one for one in chain.limits}
    if limit.id in known and replace(known[limit.id], until=limit.until) != limit:
        return None
    return replace(chain, limits=tuple({**known, limit.id: limit}.values()))


def _admit_device(chain: Chain, statement: Statement) -> Chain | None:
    device = _parse_device(statement)
    if device.code in chain.devices or _is_key_taken(chain, device.age, device.sign):
        return None
    return replace(chain, devices={**chain.devices, device.code: device})


def _shut_out_device(chain: Chain, statement: Statement, number: int, authority: Collection[str]) -> Chain | None:
    said, ended = statement.fields, chain.devices.get(statement.fields["device"])
    if ended is None or ended.ended:
        return None
    by = next((device.code for device in chain.devices.values() if device.sign in authority), "")
    end = DeviceEnd(said["lines"], said["sha256"], by, number, said["why"], final=not by, on=statement.day)
    return replace(chain, devices={**chain.devices, ended.code: replace(ended, ended=end)})


def _set_paper(chain: Chain, statement: Statement) -> Chain | None:
    """Return the chain with another paper, or with the signature of its present one."""
    age, sign = statement.fields["recovery"]["age"], statement.fields["recovery"]["sign"]
    same = age == chain.paper[0] and chain.paper[1] is None
    if same != (statement.kind == "accept") or (not same and _is_key_taken(chain, age, sign)):
        return None
    return replace(chain, paper=(age, sign), renewed_on=chain.renewed_on if same else statement.day)


_CHANGES_OF_KIND: Mapping[str, Callable[[Chain, Statement], Chain | None]] = {
    "device": _admit_device,
    "recovery": _set_paper,
    "accept": _set_paper,
    "limit": _set_limit,
}
"""The change of a chain by a statement, for kinds that need to know nothing else."""


def _agreeing_keys(statement: Statement) -> frozenset[str]:
    """Return the signing keys that a statement adds to the chain: each of them has to sign it."""
    place = {"device": "device", "recovery": "recovery", "accept": "recovery"}.get(statement.kind)
    return frozenset((statement.fields[place]["sign"],)) if place else frozenset()


def _authority_of(chain: Chain, statement: Statement) -> set[str]:
    """Return the signers of a statement who may make it; empty if none may. A device may always end itself."""
    if statement.fields["root"] != chain.root:
        return set()
    signers = set(statement.signatures)
    return signers & _authorities(chain) or (signers if _is_resignation(chain, statement) else set())


def _has_too_many_readers(chain: Chain) -> bool:
    """Whether more keys could read than the header of a file has room for; age adds one stanza of its own."""
    return len(read_readership(chain).everyone) >= limits.SEALED_HEADER_STANZAS


def _authorities(chain: Chain) -> set[str]:
    """Return the signing keys that may make statements now: once roles decide, those of managers and of the paper."""
    devices = {device.sign for device in chain.devices.values() if chain.may_change_trust(device.code)}
    return devices | ({chain.paper[1]} if chain.paper[1] else set())


def _is_resignation(chain: Chain, statement: Statement) -> bool:
    """Whether a device ends itself, which is always allowed."""
    device = chain.devices.get(str(statement.fields.get("device")))
    return statement.kind == "end" and device is not None and set(statement.signatures) == {device.sign}


def _is_key_taken(chain: Chain, age: str, sign: str) -> bool:
    """Whether one of two keys is in the chain already: a key has one place in it."""
    keys = {key for device in chain.devices.values() for key in (device.age, device.sign)}
    return bool({age, sign} & (keys | set(chain.paper)))


def _parse_device(statement: Statement) -> Device:
    said = statement.fields["device"]
    return Device(said["code"], said["staff"], said["age"], said["sign"], tuple(said["may"]), since=statement.day)


def find_statements_to_acknowledge(chain: Chain, known: int, own: Device) -> list[Statement]:
    """Return those of the statements after the first *known* ones that a person at this key has to look at.

    What only takes something away needs no answer, nor does what this key signed itself or what grants its own person
    a role.
    """
    tree = build_statement_tree(chain.lines, len(chain.digests))
    return [tree.statements[digest] for digest in chain.digests[known:] if _widens(tree, digest, own)]


def _widens(tree: StatementTree, digest: str, own: Device) -> bool:
    statement, after = tree.statements[digest], tree.states[digest]
    before = tree.states[tree.before[digest][0]]
    if statement.kind == "roles":
        staff = statement.fields["staff"]
        return staff != own.staff and not {*after.roles[staff]} <= {*before.roles.get(staff, ())}
    if statement.kind == "access":
        old, new = read_readership(before), read_readership(after)
        if not old.is_by_role:
            return False
        parts = {*old.access.parts, *new.access.parts} if old.access and new.access else ()
        less = new.access.less if new.access else {}
        taken = old.access.less if old.access else {}
        gives_back = any(not {*names} <= {*less.get(role, ())} for role, names in taken.items())
        return not new.is_by_role or gives_back or any(not {*new.roles_for(p)} <= {*old.roles_for(p)} for p in parts)
    if statement.kind == "limit":  # it decides how records are judged, and gives nobody anything to read or write
        return False
    return statement.kind != "device" or own.sign not in statement.signatures


FULL_RIGHTS = ("write", "trust")
"""The rights of an admitted device: to save files, and to change the trust list."""

PERSON_RIGHTS = ("write",)
"""The rights of a person's key; whether it changes the trust list, her role says."""


def found_chain(
    store: str, key: Identity, staff: str, paper: Identity | str, at: str, adopts: Mapping[str, Any] | None = None
) -> Chain:
    """Return the chain of a new store: its device and its paper both sign the root.

    *paper* is only its recipient if the paper is not at hand; then it has not signed yet. *adopts* is the journal of
    0.1.0 that is taken over: device, lines, sha256, and whether this computer remembered it.
    """
    said: StatementFields = {
        "v": 1, "kind": "root", "at": at, "by": staff, "store": store, "device": _device_fields(key, staff),
        "recovery": _paper_fields(paper) if isinstance(paper, Identity) else {"age": paper, "sign": None},
        **({"adopts": dict(adopts)} if adopts else {}),
    }  # fmt: skip
    signers = [key, paper] if isinstance(paper, Identity) else [key]
    return verify_chain(sign_statement(said, signers).line + b"\n", 0)


def add_device_to_chain(chain: Chain, device: Identity, staff: str, by: str, at: str, authority: Signer) -> Chain:
    """Return the chain with one more device, which signs its own admission."""
    said = _next_heading(chain, "device", by, at) | {"device": _device_fields(device, staff)}
    return _append_statement(chain, sign_statement(said, [authority, device]))


def request_key_admission(chain: Chain, device: Identity, staff: str, at: str) -> Statement:
    """Return the admission of a person's key as that key signs it; it counts once a manager's key signs it as well.

    The statement continues the list as it is now, so a list that is continued otherwise needs another request.
    """
    fields = _device_fields(device, staff) | {"may": list(PERSON_RIGHTS)}
    return sign_statement(_next_heading(chain, "device", staff, at) | {"device": fields}, [device])


def countersign_admission(chain: Chain, request: Statement, authority: Signer) -> Chain:
    """Return the chain with the requested key, signed by a manager's key too. Raises Damaged if it does not fit."""
    return _append_statement(chain, add_signature(request, authority))


def grant_roles_in_chain(
    chain: Chain, staff: str, roles: Collection[str], by: str, at: str, authority: Signer
) -> Chain:
    """Return the chain in which a person has exactly these roles."""
    said = _next_heading(chain, "roles", by, at) | {"staff": staff, "roles": sorted(set(roles))}
    return _append_statement(chain, sign_statement(said, [authority]))


def set_access_in_chain(chain: Chain, rules: AccessRules, by: str, at: str, authority: Signer) -> Chain:
    """Return the chain in which these roles open each part; without parts, one key for all."""
    parts, less = ({name: sorted(set(each[name])) for name in sorted(each) if each[name]} for each in rules)
    said = _next_heading(chain, "access", by, at) | {"parts": parts, "less": less}
    return _append_statement(chain, sign_statement(said, [authority]))


def set_limit_in_chain(chain: Chain, limit: OwnLimit, by: str, at: str, authority: Signer) -> Chain:
    """Return the chain with a limit of the house itself, or with another last day of one that it has."""
    said: StatementFields = {field.name: getattr(limit, field.name) for field in fields(limit)}
    said |= {"since": limit.since.isoformat(), "until": limit.until.isoformat() if limit.until else ""}
    statement = _next_heading(chain, "limit", by, at) | {"limit": said}
    return _append_statement(chain, sign_statement(statement, [authority]))


def end_device_in_chain(
    chain: Chain, device: str, journal: tuple[int, str], why: str, by: str, at: str, authority: Signer
) -> Chain:
    """Return the chain without that device; of its *journal* only these lines count, by number and sha256."""
    lines, sha256 = journal
    said = _next_heading(chain, "end", by, at) | {"device": device, "lines": lines, "sha256": sha256, "why": why}
    return _append_statement(chain, sign_statement(said, [authority]))


def add_paper_signature(chain: Chain, paper: Identity, by: str, at: str, authority: Signer) -> Chain:
    """Return the chain with the signature of its paper, which was not at hand when the chain began."""
    said = _next_heading(chain, "accept", by, at) | {"recovery": _paper_fields(paper)}
    return _append_statement(chain, sign_statement(said, [authority, paper]))


def replace_paper_in_chain(chain: Chain, paper: Identity, by: str, at: str, authority: Signer) -> Chain:
    """Return the chain with another paper in place of the present one."""
    said = _next_heading(chain, "recovery", by, at) | {"recovery": _paper_fields(paper)}
    return _append_statement(chain, sign_statement(said, [authority, paper]))


def settle_chain(tree: StatementTree, keep: Collection[str], papers: Sequence[Identity], by: str, at: str) -> Chain:
    """Return the chain that the paper makes of several branches: of the disputed devices, those in *keep* stay.

    Every paper in force in a branch signs; the first of *papers* is the paper from now on. Raises Damaged if they may
    not.
    """
    lines = b"".join(statement.line + b"\n" for statement in tree.statements.values())
    said: StatementFields = {
        "v": 1, "kind": "settle", "root": next(iter(tree.statements)), "prev": sorted(tree.tips), "at": at, "by": by,
        "keep": sorted(keep), "recovery": _paper_fields(papers[0]),
    }  # fmt: skip
    return verify_chain(lines + sign_statement(said, papers).line + b"\n", len(tree.statements))


def _next_heading(chain: Chain, kind: str, by: str, at: str) -> StatementFields:
    return {"v": 1, "kind": kind, "root": chain.root, "prev": [chain.digests[-1]], "at": at, "by": by}


def _append_statement(chain: Chain, statement: Statement) -> Chain:
    """Return the longer chain, verified as everybody will verify it, so that an invalid one is never written."""
    return verify_chain(chain.lines + statement.line + b"\n", len(chain.digests))


def _device_fields(key: Identity, staff: str) -> StatementFields:
    keys = {"age": key.recipient, "sign": key.signing_public}
    return {"code": key.device, "staff": staff, **keys, "may": list(FULL_RIGHTS)}


def _paper_fields(paper: Identity) -> StatementFields:
    return {"age": paper.recipient, "sign": paper.signing_public}
