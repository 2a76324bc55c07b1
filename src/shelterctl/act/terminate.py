"""The termination of a signed agreement: who decided it, when and why, recorded as one act."""

from collections.abc import Mapping
from typing import Any

from shelterctl.act.agreement import find_agreement, stay_of_agreement
from shelterctl.act.change import Change, drop_unfinished, replace_entry, replaced_sentence, write_change
from shelterctl.act.input import Input
from shelterctl.act.stay_context import stay_context
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.sameness import is_same
from shelterctl.core.rules.judgement import judge_entry
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.session import Session, read_day_option
from shelterctl.ui_language import N_

TERMINATION_WRITTEN = N_("Agreement {number} is terminated on {on}. What was paid under it still counts.")
TERMINATION_CHECKED = N_("Nothing prevents termination on {on}.")
DRAFT_NOT_TERMINABLE = N_(
    "This agreement is a draft, so there is nothing to terminate ({clause}). Strike it through: void {id} {entry}."
)
NAME_THE_AGREEMENT = N_("Several agreements are signed. Choose one with --number, or with --form: {numbers}.")
NO_SUCH_AGREEMENT = N_(
    "There is no such agreement in {her|his} file. {Her|His} agreements: shelterctl agreements {id}."
)

TERMINATE_ACT = "terminate"
TERMINATED_KEY = "terminated"


def terminate_agreement(session: Session, client: str, entry: str, given: Input, *, check: bool = False) -> Outcome:
    """Record the termination in the agreement with that id; done again, it replaces the first."""
    # Gather.
    her, held = session.store.client_to_change(client)
    place, facts = find_agreement(her, entry)
    known, ended = facts.get(TERMINATED_KEY) or {}, {"on": session.today.isoformat(), **given.value}
    new = {**facts, TERMINATED_KEY: ended}

    # Decide.
    told = {"number": facts.get("number") or entry, "on": read_day_option(ended["on"], "--on")}
    replaced = [f"{place}/{TERMINATED_KEY}/{name}" for name, said in known.items() if ended.get(name) != said]
    change = Change(
        held=held,
        record=replace_entry(drop_unfinished(held.value, unfinished_termination_name(facts)), place, new),
        did=TERMINATE_ACT,
        data={"id": her.id, "agreement_id": entry, "on": ended["on"], "replaced": replaced},
        findings=given.located(_refuse_draft(her, facts, session) or judge_termination(session, her, new)),
        changed=not is_same(known, ended),
        checked=((TERMINATION_CHECKED, told),),
        written=((TERMINATION_WRITTEN, told), *replaced_sentence(replaced)),
    )

    # Act.
    return write_change(session, change, check=check)


def find_meant_agreement(her: Client, form: str | None, number: str | None) -> Facts:
    """Return the agreement that the user means: by form or number, else the only signed one. Raises NotFound if there
    is none, UsageError if several are signed.
    """
    known = [one for one in her.agreements if form in (None, one["form"]) and number in (None, one.get("number"))]
    live = [one for one in known if "signed" in one and TERMINATED_KEY not in one]
    if len(live) > 1:
        numbers = [one.get("number") or one["id"] for one in live]
        raise UsageError("usage/which-agreement", NAME_THE_AGREEMENT, numbers=numbers)
    if not known:
        raise NotFound("agreement/unknown", NO_SUCH_AGREEMENT, id=her.id)
    return (live or [one for one in known if "signed" in one] or known)[-1]


def unfinished_termination_name(facts: Facts) -> str:
    """Return the name under which unfinished answers for a termination are kept."""
    return f"{facts['form']}-termination"


def judge_termination(session: Session, her: Client, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings on the termination that an agreement records."""
    track = session.rulebook.tracks["agreement"]
    stay = stay_of_agreement(her, facts)
    around = stay_context(session, her, stay, session.today, acts=frozenset({TERMINATE_ACT}))
    return word_findings(session.rulebook, judge_entry(read_entry(track, facts), around))


def _refuse_draft(her: Client, facts: Mapping[str, Any], session: Session) -> tuple[Finding, ...]:
    """Return a refusal if the agreement is a draft, which cannot be terminated."""
    if "signed" in facts:
        return ()
    clause = session.rulebook.tracks["agreement"].clause
    told = {"clause": clause, "id": her.id, "entry": facts["id"]}
    return (Finding(code="agreement/not-signed", message=DRAFT_NOT_TERMINABLE, where="/on", clause=clause, facts=told),)
