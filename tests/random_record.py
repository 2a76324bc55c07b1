"""A lot that draws days, names and values near the edges of rules, and the file of an invented client drawn by it."""

import calendar
import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

BASE = date(2026, 11, 25)
EDGES = (
    date(2024, 2, 29), date(2026, 2, 28), date(2026, 5, 31), date(2026, 8, 31), date(2026, 11, 30),
    date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29),
)  # fmt: skip
STAFF = ("s-gulnara", "s-aida", "s-nobody")
"""Who made things, the last of them registered nowhere."""

PAPERS = (
    "application",
    "detailed_interview",
    "providing_assistance",
    "registration",
    "status_identification",
    "summary",
)
VOID = {"on": BASE, "by": "s-aida", "reason": "wrong_value"}


class Lot(random.Random):
    """Chance, the same for the same seed."""

    def chance(self, of: float) -> bool:
        return self.random() < of

    def one(self, *values: Any) -> Any:
        return self.choice(values)

    def often(self, usual: Any, *others: Any, rest: float = 0.3) -> Any:
        """The usual value, and one of the others as often as *rest* says."""
        return self.choice(others) if self.chance(rest) else usual

    def day(self, around: date, spread: int) -> date:
        """A day near another, now and then that day itself or the end of some month."""
        if self.chance(0.15):
            return around
        return self.choice(EDGES) if self.chance(0.05) else around + timedelta(self.randint(-spread, spread))

    def time(self, day: date) -> str:
        """A time on that day, as it is written where it happens."""
        return f"{day}T{self.one('21:30+06:00', '23:50+06:00', '00:05+06:00', '12:00')}"

    def id(self) -> str:
        return f"{self.randrange(16**6):06X}"

    def some(self, facts: Mapping[str, Any], lacking: float) -> dict[str, Any]:
        """The facts, each lacking as often as *lacking* says."""
        return {name: value for name, value in facts.items() if not self.chance(lacking)}

    def struck(self, of: float) -> dict[str, Any]:
        """What an entry says that is struck through."""
        return {"void": VOID} if self.chance(of) else {}


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def put(facts: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a dotted path."""
    *way, last = path.split(".")
    for step in way:
        facts = facts.setdefault(step, {})
    facts[last] = value


def identity(lot: Lot) -> dict[str, Any]:
    """Sex, names and a birth date that may be a year, a month or a day, on either side of every age that counts."""
    born = lot.day(months_on(BASE, -12 * lot.one(2, 3, 3, 4, 10, 17, 18, 18, 19, 19, 27, 27, 27, 41, 41)), 40)
    written = lot.one(born.isoformat(), f"{born:%Y-%m}", born.year, f"{born:%Y}")
    facts = {
        "first_name": "Invented",
        "last_name": "Nobody",
        "birth_date": written,
        "languages": lot.one(["ky", "ru"], ["ky"], ["uz"], []),
        "marital_status": "single",
        "children_text": "none",
        "address": "a village",
        "phone": "0555",
    }
    return {**lot.some(facts, 0.08), "sex": lot.often("female", "male", rest=0.15)}


def children(lot: Lot) -> list[dict[str, Any]]:
    """Children in the house and elsewhere, one or the other struck through."""
    return [
        {"id": lot.id(), "sex": "female", **lot.some({"stays_with_her": lot.chance(0.6)}, 0.4), **lot.struck(0.15)}
        for _ in range(lot.one(0, 0, 0, 1, 2, 3))
    ]


def iom(lot: Lot, around: date) -> dict[str, Any]:
    """Papers and instructions of IOM: several on one day, lacking, before and after."""
    instructions = [
        {
            "id": lot.id(),
            "on": lot.day(around - timedelta(lot.one(0, 10)), 20),
            "by": "NGO Coordinator",
            "status": lot.often("recognised", "not_recognised", "presumed"),
            **lot.some({"needs": lot.often(["medical care"], [])}, 0.3),
            **lot.struck(0.1),
        }
        for _ in range(lot.one(0, 1, 1, 2, 3))
    ]
    documents = [
        {"id": lot.id(), "kind": kind, "on": lot.day(around, 20), **lot.struck(0.05)}
        for kind in (*PAPERS, *lot.sample(PAPERS, 2))
        if lot.chance(0.75)
    ]
    return lot.some({"instructions": instructions, "documents": documents}, 0.1)


def stay(lot: Lot, number: int, came: date) -> dict[str, Any]:
    """A stay from its referral to its end, any part of which may lack."""
    left = lot.day(came + timedelta(lot.one(1, 20, 60)), 15)
    parts: dict[str, Any] = {
        "facility": lot.one("bishkek", "osh"),
        "referral": {"sources": ["scme"], "received_at": lot.time(lot.day(came, 3))},
        "received": {"at": lot.time(came), "by": lot.choice(STAFF)},
    }
    facts = {"id": f"STAY0{number}", **lot.some(parts, 0.2), **lot.struck(0.1)}
    if lot.chance(0.7):
        put(facts, "admission.admitted_on", lot.day(came, 3))
    if lot.chance(0.12):
        put(facts, "admission.not_admitted", {"on": lot.day(came, 3)})
    if lot.chance(0.6):
        facts["discharge"] = {"on": left, **({"by_own_decision": lot.chance(0.5)} if lot.chance(0.3) else {})}
    return facts


def client(lot: Lot, around: date) -> dict[str, Any]:
    """The file of an invented client: stays one after another, the last of them around a day."""
    count = lot.one(0, 1, 1, 1, 2, 3)
    facts = {
        "identification_number": "KG-1",
        "children": children(lot),
        "iom": iom(lot, around),
        "referral": {"sources": ["scme"], "received_at": lot.time(lot.day(around, 60))},
    }
    return {
        "schema": "resident/1",
        "id": "7QF2-M9KD",
        "identity": identity(lot),
        **lot.some(facts, 0.25),
        "stays": [
            stay(lot, number, lot.day(around, 30) - timedelta(100 * (count - number))) for number in range(count)
        ],
    }
