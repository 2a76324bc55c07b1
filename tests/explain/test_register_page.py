"""The page of a register of a house: gaps, hours, calendar weeks, what runs out, and who is responsible."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from shelterctl.explain.track import explain_track
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tests.rulebook.test_words_of_registers import SEALED, WATCH

SAID = {
    "en": (
        "duty. Nothing recorded from … to … (M1.2.5).",
        "Whom she saw (seen): the id of a client's file",
        "Latest possible time: … (M1.2.5).",
        "Due after hours: 24.",
        "It is due every hour.",
        "Each week begins on a Monday.",
        "Shown this many days ahead: 30.",
        "Responsible: the person named under “Who does it”.",
        "shelterctl add CODE watch ENTRY",
    ),
    "ru": (
        "duty. Нет записи: … – … (M1.2.5).",
        "Срок в часах: 24.",
        "Каждый час.",
        "Неделя начинается с понедельника.",
        "Показывается заранее, за столько дней: 30.",
        "Отвечает тот, кто указан в поле",
    ),
}


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = Path(shutil.copytree(open_rulebook().folder, tmp_path_factory.mktemp("shelf") / "manual"))
    for name, track in (("watch", WATCH), ("complaint", SEALED)):
        (folder / "tracks" / f"{name}.yaml").write_text(track, "utf-8")
    return Rulebook(folder)


def page(rulebook: Rulebook, name: str, language: str) -> str:
    told = explain_track(rulebook, name, date(2026, 11, 25))
    return "\n".join(format_sentence(*line, language) for line in told.prose)


@pytest.mark.parametrize("language", SAID)
def test_every_word_of_a_register_is_told(language: str, rulebook: Rulebook) -> None:
    told = page(rulebook, "watch", language)
    assert [words for words in SAID[language] if words not in told] == []


def test_a_seal_says_whom_it_is_not_for(rulebook: Rulebook) -> None:
    told = page(rulebook, "complaint", "en")
    assert "A person named under “Who” neither reads such an entry nor strikes it out." in told
    assert "the entry lies in another part" in told
