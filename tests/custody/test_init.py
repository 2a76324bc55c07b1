"""The first hour: a store is made by one word, nothing is lost on the way, and what a newcomer does wrong is said."""

import os
import signal
from pathlib import Path

import pytest
import yaml

from shelterctl.core.people import is_name_too_short
from shelterctl.errors import UsageError
from shelterctl.identity.key_file import change_passphrase, load_identity, save_identity
from shelterctl.identity.keys import create_identity
from shelterctl.prompts.init import INIT_MAKE_STORE, INIT_OPEN_ANOTHER, INIT_SEE_DEMO
from shelterctl.store.folder import parse_client_id
from tests.support.desk import Desk, Newcomer
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LEAVE, PARTNERS, LiveTerminal, Terminal

PHRASE = "four words of nobody"
TITLE = {"en": "What would you like to do? Making", "ru": "Что сделать?"}
MENU = {"en": "What would you like to do?", "ru": "Что сделать? Номер"}
HOUSE = ("Приют «Пример»", "")
YOU = ("Примерова Гулнара", "", "2")
NGO = ("ОФ «Эрайым»", "", "1", "15.01.2026", "20.01.2026", ".")
STAFF = ("Образцова Аида", "", "3", "")


@pytest.fixture
def nobody(tmp_path: Path) -> Newcomer:
    (tmp_path / "home").mkdir()
    return Newcomer(tmp_path / "home")


def at(desk: Desk, language: str = "en") -> Terminal:
    return Terminal(desk, language, today=None, env={"SHELTERCTL_IDLE": "10"})


