"""Amounts in words, three languages. The only module that knows RBNF."""

import re
import sys
from decimal import Decimal
from functools import cache
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from unicode_rbnf import RbnfEngine

PACKAGE = "unicode_rbnf"

# Som and tyiyn are masculine in Russian; the thousands of the number find their own gender.
_CARDINAL = {"en": "spellout-cardinal", "ru": "spellout-cardinal-masculine", "ky": "spellout-cardinal"}

_SOM = {"en": ("som", "soms", "soms"), "ru": ("сом", "сома", "сомов"), "ky": ("сом", "сом", "сом")}
_TYIYN = {"en": ("tyiyn", "tyiyn", "tyiyn"), "ru": ("тыйын", "тыйына", "тыйынов"), "ky": ("тыйын", "тыйын", "тыйын")}

_NAMED = re.compile(r"%%?([a-z][a-z-]*)")
"""How one set of rules names another."""

# RBNF looks its rules up by float, and up to here a float holds every integer.
_TOO_MUCH = 10**15


def amount_in_words(som: Decimal, language: str) -> str:
    """The soms in words, beginning small, and the tyiyn in two digits: exact, or a ValueError where it cannot be."""
    if language not in _CARDINAL:
        raise ValueError(f"no amounts in words in this language: {language}")
    if not som.is_finite() or not 0 <= som < _TOO_MUCH:
        raise ValueError(f"not an amount that can be written in words: {som}")
    # A ratio of integers is exact, whereas Decimal's own arithmetic rounds to the precision of the context.
    numerator, denominator = som.as_integer_ratio()
    if 100 % denominator:
        raise ValueError(f"more than two places: {som}")
    soms, tyiyn = divmod(numerator * 100 // denominator, 100)
    words = _speller(language).format_number(soms, ruleset_names=[_CARDINAL[language]]).text
    unit, small_unit = _counted(soms, _SOM[language], language), _counted(tyiyn, _TYIYN[language], language)
    return f"{words} {unit} {tyiyn:02d} {small_unit}"


@cache
def _speller(language: str) -> "RbnfEngine":
    """The spell-out rules of CLDR, in Kyrgyz with the leading «бир» wherever a hundred, thousand … is only one."""
    speller = _engine()(language)
    speller.load_xml(_needed(language))
    if language == "ky":
        # CLDR leaves «бир» out of the bare жүз, миң …, and so a digit word put before them would change the sum.
        cardinal = _CARDINAL[language]
        for scale in (100, 10**3, 10**6, 10**9, 10**12):
            name = speller.format_number(scale, ruleset_names=[cardinal]).text.split()[-1]
            speller.add_rule(str(scale), f"←← {name}[ →→];", cardinal)
    return speller


def _engine() -> "type[RbnfEngine]":
    """The engine without the face of its package, which reads what is installed for its version: half of the time."""
    if PACKAGE not in sys.modules and (found := find_spec(PACKAGE)):
        sys.modules[PACKAGE] = module_from_spec(found)
    from unicode_rbnf.engine import RbnfEngine  # noqa: PLC0415 - it costs half as much as typer

    return RbnfEngine


def _needed(language: str) -> "Element":
    """The rules of CLDR without the sets that cardinals never come to; Russian has thirty, and all take time."""
    from xml.etree import ElementTree  # noqa: PLC0415 - what is parsed was installed with the library

    file = Path(str(sys.modules[PACKAGE].__file__)).parent / "rbnf" / f"{language}.xml"
    rules = ElementTree.fromstring(file.read_text("utf-8"))  # noqa: S314
    sets = {each.attrib["type"]: each for each in rules.iter("ruleset")}
    waiting, needed = [_CARDINAL[language]], set()
    while waiting:
        name = waiting.pop()
        if name in sets and name not in needed:
            needed.add(name)
            waiting += _NAMED.findall("".join(sets[name].itertext()))
    for group in rules.iter("rulesetGrouping"):
        for each in group.findall("ruleset"):
            if each.attrib["type"] not in needed:
                group.remove(each)
    return rules


def _counted(count: int, forms: tuple[str, str, str], language: str) -> str:
    """Russian counts by the last digit with the teens apart, the other two languages by the whole number."""
    if language == "ru":
        count = count % 100 if 11 <= count % 100 <= 14 else count % 10
    one, few, many = forms
    return one if count == 1 else few if 2 <= count <= 4 else many
