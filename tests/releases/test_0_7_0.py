"""A house of 0.7.0 in which roles decide, with a publication in its ledger."""

from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.released_stores import assert_each_reads_what_she_read, expected_of, open_house_with_roles
from tools.released_store import LAST_DAY, PEOPLE

VERSION = "0.7.0"
EXPECTED = expected_of(VERSION)
PUBLISHED = "report occupancy --month 2026-11 --public"


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    return open_house_with_roles(VERSION, tmp_path / "made", PEOPLE)


def test_each_person_reads_what_she_read(house: Desk) -> None:
    assert_each_reads_what_she_read(house, EXPECTED)


def test_what_was_published_is_printed_again_and_nothing_is_published_beside_it(house: Desk) -> None:
    shown = house.do(PUBLISHED, today=LAST_DAY).data["rows"]
    assert {row["row"]: row["number"] for row in shown if row["row"].endswith("night")}["first_night"] == 0
    refused = house.refused("report progress --month 2026-11 --of bishkek --public", today=LAST_DAY)
    assert refused.refusals == ["publish/overlap"]
    (line,) = house.do("publish --log", today=LAST_DAY).data["rows"]
    assert line["release"] == "report.occupancy.2026-11.bishkek"
