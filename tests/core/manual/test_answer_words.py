"""One answer in words, on paper and on a screen."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shelterctl.core.manual.answer_words import answer_in_words, show_answer
from shelterctl.core.manual.field import Field, PossibleSpan, UnfinishedSpan
from shelterctl.core.values.days import Span

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
CODES = {"female": {"en": "woman", "ru": "женщина", "ky": "аял"}}


@pytest.mark.parametrize(
    ("answer", "long", "short"),
    [
        (LAST, "30 ноября 2026 г.", "30.11.2026"),
        (datetime(2026, 11, 30, 9, 5), "30 ноября 2026 г., 09:05", "30.11.2026 09:05"),
        (Span(FIRST, LAST), "1 ноября 2026 г. – 30 ноября 2026 г.", "01.11.2026 – 30.11.2026"),
        (UnfinishedSpan(FIRST, None), "1 ноября 2026 г. – …", "01.11.2026 – …"),
        (PossibleSpan(FIRST, LAST), "ноябрь 2026 г.", "11.2026"),
        (PossibleSpan(date(2026, 1, 1), date(2026, 12, 31)), "2026 г.", "2026"),
        (PossibleSpan(LAST, LAST), "30 ноября 2026 г.", "30.11.2026"),
        (("2026-11", "2026-12"), "11.2026, 12.2026", "11.2026, 12.2026"),
        (["female", "2026-11-30T09:05+06:00"], "женщина, 30.11.2026 09:05", "женщина, 30.11.2026 09:05"),
        (Decimal("1250.5"), "1 250,50", "1 250,50"),
        (True, "да", "да"),
        (None, "", ""),
    ],
)
def test_an_answer_in_the_words_of_a_language(answer: Any, long: str, short: str) -> None:
    told = [answer_in_words(answer, "ru", CODES, long_days=each).replace("\xa0", " ") for each in (True, False)]
    assert told == [long, short]


def test_a_screen_has_words_for_what_nobody_knows_and_for_titles_and_amounts_with_their_places() -> None:
    assert show_answer(Field("sex", "code", codes=CODES, unknown=True), "unknown", "ru") == "неизвестно"
    assert show_answer(Field("by", "text", offers="drafters", several=True), ["manager"], "ru") == "руководитель"
    assert show_answer(Field("amount", "som"), "1250.5", "en") == "1,250.50"
    assert show_answer(Field("amount", "som"), "many", "en") == "many"
    assert show_answer(None, "2026-11-30", "ru") == "30.11.2026"
