"""The sentences for broken rules, their places in a file, and the facts that scripts receive with them.

Findings with a published code (``agreement/over-cap``) have their message in a table here. A rule without a code
is described by the sentence of its verb. Nothing here decides whether a rule is broken.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, Field
from shelterctl.core.manual.rule import Rule, Violation
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import RESERVED_NAMES, Context, find_field, resolve_value
from shelterctl.core.values.days import Span
from shelterctl.core.values.facts import Facts
from shelterctl.language import LabelledCode, Plural, Sentence, Text, format_fact
from shelterctl.ui_language import N_, NO, SCREEN_LANGUAGES, YES, Marked


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FindingMessage:
    """How one code is told: *facts* are the names of those that are published, *where* a place of its own.

    *is_beside_field* says that it is looked for beside the field and not at it; *gathered_as* that all names of a rule
    are one finding, under this fact. *build_facts* makes a published fact of what the verb gives.
    """

    message: Sentence | Callable[[Facts], Sentence]
    in_file: Marked | Callable[[Facts], Marked] | None = None
    where: str | None = None
    facts: tuple[str, ...] = ()
    is_beside_field: bool = False
    gathered_as: str | None = None
    build_facts: Callable[[Facts], Facts] = dict


LINE_OVER_CAP: Mapping[tuple[str, ...], Sentence] = {
    (): N_("Line {line} asks {amount} som; the {form} allows {at_most} ({clause}). {advice}"),
    ("months",): Plural(
        N_("Line {line} asks {amount} som; the {form} allows {at_most} a month ({clause}), 1 month. {advice}"),
        N_(
            "Line {line} asks {amount} som; the {form} allows {at_most} a month ({clause}), "
            "{months} months make {cap}. {advice}"
        ),
        "months",
    ),
    ("days", "persons"): N_(
        "Line {line} asks {amount} som; the {form} allows {at_most} a day and person ({clause}), "
        "days {days} × persons {persons} make {cap}. {advice}"
    ),
}
LINE_OVER_CAP_TIMES = N_(
    "Line {line} asks {amount} som; the {form} allows {at_most} for each ({clause}), {counts} make {cap}. {advice}"
)
LINES_OVER_CAP_TOGETHER = N_(
    "Line {line} asks {amount} som; with {together} in her other agreements that makes {sum}, and {cap} is allowed "
    "({clause}). Lower the line. Adding them up is our reading ({reading}); IOM may confirm it."
)
LINES_OVER_CAP_IN_A_MONTH = N_(
    "Line {line}: for {months} it asks {amount} som a month; with {together} in her other agreements that makes {sum}, "
    "and {cap} is allowed ({clause}). Lower the line. Adding them up is our reading ({reading}); IOM may confirm it."
)
MONTH_CLAIMED_TWICE = N_(
    "Line {line} asks for {months} again; another of her agreements has it already ({clause}). Take it out. "
    "That no month is paid twice over several agreements is our reading ({reading}); IOM may confirm it."
)
LIST_THE_MONTHS = N_(
    "Another of her agreements has line {line} in an overlapping period ({clause}). Instead of a number of months "
    "write the list, such as [2026-12, 2027-01], so that no month is paid twice. This is our reading ({reading})."
)
LINE_NEEDS_KEY = N_("Line {line} needs {key} ({clause}).")
LINE_NEEDS_KEY_IN_FILE = N_("Write it beside the amount.")
LINE_NEEDS_KEY_INSIDE_IN_FILE = N_("Write it under {inside}.")
LINE_CODE_NOT_ALLOWED = N_("{key} of line {line} must be one of {codes} ({clause}). Correct it, or take the line out.")
LINE_PERIOD_TOO_LONG = Plural(
    N_("{key} of line {line} runs longer than {months} month: it may end by {latest} ({clause}). Shorten it."),
    N_("{key} of line {line} runs longer than {months} months: it may end by {latest} ({clause}). Shorten it."),
    "months",
)
LINE_TOO_MANY_MONTHS = N_(
    "Line {line} asks for {months} months, but the period from {first} to {last} has {most} ({clause}). "
    "Lower the months, or lengthen the period."
)
LINE_MONTH_OUTSIDE_PERIOD = N_(
    "Line {line} names {outside}, outside the period from {first} to {last} ({clause}). Take it out."
)
LINE_PERSONS_WITHOUT_CHILDREN = N_(
    "Her file has her and no child who stays with her, and line {line} counts {persons} ({clause}). "
    "Correct the number, or record the children."
)
LINE_PERSONS_DIFFER = Plural(
    N_(
        "Her file has her and {children} child who stays with her, and line {line} counts {persons} ({clause}). "
        "Correct the number, or record the children."
    ),
    N_(
        "Her file has her and {children} children who stay with her, and line {line} counts {persons} ({clause}). "
        "Correct the number, or record the children."
    ),
    "children",
)
LINE_DAYS_BEYOND_STAY = N_("Line {line} counts {days} days; her stay has {stayed} ({clause}). Lower the days.")

LINES_DAYS_BEYOND_STAY = N_(
    "Line {line} counts {days} days, and her other agreements of this stay {together}; the stay has {stayed} "
    "({clause}). Lower the days."
)


NGO_SIGNER_MISSING = N_("Nobody is named who signs for the NGO ({clause}).")
NGO_SIGNER_MISSING_IN_FILE = N_("Write ngo_representative.")
IOM_SIGNER_MISSING = N_("Nobody is named who signs for IOM ({clause}).")
IOM_SIGNER_MISSING_IN_FILE = N_("Write iom_representative.")
SIGNERS_HAVE_ONE_NAME = N_("The same name stands for the NGO and for IOM; two people sign ({clause}).")
SIGNERS_HAVE_ONE_NAME_IN_FILE = N_("Correct ngo_representative or iom_representative.")

SIGNER_MISSING_SENTENCES = {
    "signed.ngo_name": (NGO_SIGNER_MISSING, NGO_SIGNER_MISSING_IN_FILE),
    "signed.iom_name": (IOM_SIGNER_MISSING, IOM_SIGNER_MISSING_IN_FILE),
}
"""What is said, and advised to whoever writes files, where a field of the signature names nobody."""


def _choose_signer_sentences(facts: Facts) -> tuple[Marked, Marked]:
    """The sentence and the advice for the name that is missing, or for two that are the same."""
    name = str((facts.get("names") or [""])[0])
    return SIGNER_MISSING_SENTENCES.get(name, (SIGNERS_HAVE_ONE_NAME, SIGNERS_HAVE_ONE_NAME_IN_FILE))


def _over_cap_facts(facts: Facts) -> Facts:
    counted = facts["counted"]
    listed = {} if tuple(counted) in LINE_OVER_CAP else {"counts": [*counted.values()]}
    return {**facts, "at_most": Decimal(facts["at_most"]), **listed}


def _missing_key_facts(facts: Facts) -> Facts:
    inside, _, key = str(facts["names"][0]).rpartition(".")
    return {"key": key, **({"inside": inside} if inside else {})}


def _with_facts(**names: str) -> Callable[[Facts], Facts]:
    """What publishes facts of a verb under names of its own: each name, and the fact that it has."""
    return lambda facts: {**facts, **{name: facts[given] for name, given in names.items()}}


def _agreement_message(
    message: Sentence | Callable[[Facts], Sentence],
    in_file: Marked | Callable[[Facts], Marked] | None = None,
    where: str | None = None,
    facts: tuple[str, ...] = (),
) -> FindingMessage:
    """The message of a condition of a whole agreement: it tells the agreement's own day."""
    return FindingMessage(message, in_file, where, ("day", *facts), build_facts=_with_facts(day="governs"))


