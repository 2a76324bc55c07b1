"""Every finding that is published under a code of its own: its sentence, place and facts, which scripts know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shelterctl.language import N_, Marked, Plural, Sentence

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """How one code is told: *facts* are the names of those that are published, *where* a place of its own.

    *beside* says that it is looked for beside the field and not at it; *gathers* that all names of a rule are one
    finding, under this fact. *told* makes a published fact of what the verb gives.
    """

    message: Sentence | Callable[[Facts], Sentence]
    in_file: Marked | Callable[[Facts], Marked] | None = None
    where: str | None = None
    facts: tuple[str, ...] = ()
    beside: bool = False
    gathers: str | None = None
    told: Callable[[Facts], Facts] = dict


OVER_CAP: Mapping[tuple[str, ...], Sentence] = {
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
OVER_CAP_TIMES = N_(
    "Line {line} asks {amount} som; the {form} allows {at_most} for each ({clause}), {counts} make {cap}. {advice}"
)
TOGETHER = N_(
    "Line {line} asks {amount} som; with {together} in her other agreements that makes {sum}, and {cap} is allowed "
    "({clause}). Lower the line. Adding them up is our reading ({reading}); IOM may confirm it."
)
TWICE = N_(
    "Line {line} asks for {months} again; another of her agreements has it already ({clause}). Take it out. "
    "That no month is paid twice over several agreements is our reading ({reading}); IOM may confirm it."
)
LIST_THEM = N_(
    "Another of her agreements has line {line} in an overlapping period ({clause}). Instead of a number of months "
    "write the list, such as [2026-12, 2027-01], so that no month is paid twice. This is our reading ({reading})."
)
NEEDS = N_("Line {line} needs {key} ({clause}).")
NEEDS_IN_FILE = N_("Write it beside the amount.")
INSIDE_IN_FILE = N_("Write it under {inside}.")
ONE_OF = N_("{key} of line {line} must be one of {codes} ({clause}). Correct it, or take the line out.")
TOO_LONG = Plural(
    N_("{key} of line {line} runs longer than {months} month: it may end by {latest} ({clause}). Shorten it."),
    N_("{key} of line {line} runs longer than {months} months: it may end by {latest} ({clause}). Shorten it."),
    "months",
)
TOO_MANY = N_(
    "Line {line} asks for {months} months, but the period from {first} to {last} has {most} ({clause}). "
    "Lower the months, or lengthen the period."
)
OUTSIDE = N_("Line {line} names {outside}, outside the period from {first} to {last} ({clause}). Take it out.")
PERSONS = N_(
    "Line {line} counts {persons} persons; her file has her and {children} children who stay with her ({clause}). "
    "Correct the number, or record the children."
)
BEYOND = N_("Line {line} counts {days} days; her stay has {stayed} ({clause}). Lower the days.")


def _over_cap(facts: Facts) -> Sentence:
    times = tuple(facts["times"])
    return OVER_CAP.get(times, OVER_CAP_TIMES)


def _capped(facts: Facts) -> Facts:
    counts = ", ".join(f"{name} {facts[name]}" for name in facts["times"])
    more = {name: facts[name] for name in facts["times"]}
    listed = {} if tuple(facts["times"]) in OVER_CAP else {"counts": counts}
    return {**facts, "at_most": Decimal(facts["at_most"]), **more, **listed}


def _key(facts: Facts) -> Facts:
    inside, _, key = str(facts["names"][0]).rpartition(".")
    return {"key": key, **({"inside": inside} if inside else {})}


def _inside(facts: Facts) -> Marked:
    return INSIDE_IN_FILE if "inside" in facts else NEEDS_IN_FILE


def _of_day(facts: Facts) -> Facts:
    return {**facts, "day": facts["governs"]}


DAY = ("day",)
"""What every condition of a whole agreement tells: the agreement's own day."""

