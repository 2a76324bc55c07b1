"""The ruled lines of a PDF as a pen meets them: where they lie on which page, in millimetres."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple

from pypdf import PdfReader

POINT = 25.4 / 72
SAME = 0.2
"""So many millimetres are no difference."""


class Rule(NamedTuple):
    """A level line: its page, where it begins and ends, and how far it lies from the upper edge."""

    page: int
    left: float
    right: float
    down: float

    @property
    def long(self) -> float:
        """How much room it gives to write on."""
        return self.right - self.left


def rules(data: bytes) -> list[Rule]:
    """Every level line, from above to below; pieces that touch are one."""
    found = sorted({rule for number, page in enumerate(PdfReader(BytesIO(data)).pages) for rule in _on(page, number)})
    joined: list[Rule] = []
    for rule in sorted(found, key=lambda rule: (rule.page, rule.down, rule.left)):
        last = joined[-1] if joined else None
        if last and last.page == rule.page and last.down == rule.down and rule.left <= last.right + SAME:
            joined[-1] = last._replace(right=max(last.right, rule.right))
        else:
            joined.append(rule)
    return joined


def _on(page: Any, number: int) -> Iterator[Rule]:
    at: list[tuple[float, float]] = []
    drawn: list[Rule] = []
    high = float(page.mediabox.height)

    def placed(matrix: Any, x: Any, y: Any) -> tuple[float, float]:
        a, b, c, d, e, f = map(float, matrix)
        return (a * float(x) + c * float(y) + e) * POINT, (high - b * float(x) - d * float(y) - f) * POINT

    def seen(operator: bytes, operands: Any, matrix: Any, _: Any) -> None:
        if operator == b"m":
            at[:] = [placed(matrix, *operands)]
        elif operator == b"l" and at:
            (x, y), (to_x, to_y) = at[-1], placed(matrix, *operands)
            at.append((to_x, to_y))
            if abs(y - to_y) < SAME and abs(x - to_x) > 1:
                drawn.append(Rule(number, round(min(x, to_x), 1), round(max(x, to_x), 1), round(y, 1)))

    page.extract_text(visitor_operand_before=seen)
    yield from drawn


def letters(data: bytes) -> set[float]:
    """In how large letters a file is set, in points."""
    found: set[float] = set()
    for page in PdfReader(BytesIO(data)).pages:
        page.extract_text(
            visitor_text=lambda text, _, __, ___, size: found.add(round(size, 1)) if text.strip() else None
        )
    return found


def gaps(lines: list[Rule]) -> list[float]:
    """How far each line lies below the one before it on its page."""
    return [round(below.down - above.down, 1) for above, below in pairwise(lines) if above.page == below.page]


def column(lines: list[Rule], left: float) -> list[Rule]:
    """The lines that reach over a place of the page, such as a column of a table."""
    return [rule for rule in lines if rule.left <= left <= rule.right]
