"""Who is not back at the hour at which she was expected: from which minute on she is late, and for how long."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from small import TRACKS, around

from shelterctl.core.manual.rule import read_history
from shelterctl.core.manual.track import Deadline
from shelterctl.core.rules.deadlines import Obligation, list_track_obligations

BACK = Deadline("at", "T99", read_history([{"clause": "Z1"}]), until=("asked_at",), danger="late")
"""Expected back ``at`` an hour, until it is said that she was back, ``asked_at``."""


def rows(due: Deadline, now: str, *entries: dict[str, Any], within: int = 0) -> list[Obligation]:
    """What one deadline of the entries comes to at a moment."""
    moment = datetime.fromisoformat(now)
    tracks = {**TRACKS, "errand": replace(TRACKS["errand"], due=(due,))}
    errands = [{"id": f"E{number}", **entry} for number, entry in enumerate(entries)]
    held = around({"errands": errands}, day=str(moment.date()), today=moment.date(), now=moment, tracks=tracks)
    return list(list_track_obligations([tracks["errand"]], held, within))


def at(now: str, *entries: dict[str, Any], within: int = 0) -> list[tuple[str, int | None, str | None]]:
    """The state, the minutes and the danger of each row."""
    return [(row.state, row.minutes_since_due, row.danger) for row in rows(BACK, now, *entries, within=within)]


EXPECTED = "2026-11-20T21:00+06:00"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T20:59+06:00", ("due", -1, None)),
        ("2026-11-20T21:00+06:00", ("due", 0, None)),
        ("2026-11-20T21:01+06:00", ("overdue", 1, "late")),
        ("2026-11-20T23:10+06:00", ("overdue", 130, "late")),
        ("2026-11-21T00:10+06:00", ("overdue", 190, "late")),
        ("2026-11-21T21:00+06:00", ("overdue", 24 * 60, "late")),
    ],
)
def test_she_is_late_from_the_minute_after_the_hour_on(now: str, expected: tuple[str, int, str | None]) -> None:
    assert at(now, {"at": EXPECTED}) == [expected]


def test_over_new_year_the_minutes_go_on() -> None:
    (row,) = rows(BACK, "2027-01-01T00:30+06:00", {"at": "2026-12-31T23:30+06:00"})
    assert (row.minutes_since_due, row.days_since_due, row.due_on) == (60, 1, date(2026, 12, 31))


def test_the_day_before_it_is_to_come_and_listed_only_where_that_is_asked() -> None:
    assert at("2026-11-19T22:00+06:00", {"at": EXPECTED}) == []
    assert at("2026-11-19T22:00+06:00", {"at": EXPECTED}, within=1) == [("upcoming", -23 * 60, None)]


@pytest.mark.parametrize(
    ("written", "now", "expected"),
    [
        # The clock was set back at 21:30 that evening: what was written down before it has the offset of before.
        ("2026-11-20T21:00+07:00", "2026-11-20T20:30+06:00", ("overdue", 30, "late")),
        ("2026-11-20T21:00+06:00", "2026-11-20T21:30+07:00", ("due", -30, None)),
        # Its own day is already over, or has not begun, where the moment was written down.
        ("2026-11-21T00:30+08:00", "2026-11-20T23:00+06:00", ("overdue", 30, "late")),
        ("2026-11-20T23:50+05:00", "2026-11-21T00:10+06:00", ("due", -40, None)),
    ],
)
def test_moments_are_compared_and_not_what_the_clock_showed(
    written: str, now: str, expected: tuple[str, int, str | None]
) -> None:
    (row,) = rows(BACK, now, {"at": written})
    assert (row.state, row.minutes_since_due, row.danger) == expected
    assert row.due_at is not None
    assert row.due_at.isoformat(timespec="minutes") == written, "the hour is shown as it was written down"
    assert row.days_since_due == 0


def test_a_time_without_an_offset_is_one_of_the_house() -> None:
    assert at("2026-11-20T21:05+06:00", {"at": "2026-11-20T21:00"}) == [("overdue", 5, "late")]


def test_expected_without_an_hour_she_is_late_from_the_next_day_on() -> None:
    due = replace(BACK, event="day")
    by_day = {"day": "2026-11-20"}
    (row,) = rows(due, "2026-11-20T23:59+06:00", by_day)
    assert (row.state, row.danger, row.minutes_since_due) == ("due", None, None)
    (row,) = rows(due, "2026-11-21T00:01+06:00", by_day)
    assert (row.state, row.danger, row.days_since_due, row.due_at) == ("overdue", "late", 1, None)


def test_who_came_back_later_is_late_no_more() -> None:
    assert at("2026-11-20T23:30+06:00", {"at": EXPECTED, "asked_at": "2026-11-20T23:00+06:00"}) == []


def test_each_of_two_absences_has_its_own_hour_and_one_struck_through_has_none() -> None:
    struck = {"at": "2026-11-20T08:00+06:00", "void": {"on": "2026-11-20", "by": "s-bek"}}
    came = {"at": "2026-11-20T12:00+06:00", "asked_at": "2026-11-20T13:00+06:00"}
    assert at("2026-11-20T21:10+06:00", struck, came, {"at": EXPECTED}) == [("overdue", 10, "late")]
    both = at("2026-11-20T21:10+06:00", {"at": "2026-11-20T20:00+06:00"}, {"at": EXPECTED})
    assert both == [("overdue", 70, "late"), ("overdue", 10, "late")]


def test_what_is_never_overdue_is_a_danger_to_her_health_from_its_day_on() -> None:
    due = replace(BACK, event="day", danger="health", never="overdue")
    assert [(row.state, row.danger) for row in rows(due, "2026-11-20T09:00+06:00", {"day": "2026-11-20"})] == [
        ("open", "health")
    ]
    ahead = rows(due, "2026-11-19T09:00+06:00", {"day": "2026-11-20"}, within=1)
    assert [(row.state, row.danger) for row in ahead] == [("upcoming", None)]


def test_months_after_a_time_no_hour_is_meant() -> None:
    due = replace(BACK, history=read_history([{"clause": "Z1", "after": {"months": 1}}]))
    (row,) = rows(due, "2026-12-20T23:00+06:00", {"at": EXPECTED})
    assert (row.state, row.due_at, row.minutes_since_due) == ("due", None, None)