AGREEMENT_MESSAGES: Mapping[str, FindingMessage] = {
    "agreement/over-cap": FindingMessage(
        lambda facts: LINE_OVER_CAP.get(tuple(facts["counted"]), LINE_OVER_CAP_TIMES),
        facts=("amount", "cap", "at_most", "form", "advice", "counts"),
        build_facts=_over_cap_facts,
        where="amount",
    ),
    "agreement/over-cap-together": FindingMessage(
        lambda facts: LINES_OVER_CAP_IN_A_MONTH if "months" in facts else LINES_OVER_CAP_TOGETHER,
        facts=("amount", "together", "sum", "cap", "months"),
        where="amount",
    ),
    "agreement/month-twice": FindingMessage(MONTH_CLAIMED_TWICE, facts=("months",)),
    "agreement/list-months": FindingMessage(LIST_THE_MONTHS),
    "agreement/missing-key": FindingMessage(
        LINE_NEEDS_KEY,
        lambda facts: LINE_NEEDS_KEY_INSIDE_IN_FILE if "inside" in facts else LINE_NEEDS_KEY_IN_FILE,
        facts=("key", "inside"),
        is_beside_field=True,
        build_facts=_missing_key_facts,
    ),
    "agreement/bad-code": FindingMessage(LINE_CODE_NOT_ALLOWED, facts=("key", "codes")),
    "agreement/too-long": FindingMessage(LINE_PERIOD_TOO_LONG, facts=("key", "months", "latest")),
    "agreement/too-many-months": FindingMessage(LINE_TOO_MANY_MONTHS, facts=("months", "first", "last", "most")),
    "agreement/month-outside": FindingMessage(LINE_MONTH_OUTSIDE_PERIOD, facts=("outside", "first", "last")),
    "agreement/persons-differ": FindingMessage(
        lambda facts: LINE_PERSONS_DIFFER if facts["children"] else LINE_PERSONS_WITHOUT_CHILDREN,
        facts=("persons", "children"),
        build_facts=lambda facts: {**facts, "children": facts["exactly"] - 1},
    ),
    "agreement/days-beyond-stay": FindingMessage(
        lambda facts: LINES_DAYS_BEYOND_STAY if "together" in facts else LINE_DAYS_BEYOND_STAY,
        facts=("days", "stayed", "together"),
        build_facts=_with_facts(stayed="cap"),
    ),
    "agreement/recognised": _agreement_message(
        N_(
            "She is not recognised as a victim of trafficking on {day} ({clause}). The NGO Coordinator's instruction "
            "does that; it has a line in her admission."
        ),
        N_("Record the NGO Coordinator's instruction with status and needs."),
        "/date",
    ),
    "agreement/period": _agreement_message(
        N_("The period of the agreement needs a first and a last day, in this order ({clause})."),
        N_("Write from and to."),
    ),
    "agreement/registered-ngo": _agreement_message(
        N_("The NGO is not in the register ({clause})."), N_("Register it with: ngo add CODE.")
    ),
    "agreement/memorandum-in-force": _agreement_message(
        N_("No memorandum of understanding with the NGO is in force on {day} ({clause})."),
        N_("Record it with: ngo add CODE --memorandum DATE."),
        where="/ngo",
    ),
    "agreement/contract-date": _agreement_message(
        N_("The date of the contract is missing, or after the agreement's own date ({clause})."),
        N_("Write contract_date."),
        "/contract_date",
    ),
    "agreement/identification-number": _agreement_message(
        N_("Her file has no identification number ({clause})."),
        N_("Add identification_number, as IOM gave it."),
        "/number",
    ),
    "agreement/drafted-together": _agreement_message(
        N_(
            "The agreement is drafted by the NGO Coordinator and the shelter manager together; "
            "{at_least} names are needed ({clause})."
        ),
        N_("Write drafted_by."),
        facts=("at_least",),
    ),
    "agreement/paper": _agreement_message(
        N_("The {kind} of IOM is not recorded in her file ({clause})."),
        N_("Add it under iom, documents."),
        "/lines",
        ("kind",),
    ),
    "agreement/stay": _agreement_message(
        N_("This form is for a stay, and the client has none ({clause}). Use the blue form."), where="/form"
    ),
    "agreement/numbered": _agreement_message(
        N_("The agreement has no number ({clause})."), N_("IOM gives it; write number.")
    ),
    "agreement/number-free": _agreement_message(
        N_("Another agreement on this form has the same number ({clause}). Ask IOM which is right, and correct one.")
    ),
    "agreement/number-contains": _agreement_message(
        N_("The number does not contain {text}, which is printed on the form ({clause})."), facts=("text",)
    ),
    "agreement/representatives": _agreement_message(
        lambda facts: _choose_signer_sentences(facts)[0], lambda facts: _choose_signer_sentences(facts)[1]
    ),
    "agreement/language": _agreement_message(
        N_("This form is signed in {codes} ({clause})."), N_("Write signed, language."), facts=("codes",)
    ),
    "agreement/copies": _agreement_message(
        N_("This form is signed in {exactly} copies ({clause})."), N_("Write signed, copies."), facts=("exactly",)
    ),
    "agreement/date-near": _agreement_message(
        N_("The date {day} is more than a year away ({clause}). Check the year.")
    ),
    "agreement/signed-in-time": _agreement_message(
        N_("It is signed before the day of the agreement, {day} ({clause}). Check both days.")
    ),
    "agreement/lines": _agreement_message(N_("No line is asked for ({clause})."), N_("Write at least one.")),
}
"""The codes of agreements."""

