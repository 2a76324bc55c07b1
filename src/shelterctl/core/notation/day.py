"""A day, a month or a year as people write them: in figures or words, in either order, with or without the year."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from shelterctl.core.days import days_after, later, read_day
from shelterctl.core.notation.mistyped import Clock, Mistyped
from shelterctl.core.notation.span import spanned
from shelterctl.core.notation.word import ABOUT, AGE, BESIDE, DAYS, EDGE, MONTH, MONTHS_OLD, NUMBERS, WEEKDAY, plain
from shelterctl.language import N_

DAY = N_("Write the day as 14.03.2026, as 14.03 or 14 March, or as today or yesterday.")
NO_SUCH_DAY = N_("There is no such day in the calendar. Write it as 14.03.2026.")
WHICH_DAY = N_("That is a whole month. Write which day of it, as {day}.")
WHICH_YEAR = N_("{day} is still to come. Write the year too, as 14.03.2026.")
NOT_BORN = N_("That is still to come. Write a year, month or day that has been.")
PARTIAL = N_("Write a year (1994), a month (05.1994), a day (17.05.1994) or an age (19 years).")
AN_AGE = N_("If that is an age, the year of birth is about {year}. Write an age with its word: 19 years.")
MONTHS = N_("Write how many months (3), or which ones: 12.2026, 01.2027.")

SOON = timedelta(days=60)
"""A day without a year that comes as soon as this is not taken for last year's."""

EXAMPLE = 14
"""The day of a month that is written as an example."""

OLDEST = 60
"""A number of two figures up to this one is rather an age, above it rather a year of the last century."""

HALF = 6
"""The last month of the first half of a year."""

YEARS = range(1900, 2101)
"""Years of birth: those that a record takes."""

LONGEST = 60
"""No day has as many characters as this."""

_SIGN = r"([0-9]+)(?:-?(?:st|nd|rd|th|го|е|ое)(?![^\W\d_]))?|([^\W\d_]+)"
_BETWEEN = r" ?[.,/-]? ?"
"""One dot, comma, stroke, hyphen or space parts numbers and words; or nothing, where figures meet letters."""

_COUNT = rf"([0-9]{{1,8}}|{'|'.join(NUMBERS)}) ?(?:мес(?:\.|яца?|яцев)?|months?|mo|ай)?"
_OF_A_YEAR = ("год", "года")
_HOW_OLD = rf"[0-9]{{1,2}}|{'|'.join(NUMBERS)}"
_NAMED = r"[^\W\d_]{3,}\.?,? ?\d{4}(?: г(?:ода?)?\b\.?)?|\d{4}-[^\W\d_]{3,}|\S.*"


class Written(NamedTuple):
    """What stands in a date, of which any part may be missing; the year is as it was typed."""

    number: int | None = None
    month: int | None = None
    year: str = ""


