"""Sentences in the language of the program, filled in with their facts."""

import gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.country import Country, current_country, fill_words_of_country
from shelterctl.ui_language import NO, PAPER_LANGUAGES, SCREEN_LANGUAGES, YES, Marked

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


LANGUAGES_WITH_FEW = ("ru", "uk", "be")
"""Languages in which the last digit of a number decides the form of what is counted: one, few, many."""

LANGUAGES_WITHOUT_PLURAL = ("ky", "kk", "uz", "tr", "az", "tg", "ka")
"""Languages in which what is counted has one form after every number."""


def plural_form(number: int, language: str) -> str:
    """Return the name of the plural form for *number*; in Russian the last digit decides, except from 11 to 14."""
    if language not in LANGUAGES_WITH_FEW:
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
_spoken_of_nobody = ["feminine"]
_masculine: dict[str, Mapping[str, str]] = {}
_leaves_words = [False]


def set_language(language: str) -> None:
    """Set the language of the screen for this process."""
    _spoken[0] = language


def current_language() -> str:
    """Return the language of the screen; pages for programs are always in English."""
    return _spoken[0]


NO_PERSON = "thing"
"""The word for what is no person, such as a house, in place of a form."""

_FORMS_OF_THINGS = {
    "she|he": "it", "She|He": "It", "her|his": "its", "Her|His": "Its", "her|him": "it", "hers|his": "its",
}  # fmt: skip
"""English forms for what is no person; Russian uses the second form for it."""


NOBODY_IN_PARTICULAR = "nobody"
"""The key of the form in which the rulebook speaks of nobody in particular: on pages about several, on blank sheets."""

FEMININE, MASCULINE = GENDER_FORMS = ("feminine", "masculine")
"""The forms of words in which a client can be spoken of."""


class AboutClient(dict[str, Any]):
    """A text of the rulebook, or the facts of a sentence, about one client: it is said in her or his *form* of words,
    also on a page about several. The form is one of `GENDER_FORMS`.
    """

    __slots__ = ("form",)

    def __init__(self, said: Mapping[str, Any], form: str) -> None:
        """Copy *said*, which is about a client with this *form*."""
        super().__init__(said)
        self.form = form


@contextmanager
def forms_for(said: AboutClient) -> Iterator[None]:
    """Use the form of the client whom *said* is about for all that is put into words inside."""
    before, _spoken_of[0] = _spoken_of[0], said.form
    try:
        yield
    finally:
        _spoken_of[0] = before


def keep_form(before: object, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a text or facts in place of *before*: about its client, if it is about one."""
    return AboutClient(said, before.form) if isinstance(before, AboutClient) else said


def speak_of(form: str | None) -> None:
    """Choose the ``{she|he}`` forms of all sentences from here on: one of `GENDER_FORMS`, or `NO_PERSON` for a house.

    None is for pages about nobody or about several: they have the form that the rulebook gives to nobody in particular.
    """
    _spoken_of[0] = form or ""


def form_in_use() -> str | None:
    """Return the form that was chosen last, for a client or `NO_PERSON`; None where it is that for nobody."""
    return _spoken_of[0] or None


def set_gender_forms(nobody: str, masculine: Mapping[str, Mapping[str, str]]) -> None:
    """Set, as the rulebook says, the form for pages about nobody, and the words of a man's texts by language."""
    _spoken_of_nobody[0] = nobody
    _masculine.clear()
    _masculine.update(masculine)


def _is_masculine() -> bool:
    return (_spoken_of[0] or _spoken_of_nobody[0]) == MASCULINE


@contextmanager
def words_as_written() -> Iterator[None]:
    """Leave texts of the rulebook as it has them: what is noted of a sheet is alike for women and men."""
    before, _leaves_words[0] = _leaves_words[0], True
    try:
        yield
    finally:
        _leaves_words[0] = before


def speak_of_man(words: str, masculine: Mapping[str, str]) -> str:
    """Return a rulebook text in words for a man: each phrase of *masculine* is replaced, the longest first."""
    if not masculine:
        return words

    def replace(found: re.Match[str]) -> str:
        said = masculine[found[0].lower()]
        return said[:1].upper() + said[1:] if found[0][:1].isupper() else said

    return _phrase_pattern(tuple(masculine)).sub(replace, words)


@cache
def _phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"\b({known})\b", re.IGNORECASE)


