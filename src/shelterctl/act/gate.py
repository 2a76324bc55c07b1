"""The gate: she is admitted on a day, if every item of it is there."""

from shelterctl.act.file import judged_admission, save, still_open, strange, way
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.record import Client, at
from shelterctl.desk import Desk
from shelterctl.language import N_

ADMITTED = N_("Admitted on {on}.")
ALREADY = N_("Was admitted on {on} already; nothing changed.")
WOULD = N_("Nothing would stop the admission on {on}.")


def complete(here: Desk, client: str, on: str | None = None, check: bool = False) -> Outcome:
    """Admit her on that day, else today; what the gate lacks refuses it, what is missing behind it stays open."""
    # Gather.
    her, held = here.store.to_change(client)
    when = here.dated(on, "--on") if on else here.today
    if her.stay and her.stay.admitted_on and (her.stay.open or her.stay.admitted_on == when):
        said = ((ALREADY, {"on": her.stay.admitted_on}),)
        return Outcome(data=way(here, her), findings=still_open(here, her), said=said)

    # Decide.
    findings = (*judged_admission(here, her, when), *strange(here, her.facts))
    if refused(findings) or her.stay is None or check:
        would: Said = () if refused(findings) else ((WOULD, {"on": when}),)
        return Outcome(data=way(here, her), findings=findings, said=would)

    # Act.
    stays = [dict(facts) for facts in held.value["stays"]]
    stays[her.stay.index]["admission"] = {**(at(her.stay.facts, "admission") or {}), "admitted_on": when.isoformat()}
    record = {**held.value, "stays": stays}
    save(here, record, held.version, "admit")
    return Outcome(data=way(here, Client(record)), findings=findings, said=((ADMITTED, {"on": when}),))
