"""The coming week by day, and its sheet for the wall, which tells a visitor nothing of anybody."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.rules.obligation import Obligation
from shelterctl.language import format_fact
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.week import divide_by_day
from tests.support.desk import Desk

SHELF = open_rulebook()
DAY = date(2026, 11, 25)


def owed(state: str, due_on: date | None, every: str | None = None) -> Obligation:
    days = (DAY - due_on).days if due_on else None
    return Obligation("7QF2-M9KD", None, state, "plan", {"en": "plan"}, due_on, days, "R5.3.7", every=every)


def test_each_day_comes_first_then_what_recurs_daily_once_and_what_is_overdue_at_last() -> None:
    rows = [
        owed("upcoming", date(2026, 11, 27)), owed("overdue", date(2026, 11, 3)), owed("open", date(2026, 11, 20)),
        owed("open", None), owed("due", DAY), owed("due", DAY, "day"), owed("overdue", date(2026, 11, 20), "day"),
        owed("upcoming", None, "day"), owed("due", DAY, "week"), owed("upcoming", date(2026, 12, 9)),
    ]  # fmt: skip
    parts = divide_by_day(rows, DAY, 6)
    assert [(part.kind, str(part.day or ""), [rows.index(row) for row in part.rows]) for part in parts] == [
        ("day", "2026-11-25", [4, 8]), ("day", "2026-11-26", []),
        ("day", "2026-11-27", [0]), *[("day", f"2026-{day}", []) for day in ("11-28", "11-29", "11-30", "12-01")],
        ("recurring", "", [7]), ("undated", "", [3]), ("overdue", "", [1, 2, 6]),
    ]  # fmt: skip


@pytest.fixture
def busy(admitted: Desk) -> Desk:
    """A client with something due of each telling kind, and a house with duties of its own."""
    her = admitted.her
    checkup = {"kind": "checkup", "on": "2026-11-24", "items": ["physician"], "finding": "none", "follow_up": True}
    admitted.do(f"add {her} health", checkup)
    out = {"kind": "outing", "planned_at": "2026-11-24T10:00", "left_at": "2026-11-25T09:00"}
    admitted.do(f"add {her} absence", {**out, "expected_back_at": "2026-11-25T10:00"})
    admitted.do("add bishkek incident", {"at": "2026-11-25T09:00", "kind": "attack", "description": "у ворот"})
    return admitted


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_on_the_wall_only_words_that_may_hang_there(busy: Desk, language: str) -> None:
    # A register is kept from the day it was begun, by the clock.
    busy.do(f"due --week --lang {language} --out week.txt --overwrite", today=None)
    told = " ".join((busy.folder / "week.txt").read_text("utf-8").split())
    assert "bishkek" in told
    shown: set[str] = set()
    hidden: set[str] = set()
    for track in SHELF.tracks.values():
        for due in (*track.due, *(each for part in track.parts.values() for each in part.due)):
            texts = {format_fact(text, language) for text in (due.text or track.text, track.text)}
            (shown if due.wall else hidden).update(texts)
    hidden.update(format_fact(item.text, language) for item in SHELF.items.values())
    roles = SHELF.tracks["staff"].clear["role"].codes
    hidden.update(format_fact(roles[name], language) for name in ("psychologist", "medical_adviser", "legal_adviser"))
    assert [text for text in hidden - shown if text.casefold() in told.casefold()] == []
    assert {due.wall for track in SHELF.tracks.values() if track.seal for due in track.due} <= {False}
    for telling in ("A2.7", "M4.0.5", "10:00", "102", *map(str, busy.record()["identity"].values())):
        assert telling not in told, telling
    (duty, _) = SHELF.tracks["shift"].due
    assert format_fact(duty.text, language) in told


def test_the_week_of_one_client_of_a_house_of_a_role_and_of_a_person(busy: Desk) -> None:
    def seen(words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = busy.do(f"due --week {words}").data["rows"]
        return found

    whole = seen("")
    assert {row["part"] for row in whole} == {"overdue", "day", "undated", "recurring"}
    assert {row["every"] for row in whole if row["part"] == "recurring"} == {"day"}
    here = busy.do("due --week bishkek", today=None).data["rows"]  # a register is kept from the day it was begun
    assert {row["every"] for row in here if row["id"] == "bishkek" and row["part"] == "recurring"} == {
        "day",
        "week",
        "month",
    }
    assert {row["id"] for row in seen(busy.her)} == {busy.her}
    assert {row["id"] for row in seen("bishkek")} == {busy.her, "bishkek"}
    assert {row["owner"] for row in seen("--owner manager")} == {"manager"}
    assert len(seen("--within 30")) >= len(whole)
    assert 0 < len(seen("--mine s-gulnara")) < len(whole)
    for words in ("--out a.pdf", "--week --format ics", "--week --out a.doc"):
        assert busy.refused(f"due {words}").code == 2


def test_a_damaged_file_is_told_on_the_sheet_by_number(busy: Desk, tmp_path: Path) -> None:
    file = busy.store / "residents" / f"{busy.her}.yaml.age"
    file.write_bytes(file.read_bytes()[:-9])
    assert busy.ask("due --week --out week.md").code == 6
    assert busy.her not in (busy.folder / "week.md").read_text("utf-8")
