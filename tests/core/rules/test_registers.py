"""Entries of a house's registers: gaps in time, hours, ids of clients, and what is due again and again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Registered
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.deadlines import (
    _list_entry_obligations,
    _list_parts,
    _listed_deadlines,
    list_track_obligations,
)
from shelterctl.core.rules.judgement import judge_rules, judge_track_entries
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.rules.verbs.cover import Stretch, find_uncovered_time
from shelterctl.core.values.days import Span, count_empty_periods, find_gaps
from shelterctl.core.values.moments import count_empty_hours, is_certainly_earlier
from tests.support.small_rulebook import HOUSE, REGISTERS, TRACKS, around

ZONE = timezone(timedelta(hours=6))
WATCH = TRACKS["watch"]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)


def house(*watches: Mapping[str, Any], opened: str = "2026-11-23", **more: Any) -> Context:
    """A house with these watches, on a Wednesday at noon."""
    written = [{"id": f"W{number:05}", **each} for number, each in enumerate(watches)]
    record = Registered({"id": "bishkek", "home": "house", "opened": opened, "watches": written, **more})
    registers = {**REGISTERS, "clients": {"7QF2-M9KD": {}}}
    return Context(
        day=NOW.date(), today=NOW.date(), now=NOW, client=record, house=HOUSE, registers=registers, tracks=TRACKS
    )


def at(day: int, hour: int = 0, minute: int = 0) -> str:
    return f"2026-11-{day:02}T{hour:02}:{minute:02}+06:00"


def duty(begins: str, ends: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "duty", "starts_at": begins, **({"ends_at": ends} if ends else {}), **more}


def found(context: Context, code: str) -> list[tuple[str, str, str]]:
    """The place of each finding of a code, and its first and last moment."""
    told = (one for one in judge_track_entries(WATCH, context) if one.code == code)
    return [(one.where, said(one.facts.get("first")), said(one.facts.get("last"))) for one in told]


def said(fact: Any) -> str:
    return str(fact["en"] if isinstance(fact, Mapping) else fact)


def due(context: Context, within: int = 0) -> list[Obligation]:
    return list(list_track_obligations([WATCH], context, within))


NIGHTS = (duty(at(23), at(24)), duty(at(24), at(25, 8)), duty(at(25, 8), at(26)))
"""Watches without a gap since the opening."""


def test_watches_without_a_gap_are_not_reported() -> None:
    assert found(house(*NIGHTS), "track/covers") == []


def test_a_gap_is_told_at_the_entry_that_ends_it_and_the_last_one_at_the_last_entry() -> None:
    first, other = duty(at(23, 6), at(24)), duty(at(24, 3), at(25, 8))
    assert found(house(other, first, {**other, "kind": "help"}), "track/covers") == [
        ("/watches/0/starts_at", "2026-11-24 00:00", "2026-11-24 03:00"),
        ("/watches/0/starts_at", "2026-11-25 08:00", "2026-11-25 12:00"),
        ("/watches/1/starts_at", "2026-11-23 00:00", "2026-11-23 06:00"),
    ]


def test_a_watch_of_thirty_hours_and_one_that_goes_on_cover_their_time() -> None:
    assert found(house(duty(at(23), at(24, 6)), duty(at(24, 6))), "track/covers") == []
    assert found(house(duty(at(23)), duty(at(24, 6), at(25, 12))), "track/covers") == []


def test_months_that_were_not_read_are_no_gap() -> None:
    late = duty(at(25), at(26))
    assert len(found(house(late), "track/covers")) == 1
    assert found(house(late, held_from="2026-11-25"), "track/covers") == []


def test_an_entry_that_is_not_stored_yet_is_judged_among_the_others() -> None:
    context = house(NIGHTS[0], NIGHTS[2])
    held = context.for_entry(read_entry(WATCH, NIGHTS[1], "/watches/9"))
    rule = next(each for each in WATCH.rules if each.verb == "covers")
    assert [*judge_rules([rule], read_entry(WATCH, {"id": "W9", **NIGHTS[1]}, "/watches/9"), held)] == []


def test_two_duties_at_one_time_are_reported_and_two_of_different_kinds_are_not() -> None:
    first, second = duty(at(24, 8), at(24, 20)), duty(at(24, 19), at(25, 8))
    assert [where for where, *_ in found(house(first, second), "track/once")] == [
        "/watches/0/starts_at",
        "/watches/1/starts_at",
    ]
    assert found(house(first, {**second, "kind": "help"}), "track/once") == []


@pytest.mark.parametrize(
    ("broke", "mended", "late"),
    [
        (at(24, 8), at(25, 8), False),
        (at(24, 8), at(25, 8, 1), True),
        ("2026-11-24T08:00", "2026-11-25T08:01", True),
        ("2026-11-24T08:00+06:00", "2026-11-25T07:00+05:00", False),
    ],
)
def test_hours_are_compared_with_their_offsets(broke: str, mended: str, late: bool) -> None:
    told = found(house(duty(at(25), broke_at=broke, mended_at=mended)), "track/dated")
    assert bool(told) is late


@pytest.mark.parametrize(
    ("one", "other", "hours", "certain"),
    [
        (date(2026, 11, 24), datetime(2026, 11, 25, 23, 59, tzinfo=UTC), 24, False),
        (date(2026, 11, 24), datetime(2026, 11, 26, 0, 0, tzinfo=UTC), 24, True),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 25), 24, False),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 26), 24, True),
        (date(2026, 11, 24), date(2026, 11, 25), 24, False),
        (date(2026, 11, 24), date(2026, 11, 26), 24, True),
    ],
)
def test_where_only_a_day_is_known_hours_are_broken_only_if_certainly(
    one: date, other: date, hours: int, certain: bool
) -> None:
    assert is_certainly_earlier(one, other, UTC, hours) is certain


def test_the_id_of_a_client_who_is_not_there_is_open() -> None:
    context = house(duty(at(25), seen=["7QF2-M9KD", "AAAA-0001"]))
    told = [one for one in judge_track_entries(WATCH, context) if one.code == "track/unknown-client"]
    assert [(one.where, one.facts["who"], one.severity.value) for one in told] == [
        ("/watches/0/seen/1", "AAAA-0001", "open")
    ]
    unknown = replace(context, registers=REGISTERS)
    assert not [one for one in judge_track_entries(WATCH, unknown) if one.code == "track/unknown-client"]


def rows(context: Context, within: int = 0) -> list[tuple[str, str | None, int | None]]:
    """What is due: its state, the entry, and the number of gaps."""
    return [(one.state, one.entry, one.gaps) for one in due(context, within)]


def test_a_day_that_is_covered_only_in_the_morning_has_no_duty_of_its_own() -> None:
    nights = duty(at(23, 18), at(24, 8)), duty(at(25, 18), at(26, 8))
    (missed, _) = due(house(*nights))
    assert (missed.state, missed.gaps, missed.due_on, missed.id) == ("overdue", 1, date(2026, 11, 24), "bishkek")
    assert rows(house(duty(at(23), at(26)), minutes_of(25))) == []


def minutes_of(day: int) -> dict[str, Any]:
    return {"kind": "help", "starts_at": at(day), "ends_at": at(day, 1), "minutes": "Minutes"}


def test_weeks_are_those_of_the_calendar_and_the_running_one_can_still_be_filled() -> None:
    week = [due for due in WATCH.due if due.until == ("minutes",)]
    track = replace(WATCH, due=(*week,))
    opened = "2026-11-14"  # a Saturday, so there are two whole weeks and two days
    assert [(one.state, one.gaps) for one in list_track_obligations([track], house(opened=opened), 0)] == [
        ("overdue", 2)
    ]
    told = house(minutes_of(14), minutes_of(22), opened=opened)
    assert [(one.state, one.gaps) for one in list_track_obligations([track], told, 0)] == [("due", 1)]
    other = replace(told, house=None)
    assert not [*list_track_obligations([track], other, 0)]


def test_hours_after_a_time_are_due_at_that_moment() -> None:
    track = replace(WATCH, due=WATCH.due[:1])
    late = house(duty(at(24, 8), broke_at=at(24, 11)))
    (one,) = list_track_obligations([track], late, 0)
    assert (one.state, one.due_at, one.minutes_since_due) == ("overdue", datetime(2026, 11, 25, 11, tzinfo=ZONE), 60)
    assert not [*list_track_obligations([track], house(duty(at(24), broke_at=at(24), mended_at=at(24, 9))), 0)]


def test_what_runs_out_is_shown_for_thirty_days_whatever_is_asked_for() -> None:
    track = replace(WATCH, due=(WATCH.due[3],))
    soon, later = duty(at(24), runs_out_on="2026-12-25"), duty(at(24), runs_out_on="2026-12-26")
    assert [(one.state, one.entry) for one in list_track_obligations([track], house(soon, later), 0)] == [
        ("upcoming", "W00000")
    ]


def test_each_task_is_a_row_of_whoever_does_it() -> None:
    track = replace(WATCH, due=(WATCH.due[4],))
    tasks = [
        {"id": "T1", "owner": "s-bek", "until": "2026-11-24"},
        {"id": "T2", "owner": "s-aida", "until": "2026-11-24", "done_on": "2026-11-24"},
        {"id": "T3", "owner": "s-aida", "until": "2026-11-25"},
        {"id": "T4", "owner": "s-aida", "until": "2026-11-20", "void": {"on": "2026-11-21"}},
    ]
    found = list_track_obligations([track], house(duty(at(24), tasks=tasks)), 0)
    assert [(one.state, one.entry, one.group, one.owner_codes) for one in found] == [
        ("overdue", "W00000", "T1", ("s-bek",)),
        ("due", "W00000", "T3", ("s-aida",)),
    ]


def test_a_client_owes_nothing_of_a_house_and_a_house_nothing_of_a_client() -> None:
    assert not [*list_track_obligations([WATCH], around({"watches": [duty(at(24), broke_at=at(20))]}), 0)]
    assert not [*list_track_obligations([TRACKS["errand"]], house(), 0)]


moments = st.integers(0, 120)
spans = st.lists(st.tuples(moments, st.none() | moments), max_size=8)


@given(spans, st.none() | moments, moments)
def test_gaps_are_the_hours_that_nothing_covers(
    said: list[tuple[int, int | None]], begin: int | None, end: int
) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)

    def moment(hour: int) -> datetime:
        return zero + timedelta(hours=hour)

    stretches = [
        Stretch(moment(one), None if other is None else moment(other), n) for n, (one, other) in enumerate(said)
    ]
    gaps = list(find_uncovered_time(stretches, None if begin is None else moment(begin), moment(end)))
    told = {hour for gap in gaps for hour in range(*((one - zero) // timedelta(hours=1) for one in gap[:2]))}
    starts = sorted(one for one, _ in said)
    covered = set()
    for one, other in said:
        following = next((each for each in starts if each > one), 999)
        covered |= set(range(one, following if other is None else other))
    first = begin if begin is not None else min(starts, default=end)
    assert told == (set(range(first, end)) - covered if said else set())
    assert sum(gap.is_last for gap in gaps) <= 1


@given(spans, moments, moments)
def test_empty_hours_are_counted(said: list[tuple[int, int | None]], begin: int, length: int) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    times = [(zero + timedelta(hours=one), zero + timedelta(hours=other or one)) for one, other in said]
    found, is_last = count_empty_hours(zero + timedelta(hours=begin), zero + timedelta(hours=begin + length + 1), times)
    covered = {hour for one, other in said for hour in range(one, max(other or one, one + 1))}
    empty = set(range(begin, begin + length + 1)) - covered
    assert (found.periods, is_last) == (len(empty), begin + length in empty)


days = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(
    st.lists(st.tuples(days, days).map(sorted).map(lambda two: Span(*two)), max_size=5),
    st.tuples(days, days).map(sorted),
)
def test_calendar_weeks_without_a_day_are_counted(covered: list[Span], ends: list[date]) -> None:
    during = Span(*ends)
    weeks: dict[tuple[int, int], set[date]] = {}
    for number in range((during.last - during.first).days + 1):
        day = during.first + timedelta(days=number)
        weeks.setdefault(day.isocalendar()[:2], set()).add(day)
    empty = [
        max(each) for each in weeks.values() if not any(one.first <= day <= one.last for one in covered for day in each)
    ]
    found = count_empty_periods(during, "week", covered, calendar_weeks=True)
    assert found.periods == len(empty)
    assert not empty or (found.first, found.last) == (min(empty), max(empty))
    assert all(gap.first <= gap.last for gap in find_gaps(during, covered))


written_day = st.dates(date(2026, 10, 1), date(2026, 12, 31)).map(str)
written = st.fixed_dictionaries(
    {"starts_at": st.just(at(24))},
    optional={
        "kind": st.sampled_from(["duty", "help"]),
        "broke_at": st.sampled_from([at(20), at(25, 11), "2026-12-20T00:00+06:00", "soon"]),
        "mended_at": st.sampled_from([at(21), "2027-01-01T00:00+06:00", "unknown"]),
        "runs_out_on": written_day,
        "void": st.just({"on": "2026-11-24"}),
        "tasks": st.lists(
            st.fixed_dictionaries(
                {"id": st.just("T1")},
                optional={"until": written_day, "done_on": written_day, "owner": st.sampled_from(["s-aida", "s-bek"])},
            ),
            max_size=2,
        ),
    },
)


def owed_by_reading(track: Track, context: Context, within: int) -> Iterable[Obligation]:
    """What is due if every entry is read."""
    for part, due in _listed_deadlines(track):
        if due.event == "opened":
            continue
        for whole in context.client_entries(track.name):
            for one in _list_parts(whole, part) if part else (whole,):
                yield from _list_entry_obligations(track, part, due, one, context, within)


@given(st.lists(written, max_size=4), st.sampled_from([0, 3, 40]))
def test_entries_that_are_not_read_owe_nothing(watches: list[dict[str, Any]], within: int) -> None:
    track = replace(WATCH, due=(WATCH.due[0], *WATCH.due[3:]))
    context = house(*watches)
    assert list(list_track_obligations([track], context, within)) == list(owed_by_reading(track, context, within))


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two watches of one kind share time; a watch without an end has not ended."""
    ends = [each.get("ends_at") or at(30) for each in (one, other)]
    return bool(one["kind"] == other["kind"] and one["starts_at"] < ends[1] and other["starts_at"] < ends[0])


watches = st.builds(
    lambda begin, length, kind: {
        "kind": kind,
        "starts_at": at(*divmod(begin, 24)),
        **({"ends_at": at(*divmod(begin + length, 24))} if length else {}),
    },
    st.integers(24, 200),
    st.none() | st.integers(1, 60),
    st.sampled_from(["duty", "help"]),
)


@given(st.lists(watches, max_size=6))
def test_each_watch_is_compared_with_every_one_that_shares_its_time(said: list[dict[str, Any]]) -> None:
    told = {where for where, *_ in found(house(*said), "track/once")}
    assert told == {
        f"/watches/{number}/starts_at"
        for number, one in enumerate(said)
        if any(overlap(one, other) for place, other in enumerate(said) if place != number)
    }
