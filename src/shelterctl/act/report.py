"""A monitoring report put down in her file, judged first."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from shelterctl.act.file import beside, finished, save
from shelterctl.act.input import Input
from shelterctl.core import duty
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.fragment import Merge
from shelterctl.core.record import Client, Stay
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.store import Held

WRITTEN = N_("The report is saved.")
CLOSES = N_("It answers the duty to monitor her.")
STAYS = N_("Monitoring stays due.")
UNSIGNED = N_("It is not signed yet. Open it again once it is: then it answers the duty to monitor her.")
OTHER = N_("Monitoring of the stay that she left on {left} stands still.")
SAME = N_("This was written down just so already; nothing changed.")

REPORT = "monitoring-report"


def put_down(here: Desk, client: str, given: Input) -> Outcome:
    """Save a report; one that cannot be is refused, one that is unsigned or early is kept and closes nothing."""
    # Gather.
    her, held = here.store.client(client)
    annex = here.shelf.report

    # Decide.
    found = list(judged_report(here, her, given.value))
    if refused(found):
        return Outcome(findings=given.located(found))

    # Act.
    told = {"reports": [given.value]}
    stay = duty.told_of(annex, her, told)
    new, going = with_duty(here, held, stay, told)
    findings = (*found, *going.findings)
    if refused(findings):
        return Outcome(findings=given.located(findings))
    if going.changed:
        save(here, finished(new, REPORT), held.version, "monitor")
    after = Client(new)
    answered = _answers(annex, after, stay)
    stays = STAYS if given.value.get("signed") else UNSIGNED
    said: Said = ((WRITTEN if going.changed else SAME, {}), (CLOSES if answered else stays, {}))
    if answered and (left := _other(annex, after)):
        said = (*said, (OTHER, {"left": left}))
    which = {"stay": stay.id} if stay and len(her.stays) > 1 else {}
    data = {"id": her.id, **which, "entry": going.entries[-1], "monitored": answered}
    return Outcome(data=data, findings=given.located(findings), said=said)


def _answers(annex: Track, client: Client, stay: Stay | None) -> bool:
    """Whether the duty of that stay is answered, as her file stands now."""
    now = next((each for each in client.stays if stay and each.index == stay.index), None)
    return duty.monitored(annex, client, now)


def _other(annex: Track, client: Client) -> date | None:
    """The day on which she left a stay whose duty stands still."""
    stay = duty.owed(annex, client)
    return stay.discharged_on if stay and not duty.monitored(annex, client, stay) else None


def judged_report(here: Desk, her: Client, told: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What stops a report about her from being written down, and what keeps it from closing the duty."""
    annex = here.shelf.report
    stay = duty.told_of(annex, her, {"reports": [told]})
    return tuple(duty.judge_report(annex, told, "", beside(here, her, stay, here.today)))


def with_duty(here: Desk, held: Held, stay: Stay | None, facts: dict[str, Any]) -> tuple[dict[str, Any], Merge]:
    """The file with these facts under the monitoring of a stay, or of a client without one."""
    going = Merge(here.stamp)
    record: dict[str, Any] = deepcopy(held.value)
    holder = record["stays"][stay.index] if stay else record
    holder["monitoring"] = going.mapping(holder.get("monitoring") or {}, facts, "/monitoring")
    return record, going
