"""The session of a run: what the menu forgets when it locks, what is read anew for a screen, and who may change it."""

import ast
import gc
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.errors import UsageError
from shelterctl.identity.keys import Identity
from shelterctl.journal.store_journal import Journal
from shelterctl.session import Options, Session, StoreNotes
from shelterctl.store.store import Store
from shelterctl.terminal.screen import Idle
from shelterctl.vault.protocol import Vault
from tests.support.answering import open_session
from tests.support.command import become_program
from tests.support.passphrases import OLD
from tests.support.paths import PROJECT
from tests.support.terminal import LEAVE, LOCK, OPEN, LiveTerminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


SRC = PROJECT / "src" / "shelterctl"
SECRET = (Identity, Store, Vault, Journal)
HOUSE_PAGE = "9"
"""The line of the menu that opens the page of the house; its first line is the staff."""

CHANGED_BY = {
    "options": {"cli/options.py"},
    "in_menu": {"menu/main.py"},
    "unlocked": {"cli/init.py"},
    "confirm_clock": {"cli/options.py"},
    "open_file": {"menu/client_file.py", "prompts/client_file.py"},
}
"""Which fields of the session another module than its own assigns to, and which module."""


def counting(file: Path) -> None:
    """In a child: after each lock, what is still there of the key and of the stores is written into *file*.

    What tests before this one left in the process is not counted: it is no longer among the objects that are listed.
    """
    gc.collect()
    gc.freeze()
    lock = Session.lock

    def counted(session: Session) -> None:
        lock(session)
        left = Counter(type(one).__name__ for one in gc.get_objects() if type(one) in SECRET)
        with file.open("a") as lines:
            lines.write(json.dumps(left) + "\n")

    Session.lock = counted  # type: ignore[method-assign, assignment]


@contextmanager
def menu(
    desk: "Desk", words: str = "menu", first: Callable[[], object] = lambda: None, **env: str
) -> Iterator[LiveTerminal]:
    """The menu at a terminal, in a process in which *first* is done before."""
    around = {**desk.env, "TERM": "xterm", "SHELTERCTL_LANG": "en", "SHELTERCTL_IDLE": "10", **env}
    live = LiveTerminal(lambda: become_program(words.split(), desk.folder, around, first), (60, 80))
    try:
        yield live
    finally:
        live.end()


