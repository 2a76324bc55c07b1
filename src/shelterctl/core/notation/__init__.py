"""What a person types, read: a day, a time, an amount, a number on a list; else how to write it.

`tests/notation.yaml` is the list of all ways to write them, with what is read and said back.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shelterctl.core.days import read_day, read_month
from shelterctl.core.notation import layout
from shelterctl.core.notation.day import (
    DAY,
    MONTHS,
    NO_SUCH_DAY,
    NOT_BORN,
    PARTIAL,
    SOON,
    WHICH_YEAR,
    day,
    is_guess,
    months,
    partial,
)
from shelterctl.core.notation.hour import AT_WHAT_TIME, DAY_OR_TIME, HOUR, TIME, clock, clocks, dated, its_day, moment
from shelterctl.core.notation.mistyped import Clock, Mistyped
from shelterctl.core.notation.number import COUNT, POSITIVE, SOM, THOUSANDS, WHOLE, count, som, som_or_zero, whole
from shelterctl.core.notation.text import (
    CODE,
    COUNTRY,
    LANGUAGE,
    LONG,
    LONGEST,
    NAME,
    NAME_OR_NUMBER,
    WORD,
    YES_NO,
    code,
    country,
    language,
    name,
    text,
    texts,
    yes_no,
)  # fmt: skip
from shelterctl.core.notation.word import AND, EVERY, MOVES, NO, ONE_KEY, UNKNOWN, WORDS, YES, apart, plain, unknown
from shelterctl.language import N_, shown

__all__ = [
    "AND", "AT_WHAT_TIME", "CODE", "COUNT", "COUNTRY", "DAY", "DAY_OR_TIME", "EVERY", "HOUR", "LANGUAGE", "LONG",
    "LONGEST", "MONTHS", "MOVES", "NAME", "NAME_OR_NUMBER", "NO", "NOT_BORN", "NOT_KNOWN", "NO_SUCH_DAY", "ONE_KEY",
    "ONE_LINE", "ON_THE_LIST", "PARTIAL", "POSITIVE", "READERS", "SEVERAL", "SOM", "SOON", "THOUSANDS", "TIME",
    "UNKNOWN", "WHICH_YEAR", "WHOLE", "WORD", "WORDS", "YES", "YES_NO", "Clock", "Mistyped", "apart", "as_written",
    "clock", "clocks", "code", "count", "country", "dated", "day", "is_guess", "its_day", "language",
    "layout", "moment", "months", "name", "on_the_list", "partial", "plain", "som", "som_or_zero", "text", "texts",
    "unknown", "whole", "yes_no",
]  # fmt: skip

ON_THE_LIST = N_("Write a number from 1 to {count}.")
ONE_LINE = N_("There is one line here: write 1.")
SEVERAL = N_("Write one or more numbers from 1 to {count}, as 1 or 1 3.")
NOT_KNOWN = N_("What nobody knows is left open: press Enter alone.")

READERS: Mapping[str, Callable[[str, Clock], Any]] = {
    "text": text,
    "texts": texts,
    "day": its_day,
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


def on_the_list(count: int, *, several: bool = False) -> Mistyped:
    """What is said where a line of a list is asked for, or *several* of them, and its number is none."""
    return Mistyped(ONE_LINE if count == 1 else SEVERAL if several else ON_THE_LIST, {"count": count})


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
