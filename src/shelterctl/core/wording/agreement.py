"""The words for what breaks the rules of an agreement: of its lines, of several together, and of the whole."""

from collections.abc import Mapping
from decimal import Decimal

from shelterctl.core.wording.row import Facts, Row
from shelterctl.language import N_, Marked, Plural, Sentence

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
TOGETHER_IN_A_MONTH = N_(
    "Line {line}: for {months} it asks {amount} som a month; with {together} in her other agreements that makes {sum}, "
    "and {cap} is allowed ({clause}). Lower the line. Adding them up is our reading ({reading}); IOM may confirm it."
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
SHE_ALONE = N_(
    "Her file has her and no child who stays with her, and line {line} counts {persons} ({clause}). "
    "Correct the number, or record the children."
)
PERSONS = Plural(
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
BEYOND = N_("Line {line} counts {days} days; her stay has {stayed} ({clause}). Lower the days.")

BEYOND_TOGETHER = N_(
    "Line {line} counts {days} days, and her other agreements of this stay {together}; the stay has {stayed} "
    "({clause}). Lower the days."
)


NO_NAME_OF_NGO = N_("Nobody is named who signs for the NGO ({clause}).")
NO_NAME_OF_NGO_IN_FILE = N_("Write ngo_representative.")
NO_NAME_OF_IOM = N_("Nobody is named who signs for IOM ({clause}).")
NO_NAME_OF_IOM_IN_FILE = N_("Write iom_representative.")
ONE_NAME = N_("The same name stands for the NGO and for IOM; two people sign ({clause}).")
ONE_NAME_IN_FILE = N_("Correct ngo_representative or iom_representative.")

NAMELESS = {
    "signed.ngo_name": (NO_NAME_OF_NGO, NO_NAME_OF_NGO_IN_FILE),
    "signed.iom_name": (NO_NAME_OF_IOM, NO_NAME_OF_IOM_IN_FILE),
}
"""What is said, and advised to whoever writes files, where a field of the signature names nobody."""


def _signs(facts: Facts) -> tuple[Marked, Marked]:
    """The sentence and the advice for the name that is missing, or for two that are the same."""
    return NAMELESS.get(str((facts.get("names") or [""])[0]), (ONE_NAME, ONE_NAME_IN_FILE))


def _over_cap(facts: Facts) -> Sentence:
    return OVER_CAP.get(tuple(facts["counted"]), OVER_CAP_TIMES)


def _capped(facts: Facts) -> Facts:
    counted = facts["counted"]
    listed = {} if tuple(counted) in OVER_CAP else {"counts": [*counted.values()]}
    return {**facts, "at_most": Decimal(facts["at_most"]), **listed}


def _key(facts: Facts) -> Facts:
    inside, _, key = str(facts["names"][0]).rpartition(".")
    return {"key": key, **({"inside": inside} if inside else {})}


def _inside(facts: Facts) -> Marked:
    return INSIDE_IN_FILE if "inside" in facts else NEEDS_IN_FILE


def _of_day(facts: Facts) -> Facts:
    return {**facts, "day": facts["governs"]}


DAY = ("day",)
"""What every condition of a whole agreement tells: the agreement's own day."""

OF_AGREEMENTS: Mapping[str, Row] = {
    "agreement/over-cap": Row(
        _over_cap, facts=("amount", "cap", "at_most", "form", "advice", "counts"), told=_capped, where="amount"
    ),
    "agreement/over-cap-together": Row(
        lambda facts: TOGETHER_IN_A_MONTH if "months" in facts else TOGETHER,
        facts=("amount", "together", "sum", "cap", "months"),
        where="amount",
    ),
    "agreement/month-twice": Row(TWICE, facts=("months",)),
    "agreement/list-months": Row(LIST_THEM),
    "agreement/missing-key": Row(NEEDS, _inside, facts=("key", "inside"), beside=True, told=_key),
    "agreement/bad-code": Row(ONE_OF, facts=("key", "codes")),
    "agreement/too-long": Row(TOO_LONG, facts=("key", "months", "latest")),
    "agreement/too-many-months": Row(TOO_MANY, facts=("months", "first", "last", "most")),
    "agreement/month-outside": Row(OUTSIDE, facts=("outside", "first", "last")),
    "agreement/persons-differ": Row(
        lambda facts: PERSONS if facts["children"] else SHE_ALONE,
        facts=("persons", "children"),
        told=lambda facts: {**facts, "children": facts["exactly"] - 1},
    ),
    "agreement/days-beyond-stay": Row(
        lambda facts: BEYOND_TOGETHER if "together" in facts else BEYOND,
        facts=("days", "stayed", "together"),
        told=lambda facts: {**facts, "stayed": facts["cap"]},
    ),
    "agreement/recognised": Row(
        N_(
            "She is not recognised as a victim of trafficking on {day} ({clause}). The NGO Coordinator's instruction "
            "does that; it has a line in her admission."
        ),
        N_("Record the NGO Coordinator's instruction with status and needs."),
        "/date",
        facts=DAY,
        told=_of_day,
    ),
    "agreement/period": Row(
        N_("The period of the agreement needs a first and a last day, in this order ({clause})."),
        N_("Write from and to."),
        facts=DAY,
        told=_of_day,
    ),
    "agreement/registered-ngo": Row(
        N_("The NGO is not in the register ({clause})."), N_("Register it with: ngo add CODE."), facts=DAY, told=_of_day
    ),
    "agreement/memorandum-in-force": Row(
        N_("No memorandum of understanding with the NGO is in force on {day} ({clause})."),
        N_("Record it with: ngo add CODE --memorandum DATE."),
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
        lambda facts: _signs(facts)[0],
        lambda facts: _signs(facts)[1],
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
}
"""The codes of agreements."""

OF_A_PART: Mapping[str, Mapping[str, str]] = {
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
