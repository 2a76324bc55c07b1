"""An agreement and its lines: sums, amounts and keys, what a line has left, which draft it replaces, who signs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.finding import Finding
from shelterctl.core.manual.field import read_field
from shelterctl.core.manual.rule import Ruling, Verb
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement as rules
from shelterctl.core.money import agreement as signature
from shelterctl.core.money.agreement import Agreement, cap_and_remainder, read_agreement, read_line
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.findings import amount_pointer
from shelterctl.core.rules.names import find_name
from shelterctl.core.rules.verbs.amounts import read_amount
from shelterctl.core.rules.verbs.reach import REACHES
from shelterctl.core.values.days import Span, calendar_months
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
FORMS = SHELF.forms
BLUE, PINK = FORMS["blue"], FORMS["pink"]
PERIOD = {"from": "2026-12-01", "to": "2027-02-28"}


def client(*agreements: dict[str, Any]) -> Client:
    facts = [{"id": f"A{number}", "form": "blue", **agreement} for number, agreement in enumerate(agreements)]
    return Client({"id": "7QF2-M9KD", "agreements": facts})


def test_her_other_agreements_are_the_live_ones_besides_this() -> None:
    her = client(
        {"date": "2026-11-25"},
        {"date": "2026-11-25", "void": {"on": "2026-11-25"}},
        {"date": "2026-11-25", "terminated": {"on": "2026-11-25"}},
        {"date": "2026-11-25", "form": "green"},
        {"date": "2026-11-25", "form": "pink"},
    )
    assert [other.written["id"] for other in rules.read_other_agreements(her, FORMS, {"id": "A0"})] == ["A2", "A4"]


def test_the_table_has_each_line_with_its_amount_and_its_cap() -> None:
    lines = {"1c": {"amount": 100}, "4": {"rate": 600, "months": 3}, "6": {"rate": 1500, "months": ["2026-12"]}}
    asked = rules.read_agreement(BLUE, {"form": "blue", "date": "2026-11-25", "lines": lines})
    assert [(row["line"], row["amount"], row["cap"], row["clause"]) for row in rules.tabulate_lines(asked)] == [
        ("1c", Decimal(100), None, "A6.1c"),
        ("4", Decimal(1800), Decimal(3000), "A6.4"),
        ("6", Decimal(1500), Decimal(1500), "A6.6"),
    ]
    assert asked.total == Decimal(3400)


def test_a_cap_is_not_known_while_its_numbers_are_missing() -> None:
    facts = {"form": "pink", "date": "2026-11-25", "lines": {"3": {"amount": 200, "days": 1}}}
    asked = rules.read_agreement(PINK, facts)
    assert [(row["line"], row["cap"]) for row in rules.tabulate_lines(asked)] == [("3", None)]


AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10**6), places=2)


@given(st.dictionaries(st.sampled_from(sorted(PINK.parts)), AMOUNTS))
def test_the_total_is_the_exact_sum_of_its_lines(amounts: dict[str, Decimal]) -> None:
    lines = {number: {"amount": amount} for number, amount in amounts.items()}
    asked = rules.read_agreement(PINK, {"form": "pink", "date": "2026-11-25", "lines": lines})
    assert asked.total == sum(amounts.values(), Decimal(0))


def clauses(facts: dict[str, Any], *others: dict[str, Any]) -> list[str | None]:
    """The clauses of everything found on a line of a pink agreement, beside her others."""
    known = tuple(rules.read_agreement(PINK, other).entry for other in others)
    asked = rules.read_agreement(PINK, facts, other_entries=known)
    return [found.clause for found in rules.judge_agreement(asked) if found.where.startswith("/lines")]


WITHIN = st.decimals(Decimal("0.01"), Decimal(2000), places=2)


@given(WITHIN, WITHIN)
def test_whichever_of_two_agreements_comes_second_is_refused_when_both_are_over_the_cap(
    one: Decimal, other: Decimal
) -> None:
    first, second = ({"form": "pink", "date": "2026-11-25", "lines": {"2a": {"amount": each}}} for each in (one, other))
    expected = ["A5.2a"] if one + other > Decimal(2000) else []
    assert [clauses(first, second), clauses(second, first)] == [expected, expected]


def test_judged_alone_nothing_is_said_of_the_client_or_of_her_other_agreements() -> None:
    asked = {"form": "blue", "date": "2026-11-25", "period": PERIOD, "lines": {"7a": {"amount": 800}}}
    facts = {**asked, "drafted_by": ["NGO Coordinator", "manager"]}
    her = client({"date": "2026-11-25", "period": PERIOD, "lines": {"7a": {"amount": 800}}})
    known = rules.read_other_agreements(her, FORMS, facts)
    hers = rules.read_agreement(BLUE, facts, other_entries=known, client=her, tracks=SHELF.tracks)

    assert "agreement/over-cap-together" in [found.code for found in rules.judge_agreement(hers)]
    assert rules.judge_agreement(rules.read_agreement(BLUE, facts)) == ()


PERIOD_FIELD = FORMS["blue"].fields["period"]
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
    assert sentence == "Line 3 has a key that the form does not know (A5.3). Known keys: amount, days, persons."


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
    counts = [read_amount(find_name(asked, name, around), asked, around) for name in ("months", "days")]
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
    assert read_field(PERIOD_FIELD, written) is None


def test_a_period_may_be_one_day() -> None:
    assert read_field(PERIOD_FIELD, {"from": "2026-11-25", "to": "2026-11-25"}) == Span(DAY, DAY)


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
AMOUNTS_IN_TYIYN = st.integers(1, 700_000).map(lambda tyiyn: str(Decimal(tyiyn) / 100))


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
    line = {**draw(keys(form, number, period)), "amount": draw(AMOUNTS_IN_TYIYN)}
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


def caps(form: str, number: str) -> list[Ruling[Verb]]:
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
    monthly = any("each" in ruling.params.facts for ruling in caps(form.name, number))
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
    times = [ruling.params.facts.get("times", ()) for ruling in caps(name, number)]
    assert (left_of(asked(SHELF.form(name), facts, [])) is None) == (not times or bool(times[0]))


def test_every_way_in_which_a_cap_reaches_further_is_met_here() -> None:
    asks = [ruling.params.facts for form, number in CAPPED for ruling in caps(form, number)]
    reached = {(each.get("within", "entry"), "same" in each, "overlaps" in each) for each in asks}
    assert {within for within, _, _ in reached} <= set(REACHES)
    course, period = ("client", True, True), ("client", False, True)
    assert {("stay", False, False), course, period} <= reached


@pytest.mark.parametrize(
    ("kept", "number", "expected"),
    [
        ({}, None, "A0"),
        ({"number": "12"}, "12", "A0"),
        ({"number": "12", "stay": "STAY1"}, "12", "A0"),
        ({"number": "12", "signed": {"on": "2026-11-25"}}, "12", "A0"),
        ({"number": "12"}, "13", None),
        ({"number": "12"}, None, None),
        ({"stay": "STAY1"}, None, None),
        ({"signed": {"on": "2026-11-25"}}, None, None),
        ({"form": "pink"}, None, None),
        ({"number": "12", "form": "pink"}, "12", None),
        ({"number": "12", "void": {"on": "2026-11-25"}}, "12", None),
        ({"number": "12", "terminated": {"on": "2026-11-25"}}, "12", None),
    ],
)
def test_an_agreement_replaces_the_draft_of_its_number_or_the_only_one_without(
    kept: dict[str, Any], number: str | None, expected: str | None
) -> None:
    her = Client({"id": "7QF2-M9KD", "agreements": [{"id": "A0", "form": "blue", **kept}]})
    found = signature.find_draft(her, "blue", number, None)
    assert (found["id"] if found else None) == expected


def test_a_signed_agreement_is_closed_under_the_clause_of_its_form() -> None:
    found = signature.refuse_signed_agreement(BLUE, {"number": "12", "signed": {"on": "2026-11-25"}})
    assert found is not None
    assert (found.code, found.clause, found.where) == ("agreement/signed", "A6.0", "/number")
    assert signature.refuse_signed_agreement(BLUE, {"number": "12"}) is None


def test_the_names_of_a_signature_default_to_the_representatives() -> None:
    facts = {"number": "12", "ngo_representative": "Б.", "iom_representative": "А."}
    assert signature.add_signature(BLUE, facts, {"on": "2026-11-25", "iom_name": "В."}) == {
        **facts,
        "signed": {"ngo_name": "Б.", "iom_name": "В.", "on": "2026-11-25"},
    }


def test_no_name_is_made_up_for_a_signature() -> None:
    assert signature.add_signature(BLUE, {"number": "12"}, {"on": "2026-11-25"})["signed"] == {"on": "2026-11-25"}
