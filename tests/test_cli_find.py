"""Finding her again and correcting what was wrong: by a misspelt name, from her entries, a discharge taken back."""

import json
import os
import re
import select
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk

PROJECT = Path(__file__).parents[1]
ACCEPTED = PROJECT / "examples" / "accepted"
ALONE = re.compile(r"\x1b\[\?1049h.*?\x1b\[\?1049l", re.DOTALL)
"""A screen of its own, from where it is entered to where it is left and gone."""

WAIT, CTRL_C = 20.0, "\x03"


def rows(desk: "Desk", given: object, words: str = "find", **how: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.do(words, given, **how).data["rows"]
    return found


@pytest.fixture
def peopled(admitted: "Desk") -> "Desk":
    """Beside Айгуль Примерова: a namesake in Latin, another woman, and one without a name."""
    for first, last, born in (("Aigul", "Obraztsova", 1990), ("Жылдыз", "Примерова", "1985-05")):
        identity = {"first_name": first, "last_name": last, "birth_date": born, "sex": "female"}
        admitted.do("admit --without-stay", {"identity": identity})
    admitted.do("admit --without-stay", {"identity": {"sex": "female"}})
    return admitted


def test_a_found_client_is_told_by_her_id_and_never_by_her_name(peopled: "Desk") -> None:
    told = peopled.do("find", {"first_name": "Айгуль", "last_name": "Примерова"})
    assert told.data["rows"] == [
        {
            "id": peopled.her,
            "state": "admitted",
            "facility": "bishkek",
            "match": "exact",
            "arrived_on": "2026-11-22",
        }
    ]
    assert told.data["said"][0] == "1 file fits."
    assert told.data["said"][2].startswith("1 client has no name in her file yet")
    for words in ("find", "find --format csv", "find --format ndjson"):
        out = peopled.run(words, {"first_name": "Айгуль"}).out
        assert peopled.her in out
        assert "Айгуль" not in out
        assert "Примерова" not in out


@pytest.mark.parametrize(
    "given",
    [
        {"first_name": "Айгул", "last_name": "Примирова"},
        {"last_name": "айгуль", "first_name": "ПРИМЕРОВА"},
        {"last_name": "Primerova", "first_name": "Aygul"},
        {"first_name": "гул", "birth_date": 1999},
        {"birth_date": "1999-03"},
    ],
    ids=["two slips", "the other way round", "in Latin", "three letters and a year", "a birth date alone"],
)
def test_she_is_found_by_a_misspelt_name(given: dict[str, Any], peopled: "Desk") -> None:
    assert [row["id"] for row in rows(peopled, given)] == [peopled.her]


def test_whoever_fits_better_comes_first(peopled: "Desk") -> None:
    assert [row["match"] for row in rows(peopled, {"first_name": "Aigul"})] == ["exact", "alike"]
    assert [row["match"] for row in rows(peopled, {"first_name": "Айгуль"})] == ["exact", "alike"]
    assert len(rows(peopled, {"last_name": "Примерова"})) == 2


def test_nobody_is_found_and_that_is_no_mistake(peopled: "Desk") -> None:
    told = peopled.do("find", {"first_name": "Роза"})
    assert told.data["rows"] == []
    assert told.data["said"][0] == "No file of this store fits."
    assert peopled.run("find --format csv", {"first_name": "Роза"}).out.strip() == ""


def test_a_name_comes_from_a_pipe_too(peopled: "Desk") -> None:
    told = peopled.run("find --from - --json", input=json.dumps({"first_name": "Айгул"}).encode())
    assert {row["id"] for row in told.data["rows"]} > {peopled.her}


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({}, 2, "usage/nobody"),
        ({"first_name": "  "}, 2, "usage/nobody"),
        ({"birth_date": "1999-13"}, 1, "shape/date"),
        ({"nickname": "Айгуль"}, 1, "shape/unknown-key"),
        ({"first_name": ["Айгуль"]}, 1, "shape/kind"),
        ("", 1, None),
    ],
)
def test_what_cannot_be_looked_for_is_refused(given: object, code: int, said: str | None, peopled: "Desk") -> None:
    answer = peopled.refused("find", given)
    assert answer.code == code
    assert said in (None, answer.error, *answer.refusals)
    assert "Айгуль" not in answer.out


