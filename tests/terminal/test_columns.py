"""Text in columns: how wide it is, what is folded or cut to a width, and cells under each other."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shelterctl.terminal.screen import column_widths, cut_to_columns, fold_to_columns, join_cells, text_width
from tests.support.hostile_text import TEXTS


@given(TEXTS, st.integers(8, 79), st.integers(1, 4))
def test_what_is_folded_is_whole_or_says_that_it_was_cut(text: str, room: int, rows: int) -> None:
    told = fold_to_columns(text, room, rows)
    assert len(told) <= rows
    assert all(text_width(line) <= room for line in told)
    if not told[-1].endswith("…"):
        wanted, got = ("".join(each.split()) for each in (text, "".join(told)))
        assert len(got) == len("".join(letter if letter.isprintable() else "?" for letter in wanted))


@given(TEXTS, st.integers(4, 79))
def test_what_is_cut_takes_no_more_than_its_room_and_says_that_it_was_cut(text: str, room: int) -> None:
    short = cut_to_columns(text, room)
    assert text_width(short) <= room
    assert cell_len(short) <= room
    assert short.endswith("…") or len(short) == len(text)


@given(TEXTS)
def test_a_text_is_as_wide_as_its_letters(text: str) -> None:
    wide = {letter: 2 for letter in text if unicodedata.east_asian_width(letter) in "WF"}
    assert text_width(text) == sum(0 if unicodedata.combining(each) else wide.get(each, 1) for each in text)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1))
def test_cells_stand_under_each_other_whatever_their_letters(rows: list[tuple[str, str, str]]) -> None:
    widths = column_widths(rows)
    told = [join_cells(row, widths, {2}) for row in rows]
    assert {text_width(line) for line in told} == {sum(widths) + 4}
    assert all(line.startswith(row[0]) and line.endswith(row[2]) for line, row in zip(told, rows, strict=True))
