"""The two acts of a stay: what each is refused for, under which clause, and what stays open."""

from copy import deepcopy
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from shelterctl.act.client_file import judge_admission
from shelterctl.act.discharge import judge_discharge
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import House
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from tests.support.inputs import with_evidence

SHELF = open_rulebook()
ADMISSION = SHELF.acts["admission"]
DAY = date(2026, 11, 21)
HER: dict[str, Any] = {
    "id": "7QF2-M9KD",
    "identity": {"sex": "female", "birth_date": "1999-03", "languages": ["ky", "ru"]},
}
STAY: dict[str, Any] = with_evidence(
    {
        "id": "STAY1",
        "facility": "bishkek",
        "referral": {"sources": ["scme"], "received_at": "2026-11-20T21:30+06:00"},
        "admission": {
            "primary_interview": {
                "at": "2026-11-20T22:00+06:00",
                "by": "s-gulnara",
                "role": "social_worker",
                "safety_assured": True,
                "confidentiality_assured": True,
            },
            "primary_evaluation": {"on": "2026-11-20", "by": "s-aida", "outcome": "admit"},
            "coordinator_agreement": {"at": "2026-11-20T22:30+06:00", "by": "NGO Coordinator", "channel": "phone"},
            "rules": {"signed": True, "signed_on": "2026-11-21"},
            "rights": {"signed": True, "signed_on": "2026-11-21", "language": "ky"},
        },
    }
)


