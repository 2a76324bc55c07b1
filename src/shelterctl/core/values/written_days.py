"""Days as people write them in each language: in words on paper, in figures on a screen."""

import re
from datetime import date
from typing import Any

from shelterctl.core.values.days import read_day, read_month
from shelterctl.country import ENGLISH, Calendar, current_country
from shelterctl.language import format_fact

_CALENDARS = {
    "en": Calendar(
        "{day} {month} {year}", "{month} {year}", "{year}",
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December"),
    ),
    "ru": Calendar(
        "{day} {month} {year} г.", "{month} {year} г.", "{year} г.",
        ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
         "декабря"),
        ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
         "декабрь"),
    ),
    "ky": Calendar(
        "{year}-жылдын {day}-{month}", "{year}-жылдын {month}", "{year}-жыл",
        ("январы", "февралы", "марты", "апрели", "майы", "июну", "июлу", "августу", "сентябры", "октябры", "ноябры",
         "декабры"),
    ),
}  # fmt: skip
"""The calendars of the languages that the program prints itself; a rulebook describes those of further languages."""

_QUARTERS = {
    "en": "quarter {quarter} of {year}", "ru": "{quarter}-й квартал {year} г.", "ky": "{year}-жылдын {quarter}-чейреги",
}  # fmt: skip
"""A quarter in words; in further languages it is written ``2026-Q1``."""

_KYRGYZ_ENDINGS = {"in": ("нда", "нде"), "from": ("нан", "нен"), "to": ("на", "не")}
"""Kyrgyz case endings of the name of a month, for on, from and up to a day; апрели takes the second of each pair."""
KYRGYZ_ENDINGS_AFTER_BLANK = {"in": "-да", "from": "-дан", "to": "-га"}
"""Kyrgyz case endings after a blank line on which the month is still to be written."""


def long_partial(written: str, language: str) -> str:
    """Return a day of which only the month or year is known, in words: March 1999, март 1999 г., 1999-жылдын марты.

    A quarter ``1999-Q1`` is written in words too.
    """
    year, _, month = written.partition("-")
    if month.startswith("Q"):
        said = _QUARTERS.get(language, written).format(quarter=month[1:], year=year)
        return said.replace(" ", "\N{NO-BREAK SPACE}")
    if "-" in month:
        return long_day(date.fromisoformat(written), language)
    calendar = _find_calendar(language)
    names = calendar.alone or calendar.months
    said = calendar.month.format(month=names[int(month) - 1], year=year) if month else calendar.year.format(year=year)
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def add_kyrgyz_ending(day: str, case: str) -> str:
    """Return a Kyrgyz day in words with the ending of that case: 2026-жылдын 1-декабрынан."""
    back, front = _KYRGYZ_ENDINGS[case]
    return day + (front if day.endswith("апрели") else back)


def long_day(day: date, language: str) -> str:
    """Return *day* in words: 25 November 2026, 25 ноября 2026 г., 2026-жылдын 25-ноябры."""
    calendar = _find_calendar(language)
    month = calendar.months[day.month - 1]
    return calendar.day.format(day=day.day, month=month, year=day.year).replace(" ", "\N{NO-BREAK SPACE}")


def _find_calendar(language: str) -> Calendar:
    """Return how a language writes days: as the program knows it, or as the rulebook describes it."""
    return _CALENDARS.get(language) or current_country().find_calendar(language) or _CALENDARS[ENGLISH]


def format_as_typed(value: Any, language: str) -> Any:
    """Return a day, month or time of a record as a person writes it; any other value unchanged."""
    if isinstance(value, str):
        if read := read_day(value):
            return format_fact(read, language)
        if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})([+-]\d{2}:\d{2})?", value, re.ASCII):
            return f"{format_fact(read_day(found[1]), language)} {found[2]}"
        if read_month(value) and language != "en":
            return f"{value[5:]}.{value[:4]}"
    return value
