"""To which stay of a client a day belongs."""

from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client

FIRST = {"id": "FIRST", "referral": {"received_at": "2024-02-27T10:00"}, "received": {"at": "2024-03-01T21:00+06:00"}}
LEFT = {**FIRST, "discharge": {"on": "2024-05-20"}}
SECOND = {"id": "SECOND", "referral": {"received_at": "2026-10-30"}, "admission": {"admitted_on": "2026-11-02"}}
AWAY = {"id": "AWAY", "received": {"at": "2025-06-10"}, "admission": {"not_admitted": {"on": "2025-06-12"}}}
REFERRED = {"id": "REFERRED", "referral": {"received_at": "2026-11-20"}}
STRUCK = {**AWAY, "id": "STRUCK", "void": {"on": "2025-06-13"}}


def stay_on(day: str, *stays: Any) -> str | None:
    stay = Client({"id": "7QF2-M9KD", "stays": [*stays]}).stay_on(date.fromisoformat(day))
    return stay.id if stay else None


@pytest.mark.parametrize(
    ("day", "stay"),
    [
        ("2020-01-01", None),
        ("2024-02-26", None),
        ("2024-02-27", "FIRST"),
        ("2024-03-01", "FIRST"),
        ("2024-05-20", "FIRST"),
        ("2025-01-01", "FIRST"),
        ("2026-10-29", "FIRST"),
        ("2026-10-30", "SECOND"),
        ("2026-11-02", "SECOND"),
        ("2099-01-01", "SECOND"),
    ],
)
def test_a_day_belongs_to_the_last_stay_that_had_begun(day: str, stay: str | None) -> None:
    assert (stay_on(day, LEFT, SECOND), stay_on(day, SECOND, LEFT)) == (stay, stay)


def test_a_stay_begins_with_her_referral_whether_she_has_come_or_not() -> None:
    days = ("2026-11-19", "2026-11-20")
    assert [stay_on(day, REFERRED) for day in days] == [None, "REFERRED"]
    assert [stay_on(day, LEFT, REFERRED) for day in days] == ["FIRST", "REFERRED"]


def test_a_stay_that_she_was_turned_away_from_ends_with_that_day() -> None:
    days = ("2025-06-09", "2025-06-10", "2025-06-12", "2025-06-13")
    assert [stay_on(day, LEFT, AWAY) for day in days] == ["FIRST", "AWAY", "AWAY", "FIRST"]
    assert [stay_on(day, AWAY) for day in days] == [None, "AWAY", "AWAY", None]


def test_a_day_on_which_one_stay_ends_and_the_next_begins_belongs_to_the_next() -> None:
    again = {"id": "AGAIN", "received": {"at": "2024-05-20"}}
    assert stay_on("2024-05-20", LEFT, again) == "AGAIN"


def test_stays_that_are_struck_through_or_of_no_day_hold_none() -> None:
    assert [stay_on("2026-12-01", *stays) for stays in ([], [STRUCK], [{"id": "BARE"}])] == [None, None, None]
    assert stay_on("2025-06-11", LEFT, STRUCK) == "FIRST"


def test_a_day_on_which_she_left_and_came_back_lies_in_both_stays() -> None:
    again = {"id": "AGAIN", "received": {"at": "2024-05-20"}}
    her = Client({"id": "7QF2-M9KD", "stays": [LEFT, again]})
    held = {
        day: [stay.id for stay in her.stays_holding(date.fromisoformat(day))]
        for day in ("2024-05-19", "2024-05-20", "2024-05-21")
    }
    assert held == {"2024-05-19": ["FIRST"], "2024-05-20": ["FIRST", "AGAIN"], "2024-05-21": ["AGAIN"]}
    assert not Client({"id": "7QF2-M9KD", "stays": [LEFT]}).stays_holding(date(2024, 5, 21))
