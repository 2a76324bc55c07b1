"""Rules compiled for the entries that they bind: names are resolved once, and the ruling is chosen by day."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from shelterctl.core.manual.rule import Bound, Measure, Repeal, Rule, Ruling, Strength, Verb, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry, is_wanted_answer
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name, Scope, scope_of
from shelterctl.core.rules.own_limits import tighten
from shelterctl.core.rules.verbs.verb import Binding, Check, RuleVerb
from shelterctl.immutable import immutable


@immutable
class CompiledRule:
    """A rule with one of its rulings, bound to the scope in which it is written.

    *sealed_names* are the names that it reads where its track may be sealed: the rule is skipped if one of them cannot
    be read.
    """

    rule: Rule
    ruling: Ruling[Verb]
    check: Check
    when: tuple[tuple[Name, Sequence[str]], ...] = ()
    excuse: Name | None = None
    sealed_names: tuple[str, ...] = ()

    def find_violations(self, entry: Entry, context: Context, *, is_excused: bool = True) -> Iterable[Violation]:
        """Return every way in which an entry breaks the rule; none where the rule does not apply to the entry.

        There are none either where a text excuses the entry, unless *is_excused* is false.
        """
        for name, wanted in self.when:
            if not is_wanted_answer(name.read(entry, context), wanted):
                return ()
        if self.sealed_names and entry.is_sealed and not all(entry.is_readable(name) for name in self.sealed_names):
            return ()
        if self.excuse and is_excused and self.excuse.read(entry, context) is not None:
            return ()
        return self.check(entry, context)


RuleHistory = tuple[tuple[date | None, CompiledRule | None], ...]
"""The compiled rule from each day on that brings a new ruling, the latest last; None from its repeal on."""


def bind_rule(binding: Binding) -> RuleHistory:
    """Return a rule with its names resolved; if the binding collects slips, they are in it afterwards."""
    rule = binding.rule
    when = binding.bind_answers(("when",), rule.when)
    unless = binding.bind(("unless",), rule.unless) if rule.unless else None
    excuse = unless if rule.verb != "suits" else None  # suits asks for the text only of a minor
    may_be_sealed = binding.track is not None and binding.track.seal is not None
    history: list[tuple[date | None, CompiledRule | None]] = []
    for each in rule.history:
        if isinstance(each, Repeal) or not isinstance(each.params, RuleVerb):
            history.append((each.since, None))
            continue
        binding.since = each.since
        each.params.find_idle_parameters(binding)
        names = _looked_at(rule, each.params) if may_be_sealed else ()
        history.append((each.since, CompiledRule(rule, each, each.params.bind(binding), when, excuse, names)))
    return tuple(history)


def _looked_at(rule: Rule, verb: RuleVerb) -> tuple[str, ...]:
    """Return the names that a rule reads: those that it binds, and those in its modifiers and parameters."""
    given = verb.facts.values()
    beside = [value if isinstance(value, str) else value.of for value in given if isinstance(value, str | Bound)]
    measured = [value.name for value in given if isinstance(value, Measure) and value.kind == "of"]
    return (*rule.names, *rule.when, *([rule.unless] if rule.unless else []), *beside, *measured)


@immutable
class CompiledRules:
    """The rules of a track, a part, an item or an act: those in force in each period between two *changes*.

    *have_own* says whether a house's own limits are among them.
    """

    changes: tuple[date, ...]
    periods: tuple[tuple[CompiledRule, ...], ...]
    have_own: bool


def rules_in_force(rules: Sequence[Rule], entry: Entry, context: Context) -> tuple[CompiledRule, ...]:
    """Return the rules in force on the day of the context; they are compiled once for all entries of a kind.

    Where a limit of the house itself is in force, it takes the place of the manual's rule.
    """
    scope, listed = scope_of(entry, context), tuple(rules)
    found: CompiledRules | None = scope.compiled.get(listed)
    if found is None:
        found = scope.compiled[listed] = _compile_rules(listed, scope, entry.whole.definition)
    in_force = found.periods[bisect_right(found.changes, context.day)]
    return _choose_strictest(in_force, context) if found.have_own else in_force


def _choose_strictest(rules: tuple[CompiledRule, ...], context: Context) -> tuple[CompiledRule, ...]:
    """Return the rules with the strictest limit of this house instead of each rule that it tightens."""
    house = context.house_code
    own: dict[Rule, CompiledRule] = {}
    for each in rules:
        limit, manual = each.rule.own, each.rule.tightens
        if limit is None or manual is None or not limit.holds_in(house):
            continue
        other = own.get(manual)
        if other is None or tighten(other.ruling.params, limit.word, limit.amount) is not None:
            own[manual] = each
    return tuple(own.get(each.rule, each) for each in rules if each.rule.own is None)


def _compile_rules(rules: tuple[Rule, ...], scope: Scope, definition: object) -> CompiledRules:
    track = definition if isinstance(definition, Track) else None
    histories = [bind_rule(Binding(rule, scope, track=track)) for rule in rules]
    changes = sorted({since for history in histories for since, _ in history if since})
    periods = (
        tuple(rule for history in histories if (rule := _in_force(history, day))) for day in (date.min, *changes)
    )
    return CompiledRules(tuple(changes), tuple(periods), any(rule.own for rule in rules))


def _in_force(history: RuleHistory, day: date) -> CompiledRule | None:
    return next((rule for since, rule in reversed(history) if since is None or since <= day), None)


def find_violations(rule: Rule, entry: Entry, context: Context) -> list[Violation]:
    """Return every way in which an entry breaks one rule on the day of the context."""
    return [one for each in rules_in_force((rule,), entry, context) for one in each.find_violations(entry, context)]


def keeps_rules(entry: Entry, context: Context) -> bool:
    """Return whether an entry breaks no binding rule of its own track on its own day; otherwise it meets nothing."""
    held = context if entry.day in (None, context.day) else replace(context, day=entry.day)
    rules = entry.definition.rules if isinstance(entry.definition, Track) else ()
    binding = (
        each
        for each in rules_in_force(rules, entry, held)
        if each.rule.act is None and each.ruling.strength in (Strength.SHALL, Strength.MALFORMED)
    )
    return not any(True for each in binding for _ in each.find_violations(entry, held))
