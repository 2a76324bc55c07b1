"""Bar charts in lines of text: aligned, as long as their numbers, in any width."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.terminal.bar_chart import (
    EIGHTH_BLOCKS,
    HALF_BLOCKS,
    PLAIN_BLOCKS,
    BarChart,
    ChartBar,
    draw_bar_chart,
)
from shelterctl.terminal.screen import text_width


def chart(**values: int | Decimal | None) -> BarChart:
    return BarChart("Nights", tuple(ChartBar(label, value) for label, value in values.items()))


def test_bars_end_between_characters_where_blocks_can_show_it() -> None:
    months = chart(september=8, october=3, november=0, december=None)
    assert draw_bar_chart(months, "en", 27, EIGHTH_BLOCKS) == [
        "september    8  ███████████",
        "october      3  ████▏",
        "november     0",
        "december   [c]",
    ]
    assert draw_bar_chart(months, "en", 27, HALF_BLOCKS)[1] == "october      3  ████"
    assert draw_bar_chart(months, "en", 27, PLAIN_BLOCKS)[:2] == [
        "september    8  ###########",
        "october      3  ####",
    ]


def test_thousands_are_apart_and_numbers_end_below_each_other() -> None:
    sums = chart(food=Decimal("1234567.50"), travel=Decimal("20.00"))
    assert draw_bar_chart(sums, "ru", 40, PLAIN_BLOCKS) == [
        "food    1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,50  ##################",
        "travel         20,00  #",
    ]
    assert draw_bar_chart(chart(all=34567), "en", 30, PLAIN_BLOCKS) == ["all  34,567  #################"]


def test_nothing_and_nobody_can_be_drawn() -> None:
    assert draw_bar_chart(chart(), "en", 79, PLAIN_BLOCKS) == []
    assert draw_bar_chart(chart(a=0, b=0), "en", 79, PLAIN_BLOCKS) == ["a  0", "b  0"]
    assert draw_bar_chart(chart(a=None), "en", 79, PLAIN_BLOCKS) == ["a  [c]"]


LABELS = st.text("абвщюя- ", min_size=1, max_size=60)


@given(st.lists(st.tuples(LABELS, st.integers(0, 10**9)), max_size=8), st.integers(30, 120))
@pytest.mark.parametrize("blocks", [EIGHTH_BLOCKS, PLAIN_BLOCKS])
def test_no_line_is_longer_than_there_is_room_and_each_number_is_seen(
    blocks: str, bars: list[tuple[str, int]], room: int
) -> None:
    drawn = BarChart("x", tuple(ChartBar(label, value) for label, value in bars))
    lines = draw_bar_chart(drawn, "en", room, blocks)
    assert all(text_width(line) <= room for line in lines)
    assert len(lines) >= len(bars)
    for _, value in bars:
        assert any(f"{value:,}" in line for line in lines)
    seen = sum(line[-1:] in blocks for line in lines if line)
    assert seen in (0, sum(value > 0 for _, value in bars))
