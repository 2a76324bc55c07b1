"""Until when a file is kept, and what stands against deleting it: on the days at which either changes."""

from datetime import date
from typing import Any

import pytest

from shelterctl.core.record.client import Client, Registered
from shelterctl.core.rules.retention import (
    FILE_STRUCK,
    NOT_MONITORED,
    REGISTERS_UNREAD,
    STAY_OPEN,
    STILL_KEPT,
    KeepingTerm,
    RegistersRead,
    find_file_term,
    list_obstacles,
)
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
(DUE,) = (due for due in SHELF.tracks["discharge"].due if due.longer)
HER_ID, DAY = "7QF2-M9KD", date(2028, 1, 1)
ARRIVED = {"received": {"at": "2026-02-01T01:00+06:00"}, "admission": {"admitted_on": "2026-02-02"}}
CLOSED = {"closed": {"on": "2027-06-01", "by": "manager", "reason": "x"}}
LEFT = {"facility": "bishkek", **ARRIVED, "discharge": {"on": "2026-08-31"}, "monitoring": CLOSED}
RECEIVED = {"facility": "bishkek", "received": ARRIVED["received"]}
NOT_ADMITTED = {"admission": {"not_admitted": {"on": "2026-02-04", "reason": "x"}}}
AGREED = {"id": "AAAAAA", "kind": "retention_agreement", "on": "2026-01-15", "months": 24}


def client(*stays: dict[str, Any], **top: Any) -> Client:
    known = {"id": HER_ID, "identity": {"first_name": "Айгуль"}, "stays": [*stays], **top}
    return Client(known if stays else {key: value for key, value in known.items() if key != "stays"})


def read(papers: dict[str, list[dict[str, Any]]] | None = None, *incidents: dict[str, Any]) -> RegistersRead:
    houses = [
        {"home": "house", "id": code, "papers": listed, "sealed": {"entries": [*incidents]}}
        for code, listed in (papers or {"bishkek": []}).items()
    ]
    return RegistersRead(tuple(map(Registered, houses)), whole=True)


def against(her: Client, registers: RegistersRead | None = None, day: date = DAY) -> list[str]:
    return [*list_obstacles(DUE, SHELF.tracks, her, registers or read(), day)]


@pytest.mark.parametrize(
    ("left", "until", "before"),
    [
        ("2026-08-31", date(2027, 2, 28), date(2027, 2, 27)),
        ("2027-08-31", date(2028, 2, 29), date(2028, 2, 28)),
        ("2026-08-28", date(2027, 2, 28), date(2027, 2, 27)),
    ],
)
def test_six_months_end_on_the_day_of_that_number_or_the_last_of_a_shorter_month(
    left: str, until: date, before: date
) -> None:
    her = client({**LEFT, "discharge": {"on": left}, "monitoring": {"closed": {**CLOSED["closed"], "on": left}}})
    assert find_file_term(DUE, SHELF.tracks, her, read(), DAY) == KeepingTerm(until)
    assert against(her, day=before) == [STILL_KEPT]
    assert against(her, day=until) == []


@pytest.mark.parametrize(
    ("papers", "months"),
    [
        ([AGREED], 24),
        ([{**AGREED, "months": 6}], None),
        ([{**AGREED, "on": "2028-01-01"}], 24),
        ([{**AGREED, "on": "2028-01-02"}], None),
        ([{**AGREED, "ended_on": "2028-01-02"}], 24),
        ([{**AGREED, "ended_on": "2028-01-01"}], None),
        ([{**AGREED, "expires_on": "2028-01-01"}], None),
        ([{**AGREED, "void": {"on": "2027-01-01"}}], None),
        ([{**AGREED, "kind": "other"}], None),
        ([{**AGREED, "reference": "1"}, {**AGREED, "months": 36, "reference": "2"}], 36),
        ([{**AGREED, "months": 36}, {**AGREED, "on": "2026-05-01", "months": 12}], 12),
        ([{**AGREED, "months": 36}, {**AGREED, "on": "2026-05-01", "months": 12, "void": {}}], 36),
    ],
)
def test_an_agreement_of_her_house_lengthens_it_while_it_is_in_force(
    papers: list[dict[str, Any]], months: int | None
) -> None:
    term = find_file_term(DUE, SHELF.tracks, client(LEFT), read({"bishkek": papers}), DAY)
    assert term is not None
    assert term.months == months
    assert find_file_term(DUE, SHELF.tracks, client(LEFT), read({"osh": papers}), DAY) == KeepingTerm(date(2027, 2, 28))


