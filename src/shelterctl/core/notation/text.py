"""Words: a text, a name, a code, yes and no."""

import re

from shelterctl.core.letter import latin
from shelterctl.core.notation.mistyped import Clock, Mistyped
from shelterctl.core.notation.word import WORDS, plain
from shelterctl.language import N_

WORD = N_("Write at least one word.")
NAME = N_("A name has letters. Write the name.")
NAME_OR_NUMBER = N_("A name has letters. Write the number of a line above, or the name.")
LONG = N_("That is too long: at most {most} characters have room here.")
YES_NO = N_("Write 1 for yes or 2 for no, or the word.")
LANGUAGE = N_("Write the number of a line above, the name of the language, or its code in two or three letters, as ky.")
COUNTRY = N_("Write the number of a line above, the name of the country, or its code in two letters, as KG.")
CODE = N_("Write a short code of small letters, digits and hyphens, such as erayim-2.")

LONGEST = 20_000
"""How many characters a text of a record may have."""

_CODE = r"[a-z][a-z0-9-]{0,31}"


def text(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """The text itself, without spaces around it."""
    word = typed.strip()
    return Mistyped(LONG, {"most": LONGEST}) if len(word) > LONGEST else word or Mistyped(WORD)


def texts(typed: str, clock: Clock) -> list[str] | Mistyped:
    """Several texts, parted by semicolons, or where there is none by commas."""
    parts = [text(each) for each in typed.split(";" if ";" in typed else ",") if each.strip(", ")]
    long = next((part for part in parts if isinstance(part, Mistyped)), None)
    return long or [part for part in parts if isinstance(part, str)] or Mistyped(WORD)


def name(typed: str, *, listed: bool = False) -> str | Mistyped:
    """A name as it is written: figures and signs alone are none. *listed* is where names to choose from stand above."""
    word = text(typed)
    if isinstance(word, Mistyped) or any(each.isalpha() for each in word):
        return word
    return Mistyped(NAME_OR_NUMBER if listed else NAME)


def yes_no(typed: str, clock: Clock | None = None) -> bool | Mistyped:
    """Yes or no, as a word in any of the languages or as its number."""
    word = plain(typed).rstrip(".!")
    if word in (*WORDS[True], "1"):
        return True
    return False if word in (*WORDS[False], "2") else Mistyped(YES_NO)


def code(typed: str, clock: Clock | None = None) -> str | Mistyped:
    """A short code, also with letters that only look like its own."""
    word = latin(typed.strip()).casefold()
    return word if re.fullmatch(_CODE, word) else Mistyped(CODE)


def language(typed: str, clock: Clock) -> str | Mistyped:
    """A code of a language, as ``ky``."""
    word = latin(typed.strip()).casefold()
    return word if re.fullmatch(r"[a-z]{2,3}", word) else Mistyped(LANGUAGE)


def country(typed: str, clock: Clock) -> str | Mistyped:
    """A code of a country, as ``KG``."""
    word = latin(typed.strip().upper())
    return word if re.fullmatch(r"[A-Z]{2}", word) else Mistyped(COUNTRY)
