"""A house's own limits as rules: which rule each of them tightens, whether it is stricter, and from which day to which.

The manual's rule stays as it is, because forms print its number. Beside it comes the house's own rule, which holds on
the days on which its number is the stricter one: if the manual becomes stricter later, the manual's rule holds again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.core.manual.act import Act
from shelterctl.core.manual.own_limit import CAPACITY_PART, OwnLimit
from shelterctl.core.manual.rule import Bound, Repeal, Rule, Ruling, Verb, ruling_in_force
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.record.occupancy import HouseKind

BOUND_WORDS = ("months", "days", "hours")
PARAMETERS_OF_BOUNDS = ("to", "from_")

NAMES_TOGETHER = ","
"""The sign between several names of one rule in a limit."""


def name_fields(rule: Rule) -> str:
    """Return the names that a rule binds as a limit names them."""
    return NAMES_TOGETHER.join(rule.names)


class LimitedRule(NamedTuple):
    """A number that a house may tighten: the line or item it is in, the rule with it, and the word of the number."""

    part: str
    rule: Rule
    word: str

    @property
    def clause(self) -> str:
        """The clause by which a limit names the rule: that of its first ruling, which always stays there."""
        return self.rule.history[0].clause


def list_limited_rules(definition: Track | Act) -> Iterator[LimitedRule]:
    """Yield every number of the manual's rules of a track or an act that a house may tighten."""
    if isinstance(definition, Track):
        listed = [("", definition.rules), *((name, part.rules) for name, part in definition.parts.items())]
    else:
        listed = [("", definition.rules), *((item.name, item.rules) for item in definition.items)]
    for part, rules in listed:
        for rule in rules:
            if rule.own is None:
                words = dict.fromkeys(word for ruling in rule.rulings for word in read_numbers(ruling.params))
                yield from (LimitedRule(part, rule, word) for word in words)


def read_numbers(params: Verb) -> dict[str, Decimal]:
    """Return the numbers of a rule that a house may tighten, by word; the offset of a bound without its sign."""
    given = params.facts
    found = {word: Decimal(given[word]) for word in ("at_most", "at_least") if _is_number(given.get(word))}
    for word in BOUND_WORDS:
        if bounds := _bounds_moved_by(params, word):
            found[word] = Decimal(abs(getattr(next(iter(bounds.values())), word)))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _bounds_moved_by(params: Verb, word: str) -> dict[str, Bound]:
    """Return the bounds of a rule that this unit alone moves; of two with different numbers the latest day counts."""
    given = {name: getattr(params, name, None) for name in PARAMETERS_OF_BOUNDS}
    bounds = {name: one for name, one in given.items() if isinstance(one, Bound) and _moved_by_alone(one, word)}
    numbers = {abs(getattr(one, word)) for one in bounds.values()}
    return bounds if len(numbers) < 2 else {"to": bounds["to"]}


def _moved_by_alone(bound: Bound, word: str) -> bool:
    return [unit for unit in BOUND_WORDS if getattr(bound, unit)] == [word]


def tighten(params: Verb, word: str, number: Decimal) -> Verb | None:
    """Return the parameters of a rule with a stricter number; None if this number is not stricter."""
    now = read_numbers(params).get(word)
    if now is None:
        return None
    if word in BOUND_WORDS:
        return _tighten_bounds(params, word, int(number))
    if number >= now if word == "at_most" else number <= now:
        return None
    return replace(params, **{word: int(number) if number == int(number) else str(number)})


def _tighten_bounds(params: Verb, word: str, number: int) -> Verb | None:
    """Return the parameters with other bounds: the latest day is earlier, the earliest day later."""
    changed: dict[str, Any] = {}
    for name, bound in _bounds_moved_by(params, word).items():
        was = getattr(bound, word)
        signed = number if was > 0 else -number
        if signed >= was if name == "to" else signed <= was:
            return None
        offset: dict[str, Any] = {word: signed}
        changed[name] = replace(bound, **offset)
    return replace(params, **changed)


def is_number_of_limit(one: LimitedRule, limit: OwnLimit) -> bool:
    """Whether a limit tightens this number; a rule keeps all clauses that it ever had."""
    target = (one.part, name_fields(one.rule), one.word)
    return target == (limit.part, limit.field, limit.word) and limit.clause in {
        each.clause for each in one.rule.history
    }


