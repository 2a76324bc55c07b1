"""The duty to monitor her after she left: from when it is due, what answers it, and which answers are raised first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.around import Around, due_on, meant
from shelterctl.core.days import days_from, read_day
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.judgement import judge, judge_entry, unasked
from shelterctl.core.record import Client, Facts, Stay, at, live
from shelterctl.core.track import Track
from shelterctl.language import N_

DUTY = "A7.D"
REPORT = "report"
"""The track of what answers the duty."""

SIGN = "sign"
FROM_DISCHARGE = N_(
    "She left on {left}, so her monitoring is due from {due} ({clause}); a day is set by hand only for a client "
    "without a stay. If she left on another day, take the discharge back: discharge ID --undo."
)
WORDLESS = N_("What is called other needs its words ({clause}).")
WORDLESS_IN_FILE = N_("Write {key}, with --from FILE.")
NOT_OTHER = N_("There are words of other beside another code ({clause}).")
NOT_OTHER_IN_FILE = N_("Leave {key} out, or write other in the code's place.")
RAISED = N_("Her report of {day} says {what}. Speak to the manager and IOM at once ({clause}).")


class Due(NamedTuple):
    """One client's monitoring: since when, or until when, in days; *state* is due, upcoming or unscheduled."""

    id: str
    stay: str | None
    discharged_on: date | None
    due_on: date | None
    days_since_due: int | None
    state: str


def since(report: Track, client: Client, stay: Stay | None) -> date | None:
    """The day from which the duty of a stay is due, or that which was set by hand for a client without one (X08)."""
    if stay is None:
        return read_day(at(client.facts, "monitoring.scheduled.on"))
    return due_on(Around(day=stay.discharged_on or date.max, client=client, stay=stay, due=report.due))


def owed(report: Track, client: Client) -> Stay | None:
    """The stay whose duty is written about: the oldest that she left and that nothing answers, else the last she lived.

    A new referral changes nothing in it: the duty of a stay stands until it is answered, whatever comes later.
    """
    left = (stay for stay in client.stays if stay.discharged_on and not stay.turned_away)
    return next((stay for stay in left if not monitored(report, client, stay)), client.lived)


def written(client: Client, stay: Stay | None) -> Facts:
    """Where the monitoring of a stay is written, or at the top for a client without one."""
    return (stay.facts if stay else client.facts).get("monitoring") or {}


def answered_on(report: Track, client: Client, stay: Stay | None) -> date | None:
    """The day of the first complete report on or after the due day, or on which a manager closed the duty.

    A report or a closing answers the duty of the stay in which it is written, and of no other. A duty that was closed
    before she left, as after a discharge that was taken back, is not closed for the later discharge.
    """
    return min(_closed_on(client, stay) or _reported_on(report, client, stay), default=None)


def ended(report: Track, client: Client, stay: Stay | None) -> str | None:
    """How the duty ended: ``reported``, or ``closed`` where no complete report answers it; None while it stands."""
    return "reported" if _reported_on(report, client, stay) else "closed" if _closed_on(client, stay) else None


def _closed_on(client: Client, stay: Stay | None) -> list[date]:
    left, closed = stay.discharged_on if stay else None, read_day(at(written(client, stay), "closed.on"))
    return [closed] if closed and (stay is None or (left and left <= closed)) else []


def _reported_on(report: Track, client: Client, stay: Stay | None) -> list[date]:
    told = live(written(client, stay).get("reports"))
    due = since(report, client, stay) if told else None
    return [day for one in told if due and (day := read_day(one.get("date"))) and day >= due and complete(report, one)]


def monitored(report: Track, client: Client, stay: Stay | None) -> bool:
    """Whether a complete report answers the duty of a stay, or a manager closed it."""
    return answered_on(report, client, stay) is not None


def complete(report: Track, told: Facts) -> bool:
    """Whether a report is signed and every question that is asked is answered or marked unknown."""
    entry = read_entry(report, told)
    around = Around(day=read_day(told.get("date")) or date.max)
    rules = [rule for rule in report.rules if rule.act == SIGN]
    return bool(told.get("signed")) and not any(unasked(report, entry, around)) and not any(judge(rules, entry, around))


def judge_report(report: Track, told: Facts, where: str, around: Around) -> Iterator[Finding]:
    """What stops a report from being written down, what keeps it from closing the duty, and what is raised."""
    signed = {SIGN} if told.get("signed") else set()
    day = read_day(told.get("date")) or around.day
    around = replace(around, day=day, acts=frozenset({str(report.act), *signed}), due=report.due)
    entry = read_entry(report, told, where)
    yield from judge_entry(entry, around)
    yield from raised_by(report, entry, around)


