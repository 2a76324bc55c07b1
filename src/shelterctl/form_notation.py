"""Amounts and line numbers as the forms write them in English, Russian and Kyrgyz: amounts in words, and 2 б) for line
2b, which is also read back from what a person types. The only module that imports RBNF.
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
from shelterctl.language import plural_form

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from unicode_rbnf import RbnfEngine


RBNF_PACKAGE = "unicode_rbnf"

# Som and tyiyn are masculine in Russian; RBNF knows the gender of the thousands.
_CARDINAL = {"en": "spellout-cardinal", "ru": "spellout-cardinal-masculine", "ky": "spellout-cardinal"}

_SOM_FORMS = {"en": ("som", "soms", "soms"), "ru": ("сом", "сома", "сомов"), "ky": ("сом", "сом", "сом")}
_TYIYN_FORMS = {
    "en": ("tyiyn", "tyiyn", "tyiyn"),
    "ru": ("тыйын", "тыйына", "тыйынов"),
    "ky": ("тыйын", "тыйын", "тыйын"),
}

_RULESET_NAME = re.compile(r"%%?([a-z][a-z-]*)")
"""A reference from one RBNF rule set to another."""

# RBNF looks up its rules by float; below this limit a float holds every integer.
_TOO_MUCH = 10**15


def amount_in_words(som: Decimal, language: str) -> str:
    """Return an amount in words, in lower case, with the tyiyn in two digits. ValueError if it cannot be exact."""
    if language not in _CARDINAL:
        raise ValueError(f"no amounts in words in this language: {language}")
    if not som.is_finite() or not 0 <= som < _TOO_MUCH:
        raise ValueError(f"not an amount that can be written in words: {som}")
    # A ratio of integers is exact, whereas Decimal's own arithmetic rounds to the precision of the context.
    numerator, denominator = som.as_integer_ratio()
    if 100 % denominator:
        raise ValueError(f"more than two places: {som}")
    soms, tyiyn = divmod(numerator * 100 // denominator, 100)
    words = _load_speller(language).format_number(soms, ruleset_names=[_CARDINAL[language]]).text
    unit, small_unit = (
        _unit_form(soms, _SOM_FORMS[language], language),
        _unit_form(tyiyn, _TYIYN_FORMS[language], language),
    )
    return f"{words} {unit} {tyiyn:02d} {small_unit}"


@cache
def _load_speller(language: str) -> "RbnfEngine":
    """Return the spell-out rules of CLDR; in Kyrgyz «бир» is written before a single hundred, thousand …"""
    speller = _engine_class()(language)
    speller.load_xml(_needed_rules(language))
    if language == "ky":
        # CLDR omits «бир» before a single жүз, миң …: somebody could write a digit word there and change the sum.
        cardinal = _CARDINAL[language]
        for scale in (100, 10**3, 10**6, 10**9, 10**12):
            name = speller.format_number(scale, ruleset_names=[cardinal]).text.split()[-1]
            speller.add_rule(str(scale), f"←← {name}[ →→];", cardinal)
    return speller


def _engine_class() -> "type[RbnfEngine]":
    """Return the engine without importing its package, which looks up its own version and takes half of the time."""
    if RBNF_PACKAGE not in sys.modules and (found := find_spec(RBNF_PACKAGE)):
        sys.modules[RBNF_PACKAGE] = module_from_spec(found)
    from unicode_rbnf.engine import RbnfEngine  # noqa: PLC0415 - it costs half as much as typer

    return RbnfEngine


def _needed_rules(language: str) -> "Element":
    """Return the CLDR rules without the rule sets that cardinals never use; Russian has thirty, and each takes time."""
    from xml.etree import ElementTree  # noqa: PLC0415 - only amounts in words need it

    file = Path(str(sys.modules[RBNF_PACKAGE].__file__)).parent / "rbnf" / f"{language}.xml"
    rules = ElementTree.fromstring(file.read_text("utf-8"))  # noqa: S314 - the file was installed with the library
    sets = {each.attrib["type"]: each for each in rules.iter("ruleset")}
    waiting, needed = [_CARDINAL[language]], set()
    while waiting:
        name = waiting.pop()
        if name in sets and name not in needed:
            needed.add(name)
            waiting += _RULESET_NAME.findall("".join(sets[name].itertext()))
    for group in rules.iter("rulesetGrouping"):
        for each in group.findall("ruleset"):
            if each.attrib["type"] not in needed:
                group.remove(each)
    return rules


def _unit_form(count: int, forms: tuple[str, str, str], language: str) -> str:
    """Return the form of a unit after *count*: one, few (in Russian) or many."""
    one, few, many = forms
    return {"one": one, "few": few}.get(plural_form(count, language), many)


def speak_of_man(words: str, masculine: Mapping[str, str]) -> str:
    """Return a rulebook text as it is printed for a man: each phrase of *masculine* is replaced, the longest first."""
    if not masculine:
        return words
    known = "|".join(map(re.escape, sorted(masculine, key=len, reverse=True)))

    def replace(found: re.Match[str]) -> str:
        said = masculine[found[0].lower()]
        return said[:1].upper() + said[1:] if found[0][:1].isupper() else said

    return re.sub(rf"\b({known})\b", replace, words, flags=re.IGNORECASE)


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
