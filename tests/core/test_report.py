"""The report of Annex 7: contradictions, gaps, interim contacts, alarms, and when it is complete."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.monitoring import find_unmonitored_stay, is_report_complete, judge_alarms, judge_report
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
ANNEX = SHELF.report
QUESTIONS = [name for name, field in ANNEX.fields.items() if field.number]
WRITERS = {"s-gulnara": {"role": "social_worker"}, "s-aida": {"role": "psychologist"}}
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


def client(left: str | None = "2026-08-31", **identity: Any) -> Client:
    stay = {"id": "STAY1", **({"discharge": {"on": left}} if left else {})}
    return Client({"id": "7QF2-M9KD", "identity": {**IDENTITY, **identity}, "stays": [stay]})


def report(**own: Any) -> dict[str, Any]:
    return {name: value for name, value in {**REPORT, **own}.items() if value is not None}


def judged(written: dict[str, Any], her: Client | None = None, today: date | None = date(2027, 3, 1)) -> list[str]:
    her = her or client()
    registers = {"staff": WRITERS}
    around = Context(
        day=date.max,
        today=today,
        client=her,
        stay=find_unmonitored_stay(ANNEX, her),
        registers=registers,
        tracks=SHELF.tracks,
    )
    found = list(judge_report(ANNEX, written, "", around))
    assert [one.clause for one in found if one.clause not in SHELF.clauses] == []
    weight = {Severity.REFUSE: "refuse", Severity.OPEN: "open"}
    return [f"{weight[one.severity]} {one.code} {one.clause} {one.where}" for one in found]


def alarms(written: dict[str, Any]) -> list[Finding]:
    return list(judge_alarms(ANNEX, read_entry(ANNEX, written), Context(day=date.max)))


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
        {**dict.fromkeys(QUESTIONS, "unknown"), "job_paid": None},
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
    assert judged(report(date=day, last_meeting_on="unknown"), client(left), date.fromisoformat(today)) == expected


@pytest.mark.parametrize(("signed", "weight"), [(True, "refuse"), (False, "open")])
def test_a_meeting_after_the_report_refuses_only_its_signature(signed: bool, weight: str) -> None:
    found = judged(report(date="2027-02-28", last_meeting_on="2027-03-01", signed=signed))
    assert f"{weight} track/dated A7.Q2 /last_meeting_on" in found
    assert not is_report_complete(ANNEX, report(last_meeting_on="2027-03-01"))


def test_general_data_that_are_missing_stay_open() -> None:
    assert judged(report(), client(phone="")) == ["open monitoring/general-data A7.I "]


@pytest.mark.parametrize("by", [None, "s-aida", "s-nobody"])
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
    found = alarms(report(**answers))
    assert [f"{one.clause} {one.where}" for one in found] == expected
    assert {one.severity for one in found} <= {Severity.OPEN}


@pytest.mark.parametrize(("day", "expected"), [("2027-02-28", "of 2027-02-28 says"), (None, "of  says")])
def test_an_alarm_can_be_said_also_of_a_report_without_a_date(day: str | None, expected: str) -> None:
    (found,) = alarms(report(date=day, job_paid="not_paid"))
    assert expected in format_sentence(found.message, found.facts)


def test_a_report_on_a_client_without_a_stay_is_judged_alike() -> None:
    assert judged(report(), Client({"id": "7QF2-M9KD", "identity": IDENTITY, "stays": []})) == []


@given(st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from([True, False, "unknown", "text"])))
def test_a_report_is_complete_only_if_signing_it_is_not_refused(answers: dict[str, Any]) -> None:
    signed = {"date": "2027-02-28", "signed": True, **answers}
    assert is_report_complete(ANNEX, signed) is not any(found.startswith("refuse") for found in judged(signed))
