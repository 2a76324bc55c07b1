"""The country of the rulebook in use: its currency, its issuer, and the days and words of its further languages.

Amounts, sentences and papers need it everywhere, so it is set for the process when a rulebook is opened; until then it
is that of the shipped rulebook. Imports nothing else of the program.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from shelterctl.immutable import immutable

ENGLISH = "en"

PLURAL_OTHER = "other"
"""The plural form that serves for every number where a language has no other."""

Words = Mapping[str, str]
"""Words by language."""


@immutable(slots=False)
class Currency:
    """The currency: its code of ISO 4217, and how many decimal *places* an amount has.

    *unit* and *minor* have the plural forms of each language after a number in words, *figure* is written after
    figures, *amounts* says in which currency amounts are (*in som*). *typed* has what people type beside a number.
    """

    code: str
    places: int
    unit: Mapping[str, Words]
    figure: Words
    amounts: Words
    minor: Mapping[str, Words] = field(default_factory=dict)
    gender: str = "masculine"
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def decimals(self) -> str:
        """A pattern of the decimal places that an amount may be written with; empty if it has none."""
        return rf"(?:\.\d{{1,{self.places}}})?" if self.places else ""


@immutable(slots=False)
class Calendar:
    """The days of a language in writing: orders of *day*, *month* and *year*, with the names of the months.

    *month* is the order without the day, *year* that of a year alone; *alone* are the names of months without a day,
    where they differ.
    """

    day: str
    month: str
    year: str
    months: tuple[str, ...]
    alone: tuple[str, ...] = ()


@immutable(slots=False)
class PaperLanguage:
    """A language in which papers are printed, as the rulebook describes it: its *calendar*, if the program has none,
    and the language *otherwise* printed where words are missing. *words* are the sentences of the templates, by their
    English.
    """

    otherwise: str = ENGLISH
    calendar: Calendar | None = None
    words: Words = field(default_factory=dict)


@immutable(slots=False)
class Country:
    """The currency and the issuer of a rulebook, and its languages of paper.

    *fell_back* notes each of them in which words were missing since it was last emptied.
    """

    currency: Currency
    issuer: Words
    languages: Mapping[str, PaperLanguage] = field(default_factory=dict)
    fell_back: set[str] = field(default_factory=set)

    def choose_words(self, words: Words, language: str) -> str:
        """Return the words in *language*, else in the one printed instead of it, else in English."""
        if said := words.get(language):
            return said
        if known := self.languages.get(language):
            self.fell_back.add(language)
            return words.get(known.otherwise) or words[ENGLISH]
        return words[ENGLISH]

    def find_calendar(self, language: str) -> Calendar | None:
        """Return how a language writes days; None if the rulebook does not say it."""
        known = self.languages.get(language)
        return known.calendar if known else None

    @cached_property
    def words(self) -> Mapping[str, Words]:
        """The words that stand in sentences in place of their names in braces."""
        return {"currency": self.currency.figure, "in_currency": self.currency.amounts, "issuer": self.issuer}


def make_currency(written: Mapping[str, Any]) -> Currency:
    """Return the currency as the file edition.yaml has it."""
    own = {"amounts" if key == "in" else key: said for key, said in written.items()}
    return Currency(**{**own, "typed": {kind: tuple(words) for kind, words in own.get("typed", {}).items()}})


@cache
def shipped_country() -> Country:
    """Return the country of the shipped rulebook, from the compiled form of its edition."""
    compiled = Path(__file__).parent / "compiled" / "edition.json"
    return make_country(json.loads(compiled.read_text("utf-8"))["value"], {})


def make_country(edition: Mapping[str, Any], languages: Mapping[str, PaperLanguage]) -> Country:
    """Return the country of an edition; what it leaves out is that of the shipped one."""
    if "currency" in edition and "issuer" in edition:
        return Country(make_currency(edition["currency"]), edition["issuer"], languages)
    shipped = shipped_country()
    currency = make_currency(edition["currency"]) if "currency" in edition else shipped.currency
    return Country(currency, edition.get("issuer", shipped.issuer), languages)


_in_use: list[Callable[[], Country]] = [shipped_country]


def use_country(read: Callable[[], Country]) -> None:
    """Use the country that *read* returns from now on; it is read when something first needs it."""
    _in_use[0] = read


def current_country() -> Country:
    """Return the country of the rulebook in use."""
    return _in_use[0]()


WORDS_OF_COUNTRY = ("currency", "in_currency", "issuer")
"""Names in braces that any sentence may have: what is written after an amount, in which currency it is, whose manual it
is.
"""

_NAME_OF_WORDS = re.compile(rf"\{{({'|'.join(WORDS_OF_COUNTRY)})\}}")


def fill_words_of_country(sentence: str, language: str) -> str:
    """Return a sentence with the words of the country in place of their names in braces; other braces stay."""
    return (
        _NAME_OF_WORDS.sub(lambda found: _word_of_country(found[1], language), sentence)
        if "{" in sentence
        else sentence
    )


def _word_of_country(name: str, language: str) -> str:
    country = current_country()
    return country.choose_words(country.words[name], language)
