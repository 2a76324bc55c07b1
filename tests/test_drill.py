"""The recovery paper is tried once a quarter, and this computer says when the quarter has passed."""

import json
from datetime import date
from pathlib import Path

import pytest
from backups import seat
from conftest import Desk, copied
from test_copies import end

from shelterctl.core.values.days import add_months
from shelterctl.custody.safeguards import Drill, read_drill
from shelterctl.view.safeguards import TRY_RECOVERY_PAPER


@pytest.fixture
def house(made: Desk, tmp_path: Path) -> Desk:
    return copied(made, tmp_path / "desk")


@pytest.fixture
def begun(house: Desk) -> date:
    """The day on which the store was made."""
    return date.fromisoformat(json.loads((house.store / "trust.jsonl").read_bytes().splitlines()[0])["at"][:10])


def told(desk: Desk, day: date) -> bool:
    """Whether a check of that day tells to try the paper; data says the same."""
    answer = desk.ask("check", today=day.isoformat())
    said = TRY_RECOVERY_PAPER in answer.data["said"]
    assert said == (day.isoformat() >= answer.data["recovery"]["due_on"])
    return said


def note_of(desk: Desk) -> Path:
    (note,) = desk.key.with_name("key.heads").glob("*.drill")
    return note


def test_a_new_house_is_asked_after_a_quarter_and_not_on_its_first_day(house: Desk, begun: date) -> None:
    due = add_months(begun, 3)
    assert read_drill(seat(house)) == Drill(None, due)
    assert not told(house, begun)
    assert not told(house, date.fromordinal(due.toordinal() - 1))
    assert told(house, due)
    assert house.ask("check", today=due.isoformat()).data["recovery"] == {"tried_on": None, "due_on": due.isoformat()}


def test_a_paper_that_opened_everything_is_asked_for_a_quarter_later(house: Desk, begun: date) -> None:
    tried = add_months(begun, 4)
    assert told(house, tried)
    house.do("check --recovery paper", today=tried.isoformat())
    due = add_months(tried, 3)
    assert read_drill(seat(house)) == Drill(tried, due)
    assert not told(house, tried)
    assert told(house, due)
    assert note_of(house).stat().st_mode & 0o777 == 0o600
    assert b"AGE" not in note_of(house).read_bytes().upper()


def test_a_paper_that_does_not_open_everything_was_not_tried(house: Desk) -> None:
    file = house.store / f"residents/{house.her}.yaml.age"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert house.ask("check --recovery paper").code == 6
    file.write_bytes(whole)
    assert read_drill(seat(house)).tried_on is None  # type: ignore[union-attr]


def test_a_new_paper_was_never_tried_and_is_due_a_quarter_after_it_was_made(house: Desk, begun: date) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    end(house)
    assert read_drill(seat(house)) == Drill(None, date(2027, 2, 25))


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b"\xff", b"[" * 200, b'{"paper": 1, "on": 2}', b"x" * 500])
def test_a_note_that_says_nothing_is_no_error_and_no_drill(house: Desk, begun: date, said: bytes) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    note_of(house).write_bytes(said)
    assert read_drill(seat(house)) == Drill(None, add_months(begun, 3))
    house.do("check", today=begun.isoformat())


def test_where_it_cannot_be_kept_the_paper_is_told_to_open_everything(house: Desk, begun: date) -> None:
    house.do("check --recovery paper", today=begun.isoformat())
    note = note_of(house)
    note.unlink()
    (note / "a folder").mkdir(parents=True)
    house.do("check --recovery paper", today=begun.isoformat())
    assert read_drill(seat(house)).tried_on is None  # type: ignore[union-attr]


def test_a_computer_that_remembers_nothing_of_the_store_keeps_no_note_and_is_not_told(house: Desk, begun: date) -> None:
    heads = house.key.with_name("key.heads")
    (house.folder / "elsewhere").mkdir()
    house.do("check --recovery paper --identity elsewhere/key", today=begun.isoformat())
    assert not any((house.folder / "elsewhere").iterdir())
    for path in [*heads.iterdir()]:
        path.unlink()
    late = add_months(begun, 4).isoformat()
    answer = house.ask("check", today=late)
    assert "recovery" not in answer.data
    assert "copies" not in answer.data
    assert TRY_RECOVERY_PAPER not in answer.data["said"]
    paper = house.ask("check --identity paper", today=late)
    assert "recovery" not in paper.data
