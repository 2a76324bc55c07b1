"""What is due of a client on a day: deadlines of a stay and of an entry, and what is due every so often."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import TRACKS, around

from shelterctl.core.manual.rule import read_history
from shelterctl.core.manual.track import Deadline
from shelterctl.core.rules.deadlines import Obligation, list_track_obligations, order_by_danger
from shelterctl.core.values.days import Span, count_empty_periods

TODAY = date(2026, 11, 25)


def deadline(event: str, more: dict[str, Any] | None = None, **asks: Any) -> Deadline:
    return Deadline(event, "T99", read_history([{"clause": "Z1", **asks}]), **(more or {}))


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
