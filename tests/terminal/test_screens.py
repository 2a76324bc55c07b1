"""What every screen keeps: it says where one is, holds no more than can be read, and asks again what is wrong."""

import re
from typing import TYPE_CHECKING

import pytest

from shelterctl.prompts.agreement import AGREEMENT_OTHER_LINE
from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT as DRAFT
from shelterctl.prompts.fill_in import LEAVE_FOR_LATER, WRITE_DOWN
from shelterctl.terminal.questions import HOW_TO_CHOOSE
from tests.support.command import one_line
from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.terminal import AGREEMENT, LEAVE, OPEN, SEE, WRITE, Terminal, seen_text

if TYPE_CHECKING:
    from tests.support.desk import Desk


SIZES = [(24, 80), (10, 40)]
WIPED = re.compile(rb"\x1b\[2J\x1b\[3J\x1b\[H")
HEAD = {"en": "bishkek · 2026-11-25 · manager", "ru": "bishkek · 25.11.2026 · manager"}
WAYS = {
    "admit": ["?", *[""] * 12, "?", "1", "2010", *[""] * 12, "2", "24.11 21:30", *[""] * 60],
    "menu --as-of 2026-11-25": ["?", "3", *[""] * 12, OPEN, "?", "1", "?", SEE, *[""] * 12, WRITE, "1", "", *[""] * 6],
    "add HER plan": ["?", *[""] * 40],
    "add HER session": ["?", *[""] * 40],
    "agreement HER --form blue": ["", "S-1", "", "1.12.2026", "28.2.2027", "?", *[""] * 40],
    "show HER --all": [""] * 40,
    "due": [""] * 20,
    "house": [""] * 10,
}


def pieces(raw: bytes) -> list[list[str]]:
    """The lines between two answers, from where the screen was wiped last; the prompt is one of them."""
    found: list[list[str]] = [[]]
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", WIPED.sub(b"\f", raw).decode("utf-8", "replace"))
    for line in text.replace("\r", "").split("\n"):
        if "\f" in line:
            found[-1] = []
        found[-1].append(line.rpartition("\f")[2])
        if line.rpartition("\f")[2].startswith("> "):
            found.append([])
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", WAYS)
def test_between_two_answers_no_more_is_written_than_the_screen_holds(
    words: str, size: tuple[int, int], agreed_whole: "Desk"
) -> None:
    today = None if "as-of" in words else "2026-11-25"
    session = Terminal(agreed_whole, "ru", today=today, size=size, env={"SHELTERCTL_IDLE": "10"})
    seen = session.run(words.replace("HER", agreed_whole.her), WAYS[words])
    own, _, _ = seen.raw.rpartition(b"\x1b[?1049l")
    for piece in pieces(own or seen.raw):
        assert len(piece) <= size[0], "\n".join(piece)
        assert max(map(len, piece), default=0) <= size[1], "\n".join(piece)


@pytest.fixture
def agreed_whole(admitted: "Desk") -> "Desk":
    """A client with a draft of an agreement, among others who are in the house."""
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    for number in range(12):
        her = {"identity": {"sex": "female", "first_name": f"Айгүл-{number}", "last_name": "Примерова"}}
        admitted.do("admit --new-person", {**her, "referral": {"sources": ["scme"]}})
    return admitted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_says_first_which_house_which_day_and_who_sits_there(admitted: "Desk", language: str) -> None:
    typed = [OPEN, "1", SEE, "", "", WRITE, "1", "", "", AGREEMENT, "1", ".", "", "", "", "", LEAVE]
    session = Terminal(admitted, language, today=None, env={"SHELTERCTL_IDLE": "10"})
    seen = session.run("menu --as-of 2026-11-25", typed)
    assert seen.code == 0
    own, _, _ = seen.raw.rpartition(b"\x1b[?1049l")
    first = [seen_text(screen, language).partition("\n")[0] for screen in WIPED.split(own)[1:] if screen]
    assert len(first) > 5
    assert {line.partition(f" · {admitted.her}")[0] for line in first} == {HEAD[language]}
    assert f"{HEAD[language]} · {admitted.her} Айгуль П." in first  # while her file is open
    assert HEAD[language] in first[-1:]


