"""A house of 0.6.0 in which roles decide, with an export in its journal and an old case that papers let in."""

from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.released_stores import assert_each_reads_what_she_read, expected_of, open_house_with_roles
from tools.released_store import LAST_DAY, PEOPLE

VERSION = "0.6.0"
EXPECTED = expected_of(VERSION)


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    return open_house_with_roles(VERSION, tmp_path / "made", PEOPLE)


def test_each_person_reads_what_she_read(house: Desk) -> None:
    assert_each_reads_what_she_read(house, EXPECTED)


def test_what_went_out_is_in_the_journal(house: Desk) -> None:
    (line,) = EXPECTED["said"]["export --log"]["rows"]
    assert (line["for"], line["tables"], line["exact"], line["why"]) == ("manager", ["stays"], True, "audit")


def test_the_old_case_stays_let_in_by_its_papers_after_the_next_write(house: Desk) -> None:
    papers = EXPECTED["said"]["list on-paper"]["rows"]
    (old,) = [row["id"] for row in EXPECTED["said"]["list"]["rows"] if row["state"] == "discharged"]
    assert old in {row["client"] for row in papers}
    house.do(f"admit {old}", {"notes": "a later version was here"}, today=LAST_DAY)
    page = house.do(f"admit {old}", today=LAST_DAY).data
    assert page["state"] == "discharged"
    assert {row["state"] for row in page["checklist"] if "on_paper" in row} == {"done"}
    assert house.do("list on-paper", today=LAST_DAY).data["rows"] == papers
    damage = [one for one in house.ask("check", today=LAST_DAY).page["findings"] if one["code"].startswith("store/")]
    assert not damage
