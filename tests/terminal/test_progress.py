"""How far long work has come: a line of words by a given clock, drawn only where a person waits at a terminal."""

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from shelterctl.language import set_language
from shelterctl.progress import report_steps, watch_progress
from shelterctl.terminal.progress import Progress
from shelterctl.ui_language import N_, Marked
from tests.support.terminal import LiveTerminal, anew_as

if TYPE_CHECKING:
    from tests.support.desk import Desk

AT_ONCE = """
import sys
from shelterctl.terminal import progress
progress.SHOWN_AFTER = -1
sys.argv = ["shelterctl", *{words}]
from shelterctl.__main__ import main
main()
"""
"""The program as it is, but it shows its progress without waiting for a second."""

READING = "Reading the clients' files: 0 of 1"


class Notes:
    """A watcher that writes down what it is to show."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def begin(self, what: Marked, count: int) -> None:
        self.seen.append((what, count))

    def reach(self, done: int) -> None:
        self.seen.append(done)

    def hide(self) -> None:
        self.seen.append("hidden")

    def end(self) -> None:
        self.seen.append("ended")


@pytest.mark.parametrize(
    ("done", "now", "line"),
    [
        (10, 100.9, None),
        (0, 101, "Files: 0 of 1000"),
        (100, 110, "Files: 100 of 1000, about 90 s left"),
        (100, 120, "Files: 100 of 1000, about 3 min left"),
        (999, 130, "Files: 999 of 1000, about 1 s left"),
    ],
)
def test_the_line_says_what_is_left_once_a_second_has_passed(done: int, now: float, line: str | None) -> None:
    assert Progress(N_("Files"), 1000, 100).text_at(done, now) == line


def test_the_line_is_not_drawn_for_each_step_and_speaks_russian() -> None:
    going = Progress(N_("Encrypting the files again"), 40, 0)
    set_language("ru")
    try:
        drawn = [going.text_at(done, 2 + done / 100) for done in range(1, 40)]
    finally:
        set_language("en")
    assert [one for one in drawn if one] == [
        "Файлы шифруются заново: 1 из 40, осталось примерно 78 с",
        "Файлы шифруются заново: 21 из 40, осталось примерно 2 с",
    ]


def test_work_within_work_is_silent_and_what_fails_is_taken_away() -> None:
    notes = Notes()
    watch_progress(lambda: notes)
    try:
        for _ in report_steps("ab", N_("Files")):
            assert list(report_steps(iter("xyz"), N_("Inside"), 3)) == ["x", "y", "z"]
        failing = report_steps("ab", N_("Files"))
        next(failing)
        del failing
        assert list(report_steps("", N_("Files"))) == []
    finally:
        watch_progress(None)
    assert notes.seen == [("Files", 2), 0, 1, "ended", ("Files", 2), 0, "ended"]


@pytest.mark.parametrize(
    ("words", "shown"), [(["list"], True), (["list", "--json"], False), (["list", "--format", "csv"], False)]
)
def test_only_a_person_at_a_terminal_sees_the_line(words: list[str], shown: bool, admitted: "Desk") -> None:
    command = [sys.executable, "-c", AT_ONCE.format(words=words)]
    live = LiveTerminal(partial(anew_as, command, admitted.folder, {**admitted.env, "TERM": "xterm"}), (24, 80))
    assert (READING in live.end().text) is shown
    piped = subprocess.run(command, cwd=admitted.folder, env=admitted.env, capture_output=True, text=True, check=True)
    assert READING not in piped.stdout + piped.stderr
