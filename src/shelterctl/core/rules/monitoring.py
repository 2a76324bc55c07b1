"""The duty to monitor her after she left: from when it is due, what answers it, and which answers are raised first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.act import SIGN_ACT
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules.context import Context, find_due_day, matches_answers
from shelterctl.core.rules.judgement import judge_entry, judge_rules, judge_unasked_answers
from shelterctl.core.values.days import days_between, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.ui_language import N_

MONITORING_CLAUSE = "A7.D"
MONITORING_REPORT_TRACK = "report"
"""The track of what answers the duty."""

MONITORING_DUE_FROM_DISCHARGE = N_(
    "She left on {left}, so her monitoring is due from {due} ({clause}); a day is set by hand only for a client "
    "without a stay. If she left on another day, take the discharge back: discharge ID --undo."
)
OTHER_NEEDS_WORDS = N_("What is called other needs its words ({clause}).")
OTHER_NEEDS_WORDS_IN_FILE = N_("Write {key}, with --from FILE.")
WORDS_WITHOUT_OTHER = N_("There are words of other beside another code ({clause}).")
WORDS_WITHOUT_OTHER_IN_FILE = N_("Leave {key} out, or write other in the code's place.")
REPORT_RAISES_ALARM = N_("Her report of {day} says {what}. Speak to the manager and IOM at once ({clause}).")


class MonitoringDue(NamedTuple):
    """One client's monitoring: since when, or until when, in days; *state* is due, upcoming or unscheduled."""

    id: str
    stay: str | None
    discharged_on: date | None
    due_on: date | None
    days_since_due: int | None
    state: str


def monitoring_due_day(report: Track, client: Client, stay: Stay | None) -> date | None:
    """The day from which the duty of a stay is due, or that which was set by hand for a client without one (X08)."""
    if stay is None:
        return read_day(value_at(client.facts, "monitoring.scheduled.on"))
    return find_due_day(Context(day=stay.discharged_on or date.max, client=client, stay=stay, due=report.due))


def find_unmonitored_stay(report: Track, client: Client) -> Stay | None:
    """The stay whose duty is written about: the oldest that she left and that nothing answers, else the last she lived.

    A new referral changes nothing in it: the duty of a stay stands until it is answered, whatever comes later.
    """
    left = (stay for stay in client.stays if stay.discharged_on and not stay.turned_away)
    return next((stay for stay in left if not is_monitored(report, client, stay)), client.last_stay_lived)


def read_monitoring(client: Client, stay: Stay | None) -> Facts:
    """Where the monitoring of a stay is written, or at the top for a client without one."""
    return (stay.facts if stay else client.facts).get("monitoring") or {}


def monitoring_answered_on(report: Track, client: Client, stay: Stay | None) -> date | None:
    """The day of the first complete report on or after the due day, or on which a manager closed the duty.

    A report or a closing answers the duty of the stay in which it is written, and of no other. A duty that was closed
    before she left, as after a discharge that was taken back, is not closed for the later discharge.
    """
    return min(_closing_days(client, stay) or _report_days(report, client, stay), default=None)


def monitoring_outcome(report: Track, client: Client, stay: Stay | None) -> str | None:
    """How the duty ended: ``reported``, or ``closed`` where no complete report answers it; None while it stands."""
    return "reported" if _report_days(report, client, stay) else "closed" if _closing_days(client, stay) else None


def _closing_days(client: Client, stay: Stay | None) -> list[date]:
    left, closed = stay.discharged_on if stay else None, read_day(value_at(read_monitoring(client, stay), "closed.on"))
    return [closed] if closed and (stay is None or (left and left <= closed)) else []


def _report_days(report: Track, client: Client, stay: Stay | None) -> list[date]:
    reports = live_entries(read_monitoring(client, stay).get("reports"))
    due = monitoring_due_day(report, client, stay) if reports else None
    return [
        day
        for one in reports
        if due and (day := read_day(one.get("date"))) and day >= due and is_report_complete(report, one)
    ]


def is_monitored(report: Track, client: Client, stay: Stay | None) -> bool:
    """Whether a complete report answers the duty of a stay, or a manager closed it."""
    return monitoring_answered_on(report, client, stay) is not None


def is_report_complete(report: Track, facts: Facts) -> bool:
    """Whether a report is signed and every question that is asked is answered or marked unknown."""
    entry = read_entry(report, facts)
    context = Context(day=read_day(facts.get("date")) or date.max)
    rules = [rule for rule in report.rules if rule.act == SIGN_ACT]
    if not facts.get("signed") or any(judge_unasked_answers(report, entry, context)):
        return False
    return not any(judge_rules(rules, entry, context))


def judge_report(report: Track, facts: Facts, where: str, context: Context) -> Iterator[Finding]:
    """What stops a report from being written down, what keeps it from closing the duty, and what is raised."""
    signed = {SIGN_ACT} if facts.get("signed") else set()
    day = read_day(facts.get("date")) or context.day
    context = replace(context, day=day, acts=frozenset({str(report.act), *signed}), due=report.due)
    entry = read_entry(report, facts, where)
    yield from judge_entry(entry, context)
    yield from judge_alarms(report, entry, context)


