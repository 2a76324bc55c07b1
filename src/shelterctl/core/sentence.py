"""What is said of a broken rule that has no words of its own: a sentence a verb, in which nothing governs a label."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from string import Formatter
from typing import Any

from shelterctl.core.around import RESERVED, Around, field_of, value
from shelterctl.core.days import Span
from shelterctl.core.entry import Entry
from shelterctl.core.field import UNKNOWN, Field
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.wording import Row
from shelterctl.language import N_, SPOKEN, Coded, Marked, Text, shown

SENTENCES: Mapping[str, Marked] = {
    "needs": N_("Not filled in: {label} ({clause})."),
    "needs.order": N_("{label}: a first and a last day are wanted, in this order ({clause})."),
    "needs.any": N_("Fill in at least one: {label} ({clause})."),
    "is": N_("{label}: {value}. Allowed here: {codes} ({clause})."),
    "is.of": N_("{label}: {value}. {other}: {others}. They have nothing in common ({clause})."),
    "is.all": N_("{label}. Not ticked: {lacking} ({clause})."),
    "is.contains": N_("{label}. It must contain: {text} ({clause})."),
    "dated.early": N_("{label}: {day}. {other}: {bound}. The first cannot be earlier ({clause})."),
    "dated.late": N_("{label}: {day}. {other}: {bound}. The first cannot be later ({clause})."),
    "dated.too-early": N_("{label}: {day}. {other}: {base}. First possible day: {bound} ({clause})."),
    "dated.too-late": N_("{label}: {day}. {other}: {base}. Last possible day: {bound} ({clause})."),
    "dated.ahead": N_("{label}: {day}. That day is still to come ({clause})."),
    "dated.outside": N_("{label}: {day}. {other}: {first} – {last}. The first must lie within the second ({clause})."),
    "amount.over": N_("{label}: {value}. At most: {most} ({clause})."),
    "amount.together": N_("{label}: {value}, with the other entries {sum}. At most: {cap} ({clause})."),
    "amount.number": N_("{label}. Another entry has this in the same time: list the months one by one ({clause})."),
    "amount.under": N_("{label}: {value}. At least: {least} ({clause})."),
    "amount.differs": N_("{label}: {value}. It must be: {exactly} ({clause})."),
    "once": N_("{label}: {value}. Already in another entry: {entry} ({clause})."),
    "once.months": N_("{label}: {months}. Already in another entry: {entry} ({clause})."),
    "once.elsewhere": N_("{label}: the same stands in another client's file, {whose} ({clause})."),
    "once.number": N_("{label}. Another entry has this in the same time: list the months one by one ({clause})."),
    "by.unregistered": N_("{label}: this code is not registered ({clause})."),
    "by.gone": N_("{label}: {who}. By the register that person worked here until {bound} ({clause})."),
    "by.role": N_("{label}: {who}, {role}. By {clause}: {roles}."),
    "by.each": N_("{label}. Also needed: {roles} ({clause})."),
    "by.inside": N_("{label}: {who}, of this house. It must be somebody else ({clause})."),
    "by.same": N_("{label}, {other}: the same person, {who}. Two are needed ({clause})."),
    "by.same-name": N_("{label}, {other}: the same name. Two are needed ({clause})."),
    "unasked": N_("{label}: filled in. {other}: {others}. One does not go with the other ({clause})."),
    "stands": N_("Not recorded by {day}: {label} ({clause})."),
    "stands.nowhere": N_("{label}: there is no such entry ({clause})."),
    "stands.each": N_("Not recorded by {day}: {lacking} ({clause})."),
    "stands.none": N_("Still open: {label}, entries: {count} ({clause})."),
    "suits.no-birth-date": N_("No birth date is recorded, and age decides ({clause})."),
    "suits.adult-man": N_("An adult man is not taken in ({clause})."),
    "suits.minor-without-reason": N_("Age: under {minor_under}, or possibly so. No reason is written ({clause})."),
    "suits.age-outside": N_("Age: only from {at_least} to {at_most} ({clause})."),
}
"""A sentence for every way in which a verb may be broken; the label stands in quotes, the number behind its noun."""

NOUNS: Mapping[str, Marked] = {
    "today": N_("Today"),
    "act": N_("The day itself"),
    "due": N_("Due since"),
    "referral": N_("Referral"),
    "arrival": N_("Arrival"),
    "admission": N_("Admission"),
    "discharge": N_("Discharge"),
    "stay": N_("Her stay"),
    "client": N_("Client"),
    "house": N_("House"),
    "count:persons": N_("She and her children"),
    "count:sleeping": N_("Persons in the house at night"),
    "count:places": N_("Places in the house"),
}
"""What an event is called, as the other side of a sentence, and what has no field that could name it."""

WORDS = N_("in other words")
"""What stands for a value that is free text: nobody's words are repeated by a finding."""

PLAIN = {"yes": N_("yes"), "no": N_("no"), UNKNOWN: N_("unknown")}
"""Answers that are codes of no list."""

MARKS = {"en": "“{}”", "ru": "«{}»", "ky": "«{}»"}


def quoted(text: Text) -> Text:
    """A label in the quotation marks of each language: a sentence can neither govern it nor agree with it."""
    return {language: MARKS.get(language, "“{}”").format(words) for language, words in text.items()}


