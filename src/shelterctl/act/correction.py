"""That the day of a signature was written down wrongly: the right one takes its place, and both stay in her file."""

from datetime import date

from shelterctl.act.file import save
from shelterctl.act.perform import agreement_in, instead
from shelterctl.act.termination import PART, judged
from shelterctl.act.wording import worded
from shelterctl.core.agreement import judge
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.record import Client, Facts
from shelterctl.desk import Desk
from shelterctl.language import N_

CORRECTED = N_("Agreement {number} was signed on {on}. Her file keeps that {was} was written down first.")
SAME = N_("That day stands there already; nothing changed.")
WOULD = N_("Nothing stops {on} from taking the place of {was}.")
A_DRAFT = N_("This agreement is a draft, and nobody has signed it yet ({clause}).")

ACT = "correct"
KEPT = "corrections"
"""Where an agreement keeps the days that were written down first, each with who put it right and when."""


def correct(here: Desk, client: str, entry: str, right: date, *, check: bool = False) -> Outcome:
    """Put the right day under a signed agreement; what rests on that day is told, and refused where it cannot be.

    Nothing else of what was signed changes.
    """
    # Gather.
    her, held = here.store.to_change(client)
    facts = next(one for one in her.facts["agreements"] if one["id"] == entry)
    signed, form = facts.get("signed") or {}, here.shelf.form(facts["form"])
    if not signed:
        told = {"clause": form.clause}
        unsigned = Finding(code="agreement/not-signed", message=A_DRAFT, where="/on", clause=form.clause, facts=told)
        return Outcome(data={"id": her.id, "agreement_id": entry}, findings=(unsigned,))
    was, now = signed["on"], right.isoformat()
    new = {**facts, "signed": {**signed, "on": now}}
    data = {"id": her.id, "agreement_id": entry, "on": now, "was": was}
    days = {"number": facts.get("number") or entry, "on": right, "was": read_day(was)}

    # Decide.
    before = {(one.code, one.where) for one in _found(here, her, facts)}
    findings = tuple(one for one in _found(here, her, new) if (one.code, one.where) not in before)
    if now == was:
        return Outcome(data=data, said=((SAME, {}),))
    if refused(findings) or check:
        return Outcome(data=data, findings=findings, said=() if refused(findings) else ((WOULD, days),))

    # Act.
    first = here.stamp.entry({"on": here.today.isoformat(), "by": here.by, "signed_on": was})
    new |= {KEPT: [*(facts.get(KEPT) or ()), first]}
    save(here, {**held.value, "agreements": instead(her.facts["agreements"], new)}, held.version, ACT)
    return Outcome(data=data, findings=findings, said=((CORRECTED, days),))


def _found(here: Desk, her: Client, facts: Facts) -> tuple[Finding, ...]:
    """What is found of an agreement as it would stand, its end included."""
    form = here.shelf.form(facts["form"])
    found = worded(here.shelf, judge(agreement_in(here, her, form, facts, True)))
    return (*found, *(judged(here, her, facts) if PART in facts else ()))
