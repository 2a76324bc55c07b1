"""Amounts and whole numbers: comma and point alike, and never one that can be read in two ways."""

import re
from decimal import Decimal

from shelterctl.core.money import read_som
from shelterctl.core.notation.mistyped import Clock, Mistyped
from shelterctl.core.notation.word import CURRENCY, NOTHING, NUMBERS, TYIYN, plain
from shelterctl.language import N_

SOM = N_("Write the amount in som, as 1250 or 1250,50, with at most two places.")
THOUSANDS = N_(
    "A dot or comma before three digits can be read in two ways. Write 1250 or 1\u00a0250; tyiyn as 1250,50."
)
POSITIVE = N_("Write an amount of more than zero.")
WHOLE = N_("Write a whole number, 1 or more.")
COUNT = N_("Write a whole number; it may be 0.")

LONGEST = 60
"""No amount has as many characters as this."""

_GROUPED = r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,2})?"
_TWO_WAYS = r"[0-9][0-9.,]*[.,][0-9]{3}(?:[.,][0-9]{1,2})?"
_PLACES = r"-?[0-9]+(?:[.,][0-9]{1,2})?"
_WITH_TYIYN = rf"([0-9 ]+) ?{CURRENCY}\.? ?([0-9]{{1,2}}) ?{TYIYN}\.?"
_CURRENCY = rf"(?:kgs|сом) ?(?=-?[0-9])|(?<=[0-9]) ?{CURRENCY}\.?$"


def som(typed: str, clock: Clock) -> int | str | Mistyped:
    """An amount of som: whole as a number, with tyiyn as decimal text; never one that reads in two ways."""
    word = _figures(plain(typed)) if len(typed) <= LONGEST else ""
    if re.fullmatch(_TWO_WAYS, word):
        return Mistyped(THOUSANDS)
    read = read_som(word.replace(",", ".")) if re.fullmatch(_PLACES, word) else None
    if read is None:
        return Mistyped(SOM)
    if read <= 0:
        return Mistyped(POSITIVE)
    return int(read) if read == read.to_integral_value() else f"{Decimal(read):.2f}"


def som_or_zero(typed: str, clock: Clock) -> int | str | Mistyped:
    """The same where nothing may have been paid: 0 is an amount too."""
    return 0 if _figures(plain(typed[:LONGEST])) in ("0", *NOTHING) else som(typed, clock)


def whole(typed: str, clock: Clock) -> int | Mistyped:
    """A whole number of one or more; behind it stands nothing, for 3 months are no 3 days."""
    return _number(typed.strip()) or _worded(typed) or Mistyped(WHOLE, meant=_counted(typed))


def count(typed: str, clock: Clock) -> int | Mistyped:
    """A whole number of nothing or more."""
    read = 0 if plain(typed[:LONGEST]) in NOTHING else _number(typed.strip())
    return _worded(typed) or Mistyped(COUNT, meant=_counted(typed)) if read is None else read


def _figures(word: str) -> str:
    """An amount without its currency and without spaces between its thousands."""
    if both := re.fullmatch(_WITH_TYIYN, word):
        word = f"{both[1].strip()}.{int(both[2]):02}"
    word = re.sub(_CURRENCY, "", word, count=1)
    return word.replace(" ", "") if re.fullmatch(_GROUPED, word) else word


def _counted(typed: str) -> str:
    """The number before a word, or of thousands that stand apart; empty where it is none, or nothing."""
    word = plain(typed[:LONGEST])
    found = re.fullmatch(r"([0-9]{1,8}) ?[^\W\d_]+\.?", word)
    number = found[1] if found else word.replace(" ", "") if re.fullmatch(_GROUPED, word) else ""
    return number if _number(number) else str(NUMBERS.get(word.rpartition(" ")[0], ""))


def _worded(typed: str) -> int | None:
    """A number of one to twelve in words."""
    return NUMBERS.get(plain(typed[:LONGEST]))


def _number(word: str) -> int | None:
    """A number of at most eight digits: what has more is a mistake, not a number."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else None
