"""A line as it is asked for: its amount, its keys, and what is said where they cannot be read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.finding import Finding
from shelterctl.core.manual.field import read_field
from shelterctl.core.money.agreement import read_agreement, read_line
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.judgement import amount_pointer
from shelterctl.core.rules.verbs import read_amount
from shelterctl.core.values.days import Span
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

FORMS = open_rulebook().forms
PERIOD = FORMS["blue"].fields["period"]
DAY = date(2026, 11, 25)


def read(form: str, number: str, written: Any) -> tuple[Entry | None, tuple[Finding, ...]]:
    return read_line(FORMS[form].parts[number], written, DAY, None)


def readable(form: str, number: str, written: Any) -> Entry:
    asked, findings = read(form, number, written)
    assert asked is not None
    assert findings == ()
    return asked


def said(form: str, number: str, written: Any) -> list[str]:
    _, findings = read(form, number, written)
    return [format_sentence(finding.message, finding.facts) for finding in findings]


def test_a_mistyped_key_is_answered_with_the_nearest() -> None:
    (sentence,) = said("pink", "3", {"amount": 200, "days": 1, "person": 1})
    assert sentence == "Line 3 has a key that the form does not know (A5.3). Did you mean persons?"


def test_a_strange_key_is_answered_with_the_known_ones() -> None:
    (sentence,) = said("pink", "3", {"amount": 200, "xyz": 1})
    assert sentence == "Line 3 has a key that the form does not know (A5.3). Known are: amount, days, persons."


def test_an_unknown_key_is_pointed_at_but_its_place_is_told_without_it() -> None:
    _, (finding,) = read("blue", "7a", {"amount": 1, "xyz": 1})
    assert (finding.where, finding.at) == ("/lines/7a", "/lines/7a/xyz")


def test_sums_that_disagree_are_told_with_both_numbers() -> None:
    (sentence,) = said("blue", "5", {"amount": "1800.01", "rate": 600, "months": 3})
    assert sentence == (
        "Line 5 says 1,800.01 som, but rate × months make 1,800.00 (A6.5). "
        "Correct one of them, or leave the amount out."
    )


@pytest.mark.parametrize(
    ("written", "amount", "place"),
    [
        ({"amount": 800}, "800", "/lines/5/amount"),
        ({"rate": 600, "months": 3}, "1800", "/lines/5/rate"),
        ({"rate": "600.10", "months": ["2026-12", "2027-01"]}, "1200.20", "/lines/5/rate"),
        ({"amount": 1800, "rate": 600, "months": 3}, "1800", "/lines/5/amount"),
        ({"amount": None, "rate": 600, "months": 3}, "1800", "/lines/5/rate"),
    ],
)
def test_an_amount_is_written_or_comes_from_rate_and_months(written: Any, amount: str, place: str) -> None:
    asked = readable("blue", "5", written)
    assert (asked.values["amount"], amount_pointer(asked)) == (Decimal(amount), place)


@given(st.decimals(Decimal("0.01"), Decimal(1000), places=2), st.integers(1, 36))
def test_rate_times_months_is_exact(rate: Decimal, months: int) -> None:
    asked = readable("blue", "5", {"rate": rate, "months": months})
    assert asked.values["amount"] == sum([rate] * months, Decimal(0))


def test_listed_months_are_put_in_order_and_counted() -> None:
    asked, around = readable("blue", "5", {"rate": 1, "months": ["2027-01", "2026-12"]}), Context(day=DAY)
    counts = [read_amount(asked, name, around) for name in ("months", "days")]
    assert (asked.values["months"], counts) == (("2026-12", "2027-01"), [2, None])


@pytest.mark.parametrize(
    "written",
    [
        None,
        "2026-12",
        {},
        {"from": "2026-12-01"},
        {"to": "2026-12-01"},
        {"from": "2026-12-02", "to": "2026-12-01"},
        {"from": "2026-12", "to": "2026-12-31"},
    ],
)
def test_what_is_no_period_is_none(written: object) -> None:
    assert read_field(PERIOD, written) is None


def test_a_period_may_be_one_day() -> None:
    assert read_field(PERIOD, {"from": "2026-11-25", "to": "2026-11-25"}) == Span(DAY, DAY)


def test_a_line_that_stands_on_no_form_is_left_to_the_judge() -> None:
    lines = {"7a": {"amount": 800}, "8": {"amount": 100}}
    asked = read_agreement(FORMS["blue"], {"form": "blue", "date": "2026-11-25", "lines": lines})
    assert ([line.where for line in asked.lines], asked.malformed, asked.total) == (["/lines/7a"], (), Decimal(800))


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(), st.text(max_size=5), st.dates().map(str))
ANYTHING = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=5), below, max_size=3)),
)


@given(st.sampled_from([(form, number) for form in FORMS for number in FORMS[form].parts]), st.data())
def test_whatever_is_written_on_a_line_is_read_or_told_and_never_breaks(
    place: tuple[str, str], data: st.DataObject
) -> None:
    line = FORMS[place[0]].parts[place[1]]
    written = data.draw(st.one_of(ANYTHING, st.dictionaries(st.sampled_from(["xyz", *line.fields]), ANYTHING)))
    asked, findings = read(*place, written)
    assert {finding.clause for finding in findings} <= {line.clause(DAY)}
    assert findings or (asked is not None and asked.values["amount"] > 0)
