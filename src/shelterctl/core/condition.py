"""The words by which a form binds an agreement as a whole, each one function and one sentence."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from shelterctl.core.days import months_after, read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Facts, at
from shelterctl.core.ruling import History, Ruling, in_force
from shelterctl.core.setting import Setting
from shelterctl.language import N_, Marked

Holds = Callable[[Setting, Ruling], bool]


class Condition(NamedTuple):
    """Whether it holds, where one looks for it, and what is said where it does not, *in_file* as in a finding."""

    holds: Holds
    where: str
    message: Marked
    in_file: Marked | None = None


def _written(setting: Setting, key: str) -> bool:
    return bool(setting.agreement.facts.get(key))


def _ngo(setting: Setting) -> Facts | None:
    return setting.ngos.get(str(setting.agreement.facts.get("ngo")))


def _recognised(setting: Setting, ruling: Ruling) -> bool:
    """The NGO Coordinator's last instruction on or before the agreement's date recognises her (X101)."""
    return setting.client is None or setting.client.recognised_by(setting.day)


def _period(setting: Setting, ruling: Ruling) -> bool:
    return setting.period is not None


def _registered(setting: Setting, ruling: Ruling) -> bool:
    return setting.client is None or _ngo(setting) is not None


def _memorandum(setting: Setting, ruling: Ruling) -> bool:
    """The NGO's memorandum was signed on or before the date and not terminated by it (X35)."""
    if setting.client is None:
        return True
    memorandum = at(_ngo(setting) or {}, "memorandum") or {}
    signed, ended = read_day(memorandum.get("signed_on")), read_day(memorandum.get("terminated_on"))
    return signed is not None and signed <= setting.day and (ended is None or ended > setting.day)


def _contract(setting: Setting, ruling: Ruling) -> bool:
    """The date of the contract is on the form and not after the agreement's own (X35)."""
    dated = read_day(setting.agreement.facts.get("contract_date"))
    return dated is not None and dated <= setting.day


def _identified(setting: Setting, ruling: Ruling) -> bool:
    return setting.client is None or bool(setting.client.facts.get("identification_number"))


def _drafters(setting: Setting, ruling: Ruling) -> bool:
    return len(set(setting.agreement.facts.get("drafted_by") or ())) >= int(ruling.asks["at_least"])


def _paper(setting: Setting, ruling: Ruling) -> bool:
    return setting.client is None or bool(setting.client.documents(ruling.asks["kind"]))


def _stay(setting: Setting, ruling: Ruling) -> bool:
    return setting.client is None or setting.stay is not None


def _numbered(setting: Setting, ruling: Ruling) -> bool:
    return _written(setting, "number")


def _number_free(setting: Setting, ruling: Ruling) -> bool:
    return not setting.taken


def _number_contains(setting: Setting, ruling: Ruling) -> bool:
    return not _written(setting, "number") or ruling.asks["text"] in str(setting.agreement.facts["number"])


def _representatives(setting: Setting, ruling: Ruling) -> bool:
    """Both parties are named, and not by the same name; the signatures' names stand for the representatives'."""
    facts = setting.agreement.facts
    ngo = at(facts, "signed.ngo_name") or facts.get("ngo_representative")
    iom = at(facts, "signed.iom_name") or facts.get("iom_representative")
    return bool(ngo and iom) and " ".join(str(ngo).split()).casefold() != " ".join(str(iom).split()).casefold()


def _language(setting: Setting, ruling: Ruling) -> bool:
    return not setting.signing or at(setting.agreement.facts, "signed.language") in ruling.asks["codes"]


def _copies(setting: Setting, ruling: Ruling) -> bool:
    return not setting.signing or bool(at(setting.agreement.facts, "signed.copies") == ruling.asks["exactly"])


def _signed_in_time(setting: Setting, ruling: Ruling) -> bool:
    """Nobody signs an agreement before the day that stands on it; a year mistyped looks like this."""
    on = read_day(at(setting.agreement.facts, "signed.on"))
    return not setting.signing or on is None or on >= setting.day


def _within_a_year(setting: Setting, ruling: Ruling) -> bool:
    """A date more than a year from today is more often a typing mistake than meant."""
    if setting.today is None:
        return True
    return setting.day <= months_after(setting.today, 12) and setting.today <= months_after(setting.day, 12)