def test_of_two_stays_the_one_with_the_later_day_decides() -> None:
    later = {**LEFT, "facility": "osh", "received": {"at": "2027-01-01T01:00+06:00"}, "discharge": {"on": "2027-03-31"}}
    her = client(LEFT, later)
    assert find_file_term(DUE, SHELF.tracks, her, read(), DAY) == KeepingTerm(date(2027, 9, 30))
    longer = read({"bishkek": [AGREED], "osh": []})
    assert find_file_term(DUE, SHELF.tracks, her, longer, DAY) == KeepingTerm(date(2028, 8, 31), 24)
    assert against(her, longer) == [STILL_KEPT]
    back = client(LEFT, {**RECEIVED, "received": {"at": "2027-10-01T01:00+06:00"}})
    assert find_file_term(DUE, SHELF.tracks, back, longer, DAY) is None
    assert against(back, longer) == [STAY_OPEN]


def test_the_monitoring_after_each_stay_must_have_ended() -> None:
    open_one = {key: value for key, value in LEFT.items() if key != "monitoring"}
    later = {**LEFT, "received": {"at": "2027-01-01T01:00+06:00"}, "discharge": {"on": "2027-03-31"}}
    assert against(client(open_one, later)) == [NOT_MONITORED]
    draft = {"reports": [{"id": "AAAAAA", "date": "2027-03-01"}]}
    assert against(client({**LEFT, "monitoring": draft})) == [NOT_MONITORED]


def test_whoever_never_lived_there_needs_no_discharge() -> None:
    assert against(client()) == [NOT_MONITORED]
    assert against(client(monitoring=CLOSED)) == []
    assert against(client({"facility": "bishkek", **NOT_ADMITTED})) == []
    turned_away = client({**RECEIVED, **NOT_ADMITTED})
    assert find_file_term(DUE, SHELF.tracks, turned_away, read(), DAY) == KeepingTerm(date(2026, 8, 4))
    assert against(turned_away, day=date(2026, 8, 3)) == [STILL_KEPT]
    assert against(client({"facility": "bishkek", "referral": {}})) == [STAY_OPEN]


BLUE = {"id": "BBBBBB", "form": "blue", "date": "2027-01-01", "period": {"from": "2027-01-01", "to": "2028-01-01"}}
SIGNED = {"signed": {"on": "2027-01-02"}}
ASKED = {"id": "CCCCCC", "kind": "own_access", "requested_on": "2027-01-01"}
PAID = {"id": "DDDDDD", "on": "2027-01-05", "amount": "50.00", "agreement": "BBBBBB", "line": "4"}


@pytest.mark.parametrize(
    ("top", "found"),
    [
        ({"agreements": [BLUE]}, ["agreement"]),
        ({"agreements": [{**BLUE, **SIGNED}]}, []),
        ({"agreements": [{**BLUE, **SIGNED, "period": {"from": "2027-01-01", "to": "2028-01-02"}}]}, ["blue"]),
        ({"agreements": [{**BLUE, **SIGNED, "period": {"from": "2028-02-01", "to": "2028-03-02"}}]}, ["blue"]),
        ({"agreements": [{**BLUE, "void": {}}]}, []),
        ({"disclosures": [ASKED]}, ["disclosure"]),
        ({"disclosures": [{**ASKED, "granted_on": "2027-01-02"}]}, []),
        ({"disclosures": [{**ASKED, "withheld_reason": "x"}]}, []),
        ({"disclosures": [{**ASKED, "kind": "partner"}]}, []),
        ({"outlays": [PAID]}, ["outlay"]),
        ({"outlays": [{**PAID, "document": {"number": "1", "on": "2027-01-05"}}]}, []),
        ({"outlays": [{key: PAID[key] for key in ("id", "on", "amount")}]}, []),
    ],
)
def test_an_open_entry_of_her_file_stands_against_it(top: dict[str, Any], found: list[str]) -> None:
    assert against(client(LEFT, **top)) == found


INCIDENT = {"id": "EEEEEE", "track": "incident", "kind": "complaint", "at": "2027-01-05T10:00+06:00"}


@pytest.mark.parametrize(
    ("incident", "found"),
    [
        ({"clients": [HER_ID]}, ["incident"]),
        ({"clients": ["AAAA-AAAA", HER_ID], "kind": "attack"}, ["incident"]),
        ({"clients": ["AAAA-AAAA"]}, []),
        ({}, []),
        ({"clients": [HER_ID], "closed": {"on": "2027-02-01", "by": "manager"}}, []),
        ({"clients": [HER_ID], "void": {}}, []),
    ],
)
def test_an_open_incident_that_names_her_stands_against_it(incident: dict[str, Any], found: list[str]) -> None:
    assert against(client(LEFT), read(None, {**INCIDENT, **incident})) == found


def test_a_struck_file_and_registers_that_are_not_read_are_never_called_free() -> None:
    assert against(client({**LEFT, "void": {}})) == [FILE_STRUCK]
    assert against(client(LEFT), RegistersRead()) == [REGISTERS_UNREAD]
