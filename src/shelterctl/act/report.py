"""The reports of a house for a month: reading the entries from which figures are counted, and closing a report.

A closed report keeps its figures as they were, with a checksum and the day. What is recorded later is a correction,
which the next report shows.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from shelterctl.act.add import MergedEntry, add_entry
from shelterctl.act.change import Change, write_change
from shelterctl.act.client_file import open_to_write
from shelterctl.act.input import Input
from shelterctl.act.permission import refuse_tasks
from shelterctl.act.register_record import note_on_readers, open_register
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.manual.report import Report
from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.manual.track import MONTH_REPORT, Track
from shelterctl.core.merge.fragment import place_entry
from shelterctl.core.money.account_rows import MONTHS_OF_QUARTER, name_quarter
from shelterctl.core.record.as_known import facts_as_known, group_days_known_alike
from shelterctl.core.record.client import Client, Registered, live_entries, value_at
from shelterctl.core.record.entries import file_as_of
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.core.rules.context import Tracks
from shelterctl.core.values.days import Span, add_days, add_months, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import Conflict
from shelterctl.language import LabelledCode
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

CLOSE_ACT = "close"

MONTHS_OF_YEAR = 12

FIGURE_KEYS = ("month", "row", "by", "answer", "number")
"""The keys of a figure in a closed report that its checksum covers."""

REPORT_CLOSED = N_("{report}, {month}: closed with its figures. Checksum: {digest}.")
REPORT_CLOSE_CHECKED = N_("{report}, {month}: nothing prevents closing it. As --check asked, nothing was written.")
CLOSED_ALREADY = N_(
    "{report}, {month}: closed already on {on}. See what would differ today with --compare. "
    "If it was closed by mistake: shelterctl void {house} {entry} --reason-code wrong_value"
)
CLOSED_TWICE = N_(
    "{report}, {month}: two computers closed it, as entries {entries}. Compare them, then strike one through: "
    "shelterctl void {house} ENTRY --reason-code entered_twice"
)
FILES_UNREAD = N_(
    "{report}, {month}: some files cannot be read, so its figures would be wrong. Repair them first: shelterctl check"
)
REGISTERS_NOT_READ = N_(
    "{report}, {month}: it counts registers that your role does not read: {registers}. Let somebody close it who reads "
    "them."
)


class ReportMonth(NamedTuple):
    """A month of a house as reports count it, or a quarter or a year: its days that have come, and every entry of it.

    *records* are those of the house, or of all houses, as they were known on the day *known_on*, if one is given.
    *last* is the last day of the calendar month, quarter or year, which may still be to come; *months* is how many
    months it has. Longer periods are only counted: no report of them is written or closed.
    """

    house: str | None
    during: Span
    last: date
    tracks: Tracks
    records: Sequence[Registered] = ()
    known_on: date | None = None
    months: int = 1

    @property
    def year(self) -> bool:
        """Whether it is a whole year."""
        return self.months == MONTHS_OF_YEAR

    @property
    def record(self) -> Registered | None:
        """The record of the house; None where the report is about all houses together."""
        return self.records[0] if self.house is not None else None

    @property
    def has_ended(self) -> bool:
        """Whether every day of the month has come."""
        return self.during.last == self.last

    @property
    def month(self) -> str:
        """The month as ``YYYY-MM``; of a year its last one."""
        return f"{self.last:%Y-%m}"

    @property
    def period(self) -> str:
        """The month as ``YYYY-MM``, the quarter as ``YYYY-Q1``, or the year as ``YYYY``."""
        return self.month if self.months == 1 else f"{self.last:%Y}" if self.year else name_quarter(self.last)

    def entry_of(self, report: Report) -> Facts | None:
        """Return the entry of a report of this month: a closed one before one that is still open; a longer period has
        none.
        """
        return None if self.months > 1 else find_report_entry(self.tracks, self.record, report.name, self.month)

    def closed_entries(self, report: Report) -> list[Facts]:
        """Return the closed entries of a report of this month: two, if two computers closed it."""
        track = self.tracks.serving(MONTH_REPORT)
        found = [] if self.months > 1 else _report_entries(track, self.record, report.name, self.month)
        return [one for one in found if "closed" in one]

    def in_month(self, session: Session, month: str, report: Report) -> "ReportMonth":
        """Return another month of the same house."""
        return make_month(session, self.house, month, [report], self.known_on)


def month_before(month: str) -> str:
    """Return the month before ``YYYY-MM``."""
    return f"{add_months(date.fromisoformat(f'{month}-01'), -1):%Y-%m}"


def month_after(month: str) -> str:
    """Return the month after ``YYYY-MM``."""
    return f"{add_months(date.fromisoformat(f'{month}-01'), 1):%Y-%m}"


def months_of_period(period: str) -> Months:
    """Return the first and the last month of a month ``YYYY-MM``, a quarter ``YYYY-Q1`` or a year ``YYYY``."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        last = int(part[1:]) * MONTHS_OF_QUARTER
        return Months(f"{year}-{last - MONTHS_OF_QUARTER + 1:02}", f"{year}-{last:02}")
    return Months(period, period) if part else Months(f"{year}-01", f"{year}-12")


