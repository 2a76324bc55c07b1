"""Roles in a house: when they begin, who gives and takes them, what a house takes from a role, and who leaves."""

import json
import re
from pathlib import Path

import pytest

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.store.folder import record_file
from shelterctl.vault.protocol import FileToSave
from tests.support.desk import Desk, copied
from tests.support.inputs import USUAL_ENTRIES
from tests.support.role_house import (
    PEOPLE,
    SEALED_BLOCKS,
    RoleHouse,
    copied_house,
    give_keys,
    house_by_role,
    open_alone,
)


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    desk = copied(_admitted, tmp_path_factory.mktemp("roles") / "desk")
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture
def house(made: RoleHouse, tmp_path: Path) -> RoleHouse:
    return copied_house(made, tmp_path / "house")


def roles_of(desk: Desk, role: str) -> list[str]:
    rows = desk.do("roles").data["rows"]
    return next(list(row["who"]) for row in rows if row["role"] == role)


def last_lines(house: RoleHouse, name: str, code: str) -> list[dict[str, object]]:
    """The lines of a person's journal about a file."""
    place = house.desk.store / "journal" / f"{house.key(code).device}.jsonl"
    lines = [json.loads(line) for line in place.read_bytes().splitlines()] if place.exists() else []
    return [line for line in lines if name in json.dumps(line)]


def test_roles_do_not_begin_where_a_part_has_no_reader_and_nothing_is_shut(admitted: Desk) -> None:
    people = {code: role for code, role in PEOPLE.items() if role != "medical_adviser"}
    house = give_keys(admitted, Path("recovery"), people)
    answer = admitted.refused("roles --begin")
    assert (answer.code, set(answer.refusals)) == (1, {"roles/no-reader"})
    assert {one["facts"]["part"] for one in answer.page["findings"]} == {"hiv"}
    assert not admitted.do("roles").data["by_role"]
    assert house.opened("s-aida", record_file(admitted.her)) is None


def test_roles_begin_once_and_one_key_opens_all_again_by_choice(house: RoleHouse) -> None:
    desk = house.desk
    assert (answer := desk.refused("roles --begin")).code == 2
    assert answer.error == "roles/begun"
    desk.do("roles --one-key")
    assert not desk.do("roles").data["by_role"]
    assert house.opened("manager", record_file(house.her)) is not None
    assert house.opened("s-aida", record_file(house.her)) is None
    desk.do(f"rekey --recovery {house.paper}")
    blocks = house.blocks()
    assert all(open_alone(block.encode(), house.key("manager")) for each in blocks.values() for block in each)
    desk.do("roles --begin")
    assert house.opened("s-aida", record_file(house.her)) is not None


def test_a_role_is_given_and_taken_and_with_it_what_it_opens(house: RoleHouse) -> None:
    desk = house.desk
    desk.do("roles --give s-guard=social_worker")
    assert house.opened("s-guard", record_file(house.her)) is not None
    assert "s-guard" in roles_of(desk, "social_worker")
    desk.do("roles --take s-guard=social_worker")
    assert house.opened("s-guard", record_file(house.her)) is None
    assert "s-guard" not in roles_of(desk, "social_worker")


def test_check_of_a_change_writes_nothing(house: RoleHouse) -> None:
    before = house.desk.digest_of_store()
    for words in ("--give s-guard=other", "--take s-guard=security", "--one-key", "--less manager=plan"):
        house.desk.do(f"roles {words} --check")
    assert house.desk.digest_of_store() == before


def test_the_last_manager_does_not_give_herself_up(house: RoleHouse) -> None:
    answer = house.desk.refused("roles --take manager=manager")
    assert answer.code == 1
    assert "roles/no-manager" in answer.refusals
    house.desk.do("roles --give s-gulnara=manager")
    house.desk.do("roles --take manager=manager")
    assert house.desk.refused("roles --give manager=manager").error in ("trust/not-manager", "role/closed")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("--less social_worker=nothing", "roles/unknown-name"),
        ("--restore social_worker=nothing", "roles/unknown-name"),
        ("--less social_worker=hiv", "roles/unknown-name"),
        ("--less nobody=plan", "roles/unknown"),
        ("--give s-aida=nobody", "roles/unknown"),
        ("--give s-nobody=manager", "roles/no-key"),
        ("--give s-aida", "usage/pair"),
        ("--give =manager", "usage/pair"),
        ("--begin --one-key", "usage/one-thing"),
        ("--begin --give s-aida=manager", "usage/one-thing"),
    ],
)
def test_what_no_role_person_or_name_is(words: str, error: str, house: RoleHouse) -> None:
    answer = house.desk.refused(f"roles {words}")
    assert (answer.code, answer.error) == (2, error)


@pytest.mark.parametrize("words", ["--give s-guard=manager", "--less manager=plan", "--one-key"])
def test_only_a_manager_changes_roles(words: str, house: RoleHouse) -> None:
    for code in PEOPLE:
        if code != "manager":
            answer = house.desk.refused(f"roles {words} --staff {code}")
            assert (answer.code, answer.error) == (5, "trust/not-manager"), code


