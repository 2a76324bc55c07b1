"""A day as paper has it, with the month in words, so that nobody reads the month for the day."""

from datetime import date

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ky": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры",
}
_ORDER = {
    "en": "{day} {month} {year}",
    "ru": "{day} {month} {year} г.",
    "ky": "{year}-жылдын {day}-{month}",
}


_ENDINGS = {"in": ("нда", "нде"), "from": ("нан", "нен"), "to": ("на", "не")}
"""What Kyrgyz puts behind the name of a month where a sentence says on, from, up to a day; апрели has the second."""


def ending(day: str, case: str) -> str:
    """A Kyrgyz day in words with the ending of that case: 2026-жылдын 1-декабрынан."""
    back, front = _ENDINGS[case]
    return day + (front if day.endswith("апрели") else back)


def long_day(day: date, language: str) -> str:
    """*day* in words: 25 November 2026, 25 ноября 2026 г., 2026-жылдын 25-ноябры."""
    month = _MONTHS[language].split()[day.month - 1]
    return _ORDER[language].format(day=day.day, month=month, year=day.year).replace(" ", "\N{NO-BREAK SPACE}")
