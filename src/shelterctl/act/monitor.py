"""Monitoring as an act: a report, an attempt to reach her, a day set by hand or the end of it, judged and saved."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shelterctl.act.change import (
    Change,
    drop_unfinished,
    left_out_sentences,
    opening_sentences,
    save_client_file,
    write_change,
)
from shelterctl.act.client_file import judge_tracks_at
from shelterctl.act.input import Input
from shelterctl.act.stay_context import stay_context
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.merge.changes import Merge
from shelterctl.core.merge.fragment import find_stay_left, place_in_named_stay
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.findings import make_refusal
from shelterctl.core.rules.monitoring import make_monitoring_finding
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.schemas import published
from shelterctl.schemas.input import PURPOSE_OF_DUTY
from shelterctl.session import Session, read_day_option
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

REPORT_SAVED = N_("The report is saved.")
REPORT_ANSWERS_DUTY = N_("It completes the monitoring.")
MONITORING_STAYS_DUE = N_("Monitoring is still due.")
REPORT_UNSIGNED = N_("It is not signed yet. Open it again when it is: only a signed report completes the monitoring.")
OTHER_STAY_STAYS_DUE = N_("Monitoring of the stay that {she|he} left on {left} is still due.")
REPORT_ABOUT_STAY = N_("It is about the stay that {she|he} left on {left}.")
MONITORING_ANSWERED_ALREADY = N_("The monitoring of that stay was already completed on {on}.")
REPORT_UNCHANGED = N_("This is already recorded; nothing changed.")

MONITORING_REPORT = "monitoring-report"
HOUSE_IN_EXAMPLE = "HOUSE"
"""The word for the code of a house, where a client had no stay in one."""


def save_report(
    session: Session, client: str, given: Input, stay: str | None = None, *, again: bool = False
) -> Outcome:
    """Save a monitoring report about the stay with the id *stay*, else about the oldest stay that waits for one.

    A report that is unsigned or too early is saved, but does not complete the monitoring. A report identical to a saved
    one is left out, unless *again*.
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
        *opening_sentences(session, findings, (about.facility if about else None) or HOUSE_IN_EXAMPLE),
    )
    other = monitoring.find_unmonitored_stay(tracks, after)
    if answered and other and not monitoring.read_duty(tracks, after, other).outcome:
        said = (*said, (OTHER_STAY_STAYS_DUE, {"left": other.discharged_on}))
    which = {"stay": about.id} if about and len(her.stays) > 1 else {}
    data = {"id": her.id, **which, "entry": going.entries[-1], "left_out": going.left_out, "monitored": answered}
    return Outcome(data=data, findings=given.located(findings), said=said)


def refuse_unknown_stay(her: Client, stay: str | None) -> tuple[Finding, ...]:
    """Return a refusal if a stay is named that is not hers."""
    return place_in_named_stay(her, stay).findings if stay is not None else ()


def about_stay_sentence(her: Client, stay: Stay | None) -> FilledSentences:
    """Return the sentence that says which stay is meant, if she has several."""
    return ((REPORT_ABOUT_STAY, {"left": stay.discharged_on}),) if stay and len(her.stays) > 1 else ()


def judge_client_report(session: Session, her: Client, report: Facts, stay: str | None = None) -> tuple[Finding, ...]:
    """Return the findings that refuse a report about her, and those that keep it from completing the monitoring."""
    annex = session.rulebook.report
    about = find_stay_left(annex, her, session.rulebook.tracks, report, stay)
    return tuple(monitoring.judge_report(annex, report, "", stay_context(session, her, about, session.today)))


def merge_monitoring(
    session: Session, file: StoredFile, stay: Stay | None, facts: dict[str, Any], *, again: bool = False
) -> tuple[dict[str, Any], Merge]:
    """Merge *facts* into the monitoring of a stay, or of a client without one, and return the file and the merge."""
    going = Merge(session.stamp, published.stay_keys(session.rulebook), again)
    if stay is None:
        return going.merge_mapping(file.value, {"monitoring": facts}), going
    stays = list(file.value["stays"])
    stays[stay.index] = going.change_entry(stay.facts, {"monitoring": facts}, f"/stays/{stay.index}")
    return {**file.value, "stays": stays}, going


