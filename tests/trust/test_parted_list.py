"""A list that parted, as values: its branches, who may join them, and what holds afterwards."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl import errors, limits
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.trust.chain import (
    add_device_to_chain,
    build_statement_tree,
    end_device_in_chain,
    found_chain,
    replace_paper_in_chain,
    settle_chain,
    verify_chain,
)
from shelterctl.trust.chain_state import (
    Chain,
    StatementTree,
    find_undone_admissions,
    hash_lines,
    is_contained_in,
    join_lists,
    list_disputed_devices,
)
from shelterctl.trust.key_standing import judge_key
from shelterctl.trust.memory import StoreMemory
from shelterctl.trust.statement import parse_statement, sign_statement
from tests.support.processes import doubled
from tests.support.stores import AT, STORE, Ground
from tests.trust.test_chain import SUM, after, refused, said

KEYS = [create_identity() for _ in range(7)]
PAPER, NEWER = create_recovery_key(), create_recovery_key()
ONE, TWO, THREE, FOUR, FIVE, *REST = KEYS
LATER = "2026-12-01T09:00+06:00"


def base() -> Chain:
    """Three devices, two of which shut each other out below."""
    chain = found_chain(STORE, ONE, "s-aida", PAPER, AT)
    for key in (TWO, THREE):
        chain = add_device_to_chain(chain, key, "s-nina", "s-aida", AT, PAPER)
    return chain


BASE = base()


def ends(chain: Chain, whom: Identity, by: Identity, lines: int = 5) -> Chain:
    return end_device_in_chain(chain, str(whom.device), (lines, SUM), "lost", "s-aida", AT, by)


def admits(chain: Chain, whom: Identity, by: Identity) -> Chain:
    return add_device_to_chain(chain, whom, "s-olga", "s-aida", AT, by)


MINE, THEIRS = ends(BASE, TWO, ONE), ends(BASE, ONE, TWO)


def tree(*chains: Chain) -> StatementTree:
    return build_statement_tree(join_lists([chain.lines for chain in chains]), 0)


def codes(*keys: Identity) -> list[str]:
    return sorted(str(key.device) for key in keys)


def settle(lists: StatementTree, *keep: Identity, papers: Sequence[Identity] = (PAPER,)) -> Chain:
    return settle_chain(lists, codes(*keep), papers, "s-aida", LATER)


def in_force(chain: Chain) -> set[str]:
    return {code for code, device in chain.devices.items() if not device.ended}


# What is told.


def test_two_who_shut_each_other_out_are_both_named_with_what_they_did_in_whatever_order_it_lies() -> None:
    for lists in ((MINE, THEIRS), (THEIRS, MINE)):
        with pytest.raises(errors.Conflict) as trouble:
            verify_chain(join_lists([chain.lines for chain in lists]), 0)
        assert trouble.value.code == "trust/forked"
        facts = trouble.value.facts
        sides = {
            (*facts[side], *facts[f"{side}_out"], *facts[f"{side}_in"])  # type: ignore[misc]
            for side in ("first", "second")
        }
        assert sides == {(ONE.device, TWO.device, "nobody"), (TWO.device, ONE.device, "nobody")}


def test_the_paper_is_one_of_two_like_a_device_is() -> None:
    by_paper = ends(BASE, TWO, PAPER)
    with pytest.raises(errors.Conflict) as trouble:
        verify_chain(join_lists([by_paper.lines, THEIRS.lines]), 0)
    assert {str(trouble.value.facts[side][0]) for side in ("first", "second")} == {"the recovery paper", TWO.device}  # type: ignore[index]


def test_one_key_that_went_on_twice_is_damage_and_a_stranger_makes_no_fork_at_all() -> None:
    assert refused(join_lists([MINE.lines, admits(BASE, FOUR, ONE).lines])) == "trust/one-key-twice"
    by_stranger = said(BASE, "end", device=ONE.device, lines=0, sha256=SUM, why="lost")
    assert refused(join_lists([MINE.lines, after(BASE, by_stranger, FOUR)])) == "trust/changed"
    forged = sign_statement(by_stranger, [TWO]).line.replace(b'"lines":0', b'"lines":9')
    assert refused(MINE.lines + forged + b"\n") == "trust/changed"
    # Whoever is shut out has no say from then on, and what he says of before is a fork.
    assert refused(after(MINE, said(MINE, "end", device=ONE.device, lines=0, sha256=SUM, why="lost"), TWO)) == (
        "trust/changed"
    )
    assert refused(join_lists([MINE.lines, THEIRS.lines])) == "trust/forked"


def test_a_statement_stands_once() -> None:
    last = MINE.lines.splitlines(keepends=True)[-1]
    assert refused(MINE.lines + last) == "trust/changed"


# What the paper makes of it.


@pytest.mark.parametrize("keep", [(), (ONE,), (TWO,), (ONE, TWO)], ids=["none", "one", "two", "both"])
def test_of_two_who_shut_each_other_out_those_stay_whom_the_paper_names(keep: tuple[Identity, ...]) -> None:
    lists = tree(MINE, THEIRS)
    assert list(list_disputed_devices(lists.branches())) == codes(ONE, TWO)
    chain = settle(lists, *keep)
    assert in_force(chain) == {*codes(THREE, *keep)}
    for key, by, line in ((ONE, TWO, 5), (TWO, ONE, 4)):
        ended = chain.devices[str(key.device)].ended
        assert (ended and (ended.lines, ended.sha256, ended.by, ended.line, ended.final)) == (
            None if key in keep else (5, SUM, by.device, line, True)
        )
    assert chain.readership.everyone[-1] == PAPER.recipient
    # Whatever was sealed by either list stays readable to whoever it was sealed to.
    for one in (MINE, THEIRS):
        assert {mark: chain.readers[mark].everyone for mark in one.readers} == {
            mark: then.everyone for mark, then in one.readers.items()
        }
    assert not chain.newer


def test_nothing_that_was_said_in_a_list_that_does_not_stand_has_an_effect() -> None:
    theirs = replace_paper_in_chain(admits(THEIRS, FOUR, TWO), NEWER, "s-nina", AT, TWO)
    lists = tree(MINE, theirs)
    with pytest.raises(errors.Damaged):
        settle(lists, ONE)
    chain = settle(lists, ONE, papers=(PAPER, NEWER))
    assert in_force(chain) == {*codes(ONE, THREE)}
    never = chain.devices[str(FOUR.device)].ended
    assert never
    assert (never.lines, never.sha256) == (0, hashlib.sha256(b"").hexdigest())
    assert chain.paper == (PAPER.recipient, PAPER.signing_public)
    assert find_undone_admissions(lists.branches(), chain) == ((FOUR.device,), True)
    kept = settle(lists, TWO, papers=(NEWER, PAPER))
    assert in_force(kept) == {*codes(TWO, THREE, FOUR)}
    assert kept.paper == (NEWER.recipient, NEWER.signing_public)
    assert find_undone_admissions(lists.branches(), kept) == ((), True)


def test_a_list_that_replaced_the_paper_is_no_way_around_the_paper_and_the_old_paper_none_around_the_new_one() -> None:
    renewed, by_old = replace_paper_in_chain(BASE, NEWER, "s-aida", AT, ONE), ends(BASE, ONE, PAPER)
    lists = tree(renewed, by_old)
    assert {branch.state.paper[1] for branch in lists.branches()} == {PAPER.signing_public, NEWER.signing_public}
    for papers in ((PAPER,), (NEWER,)):
        with pytest.raises(errors.Damaged) as trouble:
            settle(lists, papers=papers)
        assert trouble.value.code == "trust/changed"
    assert settle(lists, papers=(NEWER, PAPER)).paper == (NEWER.recipient, NEWER.signing_public)


def test_whom_the_paper_shut_out_is_not_put_to_the_question() -> None:
    by_paper = ends(BASE, TWO, PAPER)
    lists = tree(by_paper, THEIRS)
    assert list(list_disputed_devices(lists.branches())) == codes(ONE)
    assert in_force(settle(lists, ONE)) == {*codes(ONE, THREE)}
    with pytest.raises(errors.Damaged):
        settle(lists, ONE, TWO)


def test_two_who_each_admitted_one_both_hold_and_the_same_computer_twice_is_one() -> None:
    lists = tree(admits(BASE, FOUR, ONE), admits(BASE, FIVE, TWO))
    assert list_disputed_devices(lists.branches()) == ()
    assert in_force(settle(lists)) == {*codes(ONE, TWO, THREE, FOUR, FIVE)}


def test_what_the_loser_goes_on_to_say_parts_the_list_again_and_the_paper_has_its_word_once_more() -> None:
    first = settle(tree(MINE, THEIRS), ONE)
    late = admits(THEIRS, FOUR, TWO)
    for lines in (join_lists([first.lines, late.lines]), join_lists([late.lines, first.lines])):
        assert refused(lines) == "trust/forked"
    lists = tree(first, late)
    assert list(list_disputed_devices(lists.branches())) == codes(ONE)
    assert in_force(settle(lists, ONE)) == {*codes(ONE, THREE)}


def test_an_honest_admission_by_somebody_who_left_later_holds() -> None:
    mine = ends(admits(BASE, FOUR, THREE), THREE, ONE)
    lists = tree(mine, admits(BASE, FIVE, TWO))
    assert list(list_disputed_devices(lists.branches())) == codes(THREE)
    assert in_force(settle(lists)) == {*codes(ONE, TWO, FOUR, FIVE)}


def forms(lists: StatementTree) -> dict[str, object]:
    return {
        "v": 1, "kind": "settle", "root": BASE.root, "prev": sorted(lists.tips), "at": LATER, "by": "s-aida",
        "keep": codes(ONE), "recovery": {"age": PAPER.recipient, "sign": PAPER.signing_public},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "signers"),
    [
        ({}, [ONE]),
        ({}, [TWO]),
        ({}, [PAPER, ONE]),
        ({}, [NEWER]),
        ({"prev": []}, [PAPER]),
        ({"prev": sorted([MINE.digests[-1]])}, [PAPER]),
        ({"prev": sorted([MINE.digests[-1], THEIRS.digests[-1]], reverse=True)}, [PAPER]),
        ({"prev": sorted([MINE.digests[-1], "0" * 64])}, [PAPER]),
        ({"prev": sorted([MINE.digests[-1], BASE.digests[-1]])}, [PAPER]),
        ({"prev": sorted([MINE.digests[-1]] * 2)}, [PAPER]),
        ({"keep": sorted(codes(ONE, TWO), reverse=True)}, [PAPER]),
        ({"keep": codes(ONE, ONE)}, [PAPER]),
        ({"keep": codes(THREE)}, [PAPER]),
        ({"keep": codes(FOUR)}, [PAPER]),
        ({"keep": "none"}, [PAPER]),
        ({"recovery": {"age": NEWER.recipient, "sign": NEWER.signing_public}}, [PAPER]),
        ({"recovery": {"age": NEWER.recipient, "sign": NEWER.signing_public}}, [PAPER, NEWER]),
        ({"root": "0" * 64}, [PAPER]),
        ({"more": 1}, [PAPER]),
    ],
    ids=range(19),
)
def test_a_settlement_that_is_signed_or_written_otherwise_is_none(
    changed: dict[str, object], signers: list[Identity]
) -> None:
    lists = tree(MINE, THEIRS)
    lines = b"".join(statement.line + b"\n" for statement in lists.statements.values())
    whole = sign_statement(forms(lists), [PAPER]).line + b"\n"
    assert in_force(verify_chain(lines + whole, 0)) == {*codes(ONE, THREE)}
    with pytest.raises((errors.Damaged, ValueError)):
        verify_chain(lines + sign_statement({**forms(lists), **changed}, signers).line + b"\n", 0)


def test_a_settlement_cut_off_is_a_fork_again_and_to_whoever_remembers_it_an_older_list(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    ground.me = ONE
    chain = settle(tree(MINE, THEIRS), ONE)
    ground.wrote(chain)
    ground.memory.remember(chain, {}, AT)
    whole = chain.lines.splitlines(keepends=True)
    cuts = {
        b"".join(whole[:-1]): "trust/forked", b"".join([*whole[:-3], *whole[-3:-1][::-1]]): "trust/forked",
        MINE.lines: None, THEIRS.lines: None, BASE.lines: None,
    }  # fmt: skip
    for lines, code in cuts.items():
        (ground.root / "trust.jsonl").write_bytes(lines)
        if code:
            assert refused(lines) == code
        with pytest.raises(errors.Damaged) as trouble:
            judge_key(ground.root, ONE, ground.heads)
        assert trouble.value.code == "trust/older-list"


# What this computer remembers.


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """The store of the first device, which remembers what it did itself."""
    made = Ground(tmp_path)
    made.me = ONE
    made.wrote(MINE)
    made.memory.remember(MINE, {}, AT)
    return made


def seen(ground: Ground, lines: bytes) -> str | None:
    """What keeps the first device from writing, or from reading at all, where these lines lie."""
    (ground.root / "trust.jsonl").write_bytes(lines)
    try:
        standing = judge_key(ground.root, ONE, ground.heads)
    except errors.ShelterError as trouble:
        return f"{int(trouble.exit)} {trouble.code}"
    assert standing
    return standing.closed.code if standing.closed else None


def test_another_list_is_a_fork_an_older_one_older_and_a_forged_one_no_fork(ground: Ground) -> None:
    assert seen(ground, MINE.lines) is None
    assert seen(ground, THEIRS.lines) == "7 trust/forked"
    assert seen(ground, join_lists([THEIRS.lines, MINE.lines])) == "7 trust/forked"
    assert seen(ground, BASE.lines) == "6 trust/older-list"
    assert seen(ground, admits(BASE, FOUR, ONE).lines) == "6 trust/one-key-twice"
    stranger = after(BASE, said(BASE, "end", device=ONE.device, lines=0, sha256=SUM, why="lost"), FOUR)
    assert seen(ground, stranger) == "6 trust/older-list"
    for at in range(len(BASE.lines), len(THEIRS.lines), 7):
        broken = THEIRS.lines[:at] + bytes([THEIRS.lines[at] ^ 1]) + THEIRS.lines[at + 1 :]
        assert seen(ground, broken) == "6 trust/older-list"


def test_what_is_remembered_counts_only_as_it_was_noted(ground: Ground) -> None:
    """The copy of the list beside the key is anybody's who can write there: the note says which one it was."""
    copy = ground.heads / f"{MINE.root[:16]}.trust"
    copy.write_bytes(BASE.lines)
    assert seen(ground, THEIRS.lines) == "6 trust/older-list"
    assert seen(ground, settle(tree(MINE, THEIRS), ONE).lines) == "trust/new-device"
    assert seen(ground, settle(tree(THEIRS, MINE), ONE).lines) == "6 trust/older-list"
    copy.unlink()
    assert seen(ground, THEIRS.lines) == "6 trust/older-list"


