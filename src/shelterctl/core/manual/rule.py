"""A rule of the manual, and the dated rulings that give it its parameters.

A *rule* binds one or more fields by a verb, such as ``needs`` or ``dated``. A *ruling* says what is required from one
day on, how strongly and by which clause. A history is a list of rulings, of which one is in force on a given day. Each
verb is a class in `core.rules.verbs`; this module holds what the types of the rulebook need to know of any verb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, NamedTuple, Required, TypedDict, TypeVar

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import Made
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.immutable import immutable
from shelterctl.language import Text


class Strength(StrEnum):
    """The strength of a clause (X104): ``shall`` refuses an act, ``should`` leaves it open, ``note`` only warns.

    A ``malformed`` entry contradicts itself, so it is no record of what happened, and is refused when it is written.
    """

    MALFORMED = "malformed"
    SHALL = "shall"
    SHOULD = "should"
    NOTE = "note"


Params = TypeVar("Params")


@immutable(eq=True)
class Ruling(Generic[Params]):
    """A requirement from one day on, by one clause; without *since* it has always held."""

    clause: str
    since: date | None = None
    strength: Strength = Strength.SHALL
    reading: str | None = None
    params: Params = field(default_factory=dict)  # type: ignore[assignment]


@immutable(eq=True)
class Repeal:
    """The end of a requirement on one day, by one clause."""

    clause: str
    since: date | None = None


History = Sequence[Ruling[Params] | Repeal]
"""Rulings on one matter, oldest first: the first has no *since*, the days of the others strictly increase."""


def ruling_in_force(history: History[Params], day: date) -> Ruling[Params] | None:
    """Return the ruling in force on *day*; None where it is repealed by then or there is none yet."""
    for entry in reversed(history):
        if entry.since is None or entry.since <= day:
            return entry if isinstance(entry, Ruling) else None
    return None


def latest_clause(history: History[Any], day: date) -> str | None:
    """Return the clause of the latest ruling or repeal that has begun by *day*, or None."""
    begun = [entry for entry in history if entry.since is None or entry.since <= day]
    return begun[-1].clause if begun else None


class WrittenBound(TypedDict, total=False):
    """A day with its offset in calendar months and days, or a time with one in hours, as the rulebook has it."""

    of: Required[str]
    months: int
    days: int
    hours: int


@immutable(eq=True)
class Bound:
    """A limit for a day: the day of a field or an event (*of*), plus calendar *months* and *days*.

    With *hours* it is a limit for a time.
    """

    of: str
    months: int = 0
    days: int = 0
    hours: int = 0


BoundWritten = Made(
    WrittenBound | str, lambda written: Bound(written) if isinstance(written, str) else Bound(**written)
)
"""A bound in the rulebook's files: the name of a day, or a mapping with its offset."""


@immutable(eq=True)
class Measure:
    """A number that is looked up: a ``count`` of persons or places, or ``of``, ``days_of`` or ``months_of`` a field."""

    kind: str
    name: str


@immutable
class Verb:
    """The parameters of a ruling with one verb; a field named like a Python keyword ends in an underscore.

    The properties tell code outside `core.rules` what it needs to know of a verb; a verb overrides those that concern
    it.
    """

    word: ClassVar[str] = ""

    @property
    def reach(self) -> str | None:
        """The reach of the rule beyond its entry: stay, referral, client or store; None where it is the entry alone."""
        return None

    @property
    def wants_none(self) -> bool:
        """Whether it requires that no entry exists, instead of one."""
        return False

    @property
    def wanted_kinds(self) -> Answers:
        """The kinds of which it requires an entry each, by the field that distinguishes them."""
        return {}

    @property
    def is_cap(self) -> bool:
        """Whether it limits an amount from above."""
        return False

    @property
    def numbers(self) -> Mapping[str, int]:
        """Its numbers by name, with which a sentence of the manual is filled; a day gives the numbers of its offset."""
        found: dict[str, int] = {}
        for name, value in self.facts.items():
            if isinstance(value, int) and not isinstance(value, bool):
                found[name] = value
            elif isinstance(value, Bound):
                found |= {"months": value.months} if value.months else {}
                found |= {"days": value.days} if value.days else {}
                found |= {"hours": value.hours} if value.hours else {}
        return found

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its parameters that are set, by the keys of the rulebook."""
        found = {each.name.rstrip("_"): getattr(self, each.name) for each in fields(self)}
        given = {name: value for name, value in found.items() if value or (value == 0 and value is not False)}
        return {name: [*value] if isinstance(value, tuple) else value for name, value in given.items()}


@immutable
class Rule:
    """A requirement for one or more fields, by one verb; its parameters are those of the ruling in force.

    *act* is the act that a violation refuses, and before which the violation stays open; without it that is the act
    that writes the entry. *when* limits the rule to entries with these answers; *unless* names the field whose text
    excuses a violation. *code* is the published code of the finding; *says* and *in_file* are the manual's own words
    for it. A rule of an act may cover an *item* of the act, which then reports nothing of its own. A house's *own*
    limit is a rule that takes the place of the one that it *tightens*, on the days on which its number is stricter.
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
    own: OwnLimit | None = None
    tightens: "Rule | None" = None

    @property
    def rulings(self) -> tuple[Ruling[Verb], ...]:
        """The rulings of its history, without the repeals."""
        return tuple(each for each in self.history if isinstance(each, Ruling))

    def on(self, day: date) -> Ruling[Verb] | None:
        """Return the ruling in force on *day*, or None."""
        return ruling_in_force(self.history, day)


class Violation(NamedTuple):
    """One way in which a rule is broken: the *name* that it binds, the *reason* where a verb has several, and the
    facts.
    """

    name: str
    reason: str = ""
    facts: Mapping[str, Any] = {}
