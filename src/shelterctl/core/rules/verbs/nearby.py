"""The entries of a long register that may share a value or a time with one entry.

A year of a house has thousands of entries, so each is compared only with the few that can matter. They are sorted once
for a record.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name
from shelterctl.core.values.days import Span
from shelterctl.core.values.moments import first_moment, last_moment

MARGIN = timedelta(days=2)
"""The distance to which times are looked for beyond those of an entry, where one of them is without its offset."""

NO_MARGIN = timedelta()

BEGINNING, END = datetime.min.replace(tzinfo=UTC) + MARGIN, datetime.max.replace(tzinfo=UTC) - MARGIN


class _Times(NamedTuple):
    """The entries of a record with a time, by its beginning: each with its end, and the latest end up to there."""

    begins: Sequence[datetime]
    ends: Sequence[datetime]
    latest: Sequence[datetime]
    entries: Sequence[tuple[int, Entry]]
    margin: timedelta

    def find(self, begin: datetime, end: datetime) -> Iterator[tuple[int, Entry]]:
        """Yield the entries that may share time with the time between two moments, each with its number."""
        begin, end = begin - self.margin, end + self.margin
        for place in range(bisect_right(self.begins, end) - 1, -1, -1):
            if self.latest[place] < begin:
                return
            if self.ends[place] >= begin:
                yield self.entries[place]


def find_nearby(names: Sequence[Name], entry: Entry, context: Context) -> Sequence[Entry]:
    """Return those of the other entries that may have the same value, or share time with this entry, in their order.

    One name is that of a value or a period, two are the beginning and the end of a time.
    """
    track, whose, others = entry.definition, context.client, context.other_entries
    if whose is None or not isinstance(track, Track) or others is not context.client_entries(track.name):
        return others
    key = f"times of {track.name} {' '.join(name.text for name in names)}"
    known: tuple[Any, ...] | None = whose.cache.get(key)
    if known is None or known[0] is not others:
        by_value = _sort_by_value(names, others, context)
        known = whose.cache[key] = (others, _sort_by_time(names, others, context), by_value)
    times: _Times
    values: Mapping[object, Sequence[Entry]]
    _, times, values = known
    if (mine := _time_of(names, entry, context)) is not None:
        return [one for _, one in sorted(times.find(*mine), key=lambda numbered: numbered[0])]
    value = _value_of(names, entry, context)
    return others if isinstance(value, int | tuple) else values.get(value, ())  # months may be any of a period


def _sort_by_time(names: Sequence[Name], entries: Sequence[Entry], context: Context) -> _Times:
    timed = [(*span, place, one) for place, one in enumerate(entries) if (span := _time_of(names, one, context))]
    timed.sort(key=lambda each: each[:1])
    latest, reached = [], BEGINNING
    for _, end, *_ in timed:
        latest.append(reached := max(reached, end))
    said = (name.read(one, context) for one in entries for name in names)
    margin = MARGIN if any(isinstance(each, datetime) and each.tzinfo is None for each in said) else NO_MARGIN
    begins, ends = [each[0] for each in timed], [each[1] for each in timed]
    return _Times(begins, ends, latest, [each[2:] for each in timed], margin)


def _sort_by_value(names: Sequence[Name], entries: Iterable[Entry], context: Context) -> dict[object, list[Entry]]:
    found: dict[object, list[Entry]] = {}
    for one in entries:
        found.setdefault(_value_of(names, one, context), []).append(one)
    return found


def _value_of(names: Sequence[Name], entry: Entry, context: Context) -> object:
    """Return the single value of an entry at one name; None for a period, or where nothing is written."""
    found = read_comparable(names[0], entry, context) if len(names) == 1 else None
    return found if isinstance(found, Hashable) and not isinstance(found, Span) else None


def read_comparable(name: Name, entry: Entry, context: Context) -> Any:
    """Return the value of a name as other entries may repeat it: of a time, its day by the clock of the house."""
    found = name.read(entry, context)
    if not isinstance(found, datetime):
        return found
    return (found.astimezone(context.zone) if found.tzinfo and context.zone else found).date()


def _time_of(names: Sequence[Name], entry: Entry, context: Context) -> tuple[datetime, datetime] | None:
    """Return the time between two names, or of a period; a time without an end has none."""
    said = [name.read(entry, context) for name in names]
    begin, end = (*said[0],) if isinstance(said[0], Span) else (said[0], *said[1:]) if len(said) > 1 else (None, None)
    if not isinstance(begin, date):
        return None
    ends = last_moment(end, context.zone) if isinstance(end, date) else END
    return _inside(first_moment(begin, context.zone)), _inside(ends)


def _inside(moment: datetime) -> datetime:
    """Return the moment, within the calendar by a margin."""
    return min(max(moment, BEGINNING), END)
