"""An act and its items: by what evidence each is met, what is lacking, what stops the act and what stays open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shelterctl.core.finding import Finding, Outcome, Severity, has_refusal, soften_findings
from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.rule import Repeal, Ruling, Strength
from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules.checklist import (
    checklist_rows,
    find_evidence,
    given_days,
    judge_act,
    judge_items,
    lacking_tracks,
    met_since,
)
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.language import LabelledCode, format_fact, format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.small_rulebook import HER, HOUSE, OUTING, around, ruled, said, yaml

SHELF = open_rulebook()
ADMISSION = SHELF.acts["admission"]
DAY = date(2026, 11, 25)
KINDS = (
    "detailed_interview",
    "application",
    "summary",
    "registration",
    "status_identification",
    "providing_assistance",
)
PAPERS = [{"id": kind, "kind": kind, "on": "2026-11-21"} for kind in KINDS]
INSTRUCTION = {"id": "I1", "on": "2026-11-22", "status": "recognised", "needs": ["medical care"]}


def subject(*, stay: dict[str, Any] | None = None, with_stay: bool = True, **her: Any) -> Context:
    stays = [{"id": "STAY1", **(stay or {})}] if with_stay else []
    client = Client({"id": "7QF2-M9KD", "identity": {}, "stays": stays, **her})
    house = House(SHELF.house_kinds["shelter"], 10, 0)
    return Context(day=DAY, client=client, stay=client.stay, house=house, tracks=SHELF.tracks)


def row(name: str, held: Context) -> str:
    """One item's state and day."""
    (found,) = [row for row in checklist_rows(ADMISSION, held) if row["item"] == name]
    return f"{found['state']} {found['on']}" if found["on"] else str(found["state"])


def lacking_of(one: Item, held: Context) -> tuple[str, ...]:
    return lacking_tracks(one, find_evidence(one, held))


def only(name: str, *later: Ruling[Any] | Repeal) -> Act:
    """The admission with one item alone, and more rulings on it."""
    item = SHELF.items[name]
    return replace(ADMISSION, items=(replace(item, history=(*item.history, *later)),))


def findings_of_act(act: Act, held: Context) -> list[str]:
    return [f"{one.severity} {one.code} {one.clause}" for one in judge_items(act, held)]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ([], "open"),
        ([{"id": "E1", "item": "needs", "on": "2026-11-22"}], "open"),
        ([{"id": "E1", "item": "clothes", "on": "2026-11-22"}], "done 2026-11-22"),
        (
            [{"id": "E1", "item": "clothes", "on": "2026-11-22"}, {"item": "clothes", "on": "2026-11-21"}],
            "done 2026-11-21",
        ),
        ([{"id": "E1", "item": "clothes", "on": "2026-11-22", "void": {"on": "2026-11-23"}}], "open"),
    ],
)
def test_an_item_for_which_a_date_is_enough_is_done_on_its_first_date(
    done: list[dict[str, Any]], expected: str
) -> None:
    assert row("clothes", subject(stay={"done": done})) == expected


@pytest.mark.parametrize(
    ("papers", "instructions", "expected"),
    [
        (PAPERS, [INSTRUCTION], "done 2026-11-21"),
        (PAPERS[1:], [INSTRUCTION], "open"),
        ([*PAPERS, {"id": "D9", "kind": "summary", "on": "2026-11-24"}], [INSTRUCTION], "done 2026-11-24"),
        ([*PAPERS[1:], {**PAPERS[0], "void": {"on": "2026-11-23"}}], [INSTRUCTION], "open"),
        (PAPERS, [], "open"),
        (PAPERS, [{**INSTRUCTION, "needs": []}], "open"),
        (PAPERS, [INSTRUCTION, {**INSTRUCTION, "id": "I2", "needs": []}], "open"),
    ],
)
def test_the_papers_of_iom_are_one_of_each_kind_and_the_last_instruction_with_needs(
    papers: list[dict[str, Any]], instructions: list[dict[str, Any]], expected: str
) -> None:
    held = subject(iom={"documents": papers, "instructions": instructions})
    assert row("iom-documents", held) == expected