PART_CODES: Mapping[str, Mapping[str, str]] = {
    "agreement": {
        "needs": "agreement/missing-key",
        "is": "agreement/bad-code",
        "amount.over": "agreement/over-cap",
        "amount.together": "agreement/over-cap-together",
        "amount.number": "agreement/list-months",
        "once.months": "agreement/month-twice",
        "once.number": "agreement/list-months",
    }
}
"""The codes of what a part breaks, by the family of its track, by verb and reason, where its rule names none."""


REPORT_MESSAGES: Mapping[str, FindingMessage] = {
    "monitoring/not-discharged": FindingMessage(
        N_("She has not been discharged; monitoring begins after discharge ({clause})."), where=""
    ),
    "monitoring/before-discharge": FindingMessage(
        N_("The report is dated {day}, before her discharge on {left} ({clause}). Correct the date."),
        facts=("day", "left"),
        build_facts=_with_facts(left="bound"),
    ),
    "monitoring/in-future": FindingMessage(
        N_("The report is dated {day}, in the future; today is taken as {today} ({clause}). Correct the date."),
        facts=("day", "today"),
        build_facts=_with_facts(today="bound"),
    ),
    "monitoring/contradiction": FindingMessage(
        N_(
            "Question {printed} is answered although question {before} is answered with no ({clause}). "
            "Correct one of them."
        ),
        facts=("printed", "question", "key", "before"),
    ),
    "monitoring/unanswered": FindingMessage(
        N_("Question {printed} is not answered: {question} ({clause})."),
        N_("Write {key}, or write that it is unknown."),
        facts=("printed", "question", "key"),
    ),
    "monitoring/unsigned": FindingMessage(
        N_("The report is not signed; it is kept, and the duty stays open ({clause}).")
    ),
    "monitoring/interim": FindingMessage(
        N_("The report is dated before {due}; it is kept as an interim contact, and the duty stays open ({clause})."),
        facts=("due",),
        build_facts=lambda facts: {**facts, "due": facts["bound"]},
    ),
    "monitoring/social-worker": FindingMessage(
        N_("The social worker who made the report is not named, or is not registered as one ({clause}).")
    ),
    "monitoring/general-data": FindingMessage(
        N_("The general data of the report lack {lacking} ({clause})."),
        N_("Add them to her file under identity."),
        where="",
        facts=("lacking",),
        gathered_as="lacking",
        build_facts=lambda facts: {**facts, "lacking": [name.removesuffix("_text") for name in facts["lacking"]]},
    ),
}
"""The codes of reports."""


