"""The menu of a house where each person has a key of her own: who is here, another person, a guard, and a new key."""

from pathlib import Path

import pytest

from shelterctl.identity.key_file import change_passphrase
from shelterctl.language import format_sentence
from shelterctl.menu import main, seat
from shelterctl.prompts.trust import NEWS_ACCEPT
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.passphrases import NEW, OLD, QUICK, never
from tests.support.terminal import OPEN, OTHER, WRITE, LiveTerminal, Terminal, seen_text

PEOPLE = {"s-aida": "psychologist", "s-guard": "security", "s-law": "legal_adviser", "s-med": "medical_adviser"}


@pytest.fixture(scope="module")
def _by_role(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_house_with_paper(tmp_path_factory.mktemp("by-role") / "desk")
    for code, role in PEOPLE.items():
        desk.do(f"staff add {code} --role {role}")
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    desk.do("roles --begin")
    for code in ("s-aida", "s-guard"):
        change_passphrase(desk.folder / "key.people" / code, never, lambda: OLD, work_factor=QUICK)
    change_passphrase(desk.key, never, lambda: NEW, work_factor=QUICK)
    return desk


@pytest.fixture
def house(_by_role: Desk, tmp_path: Path) -> Desk:
    """A house by role: the manager's key and those of a psychologist and a guard have passphrases."""
    return copied(_by_role, tmp_path / "house-by-role")


def at(desk: Desk, language: str = "en") -> Terminal:
    return Terminal(desk, language, env={"SHELTERCTL_IDLE": "10"})


def sit_down(live: LiveTerminal, code: str, passphrase: str) -> str:
    """Choose that person and type the passphrase; what is new on the list is known."""
    assert live.asked == said(seat.WHO_IS_HERE, live.language)
    asked = live.type(code)
    assert code in asked
    seen = live.type(passphrase)
    return live.type("1") if said(NEWS_ACCEPT, live.language) in live.asked else seen


def said(sentence: str, language: str = "en") -> str:
    return format_sentence(sentence, {}, language)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_menu_asks_who_is_here_and_for_her_own_passphrase(house: Desk, language: str) -> None:
    with at(house, language).live("menu") as live:
        assert said(seat.KEY_OF_THIS_COMPUTER, language) in live.begun
        assert "Айгуль" not in live.begun
        sit_down(live, "s-aida", OLD)
        assert "s-aida" in seen_last(live)
        assert live.type(OTHER).count(said(main.SCREEN_LOCKED, language)) == 1
        sit_down(live, "1", NEW)
        assert "manager" in seen_last(live)
        live.type(OTHER)
        assert "manager" in seen_last(live)  # whose the first key is, is known by now
        live.type(str(len(PEOPLE) + 3))
        assert live.over


def test_a_wrong_passphrase_opens_nothing_and_somebody_else_may_be_chosen(house: Desk) -> None:
    with at(house).live("menu") as live:
        live.type("s-aida")
        assert "Wrong passphrase" in live.type(NEW)  # the manager's
        live.type("^C")
        live.type("1")
        assert live.asked == said(seat.WHO_IS_HERE)
        sit_down(live, "1", NEW)
        assert house.her in seen_last(live)


def test_what_she_has_begun_stays_in_its_file_and_the_next_person_sees_nothing_of_it(house: Desk) -> None:
    with at(house).live("menu") as live:
        sit_down(live, "s-aida", OLD)
        for typed in (OPEN, house.her, WRITE, "need", "психолог"):
            live.type(typed)
        live.type("^C")
        live.type("")
        live.type("")
        assert "Айгуль" in seen_last(live)
        shown = live.type(OTHER)
        assert "Айгуль" not in shown
        assert "Айгуль" not in live.type("s-guard")
        live.type(OLD)
        live.type("1")
        assert "Айгуль" not in seen_last(live)
    assert house.do(f"show {house.her} --names --passphrase-fd 0", input=NEW.encode() + b"\n").data["record"][
        "unfinished"
    ]


def seen_last(live: LiveTerminal) -> str:
    """What stands on the screen now."""
    return seen_text(live.raw, live.language).rpartition("( the screen is wiped )")[2]
