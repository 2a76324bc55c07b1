"""One way to find the store, for the menu and every command: named, upwards, else the one this computer remembers."""

import shutil
from pathlib import Path

import pytest

from shelterctl.language import format_sentence
from shelterctl.prompts.init import INIT_MAKE_STORE, INIT_OPEN_ANOTHER
from tests.support.command import Answer
from tests.support.desk import Desk
from tests.support.terminal import LEAVE, Terminal

MENU = "What would you like to do?"
GONE = "The store that this computer remembers was in"
RAN = ("find", "due", "list", "show", "check", "house", "facility list", "staff list", "agreements", "trust")
"""Commands of all kinds that open a store."""


class Elsewhere(Desk):
    """A person whose computer was told no store by its environment, in a folder without one."""

    @property
    def env(self) -> dict[str, str]:
        return {name: said for name, said in super().env.items() if name != "SHELTERCTL_STORE"}

    def run(self, words: str, given: object = None, **how: object) -> Answer:
        (self.folder / "else").mkdir(exist_ok=True)
        return super().run(words, given, **{"cwd": self.folder / "else", **how})  # type: ignore[arg-type]

    @property
    def note(self) -> Path:
        return self.folder / "key.heads/store"

    @property
    def line(self) -> str:
        """What is said of the store that is used."""
        return f"The store that this computer remembers: ~/{self.store.name}\n"


