"""What is due of a client on a day: every deadline of her tracks, her monitoring, and what her acts still lack."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from shelterctl.core import duty
from shelterctl.core.act import Act, in_order, unmet
from shelterctl.core.around import ASKED, EVENTS, Around, as_days, asked, meant, moments, value
from shelterctl.core.days import Span, days_after, days_from, empty_periods, later, minutes_from
from shelterctl.core.entry import Entry, answered, field_at, lasting, read_entry, read_parts, title_of
from shelterctl.core.everyone import of_client
from shelterctl.core.item import Item, given
from shelterctl.core.record import Client, Facts, Stay
from shelterctl.core.ruling import Ruling, in_force
from shelterctl.core.track import AT_ONCE, DANGERS, GATE, LATE, Due, Part, Track
from shelterctl.core.verb import keeps
from shelterctl.language import N_, SPOKEN, Text, say

STATES = ("overdue", "due", "open", "upcoming", "unscheduled")
"""How a deadline stands: its day or hour is over, is today, is not counted, is still to come, or was never set."""

SAYS = N_("her report says {what}")
"""How an answer that is raised stands in a list of what is due."""

EVERY = ("day", "week", "month")
"""How often something may be due in a stay."""

MINUTES_OF_A_DAY = 24 * 60

OPEN_ENDED = "overdue"
"""What is ``never: overdue`` stays open from its day on, with the days since; it has no last day."""


class Owed(NamedTuple):
    """One thing that is due of one client.

    *what* is the name of the track or item, *row* that of the manual's deadlines where it has one. *days_since_due* are
    days, below zero before the day; of what is open, those since it began. Where an hour was set, it is *due_at* that
    moment, and *minutes_since_due* are counted too. *danger* is what puts it before papers and money. *owner* is the
    role that sees to it, *social_worker* hers by code; *entry* the one that it is about, and *gaps* how many times
    nothing was written.
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


def order(owed: Owed) -> tuple[int, int, int, str]:
    """Danger first, the gravest of it before the oldest; then what is overdue, due, open, to come, the oldest first."""
    rank = DANGERS.index(owed.danger) if owed.danger else len(DANGERS)
    return (rank, 0 if owed.danger else STATES.index(owed.state), -minutes(owed), owed.id)


def minutes(owed: Owed) -> int:
    """For how many minutes something is due, below zero before; a whole day is counted where no hour was set."""
    counted = owed.minutes_since_due
    return (owed.days_since_due or 0) * MINUTES_OF_A_DAY if counted is None else counted


def of_tracks(tracks: Iterable[Track], around: Around, within: int, items: Collection[Item] = ()) -> Iterator[Owed]:
    """Every deadline of these tracks that is owed for the client, as seen from each of her stays.

    Where a day was given for one of the *items*, the deadline of the same row is answered, unless it comes again.
    """
    her = around.client
    if her is None or her.idle:
        return
    for track in tracks:
        for due in track.due:
            if due.event not in EVENTS:
                yield from _of_entries(track, None, due, around, within)
                continue
            same = [item for item in items if item.row and item.row == due.row]
            for stay in (stay for stay in her.stays if not stay.turned_away):
                yield from _of_stay(track, due, replace(around, stay=stay), within, same)
        for part in track.parts.values():
            for due in part.due:
                yield from _of_entries(track, part, due, around, within)


def of_monitoring(report: Track, client: Client, day: date, within: int) -> Iterator[Owed]:
    """Her monitoring (A7.D): what answers it is said in `core.duty`, for a closing counts too."""
    (due,) = (each for each in report.due if each.event == "discharge")
    for one in duty.due(report, [client], day, within):
        ruling = in_force(due.history, one.discharged_on or day)
        state = "overdue" if one.state == "due" and one.days_since_due else one.state
        owed = Owed(one.id, one.stay, state, report.name, due.text or report.text, one.due_on, one.days_since_due, "")
        over = (one.days_since_due or 0) >= 0 and one.due_on is not None
        yield owed._replace(
            clause=ruling.clause if ruling else report.clause,
            row=due.row,
            owner=due.owner,
            danger=_danger(due, over) if over else None,
        )


