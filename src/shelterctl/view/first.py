"""What comes first for one client: answers that wait, what the gate lacks, or her nearest deadline; one line of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shelterctl import screen
from shelterctl.act.file import state
from shelterctl.core.due import Owed
from shelterctl.core.record import Client
from shelterctl.core.state import away
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural, Text
from shelterctl.library import Shelf
from shelterctl.view import client

MISSING = Plural(N_("{count} thing missing at the gate"), N_("{count} things missing at the gate"), "count")
WAITING = N_("answers wait to be finished: {papers}")
READY = N_("nothing is missing for her admission")
LATE = Plural(N_("{days} day late: {what}"), N_("{days} days late: {what}"), "days")
TODAY = N_("today: {what}")
AHEAD = Plural(N_("in {days} day: {what}"), N_("in {days} days: {what}"), "days")
OPEN = Plural(N_("{count} thing open"), N_("{count} things open"), "count")
AND_MORE = N_("{first} (+{count})")

SOON = 7
"""Within so many days what lies ahead is told beside what is due."""

DATED = ("overdue", "due", "upcoming")
"""The deadlines that have a day."""

PAPERS = {
    "discharge": N_("discharge"),
    "monitoring-report": N_("monitoring report"),
    "monitoring-attempt": N_("attempt to reach her"),
    "monitoring-closed": N_("closing of monitoring"),
    "monitoring-scheduled": N_("day of monitoring"),
}
"""What answers may wait for besides the financial forms."""


@dataclass(frozen=True, repr=False, eq=False)
class First:
    """A client, and what is owed of her in the order in which it is told."""

    her: Client
    owed: Sequence[Owed]

    @property
    def admitted(self) -> bool:
        """Whether she has nothing to do with the gate any more."""
        return self.her.stay is None or self.her.stay.admitted_on is not None

    @property
    def dated(self) -> Sequence[Owed]:
        """What of it has a day."""
        return [one for one in self.owed if one.state in DATED]

    @property
    def urgency(self) -> tuple[bool, bool, float, str]:
        """Who is not admitted yet first, then the longest overdue, then in the order of arrival."""
        days = [one.days_since_due or 0 for one in self.dated[:1]]
        arrived = str(self.her.stay.arrived_on if self.her.stay else "")
        return (self.admitted, not days, -(days or [0])[0], arrived)

    def line(self, here: Desk) -> str:
        """Her id, how she is called, whether she is out, and what comes first."""
        id_, _, name = client.called(self.her).partition(" ")
        out = away(self.her.stay, here.today)
        absent = f"[{screen.shown(here.shelf.states[out.state]['text'])}]" if out else ""
        return "  ".join(part for part in (id_, name, absent, self.told(here)) if part)

    def told(self, here: Desk) -> str:
        """What comes first."""
        if begun := self.her.facts.get("unfinished"):
            return screen.said(WAITING, {"papers": [paper_of(here.shelf, name) for name in begun]})
        if not self.admitted:
            count = sum(one.gate for one in self.owed)
            return screen.said(MISSING, {"count": count}) if count else screen.said(READY)
        if not self.dated:
            count = len(self.owed)
            return screen.said(OPEN, {"count": count}) if count else screen.shown(state(here, self.her))
        told, more = when(self.dated[0]), len(self.dated) - 1
        return screen.said(AND_MORE, {"first": told, "count": more}) if more else told


def when(one: Owed) -> str:
    """A deadline, and how many days it is late, or still to come."""
    days = one.days_since_due or 0
    sentence = TODAY if not days else LATE if days > 0 else AHEAD
    return screen.said(sentence, {"days": abs(days), "what": one.text})


def paper_of(shelf: Shelf, name: str) -> Text | str:
    """What answers were begun for, as people call it."""
    form = shelf.forms.get(name.removesuffix("-signature").removesuffix("-termination"))
    track = form or (None if name in PAPERS else shelf.tracks.get(name.partition(" ")[0]))
    return track.text if track else PAPERS.get(name, name)