def last_day(month: str) -> date:
    """Return the last day of a month ``YYYY-MM``."""
    return add_days(add_months(date.fromisoformat(f"{month}-01"), 1), -1)


def find_report_entry(tracks: Tracks, record: Registered | None, name: str, month: str) -> Facts | None:
    """Return the entry of a report of a month: a closed one before one that is still open; None if there is none.

    For whom the entry is sealed, it has only its markers.
    """
    found = _report_entries(tracks.serving(MONTH_REPORT), record, name, month)
    return next((one for one in found if "closed" in one), found[0] if found else None)


def _report_entries(track: Track | None, record: Registered | None, name: str, month: str) -> list[Facts]:
    sealed = live_entries(value_at(record.facts, SEALED_LIST)) if record else ()
    listed = (one for one in sealed if one.get("track") == track.name) if track else ()
    return [one for one in listed if one.get("report") == name and str(one.get("ends_on")).startswith(month)]


def read_record(session: Session, house: str, month: str) -> Registered:
    """Return the record of a house with the entries of a month; its reports are opened for those who read them."""
    shut = session.store.home_registers.record("house", house, Months(month, month))
    track = session.rulebook.tracks.serving(MONTH_REPORT)
    return Registered(open_register(session, StoredFile(dict(shut.facts), ""), [track] if track else []).value)


def read_month(
    session: Session, house: str | None, month: str, reports: Iterable[Report], known_on: date | None = None
) -> ReportMonth:
    """Return a month ``YYYY-MM``, a quarter ``YYYY-Q1`` or a year ``YYYY`` of a house, or of all houses, with the
    registers that its reports count.

    *known_on* leaves out what was recorded after that day. Raises CannotOpen if the person's role opens no file.
    """
    session.store.require_files_open()
    return make_month(session, house, month, reports, known_on)


def read_clients(session: Session, known_on: date | None) -> Iterator[Client]:
    """Return the clients one by one, as they were *known_on* a day if one is given.

    Files that cannot be read are noted by the store.
    """
    clients = session.store.clients()
    return clients if known_on is None else _clients_as_known(session, clients, known_on)


def make_month(
    session: Session,
    house: str | None,
    month: str,
    reports: Iterable[Report],
    known_on: date | None = None,
) -> ReportMonth:
    """Return a month, a quarter or a year with the registers that its reports count."""
    months = months_of_period(month)
    first, last = date.fromisoformat(f"{months.first}-01"), last_day(months.last)
    today = session.today if known_on is None else min(session.today, known_on)
    houses = [house] if house is not None else sorted(session.store.shelter.value["facilities"])
    records = tuple(_read_record(session, one, months, reports, known_on) for one in houses)
    during = Span(first, max(first, min(last, today)))
    count = last.month - first.month + 1
    return ReportMonth(house, during, last, session.rulebook.tracks, records, known_on, count)


def _clients_as_known(session: Session, clients: Iterable[Client], day: date) -> Iterator[Client]:
    """Yield each file as it was known on *day*; of what has no time of its own, only what had happened by then."""
    dated = _dated_tracks(session)
    for her in clients:
        known = _client_as_known(her, dated, day)
        if known is not None:
            yield known


