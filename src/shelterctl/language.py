"""The language the program speaks: sentences are marked here, and said here with their facts."""

import gettext
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

Text = Mapping[str, str]
"""A text of the shelf by language code: ``{"en": "Winter clothes", "ru": "Зимняя одежда"}``."""


class Plural(NamedTuple):
    """A sentence in two forms; the fact named *by* decides which is said."""

    one: str
    many: str
    by: str


Sentence = str | Text | Plural

SPOKEN = ("en", "ru")
"""Languages of the screen whose catalogue is complete. Paper has its own, on the shelf."""

NEAREST = {"ru": "ru", "ky": "ru"}
"""What is spoken where the computer is set to a language; English where it is set to any other."""

ALPHABET = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
"""Letters without which a language cannot be written."""

VARIABLE = "SHELTERCTL_LANG"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?")
_spoken = ["en"]


def named(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The language that is asked for in so many words: --lang, wherever it is typed, else SHELTERCTL_LANG."""
    asked = None
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        option, _, value = word.partition("=")
        if word == "--":
            break
        if option == "--lang":
            asked = value or following
    return (asked or environment.get(VARIABLE) or "").lower() or None


def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of the screen: the one that is asked for if it is spoken, else what the computer is set to."""
    asked = named(arguments, environment)
    best = asked if asked in SPOKEN else nearest(_locale(environment))
    return legible(best, getattr(sys.stdout, "encoding", None))


def legible(language: str, encoding: str | None) -> str:
    """*language* where a terminal of that encoding can write it; else English, for nobody reads numbers of letters."""
    try:
        ALPHABET.get(language, "").encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return language


def nearest(locale: str) -> str:
    """What is spoken under a locale, ``ru_RU.UTF-8`` on Linux and ``Russian_Russia`` on Windows."""
    return NEAREST.get(locale[:2].lower(), "en")


def _locale(environment: Mapping[str, str]) -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if set_to := environment.get(variable):
            return set_to
    if sys.platform == "win32":
        import locale  # noqa: PLC0415 - known there only

        return locale.getlocale()[0] or ""
    return ""


def speak(language: str) -> None:
    """From here on this process speaks *language* to whoever sits before it."""
    _spoken[0] = language


def current() -> str:
    """The language in which this process speaks to whoever sits before it; pages for programs are English always."""
    return _spoken[0]


class Marked(str):
    """A sentence or phrase of the program, marked for the catalogue; also as a fact it is said in the language."""

    __slots__ = ()


class Coded(str):
    """A code that programs read as it is, and a person as the *text* of the shelf that stands beside it."""

    text: Text

    def __new__(cls, code: str, text: Text) -> "Coded":
        """*code* with its text."""
        coded = super().__new__(cls, code)
        coded.text = text
        return coded


def with_codes(called: Mapping[str, Text]) -> list[Text]:
    """Each code with its text in brackets behind it, for whoever has to type one."""
    return [{language: f"{code} ({said})" for language, said in text.items()} for code, text in called.items()]


def N_(sentence: str) -> Marked:
    """Mark *sentence* for the catalogue; it is translated only when it is said."""
    return Marked(sentence)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of *language*; English needs none, the sentences in the code are English."""
    if language == "en":
        return gettext.NullTranslations()
    with (Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "shelterctl.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def translated(sentence: str, language: str) -> str:
    """*sentence* of the catalogue in *language*, its facts not yet in place; nothing stays nothing."""
    return catalogue(language).gettext(sentence) if sentence else ""  # to gettext, nothing is its own heading


def shown(fact: object, language: str) -> str:
    """A fact as a sentence shows it: som with two places, a day as written, a text of the shelf in *language*."""
    if isinstance(fact, bool):
        fact = N_("yes") if fact else N_("no")
    if isinstance(fact, Decimal):
        written = f"{fact:,.2f}"
        return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    if isinstance(fact, str) and language != "en" and _DAY.fullmatch(fact):
        fact = _read(fact)
    if isinstance(fact, date):
        clock = " %H:%M" if isinstance(fact, datetime) else ""
        return fact.isoformat() if language == "en" else format(fact, f"%d.%m.%Y{clock}")
    if isinstance(fact, Coded):
        fact = fact.text
    if isinstance(fact, Mapping):
        return str(fact.get(language) or fact["en"])
    if isinstance(fact, Marked):
        return translated(fact, language)
    if isinstance(fact, list | tuple):
        return ", ".join(shown(each, language) for each in fact)
    return str(fact)


def _read(written: str) -> date | str:
    """A day or time of a record as such, and what only looks like one as it is."""
    try:
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    except ValueError:
        return written


def say(sentence: Sentence, facts: Mapping[str, object], language: str = "en") -> str:
    """*sentence* in *language* with its *facts* in place; a text of the shelf is said as it stands there."""
    if isinstance(sentence, Plural):
        number = int(str(facts[sentence.by]))
        spoken = catalogue(language).ngettext(sentence.one, sentence.many, number)
    elif isinstance(sentence, str):
        spoken = translated(sentence, language)
    else:
        spoken = shown(sentence, language)
    return spoken.format_map({name: shown(fact, language) for name, fact in facts.items()})
