"""One client in one line of a list: her id, name, state and house, and what to do first for her, with how late it is or
how many days are left.
"""

from collections.abc import Sequence
from typing import Any

from shelterctl.act.state_in_words import client_state, name_state
from shelterctl.core.manual.track import DANGER_AT_ONCE, DANGER_GATE, DANGER_LATE, DANGERS_BY_GRAVITY
from shelterctl.core.record.client import Client, find_absence, value_at
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.rules.obligation import Obligation, count_minutes_due
from shelterctl.core.values.days import read_time
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, Plural, Text
from shelterctl.output.labels import format_duration, format_moment
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.screen import fact_text, sentence_text
from shelterctl.ui_language import N_

CLIENT_ROW_COLUMNS = ("id", "state", "facility", "arrived_on")
CLIENT_NAME_COLUMNS = ("first_name", "last_name")


def client_row(session: Session, her: Client) -> dict[str, Any]:
    """Return a client's id, state, house and day of arrival as a row of a list."""
    last = her.stay
    return {
        "id": her.id,
        "state": client_state(session, her),
        "facility": last.facility if last else None,
        "arrived_on": last.arrived_on if last else None,
    }


def narrow_client_row(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row for the screen, where names need room: the house is left out if the store has only one."""
    one = len(session.store.shelter.value["facilities"]) == 1
    return {name: value for name, value in row.items() if not (one and name == "facility")}


def client_label(her: Client) -> str:
    """Return her id, first name and the initial of her last name: enough to recognise the file."""
    first, last = (value_at(her.facts, f"identity.{name}") for name in CLIENT_NAME_COLUMNS)
    return " ".join(part for part in (her.id, first, f"{last[0]}." if last else None) if part)


def client_names(her: Client) -> dict[str, str | None]:
    """Return her first and last name; only for a terminal, on a screen that is cleared when it is left."""
    return {name: value_at(her.facts, f"identity.{name}") for name in CLIENT_NAME_COLUMNS}


THINGS_MISSING_AT_GATE = Plural(
    N_("{count} thing missing before admission"), N_("{count} things missing before admission"), "count"
)
ANSWERS_WAIT = N_("answers not finished: {papers}")
NOTHING_MISSING_FOR_ADMISSION = N_("nothing is missing for {her|his} admission")
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
"""The number of days ahead within which deadlines are listed beside those that are due."""

DATED_STATES = ("overdue", "due", "upcoming")
"""The states of a deadline that has a day."""

GRAVE_DANGERS = (DANGER_LATE, DANGER_AT_ONCE)
"""The dangers that are shown before everything else, even before she is admitted."""

UNFINISHED_PAPER_NAMES = {
    "discharge": N_("discharge"),
    "monitoring-report": N_("monitoring report"),
    "monitoring-attempt": N_("attempt to reach {her|him}"),
    "monitoring-closed": N_("closing of monitoring"),
    "monitoring-scheduled": N_("day of monitoring"),
}
"""The names of answers that may wait to be finished, besides those to the financial forms."""


@immutable(slots=False)
class ClientPriority:
    """A client with what is due for her, in the order in which it is listed."""

    client: Client
    due: Sequence[Obligation]

    @property
    def admitted(self) -> bool:
        """Whether she is admitted, or has no stay, so that no condition of admission is open."""
        return self.client.stay is None or self.client.stay.admitted_on is not None

    @property
    def dated(self) -> Sequence[Obligation]:
        """The deadlines that have a day or are a danger; missing conditions of admission are only counted."""
        return [one for one in self.due if one.state in DATED_STATES or (one.danger and not one.gate)]

    @property
    def danger(self) -> str | None:
        """The gravest danger among what is due for her, or None."""
        said = self.due[0].danger if self.due else None
        return said if self.admitted or said in GRAVE_DANGERS else DANGER_GATE

    @property
    def urgency(self) -> tuple[int, int, str]:
        """The key by which clients are sorted: the gravest danger, then the longest delay, then the day of arrival."""
        lead = self.due[:1] if self.danger else self.dated[:1]
        rank = DANGERS_BY_GRAVITY.index(self.danger) if self.danger else len(DANGERS_BY_GRAVITY) + (not lead)
        arrived = str(self.client.stay.arrived_on if self.client.stay else "")
        return (rank, -count_minutes_due(lead[0]) if lead else 0, arrived)

    def summary_line(self, session: Session) -> str:
        """Return her id, her name, since when she is out, and what comes first."""
        id_, _, name = client_label(self.client).partition(" ")
        out = None if self.danger == DANGER_LATE else find_absence(self.client.stay, session.today)
        absent = ""
        if out:
            since, until = (_moment_or_written(session, each) for each in (out.since, out.expected))
            facts = {"state": name_state(session, self.client, out.state), "since": since, "until": until}
            absent = sentence_text(OUT_SINCE_UNTIL if out.expected else OUT_SINCE, facts)
        return "  ".join(part for part in (id_, name, absent, self.first_thing(session)) if part)

    def first_thing(self, session: Session) -> str:
        """Return what to do first for her; unfinished answers come after a danger and never hide it."""
        if self.danger in GRAVE_DANGERS:
            return self._first_dated(session)
        if begun := self.client.facts.get(UNFINISHED_KEY):
            papers = [unfinished_paper_name(session.rulebook, name) for name in begun]
            waits = sentence_text(ANSWERS_WAIT, self._about_her(session, papers=papers))
            return f"{self._first_dated(session)} · {waits}" if self.danger and self.admitted else waits
        if not self.admitted:
            count = sum(one.gate for one in self.due)
            sentence = THINGS_MISSING_AT_GATE if count else NOTHING_MISSING_FOR_ADMISSION
            return sentence_text(sentence, self._about_her(session, count=count))
        if not self.dated:
            count = len(self.due)
            return (
                sentence_text(THINGS_OPEN, {"count": count}) if count else fact_text(client_state(session, self.client))
            )
        return self._first_dated(session)

    def _about_her(self, session: Session, **facts: object) -> AboutClient:
        return AboutClient(facts, session.rulebook.form_for_sex(self.client.sex))

    def _first_dated(self, session: Session) -> str:
        """Return the first deadline in words, and the number of further ones."""
        told, more = deadline_in_words(session, self.dated[0]), len(self.dated) - 1
        return sentence_text(AND_MORE, {"first": told, "count": more}) if more else told


def _moment_or_written(session: Session, written: str | None) -> Text | str | None:
    """Return a time of a record as its hour, with the day unless it is today; anything else is returned as it is."""
    at = read_time(written)
    return format_moment(at, session.today) if at else written


def deadline_in_words(session: Session, one: Obligation) -> str:
    """Return a deadline in words, with how long it is late or open, or how many days are left."""
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
    """Return the name of the paper for which answers were begun."""
    form = rulebook.forms.get(name.removesuffix("-signature").removesuffix("-termination"))
    track = form or (None if name in UNFINISHED_PAPER_NAMES else rulebook.tracks.get(name.partition(" ")[0]))
    return track.text if track else UNFINISHED_PAPER_NAMES.get(name, name)