def raised_by(report: Track, entry: Entry, around: Around) -> Iterator[Finding]:
    """Answers that a manager must hear of before anything else (X14, M2.1.4)."""
    for alarm in report.alarms:
        if meant(alarm.when, entry, around):
            facts: dict[str, Any] = {
                "clause": alarm.clause,
                "day": read_day(entry.written.get("date")) or "",
                "what": alarm.text,
            }
            yield _found("alarm", RAISED, f"{entry.where}/{next(iter(alarm.when))}", Severity.OPEN, **facts)


def raised(report: Track, clients: Iterable[Client]) -> Iterator[Finding]:
    """Threats, and work that is not paid, in the last report of a client: said before anything that is due."""
    for client in clients:
        for _, last in standing(report, client):
            for finding in raised_by(report, last, Around(day=date.max)):
                yield replace(finding, where="", record=client.id)


def standing(report: Track, client: Client) -> Iterator[tuple[Stay | None, Entry]]:
    """The last report of a client, with its stay, as long as it stands.

    Where her monitoring was closed it does not, nor once she came into the house again.
    """
    told = [
        (stay, one)
        for stay in (client.stays if client.lived else (None,))
        if not at(written(client, stay), "closed.on")
        for one in live(written(client, stay).get("reports"))
    ]
    if told:
        stay, last = max(reversed(told), key=lambda pair: str(pair[1].get("date")))
        if not any(_after(client, stay, str(last.get("date")))):
            yield stay, read_entry(report, last)


def _after(client: Client, stay: Stay | None, on: str) -> Iterator[bool]:
    """Whether a later stay says that a report of that day is over: she came again, or her monitoring was closed."""
    for later in client.stays if stay else ():
        if stay and later.index > stay.index:
            closed = read_day(at(written(client, later), "closed.on"))
            yield any(day is not None and day.isoformat() >= on for day in (later.arrived_on, closed))


def due(report: Track, clients: Iterable[Client], day: date, within: int = 0) -> Iterator[Due]:
    """Whoever is to be monitored on *day*, or within so many days after it; longest due first, unscheduled last."""
    rows = [one for client in clients for one in _of(report, client, day, within)]
    yield from sorted(rows, key=lambda one: (one.days_since_due is None, -(one.days_since_due or 0), one.id))


def _of(report: Track, client: Client, day: date, within: int) -> Iterator[Due]:
    if not client.stays and not client.struck:
        if monitored(report, client, None):
            return
        due_day = since(report, client, None)
        if due_day is None:
            yield Due(client.id, None, None, None, None, "unscheduled")
        elif (late := days_from(due_day, day)) >= -within:
            yield Due(client.id, None, None, due_day, late, "due" if late >= 0 else "upcoming")
    for stay in client.stays:
        due_day = since(report, client, stay) if not stay.turned_away else None
        if due_day is None or monitored(report, client, stay):
            continue
        late = days_from(due_day, day)
        if late >= -within:
            state = "due" if late >= 0 else "upcoming"
            yield Due(client.id, stay.id, stay.discharged_on, due_day, late, state)


def scheduled(report: Track, client: Client, stay: Stay | None) -> Iterator[Finding]:
    """A day set by hand is for a client without a stay: that of a stay is reckoned from her discharge (X08, X10)."""
    due_day = since(report, client, stay) if stay else None
    if stay and due_day:
        where = f"/stays/{stay.index}/monitoring/scheduled/on"
        yield _found(
            "has-stay", FROM_DISCHARGE, where, Severity.REFUSE, clause=DUTY, due=due_day, left=stay.discharged_on
        )


def wordless(attempt: Mapping[str, Any], where: str = "") -> Iterator[Finding]:
    """Another way to reach her, or another outcome, says nothing without its words (X106); nothing else has any."""
    for name in ("how", "outcome"):
        key = f"{name}_other"
        other = attempt.get(name) == "other"
        if other != bool(attempt.get(key)):
            said, remedy = (WORDLESS, WORDLESS_IN_FILE) if other else (NOT_OTHER, NOT_OTHER_IN_FILE)
            found = _found("other-words", said, f"{where}/{key}", Severity.REFUSE, clause=DUTY)
            yield replace(found, in_file=remedy, facts={**found.facts, "key": key})


def _found(code: str, message: str, where: str, severity: Severity = Severity.OPEN, **facts: Any) -> Finding:
    clause = str(facts["clause"])
    return Finding(
        code=f"monitoring/{code}", severity=severity, message=message, where=where, clause=clause, facts=facts
    )
