"""One client in one line of a list: her id, name, state and house, and the thing to do first for her, with how long it
is late or how many days are left.
"""

from collections.abc import Sequence
from typing import Any

from shelterctl.act.client_file import client_state
from shelterctl.core.manual.track import DANGER_AT_ONCE, DANGER_GATE, DANGER_LATE, DANGERS_BY_GRAVITY
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.rules.client_state import find_absence
from shelterctl.core.rules.deadlines import Obligation, count_minutes_due
from shelterctl.core.values.days import read_time
from shelterctl.immutable import immutable
from shelterctl.language import Plural, Text
from shelterctl.output.labels import format_duration, format_moment
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.screen import fact_text, sentence_text
from shelterctl.ui_language import N_

CLIENT_ROW_COLUMNS = ("id", "state", "facility", "arrived_on")
CLIENT_NAME_COLUMNS = ("first_name", "last_name")


def client_row(session: Session, her: Client) -> dict[str, Any]:
    """Where a client is on the manual's way, and in which house."""
    last = her.stay
    return {
        "id": her.id,
        "state": client_state(session, her),
        "facility": last.facility if last else None,
        "arrived_on": last.arrived_on if last else None,
    }


def narrow_client_row(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """A row for the screen: the house is left out where there is only one, for names take up room."""
    one = len(session.store.shelter.value["facilities"]) == 1
    return {name: value for name, value in row.items() if not (one and name == "facility")}


def client_label(her: Client) -> str:
    """Her id, her first name and how her last one begins: enough to know whose file it is."""
    first, last = (value_at(her.facts, f"identity.{name}") for name in CLIENT_NAME_COLUMNS)
    return " ".join(part for part in (her.id, first, f"{last[0]}." if last else None) if part)


def client_names(her: Client) -> dict[str, str | None]:
    """Her first and last name; at a terminal alone, on a screen that is gone when it is left."""
    return {name: value_at(her.facts, f"identity.{name}") for name in CLIENT_NAME_COLUMNS}


THINGS_MISSING_AT_GATE = Plural(
    N_("{count} thing missing at the gate"), N_("{count} things missing at the gate"), "count"
)
ANSWERS_WAIT = N_("answers wait to be finished: {papers}")
NOTHING_MISSING_FOR_ADMISSION = N_("nothing is missing for her admission")
OUT_SINCE = N_("[{state} since {since}]")
OUT_SINCE_UNTIL = N_("[{state} since {since}, expected at {until}]")
EXPECTED_BACK_LATE = N_("{what}: expected at {at}, {time} late")
DAYS_LATE = Plural(N_("{days} day late: {what}"), N_("{days} days late: {what}"), "days")
DAYS_OPEN = Plural(N_("open for {days} day: {what}"), N_("open for {days} days: {what}"), "days")
FIRST_TODAY = N_("today: {what}")
FIRST_TODAY_AT = N_("today at {at}: {what}")
FIRST_IN_DAYS = Plural(N_("in {days} day: {what}"), N_("in {days} days: {what}"), "days")
THINGS_OPEN = Plural(N_("{count} thing open"), N_("{count} things open"), "count")
AND_MORE = N_("{first} (+{count})")

SOON_DAYS = 7
"""Within so many days what lies ahead is told beside what is due."""

DATED_STATES = ("overdue", "due", "upcoming")
"""The deadlines that have a day."""

GRAVE_DANGERS = (DANGER_LATE, DANGER_AT_ONCE)
"""What is told of her before all else, also before she is admitted."""

UNFINISHED_PAPER_NAMES = {
    "discharge": N_("discharge"),
    "monitoring-report": N_("monitoring report"),
    "monitoring-attempt": N_("attempt to reach her"),
    "monitoring-closed": N_("closing of monitoring"),
    "monitoring-scheduled": N_("day of monitoring"),
}
"""What answers may wait for besides the financial forms."""


@immutable(slots=False)
class ClientPriority:
    """A client, and what is owed of her in the order in which it is told."""

    client: Client
    due: Sequence[Obligation]

    @property
    def admitted(self) -> bool:
        """Whether she has nothing to do with the gate any more."""
        return self.client.stay is None or self.client.stay.admitted_on is not None

    @property
    def dated(self) -> Sequence[Obligation]:
        """What of it has a day or is a danger; what the gate lacks is counted instead."""
        return [one for one in self.due if one.state in DATED_STATES or (one.danger and not one.gate)]

    @property
    def danger(self) -> str | None:
        """The gravest danger that what is owed says."""
        said = self.due[0].danger if self.due else None
        return said if self.admitted or said in GRAVE_DANGERS else DANGER_GATE

    @property
    def urgency(self) -> tuple[int, int, str]:
        """The gravest danger first, then what is due for the longest time, then the order of arrival."""
        lead = self.due[:1] if self.danger else self.dated[:1]
        rank = DANGERS_BY_GRAVITY.index(self.danger) if self.danger else len(DANGERS_BY_GRAVITY) + (not lead)
        arrived = str(self.client.stay.arrived_on if self.client.stay else "")
        return (rank, -count_minutes_due(lead[0]) if lead else 0, arrived)

    def summary_line(self, session: Session) -> str:
        """Her id, how she is called, since when she is out, and what comes first."""
        id_, _, name = client_label(self.client).partition(" ")
        out = None if self.danger == DANGER_LATE else find_absence(self.client.stay, session.today)
        absent = ""
        if out:
            since, until = (_moment_or_written(session, each) for each in (out.since, out.expected))
            facts = {"state": session.rulebook.states[out.state]["text"], "since": since, "until": until}
            absent = sentence_text(OUT_SINCE_UNTIL if out.expected else OUT_SINCE, facts)
        return "  ".join(part for part in (id_, name, absent, self.first_thing(session)) if part)

    def first_thing(self, session: Session) -> str:
        """What comes first; answers that wait stand behind a danger, for they hide none."""
        if self.danger in GRAVE_DANGERS:
            return self._first_dated(session)
        if begun := self.client.facts.get("unfinished"):
            papers = [unfinished_paper_name(session.rulebook, name) for name in begun]
            waits = sentence_text(ANSWERS_WAIT, {"papers": papers})
            return f"{self._first_dated(session)} · {waits}" if self.danger and self.admitted else waits
        if not self.admitted:
            count = sum(one.gate for one in self.due)
            return sentence_text(THINGS_MISSING_AT_GATE if count else NOTHING_MISSING_FOR_ADMISSION, {"count": count})
        if not self.dated:
            count = len(self.due)
            return (
                sentence_text(THINGS_OPEN, {"count": count}) if count else fact_text(client_state(session, self.client))
            )
        return self._first_dated(session)

    def _first_dated(self, session: Session) -> str:
        """The first of what is listed, and how much more of it there is."""
        told, more = deadline_in_words(session, self.dated[0]), len(self.dated) - 1
        return sentence_text(AND_MORE, {"first": told, "count": more}) if more else told


def _moment_or_written(session: Session, written: str | None) -> Text | str | None:
    """A time of a record as its hour, with the day where that is not today; what is no time stays as it is."""
    at = read_time(written)
    return format_moment(at, session.today) if at else written


def deadline_in_words(session: Session, one: Obligation) -> str:
    """A deadline, and for how long it is late or open, or how many days it is still to come."""
    days, passed = one.days_since_due or 0, one.minutes_since_due or 0
    facts: dict[str, object] = {"days": abs(days), "what": one.text, "time": format_duration(abs(passed))}
    if one.due_at:
        facts["at"] = format_moment(one.due_at, session.today)
    if one.state == "overdue" and passed:
        return sentence_text(EXPECTED_BACK_LATE, facts)
    if not days:
        return sentence_text(FIRST_TODAY_AT if one.due_at else FIRST_TODAY, facts)
    return sentence_text(FIRST_IN_DAYS if days < 0 else DAYS_OPEN if one.state == "open" else DAYS_LATE, facts)


def unfinished_paper_name(rulebook: Rulebook, name: str) -> Text | str:
    """What answers were begun for, as people call it."""
    form = rulebook.forms.get(name.removesuffix("-signature").removesuffix("-termination"))
    track = form or (None if name in UNFINISHED_PAPER_NAMES else rulebook.tracks.get(name.partition(" ")[0]))
    return track.text if track else UNFINISHED_PAPER_NAMES.get(name, name)
