"""What the fonts on paper can write, and what is printed for a character that they have not got."""

import unicodedata
from functools import cache

from shelterctl.library import TEMPLATES

NAMED = "[U+{:04X}]"
"""The named fallback: a character without a glyph is printed as its number, so that it can be looked up."""


@cache
def covered() -> frozenset[int]:
    """Every character that the shipped fonts have, from the ranges that they were made with."""
    lines = (TEMPLATES / "fonts" / "coverage.txt").read_text("ascii").splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def legible(text: str) -> tuple[str, tuple[str, ...]]:
    """*text* as paper can show it, and the characters in it that are printed by their number.

    Letters are put together with their accents; what has no shape goes, such as marks that turn the writing around.
    """
    whole = unicodedata.normalize("NFC", text)
    shown = "".join(" " if letter.isspace() and letter != "\N{NO-BREAK SPACE}" else letter for letter in whole)
    kept = [letter for letter in shown if unicodedata.category(letter) not in ("Cc", "Cf", "Cs")]
    missing = tuple(dict.fromkeys(NAMED.format(ord(letter)) for letter in kept if ord(letter) not in covered()))
    return "".join(letter if ord(letter) in covered() else NAMED.format(ord(letter)) for letter in kept), missing
