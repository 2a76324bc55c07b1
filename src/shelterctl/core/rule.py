"""One rule of the manual: a verb with the fields that it binds, since when, how strongly, and by which clause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.field import Answers
from shelterctl.core.ruling import History, Ruling, in_force, read_history
from shelterctl.language import Text

VERBS = ("needs", "is", "dated", "amount", "once", "by", "stands", "suits")
"""The closed list of what a rule may say; a ninth needs a reason of its own."""

MODIFIERS = ("act", "when", "unless", "code", "says", "in_file", "opens", "item")
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

    def on(self, day: date) -> Ruling | None:
        """The ruling that governs *day*, if any does."""
        return in_force(self.history, day)


class Broken(NamedTuple):
    """One way in which a rule is broken: the *name* that it binds, a *reason* where there are several, its facts."""

    name: str
    reason: str = ""
    facts: Mapping[str, Any] = {}


def read_rule(written: Mapping[str, Any]) -> Rule:
    """A rule as the shelf writes it, its history unrolled; OutOfOrderError if a typo would lift or move a ruling."""
    verb = next(verb for verb in VERBS if verb in written)
    own = {"clause": "", **{name: value for name, value in written.items() if name not in (verb, "later", *MODIFIERS)}}
    return Rule(
        verb,
        _names(written[verb]),
        read_history(unrolled(own, written.get("later") or ())),
        act=written.get("act"),
        when=answers(written.get("when") or {}),
        unless=written.get("unless"),
        code=written.get("code"),
        says=written.get("says") or {},
        in_file=written.get("in_file") or {},
        opens=written.get("opens"),
        item=written.get("item"),
    )


def unrolled(own: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A history in which each later ruling says what it changes, with all that still holds; a repeal ends with it."""
    kept = {name: value for name, value in own.items() if name != "repealed"}
    return [own, *({**kept, **one} for one in later)]


def _names(written: Any) -> tuple[str, ...]:
    """The fields that a rule binds: one name, a list of them, or what is counted, as ``count:sleeping``."""
    if isinstance(written, Mapping):
        return tuple(f"{kind}:{name}" for kind, name in written.items())
    return (written,) if isinstance(written, str) else tuple(written)


def answers(written: Mapping[str, Sequence[str]]) -> Answers:
    """Names of fields, each with the answers that are meant."""
    return {name: tuple(each) for name, each in written.items()}
