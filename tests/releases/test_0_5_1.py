"""A house of 0.5.1 in which roles decide, with limits of its own: read by each, judged, and kept by the next write."""

from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.released_stores import expected_of, open_house_with_roles
from tools.released_store import LAST_DAY, PEOPLE, kept_answer, own_limits_broken

VERSION = "0.5.1"
EXPECTED = expected_of(VERSION)


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    return open_house_with_roles(VERSION, tmp_path / "made", PEOPLE)


def test_each_person_reads_what_she_read(house: Desk) -> None:
    for words, said in EXPECTED["said"].items():
        assert kept_answer(house.ask(words, today=LAST_DAY).data) == said, words


def test_a_role_opens_no_more_than_it_did(house: Desk) -> None:
    her = EXPECTED["said"][f"show {house.her} --names"]["record"]
    assert house.do(f"show {house.her} --names --staff s-gulnara", today=LAST_DAY).data["record"] == her
    sessions = house.do(f"show {house.her} session --names --staff s-gulnara", today=LAST_DAY).data["rows"]
    assert {row["recorded_by"] for row in sessions if "note" in row["fields"]} == {
        "s-gulnara"
    }  # what she wrote herself
    assert len(sessions) == len(EXPECTED["said"][f"show {house.her} session --names"]["rows"])
    assert house.ask("list --staff s-talant", today=LAST_DAY).error == "role/no-files"


def test_records_are_judged_by_the_limits_of_the_house(house: Desk) -> None:
    assert own_limits_broken(house) == EXPECTED["own_limits_broken"]
    assert {one["overlay_number"] for one in EXPECTED["own_limits_broken"]} == {"1500"}
    states = {row["what"]: (row["state"], row["until"]) for row in EXPECTED["said"]["rules overlay"]["rows"]}
    assert states == {"pink": ("in_force", None), "shelter": ("in_force", None), "blue": ("in_force", LAST_DAY)}


def test_nothing_in_it_is_damaged_and_the_next_write_of_each_keeps_every_value(house: Desk) -> None:
    sealed, whole = (EXPECTED["said"][f"show {house.her} {what}"] for what in ("session --names", "--names"))
    session = {"at": "2026-12-01T10:00", "by": "s-aida", "approach": "individual"}
    house.do(f"add {house.her} session --staff s-aida", session, today=LAST_DAY)
    limit = EXPECTED["said"]["rules overlay"]["rows"][0]["id"]
    house.do(f"rules overlay end {limit} --on {LAST_DAY}", today=LAST_DAY)
    damage = [one for one in house.ask("check", today=LAST_DAY).page["findings"] if one["code"].startswith("store/")]
    assert not damage
    told = house.do(f"show {house.her} session --names", today=LAST_DAY).data["rows"]
    assert told[: len(sealed["rows"])] == sealed["rows"]
    assert len(told) == len(sealed["rows"]) + 1
    record, made_anew = house.record(), ("schema", "edition", "sealed")
    assert {name: value for name, value in record.items() if name not in made_anew} == {
        name: value for name, value in whole["record"].items() if name not in made_anew
    }
    rows = house.do("rules overlay", today=LAST_DAY).data["rows"]
    assert [row["until"] for row in rows] == [LAST_DAY, None, LAST_DAY]
