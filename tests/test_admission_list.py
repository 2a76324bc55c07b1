"""The list of what an admission lacks: each line keeps its number while she works through it, and asks for her day."""

import re
from typing import TYPE_CHECKING

import pytest
from asking import SHELF
from revised import LANGUAGES
from terminal import At, Live
from test_stumbled import ACCEPTED, admitted_on

if TYPE_CHECKING:
    from conftest import Desk


DONE = re.compile(r"^(?:done|сделано)(?: [\d.-]+)?: ")
STATE = {"en": "Still open", "ru": "Ещё открыто"}


def listed(live: Live) -> dict[int, str]:
    """The lines of the list that is on the screen, by their numbers, without a mark of what became of them."""
    seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", live.raw.decode().rpartition("\x1b[2J\x1b[3J\x1b[H")[2])
    last = re.split(r"(?:Still open|Ещё открыто|before she can be admitted|До приёма)", seen)[-1]
    return {int(number): text.strip() for number, text in re.findall(r"^ *(\d+) (.*?)\r?$", last, re.M)}


def named(line: str) -> str:
    """What a line is about, whatever became of it."""
    return re.sub(r" \([^()]*\)$", "", DONE.sub("", line.strip("() *")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", ["2026-11-25"])
def test_a_number_stays_what_it_was_when_what_is_before_it_is_answered(
    language: str, today: str, admitted: "Desk"
) -> None:
    with At(admitted, language, today=today, size=(60, 160)).live(f"admit {admitted.her}") as live:
        live.type(".")
        before = listed(live)
        assert len(before) > 8
        item = SHELF.items["orientation"].text[language]
        number = next(each for each, text in before.items() if item in text)
        live.type(str(number))
        live.type("25.11")
        live.until(STATE[language], key=".")
        after = listed(live)
        assert DONE.match(after[number])
        assert {each: named(text) for each, text in after.items() if each in before} == {
            each: named(text) for each, text in before.items()
        }
        last = max(each for each, text in before.items() if text and each > number)
        assert named(after[last]) == named(before[last])


def test_a_line_that_is_done_can_be_chosen_by_its_number_and_corrected(admitted: "Desk") -> None:
    with At(admitted, today="2026-11-25", size=(60, 160)).live(f"admit {admitted.her}") as live:
        live.type(".")
        number = next(each for each, text in listed(live).items() if "Orientation" in text)
        for day in ("25.11", "24.11"):
            live.type(str(number))
            live.type(day)
            live.until(STATE["en"], key=".")
    (one,) = admitted.record()["stays"][0]["done"]
    assert one["on"] == "2026-11-24"


def test_on_a_small_screen_the_list_fits_with_what_is_done_in_it(admitted: "Desk") -> None:
    with At(admitted, today="2026-11-25", size=(24, 80)).live(f"admit {admitted.her}") as live:
        live.type(".")
        for _ in range(2):
            number = next(each for each, text in listed(live).items() if "Orientation" in text)
            live.type(str(number))
            live.type("25.11")
            live.until(STATE["en"], key=".")
            *_, last, _ = live.raw.decode().split("\n\x1b[?2004h> ")
            assert "Enter shows more" not in last
            assert last.count("\n") < 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_small_screen_no_line_of_the_list_is_cut(language: str, admitted: "Desk") -> None:
    texts = [" ".join(item.text[language].split()) for item in SHELF.acts["admission"].items]
    with At(admitted, language, today="2026-11-25", size=(24, 80)).live(f"admit {admitted.her}") as live:
        live.type(".")
        *_, page, _ = live.raw.decode().split("\n\x1b[?2004h> ")
    seen = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", page).split())
    assert "…" not in seen
    assert page.count("\n") < 24
    assert sum(text in seen for text in texts) >= 5
    assert any(text in seen for text in texts if len(text) > 75)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_of_her_who_came_a_week_ago_it_is_said_when_and_her_day_is_asked(answer: str, desk: "Desk") -> None:
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    desk.do(f"admit {desk.her}", {"received": {"at": "2026-11-20T22:00", "by": "s-gulnara"}})
    with At(desk, today="2026-11-27", size=(60, 80)).live(f"admit {desk.her}") as live:
        live.until("Everything that the gate asks for is there. She came on 2026-11-20.")
        assert "Is today, 2026-11-27, the day of her admission?" in live.asked
        live.type(answer)
        if answer == "no":
            assert live.asked == "On which day was she admitted?"
            live.type("23.11")
    assert admitted_on(desk) == ("2026-11-27" if answer == "yes" else "2026-11-23")


def test_of_her_who_came_today_it_is_asked_whether_she_is_admitted(desk: "Desk") -> None:
    desk.her = desk.do("admit", ACCEPTED / "referral.yaml").data["id"]
    with At(desk, today="2026-11-27", size=(60, 80)).live(f"admit {desk.her}") as live:
        live.until("Everything that the gate asks for is there. Admit her today, 2026-11-27?")
