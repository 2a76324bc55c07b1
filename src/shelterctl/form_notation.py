"""Amounts and line numbers as the forms write them in each language: amounts in words, and 2 б) for line 2b, which is
also read back from what a person types. The only module that imports RBNF.
"""

import re
import sys
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING

from shelterctl.core.values.homoglyphs import latinise
from shelterctl.country import ENGLISH, PLURAL_OTHER, current_country
from shelterctl.language import plural_form

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from unicode_rbnf import RbnfEngine


RBNF_PACKAGE = "unicode_rbnf"

_CARDINAL = "spellout-cardinal"
"""The rule set of RBNF for numbers in words; languages with genders have one for each: ``spellout-cardinal-feminine``.
"""

_ONE_BEFORE_HUNDRED = ("ky", "kk")
"""Languages in which a sum is written with *one* before a single hundred or thousand, which CLDR leaves out."""

_RULESET_NAME = re.compile(r"%%?([a-z][a-z-]*)")
"""A reference from one RBNF rule set to another."""

# RBNF looks up its rules by float; below this limit a float holds every integer.
_TOO_MUCH = 10**15


def amount_in_words(amount: Decimal, language: str) -> str:
    """Return an amount in words, in lower case, with the minor unit in figures. ValueError if it cannot be exact.

    A language without rules for numbers, or for which the rulebook has no plural forms of the currency, is replaced as
    the rulebook says.
    """
    language = _language_of_words(language)
    if not amount.is_finite() or not 0 <= amount < _TOO_MUCH:
        raise ValueError(f"not an amount that can be written in words: {amount}")
    currency = current_country().currency
    # A ratio of integers is exact, whereas Decimal's own arithmetic rounds to the precision of the context.
    numerator, denominator = amount.as_integer_ratio()
    parts = 10**currency.places
    if parts % denominator:
        raise ValueError(f"more than {currency.places} places: {amount}")
    whole, rest = divmod(numerator * parts // denominator, parts)
    words = _spell(whole, language, currency.gender)
    said = f"{words} {_unit_form(whole, currency.unit[language], language)}"
    if not currency.places:
        return said
    return f"{said} {rest:0{currency.places}d} {_unit_form(rest, currency.minor[language], language)}"


def _language_of_words(language: str) -> str:
    """Return the language in which amounts are written for paper in *language*. ValueError if nobody knows that one."""
    country = current_country()
    if language != ENGLISH and language not in (*country.currency.unit, *country.languages):
        raise ValueError(f"no amounts in words in this language: {language}")
    while language not in country.currency.unit or not _rules_file(language).is_file():
        known = country.languages.get(language)
        language = known.otherwise if known and known.otherwise != language else ENGLISH
    return language


def _spell(number: int, language: str, gender: str) -> str:
    """Return a number in words, in the gender of what is counted where the language has genders."""
    speller, cardinal = _load_speller(language, gender)
    words: str = speller.format_number(number, ruleset_names=[cardinal]).text
    return words


def _rules_file(language: str) -> Path:
    """Return the file of the spell-out rules of CLDR for a language; it may be missing."""
    _engine_class()
    return Path(str(sys.modules[RBNF_PACKAGE].__file__)).parent / "rbnf" / f"{language}.xml"


@cache
def _load_speller(language: str, gender: str) -> "tuple[RbnfEngine, str]":
    """Return the spell-out rules of CLDR, and the name of the set for that gender; in Kyrgyz «бир» is written before a
    single hundred, thousand …
    """
    speller = _engine_class()(language)
    rules, cardinal = _needed_rules(language, gender)
    speller.load_xml(rules)
    if language in _ONE_BEFORE_HUNDRED:
        # CLDR omits «бир» before a single жүз, миң …: somebody could write a digit word there and change the sum.
        for scale in (100, 10**3, 10**6, 10**9, 10**12):
            name = speller.format_number(scale, ruleset_names=[cardinal]).text.split()[-1]
            speller.add_rule(str(scale), f"←← {name}[ →→];", cardinal)
    return speller, cardinal


def _engine_class() -> "type[RbnfEngine]":
    """Return the engine without importing its package, which looks up its own version and takes half of the time."""
    if RBNF_PACKAGE not in sys.modules and (found := find_spec(RBNF_PACKAGE)):
        sys.modules[RBNF_PACKAGE] = module_from_spec(found)
    from unicode_rbnf.engine import RbnfEngine  # noqa: PLC0415 - it costs half as much as typer

    return RbnfEngine


def _needed_rules(language: str, gender: str) -> "tuple[Element, str]":
    """Return the CLDR rules without the rule sets that these cardinals never use, and the name of their own set.

    Russian has thirty rule sets, and each takes time.
    """
    from xml.etree import ElementTree  # noqa: PLC0415 - only amounts in words need it

    rules = ElementTree.fromstring(_rules_file(language).read_text("utf-8"))  # noqa: S314 - installed with the library
    sets = {each.attrib["type"]: each for each in rules.iter("ruleset")}
    of_gender = f"{_CARDINAL}-{gender}"
    cardinal = of_gender if of_gender in sets else _CARDINAL
    waiting, needed = [cardinal], set()
    while waiting:
        name = waiting.pop()
        if name in sets and name not in needed:
            needed.add(name)
            waiting += _RULESET_NAME.findall("".join(sets[name].itertext()))
    for group in rules.iter("rulesetGrouping"):
        for each in group.findall("ruleset"):
            if each.attrib["type"] not in needed:
                group.remove(each)
    return rules, cardinal


def _unit_form(count: int, forms: Mapping[str, str], language: str) -> str:
    """Return the form of a unit after *count*; a unit that has only one form has it after every number."""
    return forms.get(plural_form(count, language)) or forms[PLURAL_OTHER]


CYRILLIC_LINE_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщэ", strict=True))
"""The letters that forms print in Russian and Kyrgyz for the Latin letters of lines: а) for a)."""

SIGNS_BETWEEN = re.compile(r"[\W_]+")
NUMBER_IN_GROUP = re.compile(r"(\d+)([a-z])")


def line_mark(last: str, language: str) -> str:
    """Return the mark of a line that follows the number of its group: 1. or а)."""
    if last.isdigit():
        return f"{last}."
    return f"{last if language == 'en' else CYRILLIC_LINE_LETTERS.get(last, last)})"


def printed_line_number(number: str, language: str) -> str:
    """Return the number of a line as the form prints it, group and line together: 2 б) for 2b."""
    found = NUMBER_IN_GROUP.fullmatch(number)
    return f"{found[1]}\N{NO-BREAK SPACE}{line_mark(found[2], language)}" if found else number


def find_line_number(typed: str, numbers: Collection[str]) -> str | None:
    """Return the line that *typed* means: its number, or as a form prints it, such as 2b, 2 b) or 2 б); None if there
    is none.

    A Cyrillic letter is taken for the printed letter first, and then for the Latin letter that it looks like.
    """
    printed = {
        _without_signs(printed_line_number(number, language)): number for language in ("ru", "en") for number in numbers
    }
    plain = latinise(typed).casefold().removesuffix(".")
    return typed if typed in numbers else printed.get(_without_signs(typed)) or (plain if plain in numbers else None)


def _without_signs(written: str) -> str:
    """Return a number that ends in a letter without the signs inside it; any other number unchanged."""
    bare = SIGNS_BETWEEN.sub("", written).casefold()
    return bare if bare[-1:].isalpha() else written
