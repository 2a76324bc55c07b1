"""Bar charts of an answer, in the columns of a terminal or as plain text for a file or pipe."""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl.language import format_fact
from shelterctl.output.columns import PIPED_COLUMNS, can_be_shown
from shelterctl.terminal.bar_chart import (
    EIGHTH_BLOCKS,
    HALF_BLOCKS,
    PLAIN_BLOCKS,
    BarChart,
    ChartBar,
    draw_bar_chart,
)


def draw_charts(charts: Sequence[Mapping[str, Any]], language: str, room: int | None = None) -> list[str]:
    """Return bar charts below each other, each with a *title* and *rows* of a *label* and a *value*, None if hidden.

    A terminal gets the finest blocks that it can show; a file or pipe gets plain characters.
    """
    kinds = (EIGHTH_BLOCKS, HALF_BLOCKS) if room is not None else ()
    blocks = next((kind for kind in kinds if can_be_shown(kind)), PLAIN_BLOCKS)
    lines: list[str] = []
    for drawn in charts:
        bars = (ChartBar(format_fact(row["label"], language), row["value"]) for row in drawn["rows"])
        chart = BarChart(format_fact(drawn["title"], language), tuple(bars))
        lines += ["", chart.title, *draw_bar_chart(chart, language, room or PIPED_COLUMNS, blocks)]
    return lines
