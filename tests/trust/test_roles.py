"""The trust list once people have keys: who grants roles and access and from when on, what a person's key may sign,
what has to be acknowledged, and what holds where two managers disagree.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl import errors, limits
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.trust.chain import (
    add_device_to_chain,
    build_statement_tree,
    countersign_admission,
    end_device_in_chain,
    find_statements_to_acknowledge,
    found_chain,
    grant_roles_in_chain,
    request_key_admission,
    set_access_in_chain,
    settle_chain,
    verify_chain,
)
from shelterctl.trust.chain_state import Chain, join_lists
from shelterctl.trust.key_standing import judge_key
from shelterctl.trust.memory import StoreMemory
from shelterctl.trust.readership import AccessRules
from shelterctl.trust.statement import add_signature, parse_statement, sign_statement
from tests.support.stores import AT, STORE, Ground
from tests.trust.test_chain import SUM, after, named, refused, said

PAPER = create_recovery_key()
COMPUTER, SECOND, NINA, OLGA, MANAGER = (create_identity() for _ in range(5))
PARTS = {"file": ("manager", "psychologist"), "psychological": ("psychologist",), "roster": ("manager", "security")}
RULES = AccessRules(PARTS, {})
BY = "s-aida"


def person(chain: Chain, key: Identity, staff: str, authority: Identity = COMPUTER) -> Chain:
    """The list with a key of a person, as she asked for it and somebody signed it."""
    return countersign_admission(chain, request_key_admission(chain, key, staff, AT), authority)


def roles(chain: Chain, staff: str, *granted: str, by: Identity = COMPUTER) -> Chain:
    return grant_roles_in_chain(chain, staff, granted, BY, AT, by)


def access(chain: Chain, rules: AccessRules = RULES, by: Identity = COMPUTER) -> Chain:
    return set_access_in_chain(chain, rules, BY, AT, by)


def before_roles() -> Chain:
    """A computer of s-aida, a second one of s-gulnara, keys of s-nina and of s-olga; nobody has a role yet."""
    chain = add_device_to_chain(found_chain(STORE, COMPUTER, BY, PAPER, AT), SECOND, "s-gulnara", BY, AT, COMPUTER)
    return person(person(chain, NINA, "s-nina"), OLGA, "s-olga")


BEFORE = before_roles()
BY_ROLE = access(roles(roles(BEFORE, BY, "manager"), "s-nina", "psychologist"))
"""From here roles decide: s-aida manages, s-nina is the psychologist, s-gulnara and s-olga have no role."""


# How they are written.


def test_roles_and_access_are_lines_of_sorted_words_and_read_as_they_were_written() -> None:
    last, line = (json.loads(each) for each in BY_ROLE.lines.splitlines()[-2:])
    assert list(last) == ["v", "kind", "root", "prev", "at", "by", "staff", "roles", "sigs"]
    assert (last["kind"], last["staff"], last["roles"]) == ("roles", "s-nina", ["psychologist"])
    assert list(line) == ["v", "kind", "root", "prev", "at", "by", "parts", "less", "sigs"]
    assert line["parts"] == {name: sorted(PARTS[name]) for name in sorted(PARTS)}
    assert line["less"] == {}
    assert set(line["sigs"]) == {COMPUTER.signing_public}
    assert (BY_ROLE.roles, BY_ROLE.access) == ({BY: ("manager",), "s-nina": ("psychologist",)}, RULES)
    assert verify_chain(BY_ROLE.lines, 0) == BY_ROLE


def test_what_is_granted_is_sorted_and_said_once_and_an_empty_list_of_names_is_left_out() -> None:
    chain = roles(BEFORE, "s-nina", "psychologist", "manager", "psychologist")
    assert chain.roles["s-nina"] == ("manager", "psychologist")
    chain = access(chain, AccessRules({"file": ("manager", "manager")}, {"manager": (), "security": ("b", "a")}))
    assert chain.access == AccessRules({"file": ("manager",)}, {"security": ("a", "b")})


WRONG_ROLES: Sequence[object] = (
    ["b", "a"], ["a", "a"], "manager", ["Manager"], [""], ["a b"], [1], [["a"]], None, {"a": []}, ["x" * 33], ["ё"],
)  # fmt: skip
WRONG_MAPS: Sequence[object] = (
    {"b": [], "a": []}, {"a": ["c", "b"]}, {"A": []}, {"a": "b"}, [], None, {"a": None}, {"": []}, {"a": {"b": []}},
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_ROLES)
def test_roles_in_another_form_are_no_statement(wrong: object) -> None:
    for fields in (
        said(BEFORE, "roles", staff="s-nina", roles=wrong),
        said(BEFORE, "roles", roles=["manager"], staff="s-nina"),
        said(BEFORE, "roles", staff="S-Nina", roles=["manager"]),
        said(BEFORE, "roles", staff="s-nina", roles=["manager"], more=1),
    ):
        with pytest.raises(ValueError, match="fields"):
            sign_statement(fields, [COMPUTER])


@pytest.mark.parametrize("wrong", WRONG_MAPS)
def test_access_in_another_form_is_no_statement(wrong: object) -> None:
    for fields in (
        said(BEFORE, "access", parts=wrong, less={}),
        said(BEFORE, "access", parts={}, less=wrong),
        said(BEFORE, "access", less={}, parts={}),
        said(BEFORE, "access", parts={}),
    ):
        with pytest.raises(ValueError, match="fields"):
            sign_statement(fields, [COMPUTER])


WORDS = st.lists(st.sampled_from(("manager", "psychologist", "security", "hiv", "file", "start-plan")), max_size=4)


@given(parts=st.dictionaries(st.sampled_from(("file", "roster", "medical")), WORDS), less=st.dictionaries(
    st.sampled_from(("manager", "security")), WORDS))  # fmt: skip
@settings(max_examples=40)
def test_whatever_is_granted_comes_back_from_the_line(
    parts: Mapping[str, Sequence[str]], less: Mapping[str, Sequence[str]]
) -> None:
    asked = ({name: tuple(words) for name, words in each.items()} for each in (parts, less))
    chain = access(BEFORE, AccessRules(*asked))
    expected = [{name: tuple(sorted(set(words))) for name, words in each.items() if words} for each in (parts, less)]
    assert chain.access == AccessRules(*expected)
    assert chain.readership.is_by_role == bool(expected[0])


# Who may sign them.


def test_before_roles_decide_any_computer_with_trust_and_the_paper_sign_and_a_persons_key_does_not() -> None:
    for signer in (COMPUTER, SECOND, PAPER):
        assert roles(BEFORE, "s-nina", "psychologist", by=signer).roles == {"s-nina": ("psychologist",)}
        assert access(BEFORE, by=signer).readership.is_by_role
    for signer in (NINA, create_identity()):
        for fields in (
            said(BEFORE, "roles", staff="s-nina", roles=["manager"]),
            said(BEFORE, "access", parts={"file": ["manager"]}, less={}),
        ):
            assert refused(after(BEFORE, fields, signer)) == "trust/changed"


def test_once_roles_decide_a_managers_key_and_the_paper_sign_and_a_computer_of_somebody_else_does_not() -> None:
    for signer in (COMPUTER, PAPER):
        assert roles(BY_ROLE, "s-olga", "security", by=signer).roles["s-olga"] == ("security",)
    for signer in (SECOND, NINA, OLGA):
        for fields in (
            said(BY_ROLE, "roles", staff="s-olga", roles=["security"]),
            said(BY_ROLE, "access", parts={}, less={}),
            said(BY_ROLE, "end", device=NINA.device, lines=0, sha256=SUM, why="left"),
        ):
            if fields.get("device") != signer.device:
                assert refused(after(BY_ROLE, fields, signer)) == "trust/changed", fields


def test_a_persons_key_with_the_role_of_manager_signs_once_roles_decide_and_not_before() -> None:
    chain = roles(person(BEFORE, MANAGER, "s-boss"), "s-boss", "manager")
    assert not chain.may_change_trust(str(MANAGER.device))
    assert refused(after(chain, said(chain, "roles", staff="s-olga", roles=["other"]), MANAGER)) == "trust/changed"
    chain = access(chain)
    assert chain.may_change_trust(str(MANAGER.device))
    assert not chain.may_change_trust(str(COMPUTER.device))  # its person has no role
    assert roles(chain, "s-olga", "other", by=MANAGER).roles["s-olga"] == ("other",)


def test_a_manager_whose_role_was_taken_or_whose_key_was_shut_out_signs_no_more() -> None:
    chain = roles(person(BY_ROLE, MANAGER, "s-boss"), "s-boss", "manager")
    for less in (
        roles(chain, BY, by=MANAGER),
        end_device_in_chain(chain, str(COMPUTER.device), (0, SUM), "left", "s-boss", AT, MANAGER),
    ):
        assert refused(after(less, said(less, "roles", staff=BY, roles=["manager"]), COMPUTER)) == "trust/changed"


def test_a_role_that_signs_itself_a_part_or_a_role_is_damage() -> None:
    parts = {"file": ["manager", "psychologist"], "roster": ["manager", "psychologist", "security"]}
    own = said(BY_ROLE, "roles", staff="s-nina", roles=["manager", "psychologist"])
    for fields in (own, said(BY_ROLE, "access", parts=parts, less={})):
        with pytest.raises(errors.Damaged) as trouble:
            verify_chain(after(BY_ROLE, fields, NINA), 0)
        assert trouble.value.code == "trust/changed"
        # A manager's signature beside hers counts for nothing either: she is none of those who may sign here.
        assert refused(after(BY_ROLE, fields, COMPUTER, NINA)) == "trust/changed"


def test_statements_about_roles_of_another_store_do_not_count() -> None:

    fields = {**said(BY_ROLE, "roles", staff="s-nina", roles=["manager"]), "root": "0" * 64}
    assert refused(after(BY_ROLE, fields, COMPUTER)) == "trust/changed"


# A person's key.


def test_a_persons_key_is_admitted_by_two_signatures_and_changes_nothing_itself() -> None:
    device = BEFORE.devices[str(NINA.device)]
    assert (device.staff, tuple(device.rights), device.may_write) == ("s-nina", ("write",), True)
    assert NINA.signing_public in BEFORE.signed_keys
    request = request_key_admission(BEFORE, MANAGER, "s-boss", AT)
    assert set(request.signatures) == {MANAGER.signing_public}
    assert refused(BEFORE.lines + request.line + b"\n") == "trust/changed"  # nobody accepted it
    for signer in (NINA, MANAGER, create_identity()):
        with pytest.raises(errors.Damaged):
            countersign_admission(BEFORE, request, signer)


@pytest.mark.parametrize("chain", [BEFORE, BY_ROLE], ids=["before roles", "by role"])
def test_a_persons_key_admits_nobody(chain: Chain) -> None:
    for signer in (NINA, OLGA):
        with pytest.raises(errors.Damaged):
            countersign_admission(chain, request_key_admission(chain, MANAGER, "s-boss", AT), signer)
        fields = said(chain, "device", device=named(MANAGER))
        assert refused(after(chain, fields, signer, MANAGER)) == "trust/changed"


def test_a_request_that_was_changed_is_not_accepted() -> None:
    request = request_key_admission(BEFORE, MANAGER, "s-boss", AT)
    for old, new in (
        (b"s-boss", b"s-bosz"),
        (b'["write"]', b'["trust"]'),
        (AT.encode(), AT.replace("09", "10").encode()),
    ):
        changed = parse_statement(request.line.replace(old, new, 1), first=False)
        assert not changed.has_valid_signatures()
        with pytest.raises(errors.Damaged):
            countersign_admission(BEFORE, changed, COMPUTER)


def test_a_request_to_an_older_list_is_not_accepted() -> None:
    request = request_key_admission(BEFORE, MANAGER, "s-boss", AT)
    moved = roles(BEFORE, "s-nina", "psychologist")
    with pytest.raises(errors.Conflict) as trouble:  # as a second branch it could part the list, and nobody writes that
        countersign_admission(moved, request, SECOND)
    assert trouble.value.code == "trust/forked"
    again = request_key_admission(moved, MANAGER, "s-boss", AT)
    assert countersign_admission(moved, again, SECOND).devices[str(MANAGER.device)].staff == "s-boss"


def test_one_key_has_one_code_and_one_person_may_have_several_keys() -> None:
    for staff in ("s-nina", "s-boss"):
        with pytest.raises(errors.Damaged):
            person(BEFORE, NINA, staff)
    twice = add_signature(request_key_admission(BEFORE, MANAGER, "s-nina", AT), COMPUTER)
    chain = verify_chain(BEFORE.lines + twice.line + b"\n", 0)
    assert [one.code for one in chain.devices.values() if one.staff == "s-nina"] == [NINA.device, MANAGER.device]


@pytest.mark.parametrize("place", ["age", "sign", "code"])
def test_a_key_for_two_codes_is_refused_by_each_of_its_three_places(place: str) -> None:
    taken = {"age": NINA.recipient, "sign": NINA.signing_public, "code": NINA.device}
    fields = said(BEFORE, "device", device=named(MANAGER, may=["write"], staff="s-boss", **{place: taken[place]}))
    signers = (COMPUTER, NINA if place == "sign" else MANAGER)
    assert refused(after(BEFORE, fields, *signers)) == "trust/changed"


def test_a_person_ends_her_own_key_without_a_manager() -> None:
    chain = end_device_in_chain(BY_ROLE, str(NINA.device), (0, SUM), "lost", "s-nina", AT, NINA)
    assert not chain.devices[str(NINA.device)].is_in_force
    assert NINA.recipient not in chain.readership.everyone


# What a person has to look at.


def new_to(chain: Chain, known: Chain, key: Identity) -> list[str]:
    """The kinds of the statements since *known* that a person at this key has to look at."""
    own = chain.devices[str(key.device)]
    return [one.kind for one in find_statements_to_acknowledge(chain, len(known.digests), own)]


def test_what_takes_something_away_needs_no_answer_and_what_gives_does() -> None:
    chain = BY_ROLE
    given = roles(chain, "s-olga", "security", by=PAPER)
    assert new_to(given, chain, NINA) == ["roles"]
    assert new_to(roles(given, "s-olga", by=PAPER), given, NINA) == []
    assert new_to(roles(given, "s-olga", "other", by=PAPER), given, NINA) == ["roles"]  # one role for another one
    assert new_to(roles(given, "s-olga", "security", by=PAPER), given, NINA) == []  # once more the same


def test_what_grants_oneself_a_role_needs_no_answer_of_ones_own_and_of_everybody_elses() -> None:
    given = roles(BY_ROLE, "s-nina", "manager", "psychologist", by=PAPER)
    assert new_to(given, BY_ROLE, NINA) == []
    assert new_to(given, BY_ROLE, OLGA) == ["roles"]
    assert new_to(given, BY_ROLE, COMPUTER) == ["roles"]


def test_ones_own_admission_needs_no_answer_and_everybody_elses_does() -> None:
    chain = person(BY_ROLE, MANAGER, "s-boss")
    assert new_to(chain, BY_ROLE, MANAGER) == []
    assert new_to(chain, BY_ROLE, NINA) == ["device"]


def access_of(**changed: Sequence[str]) -> AccessRules:
    return AccessRules({**PARTS, **{name: tuple(roles) for name, roles in changed.items()}}, {})


@pytest.mark.parametrize(
    ("before", "rules", "widens"),
    [
        pytest.param(RULES, RULES, False, id="the same"),
        pytest.param(RULES, access_of(file=["manager"]), False, id="a role fewer"),
        pytest.param(RULES, access_of(psychological=["manager", "psychologist"]), True, id="a role more"),
        pytest.param(RULES, access_of(psychological=["manager"]), True, id="one role for another"),
        pytest.param(RULES, access_of(medical=["manager"]), False, id="a part more with fewer readers"),
        pytest.param(RULES, access_of(medical=["manager", "security"]), True, id="a part more with more readers"),
        pytest.param(RULES, AccessRules({"file": ("manager", "psychologist")}, {}), True, id="a part gone"),
        pytest.param(RULES, AccessRules({}, {}), True, id="one key for all"),
        pytest.param(RULES, AccessRules(PARTS, {"manager": ("plan",)}), False, id="a role does less"),
        pytest.param(AccessRules(PARTS, {"manager": ("plan",)}), RULES, True, id="a role does it again"),
        pytest.param(
            AccessRules(PARTS, {"manager": ("plan",)}), AccessRules(PARTS, {"manager": ("need",)}), True,
            id="one thing for another",
        ),
        pytest.param(
            AccessRules(PARTS, {"manager": ("plan",)}), AccessRules(PARTS, {"manager": ("need", "plan")}), False,
            id="a role does still less",
        ),
    ],
)  # fmt: skip
def test_access_that_widens_needs_an_answer(before: AccessRules, rules: AccessRules, widens: bool) -> None:
    chain = access(BY_ROLE, before, by=PAPER)
    assert new_to(access(chain, rules, by=PAPER), chain, NINA) == (["access"] if widens else [])


def test_the_first_access_takes_from_everybody_who_read_all_and_needs_no_answer() -> None:
    chain = roles(roles(BEFORE, BY, "manager"), "s-nina", "psychologist")
    assert new_to(access(chain), chain, SECOND) == []


def test_a_manager_who_signed_a_statement_need_not_look_at_it(tmp_path: Path) -> None:
    """Who signed it remembers the longer list at once, and so do all who accepted it."""
    ground = Ground(tmp_path)
    ground.wrote(grant_roles_in_chain(ground.chain, "s-nina", ["security"], BY, AT, ground.me))
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing is not None
    assert standing.closed is not None
    assert standing.closed.code == "trust/new-device"
    ground.memory.remember(ground.chain, {}, AT)
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing is not None
    assert standing.closed is None


def test_a_later_kind_of_statement_among_roles_still_makes_the_store_one_to_read_alone(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    chain = access(grant_roles_in_chain(ground.chain, BY, ["manager"], BY, AT, ground.me), by=ground.me)
    assert not chain.newer
    later = verify_chain(after(chain, said(chain, "rooms", rooms=["a"]), ground.me), 0)
    assert later.newer
    assert (later.roles, later.access) == (chain.roles, chain.access)  # what is known still decides who reads
    ground.wrote(roles(later, "s-nina", "security", by=ground.me))
    StoreMemory(ground.heads, ground.chain.root, ground.me).remember(ground.chain, {}, AT)
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing is not None
    assert standing.closed is not None
    assert (standing.closed.code, standing.closed.exit) == ("trust/newer", errors.ExitCode.CONFLICT)
    assert refused(after(chain, said(chain, "rooms", rooms=["a"]), NINA)) == "trust/changed"


# Two managers who disagree.


def with_two_managers() -> Chain:
    return roles(person(BY_ROLE, MANAGER, "s-boss"), "s-boss", "manager")


TWO = with_two_managers()


def joined(*branches: Chain) -> Chain:
    """What the paper makes of several branches; in the other order it makes the same."""
    parts = [each.lines for each in branches]
    results = [
        settle_chain(build_statement_tree(join_lists(order), 0), [], [PAPER], BY, AT) for order in (parts, parts[::-1])
    ]
    assert (results[0].roles, results[0].access) == (results[1].roles, results[1].access)
    return results[0]


def test_two_managers_who_disagree_part_the_list_and_only_the_paper_joins_it() -> None:
    one, other = roles(TWO, "s-olga", "security"), roles(TWO, "s-olga", "medical_adviser", by=MANAGER)
    with pytest.raises(errors.Conflict) as trouble:
        verify_chain(join_lists([one.lines, other.lines]), 0)
    assert (trouble.value.code, trouble.value.exit) == ("trust/forked", errors.ExitCode.CONFLICT)
    tree = build_statement_tree(join_lists([one.lines, other.lines]), 0)
    with pytest.raises(errors.Damaged):
        settle_chain(tree, [], [COMPUTER], BY, AT)
    assert joined(one, other).roles["s-olga"] == ()


def test_one_manager_who_signs_two_ways_is_a_key_on_two_computers() -> None:
    one, other = roles(TWO, "s-olga", "security"), roles(TWO, "s-olga", "other")
    assert refused(join_lists([one.lines, other.lines])) == "trust/one-key-twice"


def test_what_one_branch_takes_away_stays_away() -> None:
    start = roles(TWO, "s-olga", "medical_adviser", "security")
    one = roles(start, "s-olga", "medical_adviser")
    other = roles(start, "s-nina", "legal_adviser", "psychologist", by=MANAGER)
    found = joined(one, other)
    assert found.roles["s-olga"] == ("medical_adviser",)
    assert found.roles["s-nina"] == ("psychologist",)  # given by one branch alone
    assert found.roles[BY] == found.roles["s-boss"] == ("manager",)


def test_of_two_ways_to_open_a_part_the_roles_that_both_name_open_it() -> None:
    one = access(TWO, access_of(psychological=["manager", "psychologist"], medical=["manager"]))
    other = access(TWO, AccessRules({**PARTS, "roster": ("manager",)}, {"psychologist": ("plan",)}), by=MANAGER)
    one = access(one, AccessRules(one.access.parts if one.access else {}, {"psychologist": ("need",)}))
    rules = joined(one, other).access
    assert rules is not None
    assert rules.parts == {**PARTS, "roster": ("manager",), "medical": ()}
    assert rules.less == {"psychologist": ("need", "plan")}


def test_a_branch_that_keeps_one_key_for_all_does_not_open_what_the_other_closed() -> None:
    one, other = access(TWO, AccessRules({}, {})), roles(TWO, "s-olga", "security", by=MANAGER)
    found = joined(one, other)
    assert found.readership.is_by_role
    assert found.roles["s-olga"] == ("security",)
    both = joined(access(TWO, AccessRules({}, {})), access(TWO, AccessRules({}, {}), by=MANAGER))
    assert not both.readership.is_by_role


GRANTS = st.lists(
    st.tuples(
        st.sampled_from(("s-nina", "s-olga", "s-gulnara")),
        st.lists(st.sampled_from(("security", "psychologist", "medical_adviser", "manager")), max_size=3),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@given(mine=GRANTS, theirs=GRANTS)
@settings(max_examples=30)
def test_joining_two_lists_opens_nothing_that_a_branch_had_closed(
    mine: list[tuple[str, list[str]]], theirs: list[tuple[str, list[str]]]
) -> None:
    one, other = TWO, TWO
    for staff, granted in mine:
        one = roles(one, staff, *granted)
    for staff, granted in theirs:
        other = roles(other, staff, *granted, by=MANAGER)
    if one.lines == other.lines:
        return
    found = joined(one, other)
    for staff, granted_now in found.roles.items():
        assert {*granted_now} <= {*one.roles.get(staff, ())} & {*other.roles.get(staff, ())}
    for part in PARTS:
        keys = {*found.readership.recipients(part)}
        assert keys <= {*one.readership.recipients(part)} & {*other.readership.recipients(part)}


# Limits.


def lines_of(chain: Chain, count: int, signer: Identity) -> bytes:
    """The list grown to so many statements, each of which gives or takes a role; not read meanwhile."""
    lines, last = chain.lines, chain.digests[-1]
    for number in range(count - len(chain.digests)):
        fields = {**said(chain, "roles", staff="s-olga", roles=["other"] * (number % 2)), "prev": [last]}
        statement = sign_statement(fields, [signer])
        lines, last = lines + statement.line + b"\n", statement.digest
    return lines


def test_a_list_has_room_for_a_house_that_grants_roles_for_years() -> None:
    full = verify_chain(lines_of(BY_ROLE, limits.TRUST_CHAIN_LINES_PER_DEVICE, COMPUTER), limits.TRUST_CHAIN_LINES)
    assert len(full.digests) == limits.TRUST_CHAIN_LINES_PER_DEVICE == 448
    assert len(full.lines) < limits.TRUST_CHAIN_BYTES_PER_DEVICE
    # What is left is kept for shutting keys out, and for the paper.
    assert refused(after(full, said(full, "roles", staff="s-olga", roles=["other"]), COMPUTER), 448) == "trust/changed"
    ended = end_device_in_chain(full, str(NINA.device), (0, SUM), "left", BY, AT, COMPUTER)
    assert not ended.devices[str(NINA.device)].is_in_force
    whole = lines_of(ended, limits.TRUST_CHAIN_LINES, PAPER)
    assert len(verify_chain(whole, limits.TRUST_CHAIN_LINES).digests) == limits.TRUST_CHAIN_LINES == 512
    assert refused(whole + whole.splitlines(keepends=True)[-1], limits.TRUST_CHAIN_LINES) == "trust/changed"


def test_a_file_has_room_for_sixty_two_keys_and_the_paper() -> None:
    """Age adds a stanza of its own to each header, so of sixty-four places the sixty-third key is one too many."""
    chain = BY_ROLE
    for number in range(limits.SEALED_HEADER_STANZAS - 2 - len(chain.devices)):
        chain = person(chain, create_identity(), f"s-p{number}")
    assert len(chain.readership.everyone) == limits.SEALED_HEADER_STANZAS - 1 == 63
    with pytest.raises(errors.Damaged):
        person(chain, create_identity(), "s-more")
    ended = end_device_in_chain(chain, str(OLGA.device), (0, SUM), "left", BY, AT, COMPUTER)
    assert person(ended, create_identity(), "s-more").devices


def test_keys_of_persons_take_no_room_until_roles_decide_and_roles_do_not_begin_without_it() -> None:
    chain = access(found_chain(STORE, COMPUTER, BY, PAPER, AT), AccessRules({}, {}))
    for number in range(limits.SEALED_HEADER_STANZAS):
        chain = person(chain, create_identity(), f"s-p{number}")
    assert len(chain.readership.everyone) == 2
    with pytest.raises(errors.Damaged):
        access(roles(chain, BY, "manager"))
