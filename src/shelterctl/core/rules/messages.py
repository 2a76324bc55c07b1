"""The sentences of the verbs, for broken rules without a code of their own, and the facts shown in sentences.

The sentences of published codes (``agreement/over-cap``) are in the rulebook. Nothing here decides whether a rule is
broken.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, Field, Fields
from shelterctl.core.manual.rule import Rule, Violation
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import RESERVED_NAMES, find_field, find_name
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.core.values.days import Span
from shelterctl.language import Text, format_fact, label_code
from shelterctl.ui_language import N_, NO, SCREEN_LANGUAGES, YES, Marked

ITEM_FACTS: Mapping[str, tuple[str, ...]] = {
    "minor-without-reason": ("minor_under", "youngest"),
    "age-outside": ("at_least", "at_most"),
    "full-house": ("sleeping", "capacity"),
    "still-kept": ("count",),
}
"""The facts published with the reason why an item is not met, besides item, clause and day."""


VERB_SENTENCES: Mapping[str, Marked] = {
    **{
        f"{word}.{reason}" if reason else word: way.says
        for word, verb in VERBS.items()
        for reason, way in verb.WAYS.items()
    },
    "unasked": N_("{label}: filled in. {other}: {others}. These two do not go together ({clause})."),
}
"""A sentence for every way to break a rule, by verb and reason, and for an answer that is not asked."""

EVENT_NOUNS: Mapping[str, Marked] = {
    "today": N_("Today"),
    "act": N_("The day in question"),
    "due": N_("Due since"),
    "opened": N_("First day of this register"),
    "referral": N_("Referral"),
    "arrival": N_("Arrival"),
    "admission": N_("Admission"),
    "discharge": N_("Discharge"),
    "stay": N_("{Her|His} stay"),
    "client": N_("Client"),
    "house": N_("House"),
    "count:persons": N_("{She|He} and {her|his} children"),
    "count:sleeping": N_("Persons in the house at night"),
    "count:places": N_("Places in the house"),
}
"""Nouns for events, and for other names in a rule that have no field to name them."""

IN_OTHER_WORDS = N_("written in free text")
"""The words shown in place of free text: a finding never repeats what a person wrote."""

PLAIN_ANSWERS = {"yes": YES, "no": NO, UNKNOWN_ANSWER: N_("unknown")}
"""Answers that belong to no list of codes."""

QUOTATION_MARKS = {"en": "“{}”", "ru": "«{}»", "ky": "«{}»"}


def quote_label(text: Text) -> Text:
    """Return a label in the quotation marks of each language, so that no grammar of the sentence depends on it."""
    return {language: QUOTATION_MARKS.get(language, "“{}”").format(words) for language, words in text.items()}


def choose_rule_sentence(rule: Rule, way: str) -> str | Text:
    """Return the sentence of a broken rule without a published code: its own words, else its verb's."""
    return choose_own_sentence(rule.says, way.partition(".")[2]) or VERB_SENTENCES[way]


def choose_own_sentence(says: Mapping[str, Any], reason: str) -> Text | None:
    """Return the rule's own words, where it has one text or one for this reason, or None."""
    return says if "en" in says else says.get(reason)


def fact_names(sentence: str | Text) -> list[str]:
    """Return the names of the facts in a sentence; for a text by language, those of its English."""
    return _parse_fact_names(sentence if isinstance(sentence, str) else sentence["en"])


@lru_cache(maxsize=256)
def _parse_fact_names(words: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(words) if name and "|" not in name]  # {she|he} is no fact


