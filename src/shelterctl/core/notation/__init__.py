"""What a person types, read: a day, a time, an amount, a number on a list; else how to write it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.core.days import read_day, read_month, read_partial
from shelterctl.core.letter import latin
from shelterctl.core.money import read_som
from shelterctl.language import N_, Sentence, shown

DAY = N_("Write the day as 14.03.2026, as 14.03, or as today or yesterday.")
NO_SUCH_DAY = N_("There is no such day in the calendar. Write it as 14.03.2026.")
WHICH_YEAR = N_("{day} is still to come. Write the year too, as 14.03.2026.")
NOT_BORN = N_("That is still to come. Write a year, month or day that has been.")
FOUR_DIGITS = N_("Write the year with four digits, as 14.03.2026.")
AT_WHAT_TIME = N_("And at what time? Write it behind the day: {day} 21:30.")
TIME = N_("Write the time as 21:30, or with its day as 14.03 21:30.")
HOUR = N_("Write the time of the day as 8:00 or 21:30; several with commas between them.")
PARTIAL = N_("Write a year (1994), a month (05.1994) or a day (17.05.1994).")
MONTHS = N_("Write how many months (3), or which ones: 12.2026, 01.2027.")
SOM = N_("Write the amount in som, as 1250 or 1250,50, with at most two places.")
THOUSANDS = N_(
    "A dot or comma before three digits can be read in two ways. Write 1250 or 1\u00a0250; tyiyn as 1250,50."
)
POSITIVE = N_("Write an amount of more than zero.")
WHOLE = N_("Write a whole number, 1 or more.")
COUNT = N_("Write a whole number; it may be 0.")
WORD = N_("Write at least one word.")
NAME = N_("A name has letters. Write the name.")
NAME_OR_NUMBER = N_("A name has letters. Write the number of a line above, or the name.")
LONG = N_("That is too long: at most {most} characters have room here.")
YES_NO = N_("Write 1 for yes or 2 for no, or the word.")
ON_THE_LIST = N_("Write a number from 1 to {count}.")
SEVERAL = N_("Write one or more numbers from 1 to {count}, as 1 or 1 3.")
LANGUAGE = N_("Write the code of a language in two or three letters, such as ky.")
COUNTRY = N_("Write the code of a country in two letters, such as KG.")
CODE = N_("Write a short code of small letters, digits and hyphens, such as s-gulnara.")

SOON = timedelta(days=60)
"""A day without a year that comes as soon as this is not taken for last year's."""

TODAY = ("today", "сегодня", "бүгүн")
YESTERDAY = ("yesterday", "вчера", "кечээ")
NOW = ("now", "сейчас", "азыр")
YES = ("yes", "y", "да", "д", "ооба", "true")
NO = ("no", "n", "нет", "н", "жок", "false")
WORDS = {True: YES, False: NO}

_DOTTED = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2}|\d{4}))?", re.ASCII)
_CLOCK = re.compile(r"(?:(.+?)(?<![ ,])[ ,]+)?(\d{1,2}):(\d{2})", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]\d{3})+(?:[.,]\d{1,2})?", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")

YEARS = range(1900, 2101)
"""Years of birth: those that a record takes."""

LONGEST = 20_000
"""How many characters a text of a record may have."""


class Mistyped(NamedTuple):
    """Why what was typed cannot be read, as a sentence that says how to write it."""

    sentence: Sentence
    facts: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, repr=False)
class Clock:
    """The day taken as today and the local time of day, by which ``yesterday`` and ``21:30`` are read."""

    today: date
    now: time

    @property
    def moment(self) -> datetime:
        """Now, without an offset."""
        return datetime.combine(self.today, self.now)


def day(typed: str, clock: Clock, *, ahead: bool = False) -> str | Mistyped:
    """A day as ``YYYY-MM-DD``. Without a year it is the last such day, or with *ahead* the nearest one."""
    word = typed.strip().casefold()
    if word in (*TODAY, *YESTERDAY):
        return (clock.today - timedelta(days=int(word in YESTERDAY))).isoformat()
    if read_day(word):
        return word
    found = _DOTTED.fullmatch(word)
    if not found:
        return Mistyped(NO_SUCH_DAY if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word, re.ASCII) else DAY)
    number, month, year = found.groups()
    if year is None:
        return _without_year(int(number), int(month), clock.today, ahead)
    read = _date(int(year), int(month), int(number))
    return Mistyped(FOUR_DIGITS) if len(year) == 2 else read.isoformat() if read else Mistyped(NO_SUCH_DAY)