def test_what_lacks_of_the_papers_of_iom_is_named() -> None:
    (finding,) = judge_items(only("iom-documents"), subject(iom={"documents": PAPERS[2:]}))
    assert finding.facts["lacking"] == ["detailed_interview", "application", "instructions"]


@pytest.mark.parametrize(
    ("agreement", "expected"),
    [
        ({"stay": "STAY1"}, "done 2026-11-23"),
        ({"stay": "STAY0"}, "open"),
        ({}, "open"),
        ({"stay": "STAY1", "void": {"on": "2026-11-24"}}, "open"),
        ({"stay": "STAY1", "terminated": {"on": "2026-11-24"}}, "done 2026-11-23"),
    ],
)
def test_a_financial_agreement_of_her_stay_is_drafted(agreement: dict[str, Any], expected: str) -> None:
    held = subject(agreements=[{"id": "A1", "form": "pink", "date": "2026-11-23", **agreement}])
    assert row("financial-agreement", held) == expected


@pytest.mark.parametrize(
    ("referral", "expected"),
    [
        ({"sources": ["scme"], "received_at": "2026-11-20T23:50+06:00"}, "done 2026-11-20"),
        ({"sources": ["scme"]}, "done"),
        ({"received_at": "2026-11-20T23:50+06:00"}, "open"),
    ],
)
def test_a_referral_is_there_on_its_own_local_day(referral: dict[str, Any], expected: str) -> None:
    assert row("referral", subject(stay={"referral": referral})) == expected
    assert row("referral", subject(with_stay=False, referral=referral)) == expected


def test_a_client_without_a_stay_owes_only_what_is_asked_of_a_client() -> None:
    asked = [
        one["item"] for one in checklist_rows(ADMISSION, subject(with_stay=False)) if one["state"] != "not_applicable"
    ]
    assert asked == ["referral", "languages", "iom-documents"]
    assert len(list(judge_items(ADMISSION, subject(with_stay=False)))) == len(asked)


def test_the_list_has_every_item_in_the_order_of_the_manual() -> None:
    listed = [(one["item"], one["gate"]) for one in checklist_rows(ADMISSION, subject())]
    assert [name for name, _ in listed] == [item.name for item in ADMISSION.items]
    assert [name for name, gate in listed if gate] == [
        "referral",
        "sex-and-age",
        "place",
        "primary-interview",
        "primary-evaluation",
        "coordinator-agreement",
        "record-opened",
        "rules",
        "rights",
    ]


def test_an_item_is_open_in_the_list_exactly_where_it_is_found_missing() -> None:
    held = subject(stay={"referral": {"sources": ["scme"]}, "done": [{"item": "needs", "on": "2026-11-22"}]})
    opened = [one["item"] for one in checklist_rows(ADMISSION, held) if one["state"] == "open"]
    assert opened == [one.facts["item"] for one in judge_items(ADMISSION, held)]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (Ruling("M3.0.5a/2", DAY, Strength.SHOULD, params={"gate": True}), ["open admission/rules M3.0.5a/2"]),
        (Ruling("M3.0.5a/2", DAY, params={"gate": False}), ["open admission/rules M3.0.5a/2"]),
        (Ruling("M3.0.5a/2", date(2026, 11, 26), params={"gate": False}), ["refuse admission/rules M3.0.5a"]),
        (Repeal("M3.0.5a/2", DAY), []),
    ],
)
def test_an_item_weighs_as_its_ruling_of_the_day_says(later: Ruling[Any] | Repeal, expected: list[str]) -> None:
    assert findings_of_act(only("rules", later), subject()) == expected


def test_everything_that_may_be_missing_can_be_said() -> None:
    for held in (subject(), subject(with_stay=False)):
        for finding in judge_items(ADMISSION, held):
            assert f"({finding.clause})" in format_sentence(finding.message, finding.facts)


