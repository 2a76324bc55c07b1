"""What a change of the rules by data alone does to an agreement: new numbers, softer rules, repealed ones."""

from dataclasses import replace
from datetime import date

import pytest

from shelterctl.core.manual.rule import Repeal, Ruling, Strength
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money import agreement as rules
from shelterctl.rulebook.rulebook import open_rulebook

PINK = open_rulebook().form("pink")
LINE = PINK.parts["2a"]
NEW_YEAR = date(2027, 1, 1)


def judged(form: Track, day: str, amount: str) -> list[str]:
    facts = {"form": form.name, "date": day, "lines": {"2a": {"amount": amount}}}
    return [
        f"{found.severity} {found.code} {found.clause}"
        for found in rules.judge_agreement(rules.read_agreement(form, facts))
        if found.where.startswith("/lines")
    ]


def revised(*later: Ruling | Repeal) -> Track:
    """The pink form with more rulings on the cap of line 2a."""
    (rule,) = LINE.rules
    return with_line(replace(LINE, rules=(replace(rule, history=(*rule.history, *later)),)))


def restood(*later: Ruling | Repeal) -> Track:
    """The pink form with more rulings on whether line 2a stands on it."""
    return with_line(replace(LINE, standing=(*LINE.standing, *later)))


def with_line(line: FormPart) -> Track:
    return replace(PINK, parts={**PINK.parts, "2a": line})


def cap(at_most: int, strength: Strength = Strength.SHALL) -> Ruling:
    return Ruling("A5.2a/2027", NEW_YEAR, strength, params={"at_most": at_most, "within": "stay"})


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
    assert judged(restood(Repeal("A5.2a/2027", NEW_YEAR)), day, "100") == expected


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 12, 31), "A5.2a"), (NEW_YEAR, "A5.2a/2027")])
def test_a_line_is_cited_by_the_clause_of_the_day(day: date, expected: str) -> None:
    assert restood(Ruling("A5.2a/2027", NEW_YEAR)).parts["2a"].clause(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 31), "Summer clothes/ footwear – max. 2000 Soms"),
        (NEW_YEAR, "Summer clothes/ footwear – max. 2400 Soms"),
    ],
)
def test_the_printed_line_has_the_limit_in_force(day: date, expected: str) -> None:
    assert rules.printed_line_text(revised(cap(2400)).parts["2a"], day)["en"] == expected


def test_a_limit_that_is_repealed_is_printed_as_a_dash() -> None:
    line = revised(Repeal("A5.2a/2027", NEW_YEAR)).parts["2a"]
    assert rules.printed_line_text(line, NEW_YEAR)["en"] == "Summer clothes/ footwear – max. — Soms"
