"""What a rule says beside its verb, and what a change of rules by data alone does to an agreement."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shelterctl.core.finding import Finding
from shelterctl.core.manual.rule import Repeal, Ruling, Strength, Verb
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money import agreement as rules
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules.judgement import judge_rules
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.small_rulebook import ERRAND, around, errand, others, ruled, said, yaml
from tests.support.written_rules import SlipError

NOTHING: list[str] = []


def judge_rule(rule: str, written: str = "{}", **held: Any) -> list[Finding]:
    return list(judge_rules([ruled(rule)], errand(written), around(**held)))


@pytest.mark.parametrize(
    ("when", "written", "asked"),
    [
        ("{kind: [fetch, bring]}", "{kind: bring}", True),
        ("{kind: [fetch]}", "{kind: bring}", False),
        ("{kind: [fetch]}", "{}", False),
        ("{things: [coat]}", "{things: [shoes, coat]}", True),
        ("{done: ['yes']}", "{done: true}", True),
        ("{done: ['yes']}", "{done: false}", False),
        ("{done: ['no']}", "{done: false}", True),
        ("{done: ['no']}", "{}", False),
        ("{done: [unknown]}", "{done: unknown}", True),
        ("{done: [there]}", "{done: unknown}", True),
        ("{title: [there]}", "{title: Почта}", True),
        ("{title: [there]}", "{}", False),
        ("{title: [absent]}", "{}", True),
        ("{notes: [absent]}", "{notes: []}", True),
        ("{notes: [there]}", "{notes: []}", False),
        ("{kind: [fetch], title: [there]}", "{kind: fetch}", False),
        ("{kind: [fetch], title: [there]}", "{kind: fetch, title: Почта}", True),
        ("{stay: [there]}", "{}", True),
        ("{discharge: [absent]}", "{}", True),
        ("{house: [shelter]}", "{}", False),
        ("{identity.sex: [female]}", "{}", False),
        ("{word.said: [go]}", "{}", True),
    ],
)
def test_when_it_is_asked(when: str, written: str, asked: bool) -> None:
    her = yaml("{words: [{day: '2026-11-09', said: stay}, {day: '2026-11-10', said: go}]}")
    assert bool(said(f"{{needs: reason, when: {when}}}", written, around(her))) is asked


def test_what_is_struck_through_says_nothing() -> None:
    her = yaml("{words: [{day: '2026-11-09', said: stay}, {day: '2026-11-10', said: go, void: {reason: slip}}]}")
    assert said("{needs: reason, when: {word.said: [go]}}", "{}", around(her)) == NOTHING


def test_a_reason_lets_it_pass() -> None:
    rule = "{amount: price, at_most: 5, unless: reason}"
    assert said(rule, "{price: 6}") == ["price over"]
    assert said(rule, "{price: 6, reason: Дорога}") == NOTHING
    assert said(rule, "{price: 6, reason: ' '}") == ["price over"]


@pytest.mark.parametrize(
    ("more", "acts", "severity"),
    [
        ("", (), "open"),
        ("", ("record",), "refuse"),
        (", act: sign", ("record",), "open"),
        (", act: sign", ("record", "sign"), "refuse"),
        (", strength: should", ("record",), "open"),
        (", strength: note", ("record",), "warn"),
        (", strength: note, act: sign", ("sign",), "warn"),
    ],
)
def test_how_heavy_it_weighs(more: str, acts: tuple[str, ...], severity: str) -> None:
    (found,) = judge_rule(f"{{needs: title{more}}}", acts=frozenset(acts))
    assert found.severity == severity


def test_a_strength_and_a_clause_may_change_from_a_day_on() -> None:
    rule = "{needs: title, strength: should, clause: A, later: [{since: 2027-01-01, strength: shall, clause: B}]}"
    for day, told in (("2026-12-31", ("open", "A")), ("2027-01-01", ("refuse", "B"))):
        (found,) = judge_rule(rule, day=day, acts=frozenset({"record"}))
        assert (found.severity, found.clause) == told


@pytest.mark.parametrize(
    "later", ["[{at_most: 7, clause: B}]", "[{since: 2027-01-01, clause: B}, {since: 2026-01-01, clause: C}]"]
)
def test_a_history_is_in_order(later: str) -> None:
    with pytest.raises(SlipError):
        ruled(f"{{amount: price, at_most: 5, later: {later}}}")


@pytest.mark.parametrize(
    ("rule", "written", "where"),
    [
        ("{needs: title}", "{}", "/errands/0/title"),
        ("{needs: paper.number}", "{paper: {}}", "/errands/0/paper/number"),
        ("{needs: word.said}", "{}", "/words/said"),
        ("{dated: span.to, to: today}", "{span: 2026-11-01..2027-01-01}", "/errands/0/span/to"),
    ],
)
def test_a_finding_points_to_what_is_wrong(rule: str, written: str, where: str) -> None:
    (found,) = judge_rule(rule, written)
    assert found.where == where


def test_a_finding_is_named_by_its_verb_or_by_its_own_code() -> None:
    assert [one.code for one in judge_rule("{needs: title}")] == ["track/needs"]
    assert [one.code for one in judge_rule("{needs: title, code: agreement/lines}")] == ["agreement/lines"]


def test_what_two_rules_say_in_the_same_words_is_told_once() -> None:
    rules = [ruled("{needs: title}"), ruled("{needs: title, when: {done: [absent]}}")]
    assert len(list(judge_rules(rules, errand("{}"), around()))) == 1


def test_a_field_of_a_part_is_looked_for_in_the_part_then_in_its_entry() -> None:
    part = FormPart("1", {"en": "one"}, {"price": ERRAND.fields["price"]}, (), ())
    whole = errand("{price: 7, persons: 3}")
    line = read_entry(part, {"price": 9}, "/errands/0/lines/1", whole)
    (found,) = judge_rules([ruled("{amount: price, at_most: 2, times: [persons]}")], line, around())
    assert found.where == "/errands/0/lines/1/price"
    assert not list(judge_rules([ruled("{amount: price, at_most: 3, times: [persons]}")], line, around()))


def test_the_same_part_of_her_other_entries_counts_together() -> None:
    part, other = (FormPart(number, {}, {"price": ERRAND.fields["price"]}, (), ()) for number in "12")
    one, another = (_with_parts(whole, part, other) for whole in others("{day: '2026-11-01'}", "{day: '2026-11-02'}"))
    rule = ruled("{amount: price, at_most: 17, within: client}")
    assert not list(judge_rules([rule], one.parts[0], around()))
    assert [found.where for found in judge_rules([rule], one.parts[0], around(other_entries=(another,)))] == [
        "/1/price"
    ]


def _with_parts(whole: Entry, *parts: FormPart) -> Entry:
    lines = tuple(read_entry(part, {"price": 9}, f"/{part.number}", whole) for part in parts)
    return Entry(whole.definition, whole.written, whole.where, whole.values, parts=lines)


PINK = open_rulebook().form("pink")
LINE = PINK.parts["2a"]
NEW_YEAR = date(2027, 1, 1)


def judge_lines(form: Track, day: str, amount: str) -> list[str]:
    facts = {"form": form.name, "date": day, "lines": {"2a": {"amount": amount}}}
    return [
        f"{found.severity} {found.code} {found.clause}"
        for found in rules.judge_agreement(rules.read_agreement(form, facts))
        if found.where.startswith("/lines")
    ]


def revised(*later: Ruling[Any] | Repeal) -> Track:
    """The pink form with more rulings on the cap of line 2a."""
    (rule,) = LINE.rules
    return with_line(replace(LINE, rules=(replace(rule, history=(*rule.history, *later)),)))


def restood(*later: Ruling[Any] | Repeal) -> Track:
    """The pink form with more rulings on whether line 2a stands on it."""
    return with_line(replace(LINE, standing=(*LINE.standing, *later)))


def with_line(line: FormPart) -> Track:
    return replace(PINK, parts={**PINK.parts, "2a": line})


def cap(at_most: int, strength: Strength = Strength.SHALL) -> Ruling[Verb]:
    return Ruling("A5.2a/2027", NEW_YEAR, strength, params=Amount(at_most=at_most, within="stay"))


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
    assert judge_lines(revised(cap(2400)), day, amount) == expected


@pytest.mark.parametrize(("day", "expected"), [("2026-12-31", ["refuse agreement/over-cap A5.2a"]), ("2027-01-01", [])])
def test_a_repealed_cap_is_gone_from_its_day(day: str, expected: list[str]) -> None:
    assert judge_lines(revised(Repeal("A5.2a/2027", NEW_YEAR)), day, "9999") == expected


@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        (Strength.SHOULD, ["open agreement/over-cap A5.2a/2027"]),
        (Strength.NOTE, ["warn agreement/over-cap A5.2a/2027"]),
    ],
)
def test_a_softened_cap_refuses_no_more(strength: Strength, expected: list[str]) -> None:
    assert judge_lines(revised(cap(2000, strength)), "2027-01-01", "2000.01") == expected


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-12-31", []), ("2027-01-01", ["refuse agreement/unknown-line A5.2a/2027"])]
)
def test_a_repealed_line_is_not_on_the_form_any_more(day: str, expected: list[str]) -> None:
    assert judge_lines(restood(Repeal("A5.2a/2027", NEW_YEAR)), day, "100") == expected


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