def test_every_verb_is_used_on_the_shelf() -> None:
    acts, tracks = SHELF.acts.values(), SHELF.tracks.values()
    ruled = [act.rules for act in acts] + [track.rules for track in tracks]
    ruled += [item.rules for act in acts for item in act.items]
    ruled += [part.rules for track in tracks for part in track.parts.values()]
    assert {rule.verb for rules in ruled for rule in rules} == set(VERBS)


@pytest.mark.parametrize(
    ("kind", "sleeping", "expected"),
    [("shelter", 10, "M1.2.9 open"), ("carc", 16, "M1.0.C3 open"), ("shelter", 0, "M1.2.9 done")],
)
def test_a_full_house_is_listed_under_the_clause_of_its_own_kind(kind: str, sleeping: int, expected: str) -> None:
    held = replace(subject(), house=House(SHELF.house_kinds[kind], sleeping or 1, sleeping))
    (found,) = [f"{row['clause']} {row['state']}" for row in checklist_rows(ADMISSION, held) if row["item"] == "place"]
    assert found == expected


LEAVES = ("{stands: leave, each: {kind: [town, home]}, from: arrival, to: today}",)
BOTH = (
    "{stands: word, where: {said: [go]}, from: arrival, to: today}",
    "{stands: leave, from: arrival, to: today}",
)
TOWN, HOME = ({"kind": kind, "given_on": f"2026-11-1{day}"} for day, kind in enumerate(("town", "home")))
GO = {"day": "2026-11-12", "said": "go"}


def item(*rules: str, **more: Any) -> Item:
    return Item("outdoors", {"en": "Outdoors"}, (Ruling("Z6"),), tuple(map(ruled, rules)), {}, **more)


def days_given(*on: str, **facts: Any) -> dict[str, Any]:
    """Her file in which a day was given for the item, or for another."""
    return {"done": [{"item": "outdoors", "on": day, **facts} for day in on]}


def evidence_of(one: Item, **her: Any) -> tuple[bool, Any]:
    """Whether it is met, and what is lacking or since when."""
    held = around(her)
    told = find_evidence(one, held)
    return (True, str(met_since(one, held))) if told.met else (False, told.facts.get("lacking"))


@pytest.mark.parametrize("how", [{"may_be_given": True}, {"could_be_given": True}])
@pytest.mark.parametrize("rules", [LEAVES, BOTH])
def test_a_day_that_was_given_meets_an_item_whatever_its_rules_say(how: dict[str, bool], rules: Any) -> None:
    one = item(*rules, **how)
    assert evidence_of(one, **days_given("2026-11-20", "2026-11-10")) == (True, "2026-11-10")
    assert evidence_of(one, **days_given("2026-11-20"), leaves=[TOWN, HOME], words=[GO]) == (True, "2026-11-20")
    assert evidence_of(one, leaves=[TOWN, HOME], words=[GO])[0]


@pytest.mark.parametrize(
    "other",
    [
        days_given("2026-11-01"),
        days_given("2026-11-26"),
        days_given("2026-11-10", item="indoors"),
        days_given("2026-11-10", void={"on": "2026-11-11"}),
    ],
    ids=["before she came", "still to come", "of another item", "struck through"],
)
def test_what_else_was_done_does_not(other: dict[str, Any]) -> None:
    one = item(*LEAVES, may_be_given=True)
    assert given_days(one, around(other)) == []
    assert evidence_of(one, **other) == (False, ["town", "home"])


def test_before_she_came_any_day_by_today_counts() -> None:
    news = {"stays": [{"id": "S1", "referral": {"received_at": "2026-11-20T09:00+06:00"}}]}
    assert given_days(item(may_be_given=True), around({**news, **days_given("2026-11-01")})) == [date(2026, 11, 1)]


def test_where_no_day_was_ever_enough_none_counts() -> None:
    assert evidence_of(item(*LEAVES), **days_given("2026-11-10")) == (False, ["town", "home"])
    assert evidence_of(item(), **days_given("2026-11-10"))[0]