NO_OPEN_STAY = N_("This client has no open stay ({clause}). A new referral opens one.")
NO_OPEN_STAY_IN_FILE = N_("With: admit ID --from FILE.")
DAY_IN_FUTURE = N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened.")

STAY_MESSAGES: Mapping[str, FindingMessage] = {
    "admission/no-stay": FindingMessage(NO_OPEN_STAY, NO_OPEN_STAY_IN_FILE),
    "admission/in-future": FindingMessage(
        DAY_IN_FUTURE,
        where="/admission",
        facts=("day", "today"),
        build_facts=_with_facts(today="bound"),
    ),
    "admission/before-referral": FindingMessage(
        N_("She was referred on {referred}; she cannot be admitted on {day}, before it ({clause})."),
        where="/admission",
        facts=("day", "referred"),
        build_facts=_with_facts(referred="bound"),
    ),
    "admission/turned-away": FindingMessage(
        N_("It was decided on {on} not to admit her ({clause}). A new referral opens a new stay."),
        where="/admission",
        facts=("on",),
    ),
    "admission/language": FindingMessage(
        N_(
            "Her rights were explained in a language that is not on her list, and no interpreter is named ({clause}). "
            "Explain them again in a language she understands, or record who interpreted."
        ),
        where="/admission/rights/language",
    ),
    "admission/dated-after": FindingMessage(
        N_(
            "She arrived on {on}, as it is written down, and cannot be admitted on {day}, before it ({clause}). "
            "Correct the time of her arrival, or admit her on a later day."
        ),
        in_file=N_("Correct received, at."),
        where="/received/at",
        facts=("item", "on", "day"),
        build_facts=lambda facts: {**facts, "item": "reception", "on": facts["day"], "day": facts["bound"]},
    ),
    "discharge/no-stay": FindingMessage(NO_OPEN_STAY, NO_OPEN_STAY_IN_FILE),
    "discharge/not-in-house": FindingMessage(
        N_(
            "She is not in the house ({clause}): record when she was received, or admit her first. "
            "If she never came, or went before anything began, her stay is struck out."
        ),
        where="/discharge/on",
    ),
    "discharge/before-arrival": FindingMessage(
        N_("She came on {arrived}; she cannot leave on {day}, before it ({clause})."),
        where="/discharge/on",
        facts=("arrived", "day"),
        build_facts=_with_facts(arrived="bound"),
    ),
    "discharge/in-future": FindingMessage(
        DAY_IN_FUTURE,
        where="/discharge/on",
        facts=("day", "today"),
        build_facts=_with_facts(today="bound"),
    ),
    "discharge/left-already": FindingMessage(
        N_(
            "She left on {left}; that is written down already ({clause}). Take that back first, if it is wrong; if she "
            "came again, a new referral opens a new stay."
        ),
        N_("Take it back with: discharge {id} --undo. A new stay: admit {id} --from FILE."),
        where="/discharge/on",
        facts=("left", "id"),
    ),
    "discharge/reported": FindingMessage(
        N_("A monitoring report stands on her discharge ({clause}); it cannot be changed unless the report is voided.")
    ),
}
"""The codes of the acts that are done to a stay."""

