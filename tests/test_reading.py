"""The pages of help, read at the menu without a command."""

from typing import TYPE_CHECKING

import pytest
from terminal import LEAVE, OPEN, At

from shelterctl.explain import topic

if TYPE_CHECKING:
    from conftest import Desk


MENU = {"en": "What would you like to do?", "ru": "Что сделать? Число"}
HERS = {"en": "What is to be done in her file?", "ru": "Что сделать в этом деле?"}
LIST = {"en": "What is to be read?", "ru": "Что прочитать?"}
WIPE = "\x1b[2J\x1b[3J\x1b[H"


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "help"), ("ru", "справка"), ("ru", "Помощь"), ("ru", "help"), ("ru", "рудз")]
)
def test_whoever_asks_for_help_is_shown_every_page_and_comes_back(language: str, typed: str, admitted: "Desk") -> None:
    with At(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
        live.type(typed)
        assert live.asked.startswith(LIST[language])
        shown = live.raw.decode().rpartition(WIPE)[2]
        assert shown.count("\n") < 24
        assert all(topic.topic_title(name, language) in shown for name in topic.TOPICS)
        live.type(str(topic.TOPICS.index("backup") + 1))
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
    with At(admitted, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        assert topic.topic_title("privacy", "en") in live.type("help privacy")
        live.type(".")
        assert live.asked.startswith(MENU["en"])
        assert "gate" in live.type("help gate").rpartition("screen is wiped")[2]
        live.type("")
        assert "Nothing is written about that." in live.type("help nonsense")
        assert live.asked.startswith(LIST["en"])
        live.type("")
        assert live.asked.startswith(MENU["en"])


def test_the_first_screen_says_how_help_is_opened_in_one_line(admitted: "Desk") -> None:
    for language, word in (("en", "help"), ("ru", "«справка»")):
        with At(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
            shown = live.raw.decode().rpartition(WIPE)[2]
            assert shown.count("\n") < 24
            (line,) = (line for line in shown.splitlines() if MENU[language] in line)
            assert word in line


@pytest.mark.parametrize(("language", "typed"), [("en", "help"), ("ru", "справка"), ("ru", "рудз")])
def test_help_is_opened_on_the_page_of_a_client_too_and_leads_back_to_it(
    language: str, typed: str, admitted: "Desk"
) -> None:
    with At(admitted, language, today=None).live("menu --as-of 2026-11-25") as live:
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
