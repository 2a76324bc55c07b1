"""The shift in the menu: the handover that waits is shown when somebody sits down, and one key confirms it."""

import pytest

from tests.support.desk import Desk
from tests.support.terminal import LEAVE, OTHER, SHIFT, Terminal

HANDOVER = {"kind": "handover", "on": "2026-11-24", "by": "s-gulnara", "note": "Ночью было тихо."}
ON_SHIFT = {"kind": "shift", "staff": "s-aida", "starts_at": "2026-11-25T20:00", "ends_at": "2026-11-26T08:00"}
WAITS = {"en": "A handover waits for you", "ru": "Вам передали смену"}


def at(desk: Desk, language: str) -> Terminal:
    return Terminal(desk, language, today=None, size=(40, 100), env={"SHELTERCTL_IDLE": "10"})


def handover(desk: Desk) -> dict[str, object]:
    (found,) = desk.do("today").data["handovers"]
    return dict(found)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_waiting_handover_is_confirmed_by_one_key_and_not_shown_again(admitted: Desk, language: str) -> None:
    admitted.do("add bishkek occasion --staff s-gulnara", HANDOVER)
    later = at(admitted, language).run("menu --as-of 2026-11-25", ["", LEAVE]).text
    assert later.count(WAITS[language]) == 2  # as it is shown, and among the warnings of the first screen
    assert handover(admitted)["confirmed"] == []
    seen = at(admitted, language).run("menu --as-of 2026-11-25", ["1", LEAVE]).text
    assert "Ночью было тихо." in seen
    assert (handover(admitted)["confirmed"], handover(admitted)["waits"]) == (["manager"], False)
    assert WAITS[language] not in at(admitted, language).run("menu --as-of 2026-11-25", [LEAVE]).text


def test_whoever_takes_over_the_computer_is_shown_it_too(admitted: Desk) -> None:
    admitted.do("add bishkek occasion --staff s-gulnara", HANDOVER)
    at(admitted, "en").run("menu --as-of 2026-11-25", ["1", OTHER, "s-aida", "1", LEAVE])
    assert handover(admitted)["confirmed"] == ["manager", "s-aida"]


def test_a_handover_is_written_from_the_menu_with_day_writer_and_who_is_here(admitted: Desk) -> None:
    admitted.do("add bishkek shift", ON_SHIFT)
    typed = [SHIFT, "2", "Утром ждём врача.", "1", "", LEAVE]
    seen = at(admitted, "ru").run("menu --as-of 2026-11-25", typed)
    assert seen.code == 0
    rows = admitted.do("show bishkek occasion --names").data["rows"]
    facts = rows[0]["fields"]
    assert {**facts} == {
        "kind": "handover", "on": "2026-11-25", "by": "manager", "present": ["manager", "s-aida"],
        "note": "Утром ждём врача.",
    }  # fmt: skip
    assert handover(admitted)["waits"] is False


def test_the_first_screen_and_the_page_say_the_same(admitted: Desk) -> None:
    admitted.do("add bishkek shift", ON_SHIFT)
    out = {"kind": "outing", "left_at": "2026-11-25T10:00", "permitted_by": "manager", "purpose": "рынок"}
    admitted.do(f"add {admitted.her} absence", out)
    admitted.do(
        f"add {admitted.her} medication", {"name": "x", "dosage": "x", "times": ["23:30"], "from": "2026-11-24"}
    )
    seen = " ".join(at(admitted, "en").run("menu --as-of 2026-11-25", [LEAVE]).text.split())
    assert f"Medicine: 23:30 {admitted.her}" in seen
    assert ", since 10:00" in seen
    assert "On duty: s-aida: a shift, until 2026-11-26 08:00" in seen
    page = at(admitted, "en").run("menu --as-of 2026-11-25", [SHIFT, "1", "", "", "", LEAVE]).text
    assert "MEDICINE" in page
    assert "s-aida: a shift" in page
