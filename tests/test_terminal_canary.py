"""An invented client whose every word is a canary, typed at a terminal: it sings on the screen, and nowhere after."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from gate import typed as typed_besides
from terminal import ADMISSION, HOUSE, LEAVE, OPEN, SEE, At, Live, Seen, heard_by_others

from shelterctl.prompts import agreement as blue
from shelterctl.prompts import monitor

if TYPE_CHECKING:
    from conftest import Desk


CANARY = "Канарейка"
NAME = f"{CANARY}-Примерова"
WAYS = yaml.safe_load((Path(__file__).parent / "interrupted.yaml").read_text("utf-8"))
MORE = typed_besides()
"""What is typed besides, by its question, where the gate asks for more than the way knows."""

MENU = "What would you like to do?"
CODES = ("Sex", "Citizenship", "Number of the agreement", "Identification number", "Who did it")
"""Questions that are answered by typing a code or a number, which is no word about a person."""

GENERAL = ("Marital status", "Children: how many, where they are", "Her own address", "Telephone")
"""What a monitoring report asks of her file where it is not there."""

LATER = {question: answer for question, answer, _, *how in WAYS["later"]["asked"] if "comes again" in how}
"""What is left for later, and so comes first when her file is opened again."""

KNOWN = {"house", "key", "key.heads", "given.yaml"}
"""What lies in her home besides: the store, the key, the head of the journal, and what --from reads in tests."""


def canaries(way: str) -> Iterator[tuple[str, str]]:
    """The answers of a whole way, with a canary for every word that is free, by their question."""
    for number, (question, answer, gives, *_) in enumerate(WAYS[way]["asked"]):
        free = question not in CODES and any(isinstance(value, str) and value in answer for value in gives.values())
        word = NAME if question == "Last name" else f"{CANARY}-{chr(ord('а') + number % 32)}"
        yield question, word if free and answer else answer


def typed(live: Live, way: str) -> int:
    """The whole way answered; how many canaries were typed."""
    sung = 0
    for question, answer in canaries(way):
        if way == "monitor" and question in GENERAL:  # her file says it already
            continue
        while live.asked in MORE:
            live.type(MORE[live.asked])
        assert live.asked.startswith(question)
        live.type(answer)
        sung += CANARY in answer
        assert CANARY.encode() not in heard_by_others(live)
    return sung


def silent(desk: "Desk", *seen: Seen) -> None:
    """Nothing that is left on a terminal, on the disk, in a list or a name has the canary."""
    for one in seen:
        assert CANARY in one.raw.decode("utf-8", "replace")
        assert CANARY not in one.left
    assert not any(CANARY in word for words in desk.argv for word in words)
    for path in desk.folder.rglob("*"):
        assert CANARY not in path.name
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()
    assert {path.name for path in desk.folder.iterdir()} <= KNOWN


def copied(desk: "Desk", folder: Path) -> "Desk":
    shutil.copytree(desk.folder, folder)
    return type(desk)(folder, desk.her)


@pytest.fixture
def sung(_sung: "Desk", tmp_path: Path) -> "Desk":
    """The desk with her file: a canary was admitted through the menu."""
    return copied(_sung, tmp_path / "desk")


@pytest.fixture(scope="module")
def _sung(_empty: "Desk", tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    desk = copied(_empty, tmp_path_factory.mktemp("sung") / "desk")
    with At(desk, today=None).live("menu --as-of 2026-11-25") as live:
        live.type("1")
        assert typed(live, "admission") > 5
        assert live.asked.startswith("Everything that the gate asks for is there")
        live.type("yes")
        live.type("one question after the other")
        assert typed(live, "later") > 5
        for choice in ([NAME], [OPEN, NAME, "1", SEE], [HOUSE], [f"{CANARY}-лова"]):
            live.until(MENU)
            for answer in choice:
                live.type(answer)
        live.until(MENU)
        live.type(LEAVE)
        seen = live.end()
    assert seen.raw.decode().count(NAME) > 3
    (row,) = desk.do("list").data["rows"]
    assert row["state"] == "admitted"
    desk.her = row["id"]
    silent(desk, seen)
    return desk


def test_her_whole_way_at_the_terminal_leaves_nothing_behind(sung: "Desk") -> None:
    her, later = sung.her, "2027-06-01"
    seen = []
    for way, last, today in (
        ("blue", [blue.AGREEMENT_SAVE_DRAFT], None),
        ("discharge", ["write"], None),
        ("monitor", [monitor.REPORT_SAVE], later),
    ):
        with At(sung, today=today or "2026-11-25").live(WAYS[way]["run"].replace("ID", her)) as live:
            assert typed(live, way) > 0
            for answer in last:
                live.type(answer)
            seen.append(live.end())
        assert seen[-1].code == 0, seen[-1].text[-900:]
    for words, answers in (
        (f"show {her}", ["", ""]),
        (f"show {her} --all", [""] * 20),
        ("list --names", [""]),
        ("find", [CANARY, ""]),
        ("menu --as-of 2027-06-01", [OPEN, NAME, "1", SEE]),
    ):
        seen.append(At(sung, today=None if "menu" in words else later).run(words, answers))
    assert [one.code for one in seen if one.code not in (0, 129)] == []
    silent(sung, *seen)
    assert str(sung.record()).count(CANARY) > 25


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("words", ["admit", "menu --as-of 2026-11-25"])
def test_a_program_that_is_told_to_end_leaves_no_name(words: str, number: signal.Signals, sung: "Desk") -> None:
    with At(sung, today=None if "menu" in words else "2026-11-25").live(words) as live:
        for answer in [OPEN, "1", ADMISSION, "2", "1"] if "menu" in words else ["female", "1999", "", "", "", CANARY]:
            live.type(answer)
        live.press(f"half a {CANARY}".encode())
        live.send(number)
        seen = live.end()
    assert seen.code == 128 + number
    assert b"\x1b[?1049h" not in seen.raw.rpartition(b"\x1b[?1049l")[2]
    assert b"\x1b[?1049l" in seen.raw
    silent(sung, seen)


BUG = """
import sys
sys.dont_write_bytecode = True
import pyrage
def encrypt(data, recipients):
    raise RuntimeError(data.decode())
