"""Sentences in the language of the program, filled in with their facts."""

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.ui_language import NO, YES, Marked

Text = Mapping[str, str]
"""A text of the rulebook by language code: ``{"en": "Winter clothes", "ru": "Зимняя одежда"}``."""


class Plural(NamedTuple):
    """A sentence for one and for many; the fact named *by* decides which is used."""

    one: str
    many: str
    by: str


class CountedText(NamedTuple):
    """A text of the rulebook that depends on a number: its forms in each language, and the fact that decides (*by*).

    The forms are ``one`` and ``other``; in Russian ``one``, ``few`` and ``many``. A form ``zero`` may be added for 0.
    """

    forms: Mapping[str, Mapping[str, str]]
    by: str

    def for_number(self, number: int, language: str) -> str:
        """Return the form for *number* in *language*, or in English if the text lacks that language."""
        language = language if language in self.forms else "en"
        forms = self.forms[language]
        return forms["zero"] if number == 0 and "zero" in forms else forms[plural_form(number, language)]


def plural_form(number: int, language: str) -> str:
    """Return the name of the plural form for *number*; in Russian the last digit decides, except from 11 to 14."""
    if language != "ru":
        return "one" if number == 1 else "other"
    last = number % 100 if 11 <= number % 100 <= 14 else number % 10
    return "one" if last == 1 else "few" if 2 <= last <= 4 else "many"


class TwoSentences(NamedTuple):
    """Two sentences that follow each other and use the same facts."""

    first: "Sentence"
    then: "Sentence"


Sentence = str | Text | Plural | CountedText | TwoSentences

_DAY_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?")
_GENDER_FORMS = re.compile(r"\{([^{}|]*)\|([^{}|]*)(?:\|([^{}|]*))?\}")
"""Words for a woman and for a man in one sentence, ``{she|he}``, ``{пришла|пришёл}``; a third form is for what is
no person, ``{her file|his file|the register}``.
"""
_spoken = ["en"]
_spoken_of = [""]


def set_language(language: str) -> None:
    """Set the language of the screen for this process."""
    _spoken[0] = language


def current_language() -> str:
    """Return the language of the screen; pages for programs are always in English."""
    return _spoken[0]


NO_PERSON = "thing"
"""The word for what is no person, such as a house, in place of a sex."""

_FORMS_OF_THINGS = {
    "she|he": "it", "She|He": "It", "her|his": "its", "Her|His": "Its", "her|him": "it", "hers|his": "its",
}  # fmt: skip
"""English forms for what is no person; Russian uses the second form for it."""


def speak_of(sex: str | None) -> None:
    """Choose the ``{she|he}`` forms of all sentences from here on by the *sex* in the client's file.

    ``male`` chooses the second form, `NO_PERSON` the one for a house or an NGO. No file, or a file that does not say,
    is spoken of as a woman's.
    """
    _spoken_of[0] = sex or ""


def choose_gender_forms(sentence: str) -> str:
    """Return *sentence* with each ``{she|he}`` replaced by the form for the client who is spoken of."""
    if "|" not in sentence:
        return sentence
    if _spoken_of[0] == NO_PERSON:
        return _GENDER_FORMS.sub(_form_of_thing, sentence)
    return _GENDER_FORMS.sub(r"\2" if _spoken_of[0] == "male" else r"\1", sentence)


def _form_of_thing(found: re.Match[str]) -> str:
    own: str | None = found[3]
    return _FORMS_OF_THINGS.get(f"{found[1]}|{found[2]}", found[2]) if own is None else own


class LabelledCode(str):
    """A code for programs, with the *text* that people read instead."""

    text: Text | Marked

    def __new__(cls, code: str, text: Text | Marked) -> "LabelledCode":
        """Return *code* with its text."""
        coded = super().__new__(cls, code)
        coded.text = text
        return coded


class OwnHeading(LabelledCode):
    """A key whose text is its heading, although the catalogue has other words for that key."""


def label_code(value: Any, *known: Mapping[str, Text | Marked]) -> Any:
    """Return a code with its text, from the first mapping that has one; any other value unchanged."""
    text = next((codes[value] for codes in known if value in codes), None) if isinstance(value, str) else None
    return value if text is None else LabelledCode(value, text)


class EmptyCell:
    """An empty cell of a table: null for programs, and for people the words of *text*."""

    __slots__ = ("text",)

    def __init__(self, text: Marked) -> None:
        self.text = text


def codes_with_texts(called: Mapping[str, Text]) -> list[Text]:
    """Return each code with its text in brackets, for messages that ask for one of them."""
    return [{language: f"{code} ({said})" for language, said in text.items()} for code, text in called.items()]


