"""Rows of lists of what is due: the obligation of a client or of a register, and the monitoring of a client."""

from datetime import date, datetime
from typing import NamedTuple

from shelterctl.core.manual.track import DANGERS_BY_GRAVITY
from shelterctl.language import Text

DEADLINE_STATES = ("overdue", "due", "open", "upcoming", "unscheduled")
"""The states of a deadline: its day or hour has passed, is today, has no last day, is still to come, or was never set.
"""

HOURS_IN_A_DAY = 24
MINUTES_IN_A_DAY = HOURS_IN_A_DAY * 60


class Obligation(NamedTuple):
    """One thing that is due for one client.

    *what* is the name of the track or item, *row* its row in the manual's table of deadlines, if any. *days_since_due*
    is negative before the day; for open items it counts from the beginning. Where an hour was set, *due_at* is that
    moment, and *minutes_since_due* is counted too. *danger* is the reason to show it before papers and money. *owner*
    is the responsible role, *owner_codes* are members of staff who are named as responsible, *social_worker* is her
    social worker's code; *entry* is the id of the entry concerned, *group* that of one of several groups in it, and
    *gaps* counts the periods without an entry. *begun_on* is the day of the stay's event from which it is counted.
    *every* is the interval of one that recurs. The words of one for the *wall* tell nothing of a person.
    """

    id: str
    stay: str | None
    state: str
    what: str
    text: Text
    due_on: date | None
    days_since_due: int | None
    clause: str
    owner: str | None = None
    row: str | None = None
    social_worker: str | None = None
    entry: str | None = None
    gaps: int | None = None
    gate: bool = False
    due_at: datetime | None = None
    minutes_since_due: int | None = None
    danger: str | None = None
    begun_on: date | None = None
    owner_codes: tuple[str, ...] = ()
    group: str | None = None
    every: str | None = None
    wall: bool = False


def order_by_danger(owed: Obligation) -> tuple[int, int, int, str]:
    """Return the sort key of an obligation: dangers first, by gravity and age; then by state and age."""
    rank = DANGERS_BY_GRAVITY.index(owed.danger) if owed.danger else len(DANGERS_BY_GRAVITY)
    return (rank, 0 if owed.danger else DEADLINE_STATES.index(owed.state), -count_minutes_due(owed), owed.id)


def count_minutes_due(owed: Obligation) -> int:
    """Return for how many minutes something has been due, negative before; without an hour a day counts as a whole."""
    counted = owed.minutes_since_due
    return (owed.days_since_due or 0) * MINUTES_IN_A_DAY if counted is None else counted


class MonitoringDue(NamedTuple):
    """One client's monitoring: days since or until its day; *state* is due, upcoming or unscheduled."""

    id: str
    stay: str | None
    discharged_on: date | None
    due_on: date | None
    days_since_due: int | None
    state: str


def order_by_wait(one: MonitoringDue) -> tuple[bool, int, str]:
    """Return the sort key of monitoring that is due: the longest due first, what has no day last."""
    return one.days_since_due is None, -(one.days_since_due or 0), one.id
