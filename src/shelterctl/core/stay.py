"""States and gates of a stay, read off the evidence; a state is never stored."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shelterctl.core.checklist import Checklist, Subject, missing
from shelterctl.core.finding import Finding, Severity, softened
from shelterctl.core.record import Client, Stay, at, live
from shelterctl.language import N_

REFERRAL = "M3.0.1"
GATE = "M3.0.5"
LANGUAGE = "A3.7"
DISCHARGE = "M2.2.6"

TOLD = "discharge/iom-consulted"
"""What is found where IOM's part in a discharge is missing."""

NO_STAY = N_("This client has no open stay ({clause}). A new referral opens one: admit ID --from FILE.")
IN_FUTURE = N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened.")
BEFORE_REFERRAL = N_("She was referred on {referred}; she cannot be admitted on {day}, before it ({clause}).")
TURNED_AWAY = N_("It was decided on {on} not to admit her ({clause}). A new referral opens a new stay.")
NOT_HERS = N_(
    "Her rights were explained in a language that is not on her list, and no interpreter is named ({clause}). "
    "Explain them again in a language she understands, or record who interpreted."
)
NOT_HERE = N_("She is not in the house ({clause}): record when she was received, or admit her first.")
BEFORE_ARRIVAL = N_("She came on {arrived}; she cannot leave on {day}, before it ({clause}).")
ON_HER_OWN = N_("She left by her own decision; what IOM was told of it is not recorded ({clause}).")
ON_HER_OWN_IN_FILE = N_("When IOM knows, add discharge, iom_representative and iom_consulted_on.")
REPORTED = N_(
    "A monitoring report stands on her discharge ({clause}); it cannot be changed unless the report is voided."
)


@dataclass(frozen=True, slots=True)
class Act:
    """What an act is judged by besides the file: the day on which it takes effect, and the day taken as today."""

    day: date
    today: date


def state(client: Client, stay: Stay | None, monitored: bool) -> str:
    """Where a client is on the manual's way (LC §4.1)."""
    if stay is None:
        return "monitored" if monitored else "struck" if client.struck else "client"
    if stay.turned_away:
        return "not_admitted"
    if stay.discharged_on:
        by_herself = at(stay.facts, "discharge.by_own_decision")
        return "monitored" if monitored else "left_by_own_decision" if by_herself else "discharged"
    if stay.admitted_on:
        return "discharge_planned" if _planned(stay) else "admitted"
    if stay.arrived_on:
        return "received"
    return "interviewed" if _interviewed(stay) else "referred"


def _interviewed(stay: Stay) -> bool:
    interview = at(stay.facts, "admission.primary_interview") or {}
    assured = all(interview.get(key) for key in ("by", "role", "safety_assured", "confidentiality_assured"))
    return assured and at(stay.facts, "admission.primary_evaluation.outcome") is not None


def _planned(stay: Stay) -> bool:
    return stay.day("discharge.planned_on") is not None and stay.day("discharge.iom_consulted_on") is not None


def admission(checklist: Checklist, subject: Subject, act: Act) -> Iterator[Finding]:
    """Whether she may be admitted on the day of the act: the gate, and what stays open behind it (LC05)."""
    stay = subject.stay
    if stay is None:
        yield _refusal("admission/no-stay", NO_STAY, "", GATE)
        return
    where = f"/stays/{stay.index}/admission"
    if stay.discharged_on and stay.admitted_on != act.day:
        yield _refusal("admission/no-stay", NO_STAY, where, GATE)
    if stay.turned_away:
        on = stay.day("admission.not_admitted.on")
        yield _refusal("admission/turned-away", TURNED_AWAY, where, "R5.3.7a", on=on)
    referred = stay.day("referral.received_at")
    if referred and act.day < referred:
        yield _refusal("admission/before-referral", BEFORE_REFERRAL, where, REFERRAL, day=act.day, referred=referred)
    if act.day > act.today:
        yield _refusal("admission/in-future", IN_FUTURE, where, GATE, day=act.day, today=act.today)
    early = referred is not None and act.day < referred
    for finding in missing(checklist, subject):
        if not (early and finding.clause == REFERRAL):  # said already, in better words
            yield finding
    yield from explained(subject.client, stay)


def explained(client: Client, stay: Stay) -> Iterator[Finding]:
    """Her rights are explained in a language she understands; another one stays open (A3.7)."""
    rights = at(stay.facts, "admission.rights") or {}
    used = {rights.get("language"), rights.get("explained_in")} - {None}
    if client.languages and used and not used & set(client.languages) and not rights.get("interpreter"):
        where = f"/stays/{stay.index}/admission/rights/language"
        yield _open("admission/language", NOT_HERS, where, LANGUAGE)


def discharge(checklist: Checklist, subject: Subject, act: Act, before: date | None) -> Iterator[Finding]:
    """Whether she may be discharged on the day of the act (LC12), or left by her own decision (LC13, X94).

    *before* is the day of an earlier discharge that this one replaces; not while a report stands on it.
    """
    stay = subject.stay
    if stay is None:
        yield _refusal("discharge/no-stay", NO_STAY, "", DISCHARGE)
        return
    where = f"/stays/{stay.index}/discharge/on"
    if before and (held := reported(stay)):
        yield held
    if stay.arrived_on is None or stay.turned_away:
        yield _refusal("discharge/not-in-house", NOT_HERE, where, DISCHARGE)
    elif act.day < stay.arrived_on:
        facts = {"arrived": stay.arrived_on, "day": act.day}
        yield _refusal("discharge/before-arrival", BEFORE_ARRIVAL, where, DISCHARGE, **facts)
    if act.day > act.today:
        yield _refusal("discharge/in-future", IN_FUTURE, where, DISCHARGE, day=act.day, today=act.today)
    found = tuple(missing(checklist, subject))
    if at(stay.facts, "discharge.by_own_decision"):
        # A shelter does not hold people: what IOM was not told stays open (X94).
        found = tuple(_on_her_own(one) if one.code == TOLD else one for one in softened(found))
    yield from found


def reported(stay: Stay) -> Finding | None:
    """That a monitoring report stands on the discharge, which holds it fast."""
    if not live(at(stay.facts, "monitoring.reports")):
        return None
    return _refusal("discharge/reported", REPORTED, f"/stays/{stay.index}/discharge/on", DISCHARGE)


def _refusal(code: str, message: str, where: str, clause: str, **facts: object) -> Finding:
    return Finding(code=code, message=message, where=where, clause=clause, facts={"clause": clause, **facts})


def _on_her_own(finding: Finding) -> Finding:
    return replace(finding, message=ON_HER_OWN, in_file=ON_HER_OWN_IN_FILE)


def _open(code: str, message: str, where: str, clause: str, **facts: object) -> Finding:
    named = {"clause": clause, **facts}
    return Finding(code=code, severity=Severity.OPEN, message=message, where=where, clause=clause, facts=named)
