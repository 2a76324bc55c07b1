"""Values: calendar days, partial dates and spans; som and tyiyn; codes that are proposed, and letters of one look."""

import re
import string
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis import strategies as st

from shelterctl.core.values.codes import ID_ALPHABET, correct_id_letters, propose_code
from shelterctl.core.values.days import (
    Span,
    add_months,
    age_range,
    calendar_months,
    completed_years,
    days_between,
    find_gaps,
    local_day,
    months_spanned,
    read_day,
    read_month,
    read_partial,
    read_time,
)
from shelterctl.core.values.homoglyphs import CYRILLIC_LOOKALIKES, LATIN_LOOKALIKES, latin_capitals, latinise
from shelterctl.core.values.money import read_som, write_som

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 4000)).map(lambda pair: Span(pair[0], pair[0] + timedelta(pair[1])))


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 12, "2027-11-30"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-05", 0, "2026-05-05"),
        ("9999-11-30", 1, "9999-12-30"),
    ],
)
def test_months_after_keep_the_day_number_or_end_with_a_shorter_month(day: str, months: int, expected: str) -> None:
    assert date.fromisoformat(expected) == add_months(date.fromisoformat(day), months)


def test_months_after_the_last_year_of_the_calendar_are_its_last_day() -> None:
    assert date.max == add_months(date(9999, 12, 1), 3)


@given(DAYS, st.integers(0, 240))
def test_months_after_never_skip_a_month_and_never_raise_the_day_number(day: date, months: int) -> None:
    after = add_months(day, months)
    assert (after.year * 12 + after.month, True) == (day.year * 12 + day.month + months, after.day <= day.day)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-12-01", "2027-02-28", 3),
        ("2026-12-01", "2027-03-01", 4),
        ("2026-01-15", "2026-02-14", 1),
        ("2026-01-15", "2026-02-15", 2),
        ("2026-01-15", "2026-01-15", 1),
        ("2026-08-31", "2027-02-27", 6),
        ("2026-08-31", "2027-02-28", 7),
    ],
)
def test_a_started_month_counts(first: str, last: str, expected: int) -> None:
    assert expected == months_spanned(span(first, last))


@given(SPANS)
def test_months_in_is_the_smallest_number_that_goes_past_the_last_day(period: Span) -> None:
    months = months_spanned(period)
    assert (
        add_months(period.first, months) > period.last,
        months == 1 or add_months(period.first, months - 1) <= period.last,
    ) == (True, True)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-12-31", "2027-02-01", ("2026-12", "2027-01", "2027-02")),
        ("2026-01-15", "2026-02-14", ("2026-01", "2026-02")),
        ("2026-05-05", "2026-05-05", ("2026-05",)),
    ],
)
def test_months_touched_are_those_with_at_least_one_day(first: str, last: str, expected: tuple[str, ...]) -> None:
    assert expected == calendar_months(span(first, last))


@given(SPANS)
def test_months_touched_are_at_least_the_months_of_a_period_and_at_most_one_more(period: Span) -> None:
    assert months_spanned(period) <= len(calendar_months(period)) <= months_spanned(period) + 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (1994, ("1994-01-01", "1994-12-31")),
        ("1994", ("1994-01-01", "1994-12-31")),
        ("1994-05", ("1994-05-01", "1994-05-31")),
        ("2000-02", ("2000-02-01", "2000-02-29")),
        ("1994-05-17", ("1994-05-17", "1994-05-17")),
    ],
)
def test_a_partial_date_is_every_day_that_it_may_mean(written: object, expected: tuple[str, str]) -> None:
    assert span(*expected) == read_partial(written)


@pytest.mark.parametrize(
    "written", [None, True, 94, "94", "0000", "1994-13", "1994-02-30", "1994-5", "1994-05-17 ", "1994-05-17\n", "١٩٩٤"]
)
def test_what_is_no_date_is_none(written: object) -> None:
    assert read_partial(written) is None


def test_a_day_is_whole_and_a_month_is_a_month() -> None:
    assert (date(2026, 11, 25), None, date(2026, 11, 1), None) == (
        read_day("2026-11-25"),
        read_day("2026-11"),
        read_month("2026-11"),
        read_month("2026-11-25"),
    )


