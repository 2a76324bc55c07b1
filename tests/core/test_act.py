"""By what evidence an item of an act is met, and the list as a person sees it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.rule import RULE_VERBS, Repeal, Ruling, Strength
from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules.checklist import checklist_rows, judge_items
from shelterctl.core.rules.context import Context
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

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


def only(name: str, *later: Ruling | Repeal) -> Act:
    """The admission with one item alone, and more rulings on it."""
    item = SHELF.items[name]
    return replace(ADMISSION, items=(replace(item, history=(*item.history, *later)),))


def found(act: Act, held: Context) -> list[str]:
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
def test_an_item_weighs_as_its_ruling_of_the_day_says(later: Ruling | Repeal, expected: list[str]) -> None:
    assert found(only("rules", later), subject()) == expected


def test_everything_that_may_be_missing_can_be_said() -> None:
    for held in (subject(), subject(with_stay=False)):
        for finding in judge_items(ADMISSION, held):
            assert f"({finding.clause})" in format_sentence(finding.message, finding.facts)


def test_every_verb_is_used_on_the_shelf() -> None:
    acts, tracks = SHELF.acts.values(), SHELF.tracks.values()
    ruled = [act.rules for act in acts] + [track.rules for track in tracks]
    ruled += [item.rules for act in acts for item in act.items]
    ruled += [part.rules for track in tracks for part in track.parts.values()]
    assert {rule.verb for rules in ruled for rule in rules} == set(RULE_VERBS)


@pytest.mark.parametrize(
    ("kind", "sleeping", "expected"),
    [("shelter", 10, "M1.2.9 open"), ("carc", 16, "M1.0.C3 open"), ("shelter", 0, "M1.2.9 done")],
)
def test_a_full_house_is_listed_under_the_clause_of_its_own_kind(kind: str, sleeping: int, expected: str) -> None:
    held = replace(subject(), house=House(SHELF.house_kinds[kind], sleeping or 1, sleeping))
    (found,) = [f"{row['clause']} {row['state']}" for row in checklist_rows(ADMISSION, held) if row["item"] == "place"]
    assert found == expected