ITEM_FACTS: Mapping[str, tuple[str, ...]] = {
    "minor-without-reason": ("minor_under", "youngest"),
    "age-outside": ("at_least", "at_most"),
    "full-house": ("sleeping", "capacity"),
    "still-kept": ("count",),
}
"""What is published of why an item is not met, by the reason, besides item, clause and day."""


PUBLISHED_MESSAGES: Mapping[str, FindingMessage] = {**AGREEMENT_MESSAGES, **REPORT_MESSAGES, **STAY_MESSAGES}


LIST_MONTHS_ONE_BY_ONE = N_("{label}. Another entry has this in the same time: list the months one by one ({clause}).")

VERB_SENTENCES: Mapping[str, Marked] = {
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
    "amount.number": LIST_MONTHS_ONE_BY_ONE,
    "amount.under": N_("{label}: {value}. At least: {least} ({clause})."),
    "amount.differs": N_("{label}: {value}. It must be: {exactly} ({clause})."),
    "once": N_("{label}: {value}. Already in another entry: {entry} ({clause})."),
    "once.months": N_("{label}: {months}. Already in another entry: {entry} ({clause})."),
    "once.elsewhere": N_("{label}: the same stands in another client's file, {whose} ({clause})."),
    "once.number": LIST_MONTHS_ONE_BY_ONE,
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

EVENT_NOUNS: Mapping[str, Marked] = {
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

IN_OTHER_WORDS = N_("in other words")
"""What stands for a value that is free text: nobody's words are repeated by a finding."""

PLAIN_ANSWERS = {"yes": YES, "no": NO, UNKNOWN_ANSWER: N_("unknown")}
"""Answers that are codes of no list."""

QUOTATION_MARKS = {"en": "“{}”", "ru": "«{}»", "ky": "«{}»"}


def quote_label(text: Text) -> Text:
    """A label in the quotation marks of each language: a sentence can neither govern it nor agree with it."""
    return {language: QUOTATION_MARKS.get(language, "“{}”").format(words) for language, words in text.items()}


def make_rule_message(rule: Rule, reason: str, violation: Violation, entry: Entry, context: Context) -> FindingMessage:
    """How a broken rule is told that has no published code: in its own words, else by its verb.

    Every fact that the sentence names is told, so that a script has what a person reads.
    """
    message = _own_sentence(rule.says, violation.reason) or VERB_SENTENCES[reason]
    named = message if isinstance(message, str) else message["en"]
    names = tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(named) if name))
    shown_facts = _sentence_facts(violation, entry, context)
    if rule.verb == "stands" and violation.name in context.tracks:
        shown_facts["label"] = [context.tracks[violation.name].text, *_codes_meant(violation, context)]
    in_file = _own_sentence(rule.in_file, violation.reason)
    return FindingMessage(message, in_file, facts=("track", *names), build_facts=lambda facts: {**facts, **shown_facts})


def make_idle_message(name: str, other: str, entry: Entry, context: Context) -> FindingMessage:
    """How it is told that a field is filled in although the answer to another one makes it idle."""
    shown_facts = _sentence_facts(Violation(name, facts={"other": other}), entry, context)
    facts = ("track", "label", "other", "others")
    return FindingMessage(VERB_SENTENCES["unasked"], facts=facts, build_facts=lambda facts: shown_facts)


