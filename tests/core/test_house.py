"""Whom a house may admit by sex and age, and who takes a place in it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.record.client import Client
from shelterctl.core.record.occupancy import House, count_sleepers
from shelterctl.core.rules.checklist import find_evidence
from shelterctl.core.rules.context import Context
from shelterctl.core.values.days import age_range, read_partial
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
KINDS = SHELF.house_kinds
DAY = date(2026, 11, 25)


def client(birth: object, sex: str = "female", reason: str | None = None, children: int = 0, **stay: Any) -> Client:
    admission = {"exceptional_minor_reason": reason} if reason else {}
    return Client(
        {
            "id": "7QF2-M9KD",
            "identity": {"sex": sex, "birth_date": birth},
            "children": [{"id": f"C{number}", "birth_date": 2020} for number in range(children)],
            "stays": [{"id": "STAY1", "facility": "bishkek", "admission": admission, **stay}],
        }
    )


def why(item: str, her: Client, house: House) -> str | None:
    """Why an item of her admission into the house is not met on the day, and by which clause; None where it is."""
    around = Context(day=DAY, client=her, stay=her.stay, house=house, tracks=SHELF.tracks)
    found = find_evidence(SHELF.items[item], around)
    return None if found.met else f"{found.reason} {found.clause}"


def eligible(her: Client, kind: str) -> str | None:
    """Why a house of this kind may not admit her by sex and age."""
    return why("sex-and-age", her, House(KINDS[kind], 10, 0))


def place(her: Client, kind: str, capacity: int, others: int) -> str | None:
    """Why there is no place for her and her children."""
    return why("place", her, House(KINDS[kind], capacity, others))


@pytest.mark.parametrize(
    ("birth", "sex", "reason", "expected"),
    [
        ("1999-03", "female", None, None),
        ("2008-11-25", "female", None, None),
        ("2008-11-26", "female", None, "minor-without-reason M1.2.7"),
        ("2008-11-26", "female", "her mother is here", None),
        ("2008-10", "female", None, None),
        ("2008-11", "female", None, "minor-without-reason M1.2.7"),
        (2008, "female", None, "minor-without-reason M1.2.7"),
        (2008, "female", "a year is all that is known", None),
        (2007, "female", None, None),
        (None, "female", None, "no-birth-date M1.2.7"),
        (None, "male", "a boy", "no-birth-date M1.2.7"),
        ("2008-11-25", "male", "a boy", "adult-man M1.2.7"),
        (2007, "male", None, "adult-man M1.2.7"),
        (2008, "male", None, "minor-without-reason M1.2.7"),
        (2008, "male", "may be a minor still", None),
        ("2015-05-05", "male", "her son", None),
        (2027, "female", None, "minor-without-reason M1.2.7"),
    ],
)
def test_a_shelter_admits_women_and_a_minor_only_with_a_reason(
    birth: object, sex: str, reason: str | None, expected: str | None
) -> None:
    assert eligible(client(birth, sex, reason), "shelter") == expected


@pytest.mark.parametrize(
    ("birth", "sex", "expected"),
    [
        ("2023-11-25", "male", None),
        ("2023-11-26", "male", "age-outside M1.0.C3"),
        (2023, "female", None),
        (2024, "female", "age-outside M1.0.C3"),
        ("2007-11-26", "female", None),
        ("2007-11-25", "female", "age-outside M1.0.C3"),
        (2007, "male", None),
        (2006, "male", "age-outside M1.0.C3"),
        (None, "male", "no-birth-date M1.0.C3"),
    ],
)
def test_the_center_for_children_turns_away_only_who_is_certainly_under_3_or_over_18(
    birth: object, sex: str, expected: str | None
) -> None:
    assert eligible(client(birth, sex), "carc") == expected


@given(st.integers(1950, 2026), st.sampled_from(["female", "male"]))
def test_a_written_reason_never_makes_anyone_less_eligible(year: int, sex: str) -> None:
    plain = eligible(client(year, sex), "shelter")
    reasoned = eligible(client(year, sex, "written"), "shelter")
    assert reasoned is None or plain is not None


@given(st.dates(date(1950, 1, 1), date(2026, 11, 25)))
def test_whom_the_center_admits_by_the_day_it_admits_by_the_year(born: date) -> None:
    by_day = eligible(client(born.isoformat()), "carc")
    by_year = eligible(client(born.year), "carc")
    assert by_day is not None or by_year is None


@pytest.mark.parametrize(
    ("capacity", "others", "children", "expected"),
    [
        (10, 9, 0, None),
        (10, 10, 0, "full-house M1.2.9"),
        (10, 8, 1, None),
        (10, 9, 1, "full-house M1.2.9"),
        (10, 0, 9, None),
        (10, 0, 10, "full-house M1.2.9"),
        (0, 0, 0, "full-house M1.2.9"),
    ],
)
def test_she_and_her_children_need_a_place_each(
    capacity: int, others: int, children: int, expected: str | None
) -> None:
    assert place(client(1999, children=children), "shelter", capacity, others) == expected


@pytest.mark.parametrize(("others", "expected"), [(15, None), (16, "full-house M1.0.C3")])
def test_the_center_for_children_is_full_under_its_own_clause(others: int, expected: str | None) -> None:
    assert place(client(2015), "carc", 16, others) == expected


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        ({}, 0),
        ({"admission": {"admitted_on": "2026-11-25"}}, 3),
        ({"admission": {"admitted_on": "2026-11-26"}}, 0),
        ({"received": {"at": "2026-11-25T23:50+06:00"}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "discharge": {"on": "2026-11-25"}}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "discharge": {"on": "2026-11-26"}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "admission": {"not_admitted": {"on": "2026-11-24"}}}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "admission": {"not_admitted": {"on": "2026-11-26"}}}, 3),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "facility": "osh"}, 0),
        ({"received": {"at": "2026-11-20T23:50+06:00"}, "void": {"on": "2026-11-21"}}, 0),
    ],
)
def test_a_resident_and_her_children_sleep_there_from_arrival_to_the_eve_of_leaving(
    stay: dict[str, Any], expected: int
) -> None:
    her = Client({**client(1999, children=2).facts, "stays": [{"id": "STAY1", "facility": "bishkek", **stay}]})
    assert count_sleepers([her], "bishkek", DAY) == expected


def test_a_child_who_lives_elsewhere_does_not_sleep_there() -> None:
    children = [{"id": "C1", "stays_with_her": False}, {"id": "C2"}, {"id": "C3", "void": {"on": "2026-11-21"}}]
    stays = [{"id": "STAY1", "facility": "bishkek", "admission": {"admitted_on": "2026-11-25"}}]
    assert count_sleepers([Client({"id": "7QF2-M9KD", "children": children, "stays": stays})], "bishkek", DAY) == 2


@given(st.integers(1900, 2026))
def test_a_year_alone_is_enough_to_be_sure_of_most_ages(year: int) -> None:
    born = read_partial(year)
    assert born is not None
    youngest, oldest = age_range(born, DAY)
    certain = (youngest < 18) is (oldest < 18)
    assert certain is (year != DAY.year - 18)
