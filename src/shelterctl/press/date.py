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


_ALONE = {
    "en": ("{month} {year}", "{year}"),
    "ru": ("{month} {year} г.", "{year} г."),
    "ky": ("{year}-жылдын {month}", "{year}-жыл"),
}
_OF_RUSSIAN = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
_ENDINGS = {"in": ("нда", "нде"), "from": ("нан", "нен"), "to": ("на", "не")}
"""What Kyrgyz puts behind the name of a month where a sentence says on, from, up to a day; апрели has the second."""
BY_HAND = {"in": "-да", "from": "-дан", "to": "-га"}
"""The same behind a blank, where nobody knows yet which month it will be."""


def long_partial(written: str, language: str) -> str:
    """A day of which only the month or the year is known, in words: March 1999, март 1999 г., 1999-жылдын марты."""
    year, _, month = written.partition("-")
    if "-" in month:
        return long_day(date.fromisoformat(written), language)
    names = (_OF_RUSSIAN if language == "ru" else _MONTHS[language]).split()
    with_month, alone = _ALONE[language]
    said = with_month.format(month=names[int(month) - 1], year=year) if month else alone.format(year=year)
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def ending(day: str, case: str) -> str:
    """A Kyrgyz day in words with the ending of that case: 2026-жылдын 1-декабрынан."""
    back, front = _ENDINGS[case]
    return day + (front if day.endswith("апрели") else back)


def long_day(day: date, language: str) -> str:
    """*day* in words: 25 November 2026, 25 ноября 2026 г., 2026-жылдын 25-ноябры."""
    month = _MONTHS[language].split()[day.month - 1]
    return _ORDER[language].format(day=day.day, month=month, year=day.year).replace(" ", "\N{NO-BREAK SPACE}")
