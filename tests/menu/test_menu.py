"""The menu: its first screen, drafts, help pages, the page of the shelter, and leaving it without a key reaching the
shell.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from itertools import product
from pathlib import Path

import pytest

from shelterctl import language as speech
from shelterctl.explain import topic
from shelterctl.menu import main
from shelterctl.menu.main import MENU_QUESTION
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.prompts.help import MENU_TOPICS
from shelterctl.prompts.sign import SIGN_RECORD
from shelterctl.terminal.passphrase import LONGEST_PAUSE, seconds_before_retry
from shelterctl.terminal.recording import readable_text
from shelterctl.terminal.screen import set_screen_title
from shelterctl.view.today import read_today
from tests.support.answering import open_session
from tests.support.command import one_line
from tests.support.desk import Desk
from tests.support.passphrases import OLD
from tests.support.paths import ACCEPTED, TESTS
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import (
    AGREEMENT,
    BACKUP,
    DISCHARGE,
    HOUSE,
    LEAVE,
    LOCK,
    OPEN,
    OTHER,
    PRINT_PAPERS,
    SEE,
    WRITE,
    LiveTerminal,
    Terminal,
    anew_as,
)

NAME = "Айгуль Примерова"
OLD_STORE = TESTS / "stores" / "0.1.0"


def at(desk: "Desk") -> Terminal:
    return Terminal(desk, env={"SHELTERCTL_IDLE": "10"})


def test_a_damaged_file_is_told_and_shuts_no_other(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data
    file = admitted.store / "residents" / f"{other['id']}.yaml.age"
    file.write_bytes(file.read_bytes()[:-1])
    seen = at(admitted).run("menu", [OPEN, other["id"], "nobody", "1", SEE, "", "", "", LEAVE])
    assert seen.code == 0
    first, _, asked = seen.text.partition("Whose file?")
    assert f"residents/{other['id']}.yaml.age" in first
    damaged, unread = asked.split("> nobody")
    assert f"shelterctl repair {other['id']} --from BACKUP" in " ".join(damaged.split())
    assert f"not be searched: residents/{other['id']}.yaml.age" in " ".join(unread.split())
    assert "KG-2026-118" in seen.text  # her card, all the same


def test_whoever_takes_over_the_device_is_the_one_who_records(desk: "Desk") -> None:
    seen = at(desk).run("menu", [OTHER, "2", "1", "1", "1999", ".", "", "", LEAVE])
    assert "· s-gulnara" in seen.text
    (her,) = desk.do("list", today=None).data["rows"]
    assert desk.record(her["id"])["recorded_by"] == "s-gulnara"


def test_a_draft_is_signed_and_a_discharge_taken_back_from_the_menu(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    seen = at(admitted).run("menu", [OPEN, "1", AGREEMENT, "1", "2", "", "", "", SIGN_RECORD, "", "", LEAVE])
    assert "What would you like to do?" in seen.text
    assert "signed" in admitted.record()["agreements"][0], seen.text
    admitted.do(f"discharge {admitted.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    at(admitted).run("menu", [OPEN, admitted.her, DISCHARGE, "3", "", "", LEAVE])
    assert "on" not in admitted.record()["stays"][0]["discharge"]


def test_a_discharge_of_another_day_is_taken_back_and_asked_for_anew(discharged: "Desk") -> None:
    with at(discharged).live("menu") as live:
        for answer in (OPEN, discharged.her, DISCHARGE, "2"):
            live.type(answer)
        live.until("What now?", {"Day of discharge": "24.11.2026"})
        live.type("1")
        live.type("1")  # something stays open: the number alone is not enough
        seen = live.end().text
    assert "1 write down that she left on 2026-11-24" in seen
    assert discharged.record()["stays"][0]["discharge"]["on"] == "2026-11-24", seen


def test_whoever_is_to_be_monitored_stands_first_where_reports_and_papers_are(discharged: "Desk") -> None:
    discharged.written("pocket-money")
    inside = discharged.do(
        "admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}
    ).data
    late = Terminal(discharged, today=None, env={"SHELTERCTL_IDLE": "10"})
    seen = late.run("menu --as-of 2027-06-01", [OPEN, "", LEAVE])
    _, asked, rows = seen.text.partition("Whose file?")
    assert asked
    first, second = rows.split("\n")[1:3]
    assert first.strip().startswith(f"1 {inside['id']}")  # who is not admitted yet comes before what is due
    assert second.strip().startswith(f"2 {discharged.her}")
    assert "7 days late: Reintegration monitoring" in second
    seen = late.run("menu --as-of 2027-06-01", [OPEN, "2", PRINT_PAPERS, "", "", LEAVE])
    assert f"File {discharged.her}: papers" in seen.text


def test_a_computer_that_remembers_nothing_compares_with_the_sheet_and_goes_on(admitted: "Desk") -> None:
    number = admitted.do("check").data["sheet"]["number"]
    shutil.rmtree(admitted.folder / "key.heads")
    seen = at(admitted).run("menu", ["yes", str(number), "1", "", LEAVE])
    assert "does not remember this store" in seen.text
    assert admitted.do("staff add s-nina --role other", {"supervisor": "manager"}).codes() == []


def test_a_sheet_with_a_later_number_is_told_and_nothing_is_remembered(admitted: "Desk") -> None:
    shutil.rmtree(admitted.folder / "key.heads")
    seen = at(admitted).run("menu", ["1", "999", "", LEAVE])
    assert "999" in seen.text
    assert "missing" in seen.text
    assert admitted.refused("staff add s-nina --role other").error == "trust/no-memory"


def test_a_store_of_0_1_0_is_taken_over_from_the_menu_behind_a_backup(tmp_path: Path) -> None:
    shutil.copytree(OLD_STORE, tmp_path / "old")
    desk = Desk(tmp_path / "old")
    (desk.folder / "stick").mkdir()
    seen = at(desk).run("menu", ["1", "stick", "", LEAVE])
    assert "0.1.0" in seen.text
    assert (seen.code, len(list((desk.folder / "stick").iterdir()))) == (0, 1)
    assert desk.do("staff add s-nina --role other").code == 0


def test_the_first_screen_is_no_longer_than_the_terminal(
    tmp_path: Path, desk: "Desk", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(OLD_STORE, tmp_path / "old")
    for number in range(6):
        her = {"identity": {"sex": "female", "first_name": f"Айгуль-{number}", "last_name": "Примерова"}}
        desk.do("admit --new-person", {**her, "referral": {"sources": ["scme"]}})
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("TERM", "xterm")  # one that wipes: else a blank line stands above
    for folder, language in product((desk.folder, tmp_path / "old"), ("en", "ru")):
        monkeypatch.setattr(speech, "_spoken", [language])
        monkeypatch.setattr(sys, "stdin", StringIO(f"\n{LEAVE}\n"))
        session = open_session(Desk(folder))
        set_screen_title(session.header)
        try:
            assert main._choose_line(session, read_today(session)) is main.LEAVE_LINE
        finally:
            set_screen_title("")
        for shown in readable_text(capsys.readouterr().out).split("> ")[:2]:
            page = shown.rpartition("wiped )\n")[2]
            assert page.count("\n") < 24, page
            assert max(len(line) for line in page.splitlines()) < 80, page
            assert f"{LEAVE} " in page.splitlines()[-1]


BACK = {"en": "What do you want to write down?", "ru": "Что записать?"}
OUT = {"kind": "outing", "left_at": "2026-11-24T10:00", "permitted_by": "manager", "purpose": "рынок"}
ASKED_FOR = {
    "kind": "outing", "planned_at": "2026-11-26T10:00", "expected_back_at": "2026-11-26T12:00", "purpose": "врач",
}  # fmt: skip


def written(desk: Desk, language: str, *typed: str) -> str:
    """What is seen in the menu where something is written down in her file; every line in one."""
    session = Terminal(desk, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = session.run("menu --as-of 2026-11-25", [OPEN, "1", WRITE, *typed, "", "", LEAVE])
    assert seen.code == 0
    return " ".join(seen.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_entry_is_written_down_by_its_group_and_its_kind(admitted: "Desk", language: str) -> None:
    seen = written(admitted, language, "2", "1", "", "1 2", "", "s-gulnara", "1", "", WRITE_DOWN)
    (given,) = admitted.record()["stays"][0]["clothing"]
    assert (given["items"], given["on"], given["by"]) == (["underwear", "hygiene_set"], "2026-11-25", "s-gulnara")
    group = {"en": "2 every day: clothes, money, things, outings", "ru": "2 каждый день: одежда, деньги, вещи, выходы"}
    kind = {"en": "1 clothes and hygiene goods given to her", "ru": "1 выдача одежды и средств гигиены"}
    assert seen.index(group[language]) < seen.index(kind[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_that_is_there_is_filled_in_from_the_menu(admitted: "Desk", language: str) -> None:
    entry = admitted.do(f"add {admitted.her} absence", OUT).data["entry"]
    seen = written(admitted, language, "2", "4", "3", "", "", "", "", "24.11 13:00", "1", WRITE_DOWN)
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["id"], absence["back_at"], absence["entry_permitted_by"]) == (
        entry, "2026-11-24T13:00+06:00", "manager",
    )  # fmt: skip
    offered = {
        "en": "1 a new entry 2 Permit an outing: an outing, 2026-11-24 3 fill in or",
        "ru": "1 новая запись 2 Разрешить выход: выход по делам или на прогулку, 24.11.2026",
    }
    assert offered[language] in seen
    assert admitted.do(f"show {admitted.her}").data["state"] == "admitted"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_is_done_to_an_entry_from_the_menu(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", ASKED_FOR)
    seen = written(admitted, language, "2", "4", "2", "", "", "1")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert absence["permitted"] == {"on": "2026-11-25", "by": "manager"}
    assert {"en": "1 yes: Permit an outing", "ru": "1 да: Разрешить выход"}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stops_an_act_is_asked_there_and_then_it_is_done(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", {key: said for key, said in ASKED_FOR.items() if key != "purpose"})
    seen = written(admitted, language, "2", "4", "2", "врач", "", "", "1")
    (absence,) = admitted.record()["stays"][0]["absences"]
    assert (absence["purpose"], absence["permitted"]["by"]) == ("врач", "manager")
    assert {"en": "5 What for: врач", "ru": "5 Зачем: врач"}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sealed_is_written_down_from_the_menu_and_lies_sealed(admitted: "Desk", language: str) -> None:
    seen = written(admitted, language, "4", "2", "придуманные капли", "ложка", "8:00 20:00", "", ".", WRITE_DOWN)
    (row,) = admitted.do(f"show {admitted.her} medication --names").data["rows"]
    assert (row["fields"]["name"], row["fields"]["times"]) == ("придуманные капли", ["08:00", "20:00"])
    assert "придуманные" not in str(admitted.record())
    assert {"en": "Times of day, such as 8:00, 20:30.", "ru": "Время, например 8:00, 20:30."}[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_enter_goes_back_one_step(admitted: "Desk", language: str) -> None:
    admitted.do(f"add {admitted.her} absence", OUT)
    before = admitted.record()
    seen = written(admitted, language, "2", "4", "", "", "8", ".", "")
    assert seen.count(BACK[language]) == 4
    assert admitted.record() == before


SHELL = "in the shell: "

PASTED = f"{NAME}\r".encode() * 20
RUN = "$PYTHON -m shelterctl"
SIZE = (24, 80)


@contextmanager
def bash(desk: "Desk") -> Iterator[LiveTerminal]:
    """A person at a shell that remembers what is typed into it, as her own does."""
    env = {**desk.env, "TERM": "xterm", "PS1": SHELL, "PYTHON": sys.executable, "SHELTERCTL_LANG": "en"}
    live = LiveTerminal(partial(anew_as, [str(shutil.which("bash")), "--norc", "-i"], desk.folder, env), SIZE)
    try:
        yield live
    finally:
        live.end()


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
    live = LiveTerminal(
        partial(anew_as, [sys.executable, "-c", UNSHOWN], desk.folder, {**desk.env, "TERM": "xterm"}), SIZE
    )
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
            assert "To leave, type 1" in told + live.type(key)
            live.type(OLD)
        assert "Nothing was typed." in live.type("")
        assert "try again in 1 second" in one_line(live.type("wrong"))
        live.wait(b"wrong once more\r", until=rb"in 2 seconds\.\r\n$")
        assert NAME not in live.wait(f"{NAME}\r{NAME}\r".encode())
        assert "What would you like to do?" in live.type(OLD)
        for typed in ("", "^D", "^C", ".", "<", "-", NAME, OLD, "leave", "0", PASTED, LEAVE.encode() + b"\r" + PASTED):
            if "No file in this store fits." in live.type(typed):
                live.type("")
            assert "What would you like to do?" in live.asked, typed
        for nowhere in ("~nouser/zz", "a" * 300, "no/such/folder"):
            live.type(BACKUP)
            assert "That folder does not exist." in live.type(nowhere)
            live.type("")
        live.type(b"\x1c\r", enter=b"")  # Ctrl-\\
        assert "What would you like to do?" in live.asked
        live.type(OPEN)
        assert "Whose file?" in live.asked
        live.type("^D")
        live.type("")
        assert "To leave, press Ctrl-C, then 1." in live.type(LOCK)
        assert "try again in 1 second" in one_line(live.type(b"\x1c\r", enter=b""))
        for key in ("^C", "^D"):
            live.type(key)
            live.type(NAME)
        assert "try again in 2 seconds" in one_line(live.type(NAME))
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
        live.wait(b"\x1a", until=b"")  # Ctrl-Z leads to no shell either, and nothing is seen of it
        assert "Nothing was typed." in live.type("")
        for wrong in (NAME, OLD + "x"):
            assert "Wrong passphrase." in live.type(wrong)
        assert live.type(b"wrong\r" + PASTED).endswith(SHELL)
        assert live.type(f"{init} --shelter osh").endswith("New passphrase: ")
        assert live.type("").endswith("again: ")  # the six words are taken
        assert live.type(b"\x03" + PASTED, enter=b"half a name").endswith(SHELL)
        live.type("exit")
    assert remembered(sealed) == [show, show, init, init, show, f"{init} --shelter osh", "exit"]


@pytest.mark.parametrize("asked", ["> ", "Passphrase: "])
def test_where_the_window_is_gone_nobody_is_asked_for_ever(asked: str, request: pytest.FixtureRequest) -> None:
    """A shell may have told the program that it need not end with its window."""
    desk: Desk = request.getfixturevalue("desk" if asked == "> " else "sealed")
    env = {**desk.env, "TERM": "dumb"}
    command = ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" -m shelterctl", sys.executable]
    live = LiveTerminal(partial(anew_as, command, desk.folder, env), SIZE)
    assert live.begun.endswith(asked)
    assert live.end().code == 129


def test_a_key_without_a_passphrase_and_a_store_that_is_not_there_ask_whether_to_go_on(admitted: "Desk") -> None:
    with Terminal(admitted).live("menu") as live:
        assert "The key of this computer has no passphrase" in one_line(live.type(LOCK))
        for key in ("", "^C", "^D", NAME, "leave"):
            live.type(key)
            assert live.asked == "Go on or leave?"
        live.type("1")
        os.rename(admitted.store, admitted.folder / "pulled out")
        live.type(HOUSE)
        live.type("")
        assert live.asked == "Go on or leave?"
        os.rename(admitted.folder / "pulled out", admitted.store)
        live.type("1")
        assert live.asked == MENU_QUESTION
        live.type(LEAVE)
        assert live.end().code == 0


MENU = {"en": "What would you like to do?", "ru": "Что сделать? Номер"}
HERS = {"en": "What would you like to do in her file?", "ru": "Что сделать в этом деле?"}
LIST = {"en": "What would you like to read?", "ru": "Что прочитать?"}
WIPE = "\x1b[2J\x1b[3J\x1b[H"


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "help"), ("ru", "справка"), ("ru", "Помощь"), ("ru", "help"), ("ru", "рудз")]
)
def test_whoever_asks_for_help_is_shown_every_page_and_comes_back(language: str, typed: str, admitted: "Desk") -> None:
    with Terminal(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(typed)
        assert live.asked.startswith(LIST[language])
        shown = live.raw.decode().rpartition(WIPE)[2]
        assert shown.count("\n") < 24
        assert all(topic.topic_title(name, language) in shown for name in MENU_TOPICS)
        live.type(str(MENU_TOPICS.index("backup") + 1))
        assert topic.topic_lines("backup", language)[2] in live.raw.decode().rpartition(WIPE)[2]
        live.type(".")
        assert live.asked.startswith(LIST[language])
        live.type("")
        assert live.asked.startswith(MENU[language])
        live.type(LEAVE)
        seen = live.end()
    assert seen.code == 0
    assert topic.topic_lines("backup", language)[2] not in seen.left


def test_a_page_a_word_or_neither_may_be_named_behind_it(admitted: "Desk") -> None:
    with Terminal(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        assert topic.topic_title("privacy", "en") in live.type("help privacy")
        live.type(".")
        assert live.asked.startswith(MENU["en"])
        assert "gate" in live.type("help gate").rpartition("screen is wiped")[2]
        live.type("")
        assert "There is no page about that." in live.type("help nonsense")
        assert live.asked.startswith(LIST["en"])
        live.type("")
        assert live.asked.startswith(MENU["en"])


def test_the_first_screen_says_how_help_is_opened_in_one_line(admitted: "Desk") -> None:
    for language, word in (("en", "help"), ("ru", "«справка»")):
        with Terminal(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
            shown = live.raw.decode().rpartition(WIPE)[2]
            assert shown.count("\n") < 24
            (line,) = (line for line in shown.splitlines() if MENU[language] in line)
            assert word in line


@pytest.mark.parametrize(("language", "typed"), [("en", "help"), ("ru", "справка"), ("ru", "рудз")])
def test_help_is_opened_on_the_page_of_a_client_too_and_leads_back_to_it(
    language: str, typed: str, admitted: "Desk"
) -> None:
    with Terminal(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(OPEN)
        live.type("1")
        hers = live.asked
        assert hers.startswith(HERS[language])
        live.type("?")
        assert "shelterctl" in live.raw.decode().rpartition(WIPE)[2]
        live.type("nonsense")
        assert live.asked == hers
        live.type(typed)
        assert live.asked.startswith(LIST[language])
        live.type("")
        assert live.asked == hers


PAGE = "9"
STAFF, NGO, PROVIDER, IOM, FACILITY, OTHERS, PASSPHRASE, LANGUAGE, SAFE, SHEET, CHECK = map(str, range(1, 12))


def opened(desk: "Desk", language: str, *typed: str) -> str:
    session = Terminal(desk, language, today=None, size=(60, 80), env={"SHELTERCTL_IDLE": "10"})
    seen = session.run("menu --as-of 2026-11-25", [PAGE, *typed, "", LEAVE])
    assert seen.code == 0, seen.text
    return " ".join(seen.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_new_is_registered_by_name_with_the_code_that_is_proposed(desk: "Desk", language: str) -> None:
    new = {"en": "a new entry", "ru": "новая запись"}[language]
    opened(desk, language, STAFF, new, "Образцова Бермет", "", "3", ".", "")
    assert {"s-bermet": "psychologist"}.items() <= {
        row["staff"]: row["role"] for row in desk.do("staff list", today=None).data["rows"]
    }.items()
    assert "s-bermet · Образцова Бермет" in opened(desk, language, STAFF, "")


def test_a_code_that_is_taken_is_asked_for_again(desk: "Desk") -> None:
    seen = opened(desk, "en", STAFF, "a new", "Аида Примерова", "s-aida", "s-aida-p", "2", ".", "")
    assert "The code s-aida is taken already." in seen
    assert "s-aida-p" in {row["staff"] for row in desk.do("staff list", today=None).data["rows"]}


def test_one_who_is_registered_is_chosen_and_changed(desk: "Desk") -> None:
    opened(desk, "en", NGO, "sezim", "", "", "", "01.02.2026", ".", "")
    (row,) = (row for row in desk.do("ngo list", today=None).data["rows"] if row["ngo"] == "sezim")
    assert row["memorandum_signed_on"] == "2026-02-01"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [STAFF, NGO, PROVIDER, FACILITY])
def test_enter_at_every_question_of_somebody_registered_is_said_to_change_nothing(
    number: str, language: str, desk: "Desk"
) -> None:
    desk.do("provider add lyceum-12", {"name": "Лицей 12"}, today=None)
    before = desk.digest_of_store()
    seen = opened(desk, language, number, "2", *[""] * 12)
    assert desk.digest_of_store() == before
    said = {"en": "nothing changed", "ru": ("ничего не изменилось", "всё осталось как было")}[language]
    assert any(each in seen for each in ([said] if isinstance(said, str) else said))
    assert {"en": "is registered as", "ru": "записана должность"}[language] not in seen


def test_what_is_answered_of_somebody_registered_is_said_to_be_saved(desk: "Desk") -> None:
    assert "s-aida is registered as psychologist." in opened(desk, "en", STAFF, "s-aida", "Аида Примерова", ".", "")


def test_the_places_of_a_house_are_changed_on_its_page(desk: "Desk") -> None:
    seen = opened(desk, "en", FACILITY, "bishkek", *[""] * 10, "12", "9", "")
    assert "at most 10 places" in seen
    assert "The house bishkek is registered, with 9 places." in seen
    (row,) = desk.do("facility list", today=None).data["rows"]
    assert row["capacity"] == 9
    (house,) = desk.do("house").data["rows"]
    assert house["capacity"] == 9
    opened(desk, "en", FACILITY, "bishkek", *[""] * 10, "-", "", "")  # without a number it cannot be
    (row,) = desk.do("facility list", today=None).data["rows"]
    assert row["capacity"] == 9


def test_other_people_who_sleep_there_are_counted(desk: "Desk") -> None:
    opened(desk, "en", OTHERS, "some", "3", "")
    (row,) = desk.do("house").data["rows"]
    assert row["others"] == 3


@pytest.mark.parametrize("number", [STAFF, NGO, PROVIDER, IOM, FACILITY, OTHERS])
def test_enter_leads_back_and_changes_nothing(number: str, desk: "Desk") -> None:
    before = [desk.do(f"{register} list", today=None).data for register in ("staff", "ngo", "provider", "facility")]
    opened(desk, "en", number, "")
    assert before == [
        desk.do(f"{register} list", today=None).data for register in ("staff", "ngo", "provider", "facility")
    ]


def test_the_sheet_for_the_safe_is_printed(desk: "Desk") -> None:
    path = desk.folder / "safe.pdf"
    assert "put it in the safe of the house" in opened(desk, "en", SAFE, str(path), "")
    assert path.read_bytes().startswith(b"%PDF")


def test_a_printed_sheet_is_asked_after_by_the_code_at_its_foot(admitted: "Desk") -> None:
    admitted.do(f"form shelter-rules {admitted.her} --lang en --out {admitted.folder / 'rules.pdf'}")
    (entry,) = admitted.record()["printed"]
    seen = opened(admitted, "en", SHEET, "nonsense", entry["code"], "")
    assert "by manager still agrees with the record" in seen
    assert seen.index("! ", seen.index("Which code is at")) < seen.index("the sheet printed on")


def test_off_a_terminal_a_register_needs_a_code(desk: "Desk") -> None:
    assert desk.refused("staff add", today=None).error == "usage/missing"
    assert desk.refused("staff add", {"name": "Аида"}, today=None).error == "usage/missing"
