"""A day that is watched says for how long an answer holds: no day until then gives another answer."""

import ast
import operator
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shelterctl.core
from shelterctl.core.values.days import add_days, add_months, days_between, minutes_between
from shelterctl.core.values.moments import first_moment
from shelterctl.core.values.watched_day import Watch, WatchedMoment

TODAY = date(2026, 12, 2)
NEAR = st.dates(TODAY - timedelta(60), TODAY + timedelta(60))
COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)

Answer = Callable[[date], Any]
"""An answer that depends on the day taken as today."""


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Answers by comparisons, by the first or last of several days, and by what is true of a day some days off."""
    other, shift, compare = draw(NEAR), draw(st.integers(-40, 40)), draw(st.sampled_from(COMPARISONS))
    way = draw(st.sampled_from(["left", "right", "min", "max", "sorted", "pair", "both"]))
    again = draw(answers()) if way == "both" else None

    def answer(today: date) -> Any:
        day = add_days(today, shift)
        ways: dict[str, Callable[[], Any]] = {
            "left": lambda: compare(day, other),
            "right": lambda: compare(other, day),
            "min": lambda: min(day, other) == other,
            "max": lambda: compare(max(day, other), other),
            "sorted": lambda: sorted([other, day]).index(other),
            "pair": lambda: compare((day, 1), (other, 2)),
            "both": lambda: again(today) if again and compare(day, other) else None,
        }
        return ways[way]()

    return answer


@given(answers())
def test_no_day_until_the_last_gives_another_answer(answer: Answer) -> None:
    watch = Watch(TODAY)
    said, until = answer(watch.today), date.fromordinal(watch.until)
    assert until >= TODAY
    assert said == answer(TODAY)
    for number in range(min((until - TODAY).days, 200) + 1):
        assert answer(TODAY + timedelta(number)) == said


@pytest.mark.parametrize(
    "use",
    [
        lambda today: days_between(date(2026, 1, 1), today),
        lambda today: days_between(today, date(2026, 1, 1)),
        lambda today: today.year,
        lambda today: f"{today:%Y-%m}",
        lambda today: today.isoformat(),
        lambda today: {today: 1}[today],
        lambda today: add_months(today, 1),
        lambda today: today.replace(day=1),
        lambda today: first_moment(today, UTC),
        lambda today: today.weekday(),
    ],
)
def test_what_counts_or_prints_the_day_holds_for_that_day_alone(use: Answer) -> None:
    watch = Watch(TODAY)
    assert use(watch.today) == use(TODAY)
    assert date.fromordinal(watch.until) == TODAY


def test_a_comparison_that_stays_true_holds_for_ever() -> None:
    watch = Watch(TODAY)
    assert date(2026, 1, 1) <= watch.today
    assert watch.today > date(2026, 1, 1)
    assert date.fromordinal(watch.until) == date.max


NOW = datetime(2026, 12, 2, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "use",
    [
        lambda now: now > datetime(2026, 12, 2, 9, tzinfo=UTC),
        lambda now: now.date(),
        lambda now: now.hour,
        lambda now: f"{now}",
        lambda now: minutes_between(datetime(2026, 12, 2, 11, tzinfo=UTC), now) > 0,
        lambda now: minutes_between(datetime(2026, 12, 2, 9, tzinfo=UTC), now) + 1,
        lambda now: (now - datetime(2026, 12, 2, 9, tzinfo=UTC)).total_seconds(),
        lambda now: datetime(2026, 12, 2, 9, tzinfo=UTC) - now,
    ],
)
def test_what_the_clock_says_is_read_elsewhere(use: Callable[[datetime], Any]) -> None:
    watch = Watch(TODAY)
    assert use(WatchedMoment.watch(NOW, watch)) == use(NOW)
    assert watch.elsewhere


def test_that_an_hour_is_past_stays_so() -> None:
    watch = Watch(TODAY)
    now = WatchedMoment.watch(NOW, watch)
    assert minutes_between(datetime(2026, 12, 2, 9, tzinfo=UTC), now) > 0
    assert now.tzinfo is UTC
    assert not watch.elsewhere


def combining(path: Path) -> Iterator[int]:
    """The lines that make a moment of a day without its year, month and day: nothing would note that."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("combine", "fromordinal"):
            yield node.lineno


def test_the_core_makes_no_moment_of_a_day_unseen() -> None:
    core = Path(shelterctl.core.__file__).parent
    allowed = {"values/watched_day.py", "values/days.py"}
    found = {path.relative_to(core).as_posix(): [*combining(path)] for path in core.rglob("*.py")}
    assert {path for path, lines in found.items() if lines} <= allowed
