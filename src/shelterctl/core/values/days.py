"""Days, partial dates, times and calendar months (X87)."""

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}([+-]\d{2}:\d{2})?", re.ASCII)


class Span(NamedTuple):
    """A period by its first and its last day, both included."""

    first: date
    last: date

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two periods have at least one day in common."""
        return self.first <= other.last and other.first <= self.last

    def intersection(self, other: "Span") -> "Span | None":
        """Return the days that both periods have in common, or None if there are none."""
        return Span(max(self.first, other.first), min(self.last, other.last)) if self.overlaps(other) else None


def find_gaps(during: Span, covered: Iterable[Span]) -> Iterator[Span]:
    """Yield the days of *during* that no span of *covered* contains, in as few spans as possible."""
    begin = during.first
    for span in sorted(each for each in covered if each.overlaps(during)):
        if span.first > begin:
            yield Span(begin, add_days(span.first, -1))
        if span.last >= during.last:
            return
        begin = max(begin, add_days(span.last, 1))
    yield Span(begin, during.last)


def read_partial(written: object) -> Span | None:
    """Read a year, a month or a day as the days that it may mean; return None for anything else or a day that does not
    exist.
    """
    found = _PARTIAL.fullmatch(str(written)) if isinstance(written, str | int) else None
    if not found or isinstance(written, bool):
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Span(first, first)
    return Span(first, date(first.year, month or 12, calendar.monthrange(first.year, month or 12)[1]))


def read_day(written: object) -> date | None:
    """Read a whole date ``YYYY-MM-DD``; return None for anything else or a day that does not exist."""
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def read_month(written: object) -> date | None:
    """Read a month ``YYYY-MM`` as its first day; return None for anything else."""
    if not isinstance(written, str) or len(written) != len("2026-11"):
        return None
    span = read_partial(written)
    return span.first if span else None


def read_clock(written: object) -> str | None:
    """Read a time of the day ``HH:MM``; return None for anything else."""
    return written if isinstance(written, str) and _CLOCK.fullmatch(written) else None


def read_time(written: object) -> datetime | None:
    """Read a time ``YYYY-MM-DDTHH:MM``, with or without its offset ``±HH:MM``; return None for anything else."""
    if not isinstance(written, str) or not _TIME.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def local_day(written: object) -> date | None:
    """Return the day of a date or a time as it is written: an event at 23:50+06:00 stays on its written day."""
    time = read_time(written)
    return time.date() if time else read_day(written)


def add_months(day: date, months: int) -> date:
    """Return the day *months* calendar months later, or the last day of a shorter month (31 August + 6: 28 February).

    The result never leaves the calendar: a mistyped year causes a finding, not a crash.
    """
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Duration(NamedTuple):
    """A length of time: *months* calendar months, followed by *days* days, or *hours* alone."""

    months: int = 0
    days: int = 0
    hours: int = 0


def add_duration(day: date, length: Duration) -> date:
    """Return the day that lies *length* after *day*."""
    return add_days(add_months(day, length.months), length.days)


def add_days(day: date, days: int) -> date:
    """Return the day *days* later, or earlier if negative; never beyond the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def months_spanned(span: Span) -> int:
    """Return the number of months of a period: the smallest n for which its first day + n months is after its last
    (X81).
    """
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month
    return months if add_months(span.first, months) > span.last else months + 1


def calendar_months(span: Span) -> tuple[str, ...]:
    """Return the calendar months, as ``YYYY-MM``, of which at least one day is in the period."""
    first = span.first.year * 12 + span.first.month - 1
    last = span.last.year * 12 + span.last.month - 1
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))


def completed_years(birth: date, day: date) -> int:
    """Return the completed years on *day*; a birthday on 29 February is reached on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_range(birth: Span, day: date) -> tuple[int, int]:
    """Return the lowest and the highest age on *day*, in completed years, of a person born within *birth*."""
    return completed_years(birth.last, day), completed_years(birth.first, day)


def minutes_between(first: datetime, last: datetime) -> int:
    """Return the whole minutes between two moments, each with its own offset; negative when *last* is earlier.

    A *first* without an offset takes that of *last*.
    """
    first = first if first.tzinfo else first.replace(tzinfo=last.tzinfo)
    return (last - first) // timedelta(minutes=1)


def days_between(first: date, last: date) -> int:
    """Return the number of days between two days; negative when *last* is earlier."""
    return (last - first) // timedelta(days=1)


DAYS_PER_PERIOD = {"day": 1, "week": 7}
"""The days of each kind of period whose length never varies."""


class EmptyPeriods(NamedTuple):
    """The number of *periods* without any entry, and the last days of the *first* and of the *last* of them."""

    periods: int
    first: date
    last: date


def count_empty_periods(
    during: Span, every: str, covered: Iterable[Span], calendar_weeks: bool = False
) -> EmptyPeriods:
    """Count the days, weeks (from the first day of *during*, or from Monday) or calendar months in which no span of
    *covered* has a day.

    The periods are cut to *during*. They are counted without being listed, because a thousand clients may have years of
    unpaid days.
    """
    begins, runs = _period_starts(during, every, calendar_weeks), []
    for gap in find_gaps(during, covered) if begins else ():
        first = bisect_left(begins, gap.first.toordinal())
        behind = len(begins) if gap.last == during.last else bisect_right(begins, gap.last.toordinal() + 1) - 1
        if first < behind:
            runs.append(range(first, behind))

    def end(period: int) -> date:
        return date.fromordinal(begins[period + 1] - 1) if period + 1 < len(begins) else during.last

    if not runs:
        return EmptyPeriods(0, date.max, date.min)
    return EmptyPeriods(sum(map(len, runs)), end(runs[0][0]), end(runs[-1][-1]))


def _period_starts(during: Span, every: str, calendar_weeks: bool = False) -> Sequence[int]:
    """Return the ordinals of the first days of the periods."""
    first, end = during.first.toordinal(), during.last.toordinal()
    if calendar_weeks and every == "week" and first <= end:
        monday = first + DAYS_PER_PERIOD["week"] - during.first.weekday()
        return [first, *range(monday, end + 1, DAYS_PER_PERIOD["week"])]
    if every in DAYS_PER_PERIOD:
        return range(first, end + 1, DAYS_PER_PERIOD[every])
    found, begin = [], during.first
    while begin <= during.last:
        found.append(begin.toordinal())
        begin = add_months(begin.replace(day=1), 1)
    return found
