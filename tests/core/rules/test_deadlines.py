"""What is due of a client as of a day: monitoring, deadlines of a stay and of an entry, and who is not back in time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.rule import History
from shelterctl.core.manual.track import Deadline
from shelterctl.core.record.client import Client
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.deadlines import list_track_obligations
from shelterctl.core.rules.monitoring import judge_standing_alarms
from shelterctl.core.rules.obligation import MonitoringDue, Obligation, order_by_danger
from shelterctl.core.values.days import Span, count_empty_periods
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.small_rulebook import TRACKS, around
from tests.support.written_rules import read_history

MANUAL = open_rulebook().tracks
ANNEX = MANUAL["report"]
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
    return list(monitoring.list_monitoring_due(MANUAL, clients, day, within))


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
    found = list(judge_standing_alarms(MANUAL, [resident("2026-08-31", **monitoring_)]))
    assert [one.clause for one in found] == expected
    assert {one.record for one in found} <= {"7QF2-M9KD"}


def test_a_report_without_a_date_hides_no_alarm_of_one_with_a_date() -> None:
    dated, undated = {**DONE, "threats": True}, {name: value for name, value in DONE.items() if name != "date"}
    for reports in ([dated, undated], [undated, dated]):
        found = judge_standing_alarms(MANUAL, [resident("2026-08-31", reports=reports)])
        assert [one.clause for one in found] == ["A7.Q6"]


def test_who_comes_back_and_is_turned_away_is_still_looked_after_for_the_stay_before() -> None:
    before = {"id": "A11111", "received": {"at": "2026-01-01T10:00+06:00"}, "discharge": {"on": "2026-03-31"}}
    after = {"id": "B22222", "admission": {"not_admitted": {"on": "2026-05-02", "reason": "another house"}}}
    client = Client({"id": "7QF2-M9KD", "identity": {"sex": "female"}, "stays": [before, after]})

    assert [(row.stay, row.state) for row in due(client, day=date(2026, 9, 30))] == [("A11111", "due")]
    assert due(Client({**client.facts, "stays": [after]}), day=date(2026, 9, 30)) == []


TODAY = date(2026, 11, 25)


def rulings(**asks: Any) -> History[Any]:
    return read_history([{"clause": "Z1", **asks}])


def deadline(event: str, more: dict[str, Any] | None = None, **asks: Any) -> Deadline:
    return Deadline(event, "T99", rulings(**asks), **(more or {}))


def owed(
    due: Deadline, her: dict[str, Any] | None = None, within: int = 0, today: date = TODAY
) -> list[tuple[str, Any]]:
    """The state and the days of each row that one deadline of an errand comes to."""
    track = replace(TRACKS["errand"], due=(due,))
    tracks = {**TRACKS, "errand": track}
    held = around({"errands": [], **(her or {})}, day=str(today), today=today, tracks=tracks)
    return [(row.state, row.days_since_due) for row in list_track_obligations([track], held, within)]


ADMITTED = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("days", "within", "expected"),
    [
        (21, 0, [("overdue", 1)]),
        (22, 0, [("due", 0)]),
        (23, 0, []),
        (23, 1, [("upcoming", -1)]),
        (32, 9, []),
        (32, 10, [("upcoming", -10)]),
    ],
)
def test_a_deadline_of_a_stay_is_counted_from_its_event(days: int, within: int, expected: list[Any]) -> None:
    assert owed(deadline("admission", after={"days": days}), within=within) == expected


def test_calendar_months_end_on_the_last_day_of_a_shorter_one() -> None:
    due = deadline("admission", after={"months": 3})
    stays = [{"id": "S1", "received": {"at": "2026-11-30T10:00+06:00"}, "admission": {"admitted_on": "2026-11-30"}}]
    assert owed(due, {"stays": stays}, today=date(2027, 2, 28)) == [("due", 0)]


@pytest.mark.parametrize(
    ("entry", "answers"),
    [
        ({"day": "2026-11-23", "title": "А"}, True),
        ({"day": "2026-11-22", "title": "А"}, False),
        ({"day": "2026-11-26", "title": "А"}, False),
        ({"title": "А"}, False),
        ({"day": "2026-11-23", "title": "А", "void": {"on": "2026-11-24"}}, False),
    ],
)
def test_an_entry_answers_from_the_due_day_on(entry: dict[str, Any], answers: bool) -> None:
    due = deadline("admission", after={"days": 20})
    assert owed(due, {"errands": [{"id": "E1", **entry}]}) == ([] if answers else [("overdue", 2)])


def test_only_entries_with_the_answers_that_are_meant_count() -> None:
    due = deadline("admission", {"where": {"kind": ("fetch",)}}, after={"days": 20})
    other, meant = ({"id": "E1", "day": "2026-11-24", "title": "А", "kind": kind} for kind in ("bring", "fetch"))
    assert owed(due, {"errands": [other]}) == [("overdue", 2)]
    assert owed(due, {"errands": [other, meant]}) == []


def test_who_does_not_owe_it_is_not_told() -> None:
    assert owed(deadline("admission", {"when": {"identity.sex": ("male",)}}, after={"days": 1})) == []


def test_what_has_no_last_day_stays_open_with_its_days() -> None:
    assert owed(deadline("admission", {"never": "overdue"})) == [("open", 22)]
    assert owed(deadline("admission", {"never": "listed"})) == []


def test_a_deadline_of_an_entry_ends_once_the_day_in_its_field_has_come() -> None:
    due = deadline("day", {"until": ("done_on",)}, after={"days": 5})
    begun = {"id": "E1", "title": "А", "day": "2026-11-10"}
    assert owed(due, {"errands": [begun]}) == [], "what is not asked owes nothing"
    asked = {**begun, "done": True}
    assert owed(due, {"errands": [asked]}) == [("overdue", 10)]
    assert owed(due, {"errands": [{**asked, "done_on": "2026-11-25"}]}) == []
    assert owed(due, {"errands": [{**asked, "done_on": "2026-11-26"}]}) == [("overdue", 10)]


@pytest.mark.parametrize(("day", "answers"), [("2026-11-19", False), ("2026-11-20", True), ("2026-11-26", False)])
def test_a_later_entry_of_its_track_answers_a_deadline_of_an_entry_which_never_does_so_itself(
    day: str, answers: bool
) -> None:
    due = deadline("done_on", {"until": ("errand",)})
    first = {"id": "E1", "title": "А", "day": "2026-11-21", "done": True, "done_on": "2026-11-20"}
    assert owed(due, {"errands": [first]}) == [("overdue", 5)]
    other = {"id": "E2", "title": "Б", "day": day}
    assert owed(due, {"errands": [first, other]}) == ([] if answers else [("overdue", 5)])


def test_each_entry_has_its_own_deadline_and_says_which_it_is() -> None:
    track = replace(TRACKS["errand"], due=(deadline("day", after={"days": 1}),))
    errands = [{"id": "E1", "day": "2026-11-10"}, {"id": "E2", "day": "2026-11-24"}, {"id": "E3"}]
    held = around({"errands": errands}, tracks={**TRACKS, "errand": track})
    rows = list(list_track_obligations([track], held, 0))
    assert [(row.entry, row.state, row.days_since_due) for row in rows] == [("E1", "overdue", 14), ("E2", "due", 0)]


def test_what_is_due_every_day_is_one_row_with_its_gaps() -> None:
    due = deadline("arrival", every="day")
    spans = [{"id": "E1", "span": {"from": "2026-11-02", "to": "2026-11-20"}}, {"id": "E2", "day": "2026-11-23"}]
    track = replace(TRACKS["errand"], due=(due,))
    held = around({"errands": spans}, tracks={**TRACKS, "errand": track})
    (row,) = list_track_obligations([track], held, 0)
    assert (row.state, row.gaps, row.due_on, row.days_since_due) == ("overdue", 3, date(2026, 11, 21), 4)
    full = [*spans, *({"id": f"F{day}", "day": f"2026-11-{day}"} for day in (21, 22, 24))]
    (row,) = list_track_obligations([track], around({"errands": full}, tracks={**TRACKS, "errand": track}), 0)
    assert (row.state, row.gaps) == ("due", 1)


def test_a_file_that_counts_nowhere_owes_nothing() -> None:
    stays = [{"id": "S1", "admission": {"admitted_on": "2026-11-03"}, "void": {"on": "2026-11-04"}}]
    assert owed(deadline("admission", after={"days": 1}), {"stays": stays}) == []


def test_nothing_is_owed_of_a_stay_that_did_not_begin() -> None:
    stays = [{"id": "S1", "admission": {"admitted_on": "2026-11-03", "not_admitted": {"on": "2026-11-03"}}}]
    assert owed(deadline("admission", after={"days": 1}), {"stays": stays}) == []


def row(state: str, days: int | None, **more: Any) -> Obligation:
    return Obligation("AAAA-0001", None, state, "x", {}, None, days, "Z1", **more)


def test_the_gravest_danger_comes_first_and_papers_and_money_last_however_long_they_are_overdue() -> None:
    rows = [
        row("upcoming", -3), row("open", 9), row("open", 5, danger="gate"), row("unscheduled", None), row("due", 0),
        row("overdue", 2), row("overdue", 30), row("open", 0, danger="at_once"), row("open", 8, danger="health"),
        row("open", 9, danger="gate"), row("overdue", 0, danger="late", minutes_since_due=1),
        row("overdue", 1, danger="late", minutes_since_due=61),
    ]  # fmt: skip
    told = [(one.danger or one.state, one.days_since_due) for one in sorted(rows, key=order_by_danger)]
    assert told == [
        ("late", 1), ("late", 0), ("at_once", 0), ("gate", 9), ("gate", 5), ("health", 8),
        ("overdue", 30), ("overdue", 2), ("due", 0), ("open", 9), ("upcoming", -3), ("unscheduled", None),
    ]  # fmt: skip


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(-1, 400),
    st.sampled_from(["day", "week", "month"]),
    st.lists(st.tuples(st.integers(-40, 420), st.integers(0, 60)), max_size=8),
)
def test_a_period_is_empty_where_no_span_overlaps_it(
    first: date, length: int, every: str, written: list[tuple[int, int]]
) -> None:
    last = first + timedelta(length)
    spans = [Span(first + timedelta(at), first + timedelta(at + more)) for at, more in written]
    bare = [one for one in periods(first, last, every) if not any(span.overlaps(one) for span in spans)]
    found = count_empty_periods(Span(first, last), every, spans)
    assert found.periods == len(bare)
    if bare:
        assert (found.first, found.last) == (bare[0].last, bare[-1].last)


def periods(first: date, last: date, every: str) -> list[Span]:
    """Each period in turn, day by day."""
    days = [first + timedelta(at) for at in range((last - first).days + 1)]

    def period(day: date) -> int:
        return day.year * 12 + day.month if every == "month" else (day - first).days // {"day": 1, "week": 7}[every]

    return [Span(found[0], found[-1]) for _, each in groupby(days, period) if (found := list(each))]


BACK = Deadline("at", "T99", rulings(), until=("asked_at",), danger="late")
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
    due = replace(BACK, history=rulings(after={"months": 1}))
    (row,) = rows(due, "2026-12-20T23:00+06:00", {"at": EXPECTED})
    assert (row.state, row.due_at, row.minutes_since_due) == ("due", None, None)
