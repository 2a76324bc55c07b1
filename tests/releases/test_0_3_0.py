"""What 0.3.0 made on Windows and 0.3.1 on Linux opens everywhere, says what it said, and keeps every value."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shelterctl.identity import memorable_words
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.desk import Desk
from tests.support.paths import PROJECT

TODAY = "2026-11-30"


@pytest.fixture(params=["0.3.0", "0.3.1"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """The desk of the device that made it."""
    folder = tmp_path / "made"
    shutil.copytree(PROJECT / "tests" / "stores" / request.param, folder)
    return Desk(folder, expected(folder)["her"])


def expected(folder: Path) -> dict[str, Any]:
    """What the version that made the store read out of it."""
    read: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return read


def record(desk: Desk, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = desk.do(f"show {desk.her} --names", today=TODAY, **how).data["record"]
    return found


def test_it_says_what_it_said(made: Desk) -> None:
    assert made.do("list", today=TODAY).data["rows"] == expected(made.folder)["list"]
    assert made.do("agreements", today=TODAY).data["rows"] == expected(made.folder)["agreements"]
    assert record(made) == expected(made.folder)["record"]
    assert "Nothing in the store is damaged." in made.do("check", today=TODAY).data["said"]


def test_its_recovery_key_opens_it_too(made: Desk) -> None:
    paper = {"SHELTERCTL_IDENTITY": str(made.folder / "recovery.txt")}
    assert record(made, env=paper) == expected(made.folder)["record"]


def test_its_recovery_sheet_opens_every_file(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)  # as words are reckoned outside of tests
    assert made.do("check --recovery recovery.txt", today=TODAY).code == 0


def test_its_next_write_keeps_every_value(made: Desk) -> None:
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {made.her}", {"identity": later}, today=TODAY)
    before = expected(made.folder)["record"]
    now = record(made)
    with_it = {
        "schema": "resident/4",
        "edition": open_rulebook().version,
        "identity": {**before["identity"], **later},
    }
    assert now == {**before, **with_it}
    assert [*now][:3] == ["schema", "edition", "id"]
    assert "Nothing in the store is damaged." in made.do("check", today=TODAY).data["said"]


def test_a_backup_of_it_is_restored(made: Desk) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    shutil.rmtree(made.store)
    made.do("restore usb --store house", today=None)
    assert record(made) == expected(made.folder)["record"]


@pytest.mark.parametrize("version", ["0.3.1", "0.3.2", "0.3.3", "0.3.4", "0.3.5"])
def test_a_shelf_whose_files_say_more_than_those_of_a_release_has_a_higher_revision(version: str) -> None:
    """edition.yaml: where the shelves of two releases have one revision, neither knows which of them is older."""
    released = expected(PROJECT / "tests" / "stores" / version)["record"]["edition"]
    now = open_rulebook().version
    assert now == released or now["revision"] > released["revision"]
