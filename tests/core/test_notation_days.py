"""A day or a time that a person types is read as she meant it, or she is told how to write it."""

import calendar
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import CLOCK, CLOCKS, DAYS, TIMES, sentence

from shelterctl.typed import readers
from shelterctl.typed.dates import (
    AT_WHAT_TIME,
    NO_SUCH_DAY,
    SOON_WITHIN,
    WHICH_YEAR,
    WRITE_A_BIRTH,
    WRITE_A_DAY,
    WRITE_A_TIME,
    read_typed_day,
    read_typed_partial,
    read_typed_time,
)
from shelterctl.typed.words import Clock, Mistyped


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
    assert read_typed_day(readers.format_as_typed(day.isoformat(), language), CLOCK) == day.isoformat()
    assert read_typed_partial(str(readers.format_as_typed(f"{day:%Y-%m}", language)), CLOCK) == f"{day:%Y-%m}"
    for offset in ("", "+06:00"):
        shown = readers.format_as_typed(f"{day}T{at:%H:%M}{offset}", language)
        assert read_typed_time(shown, CLOCK) == f"{day}T{at:%H:%M}"
