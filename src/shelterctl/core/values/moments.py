"""Days and times as moments: where only a day is known, its first and its last moment, in one time zone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from shelterctl.core.values.days import EmptyPeriods, add_days

ONE_HOUR = timedelta(hours=1)


def first_moment(value: date, zone: tzinfo | None) -> datetime:
    """Return a time unchanged, or the beginning of a day; *zone* is that of a value without an offset, else UTC."""
    at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return at if at.tzinfo else at.replace(tzinfo=zone or UTC)


def last_moment(value: date, zone: tzinfo | None) -> datetime:
    """Return a time unchanged, or the end of a day: the beginning of the next one."""
    return first_moment(value if isinstance(value, datetime) else add_days(value, 1), zone)


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day by UTC."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, UTC)


def add_hours(moment: datetime, hours: int) -> datetime:
    """Return the moment *hours* later, or earlier if negative; never beyond the ends of the calendar."""
    try:
        return moment + hours * ONE_HOUR
    except OverflowError:
        return (datetime.max if hours > 0 else datetime.min).replace(tzinfo=moment.tzinfo)


def is_certainly_earlier(one: date, other: date, zone: tzinfo | None, hours: int = 0) -> bool:
    """Return whether *one*, moved by *hours*, is before *other*, at whichever hour of their days the two may be."""
    end, begin = add_hours(last_moment(one, zone), hours), first_moment(other, zone)
    return end < begin or (end == begin and not isinstance(one, datetime))


def count_empty_hours(
    begin: datetime, end: datetime, covered: Iterable[tuple[datetime, datetime]]
) -> tuple[EmptyPeriods, bool]:
    """Count the hours between two moments, each beginning on the hour, in which nothing *covered* lies.

    A time covers each hour that it touches, and a single moment the hour in which it lies. Hours are counted by the
    offset of *end*, so that a change of the clock makes none longer or shorter. The second result says whether the
    last hour is empty.
    """
    zero = datetime.min.replace(tzinfo=end.tzinfo or UTC)

    def last_hour(moment: datetime) -> int:
        return -((zero - moment) // ONE_HOUR) - 1

    first, last = (begin - zero) // ONE_HOUR, last_hour(end)
    spans = sorted(((one - zero) // ONE_HOUR, last_hour(other)) for one, other in covered)
    reached, empty = first, list[range]()
    for opens, closes in (*spans, (last + 1, last)):
        if min(opens, last + 1) > reached:
            empty.append(range(reached, min(opens, last + 1)))
        reached = max(reached, opens + 1, closes + 1)
    if not empty:
        return EmptyPeriods(0, date.max, date.min), False
    days = ((zero + hour * ONE_HOUR).date() for hour in (empty[0].start, empty[-1].stop - 1))
    return EmptyPeriods(sum(map(len, empty)), *days), empty[-1].stop == last + 1