def test_when_a_psychologist_leaves_her_entries_stay_with_the_others_and_her_key_opens_nothing_new(
    house: RoleHouse,
) -> None:
    desk, her = house.desk, house.her
    session = {"at": "2026-11-25T09:00+06:00", "by": "s-aida", "kind": "counselling"}
    desk.do(f"add {her} session --staff s-aida", session)
    psychologist = house.key("s-aida")
    desk.do("staff end s-aida")
    assert open_alone(house.file(record_file(her)), psychologist) is None
    assert all(open_alone(block.encode(), psychologist) is None for block in house.blocks()["psychological"])
    assert all(open_alone(block.encode(), house.key("manager")) for block in house.blocks()["psychological"])
    assert desk.refused(f"show {her} --staff s-aida").code == 5
    assert desk.do(f"show {her} session").data["id"] == her


def test_a_key_that_was_left_to_somebody_who_is_gone_is_found_and_shut_out(house: RoleHouse) -> None:
    """A program of an earlier day, or a step that was interrupted, left the key open."""
    desk = house.desk
    code = str(house.key("s-aida").device)
    refused = desk.refused(f"staff end s-aida --on 2026-11-25 --keep {code}")
    assert (refused.code, refused.error) == (2, "staff/own-key")
    vault = house.session("manager").store.vault
    said, version = vault.read("staff.yaml")
    held = read_document(said, LARGEST_STORED).value
    held["staff"]["s-aida"] |= {"since": "2026-11-23", "until": "2026-11-24"}
    left = FileToSave("staff.yaml", format_document(held).encode(), version)
    vault.write_all([left], did="staff", by="manager", at="2026-11-25T12:00+06:00")
    found = [each for each in desk.do("check").page["findings"] if each["code"] == "roles/left"]
    assert [each["facts"]["device"] for each in found] == [code]
    assert desk.do("staff end s-aida").data["ended"] == [code]
    assert "roles/left" not in {each["code"] for each in desk.do("check").page["findings"]}
    assert open_alone(house.file(record_file(house.her)), house.key("s-aida")) is None


def test_the_hiv_report_waits_for_its_reader_and_she_finishes_it(house: RoleHouse) -> None:
    """The manager gives the role to another person, but cannot open what is to be sealed for her."""
    desk, her = house.desk, house.her
    desk.do("roles --give s-law=medical_adviser")
    (block,) = house.blocks()["hiv"]
    assert open_alone(block.encode(), house.key("s-law")) is None
    lines = last_lines(house, record_file(her), "manager")
    assert "hiv" in json.dumps(lines[-1])
    assert "waiting" in json.dumps(lines[-1])
    assert "hiv" in desk.do(f"who-can-read {her}").data["waiting"]
    desk.do("trust --accept --staff s-med")
    desk.do("rekey --staff s-med")
    (block,) = house.blocks()["hiv"]
    assert open_alone(block.encode(), house.key("s-law")) is not None
    assert open_alone(block.encode(), house.key("manager")) is None
    assert desk.do(f"who-can-read {her}").data["late"] == []


def test_a_house_takes_from_a_role_and_gives_back(house: RoleHouse) -> None:
    desk = house.desk
    desk.do("roles --less psychologist=need --less manager=sign")
    assert desk.refused(f"add {house.her} need --staff s-aida", USUAL_ENTRIES["need"]).refusals == [
        "role/may-not-write"
    ]
    desk.do("roles --restore psychologist=need")
    desk.do("trust --accept --staff s-aida")
    desk.do(f"add {house.her} need --staff s-aida", USUAL_ENTRIES["need"])


def test_who_wrote_an_entry_goes_on_reading_it_when_the_role_is_gone(house: RoleHouse) -> None:
    desk, her = house.desk, house.her
    desk.do(f"add {her} hiv --staff s-med", {**SEALED_BLOCKS["hiv"], "on": "2026-11-24"})
    desk.do("roles --give s-law=medical_adviser --take s-law=legal_adviser --give s-aida=legal_adviser")
    desk.do("trust --accept --staff s-aida")
    desk.do("rekey --staff s-aida")
    assert house.opened("s-law", record_file(her)) is not None


def codes_of(desk: Desk) -> list[str]:
    """The codes of what check finds."""
    return [found["code"] for found in json.loads(desk.run("check --json").out)["findings"]]


def test_with_one_key_again_the_paper_opens_what_the_manager_s_key_did_not(house: RoleHouse) -> None:
    desk, her = house.desk, house.her
    desk.do("roles --one-key")
    assert "roles/waiting" in codes_of(desk)
    assert "hiv" in desk.do(f"who-can-read {her} hiv").data["waiting"]
    desk.do(f"rekey --recovery {house.paper}")
    (block,) = house.blocks()["hiv"]
    assert open_alone(block.encode(), house.key("manager")) is not None
    assert "roles/waiting" not in codes_of(desk)