DUTY_RECORDED = {
    "attempt": N_("The attempt is recorded; monitoring is still due."),
    "closed": N_("Monitoring is closed on {on}, for the reason given."),
    "scheduled": N_("Monitoring is set for {on}."),
}
MONITORING_CLOSED_TOO_EARLY = N_(
    "{She|He} left on {left}; {her|his} monitoring cannot be closed earlier, on {day} ({clause}). Correct the date."
)
MONITORING_NEEDS_REASON = N_("Monitoring can be closed only with a written reason ({clause}).")


def record_duty(
    session: Session,
    client: str,
    what: str,
    given: Input,
    which: str | None = None,
    *,
    again: bool = False,
    check: bool = False,
) -> Outcome:
    """Record an ``attempt``, or that monitoring is ``closed`` or ``scheduled``, for the stay *which*.

    By default the day is today and the person is the current user.
    """
    # Gather.
    her, held = session.store.client_to_change(client)
    track = session.rulebook.track_for(PURPOSE_OF_DUTY[what])
    facts = {"on": session.today.isoformat(), "by": session.staff, **given.value}
    stay = find_stay_left(track, her, session.rulebook.tracks, facts, which)

    # Decide.
    if stopped := find_duty_obstacles(session, her, what, facts, which):
        return Outcome(findings=stopped)
    findings = (*given.findings, *_judge_duty(session, given, what, facts, stay))
    if has_refusal(findings):
        return Outcome(findings=findings)
    entry = {"attempts": [facts]} if track.many else {what: facts}
    new, going = merge_monitoring(session, held, stay, entry, again=again)
    about = {"stay": stay.id} if stay and len(her.stays) > 1 else {}
    noted = {"entry": going.entries[-1]} if going.entries else {}
    around = (*left_out_sentences(going), *about_stay_sentence(her, stay))
    change = Change(
        held=held,
        record=drop_unfinished(new, unfinished_duty_name(what)),
        did="monitor",
        data={"id": her.id, **about, **noted, "on": facts["on"]},
        findings=(*findings, *judge_tracks_at(session, Client(new), (track.name,), (*going.added, *going.replaced))),
        changed=going.changed,
        unchanged=((REPORT_UNCHANGED, {}), *around),
        written=((DUTY_RECORDED[what], {"on": read_day_option(facts["on"], "--on")}), *around),
    )

    # Act.
    return write_change(session, change, check=check)


def unfinished_duty_name(what: str) -> str:
    """Return the name under which unfinished answers for such a record are kept."""
    return f"monitoring-{what}"


def find_duty_obstacles(
    session: Session, her: Client, what: str, facts: Facts, which: str | None
) -> tuple[Finding, ...]:
    """Return the findings that keep such a record from being saved for the stay that *facts* are about."""
    tracks = session.rulebook.tracks
    stay = find_stay_left(session.rulebook.track_for(PURPOSE_OF_DUTY[what]), her, tracks, facts, which)
    if stay and stay.discharged_on is None:
        published_code = session.rulebook.published.by_code["monitoring/not-discharged"]
        return (make_refusal(published_code, monitoring.monitoring_clause(tracks)),)
    return tuple(monitoring.judge_scheduled_day(tracks, her, stay)) if what == "scheduled" else ()


def _judge_duty(session: Session, given: Input, what: str, facts: Facts, stay: Stay | None) -> Iterator[Finding]:
    """Yield the findings that refuse closing monitoring, or an attempt to reach her, with these *facts* (A7.D)."""
    clause = monitoring.monitoring_clause(session.rulebook.tracks)
    left, day = stay.discharged_on if stay else None, read_day(facts["on"])
    if what == "closed" and left and day and day < left:
        yield make_monitoring_finding(
            "before-discharge", MONITORING_CLOSED_TOO_EARLY, clause=clause, day=day, left=left
        )
    if what == "closed" and not facts.get("reason"):
        found = make_monitoring_finding("no-reason", MONITORING_NEEDS_REASON, clause=clause, key="reason")
        yield replace(found, in_file=monitoring.OTHER_NEEDS_WORDS_IN_FILE)
    if what == "attempt":
        yield from given.located(monitoring.judge_other_words(facts, clause))
