"""That the day of a signature was written down wrongly: the right one takes its place, and both stay in her file."""

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

SIGNING_DAY_CORRECTED = N_("Agreement {number} was signed on {on}. Her file keeps that {was} was written down first.")
SIGNING_DAY_UNCHANGED = N_("That day stands there already; nothing changed.")
CORRECTION_CHECKED = N_("Nothing stops {on} from taking the place of {was}.")
DRAFT_NOT_SIGNED = N_("This agreement is a draft, and nobody has signed it yet ({clause}).")

CORRECT_ACT = "correct"
CORRECTIONS_KEY = "corrections"
"""Where an agreement keeps the days that were written down first, each with who put it right and when."""


def correct_signing_day(session: Session, client: str, entry: str, right: date, *, check: bool = False) -> Outcome:
    """Put the right day under a signed agreement; what rests on that day is told, and refused where it cannot be.

    Nothing else of what was signed changes.
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
    """What is found of an agreement as it would stand, its end included."""
    _, found = judge_in_context(session, her, session.rulebook.form(facts["form"]), facts, True)
    return (*found, *(judge_termination(session, her, facts) if TERMINATED_KEY in facts else ()))
