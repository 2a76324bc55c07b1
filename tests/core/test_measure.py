"""What measures: days against days, numbers against limits, alone and together, and what stands once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import HOUSE, around, others, said

from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import AllClients
from shelterctl.core.values.days import read_partial

NOTHING: list[str] = []
A_YEAR = "{dated: day, from: {of: paper.day, months: -12}}"
DAILY = "{amount: price, at_least: 50, times: [{days_of: span}]}"
MONTHLY = "{amount: price, at_most: 50, times: [{months_of: span}]}"
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{dated: day, to: today}", "{day: '2026-11-25'}", NOTHING),
        ("{dated: day, to: today}", "{day: '2026-11-26'}", ["day ahead"]),
        ("{dated: day, from: arrival}", "{day: '2026-11-02'}", NOTHING),
        ("{dated: day, from: arrival}", "{day: '2026-11-01'}", ["day early"]),
        ("{dated: at, from: referral}", "{at: '2026-11-01T00:10+06:00'}", NOTHING),
        ("{dated: day, from: discharge}", "{day: '1999-01-01'}", NOTHING),
        ("{dated: day, from: paper.day}", "{day: '2026-11-01', paper: {day: '2026-11-02'}}", ["day early"]),
        ("{dated: [day, done_on], to: act}", "{day: '2026-11-26', done_on: '2026-11-25'}", ["day late"]),
        ("{dated: span, from: arrival}", "{span: 2026-11-01..2026-11-26}", ["span early"]),
        ("{dated: span, to: today}", "{span: 2026-11-01..2026-11-26}", ["span ahead"]),
        ("{dated: span.to, to: {of: span.from, months: 3}}", "{span: 2026-11-30..2027-02-28}", NOTHING),
        ("{dated: span.to, to: {of: span.from, months: 3}}", "{span: 2026-11-30..2027-03-01}", ["span.to too-late"]),
        ("{dated: day, to: {of: today, days: 3}}", "{day: '2026-11-28'}", NOTHING),
        ("{dated: day, to: {of: today, days: 3}}", "{day: '2026-11-29'}", ["day too-late"]),
        ("{dated: day, from: {of: today, days: -3}}", "{day: '2026-11-21'}", ["day too-early"]),
        ("{dated: day, from: {of: today, months: -12}}", "{day: '2025-11-25'}", NOTHING),
        ("{dated: day, from: {of: today, months: -12}}", "{day: '2025-11-24'}", ["day too-early"]),
        (A_YEAR, "{day: '2027-02-28', paper: {day: '2028-02-29'}}", ["day too-early"]),
        (A_YEAR, "{day: '2027-03-01', paper: {day: '2028-02-29'}}", NOTHING),
        ("{dated: day, to: {of: today, months: -1}}", "{day: '2026-10-25'}", NOTHING),
        ("{dated: day, to: {of: today, months: -1}}", "{day: '2026-10-26'}", ["day too-late"]),
        ("{dated: day, to: {of: paper.day, days: 9}}", "{day: '9999-12-31', paper: {day: '9999-12-30'}}", NOTHING),
        ("{dated: at, from: asked_at}", "{at: '2026-11-01T10:00', asked_at: '2026-11-01T10:01'}", ["at early"]),
        ("{dated: at, to: asked_at}", "{at: '2026-11-01T10:00+06:00', asked_at: '2026-11-01T10:00'}", NOTHING),
        ("{dated: at, to: asked_at}", "{at: '2026-11-01T10:01', asked_at: '2026-11-01T10:00+06:00'}", ["at late"]),
        ("{dated: span, in: stay}", "{span: 2026-11-02..2027-01-01}", NOTHING),
        ("{dated: span, in: stay}", "{span: 2026-11-01..2026-11-03}", ["span early"]),
        ("{dated: day, in: span}", "{day: '2026-11-02', span: 2026-11-02..2026-11-02}", NOTHING),
        ("{dated: day, in: span}", "{day: '2026-11-03', span: 2026-11-02..2026-11-02}", ["day outside"]),
        ("{dated: months, in: span}", "{months: [2026-11], span: 2026-11-30..2026-12-01}", NOTHING),
        ("{dated: months, in: span}", "{months: [2027-01], span: 2026-11-30..2026-12-01}", ["months outside"]),
        ("{dated: months, in: span}", "{months: 9, span: 2026-11-30..2026-12-01}", NOTHING),
        ("{dated: day, in: span}", "{day: '2026-11-03'}", NOTHING),
    ],
)  # fmt: skip
def test_a_day_against_another_or_a_period(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


@pytest.mark.parametrize(
    ("since", "on", "early", "late"),
    [
        ("2026", "2026-06-15", False, False),
        ("2025", "2026-06-15", True, False),
        ("2027", "2026-06-15", False, True),
        ("2026-06", "2026-06-30", False, False),
        ("2026-06-14", "2026-06-15", True, False),
    ],
)
def test_what_is_partly_known_is_wrong_only_if_certainly(since: str, on: str, early: bool, late: bool) -> None:
    written = f"{{since: '{since}', day: '{on}'}}"
    assert bool(said("{dated: since, from: day}", written)) is early
    assert bool(said("{dated: since, to: day}", written)) is late


@given(DAYS, DAYS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_a_partial_date_is_early_if_every_day_that_it_may_mean_is(day: date, bound: date, known: str) -> None:
    written = f"{{since: '{day.strftime(known)}', day: '{bound}'}}"
    span = read_partial(day.strftime(known))
    assert span is not None
    assert bool(said("{dated: since, from: day}", written)) is (span.last < bound)
    assert bool(said("{dated: since, to: day}", written)) is (span.first > bound)


@given(DAYS, st.integers(0, 60), st.integers(-20, 20), st.integers(0, 60))
def test_days_lie_in_a_period_if_each_of_them_does(first: date, long: int, skip: int, length: int) -> None:
    last, begins = first + timedelta(days=long), first + timedelta(days=skip)
    days = [begins + timedelta(days=number) for number in range(length + 1)]
    written = f"{{opening: {first}..{last}, span: {days[0]}..{days[-1]}}}"
    assert bool(said("{dated: span, in: opening}", written)) is any(not first <= day <= last for day in days)


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{amount: price, at_most: 100}", "{price: '100.00'}", NOTHING),
        ("{amount: price, at_most: 100}", "{price: '100.01'}", ["price over"]),
        ("{amount: price, at_most: 100}", "{}", NOTHING),
        ("{amount: price, at_least: 100}", "{price: 99}", ["price under"]),
        ("{amount: price, at_least: 100}", "{price: 100}", NOTHING),
        ("{amount: persons, exactly: 2}", "{persons: 3}", ["persons differs"]),
        ("{amount: persons, exactly: 2}", "{persons: 2}", NOTHING),
        ("{amount: persons, exactly: {count: persons}}", "{persons: 2}", NOTHING),
        ("{amount: persons, exactly: {count: persons}}", "{persons: 1}", ["persons differs"]),
        ("{amount: price, at_most: 50, times: [persons, bags]}", "{price: 300, persons: 2, bags: 3}", NOTHING),
        ("{amount: price, at_most: 50, times: [persons, bags]}", "{price: 301, persons: 2, bags: 3}", ["price over"]),
        ("{amount: price, at_most: 50, times: [persons, bags]}", "{price: 301, persons: 2}", NOTHING),
        ("{amount: price, at_most: 50, times: [months]}", "{price: 101, months: [2026-11, 2026-12]}", ["price over"]),
        ("{amount: price, at_most: 50, times: [months]}", "{price: 100, months: 2}", NOTHING),
        ("{amount: bags, at_most: {days_of: span}}", "{bags: 3, span: 2026-11-01..2026-11-02}", ["bags over"]),
        ("{amount: months, at_most: {months_of: span}}", "{months: 2, span: 2026-11-01..2026-12-01}", NOTHING),
        ("{amount: months, at_most: {months_of: span}}", "{months: 2, span: 2026-11-01..2026-11-30}", ["months over"]),
        (DAILY, "{price: 99, span: 2026-11-01..2026-11-02}", ["price under"]),
        (DAILY, "{price: 100, span: 2026-11-01..2026-11-02}", NOTHING),
        (MONTHLY, "{price: 51, span: 2026-11-01..2026-11-30}", ["price over"]),
        ("{amount: price, at_most: {of: gift}}", "{price: 3, gift: 2}", ["price over"]),
        ("{amount: price, at_most: {of: gift}}", "{price: 3}", NOTHING),
        ("{amount: notes, at_least: 2}", "{notes: [раз, два]}", NOTHING),
        ("{amount: notes, at_least: 2}", "{notes: [раз, раз]}", ["notes under"]),
        ("{amount: notes, at_least: 1}", "{}", ["notes under"]),
        ("{amount: bags, at_most: {days_of: stay}}", "{bags: 300}", NOTHING),
    ],
)  # fmt: skip
def test_a_number_against_its_limit(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


def test_who_sleeps_in_the_house_is_counted_with_her_children() -> None:
    rule = "{amount: {count: sleeping}, at_most: {count: places}}"
    full = type(HOUSE)(HOUSE.kind, capacity=5, sleeping=3)
    fuller = type(HOUSE)(HOUSE.kind, capacity=4, sleeping=3)
    assert said(rule, "{}", around(house=full)) == NOTHING
    assert said(rule, "{}", around(house=fuller)) == ["count:sleeping over"]
    assert said(rule, "{}", around()) == NOTHING


@given(st.integers(1, 500), st.lists(st.integers(1, 9), max_size=3), st.integers(1, 9), st.integers(1, 10_000))
def test_the_limit_is_the_product_of_what_it_is_multiplied_by(
    rate: int, persons: list[int], own: int, price: int
) -> None:
    """Together with her other entries it is the sum of the limits of all of them."""
    rule = f"{{amount: price, at_most: {rate}, times: [persons], within: client}}"
    hers = others(*(f"{{price: {rate * each}, persons: {each}}}" for each in persons))
    over = price > rate * own
    assert said(rule, f"{{price: {price}, persons: {own}}}", around(other_entries=hers)) == (
        ["price over"] if over else []
    )


HERS = (
    "{price: 60, kind: fetch, title: А, months: [2026-10], span: 2026-10-01..2026-10-31}",
    "{price: 30, kind: bring, title: б, months: 2, span: 2026-12-01..2026-12-31}",
)
WHILE = "{amount: price, at_most: 100, within: client, overlaps: span}"
TWICE = "{once: months, within: client, overlaps: span}"


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{amount: price, at_most: 100, within: client}", "{price: 10}", NOTHING),
        ("{amount: price, at_most: 100, within: client}", "{price: 11}", ["price together"]),
        ("{amount: price, at_most: 100}", "{price: 100}", NOTHING),
        ("{amount: price, at_most: 100, within: stay}", "{price: 100}", NOTHING),
        ("{amount: price, at_most: 100, within: client, same: title}", "{price: 41, title: ' а '}", ["price together"]),
        ("{amount: price, at_most: 100, within: client, same: title}", "{price: 41, title: Б}", NOTHING),
        ("{amount: price, at_most: 100, within: client, same: title}", "{price: 100}", NOTHING),
        (WHILE, "{price: 41, span: 2026-10-31..2026-11-30}", ["price together"]),
        (WHILE, "{price: 41, span: 2026-11-01..2026-11-30}", NOTHING),
        (WHILE, "{price: 99}", NOTHING),
        ("{once: title, within: client}", "{title: А}", ["title"]),
        ("{once: title, within: client}", "{title: В}", NOTHING),
        ("{once: title}", "{title: А}", NOTHING),
        ("{once: span, within: client}", "{span: 2026-10-31..2026-11-30}", ["span"]),
        ("{once: span, within: client}", "{span: 2026-11-01..2026-11-30}", NOTHING),
        ("{once: title, within: client, same: kind}", "{title: А, kind: fetch}", ["title"]),
        ("{once: title, within: client, same: kind}", "{title: А, kind: bring}", NOTHING),
        ("{once: title, within: client, same: [kind, price]}", "{title: А, kind: fetch, price: 61}", NOTHING),
        ("{once: months, within: client}", "{months: [2026-10, 2026-11]}", ["months months"]),
        ("{once: months, within: client}", "{months: [2026-11]}", NOTHING),
        ("{once: months, within: client}", "{months: 1}", ["months number"]),
        (TWICE, "{months: [2026-12], span: 2026-12-31..2027-01-31}", ["months months"]),
        (TWICE, "{months: 1, span: 2026-11-01..2026-11-30}", NOTHING),
    ],
)  # fmt: skip
def test_together_with_her_other_entries(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written, around(other_entries=others(*HERS))) == found


def test_what_was_before_her_last_referral_is_not_counted() -> None:
    hers = others("{price: 60, day: '2026-10-31'}", "{price: 30, day: '2026-11-01'}")
    rule = "{amount: price, at_most: 100, within: referral}"
    assert said(rule, "{price: 70}", around(other_entries=hers)) == NOTHING
    assert said(rule, "{price: 71}", around(other_entries=hers)) == ["price together"]


@pytest.mark.parametrize(
    ("per", "day", "found"),
    [
        ("day", "2026-11-09", ["title"]),
        ("day", "2026-11-10", NOTHING),
        ("month", "2026-11-30", ["title"]),
        ("month", "2026-12-01", NOTHING),
    ],
)
def test_what_is_counted_by_day_or_month(per: str, day: str, found: list[str]) -> None:
    hers = others("{title: А, day: '2026-11-09'}")
    rule = f"{{once: title, within: client, per: {per}}}"
    assert said(rule, f"{{title: А, day: '{day}'}}", around(other_entries=hers)) == found
    assert said(rule, "{title: А}", around(other_entries=hers)) == NOTHING


def test_everybody_elses_file_is_opened_only_for_what_reaches_the_store() -> None:
    opened: list[int] = []

    def everyone() -> list[Client]:
        opened.append(1)
        return [Client({"id": "BBBB-0002", "errands": [{"title": "А"}, {"title": "В", "void": {}}]})]

    held = around(all_clients=AllClients(everyone))
    assert said("{once: title, within: client}", "{title: А}", held) == NOTHING
    assert not opened
    assert said("{once: title, within: store}", "{title: А}", held) == ["title elsewhere"]
    assert said("{once: title, within: store}", "{title: В}", held) == NOTHING
    assert len(opened) == 1


CHANGED = """{amount: price, at_most: 100, clause: A, later: [
    {since: 2027-01-01, at_most: 200, clause: B}, {since: 2028-01-01, repealed: true, clause: C}]}"""


@pytest.mark.parametrize(
    ("day", "price", "found"),
    [
        ("2026-12-31", 100, NOTHING),
        ("2026-12-31", 101, ["price over"]),
        ("2027-01-01", 200, NOTHING),
        ("2027-01-01", 201, ["price over"]),
        ("2027-12-31", 201, ["price over"]),
        ("2028-01-01", 201, NOTHING),
    ],
)
def test_a_changed_limit_on_the_last_day_of_the_old_and_the_first_of_the_new(
    day: str, price: int, found: list[str]
) -> None:
    assert said(CHANGED, f"{{price: {price}}}", around(day=day)) == found


@given(st.decimals(0, 1000, places=2), st.integers(0, 1000))
def test_som_are_compared_exactly(price: Decimal, most: int) -> None:
    assert bool(said(f"{{amount: gift, at_most: {most}}}", f"{{gift: '{price}'}}")) is (price > most)
