"""When the duty to monitor is due, what answers it, and that each stay she left is owed its own (W3)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.merge.fragment import find_stay_left
from shelterctl.core.record.client import Client
from shelterctl.core.rules.monitoring import (
    find_unmonitored_stay,
    is_monitored,
    list_monitoring_due,
    monitoring_answered_on,
    monitoring_due_day,
)
from shelterctl.rulebook.rulebook import open_rulebook

ANNEX = open_rulebook().report
REPORT: dict[str, Any] = {
    "date": "2027-02-28",
    "signed": True,
    **{name: "unknown" for name, field in ANNEX.fields.items() if field.number},
    "employed": True,
}


def report(**own: Any) -> dict[str, Any]:
    return {name: value for name, value in {**REPORT, **own}.items() if value is not None}


def stay(left: str | None = "2026-08-31", *reports: dict[str, Any], **monitoring: Any) -> dict[str, Any]:
    discharge = {"discharge": {"on": left}} if left else {}
    return {**discharge, "monitoring": {"reports": reports, **monitoring}}


def client(*stays: dict[str, Any], **top: Any) -> Client:
    listed = [{"id": f"STAY{number}", **facts} for number, facts in enumerate(stays)]
    return Client({"id": "7QF2-M9KD", "stays": listed, **top})


@pytest.mark.parametrize(
    ("left", "expected"),
    [("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2026-05-25", "2026-11-25"), (None, None)],
)
def test_monitoring_is_due_six_calendar_months_after_the_discharge(left: str | None, expected: str | None) -> None:
    her = client(stay(left))
    begun = monitoring_due_day(ANNEX, her, her.stay)
    assert (begun.isoformat() if begun else None) == expected


@pytest.mark.parametrize(
    ("reports", "monitoring", "expected"),
    [
        ([], {}, False),
        ([report()], {}, True),
        ([report(date="2027-02-27")], {}, False),
        ([report(signed=False)], {}, False),
        ([report(plans=None)], {}, False),
        ([report(employed=False, job_paid="regularly")], {}, False),
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
    her = client(stay("2026-08-31", *reports, **monitoring))
    assert is_monitored(ANNEX, her, her.stay) is expected


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
    assert is_monitored(ANNEX, client(monitoring=monitoring), None) is expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_the_due_day_is_never_before_the_discharge(left: date) -> None:
    her = client(stay(left.isoformat()))
    begun = monitoring_due_day(ANNEX, her, her.stay)
    assert begun is not None
    assert 181 <= (begun - left).days <= 184


def test_the_day_of_the_first_report_that_counts_answers_the_duty() -> None:
    reports = [report(date="2027-04-01"), report(date="2027-02-27"), report(date="2027-03-01")]
    told, untold = client(stay("2026-08-31", *reports)), client(stay())
    assert monitoring_answered_on(ANNEX, told, told.stay) == date(2027, 3, 1)
    assert monitoring_answered_on(ANNEX, untold, untold.stay) is None


def test_nobody_in_the_house_is_monitored_whatever_a_discharge_that_was_taken_back_has_left() -> None:
    closed = {"on": "2027-03-01", "by": "manager", "reason": "moved"}
    her = client(stay(None, closed=closed))
    assert not is_monitored(ANNEX, her, her.stay)


FIRST, SECOND = "2025-01-31", "2026-08-31"  # due on 2025-07-31 and 2027-02-28
OPEN: dict[str, Any] = {"referral": {"received_at": "2026-02-01T10:00+06:00"}}
AWAY: dict[str, Any] = {"admission": {"not_admitted": {"on": "2026-02-02", "reason": "another house"}}}
DONE = report(date="2025-08-01")
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
        ([stay(FIRST, report(date="2025-07-30")), OPEN], "STAY0"),
        ([{**stay(FIRST), **AWAY}, stay(SECOND)], "STAY1"),
        ([{**stay(FIRST), "void": {"on": "2025-02-01"}}, stay(SECOND)], "STAY1"),
        ([stay(FIRST), stay(SECOND, report())], "STAY0"),
    ],
)
def test_a_report_is_written_about_the_oldest_stay_that_nothing_answers(
    stays: list[dict[str, Any]], expected: str | None
) -> None:
    found = find_unmonitored_stay(ANNEX, client(*stays))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([stay(FIRST), stay(SECOND)], [None, None]),
        ([stay(FIRST, DONE), stay(SECOND)], [date(2025, 8, 1), None]),
        ([stay(FIRST), stay(SECOND, report())], [None, date(2027, 2, 28)]),
        ([stay(FIRST), stay(SECOND, report(date="2026-12-01"))], [None, None]),
        ([stay(FIRST), stay(SECOND, report(signed=False))], [None, None]),
        ([stay(FIRST, report()), stay(SECOND)], [date(2027, 2, 28), None]),
        ([stay(FIRST, report()), stay(SECOND, report(date="2027-03-01"))], [date(2027, 2, 28), date(2027, 3, 1)]),
        ([stay(FIRST), stay(SECOND, closed={**CLOSED, "on": "2027-03-01"})], [None, date(2027, 3, 1)]),
        ([stay(FIRST, closed=CLOSED), stay(SECOND)], [date(2025, 8, 1), None]),
    ],
)
def test_a_report_and_a_closing_answer_the_duty_of_the_stay_in_which_they_are_written_alone(
    stays: list[dict[str, Any]], expected: list[date | None]
) -> None:
    her = client(*stays)
    assert [monitoring_answered_on(ANNEX, her, each) for each in her.stays] == expected


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([stay(FIRST), OPEN], ["STAY0 577 due"]),
        ([stay(FIRST), AWAY], ["STAY0 577 due"]),
        ([stay(FIRST, DONE), OPEN], []),
        ([stay(FIRST), stay(SECOND)], ["STAY0 577 due", "STAY1 0 due"]),
        ([stay(FIRST, DONE), stay(SECOND)], ["STAY1 0 due"]),
        ([stay(FIRST), stay(SECOND, report())], ["STAY0 577 due"]),
    ],
)
def test_each_stay_that_she_left_is_due_until_it_is_answered_whatever_came_later(
    stays: list[dict[str, Any]], expected: list[str]
) -> None:
    rows = list_monitoring_due(ANNEX, [client(*stays)], date(2027, 2, 28))
    assert [f"{row.stay} {row.days_since_due} {row.state}" for row in rows] == expected


@pytest.mark.parametrize(
    ("track", "told", "named", "where"),
    [
        ("report", report(), None, 0),
        ("report", {**report(), "id": "R1"}, None, 0),
        ("report", report(date="2027-03-01"), None, 1),
        ("report", report(date="2027-03-01"), "STAY0", 0),
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
        "2026-08-31", {"id": "R1", **report()}, closed={"on": "2027-03-01", "by": "manager", "reason": "moved"}
    )
    her = client(first, stay("2027-04-30"))
    meant = find_stay_left(open_rulebook().tracks[track], her, ANNEX, told, named)
    assert meant is not None
    assert meant.index == where
