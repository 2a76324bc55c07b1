"""What goes wrong at a terminal: closed windows, slips of the hand, a terminal that can little, pasted text."""

import re
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from terminal import AT_NIGHT, LEAVE, OPEN, SEE, SHELL, At, Live, reason

if TYPE_CHECKING:
    from conftest import Desk


WHY = "Why she is received before the papers are ready"
NEXT = "Child's date of birth"
LAST_BYTES = b"\x1b[?1049l"
"""What brings the screen back that was there before."""


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    """The desk with one client at night; the next question is why she is received."""
    desk.her = desk.do("admit", AT_NIGHT).data["id"]
    return desk


# The window, the keys that end or stop a program, and the ways in which it is killed.


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (Live.end, 128 + signal.SIGHUP),
        (lambda live: live.send(signal.SIGHUP), 128 + signal.SIGHUP),
        (lambda live: live.send(signal.SIGTERM), 128 + signal.SIGTERM),
        (lambda live: live.send(signal.SIGQUIT), 128 + signal.SIGQUIT),
        (lambda live: live.type("^D"), 130),
        (lambda live: live.send(signal.SIGKILL), -signal.SIGKILL),
    ],
    ids=["window closed", "SIGHUP", "SIGTERM", "SIGQUIT", "Ctrl-D", "kill -9"],
)
def test_however_it_ends_what_was_answered_is_there(ends: Callable[[Live], Any], code: int, received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.type("came at night")
        if code != 130:
            live.press(b"half a na")
        ends(live)
        seen = live.end()
    assert seen.code == code
    if code > 0 and ends is not Live.end:
        assert b"\x1b[?1049h" not in seen.raw.rpartition(LAST_BYTES)[2]
    assert reason(received) == "came at night"
    assert "first_name" not in received.record()["identity"]
    with At(received).live(f"admit {received.her}") as live:
        assert live.asked == NEXT


def test_ctrl_z_leaves_no_name_in_sight(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}", in_shell=True) as live:
        live.type("came at night")
        live.type("")
        live.press(b"\x1a")
        assert live.type("Айгуль").strip().startswith("Айгуль")
        assert live.asked == "Middle name or patronymic"
    assert SHELL not in live.end().text


# The terminal: narrow, without colour, or hardly one.


@pytest.mark.parametrize("language", ["en", "ru"])
def test_forty_columns_are_enough(language: str, discharged: "Desk") -> None:
    her, narrow = discharged.her, At(discharged, language, size=(24, 40))
    for words, typed in [
        ("admit", ["female", "?", ".", "1999", "1", "24.11 21:30", ".", "3", "", "15", ""]),
        (f"admit {her}", [".", "1", "?", ".", ".", ""]),
        (f"agreement {her} --form blue", ["25.11.2026", "1.12", "28.2", *[""] * 6, "5000", "500", ".", ""]),
        (f"discharge {her}", ["", "", ".", ""]),
        (f"show {her}", ["", ""]),
        ("find", ["Примерова", ""]),
        ("list --names", [""]),
        (f"void {her}", [""]),
        ("menu", [OPEN, her, SEE, ""]),
    ]:
        seen = narrow.run(words, typed)
        long = [line for line in seen.text.splitlines() if len(line) > 40 and line[0] not in ">("]
        assert long == [], words
        assert seen.code in (0, 130, 128 + signal.SIGHUP), words


def test_a_window_made_narrow_in_the_middle_is_written_to_its_new_width(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.press(b"came at ")
        live.resize(24, 40)
        live.press(b"night")  # with the first key the line is drawn anew
        told = live.type("") + live.type("?")
        assert live.asked == NEXT
        assert max(len(line) for line in told.splitlines() if "came at" not in line) <= 40
    assert reason(received) == "came at night"


def test_without_colour_nothing_is_bold(received: "Desk") -> None:
    typed = ["?", ".", "", "."]
    coloured = At(received).run(f"admit {received.her}", typed)
    plain = At(received, env={"NO_COLOR": "1"}).run(f"admit {received.her}", typed)
    assert b"\x1b[1m" in coloured.raw
    assert not re.search(rb"\x1b\[[0-9;]*m", plain.raw)
    assert coloured.text == plain.text


def test_a_dumb_terminal_is_told_nothing_that_it_does_not_understand(received: "Desk") -> None:
    seen = At(received, env={"TERM": "dumb"}).run(f"admit {received.her}", ["came at night", "."])
    assert b"\x1b" not in seen.raw
    assert seen.text.startswith("This terminal cannot hide what was shown.")
    assert reason(received) == "came at night"


# Said at the question.


@pytest.mark.parametrize("half", ["Period: to", "Course ends on", "The time of study: to"])
def test_an_end_before_its_beginning_is_refused_at_the_question(half: str, admitted: "Desk") -> None:
    begin = {"Date of the agreement": "25.11.2026", "Period: from": "01.12.2026", "Period: to": "28.02.2027"}
    begin |= {"Amount in som": "500", "Profession of the course": "sewing", "Som a month": "400"}
    begin |= {"Course begins on": "05.12.2026", "The time of study: from": "01.12.2026"}
    with At(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until(half, begin)
        assert "  ! " in live.type("30.11.2026")
        assert live.asked == half
        live.type("28.02.2027")
        assert live.asked != half


# Pasted and unseen.

BEGIN, END = b"\x1b[200~", b"\x1b[201~"


@pytest.mark.parametrize(
    "pasted",
    [
        BEGIN + b"came at night\nwith a bag\n\n  afraid" + END,
        BEGIN + b"came at night\r\nwith a bag\r\nafraid\r\n" + END,
        b"came at night\rwith a bag\rafraid",
        b"came at night\nwith a bag\n\nafraid",
    ],
    ids=["as one", "as one, of Windows", "as typed", "as typed, with newlines"],
)
def test_several_lines_pasted_are_one_answer(pasted: bytes, received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        assert "Several lines came at once. They are put together as one." in live.type(pasted)
        assert live.asked == NEXT
    assert reason(received) == "came at night with a bag afraid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("came \u202eat\u202c night\u2066\u200b".encode(), "came at night"),
        (b"came \xff\xfeat night \xc3", "came at night"),
        (BEGIN + b"came \x07at\x1b night\x7f" + END, "came at night"),
        ("came\u0085at night\ue000".encode(), "came at night"),
    ],
    ids=["bidirectional marks", "no UTF-8", "controls", "private use"],
)
def test_what_cannot_be_seen_is_left_out_and_shown_once_more(typed: bytes, kept: str, received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        told = live.type(typed)
        assert "There were characters in it that cannot be seen." in told
        assert told.rstrip().endswith(f"> {kept}")
        assert reason(received) is None
        live.type("")
        assert live.asked == NEXT
    assert reason(received) == kept


def test_nul_and_tab_are_no_characters_of_an_answer(received: "Desk") -> None:
    with At(received).live(f"admit {received.her}") as live:
        live.type(b"came\x00 at\tnight")
        assert live.asked == NEXT
    assert reason(received) == "came at night"


@pytest.mark.parametrize("answer", [b"a" * 102400, b"9" * 102400, BEGIN + b"word " * 20480 + END])
def test_an_answer_of_a_hundred_kilobytes_is_refused_everywhere(answer: bytes, received: "Desk") -> None:
    before = received.record()
    with At(received).live(f"admit {received.her}") as live:
        names = ("First name", "Middle name or patronymic", "Last name", "Languages she understands")
        for question in (WHY, NEXT, *names, "When the news of her came", "When the primary interview was held"):
            assert live.asked == question
            assert "  ! " in live.type(answer)
            live.type(b"\x15")
    assert received.record() == before
    assert "No file of this store fits." in At(received).run("menu", [OPEN, answer[6:600].decode(), "", LEAVE]).text