def test_who_remembers_a_list_that_was_settled_believes_the_whole_one_in_whatever_order(ground: Ground) -> None:
    for lists, known in ((tree(MINE, THEIRS), 4), (tree(THEIRS, MINE), 3)):
        chain = settle(lists, ONE)
        assert seen(ground, chain.lines) == "trust/new-device"
        remembered = ground.memory.recall(chain.lines)
        assert remembered
        assert remembered.trust == (known, hash_lines(chain.lines, known))
        other = StoreMemory(ground.heads, chain.root, ONE)
        assert other.remember(chain, {}, AT)
        assert seen(ground, chain.lines) is None
        assert seen(ground, MINE.lines) == "6 trust/older-list"
        ground.memory.write_note(MINE, {}, AT)


def test_whom_the_settlement_puts_out_reads_and_writes_no_more(ground: Ground) -> None:
    assert seen(ground, settle(tree(THEIRS, MINE), TWO).lines) == "trust/shut-out"


# Any list at all.


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[bytes], list[Identity], int]:
    """Lists that go on from one at a place, each said by one of its devices; who of those in dispute stays."""
    chain = BASE
    for number in range(draw(st.integers(0, 1))):
        chain = admits(chain, REST[number], draw(st.sampled_from([ONE, TWO])))
    branches = []
    for key, fresh in ((ONE, FOUR), (TWO, FIVE)):
        one = chain
        for step in draw(st.lists(st.sampled_from(["end", "third", "admit"]), min_size=1, max_size=3, unique=True)):
            whom = {"end": TWO if key is ONE else ONE, "third": THREE}.get(step)
            one = admits(one, fresh, key) if whom is None else ends(one, whom, key, draw(st.integers(0, 9)))
        branches.append(one)
    stay = draw(st.sets(st.sampled_from([0, 1, 2])))
    order = draw(st.integers(0, 1 << 30))
    return [one.lines for one in branches], [[ONE, TWO, THREE][at] for at in sorted(stay)], order


