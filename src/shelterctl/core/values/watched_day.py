"""Until when an answer holds: a day taken as today that notes each comparison, and what else an answer was read from.

An answer about a client is computed with a `WatchedDay` in place of today. Each comparison with it says for which later
days it would come out alike; what is left of them is how long the answer holds. An answer that counts days, or prints
one, holds on its own day alone. So no rule has to say itself how it depends on the day.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any


class Watch:
    """The day taken as today, the last day until which what was read so far stays as it is, and whether it was read
    *elsewhere* too: in other files, or from the clock. Such an answer is not kept.
    """

    def __init__(self, day: date) -> None:
        self.today = WatchedDay.watch(day, self)
        self.first = day
        self.begin()

    def begin(self) -> None:
        """Begin anew: nothing was read yet."""
        self.until, self.elsewhere = date.max.toordinal(), False

    def holds_until(self, ordinal: int) -> None:
        """Note that an answer changes after the day of this ordinal."""
        self.until = min(self.until, max(ordinal, self.first.toordinal()))

    def holds_today(self) -> None:
        """Note that an answer holds on its own day alone."""
        self.until = self.first.toordinal()

    def read_elsewhere(self) -> None:
        """Note that an answer was also read from another file, or from the clock."""
        self.elsewhere = True


class WatchedDay(date):
    """Today, or a day a fixed number of days before or after it, of which every use is noted.

    A comparison with another day is noted as the last day on which it comes out alike. Every other use, such as the
    number of days to another day, the year or the hash, is noted as one that holds on this day alone.
    """

    _watch: Watch
    _shift: int

    @classmethod
    def watch(cls, day: date, watch: Watch, shift: int = 0) -> "WatchedDay":
        """Return *day* as a day that *watch* notes, which lies *shift* days after today."""
        plain = cls.plain_of(day)
        made = cls(plain.year, plain.month, plain.day)
        made._watch, made._shift = watch, shift
        return made

    def _note(self, other: object, *, until_day_before: bool) -> None:
        """Note that a comparison changes when today plus the shift reaches *other*, or comes after it."""
        if isinstance(other, date) and not isinstance(other, WatchedDay):
            self._watch.holds_until(date.toordinal(other) - self._shift - until_day_before)

    def __lt__(self, other: Any) -> bool:
        found = super().__lt__(other)
        if found is True:
            self._note(other, until_day_before=True)
        return found

    def __le__(self, other: Any) -> bool:
        found = super().__le__(other)
        if found is True:
            self._note(other, until_day_before=False)
        return found

    def __gt__(self, other: Any) -> bool:
        found = super().__gt__(other)
        if found is False:
            self._note(other, until_day_before=False)
        return found

    def __ge__(self, other: Any) -> bool:
        found = super().__ge__(other)
        if found is False:
            self._note(other, until_day_before=True)
        return found

    def __eq__(self, other: object) -> bool:
        found = super().__eq__(other)
        if found is True:
            self._note(other, until_day_before=False)
        elif isinstance(other, date) and date.toordinal(other) > date.toordinal(self):
            self._note(other, until_day_before=True)
        return found

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        self._watch.holds_today()
        return super().__hash__()

    def __add__(self, length: Any) -> Any:
        found = super().__add__(length)
        return self._shifted(found)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        found = super().__sub__(other)
        if isinstance(found, date):
            return self._shifted(found)
        if not isinstance(other, WatchedDay):
            self._watch.holds_today()
        return found

    def __rsub__(self, other: Any) -> Any:
        if isinstance(other, date) and not isinstance(other, datetime):
            self._watch.holds_today()
            return date(other.year, other.month, other.day) - self.plain
        return NotImplemented

    def _shifted(self, day: date) -> Any:
        days = (self.plain_of(day) - self.plain).days
        return WatchedDay.watch(self.plain_of(day), self._watch, self._shift + days)

    @staticmethod
    def plain_of(day: date) -> date:
        """Return a day as one that nobody watches, without noting it."""
        return date.fromordinal(date.toordinal(day))

    @property
    def plain(self) -> date:
        """The day as one that nobody watches, without noting it."""
        return self.plain_of(self)


class WatchedMoment(datetime):
    """The present moment, of which every use is noted as reading the clock; only its time zone is free."""

    _watch: Watch

    @classmethod
    def watch(cls, moment: datetime, watch: Watch) -> "WatchedMoment":
        """Return *moment* as one that *watch* notes."""
        made = cls.combine(moment.date(), moment.timetz())
        made._watch = watch
        return made

    @property
    def plain(self) -> datetime:
        """The moment as one that nobody watches, without noting it."""
        return datetime.combine(self, datetime.timetz(self))

    def __sub__(self, other: Any) -> Any:
        found = self.plain - other
        if not isinstance(found, timedelta):
            self._watch.read_elsewhere()
            return found
        length = WatchedLength(found.days, found.seconds, found.microseconds)
        length._watch = self._watch
        return length


def _note_use(watched: Any) -> None:
    """Note that a day or a moment was used in a way that holds for it alone."""
    if isinstance(watched, WatchedDay):
        watched._watch.holds_today()
    else:
        watched._watch.read_elsewhere()


def _noted(plain: type, name: str) -> Any:
    """Return the attribute or the method of that name, whose use is noted as one that holds for this value alone."""
    if not callable(getattr(plain, name)):

        def read(self: Any) -> Any:
            _note_use(self)
            return getattr(self.plain, name)

        return property(read)

    def call(self: Any, *given: Any, **named: Any) -> Any:
        _note_use(self)
        return getattr(self.plain, name)(*(getattr(one, "plain", one) for one in given), **named)

    return call


class WatchedLength(timedelta):
    """The time from a moment to the present one; whole minutes of it may be counted without noting more."""

    _watch: Watch

    @property
    def plain(self) -> timedelta:
        """The length as one that nobody watches, without noting it."""
        return timedelta(
            timedelta.days.__get__(self), timedelta.seconds.__get__(self), timedelta.microseconds.__get__(self)
        )

    def __floordiv__(self, other: Any) -> Any:
        found = self.plain // other
        if isinstance(found, int) and isinstance(other, timedelta):
            return WatchedMinutes.watch(found, self._watch)
        self._watch.read_elsewhere()
        return found


class WatchedMinutes(int):
    """A number of minutes that grows by itself. That it is more than a number stays so; every other use is noted."""

    _watch: Watch

    @classmethod
    def watch(cls, minutes: int, watch: Watch) -> "WatchedMinutes":
        """Return *minutes* as a number that *watch* notes."""
        made = cls(minutes)
        made._watch = watch
        return made

    @property
    def plain(self) -> int:
        """The number as one that nobody watches, without noting it."""
        return int.__add__(self, 0)

    def __gt__(self, other: Any) -> bool:
        found = bool(self.plain > other)
        if not found:
            self._watch.read_elsewhere()
        return found


_USES_OF_DAY = (
    "year", "month", "day", "toordinal", "isoformat", "__str__", "__repr__", "__format__", "strftime", "timetuple",
    "weekday", "isoweekday", "isocalendar", "ctime", "replace", "__reduce__", "__reduce_ex__",
)  # fmt: skip
_USES_OF_MOMENT = (
    *_USES_OF_DAY, "hour", "minute", "second", "microsecond", "date", "time", "timetz", "timestamp", "astimezone",
    "utctimetuple", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__add__", "__radd__",
    "__rsub__",
)  # fmt: skip
_ARITHMETIC = tuple(
    f"__{side}{name}__" for name in ("add", "sub", "mul", "floordiv", "mod", "divmod", "truediv") for side in ("", "r")
)
_COMPARISONS = ("__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__", "__bool__")
_AS_TEXT = ("__str__", "__repr__", "__reduce__")
_USES_OF_LENGTH = (
    *_COMPARISONS,
    *_ARITHMETIC,
    *_AS_TEXT,
    "__neg__",
    "__abs__",
    "days",
    "seconds",
    "microseconds",
    "total_seconds",
)
_USES_OF_MINUTES = (
    *_COMPARISONS, *_ARITHMETIC, *_AS_TEXT, "__neg__", "__pos__", "__abs__", "__int__", "__index__", "__float__",
    "__format__", "__pow__", "__rpow__", "__and__", "__or__", "__xor__", "__lshift__", "__rshift__", "__invert__",
    "__trunc__", "__round__",
)  # fmt: skip
_USES: Mapping[type, tuple[type, tuple[str, ...]]] = {
    WatchedDay: (date, _USES_OF_DAY),
    WatchedMoment: (datetime, _USES_OF_MOMENT),
    WatchedLength: (timedelta, _USES_OF_LENGTH),
    WatchedMinutes: (int, _USES_OF_MINUTES),
}
for _watched, (_plain, _names) in _USES.items():
    for _name in _names:
        if _name not in vars(_watched) and hasattr(_plain, _name):
            setattr(_watched, _name, _noted(_plain, _name))
