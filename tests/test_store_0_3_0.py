"""What 0.3.0 made, on Windows: it opens everywhere, says what it said, and is written to without a value lost."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, Desk

from shelterctl.trust import fourwords

MADE = PROJECT / "tests" / "stores" / "0.3.0"
EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text("utf-8"))
TODAY = "2026-11-28"


@pytest.fixture
def made(tmp_path: Path) -> Desk:
    """The desk of the device that made it."""
    shutil.copytree(MADE, tmp_path / "made")
    return Desk(tmp_path / "made", EXPECTED["her"])


def record(desk: Desk, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = desk.do(f"show {desk.her} --names", today=TODAY, **how).data["record"]
    return found


def test_it_says_what_it_said(made: Desk) -> None:
    assert made.do("list", today=TODAY).data["rows"] == EXPECTED["list"]
    assert made.do("agreements", today=TODAY).data["rows"] == EXPECTED["agreements"]
    assert record(made) == EXPECTED["record"]
    assert "Nothing in the store is damaged." in made.do("check", today=TODAY).data["said"]


def test_its_recovery_key_opens_it_too(made: Desk) -> None:
    paper = {"SHELTERCTL_IDENTITY": str(made.folder / "recovery.txt")}
    assert record(made, env=paper) == EXPECTED["record"]


def test_its_recovery_sheet_opens_every_file(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fourwords, "_COST", 1 << 17)  # as words are reckoned outside of tests
    assert made.do("check --recovery recovery.txt", today=TODAY).code == 0


def test_its_next_write_keeps_every_value(made: Desk) -> None:
    later = {"documents_text": "a later version was here"}
    made.do(f"admit {made.her}", {"identity": later}, today=TODAY)
    before = EXPECTED["record"]
    now = record(made)
    edition = {"revision": 1, "imprint": now["edition"]["imprint"]}
    with_it = {"schema": "resident/3", "edition": edition, "identity": {**before["identity"], **later}}
    assert now == {**before, **with_it}
    assert [*now][:3] == ["schema", "edition", "id"]
    assert "Nothing in the store is damaged." in made.do("check", today=TODAY).data["said"]


def test_a_backup_of_it_is_restored(made: Desk) -> None:
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    shutil.rmtree(made.store)
    made.do("restore usb --store house", today=None)
    assert record(made) == EXPECTED["record"]