def _without_year(number: int, month: int, today: date, ahead: bool) -> str | Mistyped:
    near = [read for year in range(today.year - 8, today.year + 9) if (read := _date(year, month, number))]
    if not near:
        return Mistyped(NO_SUCH_DAY)
    soon = [read for read in near if today < read <= today + SOON]
    if soon and not ahead:  # last year's is hardly meant
        return Mistyped(WHICH_YEAR, {"day": soon[0]})
    near = [read for read in near if ahead or read <= today]
    return min(near, key=lambda read: (abs(read - today), read)).isoformat()


def moment(typed: str, clock: Clock) -> str | Mistyped:
    """A time as ``YYYY-MM-DDTHH:MM``; without a day it is the last such time that is not still to come."""
    word = typed.strip().casefold()
    if word in NOW:
        return clock.moment.isoformat(timespec="minutes")
    found = _CLOCK.fullmatch(word.replace("t", " ", 1) if re.match(r"\d{4}-\d{2}-\d{2}t", word, re.ASCII) else word)
    if not found:
        alone = isinstance(day(word, clock), str)
        return Mistyped(AT_WHAT_TIME, {"day": word}) if alone else Mistyped(TIME)
    try:
        at = time(int(found[2]), int(found[3]))
    except ValueError:
        return Mistyped(TIME)
    if found[1]:
        on = day(found[1], clock)
        return on if isinstance(on, Mistyped) else f"{on}T{at:%H:%M}"
    read = datetime.combine(clock.today, at)
    return (read if read <= clock.moment else read - timedelta(days=1)).isoformat(timespec="minutes")


