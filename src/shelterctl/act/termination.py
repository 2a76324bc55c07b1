"""That a signed agreement was terminated: who decided it, when and why, written down as one act (LC24)."""

from collections.abc import Mapping
from typing import Any

from shelterctl.act.file import beside, finished, replaced, save
from shelterctl.act.input import Input
from shelterctl.act.perform import instead
from shelterctl.act.wording import worded
from shelterctl.core.entry import read_entry
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.judgement import judge_entry
from shelterctl.core.record import Client, Facts
from shelterctl.core.sameness import same
from shelterctl.desk import Desk, day
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_

TERMINATED = N_("Agreement {number} is terminated on {on}. What was paid under it still counts.")
SAME = N_("That was written down just so already; nothing changed.")
WOULD = N_("Nothing would stop the termination on {on}.")
A_DRAFT = N_("This agreement is a draft, and nothing is to be terminated ({clause}). Withdraw it: void {id} {entry}.")
WHICH = N_("Several agreements are signed. Name the one that is meant with --number, or with --form: {numbers}.")
NONE = N_("There is no such agreement in her file. Her agreements: shelterctl agreements {id}.")

ACT = "terminate"
PART = "terminated"


def terminate(here: Desk, client: str, entry: str, given: Input, *, check: bool = False) -> Outcome:
    """Write down in the agreement with that id that it ended; a second time it takes the place of the first."""
    # Gather.
    her, held = here.store.to_change(client)
    place, facts = next((n, one) for n, one in enumerate(her.facts["agreements"]) if one["id"] == entry)
    ended = {"on": here.today.isoformat(), **given.value}
    new = {**facts, PART: ended}

    # Decide.
    findings = given.located(_draft(her, facts, here) or judged(here, her, new))
    told = {"number": facts.get("number") or entry, "on": day(ended["on"], "--on")}
    known = facts.get(PART) or {}
    places = [f"/agreements/{place}/{PART}/{name}" for name, said in known.items() if ended.get(name) != said]
    data = {"id": her.id, "agreement_id": entry, "on": ended["on"], "replaced": places}
    if refused(findings) or check:
        return Outcome(data=data, findings=findings, said=() if refused(findings) else ((WOULD, told),))
    if same(known, ended):
        return Outcome(data=data, findings=findings, said=((SAME, {}),))

    # Act.
    agreements = instead(her.facts["agreements"], new)
    save(here, {**finished(held.value, unfinished(facts)), "agreements": agreements}, held.version, ACT)
    return Outcome(data=data, findings=findings, said=((TERMINATED, told), *replaced(places)))


def meant(her: Client, form: str | None, number: str | None) -> Facts:
    """The agreement that is meant: by form or number, else the only one that is signed; NotFound if there is none."""
    known = [one for one in her.agreements if form in (None, one["form"]) and number in (None, one.get("number"))]
    live = [one for one in known if "signed" in one and PART not in one]
    if len(live) > 1:
        raise Usage("usage/which-agreement", WHICH, numbers=[one.get("number") or one["id"] for one in live])
    if not known:
        raise NotFound("agreement/unknown", NONE, id=her.id)
    return (live or [one for one in known if "signed" in one] or known)[-1]


def unfinished(facts: Facts) -> str:
    """Under which name answers wait until they are written down."""
    return f"{facts['form']}-termination"


def judged(here: Desk, her: Client, facts: Facts) -> tuple[Finding, ...]:
    """What the termination that stands in an agreement would be refused for."""
    track = here.shelf.tracks["agreement"]
    stay = next((stay for stay in her.stays if stay.id == facts.get("stay")), None)
    around = beside(here, her, stay, here.today, acts=frozenset({ACT}))
    return worded(here.shelf, judge_entry(read_entry(track, facts), around))


def _draft(her: Client, facts: Mapping[str, Any], here: Desk) -> tuple[Finding, ...]:
    """That a draft cannot be terminated."""
    if "signed" in facts:
        return ()
    clause = here.shelf.tracks["agreement"].clause
    told = {"clause": clause, "id": her.id, "entry": facts["id"]}
    return (Finding(code="agreement/not-signed", message=A_DRAFT, where="/on", clause=clause, facts=told),)