def make_own_rule(rule: Rule, limit: OwnLimit) -> Rule | None:
    """Return the rule of a house's limit beside the manual's; None if it is stricter on no day."""
    begins = [one.since for one in rule.history if one.since and limit.since < one.since]
    days = sorted({limit.since, *(day for day in begins if limit.holds_on(day))})
    history: list[Ruling[Verb] | Repeal] = [Repeal(limit.clause)]
    for day in days:
        manual = rule.on(day)
        stricter = tighten(manual.params, limit.word, limit.amount) if manual else None
        clause = manual.clause if manual else limit.clause
        history.append(replace(manual, since=day, params=stricter) if manual and stricter else Repeal(clause, day))
    if limit.until is not None and limit.until >= limit.since:
        history.append(Repeal(limit.clause, limit.until + timedelta(days=1)))
    if not any(isinstance(one, Ruling) for one in history) or (limit.until and limit.until < limit.since):
        return None
    return replace(rule, history=tuple(history), own=limit, tightens=rule)


def add_own_rules(rules: Sequence[Rule], limits: Sequence[OwnLimit]) -> tuple[Rule, ...]:
    """Return the rules of a track, a line, an act or an item with the house's own beside those that they tighten."""
    found: list[Rule] = []
    for rule in rules:
        found.append(rule)
        for limit in limits:
            clauses = {one.clause for one in rule.history}
            if limit.field == name_fields(rule) and limit.clause in clauses and (own := make_own_rule(rule, limit)):
                found.append(own)
    return tuple(found)


def tighten_track(track: Track, limits: Sequence[OwnLimit]) -> Track:
    """Return a track with the house's own limits among its rules and those of its lines."""
    own = [limit for limit in limits if limit.of == track.name]
    if not own:
        return track
    parts = {
        name: replace(part, rules=add_own_rules(part.rules, [one for one in own if one.part == name]))
        for name, part in track.parts.items()
    }
    return replace(track, rules=add_own_rules(track.rules, [one for one in own if not one.part]), parts=parts)


def keep_limits_of_house(track: Track, house: str | None) -> Track:
    """Return a track without the limits that hold only in other houses."""
    rules = tuple(rule for rule in track.rules if rule.own is None or rule.own.holds_in(house))
    return track if len(rules) == len(track.rules) else replace(track, rules=rules)


def tighten_act(act: Act, limits: Sequence[OwnLimit]) -> Act:
    """Return an act with the house's own limits among its rules and those of its items."""
    own = [limit for limit in limits if limit.of == act.name]
    if not own:
        return act
    items = tuple(
        replace(item, rules=add_own_rules(item.rules, [one for one in own if one.part == item.name]))
        for item in act.items
    )
    return replace(act, rules=add_own_rules(act.rules, [one for one in own if not one.part]), items=items)


def tighten_house_kinds(kinds: Mapping[str, HouseKind], limits: Sequence[OwnLimit]) -> dict[str, HouseKind]:
    """Return the kinds of house, each with the house's own limits of its places."""
    own = {name: tuple(one for one in limits if one.of == name and one.part == CAPACITY_PART) for name in kinds}
    return {name: replace(kind, own=own[name]) if own[name] else kind for name, kind in kinds.items()}


class ManualNumber(NamedTuple):
    """A number of the manual from one day on, with its clause."""

    since: date
    number: Decimal
    clause: str


def manual_numbers(rule: Rule, word: str, since: date, until: date | None) -> Iterator[ManualNumber]:
    """Yield the manual's numbers of a rule between two days, each with the first of them on which it holds."""
    begins = (one.since for one in rule.history if one.since and since < one.since)
    for day in (since, *(day for day in begins if until is None or day <= until)):
        ruling = ruling_in_force(rule.history, day)
        if ruling and (number := read_numbers(ruling.params).get(word)) is not None:
            yield ManualNumber(day, number, ruling.clause)


def accepts_fractions(definition: Track | Act, one: LimitedRule) -> bool:
    """Whether a number may have tyiyn: only a sum of som at most does."""
    if one.word != "at_most" or isinstance(definition, Act):
        return False
    part = definition.parts.get(one.part)
    field = field_at_path(part.fields if part else definition.fields, one.rule.names[0])
    return field is not None and field.kind == "som"