def shuffled(lines: bytes, seed: int) -> bytes:
    """The statements in another order, none before one that it goes on from."""
    left, placed = (
        [(parse_statement(line, first=not at), line) for at, line in enumerate(lines.splitlines())],
        list[bytes](),
    )
    digests = set[str]()
    while left:
        ready = [pair for pair in left if set(pair[0].fields.get("prev", [])) <= digests]
        chosen = ready[seed % len(ready)]
        seed = seed * 48271 % 2147483647
        left.remove(chosen)
        digests.add(chosen[0].digest)
        placed.append(chosen[1])
    return b"".join(line + b"\n" for line in placed)


def outcome(chain: Chain) -> object:
    """What holds, but for the numbers of lines."""
    devices = {code: (one, one.ended and one.ended._replace(line=0)) for code, one in chain.devices.items()}
    held = {code: (one.staff, one.age, one.sign, tuple(one.rights), end) for code, (one, end) in devices.items()}
    readers = {mark: then.everyone for mark, then in chain.readers.items()}
    return held, chain.paper, readers, chain.signed_keys, chain.readership.everyone, chain.last_mark


@given(histories())
@settings(max_examples=150, deadline=None)
def test_whatever_lists_part_and_whoever_stays_it_is_read_alike_in_any_order(
    made: tuple[list[bytes], list[Identity], int],
) -> None:
    lists, stay, seed = made
    together = join_lists(lists)
    first, second = (refused(shuffled(together, at)) for at in (seed, seed // 2))
    assert first == second == "trust/forked"
    whole = build_statement_tree(together, 0)
    dispute = list_disputed_devices(whole.branches())
    keep = [key for key in stay if str(key.device) in dispute]
    chain = settle(whole, *keep)
    assert outcome(verify_chain(shuffled(chain.lines, seed), 0)) == outcome(chain)
    again = settle(build_statement_tree(shuffled(together, seed), 0), *keep)
    assert in_force(again) == in_force(chain)
    # Nobody in dispute is in force but by name, and what somebody said who is out for it has no effect.
    assert in_force(chain) & set(dispute) == set(codes(*keep))
    for branch, maker, fresh in zip(lists, (ONE, TWO), (FOUR, FIVE), strict=True):
        other = lists[1] if maker is ONE else lists[0]
        told = verify_chain(other, 0).devices[str(maker.device)].ended is not None
        admitted_one = fresh.device in verify_chain(branch, 0).devices
        stands = not (told and maker not in keep)
        assert (fresh.device in in_force(chain)) == (admitted_one and stands)
        if admitted_one and not stands:
            assert chain.devices[str(fresh.device)].ended.lines == 0  # type: ignore[union-attr]
    assert refused(b"".join(chain.lines.splitlines(keepends=True)[:-1])) == "trust/forked"
    assert all(is_contained_in(one, chain.lines) for one in lists)
    assert not is_contained_in(chain.lines, lists[0])


def test_twice_as_many_statements_cost_twice_as_much_to_read_parted_or_one_again() -> None:
    mine, theirs, lists = BASE, BASE, []
    for number in range(1, 121):
        mine, theirs = (
            replace_paper_in_chain(one, create_recovery_key(), "s-aida", AT, key)
            for one, key in ((mine, ONE), (theirs, TWO))
        )
        if number in (30, 60, 120):
            lists.append(join_lists([mine.lines, theirs.lines]))
    assert doubled(refused_at_once, lists) == []
    assert refused_at_once(lists[-1]) == "trust/forked"


def refused_at_once(lines: bytes) -> str:
    """The code by which a list is not believed, its signatures taken on trust."""
    return refused(lines, limits.TRUST_CHAIN_LINES)
