"""The state of the houses for a person who sits down for a shift: who is in and who is out, dangers, medicines, what is
due, who comes and leaves, who is on duty, the handover, and what others wrote meanwhile.

The command ``today`` and the first screen of the menu show it; nothing of it is computed twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from shelterctl.act.due import collect_due, judge_alarms, list_due, list_monitoring
from shelterctl.act.register_due import list_record_due
from shelterctl.act.register_months import months_around
from shelterctl.act.register_record import visible_record
from shelterctl.act.watched_session import WatchedSession
from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Absence, Client, Registered, Stay, find_absence
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.record.occupancy import sleepers
from shelterctl.core.rules.obligation import Obligation, order_by_danger
from shelterctl.core.values.days import add_days, days_between
from shelterctl.errors import CannotOpen, Conflict, Damaged, NotFound, ShelterError
from shelterctl.language import AboutClient, speak_of
from shelterctl.progress import report_steps
from shelterctl.session import Session
from shelterctl.store.folder import ROSTER_FILE, record_file
from shelterctl.store.outline import read_client_as_needed
from shelterctl.store.roster import read_residents
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS
from shelterctl.ui_language import N_
from shelterctl.view.client import SOON_DAYS, ClientPriority
from shelterctl.view.handover import (
    FIRST_LOOK_BACK,
    Handover,
    News,
    NoteKind,
    count_news,
    find_handover,
    find_last_known,
    find_note_kind,
    first_day_of_news,
)
from shelterctl.view.medicine import Dose, list_doses
from shelterctl.view.occupancy import beds_tonight
from shelterctl.view.on_duty import Attendance, list_duties

HOUSE_HOME = "house"
OPENING_FILES = N_("Opening the files")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANY_DAY = "9999-12-31"
"""The last day that a file may name whose text was not looked at."""

LATELY_DAYS = 365
"""The number of days after her discharge during which the first screen lists everything due for her."""

COMING_DAYS = 1
"""The number of days ahead within which it is shown who leaves: today and tomorrow."""

COMING, LEAVING = "coming", "leaving"
"""The states of somebody who comes or leaves."""

STATES_OF_TODAY = ("overdue", "due")
"""The states of what is due today."""


class ExpectedMove(NamedTuple):
    """Somebody who comes or leaves: since when she is expected, or on which day she leaves; *state* says which."""

    id: str
    facility: str | None
    state: str
    on: date | None


@dataclass(repr=False)
class Today:
    """The *clients* and the records of the *houses* as far as the person at this computer reads them.

    Of those who left it has no more than the outline of their files; *is_thorough* says that it has the whole files of
    those who left in the last year. *news_since* is the moment since which it is shown
    what others wrote, *known_until* when the last note was written that she confirmed or wrote, if there is one.
    *errors* are those of clients' files that do not open, *troubles* those of the registers, both by the name of the
    file. With *by_number* the clients come from the roster: her role opens no client's file. *records* has no house if
    her role opens no register of a house.
    """

    session: Session
    houses: Sequence[str]
    clients: Sequence[Client]
    records: Mapping[str, Registered] = field(default_factory=dict)
    errors: Mapping[str, ShelterError] = field(default_factory=dict)
    troubles: Mapping[str, ShelterError] = field(default_factory=dict)
    by_number: bool = False
    known_until: datetime | None = None
    is_thorough: bool = False

    @cached_property
    def rows(self) -> Sequence[ClientPriority]:
        """The clients who are being helped or for whom something is due, the gravest danger first."""
        if self.by_number:
            return ()
        firsts = (ClientPriority(her, self._due_of(her)) for her in self.clients)
        return sorted((one for one in firsts if one.dated or is_in_work(one.client)), key=lambda one: one.urgency)

    def _due_of(self, her: Client) -> Sequence[Obligation]:
        """Return what is due for her; of a client who left long ago, or whose outline alone was read, only monitoring
        and what her report warns of.

        What has no day is only counted, and not even that where something with a day is shown.
        """
        session, today = self.session, self.session.today
        if is_in_work(her):
            dated = list_due(session, her, SOON_DAYS, is_brief=True)
            brief = ClientPriority(her, dated)
            return dated if brief.admitted and brief.dated else list_due(session, her, SOON_DAYS)
        if self.is_thorough and has_left_lately(her, today):
            return list_due(session, her, SOON_DAYS)
        return list_monitoring(session, her, SOON_DAYS)

    @cached_property
    def alarms(self) -> Sequence[Finding]:
        """The warnings of last reports that nobody has answered yet."""
        return [] if self.by_number else [*judge_alarms(self.session, self.clients)]

    @cached_property
    def due(self) -> Sequence[Obligation]:
        """The obligations for clients that are due today or earlier, the gravest danger first."""
        found = (owed for one in self.rows for owed in one.dated if owed.danger or owed.state in STATES_OF_TODAY)
        return sorted(found, key=order_by_danger)

    @cached_property
    def due_of_houses(self) -> Sequence[Obligation]:
        """The obligations due today or earlier by an entry of the last months in the registers of the houses.

        What has to be done every day or week is left out: only all months say since when it is not.
        """
        found = (owed for house in self.records.values() for owed in list_record_due(self.session, house, 0))
        return sorted(
            (one for one in found if one.entry and (one.danger or one.state in STATES_OF_TODAY)), key=order_by_danger
        )

    @cached_property
    def asleep(self) -> Sequence[tuple[Client, Stay]]:
        """Everybody who sleeps in one of the houses tonight, or whose file names no house."""
        found = sleepers(self.clients, self.session.today)
        return sorted((one for one in found if self._is_here(one[1])), key=_order_of_stay)

    def _is_here(self, stay: Stay | None) -> bool:
        return stay is None or stay.facility in (None, *self.houses)

    @cached_property
    def beds(self) -> Sequence[Mapping[str, Any]]:
        """A row for each house: who sleeps there tonight and how many places are left."""
        session, registered = self.session, self.session.store.shelter.value["facilities"]
        return [
            beds_tonight(
                session.rulebook.house_kinds, name, registered[name], self.asleep, len(self.errors), session.today
            )
            for name in self.houses
        ]

    @cached_property
    def out(self) -> Sequence[tuple[Client, Stay, Absence]]:
        """Who of them is out now, and since and until when."""
        found = ((her, stay, find_absence(stay, self.session.today)) for her, stay in self.asleep)
        return [(her, stay, out) for her, stay, out in found if out]

    def doses(self, *, opens: bool) -> Sequence[Dose]:
        """Return the medicines of the coming hours of those who sleep here; *opens* says to read what they are."""
        return [] if self.by_number else list_doses(self.session, [her for her, _ in self.asleep], opens=opens)

    @cached_property
    def moves(self) -> Sequence[ExpectedMove]:
        """Who is expected and has not come yet, and who leaves today or tomorrow, or should have left."""
        found = (move for her in self.clients for move in _moves_of(her, self.session.today) if not self.by_number)
        return [move for move in found if move.facility in (None, *self.houses)]

    @cached_property
    def duties(self) -> Sequence[Attendance]:
        """Who is on duty in the houses now, and who comes next."""
        session = self.session
        return [
            duty for house in self.records.values() for duty in list_duties(session.rulebook, house, session.moment)
        ]

    @cached_property
    def note_kind(self) -> NoteKind | None:
        """The kind of note that one shift leaves for the next."""
        return find_note_kind(self.session.rulebook)

    @cached_property
    def handovers(self) -> Sequence[Handover]:
        """The last note of each house."""
        kind = self.note_kind
        found = (find_handover(kind, house, self.session) for house in self.records.values()) if kind else ()
        return [one for one in found if one]

    @property
    def news_since(self) -> datetime:
        """The moment since which it is shown what others wrote."""
        return find_news_since(self.session, self.known_until)

    @cached_property
    def news(self) -> Sequence[News]:
        """The number of entries that others wrote since then, by client or house and by kind."""
        session, since, kind = self.session, self.news_since, self.note_kind
        changed = [] if self.by_number else [her for her in self.clients if is_changed(session, her.id, since)]
        found = [
            one._replace(text=AboutClient(one.text, session.rulebook.form_for_sex(her.sex)))
            for her in changed
            for one in count_news(session.rulebook, her.facts, since, session, kind)
        ]
        records = [self._open_new(house, since) for house in self.records.values()]
        return found + [one for each in records for one in count_news(session.rulebook, each, since, session, kind)]

    def _open_new(self, house: Registered, since: datetime) -> Mapping[str, Any]:
        """Return the record of a house with the sealed entries opened that were written since, as far as they may be
        seen. One whose markers may be seen by everybody stays closed: it is only counted.
        """
        session, floor = self.session, f"{since.date() - timedelta(days=1):%Y-%m-%d}"
        seals = {track.name: track.seal for track in session.rulebook.tracks_of_homes[HOUSE_HOME] if track.seal}

        def is_wanted(entry: Mapping[str, Any]) -> bool:
            seal = seals.get(str(entry.get("track")))
            hides = seal is None or not seal.marker or seal.not_for is not None
            return hides and str(entry.get("recorded_at")) >= floor

        opened = session.store.home_registers.opened(house.facts, None, is_wanted)
        return visible_record(session, opened)


def is_in_work(her: Client) -> bool:
    """Whether she is in the house or on the way to it, or has an unfinished paper."""
    opened = her.stay.is_open if her.stay else not (her.facts.get("referral") or her.facts.get("stays"))
    return opened or (UNFINISHED_KEY in her.facts and not her.is_struck)


def has_left_lately(her: Client, today: date) -> bool:
    """Whether she left within LATELY_DAYS, so that more than monitoring may be due."""
    left = her.last_stay_lived.discharged_on if her.last_stay_lived else None
    return left is not None and left <= today <= add_days(left, LATELY_DAYS)


def _order_of_stay(one: tuple[Client, Stay]) -> tuple[str, str, str]:
    her, stay = one
    return stay.facility or "~", str(stay.arrived_on), her.id


def _moves_of(her: Client, today: date) -> Iterator[ExpectedMove]:
    stay = her.stay
    if stay is None or not stay.is_open:
        return
    told, planned = stay.day("referral.received_at"), stay.day("discharge.planned_on")
    if stay.arrived_on is None and told and told <= today:
        yield ExpectedMove(her.id, stay.facility, COMING, told)
    if planned and days_between(today, planned) <= COMING_DAYS:
        yield ExpectedMove(her.id, stay.facility, LEAVING, planned)


def opens_house_registers(session: Session) -> bool:
    """Whether the role of the person at this computer opens the registers of houses."""
    return session.store.vault.opens(REGISTER_PARTS[f"registers/{HOUSE_HOME}"])


def read_today(session: Session, houses: Sequence[str] | None = None, *, is_thorough: bool = True) -> Today:
    """Read what concerns a shift in these houses, or in all; a file that does not open is kept as an error.

    A *thorough* reading finds everything due for those who left in the last year, as the first screen shows it; else
    it is only their monitoring.
    """
    store = session.store
    named = [str(code) for code in store.shelter.value["facilities"]] if houses is None else houses
    troubles, records = dict[str, ShelterError](), dict[str, Registered]()
    before = {*store.damaged}
    try:
        near = months_around(session.today)
        found = store.home_registers.records(HOUSE_HOME, named, near) if opens_house_registers(session) else ()
        records = {str(house.id): house for house in found}
    except ShelterError as error:  # the registers must not hide who is in the house
        troubles[HOUSE_HOME] = error
    troubles |= {name: error for name, error in store.damaged.items() if name not in before}
    kind = find_note_kind(session.rulebook)
    known_until = find_last_known(kind, records.values(), session) if kind else None
    by_number, errors = not store.vault.opens(FILE_PART), dict[str, ShelterError]()
    if by_number:
        clients = _read_roster(session, errors)
    else:
        clients = _read_clients(session, errors, find_news_since(session, known_until), is_thorough=is_thorough)
    speak_of(None)  # opening a file chose the forms for its client, and this page is about all of them
    return Today(session, named, clients, records, errors, troubles, by_number, known_until, is_thorough)


def _read_roster(session: Session, errors: dict[str, ShelterError]) -> Sequence[Client]:
    try:
        return [*read_residents(session.store.roster.value)]
    except (NotFound, Damaged, Conflict, CannotOpen) as error:
        errors[ROSTER_FILE] = error
        return ()


def _read_clients(
    session: Session, errors: dict[str, ShelterError], since: datetime, *, is_thorough: bool
) -> Sequence[Client]:
    """Return the clients whose files open: of those who left the outline, unless somebody wrote in the file since."""
    recent = [f"{day}" for day in _days_since(since, session.today)]

    def is_outline_enough(her: Client, text: str) -> bool:
        if not _is_told_by_outline(her, session.today, is_thorough=is_thorough):
            return False
        return not (is_changed(session, her.id, since) and any(day in text for day in recent))

    clients, first = list[Client](), first_day_of_news(since)
    at_rest = _find_clients_at_rest(session, is_thorough=is_thorough)
    ids = [
        id_
        for id_ in session.store.ids()
        if id_ not in at_rest or (at_rest[id_] >= first and is_changed(session, id_, since))
    ]
    for id_ in report_steps(ids, OPENING_FILES):
        try:
            clients.append(read_client_as_needed(session.store, id_, is_outline_enough))
        except ShelterError as error:  # one damaged file must not hide the others
            errors[record_file(id_)] = error
    return clients


def _is_told_by_outline(her: Client, today: date, *, is_thorough: bool) -> bool:
    """Return whether the outline of a file has all that this page says of a client, but for news."""
    days = [stay.left_on for stay in her.stays]
    gone = bool(days) and all(day is not None and day <= today for day in days)
    return gone and UNFINISHED_KEY not in her.facts and not (is_thorough and has_left_lately(her, today))


def _find_clients_at_rest(session: Session, *, is_thorough: bool) -> Mapping[str, str]:
    """Return the clients of whom this page has nothing to say, unless somebody wrote in their files lately, by id with
    the last day that their files name: they left, and nothing is due for them or will be soon. Without an index there
    are none.
    """
    index, store = session.index, session.store
    if index is None:
        return {}
    watched, before, last_day = WatchedSession.over(session, index.watch), dict(store.damaged), ""

    def is_outline_enough(her: Client, text: str) -> bool:
        nonlocal last_day
        last_day = max(_DAY.findall(text), default="")
        return _is_told_by_outline(her, session.today, is_thorough=is_thorough)

    def read_client(id_: str) -> Client:
        nonlocal last_day
        last_day = _ANY_DAY
        return read_client_as_needed(store, id_, is_outline_enough)

    def is_at_rest(her: Client) -> bool:
        if is_in_work(her) or any(stay.sleeps_here(watched.today) for stay in her.stays):
            return False
        whole = is_thorough and has_left_lately(her, watched.today)
        owed = collect_due(watched, her, SOON_DAYS) if whole else list_monitoring(watched, her, SOON_DAYS)
        return not owed and not any(judge_alarms(watched, (her,)))

    questions = [f"at rest {'thoroughly' if is_thorough else 'briefly'}", "last day named"]
    answers = index.read(questions, lambda her: [is_at_rest(her), last_day], read_client)
    found = {id_: named for id_, (rests, named) in answers if rests}
    store.damaged.clear()
    store.damaged.update(before)  # this page reads those files itself, and says what is wrong with them
    return found


def _days_since(since: datetime, today: date) -> Iterator[date]:
    """Yield the days from the one before a moment, which another time zone may have written, to today."""
    first = since.date() - timedelta(days=1)
    return (first + timedelta(days=number) for number in range(days_between(first, today) + 1))


def find_news_since(session: Session, known_until: datetime | None) -> datetime:
    """Return the moment since which it is shown what others wrote: the last note that is known, else a day ago."""
    return known_until or session.moment - FIRST_LOOK_BACK


def is_changed(session: Session, id_: str, since: datetime) -> bool:
    """Whether a client's file was written since a moment, by the journal."""
    line = session.store.vault.journal.last_line_about(record_file(id_))
    return line is not None and datetime.fromisoformat(str(line["at"])) >= since - timedelta(minutes=1)
