"""The page of today: what a shift is told, what it may not be told, and that one broken thing hides nothing else."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shelterctl import session as seating
from shelterctl.session import now_at
from shelterctl.store.folder import SHELTER_FILE
from tests.support.answering import open_session
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.register_files import SHIFT, VISIT, register_files
from tests.support.role_house import RoleHouse, copied_house, house_by_role
from tests.support.terminal import Terminal

OUT = {
    "kind": "outing", "left_at": "2026-11-25T10:00", "permitted_by": "manager", "purpose": "рынок",
    "expected_back_at": "2026-11-25T21:00",
}  # fmt: skip
PILLS = {"name": "Ибупрофен", "dosage": "одна", "times": ["08:00", "14:00", "23:30"], "from": "2026-11-24"}
NEED = USUAL_ENTRIES["need"]
NOTE = "Ночью было тихо."
HANDOVER = {"kind": "handover", "on": "2026-11-25", "by": "s-gulnara", "note": NOTE}


def test_a_shift_is_told_who_is_late_and_by_how_much_and_no_page_has_a_name(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} absence", OUT)
    data = admitted.do("today").data
    (late,) = data["danger"]
    assert (late["danger"], late["due_at"], late["minutes_since_due"]) == ("late", "2026-11-25T21:00+06:00", 179)
    assert [(one["id"], one["expected_back_at"]) for one in data["out"]] == [(admitted.her, "2026-11-25T21:00+06:00")]
    assert (data["rows"][0]["residents"], data["rows"][0]["free"], data["unread"]) == (1, 9, 0)
    told = admitted.run("today").out
    assert "Coming back: expected at 21:00, 2 h 59 min late" in told
    assert told.index("DANGER") < told.index("SLEEP HERE TONIGHT") < told.index("MEDICINE") < told.index("DUE")
    for written in (json.dumps(data, ensure_ascii=False), told):
        assert "Айгуль" not in written
        assert "рынок" not in written


def test_a_medicine_is_named_to_a_key_that_opens_it_at_a_terminal_alone(admitted: Desk) -> None:
    admitted.do(f"add {admitted.her} medication", PILLS)
    rows = admitted.do("today").data["medicine"]
    assert [one["at"] for one in rows] == ["2026-11-25T23:30+06:00", "2026-11-26T08:00+06:00"]
    assert "Ибупрофен" not in json.dumps(admitted.do("today").data, ensure_ascii=False) + admitted.run("today").out
    assert "Ибупрофен, одна" in Terminal(admitted).run("today", [""] * 4).text


def test_who_comes_and_who_leaves_and_who_is_on_duty_now_and_next(admitted: Desk) -> None:
    coming = admitted.do("admit --new-person", REFERRAL).data["id"]
    admitted.do(f"admit {admitted.her}", {"discharge": {"planned_on": "2026-11-26"}})
    night = {"starts_at": "2026-11-25T20:00", "ends_at": "2026-11-26T08:00"}
    morning = {**SHIFT, "starts_at": "2026-11-26T08:00", "ends_at": "2026-11-26T20:00"}
    admitted.do("add bishkek shift", {**SHIFT, **night, "staff": "s-aida"})
    admitted.do("add bishkek shift", morning)
    data = admitted.do("today").data
    assert [one["id"] for one in data["coming"]] == [coming]
    assert [(one["id"], one["on"]) for one in data["leaving"]] == [(admitted.her, "2026-11-26")]
    assert [(one["staff"], one["now"]) for one in data["on_duty"]] == [(["s-aida"], True), (["s-gulnara"], False)]
    assert not any(one["now"] for one in admitted.do("today", today="2026-11-24").data["on_duty"])
    assert "leaves: " not in admitted.run("today", today="2026-11-24").out


def handovers(desk: Desk, staff: str, today: str | None = "2026-11-25") -> list[tuple[str, bool, list[str]]]:
    data = desk.do(f"today --staff {staff}", today=today).data
    return [(one["entry"], one["waits"], one["confirmed"]) for one in data["handovers"]]


def test_a_handover_waits_for_all_but_its_writer_until_each_confirms_it(admitted: Desk) -> None:
    assert handovers(admitted, "manager") == []
    assert "No handover has been written." in admitted.run("today").out
    first = admitted.do("add bishkek occasion --staff s-gulnara", HANDOVER).data["entry"]
    assert handovers(admitted, "s-gulnara") == [(first, False, [])]
    assert handovers(admitted, "manager") == [(first, True, [])]
    admitted.do("confirm bishkek occasion --staff manager")
    admitted.do(f"confirm bishkek occasion {first} --staff s-aida")
    again = admitted.do(f"confirm bishkek occasion {first} --staff s-aida")
    assert handovers(admitted, "manager") == handovers(admitted, "s-aida") == [(first, False, ["manager", "s-aida"])]
    assert "already recorded" in again.data["said"][0]
    second = admitted.do("add bishkek occasion --staff s-aida", {**HANDOVER, "note": "Утро"}).data["entry"]
    assert handovers(admitted, "manager") == [(second, True, [])]
    admitted.do("confirm bishkek occasion --staff manager")
    admitted.do(f"void bishkek {second} --reason-code wrong_value")
    assert handovers(admitted, "manager") == [(first, False, ["manager", "s-aida"])]
    admitted.do(f"confirm bishkek occasion {first} --staff s-aida --undo")
    assert handovers(admitted, "s-aida") == [(first, True, ["manager"])]
    assert handovers(admitted, "s-aida", "2026-11-24") == []
    assert NOTE not in admitted.run("today").out
    assert NOTE in Terminal(admitted).run("today", [""] * 4).text


def test_two_computers_confirm_one_handover_and_both_count(tmp_path: Path) -> None:
    admitted = make_house_with_paper(tmp_path / "house-with-paper")
    entry = admitted.do("add bishkek occasion --staff s-gulnara", HANDOVER).data["entry"]
    admitted.do("trust --join --recovery paper --no-passphrase --identity other --staff s-aida", today=None)
    admitted.do("trust --accept", today=None)
    admitted.do(f"confirm bishkek occasion {entry} --identity other")
    admitted.do(f"confirm bishkek occasion {entry}")
    assert handovers(admitted, "manager") == [(entry, False, ["s-aida", "manager"])]


def test_others_are_counted_since_the_last_handover_by_kind_without_a_value(admitted: Desk) -> None:
    admitted.do("add bishkek occasion --staff s-gulnara", {**HANDOVER, "on": "2026-11-24"})
    admitted.do("confirm bishkek occasion")
    admitted.do(f"add {admitted.her} need --staff s-gulnara", {**NEED, "need": "зуб"})
    admitted.do("add bishkek visit --staff s-aida", VISIT)
    admitted.do(f"add {admitted.her} need", {**NEED, "need": "пальто"})
    seen = admitted.do("today", today=None).data
    counted = {(one["id"], one["track"]): one["new"] for one in seen["news"]}
    assert counted[admitted.her, "need"] == 1
    assert counted["bishkek", "visit"] == 1
    assert ("bishkek", "occasion") not in counted
    assert "зуб" not in json.dumps(seen, ensure_ascii=False) + admitted.run("today", today=None).out
    assert admitted.do("today --staff s-none", today=None).data["since"] < seen["since"]


def test_a_house_that_is_not_named_right_and_a_store_without_one(admitted: Desk) -> None:
    admitted.do("facility add osh --capacity 3")
    assert [one["facility"] for one in admitted.do("today").data["rows"]] == ["bishkek", "osh"]
    alone = admitted.do("today --of osh").data
    assert ([one["facility"] for one in alone["rows"]], alone["sleeping"]) == (["osh"], [])
    wrong = admitted.refused("today --of talas")
    assert (wrong.code, wrong.error) == (3, "facility/unknown")
    asked = Terminal(admitted).run("today", ["2", "", ""]).text
    assert "Which house?" in asked
    assert "osh: 0 of 3" in asked
    session = open_session(admitted)
    held = session.store.shelter
    session.save([(SHELTER_FILE, {**held.value, "facilities": {}}, held.version)], "facility")
    none = admitted.refused("today")
    assert (none.code, none.error) == (3, "facility/none")


@pytest.mark.parametrize("broken", ["register", "file"])
def test_what_is_damaged_is_named_and_the_rest_is_shown(admitted: Desk, broken: str) -> None:
    admitted.do("add bishkek shift", {**SHIFT, "starts_at": "2026-11-25T20:00", "ends_at": "2026-11-26T08:00"})
    name = register_files(admitted.store)[0] if broken == "register" else f"residents/{admitted.her}.yaml.age"
    path = admitted.store / name
    path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    answer = admitted.ask("today")
    assert (answer.code, answer.error) == (6, "store/part")
    assert name in answer.out
    data: dict[str, Any] = answer.data
    if broken == "register":
        assert [one["id"] for one in data["sleeping"]] == [admitted.her]
        assert data["on_duty"] == []
    else:
        assert (data["rows"][0]["unread"], data["unread"]) == (1, 1)
        assert data["on_duty"] != []


def test_a_clock_before_the_last_write_is_told_on_the_page(admitted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    admitted.do(f"add {admitted.her} need", NEED, today=None)
    monkeypatch.setattr(seating, "now_at", lambda offset: now_at(offset) - timedelta(days=3))
    assert any("clock" in one for one in admitted.do("today", today=None).data["said"])


@pytest.fixture(scope="module")
def made(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    desk = copied(_admitted, tmp_path_factory.mktemp("by-role") / "desk")
    return house_by_role(desk, _empty.folder.parent / "recovery")


def test_each_role_sees_what_it_opens_and_is_told_what_it_does_not(made: RoleHouse, tmp_path: Path) -> None:
    desk = copied_house(made, tmp_path / "house").desk
    entry = desk.do("add bishkek occasion", {**HANDOVER, "by": "manager"}).data["entry"]
    guard = desk.do("today --staff s-guard").data
    assert (guard["by_number"], guard["registers"], guard["medicine"], guard["danger"]) == (True, True, [], [])
    assert [one["id"] for one in guard["sleeping"]] == [desk.her]
    assert [(one["entry"], one["waits"]) for one in guard["handovers"]] == [(entry, True)]
    assert "Your role opens no client's file: dangers" in desk.run("today --staff s-guard").out
    desk.do("confirm bishkek occasion --staff s-guard")
    assert handovers(desk, "s-guard") == [(entry, False, ["s-guard"])]
    data = desk.do("today --staff s-data").data
    assert (data["registers"], data["handovers"], data["on_duty"]) == (False, [], [])
    assert "Your role opens no register of the house" in desk.run("today --staff s-data").out