def judge_alarms(report: Track, entry: Entry, context: Context) -> Iterator[Finding]:
    """Answers that a manager must hear of before anything else (X14, M2.1.4)."""
    for alarm in report.alarms:
        if matches_answers(alarm.when, entry, context):
            where, day = f"{entry.where}/{next(iter(alarm.when))}", read_day(entry.written.get("date")) or ""
            facts = {"clause": alarm.clause, "day": day, "what": alarm.text}
            yield _make_monitoring_finding("alarm", REPORT_RAISES_ALARM, where, Severity.OPEN, facts)


def judge_standing_alarms(report: Track, clients: Iterable[Client]) -> Iterator[Finding]:
    """Threats, and work that is not paid, in the last report of a client: said before anything that is due."""
    for client in clients:
        for _, last in find_standing_report(report, client):
            for finding in judge_alarms(report, last, Context(day=date.max)):
                yield replace(finding, where="", record=client.id)


def find_standing_report(report: Track, client: Client) -> Iterator[tuple[Stay | None, Entry]]:
    """The last report of a client, with its stay, as long as it stands.

    Where her monitoring was closed it does not, nor once she came into the house again.
    """
    reports = [
        (stay, one)
        for stay in (client.stays if client.last_stay_lived else (None,))
        if not value_at(read_monitoring(client, stay), "closed.on")
        for one in live_entries(read_monitoring(client, stay).get("reports"))
    ]
    if reports:
        stay, last = max(reversed(reports), key=lambda pair: str(pair[1].get("date")))
        if not any(_check_later_stays(client, stay, str(last.get("date")))):
            yield stay, read_entry(report, last)


def _check_later_stays(client: Client, stay: Stay | None, on: str) -> Iterator[bool]:
    """Whether a later stay says that a report of that day is over: she came again, or her monitoring was closed."""
    for later in client.stays if stay else ():
        if stay and later.index > stay.index:
            closed = read_day(value_at(read_monitoring(client, later), "closed.on"))
            yield any(day is not None and day.isoformat() >= on for day in (later.arrived_on, closed))


def list_monitoring_due(
    report: Track, clients: Iterable[Client], day: date, within: int = 0
) -> Iterator[MonitoringDue]:
    """Whoever is to be monitored on *day*, or within so many days after it; longest due first, unscheduled last."""
    rows = [one for client in clients for one in _list_client_monitoring(report, client, day, within)]
    yield from sorted(rows, key=lambda one: (one.days_since_due is None, -(one.days_since_due or 0), one.id))


def _list_client_monitoring(report: Track, client: Client, day: date, within: int) -> Iterator[MonitoringDue]:
    without_stay: tuple[Stay | None, ...] = () if client.is_struck else (None,)
    for stay in client.stays or without_stay:
        if (stay and stay.turned_away) or is_monitored(report, client, stay):
            continue
        due_day = monitoring_due_day(report, client, stay)
        if due_day is None and stay is None:
            yield MonitoringDue(client.id, None, None, None, None, "unscheduled")
        elif due_day and (late := days_between(due_day, day)) >= -within:
            left, state = stay.discharged_on if stay else None, "due" if late >= 0 else "upcoming"
            yield MonitoringDue(client.id, stay.id if stay else None, left, due_day, late, state)


def judge_scheduled_day(report: Track, client: Client, stay: Stay | None) -> Iterator[Finding]:
    """A day set by hand is for a client without a stay: that of a stay is reckoned from her discharge (X08, X10)."""
    due_day = monitoring_due_day(report, client, stay) if stay else None
    if stay and due_day:
        where = f"/stays/{stay.index}/monitoring/scheduled/on"
        facts = {"clause": MONITORING_CLAUSE, "due": due_day, "left": stay.discharged_on}
        yield _make_monitoring_finding("has-stay", MONITORING_DUE_FROM_DISCHARGE, where, Severity.REFUSE, facts)


def judge_other_words(attempt: Mapping[str, Any], where: str = "") -> Iterator[Finding]:
    """Another way to reach her, or another outcome, says nothing without its words (X106); nothing else has any."""
    for name in ("how", "outcome"):
        key = f"{name}_other"
        other = attempt.get(name) == "other"
        if other != bool(attempt.get(key)):
            message = OTHER_NEEDS_WORDS if other else WORDS_WITHOUT_OTHER
            facts = {"clause": MONITORING_CLAUSE, "key": key}
            found = _make_monitoring_finding("other-words", message, f"{where}/{key}", Severity.REFUSE, facts)
            yield replace(found, in_file=OTHER_NEEDS_WORDS_IN_FILE if other else WORDS_WITHOUT_OTHER_IN_FILE)


def _make_monitoring_finding(code: str, message: str, where: str, severity: Severity, facts: Facts) -> Finding:
    code, clause = f"monitoring/{code}", str(facts["clause"])
    return Finding(code=code, severity=severity, message=message, where=where, clause=clause, facts=facts)
