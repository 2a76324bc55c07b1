"""Which draft an agreement replaces, what it adds up to, and what a change of the rules by data alone does to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core import agreement as rules
from shelterctl.core.asked import read_agreement
from shelterctl.core.form import Form
from shelterctl.core.record import Client
from shelterctl.core.ruling import History, Repeal, Ruling, Strength
from shelterctl.library import open_shelf

FORMS = open_shelf().forms
BLUE, PINK = FORMS["blue"], FORMS["pink"]
PERIOD = {"from": "2026-12-01", "to": "2027-02-28"}
NEW_YEAR = date(2027, 1, 1)


def client(*agreements: dict[str, Any]) -> Client:
    facts = [{"id": f"A{number}", "form": "blue", **agreement} for number, agreement in enumerate(agreements)]
    return Client({"id": "7QF2-M9KD", "agreements": facts})


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
    found = rules.draft(client(kept), "blue", number, None)
    assert (found["id"] if found else None) == expected


def test_a_signed_agreement_is_closed_under_the_clause_of_its_form() -> None:
    found = rules.closed(BLUE, {"number": "12", "signed": {"on": "2026-11-25"}})
    assert found is not None
    assert (found.code, found.clause, found.where) == ("agreement/signed", "A6.0", "/number")
    assert rules.closed(BLUE, {"number": "12"}) is None


def test_her_other_agreements_are_the_live_ones_besides_this() -> None:
    her = client(
        {"date": "2026-11-25"},
        {"date": "2026-11-25", "void": {"on": "2026-11-25"}},
        {"date": "2026-11-25", "terminated": {"on": "2026-11-25"}},
        {"date": "2026-11-25", "form": "green"},
        {"date": "2026-11-25", "form": "pink"},
    )
    assert [other.facts["id"] for other in rules.others_of(her, FORMS, "A0")] == ["A2", "A4"]


def test_the_names_of_a_signature_default_to_the_representatives() -> None:
    facts = {"number": "12", "ngo_representative": "Б.", "iom_representative": "А."}
    assert rules.signed(BLUE, facts, {"on": "2026-11-25", "iom_name": "В."}) == {
        **facts,
        "signed": {"ngo_name": "Б.", "iom_name": "В.", "on": "2026-11-25"},
    }


def test_no_name_is_made_up_for_a_signature() -> None:
    assert rules.signed(BLUE, {"number": "12"}, {"on": "2026-11-25"})["signed"] == {"on": "2026-11-25"}


def test_the_table_has_each_line_with_its_amount_and_its_cap() -> None:
    lines = {"1c": {"amount": 100}, "4": {"rate": 600, "months": 3}, "6": {"rate": 1500, "months": ["2026-12"]}}
    asked = read_agreement({"form": "blue", "date": "2026-11-25", "lines": lines}, BLUE)
    assert [(row["line"], row["amount"], row["cap"], row["clause"]) for row in rules.table(asked)] == [
        ("1c", Decimal(100), None, "A6.1c"),
        ("4", Decimal(1800), Decimal(3000), "A6.4"),
        ("6", Decimal(1500), Decimal(1500), "A6.6"),
    ]
    assert asked.total == Decimal(3400)


def test_a_cap_is_not_known_while_its_numbers_are_missing() -> None:
    asked = read_agreement({"form": "pink", "date": "2026-11-25", "lines": {"3": {"amount": 200, "days": 1}}}, PINK)
    assert [(row["line"], row["cap"]) for row in rules.table(asked)] == [("3", None)]


AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10**6), places=2)


@given(st.dictionaries(st.sampled_from(sorted(PINK.lines)), AMOUNTS))
def test_the_total_is_the_exact_sum_of_its_lines(amounts: dict[str, Decimal]) -> None:
    lines = {number: {"amount": amount} for number, amount in amounts.items()}
    asked = read_agreement({"form": "pink", "date": "2026-11-25", "lines": lines}, PINK)
    assert asked.total == sum(amounts.values(), Decimal(0))


def clauses(facts: dict[str, Any], *others: dict[str, Any]) -> list[str | None]:
    """The clauses of everything found on a line of a pink agreement, beside her others."""
    setting = rules.setting_of(PINK, facts, tuple(read_agreement(other, PINK) for other in others))
    return [found.clause for found in rules.judge(PINK, setting) if found.where.startswith("/lines")]


WITHIN = st.decimals(Decimal("0.01"), Decimal(2000), places=2)


@given(WITHIN, WITHIN)
def test_whichever_of_two_agreements_comes_second_is_refused_when_both_are_over_the_cap(
    one: Decimal, other: Decimal
) -> None:
    first, second = ({"form": "pink", "date": "2026-11-25", "lines": {"2a": {"amount": each}}} for each in (one, other))
    expected = ["A5.2a"] if one + other > Decimal(2000) else []
    assert [clauses(first, second), clauses(second, first)] == [expected, expected]


def judged(form: Form, day: str, amount: str) -> list[str]:
    facts = {"form": form.name, "date": day, "lines": {"2a": {"amount": amount}}}
    setting = rules.setting_of(form, facts, ())
    return [
        f"{found.severity} {found.code} {found.clause}"
        for found in rules.judge(form, setting)
        if found.where.startswith("/lines")
    ]


def revised(*later: Ruling | Repeal, word: str = "cap") -> Form:
    """The pink form with more rulings on the cap, or on the standing, of line 2a."""
    line = PINK.lines["2a"]
    if word == "standing":
        changed = replace(line, standing=(*line.standing, *later))
    else:
        history: History = (*line.rules["cap"]["amount"], *later)
        changed = replace(line, rules={**line.rules, "cap": {"amount": history}})
    return replace(PINK, lines={**PINK.lines, "2a": changed})


def cap(at_most: int, strength: Strength = Strength.SHALL) -> Ruling:
    return Ruling("A5.2a/2027", NEW_YEAR, strength, asks={"at_most": at_most, "times": [], "within": "stay"})


@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        ("2026-12-31", "2000", []),
        ("2026-12-31", "2000.01", ["refuse agreement/over-cap A5.2a"]),
        ("2027-01-01", "2400", []),
        ("2027-01-01", "2400.01", ["refuse agreement/over-cap A5.2a/2027"]),
    ],
)
def test_a_revised_cap_holds_from_its_first_day(day: str, amount: str, expected: list[str]) -> None:
    assert judged(revised(cap(2400)), day, amount) == expected


@pytest.mark.parametrize(("day", "expected"), [("2026-12-31", ["refuse agreement/over-cap A5.2a"]), ("2027-01-01", [])])
def test_a_repealed_cap_is_gone_from_its_day(day: str, expected: list[str]) -> None:
    assert judged(revised(Repeal("A5.2a/2027", NEW_YEAR)), day, "9999") == expected


@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        (Strength.SHOULD, ["open agreement/over-cap A5.2a/2027"]),
        (Strength.NOTE, ["warn agreement/over-cap A5.2a/2027"]),
    ],
)
def test_a_softened_cap_refuses_no_more(strength: Strength, expected: list[str]) -> None:
    assert judged(revised(cap(2000, strength)), "2027-01-01", "2000.01") == expected


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-12-31", []), ("2027-01-01", ["refuse agreement/unknown-line A5.2a/2027"])]
)
def test_a_repealed_line_is_not_on_the_form_any_more(day: str, expected: list[str]) -> None:
    assert judged(revised(Repeal("A5.2a/2027", NEW_YEAR), word="standing"), day, "100") == expected


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 12, 31), "A5.2a"), (NEW_YEAR, "A5.2a/2027")])
def test_a_line_is_cited_by_the_clause_of_the_day(day: date, expected: str) -> None:
    assert revised(Ruling("A5.2a/2027", NEW_YEAR), word="standing").lines["2a"].clause(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 31), "Summer clothes/ footwear – max. 2000 Soms"),
        (NEW_YEAR, "Summer clothes/ footwear – max. 2400 Soms"),
    ],
)
def test_the_printed_line_has_the_limit_in_force(day: date, expected: str) -> None:
    assert rules.printed(revised(cap(2400)).lines["2a"], day)["en"] == expected


def test_a_limit_that_is_repealed_is_printed_as_a_dash() -> None:
    line = revised(Repeal("A5.2a/2027", NEW_YEAR)).lines["2a"]
    assert rules.printed(line, NEW_YEAR)["en"] == "Summer clothes/ footwear – max. — Soms"


def test_judged_alone_nothing_is_said_of_the_client_or_of_her_other_agreements() -> None:
    asked = {"form": "blue", "date": "2026-11-25", "period": PERIOD, "lines": {"7a": {"amount": 800}}}
    facts = {**asked, "drafted_by": ["NGO Coordinator", "manager"]}
    her = client({"date": "2026-11-25", "period": PERIOD, "lines": {"7a": {"amount": 800}}})
    hers = rules.setting_of(BLUE, facts, rules.others_of(her, FORMS, None), client=her)

    assert "agreement/over-cap-together" in [found.code for found in rules.judge(BLUE, hers)]
    assert [found.code for found in rules.judge(BLUE, rules.setting_of(BLUE, facts, ()))] == []
