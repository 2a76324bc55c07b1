"""A monitoring report put down in her file, judged first."""

from typing import Any

from shelterctl.act.change import drop_unfinished, left_out_sentences, save_client_file
from shelterctl.act.client_file import stay_context
from shelterctl.act.input import Input
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.merge.changes import Merge
from shelterctl.core.merge.fragment import find_stay_left, place_in_named_stay
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.rules import monitoring
from shelterctl.core.values.facts import Facts
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

REPORT_SAVED = N_("The report is saved.")
REPORT_ANSWERS_DUTY = N_("It answers the duty to monitor her.")
MONITORING_STAYS_DUE = N_("Monitoring stays due.")
REPORT_UNSIGNED = N_("It is not signed yet. Open it again once it is: then it answers the duty to monitor her.")
OTHER_STAY_STAYS_DUE = N_("Monitoring of the stay that she left on {left} is still due.")
REPORT_ABOUT_STAY = N_("It is about the stay that she left on {left}.")
MONITORING_ANSWERED_ALREADY = N_("The monitoring of that stay was answered on {on} already.")
REPORT_UNCHANGED = N_("This was written down just so already; nothing changed.")

MONITORING_REPORT = "monitoring-report"


def save_report(
    session: Session, client: str, given: Input, stay: str | None = None, *, again: bool = False
) -> Outcome:
    """Save a report about the stay of that id, else about the oldest that waits for one.

    One that cannot be is refused; one that is unsigned or early is kept and closes nothing; one that stands there word
    for word is left out, unless it is to be written *again*.
    """
    # Gather.
    her, held = session.store.client_to_change(client)
    tracks = session.rulebook.tracks

    # Decide.
    found = [*refuse_unknown_stay(her, stay), *judge_client_report(session, her, given.value, stay)]
    if has_refusal(found):
        return Outcome(findings=given.located(found))

    # Act.
    about = find_stay_left(session.rulebook.report, her, tracks, given.value, stay)
    before = monitoring.read_duty(tracks, her, about).answered_on
    new, going = merge_monitoring(session, held, about, {"reports": [given.value]}, again=again)
    findings = (*found, *going.findings)
    if has_refusal(findings):
        return Outcome(findings=given.located(findings))
    if going.changed:
        save_client_file(session, drop_unfinished(new, MONITORING_REPORT), held.version, "monitor")
    after = Client(new)
    now = next((each for each in after.stays if about and each.index == about.index), None)
    answered = monitoring.read_duty(tracks, after, now).outcome is not None
    stays = MONITORING_STAYS_DUE if given.value.get("signed") else REPORT_UNSIGNED
    ends = (MONITORING_ANSWERED_ALREADY, {"on": before}) if before else (REPORT_ANSWERS_DUTY if answered else stays, {})
    said: FilledSentences = (
        (REPORT_SAVED if going.changed else REPORT_UNCHANGED, {}),
        *left_out_sentences(going),
        *about_stay_sentence(her, about),
        ends,
    )
    other = monitoring.find_unmonitored_stay(tracks, after)
    if answered and other and not monitoring.read_duty(tracks, after, other).outcome:
        said = (*said, (OTHER_STAY_STAYS_DUE, {"left": other.discharged_on}))
    which = {"stay": about.id} if about and len(her.stays) > 1 else {}
    data = {"id": her.id, **which, "entry": going.entries[-1], "left_out": going.left_out, "monitored": answered}
    return Outcome(data=data, findings=given.located(findings), said=said)


def refuse_unknown_stay(her: Client, stay: str | None) -> tuple[Finding, ...]:
    """What refuses a stay that is named and is none of hers."""
    return place_in_named_stay(her, stay).findings if stay is not None else ()


def about_stay_sentence(her: Client, stay: Stay | None) -> FilledSentences:
    """Which of several stays something was written about."""
    return ((REPORT_ABOUT_STAY, {"left": stay.discharged_on}),) if stay and len(her.stays) > 1 else ()


def judge_client_report(session: Session, her: Client, report: Facts, stay: str | None = None) -> tuple[Finding, ...]:
    """What stops a report about her from being written down, and what keeps it from closing the duty."""
    annex = session.rulebook.report
    about = find_stay_left(annex, her, session.rulebook.tracks, report, stay)
    return tuple(monitoring.judge_report(annex, report, "", stay_context(session, her, about, session.today)))


def merge_monitoring(
    session: Session, file: StoredFile, stay: Stay | None, facts: dict[str, Any], *, again: bool = False
) -> tuple[dict[str, Any], Merge]:
    """The file with these facts under the monitoring of a stay, or of a client without one."""
    going = Merge(session.stamp, published.stay_keys(session.rulebook), again)
    if stay is None:
        return going.merge_mapping(file.value, {"monitoring": facts}), going
    stays = list(file.value["stays"])
    stays[stay.index] = going.change_entry(stay.facts, {"monitoring": facts}, f"/stays/{stay.index}")
    return {**file.value, "stays": stays}, going