def left_after_locks(file: Path) -> list[dict[str, int]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.mark.parametrize(
    "before", [[], [OPEN, "1", "1", "", ""], [HOUSE_PAGE, "1", "", ""]], ids=["first screen", "her file", "staff"]
)
def test_the_locked_menu_holds_neither_key_nor_store(admitted: "Desk", before: list[str]) -> None:
    counts = admitted.folder / "counts"
    with menu(admitted, first=partial(counting, counts)) as live:
        for answer in (*before, LOCK):
            live.type(answer)
        assert live.asked == "Go on or leave?"
        live.type("1")
        assert "What would you like to do?" in live.asked
        live.type(LEAVE)
        assert live.end().code == 0
    assert left_after_locks(counts) == [{}]


@pytest.mark.parametrize("before", [[], [OPEN, "1"], [OPEN, "1", "2"], [HOUSE_PAGE, "1", "1"]], ids=str)
def test_the_menu_that_locks_in_the_middle_of_a_question_holds_neither(admitted: "Desk", before: list[str]) -> None:
    """A signal stands for the minutes without a key: it raises what they raise, where a key is waited for."""
    counts = admitted.folder / "counts"

    def idle(*_: object) -> None:
        raise Idle

    def prepared() -> None:
        counting(counts)
        signal.signal(signal.SIGUSR1, idle)

    with menu(admitted, first=prepared) as live:
        for answer in before:
            live.type(answer)
        assert "Locked, because nothing was typed" in live.send(signal.SIGUSR1)
    assert left_after_locks(counts) == [{}]


def test_the_error_of_a_damaged_file_holds_no_store(admitted: "Desk") -> None:
    record = admitted.store / "residents" / f"{admitted.her}.yaml.age"
    record.write_bytes(record.read_bytes()[:-40])
    counts = admitted.folder / "counts"
    with menu(admitted, first=partial(counting, counts)) as live:
        assert f"residents/{admitted.her}.yaml.age is damaged" in live.begun
        live.type(LOCK)
        assert f"residents/{admitted.her}.yaml.age is damaged" in live.type("1")
        assert "You have left the program." in live.type(LEAVE)
    assert left_after_locks(counts) == [{}]


OUT = {"kind": "outing", "left_at": "2026-11-25T01:00", "permitted_by": "manager", "purpose": "рынок"}
NEW = {
    "identity": {"first_name": "Nurai", "sex": "female", "birth_date": "1990-01-01"},
    "referral": {"sources": ["scme"]},
}


@pytest.mark.parametrize(
    ("before", "words", "facts", "after", "seen"),
    [
        ([OPEN], "admit --new-person", NEW, "", "Nurai"),
        ([OPEN, "1"], "add {her} absence", OUT, "1", "she is back: record it"),
        ([HOUSE_PAGE], "staff add s-nurgul --role psychologist", {"name": "Nurgul"}, "1", "Nurgul"),
    ],
    ids=["first screen", "her file", "staff"],
)
def test_what_another_process_writes_is_on_the_next_screen(
    admitted: "Desk", before: list[str], words: str, facts: dict[str, Any], after: str, seen: str
) -> None:
    with menu(admitted, "menu --as-of 2026-11-25") as live:
        for answer in before:
            assert seen not in live.type(answer)
        admitted.do(words.format(her=admitted.her), facts)
        assert seen in live.type(after) + live.type("")


def test_the_notes_of_a_locked_session_hold_no_frame() -> None:
    session, notes = Session(), StoreNotes([], {}, {}, set(), {}, [])
    session.notes.append(notes)
    try:
        raise UsageError("store/invented", "An invented error.")
    except UsageError as error:
        notes.damaged["file"] = error
    assert notes.damaged["file"].__traceback__ is not None
    session.lock()
    assert notes.damaged["file"].__traceback__ is None
    assert session.notes == [notes]


def test_whoever_left_writes_nothing_until_somebody_else_is_here(admitted: "Desk") -> None:
    admitted.do("staff add s-left --role psychologist", {"name": "Left"}, today="2026-11-01")
    admitted.do("staff end s-left --on 2026-11-20")
    session = open_session(admitted)
    here = session.staff
    session.change_staff("s-left")
    assert session.store.vault.files_closed_because is not None
    held = session.store.read(admitted.her)
    change = [(f"residents/{admitted.her}.yaml.age", {**held.value, "notes": "x"}, held.version)]
    with pytest.raises(UsageError):
        session.save(change, "show")
    session.change_staff(here)
    assert session.store.vault.files_closed_because is None
    session.save(change, "show")


def test_a_passphrase_from_a_descriptor_unlocks_once_and_after_a_lock_the_terminal_asks(sealed: "Desk") -> None:
    def handed() -> None:
        reading, writing = os.pipe()
        os.write(writing, OLD.encode() + b"\n")
        os.close(writing)
        os.dup2(reading, 9)

    with menu(sealed, "menu --passphrase-fd 9", handed) as live:
        assert "What would you like to do?" in live.asked
        assert "To leave, press Ctrl-C, then 1." in live.type(LOCK)
        assert "What would you like to do?" in live.type(OLD)
        live.type(LEAVE)
        assert live.end().code == 0


def test_a_session_is_changed_by_its_own_methods_and_by_few_modules() -> None:
    found: dict[str, set[str]] = {}
    names = {each.name for each in fields(Session)}
    for path in SRC.rglob("*.py"):
        name = path.relative_to(SRC).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr == "meta"), name
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets if name != "session.py" else []:
                match target:
                    case ast.Attribute(value=ast.Name(id="session"), attr=attr) if attr in names:
                        found.setdefault(attr, set()).add(name)
    assert found == CHANGED_BY


def test_a_session_is_made_where_a_run_begins_and_nowhere_else() -> None:
    made = {
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Session")
    }
    assert made == {"cli/app.py", "act/check.py", "act/invented/house.py"}  # the last makes the store that it fills


def test_every_shared_option_has_its_field() -> None:
    from shelterctl.cli.options import common_options

    assert {each.name for each in fields(Options)} - {"typed"} == {option.name for option in common_options()}