@pytest.fixture
def new(tmp_path: Path) -> Elsewhere:
    """A computer on which a store was just made, and nothing else done."""
    desk = Elsewhere(tmp_path / "home")
    desk.folder.mkdir()
    Desk.run(desk, "init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    assert desk.store.is_dir()
    return desk


def known(admitted: Desk) -> Elsewhere:
    """A computer that remembers the store in which she is."""
    desk = Elsewhere(admitted.folder, admitted.her)
    desk.note.write_text(str(desk.store))
    return desk


@pytest.mark.parametrize("words", RAN)
def test_every_command_finds_the_store_that_init_made_and_says_so_in_one_line(words: str, admitted: Desk) -> None:
    desk = known(admitted)
    given = {"first_name": "Айгуль"} if words == "find" else None
    answer = desk.run(f"{words} {desk.her}" if words == "show" else words, given)
    assert answer.code == 0, answer.err
    assert answer.err == desk.line


def test_a_store_that_was_made_is_found_from_any_folder(new: Elsewhere) -> None:
    assert Path(new.note.read_text()) == new.store.resolve()
    assert new.run("list").err == new.line
    assert new.run("list", cwd=new.store).err == ""
    assert new.run("list --store ../house").err == ""
    assert new.run("list", env={"SHELTERCTL_STORE": str(new.store)}).err == ""


def test_the_line_is_said_in_the_language_of_the_screen_and_is_no_part_of_the_page(new: Elsewhere) -> None:
    answer = new.run("list --json", env={"SHELTERCTL_LANG": "ru"})
    assert answer.err == "Хранилище, которое помнит этот компьютер: ~/house\n"
    assert answer.page["data"]["rows"] == []
    assert "~/house" not in answer.out


def test_what_is_written_goes_into_the_remembered_store(admitted: Desk) -> None:
    desk = known(admitted)
    assert desk.run(f"admit {desk.her}", {"identification_number": "KG-2026-777"}).code == 0
    shown = desk.run(f"show {desk.her} --json --names", env={"SHELTERCTL_STORE": str(desk.store)})
    assert shown.page["data"]["record"]["identification_number"] == "KG-2026-777"


def test_the_nearest_store_upwards_comes_before_the_remembered_one(new: Elsewhere) -> None:
    first = new.note.read_text()
    made = new.run("init other --shelter osh --no-passphrase --recovery ../paper", today=None)
    assert made.code == 0, made.err
    assert new.note.read_text() == first  # the one that is remembered stays
    inside = new.run("facility list --json", cwd=new.folder / "else/other/residents")
    assert [row["facility"] for row in inside.page["data"]["rows"]] == ["osh"]
    outside = new.run("facility list --json")
    assert [row["facility"] for row in outside.page["data"]["rows"]] == ["bishkek"]


def test_a_command_with_store_remembers_nothing_else(new: Elsewhere) -> None:
    first = new.note.read_text()
    new.run("init other --shelter osh --no-passphrase --recovery ../paper", today=None)
    assert new.run("list --store other").code == 0
    assert new.note.read_text() == first
    new.note.unlink()
    assert new.run("list --store other").code == 0
    assert not new.note.exists()


@pytest.mark.parametrize("words", ["list", "find", "due", "facility add osh", "trust --join --recovery ../../recovery"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_store_that_is_gone_is_said_to_be_and_init_is_no_hint(words: str, language: str, new: Elsewhere) -> None:
    new.store.rename(new.folder / "stick")
    answer = new.run(words, env={"SHELTERCTL_LANG": language})
    assert answer.code == 3
    assert "~/house" in answer.err
    assert ("--store DIR" if language == "en" else "--store ПАПКА") in answer.err
    assert "shelterctl restore" in answer.err
    assert "init" not in answer.err
    page = new.run(f"{words} --json").page
    assert page["error"]["code"] == "store/gone"
    assert "init" not in page["error"]["hint"]
    (new.folder / "stick").rename(new.store)
    assert new.run("list").code == 0


def test_a_store_that_was_named_wrongly_is_none_and_the_remembered_one_is_named(new: Elsewhere) -> None:
    answer = new.run("list --store nowhere")
    assert answer.code == 3
    assert "There is no store here." in answer.err
    assert "~/house" in answer.err
    assert "init" not in answer.err


def test_where_nothing_is_remembered_a_store_can_be_made(new: Elsewhere) -> None:
    new.note.unlink()
    answer = new.run("list --json")
    assert answer.page["error"]["code"] == "store/none"
    assert "shelterctl init" in answer.page["error"]["hint"]


@pytest.mark.parametrize("note", [b"", b"house", b"\xff\xfe", b"\0", b"x" * 5000])
def test_a_note_that_names_no_folder_is_none(note: bytes, new: Elsewhere) -> None:
    new.note.write_bytes(note)
    assert new.run("list --json").page["error"]["code"] == "store/none"


def test_what_is_remembered_lies_beside_the_key_and_never_in_the_store(new: Elsewhere) -> None:
    assert new.note.stat().st_mode & 0o077 == 0
    assert not [path for path in new.store.rglob("*") if path.is_file() and bytes(new.store) in path.read_bytes()]
    other = new.run("list --json --identity ../other-key")
    assert other.page["error"]["code"] == "store/none"


def test_completion_is_silent_and_help_needs_no_store(new: Elsewhere) -> None:
    shutil.rmtree(new.store)
    blank = "form pink --blank --out - --as md"
    for words in ("completion bash --at 1 -- ", "completion bash", "help", "explain R1.0.2", blank):
        answer = new.run(words, today=None)
        assert answer.code == 0, answer.err
        assert GONE not in answer.err
        assert "remembers" not in answer.err


def test_restore_and_demo_use_no_remembered_store(new: Elsewhere) -> None:
    before = new.digest_of_store()
    (new.folder / "usb").mkdir()
    assert new.run("backup ../usb").err == new.line
    answer = new.run("restore ../usb --json", today=None)
    assert answer.page["error"]["code"] == "restore/where"
    assert new.run("demo run demo", today=None).code == 0
    assert new.digest_of_store() == before
    assert Path(new.note.read_text()) == new.store.resolve()


def test_the_menu_waits_until_the_stick_is_in_again_and_offers_no_new_store(new: Elsewhere) -> None:
    session = Terminal(new, today=None, env={"SHELTERCTL_IDLE": "10"})
    stick = new.store.rename(new.folder / "stick")
    with session.live("") as live:
        assert GONE in live.begun
        assert INIT_MAKE_STORE not in live.begun
        assert "init" not in live.begun
        assert GONE in live.type("")
        assert GONE in live.type("^C")
        stick.rename(new.store)
        live.type("try again")
        assert live.asked.startswith(MENU)
        live.type(LEAVE)
        assert live.end().code == 0


def test_the_menu_opens_a_store_that_was_moved_and_remembers_it(new: Elsewhere) -> None:
    session = Terminal(new, "ru", today=None, env={"SHELTERCTL_IDLE": "10"})
    moved = new.store.rename(new.folder / "moved")
    with session.live("") as live:
        live.type(format_sentence(INIT_OPEN_ANOTHER, {}, "ru"))
        live.type(str(moved))
        assert live.asked.startswith("Что сделать? Номер")
        live.type(LEAVE)
        assert live.end().code == 0
    assert Path(new.note.read_text()) == moved


def test_the_menu_can_be_left_while_the_store_is_gone(new: Elsewhere) -> None:
    new.store.rename(new.folder / "stick")
    with Terminal(new, today=None).live("") as live:
        live.type("3")
        assert live.end().code == 0
