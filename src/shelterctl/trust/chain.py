"""The trust chain: statement after statement, who may write, who may read, and who may say so."""

from dataclasses import replace

from shelterctl import bound, errors
from shelterctl.trust.fork import Tree, settled
from shelterctl.trust.state import MARK, Chain, Device, End, readers_of
from shelterctl.trust.statement import Statement, read
from shelterctl.trust.verdict import changed, forked, one_key_twice


def followed(lines: bytes, known: int) -> Chain:
    """The chain of these whole lines, the signatures of the first *known* of which were verified before.

    Raises Damaged where a line was changed or nobody who may say it signed it, or where one key continued it twice;
    Conflict where two did, each on its own.
    """
    tree = traced(lines, known)
    if len(tree.tips) > 1:
        raise apart(tree)
    digests = tuple(tree.statements)
    readers = {digest[:MARK]: readers_of(state.devices, state.paper) for digest, state in tree.states.items()}
    whole = b"".join(statement.line + b"\n" for statement in tree.statements.values())
    return replace(tree.states[digests[-1]], lines=whole, digests=digests, readers=readers)


def traced(lines: bytes, known: int) -> Tree:
    """The statements of these whole lines as they hang together, each signed by whoever might say so where it stands.

    Raises Damaged. What comes of one statement rests on those before it alone, in whatever order the others lie.
    """
    split, tree = lines.split(b"\n")[:-1], Tree()
    if len(split) > bound.STATEMENTS or not split:
        raise changed(bound.STATEMENTS + 1 if split else 1)
    if len(lines) > bound.TRUST:
        raise changed(len(split))
    may_fill = len(split) > bound.STATEMENTS_FILLED or len(lines) > bound.TRUST_FILLED
    for number, line in enumerate(split, 1):
        try:
            statement = read(line, first=number == 1)
        except (ValueError, KeyError, TypeError, RecursionError) as trouble:
            raise changed(number) from trouble
        if (number > known and not statement.signed()) or statement.digest in tree.statements:
            raise changed(number)
        if number == 1:
            tree.add(statement, _founded(statement))
        elif statement.kind == "settle":
            if statement.said["root"] != next(iter(tree.states)) or not (state := settled(tree, statement, number)):
                raise changed(number)
            if len(readers_of(state.devices, state.paper)) >= bound.STANZAS:
                raise changed(number)
            tree.add(statement, state, *statement.said["prev"])
        else:
            # What a later version joins in its own way is not joined here.
            before = next((digest for digest in reversed(tree.states) if digest in statement.said["prev"]), None)
            if before is None or (may_fill and _fills(tree, statement, before)):
                raise changed(number)
            tree.add(statement, _continued(tree.states[before], statement, number), before)
    return tree


def _fills(tree: Tree, statement: Statement, before: str) -> bool:
    """Whether a statement takes the room that is kept for shutting devices out: only the paper may say more there."""
    if statement.kind == "end" or tree.states[before].paper[1] in statement.signatures:
        return False
    rests = tree.up_to(before)
    size = sum(len(tree.statements[digest].line) + 1 for digest in rests) + len(statement.line) + 1
    return len(rests) >= bound.STATEMENTS_FILLED or size > bound.TRUST_FILLED


def apart(tree: Tree) -> errors.ShelterError:
    """The error of a list that goes on in several ways, each signed by whoever might say so.

    Where one key signed two statements that go on from one it is used on two computers, or was copied.
    """
    branches = tree.branches()
    alone = {statement.digest for branch in branches for statement in branch.said}
    signed = set[tuple[str, str]]()
    for digest in alone:
        pairs = {(before, key) for before in tree.before[digest] for key in tree.statements[digest].signatures}
        if twice := signed & pairs:
            return one_key_twice(branches[0].codes().get(min(twice)[1], ""))
        signed |= pairs
    return forked(branches)


def _founded(root: Statement) -> Chain:
    said = root.said
    device, recovery = _device(root), said["recovery"]
    paper = (recovery["age"], recovery["sign"])
    needed = {device.sign} | ({paper[1]} if paper[1] else set())
    if set(root.signatures) != needed or device.age == paper[0] or device.sign == paper[1]:
        raise changed(1)
    devices = {device.code: device}
    adopts, agreed = said.get("adopts"), frozenset(needed)
    return Chain(b"", (root.digest,), said["store"], devices, paper, adopts, {}, agreed, begun_on=root.day)


def _continued(chain: Chain, statement: Statement, number: int) -> Chain:
    """The chain after one more statement. Raises Damaged where those who signed it may not say so."""
    said, signers = statement.said, set(statement.signatures)
    if said["root"] != chain.root or not (authority := signers & _authorities(chain)):
        if not (said["root"] == chain.root and _resigns(chain, statement)):
            raise changed(number)
        authority = signers
    devices, paper, renewed_on, agreed = dict(chain.devices), chain.paper, chain.renewed_on, set(chain.agreed)
    if statement.kind == "device":
        device = _device(statement)
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
        end = End(said["lines"], said["sha256"], by, number, said["why"], final=not by, on=statement.day)
        devices[ended.code] = replace(ended, ended=end)
    elif statement.kind in ("recovery", "accept"):
        new = said["recovery"]
        mine = {new["sign"]}
        same = new["age"] == paper[0] and paper[1] is None
        if same != (statement.kind == "accept") or (not same and _taken(chain, new["age"], new["sign"])):
            raise changed(number)
        paper, renewed_on = (new["age"], new["sign"]), renewed_on if same else statement.day
    else:
        mine = set()
    # Whoever is named agrees by signing, and nobody signs who has no part in it.
    if not mine <= signers or signers - mine - authority:
        raise changed(number)
    if len(readers_of(devices, paper)) >= bound.STANZAS:  # age adds one stanza of its own
        raise changed(number)
    newer = chain.newer or not statement.known or len(said["prev"]) > 1
    agreed |= mine
    return replace(chain, devices=devices, paper=paper, renewed_on=renewed_on, agreed=frozenset(agreed), newer=newer)


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


def _device(statement: Statement) -> Device:
    said = statement.said["device"]
    return Device(said["code"], said["staff"], said["age"], said["sign"], tuple(said["may"]), since=statement.day)
