"""Stays with evidence for every item of the checklists: there, lacking, denied, or dated after the day itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from random_record import BASE, STAFF, Lot, client, put

Item = Mapping[str, Any]
YES = (*[True] * 9, False)
PLACES: Mapping[str, tuple[Any, ...]] = {
    "sources": (["scme"], ["other"], ["partner_ngo", "scme"], []),
    "by": STAFF,
    "organised_by": STAFF,
    "social_worker": STAFF,
    "role": ("social_worker", "psychologist"),
    "outcome": ("admit", "admit", "admit", "not_admit"),
    "channel": ("phone", "email"),
    "signed_by": ("resident", "representative"),
    "language": ("ky", "ru", "uz"),
    "signed": YES,
    "safety_assured": YES,
    "confidentiality_assured": YES,
    "items_returned": (True, True, False),
    "partner_ngo": ("ulybka",),
}
"""What may stand at a place, by the last name of it; a day and a time are known by how they are called."""


def stay(lot: Lot, checklists: Mapping[str, Sequence[Item]]) -> dict[str, Any]:
    """One case: a client's file, her house, and the days on which she is to be admitted and to leave."""
    day, lacking = lot.day(BASE, 20), lot.one(0, 0.03, 0.1, 0.4)
    her = client(lot, day)
    for held in her["stays"][-1:] or [her]:
        put_down = [*_evidence(lot, checklists["admission"], day)]
        put_down += _evidence(lot, checklists["discharge"], day + timedelta(40)) if lot.chance(0.7) else []
        for path, value in put_down:
            if not lot.chance(lacking) and not (held is her and path.startswith(("admission", "discharge"))):
                put(her if path.startswith("identity") else held, path, value)
        if held is not her:
            _around(lot, held, day, [item["item"] for items in checklists.values() for item in items])
    her["agreements"] = _agreements(lot, day)
    if lot.chance(0.2):
        put((her["stays"] or [her])[-1], "monitoring", _monitored(lot, day))
    capacity, leaves = lot.one(1, 6, 10, 16), lot.day(day + timedelta(lot.one(40, 40, -20)), 45)
    return {
        "client": her,
        "day": day,
        "today": lot.often(lot.day(day + timedelta(3), 3), day - timedelta(1), rest=0.1),
        "house": lot.often("shelter", "carc", None),
        "capacity": capacity,
        "sleeping": max(capacity - lot.one(0, 1, 1, 2, 3, 4, 6, 6, 6), 0),
        "staff": list(STAFF[:2]),
        "leaves": leaves,
        "today of leaving": leaves + timedelta(lot.often(1, 0, -1)),
        "before": lot.often(None, day + timedelta(39), rest=0.2),
    }


def _monitored(lot: Lot, day: date) -> dict[str, Any]:
    """A report that stands on her discharge, or that a manager closed the duty."""
    facts = {
        "reports": [{"id": lot.id(), "date": day + timedelta(300), "signed": True, **lot.struck(0.3)}],
        "closed": {"on": lot.day(day + timedelta(60), 60), "reason": "she wishes no contact"},
    }
    return lot.some(facts, 0.5)


def _evidence(lot: Lot, items: Sequence[Item], day: date) -> Iterator[tuple[str, Any]]:
    """A value for every place that an item asks for or is told with."""
    for item in items:
        verb: Item = next((item[name] for name in ("present", "equals", "eligible") if name in item), {})
        for path in (*verb.get("all", ()), *(verb.get(name) for name in ("path", "on")), *verb.get("also", ())):
            if path and (not path.startswith("identity") or path == "identity.languages"):
                value = _value(lot, path, lot.day(day - timedelta(6), 6))
                yield from [] if value is None else [(path, value)]


def _value(lot: Lot, path: str, day: date) -> Any:
    last = path.rpartition(".")[2]
    if path == "identity.languages":
        return lot.one(["ky", "ru"], ["ru"], ["uz", "ky"], [])
    if last == "at" or last.endswith("_at"):
        return lot.time(day)
    if last == "on" or last.endswith("_on"):
        return day
    if path == "admission.exceptional_minor_reason" and lot.chance(0.5):
        return None
    return lot.one(*PLACES.get(last, ("in words",)))


def _around(lot: Lot, held: dict[str, Any], day: date, items: Sequence[str]) -> None:
    """What else stands in a stay: what was done, in which language her rights were explained, and how it went on."""
    admission = held.setdefault("admission", {})
    if "rights" in admission and lot.chance(0.3):
        admission["rights"]["explained_in"] = lot.one("ky", "ru", "tr")
    if "rights" in admission and lot.chance(0.7):
        admission["rights"].pop("interpreter", None)
    held["done"] = [
        {"id": lot.id(), "item": name, "on": lot.day(day, 30), **lot.struck(0.15)}
        for name in items
        for _ in range(lot.one(0, 1, 1, 2))
    ]
    if lot.chance(0.75):
        admission.pop("not_admitted", None)
        held.get("discharge", {}).pop("on", None)
    if lot.chance(0.6):
        admission.pop("admitted_on", None)
    if lot.chance(0.2):
        put(held, "discharge.by_own_decision", lot.often(True, False))


def _agreements(lot: Lot, day: date) -> list[dict[str, Any]]:
    drawn = ("STAY00", "STAY01", None)
    return [
        {"id": lot.id(), "form": "pink", "date": lot.day(day, 20), **({"stay": of} if of else {}), **lot.struck(0.2)}
        for of in lot.sample(drawn, lot.one(0, 1, 2))
    ]
