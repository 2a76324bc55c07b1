"""A house of 0.5.0 with its registers and a closed report: read, kept by the next write, and its report compared."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.released_stores import expected_of, made_by

VERSION = "0.5.0"
LAST_DAY = "2026-12-01"
EXPECTED = expected_of(VERSION)
CLOSED = "report progress --month 2026-11"


@pytest.fixture
def house(tmp_path: Path) -> Desk:
    there = tmp_path / "made"
    shutil.copytree(made_by(VERSION), there)
    (there / "key").chmod(0o600)  # as the program made it; what lies in the repository is open to read
    return Desk(there, EXPECTED["ids"][0])


def test_it_answers_what_it_answered(house: Desk) -> None:
    for words, said in EXPECTED["said"].items():
        answer = house.ask(words, today=LAST_DAY).data
        assert {name: one for name, one in answer.items() if name in said or one not in (None, [])} == said, words


def test_nothing_in_it_is_damaged_and_its_next_write_keeps_every_value(house: Desk) -> None:
    skipped = ("report financial", "list")
    before = {words: said for words, said in EXPECTED["said"].items() if not words.startswith(skipped)}
    service = {"kind": "lawyer", "on": "2026-11-30", "by": "s-aida"}
    entry = house.do(f"add {house.her} service", service, today=LAST_DAY).data["entry"]
    house.do(f"void {house.her} {entry} --reason-code other", today=LAST_DAY)
    house.do("add bishkek occasion", {"kind": "gp_visit", "on": "2026-12-01", "by": "врач"}, today=LAST_DAY)
    damage = [one for one in house.ask("check", today=LAST_DAY).page["findings"] if one["code"].startswith("store/")]
    assert not damage
    for words, said in before.items():
        told = house.ask(words, today=LAST_DAY).data
        if words.startswith("report"):
            assert told["rows"] == said["rows"], words
        elif "occasion" in words:
            assert _by_id(told) >= _by_id(said), words


def _by_id(said: dict[str, Any]) -> set[str]:
    return {json.dumps(row, sort_keys=True) for row in said["rows"]}


def test_its_closed_report_has_a_correction_where_something_is_recorded_later(house: Desk) -> None:
    house.do(f"add {house.her} service", {"kind": "lawyer", "on": "2026-11-30", "by": "s-aida"}, today=LAST_DAY)
    assert house.ask(CLOSED, today=LAST_DAY).data["rows"] == EXPECTED["said"][CLOSED]["rows"]
    later = house.do(f"{CLOSED} --compare", today=LAST_DAY).data["rows"]
    assert {(one["row"], one["answer"]) for one in later} == {("services", None), ("services", "lawyer")}
