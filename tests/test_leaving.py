"""Leaving is chosen: whatever is pressed once too often, and whatever was typed for a question, reaches no shell."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from passphrases import OLD
from terminal import BACKUP, HOUSE, LEAVE, LOCK, OPEN, At, Live, anew_as

from shelterctl.menu.main import MENU_QUESTION
from shelterctl.terminal.passphrase import LONGEST_PAUSE, seconds_before_retry

if TYPE_CHECKING:
    from conftest import Desk


SHELL = "in the shell: "
NAME = "Айгуль Примерова"
PASTED = f"{NAME}\r".encode() * 20
RUN = "$PYTHON -m shelterctl"
SIZE = (24, 80)


@contextmanager
def bash(desk: "Desk") -> Iterator[Live]:
    """A person at a shell that remembers what is typed into it, as her own does."""
    env = {**desk.env, "TERM": "xterm", "PS1": SHELL, "PYTHON": sys.executable, "SHELTERCTL_LANG": "en"}
    live = Live(partial(anew_as, [str(shutil.which("bash")), "--norc", "-i"], desk.folder, env), SIZE)
    try:
        yield live
    finally:
        live.end()


def plain(told: str) -> str:
    """What was seen, wherever its lines break."""
    return " ".join(told.split())


def remembered(desk: "Desk") -> list[str]:
    """What the shell keeps of all that was typed."""
    return (desk.folder / ".bash_history").read_text("utf-8").splitlines()


UNSHOWN = """
import select
from shelterctl.platform import keyboard
with keyboard.hide_typing():
    print("wait: ", end="", flush=True)
    select.select([0], [], [])
print("read", input("> "))
"""


def test_what_is_typed_during_a_pause_is_neither_shown_nor_read(desk: "Desk") -> None:
    live = Live(partial(anew_as, [sys.executable, "-c", UNSHOWN], desk.folder, {**desk.env, "TERM": "xterm"}), SIZE)
    assert live.wait(f"{NAME}\r{NAME}\r".encode()) == "> "
    live.type("after it")
    assert "read after it" in live.end().text


def test_the_pause_grows_and_has_an_end() -> None:
    assert [seconds_before_retry(wrong) for wrong in range(6)] == [0, 1, 2, 4, 8, 16]
    assert {seconds_before_retry(wrong) for wrong in (6, 7, 1000)} == {LONGEST_PAUSE}


@pytest.mark.program("bash")
def test_nothing_that_is_typed_in_the_menu_reaches_the_shell(sealed: "Desk") -> None:
    with bash(sealed) as live:
        for key in ("^C", "^D"):  # the passphrase is asked for, and nothing else leads on or away
            told = live.type(RUN) if key == "^C" else ""
            assert "To leave, write 1" in told + live.type(key)
            live.type(OLD)
        assert "Nothing was typed." in live.type("")
        assert "asked for again in 1 second" in plain(live.type("wrong"))
        live.wait(b"wrong once more\r", until=rb"in 2 seconds\.\r\n$")
        assert NAME not in live.wait(f"{NAME}\r{NAME}\r".encode())
        assert "What would you like to do?" in live.type(OLD)
        for typed in ("", "^D", "^C", ".", "<", "-", NAME, OLD, "leave", "0", PASTED, LEAVE.encode() + b"\r" + PASTED):
            if "No file of this store fits." in live.type(typed):
                live.type("")
            assert "What would you like to do?" in live.asked, typed
        for nowhere in ("~nouser/zz", "a" * 300, "no/such/folder"):
            live.type(BACKUP)
            assert "There is no such folder." in live.type(nowhere)
            live.type("")
        live.type(b"\x1c\r", enter=b"")  # Ctrl-\\
        assert "What would you like to do?" in live.asked
        live.type(OPEN)
        assert "Whose file?" in live.asked
        live.type("^D")
        live.type("")
        assert "To leave: Ctrl-C, then 1." in live.type(LOCK)
        assert "asked for again in 1 second" in plain(live.type(b"\x1c\r", enter=b""))
        for key in ("^C", "^D"):
            live.type(key)
            live.type(NAME)
        assert "asked for again in 2 seconds" in plain(live.type(NAME))
        assert "What would you like to do?" in live.type(OLD)
        assert "You have left the program." in live.type(LEAVE)
        live.type("exit")
    assert remembered(sealed) == [RUN, "exit"]


@pytest.mark.program("bash")
def test_nothing_that_is_typed_for_a_question_of_a_command_reaches_the_shell(sealed: "Desk") -> None:
    show, init = f"{RUN} list", f"{RUN} init fresh --identity fresh-key"
    with bash(sealed) as live:
        for command, asked in ((show, "Passphrase: "), (init, "> ")):
            for key in (b"\x03", b"\x04"):
                assert live.type(command).endswith(asked)
                assert live.type(key + PASTED).endswith(SHELL)
        live.type(show)
        live.type(b"\x1a", enter=b"")  # Ctrl-Z leads to no shell either
        assert "Nothing was typed." in live.type("")
        for wrong in (NAME, OLD + "x"):
            assert "That was not it." in live.type(wrong)
        assert live.type(b"wrong\r" + PASTED).endswith(SHELL)
        assert live.type(f"{init} --shelter osh").endswith("New passphrase: ")
        assert live.type("").endswith("once more: ")  # the six words are taken
        assert live.type(b"\x03" + PASTED, enter=b"half a name").endswith(SHELL)
        live.type("exit")
    assert remembered(sealed) == [show, show, init, init, show, f"{init} --shelter osh", "exit"]


@pytest.mark.parametrize("asked", ["> ", "Passphrase: "])
def test_where_the_window_is_gone_nobody_is_asked_for_ever(asked: str, request: pytest.FixtureRequest) -> None:
    """A shell may have told the program that it need not end with its window."""
    desk: Desk = request.getfixturevalue("desk" if asked == "> " else "sealed")
    env = {**desk.env, "TERM": "dumb"}
    command = ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" -m shelterctl", sys.executable]
    live = Live(partial(anew_as, command, desk.folder, env), SIZE)
    assert live.begun.endswith(asked)
    assert live.end().code == 129


def test_a_key_without_a_passphrase_and_a_store_that_is_not_there_ask_whether_to_go_on(admitted: "Desk") -> None:
    with At(admitted).live("menu") as live:
        assert "The key of this device has no passphrase" in plain(live.type(LOCK))
        for key in ("", "^C", "^D", NAME, "leave"):
            live.type(key)
            assert live.asked == "Go on, or leave?"
        live.type("1")
        os.rename(admitted.store, admitted.folder / "pulled out")
        live.type(HOUSE)
        live.type("")
        assert live.asked == "Go on, or leave?"
        os.rename(admitted.folder / "pulled out", admitted.store)
        live.type("1")
        assert live.asked == MENU_QUESTION
        live.type(LEAVE)
        assert live.end().code == 0