def of_alarms(report: Track, client: Client, day: date) -> Iterator[Owed]:
    """What her last report says that is told before all else, until her monitoring is closed or she comes again."""
    for stay, last in duty.standing(report, client):
        told = last.day
        for alarm in (each for each in report.alarms if told and told <= day):
            if meant(alarm.when, last, Around(day=day)):
                text = {spoken: say(SAYS, {"what": alarm.text}, spoken) for spoken in SPOKEN}
                owed = Owed(client.id, stay.id if stay else None, "open", report.name, text, told, None, alarm.clause)
                since = days_from(told, day) if told else None
                yield owed._replace(
                    days_since_due=since, entry=last.written.get("id"), owner=alarm.owner, row=alarm.row, danger=AT_ONCE
                )


def of_act(act: Act, around: Around, since: date | None) -> Iterator[Owed]:
    """The items that an act still lacks; they have no day of their own, and their days are counted *since* then."""
    her, stay = around.client, around.stay
    if her is None:
        return
    lacking = {item.name for item, *_ in unmet(act, around)}
    for item, ruling in in_order(act, around.day):
        if item.name in lacking:
            yield _of_item(item, ruling, her, stay, since, around.today or around.day)


def _of_item(item: Item, ruling: Ruling, her: Client, stay: Stay | None, since: date | None, today: date) -> Owed:
    begun = days_from(since, today) if since else None
    owed = Owed(her.id, stay.id if stay else None, "open", item.name, item.text, None, begun, ruling.clause)
    gate = bool(ruling.asks.get("gate"))
    waits = stay is None or (stay.open and stay.admitted_on is None)
    return owed._replace(owner=item.owner, row=item.row, gate=gate, danger=GATE if gate and waits else None)


def _of_stay(track: Track, due: Due, around: Around, within: int, items: Collection[Item]) -> Iterator[Owed]:
    """A deadline that begins with an event of a stay, unless an entry of that stay answers it, or a day of an item."""
    begun, her = around.event(due.event), around.client
    ruling = in_force(due.history, begun) if begun else None
    blank = read_entry(track, {})
    if her is None or begun is None or ruling is None or not meant(due.when, blank, around):
        return
    day = later(begun, ruling.asks.get("after") or {})
    told = _told(her, around.stay, track, due, ruling)
    if "every" in ruling.asks:
        yield from _gaps(track, due, ruling, told, around)
    elif any(given(item, around) for item in items):
        return
    elif not any(_counts(one, due, day, around) for one in _answers(track, due, around)):
        yield from _standing(told, due, day, around, within)


def _of_entries(track: Track, part: Part | None, due: Due, around: Around, within: int) -> Iterator[Owed]:
    """A deadline that begins at a field of each of her entries, or of a part of each, until that entry answers it."""
    her = around.client
    for whole in lasting(track, of_client(track, her)) if her else ():
        read = read_parts(whole)
        for one in [each for each in read.parts if each.of is part] if part else [read]:
            held = replace(around, stay=_stay_of(her, read)) if her else around
            found = value(one, due.event, held)
            begun = as_days(found)
            begun = begun.last if isinstance(begun, Span) else begun
            ruling = in_force(due.history, read.day or begun) if begun else None
            if her is None or ruling is None or not meant(due.when, one, held):
                continue
            if any(_answered(one, name, due, read.day or begun, held) for name in due.until):
                continue
            told = _told(her, _stay_of(her, read), track, due, ruling)._replace(entry=whole.written.get("id"))
            told = told._replace(text=due.text or (part.text if part else title_of(track, whole.written)))
            after = ruling.asks.get("after") or {}
            at = found if isinstance(found, datetime) and not after else None  # months later no hour is meant
            yield from _standing(told, due, later(begun, after), held, within, at)


def _answered(entry: Entry, name: str, due: Due, day: date, around: Around) -> bool:
    """Whether a field of the entry answers, or an entry of a track that is dated from its *day* on."""
    if name in around.tracks and field_at(entry.fields, name) is None:
        return any(_counts(one, due, day, around) for one in around.hers(name))
    return _said(entry, name, around, around.today or around.day)