@cache
def read_catalogue(language: str) -> gettext.NullTranslations:
    """Return the catalogue of *language*; English needs none, since the sentences in the code are English."""
    if language == "en":
        return gettext.NullTranslations()
    with (Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "shelterctl.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


PLACEHOLDERS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "BACKUP": "КОПИЯ", "CODE": "КОД", "COMMAND": "КОМАНДА", "DATE": "ДАТА", "DAYS": "ДНЕЙ", "DIR": "ПАПКА",
        "ENTRY": "ЗАПИСЬ", "FIELD": "ПОЛЕ", "FILE": "ФАЙЛ", "FORM": "ФОРМА", "FORMAT": "ФОРМАТ", "HOUSE": "ПРИЮТ",
        "HOW": "КАК", "ITEM": "ПУНКТ", "KIND": "ВИД", "LANG": "ЯЗЫК", "MONTH": "МЕСЯЦ", "NAME": "НАЗВАНИЕ",
        "NEW": "НОВАЯ_ПАПКА", "OUTCOME": "ИТОГ", "REASON": "ПРИЧИНА", "ROLE": "ДОЛЖНОСТЬ", "SECONDS": "СЕКУНД",
        "STAFF": "СОТРУДНИК", "TOPIC": "ТЕМА", "TRACK": "ВИД_ЗАПИСИ", "WHOM": "О_КОМ", "WORD": "СЛОВО",
    },
}  # fmt: skip
"""The translated placeholders of commands, by language; a language without an entry shows the English ones."""
_PLACEHOLDER = re.compile(rf"(?<![\w/.-])(?:{'|'.join(PLACEHOLDERS['ru'])})(?![\w/-])")


def translate_placeholders(words: str, language: str) -> str:
    """Return *words* with the placeholders of commands in *language*."""
    known = PLACEHOLDERS.get(language)
    return _PLACEHOLDER.sub(lambda found: known[found[0]], words) if known else words


def translate(sentence: str, language: str) -> str:
    """Return *sentence* in *language*, with its placeholders still empty; an empty sentence stays empty."""
    if not sentence:  # gettext would return the header of the catalogue
        return ""
    return translate_placeholders(read_catalogue(language).gettext(sentence), language)


def format_fact(fact: object, language: str) -> str:
    """Return a fact as sentences show it: som with two decimals, an average with one, days and texts in *language*."""
    if type(fact) is int or (
        language == "en" and type(fact) is str
    ):  # most facts are of these types, so they come first
        return str(fact)
    if isinstance(fact, bool):
        fact = YES if fact else NO
    if isinstance(fact, Decimal | float):
        written = f"{fact:,.2f}" if isinstance(fact, Decimal) else f"{fact:.1f}"
        return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    if isinstance(fact, str) and language != "en" and is_day(fact):
        fact = _parse_day(fact)
    if isinstance(fact, date):
        clock = " %H:%M" if isinstance(fact, datetime) else ""
        return format(fact, f"{'%Y-%m-%d' if language == 'en' else '%d.%m.%Y'}{clock}")
    if isinstance(fact, LabelledCode | EmptyCell):
        fact = fact.text
    if isinstance(fact, Mapping):
        return choose_gender_forms(translate_placeholders(str(fact.get(language) or fact["en"]), language))
    if isinstance(fact, Marked):
        return choose_gender_forms(translate(fact, language))
    return ", ".join(format_fact(each, language) for each in fact) if isinstance(fact, list | tuple) else str(fact)


def is_day(written: str) -> bool:
    """Whether a text has the form of a day or a time in a record."""
    return _DAY_PATTERN.fullmatch(written) is not None


def _parse_day(written: str) -> date | str:
    """Return a day or a time of a record as a date; a text that only looks like one unchanged."""
    try:
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    except ValueError:
        return written


ABBREVIATIONS = {"en": ("NGO", "IOM", "HIV"), "ru": ("НПО", "МОМ", "ВИЧ"), "ky": ("ӨЭУ", "ЭМУ")}
"""The abbreviations that stay in capitals where a title printed in capitals becomes part of a sentence."""


def lower_capitals(title: str) -> str:
    """Return a title for use inside a sentence; one printed in capitals is put into lower case, but for its first
    letter and its abbreviations.
    """
    if not title.isupper():
        return title
    return _ABBREVIATION.sub(lambda found: found[0].upper(), title.capitalize())


# A Kyrgyz abbreviation takes endings: ӨЭУнун.
_ABBREVIATION = re.compile(
    "|".join(
        rf"\b{each}" + ("" if language == "ky" else r"\b") for language, own in ABBREVIATIONS.items() for each in own
    ),
    re.IGNORECASE,
)


def format_sentence(sentence: Sentence, facts: Mapping[str, object], language: str = "en") -> str:
    """Return *sentence* in *language* with its *facts* filled in; a text of the rulebook is taken in that language."""
    if isinstance(sentence, TwoSentences):
        return " ".join(format_sentence(each, facts, language) for each in sentence)
    if isinstance(sentence, Plural):
        number = int(str(facts[sentence.by]))
        spoken = translate_placeholders(
            read_catalogue(language).ngettext(sentence.one, sentence.many, number), language
        )
    elif isinstance(sentence, CountedText):
        words = sentence.for_number(int(str(facts[sentence.by])), language)
        spoken = translate_placeholders(words, language)
    elif isinstance(sentence, str):
        spoken = translate(sentence, language)
    else:
        spoken = format_fact(sentence, language)
    spoken = choose_gender_forms(spoken)
    return spoken.format_map({name: format_fact(fact, language) for name, fact in facts.items()})
