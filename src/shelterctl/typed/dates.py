"""Days, months, years, ages and times as people type them, read in the form in which a record stores them.

The readers accept figures and words, in either order, with or without a year; a distance from today such as 3 months or
через неделю; and a day with its time before or after it. They do not guess: where a text has two meanings they return a
`Mistyped` that asks.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from shelterctl.core.values.days import Duration, add_days, add_duration, add_months, read_day, read_time
from shelterctl.typed.words import (
    ABOUT_PATTERN,
    AGE_PATTERN,
    DATE_FILLERS,
    DAY_PART_PATTERN,
    DAY_PARTS_BEFORE_HOUR,
    DAY_WORDS,
    FROM_OR_UNTIL,
    HOURLESS_PATTERN,
    MONTH_PATTERN,
    MONTHS_OLD_PATTERN,
    NIGHT_PATTERN,
    NOW_WORDS,
    NUMBER_WORDS,
    WEEKDAY_PATTERN,
    Clock,
    Mistyped,
    fold_typed,
)
from shelterctl.ui_language import N_

UNIT_COUNTS: Mapping[str, int] = {"a": 1, "an": 1, **NUMBER_WORDS}
"""Words for the number of units, such as *a* or *two*."""

_UNIT_LENGTHS: Mapping[str, Mapping[str, int]] = {
    "day days день дня дней дн кун кундон": {"days": 1},
    "week weeks неделю неделя недели недель нед жума жумадан апта аптадан": {"days": 7},
    "month months месяц месяца месяцев мес ай айдан": {"months": 1},
    "year years год года лет жыл жылдан": {"months": 12},
    "полгода": {"months": 6},
    "hour hours час часа часов ч саат сааттан": {"minutes": 60},
    "minute minutes min минуту минута минуты минут мин мунот муноттон": {"minutes": 1},
    "полчаса": {"minutes": 30},
}
_LENGTH_BY_UNIT = {word: length for words, length in _UNIT_LENGTHS.items() for word in words.split()}
_UNITS_OF_ONE = frozenset((
    "week", "month", "year", "hour", "день", "неделю", "месяц", "год", "полгода", "час", "полчаса", "минуту",
    "кундон", "жумадан", "аптадан", "айдан", "жылдан", "сааттан",
))  # fmt: skip
"""Units that mean one where no number is written before them."""

_DISTANCE = re.compile(
    rf"(?P<ahead>через |in )?(?:(?P<figures>[0-9]{{1,3}}) ?|(?P<words>{'|'.join(UNIT_COUNTS)}) )?"
    r"(?P<unit>[^\W\d_]+)\.?(?P<behind> кийин| from now)?(?P<back> (?:тому )?назад| ago| мурун| мурда)?"
)


def _read_distance(word: str) -> Mapping[str, int] | None:
    """Read how far a day or time is ahead, negative for the past; return None for other text."""
    found = _DISTANCE.fullmatch(word)
    if not found or found["unit"] not in _LENGTH_BY_UNIT or sum(map(bool, found.group("ahead", "behind", "back"))) != 1:
        return None
    unit = found["unit"]
    every_other = unit == "день" and found["ahead"]  # через день is every other day
    if not (found["figures"] or found["words"]) and (unit not in _UNITS_OF_ONE or every_other):
        return None
    count = int(found["figures"] or UNIT_COUNTS.get(found["words"], 1)) * (-1 if found["back"] else 1)
    return {name: count * many for name, many in _LENGTH_BY_UNIT[unit].items()}


WRITE_A_DAY = N_("Write the day as 14.03.2026, as 14.03 or 14 March, or as today or yesterday.")
NO_SUCH_DAY = N_("There is no such day in the calendar. Write it as 14.03.2026.")
WHICH_DAY = N_("That is a whole month. Write the day too, such as {day}.")
WHICH_YEAR = N_("{day} is still to come. Write the year too, such as 14.03.2026.")
BIRTH_STILL_TO_COME = N_("That is still to come. Write a year, month or day in the past.")
WRITE_A_BIRTH = N_("Write a year (1994), a month (05.1994), a day (17.05.1994) or an age (19 years).")
YEAR_OR_AGE = N_("If that is an age, the year of birth is about {year}. Write an age with its word: 19 years.")
WRITE_MONTHS = N_("Write how many months (3), or which ones: 12.2026, 01.2027.")

SOON_WITHIN = timedelta(days=60)
"""The time within which a coming day without a year is not taken for last year's."""

