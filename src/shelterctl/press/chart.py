"""Bar charts on a sheet: the element ``figure`` of a template as a chart, and as pictures in SVG.

Bars are dark on white, and each has its number beside it, so that nothing is lost in black and white. All positions are
computed here; letters are measured generously, because a reader may have another font.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from shelterctl.press.sheet import render_svg
from shelterctl.press.tree import Node
from shelterctl.terminal.bar_chart import BarChart, ChartBar

CHART_TEMPLATE = "chart"

CHART_WIDTH, MOST_CHART_HEIGHT = 720, 700
"""The width of a picture, and the height from which its bars go on in a further picture, so that each fits one page."""

LABELS_RIGHT = 290
"""The right edge of the widest labels; they are wrapped at this width."""

CHART_LETTERS, TITLE_LETTERS = 12.5, 14.0
"""The sizes of letters: in a picture as wide as a page of A4 the smaller ones have eight and a half points."""

LINE_HEIGHT, BAR_HEIGHT, ROW_GAP = 16, 13, 7
"""The heights of a line of a label and of a bar, and the gap below a row."""

CHART_GAP = 8
"""The gap between a label and its bar, and between a bar and its number."""

_WIDE_LETTERS, _NARROW_LETTERS = (
    frozenset("mwMW@%жмшщыюфЖМШЩЫЮФ—…№"),
    frozenset("iljItfr.,:;'!|()[] \N{NO-BREAK SPACE}"),
)


class ChartRow(NamedTuple):
    """One bar of a picture: the lines of its label with their heights, and where bar and number are."""

    lines: list[tuple[str, str]]
    y: str
    length: str
    number: str
    x: str
    middle: str


def read_chart(figure: Node) -> BarChart:
    """Return the chart of an element ``figure``: its caption is the title, each ``data`` in it a bar."""
    title, bars = "", []
    for node in figure.elements():
        text = "".join(map(str, node.children)).strip()
        if node.tag == "figcaption":
            title = text
        else:
            value = node.attributes.get("value")
            bars.append(ChartBar(text, None if value is None else Decimal(value) if "." in value else int(value)))
    return BarChart(title, tuple(bars))


def describe_chart(chart: BarChart, language: str) -> str:
    """Return the text alternative of a chart: its title and every number."""
    return f"{chart.title}. {chart.in_words(language)}"


def draw_chart(chart: BarChart, language: str, name: str) -> list[str]:
    """Return a chart as pictures in SVG, one unless it is too high for a page; *name* makes ids unique on a page."""
    labels = [_wrap_label(bar.label, LABELS_RIGHT, CHART_LETTERS) for bar in chart.bars]
    head = _wrap_label(chart.title, CHART_WIDTH, TITLE_LETTERS)
    left = max((text_width_on_paper(line, CHART_LETTERS) for lines in labels for line in lines), default=0.0)
    numbers = [text_width_on_paper(bar.number(language), CHART_LETTERS) for bar in chart.bars]
    longest = CHART_WIDTH - left - 2 * CHART_GAP - max(numbers, default=0.0)
    frame = {"title": chart.title, "words": chart.in_words(language), "wide": CHART_WIDTH, "language": language}
    frame |= {"head": [(line, _length((1 + place) * LINE_HEIGHT)) for place, line in enumerate(head)]}
    frame |= {"end": _length(left), "left": _length(left + CHART_GAP), "bar": BAR_HEIGHT}
    top = len(head) * LINE_HEIGHT + ROW_GAP
    drawn = []
    for number, part in enumerate(_parts_of_a_page(labels)):
        rows, bottom = _place_rows(chart, part, labels, language, left + CHART_GAP, longest, top)
        facts = {**frame, "rows": rows, "top": top, "bottom": bottom, "name": f"{name}-{number}"}
        drawn.append(render_svg(CHART_TEMPLATE, language, facts))
    return drawn


def _parts_of_a_page(labels: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Yield the numbers of the bars of each picture."""
    part: list[int] = []
    high = 0
    for number, lines in enumerate(labels):
        if part and high + _row_height(lines) > MOST_CHART_HEIGHT:
            yield part
            part, high = [], 0
        part.append(number)
        high += _row_height(lines)
    yield part


def _row_height(lines: Sequence[str]) -> int:
    return len(lines) * LINE_HEIGHT + ROW_GAP


def _place_rows(
    chart: BarChart,
    part: Sequence[int],
    labels: Sequence[Sequence[str]],
    language: str,
    left: float,
    longest: float,
    top: int,
) -> tuple[list[ChartRow], int]:
    """Return the rows of one picture, and the height at which they end."""
    rows, y = [], top
    for number in part:
        bar, lines = chart.bars[number], labels[number]
        middle = y + _row_height(lines) / 2
        first = middle - (len(lines) - 1) * LINE_HEIGHT / 2
        length = chart.part(bar) * longest
        rows.append(
            ChartRow(
                [(line, _length(first + place * LINE_HEIGHT)) for place, line in enumerate(lines)],
                _length(middle - BAR_HEIGHT / 2),
                _length(max(length, 1.0)) if bar.value else "",
                bar.number(language),
                _length(left + length + CHART_GAP),
                _length(middle),
            )
        )
        y += _row_height(lines)
    return rows, y


def text_width_on_paper(text: str, size: float) -> float:
    """Return a width in which a text has room, whichever sans-serif font it is set in."""
    return size * sum(
        0.92 if letter in _WIDE_LETTERS else 0.4 if letter in _NARROW_LETTERS else 0.74 if letter.isupper() else 0.63
        for letter in text
    )


def _wrap_label(label: str, room: float, size: float) -> list[str]:
    """Return a label in lines that fit; a word that is wider than a line is broken where the line is full."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width_on_paper(longer, size) <= room:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if text_width_on_paper(lines[-1] + letter, size) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def _length(number: float) -> str:
    """Return a length as text, equal on every computer."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