pyrage.encrypt = encrypt
"""


@pytest.mark.parametrize("words", ["admit", "menu --as-of 2026-11-25"])
def test_a_bug_says_where_it_is_and_not_what_it_was_about(words: str, sung: "Desk", tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BUG)
    path = f"{tmp_path}{os.pathsep}{sung.env['PYTHONPATH']}"
    at = At(sung, today=None if "menu" in words else "2026-11-25", env={"PYTHONPATH": path})
    words = f"admit {sung.her}" if words == "admit" else words
    with at.live(words) as live:
        begin = [] if words.startswith("admit") else [OPEN, NAME, ADMISSION, "one question after the other"]
        for answer in begin:
            live.type(answer)
        live.until("Identity documents she has", LATER, key="<")
        live.type(f"{CANARY}-new")  # all her file is written anew
        seen = live.end()
    assert seen.code == 70, seen.text[-900:]
    assert "bug: RuntimeError at " in seen.left
    assert "Traceback" not in seen.text
    silent(sung, seen)


HABITS = {
    ".inputrc": 'set editing-mode vi\n"a": "b"\n"К": "z"\nset history-size 1000\n',
    ".python_history": "print(1)\n",
    ".editrc": "bind -v\n",
}


def test_nothing_is_learned_from_home_and_nothing_is_written_there(desk: "Desk") -> None:
    for name, text in HABITS.items():
        (desk.folder / name).write_text(text)
    with At(desk).live("admit") as live:
        for answer in ("female", "1999", "1", "24.11 21:30", "a night", "", CANARY):
            live.type(answer)
        for key in ("\x1b[A", "\x10", "\x12К"):  # up, Ctrl-P, Ctrl-R: there is no history to be called back
            assert live.asked == "Middle name or patronymic"
            assert CANARY not in live.type(key)
            live.type("<")
        seen = live.end()
    (row,) = desk.do("list").data["rows"]
    record = desk.record(row["id"])
    assert record["stays"][0]["received"]["provisional_reason"] == "a night"
    assert record["identity"]["first_name"] == CANARY
    assert "middle_name" not in record["identity"]
    for name, text in HABITS.items():
        assert (desk.folder / name).read_text() == text
        (desk.folder / name).unlink()
    silent(desk, seen)


def test_the_canary_is_heard_where_it_is(desk: "Desk") -> None:
    """The search finds what is there: else the silence above would prove nothing."""
    seen = Seen(f"\x1b[?1049h{CANARY}\x1b[?1049l".encode(), 0)
    silent(desk, seen)
    (desk.folder / "house" / "leak").write_text(CANARY)
    with pytest.raises(AssertionError):
        silent(desk, seen)
    (desk.folder / "house" / "leak").unlink()
    with pytest.raises(AssertionError):
        silent(desk, Seen(f"{CANARY}\x1b[?1049h{CANARY}".encode(), 0))
    shutil.copy(desk.key, desk.folder / "key.old")
    with pytest.raises(AssertionError):
        silent(desk, seen)
