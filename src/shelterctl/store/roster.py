"""The roster of the house: who is in it, by number, for roles that open no client's file (A4.2).

It is derived from clients' files at each write, sealed to every role, and held to the files by `check`. It says neither
names nor reasons: the id, the house, the room, how many children, since when, and until when somebody is out.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.record.client import Client, Stay, live_entries

ROSTER_SCHEMA = "roster/1"
RESIDENTS_KEY = "residents"


NO_ROSTER: Mapping[str, Any] = {"schema": ROSTER_SCHEMA, RESIDENTS_KEY: {}}
"""The roster of an empty house."""


def make_roster(
    clients: Iterable[Client], held: Mapping[str, Any] = NO_ROSTER, kept: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the roster of these clients, by id; those *kept*, whose files cannot be read now, are as in the roster
    *held* before.
    """
    rows = {her.id: list(_rows_of_client(her)) for her in clients}
    for id_ in kept:  # known when all files were tried
        rows.setdefault(id_, list(held[RESIDENTS_KEY].get(id_) or ()))
    return {"schema": ROSTER_SCHEMA, RESIDENTS_KEY: {id_: found for id_, found in sorted(rows.items()) if found}}


def update_roster(roster: Mapping[str, Any], clients: Iterable[Client]) -> dict[str, Any]:
    """Return the roster with these clients as their files say now, and everybody else as before."""
    new = make_roster(clients_now := list(clients))[RESIDENTS_KEY]
    changed = {her.id for her in clients_now}
    kept = {id_: rows for id_, rows in roster[RESIDENTS_KEY].items() if id_ not in changed}
    return {"schema": ROSTER_SCHEMA, RESIDENTS_KEY: dict(sorted({**kept, **new}.items()))}


def read_residents(roster: Mapping[str, Any]) -> Iterator[Client]:
    """Yield everybody of the roster as a client of whom nothing else is known."""
    for id_, rows in roster[RESIDENTS_KEY].items():
        stays = []
        for row in rows:
            stay = {"facility": row.get("facility"), "room": row.get("room"), "received": {"at": row["since"]}}
            if not row["provisional"]:
                stay["admission"] = {"admitted_on": row["since"]}
            stays.append({**stay, "absences": [{"id": id_, **row["out"]}] if "out" in row else []})
        children = [{"stays_with_her": True}] * max((row["children"] for row in rows), default=0)
        yield Client({"id": id_, "stays": stays, "children": children})


def find_differences(roster: Mapping[str, Any], true_roster: Mapping[str, Any]) -> list[str]:
    """Return the ids of clients of whom a roster says something else than the true one."""
    true, said = true_roster[RESIDENTS_KEY], roster[RESIDENTS_KEY]
    return sorted(id_ for id_ in {*true, *said} if true.get(id_) != said.get(id_))


def _rows_of_client(her: Client) -> Iterator[dict[str, Any]]:
    """Yield a row for each stay in which she is in the house; a client who left is in no roster."""
    for stay in her.stays:
        if stay.arrived_on is not None and stay.left_on is None:
            yield _row_of_stay(her, stay, stay.arrived_on)


def _row_of_stay(her: Client, stay: Stay, since: date) -> dict[str, Any]:
    out = next((one for one in reversed(live_entries(stay.facts.get("absences"))) if _is_out(one)), None)
    away = {key: out[key] for key in ("left_at", "expected_back_at") if key in out} if out else {}
    return {
        **({"facility": stay.facility} if stay.facility else {}),
        **({"room": stay.facts["room"]} if stay.facts.get("room") else {}),
        "children": len(her.children),
        "since": since.isoformat(),
        "provisional": stay.admitted_on is None,
        **({"out": away} if away else {}),
    }


def _is_out(absence: Mapping[str, Any]) -> bool:
    return "left_at" in absence and "back_at" not in absence
