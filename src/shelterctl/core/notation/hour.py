"""A time of the day, alone or with its day before or behind it, as people say and write it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shelterctl.core.days import read_time
from shelterctl.core.notation.day import DAY, NO_SUCH_DAY, WHICH_YEAR, day
from shelterctl.core.notation.mistyped import Clock, Mistyped
from shelterctl.core.notation.span import moved
from shelterctl.core.notation.word import BEFORE, HOURLESS, NIGHT, NOW, PART, plain
from shelterctl.language import N_

AT_WHAT_TIME = N_("And at what time? Write it behind the day: {day} 21:30.")
TIME = N_("Write the time as 21:30, or with its day as 14.03 21:30.")
HOUR = N_("Write the time of the day as 8:00 or 21:30; several with commas between them.")
DAY_OR_TIME = N_("That can be a day or a time. Write a time as {time}, a day with its time as {day} 21:30.")

LONGEST = 80
"""No day and time have as many characters as this."""

_AT = (
    rf"(?P<at>(?:во?|at|саат) )?(?P<before>(?:{'|'.join(BEFORE)}) (?:саат )?)?(?P<hour>[0-9]{{1,2}})"
    r"(?: ?[:.,-] ?(?P<minute>[0-9]{2})|(?P<hours> ?(?:часов|часа|час|ч|h)(?![^\W\d_])\.?)(?: ?(?P<past>[0-9]{1,2})"
    rf"(?: ?(?:м|мин|минут|минуты|min)\.?)?)?)?(?: ?(?P<behind>{PART}))?(?:да|до|де|та|то|те)?"
)
_CLOSE = r"(.*[ ,])??([0-9]{1,2}) ?([0-9]{2})|(.*[ ,])([0-9]{1,2})"
"""Hours and minutes with nothing between them, or an hour alone behind its day: offered, for so are years written."""


def moment(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """A time as ``YYYY-MM-DDTHH:MM``; without a day it is the last such time that has been, with *ahead* the next."""
    word = plain(typed)
    if len(word) > LONGEST:
        return Mistyped(TIME)
    read = clock.moment if word in NOW else moved(word, clock.moment) or read_time(word.upper())
    if read and read.tzinfo is None:
        return read.isoformat(timespec="minutes")
    whole, alone = day(word, clock, ahead=ahead), _at(word)
    if isinstance(whole, str) or whole.sentence == WHICH_YEAR:
        return _of_a_day(word, whole, alone)
    if alone:
        begin = clock.since if clock.since and clock.since.date() < date.max else clock.moment
        read = datetime.combine(begin.date() if ahead else clock.today, alone)
        if ahead:
            return (read if read >= begin else read + timedelta(days=1)).isoformat(timespec="minutes")
        return (read if read <= clock.moment else read - timedelta(days=1)).isoformat(timespec="minutes")
    close = _close(word, clock)
    lacking = whole if whole.sentence == NO_SUCH_DAY and not close else Mistyped(TIME, meant=close)
    return _with_its_day(word, clock, ahead) or lacking


def its_day(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """A day as ``YYYY-MM-DD``, also where a time stands beside it that nobody asks for, and that is no day itself."""
    read, word = day(typed, clock, ahead=ahead), plain(typed)
    for on, at in _beside(word) if isinstance(read, Mistyped) and len(word) <= LONGEST else ():
        if re.fullmatch(HOURLESS, at) or (_at(at) and not isinstance(day(at, clock), str)):
            found = day(on, clock, ahead=ahead)
            if isinstance(found, str) or found.sentence != DAY:
                return found
    return read


def dated(typed: str, clock: Clock) -> bool:
    """Whether words say a day or a time. A month alone says none: it is a name of people too."""
    read = moment(typed, clock)
    if isinstance(read, str):
        return True
    return bool(read.meant) or read.sentence in (AT_WHAT_TIME, DAY_OR_TIME, NO_SUCH_DAY, WHICH_YEAR)


def _of_a_day(word: str, whole: str | Mistyped, alone: time | None) -> Mistyped:
    """What is asked where a day stands alone: its time, or whether it is a time, as 14.03 may be."""
    if alone:
        return Mistyped(DAY_OR_TIME, {"time": f"{alone:%H:%M}", "day": word})
    return whole if isinstance(whole, Mistyped) else Mistyped(AT_WHAT_TIME, {"day": word})


def clock(typed: str, clock: Clock) -> str | Mistyped:
    """A time of the day as ``HH:MM``."""
    word = plain(typed)
    if len(word) > LONGEST:
        return Mistyped(HOUR)
    if at := _at(word, bare=True):
        return f"{at:%H:%M}"
    close = re.fullmatch(_CLOSE, word)
    meant = f"{close[2]}:{close[3]}" if close and close[2] and not close[1] else ""
    return Mistyped(HOUR, meant=meant if _at(meant) else "")


def clocks(typed: str, clock_: Clock) -> list[str] | Mistyped:
    """Several times of the day, each once and in their order, parted by commas, semicolons or spaces."""
    read: list[str | Mistyped] = []
    for part in re.split(r"[,;]", typed.strip(" ,;")):
        whole = clock(part, clock_)
        read += [clock(each, clock_) for each in part.split()] if isinstance(whole, Mistyped) else [whole]
    wrong = next((Mistyped(one.sentence) for one in read if isinstance(one, Mistyped)), None)
    return wrong or sorted({one for one in read if isinstance(one, str)}) or Mistyped(HOUR)


def _with_its_day(word: str, clock: Clock, ahead: bool) -> str | Mistyped | None:
    """A time with its day before it, else behind it; None where no part of it is a time.

    Of a part of the day the hour is asked.
    """
    wrong = None
    for on, at in _beside(word):
        read = _at(at)
        if read or re.fullmatch(f"{HOURLESS}|{NIGHT}", at):
            found = day(on, clock, ahead=ahead)
            if isinstance(found, str):
                return f"{found}T{read:%H:%M}" if read else Mistyped(AT_WHAT_TIME, {"day": on})
            wrong = wrong or (found if read else None)
    return wrong


def _beside(word: str) -> Iterator[tuple[str, str]]:
    """What may be a day and its time: the parts before and behind each space or comma, and the same turned round."""
    parts = [(word[: each.start()], word[each.end() :]) for each in re.finditer(r"[ ,]+", word)]
    yield from (*parts, *((behind, before) for before, behind in parts))


def _at(word: str, *, bare: bool = False) -> time | None:
    """A time of the day; a number alone is one only where nothing else is asked for."""
    found = re.fullmatch(_AT, word)
    if not found or not (bare or any(found[name] for name in ("at", "before", "minute", "hours", "behind"))):
        return None
    part = found["behind"] or BEFORE.get((found["before"] or "").removesuffix("саат ").strip(), "")
    try:
        return time(_hour(int(found["hour"]), part.replace(".", "")), int(found["minute"] or found["past"] or 0))
    except ValueError:
        return None


def _hour(hour: int, part: str) -> int:
    """The hour of 24 in a part of the day; one that no day has where the two do not go together."""
    if not part or hour > 12:
        return hour
    if part == "ночи":
        return hour % 12 if hour % 12 < 6 else hour + 12 if hour > 8 else 24
    if part == "дня":
        return hour + 12 if hour < 7 else hour
    return hour % 12 + (0 if part in ("утра", "am") else 12)


def _close(word: str, clock: Clock) -> str:
    """How the time may have been meant that has nothing between its hours and minutes; empty where none reads so."""
    found = re.fullmatch(_CLOSE, word)
    if not found:
        return ""
    meant = f"{found[1] or ''}{found[2]}:{found[3]}" if found[2] else f"{found[4]}{found[5]}:00"
    return meant if isinstance(moment(meant, clock), str) else ""
