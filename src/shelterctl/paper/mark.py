"""The letters and numbers that a form prints before its lines, as its language writes them."""

import re

CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщэ", strict=True))
"""What a Latin letter before a line is on paper in Russian and Kyrgyz: а) for a)."""

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
