"""Bar charts: numbers under labels, and how they are drawn in lines of text, at a terminal or in a file.

A bar begins at zero, and its number stands before it, so that nothing has to be read off its length.
"""

import textwrap
from collections.abc import Sequence
from decimal import Decimal

from shelterctl.core.tables.small_counts import HIDDEN_SIGN
from shelterctl.immutable import immutable
from shelterctl.language import format_fact
from shelterctl.terminal.screen import COLUMN_GAP, column_widths, join_cells, text_width

EIGHTH_BLOCKS, HALF_BLOCKS, WHOLE_BLOCKS, PLAIN_BLOCKS = "▏▎▍▌▋▊▉█", "▌█", "█", "#"
"""The characters of bars, from the thinnest to a full one; a bar ends with one that is not full."""

LONGEST_LABEL_SHARE = 0.45
"""The part of a line that labels may take; longer ones are wrapped."""

SHORTEST_CHART_BAR = 8
"""The least room for the longest bar, in characters."""


@immutable(eq=True)
class ChartBar:
    """One bar: its *label*, and its *value*, a number from 0 up; None where the number is hidden."""

    label: str
    value: int | Decimal | None

    def number(self, language: str) -> str:
        """Return the number as text, its thousands apart; a hidden one as the sign of hidden figures."""
        if self.value is None:
            return HIDDEN_SIGN
        if isinstance(self.value, Decimal):
            return format_fact(self.value, language)
        return f"{self.value:,}".replace(",", "," if language == "en" else "\N{NO-BREAK SPACE}")


@immutable(eq=True)
class BarChart:
    """A chart with its *title*, and its *bars* from top to bottom."""

    title: str
    bars: tuple[ChartBar, ...]

    def part(self, bar: ChartBar) -> float:
        """Return the length of a bar as a part of the longest one."""
        top = max((each.value for each in self.bars if each.value is not None), default=0)
        return float(bar.value / top) if bar.value and top else 0.0

    def in_words(self, language: str) -> str:
        """Return everything that the chart shows, as one text to be read aloud."""
        return "; ".join(f"{bar.label}: {bar.number(language)}" for bar in self.bars)


def draw_bar_chart(chart: BarChart, language: str, room: int, blocks: str) -> list[str]:
    """Return the bars as lines of at most *room* columns, without the title: label, number, and a bar of *blocks*.

    A room that is too narrow for labels, numbers and bars leaves the bars out.
    """
    numbers = [bar.number(language) for bar in chart.bars]
    labels = [_wrapped(bar.label, max(int(room * LONGEST_LABEL_SHARE), 1)) for bar in chart.bars]
    widths = [max(column_widths([[line] for lines in labels for line in lines]), default=0)]
    widths += [max(map(text_width, numbers), default=0)]
    longest = room - sum(widths) - 2 * len(COLUMN_GAP)
    drawn: list[str] = []
    for bar, label, number in zip(chart.bars, labels, numbers, strict=True):
        *above, last = label
        cells = join_cells([last, number], widths, [1])
        row = cells + COLUMN_GAP + draw_bar(chart.part(bar), longest, blocks)
        drawn += [*above, (row if longest >= SHORTEST_CHART_BAR else cells).rstrip()]
    return drawn


def _wrapped(label: str, room: int) -> Sequence[str]:
    """Return a label in lines of at most *room* letters."""
    return textwrap.wrap(label, room, break_on_hyphens=False) or [""]


def draw_bar(part: float, longest: int, blocks: str) -> str:
    """Return a bar that is *part* of *longest* characters long; whatever is more than 0 can be seen."""
    steps = round(part * longest * len(blocks)) or int(part > 0)
    full, rest = divmod(steps, len(blocks))
    return blocks[-1] * full + (blocks[rest - 1] if rest else "")
