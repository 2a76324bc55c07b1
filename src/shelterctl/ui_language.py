"""The language of the screen, and the mark of sentences to translate. Imports nothing else of the program."""

import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest

SCREEN_LANGUAGES = ("en", "ru")
"""The languages of the screen; each has a complete catalogue."""

PAPER_LANGUAGES = ("en", "ru", "ky")
"""The languages in which papers are printed: those of the rulebook."""

SCREEN_LANGUAGE_BY_LOCALE = {"ru": "ru", "ky": "ru"}
"""The language of the screen by the language of the computer; English for all others."""

LETTERS_OF_LANGUAGE = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
"""Letters that a terminal must be able to show before a language is used."""

LANGUAGE_VARIABLE = "SHELTERCTL_LANG"


class Marked(str):
    """A sentence or phrase of the program, marked for the catalogue; used as a fact, it is translated too."""

    __slots__ = ()


def N_(sentence: str) -> Marked:
    """Mark *sentence* for the catalogue; it is translated when it is shown."""
    return Marked(sentence)


YES, NO = N_("yes"), N_("no")
"""The answers of every question with only these two."""


def requested_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the language that --lang asks for, wherever it is typed, else SHELTERCTL_LANG; None if neither does."""
    asked = None
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        option, _, value = word.partition("=")
        if word == "--":
            break
        if option == "--lang":
            asked = value or following
    return (asked or environment.get(LANGUAGE_VARIABLE) or "").lower() or None


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language of the screen: the requested one if there is a catalogue, else that of the computer."""
    said = (requested_language(arguments, environment), (environment.get(LANGUAGE_VARIABLE) or "").lower())
    best = next((language for language in said if language in SCREEN_LANGUAGES), None) or nearest_language(
        _system_locale(environment)
    )
    return legible_language(best, getattr(sys.stdout, "encoding", None))


def legible_language(language: str, encoding: str | None) -> str:
    """Return *language* if a terminal with this encoding can show its letters; English otherwise."""
    try:
        LETTERS_OF_LANGUAGE.get(language, "").encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return language


def adapt_commands(text: str) -> str:
    """Return a text with its commands as the shells of this computer read them."""
    if sys.platform == "win32":
        import re  # noqa: PLC0415 - only needed on Windows

        return re.sub(r"/media/usb\S*", lambda found: "D:" + found[0].removeprefix("/media").replace("/", "\\"), text)
    return text


def quote_path(path: object) -> str:
    """Return a path as one word of a command, in every shell."""
    return f'"{path}"' if " " in str(path) else str(path)


def nearest_language(locale: str) -> str:
    """Return the language of the screen for a locale: ``ru_RU.UTF-8`` on Linux, ``Russian_Russia`` on Windows."""
    return SCREEN_LANGUAGE_BY_LOCALE.get(locale[:2].lower(), "en")


def _system_locale(environment: Mapping[str, str]) -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if set_to := environment.get(variable):
            return set_to
    if sys.platform == "win32":
        import locale  # noqa: PLC0415 - only needed on Windows

        return locale.getlocale()[0] or ""
    return ""
