"""The correction of a signature's day that was recorded wrongly: the right day takes its place, and her file keeps
both.
"""

from dataclasses import replace
from datetime import date

from shelterctl.act.agreement import find_agreement, judge_in_context
from shelterctl.act.change import Change, replace_entry, write_change
from shelterctl.act.terminate import TERMINATED_KEY, judge_termination
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.record.client import Client
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.session import Session
from shelterctl.ui_language import N_

SIGNING_DAY_CORRECTED = N_(
    "Agreement {number} is now recorded as signed on {on}. {Her|His} file also keeps the earlier date, {was}."
)
SIGNING_DAY_UNCHANGED = N_("That date is already recorded; nothing changed.")
CORRECTION_CHECKED = N_("The date can be changed to {on}; it is {was} now.")
DRAFT_NOT_SIGNED = N_("This agreement is a draft, and nobody has signed it yet ({clause}).")

CORRECT_ACT = "correct"
CORRECTIONS_KEY = "corrections"
"""The key under which an agreement keeps the wrong days, each with who corrected it and when."""


def correct_signing_day(session: Session, client: str, entry: str, right: date, *, check: bool = False) -> Outcome:
    """Correct the day on which an agreement was signed; nothing else in it changes.

    Findings that are new with the right day are reported, and can refuse the correction.
    """
    # Gather.
    her, held = session.store.client_to_change(client)
    place, facts = find_agreement(her, entry)
    signed, form = facts.get("signed") or {}, session.rulebook.form(facts["form"])
    data = {"id": her.id, "agreement_id": entry}
    if not signed:
        found = Finding(code="agreement/not-signed", message=DRAFT_NOT_SIGNED, where="/on", clause=form.clause)
        return Outcome(data=data, findings=(replace(found, facts={"clause": form.clause}),))
    was, now = signed["on"], right.isoformat()
    new = {**facts, "signed": {**signed, "on": now}}
    days = {"number": facts.get("number") or entry, "on": right, "was": read_day(was)}

    # Decide.
    before = {(one.code, one.where) for one in _judge_as_it_would_be(session, her, facts)}
    first = session.stamp.stamp_entry({"on": session.today.isoformat(), "by": session.staff, "signed_on": was})
    corrected = {**new, CORRECTIONS_KEY: [*(facts.get(CORRECTIONS_KEY) or ()), first]}
    change = Change(
        held=held,
        record=replace_entry(held.value, place, corrected),
        did=CORRECT_ACT,
        data={**data, "on": now, "was": was},
        findings=tuple(one for one in _judge_as_it_would_be(session, her, new) if (one.code, one.where) not in before),
        changed=now != was,
        checked=((CORRECTION_CHECKED, days),),
        unchanged=((SIGNING_DAY_UNCHANGED, {}),),
        written=((SIGNING_DAY_CORRECTED, days),),
    )

    # Act.
    return write_change(session, change, check=check and change.changed)


def _judge_as_it_would_be(session: Session, her: Client, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings on an agreement with these facts, including those on its termination."""
    _, found = judge_in_context(session, her, session.rulebook.form(facts["form"]), facts, True)
    return (*found, *(judge_termination(session, her, facts) if TERMINATED_KEY in facts else ()))