def read_clients_on_days(session: Session, days: Collection[date]) -> Iterator[Sequence[tuple[Client, Sequence[date]]]]:
    """Yield each client in one reading: her file as it was known on some of the *days*, with these days.

    On a day that is not among them her file was not known yet.
    """
    dated = _dated_tracks(session)
    for her in session.store.clients():
        groups = group_days_known_alike(her.facts, days)
        known = ((_client_as_known(her, dated, alike[0]), alike) for alike in groups)
        yield [(client, alike) for client, alike in known if client is not None]


def _dated_tracks(session: Session) -> list[Track]:
    return [track for track in session.rulebook.tracks.values() if track.day]


def _client_as_known(her: Client, dated: Iterable[Track], day: date) -> Client | None:
    facts = facts_as_known(her.facts, day)
    return None if facts is None else file_as_of(Client(facts), dated, day)


def _read_record(
    session: Session, house: str, months: Months, reports: Iterable[Report], known_on: date | None
) -> Registered:
    """Return the record of a house with the entries of these months, with those opened that this person reads."""
    shut = session.store.home_registers.record("house", house, months)
    written = session.rulebook.tracks.serving(MONTH_REPORT)
    tracks = [*([written] if written else []), *_sealed_tracks(session, reports)]
    opened = open_register(session, StoredFile(dict(shut.facts), ""), tracks)
    facts = opened.value if known_on is None else facts_as_known(opened.value, known_on) or {}
    return Registered({**facts, "id": house, "home": "house"})


def _sealed_tracks(session: Session, reports: Iterable[Report]) -> list[Track]:
    """Return the sealed registers of which a report counts more than the markers, so that they have to be opened."""
    found: dict[str, Track] = {}
    for row in (row for report in reports for row in report.rows.values()):
        track = session.rulebook.tracks.get(row.subject or "")
        if track is None or track.of_register is None or track.seal is None:
            continue
        named = {name.partition(".")[0] for name in (row.dated, *row.by, *row.where, *row.columns) if name}
        if named & track.fields.keys() - {*track.seal.marker}:
            found[track.name] = track
    return [*found.values()]


def unread_tracks(session: Session, report: Report) -> list[Track]:
    """Return the sealed registers that a report counts and that this person does not read."""
    return [track for track in _sealed_tracks(session, [report]) if note_on_readers(session, track)]


