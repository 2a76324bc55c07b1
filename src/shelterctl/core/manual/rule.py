"""A rule of the manual, and the dated rulings that give it its parameters.

A *rule* binds one or more fields by a verb, such as ``needs`` or ``dated``. A *ruling* says what is required from
one day on, how strongly and by which clause; a history is a list of rulings, and one of them governs a given day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from shelterctl.core.manual.field import Answers
from shelterctl.core.values.days import read_day
from shelterctl.language import Text


class Strength(StrEnum):
    """How strongly a clause speaks (X104): ``shall`` refuses an act, ``should`` leaves it open, ``note`` only warns."""

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
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Repeal:
    """From one day on, by one clause, the manual no longer rules on this."""

    clause: str
    since: date | None = None


History = Sequence[Ruling | Repeal]
"""Rulings on one matter, oldest first; the first has no *since*, the days of the others strictly increase."""

_RULING_KEYS = ("clause", "since", "strength", "reading")


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
        asks = {name: value for name, value in entry.items() if name not in _RULING_KEYS}
        strength = Strength(entry.get("strength", Strength.SHALL))
        history.append(Ruling(entry["clause"], since, strength, entry.get("reading"), asks))
    return tuple(history)


def ruling_in_force(history: History, day: date) -> Ruling | None:
    """The ruling that governs *day*; None where it is repealed on that day, or nothing was ever ruled."""
    for entry in reversed(history):
        if entry.since is None or entry.since <= day:
            return entry if isinstance(entry, Ruling) else None
    return None


def latest_clause(history: History, day: date) -> str | None:
    """The clause that spoke last on this matter by *day*, be it a ruling or a repeal."""
    begun = [entry for entry in history if entry.since is None or entry.since <= day]
    return begun[-1].clause if begun else None


RULE_VERBS = ("needs", "is", "dated", "amount", "once", "by", "stands", "suits")
"""The closed list of what a rule may say; a ninth needs a reason of its own."""

RULE_MODIFIERS = ("act", "when", "unless", "code", "says", "in_file", "opens", "item")
"""What a rule keeps through its whole history; everything else may change from one day on."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Rule:
    """What is asked of one or more fields, by one verb; its parameters are those of the ruling in force.

    *act* is the act that refuses where it is broken, before which it stays open; without one that is whatever act
    writes the entry down. *when* says of which entries it is asked, *unless* which field's words let it pass. *code* is
    the finding's published code, *says* and *in_file* the manual's own words for it. A rule of an act may speak for an
    *item* of it, which then says nothing more.
    """

    verb: str
    names: tuple[str, ...]
    history: History
    act: str | None = None
    when: Answers = field(default_factory=dict)
    unless: str | None = None
    code: str | None = None
    says: Mapping[str, Text] = field(default_factory=dict)
    in_file: Mapping[str, Text] = field(default_factory=dict)
    opens: str | None = None
    item: str | None = None

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """The rulings of its history, without the repeals."""
        return tuple(each for each in self.history if isinstance(each, Ruling))

    def on(self, day: date) -> Ruling | None:
        """The ruling that governs *day*, if any does."""
        return ruling_in_force(self.history, day)


class Violation(NamedTuple):
    """One way in which a rule is broken: the *name* that it binds, a *reason* where there are several, its facts."""

    name: str
    reason: str = ""
    facts: Mapping[str, Any] = {}


def read_rule(written: Mapping[str, Any]) -> Rule:
    """A rule as the shelf writes it, its history unrolled; OutOfOrderError if a typo would lift or move a ruling."""
    verb = next(verb for verb in RULE_VERBS if verb in written)
    fixed = (verb, "later", *RULE_MODIFIERS)
    own = {"clause": "", **{name: value for name, value in written.items() if name not in fixed}}
    return Rule(
        verb,
        _read_rule_names(written[verb]),
        read_history(unroll_history(own, written.get("later") or ())),
        act=written.get("act"),
        when=read_answers(written.get("when") or {}),
        unless=written.get("unless"),
        code=written.get("code"),
        says=written.get("says") or {},
        in_file=written.get("in_file") or {},
        opens=written.get("opens"),
        item=written.get("item"),
    )


def unroll_history(own: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A history in which each later ruling says what it changes, with all that still holds; a repeal ends with it."""
    kept = {name: value for name, value in own.items() if name != "repealed"}
    return [own, *({**kept, **one} for one in later)]


def _read_rule_names(written: Any) -> tuple[str, ...]:
    """The fields that a rule binds: one name, a list of them, or what is counted, as ``count:sleeping``."""
    if isinstance(written, Mapping):
        return tuple(f"{kind}:{name}" for kind, name in written.items())
    return (written,) if isinstance(written, str) else tuple(written)


def read_answers(written: Mapping[str, Sequence[str]]) -> Answers:
    """Names of fields, each with the answers that are meant."""
    return {name: tuple(each) for name, each in written.items()}