def _say_rulebook_text(text: Text, language: str) -> str:
    """Return a text of the rulebook in *language*, in the form for whom it is about."""
    if isinstance(text, AboutClient):
        with forms_for(text):
            return _choose_words(text, language)
    return _choose_words(text, language)


def _choose_words(text: Text, language: str) -> str:
    words = text.get(language) or current_country().choose_words(text, language)
    said = choose_gender_forms(fill_words_of_country(translate_placeholders(words, language), language))
    return speak_of_man(said, _masculine.get(language, {})) if _is_masculine() and not _leaves_words[0] else said


def choose_gender_forms(sentence: str) -> str:
    """Return *sentence* with each ``{she|he}`` replaced by the form for the client who is spoken of."""
    if "|" not in sentence:
        return sentence
    if _spoken_of[0] == NO_PERSON:
        return _GENDER_FORMS.sub(_form_of_thing, sentence)
    return _GENDER_FORMS.sub(r"\2" if _is_masculine() else r"\1", sentence)


def _form_of_thing(found: re.Match[str]) -> str:
    own: str | None = found[3]
    return _FORMS_OF_THINGS.get(f"{found[1]}|{found[2]}", found[2]) if own is None else own


def words_about(words: Text | Marked, form: str) -> AboutClient:
    """Return words in the form for a client; those of the catalogue in each language of the screen."""
    if isinstance(words, Mapping):
        return AboutClient(words, form)
    facts = AboutClient({}, form)
    return AboutClient({each: format_sentence(words, facts, each) for each in SCREEN_LANGUAGES}, form)


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
    """Return the catalogue of *language*: that of papers, if no screen has this language.

    English needs none, since the sentences in the code are English; a language of another country's rulebook has none,
    and English stands there, as for texts that lack the language.
    """
    if language == "en" or language not in PAPER_LANGUAGES:
        return gettext.NullTranslations()
    name = "shelterctl.mo" if language in SCREEN_LANGUAGES else "paper.mo"
    with (Path(__file__).parent / "locale" / language / "LC_MESSAGES" / name).open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


PLACEHOLDERS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "AGE-KEY": "КЛЮЧ", "BACKUP": "КОПИЯ", "CODE": "КОД", "COMMAND": "КОМАНДА", "DATE": "ДАТА", "DAYS": "ДНЕЙ",
        "DIR": "ПАПКА", "ENTRY": "ЗАПИСЬ", "FIELD": "ПОЛЕ", "FILE": "ФАЙЛ", "FORM": "ФОРМА", "FORMAT": "ФОРМАТ",
        "HOUSE": "ПРИЮТ", "HOW": "КАК", "ITEM": "ПУНКТ", "KIND": "ВИД", "LANG": "ЯЗЫК", "MONTH": "МЕСЯЦ",
        "NAME": "НАЗВАНИЕ", "NEW": "НОВАЯ_ПАПКА", "OUTCOME": "ИТОГ", "REASON": "ПРИЧИНА", "REPORT": "ОТЧЁТ",
        "ROLE": "ДОЛЖНОСТЬ", "ROW": "СТРОКА", "SECONDS": "СЕКУНД", "SIGN": "ЗНАК", "STAFF": "СОТРУДНИК",
        "TABLE": "ТАБЛИЦА", "TOPIC": "ТЕМА", "TRACK": "ВИД_ЗАПИСИ", "WHOM": "О_КОМ", "WORD": "СЛОВО", "YEAR": "ГОД",
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
    return fill_words_of_country(translate_placeholders(read_catalogue(language).gettext(sentence), language), language)


