"""That she left: judged on its day, and written down as one act."""

from datetime import date
from typing import Any

from shelterctl.act.file import DISCHARGE, SAME, beside, finished, merged, replaced, save, told_of, way
from shelterctl.act.input import Input
from shelterctl.core import act as acts
from shelterctl.core.duty import since
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.home import STAY
from shelterctl.core.record import Client, Stay, at, live
from shelterctl.desk import Desk
from shelterctl.language import N_

LEFT = N_("Discharged on {on}. Monitoring is due from {due}.")
WOULD = N_("Nothing would stop the discharge on {on}.")


def leave(here: Desk, client: str, on: date | None, given: Input, check: bool = False) -> Outcome:
    """Write down that she left. Once she has, only what that discharge lacks is added; another day is refused (W12)."""
    # Gather.
    her, held = here.store.to_change(client)
    meant = left_by(her, on)
    left = meant.discharged_on if meant else None
    when = on or left or here.today

    # Decide.
    planned = {} if left else {"by_own_decision": None}  # the act decides, whatever was planned
    facts = {**planned, **given.value["discharge"], "on": when.isoformat()}
    found = merged(here, held.value, Input({STAY: meant.id, "discharge": facts} if meant else {}, (), given.document))
    after = Client(found.record)
    findings = (
        *found.findings,
        *judged_discharge(here, meant, after, when),
        *told_of(here, after, (DISCHARGE,), ("/stays",)),
    )
    if refused(findings) or check:
        said = () if refused(findings) else ((WOULD, {"on": when}),)
        return Outcome(data=shown(here, her, meant), findings=findings, said=said)
    if left and not found.merge.changed:
        return Outcome(data=shown(here, her, meant), findings=findings, said=((SAME, {}),))
    over = replaced(found.merge.replaced)

    # Act.
    save(here, finished(found.record, DISCHARGE), held.version, "discharge")
    shows = shown(here, after, meant)
    data = {**shows, "replaced": found.merge.replaced}
    return Outcome(data=data, findings=findings, said=((LEFT, {"on": when, "due": shows["monitoring_due_on"]}), *over))


def left_by(her: Client, on: date | None) -> Stay | None:
    """The stay that a discharge means: of several open ones the last that had begun by its day, else hers as it is."""
    begun = [stay for stay in her.stays if stay.open and on and stay.begun_on and stay.begun_on <= on]
    return begun[-1] if begun else her.stay


def shown(here: Desk, her: Client, meant: Stay | None = None) -> dict[str, Any]:
    """Where she stands after it: state, day, and when monitoring is due; of the stay that is *meant*, else of hers."""
    stay = _now(her, meant) or her.stay
    due = since(here.shelf.report, her, stay) if stay else None
    left = stay.discharged_on if stay else None
    return {"id": her.id, "state": way(here, her)["state"], "discharged_on": left, "monitoring_due_on": due}


def _now(her: Client, stay: Stay | None) -> Stay | None:
    """A stay as it stands in the file now."""
    return next((one for one in her.stays if stay and one.index == stay.index), None)


def judged_discharge(here: Desk, was: Stay | None, after: Client, day: date) -> tuple[Finding, ...]:
    """Everything that a discharge on *day* would be refused for, of the stay as it *was*, whether open or over."""
    her = _now(after, was)
    act = here.shelf.acts[DISCHARGE]
    if her is None:
        return (acts.said_of(act, "no-stay", ""),)
    if was and was.discharged_on and _leaves_otherwise(was, her):
        where = f"/stays/{her.index}/discharge/on"
        again = (acts.said_of(act, "left-already", where, left=was.discharged_on, id=after.id),)
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
