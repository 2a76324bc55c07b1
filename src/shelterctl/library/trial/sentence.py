"""Every finding that a rule can come to, with invented facts: what a published sentence is filled from must be there.

The sentence of a verb takes its facts from the verb itself; one that is published under a code names what it needs.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.around import Around
from shelterctl.core.entry import Entry
from shelterctl.core.finding import Finding
from shelterctl.core.judgement import found_as
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.sentence import SENTENCES
from shelterctl.core.wording import PUBLISHED
from shelterctl.language import N_, say
from shelterctl.library.file import below
from shelterctl.library.trial.rule import Held

UNFILLED = N_("the sentence of this code needs {fact}, which this rule does not give")
UNFIT = N_("the sentence of this code tells of something else than this rule")

DAY = date(2026, 11, 25)

WANTS: Mapping[str, str] = {
    "needs.any": "any", "is": "codes", "is.all": "all", "is.of": "of", "is.contains": "contains",
    "dated.early": "from", "dated.late": "to", "dated.ahead": "to", "dated.too-early": "from", "dated.too-late": "to",
    "dated.outside": "in", "amount.over": "at_most", "amount.together": "within", "amount.number": "each",
    "amount.under": "at_least", "amount.differs": "exactly", "by.role": "role", "by.each": "each",
    "by.inside": "outside", "by.same": "not", "by.same-name": "not",
    "stands.each": "each", "stands.none": "none", "stands.nowhere": "of", "suits.minor-without-reason": "minor_under",
    "suits.adult-man": "sex", "suits.age-outside": "at_least",
}  # fmt: skip
"""What a rule asks where it can be broken so."""

NOT: Mapping[str, tuple[str, ...]] = {
    "needs": ("any",), "by.unregistered": ("not", "each", "outside", "registered"),
    "by.gone": ("not", "each", "outside"), "stands": ("each", "none"),
}  # fmt: skip
"""And what it does not."""


def ways(rule: Rule, ruling: Ruling) -> Iterator[str]:
    """The ways in which a ruling can be broken, as far as what it asks lets it."""
    asks = ruling.asks
    for way in SENTENCES:
        if way.partition(".")[0] != rule.verb or any(key in asks for key in NOT.get(way, ())):
            continue
        asked = asks.get(WANTS[way]) if way in WANTS else True
        moved = isinstance(asked, Mapping) and bool(asked.get("months") or asked.get("days"))
        if (
            asked is None
            or asked is False
            or (rule.verb == "dated" and way != "dated.outside" and moved is not way.startswith("dated.too-"))
        ):
            continue
        if way in ("dated.late", "dated.ahead") and (way == "dated.ahead") is not (asked == "today"):
            continue
        if rule.verb == "once" and (way == "once.elsewhere") is not (asks.get("within") == "store"):
            continue
        if rule.verb == "once" and len(rule.names) > 1 and way != "once":  # a beginning and an end
            continue
        yield way


def findings(rule: Rule, entry: Entry, around: Around) -> Iterator[Finding]:
    """Every finding that a rule can come to, by all its rulings."""
    row = PUBLISHED.get(rule.code or "")
    for ruling in (each for each in rule.history if isinstance(each, Ruling)):
        for way in ways(rule, ruling):
            for name in rule.names:
                facts = _facts(way, name, ruling, entry)
                gathered = {row.gathers: [name]} if row and row.gathers else {}
                broken = Broken(name, way.partition(".")[2], {**facts, **gathered})
                yield found_as(rule, ruling, broken, entry, around)


def _facts(way: str, name: str, ruling: Ruling, entry: Entry) -> dict[str, Any]:
    """What the verb gives with a rule that is broken so."""
    asks = ruling.asks
    times = {_key(each): 2 for each in asks.get("times") or ()}
    span = {"first": DAY, "last": DAY}
    dated = {"key": name.partition(".")[0], "day": DAY, "bound": DAY, "other": "today", "months": 1, "latest": DAY}
    counted = {"value": 2, "amount": 2, "cap": 1, "at_most": asks.get("at_most"), **times}
    most = asks.get("at_most")
    monthly = {"months": ["2026-11"]} if "each" in asks else {}
    months = span if isinstance(most, Mapping) and "months_of" in most else {}
    given: Mapping[str, Mapping[str, Any]] = {
        "needs": {"names": [name]}, "needs.any": {"names": [name]},
        "is": {"key": name, "codes": asks.get("codes"), "value": 2},
        "is.of": {"value": 2, "others": 2, "of": asks.get("of"), "other": asks.get("of")},
        "is.all": {"lacking": asks.get("all")},
        "is.contains": {"text": asks.get("contains")}, "dated.outside": {**dated, **span, "outside": ["2026-11"]},
        "amount.over": {**counted, "most": 1, **months, name: 2},
        "amount.together": {name: 2, **counted, "together": 1, "sum": 3, **monthly},
        "amount.under": {**times, "value": 2, "at_least": 3, name: 2},
        "amount.differs": {**times, "value": 2, "exactly": 3, name: 2},
        "once": {"value": DAY, "other_entry": entry}, "once.elsewhere": {"whose": "7QF2-M9KD"},
        "once.months": {"months": ["2026-11"], "other_entry": entry},
        "by.inside": {"who": "s-1"}, "by.gone": {"who": "s-1", "bound": DAY},
        "by.role": {"who": "s-1", "role": "other", "roles": asks.get("role")}, "by.each": {"roles": asks.get("each")},
        "by.same": {"other": asks.get("not"), "who": "s-1"}, "by.same-name": {"other": asks.get("not"), "who": "s-1"},
        "stands": {**{key: codes[0] for key, codes in (asks.get("where") or {}).items()}, "lacking": [name]},
        "stands.each": {"lacking": [name]}, "stands.none": {"count": 1, "on": DAY},
        "suits.minor-without-reason": {"minor_under": asks.get("minor_under"), "youngest": 17},
        "suits.age-outside": {"at_least": asks.get("at_least"), "at_most": asks.get("at_most")},
    }  # fmt: skip
    late = {**dated, "base": DAY} if way.startswith("dated.too-") else dated
    return {**given.get(way, late if way.startswith("dated.") else {})}


def _key(times: Any) -> str:
    return str(next(iter(times))).removesuffix("_of") if isinstance(times, Mapping) else str(times)


def hold_said(held: Held, rule: Rule, entry: Entry, around: Around) -> None:
    """Every sentence that the rule can come to has its facts, and it comes to each; else BrokenRulebook says which."""
    come_to = [way for each in rule.history if isinstance(each, Ruling) for way in ways(rule, each)]
    for key in ("says", "in_file"):
        for reason in held.rule.get(key) or () if "en" not in (held.rule.get(key) or {}) else ():
            held.written.known(below(held.place, key, reason), [reason], {way.partition(".")[2] for way in come_to})
    place = below(held.place, "code" if "code" in held.rule else held.verb)
    try:
        for finding in (each for each in findings(rule, entry, around) if each.code in PUBLISHED):
            say(finding.whole, finding.facts)
    except KeyError as error:
        raise held.broken(place, UNFILLED, fact=str(error.args[0])) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise held.broken(place, UNFIT) from error
