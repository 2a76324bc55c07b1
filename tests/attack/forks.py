"""A list that went on in two ways, by honest ones, by whoever was shut out and by strangers; and its settlement."""

import hashlib
from collections.abc import Collection
from typing import Any

from shelterctl.identity.keys import Identity, create_identity
from shelterctl.trust.chain import add_device_to_chain, build_statement_tree, end_device_in_chain, verify_chain
from shelterctl.trust.chain_state import Chain, StatementTree, join_lists
from shelterctl.trust.statement import Signer, sign_statement
from tests.attack.lab import AT, BY, Forger, Lab, Misled, named
from tests.attack.without_key import all_put_back


def each_shut_the_other_out(lab: Lab) -> None:
    """The first computer shut the second out, and the second the first; both lists came together."""
    mine, theirs = _parted(lab)
    _lies(lab, join_lists([mine.lines, theirs.lines]))


def their_list_in_the_place_of_ours(lab: Lab) -> None:
    """Of two lists that went apart the other one lies here."""
    _lies(lab, _parted(lab)[1].lines)


def their_list_with_one_bit_changed(lab: Lab) -> None:
    """Nobody signed it so: that the list went apart must not be a milder word for it."""
    lines = _parted(lab)[1].lines
    _lies(lab, lines[:-20] + bytes([lines[-20] ^ 2]) + lines[-19:])


def fork_by_forged_signature(lab: Lab) -> None:
    """A stranger's statement beside the last one, under the name of the second device."""
    _beside(lab, _before(lab), Forger(lab.second))


def fork_by_a_stranger(lab: Lab) -> None:
    _beside(lab, _before(lab), lab.mallory)


def fork_by_a_stranger_in_the_place_of_ours(lab: Lab) -> None:
    """The list without its last statement, and a stranger's own behind it."""
    before = _before(lab)
    _lies(lab, before.lines)
    _beside(lab, before, lab.mallory)


def ended_forks_the_list(lab: Lab) -> None:
    """Whoever was shut out goes on from before that, and shuts the house out."""
    _beside(lab, _before(lab), lab.second)


def ended_forks_the_list_without_its_end(lab: Lab) -> None:
    """The same, and its own end is taken off."""
    before = _before(lab)
    _lies(lab, before.lines)
    _beside(lab, before, lab.second)


def ended_puts_all_back_and_forks_the_list(lab: Lab) -> None:
    all_put_back(lab)
    _beside(lab, lab.chain, lab.second)


def ended_admits_from_before_its_end(lab: Lab) -> None:
    """Whoever was shut out admits a device of his own, by a statement from before that."""
    chain = add_device_to_chain(_before(lab), lab.mallory, BY, BY, AT, lab.second)
    _lies(lab, join_lists([lab.chain.lines, chain.lines]))


def settled_by_whoever_was_shut_out(lab: Lab) -> None:
    """A list that went apart, and a settlement that a device signed: it is the one that stays."""
    ended_forks_the_list(lab)
    _settle(lab, [lab.second], lab.second)


def settled_by_a_stranger(lab: Lab) -> None:
    each_shut_the_other_out(lab)
    _settle(lab, [lab.key], lab.mallory)


def settled_by_a_forged_paper(lab: Lab) -> None:
    each_shut_the_other_out(lab)
    _settle(lab, [lab.key], Forger(lab.paper))


def settled_by_a_line_of_a_journal(lab: Lab) -> None:
    """What the paper signed for another purpose."""
    each_shut_the_other_out(lab)
    _settle(
        lab, [lab.key], Misled(lab.paper, b"shelterctl journal/2 %s\n" % next(iter(_tree(lab).statements)).encode())
    )


def settlement_with_another_outcome(lab: Lab) -> None:
    """Another device stands in the settlement than the paper signed for."""
    _settled(lab)
    place = lab.house / "trust.jsonl"
    kept = b'"keep":["%s"]'
    mine, theirs = (kept % str(key.device).encode() for key in (lab.key, lab.second))
    assert mine in place.read_bytes()
    place.write_bytes(place.read_bytes().replace(mine, theirs))


def settlement_cut_off(lab: Lab) -> None:
    _settled(lab)
    _lies(lab, b"".join(_lines(lab)[:-1]))


def settlement_put_back_to_their_list(lab: Lab) -> None:
    """The list of the one who does not stay, as it was before the settlement."""
    theirs = _settled(lab)
    _lies(lab, theirs.lines)


def loser_goes_on_after_the_settlement(lab: Lab) -> None:
    """Who does not stay continues its own list as if nothing had been settled, and admits a device of its own."""
    theirs = _settled(lab)
    _lies(lab, add_device_to_chain(theirs, lab.mallory, BY, BY, AT, lab.second).lines)


