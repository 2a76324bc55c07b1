"""What is said of a broken rule that has no words of its own: a sentence a verb, in which nothing governs a label."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from shelterctl.core.entry import EVENTS, Around, Entry, field_of
from shelterctl.core.rule import Broken, Rule
from shelterctl.language import N_, Sentence, Text

SENTENCES: Mapping[str, Sentence] = {
    "needs": N_("Not filled in: {label} ({clause})."),
    "needs.any": N_("Fill in at least one: {label} ({clause})."),
    "is": N_("{label}: {value}. Allowed here: {codes} ({clause})."),
    "is.of": N_("{label}: {value}. Not among these: {other}, {codes} ({clause})."),
    "is.contains": N_("{label} must contain: {text} ({clause})."),
    "dated.early": N_("{label}: {day}. {other}: {bound}. The first cannot be earlier ({clause})."),
    "dated.late": N_("{label}: {day}. {other}: {bound}. The first cannot be later ({clause})."),
    "dated.ahead": N_("{label}: {day}. That day is still to come ({clause})."),
    "dated.outside": N_("{label}: {day}. {other}: {first} – {last}. The first must lie within the second ({clause})."),
    "amount.over": N_("{label}: {value}. At most: {most} ({clause})."),
    "amount.together": N_("{label}: {value}, with the other entries {sum}. At most: {cap} ({clause})."),
    "amount.under": N_("{label}: {value}. At least: {least} ({clause})."),
    "amount.differs": N_("{label}: {value}. It must be: {exactly} ({clause})."),
    "once": N_("{label}: already in another entry ({clause})."),
    "once.months": N_("{label}: {months}. Already in another entry ({clause})."),
    "once.number": N_("{label}: another entry has this in the same time. List the months one by one ({clause})."),
    "by.unregistered": N_("{label}: this code is not registered ({clause})."),
    "by.role": N_("{label}: {who}, {role}. By {clause}: {roles}."),
    "by.same": N_("{label}, {other}: the same person. Two are needed ({clause})."),
    "stands": N_("Not recorded by {day}: {label} ({clause})."),
    "stands.each": N_("Not recorded by {day}: {lacking} ({clause})."),
    "stands.none": N_("Still there: {label}, entries: {count} ({clause})."),
    "suits.no-birth-date": N_("No birth date is recorded, and age decides ({clause})."),
    "suits.adult-man": N_("{label}: an adult man ({clause})."),
    "suits.minor-without-reason": N_(
        "{label}: under {minor_under}, or possibly so, without a written reason ({clause})."
    ),
    "suits.age-outside": N_("{label}: only from {at_least} to {at_most} years ({clause})."),
}
"""A sentence for every way in which a verb may be broken; the label stands in quotes, the number behind its noun."""

NOUNS: Mapping[str, str] = {
    "today": N_("Today"),
    "act": N_("The day itself"),
    "referral": N_("Referral"),
    "arrival": N_("Arrival"),
    "admission": N_("Admission"),
    "discharge": N_("Discharge"),
    "stay": N_("Her stay"),
}
"""What an event is called, as the other side of a sentence."""

MARKS = {"en": "“{}”", "ru": "«{}»", "ky": "«{}»"}


def quoted(text: Text) -> Text:
    """A label in the quotation marks of each language: a sentence can neither govern it nor agree with it."""
    return {language: MARKS.get(language, "“{}”").format(words) for language, words in text.items()}


def spoken(rule: Rule, one: Broken, entry: Entry, around: Around) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """How the facts of a broken rule are called in its verb's sentence."""

    def told(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        names: Sequence[str] = one.facts.get("names") or [one.name]
        return {
            "day": around.day,
            **facts,
            "label": [_label(name, entry, around) for name in names],
            "track": getattr((entry.outer or entry).of, "name", ""),
            **({"other": _noun(facts["other"], entry, around)} if "other" in facts else {}),
        }

    return told


def _label(name: str, entry: Entry, around: Around) -> object:
    found = field_of(entry, name, around)
    if found:
        return quoted(found.text)
    return around.tracks[name].text if name in around.tracks else _noun(name, entry, around)


def _noun(name: str, entry: Entry, around: Around) -> object:
    if name in (*EVENTS, "stay"):
        return NOUNS[name]
    return _label(name, entry, around)


def whole(day: object) -> object:
    """A day as it is said, or the first day of what is only partly known."""
    return day if isinstance(day, date) else getattr(day, "first", day)
