"""The rows of a register of the house: a time keeps its hour, and is asked for as people write it."""

import pytest

from tests.support.desk import Desk

VISITS = [
    {"kind": "iom", "name": "Анна Примерова", "at": "2026-11-20T10:05", "left_at": "2026-11-20T11:00"},
    {"kind": "iom", "name": "Вера Примерова", "at": "2026-11-20T18:40"},
    {"kind": "iom", "name": "Зоя Примерова", "at": "2026-10-22T10:00", "left_at": "2026-10-22T11:00"},
]


@pytest.mark.parametrize(
    ("asked", "times"),
    [
        ("2026-11-20T18:40", ["2026-11-20T18:40"]),
        ("20.11.2026 18:40", ["2026-11-20T18:40"]),
        ("20.11.2026", ["2026-11-20T10:05", "2026-11-20T18:40"]),
        ("2026-10", ["2026-10-22T10:00"]),
        ("2026-11-20T18:41", []),
    ],
)
def test_a_time_is_shown_with_its_hour_and_found_by_year_month_day_and_hour(
    admitted: Desk, asked: str, times: list[str]
) -> None:
    admitted.do("add bishkek visit", VISITS)
    rows = admitted.do(f'list visit --columns at,month --where "at={asked}"').data["rows"]
    assert sorted(row["at"] for row in rows) == times
    assert all(row["month"] == row["at"][:7] for row in rows)


@pytest.mark.parametrize("asked", ["2026-11-31", "2026-11-20T25:00", "12"])
def test_a_time_that_is_none_is_refused_with_how_to_write_it(admitted: Desk, asked: str) -> None:
    refused = admitted.ask(f'list visit --where "at={asked}"')
    assert refused.code == 2
    assert "2026-11-25T18:30" in refused.page["error"]["message"]


def test_the_rows_of_all_houses_are_in_the_order_of_time(admitted: Desk) -> None:
    admitted.do("facility add osh --kind shelter --capacity 5")
    admitted.do("add bishkek visit", VISITS)
    admitted.do("add osh visit", [{"kind": "iom", "name": "Ева Примерова", "at": "2026-11-01T09:00"}])
    rows = admitted.do("list visit --columns of,at").data["rows"]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert [row["of"] for row in rows] == ["bishkek", "osh", "bishkek", "bishkek"]
    shown = admitted.do("show bishkek visit").data["rows"]
    assert [row["entry"] for row in shown] == [row["id"] for row in admitted.do("list visit --of bishkek").data["rows"]]
