"""That she left: judged on its day, and written down as one act."""

from datetime import date
from typing import Any

from shelterctl.act.file import DISCHARGE, SAME, beside, finished, merged, replaced, save, told_of, way
from shelterctl.act.input import Input
from shelterctl.core import act as acts
from shelterctl.core.duty import since
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.record import Client, Stay, at, live
from shelterctl.desk import Desk
from shelterctl.language import N_

LEFT = N_("Discharged on {on}. Monitoring is due from {due}.")
WOULD = N_("Nothing would stop the discharge on {on}.")


def leave(here: Desk, client: str, on: date | None, given: Input, check: bool = False) -> Outcome:
    """Write down that she left. Once she has, only what that discharge lacks is added; another day is refused (W12)."""
    # Gather.
    her, held = here.store.to_change(client)
    left = her.stays[-1].discharged_on if her.stays else None
    when = on or left or here.today

    # Decide.
    planned = {} if left else {"by_own_decision": None}  # the act decides, whatever was planned
    facts = {**planned, **given.value["discharge"], "on": when.isoformat()}
    found = merged(here, held.value, Input({"discharge": facts} if her.stays else {}, (), given.document))
    after = Client(found.record)
    findings = (
        *found.findings,
        *judged_discharge(here, her, after, when),
        *told_of(here, after, (DISCHARGE,), ("/stays",)),
    )
    if refused(findings) or check:
        said = () if refused(findings) else ((WOULD, {"on": when}),)
        return Outcome(data=shown(here, her), findings=findings, said=said)
    if left and not found.merge.changed:
        return Outcome(data=shown(here, her), findings=findings, said=((SAME, {}),))
    over = replaced(found.merge.replaced)

    # Act.
    save(here, finished(found.record, DISCHARGE), held.version, "discharge")
    her = Client(found.record)
    due = since(here.shelf.report, her, her.stays[-1])
    data = {**shown(here, her), "replaced": found.merge.replaced}
    return Outcome(data=data, findings=findings, said=((LEFT, {"on": when, "due": due}), *over))


def shown(here: Desk, her: Client) -> dict[str, Any]:
    """Where she stands after it: state, day, and when monitoring is due."""
    stay = her.stays[-1] if her.stays else None
    due = since(here.shelf.report, her, stay) if stay else None
    left = stay.discharged_on if stay else None
    return {"id": her.id, "state": way(here, her)["state"], "discharged_on": left, "monitoring_due_on": due}


def judged_discharge(here: Desk, before: Client, after: Client, day: date) -> tuple[Finding, ...]:
    """Everything that a discharge on *day* would be refused for; the last stay is meant, whether open or over."""
    her = after.stays[-1] if after.stays else None
    was = before.stays[-1] if before.stays else None
    act = here.shelf.acts[DISCHARGE]
    if her is None:
        return (acts.said_of(act, "no-stay", ""),)
    if was and was.discharged_on and _leaves_otherwise(was, her):
        where = f"/stays/{her.index}/discharge/on"
        again = (acts.said_of(act, "left-already", where, left=was.discharged_on, id=before.id),)
        return reported(here, her) or again
    return tuple(acts.judge_act(act, beside(here, after, her, day)))


def _leaves_otherwise(was: Stay, now: Stay) -> bool:
    """Whether another day, or another decision, would take the place of a discharge that is written down."""
    own = [bool(at(stay.facts, "discharge.by_own_decision")) for stay in (was, now)]
    return was.discharged_on != now.discharged_on or own[0] is not own[1]


def reported(here: Desk, stay: Stay) -> tuple[Finding, ...]:
    """That a monitoring report stands on the discharge of a stay, which holds it fast."""
    if not live(at(stay.facts, "monitoring.reports")):
        return ()
    return (acts.said_of(here.shelf.acts[DISCHARGE], "reported", f"/stays/{stay.index}/discharge/on"),)
