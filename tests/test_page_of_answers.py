"""The page of answers before an act: a number means one thing as long as somebody sits at it."""

import re
from typing import TYPE_CHECKING

import pytest
from terminal import At, Live

from shelterctl.prompts.review import (
    ACT_IS_STOPPED,
    ALL_QUESTIONS_ANSWERED,
    GO_ON_THOUGH_OPEN,
    NO_ANSWER_YET,
    ROW_HAS_NO_QUESTION,
)

if TYPE_CHECKING:
    from conftest import Desk


OUT = {"kind": "outing", "left_at": "2026-11-24T10:00", "permitted_by": "manager", "where": "рынок"}
BACK, LET_IN = "When she came back", "Who let her in"


def page(live: Live) -> dict[str, str]:
    """The lines of the page that is on the screen, by their numbers."""
    seen = live.raw.decode().rpartition("\x1b[H")[2].replace("\r", "")
    return dict(re.findall(r"^ +(\d+) (.+)$", seen, re.MULTILINE))


def number_of(live: Live, words: str) -> str:
    """The number of the line that begins so."""
    (number,) = (number for number, line in page(live).items() if line.lstrip("(").startswith(words))
    return number


@pytest.mark.parametrize(("more", "left"), [({}, 5), ({"expected_back_at": "2026-11-24T14:00", "purpose": "врач"}, 3)])
def test_what_becomes_of_the_answers_has_one_number_however_many_there_are(
    more: dict[str, str], left: int, admitted: "Desk"
) -> None:
    entry = admitted.do(f"add {admitted.her} absence", {**OUT, **more}).data["entry"]
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        assert [page(live)[number] for number in "1234"] == [
            "write it down",
            f"answer what has no answer yet ({left})",
            "leave it for later; the answers are kept",
            "throw these answers away",
        ]
        live.type("")
        live.type("")


def test_an_answer_that_is_taken_away_leaves_every_line_its_number(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    before = admitted.digest()
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        shown = page(live)
        left = number_of(live, "When she left")
        live.type(left)
        live.type("-")
        after = page(live)
        assert after[left].endswith(f": {NO_ANSWER_YET}")
        let_go = number_of(live, "Who let her go")
        assert after[let_go].startswith("(")  # beside the other answers it is not asked
        assert {n: line.strip("()").split(":")[0].split(" (")[0] for n, line in after.items() if n in shown} == {
            n: line.split(":")[0].split(" (")[0] for n, line in shown.items()
        }
        assert ROW_HAS_NO_QUESTION in live.type(let_go)
        assert live.asked == "What now?"
        live.type(left)
        live.type("24.11 10:00")
        assert page(live)[left] == shown[left]
        live.type("3")
        assert live.over
    assert admitted.digest() != before  # the answers are kept
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["left_at"].startswith("2026-11-24T10:00")


def test_a_missing_answer_that_is_named_is_a_line_of_its_own(admitted: "Desk") -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} absence {entry}") as live:
        live.type(".")
        live.type("2")
        live.until(BACK)
        live.type("24.11 12:00")
        live.type(".")
        number = number_of(live, f"{LET_IN}: {NO_ANSWER_YET}")
        live.type(number)
        assert live.asked == LET_IN
        live.type("manager")
        assert live.asked == "What now?"  # nothing else is asked on the way
        assert page(live)[number].startswith(f"{LET_IN}: manager")
        live.type("write it down")
        assert live.over
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["entry_permitted_by"] == "manager"


def test_the_number_that_saves_asks_once_more_while_something_stays_open(admitted: "Desk") -> None:
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} measure") as live:
        for answer in ("позвонить маме", "."):
            live.type(answer)
        assert GO_ON_THOUGH_OPEN in live.type("1")
        live.type("2")
        assert live.asked == "What now?"
        assert "measures" not in admitted.record()
        live.type("1")
        live.type("1")
        assert live.over
    assert len(admitted.record()["measures"]) == 1


def test_what_cannot_be_done_yet_stands_in_brackets_and_says_why(admitted: "Desk") -> None:
    with At(admitted, size=(60, 80)).live(f"add {admitted.her} absence") as live:
        live.type(".")
        assert page(live)["1"] == "(write it down)"
        for typed in ("1", "write it down"):
            assert ACT_IS_STOPPED in live.type(typed)
            assert live.asked == "What now?"
        number = number_of(live, f"What takes her out: {NO_ANSWER_YET}")  # without it nothing can be written down
        live.type(number)
        live.type("1")
        assert page(live)["1"] == "write it down"
        live.type("3")
    assert "absences" not in admitted.record()["stays"][0]


def test_where_every_question_has_its_answer_that_is_said(discharged: "Desk") -> None:
    with At(discharged, today="2027-06-01", size=(60, 80)).live(f"monitor attempt {discharged.her}") as live:
        live.until("What now?", {"How it was tried": "1", "What came of it": "2"})
        while page(live)["2"].startswith("answer"):
            live.type("2")
            live.until("What now?", {live.asked: "слово"})
        assert ALL_QUESTIONS_ANSWERED in live.type("2")
        live.type("4")
        assert "1 yes" in live.raw.decode().rpartition("Throw them away")[2]
        live.type("1")
        assert "thrown away" in " ".join(live.end().text.split())
    assert "unfinished" not in discharged.record()
