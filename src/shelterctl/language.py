"""The language the program speaks: sentences, said here with their facts."""

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shelterctl.spoken import ALPHABET, N_, NEAREST, SPOKEN, VARIABLE, WRITTEN, Marked, chosen, legible, named, nearest

__all__ = [
    "ALPHABET", "NEAREST", "N_", "SPOKEN", "VARIABLE", "WRITTEN", "Both", "Coded", "Marked", "Nothing", "Plural",
    "Sentence", "Text", "catalogue", "chosen", "current", "is_day", "legible", "named", "nearest", "placed", "say",
    "shown", "speak", "translated", "with_codes",
]  # fmt: skip

Text = Mapping[str, str]
"""A text of the shelf by language code: ``{"en": "Winter clothes", "ru": "Зимняя одежда"}``."""


class Plural(NamedTuple):
    """A sentence in two forms; the fact named *by* decides which is said."""

    one: str
    many: str
    by: str


class Both(NamedTuple):
    """A sentence and what is said behind it, from the same facts."""

    first: "Sentence"
    then: "Sentence"


Sentence = str | Text | Plural | Both

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?")
_spoken = ["en"]


def speak(language: str) -> None:
    """From here on this process speaks *language* to whoever sits before it."""
    _spoken[0] = language


def current() -> str:
    """The language in which this process speaks to whoever sits before it; pages for programs are English always."""
    return _spoken[0]


class Coded(str):
    """A code that programs read as it is, and a person as the *text* that stands beside it."""

    text: Text | Marked

    def __new__(cls, code: str, text: Text | Marked) -> "Coded":
        """*code* with its text."""
        coded = super().__new__(cls, code)
        coded.text = text
        return coded


class Nothing:
    """That nothing stands in a cell: null for programs, and for a person the words that say so."""

    __slots__ = ("text",)

    def __init__(self, text: Marked) -> None:
        self.text = text


def with_codes(called: Mapping[str, Text]) -> list[Text]:
    """Each code with its text in brackets behind it, for whoever has to type one."""
    return [{language: f"{code} ({said})" for language, said in text.items()} for code, text in called.items()]


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of *language*; English needs none, the sentences in the code are English."""
    if language == "en":
        return gettext.NullTranslations()
    with (Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "shelterctl.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


PLACES: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "BACKUP": "КОПИЯ", "CODE": "КОД", "COMMAND": "КОМАНДА", "DATE": "ДАТА", "DAYS": "ДНЕЙ", "DIR": "ПАПКА",
        "ENTRY": "ЗАПИСЬ", "FIELD": "ПОЛЕ", "FILE": "ФАЙЛ", "FORM": "ФОРМА", "FORMAT": "ФОРМАТ", "HOW": "КАК",
        "ITEM": "ПУНКТ", "KIND": "ВИД", "LANG": "ЯЗЫК", "NAME": "НАЗВАНИЕ", "NEW": "НОВАЯ_ПАПКА", "OUTCOME": "ИТОГ",
        "REASON": "ПРИЧИНА", "ROLE": "ДОЛЖНОСТЬ", "SECONDS": "СЕКУНД", "STAFF": "СОТРУДНИК", "TOPIC": "ТЕМА",
        "TRACK": "РАЗДЕЛ", "WORD": "СЛОВО",
    },
}  # fmt: skip
"""What stands in a command for whatever is to be typed there, in the languages that have their own words for it."""
_PLACE = re.compile(rf"(?<![\w/.-])(?:{'|'.join(PLACES['ru'])})(?![\w/-])")


def placed(words: str, language: str) -> str:
    """The words of a command as they are shown: what is to be put in its places is called so in *language*."""
    known = PLACES.get(language)
    return _PLACE.sub(lambda found: known[found[0]], words) if known else words


def translated(sentence: str, language: str) -> str:
    """*sentence* of the catalogue in *language*, its facts not yet in place; nothing stays nothing."""
    return (
        placed(catalogue(language).gettext(sentence), language) if sentence else ""
    )  # to gettext, nothing is a heading


def shown(fact: object, language: str) -> str:
    """A fact as a sentence shows it: som with two places, an average with one, a day as written, a text by language."""
    if type(fact) is int or (language == "en" and type(fact) is str):  # as most facts are, and so at once
        return str(fact)
    if isinstance(fact, bool):
        fact = N_("yes") if fact else N_("no")
    if isinstance(fact, Decimal | float):
        written = f"{fact:,.2f}" if isinstance(fact, Decimal) else f"{fact:.1f}"
        return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    if isinstance(fact, str) and language != "en" and is_day(fact):
        fact = _read(fact)
    if isinstance(fact, date):
        clock = " %H:%M" if isinstance(fact, datetime) else ""
        return fact.isoformat() if language == "en" else format(fact, f"%d.%m.%Y{clock}")
    if isinstance(fact, Coded | Nothing):
        fact = fact.text
    if isinstance(fact, Mapping):
        return placed(str(fact.get(language) or fact["en"]), language)
    if isinstance(fact, Marked):
        return translated(fact, language)
    return ", ".join(shown(each, language) for each in fact) if isinstance(fact, list | tuple) else str(fact)


def is_day(written: str) -> bool:
    """Whether a text is a day or a time as a record has it."""
    return _DAY.fullmatch(written) is not None


def _read(written: str) -> date | str:
    """A day or time of a record as such, and what only looks like one as it is."""
    try:
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    except ValueError:
        return written


def say(sentence: Sentence, facts: Mapping[str, object], language: str = "en") -> str:
    """*sentence* in *language* with its *facts* in place; a text of the shelf is said as it stands there."""
    if isinstance(sentence, Both):
        return " ".join(say(each, facts, language) for each in sentence)
    if isinstance(sentence, Plural):
        number = int(str(facts[sentence.by]))
        spoken = placed(catalogue(language).ngettext(sentence.one, sentence.many, number), language)
    elif isinstance(sentence, str):
        spoken = translated(sentence, language)
    else:
        spoken = shown(sentence, language)
    return spoken.format_map({name: shown(fact, language) for name, fact in facts.items()})
