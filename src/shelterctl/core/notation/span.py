"""A stretch of time from now on, or back: in 3 months, через неделю, 3 күн мурун, час назад."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from shelterctl.core.days import later
from shelterctl.core.notation.word import NUMBERS

COUNTS: Mapping[str, int] = {"a": 1, "an": 1, **NUMBERS}
"""How many of a unit, in words."""

_STRETCHES: Mapping[str, Mapping[str, int]] = {
    "day days день дня дней дн кун кундон": {"days": 1},
    "week weeks неделю неделя недели недель нед жума жумадан апта аптадан": {"days": 7},
    "month months месяц месяца месяцев мес ай айдан": {"months": 1},
    "year years год года лет жыл жылдан": {"months": 12},
    "полгода": {"months": 6},
    "hour hours час часа часов ч саат сааттан": {"minutes": 60},
    "minute minutes min минуту минута минуты минут мин мунот муноттон": {"minutes": 1},
    "полчаса": {"minutes": 30},
}
_UNITS = {word: length for words, length in _STRETCHES.items() for word in words.split()}
_ONE = frozenset((
    "week", "month", "year", "hour", "день", "неделю", "месяц", "год", "полгода", "час", "полчаса", "минуту",
    "кундон", "жумадан", "аптадан", "айдан", "жылдан", "сааттан",
))  # fmt: skip
"""Units that are one where no number stands before them."""

_SPAN = re.compile(
    rf"(?P<ahead>через |in )?(?:(?P<figures>[0-9]{{1,3}}) ?|(?P<words>{'|'.join(COUNTS)}) )?"
    r"(?P<unit>[^\W\d_]+)\.?(?P<behind> кийин| from now)?(?P<back> (?:тому )?назад| ago| мурун| мурда)?"
)


def spanned(word: str, today: date) -> date | None:
    """The day that lies so far ahead or back; None where plain letters say no such thing."""
    length = _length(word)
    return later(today, length) if length and "minutes" not in length else None


def moved(word: str, now: datetime) -> datetime | None:
    """The same of hours and minutes."""
    minutes = (_length(word) or {}).get("minutes")
    return now + timedelta(minutes=minutes) if minutes is not None else None


def _length(word: str) -> Mapping[str, int] | None:
    """How far it is, back as less than nothing."""
    found = _SPAN.fullmatch(word)
    if not found or found["unit"] not in _UNITS or sum(map(bool, found.group("ahead", "behind", "back"))) != 1:
        return None
    unit = found["unit"]
    counted = found["figures"] or found["words"]
    if not counted and (unit not in _ONE or (unit == "день" and found["ahead"])):  # через день is every other day
        return None
    count = int(found["figures"] or COUNTS.get(found["words"], 1)) * (-1 if found["back"] else 1)
    return {name: count * many for name, many in _UNITS[unit].items()}