def test_off_a_terminal_nothing_is_asked(peopled: "Desk") -> None:
    assert (peopled.refused("find").code, peopled.refused("find").error) == (2, "usage/from")
    assert (peopled.refused("list --names").code, peopled.refused("list --names").error) == (2, "usage/names")
    assert peopled.run("list --names --format csv").code == 2
    void = peopled.refused(f"void {peopled.her}")
    assert (void.code, void.error) == (2, "usage/void")
    assert "ENTRY" in void.page["error"]["message"]
    assert "--reason-code" in void.page["error"]["message"]
    assert peopled.refused(f"void {peopled.her} AAAAAA").code == 3


def test_a_name_is_no_word_of_the_command(peopled: "Desk") -> None:
    answer = peopled.run("find Айгуль")
    assert answer.code == 2
    assert "Айгуль" not in answer.out + answer.err


class Sitting:
    """The program at a terminal of 80 × 24, and what the terminal was sent."""

    def __init__(self, desk: "Desk", words: str) -> None:
        self.seen, self.read = "", 0
        environment = {**desk.env, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        command = [sys.executable, "-m", "shelterctl", *words.split(), "--as-of", "2026-11-25"]
        self.pid, self.terminal = os.forkpty()
        if self.pid == 0:
            os.chdir(desk.folder)
            os.execve(sys.executable, command, environment)  # noqa: S606 - our own program

    def types(self, after: str, words: str, end: str = "\n") -> None:
        """Once the terminal shows *after*, a line of words."""
        late = time.monotonic() + WAIT
        while (found := self.seen.find(after, self.read)) < 0:
            assert time.monotonic() < late, self.seen
            assert self._more(), self.seen
        self.read = found + len(after)
        os.write(self.terminal, (words + end).encode())

    def ends(self) -> int:
        """How it ended, everything read."""
        end = time.monotonic() + WAIT
        while self._more() and time.monotonic() < end:
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    @property
    def left(self) -> str:
        """What can still be scrolled back to when it is over."""
        return ALONE.sub("", self.seen)

    def _more(self) -> bool:
        if not select.select([self.terminal], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


def test_at_a_terminal_a_name_is_asked_and_shown_and_leaves_nothing_behind(peopled: "Desk") -> None:
    sitting = Sitting(peopled, "find")
    sitting.types("Whom do you look for?", "Примирова айгул 1999")
    sitting.types("Enter closes this page.", "")
    assert sitting.ends() == 0, sitting.seen
    assert re.search(rf"{peopled.her}\s+Айгуль\s+Примерова\s+admitted", sitting.seen)
    assert "1 file fits." in sitting.seen
    assert "Примерова" not in sitting.left
    assert "Примирова" not in sitting.left
    assert "Айгуль" not in sitting.left


def test_names_are_listed_at_a_terminal_alone_and_leave_nothing_behind(peopled: "Desk") -> None:
    sitting = Sitting(peopled, "list --names")
    sitting.types("Enter closes this page.", "")
    assert sitting.ends() == 0, sitting.seen
    assert re.search(rf"{peopled.her}\s+Айгуль\s+Примерова", sitting.seen)
    assert "Жылдыз" in sitting.seen
    assert "Примерова" not in sitting.left
    refused = Sitting(peopled, "list --names --json")
    assert refused.ends() == 2
    assert "Примерова" not in refused.seen


def test_her_file_is_one_screen_that_is_gone_when_it_is_left(admitted: "Desk") -> None:
    sitting = Sitting(admitted, f"show {admitted.her}")
    sitting.types("Enter closes this page.", "")
    assert sitting.ends() == 0, sitting.seen
    assert "Enter shows more." not in sitting.seen
    assert "Айгуль Примерова · woman" in sitting.seen
    assert "Айгуль" not in sitting.left


def test_an_entry_is_chosen_and_struck_through(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done needs")
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    entry = admitted.record()["stays"][0]["done"][0]["id"]
    sitting = Sitting(admitted, f"void {admitted.her}")
    sitting.types("Enter leaves everything as it is.", "")
    assert sitting.ends() == 0, sitting.seen
    assert "void" not in admitted.record()["stays"][0]["done"][0]
    number = re.search(rf"(\d+) [^\n]*2026-11-25, recorded by manager \({entry}\)", sitting.seen)
    assert number
    assert "Nothing was struck through." in sitting.left
    sitting = Sitting(admitted, f"void {admitted.her}")
    sitting.types("Enter leaves everything as it is.", number[1])
    sitting.types("Why is it struck through?", "1")
    sitting.types("Strike this through:", "no")
    assert sitting.ends() == 0, sitting.seen
    assert "void" not in admitted.record()["stays"][0]["done"][0]
    sitting = Sitting(admitted, f"void {admitted.her}")
    sitting.types("Enter leaves everything as it is.", number[1])
    sitting.types("Why is it struck through?", "1")
    sitting.types("Strike this through:", "yes")
    assert sitting.ends() == 0, sitting.seen
    assert admitted.record()["stays"][0]["done"][0]["void"]["reason"] == "entered_twice"
    assert "struck through; it stays in the file" in sitting.left


def test_what_is_struck_through_is_offered_no_more_and_the_reason_alone_is_asked(admitted: "Desk") -> None:
    stay = admitted.record()["stays"][0]["id"]
    sitting = Sitting(admitted, f"void {admitted.her} {stay}")
    sitting.types("Why is it struck through?", "2")
    sitting.types("Strike this through: a whole stay, 2026-11-20?", "да")
    assert sitting.ends() == 0, sitting.seen
    assert admitted.record()["stays"][0]["void"]["reason"] == "wrong_client"
    again = Sitting(admitted, f"void {admitted.her}")
    again.ends()
    assert stay not in again.seen


def test_an_interrupted_choice_changes_nothing(admitted: "Desk") -> None:
    before = admitted.digest_of_store()
    sitting = Sitting(admitted, f"void {admitted.her}")
    sitting.types("Enter leaves everything as it is.", "1")
    sitting.types("Why is it struck through?", CTRL_C, "")
    assert sitting.ends() == 130
    assert admitted.digest_of_store() == before


def test_a_wrong_discharge_is_taken_back_and_said_so(discharged: "Desk") -> None:
    told = discharged.do(f"discharge {discharged.her} --undo", today="2026-11-27")
    assert told.data["taken_back"] == {"on": "2026-11-25"}
    assert (told.data["state"], told.data["discharged_on"]) == ("discharge_planned", None)
    assert told.data["said"] == [
        "The discharge of 2026-11-25 was taken back on 2026-11-27. "
        "She is in bishkek again, where she came on 2026-11-22.",
        f"If only the day was wrong, record the right one: discharge {discharged.her} --on DATE",
    ]
    assert discharged.record()["stays"][0]["discharge"]["planned_on"]
    assert discharged.do("house", today="2026-11-27").data["rows"][0]["residents"] == 1


def test_that_she_left_by_her_own_decision_is_taken_back_too(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-11-24 --own-decision")
    checked = admitted.do(f"discharge {admitted.her} --undo --check")
    assert checked.data["taken_back"] == {"on": "2026-11-24", "by_own_decision": True}
    assert admitted.do(f"show {admitted.her}").data["state"] == "left_by_own_decision"
    told = admitted.do(f"discharge {admitted.her} --undo")
    assert told.data["said"][0].startswith("That she left by her own decision on 2026-11-24 was taken back")
    assert "by_own_decision" not in admitted.record()["stays"][0]["discharge"]


def test_a_discharge_is_taken_back_alone_and_a_bed_that_was_given_away_is_told(discharged: "Desk") -> None:
    for words in ("--on 2026-11-24", "--own-decision"):
        assert discharged.refused(f"discharge {discharged.her} --undo {words}").error == "usage/undo"
    discharged.do("house --others 10")
    told = discharged.do(f"discharge {discharged.her} --undo")
    assert told.codes("open") == ["house/overfull"]
    assert told.finding("house/overfull")["facts"]["sleeping"] == 11
