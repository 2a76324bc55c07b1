"""What the fonts on paper can write, and what is printed for a character that they have not got."""

import unicodedata
from functools import cache

from shelterctl.library import TEMPLATES

NAMED = "[U+{:04X}]"
"""The named fallback: a character without a glyph is printed as its number, so that it can be looked up."""

VARIANTS = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Signs without a shape that only choose one for the sign before them."""


@cache
def covered() -> frozenset[int]:
    """Every character that the shipped fonts have, from the ranges that they were made with."""
    lines = (TEMPLATES / "fonts" / "coverage.txt").read_text("ascii").splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def legible(text: str) -> tuple[str, tuple[str, ...]]:
    """*text* as paper can show it, and the characters in it that are printed by their number.

    Letters are put together with their accents; what has no shape goes, such as marks that turn the writing around,
    and spaces before and behind it.
    """
    shown = (" " if letter.isspace() and letter != "\N{NO-BREAK SPACE}" else letter for letter in text)
    kept = (letter for letter in shown if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    whole = unicodedata.normalize("NFC", "".join(letter for letter in kept if letter not in VARIANTS).strip())
    missing = tuple(dict.fromkeys(NAMED.format(ord(letter)) for letter in whole if ord(letter) not in covered()))
    return "".join(letter if ord(letter) in covered() else NAMED.format(ord(letter)) for letter in whole), missing
