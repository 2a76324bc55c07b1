"""Which language is spoken on the screen, and how a sentence is marked for it; known before anything is imported."""

import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest

SCREEN_LANGUAGES = ("en", "ru")
"""Languages of the screen whose catalogue is complete."""

PAPER_LANGUAGES = ("en", "ru", "ky")
"""Languages of paper: those of the shelf."""

SCREEN_LANGUAGE_BY_LOCALE = {"ru": "ru", "ky": "ru"}
"""What is spoken where the computer is set to a language; English where it is set to any other."""

LETTERS_OF_LANGUAGE = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
"""Letters without which a language cannot be written."""

LANGUAGE_VARIABLE = "SHELTERCTL_LANG"


class Marked(str):
    """A sentence or phrase of the program, marked for the catalogue; also as a fact it is said in the language."""

    __slots__ = ()


def N_(sentence: str) -> Marked:
    """Mark *sentence* for the catalogue; it is translated only when it is said."""
    return Marked(sentence)


YES, NO = N_("yes"), N_("no")
"""The two answers of every question that has only these."""


def requested_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The language that is asked for in so many words: --lang, wherever it is typed, else SHELTERCTL_LANG."""
    asked = None
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        option, _, value = word.partition("=")
        if word == "--":
            break
        if option == "--lang":
            asked = value or following
    return (asked or environment.get(LANGUAGE_VARIABLE) or "").lower() or None


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of the screen: the one that is asked for if it is spoken, else what the computer is set to."""
    said = (requested_language(arguments, environment), (environment.get(LANGUAGE_VARIABLE) or "").lower())
    best = next((language for language in said if language in SCREEN_LANGUAGES), None) or nearest_language(
        _system_locale(environment)
    )
    return legible_language(best, getattr(sys.stdout, "encoding", None))


def legible_language(language: str, encoding: str | None) -> str:
    """*language* where a terminal of that encoding can write it; else English, for nobody reads numbers of letters."""
    try:
        LETTERS_OF_LANGUAGE.get(language, "").encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return language


def adapt_commands(text: str) -> str:
    """Commands in a text as the shells of this computer read them."""
    if sys.platform == "win32":
        import re  # noqa: PLC0415 - known there only

        return re.sub(r"/media/usb\S*", lambda found: "D:" + found[0].removeprefix("/media").replace("/", "\\"), text)
    return text


def quote_path(path: object) -> str:
    """A path as one word of a command, in every shell."""
    return f'"{path}"' if " " in str(path) else str(path)


def nearest_language(locale: str) -> str:
    """What is spoken under a locale, ``ru_RU.UTF-8`` on Linux and ``Russian_Russia`` on Windows."""
    return SCREEN_LANGUAGE_BY_LOCALE.get(locale[:2].lower(), "en")


def _system_locale(environment: Mapping[str, str]) -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if set_to := environment.get(variable):
            return set_to
    if sys.platform == "win32":
        import locale  # noqa: PLC0415 - known there only

        return locale.getlocale()[0] or ""
    return ""