NEED = ["1", "", "швейная машина", "1", "", "."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_asks_its_answer_again_with_what_stands_there(admitted: "Desk", language: str) -> None:
    desk = Revised(admitted)
    with Terminal(desk, language).live(f"add {desk.her} measure") as live:
        for answer in ("позвонить маме", "", "", "28.11.2026", "."):
            live.type(answer)
        assert live.asked in ("What now?", "Что дальше?")
        again = live.type("5")
        assert "позвонить маме" in again
        live.type("позвонить тёте")
        assert live.asked in ("What now?", "Что дальше?")
        live.type(WRITE_DOWN)
        assert live.end().code == 0
    (measure,) = desk.record()["measures"]
    assert "позвонить тёте" in measure.values()
    assert measure["due_on"] == "2026-11-28"


def test_what_has_no_answer_is_gone_through_from_the_page(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} measure") as live:
        for answer in ("позвонить маме", "."):
            live.type(answer)
        page = live.raw.decode().rpartition("Check the answers.")[2]
        (number,) = re.findall(r"(\d+) answer the remaining questions", page)
        live.type(number)
        assert live.asked != "What now?"
        assert "позвонить маме" not in live.raw.decode().rpartition(f"> {number}")[2]  # it has one
        live.until("What now?")


def test_leaving_it_for_later_writes_nothing_and_keeps_the_answers(admitted: "Desk") -> None:
    at = Terminal(admitted)
    before = admitted.record()
    at.run(f"add {admitted.her} measure", ["позвонить маме", ".", LEAVE_FOR_LATER])
    after = admitted.record()
    assert after.pop("unfinished") == {"measure": {"text": "позвонить маме"}} or "unfinished" not in after
    assert {key: said for key, said in after.items() if key != "unfinished"} == before


def test_the_parts_of_an_agreement_stand_behind_numbers(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.type(".")
        page = live.raw.decode().rpartition("Type a number to change a part.")[2]
        rows = re.findall(r"^ +(\d+) +(Heading|\w+ +[\d,.]+ som|another line)", page, re.MULTILINE)
        assert [what.split()[0] for _, what in rows] == ["Heading", "1a", "4", "6", "7a", "another"]
        live.type(next(number for number, what in rows if what.startswith("4 ")))
        assert "Educational scholarship" in live.raw.decode().rpartition("\x1b[H")[2]
        live.until("What now?")
        live.type(AGREEMENT_OTHER_LINE)
        live.type("7b")
        live.type("500")
        if live.asked != "What now?":
            live.until("What now?")
        live.type(DRAFT)
        live.type("")
    (agreement,) = admitted.record()["agreements"]
    assert agreement["lines"]["7b"]["amount"] == "500.00"
    assert agreement["lines"]["4"]


def test_what_is_typed_where_the_screen_is_full_answers_the_question_below(agreed_whole: "Desk") -> None:
    with Terminal(agreed_whole, size=(10, 60), today=None).live("menu --as-of 2026-11-25") as live:
        assert "Enter shows more." in live.raw.decode()
        live.type(LEAVE)
        for _ in range(4):
            if not live.over:
                live.type("")
        assert live.end().code == 0


def test_a_number_typed_half_way_down_a_list_is_the_answer_to_it(agreed_whole: "Desk") -> None:
    with Terminal(agreed_whole, size=(10, 60)).live(f"void {agreed_whole.her}") as live:
        assert "Enter shows more." in live.raw.decode()
        live.type("3")
        assert live.asked == "Why are you striking through this entry?"


def test_a_question_mark_and_a_star_typed_half_way_down_a_list_are_not_swallowed(agreed_whole: "Desk") -> None:
    with Terminal(agreed_whole, size=(10, 60)).live(f"void {agreed_whole.her}") as live:
        assert "Enter shows more." in live.raw.decode()
        assert HOW_TO_CHOOSE in one_line(live.type("?"))
        live.type("*")
        assert live.over


@pytest.mark.parametrize("sign", [".", "-"])
def test_a_sign_that_ends_or_takes_away_answers_nothing_that_is_not_seen_yet(sign: str, agreed_whole: "Desk") -> None:
    with Terminal(agreed_whole, size=(10, 60)).live(f"void {agreed_whole.her}") as live:
        live.type(sign)
        assert not live.over


def test_what_her_file_cannot_be_without_is_not_taken_away(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"admit {admitted.her}") as live:
        live.type(".")
        live.type("everything else")
        live.type("Reception")
        assert live.asked.startswith("Sex")
        assert "This answer is required." in live.type("-")


def test_the_command_of_a_screen_stands_behind_a_question_mark_alone(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} measure") as live:
        command = f"shelterctl add {admitted.her} measure"
        assert command not in live.raw.decode()
        assert command in " ".join(live.type("?").split())
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        assert "shelterctl house" not in live.raw.decode()
        assert "4 who sleeps here tonight: shelterctl house" in live.type("?")


LONG = "слово " * 500


@pytest.mark.parametrize("pasted", [LONG.encode(), b"\x1b[200~" + "строка\n".encode() * 500 + b"\x1b[201~"])
def test_an_answer_longer_than_the_screen_is_kept_whole_and_cut_on_the_page(pasted: bytes, admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} measure") as live:
        live.type(pasted)
        live.type(".")
        page = live.raw.rpartition(b"\x1b[H")[2]
        assert all(len(piece) <= 24 for piece in pieces(page))
        assert "…" in page.decode()
        live.type(WRITE_DOWN)
    (measure,) = admitted.record()["measures"]
    kept = next(said for said in measure.values() if isinstance(said, str) and len(said) > 1000)
    assert kept.count("с") >= 500


def test_a_window_made_small_on_the_page_of_answers_is_written_to_its_new_size(admitted: "Desk") -> None:
    with Terminal(admitted).live(f"add {admitted.her} measure") as live:
        for answer in ("позвонить маме", "", "", "28.11.2026", "."):
            live.type(answer)
        live.resize(12, 40)
        live.type("5")
        live.type("позвонить тёте и договориться о встрече на неделе")
        page = [line for piece in pieces(live.raw.rpartition(b"\x1b[H")[2]) for line in piece]
        assert len(page) > 5
        assert max(map(len, page)) <= 40
