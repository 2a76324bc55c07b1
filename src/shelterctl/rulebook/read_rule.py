"""Rules as the rulebook writes them: a verb with its parameters, modifiers, and what changes from later days on."""

from collections.abc import Mapping
from typing import Any, get_type_hints

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.rule import (
    RULE_MODIFIERS,
    Bound,
    History,
    Measure,
    Repeal,
    Rule,
    Ruling,
    Verb,
    read_answers,
    read_history,
    unroll_history,
)
from shelterctl.core.rules.verbs.amounts import Limit
from shelterctl.core.rules.verbs.verb import RuleVerb
from shelterctl.core.rules.verbs.vocabulary import VERBS


def read_rule(written: Mapping[str, Any]) -> Rule:
    """A rule as the rulebook writes it; OutOfOrderError if a typo would lift or move a ruling."""
    word = next(word for word in VERBS if word in written)
    fixed = (word, "later", *RULE_MODIFIERS)
    own = {"clause": "", **{name: value for name, value in written.items() if name not in fixed}}
    return Rule(
        word,
        _read_names(written[word]),
        _read_rulings(VERBS[word], own, written),
        act=written.get("act"),
        when=read_answers(written.get("when") or {}),
        unless=written.get("unless"),
        code=written.get("code"),
        says=written.get("says") or {},
        in_file=written.get("in_file") or {},
        opens=written.get("opens"),
        item=written.get("item"),
    )


def _read_rulings(verb: type[RuleVerb], own: Mapping[str, Any], written: Mapping[str, Any]) -> History[Verb]:
    history = read_history(unroll_history(own, written.get("later") or ()))
    return tuple(
        each
        if isinstance(each, Repeal)
        else Ruling(each.clause, each.since, each.strength, each.reading, read_parameters(verb, each.params))
        for each in history
    )


def read_parameters(verb: type[RuleVerb], asks: Mapping[str, Any]) -> RuleVerb:
    """The parameters of a verb, each as its annotation has it."""
    hints = _HINTS[verb.word]
    given = {f"{name}_" if f"{name}_" in hints else name: value for name, value in asks.items()}
    return verb(**{name: _read_value(hints[name], value) for name, value in given.items()})


_HINTS: Mapping[str, Mapping[str, Any]] = {word: get_type_hints(verb) for word, verb in VERBS.items()}
"""The type of every parameter of a verb."""


def _read_value(hint: Any, value: Any) -> Any:
    if hint == tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)
    if hint == tuple[str | Measure, ...]:
        return tuple(_read_measure(each) for each in value)
    if hint == Bound | None:
        return Bound(**value) if isinstance(value, Mapping) else Bound(value)
    if hint == Limit | None:
        return _read_measure(value)
    return read_answers(value) if hint == Answers else value


def _read_measure(value: Any) -> Any:
    return Measure(*next(iter(value.items()))) if isinstance(value, Mapping) else value


def _read_names(written: Any) -> tuple[str, ...]:
    """The fields that a rule binds: one name, a list of them, or what is counted, as ``count:sleeping``."""
    if isinstance(written, Mapping):
        return tuple(f"{kind}:{name}" for kind, name in written.items())
    return (written,) if isinstance(written, str) else tuple(written)
