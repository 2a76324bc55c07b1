"""An act of the shelf held against the rest: each item is once, is met by something, and has words for all it lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.manual.rule import Rule, Ruling
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.checklist import SOFTENED_REASON, Act, Item
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.messages import ITEM_FACTS
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.rulebook.lint.grammar import KEY_MISSING
from shelterctl.rulebook.lint.rules import SAMPLE_DAY, RuleCheck, check_answers, check_rule, check_sentences
from shelterctl.rulebook.lint.scope import Scope, staff_roles
from shelterctl.ui_language import N_

ITEM_NAME_TWICE = N_("an item of this name stands above, or on another list")
REASON_WITHOUT_TEXT = N_("a text is missing for this reason: {reason}")
ITEM_NEEDS_RULES = N_("where a day is enough no more, rules are needed by which the item is met")
CODE_NEEDS_ACT = N_("the code of a rule begins with its act: {act}/")

PARTS_OF_ACT: Mapping[str, tuple[str, ...]] = {
    "admission": ("reception", "children", "names", "later"),
    "discharge": ("before", "after"),
}
"""The parts of a sitting in which an act asks for more than its items."""

HOMES_OF_ACT = ("stay", "client")
FACTS_OF_EVERY_ITEM = ("item", "clause", "day")
"""What is known of every item that is not met."""


def check_act(written: RulebookFile, act: Act, scope: Scope, seen: set[str]) -> None:
    """The act is whole, or BrokenRulebook says where it is not; *seen* are the items of other lists."""
    value = written.value
    written.known("/of", [act.of], HOMES_OF_ACT)
    held = RuleCheck(written, "/writes", {}, scope)
    held.field("/writes", act.writes, "day")
    for part in PARTS_OF_ACT.get(act.name, ()):
        if part not in act.asks:
            raise written.broken("shape", pointer_below("", "asks"), KEY_MISSING, key=part)
    for part, names in act.asks.items():
        for number, name in enumerate(names):
            if name not in scope.tracks:
                held.field(pointer_below("/asks", part, number), name)
    if act.rests:
        written.known("/rests", [act.rests], scope.tracks)
    check_answers(written, "/softens", act.softens, scope)
    for number, item in enumerate(act.items):
        place = pointer_below("/items", number)
        if item.name in seen:
            raise written.broken("twice", pointer_below(place, "item"), ITEM_NAME_TWICE)
        seen.add(item.name)
        _check_item(written, place, act, item, value["items"][number], scope)
    for number, rule in enumerate(value.get("rules") or ()):
        place = pointer_below("/rules", number)
        if "item" in rule:
            written.known(pointer_below(place, "item"), [rule["item"]], [item.name for item in act.items])
        held = RuleCheck(written, place, rule, scope, far=True)
        check_rule(held)
        check_sentences(
            held,
            act.rules[number],
            read_entry(act.track, {}),
            Context(day=SAMPLE_DAY, today=SAMPLE_DAY, tracks=scope.tracks),
        )


def _check_item(
    written: RulebookFile, place: str, act: Act, item: Item, value: Mapping[str, Any], scope: Scope
) -> None:
    written.known(pointer_below(place, "of"), [item.of], HOMES_OF_ACT)
    held = RuleCheck(written, place, value, scope)
    if item.on:
        held.field(pointer_below(place, "on"), item.on, "day", "time")
    for number, name in enumerate(item.also):
        held.field(pointer_below(place, "also", number), name)
    written.known(pointer_below(place, "owner"), [item.owner] if item.owner else [], staff_roles(scope))
    for number, rule in enumerate(value.get("rules") or ()):
        at = pointer_below(place, "rules", number)
        if "code" in rule and not rule["code"].startswith(f"{act.name}/"):
            raise written.broken("word", pointer_below(at, "code"), CODE_NEEDS_ACT, act=act.name)
        check_rule(RuleCheck(written, at, rule, scope, far=True, own_words=True, clause=value["clause"]))
    if item.former and not item.rules:
        raise written.broken("word", pointer_below(place, "done"), ITEM_NEEDS_RULES)
    _check_reasons(written, place, act, item, value)


def _check_reasons(written: RulebookFile, place: str, act: Act, item: Item, value: Mapping[str, Any]) -> None:
    """Each reason for which it may not be met has its words, filled from what is known then."""
    why = reasons_of_item(item)
    gate = any(isinstance(one, Ruling) and one.asks.get("gate") for one in item.history)
    known = {*why, *([SOFTENED_REASON] if act.softens and gate and item.name in why else [])}
    for key in ("says", "in_file"):
        for reason, text in (value.get(key) or {}).items():
            at = pointer_below(place, key, reason)
            written.known(at, [reason], known)
            facts = {
                *FACTS_OF_EVERY_ITEM,
                *ITEM_FACTS.get(reason, ()),
                *(["lacking"] if _always_knows_lacking(item, reason) else []),
            }
            written.filled(at, text, facts)
    for reason in sorted(why - item.says.keys()):
        raise written.broken("shape", pointer_below(place, "says"), REASON_WITHOUT_TEXT, reason=reason)


def _always_knows_lacking(item: Item, reason: str) -> bool:
    """Whether it is always known what is lacking, where an item is unmet for that reason."""
    saying = [rule for rule in item.rules if reason in _reasons_of_rule(item, rule)]
    return item.several and bool(saying) and all(rule in item.wanting for rule in saying)


def reasons_of_item(item: Item) -> set[str]:
    """Why an item may be unmet: each reason wants words of its own."""
    alone = {item.name} if item.done and not item.rules else set()
    return alone.union(reason for rule in item.rules for reason in _reasons_of_rule(item, rule))


def _reasons_of_rule(item: Item, rule: Rule) -> Iterator[str]:
    """Why a rule leaves an item unmet: the last word of its code, the verb's own reason of an age, or the item."""
    if rule.code:
        yield rule.code.rpartition("/")[2]
    elif rule.verb != "suits":
        yield item.name
    else:
        yield "no-birth-date"
        for ruling in rule.history:
            asks = ruling.asks if isinstance(ruling, Ruling) else {}
            yield from ["minor-without-reason"] if "minor_under" in asks else []
            yield from ["adult-man"] if "sex" in asks else []
            yield from ["age-outside"] if "at_least" in asks else []