def _lines(setting: Setting, ruling: Ruling) -> bool:
    return bool(setting.agreement.facts.get("lines"))


CONDITIONS: Mapping[str, Condition] = {
    "recognised": Condition(
        _recognised,
        "/date",
        N_("She is not recognised as a victim of trafficking on {day} ({clause})."),
        N_("Record the NGO Coordinator's instruction with status and needs."),
    ),
    "period": Condition(
        _period,
        "/period",
        N_("The period needs a first and a last day, in this order ({clause})."),
        N_("Write from and to."),
    ),
    "registered_ngo": Condition(
        _registered, "/ngo", N_("The NGO is not in the register ({clause}). Register it with: ngo add CODE.")
    ),
    "memorandum_in_force": Condition(
        _memorandum,
        "/ngo",
        N_(
            "No memorandum of understanding with the NGO is in force on {day} ({clause}). "
            "Record it with: ngo add CODE --memorandum DATE."
        ),
    ),
    "contract_date": Condition(
        _contract,
        "/contract_date",
        N_("The date of the contract is missing, or after the agreement's own date ({clause})."),
        N_("Write contract_date."),
    ),
    "identification_number": Condition(
        _identified,
        "/number",
        N_("Her file has no identification number ({clause})."),
        N_("Add identification_number, as IOM gave it."),
    ),
    "drafted_together": Condition(
        _drafters,
        "/drafted_by",
        N_(
            "The agreement is drafted by the NGO Coordinator and the shelter manager together; "
            "{at_least} names are needed ({clause})."
        ),
        N_("Write drafted_by."),
    ),
    "paper": Condition(
        _paper,
        "/lines",
        N_("The {kind} of IOM is not recorded in her file ({clause})."),
        N_("Add it under iom, documents."),
    ),
    "stay": Condition(
        _stay, "/form", N_("This form is for a stay, and the client has none ({clause}). Use the blue form.")
    ),
    "numbered": Condition(
        _numbered, "/number", N_("The agreement has no number ({clause})."), N_("IOM gives it; write number.")
    ),
    "number_free": Condition(
        _number_free,
        "/number",
        N_("Another agreement on this form has the same number ({clause}). Ask IOM which is right, and correct one."),
    ),
    "number_contains": Condition(
        _number_contains, "/number", N_("The number does not contain {text}, which is printed on the form ({clause}).")
    ),
    "representatives": Condition(
        _representatives,
        "/ngo_representative",
        N_("Both representatives must be named, and not by the same name ({clause})."),
        N_("Write ngo_representative and iom_representative."),
    ),
    "language": Condition(
        _language, "/signed/language", N_("This form is signed in {codes} ({clause})."), N_("Write signed, language.")
    ),
    "copies": Condition(
        _copies,
        "/signed/copies",
        N_("This form is signed in {exactly} copies ({clause})."),
        N_("Write signed, copies."),
    ),
    "date_near": Condition(
        _within_a_year, "/date", N_("The date {day} is more than a year away ({clause}). Check the year.")
    ),
    "signed_in_time": Condition(
        _signed_in_time,
        "/signed/on",
        N_("It is signed before the day of the agreement, {day} ({clause}). Check both days."),
    ),
    "lines": Condition(_lines, "/lines", N_("No line is asked for ({clause})."), N_("Write at least one.")),
}
"""The words of a whole agreement; the shelf says how heavy each weighs when it is saved and when it is signed."""


def judged(conditions: Mapping[str, History], setting: Setting) -> Iterator[Finding]:
    """Every condition that does not hold, as heavy as the shelf has it for a draft or for a signature."""
    for word, history in conditions.items():
        ruling = in_force(history, setting.day)
        weight = ruling.asks.get("sign" if setting.signing else "save") if ruling else None
        condition = CONDITIONS[word]
        if ruling is None or weight is None or condition.holds(setting, ruling):
            continue
        named = {name: value for name, value in ruling.asks.items() if name not in ("save", "sign")}
        yield Finding(
            code=f"agreement/{word.replace('_', '-')}",
            severity=Severity(weight),
            message=condition.message,
            in_file=condition.in_file,
            where=condition.where,
            clause=ruling.clause,
            facts={"day": setting.day, "clause": ruling.clause, **named},
        )