def day(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """A day as ``YYYY-MM-DD``. Without a year it is the last such day, or with *ahead* the nearest one."""
    word = re.sub(rf"\A{EDGE}", "", plain(typed))
    if read_day(word):
        return word
    if spoken := _spoken(word, clock.today, ahead):
        return spoken.isoformat()
    found = written(word)
    if found is None or found.number is None or found.month is None:
        return _of_a_month(word, found, clock.today)
    if not found.year:
        return _without_year(found.number, found.month, clock, ahead)
    read = _date(_year(found.year, clock.today), found.month, found.number)
    return read.isoformat() if read else Mistyped(NO_SUCH_DAY)


def _of_a_month(word: str, found: Written | None, today: date) -> Mistyped:
    """What is asked where no day is named: which one of the month it is, if one is."""
    named = re.fullmatch(rf"(?:(?:во?|in) )?(?:{MONTH})\.?", word) if found is None else None
    month = found.month if found else named.lastindex if named else None
    year = int(found.year) if found and found.year else today.year
    example = _date(year, month, EXAMPLE) if month else None
    return Mistyped(WHICH_DAY, {"day": example}) if example else Mistyped(DAY)


def partial(typed: str, clock: Clock) -> str | int | Mistyped:
    """A year as a number, a month ``YYYY-MM`` or a day ``YYYY-MM-DD``; a year of two figures is the last such year.

    An age is the year, or of a small child the month, in which somebody so old was most likely born.
    """
    word = re.sub(rf"\A{ABOUT}", "", plain(typed))
    if (born := _aged(word, clock.today)) is not None:
        return born
    if re.fullmatch(r"\d\d?", word, re.ASCII):
        return _age_or_year(int(word), clock.today, about=word != plain(typed))
    found = written(word)
    return _date_of_birth(found, clock) if found and found.year else Mistyped(PARTIAL)


def _age_or_year(number: int, today: date, *, about: bool) -> int | Mistyped:
    """What one number of two figures means: after an *about* an age, else what it may be is offered."""
    if number > OLDEST:
        return Mistyped(PARTIAL, meant=str(_last(f"{number}", today)))
    year = _born(number, today)
    return year if about else Mistyped(AN_AGE, {"year": year}, meant=f"~{year}")


def _date_of_birth(found: Written, clock: Clock) -> str | int | Mistyped:
    """What has a year, and maybe a month and a day of it."""
    year = _last(found.year, clock.today)
    if found.number and found.month and (read := _date(year, found.month, found.number)) and read > clock.today:
        year -= 100 if len(found.year) == 2 else 0
    if year not in YEARS or (found.month is None and found.number):
        return Mistyped(PARTIAL)
    if found.number is None:
        whole = found.month is None or _date(year, found.month, 1)
        return Mistyped(PARTIAL) if not whole else f"{year}-{found.month:02}" if found.month else year
    read = _date(year, found.month or 0, found.number)
    return read.isoformat() if read else Mistyped(NO_SUCH_DAY)


def is_guess(typed: str) -> bool:
    """Whether a date of birth is told as one that nobody knows for certain: about a year, or by an age."""
    word = plain(typed)
    aged = re.fullmatch(rf"({_HOW_OLD})(?:{AGE}|{MONTHS_OLD})", word)
    return bool(re.match(ABOUT, word) or (aged and not (aged[1].isdigit() and int(aged[1]) > OLDEST)))


def _aged(word: str, today: date) -> int | str | None:
    """When somebody was born who is so old; None where no age is told."""
    if found := re.fullmatch(rf"({_HOW_OLD})({AGE})", word):
        age = NUMBERS.get(found[1]) or int(found[1])
        return None if age > OLDEST and found[2].lstrip() in _OF_A_YEAR else _born(age, today)
    if found := re.fullmatch(rf"({_HOW_OLD}){MONTHS_OLD}", word):
        return later(today, {"months": -(NUMBERS.get(found[1]) or int(found[1]))}).isoformat()[:7]
    return None


def _born(age: int, today: date) -> int:
    """The year in which most of that age were born: in the second half of a year this year's birthday has been."""
    return today.year - age - (today.month <= HALF)


def months(typed: str, clock: Clock) -> int | list[str] | Mistyped:
    """A number of months, or the months themselves as ``YYYY-MM``."""
    word = plain(typed)
    if counted := re.fullmatch(_COUNT, word):
        return NUMBERS.get(counted[1]) or int(counted[1]) or Mistyped(MONTHS)
    named = _named(word) if re.search(MONTH, word) else re.split(r"[,;\s]+", word.rstrip(",; "))
    found = [written(each.strip()) for each in named]
    if not all(each and each.month and each.number is None and len(each.year) == 4 for each in found):
        return Mistyped(MONTHS)
    read = {(int(each.year), each.month or 0) for each in found if each}
    whole = all(year and _date(year, month, 1) for year, month in read)
    return [f"{year:04}-{month:02}" for year, month in sorted(read)] if whole and read else Mistyped(MONTHS)


def _named(word: str) -> list[str]:
    """Months with their names, each with the year that stands beside it."""
    return re.findall(_NAMED, re.sub(r"\b(?:и|and|жана)\b|[,;]", " ", word).strip())


def written(word: str) -> Written | None:
    """The parts of a date in plain letters; None where something else stands among them."""
    if len(word) > LONGEST or (signs := _signs(word)) is None:
        return None
    numbers = [each for each in signs if each.isascii() and each.isdigit()]
    words = [each for each in signs if each not in numbers]
    named = [found.lastindex or 0 for each in words if (found := re.fullmatch(MONTH, each))]
    beside = {each for each in words if not re.fullmatch(MONTH, each)}
    if not numbers or len(named) > 1 or not beside <= BESIDE or not {len(each) for each in numbers} <= {1, 2, 4}:
        return None
    return _with_name(numbers, named[0]) if named else _in_figures(numbers)


def _signs(word: str) -> list[str] | None:
    """Its numbers and words; None where anything else stands before, between or behind them."""
    signs = list(re.finditer(_SIGN, word.rstrip(".,")))
    ends = [0, *(each.end() for each in signs)]
    between = [word[end : each.start()] for end, each in zip(ends, signs, strict=False)]
    whole = (
        signs
        and not between[0]
        and word[ends[-1] :] in ("", ".", ",")
        and all(re.fullmatch(_BETWEEN, each) for each in between)
    )
    return [each[1] or each[2] for each in signs] if whole else None


def _with_name(numbers: list[str], month: int) -> Written | None:
    """14 March, March 14 2026, 2026 14 March, March 2026."""
    if len(numbers) > 2:
        return None
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return Written(None, month, first) if len(first) == 4 else Written(int(first), month)
    number, year = (last, first) if len(first) == 4 else (first, last)
    return Written(int(number), month, year) if len(number) < 3 and len(year) > 1 else None


def _in_figures(numbers: list[str]) -> Written | None:
    """14 03 2026, 2026 03 14, 14 03, 03 2026, 2026 03, 2026."""
    if len(numbers[0]) == 4:  # from the year on
        numbers = numbers[::-1]
    year = numbers.pop() if len(numbers) == 3 or len(numbers[-1]) == 4 else ""
    if len(numbers) > 2 or any(len(each) > 2 for each in numbers) or (year and len(year) < 2):
        return None
    if len(numbers) == 2:
        return Written(int(numbers[0]), int(numbers[1]), year)
    if year and len(year) == 4:
        return Written(None, int(numbers[0]) if numbers else None, year)
    return None


def _spoken(word: str, today: date, ahead: bool) -> date | None:
    """A day by its word. A day of the week is the last one before today; where it may lie ahead, it is none."""
    if word in DAYS:
        return days_after(today, DAYS[word])
    if not ahead and (weekday := re.fullmatch(WEEKDAY, word)):
        return days_after(today, -((today.weekday() - (weekday.lastindex or 1)) % 7 + 1))
    return spanned(word, today)


def _without_year(number: int, month: int, clock: Clock, ahead: bool) -> str | Mistyped:
    today = clock.since.date() if clock.since else clock.today
    near = [read for year in range(today.year - 8, today.year + 9) if (read := _date(year, month, number))]
    if not near:
        return Mistyped(NO_SUCH_DAY)
    if clock.since:
        later = next((read for read in near if read >= today), None)
        return later.isoformat() if later else Mistyped(NO_SUCH_DAY)
    soon = [read for read in near if today < read <= today + SOON]
    if soon and not ahead:  # last year's is hardly meant
        return Mistyped(WHICH_YEAR, {"day": soon[0]})
    near = [read for read in near if ahead or read <= today]
    return min(near, key=lambda read: (abs(read - today), read)).isoformat()


def _year(typed: str, today: date) -> int:
    """A year as it was typed; of two figures the nearest one to today."""
    if len(typed) == 4:
        return int(typed)
    century = today.year // 100 * 100
    return min((century + hundred + int(typed) for hundred in (-100, 0, 100)), key=lambda year: abs(year - today.year))


def _last(typed: str, today: date) -> int:
    """A year as it was typed; of two figures the last one that has begun."""
    year = today.year // 100 * 100 + int(typed)
    return int(typed) if len(typed) == 4 else year if year <= today.year else year - 100


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
