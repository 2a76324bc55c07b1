"""A rule compiled for the entries that it binds: its names found once, its ruling chosen by day, and then only run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shelterctl.core.manual.rule import Bound, Measure, Repeal, Rule, Ruling, Strength, Verb, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry, is_wanted_answer
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name, scope_of
from shelterctl.core.rules.verbs.verb import Binding, Check, RuleVerb


@dataclass(frozen=True, slots=True, repr=False)
class CompiledRuling:
    """A ruling with its check, and the names that it looks at; of a repeal there is neither."""

    since: date | None
    ruling: Ruling[Verb] | None = None
    check: Check = lambda entry, context: ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class CompiledRule:
    """A rule bound to one scope, with its rulings, the latest first."""

    rule: Rule
    when: tuple[tuple[Name, Sequence[str]], ...]
    unless: Name | None
    rulings: tuple[CompiledRuling, ...]

    def in_force(self, day: date) -> CompiledRuling | None:
        """The ruling that governs *day*; None where it is repealed on that day."""
        for each in self.rulings:
            if each.since is None or each.since <= day:
                return each if each.ruling else None
        return None

    def find_violations(
        self, entry: Entry, context: Context, *, is_excused: bool = True
    ) -> list[tuple[Ruling[Verb], Violation]]:
        """Every way in which an entry breaks the rule on the day of the context.

        None where the rule is not asked of the entry, or the words that excuse it are written, unless *is_excused* is
        false; and nothing is said of what lies inside a seal.
        """
        governs = self.in_force(context.day)
        if governs is None or governs.ruling is None:
            return []
        for name, wanted in self.when:
            if not is_wanted_answer(name.read(entry, context), wanted):
                return []
        if entry.is_sealed and not all(entry.is_readable(name) for name in governs.names):
            return []
        if self.unless and is_excused and self.rule.verb != "suits" and self.unless.read(entry, context) is not None:
            return []
        return [(governs.ruling, violation) for violation in governs.check(entry, context)]


def bind_rule(binding: Binding) -> CompiledRule:
    """A rule with every name found; where slips are looked for, they are in the binding afterwards."""
    rule = binding.rule
    when = binding.bind_answers(("when",), rule.when)
    unless = binding.bind(("unless",), rule.unless) if rule.unless else None
    rulings = [_bind_ruling(binding, each) for each in rule.history]
    return CompiledRule(rule, when, unless, tuple(reversed(rulings)))


def _bind_ruling(binding: Binding, ruling: Ruling[Verb] | Repeal) -> CompiledRuling:
    if isinstance(ruling, Repeal) or not isinstance(ruling.params, RuleVerb):
        return CompiledRuling(ruling.since)
    verb, rule = ruling.params, binding.rule
    binding.since = ruling.since
    verb.find_idle_parameters(binding)
    beside = [
        value if isinstance(value, str) else value.of for value in verb.facts.values() if isinstance(value, str | Bound)
    ]
    measured = [value.name for value in verb.facts.values() if isinstance(value, Measure) and value.kind == "of"]
    names = (*rule.names, *rule.when, *([rule.unless] if rule.unless else []), *beside, *measured)
    return CompiledRuling(ruling.since, ruling, verb.bind(binding), names)


def compile_rule(rule: Rule, entry: Entry, context: Context) -> CompiledRule:
    """A rule compiled for the entries of one kind; it is compiled once."""
    scope = scope_of(entry, context)
    found: CompiledRule | None = scope.compiled.get(rule)
    if found is None:
        definition = entry.whole.definition
        track = definition if isinstance(definition, Track) else None
        found = scope.compiled[rule] = bind_rule(Binding(rule, scope, track=track))
    return found


def find_violations(rule: Rule, entry: Entry, context: Context) -> list[tuple[Ruling[Verb], Violation]]:
    """Every way in which an entry breaks a rule on the day of the context, unless it is not asked or lets it pass."""
    return compile_rule(rule, entry, context).find_violations(entry, context)


def keeps_rules(entry: Entry, context: Context) -> bool:
    """Whether an entry breaks no ``shall`` of its own track on its own day; else it answers for nothing."""
    held = replace(context, day=entry.day or context.day)
    rules = entry.definition.rules if isinstance(entry.definition, Track) else ()
    found = (ruling for rule in rules if rule.act is None for ruling, _ in find_violations(rule, entry, held))
    return all(ruling.strength is not Strength.SHALL for ruling in found)
