"""The other layout of the keyboard: what the same keys would have written there, and whether that was meant.

Kyrgyz letters stand behind AltGr, and are on neither.
"""

import re
from collections.abc import Iterator

from shelterctl.core.letter import cyrillic
from shelterctl.core.notation.word import plain

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~^&"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё:?"
_TO_RUSSIAN, _TO_QWERTY = str.maketrans(_QWERTY, _RUSSIAN), str.maketrans(_RUSSIAN, _QWERTY)

LEAST = 4
"""A text of fewer letters says too little of its language."""

LIKELY, UNLIKELY, APART = 0.8, 0.75, 0.25
"""So many pairs of letters must be known on the other layout, may be known as it stands, and lie between the two."""

UNREADABLE = 0.7
"""Where no more pairs of letters are known, nobody can read it as a word."""

_NEITHER = r"[^\w;'\[\],.`<>{}:\"]|[,.:](?= |$)"
"""What parts words; a sign whose key has a letter on the other layout does only at the end of one."""


def pairs(*followers: str) -> frozenset[str]:
    """Pairs of letters, each row a letter with those that come behind it; a space is the end of a word."""
    return frozenset(row[0] + each for row in followers for each in row[1:])


_LATIN = pairs(
    " abcdefghijklmnopqrstuvwxyz",
    "a abcdefghiklmnoprstuvxyz",
    "badeiloru",
    "caehiklort",
    "d adeimorsuyz",
    "e abcdefghiklmnprstvwxyz",
    "f aefiotu",
    "g aehinoruy",
    "h abdeimnortuvy",
    "i abcdefgijklmnoprstuvyz",
    "jaeiouy",
    "k aehinostuy",
    "l adefgilmnopstuy",
    "m abeikopsuy",
    "n abcdegiknostuy",
    "o cdefgiklmnoprstuvwyz",
    "p aehilorst",
    "qu",
    "r acdegiklmnorstuyz",
    "s acehiklmopstuwy",
    "t acehilorstuy",
    "u abcdegklmnprstuyz",
    "v aegi",
    "w aehinors",
    "xaiu",
    "y abcdegklmnoprstuyz",
    "z aeghiou",
)
_CYRILLIC = pairs(
    " абвгдежзиклмнопрстуфхцчшщэюя",
    "а абвгдежзийклмнпрстхчшщюя",
    "бадеиоруцщы",
    "в агеилмнорстуыь",
    "г адеилоруыю",
    "д авежикмнопрстухы",
    "е бвгдежзийклмнпрстхцчшщ",
    "жадеимноуыэ",
    "з абвгджилмноруцыья",
    "и абвдезийклмнорстфхцчшщюя",
    "й бгджзклмнпрстфчшы",
    "к авеилмнорстуы",
    "л абгдежзиклмнопстуфчыьюя",
    "м абгеикмнопуыэя",
    "н абгдежикностучыьюя",
    "о бвгдежзийклмнопрстфхчшэюя",
    "паеиклоруь",
    "р абвгдежзиклмносушыья",
    "с авдеиклмнопрстухыья",
    "т абвеиклмнорстучыья",
    "у абгдежзйклмнпрстухчшю",
    "фаеиору",
    "х авеимнору",
    "ц еиоуы",
    "ч абежикотуы",
    "шабеикмоу",
    "щаеиу",
    "ъ",
    "ы бвгдезйклмнпрстхчшя",
    "ь бвгзкмнтфшюя",
    "эйклнрстшэ",
    "ю бгдлстч",
    "я дзйлнртц",
)
"""Pairs of letters in names of the country, in Latin letters as in passports, and in words of forms."""


def other(typed: str) -> Iterator[str]:
    """The same keys on the other layout, whichever of the two it is; then with what has figures as it stands.

    A colon is another key on either: ``dxthf d 23:40`` is вчера в 23:40.
    """
    words = re.split(r"(\s+)", typed)
    for keys in (_TO_RUSSIAN, _TO_QWERTY):
        read = typed.translate(keys)
        apart = "".join(each if re.search(r"\d", each) else each.translate(keys) for each in words)
        yield from (each for each in dict.fromkeys((read, apart)) if each != typed)


def mistaken(typed: str) -> str:
    """A text as it would be on the other layout, where that looks like one and what was typed like none; else empty."""
    scripts = {cyrillic(each) for each in typed if each.isalpha()}
    if any(each.isdigit() or each in "@/\\_" for each in typed) or len(scripts) != 1:
        return ""
    for read in other(typed):
        fits = sum(each.isalpha() for each in read) >= LEAST and not scripts & {
            *map(cyrillic, filter(str.isalpha, read))
        }
        if fits and _known(read) >= max(LIKELY, _known(typed) + APART) and _known(typed) <= UNLIKELY:
            return read
    return ""


def unlike(typed: str) -> bool:
    """Whether letters of one alphabet look like no word of it, as they do where the keyboard stands on another."""
    scripts = [cyrillic(each) for each in typed if each.isalpha()]
    bare = len(scripts) >= LEAST and len({*scripts}) == 1 and not any(map(str.isdigit, typed))
    return bare and _known(typed) <= UNREADABLE


def _known(text: str) -> float:
    """The part of its pairs of letters that are known in its alphabet."""
    words = " ".join(re.sub(_NEITHER, " ", plain(text)).split())
    both = [pair for one, two in zip(f" {words}", f"{words} ", strict=True) if (pair := one + two).strip()]
    return sum(pair in _LATIN or pair in _CYRILLIC for pair in both) / max(len(both), 1)
