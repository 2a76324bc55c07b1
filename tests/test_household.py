"""The page of the house in the menu: its people and partners by name, its places, and whoever else sleeps there."""

from typing import TYPE_CHECKING

import pytest
from revised import LANGUAGES
from terminal import LEAVE, At

if TYPE_CHECKING:
    from conftest import Desk


PAGE = "7"
STAFF, NGO, PROVIDER, FACILITY, OTHERS, PASSPHRASE, LANGUAGE, SAFE, SHEET, CHECK = map(str, range(1, 11))


def opened(desk: "Desk", language: str, *typed: str) -> str:
    session = At(desk, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = session.run("menu --as-of 2026-11-25", [PAGE, *typed, "", LEAVE])
    assert seen.code == 0, seen.text
    return " ".join(seen.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_new_is_registered_by_name_with_the_code_that_is_proposed(desk: "Desk", language: str) -> None:
    new = {"en": "someone or something new", "ru": "новая запись"}[language]
    opened(desk, language, STAFF, new, "Образцова Бермет", "", "3", ".", "")
    assert {"s-bermet": "psychologist"}.items() <= {
        row["staff"]: row["role"] for row in desk.do("staff list", today=None).data["rows"]
    }.items()
    assert "s-bermet · Образцова Бермет" in opened(desk, language, STAFF, "")


def test_a_code_that_is_taken_is_asked_for_again(desk: "Desk") -> None:
    seen = opened(desk, "en", STAFF, "someone", "Аида Примерова", "s-aida", "s-aida-p", "2", ".", "")
    assert "The code s-aida is taken already." in seen
    assert "s-aida-p" in {row["staff"] for row in desk.do("staff list", today=None).data["rows"]}


def test_one_who_is_registered_is_chosen_and_changed(desk: "Desk") -> None:
    opened(desk, "en", NGO, "sezim", "", "", "01.02.2026", ".", "")
    (row,) = (row for row in desk.do("ngo list", today=None).data["rows"] if row["ngo"] == "sezim")
    assert row["memorandum_signed_on"] == "2026-02-01"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [STAFF, NGO, PROVIDER, FACILITY])
def test_enter_at_every_question_of_somebody_registered_is_said_to_change_nothing(
    number: str, language: str, desk: "Desk"
) -> None:
    desk.do("provider add lyceum-12", {"name": "Лицей 12"}, today=None)
    before = desk.digest_of_store()
    seen = opened(desk, language, number, "2", *[""] * 12)
    assert desk.digest_of_store() == before
    said = {"en": "nothing changed", "ru": ("ничего не изменилось", "всё осталось как было")}[language]
    assert any(each in seen for each in ([said] if isinstance(said, str) else said))
    assert {"en": "is registered as", "ru": "записана должность"}[language] not in seen


def test_what_is_answered_of_somebody_registered_is_said_to_be_saved(desk: "Desk") -> None:
    assert "s-aida is registered as psychologist." in opened(desk, "en", STAFF, "s-aida", "Аида Примерова", ".", "")


def test_the_places_of_a_house_are_changed_on_its_page(desk: "Desk") -> None:
    seen = opened(desk, "en", FACILITY, "bishkek", "", "", "", "", "12", "9", "")
    assert "at most 10 places" in seen
    assert "The house bishkek is registered, with 9 places." in seen
    (row,) = desk.do("facility list", today=None).data["rows"]
    assert row["capacity"] == 9
    (house,) = desk.do("house").data["rows"]
    assert house["capacity"] == 9
    opened(desk, "en", FACILITY, "bishkek", "", "", "", "", "-", "", "")  # without a number it cannot be
    (row,) = desk.do("facility list", today=None).data["rows"]
    assert row["capacity"] == 9


def test_other_people_who_sleep_there_are_counted(desk: "Desk") -> None:
    opened(desk, "en", OTHERS, "some", "3", "")
    (row,) = desk.do("house").data["rows"]
    assert row["others"] == 3


@pytest.mark.parametrize("number", [STAFF, NGO, PROVIDER, FACILITY, OTHERS])
def test_enter_leads_back_and_changes_nothing(number: str, desk: "Desk") -> None:
    before = [desk.do(f"{register} list", today=None).data for register in ("staff", "ngo", "provider", "facility")]
    opened(desk, "en", number, "")
    assert before == [
        desk.do(f"{register} list", today=None).data for register in ("staff", "ngo", "provider", "facility")
    ]


def test_the_sheet_for_the_safe_is_printed(desk: "Desk") -> None:
    path = desk.folder / "safe.pdf"
    assert "put it in the safe of the house" in opened(desk, "en", SAFE, str(path), "")
    assert path.read_bytes().startswith(b"%PDF")


def test_a_printed_sheet_is_asked_after_by_the_code_at_its_foot(admitted: "Desk") -> None:
    admitted.do(f"form shelter-rules {admitted.her} --lang en --out {admitted.folder / 'rules.pdf'}")
    (entry,) = admitted.record()["printed"]
    seen = opened(admitted, "en", SHEET, "nonsense", entry["code"], "")
    assert "by manager says what the record says now" in seen
    assert seen.index("! ", seen.index("Which code stands")) < seen.index("the sheet printed on")


def test_off_a_terminal_a_register_needs_a_code(desk: "Desk") -> None:
    assert desk.refused("staff add", today=None).error == "usage/missing"
    assert desk.refused("staff add", {"name": "Аида"}, today=None).error == "usage/missing"