def test_a_day_alone_needs_no_rule() -> None:
    assert evidence_of(item(may_be_given=True)) == (False, None)
    assert evidence_of(item(may_be_given=True), **days_given("2026-11-10")) == (True, "2026-11-10")


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        ([], (False, ["town", "home"])),
        ([HOME], (False, ["town"])),
        ([TOWN, HOME], (True, "2026-11-11")),
        ([TOWN, HOME, {**TOWN, "given_on": "2026-11-20"}], (True, "2026-11-11")),
        ([TOWN, {**HOME, "given_on": "2026-11-01"}], (False, ["home"])),
        ([TOWN, {**HOME, "void": {"on": "2026-11-12"}}], (False, ["home"])),
        ([TOWN, {**HOME, "taken_back_on": "2026-11-20"}], (False, ["home"])),
        ([TOWN, {**HOME, "taken_back_on": "2026-11-26"}], (True, "2026-11-11")),
    ],
)
def test_of_each_kind_the_first_that_still_lives_counts(leaves: Any, expected: Any) -> None:
    assert evidence_of(item(*LEAVES), leaves=leaves) == expected


def test_what_is_lacking_is_told_in_words_and_named_by_its_track() -> None:
    one, nothing = item(*BOTH), around()
    told = find_evidence(one, nothing).facts["lacking"]
    assert told == ["word", "leave"] == [*lacking_of(one, nothing)]
    assert [format_fact(each, "en") for each in told if isinstance(each, LabelledCode)] == [
        "the last word",
        "a leave to go out",
    ]
    assert lacking_of(one, around({"words": [GO]})) == ("leave",)
    assert lacking_of(item(*BOTH, could_be_given=True), around(days_given("2026-11-10"))) == ()
    assert find_evidence(item(BOTH[0]), nothing).facts == {}, "of one thing nothing is told apart"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{stands: leave}", ["leave"]),
        ("{stands: leave, to: today}", ["leave"]),
        ("{stands: leave, where: {taken_back_on: [there]}, to: today}", []),
        ("{stands: leave, where: {taken_back_on: [there, absent]}, to: today}", []),
        ("{stands: leave, where: {taken_back_on: [absent]}, none: true}", []),
        ("{stands: leave, where: {given_on: [there]}}", ["leave"]),
    ],
)
def test_what_is_over_stands_only_where_its_end_is_asked_for(rule: str, expected: list[str]) -> None:
    over = {"leaves": [{**TOWN, "taken_back_on": "2026-11-20"}]}
    assert said(rule, "{}", around(over)) == expected


def test_what_has_a_life_is_looked_at_on_the_last_day_that_is_named() -> None:
    later = around({"leaves": [TOWN]}, day="2026-11-03")
    assert said("{stands: leave, to: today}", "{}", later) == []
    assert said("{stands: leave}", "{}", later) == ["leave"]


NOTHING: list[tuple[str, str]] = []
SEEN = "{day: '2026-11-10', by: s-aida}"
TWO_LEAVES = [{"kind": "town", "given_on": "2026-11-10"}, {"kind": "home", "given_on": "2026-11-12"}]
WORDS = [{"day": "2026-11-11", "said": "go"}]


def held(visit: str = SEEN, day: str = "2026-11-25", her: Mapping[str, Any] | None = None, **more: Any) -> Context:
    stay = {**HER["stays"][0], "visit": yaml(visit)}
    hers = {"leaves": TWO_LEAVES, "words": WORDS, **(her or {}), "stays": [stay]}
    return around(hers, day, **{"house": HOUSE, **more})


def judged(stood: Context) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in judge_act(OUTING, stood)]


def test_with_all_its_evidence_nothing_is_said() -> None:
    assert judged(held()) == NOTHING
    assert {row["item"]: (row["state"], str(row["on"])) for row in checklist_rows(OUTING, held())} == {
        "visit": ("done", "2026-11-10"),
        "leaves": ("done", "2026-11-12"),
        "word": ("done", "2026-11-11"),
    }


