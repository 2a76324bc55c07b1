"""Check of what a rulebook says of its country: its languages of paper, and its currency in the words of each."""

import gettext
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from shelterctl.country import ENGLISH, PLURAL_OTHER
from shelterctl.errors import BrokenRulebook
from shelterctl.language import LANGUAGES_WITH_FEW, LANGUAGES_WITHOUT_PLURAL
from shelterctl.rulebook.files import PACKAGE_FOLDER, RulebookFile, paper_words_file, pointer_below, refuse_all
from shelterctl.rulebook.reader import KEY_MISSING
from shelterctl.ui_language import N_, PAPER_LANGUAGES

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

LANGUAGE_WITHOUT_DAYS = N_(
    "the program cannot write days in {language}; describe them here under days, with the names of the months"
)
DAYS_ARE_KNOWN = N_("the program writes days in {language} itself; leave this out")
OTHERWISE_UNKNOWN = N_("name a language that the program prints itself: {known}")
NAMES_ONCE_EACH = N_("write each of these once, in braces: {names}")
MINOR_WITHOUT_PLACES = N_("a currency with no decimal places has no minor unit; leave this out")
LANGUAGE_LACKING = N_("words in {language} are missing; it is one of the languages of this rulebook")
PLURAL_FORMS_WANTED = N_("{language} needs exactly these forms here: {forms}")
PAPER_FILE_OF_NO_LANGUAGE = N_("this file is for no language that languages.yaml describes under days")
PLACEHOLDERS_DIFFER = N_("keep these as they are in English: {names}")

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def plural_forms(language: str) -> tuple[str, ...]:
    """Return the plural forms that a word counted in a language needs."""
    if language in LANGUAGES_WITH_FEW:
        return "one", "few", "many"
    return (PLURAL_OTHER,) if language in LANGUAGES_WITHOUT_PLURAL else ("one", PLURAL_OTHER)


def check_languages(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook for languages in which days cannot be written, or whose description is of no use."""
    file = rulebook.read_file("languages.yaml")
    refuse_all(slip for code, about in rulebook.languages.items() for slip in _slips_of_language(file, code, about))


def _slips_of_language(file: RulebookFile, code: str, about: Mapping[str, Any]) -> Iterator[BrokenRulebook]:
    at = pointer_below("/languages", code)
    if code in PAPER_LANGUAGES:
        for key in {"days", "otherwise"} & {*about}:
            yield file.error_at("word", pointer_below(at, key), DAYS_ARE_KNOWN, language=code)
    elif "days" not in about:
        yield file.error_at("word", at, LANGUAGE_WITHOUT_DAYS, language=code)
    else:
        yield from _slips_of_days(file, pointer_below(at, "days"), about["days"])
    if about.get("otherwise", ENGLISH) not in PAPER_LANGUAGES:
        yield file.error_at("word", pointer_below(at, "otherwise"), OTHERWISE_UNKNOWN, known=PAPER_LANGUAGES)


def _slips_of_days(file: RulebookFile, place: str, days: Mapping[str, Any]) -> Iterator[BrokenRulebook]:
    """Yield a slip for each order of a day that lacks one of its parts or has another."""
    for key, names in (("day", ["day", "month", "year"]), ("month", ["month", "year"]), ("year", ["year"])):
        if sorted(re.findall(r"\{([^{}]*)\}", days[key])) != names:
            yield file.error_at("text", pointer_below(place, key), NAMES_ONCE_EACH, names=names)


def check_currency(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook for languages without the words of the currency, and for plural forms that are missing."""
    file, languages = rulebook.read_file("edition.yaml"), [*rulebook.languages]
    file.require_schema("edition", rulebook.language_codes)
    slips = [*_slips_of_words(file, "/issuer", file.value["issuer"], languages)] if "issuer" in file.value else []
    if currency := file.value.get("currency"):
        if not currency["places"] and "minor" in currency:
            slips.append(file.error_at("word", "/currency/minor", MINOR_WITHOUT_PLACES))
        if currency["places"] and "minor" not in currency:
            slips.append(file.error_at("shape", "/currency", KEY_MISSING, key="minor"))
        for key in [key for key in ("unit", "minor", "figure", "in") if key in currency]:
            slips += _slips_of_words(file, pointer_below("/currency", key), currency[key], languages)
    refuse_all(slips)


def _slips_of_words(
    file: RulebookFile, place: str, words: Mapping[str, Any], languages: list[str]
) -> Iterator[BrokenRulebook]:
    """Yield a slip for each language without words, or without exactly the plural forms that it needs."""
    for language in languages:
        if language not in words:
            yield file.error_at("shape", place, LANGUAGE_LACKING, language=language)
        elif isinstance(forms := words[language], Mapping) and {*forms} != {*(needed := plural_forms(language))}:
            at = pointer_below(place, language)
            yield file.error_at("shape", at, PLURAL_FORMS_WANTED, language=language, forms=needed)


def check_paper_words(rulebook: "Rulebook") -> None:
    """Raise BrokenRulebook for sentences that no template has, and for those whose placeholders were changed."""
    described = {code for code, about in rulebook.languages.items() if "days" in about}
    refuse_all(
        slip
        for code in rulebook.languages_of_words
        for slip in _slips_of_paper_words(rulebook.read_file(paper_words_file(code)), code, code in described)
    )


def _slips_of_paper_words(file: RulebookFile, language: str, described: bool) -> Iterator[BrokenRulebook]:
    file.require_schema("paper")
    if not described or file.value["paper"] != language:
        yield file.error_at("name", "/paper", PAPER_FILE_OF_NO_LANGUAGE)
    for english, said in file.value["words"].items():
        at = pointer_below("/words", english)
        if english not in template_sentences():
            yield file.unknown_word_error(at, english, template_sentences())
        elif (names := sorted({*_PLACEHOLDER.findall(english)})) != sorted({*_PLACEHOLDER.findall(said)}):
            yield file.error_at("text", at, PLACEHOLDERS_DIFFER, names=names)


@cache
def template_sentences() -> frozenset[str]:
    """Return the sentences of the templates, in English, as the Russian catalogue has them."""
    compiled = PACKAGE_FOLDER / "locale" / "ru" / "LC_MESSAGES" / "paper.mo"
    with compiled.open("rb") as opened:
        catalogue = gettext.GNUTranslations(opened)._catalog  # type: ignore[attr-defined]
    return frozenset(key for key in catalogue if key)