def made(live: LiveTerminal) -> None:
    """A store from the first question to the recovery paper."""
    live.type(INIT_MAKE_STORE)
    for answer in ("", *HOUSE, "1", "", *YOU, "", PHRASE, PHRASE):
        live.type(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_is_made_and_its_people_are_registered_without_a_command(nobody: Newcomer, language: str) -> None:
    with at(nobody, language).live("") as live:
        assert live.asked.startswith(TITLE[language])
        made(live)
        for answer in ("", *NGO, *STAFF, ""):
            live.type(answer)
        assert live.asked.startswith(MENU[language])
        live.type(LEAVE)
        assert live.end().code == 0
    shelter = yaml.safe_load((nobody.folder / "shelter/shelter.yaml").read_text())
    assert shelter["facilities"] == {"priyut-primer": {"kind": "shelter", "capacity": 10, "ngo": "erayym"}}
    staff = yaml.safe_load((nobody.folder / "shelter/staff.yaml").read_text())["staff"]
    assert {code: one["role"] for code, one in staff.items()} == {
        "s-gulnara": "social_worker",
        "s-aida": "psychologist",
    }
    with at(nobody, language).live("") as live:  # from the same folder as before, which is not the store's
        for answer in (PHRASE, PARTNERS, "1"):
            live.type(answer)
        assert "s-aida · Образцова Аида" in live.raw.decode()


def test_where_nothing_tells_the_language_it_is_asked_and_remembered(nobody: Newcomer) -> None:
    plain = Terminal(nobody, today=None, env={"SHELTERCTL_LANG": "", "LANG": "C.UTF-8", "LC_ALL": ""})
    with plain.live("") as live:
        assert live.asked == "Язык – Language"
        live.type("русский")
        assert live.asked.startswith(TITLE["ru"])
        live.type("4")
        assert "Вы вышли из программы" in live.end().text
    with plain.live("") as live:
        assert live.asked.startswith(TITLE["ru"])
    with Terminal(nobody, "en", today=None, env={"LANG": "C.UTF-8"}).live(
        ""
    ) as live:  # what is asked for in words is stronger
        assert live.asked.startswith(TITLE["en"])


def test_no_language_is_offered_that_the_terminal_cannot_write(nobody: Newcomer) -> None:
    latin = Terminal(nobody, today=None, env={"SHELTERCTL_LANG": "", "LANG": "C.UTF-8", "PYTHONIOENCODING": "latin-1"})
    with latin.live("") as live:
        assert live.asked.startswith(TITLE["en"])


def test_the_language_is_changed_from_the_menu(admitted: Desk) -> None:
    plain = Terminal(admitted, today=None, env={"SHELTERCTL_LANG": "", "LANG": "C.UTF-8"})
    with plain.live("") as live:
        for answer in (PARTNERS, "the language", "русский", ""):
            live.type(answer)
        live.type(LEAVE)
        assert "Вы вышли из программы" in live.end().text
    assert "Дело" in plain.run(f"admit {admitted.her}", []).text


@pytest.mark.parametrize("number", range(12))
def test_ctrl_c_before_the_store_is_made_makes_none_and_leads_back(number: int, nobody: Newcomer) -> None:
    answers = ("", *HOUSE, "1", "", *YOU, "")
    with at(nobody).live("") as live:
        live.type(INIT_MAKE_STORE)
        for answer in answers[:number]:
            live.type(answer)
        live.type("^C")
        assert live.asked.startswith(TITLE["en"])
        live.type("4")
        assert live.end().code == 0
    assert not (nobody.folder / "shelter/shelter.yaml").exists()


def test_ctrl_c_once_it_is_made_leads_to_the_menu(nobody: Newcomer) -> None:
    with at(nobody).live("") as live:
        made(live)
        live.type("")
        assert "3 of 4" in live.raw.decode()
        live.type("^C")
        assert live.asked.startswith(MENU["en"])
        live.type(LEAVE)


def test_every_question_of_the_house_is_needed_and_can_be_gone_back_to(nobody: Newcomer) -> None:
    with at(nobody).live("") as live:
        live.type(INIT_MAKE_STORE)
        live.type("")
        assert "This answer is needed to make a store" in live.type("")
        for answer in ("Приют «Пример»", "", "1"):
            live.type(answer)
        assert "at most 10 places" in live.type("12")
        assert live.asked == "Number of places"
        live.type("8")
        assert live.asked == "Name"
        live.type("*")
        assert live.asked == "Number of places"
        live.type("7")
        for answer in (*YOU, "", PHRASE, PHRASE):
            live.type(answer)
        assert "recovery key" in live.raw.decode()


def test_going_back_keeps_what_was_answered(nobody: Newcomer) -> None:
    with at(nobody, "ru").live("") as live:
        for answer in (INIT_MAKE_STORE, "", "Приют «Пример»", "dom-primer", "1", "восемь"):
            live.type(answer)
        assert live.asked == "Ф.И.О."
        assert "Enter – ответ 8;" in live.type("*")
        live.type("")
        assert live.asked == "Ф.И.О."
        live.type("*")
        live.type("*")
        assert "Enter – ответ dom-primer" in live.type("*")


def test_only_enter_leaves_the_recovery_key(nobody: Newcomer) -> None:
    with at(nobody).live("") as live:
        made(live)
        before = live.raw.count(b"AGE-SECRET-KEY")
        live.type("!")
        live.type("печать")
        assert "3 of 4" not in live.raw.decode()
        live.type("")
        assert "3 of 4" in live.raw.decode()
    assert before


WAIT = "Защищаю ключ паролем…".encode()


def hurried(live: LiveTerminal, keys: bytes) -> str:
    """What is seen once the passphrase was typed again and *keys* behind it; the program is held while they are."""
    live.wait(PHRASE.encode() + b"\r", until=WAIT + b"$")
    os.kill(live.pid, signal.SIGSTOP)
    live.wait(keys, until=b"")
    os.kill(live.pid, signal.SIGCONT)
    return live.wait()


def test_keys_pressed_while_the_key_is_made_are_neither_shown_nor_an_answer(nobody: Newcomer) -> None:
    with at(nobody, "ru").live("", anew=True) as live:  # a new program locks its key as slowly as at a shelter
        live.type(INIT_MAKE_STORE)
        for answer in ("", *HOUSE, "1", "", *YOU, "", PHRASE):
            live.type(answer)
        assert "AGE-SECRET-KEY-" in hurried(live, b"wintergreen\r1\rwintergreen")
        assert "3 из 4" in live.type("")
        seen = live.end()
    assert "wintergreen" not in seen.raw.decode()
    assert not list(nobody.folder.glob("*.pdf"))


def test_keys_pressed_while_another_passphrase_is_set_are_neither_shown_nor_an_answer(nobody: Newcomer) -> None:
    save_identity(nobody.folder / "key", create_identity(), None)
    session = Terminal(nobody, "ru", today=None, env={"SHELTERCTL_IDENTITY": str(nobody.folder / "key")})
    with session.live("passphrase", in_shell=True) as live:
        live.type(PHRASE)
        assert "wintergreen" not in hurried(live, b"wintergreen\r")
        seen = live.end()
    assert "wintergreen" not in seen.raw.decode()
    assert load_identity(nobody.folder / "key", lambda: PHRASE)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("full", "The store cannot be made in that folder."),
        ("no/such/folder", "/no/such does not exist."),
        ("full/notes.txt/folder", "The store cannot be made in that folder."),
        ("a" * 300, "The store cannot be made in that folder."),
        ("old/inside", "There is a store in that folder or above it already."),
        ("old", "There is a store in that folder or above it already."),
        ("/proc/shelter", "The store cannot be made in that folder."),
    ],
)
def test_a_folder_that_cannot_be_is_asked_for_again(typed: str, says: str, nobody: Newcomer) -> None:
    (nobody.folder / "full").mkdir()
    (nobody.folder / "full/notes.txt").write_text("hers")
    (nobody.folder / "old").mkdir()
    (nobody.folder / "old/shelter.yaml").write_text("schema: shelter/1\n")
    with at(nobody).live("") as live:
        live.type(INIT_MAKE_STORE)
        assert says in live.type(str(nobody.folder / typed))
        assert live.asked == "In which folder? A new folder is made if needed"
        live.type("free")
        assert "1 of 4" in live.raw.decode()
    assert (nobody.folder / "full/notes.txt").read_text() == "hers"