def format_fact(fact: object, language: str) -> str:
    """Return a fact as sentences show it: an amount with the decimals of the currency, an average with one, days and
    texts in *language*.
    """
    if type(fact) is int or (
        language == "en" and type(fact) is str
    ):  # most facts are of these types, so they come first
        return str(fact)
    if isinstance(fact, bool):
        fact = YES if fact else NO
    if isinstance(fact, Decimal | float):
        written = f"{fact:,.{current_country().currency.places}f}" if isinstance(fact, Decimal) else f"{fact:.1f}"
        return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    if isinstance(fact, str) and language != "en" and is_day(fact):
        fact = _parse_day(fact)
    if isinstance(fact, date):
        clock = " %H:%M" if isinstance(fact, datetime) else ""
        return format(fact, f"{'%Y-%m-%d' if language == 'en' else '%d.%m.%Y'}{clock}")
    if isinstance(fact, LabelledCode | EmptyCell):
        fact = fact.text
    if isinstance(fact, Mapping):
        return _say_rulebook_text(fact, language)
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


ABBREVIATIONS = {"en": ("NGO", "HIV"), "ru": ("НПО", "ВИЧ"), "ky": ("ӨЭУ",)}
"""The abbreviations that stay in capitals where a title printed in capitals becomes part of a sentence; the issuer's
short name is another.
"""


def lower_capitals(title: str) -> str:
    """Return a title for use inside a sentence; one printed in capitals is put into lower case, but for its first
    letter and its abbreviations.
    """
    if not title.isupper():
        return title
    return _abbreviation_pattern(current_country()).sub(lambda found: found[0].upper(), title.capitalize())


@cache
def _abbreviation_pattern(country: Country) -> re.Pattern[str]:
    """Return the pattern of an abbreviation; in Kyrgyz it takes endings: ӨЭУнун."""
    own = {language: (*known, country.issuer.get(language, "")) for language, known in ABBREVIATIONS.items()}
    return re.compile(
        "|".join(
            rf"\b{re.escape(each)}" + ("" if language == "ky" else r"\b")
            for language, known in own.items()
            for each in known
            if each.isupper()
        ),
        re.IGNORECASE,
    )


def format_sentence(sentence: Sentence, facts: Mapping[str, object], language: str = "en") -> str:
    """Return *sentence* in *language* with its *facts* filled in; a text of the rulebook is taken in that language.

    Facts about one client (`AboutClient`) choose the form of words of the whole sentence.
    """
    if isinstance(facts, AboutClient):
        with forms_for(facts):
            return _fill_sentence(sentence, facts, language)
    return _fill_sentence(sentence, facts, language)


class SentenceText(Mapping[str, str]):
    """A sentence of the program with its facts as a text: its words are filled in for a language once that is asked
    for, so that no catalogue is read for nothing.
    """

    __slots__ = ("_facts", "_sentence")

    def __init__(self, sentence: Sentence, **facts: object) -> None:
        self._sentence, self._facts = sentence, facts

    def __getitem__(self, language: str) -> str:
        if language not in SCREEN_LANGUAGES:
            raise KeyError(language)
        return format_sentence(self._sentence, self._facts, language)

    def __iter__(self) -> Iterator[str]:
        return iter(SCREEN_LANGUAGES)

    def __len__(self) -> int:
        return len(SCREEN_LANGUAGES)


def _fill_sentence(sentence: Sentence, facts: Mapping[str, object], language: str) -> str:
    if isinstance(sentence, TwoSentences):
        return " ".join(_fill_sentence(each, facts, language) for each in sentence)
    if isinstance(sentence, Plural):
        number = int(str(facts[sentence.by]))
        spoken = translate_placeholders(
            read_catalogue(language).ngettext(sentence.one, sentence.many, number), language
        )
        spoken = fill_words_of_country(spoken, language)
    elif isinstance(sentence, CountedText):
        words = sentence.for_number(int(str(facts[sentence.by])), language)
        spoken = fill_words_of_country(translate_placeholders(words, language), language)
    elif isinstance(sentence, str):
        spoken = translate(sentence, language)
    else:
        spoken = format_fact(sentence, language)
    spoken = choose_gender_forms(spoken)
    return spoken.format_map({name: format_fact(fact, language) for name, fact in facts.items()})
