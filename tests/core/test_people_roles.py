"""The roles of a member of staff by period, and the roles that count on a day."""

from datetime import date
from typing import Any

import pytest

from shelterctl.core.people import RolePeriod, role_periods, roles_on_day

FIRST = {"since": "2026-01-01"}
CHANGED = {"at": "2026-07-15T09:00+06:00", "by": "s-boss", "before": {"role": "security"}}
ONCE: dict[str, Any] = {**FIRST, "role": "manager", "role_since": "2026-06-01", "was": [CHANGED]}
TWICE: dict[str, Any] = {
    **ONCE, "role": "psychologist", "role_since": "2026-09-01", "until": "2026-12-31",
    "was": [*ONCE["was"], {"at": "2026-09-02T09:00+06:00", "by": "s-boss",
                           "before": {"role": "manager", "role_since": "2026-06-01"}}],
}  # fmt: skip
OLD: dict[str, Any] = {**FIRST, "role": "manager", "was": ONCE["was"]}
"""Of a store in which roles have no days of their own."""


def test_a_role_lasts_until_the_day_before_the_next() -> None:
    day = date.fromisoformat
    assert role_periods({**FIRST, "role": "security"}) == [RolePeriod("security", day("2026-01-01"), None)]
    assert role_periods(ONCE) == [
        RolePeriod("manager", day("2026-06-01"), None),
        RolePeriod("security", day("2026-01-01"), day("2026-05-31")),
    ]
    assert role_periods(TWICE) == [
        RolePeriod("psychologist", day("2026-09-01"), day("2026-12-31")),
        RolePeriod("manager", day("2026-06-01"), day("2026-08-31")),
        RolePeriod("security", day("2026-01-01"), day("2026-05-31")),
    ]


def test_a_role_without_a_day_begins_when_it_was_recorded() -> None:
    assert [one.first for one in role_periods(OLD)] == [date(2026, 7, 15), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("known", "on", "roles"),
    [
        (TWICE, "2026-05-31", {"psychologist", "security"}),
        (TWICE, "2026-06-01", {"psychologist", "manager", "security"}),  # recorded as security until July
        (TWICE, "2026-08-01", {"psychologist", "manager"}),
        (TWICE, "2026-10-01", {"psychologist"}),
        (TWICE, "2025-01-01", {"psychologist", "security"}),
        (OLD, "2026-07-15", {"manager", "security"}),
        (OLD, "2026-07-16", {"manager"}),
    ],
)
def test_a_role_counts_on_the_days_of_its_period_as_recorded_then_and_as_it_is_now(
    known: Any, on: str, roles: set[str]
) -> None:
    assert roles_on_day(known, date.fromisoformat(on)) == roles
