"""Where a client is on the manual's way, read off the evidence; a state is never stored."""

from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client, Stay, entries_with_ids, value_at
from shelterctl.core.rules.client_state import client_state
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
CLOSED = {"monitoring": {"closed": {"on": "2027-06-01", "by": "manager", "reason": "moved abroad"}}}

INTERVIEW = {"by": "s-gulnara", "role": "social_worker", "safety_assured": True, "confidentiality_assured": True}
EVALUATED = {"primary_interview": INTERVIEW, "primary_evaluation": {"outcome": "admit"}}
ADMITTED = {"admission": {"admitted_on": "2026-11-21"}}
RECEIVED = {"received": {"at": "2026-11-20T23:50+06:00"}}
AWAY = {"admission": {"not_admitted": {"on": "2026-11-20", "reason": "another house"}}}
OWN = {"discharge": {"on": "2026-12-01", "by_own_decision": True}}


def client(*stays: dict[str, Any], **top: Any) -> Client:
    return Client(
        {"id": "7QF2-M9KD", "stays": [{"id": f"STAY{number}", **stay} for number, stay in enumerate(stays)], **top}
    )


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        ({}, "referred"),
        ({"admission": {"primary_interview": INTERVIEW}}, "referred"),
        ({"admission": {**EVALUATED, "primary_interview": {**INTERVIEW, "safety_assured": False}}}, "referred"),
        ({"admission": {**EVALUATED, "primary_interview": {**INTERVIEW, "role": None}}}, "referred"),
        ({"admission": EVALUATED}, "interviewed"),
        ({"admission": EVALUATED, **RECEIVED}, "received"),
        (RECEIVED, "received"),
        (AWAY, "not_admitted"),
        ({**AWAY, **RECEIVED}, "not_admitted"),
        (ADMITTED, "admitted"),
        ({**ADMITTED, "discharge": {"planned_on": "2026-12-01"}}, "admitted"),
        ({**ADMITTED, "discharge": {"iom_consulted_on": "2026-11-25"}}, "admitted"),
        (
            {**ADMITTED, "discharge": {"planned_on": "2026-12-01", "iom_consulted_on": "2026-11-25"}},
            "discharge_planned",
        ),
        ({**ADMITTED, "discharge": {"on": "2026-12-01"}}, "discharged"),
        ({**ADMITTED, **OWN}, "left_by_own_decision"),
    ],
)
def test_a_state_is_read_off_the_evidence(stay: dict[str, Any], expected: str) -> None:
    her = client(stay)
    assert client_state(SHELF.tracks, her, her.stay) == expected


def test_whoever_was_monitored_is_monitored_however_she_left() -> None:
    her = client({**ADMITTED, **OWN, **CLOSED})
    assert client_state(SHELF.tracks, her, her.stay) == "monitored"


@pytest.mark.parametrize(("top", "expected"), [({}, "client"), (CLOSED, "monitored")])
def test_a_client_without_a_stay_has_a_state_too(top: dict[str, Any], expected: str) -> None:
    assert client_state(SHELF.tracks, client(**top), None) == expected


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([], None),
        ([ADMITTED], "STAY0"),
        ([{**ADMITTED, **OWN}], "STAY0"),
        ([{**ADMITTED, **OWN}, ADMITTED], "STAY1"),
        ([ADMITTED, {**ADMITTED, **OWN}], "STAY0"),
        ([{**ADMITTED, **OWN}, AWAY], "STAY1"),
        ([ADMITTED, {**ADMITTED, "void": {"on": "2026-11-21"}}], "STAY0"),
        ([{**ADMITTED, "void": {"on": "2026-11-21"}}], None),
    ],
)
def test_her_stay_is_the_open_one_else_the_last(stays: list[dict[str, Any]], expected: str | None) -> None:
    stay = client(*stays).stay
    assert (stay.id if stay else None) == expected


def test_a_stay_keeps_its_place_in_the_file_also_after_one_that_is_struck_through() -> None:
    stay = client({"void": {"on": "2026-11-21"}}, ADMITTED).stay
    assert stay is not None
    assert stay.index == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        (ADMITTED, date(2026, 11, 21)),
        (RECEIVED, date(2026, 11, 20)),
        ({**ADMITTED, **RECEIVED}, date(2026, 11, 20)),
    ],
)
def test_whoever_was_not_received_arrived_on_the_day_of_admission(facts: dict[str, Any], expected: date | None) -> None:
    assert Stay({"id": "STAY1", **facts}, 0).arrived_on == expected


def test_the_last_instruction_is_that_of_the_last_day_and_the_last_of_that_day() -> None:
    instructions = [
        {"id": "I3", "on": "2026-11-23"},
        {"id": "I4", "on": "2026-11-23"},
        {"id": "I1", "on": "2026-11-22"},
    ]
    found = client(iom={"instructions": instructions}).instruction
    assert found == {"id": "I4", "on": "2026-11-23"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-01-09", None), ("2026-01-10", "2026-01-10"), ("2026-11-19", "2026-01-10"), ("2026-11-20", "2026-11-20")],
)
def test_her_last_referral_is_the_last_one_by_a_day(day: str, expected: str | None) -> None:
    again = {"referral": {"received_at": "2026-11-20T10:00+06:00"}}
    her = client(again, referral={"received_at": "2026-01-10T10:00+06:00"})
    referred = her.referred_on(date.fromisoformat(day))
    assert (referred.isoformat() if referred else None) == expected


def test_every_entry_with_an_id_is_found_at_any_depth() -> None:
    stays = [{"id": "S", "monitoring": {"reports": [{"id": "R"}]}, "referral": {"sources": ["scme"]}}]
    found = [(place, entry["id"]) for place, entry in entries_with_ids({"id": "7QF2-M9KD", "stays": stays})]
    assert found == [("/stays/0", "S"), ("/stays/0/monitoring/reports/0", "R")]


def test_what_stands_at_a_path_that_is_not_there_is_none() -> None:
    facts = {"a": {"b": 1}}
    assert [value_at(facts, "a.b"), value_at(facts, "a.c"), value_at(facts, "a.b.c"), value_at(facts, "x.y")] == [
        1,
        None,
        None,
        None,
    ]
