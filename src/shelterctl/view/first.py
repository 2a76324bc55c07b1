"""What comes first for one client: answers that wait, what the gate lacks, or her nearest deadline; one line of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shelterctl import screen
from shelterctl.act.file import state
from shelterctl.core.days import read_time
from shelterctl.core.due import Owed, minutes
from shelterctl.core.record import Client
from shelterctl.core.state import away
from shelterctl.core.track import AT_ONCE, DANGERS, GATE, LATE
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural, Text
from shelterctl.library import Shelf
from shelterctl.view import client
from shelterctl.view.hour import hour, length

MISSING = Plural(N_("{count} thing missing at the gate"), N_("{count} things missing at the gate"), "count")
WAITING = N_("answers wait to be finished: {papers}")
READY = N_("nothing is missing for her admission")
OUT = N_("[{state} since {since}]")
OUT_UNTIL = N_("[{state} since {since}, expected at {until}]")
EXPECTED = N_("{what}: expected at {at}, {time} late")
OVERDUE = Plural(N_("{days} day late: {what}"), N_("{days} days late: {what}"), "days")
WAITS = Plural(N_("open for {days} day: {what}"), N_("open for {days} days: {what}"), "days")
TODAY = N_("today: {what}")
TODAY_AT = N_("today at {at}: {what}")
AHEAD = Plural(N_("in {days} day: {what}"), N_("in {days} days: {what}"), "days")
OPEN = Plural(N_("{count} thing open"), N_("{count} things open"), "count")
AND_MORE = N_("{first} (+{count})")

SOON = 7
"""Within so many days what lies ahead is told beside what is due."""

DATED = ("overdue", "due", "upcoming")
"""The deadlines that have a day."""

GRAVE = (LATE, AT_ONCE)
"""What is told of her before all else, also before she is admitted."""

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
    def listed(self) -> Sequence[Owed]:
        """What of it has a day or is a danger; what the gate lacks is counted instead."""
        return [one for one in self.owed if one.state in DATED or (one.danger and not one.gate)]

    @property
    def danger(self) -> str | None:
        """The gravest danger that what is owed says."""
        said = self.owed[0].danger if self.owed else None
        return said if self.admitted or said in GRAVE else GATE

    @property
    def urgency(self) -> tuple[int, int, str]:
        """The gravest danger first, then what is due for the longest time, then the order of arrival."""
        lead = self.owed[:1] if self.danger else self.listed[:1]
        rank = DANGERS.index(self.danger) if self.danger else len(DANGERS) + (not lead)
        arrived = str(self.her.stay.arrived_on if self.her.stay else "")
        return (rank, -minutes(lead[0]) if lead else 0, arrived)

    def line(self, here: Desk) -> str:
        """Her id, how she is called, since when she is out, and what comes first."""
        id_, _, name = client.called(self.her).partition(" ")
        out = None if self.danger == LATE else away(self.her.stay, here.today)
        absent = ""
        if out:
            hours = {"since": _hour(here, out.since), "until": _hour(here, out.expected)}
            told = {"state": here.shelf.states[out.state]["text"], **hours}
            absent = screen.said(OUT_UNTIL if out.expected else OUT, told)
        return "  ".join(part for part in (id_, name, absent, self.told(here)) if part)

    def told(self, here: Desk) -> str:
        """What comes first; answers that wait stand behind a danger, for they hide none."""
        if self.danger in GRAVE:
            return self._listed(here)
        if begun := self.her.facts.get("unfinished"):
            waits = screen.said(WAITING, {"papers": [paper_of(here.shelf, name) for name in begun]})
            return f"{self._listed(here)} · {waits}" if self.danger and self.admitted else waits
        if not self.admitted:
            count = sum(one.gate for one in self.owed)
            return screen.said(MISSING, {"count": count}) if count else screen.said(READY)
        if not self.listed:
            count = len(self.owed)
            return screen.said(OPEN, {"count": count}) if count else screen.shown(state(here, self.her))
        return self._listed(here)

    def _listed(self, here: Desk) -> str:
        """The first of what is listed, and how much more of it there is."""
        told, more = when(here, self.listed[0]), len(self.listed) - 1
        return screen.said(AND_MORE, {"first": told, "count": more}) if more else told


def _hour(here: Desk, written: str | None) -> Text | str | None:
    """A time of a record as its hour, with the day where that is not today; what is no time stays as it is."""
    at = read_time(written)
    return hour(at, here.today) if at else written


def when(here: Desk, one: Owed) -> str:
    """A deadline, and for how long it is late or open, or how many days it is still to come."""
    days, passed = one.days_since_due or 0, one.minutes_since_due or 0
    facts: dict[str, object] = {"days": abs(days), "what": one.text, "time": length(abs(passed))}
    if one.due_at:
        facts["at"] = hour(one.due_at, here.today)
    if one.state == "overdue" and passed:
        return screen.said(EXPECTED, facts)
    if not days:
        return screen.said(TODAY_AT if one.due_at else TODAY, facts)
    return screen.said(AHEAD if days < 0 else WAITS if one.state == "open" else OVERDUE, facts)


def paper_of(shelf: Shelf, name: str) -> Text | str:
    """What answers were begun for, as people call it."""
    form = shelf.forms.get(name.removesuffix("-signature").removesuffix("-termination"))
    track = form or (None if name in PAPERS else shelf.tracks.get(name.partition(" ")[0]))
    return track.text if track else PAPERS.get(name, name)
