"""An amount, a number, a word or a code is read as it was meant, or its writer is told how to write it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import CLOCK, DAYS, sentence

from shelterctl.typed import doubts, readers
from shelterctl.typed.dates import NO_SUCH_DAY, WRITE_MONTHS, read_typed_day, read_typed_months, read_typed_time
from shelterctl.typed.words import NO_WORDS, YES_WORDS, Mistyped

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
    assert sentence(readers.read_typed_som(words, CLOCK)) == readers.WRITE_AN_AMOUNT


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
