"""The menu, a line and a passphrase at a real console of Windows: what is typed, shown, forgotten and ended."""

from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.terminal import LEAVE
from tests.windows import computer, door
from tests.windows.console import Console

pytestmark = pytest.mark.program("tmux")  # the window of a console is one of tmux

PHRASE = "луна над озером Ысык"
DETACHED = """
import subprocess, sys
told = subprocess.run(
    [sys.executable, "-m", "shelterctl", *sys.argv[1:]], stdin=subprocess.DEVNULL, capture_output=True,
    creationflags=subprocess.DETACHED_PROCESS,
)
sys.stdout.buffer.write(told.stdout)
sys.exit(told.returncode)
"""
"""A program that no console belongs to, as a task of the system is one."""


def under_passphrase(desk: Desk) -> dict[str, str]:
    """A store of her own whose key has a passphrase; the environment that names both."""
    env = {"SHELTERCTL_IDENTITY": str(desk.folder / "sealed"), "SHELTERCTL_STORE": str(desk.folder / "other")}
    given = f"{PHRASE}\n".encode()
    desk.do("init other --shelter osh --recovery paper --passphrase-fd 0", input=given, env=env, today=None)
    return env


RECEIVED = (
    ("1", "Пол"), ("1999", "Дата рождения"), ("1", "Кто привёл"), ("", "Когда она пришла"),
    ("", "Дата рождения ребёнка"),
)  # fmt: skip
"""What is answered, by question, before her name is asked for."""


def test_the_menu_is_russian_and_takes_the_letters_of_kyrgyz(desk: Desk, console: Console) -> None:
    console.shelterctl(env=desk.env, cwd=desk.folder)
    console.until("Что сделать?")
    console.type("1")
    for answer, question in RECEIVED:
        console.until(question)
        console.type(answer)
    console.until("Имя (1 из 5)")
    console.type("Өмүрханң", "Left", "Left", "BSpace", "Enter")
    console.until("Отчество (2 из 5)")
    console.type("")
    console.until("Фамилия (3 из 5)")
    console.type("Примерова")
    console.until("примерная")
    console.press("C-c")
    console.until("Enter – назад.")
    console.type("")
    console.until("Что сделать?")
    console.type(LEAVE)
    assert console.ended() == 0
    (her,) = desk.do("list", today=None).data["rows"]
    identity = desk.record(her["id"])["identity"]
    assert (identity["first_name"], identity["last_name"]) == ("Өмүрхнң", "Примерова")


def test_a_line_is_edited_and_nothing_of_it_is_kept_for_the_next_program(desk: Desk, console: Console) -> None:
    program = desk.folder / "echo.py"
    program.write_text(ECHO, "utf-8")
    console.start(computer.command(program), desk.env, desk.folder)
    console.until("> Айг")
    console.type("үль", "Left", "Left", "BSpace", "Enter")
    console.until(ascii("Айгль"))
    console.until("again >")
    console.type("", "Up", "Up", "Down", "x", "Enter")  # an arrow brings nothing back
    console.until("'x'")
    assert console.ended() == 0


ECHO = """
from shelterctl.platform import keyboard
assert keyboard.supports_escapes() and keyboard.supports_line_editing()
print(ascii(keyboard.read_edited_line('> ', 'Айг')))
print(ascii(keyboard.read_edited_line('again > ')))
"""