EXAMPLE_DAY = 14
"""The day of the month in an example."""

OLDEST_AGE = 60
"""The greatest number of two figures that is taken for an age; a greater one is taken for a year of the last century.
"""

LAST_MONTH_OF_HALF = 6
"""The last month of the first half of a year."""

BIRTH_YEARS = range(1900, 2101)
"""The years of birth that a record accepts."""

LONGEST_DAY = 60
"""The greatest number of characters that is read as a day."""

_NUMBER_OR_WORD = r"([0-9]+)(?:-?(?:st|nd|rd|th|го|е|ое)(?![^\W\d_]))?|([^\W\d_]+)"
_BETWEEN = r" ?[.,/-]? ?"
"""A separator between numbers and words: a dot, comma, slash, hyphen, space, or nothing between figures and letters."""

_MONTH_COUNT = rf"([0-9]{{1,8}}|{'|'.join(NUMBER_WORDS)}) ?(?:мес(?:\.|яца?|яцев)?|months?|mo|ай)?"
_YEAR_WORDS = ("год", "года")
_AGE_NUMBER = rf"[0-9]{{1,2}}|{'|'.join(NUMBER_WORDS)}"
_NAMED_MONTH = r"[^\W\d_]{3,}\.?,? ?\d{4}(?: г(?:ода?)?\b\.?)?|\d{4}-[^\W\d_]{3,}|\S.*"


class DateParts(NamedTuple):
    """The parts of a date, any of which may be missing; the year is as it was typed."""

    number: int | None = None
    month: int | None = None
    year: str = ""


