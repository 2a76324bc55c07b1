"""The schedule of shifts: one duty officer a day, nobody on leave, over New Year and over a change of the clock."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.desk import Desk

LEAVE = {"kind": "leave_annual", "staff": "s-aida"}
SHIFT = {"kind": "shift", "staff": "s-aida"}
DUTY = {"kind": "duty_officer", "staff": "s-aida"}


def open_of(desk: "Desk", begins: str, ends: str, **given: Any) -> set[str]:
    """The clauses by which a new entry stays open, besides gaps in time."""
    said = desk.do("add bishkek shift", {**given, "starts_at": begins, "ends_at": ends}, today="2027-01-08")
    found = [one for one in said.page["findings"] if one["code"] != "track/covers"]
    return {f"{one['severity']} {one['clause']}" for one in found}


def test_a_second_duty_officer_of_a_day_stays_open_and_the_day_is_that_of_the_house(admitted: "Desk") -> None:
    assert open_of(admitted, "2026-11-10T09:00", "2026-11-11T09:00", **DUTY) == set()
    second = {**DUTY, "staff": "manager"}
    assert open_of(admitted, "2026-11-10T21:00", "2026-11-11T09:00", **second) == {"open M1.2.10"}
    assert open_of(admitted, "2026-11-11T09:00", "2026-11-12T09:00", **second) == set()
    assert open_of(admitted, "2026-11-12T20:00+00:00", "2026-11-13T10:00+00:00", **DUTY) == set()  # the 13th here
    assert open_of(admitted, "2026-11-13T09:00", "2026-11-14T09:00", **second) == {"open M1.2.10"}
    assert open_of(admitted, "2026-11-12T09:00", "2026-11-13T09:00", **second) == set()


def test_over_new_year_leave_and_shift_meet_though_they_are_of_two_months(admitted: "Desk") -> None:
    assert open_of(admitted, "2027-01-01T00:00", "2027-01-05T00:00", **LEAVE) == set()
    assert open_of(admitted, "2026-12-31T18:00", "2027-01-01T08:00", **SHIFT) == {"open M2.1.8"}
    assert open_of(admitted, "2026-12-31T08:00", "2027-01-01T00:00", **SHIFT) == set()
    assert open_of(admitted, "2026-12-31T20:00", "2027-01-01T08:00", **{**SHIFT, "staff": "manager"}) == set()


def test_where_the_clock_changes_the_offsets_decide(admitted: "Desk") -> None:
    """One hour is there twice: a shift that begins in its second half is after a leave that ends in its first."""
    assert open_of(admitted, "2026-10-20T00:00+06:00", "2026-10-25T02:30+06:00", **LEAVE) == set()
    assert open_of(admitted, "2026-10-25T02:15+05:00", "2026-10-25T10:00+05:00", **SHIFT) == set()
    assert open_of(admitted, "2026-10-25T01:15+05:00", "2026-10-25T01:45+05:00", **SHIFT) == {"open M2.1.8"}
    assert (
        open_of(admitted, "2026-10-24T10:00+06:00", "2026-10-25T09:00+05:00", **{**SHIFT, "staff": "manager"}) == set()
    )


def test_a_shift_of_thirty_hours_is_noted(admitted: "Desk") -> None:
    assert open_of(admitted, "2026-11-20T08:00", "2026-11-21T14:00", **SHIFT) == {"warn M2.1.8"}
    assert open_of(admitted, "2026-11-22T08:00", "2026-11-23T14:00", **DUTY) == {"open M1.2.10"}