KEYS = """
import ctypes, os, msvcrt
from shelterctl.platform import keyboard, windows_console
def halves(letter):
    data = letter.encode("utf-16-le")
    return [data[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(data), 2)]
def press(*keys):
    for code, letter in keys:
        for half in halves(letter or chr(0)):
            for down in (1, 0):
                happens(down, code, half)
def happens(down, code, letter=chr(0), state=0):
    event = windows_console.ConsoleEvent(1, windows_console._ConsoleKey(down, 1, code, 0, letter, state))
    with windows_console.open_console() as handle:
        windows_console._kernel.WriteConsoleInputW(handle, ctypes.byref(event), 1, ctypes.byref(ctypes.c_ulong()))
def by_number(letter):
    happens(1, 0x12, state=2)
    for down in (1, 0):
        happens(down, LEFT[0], state=2)  # 4 on the number pad, where that is switched to arrows
    happens(0, 0x12, letter)
HOME, END, LEFT, RIGHT, DELETE, ENTER = (0x24, ""), (0x23, ""), (0x25, ""), (0x27, ""), (0x2E, ""), (13, chr(13))
def typed(text): return [(0, each) for each in text]
told = open("told", "w")
def read(*keys):
    press(*keys, ENTER)
    print(ascii(keyboard.read_edited_line("> ")), file=told)
read(*typed("Өмүр"), HOME, DELETE, RIGHT, (0, "à"), END, (0, "ң"))
read(*typed("wrong"), (27, chr(27)), *typed("right"))
press(*typed("ab"))
by_number("ө")
read((8, chr(0x7F)), (0, "c"))
press(*typed("ab"))
by_number("ө")
read((0, "c"))
read(*typed("a\U0001f642b"))
read(*typed("x" * 250), HOME, *typed("y"))
press(*typed("one"), ENTER, *typed("two"), ENTER)
read_line, more = keyboard.read_edited_line, keyboard.has_more_input
print(*map(ascii, (read_line("> "), more(0.01), read_line(""), more(0.01))), file=told)
press(*typed("too early"))
by_number("ө")
keyboard.flush_input(settled=True)
press((0, chr(26)), ENTER)
try:
    keyboard.read_edited_line("> ")
except EOFError:
    print("end", file=told)
"""


def test_every_key_does_what_it_does_elsewhere(desk: Desk, console: Console) -> None:
    program = desk.folder / "keys.py"
    program.write_text(KEYS, "utf-8")
    console.start(computer.command(program), desk.env, desk.folder)
    assert console.ended() == 0, console.seen()
    assert (desk.folder / "told").read_text().splitlines() == [
        ascii("мàүрң"), "'right'", "'abc'", ascii("abөc"), ascii("a\U0001f642b"), f"'y{'x' * 250}'",
        "'one' True 'two' False", "end",
    ]  # fmt: skip


def test_a_passphrase_is_typed_unseen_and_asked_for_again(desk: Desk, console: Console) -> None:
    env = under_passphrase(desk)
    console.shelterctl("list", env=env, cwd=desk.folder)
    console.until("Пароль:")
    console.type("луна над морем")
    console.until("Не подошло.")
    console.type(f"{PHRASE}x", "BSpace", "Enter")
    assert console.ended() == 0
    assert "В этом хранилище пока нет клиенток." in console.seen()
    assert "луна" not in console.seen()


def test_where_there_is_no_console_nobody_is_asked(desk: Desk) -> None:
    env = under_passphrase(desk)
    asks = desk.folder / "asks.py"
    asks.write_text(DETACHED, "utf-8")
    told = computer.run(asks, "list", "--json", env=door.there({**desk.env, **env}))
    assert (told.returncode, b"vault/no-passphrase" in told.stdout) == (5, True)


def test_a_passphrase_is_read_from_standard_input(desk: Desk) -> None:
    env = under_passphrase(desk)
    right = desk.ask("list --passphrase-fd 0", input=f"{PHRASE}\r\n".encode(), env=env, today=None)
    wrong = desk.ask("list --passphrase-fd 0", input=b"moon\n", env=env, today=None)
    none = desk.ask("list --passphrase-fd 99", env=env, today=None)
    assert (right.code, wrong.error, none.error) == (0, "vault/wrong-passphrase", "usage/passphrase-fd")


def test_the_screen_is_locked_when_nobody_types(desk: Desk, console: Console) -> None:
    env = under_passphrase(desk)
    console.shelterctl(env={**env, "SHELTERCTL_IDLE": "0.03"}, cwd=desk.folder)
    console.until("Пароль:")
    console.type(PHRASE)
    console.until("Экран заблокирован")
    console.type(PHRASE)
    console.until("Что сделать?")
    console.close()