def digest_report(figures: Sequence[Facts], words: Facts) -> str:
    """Return the checksum of a report's figures and words: equal ones have the same checksum on every computer."""
    lines = sorted([str(one.get(name) or "") for name in FIGURE_KEYS] for one in figures)
    said = {"figures": lines, "words": dict(words)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()[:16]


def _words_of_entry(session: Session, entry: Facts) -> dict[str, Any]:
    """Return the words that a person types into a report, as its entry has them."""
    track = session.rulebook.tracks.serving(MONTH_REPORT)
    fields = track.fields if track else {}
    typed = (name for name, one in fields.items() if not (one.by_file or one.afterwards))
    return {name: entry[name] for name in typed if name in entry}


WORDS_CHANGED = N_(
    "What the report says is no longer what it was closed with ({clause}). What it said before is kept in its entry."
)


def judge_words(session: Session, house: str | None, entry: Facts | None) -> tuple[Finding, ...]:
    """Return the open finding that a closed report has other figures or words than when it was closed."""
    if (
        entry is None
        or "figures" not in entry
        or digest_report(entry.get("figures") or (), _words_of_entry(session, entry)) == entry["digest"]
    ):
        return ()
    track = session.rulebook.track_for(MONTH_REPORT)
    clause = track.clause
    facts = {"clause": clause, "house": house, "track": track.name}
    return (Finding(code="report/changed", message=WORDS_CHANGED, severity=Severity.OPEN, clause=clause, facts=facts),)


def refuse_closed_twice(seen: ReportMonth, report: Report) -> None:
    """Raise Conflict if two computers closed a report of one month."""
    closed = seen.closed_entries(report)
    if len(closed) > 1:
        ids = [str(one["id"]) for one in closed]
        raise Conflict(
            "report/closed-twice", CLOSED_TWICE, report=report.text, month=seen.month, house=seen.house, entries=ids
        )


def close_report(
    session: Session, seen: ReportMonth, report: Report, figures: Sequence[Mapping[str, str]], *, check: bool = False
) -> Outcome:
    """Close a report of a month of one house with its figures.

    It is refused if the report is closed already, or if a file could not be read. A month that has not ended leaves an
    open finding.
    """
    # Gather.
    house, track = str(seen.house), session.rulebook.track_for(MONTH_REPORT)
    names = {"report": report.text, "month": seen.month, "house": house}
    if refused := refuse_tasks(session, [Task(act_of_entry(CLOSE_ACT, track.name), True)]):
        return Outcome(findings=refused)
    entry = seen.entry_of(report)
    her, held = session.store.subject_to_change(house, Months(seen.month, seen.month))
    held = open_to_write(session, held, track, entry["id"] if entry else None)

    own = {"report": report.name, "ends_on": seen.last.isoformat()}

    # Decide.
    digest = digest_report(figures, _words_of_entry(session, {**own, **(entry or {})}))
    if stopped := [*_judge_closing(session, report, entry, names)]:
        return Outcome(findings=tuple(stopped))
    closed = {"on": session.today.isoformat(), "by": session.staff}
    whole = {
        **({"id": entry["id"]} if entry else own),
        "figures": [dict(one) for one in figures], "digest": digest, "closed": closed,
    }  # fmt: skip
    home = place_entry(track, her, session.rulebook.tracks, whole)
    added = MergedEntry(session, held, track, home, Input(whole, (), None), frozenset({CLOSE_ACT}))
    facts = {**names, "digest": digest}
    said: FilledSentences = ((REPORT_CLOSED, facts),)
    data = {
        "id": house, "report": LabelledCode(report.name, report.text), "month": seen.month,
        "entry": added.entry, "digest": digest, "on": session.today,
    }  # fmt: skip
    change = Change(
        held=held, record=added.merged.record, did=CLOSE_ACT, data=data, findings=added.findings,
        checked=((REPORT_CLOSE_CHECKED, facts),), written=said,
    )  # fmt: skip

    # Act.
    return write_change(session, change, check=check)


def _judge_closing(
    session: Session, report: Report, entry: Facts | None, names: Mapping[str, object]
) -> Iterator[Finding]:
    """Yield what refuses closing a report whatever its figures are."""
    if entry is not None and "closed" in entry:
        facts = {**names, "on": read_day(entry["closed"]["on"]), "entry": entry["id"]}
        yield Finding(code="report/closed", message=CLOSED_ALREADY, clause=report.clause, facts=facts)
    if session.store.damaged or session.store.unread_count:
        yield Finding(code="report/unread", message=FILES_UNREAD, clause=report.clause, facts=names)
    if unread := unread_tracks(session, report):
        facts = {**names, "registers": [track.text for track in unread]}
        yield Finding(code="report/not-reader", message=REGISTERS_NOT_READ, clause=report.clause, facts=facts)


def write_words(
    session: Session, house: str, month: str, report: Report, given: Input, *, check: bool = False
) -> Outcome:
    """Write what is typed into a report of a month, such as its narrative, into its entry, or into a new one."""
    entry = find_report_entry(session.rulebook.tracks, read_record(session, house, month), report.name, month)
    own = {"id": entry["id"]} if entry else {"report": report.name, "ends_on": last_day(month).isoformat()}
    whole = Input({**given.value, **own}, (), given.document)
    return add_entry(session, house, session.rulebook.track_for(MONTH_REPORT), whole, check)


YEAR_NOT_ENDED = N_("The year lasts until {last}, so the figures are not final ({clause}).")
MONTH_NOT_ENDED = N_("The month lasts until {last}, so the figures are not final ({clause}).")


def judge_month(seen: ReportMonth, report: Report) -> tuple[Finding, ...]:
    """Return the open finding that a month or a year has not ended."""
    if seen.has_ended:
        return ()
    facts = {"last": seen.last, "clause": report.clause}
    open_ = Severity.OPEN
    said = YEAR_NOT_ENDED if seen.year else MONTH_NOT_ENDED
    return (Finding(code="report/running", message=said, severity=open_, clause=report.clause, facts=facts),)
