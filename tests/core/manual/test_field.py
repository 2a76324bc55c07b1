"""Every kind of field reads what it takes and nothing else, never raises, and is asked beside what its entry says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.field import (
    Field,
    PossibleSpan,
    describe_field_kind,
    leaf_fields,
    nested_fields,
    read_field,
    read_fields,
)
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.names import find_name
from shelterctl.core.values.days import Span, calendar_months, months_spanned
from tests.support.small_rulebook import ERRAND, around, errand

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.sampled_from(["2026-11", "2026-02-30"]),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(["from", "to", "number", "x"]), below),
    max_leaves=6,
)
BISHKEK = timezone(timedelta(hours=6))


@given(st.dictionaries(st.sampled_from([*ERRAND.fields, "unknown to it"]), JSON, max_size=6))
def test_whatever_is_written_is_read_or_told_as_malformed(written: dict[str, Any]) -> None:
    entry = read_entry(ERRAND, written)
    told = {name.partition(".")[0] for name in (*entry.values, *entry.malformed)}
    assert {name for name in ERRAND.fields if written.get(name) is not None} <= told


@given(st.sampled_from([*ERRAND.fields.values()]), JSON, st.booleans())
def test_a_field_never_raises_and_what_it_refuses_has_a_name(one: Field, written: object, several: bool) -> None:
    fields = {one.name: replace(one, several=several)}
    assert all(isinstance(name, str) for name, _ in read_fields(fields, {one.name: written}))
    assert describe_field_kind(fields[one.name])


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("title", "Почта", "Почта"),
        ("title", " ", None),
        ("title", 7, None),
        ("notes", ["раз", "два"], ("раз", "два")),
        ("notes", ["раз", ""], None),
        ("notes", "раз", None),
        ("kind", "fetch", "fetch"),
        ("done", True, True),
        ("done", "unknown", "unknown"),
        ("done", "yes", None),
        ("persons", 1, 1),
        ("persons", 0, None),
        ("persons", True, None),
        ("bags", 0, 0),
        ("bags", -1, None),
        ("price", "750.50", Decimal("750.50")),
        ("price", 0, None),
        ("price", "1.005", None),
        ("gift", 0, Decimal(0)),
        ("day", "2026-02-29", None),
        ("day", "2024-02-29", date(2024, 2, 29)),
        ("day", "2026-02", None),
        ("at", "2026-11-01T23:50+06:00", datetime(2026, 11, 1, 23, 50, tzinfo=BISHKEK)),
        ("at", "2026-11-01T23:50", datetime(2026, 11, 1, 23, 50, tzinfo=UTC).replace(tzinfo=None)),
        ("at", "2026-11-01", None),
        ("since", 1994, PossibleSpan(date(1994, 1, 1), date(1994, 12, 31))),
        ("since", "2024-02", PossibleSpan(date(2024, 2, 1), date(2024, 2, 29))),
        ("since", "2024-13", None),
        ("months", 3, 3),
        ("months", ["2026-12", "2026-11"], ("2026-11", "2026-12")),
        ("months", ["2026-11", "2026-11"], None),
        ("months", [], None),
        ("span", {"from": "2026-11-01", "to": "2026-11-01"}, Span(date(2026, 11, 1), date(2026, 11, 1))),
        ("span", {"from": "2026-11-02", "to": "2026-11-01"}, None),
        ("span", {"from": "2026-11-02"}, None),
        ("by", "s-aida", "s-aida"),
        ("paper", {"number": "7"}, {"number": "7"}),
        ("paper", "7", None),
    ],
)
def test_the_readers(name: str, written: object, value: object) -> None:
    assert read_field(ERRAND.fields[name], written) == value


def test_what_stands_inside_has_a_dotted_name_and_what_cannot_be_read_is_told() -> None:
    entry = errand("{paper: {number: '7', day: soon}, span: 2026-11-01..2026-11-02}")
    assert entry.values["paper.number"] == "7"
    assert entry.values["span.to"] == date(2026, 11, 2)
    assert entry.malformed == ("paper.day",)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 800))
def test_a_period_touches_as_many_months_as_it_has_or_one_more(first: date, long: int) -> None:
    span = Span(first, first + timedelta(days=long))
    assert months_spanned(span) <= len(calendar_months(span)) <= months_spanned(span) + 1
    assert calendar_months(span)[0] == f"{first:%Y-%m}"


@pytest.mark.parametrize(
    ("name", "written", "state"),
    [
        ("title", "{}", "asked"),
        ("kind_other", "{kind: other}", "asked"),
        ("kind_other", "{kind: fetch}", "contradicted"),
        ("kind_other", "{}", "not yet"),
        ("done_on", "{done: true}", "asked"),
        ("done_on", "{done: false}", "contradicted"),
        ("done_on", "{done: unknown}", "not yet"),
    ],
)
def test_whether_a_field_is_asked(name: str, written: str, state: str) -> None:
    entry, held = errand(written), around()
    assert find_name(entry, name, held).state(entry, held) == state


def test_fields_are_listed_with_those_inside_them_as_far_as_is_wanted() -> None:
    days = Field("stay", "span", fields={"from": Field("from", "day"), "to": Field("to", "day")})
    fields = {
        "on": Field("on", "day"),
        "visit": Field("visit", "group", fields={"stay": days, "by": Field("by", "text")}),
    }
    names = ["on", "visit", "visit.stay", "visit.stay.from", "visit.stay.to", "visit.by"]
    assert [name for name, _ in nested_fields(fields)] == names
    groups = [*nested_fields(fields, "trip.", lambda one: one.kind == "group")]
    assert [name for name, _ in groups] == ["trip.on", "trip.visit", "trip.visit.stay", "trip.visit.by"]
    assert dict(groups)["trip.visit.stay"] is days
    assert [name for name, _ in leaf_fields(fields)] == [name for name in names if name not in ("visit", "visit.stay")]


def test_a_number_says_from_what_on_it_is_counted() -> None:
    one = Field("count", "whole")
    assert describe_field_kind(one) == "a whole number, 1 or more"
    assert describe_field_kind(replace(one, zero=True)) == "a whole number, 0 or more"