def test_the_recovery_paper_is_printed_from_a_file_that_is_gone_then(nobody: Newcomer) -> None:
    with at(nobody).live("") as live:
        made(live)
        live.type("1")
        (sheet,) = nobody.folder.glob("*.pdf")
        assert sheet.stat().st_mode & 0o077 == 0
        assert sheet.read_bytes().startswith(b"%PDF")
        live.type("")
        assert not list(nobody.folder.glob("*.pdf"))
        live.type("1")
        (sheet,) = nobody.folder.glob("*.pdf")
        live.type("^C")  # nothing was made yet: the paper is shown again when it goes on
    assert not list(nobody.folder.glob("*.pdf"))


def test_a_store_in_another_folder_is_opened_and_known_from_then_on(admitted: Desk) -> None:
    desk = Newcomer(admitted.folder)
    session = Terminal(desk, today=None, env={"SHELTERCTL_IDLE": "10", "SHELTERCTL_IDENTITY": str(admitted.key)})
    moved = admitted.store.rename(admitted.folder / "moved")
    with session.live("") as live:
        live.type(INIT_OPEN_ANOTHER)
        assert "There is no store in that folder." in live.type("nowhere")
        live.type(str(moved))
        assert live.asked.startswith(MENU["en"])
        live.type(LEAVE)
    with session.live("") as live:
        assert live.asked.startswith(MENU["en"])
        live.type(LEAVE)


def test_a_store_that_was_named_and_is_not_there_is_told_and_none_is_made(nobody: Newcomer) -> None:
    seen = at(nobody).run("menu --store nowhere", [])
    assert seen.code == 3
    assert TITLE["en"] not in seen.text