def clock(typed: str, clock: Clock) -> str | Mistyped:
    """A time of the day as ``HH:MM``."""
    found = _HOUR.fullmatch(typed.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return Mistyped(HOUR)
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def clocks(typed: str, clock_: Clock) -> list[str] | Mistyped:
    """Several times of the day, each once and in their order, parted by commas, semicolons or spaces."""
    read = [clock(each, clock_) for each in re.split(r"[,;\s]+", typed.strip(" ,;"))]
    wrong = next((one for one in read if isinstance(one, Mistyped)), None)
    return wrong or sorted({one for one in read if isinstance(one, str)})


def partial(typed: str, clock: Clock) -> str | int | Mistyped:
    """A year as a number, a month ``YYYY-MM`` or a day ``YYYY-MM-DD``."""
    word = typed.strip().casefold()
    if found := _MONTH.fullmatch(word):
        word = f"{found[2]}-{int(found[1]):02}"
    if read_partial(word):
        read: str | int = int(word) if len(word) == 4 else word
        return read if int(word[:4]) in YEARS else Mistyped(PARTIAL)
    found = _DOTTED.fullmatch(word)
    if not found or not found[3]:  # a day without its year is nobody's day of birth
        return Mistyped(PARTIAL)
    whole = day(word, clock)
    return Mistyped(PARTIAL) if isinstance(whole, str) and int(whole[:4]) not in YEARS else whole


def months(typed: str, clock: Clock) -> int | list[str] | Mistyped:
    """A number of months, or the months themselves as ``YYYY-MM``."""
    word = typed.strip()
    if word.isascii() and word.isdigit():
        return _number(word) or Mistyped(MONTHS)
    read = []
    for each in re.split(r"[,;\s]+", word.rstrip(",; ")):
        found = _MONTH.fullmatch(each)
        month = f"{found[2]}-{int(found[1]):02}" if found else each
        if not read_month(month):
            return Mistyped(MONTHS)
        read.append(month)
    return sorted(set(read))


def som(typed: str, clock: Clock) -> int | str | Mistyped:
    """An amount of som: whole as a number, with tyiyn as decimal text; never one that reads in two ways."""
    word = typed.strip()
    if _GROUPED.fullmatch(word):
        word = re.sub(r"\s", "", word)
    if re.fullmatch(r"\d[\d.,]*[.,]\d{3}(?:[.,]\d{1,2})?", word, re.ASCII):
        return Mistyped(THOUSANDS)
    read = read_som(word.replace(",", ".")) if re.fullmatch(r"-?\d+(?:[.,]\d{1,2})?", word, re.ASCII) else None
    if read is None:
        return Mistyped(SOM)
    if read <= 0:
        return Mistyped(POSITIVE)
    return int(read) if read == read.to_integral_value() else f"{Decimal(read):.2f}"


def som_or_zero(typed: str, clock: Clock) -> int | str | Mistyped:
    """The same where nothing may have been paid: 0 is an amount too."""
    return 0 if typed.strip() == "0" else som(typed, clock)


def whole(typed: str, clock: Clock) -> int | Mistyped:
    """A whole number of one or more."""
    return _number(typed.strip()) or Mistyped(WHOLE)


def count(typed: str, clock: Clock) -> int | Mistyped:
    """A whole number of nothing or more."""
    read = _number(typed.strip())
    return Mistyped(COUNT) if read is None else read


def yes_no(typed: str, clock: Clock | None = None) -> bool | Mistyped:
    """Yes or no, as a word in any of the languages or as its number."""
    word = typed.strip().casefold()
    if word in (*YES, "1"):
        return True
    return False if word in (*NO, "2") else Mistyped(YES_NO)


def text(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """The text itself, without spaces around it."""
    word = typed.strip()
    return Mistyped(LONG, {"most": LONGEST}) if len(word) > LONGEST else word or Mistyped(WORD)


def name(typed: str, *, listed: bool = False) -> str | Mistyped:
    """A name as it is written: figures and signs alone are none. *listed* is where names to choose from stand above."""
    word = text(typed)
    if isinstance(word, Mistyped) or any(each.isalpha() for each in word):
        return word
    return Mistyped(NAME_OR_NUMBER if listed else NAME)


def texts(typed: str, clock: Clock) -> list[str] | Mistyped:
    """Several texts, parted by semicolons, or where there is none by commas."""
    parts = [text(each) for each in typed.split(";" if ";" in typed else ",") if each.strip(", ")]
    long = next((part for part in parts if isinstance(part, Mistyped)), None)
    return long or [part for part in parts if isinstance(part, str)] or Mistyped(WORD)


def code(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """A short code, also with letters that only look like its own."""
    word = latin(typed.strip()).casefold()
    return word if _CODE.fullmatch(word) else Mistyped(CODE)


def language(typed: str, clock: Clock) -> str | Mistyped:
    """A code of a language, as ``ky``."""
    word = typed.strip().casefold()
    return word if re.fullmatch(r"[a-z]{2,3}", word) else Mistyped(LANGUAGE)


def country(typed: str, clock: Clock) -> str | Mistyped:
    """A code of a country, as ``KG``."""
    word = typed.strip().upper()
    return word if re.fullmatch(r"[A-Z]{2}", word) else Mistyped(COUNTRY)


def _number(word: str) -> int | None:
    """A number of at most eight digits: what has more is a mistake, not a number."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


READERS: Mapping[str, Callable[[str, Clock], Any]] = {
    "text": text,
    "texts": texts,
    "day": day,
    "time": moment,
    "clock": clock,
    "clocks": clocks,
    "partial": partial,
    "months": months,
    "som": som,
    "som_or_zero": som_or_zero,
    "whole": whole,
    "count": count,
    "yes_no": yes_no,
    "code": code,
    "language": language,
    "country": country,
}
"""The kinds of question that are not answered by a number on a list, each with its reader."""


def as_written(value: Any, language: str) -> Any:
    """A day, month or time of a record as a person writes it; whatever else as it stands."""
    if isinstance(value, str):
        if read := read_day(value):
            return shown(read, language)
        if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})([+-]\d{2}:\d{2})?", value, re.ASCII):
            return f"{shown(read_day(found[1]), language)} {found[2]}"
        if read_month(value) and language != "en":
            return f"{value[5:]}.{value[:4]}"
    return value
