"""The scenes of the menu for a computer, a colleague or a paper that is gone: the telephone call comes first."""

import re
import shutil

import pytest

from shelterctl.identity.key_file import load_identity
from shelterctl.menu import end_access
from shelterctl.rulebook.files import read_glossary
from tests.support.clock import house_day
from tests.support.desk import Desk
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LEAVE, Seen, Terminal

HOUSE, COMPUTER, LEAVER, PAPER = "9", "12", "13", "14"
PHONE = "+996 312 000000"
FIRST = {
    COMPUTER: {"en": "Before anything else, call", "ru": "Прежде всего позвоните"},
    LEAVER: {"en": "Before anything else, call", "ru": "Прежде всего позвоните"},
    PAPER: {"en": "Before anything else, call", "ru": "Прежде всего позвоните"},
}


@pytest.fixture
def together(admitted: Desk, _empty: Desk) -> Desk:
    """Two computers at one store, the paper, and the telephone of an NGO."""
    shutil.copy(_empty.folder.parent / "recovery", admitted.folder / "paper")
    admitted.do("ngo add sezim", {"name": "НПО «Сезим»", "phone": PHONE})
    join = "trust --join --recovery paper --no-passphrase --identity other --staff s-aida"
    admitted.do(join, today=None)
    admitted.do("trust --accept")
    return admitted


def code(desk: Desk, name: str = "other") -> str:
    return str(load_identity(desk.folder / name, None).device)


def states(desk: Desk) -> list[str]:
    return [row["state"] for row in desk.do("device list", today=None).data["rows"]]


def sat(desk: Desk, language: str, *typed: str, today: str | None = None) -> Seen:
    words = "menu" + (f" --as-of {today}" if today else "")
    seen = Terminal(desk, language, today=None, env={"SHELTERCTL_IDLE": "10"}).run(words, [*typed, "", LEAVE])
    assert seen.code == 0, seen.text
    return seen


def opens(desk: Desk, name: str) -> int:
    """How many files of clients that key opens."""
    opened = 0
    for path in desk.store.glob("residents/*.age"):
        try:
            load_identity(desk.folder / name, None).open(path.read_bytes())
        except Exception:  # noqa: S112 - it does not open
            continue
        opened += 1
    return opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", FIRST)
def test_the_telephone_comes_first_and_its_numbers_are_gone_with_their_screen(
    scene: str, language: str, together: Desk
) -> None:
    before = together.digest_of_store()
    seen = sat(together, language, HOUSE, scene, "", "", "")
    said = " ".join(seen.text.split())
    assert FIRST[scene][language] in said
    assert said.index(FIRST[scene][language]) < said.index(PHONE)
    assert PHONE not in seen.left
    assert together.digest_of_store() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stolen_laptop_is_shut_out(language: str, together: Desk) -> None:
    seen = sat(together, language, HOUSE, COMPUTER, "", code(together), "1", "1", "")
    after = seen.text.partition({"en": "is shut out.", "ru": "отключён."}[language])[2].partition("Enter")[0]
    assert {"en": "backup", "ru": "копию"}[language] in after
    assert "shelterctl" not in after  # the menu has a line for it
    (row,) = (row for row in together.do("device list", today=None).data["rows"] if row["state"] == "ended")
    assert (row["device"], row["why"]) == (code(together), "lost")
    assert (opens(together, "other"), opens(together, "key")) == (0, 1)


def test_one_that_was_given_away_is_so_written_down(together: Desk) -> None:
    sat(together, "en", HOUSE, COMPUTER, "", "2", "it was given", "1", "")
    (row,) = (row for row in together.do("device list", today=None).data["rows"] if row["state"] == "ended")
    assert row["why"] == "left"


@pytest.mark.parametrize("typed", [("2",), ("2", "1"), ("1", "1")])
def test_enter_at_any_question_shuts_nothing_out(typed: tuple[str, ...], together: Desk) -> None:
    before = together.digest_of_store()
    sat(together, "en", HOUSE, COMPUTER, "", *typed, "", "")
    assert together.digest_of_store() == before
    assert states(together) == ["here", "in_force"]


def test_the_only_computer_is_not_shut_out_and_the_way_is_said(admitted: Desk) -> None:
    seen = sat(admitted, "ru", HOUSE, COMPUTER, "", "1", "1", "")
    assert "trust --join" in " ".join(seen.text.split())
    assert states(admitted) == ["here"]


def test_a_house_without_numbers_is_told_to_register_them(admitted: Desk) -> None:
    said = " ".join(sat(admitted, "en", HOUSE, COMPUTER, "", "").text.split())
    assert "No telephone of an NGO is registered. Look the numbers up on paper" in said


