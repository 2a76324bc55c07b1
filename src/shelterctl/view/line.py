"""Text in the columns of a terminal: folded at its blanks, or cut, and never obeyed."""

import unicodedata

COLUMNS = 79
"""So many columns a terminal of 80 holds without breaking a line."""

TALL = 2
"""A text is folded into so many lines at most, unless more are asked for."""

MARGIN = 2
"""An older terminal writes … as three dots."""


def folded(text: str, room: int, rows: int = TALL, under: str = "  ") -> list[str]:
    """The text on so many *rows* at most, broken at its blanks; the last row is cut, later ones begin with *under*."""
    text, told = _readable(text), list[str]()
    while width(text) > room and len(told) < rows - 1:
        whole = _held(text, room)
        end = text.rfind(" ", len(under) + 1, len(whole) + 1)
        end = end if end > 0 else len(whole)
        told.append(text[:end].rstrip())
        text = under + text[end:].lstrip()
    return [*told, cut(text, room)]


def cut(text: str, room: int = COLUMNS) -> str:
    """The text in so many columns at most; one that is longer ends with …, and nothing in it is obeyed."""
    text = _readable(text)
    if width(text) <= room:
        return text
    return _held(text, room - 1 - MARGIN).rstrip() + "…"


def _readable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)


def _held(text: str, room: int) -> str:
    """The beginning of the text that so many columns hold."""
    for place, letter in enumerate(text):
        room -= width(letter)
        if room < 0:
            return text[:place]
    return text


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