@pytest.mark.parametrize("written", ["2026-11-25", "2026-11-25T24:00", "2026-11-25T21:30Z", "2026-02-30T10:00", 5])
def test_what_is_no_time_is_none(written: object) -> None:
    assert read_time(written) is None


@pytest.mark.parametrize(
    "written", ["2026-11-20", "2026-11-20T23:50+06:00", "2026-11-20T00:10+06:00", "2026-11-20T23:50"]
)
def test_the_day_of_an_event_is_its_own_local_day(written: str) -> None:
    assert date(2026, 11, 20) == local_day(written)


@pytest.mark.parametrize(
    ("birth", "day", "expected"),
    [
        ("2008-11-25", "2026-11-24", 17),
        ("2008-11-25", "2026-11-25", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
    ],
)
def test_years_are_completed_on_the_birthday(birth: str, day: str, expected: int) -> None:
    assert expected == completed_years(date.fromisoformat(birth), date.fromisoformat(day))


@pytest.mark.parametrize(
    ("birth", "expected"),
    [(2008, (17, 18)), ("2008-11", (17, 18)), ("2008-10", (18, 18)), ("2008-12", (17, 17)), (2026, (-1, 0))],
)
def test_a_partial_date_gives_the_youngest_and_the_oldest_age(birth: object, expected: tuple[int, int]) -> None:
    born = read_partial(birth)
    assert born is not None
    assert expected == age_range(born, date(2026, 11, 25))


@given(st.integers(1900, 2100), DAYS)
def test_ages_from_a_year_alone_are_at_most_a_year_apart(year: int, day: date) -> None:
    born = read_partial(year)
    assert born is not None
    youngest, oldest = age_range(born, day)
    assert 0 <= oldest - youngest <= 1


@given(SPANS, SPANS)
def test_overlapping_is_mutual_and_means_a_common_day(one: Span, other: Span) -> None:
    common = max(one.first, other.first) <= min(one.last, other.last)
    assert (common, common) == (one.overlaps(other), other.overlaps(one))


@given(st.integers(0, 200), st.lists(st.tuples(st.integers(-20, 220), st.integers(0, 30)), max_size=12))
def test_gaps_are_the_days_that_no_span_covers(length: int, written: list[tuple[int, int]]) -> None:
    begun = date(2026, 1, 1)
    spans = [Span(begun + timedelta(first), begun + timedelta(first + more)) for first, more in written]
    days = [begun + timedelta(at) for at in range(length + 1)]
    bare = [day for day in days if not any(span.overlaps(Span(day, day)) for span in spans)]
    found = list(find_gaps(Span(days[0], days[-1]), spans))
    assert [gap.first + timedelta(at) for gap in found for at in range((gap.last - gap.first).days + 1)] == bare
    assert all((after.first - before.last).days > 1 for before, after in pairwise(found))


def test_days_between_are_negative_when_the_last_comes_first() -> None:
    assert (
        days_between(date(2026, 1, 1), date(2026, 1, 6)),
        days_between(date(2026, 1, 1), date(2026, 1, 1)),
        days_between(date(2026, 1, 6), date(2026, 1, 1)),
    ) == (5, 0, -5)


SOM = st.decimals(Decimal(-(10**12)), Decimal(10**12), places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (2000, "2000"),
        ("2000", "2000"),
        ("2000.5", "2000.50"),
        ("2000.01", "2000.01"),
        (Decimal("2000.01"), "2000.01"),
        (Decimal("2E+3"), "2000"),
        ("-1", "-1"),
        (0, "0"),
    ],
)
def test_an_amount_is_read_as_it_was_written(written: object, expected: str) -> None:
    assert Decimal(expected) == read_som(written)


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        2000.5,
        "2000.001",
        Decimal("0.001"),
        "2,000",
        "2 000",
        "2000,50",
        ".5",
        "5.",
        "1e3",
        "+5",
        "",
        "2000\n",
        "NaN",
        Decimal("NaN"),
        Decimal("Infinity"),
        "٢٠٠٠",
        10**13,
    ],
)
def test_what_is_no_amount_is_none(written: object) -> None:
    assert read_som(written) is None


