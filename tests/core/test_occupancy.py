"""How full a house was: night by night what the house counts, and the same by week and by month."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import (
    MAX_MONTHS,
    Night,
    OtherSleepers,
    count_sleepers,
    list_nights,
    months_up_to,
    summarise_by_month,
    summarise_by_week,
)
from shelterctl.core.values.days import Span, days_between

DAY = date(2026, 11, 25)
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


def client(arrived: str, left: str | None = None, children: int = 0) -> Client:
    stay: dict[str, Any] = {"id": "STAY1", "facility": "bishkek", "admission": {"admitted_on": arrived}}
    if left:
        stay["discharge"] = {"on": left}
    return Client({"id": "7QF2-M9KD", "children": [{"id": "C1"}] * children, "stays": [stay]})


def counted(*numbers: int, first: date = date(2026, 11, 2), capacity: int = 4) -> Sequence[Night]:
    """As many nights on end, with that many residents in them."""
    return [Night(first + timedelta(days=after), one, 0, None, capacity) for after, one in enumerate(numbers)]


@given(CLIENTS, PERIODS)
def test_every_night_is_what_the_house_counts(clients: list[Client], during: Span) -> None:
    slept = list_nights(clients, "bishkek", during, 8)
    assert [night.day for night in slept] == [
        during.first + timedelta(days=after) for after in range(days_between(*during) + 1)
    ]
    assert [night.sleeping for night in slept] == [count_sleepers(clients, "bishkek", night.day) for night in slept]


@given(CLIENTS, PERIODS)
def test_the_houses_together_have_the_nights_of_all_stays(clients: list[Client], during: Span) -> None:
    houses = [list_nights(clients, facility, during, 8) for facility in ("bishkek", "osh", None)]
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
    slept = list_nights(clients, "bishkek", during, 2)
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
    slept = list_nights([client("2026-11-22", "2026-11-24", 2)], "bishkek", Span(date(2026, 11, 20), DAY), 8)
    assert [(night.residents, night.children) for night in slept] == [(0, 0), (0, 0), (1, 2), (1, 2), (0, 0), (0, 0)]


def test_who_came_long_before_is_there_on_the_first_day_and_who_comes_later_is_not() -> None:
    clients = [client("2025-01-01"), client("2027-01-01")]
    assert [night.sleeping for night in list_nights(clients, "bishkek", Span(DAY, DAY), 8)] == [1]


def test_others_are_known_from_the_day_they_were_counted_and_take_places() -> None:
    others = OtherSleepers(date(2026, 11, 24), 3)
    slept = list_nights([client("2026-11-01")], "bishkek", Span(date(2026, 11, 23), DAY), 4, others)
    assert [night.others for night in slept] == [None, 3, 3]
    assert [night.sleeping for night in slept] == [1, 1, 1]
    assert [night.full for night in slept] == [False, True, True]
    (month,) = summarise_by_month(slept)
    assert (month.nights, month.most, month.full) == (3, 4, 2)  # whoever sleeps there fills it


def test_a_night_before_the_first_entry_is_not_known_and_counts_for_nothing() -> None:
    slept = list_nights([client("2026-11-24")], "bishkek", Span(date(2026, 11, 21), DAY), 4, since=date(2026, 11, 24))
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
    slept = list_nights([], "bishkek", Span(date(2026, 11, 24), DAY), 4, OtherSleepers(DAY, 0))
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
