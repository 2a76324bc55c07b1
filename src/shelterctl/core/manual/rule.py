"""A rule of the manual, and the dated rulings that give it its parameters.

A *rule* binds one or more fields by a verb, such as ``needs`` or ``dated``. A *ruling* says what is required from
one day on, how strongly and by which clause; a history is a list of rulings, and one of them governs a given day.
Each verb is a class of its own in `core.rules.verbs`; here is what the rest of the manual may ask of any of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, NamedTuple, Required, TypedDict, TypeVar

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import Made
from shelterctl.immutable import immutable
from shelterctl.language import Text


class Strength(StrEnum):
    """How strongly a clause speaks (X104): ``shall`` refuses an act, ``should`` leaves it open, ``note`` only warns."""

    SHALL = "shall"
    SHOULD = "should"
    NOTE = "note"


Params = TypeVar("Params")


@immutable(eq=True)
class Ruling(Generic[Params]):
    """What is asked from one day on, by one clause; without *since* it always was."""

    clause: str
    since: date | None = None
    strength: Strength = Strength.SHALL
    reading: str | None = None
    params: Params = field(default_factory=dict)  # type: ignore[assignment]


@immutable(eq=True)
class Repeal:
    """From one day on, by one clause, the manual no longer rules on this."""

    clause: str
    since: date | None = None


History = Sequence[Ruling[Params] | Repeal]
"""Rulings on one matter, oldest first; the first has no *since*, the days of the others strictly increase."""


def ruling_in_force(history: History[Params], day: date) -> Ruling[Params] | None:
    """The ruling that governs *day*; None where it is repealed on that day, or nothing was ever ruled."""
    for entry in reversed(history):
        if entry.since is None or entry.since <= day:
            return entry if isinstance(entry, Ruling) else None
    return None


def latest_clause(history: History[Any], day: date) -> str | None:
    """The clause that spoke last on this matter by *day*, be it a ruling or a repeal."""
    begun = [entry for entry in history if entry.since is None or entry.since <= day]
    return begun[-1].clause if begun else None


class WrittenBound(TypedDict, total=False):
    """A day, so many months and days after another one, as the rulebook writes it."""

    of: Required[str]
    months: int
    days: int


@immutable(eq=True)
class Bound:
    """A day that another one may not go beyond: that of a field or an event, so many calendar months and days on."""

    of: str
    months: int = 0
    days: int = 0


BoundWritten = Made(
    WrittenBound | str, lambda written: Bound(written) if isinstance(written, str) else Bound(**written)
)
"""A bound is written as the name of a day, or with its offset."""


@immutable(eq=True)
class Measure:
    """A number that is looked up: a ``count`` of persons or places, ``of`` a field, ``days_of`` or ``months_of`` it."""

    kind: str
    name: str


@immutable
class Verb:
    """What a ruling asks by one verb: its parameters, by the keys of the rulebook, a word of Python with _ behind it.

    The properties say what others than the rules have to know of it; a verb that has such a thing says so itself.
    """

    word: ClassVar[str] = ""

    @property
    def reach(self) -> str | None:
        """How far it looks beyond the entry: stay, referral, client, store; None where it looks at the entry alone."""
        return None

    @property
    def wants_none(self) -> bool:
        """Whether it asks that there is no entry, instead of one."""
        return False

    @property
    def wanted_kinds(self) -> Answers:
        """The kinds of which it asks an entry each, by the field that tells them apart."""
        return {}

    @property
    def is_cap(self) -> bool:
        """Whether it limits an amount from above."""
        return False

    @property
    def numbers(self) -> Mapping[str, int]:
        """Its numbers by name, with which a sentence of the manual is filled; of a day those of its offset."""
        found: dict[str, int] = {}
        for name, value in self.facts.items():
            if isinstance(value, int) and not isinstance(value, bool):
                found[name] = value
            elif isinstance(value, Bound):
                found |= {"months": value.months} if value.months else {}
                found |= {"days": value.days} if value.days else {}
        return found

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it is given, by the keys of the rulebook."""
        found = {each.name.rstrip("_"): getattr(self, each.name) for each in fields(self)}
        given = {name: value for name, value in found.items() if value or (value == 0 and value is not False)}
        return {name: [*value] if isinstance(value, tuple) else value for name, value in given.items()}


@immutable
class Rule:
    """What is asked of one or more fields, by one verb; its parameters are those of the ruling in force.

    *act* is the act that refuses where it is broken, before which it stays open; without one that is whatever act
    writes the entry down. *when* says of which entries it is asked, *unless* which field's words let it pass. *code* is
    the finding's published code, *says* and *in_file* the manual's own words for it. A rule of an act may speak for an
    *item* of it, which then says nothing more.
    """

    verb: str
    names: tuple[str, ...]
    history: History[Verb]
    act: str | None = None
    when: Answers = field(default_factory=dict)
    unless: str | None = None
    code: str | None = None
    says: Mapping[str, Text] = field(default_factory=dict)
    in_file: Mapping[str, Text] = field(default_factory=dict)
    opens: str | None = None
    item: str | None = None

    @property
    def rulings(self) -> tuple[Ruling[Verb], ...]:
        """The rulings of its history, without the repeals."""
        return tuple(each for each in self.history if isinstance(each, Ruling))

    def on(self, day: date) -> Ruling[Verb] | None:
        """The ruling that governs *day*, if any does."""
        return ruling_in_force(self.history, day)


class Violation(NamedTuple):
    """One way in which a rule is broken: the *name* that it binds, a *reason* where there are several, its facts."""

    name: str
    reason: str = ""
    facts: Mapping[str, Any] = {}
