"""An act of the shelf held against the rest: each item is once, is met by something, and has words for all it lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.act import SOFTENED, Act
from shelterctl.core.around import Around
from shelterctl.core.entry import read_entry
from shelterctl.core.item import Item
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.wording import ITEM_FACTS
from shelterctl.language import N_
from shelterctl.library.file import Written, below
from shelterctl.library.trial.grammar import MISSING
from shelterctl.library.trial.rule import Held, answers
from shelterctl.library.trial.scope import Scope, roles
from shelterctl.library.trial.sentence import DAY, hold_said
from shelterctl.library.trial.verb import hold

TWICE = N_("an item of this name stands above, or on another list")
NO_TEXT = N_("a text is missing for this reason: {reason}")
NO_RULES = N_("where a day is enough no more, rules are needed by which the item is met")
OTHER_ACT = N_("the code of a rule begins with its act: {act}/")

ASKED: Mapping[str, tuple[str, ...]] = {
    "admission": ("reception", "children", "names", "later"),
    "discharge": ("before", "after"),
}
"""The parts of a sitting in which an act asks for more than its items."""

HOMES = ("stay", "client")
COMMON = ("item", "clause", "day")
"""What is known of every item that is not met."""


def hold_act(written: Written, act: Act, scope: Scope, seen: set[str]) -> None:
    """The act is whole, or BrokenRulebook says where it is not; *seen* are the items of other lists."""
    value = written.value
    written.known("/of", [act.of], HOMES)
    held = Held(written, "/writes", {}, scope)
    held.field("/writes", act.writes, "day")
    for part in ASKED.get(act.name, ()):
        if part not in act.asks:
            raise written.broken("shape", below("", "asks"), MISSING, key=part)
    for part, names in act.asks.items():
        for number, name in enumerate(names):
            if name not in scope.tracks:
                held.field(below("/asks", part, number), name)
    if act.rests:
        written.known("/rests", [act.rests], scope.tracks)
    answers(written, "/softens", act.softens, scope)
    for number, item in enumerate(act.items):
        place = below("/items", number)
        if item.name in seen:
            raise written.broken("twice", below(place, "item"), TWICE)
        seen.add(item.name)
        _item(written, place, act, item, value["items"][number], scope)
    for number, rule in enumerate(value.get("rules") or ()):
        place = below("/rules", number)
        if "item" in rule:
            written.known(below(place, "item"), [rule["item"]], [item.name for item in act.items])
        held = Held(written, place, rule, scope, far=True)
        hold(held)
        hold_said(held, act.rules[number], read_entry(act.track, {}), Around(day=DAY, today=DAY, tracks=scope.tracks))


def _item(written: Written, place: str, act: Act, item: Item, value: Mapping[str, Any], scope: Scope) -> None:
    written.known(below(place, "of"), [item.of], HOMES)
    held = Held(written, place, value, scope)
    if item.on:
        held.field(below(place, "on"), item.on, "day", "time")
    for number, name in enumerate(item.also):
        held.field(below(place, "also", number), name)
    written.known(below(place, "owner"), [item.owner] if item.owner else [], roles(scope))
    for number, rule in enumerate(value.get("rules") or ()):
        at = below(place, "rules", number)
        if "code" in rule and not rule["code"].startswith(f"{act.name}/"):
            raise written.broken("word", below(at, "code"), OTHER_ACT, act=act.name)
        hold(Held(written, at, rule, scope, far=True, own_words=True, clause=value["clause"]))
    if item.former and not item.rules:
        raise written.broken("word", below(place, "done"), NO_RULES)
    _said(written, place, act, item, value)


def _said(written: Written, place: str, act: Act, item: Item, value: Mapping[str, Any]) -> None:
    """Each reason for which it may not be met has its words, filled from what is known then."""
    why = reasons(item)
    gate = any(isinstance(one, Ruling) and one.asks.get("gate") for one in item.history)
    known = {*why, *([SOFTENED] if act.softens and gate and item.name in why else [])}
    for key in ("says", "in_file"):
        for reason, text in (value.get(key) or {}).items():
            at = below(place, key, reason)
            written.known(at, [reason], known)
            facts = {*COMMON, *ITEM_FACTS.get(reason, ()), *(["lacking"] if _lacking(item, reason) else [])}
            written.filled(at, text, facts)
    for reason in sorted(why - item.says.keys()):
        raise written.broken("shape", below(place, "says"), NO_TEXT, reason=reason)


def _lacking(item: Item, reason: str) -> bool:
    """Whether it is always known what is lacking, where an item is unmet for that reason."""
    saying = [rule for rule in item.rules if reason in _reasons(item, rule)]
    return item.several and bool(saying) and all(rule in item.wanting for rule in saying)


def reasons(item: Item) -> set[str]:
    """Why an item may be unmet: each reason wants words of its own."""
    alone = {item.name} if item.done and not item.rules else set()
    return alone.union(reason for rule in item.rules for reason in _reasons(item, rule))


def _reasons(item: Item, rule: Rule) -> Iterator[str]:
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
