"""One item of an act: a day that was given for it, or its own rules; what is lacking, and since when it is met."""

from datetime import date
from typing import Any

import pytest
from small import around, ruled, said

from shelterctl.core.manual.act import Item
from shelterctl.core.manual.rule import Ruling
from shelterctl.core.rules.checklist import find_evidence, given_days, lacking_tracks, met_since
from shelterctl.language import LabelledCode, format_fact

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


def found(one: Item, **her: Any) -> tuple[bool, Any]:
    """Whether it is met, and what is lacking or since when."""
    held = around(her)
    told = find_evidence(one, held)
    return (True, str(met_since(one, held))) if told.met else (False, told.facts.get("lacking"))


@pytest.mark.parametrize("how", [{"may_be_given": True}, {"could_be_given": True}])
@pytest.mark.parametrize("rules", [LEAVES, BOTH])
def test_a_day_that_was_given_meets_an_item_whatever_its_rules_say(how: dict[str, bool], rules: Any) -> None:
    one = item(*rules, **how)
    assert found(one, **days_given("2026-11-20", "2026-11-10")) == (True, "2026-11-10")
    assert found(one, **days_given("2026-11-20"), leaves=[TOWN, HOME], words=[GO]) == (True, "2026-11-20")
    assert found(one, leaves=[TOWN, HOME], words=[GO])[0]


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
    assert found(one, **other) == (False, ["town", "home"])


def test_before_she_came_any_day_by_today_counts() -> None:
    news = {"stays": [{"id": "S1", "referral": {"received_at": "2026-11-20T09:00+06:00"}}]}
    assert given_days(item(may_be_given=True), around({**news, **days_given("2026-11-01")})) == [date(2026, 11, 1)]


def test_where_no_day_was_ever_enough_none_counts() -> None:
    assert found(item(*LEAVES), **days_given("2026-11-10")) == (False, ["town", "home"])
    assert found(item(), **days_given("2026-11-10"))[0]


def test_a_day_alone_needs_no_rule() -> None:
    assert found(item(may_be_given=True)) == (False, None)
    assert found(item(may_be_given=True), **days_given("2026-11-10")) == (True, "2026-11-10")


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
    assert found(item(*LEAVES), leaves=leaves) == expected


def test_what_is_lacking_is_told_in_words_and_named_by_its_track() -> None:
    one, nothing = item(*BOTH), around()
    told = find_evidence(one, nothing).facts["lacking"]
    assert told == ["word", "leave"] == [*lacking_tracks(one, nothing)]
    assert [format_fact(each, "en") for each in told if isinstance(each, LabelledCode)] == [
        "the last word",
        "a leave to go out",
    ]
    assert lacking_tracks(one, around({"words": [GO]})) == ("leave",)
    assert lacking_tracks(item(*BOTH, could_be_given=True), around(days_given("2026-11-10"))) == ()
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