def test_ctrl_c_leaves_a_question_and_the_program(desk: Desk, console: Console) -> None:
    console.shelterctl("admit", env=desk.env, cwd=desk.folder)
    console.until("Пол")
    console.press("C-c")
    assert console.ended() == 130
    assert desk.do("list", today=None).data["rows"] == []


BREAKS = """
import signal, subprocess, sys
asks = [sys.executable, "-m", "shelterctl", "admit", *sys.argv[1:]]
how = {"stdin": subprocess.PIPE} if sys.argv[1:] else {}
one = subprocess.Popen(asks, creationflags=subprocess.CREATE_NEW_PROCESS_GROUP, **how)
if how:
    one.stdin.write(b"identity:\\n")
    one.stdin.flush()
try:
    one.wait(4)
except subprocess.TimeoutExpired:
    one.send_signal(signal.CTRL_BREAK_EVENT)
print("broken with", one.wait(60))
"""


@pytest.mark.parametrize("words", [(), ("--new-person", "--from", "-")], ids=["asking", "reading"])
def test_ctrl_break_ends_the_program_and_harms_nothing(words: tuple[str, ...], desk: Desk, console: Console) -> None:
    """Wine tells no program of it; that the screen is left in order first, only a real Windows can show."""
    breaks = desk.folder / "breaks.py"
    breaks.write_text(BREAKS, "utf-8")
    console.start(computer.command(breaks, *words), {"SHELTERCTL_LANG": "ru", **desk.env}, desk.folder)
    assert "broken with" in console.until("broken with")
    assert desk.do("list", today=None).data["rows"] == []
    assert "Nothing in the store is damaged." in desk.do("check", today=None).data["said"]


def test_a_window_that_is_closed_ends_the_program_and_keeps_what_was_answered(desk: Desk, console: Console) -> None:
    console.shelterctl("admit", env=desk.env, cwd=desk.folder)
    console.until("Пол")
    console.type("1")
    console.until("ождения")
    console.type("1999")
    for answer, question in RECEIVED[2:]:
        console.until(question)
        console.type(answer)
    console.until("Имя (1 из 5)")
    console.type("Айгуль", "BSpace")
    console.close()
    (her,) = desk.do("list", today=None).data["rows"]
    record = desk.record(her["id"])
    assert record["identity"] == {"birth_date": 1999, "sex": "female"}
    assert "Nothing in the store is damaged." in desk.do("check", today=None).data["said"]


def test_two_consoles_write_at_once_and_neither_loses_anything(desk: Desk, console: Console, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with Console(tmp_path / "second") as second:
        for one in (console, second):
            one.shelterctl("admit", env=desk.env, cwd=desk.folder)
        for answer, question in (
            *RECEIVED, ("", "Имя (1 из 5)"), ("", "Отчество (2 из 5)"), ("Примерова", "Фамилия (3 из 5)"),
        ):  # fmt: skip
            for one, name in ((console, "Айгуль"), (second, "Чолпон")):
                one.until(question)
                one.type(name if question.startswith("Имя") else answer)
        for one in (console, second):
            one.until("примерная")
            one.press("C-c")
    rows = desk.do("list", today=None).data["rows"]
    assert {desk.record(row["id"])["identity"]["first_name"] for row in rows} == {"Айгуль", "Чолпон"}
    assert "Nothing in the store is damaged." in desk.do("check", today=None).data["said"]


def test_the_film_is_played_there_too_and_ended_by_a_key(desk: Desk, console: Console) -> None:
    console.shelterctl("demo", "run", "--slow", env=desk.env, cwd=desk.folder)
    console.until("> 1999")  # typed key by key
    console.press("C-c")
    console.until("Всё в фильме вымышлено")
    assert console.ended() == 0