@pytest.mark.parametrize(
    ("stood", "found"),
    [
        (held("{day: '2026-11-10'}"), [("outing/visit", "refuse")]),
        (held("{}"), [("outing/visit", "refuse")]),
        (held("{day: '2026-11-26', by: s-aida}"), [("outing/dated-after", "refuse")]),
        (held("{day: '2026-11-25', by: s-aida}"), NOTHING),
        (held(her={"leaves": TWO_LEAVES[:1]}), [("outing/leaves", "open")]),
        (held(her={"leaves": TWO_LEAVES[:1]}, day="2026-12-31", today=date(2027, 1, 1)), [("outing/leaves", "open")]),
        (held(her={"leaves": TWO_LEAVES[:1]}, day="2027-01-01", today=date(2027, 1, 1)), [("outing/leaves", "refuse")]),
        (held(her={"words": []}), [("outing/word", "open")]),
        (held(her={"words": []}, day="2027-05-31", today=date(2027, 6, 1)), [("outing/word", "open")]),
        (held(her={"words": []}, day="2027-06-01", today=date(2027, 6, 1)), NOTHING),
        (held(house=None), [("track/needs", "open")]),
        (held(day="2026-11-26"), [("track/dated", "refuse")]),
    ],
)
def test_what_is_missing_refuses_at_the_gate_and_is_open_elsewhere(
    stood: Context, found: list[tuple[str, str]]
) -> None:
    assert judged(stood) == found


def test_a_rule_that_speaks_for_an_item_is_said_instead_of_it() -> None:
    before = held("{}", day="2026-11-01", her={"leaves": TWO_LEAVES, "words": WORDS})
    assert [code for code, _ in judged(before)] == ["track/dated", "outing/leaves"]


def test_what_softens_an_act_leaves_it_open_in_words_of_its_own() -> None:
    (found,) = judge_act(OUTING, held("{well: true}"))
    assert (found.severity, found.clause) == ("open", "Z6.1")
    assert format_sentence(found.message, found.facts) == "She is well; the visit may follow (Z6.1)."
    assert judged(held("{well: false}")) == [("outing/visit", "refuse")]


def test_without_a_stay_only_what_is_asked_of_every_client_is_missing() -> None:
    nowhere = around({"stays": []}, house=HOUSE)
    assert judged(nowhere) == [("outing/leaves", "open"), ("outing/word", "open")]
    assert {row["item"]: row["state"] for row in checklist_rows(OUTING, nowhere)}["visit"] == "not_applicable"


def test_what_is_lacking_is_told_by_name() -> None:
    (found,) = judge_act(OUTING, held(her={"leaves": TWO_LEAVES[:1]}))
    assert found.facts["lacking"] == ["home"]


FOUND = {severity: Finding(code=f"test/{severity}", message="text", severity=severity) for severity in Severity}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([], False),
        ([Severity.WARN], False),
        ([Severity.OPEN], False),
        ([Severity.REFUSE], True),
        ([Severity.OPEN, Severity.REFUSE, Severity.WARN], True),
    ],
)
def test_only_a_refusal_stops_an_act(weights: list[Severity], expected: bool) -> None:
    findings = tuple(FOUND[weight] for weight in weights)
    assert (has_refusal(findings), Outcome(findings=findings).refused) == (expected, expected)


def test_where_nothing_is_asked_for_a_refusal_stays_open_and_the_rest_is_as_it_was() -> None:
    found = soften_findings([FOUND[Severity.REFUSE], FOUND[Severity.OPEN], FOUND[Severity.WARN]])
    assert [(one.code, one.severity) for one in found] == [
        ("test/refuse", Severity.OPEN),
        ("test/open", Severity.OPEN),
        ("test/warn", Severity.WARN),
    ]


def test_a_finding_refuses_where_nothing_else_is_said() -> None:
    assert Finding(code="test/x", message="text").severity is Severity.REFUSE
