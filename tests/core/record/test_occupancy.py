"""Whom a house may admit, who takes a place in it, and how full it was by night, week and month."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.rule import Ruling
from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import (
    MAX_MONTHS,
    House,
    HouseKind,
    Night,
    OtherSleepers,
    SleptNights,
    count_sleepers,
    months_up_to,
    summarise_by_month,
    summarise_by_week,
)
from shelterctl.core.rules.checklist import find_evidence
from shelterctl.core.rules.context import Context
from shelterctl.core.values.days import Span, age_range, days_between, read_partial
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
KINDS = SHELF.house_kinds
DAY = date(2026, 11, 25)


def client_of_age(
    birth: object, sex: str = "female", reason: str | None = None, children: int = 0, **stay: Any
) -> Client:
    admission = {"exceptional_minor_reason": reason} if reason else {}
    return Client(
        {
            "id": "7QF2-M9KD",
            "identity": {"sex": sex, "birth_date": birth},
            "children": [{"id": f"C{number}", "birth_date": 2020} for number in range(children)],
            "stays": [{"id": "STAY1", "facility": "bishkek", "admission": admission, **stay}],
        }
    )


def why(item: str, her: Client, house: House) -> str | None:
    """Why an item of her admission into the house is not met on the day, and by which clause; None where it is."""
    around = Context(day=DAY, client=her, stay=her.stay, house=house, tracks=SHELF.tracks)
    found = find_evidence(SHELF.items[item], around)
    return None if found.met else f"{found.reason} {found.clause}"


def eligible(her: Client, kind: str) -> str | None:
    """Why a house of this kind may not admit her by sex and age."""
    return why("sex-and-age", her, House(KINDS[kind], 10, 0))


def place(her: Client, kind: str, capacity: int, others: int) -> str | None:
    """Why there is no place for her and her children."""
    return why("place", her, House(KINDS[kind], capacity, others))


@pytest.mark.parametrize(
    ("birth", "sex", "reason", "expected"),
    [
        ("1999-03", "female", None, None),
        ("2008-11-25", "female", None, None),
        ("2008-11-26", "female", None, "minor-without-reason M1.2.7"),
        ("2008-11-26", "female", "her mother is here", None),
        ("2008-10", "female", None, None),
        ("2008-11", "female", None, "minor-without-reason M1.2.7"),
        (2008, "female", None, "minor-without-reason M1.2.7"),
        (2008, "female", "a year is all that is known", None),
        (2007, "female", None, None),
        (None, "female", None, "no-birth-date M1.2.7"),
        (None, "male", "a boy", "no-birth-date M1.2.7"),
        ("2008-11-25", "male", "a boy", "adult-man M1.2.7"),
        (2007, "male", None, "adult-man M1.2.7"),
        (2008, "male", None, "minor-without-reason M1.2.7"),
        (2008, "male", "may be a minor still", None),
        ("2015-05-05", "male", "her son", None),
        (2027, "female", None, "minor-without-reason M1.2.7"),
    ],
)
def test_a_shelter_admits_women_and_a_minor_only_with_a_reason(
    birth: object, sex: str, reason: str | None, expected: str | None
) -> None:
    assert eligible(client_of_age(birth, sex, reason), "shelter") == expected


@pytest.mark.parametrize(
    ("birth", "sex", "expected"),
    [
        ("2023-11-25", "male", None),
        ("2023-11-26", "male", "age-outside M1.0.C3"),
        (2023, "female", None),
        (2024, "female", "age-outside M1.0.C3"),
        ("2007-11-26", "female", None),
        ("2007-11-25", "female", "age-outside M1.0.C3"),
        (2007, "male", None),
        (2006, "male", "age-outside M1.0.C3"),
        (None, "male", "no-birth-date M1.0.C3"),
    ],
)
def test_the_center_for_children_turns_away_only_who_is_certainly_under_3_or_over_18(
    birth: object, sex: str, expected: str | None
) -> None:
    assert eligible(client_of_age(birth, sex), "carc") == expected


@given(st.integers(1950, 2026), st.sampled_from(["female", "male"]))
def test_a_written_reason_never_makes_anyone_less_eligible(year: int, sex: str) -> None:
    plain = eligible(client_of_age(year, sex), "shelter")
    reasoned = eligible(client_of_age(year, sex, "written"), "shelter")
    assert reasoned is None or plain is not None


@given(st.dates(date(1950, 1, 1), date(2026, 11, 25)))
def test_whom_the_center_admits_by_the_day_it_admits_by_the_year(born: date) -> None:
    by_day = eligible(client_of_age(born.isoformat()), "carc")
    by_year = eligible(client_of_age(born.year), "carc")
    assert by_day is not None or by_year is None


@pytest.mark.parametrize(
    ("capacity", "others", "children", "expected"),
    [
        (10, 9, 0, None),
        (10, 10, 0, "full-house M1.2.9"),
        (10, 8, 1, None),
        (10, 9, 1, "full-house M1.2.9"),
        (10, 0, 9, None),
        (10, 0, 10, "full-house M1.2.9"),
        (0, 0, 0, "full-house M1.2.9"),
    ],
)
def test_she_and_her_children_need_a_place_each(
    capacity: int, others: int, children: int, expected: str | None
) -> None:
    assert place(client_of_age(1999, children=children), "shelter", capacity, others) == expected


@pytest.mark.parametrize(("others", "expected"), [(15, None), (16, "full-house M1.0.C3")])
def test_the_center_for_children_is_full_under_its_own_clause(others: int, expected: str | None) -> None:
    assert place(client_of_age(2015), "carc", 16, others) == expected


@pytest.mark.parametrize(("others", "expected"), [(3, None), (4, "full-house Z2.9")])
def test_a_house_of_a_kind_that_no_rule_names_is_full_under_the_clause_of_its_own_places(
    others: int, expected: str | None
) -> None:
    barn = HouseKind("barn", {"en": "barn"}, (Ruling("Z2.9", params={"at_most": 4}),))
    assert why("place", client_of_age(1999), House(barn, 4, others)) == expected


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        ({}, 0),
        ({"admission": {"admitted_on": "2026-11-25"}}, 3),
        ({"admission": {"admitted_on": "2026-11-26"}}, 0),
        ({"received": {"at": "2026-11-25T23:50+06:00"}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "discharge": {"on": "2026-11-25"}}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "discharge": {"on": "2026-11-26"}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "admission": {"not_admitted": {"on": "2026-11-24"}}}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "admission": {"not_admitted": {"on": "2026-11-26"}}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "facility": "osh"}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "void": {"on": "2026-11-21"}}, 0),
    ],
)
def test_a_resident_and_her_children_sleep_there_from_arrival_to_the_eve_of_leaving(
    stay: dict[str, Any], expected: int
) -> None:
    her = Client({**client_of_age(1999, children=2).facts, "stays": [{"id": "STAY1", "facility": "bishkek", **stay}]})
    assert count_sleepers([her], "bishkek", DAY) == expected


def test_a_child_who_lives_elsewhere_does_not_sleep_there() -> None:
    children = [{"id": "C1", "stays_with_her": False}, {"id": "C2"}, {"id": "C3", "void": {"on": "2026-11-21"}}]
    stays = [{"id": "STAY1", "facility": "bishkek", "admission": {"admitted_on": "2026-11-25"}}]
    assert count_sleepers([Client({"id": "7QF2-M9KD", "children": children, "stays": stays})], "bishkek", DAY) == 2


@given(st.integers(1900, 2026))
def test_a_year_alone_is_enough_to_be_sure_of_most_ages(year: int) -> None:
    born = read_partial(year)
    assert born is not None
    youngest, oldest = age_range(born, DAY)
    certain = (youngest < 18) is (oldest < 18)
    assert certain is (year != DAY.year - 18)


DAYS = st.dates(date(2026, 7, 1), date(2026, 12, 31))


@st.composite
def stays(draw: st.DrawFn) -> dict[str, Any]:
    """A stay with or without each of its dates, also where they make no sense."""
    facts: dict[str, Any] = {"id": "STAY1", "facility": draw(st.sampled_from(["bishkek", "osh", None]))}
    if draw(st.booleans()):
        facts["received"] = {"at": f"{draw(DAYS)}T23:50+06:00"}
    if draw(st.booleans()):
        facts["admission"] = {"admitted_on": draw(DAYS).isoformat()}
    elif draw(st.booleans()):
        facts["admission"] = {"not_admitted": {"on": draw(DAYS).isoformat()}}
    if draw(st.booleans()):
        facts["discharge"] = {"on": draw(DAYS).isoformat()}
    if draw(st.integers(0, 5)) == 5:
        facts["void"] = {"on": draw(DAYS).isoformat()}
    return facts


CHILDREN = st.fixed_dictionaries({"stays_with_her": st.booleans()})
CLIENTS = st.lists(
    st.builds(
        lambda lived, children: Client({"id": "7QF2-M9KD", "children": children, "stays": lived}),
        st.lists(stays(), max_size=3),
        st.lists(CHILDREN, max_size=2),
    ),
    max_size=4,
)
PERIODS = st.builds(lambda first, more: Span(first, first + timedelta(days=more)), DAYS, st.integers(0, 70))


def sleeping_client(arrived: str, left: str | None = None, children: int = 0) -> Client:
    stay: dict[str, Any] = {"id": "STAY1", "facility": "bishkek", "admission": {"admitted_on": arrived}}
    if left:
        stay["discharge"] = {"on": left}
    return Client({"id": "7QF2-M9KD", "children": [{"id": "C1"}] * children, "stays": [stay]})


def counted(*numbers: int, first: date = date(2026, 11, 2), capacity: int = 4) -> Sequence[Night]:
    """As many nights on end, with that many residents in them."""
    return [Night(first + timedelta(days=after), one, 0, None, capacity) for after, one in enumerate(numbers)]


def nights_slept(
    clients: Sequence[Client], facility: str | None, during: Span, capacity: int, others: OtherSleepers | None = None,
    since: date = date.min,
) -> Sequence[Night]:  # fmt: skip
    """Every night of a period in one house, counted client by client."""
    slept = SleptNights(facility, during)
    for her in clients:
        slept.add(her)
    return slept.list_all(capacity, others, since)


@given(CLIENTS, PERIODS)
def test_every_night_is_what_the_house_counts(clients: list[Client], during: Span) -> None:
    slept = nights_slept(clients, "bishkek", during, 8)
    assert [night.day for night in slept] == [
        during.first + timedelta(days=after) for after in range(days_between(*during) + 1)
    ]
    assert [night.sleeping for night in slept] == [count_sleepers(clients, "bishkek", night.day) for night in slept]


@given(CLIENTS, PERIODS)
def test_the_houses_together_have_the_nights_of_all_stays(clients: list[Client], during: Span) -> None:
    houses = [nights_slept(clients, facility, during, 8) for facility in ("bishkek", "osh", None)]
    each = sum(
        1 + len(her.children)
        for her in clients
        for stay in her.stays
        for after in range(days_between(*during) + 1)
        if stay.sleeps_here(during.first + timedelta(days=after))
    )
    assert sum(night.sleeping for slept in houses for night in slept) == each


@given(CLIENTS, PERIODS)
def test_weeks_and_months_add_up_to_the_nights(clients: list[Client], during: Span) -> None:
    slept = nights_slept(clients, "bishkek", during, 2)
    for stretches in (summarise_by_month(slept), summarise_by_week(slept)):
        told = [asdict(each) for each in stretches]
        assert sum(each["nights"] for each in told) == sum(night.sleeping for night in slept)
        assert sum(each["full"] for each in told) == sum(night.full for night in slept)
        assert max(each["most"] for each in told) == max(night.sleeping for night in slept)
        assert min(each["least"] for each in told) == min(night.sleeping for night in slept)
        assert all(each["least"] <= each["average"] <= each["most"] for each in told)
        assert [each.first for each in stretches] == sorted({each.first for each in stretches})


@given(st.dates(), st.integers(1, MAX_MONTHS))
def test_a_period_is_whole_calendar_months_and_the_one_that_is_going_on(day: date, months: int) -> None:
    first, last = months_up_to(day, months)
    assert last == day
    assert first.day == 1
    between = (last.year - first.year) * 12 + last.month - first.month
    assert between == months - 1 or first == date.min


def test_the_last_three_months_begin_on_a_first() -> None:
    assert months_up_to(DAY, 3) == (date(2026, 9, 1), DAY)
    assert months_up_to(date(2026, 1, 1), 1) == (date(2026, 1, 1), date(2026, 1, 1))
    assert months_up_to(date(2026, 2, 28), 24) == (date(2024, 3, 1), date(2026, 2, 28))


def test_she_and_her_children_sleep_there_from_the_day_she_comes_to_the_eve_of_leaving() -> None:
    slept = nights_slept([sleeping_client("2026-11-22", "2026-11-24", 2)], "bishkek", Span(date(2026, 11, 20), DAY), 8)
    assert [(night.residents, night.children) for night in slept] == [(0, 0), (0, 0), (1, 2), (1, 2), (0, 0), (0, 0)]


def test_who_came_long_before_is_there_on_the_first_day_and_who_comes_later_is_not() -> None:
    clients = [sleeping_client("2025-01-01"), sleeping_client("2027-01-01")]
    assert [night.sleeping for night in nights_slept(clients, "bishkek", Span(DAY, DAY), 8)] == [1]


def test_others_are_known_from_the_day_they_were_counted_and_take_places() -> None:
    others = OtherSleepers(date(2026, 11, 24), 3)
    slept = nights_slept([sleeping_client("2026-11-01")], "bishkek", Span(date(2026, 11, 23), DAY), 4, others)
    assert [night.others for night in slept] == [None, 3, 3]
    assert [night.sleeping for night in slept] == [1, 1, 1]
    assert [night.full for night in slept] == [False, True, True]
    (month,) = summarise_by_month(slept)
    assert (month.nights, month.most, month.full) == (3, 4, 2)  # whoever sleeps there fills it


def test_a_night_before_the_first_entry_is_not_known_and_counts_for_nothing() -> None:
    slept = nights_slept(
        [sleeping_client("2026-11-24")], "bishkek", Span(date(2026, 11, 21), DAY), 4, since=date(2026, 11, 24)
    )
    assert [night.is_recorded for night in slept] == [False, False, False, True, True]
    (month,) = summarise_by_month(slept)
    assert (month.least, month.most, month.average, month.nights, month.unknown) == (1, 1, Decimal("1.0"), 2, 3)
    (nothing,) = summarise_by_month(slept[:3])
    assert (nothing.least, nothing.average, nothing.full, nothing.nights, nothing.unknown) == (
        None,
        None,
        None,
        None,
        3,
    )


def test_counted_as_nobody_is_not_the_same_as_not_counted() -> None:
    slept = nights_slept([], "bishkek", Span(date(2026, 11, 24), DAY), 4, OtherSleepers(DAY, 0))
    assert [night.others for night in slept] == [None, 0]


@pytest.mark.parametrize(
    ("numbers", "average"),
    [((1, 2), "1.5"), ((1, 1, 2), "1.3"), ((1, 2, 2), "1.7"), ((0, 0, 0, 1), "0.3"), ((0, 0), "0.0")],
)
def test_an_average_has_one_place_and_a_half_goes_up(numbers: tuple[int, ...], average: str) -> None:
    (month,) = summarise_by_month(counted(*numbers))
    assert month.average == Decimal(average)
    assert str(month.average) == average


def test_a_week_begins_on_a_monday_also_over_new_year_and_the_first_may_be_cut_short() -> None:
    weeks = summarise_by_week(counted(*range(12), first=date(2026, 12, 25)))
    assert [week.first for week in weeks] == [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 4)]
    assert [(week.least, week.most) for week in weeks] == [(0, 2), (3, 9), (10, 11)]


def test_a_house_is_full_where_no_place_is_left() -> None:
    (month,) = summarise_by_month(counted(3, 4, 5))
    assert month.full == 2
