"""When a report is due and what answers it; the report of Annex 7, its contradictions, gaps and alarms."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.merge.fragment import find_stay_left
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.monitoring import (
    find_unmonitored_stay,
    is_report_complete,
    judge_alarms,
    judge_report,
    list_monitoring_due,
    read_duty,
)
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

TRACKS = open_rulebook().tracks
REPORT_TRACK = TRACKS["report"]
UNKNOWN_REPORT: dict[str, Any] = {
    "date": "2027-02-28",
    "signed": True,
    **{name: "unknown" for name, field in REPORT_TRACK.fields.items() if field.number},
    "employed": True,
}


def unknown_report(**own: Any) -> dict[str, Any]:
    return {name: value for name, value in {**UNKNOWN_REPORT, **own}.items() if value is not None}


def stay(left: str | None = "2026-08-31", *reports: dict[str, Any], **monitoring: Any) -> dict[str, Any]:
    discharge = {"discharge": {"on": left}} if left else {}
    return {**discharge, "monitoring": {"reports": reports, **monitoring}}


def client_with_stays(*stays: dict[str, Any], **top: Any) -> Client:
    listed = [{"id": f"STAY{number}", **facts} for number, facts in enumerate(stays)]
    return Client({"id": "7QF2-M9KD", "stays": listed, **top})


@pytest.mark.parametrize(
    ("left", "expected"),
    [("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2026-05-25", "2026-11-25"), (None, None)],
)
def test_monitoring_is_due_six_calendar_months_after_the_discharge(left: str | None, expected: str | None) -> None:
    her = client_with_stays(stay(left))
    begun = read_duty(TRACKS, her, her.stay).due_on
    assert (begun.isoformat() if begun else None) == expected


@pytest.mark.parametrize(
    ("reports", "monitoring", "expected"),
    [
        ([], {}, False),
        ([unknown_report()], {}, True),
        ([unknown_report(date="2027-02-27")], {}, False),
        ([unknown_report(signed=False)], {}, False),
        ([unknown_report(plans=None)], {}, False),
        ([unknown_report(employed=False, job_paid="regularly")], {}, False),
        ([unknown_report(void={"on": "2027-03-01"})], {}, False),
        ([unknown_report(date="2027-02-27"), unknown_report()], {}, True),
        ([], {"closed": {"on": "2027-03-01", "by": "manager", "reason": "moved"}}, True),
        ([], {"closed": {"on": "2026-08-31", "by": "manager", "reason": "moved"}}, True),
        ([], {"closed": {"on": "2026-08-30", "by": "manager", "reason": "before she left this time"}}, False),
        ([], {"attempts": [{"id": "A1", "on": "2027-03-01"}]}, False),
    ],
)
def test_only_a_complete_report_on_or_after_the_due_day_or_a_closing_does_the_duty(
    reports: list[dict[str, Any]], monitoring: dict[str, Any], expected: bool
) -> None:
    her = client_with_stays(stay("2026-08-31", *reports, **monitoring))
    assert bool(read_duty(TRACKS, her, her.stay).outcome) is expected


@pytest.mark.parametrize(
    ("monitoring", "expected"),
    [
        ({"reports": [UNKNOWN_REPORT]}, False),
        ({"scheduled": {"on": "2027-02-28"}, "reports": [UNKNOWN_REPORT]}, True),
        ({"scheduled": {"on": "2027-03-01"}, "reports": [UNKNOWN_REPORT]}, False),
    ],
)
def test_for_a_client_without_a_stay_the_scheduled_day_is_the_due_day(
    monitoring: dict[str, Any], expected: bool
) -> None:
    assert bool(read_duty(TRACKS, client_with_stays(monitoring=monitoring), None).outcome) is expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_the_due_day_is_never_before_the_discharge(left: date) -> None:
    her = client_with_stays(stay(left.isoformat()))
    begun = read_duty(TRACKS, her, her.stay).due_on
    assert begun is not None
    assert 181 <= (begun - left).days <= 184


def test_the_day_of_the_first_report_that_counts_answers_the_duty() -> None:
    reports = [unknown_report(date="2027-04-01"), unknown_report(date="2027-02-27"), unknown_report(date="2027-03-01")]
    told, untold = client_with_stays(stay("2026-08-31", *reports)), client_with_stays(stay())
    assert read_duty(TRACKS, told, told.stay).answered_on == date(2027, 3, 1)
    assert read_duty(TRACKS, untold, untold.stay).answered_on is None


def test_nobody_in_the_house_is_monitored_whatever_a_discharge_that_was_taken_back_has_left() -> None:
    closed = {"on": "2027-03-01", "by": "manager", "reason": "moved"}
    her = client_with_stays(stay(None, closed=closed))
    assert not read_duty(TRACKS, her, her.stay).outcome


FIRST, SECOND = "2025-01-31", "2026-08-31"  # due on 2025-07-31 and 2027-02-28
OPEN: dict[str, Any] = {"referral": {"received_at": "2026-02-01T10:00+06:00"}}
AWAY: dict[str, Any] = {"admission": {"not_admitted": {"on": "2026-02-02", "reason": "another house"}}}
DONE = unknown_report(date="2025-08-01")
CLOSED = {"on": "2025-08-01", "by": "manager", "reason": "moved abroad"}


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([], None),
        ([OPEN], "STAY0"),
        ([stay(FIRST)], "STAY0"),
        ([stay(FIRST), OPEN], "STAY0"),
        ([stay(FIRST), AWAY], "STAY0"),
        ([stay(FIRST), stay(SECOND)], "STAY0"),
        ([stay(FIRST, DONE), stay(SECOND)], "STAY1"),
        ([stay(FIRST, closed=CLOSED), stay(SECOND)], "STAY1"),
        ([stay(FIRST, DONE), OPEN], "STAY1"),
        ([stay(FIRST, DONE), AWAY], "STAY0"),
        ([stay(FIRST, unknown_report(date="2025-07-30")), OPEN], "STAY0"),
        ([{**stay(FIRST), **AWAY}, stay(SECOND)], "STAY1"),
        ([{**stay(FIRST), "void": {"on": "2025-02-01"}}, stay(SECOND)], "STAY1"),
        ([stay(FIRST), stay(SECOND, unknown_report())], "STAY0"),
    ],
)
def test_a_report_is_written_about_the_oldest_stay_that_nothing_answers(
    stays: list[dict[str, Any]], expected: str | None
) -> None:
    found = find_unmonitored_stay(TRACKS, client_with_stays(*stays))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([stay(FIRST), stay(SECOND)], [None, None]),
        ([stay(FIRST, DONE), stay(SECOND)], [date(2025, 8, 1), None]),
        ([stay(FIRST), stay(SECOND, unknown_report())], [None, date(2027, 2, 28)]),
        ([stay(FIRST), stay(SECOND, unknown_report(date="2026-12-01"))], [None, None]),
        ([stay(FIRST), stay(SECOND, unknown_report(signed=False))], [None, None]),
        ([stay(FIRST, unknown_report()), stay(SECOND)], [date(2027, 2, 28), None]),
        (
            [stay(FIRST, unknown_report()), stay(SECOND, unknown_report(date="2027-03-01"))],
            [date(2027, 2, 28), date(2027, 3, 1)],
        ),
        ([stay(FIRST), stay(SECOND, closed={**CLOSED, "on": "2027-03-01"})], [None, date(2027, 3, 1)]),
        ([stay(FIRST, closed=CLOSED), stay(SECOND)], [date(2025, 8, 1), None]),
    ],
)
def test_a_report_and_a_closing_answer_the_duty_of_the_stay_in_which_they_are_written_alone(
    stays: list[dict[str, Any]], expected: list[date | None]
) -> None:
    her = client_with_stays(*stays)
    assert [read_duty(TRACKS, her, each).answered_on for each in her.stays] == expected


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([stay(FIRST), OPEN], ["STAY0 577 due"]),
        ([stay(FIRST), AWAY], ["STAY0 577 due"]),
        ([stay(FIRST, DONE), OPEN], []),
        ([stay(FIRST), stay(SECOND)], ["STAY0 577 due", "STAY1 0 due"]),
        ([stay(FIRST, DONE), stay(SECOND)], ["STAY1 0 due"]),
        ([stay(FIRST), stay(SECOND, unknown_report())], ["STAY0 577 due"]),
    ],
)
def test_each_stay_that_she_left_is_due_until_it_is_answered_whatever_came_later(
    stays: list[dict[str, Any]], expected: list[str]
) -> None:
    rows = list_monitoring_due(TRACKS, [client_with_stays(*stays)], date(2027, 2, 28))
    assert [f"{row.stay} {row.days_since_due} {row.state}" for row in rows] == expected


@pytest.mark.parametrize(
    ("track", "told", "named", "where"),
    [
        ("report", unknown_report(), None, 0),
        ("report", {**unknown_report(), "id": "R1"}, None, 0),
        ("report", unknown_report(date="2027-03-01"), None, 1),
        ("report", unknown_report(date="2027-03-01"), "STAY0", 0),
        ("report", {"id": "R2", "plans": "other"}, None, 1),
        ("attempt", {"on": "2027-01-02", "how": "phone"}, None, 1),
        ("closing", {"on": "2027-03-01", "by": "manager", "reason": "moved"}, None, 0),
        ("closing", {"on": "2027-03-01", "by": "manager", "reason": "came again"}, None, 1),
        ("report", {}, None, 1),
    ],
)
def test_what_stands_in_a_stay_already_is_told_of_that_one_and_else_of_the_one_that_is_owed(
    track: str, told: dict[str, Any], named: str | None, where: int
) -> None:
    first = stay(
        "2026-08-31", {"id": "R1", **unknown_report()}, closed={"on": "2027-03-01", "by": "manager", "reason": "moved"}
    )
    her = client_with_stays(first, stay("2027-04-30"))
    meant = find_stay_left(open_rulebook().tracks[track], her, TRACKS, told, named)
    assert meant is not None
    assert meant.index == where


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
        stay=find_unmonitored_stay(TRACKS, her),
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


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (None, "monitoring/no-social-worker"),
        ("s-aida", "monitoring/social-worker"),
        ("s-nobody", "monitoring/social-worker"),
    ],
)
def test_a_report_by_someone_who_is_no_social_worker_stays_open(by: str | None, code: str) -> None:
    assert judged(report(social_worker=by)) == [f"open {code} A7.H1 /social_worker"]


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