def read_typed_day(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """Read a day as ``YYYY-MM-DD``; without a year it is the last such day, or with *ahead* the nearest."""
    word = re.sub(rf"\A{FROM_OR_UNTIL}", "", fold_typed(typed))
    if read_day(word):
        return word
    if spoken := _read_day_word(word, clock.today, ahead):
        return spoken.isoformat()
    found = split_date(word)
    if found is None or found.number is None or found.month is None:
        return _ask_day_of_month(word, found, clock.today)
    if not found.year:
        return _read_without_year(found.number, found.month, clock, ahead)
    read = _make_date(_nearest_year(found.year, clock.today), found.month, found.number)
    return read.isoformat() if read else Mistyped(NO_SUCH_DAY)


def _ask_day_of_month(word: str, found: DateParts | None, today: date) -> Mistyped:
    """Return the question for a day: which day of the month, where the text names a month."""
    named = re.fullmatch(rf"(?:(?:во?|in) )?(?:{MONTH_PATTERN})\.?", word) if found is None else None
    month = found.month if found else named.lastindex if named else None
    year = int(found.year) if found and found.year else today.year
    example = _make_date(year, month, EXAMPLE_DAY) if month else None
    return Mistyped(WHICH_DAY, {"day": example}) if example else Mistyped(WRITE_A_DAY)


def read_typed_partial(typed: str, clock: Clock) -> str | int | Mistyped:
    """Read a year as a number, a month ``YYYY-MM`` or a day ``YYYY-MM-DD``; a two-figure year is the last such year.

    An age gives the most likely year of birth, or for a small child the month.
    """
    word = re.sub(rf"\A{ABOUT_PATTERN}", "", fold_typed(typed))
    if (born := _read_age(word, clock.today)) is not None:
        return born
    if re.fullmatch(r"\d\d?", word, re.ASCII):
        return _read_age_or_year(int(word), clock.today, about=word != fold_typed(typed))
    found = split_date(word)
    return _read_birth_date(found, clock) if found and found.year else Mistyped(WRITE_A_BIRTH)


def _read_age_or_year(number: int, today: date, *, about: bool) -> int | Mistyped:
    """Read a number of two figures: an age if *about* was written before it, else its meaning is offered."""
    if number > OLDEST_AGE:
        return Mistyped(WRITE_A_BIRTH, suggestion=str(_last_year(f"{number}", today)))
    year = _birth_year(number, today)
    return year if about else Mistyped(YEAR_OR_AGE, {"year": year}, suggestion=f"~{year}")


def _read_birth_date(found: DateParts, clock: Clock) -> str | int | Mistyped:
    """Read a year, with a month and a day if they are given."""
    year = _last_year(found.year, clock.today)
    if found.number and found.month and (read := _make_date(year, found.month, found.number)) and read > clock.today:
        year -= 100 if len(found.year) == 2 else 0
    if year not in BIRTH_YEARS or (found.month is None and found.number):
        return Mistyped(WRITE_A_BIRTH)
    if found.number is None:
        whole = found.month is None or _make_date(year, found.month, 1)
        return Mistyped(WRITE_A_BIRTH) if not whole else f"{year}-{found.month:02}" if found.month else year
    read = _make_date(year, found.month or 0, found.number)
    return read.isoformat() if read else Mistyped(NO_SUCH_DAY)


def is_guessed_birth(typed: str) -> bool:
    """Return whether a date of birth is given as an estimate: with about, or as an age."""
    word = fold_typed(typed)
    aged = re.fullmatch(rf"({_AGE_NUMBER})(?:{AGE_PATTERN}|{MONTHS_OLD_PATTERN})", word)
    return bool(re.match(ABOUT_PATTERN, word) or (aged and not (aged[1].isdigit() and int(aged[1]) > OLDEST_AGE)))


def _read_age(word: str, today: date) -> int | str | None:
    """Return the birth year, or month, of a person of that age; None where the text is not an age."""
    if found := re.fullmatch(rf"({_AGE_NUMBER})({AGE_PATTERN})", word):
        age = NUMBER_WORDS.get(found[1]) or int(found[1])
        return None if age > OLDEST_AGE and found[2].lstrip() in _YEAR_WORDS else _birth_year(age, today)
    if found := re.fullmatch(rf"({_AGE_NUMBER}){MONTHS_OLD_PATTERN}", word):
        return add_months(today, -(NUMBER_WORDS.get(found[1]) or int(found[1]))).isoformat()[:7]
    return None


def _birth_year(age: int, today: date) -> int:
    """Return the most likely year of birth for an age; from July on most birthdays of this year have passed."""
    return today.year - age - (today.month <= LAST_MONTH_OF_HALF)


def read_typed_months(typed: str, clock: Clock) -> int | list[str] | Mistyped:
    """Read a number of months, or the months themselves as ``YYYY-MM``."""
    word = fold_typed(typed)
    if counted := re.fullmatch(_MONTH_COUNT, word):
        return NUMBER_WORDS.get(counted[1]) or int(counted[1]) or Mistyped(WRITE_MONTHS)
    named = re.split(r"[,;\s]+", word.rstrip(",; "))
    if re.search(MONTH_PATTERN, word):  # each month with the year beside it
        named = re.findall(_NAMED_MONTH, re.sub(r"\b(?:и|and|жана)\b|[,;]", " ", word).strip())
    found = [split_date(each.strip()) for each in named]
    if not all(each and each.month and each.number is None and len(each.year) == 4 for each in found):
        return Mistyped(WRITE_MONTHS)
    read = {(int(each.year), each.month or 0) for each in found if each}
    whole = all(year and _make_date(year, month, 1) for year, month in read)
    return [f"{year:04}-{month:02}" for year, month in sorted(read)] if whole and read else Mistyped(WRITE_MONTHS)


def split_date(word: str) -> DateParts | None:
    """Return the parts of a date in folded text; None where it contains anything else."""
    if len(word) > LONGEST_DAY or (signs := _split_signs(word)) is None:
        return None
    numbers = [each for each in signs if each.isascii() and each.isdigit()]
    words = [each for each in signs if each not in numbers]
    named = [found.lastindex or 0 for each in words if (found := re.fullmatch(MONTH_PATTERN, each))]
    beside = {each for each in words if not re.fullmatch(MONTH_PATTERN, each)}
    if not numbers or len(named) > 1 or not beside <= DATE_FILLERS or not {len(each) for each in numbers} <= {1, 2, 4}:
        return None
    return _parts_with_month_name(numbers, named[0]) if named else _parts_in_figures(numbers)


def _split_signs(word: str) -> list[str] | None:
    """Return the numbers and words of a text; None where anything else stands before, between or after them."""
    signs = list(re.finditer(_NUMBER_OR_WORD, word.rstrip(".,")))
    ends = [0, *(each.end() for each in signs)]
    between = [word[end : each.start()] for end, each in zip(ends, signs, strict=False)]
    apart = all(re.fullmatch(_BETWEEN, each) for each in between)
    whole = signs and not between[0] and apart and word[ends[-1] :] in ("", ".", ",")
    return [each[1] or each[2] for each in signs] if whole else None


def _parts_with_month_name(numbers: list[str], month: int) -> DateParts | None:
    """Return the parts of 14 March, March 14 2026, 2026 14 March or March 2026; None for other numbers."""
    if len(numbers) > 2:
        return None
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return DateParts(None, month, first) if len(first) == 4 else DateParts(int(first), month)
    number, year = (last, first) if len(first) == 4 else (first, last)
    return DateParts(int(number), month, year) if len(number) < 3 and len(year) > 1 else None


def _parts_in_figures(numbers: list[str]) -> DateParts | None:
    """Return the parts of 14 03 2026, 2026 03 14, 14 03, 03 2026, 2026 03 or 2026; None for other numbers."""
    if len(numbers[0]) == 4:  # the year comes first
        numbers = numbers[::-1]
    year = numbers.pop() if len(numbers) == 3 or len(numbers[-1]) == 4 else ""
    if len(numbers) > 2 or any(len(each) > 2 for each in numbers) or (year and len(year) < 2):
        return None
    if len(numbers) == 2:
        return DateParts(int(numbers[0]), int(numbers[1]), year)
    if year and len(year) == 4:
        return DateParts(None, int(numbers[0]) if numbers else None, year)
    return None


def _read_day_word(word: str, today: date, ahead: bool) -> date | None:
    """Read a word for a day; a weekday means the last one before today, or nothing if the day may lie ahead."""
    if word in DAY_WORDS:
        return add_days(today, DAY_WORDS[word])
    if not ahead and (weekday := re.fullmatch(WEEKDAY_PATTERN, word)):
        return add_days(today, -((today.weekday() - (weekday.lastindex or 1)) % 7 + 1))
    length = _read_distance(word)
    return add_duration(today, Duration(**length)) if length and "minutes" not in length else None


def _read_without_year(number: int, month: int, clock: Clock, ahead: bool) -> str | Mistyped:
    today = clock.since.date() if clock.since else clock.today
    near = [read for year in range(today.year - 8, today.year + 9) if (read := _make_date(year, month, number))]
    if not near:
        return Mistyped(NO_SUCH_DAY)
    if clock.since:
        later = next((read for read in near if read >= today), None)
        return later.isoformat() if later else Mistyped(NO_SUCH_DAY)
    soon = [read for read in near if today < read <= today + SOON_WITHIN]
    if soon and not ahead:  # last year's day is unlikely to be meant
        return Mistyped(WHICH_YEAR, {"day": soon[0]})
    near = [read for read in near if ahead or read <= today]
    return min(near, key=lambda read: (abs(read - today), read)).isoformat()


def _nearest_year(typed: str, today: date) -> int:
    """Return a typed year; of two figures the one nearest to today."""
    if len(typed) == 4:
        return int(typed)
    century = today.year // 100 * 100
    return min((century + hundred + int(typed) for hundred in (-100, 0, 100)), key=lambda year: abs(year - today.year))


def _last_year(typed: str, today: date) -> int:
    """Return a typed year; of two figures the last one that has begun."""
    year = today.year // 100 * 100 + int(typed)
    return int(typed) if len(typed) == 4 else year if year <= today.year else year - 100


def _make_date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


AT_WHAT_TIME = N_("At what time? Write it after the day: {day} 21:30.")
WRITE_A_TIME = N_("Write the time as 21:30, or with its day as 14.03 21:30.")
WRITE_TIME_OF_DAY = N_("Write the time of day as 8:00 or 21:30; put commas between several.")
IS_IT_DAY_OR_TIME = N_("That can be a day or a time. Write a time as {time}, a day with its time as {day} 21:30.")

LONGEST_TIME = 80
"""The greatest number of characters that is read as a time with or without its day."""

_TIME_OF_DAY = (
    rf"(?P<at>(?:во?|at|саат) )?(?P<before>(?:{'|'.join(DAY_PARTS_BEFORE_HOUR)}) (?:саат )?)?(?P<hour>[0-9]{{1,2}})"
    r"(?: ?[:.,-] ?(?P<minute>[0-9]{2})|(?P<hours> ?(?:часов|часа|час|ч|h)(?![^\W\d_])\.?)(?: ?(?P<past>[0-9]{1,2})"
    rf"(?: ?(?:м|мин|минут|минуты|min)\.?)?)?)?(?: ?(?P<behind>{DAY_PART_PATTERN}))?(?:да|до|де|та|то|те)?"
)
_UNSEPARATED_TIME = r"(.*[ ,])??([0-9]{1,2}) ?([0-9]{2})|(.*[ ,])([0-9]{1,2})"
"""Hours and minutes without a separator, or an hour alone after its day; these are only offered, because years look the
same.
"""


JUST_BEGUN = timedelta(hours=6)
"""The longest time ago at which something may have begun that is read as ahead of us."""


def read_typed_time(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """Read a time as ``YYYY-MM-DDTHH:MM``; without a day it is the last such time, or with *ahead* the next, also where
    that began less than `JUST_BEGUN` ago: a shift is often written down when it has begun.
    """
    word = fold_typed(typed)
    if len(word) > LONGEST_TIME:
        return Mistyped(WRITE_A_TIME)
    minutes = 0 if word in NOW_WORDS else (_read_distance(word) or {}).get("minutes")
    read = read_time(word.upper()) if minutes is None else clock.moment + timedelta(minutes=minutes)
    if read and read.tzinfo is None:
        return read.isoformat(timespec="minutes")
    whole, alone = read_typed_day(word, clock, ahead=ahead), _read_time_of_day(word)
    if isinstance(whole, str) or whole.sentence == WHICH_YEAR:
        if alone:  # 14.03 may be both
            return Mistyped(IS_IT_DAY_OR_TIME, {"time": f"{alone:%H:%M}", "day": word})
        return whole if isinstance(whole, Mistyped) else Mistyped(AT_WHAT_TIME, {"day": word})
    if alone:
        begin = clock.since if clock.since and clock.since.date() < date.max else clock.moment - JUST_BEGUN
        read = datetime.combine(begin.date() if ahead else clock.today, alone)
        if ahead and read < begin:
            read += timedelta(days=1)
        elif not ahead and read > clock.moment:
            read -= timedelta(days=1)
        return read.isoformat(timespec="minutes")
    close = _read_unseparated(word, clock)
    lacking = whole if whole.sentence == NO_SUCH_DAY and not close else Mistyped(WRITE_A_TIME, suggestion=close)
    return _read_time_with_day(word, clock, ahead) or lacking


def read_day_beside_time(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """Read a day as ``YYYY-MM-DD``, and ignore a time that is written beside it and cannot be a day."""
    read, word = read_typed_day(typed, clock, ahead=ahead), fold_typed(typed)
    for on, at in _split_in_two(word) if isinstance(read, Mistyped) and len(word) <= LONGEST_TIME else ():
        timed = _read_time_of_day(at) and not isinstance(read_typed_day(at, clock), str)
        if timed or re.fullmatch(HOURLESS_PATTERN, at):
            found = read_typed_day(on, clock, ahead=ahead)
            if isinstance(found, str) or found.sentence != WRITE_A_DAY:
                return found
    return read


def is_day_or_time(typed: str, clock: Clock) -> bool:
    """Return whether the text is a day or a time; a month alone is not, because it may be a person's name."""
    read = read_typed_time(typed, clock)
    if isinstance(read, str):
        return True
    return bool(read.suggestion) or read.sentence in (AT_WHAT_TIME, IS_IT_DAY_OR_TIME, NO_SUCH_DAY, WHICH_YEAR)


def read_typed_clock(typed: str, clock: Clock) -> str | Mistyped:
    """Read a time of the day as ``HH:MM``."""
    word = fold_typed(typed)
    if len(word) > LONGEST_TIME:
        return Mistyped(WRITE_TIME_OF_DAY)
    if at := _read_time_of_day(word, bare=True):
        return f"{at:%H:%M}"
    close = re.fullmatch(_UNSEPARATED_TIME, word)
    meant = f"{close[2]}:{close[3]}" if close and close[2] and not close[1] else ""
    return Mistyped(WRITE_TIME_OF_DAY, suggestion=meant if _read_time_of_day(meant) else "")


def read_typed_clocks(typed: str, clock_: Clock) -> list[str] | Mistyped:
    """Read several times of the day, separated by commas, semicolons or spaces, sorted and without repetitions."""
    read: list[str | Mistyped] = []
    for part in re.split(r"[,;]", typed.strip(" ,;")):
        whole = read_typed_clock(part, clock_)
        read += [read_typed_clock(each, clock_) for each in part.split()] if isinstance(whole, Mistyped) else [whole]
    wrong = next((Mistyped(one.sentence) for one in read if isinstance(one, Mistyped)), None)
    return wrong or sorted({one for one in read if isinstance(one, str)}) or Mistyped(WRITE_TIME_OF_DAY)


def _read_time_with_day(word: str, clock: Clock, ahead: bool) -> str | Mistyped | None:
    """Read a time with its day before it, or else after it; return None where no part of the text is a time.

    A part of the day without an hour returns a question for the hour.
    """
    wrong = None
    for on, at in _split_in_two(word):
        read = _read_time_of_day(at)
        if read or re.fullmatch(f"{HOURLESS_PATTERN}|{NIGHT_PATTERN}", at):
            found = read_typed_day(on, clock, ahead=ahead)
            if isinstance(found, str):
                return f"{found}T{read:%H:%M}" if read else Mistyped(AT_WHAT_TIME, {"day": on})
            wrong = wrong or (found if read else None)
    return wrong


def _split_in_two(word: str) -> Iterator[tuple[str, str]]:
    """Yield the parts before and after each space or comma as day and time, then swapped."""
    parts = [(word[: each.start()], word[each.end() :]) for each in re.finditer(r"[ ,]+", word)]
    yield from (*parts, *((behind, before) for before, behind in parts))


def _read_time_of_day(word: str, *, bare: bool = False) -> time | None:
    """Read a time of the day; a number alone is one only if *bare*, where nothing else is asked for."""
    found = re.fullmatch(_TIME_OF_DAY, word)
    if not found or not (bare or any(found[name] for name in ("at", "before", "minute", "hours", "behind"))):
        return None
    part = found["behind"] or DAY_PARTS_BEFORE_HOUR.get((found["before"] or "").removesuffix("саат ").strip(), "")
    try:
        return time(_hour_of_24(int(found["hour"]), part.replace(".", "")), int(found["minute"] or found["past"] or 0))
    except ValueError:
        return None


def _hour_of_24(hour: int, part: str) -> int:
    """Return the hour of 24 for an hour in a part of the day; an impossible hour where the two do not fit."""
    if not part or hour > 12:
        return hour
    if part == "ночи":
        return hour % 12 if hour % 12 < 6 else hour + 12 if hour > 8 else 24
    if part == "дня":
        return hour + 12 if hour < 7 else hour
    return hour % 12 + (0 if part in ("утра", "am") else 12)


def _read_unseparated(word: str, clock: Clock) -> str:
    """Return the likely meaning of a time without a separator, or an empty string."""
    found = re.fullmatch(_UNSEPARATED_TIME, word)
    if not found:
        return ""
    meant = f"{found[1] or ''}{found[2]}:{found[3]}" if found[2] else f"{found[4]}{found[5]}:00"
    return meant if isinstance(read_typed_time(meant, clock), str) else ""
