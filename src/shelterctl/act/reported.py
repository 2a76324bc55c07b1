"""A monitoring report put down in her file, judged first."""

from copy import deepcopy
from typing import Any

from shelterctl.act.file import finished, save
from shelterctl.act.input import Input
from shelterctl.core import monitoring
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.fragment import Merge
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.store import Held

WRITTEN = N_("The report is saved.")
CLOSES = N_("It answers the duty to monitor her.")
STAYS = N_("Monitoring stays due.")
SAME = N_("This was written down just so already; nothing changed.")

REPORT = "monitoring-report"


def put_down(here: Desk, client: str, given: Input) -> Outcome:
    """Save a report; one that cannot be is refused, one that is unsigned or early is kept and closes nothing."""
    # Gather.
    her, held = here.store.client(client)
    annex, writers = here.shelf.report, here.store.staff_in("social_worker")

    # Decide.
    found = list(monitoring.judge(annex, her, given.value, "", today=here.today, writers=writers))
    if refused(found):
        return Outcome(findings=given.located(found))

    # Act.
    new, going = with_duty(here, her, held, {"reports": [given.value]})
    findings = (*found, *going.findings)
    if refused(findings):
        return Outcome(findings=given.located(findings))
    if going.changed:
        save(here, finished(new, REPORT), held.version, "monitor")
    answered = monitoring.monitored(annex, Client(new))
    said: Said = ((WRITTEN if going.changed else SAME, {}), (CLOSES if answered else STAYS, {}))
    data = {"id": her.id, "entry": going.entries[-1], "monitored": answered}
    return Outcome(data=data, findings=given.located(findings), said=said)


def with_duty(here: Desk, her: Client, held: Held, facts: dict[str, Any]) -> tuple[dict[str, Any], Merge]:
    """The file with these facts under the monitoring of her last stay, or of a client without one."""
    going = Merge(here.stamp)
    record: dict[str, Any] = deepcopy(held.value)
    holder = record["stays"][her.lived.index] if her.lived else record
    holder["monitoring"] = going.mapping(holder.get("monitoring") or {}, facts, "/monitoring")
    return record, going
