"""What each verb says of an entry, those that measure among them, and the sentence for every way to break a rule."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.record.client import Client
from shelterctl.core.rules.compiled import find_violations
from shelterctl.core.rules.context import AllClients
from shelterctl.core.rules.judgement import judge_entry, judge_rules
from shelterctl.core.rules.messages import VERB_SENTENCES
from shelterctl.core.values.days import read_partial
from shelterctl.document.writing import format_document
from shelterctl.language import format_sentence
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.small_rulebook import ERRAND, FOLDER, HOUSE, around, errand, others, ruled, said, yaml

NOTHING: list[str] = []


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{needs: title}", "{title: Почта}", NOTHING),
        ("{needs: title}", "{}", ["title"]),
        ("{needs: title}", "{title: '  '}", ["title"]),
        ("{needs: [title, price]}", "{}", ["title", "price"]),
        ("{needs: notes}", "{notes: []}", ["notes"]),
        ("{needs: paper.number}", "{paper: {day: '2026-11-01'}}", ["paper.number"]),
        ("{needs: [paper, paper.number]}", "{}", ["paper"]),
        ("{needs: [title, reason], any: true}", "{reason: Так}", NOTHING),
        ("{needs: [title, reason], any: true}", "{}", ["title any"]),
        ("{needs: identity.first_name}", "{}", ["identity.first_name"]),
        ("{needs: arrival}", "{}", NOTHING),
        ("{needs: discharge}", "{}", ["discharge"]),
        ("{needs: stay}", "{}", NOTHING),
        ("{needs: house}", "{}", ["house"]),
        ("{needs: done}", "{done: unknown}", NOTHING),
        ("{needs: kind_other}", "{}", NOTHING),
        ("{needs: kind_other}", "{kind: fetch}", NOTHING),
        ("{needs: kind_other}", "{kind: other}", ["kind_other"]),
        ("{needs: [paper.number, paper.kept_by]}", "{paper: {kept: false}}", ["paper.number"]),
        ("{needs: [paper.kept_by]}", "{paper: {kept: true}}", ["paper.kept_by"]),
        ("{needs: [help.reason, help.by]}", "{done: false}", NOTHING),
        ("{needs: [help.reason, help.by]}", "{done: true}", ["help.reason", "help.by"]),
        ("{needs: asked_by}", "{by: s-aida}", NOTHING),
    ],
)
def test_needs_what_is_asked_and_not_there(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{is: kind, codes: [fetch, bring]}", "{kind: bring}", NOTHING),
        ("{is: kind, codes: [fetch, bring]}", "{kind: other}", ["kind"]),
        ("{is: kind, codes: [fetch]}", "{}", NOTHING),
        ("{is: [kind, tongue], codes: [ky]}", "{kind: other, tongue: ru}", ["kind", "tongue"]),
        ("{is: things, codes: [coat]}", "{things: [coat, shoes]}", ["things"]),
        ("{is: done, codes: ['yes']}", "{done: true}", NOTHING),
        ("{is: done, codes: ['yes']}", "{done: false}", ["done"]),
        ("{is: done, codes: ['yes', 'unknown']}", "{done: unknown}", NOTHING),
        ("{is: title, contains: S-NGO}", "{title: 2-S-NGO-7}", NOTHING),
        ("{is: title, contains: S-NGO}", "{title: 2-S-7}", ["title contains"]),
        ("{is: tongue, of: tongues}", "{tongue: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongue, of: tongues}", "{tongue: uz, tongues: [ru, ky]}", ["tongue of"]),
        ("{is: tongue, of: tongues}", "{tongue: uz}", NOTHING),
        ("{is: tongues, of: tongue}", "{tongue: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongues, of: tongue}", "{tongue: uz, tongues: [ru, ky]}", ["tongues of"]),
        ("{is: things, all: [coat, shoes]}", "{things: [shoes, coat]}", NOTHING),
        ("{is: things, all: [coat, shoes]}", "{things: [shoes]}", ["things all"]),
        ("{is: things, all: [coat, shoes]}", "{}", NOTHING),
        ("{is: [tongue, kind], of: tongues}", "{tongue: uz, kind: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongue, of: tongues}", "{tongues: [ru, ky]}", NOTHING),
    ],
)
def test_is_one_of_the_codes_or_shares_one(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{by: by}", "{by: s-aida}", NOTHING),
        ("{by: by}", "{by: s-unknown}", ["by unregistered"]),
        ("{by: by}", "{}", NOTHING),
        ("{by: by, role: [psychologist]}", "{by: s-aida}", NOTHING),
        ("{by: by, role: [psychologist]}", "{by: s-bek}", ["by role"]),
        ("{by: by, role: [psychologist, manager]}", "{by: s-bek}", NOTHING),
        ("{by: by, role: [manager]}", "{by: s-unknown}", ["by unregistered"]),
        ("{by: by, role: [manager]}", "{by: s-left}", ["by gone"]),
        ("{by: present}", "{present: [s-bek, s-left]}", ["present gone"]),
        ("{by: by, not: asked_by}", "{by: s-bek, asked_by: s-aida}", NOTHING),
        ("{by: by, not: asked_by}", "{by: s-bek, asked_by: s-bek}", ["by same"]),
        ("{by: title, not: reason}", "{title: 'А.  Примерова', reason: а. примерова}", ["title same-name"]),
        ("{by: present}", "{present: [s-bek, s-unknown]}", ["present unregistered"]),
        ("{by: present, role: [manager]}", "{present: [s-bek, s-aida]}", ["present role"]),
        ("{by: present, each: [manager, psychologist]}", "{present: [s-bek, s-aida]}", NOTHING),
        ("{by: present, each: [manager, social_worker]}", "{present: [s-bek, s-aida]}", ["present each"]),
        ("{by: present, each: [manager]}", "{}", NOTHING),
        ("{by: present, not: by}", "{present: [s-bek, s-aida], by: s-aida}", ["present same"]),
        ("{by: escort}", "{escort: Её сестра}", NOTHING),
        ("{by: escort, role: [manager]}", "{escort: Её сестра}", ["escort unregistered"]),
        ("{by: by, not: reason}", "{by: s-bek}", NOTHING),
    ],
)
def test_by_whom(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


def test_who_left_later_was_of_the_house_on_that_day() -> None:
    assert said("{by: by, role: [manager]}", "{by: s-left}", around(day="2026-11-24")) == NOTHING


def test_nobody_is_unregistered_where_there_is_no_register() -> None:
    assert said("{by: by, role: [manager]}", "{by: s-unknown}", around(registers=None)) == NOTHING


LEAVES = """{leaves: [
  {kind: town, given_on: '2026-11-10'},
  {kind: home, given_on: '2026-11-20', taken_back_on: '2026-11-24'},
  {kind: home, given_on: '2026-11-20', void: {reason: slip}}]}"""
WORDS = "{words: [{day: '2026-11-09', said: go}, {day: '2026-11-20', said: stay}, {day: '2026-11-15', said: go}]}"


@pytest.mark.parametrize(
    ("rule", "day", "found"),
    [
        ("{stands: leave}", "2026-11-25", NOTHING),
        ("{stands: leave}", "2026-11-09", ["leave"]),
        ("{stands: leave, where: {kind: [home]}}", "2026-11-23", NOTHING),
        ("{stands: leave, where: {kind: [home]}}", "2026-11-24", ["leave"]),
        ("{stands: leave, each: {kind: [town, home]}}", "2026-11-23", NOTHING),
        ("{stands: leave, each: {kind: [town, home]}}", "2026-11-25", ["leave each"]),
        ("{stands: leave, none: true}", "2026-11-25", ["leave none"]),
        ("{stands: leave, none: true}", "2026-11-09", NOTHING),
        ("{stands: leave, to: day}", "2026-11-25", ["leave"]),
        ("{stands: leave, from: {of: day, days: 1}, to: {of: day, days: 1}}", "2026-11-25", NOTHING),
        ("{stands: leave, from: {of: day, days: 2}}", "2026-11-25", ["leave"]),
        ("{stands: leave, within: stay}", "2026-11-25", ["leave"]),
    ],
)
def test_an_entry_stands_on_the_day(rule: str, day: str, found: list[str]) -> None:
    assert said(rule, "{day: '2026-11-09'}", around(yaml(LEAVES), day)) == found


@pytest.mark.parametrize(
    ("rule", "on", "found"),
    [
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-19", NOTHING),
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-20", ["word"]),
        ("{stands: word, where: {said: [go]}}", "2026-11-19", ["word"]),
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-08", ["word"]),
    ],
)
def test_the_last_word_counts_as_of_the_day(rule: str, on: str, found: list[str]) -> None:
    assert said(rule, f"{{day: '{on}'}}", around(yaml(WORDS))) == found


ANSWERS = """{answers: [
  {by: s-aida, agreed_on: '2026-11-05', until: '2026-11-24'},
  {by: ' S-AIDA', refused_on: '2026-11-20'},
  {by: s-bek, agreed_on: '2026-11-05', until: '2026-11-24'}]}"""


@pytest.mark.parametrize(
    ("written", "day", "found"),
    [
        ("{by: s-aida, day: '2026-11-19'}", "2026-11-19", NOTHING),
        ("{by: s-aida, day: '2026-11-20'}", "2026-11-20", ["answer"]),
        ("{by: s-aida, day: '2026-11-23'}", "2026-11-23", ["answer"]),
        ("{by: s-bek, day: '2026-11-23'}", "2026-11-23", NOTHING),
        ("{by: s-bek, day: '2026-11-24'}", "2026-11-24", ["answer"]),
        ("{by: s-cholpon, day: '2026-11-23'}", "2026-11-23", ["answer"]),
        ("{day: '2026-11-23'}", "2026-11-23", NOTHING),
    ],
)
def test_the_last_word_to_each_counts_while_it_lives(written: str, day: str, found: list[str]) -> None:
    """A refusal takes an older answer back, to whoever it was given; an answer to somebody else stays."""
    assert said("{stands: answer, same: by, to: day}", written, around(yaml(ANSWERS), day)) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{stands: errand, of: after}", "{after: E1}", NOTHING),
        ("{stands: errand, of: after}", "{after: E2}", ["after nowhere"]),
        ("{stands: errand, of: after}", "{}", NOTHING),
        ("{stands: errand, of: after, same: kind}", "{after: E1, kind: fetch}", NOTHING),
        ("{stands: errand, of: after, same: kind}", "{after: E1, kind: bring}", ["errand"]),
        ("{stands: errand, of: after, where: {kind: [bring]}}", "{after: E1}", ["errand"]),
        ("{dated: day, from: after.day}", "{day: '2026-11-09', after: E1}", ["day early"]),
        ("{dated: day, from: after.day}", "{day: '2026-11-09', after: E2}", NOTHING),
        ("{needs: reason, when: {after.kind: [fetch]}}", "{after: E1}", ["reason"]),
    ],
)
def test_what_a_field_points_at(rule: str, written: str, found: list[str]) -> None:
    her = yaml("{errands: [{id: E1, kind: fetch, day: '2026-11-10'}, {id: E2, kind: fetch, void: {reason: slip}}]}")
    assert said(rule, written, around(her)) == found


def test_of_two_words_of_one_day_the_later_in_the_list_counts() -> None:
    twice = yaml("{words: [{day: '2026-11-09', said: go}, {day: '2026-11-09', said: stay}]}")
    assert said("{stands: word, where: {said: [stay]}}", "{}", around(twice)) == NOTHING


@pytest.mark.parametrize(("shop", "found"), [("fair", NOTHING), ("shut", ["shop.account"]), ("none", ["shop.account"])])
def test_what_stands_behind_a_code_of_a_register_lives_on_the_day(shop: str, found: list[str]) -> None:
    assert said("{stands: shop.account, of: title}", f"{{title: {shop}}}") == found


SHELTER = "{suits: identity, sex: female, minor_under: 18, unless: reason}"
CHILDREN = "{suits: identity, at_least: 3, at_most: 18}"


@pytest.mark.parametrize(
    ("rule", "identity", "written", "found"),
    [
        (SHELTER, "{sex: female, birth_date: 2001}", "{}", NOTHING),
        (SHELTER, "{sex: male, birth_date: 2001}", "{}", ["identity adult-man"]),
        (SHELTER, "{sex: female}", "{}", ["identity no-birth-date"]),
        (SHELTER, "{sex: female, birth_date: '2008-11-25'}", "{}", NOTHING),
        (SHELTER, "{sex: female, birth_date: '2008-11-26'}", "{}", ["identity minor-without-reason"]),
        (SHELTER, "{sex: female, birth_date: '2008-11'}", "{}", ["identity minor-without-reason"]),
        (SHELTER, "{sex: male, birth_date: '2015'}", "{reason: Сирота}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2023-11-25'}", "{}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2023-11-26'}", "{}", ["identity age-outside"]),
        (CHILDREN, "{sex: female, birth_date: '2007-11-26'}", "{}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2007-11-25'}", "{}", ["identity age-outside"]),
        (CHILDREN, "{sex: female, birth_date: 2007}", "{}", NOTHING),
    ],
)
def test_whom_a_house_takes(rule: str, identity: str, written: str, found: list[str]) -> None:
    assert said(rule, written, around({"identity": yaml(identity)}, house=HOUSE)) == found


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


@given(st.lists(st.text("sS\u017fkK\u212a-/.12 \"'\\\\\tß№Ж", min_size=1, max_size=6), min_size=2, max_size=6))
def test_a_search_of_the_texts_finds_what_reading_every_file_finds(titles: list[str]) -> None:
    """Whatever the value, its case, spaces and quotes: the same clients; and a file without the word is not read."""
    clients = [Client({"id": f"BBBB-000{n}", "errands": [{"title": title}]}) for n, title in enumerate(titles)]
    texts = {her.id: format_document(her.facts).casefold() for her in clients}
    read: list[str] = []

    def search(word: str) -> Iterator[Client]:
        for her in clients:
            if word in texts[her.id]:
                read.append(word)
                yield her

    searched, whole = AllClients(lambda: clients, search), AllClients(lambda: clients)
    for title in titles:
        found = [[*each.ids_with_answer(ERRAND, "title", title, "BBBB-0000")] for each in (searched, whole)]
        assert found[0] == found[1]
    assert [*searched.ids_with_answer(ERRAND, "title", "not-there", None)] == NOTHING
    assert "not-there" not in read


def test_after_many_searches_every_file_is_read_once() -> None:
    opened: list[int] = []

    def everyone() -> list[Client]:
        opened.append(1)
        return [Client({"id": "BBBB-0002", "errands": [{"title": "no-100"}]})]

    searched = AllClients(everyone, lambda word: everyone() if word == "no-100" else ())
    found = [[*searched.ids_with_answer(ERRAND, "title", f"No-{n}", None)] for n in range(200)]
    assert found == [["BBBB-0002"] if n == 100 else [] for n in range(200)]
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


HER_ENTRY = others(
    "{price: 60, title: А, day: '2026-10-02', months: [2026-10], span: 2026-10-01..2026-10-31}",
    "{months: 2, span: 2026-12-01..2026-12-31}",
)
CASES = yaml((FOLDER / "sentences.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("reason", "case"), [(reason, case) for reason, cases in CASES.items() for case in cases])
def test_it_is_said(reason: str, case: Mapping[str, Any]) -> None:
    house = type(HOUSE)(HOUSE.kind, capacity=4, sleeping=3) if "count" in str(case["rule"]) else None
    everyone = AllClients(lambda: [Client({"id": "BBBB-0002", "errands": [{"title": "Ж"}]})])
    held = around(case.get("her"), other_entries=HER_ENTRY, house=house, all_clients=everyone)
    rule, entry = ruled(case["rule"]), errand(case.get("entry", {}))
    one, *_ = find_violations(rule, entry, held)
    assert ".".join(filter(None, (rule.verb, one.reason))) == reason
    found, *_ = judge_rules([rule], entry, held)
    assert {language: format_sentence(found.message, found.facts, language) for language in SCREEN_LANGUAGES} == {
        language: case[language] for language in SCREEN_LANGUAGES
    }
    assert found.facts["track"] == "errand"


def test_every_way_is_said() -> None:
    assert {*CASES} == {*VERB_SENTENCES} - {"unasked"}


def test_what_another_answer_makes_idle_is_said() -> None:
    (found,) = judge_entry(errand("{kind: fetch, kind_other: Так}"), around())
    assert [format_sentence(found.message, found.facts, language) for language in SCREEN_LANGUAGES] == [
        "“The other errand”: filled in. “Which errand”: to fetch something. These two do not go together (Z1).",
        "«Какое именно»: заполнено. «Какое поручение»: что-то принести. Эти ответы не сочетаются (Z1).",
    ]


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("{en: 'Who goes? ({clause}).', ru: 'Кто идёт? ({clause}).'}", "Кто идёт? (Z1)."),
        (
            "{unregistered: {en: 'Nobody knows {label}.', ru: 'Никто не знает: {label}.'}}",
            "Никто не знает: «Кто идёт».",
        ),
        ("{role: {en: 'Not hers.', ru: 'Не её дело.'}}", "«Кто идёт»: такого кода в реестре нет (Z1)."),
    ],
)
def test_a_rule_may_have_words_of_its_own_for_all_or_for_one_reason(says: str, sentence: str) -> None:
    (found,) = judge_rules([ruled(f"{{by: by, says: {says}}}")], errand("{by: s-gone}"), around())
    assert format_sentence(found.message, found.facts, "ru") == sentence
