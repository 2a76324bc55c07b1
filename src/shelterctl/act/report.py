"""A monitoring report put down in her file, judged first."""

from collections.abc import Mapping
from typing import Any

from shelterctl import contract
from shelterctl.act.file import beside, finished, left_out, save
from shelterctl.act.input import Input
from shelterctl.core import duty
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.home import named_stay, stay_left
from shelterctl.core.merging import Merge
from shelterctl.core.record import Client, Stay
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.store import Held

WRITTEN = N_("The report is saved.")
CLOSES = N_("It answers the duty to monitor her.")
STAYS = N_("Monitoring stays due.")
UNSIGNED = N_("It is not signed yet. Open it again once it is: then it answers the duty to monitor her.")
OTHER = N_("Monitoring of the stay that she left on {left} is still due.")
ABOUT = N_("It is about the stay that she left on {left}.")
ANSWERED = N_("The monitoring of that stay was answered on {on} already.")
SAME = N_("This was written down just so already; nothing changed.")

REPORT = "monitoring-report"


def put_down(here: Desk, client: str, given: Input, stay: str | None = None, *, again: bool = False) -> Outcome:
    """Save a report about the stay of that id, else about the oldest that waits for one.

    One that cannot be is refused; one that is unsigned or early is kept and closes nothing; one that stands there word
    for word is left out, unless it is to be written *again*.
    """
    # Gather.
    her, held = here.store.to_change(client)
    annex = here.shelf.report

    # Decide.
    found = [*unknown_stay(her, stay), *judged_report(here, her, given.value, stay)]
    if refused(found):
        return Outcome(findings=given.located(found))

    # Act.
    about = stay_left(annex, her, annex, given.value, stay)
    before = duty.answered_on(annex, her, about)
    new, going = with_duty(here, held, about, {"reports": [given.value]}, again=again)
    findings = (*found, *going.findings)
    if refused(findings):
        return Outcome(findings=given.located(findings))
    if going.changed:
        save(here, finished(new, REPORT), held.version, "monitor")
    after = Client(new)
    answered = _answers(annex, after, about)
    stays = STAYS if given.value.get("signed") else UNSIGNED
    ends = (ANSWERED, {"on": before}) if before else (CLOSES if answered else stays, {})
    said: Said = ((WRITTEN if going.changed else SAME, {}), *left_out(going), *about_stay(her, about), ends)
    if answered and (left := _other(annex, after)):
        said = (*said, (OTHER, {"left": left}))
    which = {"stay": about.id} if about and len(her.stays) > 1 else {}
    data = {"id": her.id, **which, "entry": going.entries[-1], "left_out": going.left_out, "monitored": answered}
    return Outcome(data=data, findings=given.located(findings), said=said)


def unknown_stay(her: Client, stay: str | None) -> tuple[Finding, ...]:
    """What refuses a stay that is named and is none of hers."""
    return named_stay(her, stay).findings if stay is not None else ()


def about_stay(her: Client, stay: Stay | None) -> Said:
    """Which of several stays something was written about."""
    return ((ABOUT, {"left": stay.discharged_on}),) if stay and len(her.stays) > 1 else ()


def _answers(annex: Track, client: Client, stay: Stay | None) -> bool:
    """Whether the duty of that stay is answered, as her file stands now."""
    now = next((each for each in client.stays if stay and each.index == stay.index), None)
    return duty.monitored(annex, client, now)


def _other(annex: Track, client: Client) -> object:
    """The day on which she left a stay of which monitoring is still due."""
    stay = duty.owed(annex, client)
    return stay.discharged_on if stay and not duty.monitored(annex, client, stay) else None


def judged_report(here: Desk, her: Client, told: Mapping[str, Any], stay: str | None = None) -> tuple[Finding, ...]:
    """What stops a report about her from being written down, and what keeps it from closing the duty."""
    annex = here.shelf.report
    about = stay_left(annex, her, annex, told, stay)
    return tuple(duty.judge_report(annex, told, "", beside(here, her, about, here.today)))


def with_duty(
    here: Desk, held: Held, stay: Stay | None, facts: dict[str, Any], *, again: bool = False
) -> tuple[dict[str, Any], Merge]:
    """The file with these facts under the monitoring of a stay, or of a client without one."""
    going = Merge(here.stamp, contract.keys_of_stay(here.shelf), again)
    if stay is None:
        return going.mapping(held.value, {"monitoring": facts}), going
    stays = list(held.value["stays"])
    stays[stay.index] = going.change(stay.facts, {"monitoring": facts}, f"/stays/{stay.index}")
    return {**held.value, "stays": stays}, going
