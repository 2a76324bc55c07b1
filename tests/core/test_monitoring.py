"""The report of Annex 7: contradictions, gaps, interim contacts, alarms, and when the duty is done."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.finding import Severity
from shelterctl.core.monitoring import alarms, answered_on, complete, due_on, judge, monitored
from shelterctl.core.record import Client, Stay
from shelterctl.language import say
from shelterctl.library import open_shelf

SHELF = open_shelf()
ANNEX = SHELF.report
WRITERS = frozenset({"s-gulnara"})
IDENTITY = {
    "first_name": "Айгуль",
    "last_name": "Примерова",
    "birth_date": "1999-03",
    "marital_status": "single",
    "children_text": "none",
    "address": "Osh",
    "phone": "0555 123456",
}
REPORT: dict[str, Any] = {
    "social_worker": "s-gulnara",
    "date": "2027-02-28",
    "signed": True,
    "contact_duration": "six months",
    "last_meeting_on": "2027-02-20",
    "problems": "none",
    "employed": True,
    "job_paid": "regularly",
    "threats": False,
    "law_enforcement_contact": False,
    "agrees_to_cooperate": True,
    "plans": "to stay in Osh",
}


def client(left: str | None = "2026-08-31", reports: list[dict[str, Any]] | None = None, **monitoring: Any) -> Client:
    discharge = {"discharge": {"on": left}} if left else {}
    stay = {"id": "STAY1", **discharge, "monitoring": {"reports": reports or [], **monitoring}}
    return Client({"id": "7QF2-M9KD", "identity": IDENTITY, "stays": [stay]})


def report(**own: Any) -> dict[str, Any]:
    return {name: value for name, value in {**REPORT, **own}.items() if value is not None}


def judged(written: dict[str, Any], her: Client | None = None, today: date | None = date(2027, 3, 1)) -> list[str]:
    found = list(judge(ANNEX, her or client(), written, "", today=today, writers=WRITERS))
    assert [one.clause for one in found if one.clause not in SHELF.clauses] == []
    weight = {Severity.REFUSE: "refuse", Severity.OPEN: "open"}
    return [f"{weight[one.severity]} {one.code} {one.clause} {one.where}" for one in found]


def test_a_signed_report_with_every_answer_has_nothing_open() -> None:
    assert judged(report()) == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"employed": False, "job_paid": "partial"}, "refuse monitoring/contradiction A7.Q5 /job_paid"),
        (
            {"addressed_for_assistance": "the police"},
            "refuse monitoring/contradiction A7.Q8 /addressed_for_assistance",
        ),
        (
            {"employed": False, "job_paid": "partial", "signed": False},
            "refuse monitoring/contradiction A7.Q5 /job_paid",
        ),
    ],
)
def test_an_answer_to_a_question_that_is_not_asked_is_refused(answers: dict[str, Any], expected: str) -> None:
    assert judged(report(**answers))[0] == expected


@pytest.mark.parametrize(
    "answers",
    [
        {"employed": False, "job_paid": None},
        {"employed": False, "job_paid": "unknown"},
        {"employed": "unknown", "job_paid": None},
        {"employed": True, "job_paid": "unknown"},
        {"threats": "unknown"},
        {"addressed_for_assistance": "unknown"},
        {**{question.key: "unknown" for question in ANNEX.questions}, "job_paid": None},
    ],
)
def test_unknown_is_an_answer_and_what_is_not_asked_needs_none(answers: dict[str, Any]) -> None:
    assert judged(report(**answers)) == []


@pytest.mark.parametrize(
    ("key", "clause"),
    [
        ("contact_duration", "A7.Q1"),
        ("last_meeting_on", "A7.Q2"),
        ("problems", "A7.Q3"),
        ("employed", "A7.Q4"),
        ("job_paid", "A7.Q5"),
        ("threats", "A7.Q6"),
        ("law_enforcement_contact", "A7.Q9"),
        ("agrees_to_cooperate", "A7.Q10"),
        ("plans", "A7.Q11"),
    ],
)
def test_a_gap_is_refused_when_signed_and_open_when_not(key: str, clause: str) -> None:
    answers: dict[str, Any] = {key: None, **({"job_paid": None} if key == "employed" else {})}
    assert judged(report(**answers)) == [f"refuse monitoring/unanswered {clause} /{key}"]
    assert judged(report(**answers, signed=False)) == [
        f"open monitoring/unanswered {clause} /{key}",
        "open monitoring/unsigned A7.H2 /signed",
    ]


def test_whom_she_asked_for_help_is_asked_only_after_threats() -> None:
    assert judged(report(threats=True))[0] == "refuse monitoring/unanswered A7.Q8 /addressed_for_assistance"


@pytest.mark.parametrize(
    ("left", "day", "today", "expected"),
    [
        (None, "2027-02-28", "2027-03-01", ["refuse monitoring/not-discharged A7.D "]),
        ("2026-08-31", "2027-03-02", "2027-03-01", ["refuse monitoring/in-future A7.H2 /date"]),
        ("2026-08-31", "2027-03-01", "2027-03-01", []),
        ("2026-08-31", "2027-02-27", "2027-03-01", ["open monitoring/interim A7.D /date"]),
        (
            "2026-08-31",
            "2026-08-30",
            "2027-03-01",
            ["refuse monitoring/before-discharge A7.H2 /date", "open monitoring/interim A7.D /date"],
        ),
        ("2026-08-31", "2026-08-31", "2027-03-01", ["open monitoring/interim A7.D /date"]),
    ],
)
def test_the_day_of_a_report(left: str | None, day: str, today: str, expected: list[str]) -> None:
    assert judged(report(date=day), client(left), date.fromisoformat(today)) == expected


def test_general_data_that_are_missing_stay_open() -> None:
    her = client()
    her = Client({**her.facts, "identity": {**IDENTITY, "phone": ""}})
    assert judged(report(), her) == ["open monitoring/general-data A7.I "]


@pytest.mark.parametrize("by", [None, "s-aida"])
def test_a_report_by_someone_who_is_no_social_worker_stays_open(by: str | None) -> None:
    assert judged(report(social_worker=by)) == ["open monitoring/social-worker A7.H1 /social_worker"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"threats": True, "addressed_for_assistance": "nobody"}, ["A7.Q6 /threats"]),
        ({"job_paid": "not_paid"}, ["A7.Q5 /job_paid"]),
        ({"threats": True, "job_paid": "not_paid"}, ["A7.Q6 /threats", "A7.Q5 /job_paid"]),
        ({"threats": "unknown", "job_paid": "partial"}, []),
        ({}, []),
    ],
)
def test_threats_and_work_that_is_not_paid_are_alarms(answers: dict[str, Any], expected: list[str]) -> None:
    found = list(alarms(ANNEX, report(**answers)))
    assert [f"{one.clause} {one.where}" for one in found] == expected
    assert {one.severity for one in found} <= {Severity.OPEN}


@pytest.mark.parametrize(("day", "expected"), [("2027-02-28", "of 2027-02-28 says"), (None, "of  says")])
def test_an_alarm_can_be_said_also_of_a_report_without_a_date(day: str | None, expected: str) -> None:
    (found,) = alarms(ANNEX, report(date=day, job_paid="not_paid"))
    assert expected in say(found.message, found.facts)


@pytest.mark.parametrize(
    ("left", "expected"),
    [("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2026-05-25", "2026-11-25"), (None, None)],
)
def test_monitoring_is_due_six_calendar_months_after_the_discharge(left: str | None, expected: str | None) -> None:
    due = due_on(ANNEX, client(left).stays[-1])
    assert (due.isoformat() if due else None) == expected


@pytest.mark.parametrize(
    ("reports", "monitoring", "expected"),
    [
        ([], {}, False),
        ([report()], {}, True),
        ([report(date="2027-02-27")], {}, False),
        ([report(signed=False)], {}, False),
        ([report(plans=None)], {}, False),
        ([report(employed=False)], {}, False),
        ([report(void={"on": "2027-03-01"})], {}, False),
        ([report(date="2027-02-27"), report()], {}, True),
        ([], {"closed": {"on": "2027-03-01", "by": "manager", "reason": "moved"}}, True),
        ([], {"closed": {"on": "2026-08-31", "by": "manager", "reason": "moved"}}, True),
        ([], {"closed": {"on": "2026-08-30", "by": "manager", "reason": "before she left this time"}}, False),
        ([], {"attempts": [{"id": "A1", "on": "2027-03-01"}]}, False),
    ],
)
def test_only_a_complete_report_on_or_after_the_due_day_or_a_closing_does_the_duty(
    reports: list[dict[str, Any]], monitoring: dict[str, Any], expected: bool
) -> None:
    assert monitored(ANNEX, client(reports=reports, **monitoring)) is expected


@pytest.mark.parametrize(
    ("monitoring", "expected"),
    [
        ({"reports": [REPORT]}, False),
        ({"scheduled": {"on": "2027-02-28"}, "reports": [REPORT]}, True),
        ({"scheduled": {"on": "2027-03-01"}, "reports": [REPORT]}, False),
    ],
)
def test_for_a_client_without_a_stay_the_scheduled_day_is_the_due_day(
    monitoring: dict[str, Any], expected: bool
) -> None:
    her = Client({"id": "7QF2-M9KD", "identity": IDENTITY, "stays": [], "monitoring": monitoring})
    assert monitored(ANNEX, her) is expected
    assert judged(report(), her) == []


KEYS = [question.key for question in ANNEX.questions]


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([True, False, "unknown", "text"])))
def test_a_report_is_complete_only_if_signing_it_is_not_refused(answers: dict[str, Any]) -> None:
    signed = {"date": "2027-02-28", "signed": True, **answers}
    assert complete(ANNEX, signed) is not any(found.startswith("refuse") for found in judged(signed))


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_the_due_day_is_never_before_the_discharge(left: date) -> None:
    due = due_on(ANNEX, Stay({"id": "STAY1", "discharge": {"on": left.isoformat()}}, 0))
    assert due is not None
    assert 181 <= (due - left).days <= 184


def test_the_day_of_the_first_report_that_counts_answers_the_duty() -> None:
    reports = [report(date="2027-04-01"), report(date="2027-02-27"), report(date="2027-03-01")]
    assert answered_on(ANNEX, client(reports=reports)) == date(2027, 3, 1)
    assert answered_on(ANNEX, client()) is None


def test_nobody_in_the_house_is_monitored_whatever_a_discharge_that_was_taken_back_has_left() -> None:
    closed = {"on": "2027-03-01", "by": "manager", "reason": "moved"}
    assert not monitored(ANNEX, client(left=None, closed=closed))
