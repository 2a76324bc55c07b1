"""Who is to be monitored, as of a day, and whose last report raises an alarm."""

from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.monitoring import MonitoringDue, judge_standing_alarms
from shelterctl.rulebook.rulebook import open_rulebook

ANNEX = open_rulebook().report
LEFT = date(2026, 8, 31)
DUE = date(2027, 2, 28)
DONE: dict[str, Any] = {
    "id": "R1",
    "date": "2027-02-28",
    "signed": True,
    **{name: "unknown" for name, field in ANNEX.fields.items() if field.number},
}


def resident(left: str | None, id_: str = "7QF2-M9KD", **monitoring_: Any) -> Client:
    discharge = {"discharge": {"on": left}} if left else {}
    return Client({"id": id_, "stays": [{"id": "STAY1", **discharge, "monitoring": monitoring_}]})


def outsider(id_: str = "7QF2-M9KD", **monitoring_: Any) -> Client:
    return Client({"id": id_, "stays": [], "monitoring": monitoring_})


def due(*clients: Client, day: date, within: int = 0) -> list[MonitoringDue]:
    return list(monitoring.list_monitoring_due(ANNEX, clients, day, within))


@pytest.mark.parametrize(
    ("day", "within", "expected"),
    [
        (date(2027, 2, 27), 0, None),
        (date(2027, 2, 28), 0, (0, "due")),
        (date(2027, 3, 10), 0, (10, "due")),
        (date(2027, 2, 27), 1, (-1, "upcoming")),
        (date(2027, 2, 18), 10, (-10, "upcoming")),
        (date(2027, 2, 17), 10, None),
        (date(2026, 9, 1), 0, None),
    ],
)
def test_it_is_upcoming_within_so_many_days_and_due_from_the_day(
    day: date, within: int, expected: tuple[int, str] | None
) -> None:
    rows = [MonitoringDue("7QF2-M9KD", "STAY1", LEFT, DUE, *expected)] if expected else []
    assert due(resident("2026-08-31"), day=day, within=within) == rows


@pytest.mark.parametrize(
    "client",
    [
        resident(None),
        resident("2026-08-31", reports=[DONE]),
        resident("2026-08-31", closed={"on": "2027-01-10", "by": "manager", "reason": "moved abroad"}),
        outsider(closed={"on": "2027-01-10", "by": "manager", "reason": "moved abroad"}),
        outsider(scheduled={"on": "2027-02-28"}, reports=[DONE]),
    ],
)
def test_nobody_is_listed_who_is_in_the_house_or_monitored_or_closed(client: Client) -> None:
    assert due(client, day=date(2030, 1, 1), within=100) == []


@pytest.mark.parametrize(
    "report",
    [
        {**DONE, "signed": False},
        {**DONE, "date": "2027-02-27"},
        {**DONE, "plans": None},
        {**DONE, "void": {"on": "2027-03-01"}},
    ],
)
def test_a_report_that_does_not_do_the_duty_leaves_it_due(report: dict[str, Any]) -> None:
    assert [row.state for row in due(resident("2026-08-31", reports=[report]), day=DUE)] == ["due"]


def test_an_attempt_leaves_it_due() -> None:
    attempted = resident("2026-08-31", attempts=[{"id": "A1", "on": "2027-02-28", "outcome": "no answer"}])
    assert [row.state for row in due(attempted, day=DUE)] == ["due"]


def test_a_client_without_a_stay_is_unscheduled_from_the_first_day() -> None:
    assert due(outsider(), day=date(2026, 11, 25)) == [
        MonitoringDue("7QF2-M9KD", None, None, None, None, "unscheduled")
    ]


@pytest.mark.parametrize(
    ("day", "within", "expected"),
    [
        (date(2027, 2, 28), 0, (0, "due")),
        (date(2027, 2, 26), 2, (-2, "upcoming")),
        (date(2027, 2, 26), 0, None),
    ],
)
def test_for_a_client_without_a_stay_the_scheduled_day_is_the_due_day(
    day: date, within: int, expected: tuple[int, str] | None
) -> None:
    rows = [MonitoringDue("7QF2-M9KD", None, None, DUE, *expected)] if expected else []
    assert due(outsider(scheduled={"on": "2027-02-28"}), day=day, within=within) == rows


def test_every_stay_that_she_left_is_listed_the_oldest_first() -> None:
    stays = [{"id": "STAY1", "discharge": {"on": "2025-01-01"}}, {"id": "STAY2", "discharge": {"on": "2026-08-31"}}]
    assert due(Client({"id": "7QF2-M9KD", "stays": stays}), day=DUE) == [
        MonitoringDue("7QF2-M9KD", "STAY1", date(2025, 1, 1), date(2025, 7, 1), 607, "due"),
        MonitoringDue("7QF2-M9KD", "STAY2", LEFT, DUE, 0, "due"),
    ]


def test_the_longest_due_comes_first_and_the_unscheduled_last() -> None:
    clients = [
        outsider("AAAA-AAAA"),
        resident("2026-09-10", "BBBB-BBBB"),
        resident("2026-08-31", "DDDD-DDDD"),
        resident("2026-08-31", "CCCC-CCCC"),
        resident("2025-08-31", "EEEE-EEEE"),
    ]
    rows = due(*clients, day=DUE, within=30)
    assert [row.id[0] + " " + row.state for row in rows] == ["E due", "C due", "D due", "B upcoming", "A unscheduled"]


@pytest.mark.parametrize(
    ("monitoring_", "expected"),
    [
        ({}, []),
        ({"reports": [DONE]}, []),
        ({"reports": [{**DONE, "threats": True}]}, ["A7.Q6"]),
        ({"reports": [{**DONE, "threats": True, "signed": False}]}, ["A7.Q6"]),
        ({"reports": [{**DONE, "threats": True, "void": {"on": "2027-03-01"}}]}, []),
        ({"reports": [{**DONE, "threats": True, "date": "2027-03-01"}, DONE]}, ["A7.Q6"]),
        ({"reports": [{**DONE, "threats": True}, {**DONE, "date": "2027-03-01"}]}, []),
        ({"reports": [{**DONE, "job_paid": "not_paid"}], "closed": {"on": "2027-03-01"}}, []),
    ],
)
def test_an_alarm_of_her_last_report_is_raised_until_the_duty_is_closed(
    monitoring_: dict[str, Any], expected: list[str]
) -> None:
    found = list(judge_standing_alarms(ANNEX, [resident("2026-08-31", **monitoring_)]))
    assert [one.clause for one in found] == expected
    assert {one.record for one in found} <= {"7QF2-M9KD"}


def test_who_comes_back_and_is_turned_away_is_still_looked_after_for_the_stay_before() -> None:
    before = {"id": "A11111", "received": {"at": "2026-01-01T10:00+06:00"}, "discharge": {"on": "2026-03-31"}}
    after = {"id": "B22222", "admission": {"not_admitted": {"on": "2026-05-02", "reason": "another house"}}}
    client = Client({"id": "7QF2-M9KD", "identity": {"sex": "female"}, "stays": [before, after]})

    assert [(row.stay, row.state) for row in due(client, day=date(2026, 9, 30))] == [("A11111", "due")]
    assert due(Client({**client.facts, "stays": [after]}), day=date(2026, 9, 30)) == []
