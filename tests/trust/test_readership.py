"""Who may read each part, as values: by the keys of the list, the roles of their people, and the roles of each part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.trust.readership import AccessRules, Readership, part_of_file


@dataclass(frozen=True)
class Key:
    """A key of a list: its recipient is its own name."""

    staff: str
    age: str
    rights: Sequence[str] = ("write",)
    is_in_force: bool = True


OFFICE = Key("s-aida", "office", ("write", "trust"))
LAPTOP = Key("s-nina", "laptop", ("write", "trust"))
NINA, NINA_TWO = Key("s-nina", "nina"), Key("s-nina", "nina-two")
GUARD, FORMER = Key("s-guard", "guard"), Key("s-olga", "olga", is_in_force=False)
HOLDERS = (OFFICE, LAPTOP, NINA, NINA_TWO, GUARD, FORMER)
GRANTED: Mapping[str, tuple[str, ...]] = {
    "s-aida": ("manager",), "s-nina": ("psychologist",), "s-guard": ("security",), "s-olga": ("medical_adviser",),
}  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "file": ("manager", "medical_adviser", "psychologist"),
    "directory": ("manager",),
    "psychological": ("psychologist",),
    "medical": ("medical_adviser",),
    "roster": ("manager", "security"),
    "staff": ("manager",),
}


def readership(access: AccessRules | None, roles: Mapping[str, tuple[str, ...]] = GRANTED) -> Readership:
    return Readership(HOLDERS, "paper", roles, access)


BEFORE, ONE_KEY, BY_ROLE = (readership(each) for each in (None, AccessRules({}, {}), AccessRules(PARTS, {})))


def test_before_anybody_decided_each_key_in_force_opens_everything() -> None:
    assert BEFORE.everyone == ("office", "laptop", "nina", "nina-two", "guard", "paper")
    for part in (*PARTS, "hiv", "anything"):
        assert BEFORE.recipients(part) == BEFORE.everyone
        assert BEFORE.opens("s-guard", part)
    assert BEFORE.recipients_of_file("residents/AAAA-0001.yaml.age") == BEFORE.everyone


def test_with_one_key_for_all_the_keys_of_computers_open_everything_and_those_of_persons_nothing() -> None:
    assert ONE_KEY.everyone == ("office", "laptop", "paper")
    for part in (*PARTS, "hiv"):
        assert ONE_KEY.recipients(part) == ("office", "laptop", "paper")
        assert ONE_KEY.recipients(part, ["s-guard"]) == ("office", "laptop", "paper")
        assert ONE_KEY.opens("s-nina", part)  # with the computer that is bound to her
        assert not ONE_KEY.opens("s-guard", part)
    assert not ONE_KEY.is_by_role


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("file", ["office", "laptop", "nina", "nina-two"]),
        ("directory", ["office"]),
        ("psychological", ["laptop", "nina", "nina-two"]),
        ("medical", []),
        ("roster", ["office", "guard"]),
        ("hiv", ["office", "laptop", "nina", "nina-two"]),
    ],
)
def test_by_role_each_key_of_a_person_opens_what_her_roles_open_and_the_paper_everything(
    part: str, keys: list[str]
) -> None:
    """A part that the list does not name opens like the file in which it lies."""
    assert BY_ROLE.recipients(part) == (*keys, "paper")
    for one in HOLDERS:
        if one.is_in_force:
            assert BY_ROLE.opens(one.staff, part) == (one.age in keys)


def test_who_wrote_an_entry_reads_it_with_every_key_and_who_was_shut_out_does_not() -> None:
    assert BY_ROLE.recipients("psychological", ["s-aida"]) == ("office", "laptop", "nina", "nina-two", "paper")
    assert BY_ROLE.recipients("medical", ["s-nina"]) == ("laptop", "nina", "nina-two", "paper")
    assert BY_ROLE.recipients("medical", ["s-olga", "s-nobody"]) == ("paper",)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("residents/AAAA-0001.yaml.age", "file"), ("directory.yaml.age", "directory"), ("secrets.yaml.age", "secrets"),
        ("roster.yaml.age", "roster"), ("shelter.yaml", "shelter"), ("staff.yaml", "staff"), ("else.yaml.age", "file"),
    ],
)  # fmt: skip
def test_a_file_belongs_to_a_part_by_its_name(name: str, part: str) -> None:
    assert part_of_file(name) == part
    assert BY_ROLE.recipients_of_file(name) == BY_ROLE.recipients(part)


def test_all_read_the_roster_and_those_who_open_files_write_it() -> None:
    assert BY_ROLE.opens("s-guard", "roster")
    assert not BY_ROLE.may_save("s-guard", "roster.yaml.age")
    assert BY_ROLE.may_save("s-nina", "roster.yaml.age")
    assert BY_ROLE.may_save("s-nina", "residents/AAAA-0001.yaml.age")
    assert not BY_ROLE.may_save("s-nina", "staff.yaml")
    assert BY_ROLE.may_save("s-aida", "staff.yaml")


def test_only_a_manager_manages_and_a_person_without_a_role_opens_nothing() -> None:
    assert [one.staff for one in HOLDERS if BY_ROLE.manages(one.staff)] == ["s-aida"]
    nobody = readership(AccessRules(PARTS, {}), {})
    assert all(nobody.recipients(part) == ("paper",) for part in PARTS)
    assert nobody.roles_of("s-aida") == ()


def test_the_sealed_parts_are_those_that_are_no_whole_file() -> None:
    assert BY_ROLE.sealed_parts == ("psychological", "medical")
    assert BEFORE.sealed_parts == ONE_KEY.sealed_parts == ()


ROLES = ("manager", "psychologist", "medical_adviser", "security")
SOME = st.lists(st.sampled_from(ROLES), max_size=4, unique=True).map(lambda found: tuple(sorted(found)))
KEYS = st.lists(
    st.tuples(st.sampled_from(("s-a", "s-b", "s-c")), st.booleans(), st.booleans()), min_size=1, max_size=6
).map(
    lambda found: tuple(
        Key(staff, f"key{number}", ("write", "trust") if trust else ("write",), in_force)
        for number, (staff, trust, in_force) in enumerate(found)
    )
)


@given(
    keys=KEYS,
    roles=st.dictionaries(st.sampled_from(("s-a", "s-b", "s-c")), SOME),
    parts=st.dictionaries(st.sampled_from(("file", "roster", "medical", "hiv")), SOME),
    writers=st.lists(st.sampled_from(("s-a", "s-b", "s-c")), max_size=2),
)
def test_whatever_a_house_decides_the_paper_opens_all_and_nobody_who_is_out_opens_anything(
    keys: tuple[Key, ...],
    roles: Mapping[str, tuple[str, ...]],
    parts: Mapping[str, tuple[str, ...]],
    writers: list[str],
) -> None:
    now = Readership(keys, "paper", roles, AccessRules(parts, {}))
    out = {one.age for one in keys if not one.is_in_force}
    for part in ("file", "roster", "medical", "hiv", "else"):
        found = now.recipients(part, writers)
        assert found[-1] == "paper"
        assert not {*found} & out
        assert {*found} <= {*now.everyone}
        assert {*now.recipients(part)} <= {*found}
        if now.is_by_role:
            able = {code for code in ("s-a", "s-b", "s-c") if now.opens(code, part)} | {*writers}
            assert {one.staff for one in keys if one.age in found} == able & {
                one.staff for one in keys if one.is_in_force
            }
