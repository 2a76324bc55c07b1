"""Leaving the house: with IOM, or by her own decision."""

from datetime import date
from typing import Any

import pytest

from shelterctl.act.discharge import judge_discharge
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record.client import Client
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session

SHELF = open_rulebook()
TODAY = date(2026, 11, 25)
LEAVING = {
    "on": "2026-11-25",
    "planned_on": "2026-11-25",
    "iom_representative": "NGO Coordinator",
    "iom_consulted_on": "2026-11-24",
    "social_worker": "s-gulnara",
    "items_returned": True,
    "release_provisions": "a room with her aunt",
}
STAY: dict[str, Any] = {
    "id": "STAY1",
    "admission": {"admitted_on": "2026-06-01"},
    "done": [{"id": "E1", "item": "interim-review", "on": "2026-11-25"}],
    "discharge": LEAVING,
}


def her(*stays: dict[str, Any]) -> Client:
    return Client({"id": "7QF2-M9KD", "stays": list(stays)})


def discharge(before: Client, after: Client, day: date) -> tuple[Finding, ...]:
    """What is said to her discharge, by her file as it was and as it would be."""
    session = Session(options=Options(as_of=TODAY.isoformat()))
    vars(session)["store"] = None
    return judge_discharge(session, before.stay, after, day)


def judged(day: date = TODAY, before: date | None = None, **stay: Any) -> list[str]:
    was = {**STAY, **stay, "discharge": {"on": before.isoformat()} if before else {}}
    found = discharge(her(was), her({**STAY, **stay}), day)
    assert [one.clause for one in found if one.clause not in SHELF.clauses] == []
    weight = {Severity.REFUSE: "refuse", Severity.OPEN: "open"}
    return [f"{weight[one.severity]} {one.code} {one.clause}" for one in found]


def without(*names: str, **own: Any) -> dict[str, Any]:
    return {**{name: value for name, value in LEAVING.items() if name not in names}, **own}


def test_whoever_leaves_with_all_of_it_leaves_nothing_open() -> None:
    assert judged() == []


@pytest.mark.parametrize("lacking", ["iom_representative", "iom_consulted_on"])
def test_nobody_is_discharged_without_iom(lacking: str) -> None:
    assert judged(discharge=without(lacking)) == ["refuse discharge/iom-consulted M2.1.4"]


def test_iom_is_asked_on_the_day_or_before() -> None:
    late = without(iom_consulted_on="2026-11-26")
    assert judged(discharge=late) == ["refuse discharge/dated-after M2.1.4"]


@pytest.mark.parametrize("lacking", ["iom_representative", "iom_consulted_on"])
def test_whoever_leaves_by_her_own_decision_is_not_held(lacking: str) -> None:
    left = without(lacking, by_own_decision=True)
    assert judged(discharge=left) == ["open discharge/iom-consulted M2.1.4"]


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        ("planned_on", "open discharge/planned-date M2.2.6"),
        ("social_worker", "open discharge/social-worker M2.2.6"),
        ("items_returned", "open discharge/items-returned A2.5"),
        ("release_provisions", "open discharge/release-provisions R5.3.7e"),
    ],
)
def test_the_rest_stays_open(lacking: str, expected: str) -> None:
    assert judged(discharge=without(lacking)) == [expected]


def test_an_interim_review_that_was_not_held_stays_open() -> None:
    assert judged(done=[]) == ["open discharge/interim-review R5.3.7e"]


def test_whoever_only_was_received_may_be_discharged() -> None:
    assert judged(admission={}, received={"at": "2026-11-24T23:50+06:00"}) == []


@pytest.mark.parametrize(
    "stay",
    [
        {"admission": {}},
        {
            "admission": {"not_admitted": {"on": "2026-06-02", "reason": "x"}},
            "received": {"at": "2026-06-01T10:00+06:00"},
        },
    ],
)
def test_whoever_is_not_in_the_house_is_not_discharged(stay: dict[str, Any]) -> None:
    assert judged(**stay) == ["refuse discharge/not-in-house M2.2.6"]


def test_nobody_leaves_before_she_came() -> None:
    early = without(iom_consulted_on="2026-05-30", on="2026-05-31")
    assert judged(date(2026, 5, 31), discharge=early) == ["refuse discharge/before-arrival M2.2.6"]


def test_whoever_came_in_the_morning_may_leave_in_the_evening() -> None:
    assert judged(admission={"admitted_on": "2026-11-25"}) == []


def test_nobody_is_discharged_in_the_future() -> None:
    assert judged(date(2026, 11, 26), discharge=without(on="2026-11-26")) == ["refuse discharge/in-future M2.2.6"]


def test_nobody_is_discharged_without_a_stay() -> None:
    assert [(one.code, one.clause) for one in discharge(her(), her(), TODAY)] == [("discharge/no-stay", "M2.2.6")]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([], ["refuse discharge/left-already M2.2.6"]),
        ([{"id": "R1", "void": {"on": "2026-11-25"}}], ["refuse discharge/left-already M2.2.6"]),
        ([{"id": "R1"}], ["refuse discharge/reported M2.2.6"]),
    ],
)
def test_who_has_left_is_not_discharged_a_second_time_on_another_day(
    reports: list[dict[str, Any]], expected: list[str]
) -> None:
    assert judged(before=date(2026, 11, 20), monitoring={"reports": reports}) == expected
