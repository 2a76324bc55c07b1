"""What only the store of 0.3.3 has: blocks that were sealed anew, a wrong clock, and the day of its last backup."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shelterctl.custody.safeguards import last_backup_day, read_noted_backups
from shelterctl.view.safeguards import LAST_BACKUP_OLD_AND_FEW, overview_reminder
from tests.support.released_stores import Released
from tests.support.stores import seat


@pytest.fixture
def made(tmp_path: Path) -> Released:
    return Released("0.3.3", tmp_path / "made")


def test_it_has_what_it_is_kept_for(made: Released) -> None:
    """Two computers in force, and repairs that they signed."""
    assert [row["state"] for row in made.expected["devices"]] == ["here", "in_force"]
    more = [line["more"] for line in made.lines() if "more" in line]
    assert [one["uncounted"] for one in more if "uncounted" in one] == [7, 1]
    assert [set(one) for one in more if "clock" in one] == [{"clock"}]
    assert [line["at"][:4] for line in made.lines() if line["at"] > "2027"] == ["2054"]
    heads = [{path.name.partition(".")[2] for path in made.folder.glob(f"{key}.heads/*")} for key in ("key", "second")]
    assert heads == [{"", "trust", "backup"}, {"", "trust"}]


def test_the_reminder_of_its_last_backup_goes_on_and_ends_with_the_next_one(made: Released) -> None:
    session = seat(made)
    assert last_backup_day(session) == date(2026, 11, 30)
    session.options = replace(session.options, as_of="2026-12-07")
    assert [sentence for sentence, _ in overview_reminder(session)] == [LAST_BACKUP_OLD_AND_FEW]
    (made.folder / "usb").mkdir()
    made.do("backup usb", today=None)
    assert [Path(one.folder).parent.name for one in read_noted_backups(session)] == ["usb"]
