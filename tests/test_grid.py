"""Tables and messages at a terminal: a client is one line, a text of the manual goes on under itself."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ACCEPTED
from terminal import At

from shelterctl.language import LabelledCode
from shelterctl.output.columns import format_table

if TYPE_CHECKING:
    from conftest import Desk


STATE = LabelledCode("left_by_own_decision", {"en": "left by her own decision", "ru": "ушла по своему решению"})
LONG = "Educational scholarship for whoever studies in Bishkek or Osh, month by month, no more than is printed here"


def person(**more: Any) -> dict[str, Any]:
    return {"id": "7QF2-M9KD", "first_name": "Айгуль", "last_name": "Примерова" * 5, "state": STATE, **more}


@pytest.mark.parametrize("room", [39, 59, 79])
def test_a_person_is_one_line_however_narrow_the_screen(room: int) -> None:
    rows = [person(facility=None, arrived_on="2026-11-22"), person(facility=None, arrived_on=None)]
    lines = format_table(rows, "en", room)
    assert len(lines) == 3
    assert max(map(len, lines)) <= room
    assert all(line.startswith("7QF2-M9KD  ") for line in lines[1:])
    assert "facility" not in lines[0]  # nothing stands in that column
    assert "2026-11-22" in lines[1], "a day is not cut, and goes after all else"


def test_what_fits_or_goes_to_a_file_is_whole() -> None:
    rows = [person(facility="bishkek", arrived_on="2026-11-22")]
    assert format_table(rows, "en", 200) == format_table(rows, "en")
    assert "Примерова" * 5 in format_table(rows, "en")[1]
    assert "…" not in format_table(rows, "en")[1]


def test_a_text_of_the_manual_goes_on_under_its_own_beginning() -> None:
    rows = [{"line": "4", "amount": "3000", "text": LONG}, {"line": "5", "amount": "100", "text": "short"}]
    lines = format_table(rows, "en", 60)
    column = lines[0].index("text")
    assert max(map(len, lines)) <= 60
    assert " ".join(line[column:] for line in lines[1:-1]) == LONG
    assert {line[:column].strip() for line in lines[2:-1]} == {""}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_at_a_terminal_every_client_of_a_list_is_one_line(discharged: "Desk", language: str) -> None:
    lines = At(discharged, language).run("list", []).text.splitlines()
    assert [line[:9] for line in lines[1:]] == [discharged.her]
    assert max(map(len, lines)) < 80
    for size in ((24, 40), (24, 132)):
        (row,) = [line for line in At(discharged, language, size=size).run("list", []).text.splitlines()[1:] if line]
        assert len(row) < size[1]


def test_a_client_without_a_stay_and_the_kind_of_house_are_said_in_words(desk: "Desk") -> None:
    desk.do("admit --without-stay", {"identity": {"sex": "female"}})
    assert "клиент без проживания" in desk.run("list --lang ru", today=None).out
    assert desk.do("list", today=None).data["rows"][0]["state"] == "client"
    assert re.search(r"(?m)^bishkek  приют ", desk.run("house --lang ru").out)
    assert desk.do("house").data["rows"][0]["kind"] == "shelter"


def test_an_agreement_keeps_its_columns_at_a_terminal(admitted: "Desk") -> None:
    words = f"agreement {admitted.her} --form blue --from {ACCEPTED / 'blue.yaml'} --check"
    lines = At(admitted).run(words, []).text.splitlines()
    head = next(line for line in lines if line.startswith("line "))
    column = head.index("text")
    after = lines[lines.index(head) + 2]
    assert after[:column].strip() == ""
    assert after[column] != " "


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_error_is_wrapped_at_words_at_a_terminal_and_is_one_line_in_a_file(desk: "Desk", language: str) -> None:
    whole = desk.run(f"list --staff 9 --lang {language}", today=None).err.strip()
    assert "\n" not in whole
    lines = At(desk, language, today=None, size=(24, 50)).run("list --staff 9", []).text.strip().splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) < 50
    assert " ".join(lines) == whole


def test_papers_are_named_in_words_for_people_and_by_code_for_programs(admitted: "Desk") -> None:
    words = f"agreement {admitted.her} --form blue --check"
    told = admitted.run(f"{words} --lang ru", ACCEPTED / "blue.yaml").out
    assert "заявление на бесплатную помощь" in told
    assert "application" not in told
    assert admitted.do(words, ACCEPTED / "blue.yaml").finding("agreement/paper")["facts"]["kind"] == "application"
    told = admitted.run(f"admit {admitted.her} --lang ru").out
    assert "detailed_interview" not in told
    assert "подробное интервью" in told
    lacking = admitted.do(f"admit {admitted.her}").finding("admission/iom-documents")["facts"]["lacking"]
    assert {"detailed_interview", "application"} <= set(lacking)


def test_a_check_says_its_sum_last_at_a_terminal_and_that_nothing_is_damaged(admitted: "Desk") -> None:
    told = admitted.do("check").data["said"]
    assert told[0].startswith("Files: 1. Open: ")
    assert told[1] == "Nothing in the store is damaged."
    assert told[2].startswith("The number for the sheet in the safe: ")
    assert admitted.run("check").out.count(told[0]) == 1
    assert told[3].startswith("Backups from here on other disks: none of 2.")
    lines = At(admitted).run("check", []).text.splitlines()
    assert lines[:4] == lines[-4:] == told