def written(path: str, value: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with *value* at *path*, or without it if it is None."""
    changed = deepcopy(facts)
    *above, last = path.split(".")
    below = changed
    for name in above:
        below = below.setdefault(name, {})
    below.pop(last, None)
    if value is not None:
        below[last] = value
    return changed


def admission(client: Client, day: date, rooms: House | None = None) -> tuple[Finding, ...]:
    """What is said to her admission into these rooms; today is the 25th."""
    session = Session(options=Options(as_of="2026-11-25"))
    vars(session)["store"] = SimpleNamespace(
        registers=None, read_register=lambda *_: None, house_on=lambda *_, **__: rooms
    )
    return judge_admission(session, client, day)


def admission_refusals(
    stay: dict[str, Any] | None = None,
    *,
    kind: str = "shelter",
    day: date = DAY,
    capacity: int = 10,
    sleeping: int = 0,
    house: bool = True,
    **her: Any,
) -> dict[str, list[str]]:
    """What an admission is refused for, and what stays open of it besides the items after the gate."""
    rooms = House(SHELF.house_kinds[kind], capacity, sleeping) if house else None
    found = admission(Client({**HER, **her, "stays": [STAY if stay is None else stay]}), day, rooms)
    assert [finding.clause for finding in found if finding.clause not in SHELF.clauses] == []
    return {
        severity.value: [f"{one.code} {one.clause} {one.where}" for one in found if one.severity is severity]
        for severity in Severity
    }


def refused(stay: dict[str, Any] | None = None, **around: Any) -> list[str]:
    return admission_refusals(stay, **around)["refuse"]


def test_whoever_has_all_of_the_gate_is_admitted() -> None:
    assert refused() == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("referral", None, "admission/referral M3.0.1 /referral/sources"),
        ("referral.sources", [], "admission/referral M3.0.1 /referral/sources"),
        ("admission.primary_interview", None, "admission/primary-interview M3.0.4 /admission/primary_interview/by"),
        ("admission.primary_interview.by", None, "admission/primary-interview M3.0.4 /admission/primary_interview/by"),
        (
            "admission.primary_interview.role",
            None,
            "admission/primary-interview M3.0.4 /admission/primary_interview/by",
        ),
        (
            "admission.primary_interview.safety_assured",
            False,
            "admission/primary-interview M3.0.4 /admission/primary_interview/by",
        ),
        (
            "admission.primary_interview.confidentiality_assured",
            False,
            "admission/primary-interview M3.0.4 /admission/primary_interview/by",
        ),
        (
            "admission.primary_evaluation",
            None,
            "admission/primary-evaluation R5.3.7a /admission/primary_evaluation/outcome",
        ),
        (
            "admission.primary_evaluation.outcome",
            "not_admit",
            "admission/primary-evaluation R5.3.7a /admission/primary_evaluation/outcome",
        ),
        (
            "admission.coordinator_agreement",
            None,
            "admission/coordinator-agreement M3.0.3 /admission/coordinator_agreement/by",
        ),
        (
            "admission.coordinator_agreement.at",
            None,
            "admission/coordinator-agreement M3.0.3 /admission/coordinator_agreement/by",
        ),
        ("admission.rules", None, "admission/rules M3.0.5a /admission/rules/signed"),
        ("admission.rules.signed", False, "admission/rules M3.0.5a /admission/rules/signed"),
        ("admission.rules.signed_on", None, "admission/rules M3.0.5a /admission/rules/signed"),
        ("admission.rights", None, "admission/rights M3.0.5b /admission/rights/signed"),
        ("admission.rights.signed", False, "admission/rights M3.0.5b /admission/rights/signed"),
        ("admission.rights.signed_on", None, "admission/rights M3.0.5b /admission/rights/signed"),
    ],
)
def test_whoever_lacks_one_thing_is_refused_under_its_clause(path: str, value: Any, expected: str) -> None:
    code, clause, where = expected.split()
    assert refused(written(path, value, STAY)) == [f"{code} {clause} /stays/0{where}"]


@pytest.mark.parametrize(
    ("path", "clause", "where"),
    [
        ("admission.primary_interview.at", "M3.0.4", "/admission/primary_interview/by"),
        ("admission.primary_evaluation.on", "R5.3.7a", "/admission/primary_evaluation/outcome"),
        ("admission.coordinator_agreement.at", "M3.0.3", "/admission/coordinator_agreement/by"),
        ("admission.rules.signed_on", "M3.0.5a", "/admission/rules/signed"),
        ("admission.rights.signed_on", "M3.0.5b", "/admission/rights/signed"),
    ],
)
def test_what_is_dated_after_the_day_of_admission_is_refused_under_its_own_clause(
    path: str, clause: str, where: str
) -> None:
    late = "2026-11-22" if path.endswith("on") else "2026-11-22T00:10+06:00"
    assert refused(written(path, late, STAY)) == [f"admission/dated-after {clause} /stays/0{where}"]


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ("2026-11-20T23:50+06:00", []),
        ("2026-11-21T23:50+06:00", []),
        ("2026-11-21T20:10+00:00", []),
        ("2026-11-22T00:10+06:00", ["admission/dated-after M3.0.5 /stays/0/received/at"]),
        ("2027-11-20T23:50+06:00", ["admission/dated-after M3.0.5 /stays/0/received/at"]),
    ],
)
def test_nobody_is_admitted_on_a_day_before_her_arrival(arrived: str, expected: list[str]) -> None:
    assert refused(written("received.at", arrived, STAY)) == expected


def test_an_arrival_after_the_day_is_told_as_the_reception_with_both_days() -> None:
    late = Client({**HER, "stays": [written("received.at", "2026-11-22T00:10+06:00", STAY)]})
    (found,) = [one for one in admission(late, DAY, House(SHELF.house_kinds["shelter"], 10, 0)) if "on" in one.facts]
    assert found.facts == {"item": "reception", "on": date(2026, 11, 22), "day": DAY, "clause": "M3.0.5"}


def test_an_admission_that_was_granted_before_she_arrived_is_refused_now() -> None:
    stay = written("received.at", "2026-11-22T00:10+06:00", written("admission.admitted_on", "2026-11-21", STAY))
    assert refused(stay) == ["admission/dated-after M3.0.5 /stays/0/received/at"]
    assert refused(stay, day=date(2026, 11, 22)) == []


def test_a_missing_meeting_and_all_that_comes_after_the_gate_only_stay_open() -> None:
    opened = admission_refusals()["open"]
    assert [found.split()[0].split("/")[1] for found in opened] == [
        item.name
        for item in ADMISSION.items
        if item.name in ("meeting", "iom-documents", "financial-agreement") or item.may_be_given or item.could_be_given
    ]


def test_nobody_is_admitted_before_her_referral() -> None:
    early = refused(day=date(2026, 11, 19))
    assert "admission/before-referral M3.0.1 /stays/0/admission" in early


def test_whoever_was_referred_and_signed_on_the_same_day_may_be_admitted_on_it() -> None:
    rules = written("admission.rules.signed_on", "2026-11-20", STAY)
    assert refused(written("admission.rights.signed_on", "2026-11-20", rules), day=date(2026, 11, 20)) == []


def test_nobody_is_admitted_in_the_future() -> None:
    assert refused(day=date(2026, 11, 26)) == ["admission/in-future M3.0.5 /stays/0/admission"]


def test_nobody_is_admitted_without_a_stay() -> None:
    found = admission(Client({**HER, "stays": []}), DAY)
    assert [(one.code, one.clause) for one in found] == [("admission/no-stay", "M3.0.5")]


def test_nobody_is_admitted_into_a_stay_that_is_over() -> None:
    over = written("admission.admitted_on", "2026-11-21", written("discharge.on", "2026-11-22", STAY))
    assert refused(over, day=date(2026, 11, 25)) == ["admission/no-stay M3.0.5 /stays/0/admission"]


def test_an_admission_that_was_granted_is_granted_again_after_the_discharge() -> None:
    over = written("admission.admitted_on", "2026-11-21", written("discharge.on", "2026-11-22", STAY))
    assert refused(over) == []


def test_nobody_is_admitted_who_was_turned_away() -> None:
    away = written("admission.not_admitted", {"on": "2026-11-20", "reason": "another house"}, STAY)
    assert refused(away) == ["admission/turned-away R5.3.7a /stays/0/admission"]


def test_nobody_is_admitted_into_a_house_that_is_not_known() -> None:
    assert refused(house=False) == ["admission/sex-and-age M1.2.7 /stays/0", "admission/place M1.2.9 /stays/0"]


@pytest.mark.parametrize(
    ("languages", "rights", "expected"),
    [
        (["ky"], {"language": "ky"}, []),
        (["ky"], {"language": "ru"}, ["admission/language A3.7 /stays/0/admission/rights/language"]),
        (["ky"], {"language": "ru", "explained_in": "ky"}, []),
        (["ky"], {"language": "ru", "interpreter": "s-aida"}, []),
        (["ky"], {}, []),
        ([], {"language": "ru"}, ["admission/languages A3.7 /identity/languages"]),
    ],
)
def test_rights_explained_in_a_language_not_on_her_list_stay_open(
    languages: list[str], rights: dict[str, Any], expected: list[str]
) -> None:
    stay = written("admission.rights", {"signed": True, "signed_on": "2026-11-21", **rights}, STAY)
    found = admission_refusals(stay, identity={**HER["identity"], "languages": languages})
    assert ([one for one in found["open"] if " A3.7 " in one], found["refuse"]) == (expected, [])


TODAY = date(2026, 11, 25)
LEAVING = {
    "on": "2026-11-25",
    "planned_on": "2026-11-25",
    "iom_representative": "NGO Coordinator",
    "iom_consulted_on": "2026-11-24",
    "social_worker": "s-gulnara",
    "items_returned": True,
    "handed_over": False,
    "release_provisions": "a room with her aunt",
}
DISCHARGED_STAY: dict[str, Any] = {
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


def discharge_refusals(day: date = TODAY, before: date | None = None, **stay: Any) -> list[str]:
    was = {**DISCHARGED_STAY, **stay, "discharge": {"on": before.isoformat()} if before else {}}
    found = discharge(her(was), her({**DISCHARGED_STAY, **stay}), day)
    assert [one.clause for one in found if one.clause not in SHELF.clauses] == []
    weight = {Severity.REFUSE: "refuse", Severity.OPEN: "open"}
    return [f"{weight[one.severity]} {one.code} {one.clause}" for one in found]


def without(*names: str, **own: Any) -> dict[str, Any]:
    return {**{name: value for name, value in LEAVING.items() if name not in names}, **own}


def test_whoever_leaves_with_all_of_it_leaves_nothing_open() -> None:
    assert discharge_refusals() == []


@pytest.mark.parametrize("lacking", ["iom_representative", "iom_consulted_on"])
def test_nobody_is_discharged_without_iom(lacking: str) -> None:
    assert discharge_refusals(discharge=without(lacking)) == ["refuse discharge/iom-consulted M2.1.4"]


def test_iom_is_asked_on_the_day_or_before() -> None:
    late = without(iom_consulted_on="2026-11-26")
    assert discharge_refusals(discharge=late) == ["refuse discharge/dated-after M2.1.4"]


@pytest.mark.parametrize("lacking", ["iom_representative", "iom_consulted_on"])
def test_whoever_leaves_by_her_own_decision_is_not_held(lacking: str) -> None:
    left = without(lacking, by_own_decision=True)
    assert discharge_refusals(discharge=left) == ["open discharge/iom-consulted M2.1.4"]


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        ("planned_on", "open discharge/planned-date M2.2.6"),
        ("social_worker", "open discharge/social-worker M2.2.6"),
        ("items_returned", "open discharge/items-returned A2.5"),
        ("handed_over", "open discharge/handover M2.2.7"),
        ("release_provisions", "open discharge/release-provisions R5.3.7e"),
    ],
)
def test_the_rest_stays_open(lacking: str, expected: str) -> None:
    assert discharge_refusals(discharge=without(lacking)) == [expected]


def test_an_interim_review_that_was_not_held_stays_open() -> None:
    assert discharge_refusals(done=[]) == ["open discharge/interim-review R5.3.7e"]


def test_whoever_only_was_received_may_be_discharged() -> None:
    assert discharge_refusals(admission={}, received={"at": "2026-11-24T23:50+06:00"}) == []


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
    assert discharge_refusals(**stay) == ["refuse discharge/not-in-house M2.2.6"]


def test_nobody_leaves_before_she_came() -> None:
    early = without(iom_consulted_on="2026-05-30", on="2026-05-31")
    assert discharge_refusals(date(2026, 5, 31), discharge=early) == ["refuse discharge/before-arrival M2.2.6"]


def test_whoever_came_in_the_morning_may_leave_in_the_evening() -> None:
    assert discharge_refusals(admission={"admitted_on": "2026-11-25"}) == []


def test_nobody_is_discharged_in_the_future() -> None:
    assert discharge_refusals(date(2026, 11, 26), discharge=without(on="2026-11-26")) == [
        "refuse discharge/in-future M2.2.6"
    ]


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
    assert discharge_refusals(before=date(2026, 11, 20), monitoring={"reports": reports}) == expected
