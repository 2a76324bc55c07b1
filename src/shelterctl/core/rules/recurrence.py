"""Deadlines that recur every hour, day, week or month: which of these periods have no entry.

The periods are counted in a stay, or in the registers of a house from their first day on. An entry covers the day on
which it begins. If it has a beginning and an end, it also covers each later day up to the one before its end: the day
on which a night's duty ends in the morning has a duty of its own to begin, and must not seem to have it already. An
entry with the first and the last day of a period covers both.
"""

from collections.abc import Iterator
from datetime import date, datetime

from shelterctl.core.manual.track import Deadline, DeadlineRuling, Track
from shelterctl.core.record.client import Registered, live_entries, value_at
from shelterctl.core.record.entries import Entry, gives_answers, is_of_track
from shelterctl.core.rules.as_written import find_written_day, make_filter
from shelterctl.core.rules.context import Context
from shelterctl.core.values.days import (
    EmptyPeriods,
    Span,
    add_days,
    count_empty_periods,
    local_day,
    read_day,
    read_time,
)
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.moments import count_empty_hours, first_moment, last_moment
from shelterctl.immutable import immutable

HOUR = "hour"
"""The shortest period, which is counted by moments instead of days."""


@immutable
class Recurrence:
    """The periods of one deadline that have no entry (*empty*), the last of which may still be *running*."""

    empty: EmptyPeriods
    running: bool

    @property
    def missed(self) -> int:
        """The number of periods that are over and have no entry."""
        return self.empty.periods - self.running


def find_recurrence(track: Track, due: Deadline, ruling: DeadlineRuling, context: Context) -> Recurrence | None:
    """Return the periods without an entry; None where the deadline has not begun, or names no interval."""
    today, every, stay = context.today or context.day, ruling.every, context.stay
    registered = context.client if isinstance(context.client, Registered) else None
    first, left = context.event_day(due.event), stay.discharged_on if stay else None
    if first is None or every is None or (stay is None and registered is None):
        return None
    if registered:
        first = max(day for day in (first, ruling.since, registered.held_from) if day)
    last = min(today, add_days(left, -1)) if left else today
    if every == HOUR:
        end = context.now if context.now and not left else last_moment(last, context.zone)
        covered = (said for each in _list_written(track, due, context) if (said := _moments(*each, context)))
        empty, is_last = count_empty_hours(first_moment(first, context.zone), end, covered)
        return Recurrence(empty, left is None and is_last)
    if registered:
        spans = {_days(*each) for each in _list_written(track, due, context)}
        empty = count_empty_periods(Span(first, last), every, filter(None, spans), ruling.calendar)
    else:
        days = (span for one in _list_answering(track, due, context) if (span := _days_of_entry(one)))
        empty = count_empty_periods(Span(first, last), every, days, ruling.calendar)
    running = left is None and last == today and empty.last == last  # a period that ends today can still be filled
    return Recurrence(empty, running)


def _list_answering(track: Track, due: Deadline, context: Context) -> Iterator[Entry]:
    """Return the entries of a stay that may answer: of the tracks under ``until``, else of the deadline's own track."""
    answering = (one for name in due.until or (track.name,) for one in context.entries(name))
    return (one for one in answering if gives_answers(due.where, one.values))


def _days_of_entry(entry: Entry) -> Span | None:
    """Return the days that an entry covers: its span, else its day."""
    spans = [said for name in entry.fields if isinstance(said := entry.values.get(name), Span)]
    on = entry.day
    return spans[0] if spans else Span(on, on) if on else None


def _list_written(track: Track, due: Deadline, context: Context) -> Iterator[tuple[Track, Facts]]:
    """Yield what is written of each entry that may answer, with its track; a register has too many to read them all.

    Fields under ``until`` must be filled in, at least one of them.
    """
    tracks = [context.tracks[name] for name in due.until if name in context.tracks] or [track]
    fields = [name for name in due.until if name not in context.tracks]
    for of in tracks:
        fits = make_filter(of, due.where)
        for written in live_entries(value_at(context.locate(of)[0], of.at)):
            if of.discriminator and not is_of_track(of, written):
                continue
            if (not fields or any(value_at(written, name) is not None for name in fields)) and fits(written):
                yield of, written


def _ends(track: Track, written: Facts) -> tuple[object, object]:
    """Return the beginning and the end of an entry as they are written; the end is None where it has none."""
    spans = (written.get(name) for name, one in track.fields.items() if one.kind == "span")
    if track.times:
        begin, end = track.times
        return value_at(written, begin), value_at(written, end)
    found = next((one for one in spans if isinstance(one, dict)), None)
    if found:
        return found.get("from"), found.get("to")
    return find_written_day(track, written), None


def _days(track: Track, written: Facts) -> Span | None:
    """Return the days that an entry of a register covers; None where its beginning is not known."""
    begin, end = _ends(track, written)
    first, last = local_day(begin), local_day(end)
    if first is None:
        return None
    if last is not None and read_time(end):
        last = add_days(last, -1)
    return Span(first, max(first, last or first))


def _moments(track: Track, written: Facts, context: Context) -> tuple[datetime, datetime] | None:
    """Return the time that an entry covers; a single time covers the hour in which it lies."""
    begin, end = (read_time(said) or read_day(said) for said in _ends(track, written))
    if begin is None:
        return None
    ends: date = end or begin
    return first_moment(begin, context.zone), last_moment(ends, context.zone)
