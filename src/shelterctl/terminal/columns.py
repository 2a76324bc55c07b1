"""Text in the columns of a terminal, or of a page of plain text: how wide it is, folded or cut to a width, and the
cells of a table under each other.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

TERMINAL_COLUMNS = 79
"""So many columns a terminal of 80 holds without breaking a line."""

FOLDED_ROWS = 2
"""A text is folded into so many lines at most, unless more are asked for."""

ELLIPSIS_MARGIN = 2
"""An older terminal writes … as three dots."""


def fold_to_columns(text: str, room: int, rows: int = FOLDED_ROWS, under: str = "  ") -> list[str]:
    """The text on so many *rows* at most, broken at its blanks; the last row is cut, later ones begin with *under*."""
    text, told = _printable(text), list[str]()
    while text_width(text) > room and len(told) < rows - 1:
        whole = _beginning_in_columns(text, room)
        end = text.rfind(" ", len(under) + 1, len(whole) + 1)
        end = end if end > 0 else len(whole)
        told.append(text[:end].rstrip())
        text = under + text[end:].lstrip()
    return [*told, cut_to_columns(text, room)]


def cut_to_columns(text: str, room: int = TERMINAL_COLUMNS) -> str:
    """The text in so many columns at most; one that is longer ends with …, and nothing in it is obeyed."""
    return truncate_line(_printable(text), room, ELLIPSIS_MARGIN)


def truncate_line(line: str, room: int, margin: int = 0) -> str:
    """A line that takes no more than *room* columns; one that is longer ends with … and *margin* columns of nothing."""
    if text_width(line) <= room:
        return line
    return _beginning_in_columns(line, max(room - 1 - margin, 0)).rstrip() + "…"


def _printable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)


def _beginning_in_columns(text: str, room: int) -> str:
    """The beginning of the text that so many columns hold."""
    for place, letter in enumerate(text):
        room -= text_width(letter)
        if room < 0:
            return text[:place]
    return text


def text_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if not _UNUSUAL.search(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


_UNUSUAL = re.compile(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027№]")
"""What may take no column or two: nothing of Latin, Greek and Cyrillic letters, nor the signs between them."""

COLUMN_GAP = "  "


def column_widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """The width of each column: that of its widest cell."""
    return [max(map(text_width, column)) for column in zip(*rows, strict=True)]


def join_cells(
    cells: Sequence[str], widths: Sequence[int], numbers: Collection[int] = (), gap: str = COLUMN_GAP
) -> str:
    """One row of a table, each cell as wide as its column; those of *numbers* stand at the right edge of theirs."""
    told = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        blanks = " " * (width - text_width(cell))
        told.append(blanks + cell if place in numbers else cell + blanks)
    return gap.join(told)