def test_a_damaged_directory_keeps_nobody_from_shutting_out(together: Desk) -> None:
    directory = together.store / "directory.yaml.age"
    whole = directory.read_bytes()
    directory.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    seen = sat(together, "en", HOUSE, COMPUTER, "", "2", "1", "1", "")
    said = " ".join(seen.text.split())
    assert "The registered telephones do not open on this computer" in said
    assert "No telephone of an NGO is registered" not in said
    assert states(together) == ["here", "ended"]
    assert opens(together, "other") == 0


def test_a_computer_that_was_shut_out_does_not_say_that_the_house_is_empty(together: Desk) -> None:
    together.do(f"device end {code(together)} --lost", today=None)
    seen = Terminal(together, "en", today=None, env={"SHELTERCTL_IDLE": "10"}).run("menu --identity other", [LEAVE])
    said = " ".join(seen.text.split())
    assert "Files that do not open on this computer: 1. These people may sleep here tonight." in said
    assert "Nobody is in the house" not in said


def test_somebody_leaves_with_her_computer(together: Desk) -> None:
    seen = sat(together, "en", HOUSE, LEAVER, "", "s-aida", "", "2", "1", "", today=None)
    assert states(together) == ["here", "ended"]
    (row,) = (row for row in together.do("staff list", today=None).data["rows"] if row["staff"] == "s-aida")
    assert row["until"] == house_day().isoformat()
    assert "stay in the house" in " ".join(seen.text.split())
    assert "Now make a backup on each disk, so that the older ones can be erased." in " ".join(seen.text.split())
    assert opens(together, "other") == 0


def test_somebody_leaves_and_her_computer_stays_in_the_house(together: Desk) -> None:
    seen = sat(together, "en", HOUSE, LEAVER, "", "s-aida", "31.02", "31.12.2199", "today", "1", "1", "")
    assert "! 2199-12-31 has not come yet." in seen.text
    assert states(together) == ["here", "in_force"]
    (row,) = (row for row in together.do("staff list", today=None).data["rows"] if row["staff"] == "s-aida")
    assert row["until"] == house_day().isoformat()


KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")


def test_another_paper_takes_the_place_of_one_that_is_gone(together: Desk) -> None:
    with Terminal(together, "en", today=None, env={"SHELTERCTL_IDLE": "10"}).live("menu") as live:
        shown = [live.type(answer) for answer in (HOUSE, PAPER, "", "1")][-1]
        assert "is in force" in " ".join(live.type("").split())
        live.end()
    (key,) = KEY.findall(shown)
    (together.folder / "new").write_text(f"{key}\n")
    assert opens(together, "paper") == 0
    assert opens(together, "new") == 1


def test_news_that_were_accepted_are_news_no_more_where_the_paper_stays(together: Desk) -> None:
    together.do("trust --join --recovery paper --no-passphrase --identity third --staff s-aida", today=None)
    seen = sat(together, "en", "2", "paper lost", "", "1", "2", "")
    after = seen.text.partition("Nothing was changed; the recovery paper")[2]
    assert "Enter goes back" in after
    assert " ".join(seen.text.split()).count("Before anything else, call the NGO Coordinator") == 1
    assert "trust --accept" not in after


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ("stolen laptop", "en", "Which computer is missing?"),
        ("Ноутбук", "ru", "Какого компьютера больше нет?"),
        ("украли", "ru", "Какого компьютера больше нет?"),
        ("пропал ноутбук", "ru", "Какого компьютера больше нет?"),
        ("уволилась", "ru", "Кто уходит?"),
        ("сотрудница ушла", "ru", "Кто уходит?"),
        ("leaves", "en", "Who is leaving?"),
        ("бумага пропала", "ru", "Заменить бумагу восстановления новой?"),
        ("нашли бумагу", "ru", "Заменить бумагу восстановления новой?"),
    ],
)
def test_who_types_in_need_what_happened_is_led_there(typed: str, language: str, said: str, together: Desk) -> None:
    assert said in " ".join(sat(together, language, typed, "", "", "").text.split())


def test_each_scene_has_its_word_and_each_word_its_page(desk: Desk) -> None:
    assert {*end_access.END_ACCESS_SCENES} <= {*read_glossary()}
    for typed in ("украли ноутбук", "stolen laptop"):
        for language in LANGUAGES:
            assert "device end" in desk.run(f"help '{typed}' --lang {language}", today=None).out
            assert "device end" in desk.run(f"explain '{typed}' --lang {language}", today=None).out
    assert "staff end" in desk.run("explain уволилась", today=None).out
    assert "recovery renew" in desk.run("explain 'бумага пропала'", today=None).out


def test_no_scene_is_in_the_way_of_a_name() -> None:
    """What is typed is a client's name unless it is one of these words, whole."""
    assert end_access.find_scene("Айгуль") is None
    assert end_access.find_scene("ноут") is None
    assert end_access.find_scene("Примерова") is None
    assert end_access.find_scene("НОУТБУК") is end_access.end_computer