@pytest.mark.parametrize(("som", "expected"), [("2000", "2000.00"), ("0.5", "0.50"), ("1E+3", "1000.00")])
def test_an_amount_is_written_with_two_places(som: str, expected: str) -> None:
    assert expected == write_som(Decimal(som))


@given(SOM)
def test_what_is_written_reads_back_the_same(som: Decimal) -> None:
    assert som == read_som(write_som(som))


@given(SOM)
def test_text_and_decimal_read_the_same(som: Decimal) -> None:
    assert read_som(som) == read_som(f"{som:f}")


PEOPLE = [
    ("Гулнара Примерова", "s-gulnara"),
    ("Примерова Гүлнара Асановна", "s-gulnara"),
    ("Примерова Ирина", "s-irina"),
    ("Ирина Образцова", "s-irina"),
    ("Айжан Токтогул кызы", "s-ayzhan"),
    ("Токтогул уулу Бакыт", "s-bakyt"),
    ("Aida Primerova", "s-aida-2"),
    ("Примерова А.", "s-a"),
    ("Жыпар", "s-zhypar"),
]
PLACES = [
    ("ОФ «Эрайым»", "erayym"),
    ("Лицей № 12", "litsey-12"),
    ("Приют «Надежда» города Ош", "priyut-nadezhda"),
    ("НПО", ""),
    ("12", ""),
    ("★", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "code"), PEOPLE)
def test_of_a_person_the_given_name_is_proposed(name: str, code: str) -> None:
    assert propose_code(name, {"s-aida"}, "s-") == code


@pytest.mark.parametrize(("name", "code"), PLACES)
def test_of_a_house_or_an_ngo_its_first_words_are(name: str, code: str) -> None:
    assert propose_code(name, ()) == code


@given(some.text(max_size=60), some.sampled_from(["", "s-"]))
def test_whatever_the_name_is_the_code_is_one_or_there_is_none(name: str, lead: str) -> None:
    code = propose_code(name, (), lead)
    assert code == "" or re.fullmatch("[a-z][a-z0-9-]{0,31}", code)
    assert not re.search("prim(er|ir)ov", propose_code(f"{name} Примерова", (), "s-")) or not re.search(
        r"[^\W\d_]", name
    )


def test_one_that_is_taken_gets_a_number() -> None:
    taken: set[str] = set()
    for _ in range(12):
        taken.add(propose_code("Асель", taken, "s-"))
    assert len(taken) == 12
    assert {"s-asel", "s-asel-2", "s-asel-12"} <= taken


RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


def test_every_letter_has_its_place_in_both_alphabets() -> None:
    assert (len(LATIN_LOOKALIKES), len({*LATIN_LOOKALIKES}), len({*CYRILLIC_LOOKALIKES})) == (
        len(CYRILLIC_LOOKALIKES),
        len(LATIN_LOOKALIKES),
        len(LATIN_LOOKALIKES),
    )
    assert all(each in string.ascii_letters for each in LATIN_LOOKALIKES)
    assert all("а" <= each.lower() <= "я" for each in CYRILLIC_LOOKALIKES)


@pytest.mark.parametrize(
    ("typed", "read"), [("1а", "1a"), ("2В", "2B"), ("2в", "2в"), ("s-аidа", "s-aida"), ("М3.0.5а", "M3.0.5a")]
)
def test_a_letter_that_looks_like_a_latin_one_is_that(typed: str, read: str) -> None:
    assert latinise(typed) == read


def test_small_letters_count_by_their_capitals_where_all_are_capitals() -> None:
    assert (latin_capitals(" рв0-7к2 "), correct_id_letters("рв0-7к2"), correct_id_letters("Оол")) == (
        "PB0-7K2",
        "PB0-7K2",
        "00Л",
    )


@pytest.mark.parametrize("alphabet", [ID_ALPHABET, ID_ALPHABET.lower()])
def test_what_is_written_right_stays_as_it_is(alphabet: str) -> None:
    assert correct_id_letters(alphabet) == ID_ALPHABET
    assert latinise(alphabet) == alphabet


def test_no_letter_is_taken_for_a_digit_in_both_cases_or_for_two() -> None:
    folded = {each: correct_id_letters(each) for each in RUSSIAN + RUSSIAN.upper()}
    assert {one for one in folded.values() if one.isascii()} == {*"ABEKMHPCTYX0"}
