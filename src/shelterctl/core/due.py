"""What is due, upcoming or not yet scheduled, as of a day."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from shelterctl.core.days import days_from, read_day
from shelterctl.core.finding import Finding
from shelterctl.core.monitoring import ReportForm, alarms, due_on, monitored
from shelterctl.core.record import Client, at, live


class Due(NamedTuple):
    """One client's monitoring: since when, or until when, in days; *state* is due, upcoming or unscheduled."""

    id: str
    stay: str | None
    discharged_on: date | None
    due_on: date | None
    days_since_due: int | None
    state: str


def monitoring(form: ReportForm, clients: Iterable[Client], day: date, within: int = 0) -> Iterator[Due]:
    """Whoever is to be monitored on *day*, or within so many days after it; longest due first, unscheduled last."""
    rows = [due for client in clients if (due := _monitoring_of(form, client, day, within))]
    yield from sorted(rows, key=lambda due: (due.days_since_due is None, -(due.days_since_due or 0), due.id))


def _monitoring_of(form: ReportForm, client: Client, day: date, within: int) -> Due | None:
    if monitored(form, client):
        return None
    stay = client.lived
    if stay is not None:
        since = due_on(form, stay)
        if since is None:
            return None
    elif client.stays or client.struck:
        return None  # turned away from every stay, or a file that was begun twice: nobody took the duty on
    else:
        since = read_day(at(client.duties, "scheduled.on"))
        if since is None:
            return Due(client.id, None, None, None, None, "unscheduled")
    late = days_from(since, day)
    if late < -within:
        return None
    left = stay.discharged_on if stay else None
    return Due(client.id, stay.id if stay else None, left, since, late, "due" if late >= 0 else "upcoming")


def raised(form: ReportForm, clients: Iterable[Client]) -> Iterator[Finding]:
    """Threats, and work that is not paid, in the last report of a client: said before anything that is due."""
    for client in clients:
        if at(client.duties, "closed.on"):
            continue
        reports = sorted(live(client.duties.get("reports")), key=lambda report: str(report.get("date")))
        for finding in alarms(form, reports[-1]) if reports else ():
            yield replace(finding, where="", record=client.id)
