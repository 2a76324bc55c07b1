"""Histories of rulings (their order, their boundary days, repeals), and what the manual prints of an annex by days."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.rule import (
    Repeal,
    Ruling,
    Strength,
    latest_clause,
    ruling_in_force,
)
from shelterctl.core.manual.sheet import Annex, AnnexEntry, AnnexFoot
from tests.support.written_rules import SlipError, read_history

CAP = {"at_most": 2000, "clause": "A5.2a"}
RAISED = {"at_most": 2400, "clause": "A5.2a/2027", "since": "2027-01-01"}
GONE = {"repealed": True, "clause": "A5.2a/2028", "since": "2028-01-01"}


def governs(day: str, *entries: Mapping[str, Any]) -> str | None:
    ruling = ruling_in_force(read_history(entries), date.fromisoformat(day))
    return ruling.clause if ruling else None


def test_a_ruling_keeps_its_own_words_apart_from_what_it_asks() -> None:
    entry = {"at_most": 2000, "within": "stay", "clause": "A5.2a", "reading": "X22", "strength": "should"}
    expected = Ruling("A5.2a", None, Strength.SHOULD, "X22", {"at_most": 2000, "within": "stay"})
    assert (expected,) == read_history([entry])


def test_a_ruling_speaks_with_shall_where_nothing_is_said() -> None:
    (ruling,) = read_history([CAP])
    assert isinstance(ruling, Ruling)
    assert ruling.strength is Strength.SHALL


def test_a_repeal_is_read_as_one() -> None:
    assert (Ruling("A5.2a", params={"at_most": 2000}), Repeal("A5.2a/2028", date(2028, 1, 1))) == read_history(
        [CAP, GONE]
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("0001-01-01", "A5.2a"),
        ("2026-12-31", "A5.2a"),
        ("2027-01-01", "A5.2a/2027"),
        ("2027-12-31", "A5.2a/2027"),
        ("2028-01-01", None),
        ("9999-12-31", None),
    ],
)
def test_a_ruling_governs_from_its_first_day_to_the_eve_of_the_next(day: str, expected: str | None) -> None:
    assert expected == governs(day, CAP, RAISED, GONE)


def test_after_a_repeal_a_matter_may_be_ruled_on_again() -> None:
    again = {"at_most": 1, "clause": "A5.2a/2030", "since": "2030-01-01"}
    assert (
        governs("2029-12-31", CAP, GONE, again),
        governs("2030-01-01", CAP, GONE, again),
    ) == (None, "A5.2a/2030")


def test_the_latest_clause_is_the_repeal_where_it_is_repealed() -> None:
    history = read_history([CAP, RAISED, GONE])
    assert (
        latest_clause(history, date(2026, 12, 31)),
        latest_clause(history, date(2027, 1, 1)),
        latest_clause(history, date(2028, 1, 1)),
    ) == ("A5.2a", "A5.2a/2027", "A5.2a/2028")


def test_an_empty_history_rules_nothing() -> None:
    assert (ruling_in_force((), date(2026, 1, 1)), latest_clause((), date(2026, 1, 1))) == (None, None)


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ([RAISED], 0),
        ([CAP, CAP], 1),
        ([CAP, RAISED, RAISED], 2),
        ([CAP, GONE, RAISED], 2),
        ([CAP, {**RAISED, "since": "2027-02-30"}], 1),
        ([{**CAP, "since": "2027-02-30"}], 0),
        ([CAP, {**RAISED, "since": None}], 1),
    ],
)
def test_a_history_out_of_order_is_refused_with_the_place(entries: list[dict[str, Any]], place: int) -> None:
    with pytest.raises(SlipError) as raised:
        read_history(entries)
    assert [f"/{place}"] == [each.removesuffix("/since") for each in raised.value.places]


@given(st.sets(st.dates(date(1990, 1, 1), date(2100, 1, 1)), max_size=6), st.dates(date(1980, 1, 1), date(2110, 1, 1)))
def test_what_governs_is_the_last_ruling_that_has_begun(days: set[date], day: date) -> None:
    later = [{"clause": since.isoformat(), "since": since.isoformat()} for since in sorted(days)]
    expected = max((since.isoformat() for since in days if since <= day), default="first")
    assert expected == governs(day.isoformat(), {"clause": "first"}, *later)


@given(st.dates(date(1990, 1, 2), date(2100, 1, 1)))
def test_a_change_has_two_boundary_days(since: date) -> None:
    new = {"clause": "new", "since": since.isoformat()}
    assert (
        governs((since - timedelta(1)).isoformat(), {"clause": "old"}, new),
        governs(since.isoformat(), {"clause": "old"}, new),
    ) == ("old", "new")


FIRST, LAST, SINCE = date(2000, 1, 1), date(2026, 12, 31), date(2027, 1, 1)


def text(words: str) -> dict[str, str]:
    return {"en": words}


def annex(**entries: AnnexEntry) -> Annex:
    return Annex(
        name="rules",
        number="2",
        clause="A2.0",
        title=text("RULES"),
        opening=None,
        signers=("resident",),
        recorded_in=None,
        layout="list",
        entries=entries,
        closing=None,
        foot=(AnnexFoot("day", "A2.D", text("Date")),),
    )


def on(day: date, annex_: Annex) -> list[str]:
    return [entry.text["en"] for entry in annex_.standing(day)]


ALWAYS = AnnexEntry((Ruling("A2.1"),), text("always"))
ENDED = AnnexEntry((Ruling("A2.2"), Repeal("IOM-1", SINCE)), text("ended"))
BEGUN = AnnexEntry((Repeal("IOM-0"), Ruling("IOM-2", SINCE)), text("begun"))


def test_entries_stand_by_their_days_in_the_order_of_the_annex() -> None:
    rules = annex(a=BEGUN, b=ALWAYS, c=ENDED)
    assert on(FIRST, rules) == on(LAST, rules) == ["always", "ended"]
    assert on(SINCE, rules) == ["begun", "always"]


def test_an_annex_of_which_nothing_stands_is_empty() -> None:
    assert on(SINCE, annex(a=ENDED)) == []
    assert on(SINCE, annex()) == []