def test_who_can_read_marks_every_author_with_or_without_a_role_that_reads_the_part(house: RoleHouse) -> None:
    desk, her = house.desk, house.her
    session = {"at": "2026-11-25T09:00+06:00", "by": "s-aida", "kind": "counselling"}
    desk.do(f"add {her} session --staff s-aida", session)
    (row,) = desk.do(f"who-can-read {her} psychological").data["rows"]
    assert "s-aida" in row["people"]
    assert "s-aida" in row["writers"]
    assert "s-aida *" in page_of_readers(desk, "psychological", "en")
    desk.do("roles --give s-aida=other --take s-aida=psychologist")
    (row,) = desk.do(f"who-can-read {her} psychological").data["rows"]
    assert "s-aida" not in row["people"]
    assert "s-aida" in row["writers"]
    assert "s-aida *" in page_of_readers(desk, "psychological", "en")
    desk.do("staff end s-aida")  # who has no key reads nothing
    assert "s-aida" in desk.do(f"who-can-read {her} psychological").data["rows"][0]["writers"]
    assert "s-aida" not in page_of_readers(desk, "psychological", "en")


def page_of_readers(desk: Desk, part: str, language: str) -> str:
    """The page that says who can read, as a browser shows it."""
    page = desk.folder / "page.html"
    desk.do(f"who-can-read {desk.her} {part} --out {page} --overwrite --lang {language}")
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "maker", "copies"),
    [
        ("en", "by manager", "Earlier copies (backups) still open"),
        ("ru", "сотрудник manager", "Прежние резервные копии"),
        ("ky", "кызматкер manager", "Мурунку камдык көчүрмөлөр"),
    ],
)
def test_the_page_of_readers_says_when_and_by_whom_it_was_made_and_where(
    language: str, maker: str, copies: str, house: RoleHouse
) -> None:
    page = page_of_readers(house.desk, "", language)
    houses = house.desk.do("house").data["rows"][0]["facility"]
    assert all(word in page for word in (maker, copies, houses, house.her))
    assert re.search(r"\b\d\d:\d\d\b", page)


def test_the_page_on_the_medical_part_says_that_the_hiv_report_is_another_part(house: RoleHouse) -> None:
    said = "The report on HIV is a part of its own"
    assert said in page_of_readers(house.desk, "medical", "en")
    assert said not in page_of_readers(house.desk, "", "en")


def test_the_page_of_readers_names_the_parts_that_earlier_readers_still_open(house: RoleHouse) -> None:
    house.desk.do("roles --give s-law=medical_adviser")
    said = "Not encrypted for these people alone yet"
    assert said in page_of_readers(house.desk, "hiv", "en")
    assert said not in page_of_readers(house.desk, "legal", "en")


def test_before_roles_decide_who_wrote_is_said_and_no_code_that_may_be_a_name(admitted: Desk) -> None:
    entry = {"at": "2026-11-25T09:00+06:00", "by": "s-aida", "kind": "counselling"}
    admitted.do(f"add {admitted.her} session --staff s-aida", entry)
    (row,) = admitted.do(f"who-can-read {admitted.her} psychological").data["rows"]
    registered = {one["staff"] for one in admitted.do("staff list").data["rows"]}
    assert set(row["writers"]) == {"s-aida"} & registered
    admitted.do("staff add s-aida --role psychologist")
    assert admitted.do(f"who-can-read {admitted.her} psychological").data["rows"][0]["writers"] == ["s-aida"]


def test_news_that_later_news_replaced_says_so_and_the_last_is_in_force(house: RoleHouse) -> None:
    house.desk.do("roles --one-key")
    house.desk.do("roles --begin")
    one_key, by_role = news_for(house, "s-aida")
    assert one_key.startswith("New on the list, but replaced on")
    assert "the keys of computers opened everything" in one_key
    assert by_role.startswith("New on the list: who reads and records what was set by role")


def test_each_of_several_changes_of_rules_is_shown_and_only_the_last_as_in_force(house: RoleHouse) -> None:
    house.desk.do("roles --less psychologist=need")
    house.desk.do("roles --restore psychologist=need")
    house.desk.do("roles --less manager=plan")
    *earlier, last = news_for(house, "s-aida")
    assert len(earlier) == 2
    assert all(one.startswith("New on the list, but replaced on") for one in earlier)
    assert last.startswith("New on the list: who reads and records")


def news_for(house: RoleHouse, code: str) -> list[str]:
    """The news on who reads what that a person is asked to confirm."""
    said = house.desk.do(f"trust --accept --staff {code}").data["said"]
    return [one for one in said if "by role" in one or "keys of computers" in one]


def test_before_roles_begin_the_table_shows_who_gets_the_role_of_manager(admitted: Desk) -> None:
    told = admitted.do("roles").data
    assert roles_of(admitted, "manager") == ["manager"]
    assert [one for one in told["said"] if one.startswith("manager is on the first key")]
    house = give_keys(admitted, Path("recovery"))
    assert roles_of(admitted, "manager") == ["manager"]
    assert roles_of(admitted, "psychologist") == ["s-aida"]
    admitted.do("roles --begin")
    assert roles_of(house.desk, "manager") == ["manager"]
    assert not [one for one in admitted.do("roles").data["said"] if "first key" in one]
