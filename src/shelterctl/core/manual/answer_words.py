"""The answer at a field in words, for paper and screens. `typed.question` writes an answer in the form in which it can
be typed again.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shelterctl.core.manual.field import OFFERED_TITLES, UNKNOWN_ANSWER, Field, PossibleSpan, UnfinishedSpan
from shelterctl.core.values.days import Span
from shelterctl.core.values.money import read_som
from shelterctl.core.values.written_days import format_as_typed, long_day, long_partial
from shelterctl.language import Sentence, format_fact
from shelterctl.ui_language import N_

NOBODY_KNOWS = N_("unknown")

WordsOfAnswers = Mapping[Any, Sentence]
"""The words of answers that are codes, by code."""

DAY_NOT_KNOWN_YET = "…"
"""The sign for the last day of a period of which only the first day is known."""


def words_of_answers(one: Field) -> WordsOfAnswers:
    """Return the words of every answer of a field on a screen: its codes, the titles that it offers, and "unknown"."""
    unknown = {UNKNOWN_ANSWER: NOBODY_KNOWS} if one.unknown else {}
    return {**unknown, **OFFERED_TITLES.get(one.offers or "", {}), **one.codes}


def show_answer(one: Field | None, written: Any, language: str) -> str:
    """Return an answer as a screen shows it, in the words of its field; without a field, as the file has it."""
    amount = read_som(written) if one and one.kind == "som" else None
    words = words_of_answers(one) if one else None
    return answer_in_words(written if amount is None else amount, language, words)


def answer_in_words(answer: Any, language: str, words: WordsOfAnswers | None = None, *, long_days: bool = False) -> str:
    """Return an *answer*, typed or as a file has it, in words.

    Codes are shown by *words*, amounts and days as the *language* writes them; several answers are separated by commas.
    With *long_days* the months have their names.
    """
    if isinstance(answer, Span | UnfinishedSpan):
        return _period_in_words(answer, language, long_days=long_days)
    if isinstance(answer, list | tuple):
        return ", ".join(answer_in_words(each, language, words, long_days=long_days) for each in answer)
    if words and isinstance(answer, str) and answer in words:
        return format_fact(words[answer], language)
    if isinstance(answer, date):
        return _moment_in_words(answer, language, long_days=long_days)
    if isinstance(answer, Mapping) and "en" not in answer:  # from a newer rulebook: nothing here knows its words
        return "; ".join(f"{name}: {answer_in_words(each, language)}" for name, each in answer.items())
    return "" if answer is None else format_fact(format_as_typed(answer, language), language)


def _moment_in_words(moment: date, language: str, *, long_days: bool) -> str:
    """Return a day, and the time where it has one."""
    clock = f"{', ' if long_days else ' '}{moment:%H:%M}" if isinstance(moment, datetime) else ""
    day = moment.date() if isinstance(moment, datetime) else moment
    return (long_day(day, language) if long_days else format_fact(day, language)) + clock


def _period_in_words(span: Span | UnfinishedSpan, language: str, *, long_days: bool) -> str:
    """Return a period by its two days, or a partly known day by what is known of it."""
    if not isinstance(span, PossibleSpan) or span.first == span.last:
        ends = span if not isinstance(span, PossibleSpan) else span[:1]
        days = (_moment_in_words(each, language, long_days=long_days) if each else DAY_NOT_KNOWN_YET for each in ends)
        return " – ".join(days)
    known = f"{span.first:%Y-%m}" if span.first.month == span.last.month else f"{span.first:%Y}"
    return long_partial(known, language) if long_days else str(format_as_typed(known, language))
