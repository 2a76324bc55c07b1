"""What an agreement adds up to, which others of hers count beside it, and what is said of it alone."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.money import agreement as rules
from shelterctl.core.record.client import Client
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
