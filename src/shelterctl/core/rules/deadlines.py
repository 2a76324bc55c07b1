"""What is due of a client on a day: every deadline of her tracks, her monitoring, and what her acts still lack."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.rule import Ruling, ruling_in_force
from shelterctl.core.manual.track import (
    DANGER_AT_ONCE,
    DANGER_GATE,
    DANGER_LATE,
    DANGERS_BY_GRAVITY,
    Deadline,
    FormPart,
    Track,
)
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    entry_title,
    field_at_path,
    gives_answers,
    read_entry,
    read_parts,
)
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.checklist import given_days, items_in_force, unmet_items
from shelterctl.core.rules.context import (
    EVENTS,
    FIELD_ASKED,
    Context,
    as_days,
    entries_of_client,
    field_state,
    matches_answers,
    resolve_days,
    resolve_value,
)
from shelterctl.core.rules.verbs import keeps_rules
from shelterctl.core.values.days import Span, add_days, add_duration, count_empty_periods, days_between, minutes_between
from shelterctl.language import Text, format_sentence
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

DEADLINE_STATES = ("overdue", "due", "open", "upcoming", "unscheduled")
"""How a deadline stands: its day or hour is over, is today, is not counted, is still to come, or was never set."""

REPORT_SAYS = N_("her report says {what}")
"""How an answer that is raised stands in a list of what is due."""

RECURRENCES = ("day", "week", "month")
"""How often something may be due in a stay."""

MINUTES_IN_A_DAY = 24 * 60

OPEN_ENDED = "overdue"
"""What is ``never: overdue`` stays open from its day on, with the days since; it has no last day."""


class Obligation(NamedTuple):
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


def order_by_danger(owed: Obligation) -> tuple[int, int, int, str]:
    """Danger first, the gravest of it before the oldest; then what is overdue, due, open, to come, the oldest first."""
    rank = DANGERS_BY_GRAVITY.index(owed.danger) if owed.danger else len(DANGERS_BY_GRAVITY)
    return (rank, 0 if owed.danger else DEADLINE_STATES.index(owed.state), -count_minutes_due(owed), owed.id)


def count_minutes_due(owed: Obligation) -> int:
    """For how many minutes something is due, below zero before; a whole day is counted where no hour was set."""
    counted = owed.minutes_since_due
    return (owed.days_since_due or 0) * MINUTES_IN_A_DAY if counted is None else counted


def list_track_obligations(
    tracks: Iterable[Track], context: Context, within: int, items: Collection[Item] = ()
) -> Iterator[Obligation]:
    """Every deadline of these tracks that is owed for the client, as seen from each of her stays.

    Where a day was given for one of the *items*, the deadline of the same row is answered, unless it comes again.
    """
    her = context.client
    if her is None or her.is_idle:
        return
    for track in tracks:
        for due in track.due:
            if due.event not in EVENTS:
                yield from _list_entry_obligations(track, None, due, context, within)
                continue
            same = [item for item in items if item.row and item.row == due.row]
            for stay in (stay for stay in her.stays if not stay.turned_away):
                yield from _list_stay_obligations(track, due, replace(context, stay=stay), within, same)
        for part in track.parts.values():
            for due in part.due:
                yield from _list_entry_obligations(track, part, due, context, within)


def list_monitoring_obligations(report: Track, client: Client, day: date, within: int) -> Iterator[Obligation]:
    """Her monitoring (A7.D): what answers it is said in `core.rules.monitoring`, for a closing counts too."""
    (due,) = (each for each in report.due if each.event == "discharge")
    for one in monitoring.list_monitoring_due(report, [client], day, within):
        ruling = ruling_in_force(due.history, one.discharged_on or day)
        state = "overdue" if one.state == "due" and one.days_since_due else one.state
        clause, text = ruling.clause if ruling else report.clause, due.text or report.text
        owed = Obligation(one.id, one.stay, state, report.name, text, one.due_on, one.days_since_due, clause)
        over = (one.days_since_due or 0) >= 0 and one.due_on is not None
        danger = _decide_danger(due, over) if over else None
        yield owed._replace(row=due.row, owner=due.owner, danger=danger)


def list_alarm_obligations(report: Track, client: Client, day: date) -> Iterator[Obligation]:
    """What her last report says that is told before all else, until her monitoring is closed or she comes again."""
    for stay, last in monitoring.find_standing_report(report, client):
        if last.day is None or last.day > day:
            continue
        stay_id, since = stay.id if stay else None, days_between(last.day, day)
        for alarm in (each for each in report.alarms if matches_answers(each.when, last, Context(day=day))):
            what = {"what": alarm.text}
            text = {language: format_sentence(REPORT_SAYS, what, language) for language in SCREEN_LANGUAGES}
            owed = Obligation(client.id, stay_id, "open", report.name, text, last.day, since, alarm.clause)
            entry = last.written.get("id")
            yield owed._replace(entry=entry, owner=alarm.owner, row=alarm.row, danger=DANGER_AT_ONCE)


def list_item_obligations(act: Act, context: Context, since: date | None) -> Iterator[Obligation]:
    """The items that an act still lacks; they have no day of their own, and their days are counted *since* then."""
    her, stay = context.client, context.stay
    if her is None:
        return
    lacking = {item.name for item, *_ in unmet_items(act, context)}
    begun = days_between(since, context.today or context.day) if since else None
    stay_id, waits = stay.id if stay else None, stay is None or (stay.is_open and stay.admitted_on is None)
    for item, ruling in items_in_force(act, context.day):
        if item.name in lacking:
            owed = Obligation(her.id, stay_id, "open", item.name, item.text, None, begun, ruling.clause)
            gate = bool(ruling.params.get("gate"))
            danger = DANGER_GATE if gate and waits else None
            yield owed._replace(owner=item.owner, row=item.row, gate=gate, danger=danger)


def _list_stay_obligations(
    track: Track, due: Deadline, context: Context, within: int, items: Collection[Item]
) -> Iterator[Obligation]:
    """A deadline that begins with an event of a stay, unless an entry of that stay answers it, or a day of an item."""
    begun, her = context.event_day(due.event), context.client
    ruling = ruling_in_force(due.history, begun) if begun else None
    blank = read_entry(track, {})
    if her is None or begun is None or ruling is None or not matches_answers(due.when, blank, context):
        return
    day = add_duration(begun, ruling.params.get("after") or {})
    owed = _make_obligation(her, context.stay, track, due, ruling)
    if "every" in ruling.params:
        yield from _list_gaps(track, due, ruling, owed, context)
    elif any(given_days(item, context) for item in items):
        return
    elif not any(_is_answer(one, due, day, context) for one in _list_answering_entries(track, due, context)):
        yield from _obligation_today(owed, due, day, context, within)


def _list_entry_obligations(
    track: Track, part: FormPart | None, due: Deadline, context: Context, within: int
) -> Iterator[Obligation]:
    """A deadline that begins at a field of each of her entries, or of a part of each, until that entry answers it."""
    her = context.client
    for whole in effective_entries(track, entries_of_client(track, her)) if her else ():
        read = read_parts(whole)
        for one in [each for each in read.parts if each.definition is part] if part else [read]:
            held = replace(context, stay=_find_stay_of_entry(her, read)) if her else context
            found = resolve_value(one, due.event, held)
            begun = as_days(found)
            begun = begun.last if isinstance(begun, Span) else begun
            ruling = ruling_in_force(due.history, read.day or begun) if begun else None
            if her is None or ruling is None or not matches_answers(due.when, one, held):
                continue
            if any(_is_answered(one, name, due, read.day or begun, held) for name in due.until):
                continue
            text = due.text or (part.text if part else entry_title(track, whole.written))
            owed = _make_obligation(her, held.stay, track, due, ruling)
            owed = owed._replace(entry=whole.written.get("id"), text=text)
            after = ruling.params.get("after") or {}
            at = found if isinstance(found, datetime) and not after else None  # months later no hour is meant
            yield from _obligation_today(owed, due, add_duration(begun, after), held, within, at)


def _is_answered(entry: Entry, name: str, due: Deadline, day: date, context: Context) -> bool:
    """Whether a field of the entry answers, or an entry of a track that is dated from its *day* on."""
    if name in context.tracks and field_at_path(entry.fields, name) is None:
        return any(_is_answer(one, due, day, context) for one in context.client_entries(name))
    return _is_field_answered(entry, name, context, context.today or context.day)


def _is_field_answered(entry: Entry, name: str, context: Context, today: date) -> bool:
    """Whether a field answers: it is filled in, and a day in it has come; what is not asked owes nothing."""
    one = field_at_path(entry.fields, name)
    if one and field_state(one, entry, context) != FIELD_ASKED:
        return True
    found = resolve_days(entry, name, context)
    return found <= today if isinstance(found, date) else found is not None


def _list_answering_entries(track: Track, due: Deadline, context: Context) -> Iterator[Entry]:
    """The entries of the stay that may answer: those of the tracks named under until, else of its own."""
    for name in due.until or (track.name,):
        if name in context.tracks:
            yield from context.entries(name)


def _is_answer(entry: Entry, due: Deadline, day: date, context: Context) -> bool:
    """Whether an entry answers: dated from the day on, with the answers that are meant, and no shall of it broken."""
    on = entry.day
    if on is None or on < day or (context.today and on > context.today):
        return False
    return gives_answers(due.where, entry.values) and keeps_rules(entry, context)


def _obligation_today(
    owed: Obligation, due: Deadline, day: date, context: Context, within: int, at: datetime | None = None
) -> Iterator[Obligation]:
    """The row of one deadline as it stands today, or now where it has an hour; what is never listed has none."""
    days, passed = days_between(day, context.today or context.day), None
    if at and context.now:  # the hour decides, whatever day it is where it was written down
        passed = minutes_between(at, context.now)
        days = max(days, 0) if passed > 0 else min(days, 0)
    if due.never == "listed" or days < -within:
        return
    over = days > 0 if passed is None else passed > 0
    state = "upcoming" if days < 0 else "open" if due.never == OPEN_ENDED else "overdue" if over else "due"
    owed = owed._replace(state=state, due_on=day, days_since_due=days, due_at=at, minutes_since_due=passed)
    yield owed._replace(danger=_decide_danger(due, over)) if days >= 0 else owed


def _decide_danger(due: Deadline, over: bool) -> str | None:
    """What puts a deadline that is due before papers and money; nobody is late before her day or hour is *over*."""
    danger = DANGER_AT_ONCE if due.first else due.danger
    return danger if over or danger != DANGER_LATE else None


def _list_gaps(track: Track, due: Deadline, ruling: Ruling, owed: Obligation, context: Context) -> Iterator[Obligation]:
    """What is due every day, week or month of a stay: one row with how many of these have nothing."""
    stay, today, first = context.stay, context.today or context.day, context.event_day(due.event)
    if stay is None or first is None:
        return
    left = stay.discharged_on
    last = min(today, add_days(left, -1)) if left else today
    covered = (span for one in _list_answering_entries(track, due, context) if (span := _covered_days(one)))
    empty = count_empty_periods(Span(first, last), ruling.params["every"], covered)
    running = left is None and last == today and empty.last == last  # what ends today may still be done
    if over := empty.periods - running:
        since, danger = days_between(empty.first, today), _decide_danger(due, over=True)
        yield owed._replace(state="overdue", due_on=empty.first, days_since_due=since, gaps=over, danger=danger)
    elif running:
        yield owed._replace(state="due", due_on=last, days_since_due=0, gaps=1, danger=_decide_danger(due, over=False))


def _covered_days(entry: Entry) -> Span | None:
    """The days that an entry covers: its span, else its day."""
    spans = [said for name in entry.fields if isinstance(said := entry.values.get(name), Span)]
    on = entry.day
    return spans[0] if spans else Span(on, on) if on else None


def _make_obligation(her: Client, stay: Stay | None, track: Track, due: Deadline, ruling: Ruling) -> Obligation:
    stay_id, text = stay.id if stay else None, due.text or track.text
    owed = Obligation(her.id, stay_id, "open", track.name, text, None, None, ruling.clause)
    return owed._replace(owner=due.owner, row=due.row)


def _find_stay_of_entry(her: Client, entry: Entry) -> Stay | None:
    """The stay in which an entry lies, or that it names."""
    named = (stay for stay in her.stays if stay.id and stay.id == entry.written.get("stay"))
    return her.stay_at(entry.where) or next(named, None)
