"""That she left: judged on its day, and written down as one act."""

from datetime import date
from typing import Any

from shelterctl.act.file import DISCHARGE, finished, judged_discharge, merged, replaced, save, told_of, way
from shelterctl.act.input import Input
from shelterctl.core.duty import since
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_

LEFT = N_("Discharged on {on}. Monitoring is due from {due}.")
WOULD = N_("Nothing would stop the discharge on {on}.")


def leave(here: Desk, client: str, on: date | None, given: Input, check: bool = False) -> Outcome:
    """Write down that she left; a second time it takes the place of the first, and keeps its day if none is named."""
    # Gather.
    her, held = here.store.client(client)
    when = on or (her.stays[-1].discharged_on if her.stays else None) or here.today

    # Decide.
    facts = {"by_own_decision": None, **given.value["discharge"], "on": when.isoformat()}  # an earlier one is replaced
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
