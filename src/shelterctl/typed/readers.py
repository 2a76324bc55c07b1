"""Readers of answers by kind: amounts, numbers, texts, names, codes, yes and no.

`TYPED_READERS` lists all readers by kind, including those of days and times. ``tests/notation.yaml`` has the ways to
write each kind, with the value that is read and shown again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from shelterctl.core.values.homoglyphs import latinise
from shelterctl.core.values.money import read_som, write_som
from shelterctl.country import Currency, current_country
from shelterctl.typed.dates import (
    read_day_beside_time,
    read_typed_clock,
    read_typed_clocks,
    read_typed_months,
    read_typed_partial,
    read_typed_time,
)
from shelterctl.typed.words import (
    NUMBER_WORDS,
    YES_NO_WORDS,
    ZERO_WORDS,
    Clock,
    Mistyped,
    fold_typed,
)
from shelterctl.ui_language import N_

WRITE_AN_AMOUNT = {
    0: N_("Write the amount {in_currency}, as 1250, without decimals."),
    2: N_("Write the amount {in_currency}, as 1250 or 1250,50, with at most two decimals."),
    3: N_("Write the amount {in_currency}, as 1250 or 1250,5, with at most three decimals."),
}
"""The advice on how to type an amount, by the decimal places of the currency."""
AMOUNT_IN_TWO_WAYS = N_(
    "A dot or comma before three digits can be read in two ways. Write 1250 or 1\u00a0250; with decimals 1250,50."
)
WRITE_MORE_THAN_ZERO = N_("Write an amount of more than zero.")
WRITE_A_WHOLE_NUMBER = N_("Write a whole number, 1 or more.")
WRITE_A_COUNT = N_("Write a whole number; it may be 0.")

LONGEST_AMOUNT = 60
"""The greatest number of characters that is read as an amount."""

_NO_WORD = r"(?!)"
"""Matches nothing: the pattern of a word that the currency does not have."""


class _AmountPatterns(NamedTuple):
    """The patterns of a typed amount: with thousands *grouped*, a point or comma that is read in *two_ways*,
    *decimals*, units with *minor* units, and the name of the currency before or after it (*named*).
    """

    grouped: str
    two_ways: str
    decimals: str
    minor: str
    named: str


@cache
def _amount_patterns(currency: Currency) -> _AmountPatterns:
    decimals = rf"(?:[.,][0-9]{{1,{currency.places}}})?" if currency.places else ""
    code = currency.code.casefold()
    unit = _one_of((code, *map(fold_typed, currency.typed.get("unit", ()))))
    before = _one_of(
        word for word in (code, *map(fold_typed, currency.typed.get("unit", ()))) if len(word) > 1 or not word.isalpha()
    )
    small = _one_of(map(fold_typed, currency.typed.get("minor", ()))) if currency.places else _NO_WORD
    groups = r"[0-9]{1,3}(?:[.,][0-9]{3})+" if currency.places > 2 else r"[0-9][0-9.,]*[.,][0-9]{3}"
    return _AmountPatterns(
        rf"[0-9]{{1,3}}(?: [0-9]{{3}})+{decimals}",
        rf"{groups}(?:[.,][0-9]{{1,2}})?",
        rf"-?[0-9]+{decimals}",
        rf"([0-9 ]+) ?{unit}\.? ?([0-9]{{1,{currency.places or 1}}}) ?{small}\.?",
        rf"{before} ?(?=-?[0-9])|(?<=[0-9]) ?{unit}\.?$",
    )


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first; of none, one that matches nothing."""
    ordered = sorted({*words}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else _NO_WORD


def read_typed_som(typed: str, clock: Clock) -> int | str | Mistyped:
    """Read an amount: a whole one as a number, one with decimals as decimal text; never one with two readings."""
    currency = current_country().currency
    patterns = _amount_patterns(currency)
    word = _strip_currency(fold_typed(typed)) if len(typed) <= LONGEST_AMOUNT else ""
    if re.fullmatch(patterns.two_ways, word):
        return Mistyped(AMOUNT_IN_TWO_WAYS)
    read = read_som(word.replace(",", ".")) if re.fullmatch(patterns.decimals, word) else None
    if read is None:
        return Mistyped(WRITE_AN_AMOUNT[currency.places])
    if read <= 0:
        return Mistyped(WRITE_MORE_THAN_ZERO)
    return int(read) if read == read.to_integral_value() else write_som(read)


def read_typed_som_or_zero(typed: str, clock: Clock) -> int | str | Mistyped:
    """Read an amount that may be 0."""
    word = _strip_currency(fold_typed(typed[:LONGEST_AMOUNT]))
    return 0 if word in ("0", *ZERO_WORDS) else read_typed_som(typed, clock)


def read_typed_whole(typed: str, clock: Clock) -> int | Mistyped:
    """Read a whole number of at least 1; a word after it is refused, because 3 months are not 3 days."""
    read = _read_digits(typed.strip()) or _number_in_words(typed)
    return read or Mistyped(WRITE_A_WHOLE_NUMBER, suggestion=_number_before_word(typed))


def read_typed_count(typed: str, clock: Clock) -> int | Mistyped:
    """Read a whole number of at least 0."""
    read = 0 if fold_typed(typed[:LONGEST_AMOUNT]) in ZERO_WORDS else _read_digits(typed.strip())
    read = _number_in_words(typed) if read is None else read
    return Mistyped(WRITE_A_COUNT, suggestion=_number_before_word(typed)) if read is None else read


def _strip_currency(word: str) -> str:
    """Return an amount without its currency and without spaces between thousands."""
    currency = current_country().currency
    patterns = _amount_patterns(currency)
    if both := re.fullmatch(patterns.minor, word):
        word = f"{both[1].strip()}.{int(both[2]):0{currency.places}}"
    word = re.sub(patterns.named, "", word, count=1)
    return word.replace(" ", "") if re.fullmatch(patterns.grouped, word) else word


def _number_before_word(typed: str) -> str:
    """Return the number before a word, or a number with separated thousands; an empty string for other text."""
    word = fold_typed(typed[:LONGEST_AMOUNT])
    grouped = _amount_patterns(current_country().currency).grouped
    found = re.fullmatch(r"([0-9]{1,8}) ?[^\W\d_]+\.?", word)
    number = found[1] if found else word.replace(" ", "") if re.fullmatch(grouped, word) else ""
    return number if _read_digits(number) else str(NUMBER_WORDS.get(word.rpartition(" ")[0], ""))


def _number_in_words(typed: str) -> int | None:
    """Return a number from one to twelve that is written in words, or None."""
    return NUMBER_WORDS.get(fold_typed(typed[:LONGEST_AMOUNT]))


def _read_digits(word: str) -> int | None:
    """Return a number of at most eight digits; a longer one is a mistake and gives None."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else None


WRITE_A_WORD = N_("Write at least one word.")
NAME_HAS_LETTERS = N_("A name has letters. Write the name.")
NAME_OR_LINE_NUMBER = N_("A name has letters. Write the number of a line above, or the name.")
TEXT_TOO_LONG = N_("That is too long. At most {most} characters fit here.")
WRITE_YES_OR_NO = N_("Write 1 for yes or 2 for no, or the word.")
WRITE_A_LANGUAGE = N_(
    "Write the number of a line above, the name of the language, or its code in two or three letters, such as ky."
)
WRITE_A_COUNTRY = N_(
    "Write the number of a line above, the name of the country, or its code in two letters, such as KG."
)
WRITE_A_CODE = N_("Write a short code of small letters, digits and hyphens, such as erayim-2.")

LONGEST_TEXT = 20_000
"""The greatest number of characters in a text of a record."""

_CODE_PATTERN = r"[a-z][a-z0-9-]{0,31}"


def read_typed_text(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """Read a text, without spaces around it."""
    word = typed.strip()
    if len(word) > LONGEST_TEXT:
        return Mistyped(TEXT_TOO_LONG, {"most": LONGEST_TEXT})
    return word or Mistyped(WRITE_A_WORD)


def read_typed_texts(typed: str, clock: Clock) -> list[str] | Mistyped:
    """Read several texts, separated by semicolons, or by commas if there are no semicolons."""
    parts = [read_typed_text(each) for each in typed.split(";" if ";" in typed else ",") if each.strip(", ")]
    long = next((part for part in parts if isinstance(part, Mistyped)), None)
    return long or [part for part in parts if isinstance(part, str)] or Mistyped(WRITE_A_WORD)


def read_typed_name(typed: str, *, listed: bool = False) -> str | Mistyped:
    """Read a name, which needs at least one letter; *listed* says that names to choose from are shown above."""
    word = read_typed_text(typed)
    if isinstance(word, Mistyped) or any(each.isalpha() for each in word):
        return word
    return Mistyped(NAME_OR_LINE_NUMBER if listed else NAME_HAS_LETTERS)


def read_typed_yes_no(typed: str, clock: Clock | None = None) -> bool | Mistyped:
    """Read yes or no, as a word in any of the languages or as its number."""
    word = fold_typed(typed).rstrip(".!")
    if word in (*YES_NO_WORDS[True], "1"):
        return True
    return False if word in (*YES_NO_WORDS[False], "2") else Mistyped(WRITE_YES_OR_NO)


def read_typed_code(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """Read a short code, also in look-alike letters."""
    word = latinise(typed.strip()).casefold()
    return word if re.fullmatch(_CODE_PATTERN, word) else Mistyped(WRITE_A_CODE)


def read_typed_language(typed: str, clock: Clock) -> str | Mistyped:
    """Read the code of a language, such as ``ky``."""
    word = latinise(typed.strip()).casefold()
    return word if re.fullmatch(r"[a-z]{2,3}", word) else Mistyped(WRITE_A_LANGUAGE)


def read_typed_country(typed: str, clock: Clock) -> str | Mistyped:
    """Read the code of a country, such as ``KG``."""
    word = latinise(typed.strip().upper())
    return word if re.fullmatch(r"[A-Z]{2}", word) else Mistyped(WRITE_A_COUNTRY)


WRITE_A_LINE_NUMBER = N_("Write a number from 1 to {count}.")
WRITE_THE_ONE_LINE = N_("There is one line here: write 1.")
WRITE_LINE_NUMBERS = N_("Write one or more numbers from 1 to {count}, such as 1 or 1 3.")
LEAVE_UNKNOWN_OPEN = N_("If nobody knows this, leave it open: press Enter.")

TYPED_READERS: Mapping[str, Callable[[str, Clock], Any]] = {
    "text": read_typed_text,
    "texts": read_typed_texts,
    "day": read_day_beside_time,
    "time": read_typed_time,
    "clock": read_typed_clock,
    "clocks": read_typed_clocks,
    "partial": read_typed_partial,
    "months": read_typed_months,
    "som": read_typed_som,
    "som_or_zero": read_typed_som_or_zero,
    "whole": read_typed_whole,
    "count": read_typed_count,
    "yes_no": read_typed_yes_no,
    "code": read_typed_code,
    "language": read_typed_language,
    "country": read_typed_country,
}
"""The reader of each kind of question that is not answered by a number on a list."""


def refuse_line_number(count: int, *, several: bool = False) -> Mistyped:
    """Return the refusal of a number that is not a line of the list; *several* says that more lines may be named."""
    sentence = WRITE_LINE_NUMBERS if several else WRITE_A_LINE_NUMBER
    return Mistyped(WRITE_THE_ONE_LINE if count == 1 else sentence, {"count": count})
