"""Monitoring after a stay: the state of the duty, the findings of a report, and the answers that raise an alarm.

The duty is an ordinary deadline of the report's track: `core.rules.deadlines` finds when it is due and what answers it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.act import SIGN_ACT
from shelterctl.core.manual.track import DANGER_AT_ONCE, MONITORING, MONITORING_END, Alarm, Deadline, Track
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.entries import Entry, list_entries, read_entry
from shelterctl.core.rules.context import Context, Tracks
from shelterctl.core.rules.deadlines import find_answers, find_deadline_day, is_complete, list_track_obligations
from shelterctl.core.rules.judgement import judge_entry
from shelterctl.core.rules.names import matches_answers
from shelterctl.core.rules.obligation import MonitoringDue, Obligation, order_by_wait
from shelterctl.core.values.days import days_between
from shelterctl.core.values.facts import Facts
from shelterctl.language import Sentence, format_sentence
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

REPORT_SAYS = N_("{her|his} report says {what}")
"""The text of an alarm in a list of what is due."""

MONITORING_DUE_FROM_DISCHARGE = N_(
    "{She|He} left on {left}, so {her|his} monitoring is due from {due} ({clause}). Set a day only for a "
    "client without a stay. If {she|he} left on another day, undo the discharge: discharge ID --undo."
)
OTHER_NEEDS_WORDS = N_("The answer “other” needs a text that says what it is ({clause}).")
OTHER_NEEDS_WORDS_IN_FILE = N_("Write {key} in the file for --from.")
WORDS_WITHOUT_OTHER = N_("There is a text for “other”, but the answer is not “other” ({clause}).")
WORDS_WITHOUT_OTHER_IN_FILE = N_("Leave {key} out, or write other instead of the code.")
REPORT_RAISES_ALARM = N_("{Her|His} report of {day} says {what}. Speak to the manager and {issuer} at once ({clause}).")


class Duty(NamedTuple):
    """The duty to monitor a client after one stay, or a client without a stay, and the day from which it is due (X08).

    *answered_on* is the day of the first complete report on or after that day, or the day on which a manager closed it.
    *outcome* is ``reported``, or ``closed`` where no complete report answers it. Both are None until then.
    """

    due_on: date | None
    answered_on: date | None
    outcome: str | None


def monitoring_deadline(report: Track) -> Deadline | None:
    """Return the deadline of the report that begins with her discharge (A7.D); None where none does."""
    return next((due for due in report.due if due.event == "discharge"), None)


def monitoring_clause(tracks: Tracks) -> str:
    """Return the clause that asks for monitoring: that of its deadline, else that of its report; "" without either."""
    report = tracks.serving(MONITORING)
    due = monitoring_deadline(report) if report else None
    ruling = due.ruling(date.max) if due else None
    return str((ruling and ruling.clause) or (report.clause if report else ""))


def read_duty(tracks: Tracks, client: Client, stay: Stay | None) -> Duty:
    """Return the duty to monitor a client by her file; a report or a closing answers only the duty of its own stay.

    A closing from before she left, as after an undone discharge, does not close the later duty. It is read once of each
    stay, since the state, the columns and the obstacles to deleting a file all ask for it.
    """
    kept = (stay or client).cache
    known: tuple[Tracks, Duty] | None = kept.get("duty of monitoring")
    if known is None or known[0] is not tracks:
        known = kept["duty of monitoring"] = (tracks, _find_duty(tracks, client, stay))
    return known[1]


def _find_duty(tracks: Tracks, client: Client, stay: Stay | None) -> Duty:
    report = tracks.serving(MONITORING)
    due = monitoring_deadline(report) if report else None
    if report is None or due is None:
        return Duty(None, None, None)
    seen = Context(day=date.max, client=client, stay=stay, tracks=tracks)
    due_on = find_deadline_day(due, seen)
    answers = [*find_answers(report, due, due_on, seen)]
    reported, closed = ([one.day for one in answers if (one.definition is report) is own] for own in (True, False))
    outcome = "reported" if reported else "closed" if closed else None
    return Duty(due_on, min(filter(None, closed or reported), default=None), outcome)


def find_unmonitored_stay(tracks: Tracks, client: Client) -> Stay | None:
    """Return the stay to write a report about: the oldest she left without an answer, else the last she lived in.

    A new referral does not change this: the duty after a stay holds until it is answered.
    """
    left = (stay for stay in client.stays if stay.discharged_on and not stay.turned_away)
    return next((stay for stay in left if not read_duty(tracks, client, stay).outcome), client.last_stay_lived)


def live_reports(client: Client, stay: Stay | None) -> tuple[Facts, ...]:
    """Return the reports about a stay that are not struck through; without a stay, those at the top of the file."""
    return live_entries(value_at((stay or client).facts, "monitoring.reports"))


def list_monitoring_due(tracks: Tracks, clients: Iterable[Client], day: date, within: int = 0) -> list[MonitoringDue]:
    """Return the clients to monitor on *day* or *within* that many days; longest due first, unscheduled last."""
    report, seen, rows = tracks.serving(MONITORING), Context(day=day, today=day, tracks=tracks), []
    for her in clients if report else ():
        for one in list_track_obligations([report] if report else [], replace(seen, client=her), within):
            state = "due" if one.state == "overdue" else one.state  # monitoring is never overdue (X10)
            rows.append(MonitoringDue(one.id, one.stay, one.begun_on, one.due_on, one.days_since_due, state))
    return sorted(rows, key=order_by_wait)


def is_report_complete(report: Track, facts: Facts) -> bool:
    """Return whether a report is signed and every question asked is answered or marked unknown."""
    return is_complete(read_entry(report, facts), Context(day=date.max))


def judge_report(report: Track, facts: Facts, where: str, context: Context) -> Iterator[Finding]:
    """Yield the findings of a report: what prevents saving it, what keeps the duty open, and alarms."""
    entry, left = read_entry(report, facts, where), context.event_day("discharge")
    due = monitoring_deadline(report)
    due_on = due.due_day(left) if due and left else None
    acts = frozenset({str(report.act), *({SIGN_ACT} if facts.get("signed") else ())})
    context = replace(context, day=entry.day or context.day, acts=acts, due_on=due_on)
    yield from judge_entry(entry, context)
    yield from judge_alarms(report, entry, context)


def judge_alarms(report: Track, entry: Entry, context: Context) -> Iterator[Finding]:
    """Yield a finding for each answer that a manager must hear of before anything else (X14, M2.1.4)."""
    for alarm in find_alarms(report, entry, context):
        where, facts = f"{entry.where}/{next(iter(alarm.when))}", {"day": entry.day or "", "what": alarm.text}
        facts |= {"opens": alarm.opens} if alarm.opens else {}
        yield make_monitoring_finding("alarm", REPORT_RAISES_ALARM, where, Severity.OPEN, clause=alarm.clause, **facts)


def find_alarms(report: Track, entry: Entry, context: Context) -> list[Alarm]:
    """Return the alarms that the answers of a report raise."""
    return [alarm for alarm in report.alarms if matches_answers(alarm.when, entry, context)]


def judge_standing_alarms(tracks: Tracks, clients: Iterable[Client]) -> Iterator[Finding]:
    """Yield findings for threats and unpaid work in the last report of each client; they are shown first."""
    for client in clients:
        for report, _, last in _find_standing_report(tracks, client):
            for finding in judge_alarms(report, last, Context(day=date.max)):
                yield replace(finding, where="", record=client.id)


def list_alarm_obligations(tracks: Tracks, client: Client, day: date) -> Iterator[Obligation]:
    """Yield the alarms of her last report as obligations, until her monitoring is closed or she comes again."""
    for report, home, last in _find_standing_report(tracks, client):
        if last.day is None or last.day > day:
            continue
        stay, since = home.id if isinstance(home, Stay) else None, days_between(last.day, day)
        for alarm in find_alarms(report, last, Context(day=day)):
            texts = {each: format_sentence(REPORT_SAYS, {"what": alarm.text}, each) for each in SCREEN_LANGUAGES}
            owed = Obligation(client.id, stay, "open", report.name, texts, last.day, since, alarm.clause)
            yield owed._replace(entry=last.written.get("id"), owner=alarm.owner, row=alarm.row, danger=DANGER_AT_ONCE)


def _find_standing_report(tracks: Tracks, client: Client) -> Iterator[tuple[Track, Stay | Client, Entry]]:
    """Yield the last report of a client that still counts, with its track and the stay or file that holds it.

    It stops counting when her monitoring is closed or she comes into the house again.
    """
    report, closing = tracks.serving(MONITORING), tracks.serving(MONITORING_END)
    if report is None:
        return
    homes: Mapping[int, Stay | Client] = {stay.index: stay for stay in client.stays}
    homes = homes if client.last_stay_lived else {-1: client}
    closings = (
        (at, one.day)
        for at, home in homes.items()
        for one in (list_entries(closing, home.facts, "") if closing else ())
    )
    closed = {at: day for at, day in closings if day}
    still = ((at, home) for at, home in homes.items() if at not in closed)
    reports = [(at, one) for at, home in still for one in list_entries(report, home.facts, "")]
    at, last = max(reversed(reports), key=lambda pair: pair[1].day or date.min, default=(-1, None))
    later = [stay for stay in client.stays if stay.index > at >= 0]
    ends = [day for stay in later for day in (stay.arrived_on, closed.get(stay.index)) if day]
    if last and max(ends, default=date.min) < (last.day or date.max):
        yield report, homes[at], last


def judge_scheduled_day(tracks: Tracks, client: Client, stay: Stay | None) -> Iterator[Finding]:
    """Yield a finding for a day set by hand after a stay: it is then counted from her discharge (X08, X10)."""
    due_day = read_duty(tracks, client, stay).due_on if stay else None
    if stay and due_day:
        where, left = f"/stays/{stay.index}/monitoring/scheduled/on", stay.discharged_on
        yield make_monitoring_finding(
            "has-stay", MONITORING_DUE_FROM_DISCHARGE, where, clause=monitoring_clause(tracks), due=due_day, left=left
        )


def judge_other_words(attempt: Facts, clause: str, where: str = "") -> Iterator[Finding]:
    """Yield findings where the answer ``other`` has no text, or another answer has one (X106)."""
    for name in ("how", "outcome"):
        key, other = f"{name}_other", attempt.get(name) == "other"
        if other != bool(attempt.get(key)):
            message = OTHER_NEEDS_WORDS if other else WORDS_WITHOUT_OTHER
            found = make_monitoring_finding("other-words", message, f"{where}/{key}", clause=clause, key=key)
            yield replace(found, in_file=OTHER_NEEDS_WORDS_IN_FILE if other else WORDS_WITHOUT_OTHER_IN_FILE)


def make_monitoring_finding(
    name: str,
    message: Sentence,
    where: str = "",
    severity: Severity = Severity.REFUSE,
    *,
    clause: str,
    **facts: object,
) -> Finding:
    """Return a finding ``monitoring/``*name* with its facts, including the clause."""
    code, facts = f"monitoring/{name}", {"clause": clause, **facts}
    return Finding(code=code, message=message, severity=severity, where=where, clause=clause, facts=facts)
