"""The letters and numbers that a form prints before its lines, as its language writes them."""

import re
from collections.abc import Collection

from shelterctl.core.letter import latin

CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщэ", strict=True))
"""What a Latin letter before a line is on paper in Russian and Kyrgyz: а) for a)."""

SIGNS = re.compile(r"[\W_]+")
IN_A_GROUP = re.compile(r"(\d+)([a-z])")


def behind(last: str, language: str) -> str:
    """The mark of a line behind that of its group: 1. or а)."""
    if last.isdigit():
        return f"{last}."
    return f"{last if language == 'en' else CYRILLIC.get(last, last)})"


def called(number: str, language: str) -> str:
    """The number of a line as the form prints it, group and line together: 2 б) for 2b."""
    found = IN_A_GROUP.fullmatch(number)
    return f"{found[1]}\N{NO-BREAK SPACE}{behind(found[2], language)}" if found else number


def meant(typed: str, numbers: Collection[str]) -> str | None:
    """The line that is meant by its number, or as the form prints it in any language: 2b, 2 b) or 2 б); else None.

    A Cyrillic letter is the one that is printed, and only else the Latin one that it looks like.
    """
    printed = {_bare(called(number, language)): number for language in ("ru", "en") for number in numbers}
    plain = latin(typed).casefold().removesuffix(".")
    return typed if typed in numbers else printed.get(_bare(typed)) or (plain if plain in numbers else None)


def _bare(written: str) -> str:
    """A number of a group and a letter, without the signs between them; any other number as it is."""
    bare = SIGNS.sub("", written).casefold()
    return bare if bare[-1:].isalpha() else written
