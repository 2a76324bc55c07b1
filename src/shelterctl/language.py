"""The language the program speaks: sentences are marked here, and said here with their facts."""

import gettext
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
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

SPOKEN = ("en",)
"""Languages of the screen whose catalogue is complete. Paper has its own, on the shelf."""


class Marked(str):
    """A sentence or phrase of the program, marked for the catalogue; also as a fact it is said in the language."""

    __slots__ = ()


def N_(sentence: str) -> Marked:
    """Mark *sentence* for the catalogue; it is translated only when it is said."""
    return Marked(sentence)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of *language*; English needs none, the sentences in the code are English."""
    folder = Path(__file__).parent / "locale"
    return gettext.translation("shelterctl", folder, [language], fallback=True)


def shown(fact: object, language: str) -> str:
    """A fact as a sentence shows it: som with two places, a day as written, a text of the shelf in *language*."""
    if isinstance(fact, bool):
        fact = N_("yes") if fact else N_("no")
    if isinstance(fact, Decimal):
        written = f"{fact:,.2f}"
        return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    if isinstance(fact, date):
        return fact.isoformat() if language == "en" else f"{fact:%d.%m.%Y}"
    if isinstance(fact, Mapping):
        return str(fact.get(language) or fact["en"])
    if isinstance(fact, Marked):
        return catalogue(language).gettext(fact)
    if isinstance(fact, list | tuple):
        return ", ".join(shown(each, language) for each in fact)
    return str(fact)


def say(sentence: Sentence, facts: Mapping[str, object], language: str = "en") -> str:
    """*sentence* in *language* with its *facts* in place; a text of the shelf is said as it stands there."""
    if isinstance(sentence, Plural):
        number = int(str(facts[sentence.by]))
        spoken = catalogue(language).ngettext(sentence.one, sentence.many, number)
    elif isinstance(sentence, str):
        spoken = catalogue(language).gettext(sentence)
    else:
        spoken = shown(sentence, language)
    return spoken.format_map({name: shown(fact, language) for name, fact in facts.items()})
