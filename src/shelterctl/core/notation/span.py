"""A stretch of days from today on, or back: in 3 months, через неделю, 3 күн мурун."""

import re
from collections.abc import Mapping
from datetime import date

from shelterctl.core.days import later

COUNTS: Mapping[str, int] = {
    word: number
    for number, words in enumerate((
        "a an one один одного одну одна бир", "two два двух две эки", "three три трех уч", "four четыре четырех торт",
        "five пять пяти беш", "six шесть шести алты", "seven семь семи жети", "eight восемь восьми сегиз",
        "nine девять девяти тогуз", "ten десять десяти он",
    ), 1)
    for word in words.split()
}  # fmt: skip
"""Numbers in words, as far as people write them so."""

_STRETCHES: Mapping[str, Mapping[str, int]] = {
    "day days день дня дней дн кун кундон": {"days": 1},
    "week weeks неделю неделя недели недель нед жума жумадан апта аптадан": {"days": 7},
    "month months месяц месяца месяцев мес ай айдан": {"months": 1},
    "year years год года лет жыл жылдан": {"months": 12},
    "полгода жарымжыл": {"months": 6},
}
_UNITS = {word: length for words, length in _STRETCHES.items() for word in words.split()}
_ONE = frozenset((
    "week", "month", "year", "день", "неделю", "месяц", "год", "полгода", "кундон", "жумадан", "аптадан", "айдан",
    "жылдан",
))  # fmt: skip
"""Units that are one where no number stands before them."""

_SPAN = re.compile(
    rf"(?P<ahead>через |in )?(?:(?P<figures>[0-9]{{1,3}}) ?|(?P<words>{'|'.join(COUNTS)}) )?"
    r"(?P<unit>[^\W\d_]+)\.?(?P<behind> кийин| from now)?(?P<back> (?:тому )?назад| ago| мурун| мурда)?"
)


def spanned(word: str, today: date) -> date | None:
    """The day that lies so far ahead or back; None where plain letters say no such thing."""
    found = _SPAN.fullmatch(word)
    if not found or found["unit"] not in _UNITS or sum(map(bool, found.group("ahead", "behind", "back"))) != 1:
        return None
    unit = found["unit"]
    counted = found["figures"] or found["words"]
    if not counted and (unit not in _ONE or (unit == "день" and found["ahead"])):  # через день is every other day
        return None
    count = int(found["figures"] or COUNTS.get(found["words"], 1)) * (-1 if found["back"] else 1)
    return later(today, {name: count * many for name, many in _UNITS[unit].items()})
