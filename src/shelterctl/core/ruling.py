"""What the manual rules, since when, by which clause, and what governs a given day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from shelterctl.core.days import read_day


class Strength(StrEnum):
    """How strongly a clause speaks (X104): *shall* refuses an act, *should* leaves it open, *note* only warns."""

    SHALL = "shall"
    SHOULD = "should"
    NOTE = "note"


@dataclass(frozen=True, slots=True, repr=False)
class Ruling:
    """What is asked from one day on, by one clause; without *since* it always was."""

    clause: str
    since: date | None = None
    strength: Strength = Strength.SHALL
    reading: str | None = None
    asks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Repeal:
    """From one day on, by one clause, the manual no longer rules on this."""

    clause: str
    since: date | None = None


History = Sequence[Ruling | Repeal]
"""Rulings on one matter, oldest first; the first has no *since*, the days of the others strictly increase."""

_OWN = ("clause", "since", "strength", "reading")


class OutOfOrderError(ValueError):
    """A history whose days do not increase, or whose first ruling begins on a day; *place* says where in it."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def read_history(entries: Sequence[Mapping[str, Any]]) -> History:
    """The rulings of one matter as the shelf writes them; OutOfOrderError if a typo would lift or move one."""
    history: list[Ruling | Repeal] = []
    for place, entry in enumerate(entries):
        since = read_day(entry.get("since"))
        begun = history[-1].since if history else None
        misplaced = (place == 0) is ("since" in entry) or ("since" in entry and since is None)
        if misplaced or (begun and since and since <= begun):
            raise OutOfOrderError(place)
        if entry.get("repealed"):
            history.append(Repeal(entry["clause"], since))
            continue
        asks = {name: value for name, value in entry.items() if name not in _OWN}
        strength = Strength(entry.get("strength", Strength.SHALL))
        history.append(Ruling(entry["clause"], since, strength, entry.get("reading"), asks))
    return tuple(history)


def in_force(history: History, day: date) -> Ruling | None:
    """The ruling that governs *day*; None where it is repealed on that day, or nothing was ever ruled."""
    for entry in reversed(history):
        if entry.since is None or entry.since <= day:
            return entry if isinstance(entry, Ruling) else None
    return None


def latest_clause(history: History, day: date) -> str | None:
    """The clause that spoke last on this matter by *day*, be it a ruling or a repeal."""
    begun = [entry for entry in history if entry.since is None or entry.since <= day]
    return begun[-1].clause if begun else None
