"""One file under many hands and many years: two who add to it at once, and three thousand entries."""

import subprocess
import sys
from typing import Any

import pytest
from blocks import lying, opened
from conftest import Desk, copied
from long import grow
from patience import patience
from revised import Revised

NEED: dict[str, Any] = {"class": "primary", "need": "жильё", "on": "2026-11-24", "source": "resident"}
WANTED = ("жильё", "школа", "врач", "юрист")
MANY = 3000


def test_whoever_adds_to_one_track_at_the_same_time_loses_nothing(admitted: Desk) -> None:
    """Four processes append to one track of one file; each waits for its turn, and reads again what was written."""
    writers = []
    for one in WANTED:
        given = admitted.folder / f"{one}.yaml"
        given.write_text(f"class: primary\nneed: {one}\non: 2026-11-24\nsource: resident\n", encoding="utf-8")
        words = ["add", admitted.her, "need", "--from", str(given), "--as-of", "2026-11-25", "--wait", "60"]
        command = [sys.executable, "-m", "shelterctl", *words]
        writers.append(subprocess.Popen(command, env=admitted.env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE))
    told = [each.communicate(timeout=patience())[1] for each in writers]
    assert [each.returncode for each in writers] == [0] * 4, told
    needs = admitted.record()["needs"]
    assert len({one["id"] for one in needs}) == len(needs) == 4
    assert {one["need"] for one in needs} == {*WANTED}
    admitted.do("check")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory, _admitted: Desk) -> Revised:
    session = Revised(copied(_admitted, tmp_path_factory.mktemp("years") / "long"))
    grow(opened(session), session.her, MANY)
    return session


def test_a_file_of_ten_years_is_shown_and_judged(years: Revised) -> None:
    told = years.ask(f"show {years.her}")
    assert told.code in (0, 1)
    assert told.data["id"] == years.her
    rows = years.ask(f"show {years.her} service").data["rows"]
    assert len(rows) == MANY // 6
    found = years.ask(f"check {years.her}").page["findings"]
    assert not [one for one in found if one["severity"] == "refuse"]


def test_and_it_is_added_to(years: Revised) -> None:
    before = len(lying(years)["needs"])
    entry = years.ask(f"add {years.her} need", NEED).data["entry"]
    sealed = lying(years)["sealed"]["entries"]
    needs = lying(years)["needs"]
    assert len(needs) == before + 1
    assert needs[-1]["id"] == entry
    assert len(sealed) == MANY // 6
    assert all("note" not in one and one["age"].startswith("-----BEGIN AGE") for one in sealed)
