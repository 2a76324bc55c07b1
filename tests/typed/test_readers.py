"""An amount, a number, a word, a code, a day or a time that a person types is read as meant, or she is told how."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.values.written_days import format_as_typed
from shelterctl.explain import topic
from shelterctl.typed import doubts, readers
from shelterctl.typed.dates import (
    AT_WHAT_TIME,
    NO_SUCH_DAY,
    SOON_WITHIN,
    WHICH_YEAR,
    WRITE_A_BIRTH,
    WRITE_A_DAY,
    WRITE_A_TIME,
    WRITE_MONTHS,
    read_typed_day,
    read_typed_months,
    read_typed_partial,
    read_typed_time,
)
from shelterctl.typed.doubts import (
    MORE_THAN_A_YES,
    NAME_HAS_NUMBER,
    NAME_LOOKS_LIKE_DATE,
    NAME_LOOKS_LIKE_WORDS,
    NAME_LOOKS_LIKE_YES,
    NAME_MIXES_ALPHABETS,
    NAME_NOT_LISTED,
)
from shelterctl.typed.question import TYPE_IT_ONCE_MORE, Question
from shelterctl.typed.readers import TYPED_READERS
from shelterctl.typed.words import MOVE_WORDS, NO_WORDS, YES_WORDS, Clock, Mistyped
from tests.support.paths import TESTS
from tests.support.typed_words import ASKING, CLOCK, CLOCKS, DAYS, SHELF, TIMES, sentence

NUMBERS = st.integers(1, 10**8 - 1)
TYIYN = st.integers(1, 10**13)
LONG = 100 * 1024


def notations(tyiyn: int) -> list[str]:
    """An amount as it may be typed: places or none, a comma or a dot, and thousands apart by any space."""
    som, rest = divmod(tyiyn, 100)
    places = [f"{rest:02}"] + ([str(rest // 10)] if rest % 10 == 0 else []) + ([""] if rest == 0 else [])
    heads = [str(som), *(f"{som:,}".replace(",", space) for space in " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")]
    return [f"{head}{mark}{place}" if place else head for head in heads for mark in ".," for place in places]


@given(TYIYN)
def test_every_amount_reads_as_itself_in_every_notation(tyiyn: int) -> None:
    for words in notations(tyiyn):
        read = readers.read_typed_som(words, CLOCK)
        assert Decimal(tyiyn) / 100 == Decimal(str(read)), words
        assert isinstance(read, int) is (tyiyn % 100 == 0)


@given(st.integers(1, 10**9), st.integers(0, 999), st.sampled_from(".,"))
def test_a_sign_before_three_digits_is_never_read(head: int, tail: int, mark: str) -> None:
    assert sentence(readers.read_typed_som(f"{head}{mark}{tail:03}", CLOCK)) == readers.AMOUNT_IN_TWO_WAYS


@pytest.mark.parametrize(
    "words", ["1.500,50", "1,500.50", "1,500", "1.500", "1.500.000", "1,500,000", "1.500.000,5", "0.500", "1500,000"]
)
def test_what_can_be_read_in_two_ways_is_refused_with_a_hint(words: str) -> None:
    assert sentence(readers.read_typed_som(words, CLOCK)) == readers.AMOUNT_IN_TWO_WAYS


@pytest.mark.parametrize("words", ["0", "0,00", "-1", "-1500,50", "-0"])
def test_an_amount_is_more_than_zero(words: str) -> None:
    assert sentence(readers.read_typed_som(words, CLOCK)) == readers.WRITE_MORE_THAN_ZERO


@pytest.mark.parametrize(
    "words",
    [
        "1e3", "1E3", "+5", "15 00", "1 5000", "1500 500", "1 500 00", "1'500", "1_500", "１５００", "١٥٠٠",
        "1500 долларов", "abc", "", ",5", "5,", "1500,5 5", "10000000000000000", "NaN", "Infinity", "1 500.000", "−5",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_said_to_be_none(words: str) -> None:
    assert sentence(readers.read_typed_som(words, CLOCK)) == readers.WRITE_AN_AMOUNT[2]


@given(st.text("0123456789., -\N{NO-BREAK SPACE}", max_size=12))
def test_no_amount_is_read_that_is_not_the_digits_that_were_typed(words: str) -> None:
    read = readers.read_typed_som(words, CLOCK)
    if not isinstance(read, Mistyped):
        head, _, places = words.strip().replace(",", ".").partition(".")
        digits = "".join(each for each in head if each.isdigit())
        assert Decimal(str(read)) == Decimal(f"{digits}.{places or 0}")


@given(NUMBERS)
def test_a_whole_number_reads_as_itself(number: int) -> None:
    assert (number, number, number) == tuple(
        reader(f" {number}", CLOCK)
        for reader in (readers.read_typed_whole, readers.read_typed_count, read_typed_months)
    )


@pytest.mark.parametrize("words", ["0", "-1", "1.5", "1,0", "1e3", "３", "٣", "²", "123456789", "a", ""])
def test_what_is_no_whole_number_is_said_to_be_none(words: str) -> None:
    assert sentence(readers.read_typed_whole(words, CLOCK)) == readers.WRITE_A_WHOLE_NUMBER
    assert sentence(read_typed_months(words, CLOCK)) == WRITE_MONTHS
    if words != "0":
        assert sentence(readers.read_typed_count(words, CLOCK)) == readers.WRITE_A_COUNT


def test_a_count_may_be_nothing() -> None:
    assert (readers.read_typed_count("0", CLOCK), readers.read_typed_count("00", CLOCK)) == (0, 0)


@given(st.sets(DAYS.map(lambda day: day.replace(day=1)), min_size=1, max_size=14))
def test_months_are_read_in_order_and_each_once(days: set[date]) -> None:
    expected = [f"{day:%Y-%m}" for day in sorted(days)]
    for pattern in ("{:%m.%Y}", "{:%Y-%m}"):
        for between in (", ", " ", "; ", ","):
            words = [pattern.format(day) for day in days]
            assert read_typed_months(between.join([*words, words[0]]), CLOCK) == expected


@pytest.mark.parametrize("words", ["12.2026, 13.2026", "12.2026 2", "december", "12.26", "٣", "12.2026-01.2027"])
def test_months_that_are_none_are_said_to_be_none(words: str) -> None:
    read = read_typed_months(words, CLOCK)
    assert sentence(read) == WRITE_MONTHS


@pytest.mark.parametrize(("words", "read"), [(YES_WORDS, True), (NO_WORDS, False)], ids=["yes", "no"])
def test_yes_and_no_in_three_languages(words: tuple[str, ...], read: bool) -> None:
    assert {readers.read_typed_yes_no(form) for word in words for form in (word, word.upper(), f" {word} ")} == {read}


@pytest.mark.parametrize("words", ["maybe", "3", "0", "yes no", "нету", ""])
def test_what_is_neither_yes_nor_no_is_asked_again(words: str) -> None:
    assert sentence(readers.read_typed_yes_no(words)) == readers.WRITE_YES_OR_NO


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("medical care, sewing course", ["medical care", "sewing course"]),
        ("medical care; sewing course", ["medical care", "sewing course"]),
        ("care, at once; sewing", ["care, at once", "sewing"]),
        ("care, at once;", ["care, at once"]),
        (" a ,, b ;", ["a ,, b"]),
        (" a ,, b ", ["a", "b"]),
    ],
)
def test_several_texts_are_parted_by_commas_or_where_these_are_inside_by_semicolons(words: str, read: Any) -> None:
    assert read == readers.read_typed_texts(words, CLOCK)


@pytest.mark.parametrize("words", ["rfhnf", "cnjkbr", "asdf", "lehjv", "фдштф", "шщыв"])
def test_letters_that_are_no_word_of_their_alphabet_are_known_by_their_pairs(words: str) -> None:
    assert doubts.is_unlike_a_word(words)


@pytest.mark.parametrize(
    "words",
    ["klingon", "клингонский", "куртка, обувь", "jacket, shoes", "нету", "Кыргызстан", "Schwyz", "qwrt 12", "dh"],
)
def test_words_and_what_is_too_short_are_not_taken_for_another_layout(words: str) -> None:
    assert not doubts.is_unlike_a_word(words)


def test_a_text_has_a_word_and_no_more_than_a_record_holds() -> None:
    assert (sentence(readers.read_typed_text(" ")), sentence(readers.read_typed_texts(" ,; ", CLOCK))) == (
        readers.WRITE_A_WORD,
        readers.WRITE_A_WORD,
    )
    assert len(str(readers.read_typed_text("а" * readers.LONGEST_TEXT))) == readers.LONGEST_TEXT
    assert sentence(readers.read_typed_text("а" * (readers.LONGEST_TEXT + 1))) == readers.TEXT_TOO_LONG
    assert sentence(readers.read_typed_texts("b, " + "а" * (readers.LONGEST_TEXT + 1), CLOCK)) == readers.TEXT_TOO_LONG


@pytest.mark.parametrize(
    ("reader", "words", "read"),
    [
        (readers.read_typed_code, " S-Gulnara ", "s-gulnara"),
        (readers.read_typed_language, "KY", "ky"),
        (readers.read_typed_language, "dng", "dng"),
        (readers.read_typed_country, "kg", "KG"),
    ],
)
def test_codes_are_read_in_any_case(reader: Any, words: str, read: str) -> None:
    assert read == reader(words, CLOCK)


@pytest.mark.parametrize(
    ("reader", "words", "hint"),
    [
        (readers.read_typed_code, "s gulnara", readers.WRITE_A_CODE),
        (readers.read_typed_code, "1a", readers.WRITE_A_CODE),
        (readers.read_typed_code, "a" * 33, readers.WRITE_A_CODE),
        (readers.read_typed_code, "гульнара", readers.WRITE_A_CODE),
        (readers.read_typed_language, "kyrgyz", readers.WRITE_A_LANGUAGE),
        (readers.read_typed_language, "k", readers.WRITE_A_LANGUAGE),
        (readers.read_typed_language, "кы", readers.WRITE_A_LANGUAGE),
        (readers.read_typed_country, "KGZ", readers.WRITE_A_COUNTRY),
        (readers.read_typed_country, "КГ", readers.WRITE_A_COUNTRY),
    ],
)
def test_what_is_no_code_is_said_to_be_none(reader: Any, words: str, hint: str) -> None:
    assert hint == sentence(reader(words, CLOCK))


@pytest.mark.parametrize("kind", readers.TYPED_READERS)
@pytest.mark.parametrize("piece", ["9", "1 ", ",", ", ", "a ", "1.5", "12.2026 ", "٣", "a,;", ":", "1:", "2026-"])
def test_a_hundred_kilobytes_are_read_or_refused_at_once(kind: str, piece: str) -> None:
    readers.TYPED_READERS[kind](piece * (LONG // len(piece)), CLOCK)


@pytest.mark.parametrize("kind", readers.TYPED_READERS)
@given(words=st.text(max_size=30))
def test_whatever_is_typed_is_read_or_told_how_to_be_written(kind: str, words: str) -> None:
    readers.TYPED_READERS[kind](words, CLOCK)


def test_from_the_last_day_of_the_calendar_on_nothing_follows_and_nothing_breaks() -> None:
    late = replace(CLOCK, since=datetime(9999, 12, 31, 23))
    assert read_typed_day("1.01", late, ahead=True) == Mistyped(NO_SUCH_DAY)
    assert isinstance(read_typed_time("10:00", late, ahead=True), str)


def every_day() -> list[date]:
    first, last = date(1900, 1, 1), date(2100, 12, 31)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize("pattern", ["{0:%d.%m.%Y}", "{0.day}.{0.month}.{0.year}", "{0}", "{0.day}/{0.month}/{0.year}"])
def test_every_day_of_two_centuries_reads_as_itself(pattern: str) -> None:
    assert [one for one in every_day() if read_typed_day(pattern.format(one), CLOCK) != one.isoformat()] == []


def test_every_day_of_two_centuries_is_a_day_of_birth() -> None:
    assert [one for one in every_day() if read_typed_partial(f"{one:%d.%m.%Y}", CLOCK) != one.isoformat()] == []


@given(st.integers(1, 31), st.integers(1, 12), CLOCKS)
def test_a_day_without_a_year_is_the_last_such_day(number: int, month: int, clock: Clock) -> None:
    read = read_typed_day(f"{number}.{month}", clock)
    soon = [clock.today + timedelta(days=days) for days in range(1, SOON_WITHIN.days + 1)]
    if number > calendar.monthrange(2000, month)[1]:
        assert sentence(read) == NO_SUCH_DAY
    elif any((day.day, day.month) == (number, month) for day in soon):
        assert sentence(read) == WHICH_YEAR  # last year's is hardly meant
    else:
        found = date.fromisoformat(str(read))
        assert (found.day, found.month, found <= clock.today) == (number, month, True)
        passed = [clock.today - timedelta(days=days) for days in range((clock.today - found).days)]
        assert not any((day.day, day.month) == (number, month) for day in passed)


@given(st.integers(1, 28), st.integers(1, 12), CLOCKS)
def test_a_day_without_a_year_that_may_lie_ahead_is_the_nearest(number: int, month: int, clock: Clock) -> None:
    found = date.fromisoformat(str(read_typed_day(f"{number}.{month}", clock, ahead=True)))
    others = [date(clock.today.year + years, month, number) for years in (-1, 0, 1)]
    assert abs(found - clock.today) == min(abs(other - clock.today) for other in others)


@pytest.mark.parametrize(
    ("today", "last", "nearest"),
    [
        ("2026-11-25", "2024-02-29", "2028-02-29"),
        ("2028-02-29", "2028-02-29", "2028-02-29"),
        ("1903-11-30", "1896-02-29", "1904-02-29"),
        ("2103-06-01", "2096-02-29", "2104-02-29"),
    ],
)
def test_the_29th_of_february_without_its_year_is_one_that_there_was(today: str, last: str, nearest: str) -> None:
    clock = Clock(date.fromisoformat(today), time(12, 0))
    assert (last, nearest) == (read_typed_day("29.02", clock), read_typed_day("29.02", clock, ahead=True))


@pytest.mark.parametrize("word", ["today", "Today ", "сегодня", "СЕГОДНЯ", "бүгүн", "Бүгүн"])
def test_today_in_three_languages(word: str) -> None:
    assert read_typed_day(word, CLOCK) == "2026-11-25"


@pytest.mark.parametrize("word", ["yesterday", "вчера", "Вчера", "кечээ"])
def test_yesterday_in_three_languages(word: str) -> None:
    assert read_typed_day(word, CLOCK) == "2026-11-24"
    assert read_typed_day(word, Clock(date(2028, 3, 1), time(0, 0))) == "2028-02-29"
    assert read_typed_time(f"{word} 9:05", CLOCK) == "2026-11-24T09:05"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("31.02.2026", NO_SUCH_DAY),
        ("29.02.2026", NO_SUCH_DAY),
        ("2026-02-29", NO_SUCH_DAY),
        ("14.13.2026", NO_SUCH_DAY),
        ("0.1.2026", NO_SUCH_DAY),
        ("14.03.026", WRITE_A_DAY),
        ("14", WRITE_A_DAY),
        ("14 mars", WRITE_A_DAY),
        ("14.03.2026!", WRITE_A_DAY),
        ("１４.03.2026", WRITE_A_DAY),
        ("١٤.03.2026", WRITE_A_DAY),
        ("2026-11-25T10:00", WRITE_A_DAY),
        ("", WRITE_A_DAY),
    ],
)
def test_what_is_no_day_is_said_to_be_none(words: str, hint: str) -> None:
    assert hint == sentence(read_typed_day(words, CLOCK))


@pytest.mark.parametrize("hour", range(24))
def test_every_time_of_the_day_is_read(hour: int) -> None:
    for minute in range(60):
        at = time(hour, minute)
        day = "2026-11-25" if at <= CLOCK.now else "2026-11-24"
        assert read_typed_time(f"{at:%H:%M}", CLOCK) == f"{day}T{at:%H:%M}"
        assert read_typed_time(f"{hour}:{minute:02}", CLOCK) == f"{day}T{at:%H:%M}"
        assert read_typed_time(f"14.03.2025 {hour}:{minute:02}", CLOCK) == f"2025-03-14T{at:%H:%M}"


@given(TIMES, CLOCKS)
def test_a_time_without_a_day_is_never_still_to_come(at: time, clock: Clock) -> None:
    read = datetime.fromisoformat(str(read_typed_time(f"{at:%H:%M}", clock)))
    assert timedelta() <= clock.moment - read < timedelta(days=1)


@given(DAYS, TIMES)
def test_a_time_with_its_day_reads_as_itself(day: date, at: time) -> None:
    written = f"{day}T{at:%H:%M}"
    for words in (f"{day:%d.%m.%Y} {at:%H:%M}", f"{day:%d.%m.%Y}, {at:%H:%M}", written, f"{day} {at:%H:%M}"):
        assert written == read_typed_time(words, CLOCK)


@pytest.mark.parametrize("word", ["now", "сейчас", "азыр"])
def test_now_in_three_languages(word: str) -> None:
    assert read_typed_time(word, CLOCK) == "2026-11-25T22:40"


@pytest.mark.parametrize("words", ["24:00", "12:60", "21", "2130", "25pm", "２１:30", "٢١:30", "21:30:00", ""])
def test_what_is_no_time_is_said_to_be_none(words: str) -> None:
    assert sentence(read_typed_time(words, CLOCK)) == WRITE_A_TIME


@pytest.mark.parametrize("words", ["today", "вчера", "24.11", "24.11.2026"])
def test_a_day_alone_is_asked_for_its_time(words: str) -> None:
    assert read_typed_time(words, CLOCK) == Mistyped(AT_WHAT_TIME, {"day": words})


def test_a_time_on_no_day_is_told_about_its_day() -> None:
    assert sentence(read_typed_time("31.02 21:30", CLOCK)) == NO_SUCH_DAY


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("1994", 1994),
        (" 2100 ", 2100),
        ("05.1994", "1994-05"),
        ("5.1994", "1994-05"),
        ("5/1994", "1994-05"),
        ("1994-05", "1994-05"),
        ("17.05.1994", "1994-05-17"),
        ("1994-05-17", "1994-05-17"),
    ],
)
def test_a_date_of_birth_may_be_a_year_a_month_or_a_day(words: str, read: object) -> None:
    assert read == read_typed_partial(words, CLOCK)


@pytest.mark.parametrize(
    "words",
    [
        "94",
        "14.05",
        "today",
        "1899",
        "2101",
        "1850-05-17",
        "17.05.1850",
        "05.1850",
        "13.1994",
        "1994-13",
        "199",
        "１９９４",
    ],
)
def test_half_a_date_of_birth_or_an_impossible_one_is_said_to_be_none(words: str) -> None:
    assert sentence(read_typed_partial(words, CLOCK)) == WRITE_A_BIRTH


def test_a_mistake_in_a_whole_date_of_birth_is_said_as_such() -> None:
    assert sentence(read_typed_partial("31.02.1994", CLOCK)) == NO_SUCH_DAY


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@given(day=DAYS, at=TIMES)
def test_what_a_record_says_of_days_reads_back_as_it_is_shown(language: str, day: date, at: time) -> None:
    assert read_typed_day(format_as_typed(day.isoformat(), language), CLOCK) == day.isoformat()
    assert read_typed_partial(str(format_as_typed(f"{day:%Y-%m}", language)), CLOCK) == f"{day:%Y-%m}"
    for offset in ("", "+06:00"):
        shown = format_as_typed(f"{day}T{at:%H:%M}{offset}", language)
        assert read_typed_time(shown, CLOCK) == f"{day}T{at:%H:%M}"


WRITTEN = (TESTS / "notation.yaml").read_text("utf-8")
TABLE: dict[str, Any] = yaml.load(WRITTEN, yaml.BaseLoader)  # noqa: S506 - all of it is text
LINES = {"1a": {"en": "first", "ru": "первая"}, "1b": {"en": "second", "ru": "вторая"},
         "2a": {"en": "third", "ru": "третья"}, "2b": {"en": "fourth", "ru": "четвёртая"}}  # fmt: skip
REPORT = SHELF.tracks["report"].fields
ASKED = {kind: Question(kind, {"en": kind}, kind) for kind in TYPED_READERS} | {
    "day ahead": replace(ASKING.for_place("admission.rules.signed_on"), ahead=True),
    "day or unknown": ASKING.for_field(REPORT["last_meeting_on"]),
    "report": ASKING.for_field(REPORT["employed"]),
    "som or zero": Question("som or zero", {"en": "Som"}, "som_or_zero"),
    "birth": ASKING.for_place("identity.birth_date"),
    "yes or no": ASKING.for_place("identity.estimated"),
    "line": Question("line", {"en": "Line"}, "code", LINES),
    "languages": ASKING.for_place("identity.languages"),
    "clothes": ASKING.for_place("clothing.items"),
    "country": ASKING.for_place("trafficking.country_of_exploitation"),
    "sex": ASKING.for_place("identity.sex"),
    "role": ASKING.for_place("staff.role"),
    "name": ASKING.for_place("identity.first_name"),
    "senders": ASKING.for_place("referral.sources"),
    "worker": ASKING.for_field(SHELF.tracks["absence"].fields["permitted_by"]),
    "escort": ASKING.for_field(SHELF.tracks["absence"].fields["escort"]),
}


def rows(what: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    for kind, listed in TABLE.items():
        yield from ((kind, row, typed) for row in listed.get(what, ()) if kind != "move" for typed in row["typed"])


def pairs(what: str) -> Iterator[tuple[str, str, str]]:
    for kind, listed in TABLE.items():
        yield from ((kind, typed, meant) for typed, meant in listed.get(what, {}).items())


def written(read: Any) -> str:
    """What was read, as the list writes it."""
    if isinstance(read, bool):
        return "yes" if read else "no"
    return ", ".join(map(str, read)) if isinstance(read, list) else str(read)


def named(one: tuple[Any, ...]) -> str:
    return f"{one[0]} {one[-1] if isinstance(one[1], dict) else one[1]}"


def test_every_kind_of_question_is_on_the_list() -> None:
    known = {ASKED[kind].kind for kind in TABLE if kind != "move"}
    assert known | {"texts", "clocks"} == {*TYPED_READERS}  # read as each of them is


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("row", [*rows("read"), *rows("late")], ids=named)
def test_what_is_typed_is_read_and_said_back(row: tuple[str, dict[str, Any], str], language: str) -> None:
    kind, expected, typed = row
    asked = ASKED[kind]
    read = asked.read_answer(typed, CLOCK, language)
    assert not isinstance(read, Mistyped), read
    assert written(read) == expected["as"]
    said = expected.get(language) or expected.get("en", expected["as"])
    assert asked.format_answer(read, language) == said
    plain = asked.is_literal(typed, read, language)
    assert plain == (typed in (said, *expected.get("plain", ())))
    assert asked.is_still_to_come(read, CLOCK) == (expected in TABLE[kind].get("late", ()))


@pytest.mark.parametrize("row", list(pairs("offered")), ids=named)
def test_what_may_have_been_meant_is_offered_and_reads_when_it_is_taken(row: tuple[str, str, str]) -> None:
    kind, typed, meant = row
    for again in (False, True):
        read = ASKED[kind].read_answer(typed, CLOCK, "ru", again=again)
        assert isinstance(read, Mistyped)
        assert (read.suggestion, read.sentence == TYPE_IT_ONCE_MORE) == (meant, False)
    assert meant in MOVE_WORDS or not isinstance(ASKED[kind].read_answer(meant, CLOCK, "ru"), Mistyped)


@pytest.mark.parametrize("row", list(pairs("doubted")), ids=named)
def test_what_looks_like_something_else_is_read_when_it_is_typed_again(row: tuple[str, str, str]) -> None:
    kind, typed, meant = row
    read = ASKED[kind].read_answer(typed, CLOCK, "ru")
    assert isinstance(read, Mistyped)
    doubts = (
        (TYPE_IT_ONCE_MORE,)
        if meant
        else (
            NAME_LOOKS_LIKE_DATE,
            NAME_HAS_NUMBER,
            NAME_LOOKS_LIKE_YES,
            NAME_LOOKS_LIKE_WORDS,
            NAME_MIXES_ALPHABETS,
            NAME_NOT_LISTED,
            MORE_THAN_A_YES,
        )
    )
    assert (read.sentence in doubts, read.suggestion) == (True, meant)
    assert not isinstance(ASKED[kind].read_answer(typed, CLOCK, "ru", again=True), Mistyped)
    assert meant in ("", *MOVE_WORDS) or not isinstance(ASKED[kind].read_answer(meant, CLOCK, "ru"), Mistyped)


@pytest.mark.parametrize(
    "row", [(kind, typed, says) for kind, says, all_ in pairs("refused") for typed in all_], ids=named
)
def test_what_is_refused_says_how_to_write_it(row: tuple[str, str, str]) -> None:
    kind, typed, says = row
    read = ASKED[kind].read_answer(typed, CLOCK, "ru")
    assert isinstance(read, Mistyped)
    assert (str(read.sentence).replace("\u00a0", " "), read.suggestion) == (says, "")


@pytest.mark.parametrize("move", [(row["as"], typed) for row in TABLE["move"]["read"] for typed in row["typed"]])
def test_what_is_no_answer_is_known_in_every_language(move: tuple[str, str]) -> None:
    assert MOVE_WORDS[move[1].casefold()] == move[0]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_topic_of_help_has_its_ways_from_the_list(language: str) -> None:
    said = re.findall(
        r"`([^`]+)`", (topic.TOPICS_FOLDER / language / "typing.md").read_text("utf-8").replace("\n", " ")
    )
    listed = {typed for kind in TABLE.values() for row in kind["read"] for typed in row["typed"]}
    listed |= {typed for kind in TABLE.values() for all_ in kind.get("refused", {}).values() for typed in all_}
    listed |= {typed for what in ("offered", "doubted") for _, typed, _ in pairs(what)}
    assert [typed for typed in said if typed not in listed and not typed.startswith("--")] == []
    assert len(said) > 60


def test_one_key_goes_back_on_every_layout() -> None:
    assert MOVE_WORDS["*"] == "<"
