"""A file as it was known on a day is the file as it was written then: entries, changes and strikes have their times."""

from copy import deepcopy
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.merge.changes import Stamp
from shelterctl.core.merge.fragment import merge_fragment
from shelterctl.core.record.as_known import facts_as_known, group_days_known_alike
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import file_as_of
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from tests.support.crowd import files

KEYS = published.stay_keys(open_rulebook())
TRACKS = [track for track in open_rulebook().tracks.values() if track.day]
FIRST = "2026-11-01T09:00+06:00"
EMPTY: dict[str, Any] = {"id": "7QF2-M9KD", "recorded_at": FIRST, "identity": {"sex": "female"}, "stays": []}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "birth_date": st.sampled_from([2019, 2020, "2021-03"]),
        "sex": st.sampled_from(["female", "male", None]),
        "stays_with_her": st.sampled_from([True, False, None]),
    },
)
STEP = st.tuples(st.sampled_from(["add", "change", "strike"]), st.integers(0, 4), ANSWERS, st.integers(0, 2))
"""What is done, to which entry, with which answers, and how many days after the step before."""


def carried_out(record: dict[str, Any], what: str, which: int, answers: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The file after one step; a step that fits nothing changes nothing."""
    listed = record.get("children") or []
    if what == "add":
        said = {name: value for name, value in answers.items() if value is not None}
        return merge_fragment(record, {"children": [said]}, stamp, KEYS, again=True)[0] if said else record
    if which >= len(listed) or "void" in listed[which]:
        return record
    if what == "change":
        return merge_fragment(record, {"children": [{"id": listed[which]["id"], **answers}]}, stamp, KEYS)[0]
    struck = deepcopy(record)
    struck["children"][which]["void"] = {"on": stamp.at[:10], "by": stamp.by, "reason": "wrong_value"}
    return struck


@given(st.lists(STEP, max_size=12))
def test_as_known_on_a_day_is_as_it_was_written_then(steps: list[tuple[str, int, dict[str, Any], int]]) -> None:
    numbers, day, record, written = count(1), 1, EMPTY, {1: EMPTY}
    for what, which, answers, later in steps:
        day += later
        stamp = Stamp(lambda: f"NEW{next(numbers)}", f"2026-11-{day:02}T10:00+06:00", "s-gulnara")
        record = carried_out(record, what, which, answers, stamp)
        written[day] = record
    for known, then in written.items():
        found = facts_as_known(record, date(2026, 11, known))
        assert without_empty(found) == without_empty(then)
    for alike in group_days_known_alike(record, [date(2026, 11, known) for known in range(1, 29)]):
        assert all(facts_as_known(record, each) == facts_as_known(record, alike[0]) for each in alike)


def without_empty(facts: Any) -> dict[str, Any]:
    """A file without lists that lack entries: before the first entry there is no list."""
    return {name: value for name, value in facts.items() if value != [] or name == "stays"}


@pytest.mark.parametrize(("day", "there"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)])
def test_a_file_is_known_from_the_day_on_which_it_was_opened(day: date, there: bool) -> None:
    assert (facts_as_known(EMPTY, day) is not None) is there


def test_a_strike_is_known_from_its_day_on() -> None:
    entry = {"id": "E1", "recorded_at": FIRST, "void": {"on": "2026-11-03", "by": "s-a", "reason": "wrong_value"}}
    record = {**EMPTY, "children": [entry]}
    for day, struck in ((2, False), (3, True), (4, True)):
        found = facts_as_known(record, date(2026, 11, day)) or {}
        assert ("void" in found["children"][0]) is struck


def test_the_file_is_left_as_it_was() -> None:
    record = {**EMPTY, "children": [{"id": "E1", "recorded_at": "2026-11-09T10:00+06:00"}]}
    before = deepcopy(record)
    facts_as_known(record, date(2026, 11, 2))
    assert record == before


FILES = [*files(40, ("bishkek",), seed=3)]
DAYS = st.dates(date(2023, 12, 1), date(2027, 3, 1))


def as_of(record: dict[str, Any], day: date) -> Any:
    known = file_as_of(Client(facts_as_known(record, day) or {}), TRACKS, day)
    return known and known.facts


@given(
    st.sampled_from(FILES), st.lists(DAYS, min_size=1, max_size=30), st.sampled_from([None, "2025-06-09T10:00+06:00"])
)
def test_on_days_of_one_group_a_file_was_known_alike(
    record: dict[str, Any], days: list[date], recorded: str | None
) -> None:
    """Also where entries were recorded on days of their own."""
    if recorded:
        first, *others = record["stays"]
        record = {**record, "stays": [{**first, "recorded_at": recorded}, *others]}
    record = {**record, "recorded_at": "2024-01-05T10:00+06:00"}
    groups = group_days_known_alike(record, days)
    assert [day for alike in groups for day in alike] == sorted({*days})
    for alike in groups:
        assert all(as_of(record, day) == as_of(record, alike[0]) for day in alike)


def test_days_on_which_nothing_happened_are_one_group() -> None:
    record = {**EMPTY, "stays": [{"id": "S1", "recorded_at": "2026-11-09T10:00+06:00", "in": "2026-12", "of": 2027}]}
    days = [date(2026, 11, day) for day in (1, 8, 9, 30)]
    days += [date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 7, 7), date(2028, 1, 1)]
    groups = group_days_known_alike(record, days)
    assert groups == [days[:2], days[2:4], *([day] for day in days[4:8]), days[8:]]