def loser_admits_behind_the_settlement(lab: Lab) -> None:
    """Who does not stay continues the settled list."""
    _settled(lab)
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, lab.mallory)


def admitted_by_the_loser(lab: Lab) -> None:
    """A device that was admitted in the list that does not stand admits another one behind the settlement."""
    mine, theirs = _parted(lab)
    third, fourth = lab.mallory, create_identity()
    theirs = add_device_to_chain(theirs, third, BY, BY, AT, lab.second)
    _lies(lab, join_lists([mine.lines, theirs.lines]))
    lab.desk().do(f"repair --trust --recovery paper --keep {lab.key.device}")
    lab.state(lab.next("device", device=named(fourth)), third, fourth)


def paper_found_shuts_the_house_out(lab: Lab) -> None:
    """Whoever found the paper shuts every device out, and admits one of his own."""
    for key in (lab.key, lab.second):
        _lies(lab, _end(lab, lab.chain, key, lab.paper).lines)
    _lies(lab, add_device_to_chain(lab.chain, lab.mallory, BY, BY, AT, lab.paper).lines)


def paper_found_forks_the_list(lab: Lab) -> None:
    """Whoever found the paper goes on from before the last statement of the house, and shuts the house out."""
    before = _before(lab)
    _lies(lab, join_lists([lab.chain.lines, _end(lab, before, lab.key, lab.paper).lines]))


def old_paper_forks_the_list(lab: Lab) -> None:
    """Whoever has the old paper goes on from before it was replaced, and admits a device of his own."""
    _lies(lab, join_lists([lab.chain.lines, _by_old_paper(lab).lines]))


def _by_old_paper(lab: Lab) -> Chain:
    return add_device_to_chain(_before(lab), lab.mallory, BY, BY, AT, lab.old_paper)


def _parted(lab: Lab) -> tuple[Chain, Chain]:
    """The list in which this computer, which knows of it, shut the second out, and the one in which that one did so."""
    before = lab.chain
    mine, theirs = _end(lab, before, lab.second, lab.key), _end(lab, before, lab.key, lab.second)
    _lies(lab, mine.lines)
    lab.desk().do("trust --accept")
    return mine, theirs


def _settled(lab: Lab) -> Chain:
    """Both lists made one by the paper, by which this computer stays; the list of the other one."""
    mine, theirs = _parted(lab)
    _lies(lab, join_lists([mine.lines, theirs.lines]))
    lab.desk().do(f"repair --trust --recovery paper --keep {lab.key.device}")
    lab.number += 3
    return theirs


def _settle(lab: Lab, keep: Collection[Identity], signer: Signer) -> None:
    """A settlement of what lies there, signed by whoever."""
    tree, paper = _tree(lab), lab.paper
    said: dict[str, Any] = {
        "v": 1, "kind": "settle", "root": next(iter(tree.statements)), "prev": sorted(tree.tips), "at": AT, "by": BY,
        "keep": sorted(str(key.device) for key in keep),
        "recovery": {"age": paper.recipient, "sign": paper.signing_public},
    }  # fmt: skip
    _lies(lab, b"".join([*_lines(lab), sign_statement(said, [signer]).line + b"\n"]))


def _tree(lab: Lab) -> StatementTree:
    return build_statement_tree(b"".join(_lines(lab)), len(_lines(lab)))


def _end(lab: Lab, chain: Chain, whom: Identity, signer: Any) -> Chain:
    lines = lab.journal(whom).read_bytes()
    head = lines.count(b"\n"), hashlib.sha256(lines).hexdigest()
    return end_device_in_chain(chain, str(whom.device), head, "left", BY, AT, signer)


def _before(lab: Lab) -> Chain:
    """The list without its last statement."""
    lines = _lines(lab)[:-1]
    return verify_chain(b"".join(lines), len(lines))


def _beside(lab: Lab, before: Chain, signer: Any) -> None:
    """Behind what lies there: a statement by which the first device is shut out, as if *before* had been the last."""
    lines = lab.journal().read_bytes()
    said = {
        "v": 1, "kind": "end", "root": before.root, "prev": [before.digests[-1]], "at": AT, "by": BY,
        "device": lab.key.device, "lines": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest(),
        "why": "left",
    }  # fmt: skip
    _lies(lab, b"".join([*_lines(lab), sign_statement(said, [signer]).line + b"\n"]))


def _lines(lab: Lab) -> list[bytes]:
    return (lab.house / "trust.jsonl").read_bytes().splitlines(keepends=True)


def _lies(lab: Lab, lines: bytes) -> None:
    (lab.house / "trust.jsonl").write_bytes(lines)
