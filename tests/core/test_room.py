"""What a line is said to have left is just what the judge allows: all of it, and not one tyiyn more."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.rule import Ruling
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement as rules
from shelterctl.core.money.agreement import Agreement, cap_and_remainder
from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import REACHES
from shelterctl.core.values.days import Span, calendar_months
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
DAY = date(2026, 11, 25)
TYIYN = Decimal("0.01")
OVER = {"agreement/over-cap", "agreement/over-cap-together"}
ASKED_FOR = {"agreement/list-months"}
"""What is said of a number of months, where each month by itself may have so much."""
LINES = [(form.name, number) for form in SHELF.forms.values() for number in form.parts]
CAPPED = [(form, number) for form, number in LINES if any(SHELF.form(form).parts[number].caps())]
STAYS = [
    {
        "id": "STAY1",
        "referral": {"sources": ["scme"], "received_at": "2026-02-01T10:00+06:00"},
        "admission": {"admitted_on": "2026-02-02"},
        "discharge": {"on": "2026-06-01"},
    },
    {
        "id": "STAY2",
        "referral": {"sources": ["other"], "received_at": "2026-11-20T21:30+06:00"},
        "admission": {"admitted_on": "2026-11-21"},
    },
]

DAYS = st.dates(date(2026, 10, 1), date(2027, 4, 30))
SPANS = st.tuples(DAYS, st.integers(0, 120)).map(
    lambda pair: {"from": str(pair[0]), "to": str(pair[0] + timedelta(days=pair[1]))}
)
AMOUNTS = st.integers(1, 700_000).map(lambda tyiyn: str(Decimal(tyiyn) / 100))


@st.composite
def keys(draw: st.DrawFn, form: Track, number: str, period: dict[str, str]) -> dict[str, Any]:
    """What may be written beside a line's amount, as far as it counts for the cap."""
    written: dict[str, Any] = {}
    for name, key in form.parts[number].fields.items():
        if key.kind == "whole":
            written[name] = draw(st.integers(1, 40))
        elif key.kind == "months":
            touched = calendar_months(Span(*(date.fromisoformat(period[end]) for end in ("from", "to"))))
            listed = st.lists(st.sampled_from(touched), min_size=1, unique=True)
            written[name] = draw(st.one_of(st.integers(1, 4), listed))
        elif key.kind == "span" and key.fields:
            written[name] = {"profession": draw(st.sampled_from(["seamstress", "Seamstress ", "cook"])), **draw(SPANS)}
    return written


@st.composite
def agreements(draw: st.DrawFn, form: Track, number: str) -> dict[str, Any]:
    """An agreement that has the line: a draft or a signed one, of this stay or another, of any period."""
    period = draw(SPANS)
    line = {**draw(keys(form, number, period)), "amount": draw(AMOUNTS)}
    more: dict[str, Any] = draw(
        st.sampled_from([{}, {"signed": {"on": "2026-11-26"}}, {"terminated": {"on": "2026-12-01"}}, {"void": {}}])
    )
    return {
        "form": form.name,
        "stay": draw(st.sampled_from(["STAY1", "STAY2"])),
        "date": str(draw(st.sampled_from([date(2026, 3, 1), DAY, DAY + timedelta(days=20)]))),
        **({"period": period} if "period" in form.fields else {}),
        "lines": {number: line},
        **more,
    }


def caps(form: str, number: str) -> list[Ruling]:
    """What the caps of a line ask on the day."""
    return [ruling for rule in SHELF.form(form).parts[number].caps() if (ruling := rule.on(DAY))]


def asked(form: Track, facts: dict[str, Any], others: list[dict[str, Any]]) -> Agreement:
    standing = [{"id": f"OTHER{number}", **other} for number, other in enumerate(others)]
    client = Client({"id": "7QF2-M9KD", "stays": STAYS, "agreements": standing})
    stay = next((stay for stay in client.stays if stay.id == facts["stay"]), None)
    mine = {"id": "THIS", **facts}
    known = rules.read_other_agreements(client, SHELF.forms, mine)
    return rules.read_agreement(form, mine, client=client, stay=stay, other_entries=known, tracks=SHELF.tracks)


def judged(form: Track, facts: dict[str, Any], others: list[dict[str, Any]], amount: Decimal) -> set[str]:
    """The codes by which the amount of the only line is over its cap."""
    ((number, line),) = facts["lines"].items()
    wanted = {**facts, "lines": {number: {**line, "amount": str(amount)}}}
    monthly = any("each" in ruling.params for ruling in caps(form.name, number))
    return {one.code for one in rules.judge_agreement(asked(form, wanted, others))} & (
        OVER | ASKED_FOR if monthly else OVER
    )


def left_of(agreement: Agreement) -> tuple[Decimal, Decimal] | None:
    """The cap of its first line, and what is left of it."""
    return cap_and_remainder(agreement.lines[0], agreement.context)


@pytest.mark.parametrize(("name", "number"), CAPPED)
@given(data=st.data())
def test_what_is_left_is_allowed_and_nothing_beyond(name: str, number: str, data: st.DataObject) -> None:
    form = SHELF.form(name)
    facts = {**data.draw(agreements(form, number)), "date": str(DAY)}
    facts = {key: value for key, value in facts.items() if key not in ("signed", "terminated", "void")}
    others = data.draw(st.lists(agreements(form, number), max_size=3))
    found = left_of(asked(form, facts, others))
    assert found is not None
    cap, left = found
    assert Decimal(0) <= left <= cap
    assert left == 0 or judged(form, facts, others, left) == set()
    assert judged(form, facts, others, left + TYIYN) != set()


@pytest.mark.parametrize(("name", "number"), CAPPED)
@given(data=st.data())
def test_without_another_agreement_the_whole_cap_is_left(name: str, number: str, data: st.DataObject) -> None:
    form = SHELF.form(name)
    facts = data.draw(agreements(form, number))
    struck = [{**data.draw(agreements(form, number)), "void": {"on": "2026-11-25"}}]
    found = left_of(asked(form, facts, struck))
    assert found is not None
    assert found[0] == found[1]


@pytest.mark.parametrize(("name", "number"), LINES)
def test_a_line_without_a_cap_or_without_what_its_cap_counts_has_no_room_to_tell(name: str, number: str) -> None:
    facts = {"form": name, "stay": "STAY2", "date": str(DAY), "lines": {number: {"amount": 1}}}
    times = [ruling.params.get("times", ()) for ruling in caps(name, number)]
    assert (left_of(asked(SHELF.form(name), facts, [])) is None) == (not times or bool(times[0]))


def test_every_way_in_which_a_cap_reaches_further_is_met_here() -> None:
    asks = [ruling.params for form, number in CAPPED for ruling in caps(form, number)]
    reached = {(each.get("within", "entry"), "same" in each, "overlaps" in each) for each in asks}
    assert {within for within, _, _ in reached} <= set(REACHES)
    course, period = ("client", True, True), ("client", False, True)
    assert {("stay", False, False), course, period} <= reached