def _own_sentence(says: Mapping[str, Any], reason: str) -> Any:
    """The rule's own words: one text, or one for each reason."""
    return says if "en" in says else says.get(reason)


def _sentence_facts(violation: Violation, entry: Entry, context: Context) -> dict[str, Any]:
    """The facts of a broken rule as a sentence shows them: days and codes in each language, and no free text."""
    found = find_field(entry, violation.name, context)
    names: Iterable[str] = violation.facts.get("names") or [violation.name]
    facts: dict[str, Any] = {"day": context.day, **violation.facts}
    facts |= {"day": facts["outside"]} if "outside" in facts else {}
    filled: dict[str, Any] = {
        "label": [_label_name(name, entry, context) for name in names],
        "track": getattr(entry.whole.definition, "name", ""),
        "value": present_value(found, facts.get("value", resolve_value(entry, violation.name, context)), context),
        "codes": [present_value(found, code, context) for code in facts.get("codes") or ()],
        "who": present_value(found, facts.get("who"), context),
        "least": facts.get("at_least"),
    }
    if "other" in facts:
        other = find_field(entry, facts["other"], context)
        filled["other"] = _label_name(facts["other"], entry, context)
        filled["others"] = present_value(other, resolve_value(entry, facts["other"], context), context)
    if violation.reason == "inside":
        filled["who"] = facts.get("who")  # the code of a member of staff, whatever else might stand there
    if "lacking" in facts:
        track = context.tracks.get(violation.name)  # by the key several entries of another track are told apart
        key = found or (track.fields.get(facts.get("key", "")) if track else None)
        filled["lacking"] = [present_value(key, code, context) for code in facts["lacking"]]
    if found and found.of:
        registers = (track for track in context.tracks.values() if track.at in found.of)
        roles = next((track.clear["role"] for track in registers if "role" in track.clear), None)
        filled |= {name: present_value(roles, facts[name], context) for name in ("role", "roles") if name in facts}
    if "other_entry" in facts:
        filled["entry"] = label_entry(facts["other_entry"])
    days_ = ("day", "months", "bound", "base")
    filled |= {name: present_value(None, facts[name], context) for name in days_ if name in facts}
    return {**facts, **{name: each for name, each in filled.items() if each is not None}}


def _codes_meant(violation: Violation, context: Context) -> list[object]:
    """The codes by which an entry of another track is meant, behind the noun of that track."""
    track = context.tracks.get(violation.name)
    where = violation.facts.get("where") or {}
    if track is None:
        return []
    return [present_value(track.fields.get(key), code, context) for key, codes in where.items() for code in codes]


def _label_name(name: str, entry: Entry, context: Context) -> object:
    """A field by its label in quotes, an event or a track by its noun."""
    found = find_field(entry, name, context) or find_field(entry, name.rpartition(".")[0], context)
    if found and found.text and name not in RESERVED_NAMES:
        return quote_label(found.text)
    return EVENT_NOUNS.get(name) or (context.tracks[name].text if name in context.tracks else name)


def present_value(field: Field | None, value: Any, context: Context) -> Any:
    """A value as a sentence may show it: a code with its text, days in each language, and nobody's own words."""
    if isinstance(value, Span | datetime):
        return _format_days(value)
    if isinstance(value, list | tuple):
        return [present_value(field, each, context) for each in value]
    if not isinstance(value, str):
        return value
    if field and value in field.codes:
        return LabelledCode(value, field.codes[value])
    if value in PLAIN_ANSWERS:
        return LabelledCode(value, PLAIN_ANSWERS[value])
    registered = field and any(value in (context.registers or {}).get(register, ()) for register in field.of)
    return value if field is None or field.kind in ("months", "entry") or registered else IN_OTHER_WORDS


def _format_days(said: Span | datetime) -> Text | date:
    """A time with its day, or the first and the last day, as each language writes them; one day stands alone."""
    if isinstance(said, datetime):
        return {language: f"{format_fact(said.date(), language)} {said:%H:%M}" for language in SCREEN_LANGUAGES}
    days = {language: " – ".join(format_fact(day, language) for day in said) for language in SCREEN_LANGUAGES}
    return said.first if said.first == said.last else days


def label_entry(entry: Entry) -> Text:
    """An entry by its id and its day, for whoever has to look it up."""
    whole = entry.whole
    parts = (whole.written.get("id"), whole.day)
    words = {language: [format_fact(each, language) for each in parts if each] for language in SCREEN_LANGUAGES}
    return {language: ", ".join(each) or "–" for language, each in words.items()}