def row_of(rule: Rule, reason: str, one: Broken, entry: Entry, around: Around) -> Row:
    """How a broken rule is told that has no published code: in its own words, else by its verb.

    Every fact that the sentence names is told, so that a script has what a person reads.
    """
    message = _own(rule.says, one.reason) or SENTENCES[reason]
    named = message if isinstance(message, str) else message["en"]
    names = tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(named) if name))
    told = _facts(one, entry, around)
    if rule.verb == "stands" and one.name in around.tracks:
        told["label"] = [around.tracks[one.name].text, *_where(one, around)]
    return Row(message, _own(rule.in_file, one.reason), facts=("track", *names), told=lambda facts: {**facts, **told})


def row_of_idle(name: str, other: str, entry: Entry, around: Around) -> Row:
    """How it is told that a field is filled in although the answer to another one makes it idle."""
    told = _facts(Broken(name, facts={"other": other}), entry, around)
    return Row(SENTENCES["unasked"], facts=("track", "label", "other", "others"), told=lambda facts: told)


def _own(says: Mapping[str, Any], reason: str) -> Any:
    """The rule's own words: one text, or one for each reason."""
    return says if "en" in says else says.get(reason)


def _facts(one: Broken, entry: Entry, around: Around) -> dict[str, Any]:
    """The facts of a broken rule as a sentence shows them: days and codes in each language, and no free text."""
    found = field_of(entry, one.name, around)
    names: Iterable[str] = one.facts.get("names") or [one.name]
    facts: dict[str, Any] = {"day": around.day, **one.facts}
    facts |= {"day": facts["outside"]} if "outside" in facts else {}
    told: dict[str, Any] = {
        "label": [_label(name, entry, around) for name in names],
        "track": getattr((entry.outer or entry).of, "name", ""),
        "value": visible(found, facts.get("value", value(entry, one.name, around)), around),
        "codes": [visible(found, code, around) for code in facts.get("codes") or ()],
        "who": visible(found, facts.get("who"), around),
        "least": facts.get("at_least"),
    }
    if "other" in facts:
        other = field_of(entry, facts["other"], around)
        told["other"] = _label(facts["other"], entry, around)
        told["others"] = visible(other, value(entry, facts["other"], around), around)
    if one.reason == "inside":
        told["who"] = facts.get("who")  # the code of a member of staff, whatever else might stand there
    if "lacking" in facts:
        told["lacking"] = [visible(found or _key(one, around), code, around) for code in facts["lacking"]]
    if found and found.of:
        roles = _role(found, around)
        told |= {name: visible(roles, facts[name], around) for name in ("role", "roles") if name in facts}
    if "other_entry" in facts:
        told["entry"] = called(facts["other_entry"])
    days_ = ("day", "months", "bound", "base")
    told |= {name: visible(None, facts[name], around) for name in days_ if name in facts}
    return {**facts, **{name: each for name, each in told.items() if each is not None}}


def _where(one: Broken, around: Around) -> list[object]:
    """The codes by which an entry of another track is meant, behind the noun of that track."""
    track = around.tracks.get(one.name)
    where = one.facts.get("where") or {}
    if track is None:
        return []
    return [visible(track.fields.get(key), code, around) for key, codes in where.items() for code in codes]


def _key(one: Broken, around: Around) -> Field | None:
    """The field by which several entries of another track are told apart."""
    track = around.tracks.get(one.name)
    return track.fields.get(one.facts.get("key", "")) if track else None


def _role(one: Field, around: Around) -> Field | None:
    """The field of the register that has the roles of whoever is named."""
    registers = [track for track in around.tracks.values() if track.at in one.of and "role" in track.clear]
    return registers[0].clear["role"] if registers else None


def _label(name: str, entry: Entry, around: Around) -> object:
    """A field by its label in quotes, an event or a track by its noun."""
    found = field_of(entry, name, around) or field_of(entry, name.rpartition(".")[0], around)
    if found and found.text and name not in RESERVED:
        return quoted(found.text)
    return NOUNS.get(name) or (around.tracks[name].text if name in around.tracks else name)


def visible(one: Field | None, said: Any, around: Around) -> Any:
    """A value as a sentence may show it: a code with its text, days in each language, and nobody's own words."""
    if isinstance(said, Span | datetime):
        return _from_to(said) if isinstance(said, Span) else _at(said)
    if isinstance(said, list | tuple):
        return [visible(one, each, around) for each in said]
    if not isinstance(said, str):
        return said
    if one and said in one.codes:
        return Coded(said, one.codes[said])
    if said in PLAIN:
        return Coded(said, PLAIN[said])
    registered = one and any(said in (around.registers or {}).get(register, ()) for register in one.of)
    return said if one is None or one.kind in ("months", "entry") or registered else WORDS


def _at(moment: datetime) -> Text:
    """A day and a time of day, as each language writes them."""
    return {language: f"{shown(moment.date(), language)} {moment:%H:%M}" for language in SPOKEN}


def _from_to(span: Span) -> Text | date:
    """The first and the last day, as each language writes days; one day stands alone."""
    if span.first == span.last:
        return span.first
    return {language: " – ".join(shown(day, language) for day in span) for language in SPOKEN}


def called(one: Entry) -> Text:
    """An entry by its id and its day, for whoever has to look it up."""
    whole = one.outer or one
    told = (whole.written.get("id"), whole.day)
    return {language: ", ".join(shown(each, language) for each in told if each) or "–" for language in SPOKEN}