PUBLISHED: Mapping[str, Row] = {
    "agreement/over-cap": Row(
        _over_cap, facts=("amount", "cap", "at_most", "form", "advice"), told=_capped, where="amount"
    ),
    "agreement/over-cap-together": Row(TOGETHER, facts=("amount", "together", "sum", "cap"), where="amount"),
    "agreement/month-twice": Row(TWICE, facts=("months",)),
    "agreement/list-months": Row(LIST_THEM),
    "agreement/missing-key": Row(NEEDS, _inside, facts=("key", "inside"), beside=True, told=_key),
    "agreement/bad-code": Row(ONE_OF, facts=("key", "codes")),
    "agreement/too-long": Row(TOO_LONG, facts=("key", "months", "latest")),
    "agreement/too-many-months": Row(TOO_MANY, facts=("months", "first", "last", "most")),
    "agreement/month-outside": Row(OUTSIDE, facts=("outside", "first", "last")),
    "agreement/persons-differ": Row(
        PERSONS, facts=("persons", "children"), told=lambda facts: {**facts, "children": facts["exactly"] - 1}
    ),
    "agreement/days-beyond-stay": Row(
        BEYOND, facts=("days", "stayed"), told=lambda facts: {**facts, "stayed": facts["cap"]}
    ),
    "agreement/recognised": Row(
        N_("She is not recognised as a victim of trafficking on {day} ({clause})."),
        N_("Record the NGO Coordinator's instruction with status and needs."),
        "/date",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/period": Row(
        N_("The period needs a first and a last day, in this order ({clause})."),
        N_("Write from and to."),
        facts=DAY,
        told=_of_day,
    ),
    "agreement/registered-ngo": Row(
        N_("The NGO is not in the register ({clause}). Register it with: ngo add CODE."), facts=DAY, told=_of_day
    ),
    "agreement/memorandum-in-force": Row(
        N_(
            "No memorandum of understanding with the NGO is in force on {day} ({clause}). "
            "Record it with: ngo add CODE --memorandum DATE."
        ),
        where="/ngo",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/contract-date": Row(
        N_("The date of the contract is missing, or after the agreement's own date ({clause})."),
        N_("Write contract_date."),
        "/contract_date",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/identification-number": Row(
        N_("Her file has no identification number ({clause})."),
        N_("Add identification_number, as IOM gave it."),
        "/number",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/drafted-together": Row(
        N_(
            "The agreement is drafted by the NGO Coordinator and the shelter manager together; "
            "{at_least} names are needed ({clause})."
        ),
        N_("Write drafted_by."),
        facts=(*DAY, "at_least"),
        told=_of_day,
    ),
    "agreement/paper": Row(
        N_("The {kind} of IOM is not recorded in her file ({clause})."),
        N_("Add it under iom, documents."),
        "/lines",
        (*DAY, "kind"),
        told=_of_day,
    ),
    "agreement/stay": Row(
        N_("This form is for a stay, and the client has none ({clause}). Use the blue form."),
        where="/form",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/numbered": Row(
        N_("The agreement has no number ({clause})."), N_("IOM gives it; write number."), facts=DAY, told=_of_day
    ),
    "agreement/number-free": Row(
        N_("Another agreement on this form has the same number ({clause}). Ask IOM which is right, and correct one."),
        facts=DAY,
        told=_of_day,
    ),
    "agreement/number-contains": Row(
        N_("The number does not contain {text}, which is printed on the form ({clause})."),
        facts=(*DAY, "text"),
        told=_of_day,
    ),
    "agreement/representatives": Row(
        N_("Both representatives must be named, and not by the same name ({clause})."),
        N_("Write ngo_representative and iom_representative."),
        "/ngo_representative",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/language": Row(
        N_("This form is signed in {codes} ({clause})."),
        N_("Write signed, language."),
        facts=(*DAY, "codes"),
        told=_of_day,
    ),
    "agreement/copies": Row(
        N_("This form is signed in {exactly} copies ({clause})."),
        N_("Write signed, copies."),
        facts=(*DAY, "exactly"),
        told=_of_day,
    ),
    "agreement/date-near": Row(
        N_("The date {day} is more than a year away ({clause}). Check the year."), facts=DAY, told=_of_day
    ),
    "agreement/signed-in-time": Row(
        N_("It is signed before the day of the agreement, {day} ({clause}). Check both days."), facts=DAY, told=_of_day
    ),
    "agreement/lines": Row(N_("No line is asked for ({clause})."), N_("Write at least one."), facts=DAY, told=_of_day),
    "monitoring/not-discharged": Row(
        N_("She has not been discharged; monitoring begins after discharge ({clause})."), where=""
    ),
    "monitoring/before-discharge": Row(
        N_("The report is dated {day}, before her discharge on {left} ({clause}). Correct the date."),
        facts=("day", "left"),
        told=lambda facts: {**facts, "left": facts["bound"]},
    ),
    "monitoring/in-future": Row(
        N_("The report is dated {day}, in the future; today is taken as {today} ({clause}). Correct the date."),
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "monitoring/contradiction": Row(
        N_(
            "Question {printed} is answered although question {before} is answered with no ({clause}). "
            "Correct one of them."
        ),
        facts=("printed", "question", "key", "before"),
    ),
    "monitoring/unanswered": Row(
        N_("Question {printed} is not answered: {question} ({clause})."),
        N_("Write {key}, or write that it is unknown."),
        facts=("printed", "question", "key"),
    ),
    "monitoring/unsigned": Row(N_("The report is not signed; it is kept, and the duty stays open ({clause}).")),
    "monitoring/interim": Row(
        N_("The report is dated before {due}; it is kept as an interim contact, and the duty stays open ({clause})."),
        facts=("due",),
        told=lambda facts: {**facts, "due": facts["bound"]},
    ),
    "monitoring/social-worker": Row(
        N_("The social worker who made the report is not named, or is not registered as one ({clause}).")
    ),
    "monitoring/general-data": Row(
        N_("The general data of the report lack {lacking} ({clause})."),
        N_("Add them to her file under identity."),
        where="",
        facts=("lacking",),
        gathers="lacking",
        told=lambda facts: {**facts, "lacking": [name.removesuffix("_text") for name in facts["lacking"]]},
    ),
    "admission/no-stay": Row(
        N_("This client has no open stay ({clause}). A new referral opens one: admit ID --from FILE.")
    ),
    "admission/in-future": Row(
        N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened."),
        where="/admission",
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "admission/before-referral": Row(
        N_("She was referred on {referred}; she cannot be admitted on {day}, before it ({clause})."),
        where="/admission",
        facts=("day", "referred"),
        told=lambda facts: {**facts, "referred": facts["bound"]},
    ),
    "admission/turned-away": Row(
        N_("It was decided on {on} not to admit her ({clause}). A new referral opens a new stay."),
        where="/admission",
        facts=("on",),
    ),
    "admission/language": Row(
        N_(
            "Her rights were explained in a language that is not on her list, and no interpreter is named ({clause}). "
            "Explain them again in a language she understands, or record who interpreted."
        ),
        where="/admission/rights/language",
    ),
    "admission/dated-after": Row(
        N_("This is dated {on}, after the day itself, {day} ({clause}). Correct the date, or give a later day."),
        where="/received/at",
        facts=("item", "on", "day"),
        told=lambda facts: {**facts, "item": "reception", "on": facts["day"], "day": facts["bound"]},
    ),
    "discharge/no-stay": Row(
        N_("This client has no open stay ({clause}). A new referral opens one: admit ID --from FILE.")
    ),
    "discharge/not-in-house": Row(
        N_("She is not in the house ({clause}): record when she was received, or admit her first."),
        where="/discharge/on",
    ),
    "discharge/before-arrival": Row(
        N_("She came on {arrived}; she cannot leave on {day}, before it ({clause})."),
        where="/discharge/on",
        facts=("arrived", "day"),
        told=lambda facts: {**facts, "arrived": facts["bound"]},
    ),
    "discharge/in-future": Row(
        N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened."),
        where="/discharge/on",
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "discharge/reported": Row(
        N_("A monitoring report stands on her discharge ({clause}); it cannot be changed unless the report is voided.")
    ),
}
"""Every code that has words of its own, by the code; a rule names it with ``code``."""

ITEM_FACTS: Mapping[str, tuple[str, ...]] = {
    "minor-without-reason": ("minor_under", "youngest"),
    "age-outside": ("at_least", "at_most"),
    "full-house": ("sleeping", "capacity"),
}
"""What is published of why an item is not met, by the reason, besides item, clause and day."""

OF_A_PART: Mapping[str, str] = {
    "needs": "agreement/missing-key",
    "is": "agreement/bad-code",
    "amount.over": "agreement/over-cap",
    "amount.together": "agreement/over-cap-together",
    "once.months": "agreement/month-twice",
    "once.number": "agreement/list-months",
}
"""The codes of what a part of a form breaks, by verb and reason, where its rule names none."""