def gather_shown_facts(verb: str, violation: Violation, entry: Entry, context: Context) -> dict[str, Any]:
    """Return the facts of a broken rule as a sentence shows them: days and codes in each language, no free text."""
    found = find_field(entry, violation.name, context)
    names: Iterable[str] = violation.facts.get("names") or [violation.name]
    facts: dict[str, Any] = {"day": context.day, **violation.facts}
    facts |= {"day": facts["outside"]} if "outside" in facts else {}
    filled: dict[str, Any] = {
        "label": [label_name(name, entry, context) for name in names],
        "track": getattr(entry.whole.definition, "name", ""),
        "value": present_value(
            found, facts.get("value", find_name(entry, violation.name, context).read(entry, context)), context
        ),
        "codes": [present_value(found, code, context) for code in facts.get("codes") or ()],
        "who": present_value(found, facts.get("who"), context),
        "least": facts.get("at_least"),
    }
    if "other" in facts:
        other = find_field(entry, facts["other"], context)
        filled["other"] = label_name(facts["other"], entry, context)
        filled["others"] = present_value(other, find_name(entry, facts["other"], context).read(entry, context), context)
    if violation.reason == "inside":
        filled["who"] = facts.get("who")  # here it is always the code of a member of staff
    if "lacking" in facts:
        track = context.tracks.get(violation.name)  # the key distinguishes entries of the other track
        key = found or (track.fields.get(facts.get("key", "")) if track else None)
        filled["lacking"] = [present_value(key, code, context) for code in facts["lacking"]]
    if found and found.of:
        roles = context.tracks.roles_of_registers(found.of)
        filled |= {name: present_value(roles, facts[name], context) for name in ("role", "roles") if name in facts}
    if verb == "stands" and violation.name in context.tracks:
        track = context.tracks[violation.name]
        filled["label"] = [track.text, *_codes_meant(violation, track.fields, context)]
    if verb == "covers":
        filled["label"] = _codes_meant(violation, entry.fields, context) or filled["label"]
    if "other_entry" in facts:
        filled["entry"] = label_entry(facts["other_entry"])
    days_ = ("day", "months", "bound", "base", "first", "last")
    filled |= {name: present_value(None, facts[name], context) for name in days_ if name in facts}
    return {**facts, **{name: each for name, each in filled.items() if each is not None}}


def _codes_meant(violation: Violation, fields: Fields, context: Context) -> list[object]:
    """Return the codes that the entries meant by a rule have."""
    where = violation.facts.get("where") or {}
    return [present_value(fields.get(key), code, context) for key, codes in where.items() for code in codes]


def label_name(name: str, entry: Entry, context: Context) -> object:
    """Return the label in quotes of the field that a rule names, or the noun of an event or track; else the name."""
    found = find_field(entry, name, context) or find_field(entry, name.rpartition(".")[0], context)
    if found and found.text and name not in RESERVED_NAMES:
        return quote_label(found.text)
    return EVENT_NOUNS.get(name) or (context.tracks[name].text if name in context.tracks else name)


def present_value(field: Field | None, value: Any, context: Context) -> Any:
    """Return a value as a sentence may show it: a code with its text, days in each language, no free text."""
    if isinstance(value, Span | datetime):
        return _format_days(value)
    if isinstance(value, list | tuple):
        return [present_value(field, each, context) for each in value]
    if not isinstance(value, str):
        return value
    coded = label_code(value, field.codes if field else {}, PLAIN_ANSWERS)
    if coded is not value:
        return coded
    registered = field and any(value in (context.registers or {}).get(register, ()) for register in field.of)
    return value if field is None or field.kind in ("months", "entry") or registered else IN_OTHER_WORDS


def _format_days(said: Span | datetime) -> Text | date:
    """Return a time with its day, or a first and last day, as each language writes them; a single day unchanged."""
    if isinstance(said, datetime):
        return {language: f"{format_fact(said.date(), language)} {said:%H:%M}" for language in SCREEN_LANGUAGES}
    days = {language: " – ".join(format_fact(day, language) for day in said) for language in SCREEN_LANGUAGES}
    return said.first if said.first == said.last else days


def label_entry(entry: Entry) -> Text:
    """Return an entry by its id and its day, so that a person can look it up."""
    whole = entry.whole
    parts = (whole.written.get("id"), whole.day)
    words = {language: [format_fact(each, language) for each in parts if each] for language in SCREEN_LANGUAGES}
    return {language: ", ".join(each) or "–" for language, each in words.items()}