def test_the_film_is_played_and_leaves_nothing(nobody: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    (nobody.folder / "quick").mkdir()
    (nobody.folder / "quick/sitecustomize.py").write_text("import time\ntime.sleep = lambda seconds: None\n")
    quick = os.pathsep.join([str(nobody.folder / "quick"), nobody.env["PYTHONPATH"]])
    session = Terminal(nobody, today=None, env={"PYTHONPATH": quick, "TMPDIR": str(nobody.folder)})
    with session.live("demo run --slow") as live:
        if b"close it." not in live.raw:  # it may have been played to its end before anybody looked
            live.wait(until=rb"close it\.\r\n[^>]*> $")
        assert "Айжан" in live.raw.decode()
        live.type("")
        seen = live.end()
    assert seen.code == 0
    assert "Айжан" not in seen.left
    assert sorted(path.name for path in nobody.folder.iterdir() if not path.name.startswith(".")) == ["quick"]


def test_the_film_is_offered_to_whoever_has_no_store(nobody: Newcomer) -> None:
    with at(nobody).live("") as live:
        live.type(INIT_SEE_DEMO)
        live.type("^C")
        assert live.asked.startswith(TITLE["en"])


NOWHERE = {"SHELTERCTL_STORE": "nowhere"}


@pytest.mark.parametrize(
    "typed", ["H0MX-A1MM", "h0mxa1mm", "homx aimm", "HOMX-ALMM", " h0mx a1mm ", "Н0МХ-А1ММ", "нoмх-а1мм"]
)
def test_an_id_is_read_as_it_is_taken_down(typed: str) -> None:
    assert parse_client_id(typed) == "H0MX-A1MM"


@pytest.mark.parametrize("typed", ["H0MX-A1M", "H0MX-A1MU", "H0MX  A1MM", "H0-MXA1MM", "Н0МЖ-А1ММ", ""])
def test_what_cannot_be_an_id_is_told_the_letters_that_never_occur(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_client_id(typed)
    assert refused.value.facts["never"] == ["I", "L", "O", "U"]


def test_without_a_store_no_passphrase_is_asked_for(desk: "Desk") -> None:
    change_passphrase(desk.key, str, lambda: "orchard кымыз lantern river", work_factor=10)
    for words in ("list", "find", "admit", "menu", ""):
        seen = Terminal(desk, env=NOWHERE).run(words, [])
        assert (seen.code, "Passphrase" in seen.text) == (3, False), words
        assert "shelterctl restore DIR --store NEW" in " ".join(seen.text.split())


def test_no_store_is_made_within_another(desk: "Desk") -> None:
    for folder in ("house/second", "house/residents/deep/er"):
        told = desk.refused(f"init {folder} --shelter osh --no-passphrase", today=None)
        assert (told.code, told.error) == (2, "init/inside")
    assert desk.do("init beside --shelter osh --no-passphrase --recovery paper", today=None).data["facility"] == "osh"


def test_the_next_step_goes_into_the_folder_where_the_store_is_another(desk: "Desk") -> None:
    told = desk.run("init 'a new house' --shelter osh --no-passphrase --recovery paper", today=None).out
    assert "Next: go into the folder with: cd 'a new house'\n" in told
    assert str(desk.folder) not in told.partition("identity:")[0]
    (desk.folder / "empty").mkdir()
    told = desk.run(
        "init --shelter osh --no-passphrase --recovery ../other-paper", today=None, cwd=desk.folder / "empty"
    ).out
    assert "Next: register your NGO" in told
    assert "cd " not in told


@pytest.mark.parametrize(("answer", "role"), [("", "psychologist"), ("no", "psychologist"), ("yes", "manager")])
def test_at_a_terminal_a_role_changes_only_when_that_is_confirmed(answer: str, role: str, desk: "Desk") -> None:
    seen = Terminal(desk).run("staff add s-aida --role manager", [answer, ".", "."])
    assert "s-aida is registered as psychologist. Change that to manager of the shelter?" in seen.text
    assert f"role: {role}\n" in desk.run("staff add s-aida").out.replace(" of the shelter", "")


def test_off_a_terminal_a_role_changes_at_once(desk: "Desk") -> None:
    assert desk.do("staff add s-aida --role manager").data["role"] == "manager"


@pytest.mark.parametrize("words", ["--as-of 2027-06-01", "--staff=s-aida --as-of 2027-06-01", "--store house"])
def test_options_without_a_command_open_the_menu_with_them(words: str, desk: "Desk") -> None:
    seen = Terminal(desk, today=None).run(words, [LEAVE])
    assert seen.code == 0
    assert "What would you like to do?" in seen.text
    assert ("2027-06-01" in seen.text) == ("2027-06-01" in words)
    assert ("s-aida" in seen.text) == ("s-aida" in words)


def test_options_without_a_command_are_none_off_a_terminal(desk: "Desk") -> None:
    assert desk.refused("").error == "usage/command"
    assert Terminal(desk, today=None).run("--format csv", []).code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("staff add s-new --role boss", "usage/role", "social_worker (social worker)"),
        ("agreement --form green", "usage/form", "blue (blue form), pink (pink form)"),
        ("facility add osh --kind tent", "usage/kind", "shelter (shelter)"),
    ],
)
def test_a_code_that_is_none_is_told_those_that_are_with_what_they_mean(
    words: str, code: str, said: str, desk: "Desk"
) -> None:
    told = desk.refused(words)
    assert told.error == code
    assert said in told.page["error"]["message"]
    assert f"{said.partition(' (')[0]} (" in desk.run(f"{words} --lang ru").err


@pytest.mark.parametrize(("name", "short"), [("Ай", True), ("а й", True), ("Айг", False), ("", False)])
def test_too_few_letters_are_said_to_be_too_few(name: str, short: bool, admitted: "Desk") -> None:
    assert is_name_too_short({"first_name": name}) is short
    if name:
        seen = Terminal(admitted).run("find", [name, "", ""])
        assert ("at least 3 letters" in seen.text) is short


def test_what_is_recorded_is_not_advised(admitted: "Desk") -> None:
    admitted.do(f"discharge {admitted.her} --on 2026-11-25 --own-decision")
    told = admitted.do("check").finding("discharge/iom-consulted")
    assert told["severity"] == "open"
    assert "--own-decision" not in told["message"]
    assert "who was told and when" in told["message"]


def test_whoever_makes_a_store_as_manager_manages_its_house(desk: "Desk") -> None:
    labels = [str(each.get("facts", {}).get("label")) for each in desk.ask("check").page["findings"]]
    assert labels
    assert not [each for each in labels if "Who manages the house" in each]
