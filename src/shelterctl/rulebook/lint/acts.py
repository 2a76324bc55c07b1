"""Checks of an act of the rulebook, such as the admission.

The act must write, ask for and rest on known tracks and fields. Each item needs a name of its own, a day or a rule that
meets it, and a text for each reason for which it can be unmet. lint.rules checks the single rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shelterctl.core.manual.act import SOFTENED_REASON, Act, Item, find_act_of_track
from shelterctl.core.manual.rule import Rule, Ruling
from shelterctl.core.manual.sheet import CHECKLIST_SHEET
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.messages import ITEM_FACTS
from shelterctl.core.rules.verbs.verb import SAMPLE_DAY, RuleVerb
from shelterctl.rulebook.files import RulebookFile, collecting, pointer_below, words_with_places
from shelterctl.rulebook.lint.rules import RuleCheck, check_rule, check_sentences, refuse_malformed
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.rulebook.reader import KEY_MISSING
from shelterctl.ui_language import N_

ITEM_NAME_TWICE = N_("this list or another one already has an item of this name; choose another name")
REASON_WITHOUT_TEXT = N_("this reason has no text: {reason}; write one under says")
ITEM_NEEDS_RULES = N_("a day alone no longer meets this item; write rules that do")
NO_ACT_FOR_CHECKLIST = N_("no act writes the day of this track, so it has no checklist; choose another kind")
CODE_NEEDS_ACT = N_("the code of this rule must begin with its act: {act}/")

PARTS_OF_ACT: Mapping[str, tuple[str, ...]] = {
    "admission": ("reception", "children", "names", "later"),
    "discharge": ("before", "after"),
}
"""Parts of a session in which an act asks for more than its items, by act."""

PARTS_NEEDED: Mapping[str, tuple[str, ...]] = {"admission": ("reception",)}
"""The parts without which the session of an act cannot begin."""

FACTS_OF_EVERY_ITEM = ("item", "clause", "day")
"""Facts that are known of every unmet item."""


def check_act(file: RulebookFile, act: Act, scope: CheckedScope, seen: set[str]) -> None:
    """Collect the mistakes of an act in its file; *seen* are item names of other lists, to which its own are added."""
    value = file.value
    file.collect(scope.require_name, file, "/writes", act.writes, "day")
    for part in PARTS_NEEDED.get(act.name, ()):
        if part not in act.asks:
            file.errors.append(file.error_at("shape", pointer_below("", "asks"), KEY_MISSING, key=part))
    for part, names in act.asks.items():
        file.collect(file.require_known, pointer_below("/asks", part), part, PARTS_OF_ACT.get(act.name, (part,)))
        for name, at in words_with_places(pointer_below("/asks", part), names):
            if name not in scope.tracks:
                file.collect(scope.require_name, file, at, name)
    file.collect(file.require_known, "/rests", act.rests, scope.tracks)
    file.collect(scope.require_answers, file, "/softens", act.softens)
    for number, item in enumerate(act.items):
        place = pointer_below("/items", number)
        if item.name in seen:
            file.errors.append(file.error_at("twice", pointer_below(place, "item"), ITEM_NAME_TWICE))
        else:
            file.collect(_check_item, file, place, act, item, value["items"][number], scope)
        seen.add(item.name)
    _check_rules(file, act, scope)


def check_checklists(file: RulebookFile, track: Track, acts: Iterable[Act]) -> None:
    """Collect an error for each sheet of a track that would print the checklist of an act, where no act has one."""
    if find_act_of_track(acts, track) is None:
        sheets = {"/sheet": track.sheet, **{pointer_below("/papers", name): one for name, one in track.papers.items()}}
        for place, printed in sheets.items():
            if printed.kind == CHECKLIST_SHEET:
                file.errors.append(file.error_at("rule", f"{place}/kind", NO_ACT_FOR_CHECKLIST))


def _check_rules(file: RulebookFile, act: Act, scope: CheckedScope) -> None:
    """Check the rules that an act has besides those of its items."""
    entry, context = read_entry(act.track, {}), Context(day=SAMPLE_DAY, today=SAMPLE_DAY, tracks=scope.tracks)
    for number, rule in enumerate(file.value.get("rules") or ()):
        place = pointer_below("/rules", number)
        check = RuleCheck(file, place, rule, act.rules[number], scope, may_open_other_files=True)
        with collecting(file.errors):
            file.require_known(pointer_below(place, "item"), rule.get("item"), [item.name for item in act.items])
            check_rule(check)
            check_sentences(check, entry, context)


def _check_item(
    file: RulebookFile, place: str, act: Act, item: Item, value: Mapping[str, Any], scope: CheckedScope
) -> None:
    """Collect the mistakes of an item in its file."""
    if item.on:
        file.collect(scope.require_name, file, pointer_below(place, "on"), item.on, "day", "time")
    for name, at in words_with_places(pointer_below(place, "also"), item.asked_with_it):
        file.collect(scope.require_name, file, at, name)
    file.collect_unknown(pointer_below(place, "owner"), item.owner, scope.staff_roles)
    file.collect(refuse_malformed, file, place, value)
    for number, (rule, read) in enumerate(zip(value.get("rules") or (), item.rules, strict=True)):
        at = pointer_below(place, "rules", number)
        if "code" in rule and not rule["code"].startswith(f"{act.name}/"):
            file.errors.append(file.error_at("word", pointer_below(at, "code"), CODE_NEEDS_ACT, act=act.name))
        check = RuleCheck(
            file, at, rule, read, scope, may_open_other_files=True, has_own_words=True, clause=value["clause"]
        )
        file.collect(check_rule, check)
    if item.could_be_given and not item.rules:
        file.errors.append(file.error_at("word", pointer_below(place, "done"), ITEM_NEEDS_RULES))
    _check_reasons(file, place, act, item, value)


def _check_reasons(file: RulebookFile, place: str, act: Act, item: Item, value: Mapping[str, Any]) -> None:
    """Raise BrokenRulebook unless each reason for which the item may be unmet has a text, filled from known facts."""
    why = reasons_of_item(item)
    gate = any(isinstance(one, Ruling) and one.params.get("gate") for one in item.history)
    known = {*why, *([SOFTENED_REASON] if act.softens and gate and item.name in why else [])}
    for key in ("says", "in_file"):
        for reason, text in (value.get(key) or {}).items():
            at = pointer_below(place, key, reason)
            file.require_known(at, reason, known)
            facts = {
                *FACTS_OF_EVERY_ITEM,
                *ITEM_FACTS.get(reason, ()),
                *(["lacking"] if _always_knows_lacking(item, reason) else []),
            }
            file.require_facts(at, text, facts)
    for reason in sorted(why - item.says.keys()):
        raise file.error_at("shape", pointer_below(place, "says"), REASON_WITHOUT_TEXT, reason=reason)


def _always_knows_lacking(item: Item, reason: str) -> bool:
    """Whether the fact ``lacking`` is always known when an item is unmet for that reason."""
    saying = [rule for rule in item.rules if reason in _reasons_of_rule(item, rule)]
    return item.several and bool(saying) and all(rule in item.entry_rules for rule in saying)


def reasons_of_item(item: Item) -> set[str]:
    """Return the reasons for which an item may be unmet; each needs a text of its own."""
    alone = {item.name} if item.may_be_given and not item.rules else set()
    return alone.union(reason for rule in item.rules for reason in _reasons_of_rule(item, rule))


def _reasons_of_rule(item: Item, rule: Rule) -> Iterator[str]:
    """Yield the reasons for which a rule leaves an item unmet.

    This is the last word of its code, else the item's name; for the verb ``suits`` the verb's own reasons.
    """
    if rule.code:
        yield rule.code.rpartition("/")[2]
    elif rule.verb != "suits":
        yield item.name
    else:
        for ruling in rule.rulings:
            yield from ruling.params.reasons(rule) if isinstance(ruling.params, RuleVerb) else ()