def _said(entry: Entry, name: str, around: Around, today: date) -> bool:
    """Whether a field answers: it is filled in, and a day in it has come; what is not asked owes nothing."""
    one = field_at(entry.fields, name)
    if one and asked(one, entry, around) != ASKED:
        return True
    found = moments(entry, name, around)
    return found <= today if isinstance(found, date) else found is not None


def _answers(track: Track, due: Due, around: Around) -> Iterator[Entry]:
    """The entries of the stay that may answer: those of the tracks named under until, else of its own."""
    for name in due.until or (track.name,):
        if name in around.tracks:
            yield from around.entries(name)


def _counts(entry: Entry, due: Due, day: date, around: Around) -> bool:
    """Whether an entry answers: dated from the day on, with the answers that are meant, and no shall of it broken."""
    on = entry.day
    if on is None or on < day or (around.today and on > around.today):
        return False
    meant = all(answered(entry.values.get(name), wanted) for name, wanted in due.where.items())
    return meant and keeps(entry, around)


def _standing(
    told: Owed, due: Due, day: date, around: Around, within: int, at: datetime | None = None
) -> Iterator[Owed]:
    """The row of one deadline as it stands today, or now where it has an hour; what is never listed has none."""
    days, passed = days_from(day, around.today or around.day), None
    if at and around.now:  # the hour decides, whatever day it is where it was written down
        passed = minutes_from(at, around.now)
        days = max(days, 0) if passed > 0 else min(days, 0)
    if due.never == "listed" or days < -within:
        return
    over = days > 0 if passed is None else passed > 0
    state = "upcoming" if days < 0 else "open" if due.never == OPEN_ENDED else "overdue" if over else "due"
    told = told._replace(state=state, due_on=day, days_since_due=days, due_at=at, minutes_since_due=passed)
    yield told._replace(danger=_danger(due, over)) if days >= 0 else told


def _danger(due: Due, over: bool) -> str | None:
    """What puts a deadline that is due before papers and money; nobody is late before her day or hour is *over*."""
    danger = AT_ONCE if due.first else due.danger
    return danger if over or danger != LATE else None


def _gaps(track: Track, due: Due, ruling: Ruling, told: Owed, around: Around) -> Iterator[Owed]:
    """What is due every day, week or month of a stay: one row with how many of these have nothing."""
    stay, today, first = around.stay, around.today or around.day, around.event(due.event)
    if stay is None or first is None:
        return
    left = stay.discharged_on
    last = min(today, days_after(left, -1)) if left else today
    covered = (span for one in _answers(track, due, around) if (span := _span(one)))
    empty = empty_periods(Span(first, last), ruling.asks["every"], covered)
    running = left is None and last == today and empty.last == last  # what ends today may still be done
    if over := empty.periods - running:
        yield told._replace(
            state="overdue",
            due_on=empty.first,
            days_since_due=days_from(empty.first, today),
            gaps=over,
            danger=_danger(due, over=True),
        )
    elif running:
        yield told._replace(state="due", due_on=last, days_since_due=0, gaps=1, danger=_danger(due, over=False))


def _span(entry: Entry) -> Span | None:
    """The days that an entry covers: its span, else its day."""
    spans = [said for name in entry.fields if isinstance(said := entry.values.get(name), Span)]
    on = entry.day
    return spans[0] if spans else Span(on, on) if on else None


def _told(her: Client, stay: Stay | None, track: Track, due: Due, ruling: Ruling) -> Owed:
    owed = Owed(her.id, stay.id if stay else None, "open", track.name, due.text or track.text, None, None, "")
    return owed._replace(clause=ruling.clause, owner=due.owner, row=due.row)


def _stay_of(her: Client, entry: Entry) -> Stay | None:
    """The stay in which an entry lies, or that it names."""
    named: Facts = entry.written
    lies = her.stay_at(entry.where)
    return lies or next((stay for stay in her.stays if stay.id and stay.id == named.get("stay")), None)
