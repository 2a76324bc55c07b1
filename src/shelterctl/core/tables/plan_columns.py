"""The columns of a plan's table: rare answers merged into one, and two columns crossed into pairs of answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product

from shelterctl.core.manual.plan import CROSSING_SIGN, MergedCode, Plan, PlanTable
from shelterctl.core.tables.columns import ANSWER_WORDS, NOT_WRITTEN_DOWN, Cell, Column, ListRow
from shelterctl.core.tables.figures import NO_ANSWER, Figure, FigureCell, RowColumns, answers_of
from shelterctl.language import Text, translate
from shelterctl.ui_language import PAPER_LANGUAGES


def plan_columns(plan: Plan, table: PlanTable, columns: RowColumns, heading_of: Callable[[Column], Text]) -> RowColumns:
    """Return the columns of a plan's table, its answers merged, and the pairs of its two columns if it is crossed.

    *heading_of* returns the words above a column.
    """
    by = {name: merge_answers(one, plan.merged.get(name, {})) for name, one in columns.by.items()}
    if table.crossed:
        first, second = by.values()
        text = _pair_text(heading_of(first), heading_of(second))
        by[CROSSING_SIGN.join(by)] = _cross_columns(first, second, text)
    return replace(columns, by=by)


def merge_answers(column: Column, merged: Mapping[str, MergedCode]) -> Column:
    """Return a column whose rare answers are one answer; a cell with several answers has each merged one once."""
    if not merged or column.read is None:
        return column
    into = {answer: code for code, one in merged.items() for answer in one.of}
    read = column.read

    def read_merged(row: ListRow) -> Cell:
        cell = read(row)
        if isinstance(cell, tuple):
            return tuple(dict.fromkeys(into.get(str(each), each) for each in cell))
        return cell if cell is None else into.get(str(cell), cell)

    codes = {**{code: one.text for code, one in merged.items()}, **_codes_left(column, into)}
    return replace(column, codes=codes, read=read_merged)


def _codes_left(column: Column, into: Mapping[str, str]) -> dict[str, Text]:
    return {code: text for code, text in column.codes.items() if code not in into}


def _cross_columns(first: Column, second: Column, text: Text) -> Column:
    """Return the column of the pairs of answers of two columns in which nobody has several."""

    def read_pair(row: ListRow) -> Cell:
        return CROSSING_SIGN.join(answers_of(one.read(row) if one.read else None)[0] for one in (first, second))

    codes = {
        CROSSING_SIGN.join((one, other)): _pair_text(say_answer(first, one), say_answer(second, other))
        for one, other in product((*first.answers, NO_ANSWER), (*second.answers, NO_ANSWER))
    }
    name = CROSSING_SIGN.join((first.name, second.name))
    return Column(name, "code", text, read_pair, codes=codes)


def say_answer(column: Column, answer: str) -> Text:
    """Return the words of an answer that may stand in a pair: a code, one beside the codes, or none."""
    nothing = column.nothing or NOT_WRITTEN_DOWN
    without_code = {**ANSWER_WORDS, NO_ANSWER: {each: translate(nothing, each) for each in PAPER_LANGUAGES}}
    return column.codes.get(answer) or without_code[answer]


def _pair_text(first: Text, second: Text) -> Text:
    """Return the words of a pair of answers."""
    languages = [language for language in first if language in second]
    return {language: f"{first[language]} · {second[language]}" for language in languages}


def fill_pairs(figure: Figure) -> Figure:
    """Return a figure with a cell for every pair of the answers that its two columns have; a missing pair is 0."""
    crossed = next((cell.by for cell in figure.cells if CROSSING_SIGN in cell.by), None)
    if crossed is None:
        return figure
    counted = {cell.answer: cell for cell in figure.cells_of(crossed)}
    first, second = ([cell.answer for cell in figure.cells_of(name)] for name in crossed.split(CROSSING_SIGN))
    pairs = (CROSSING_SIGN.join(pair) for pair in product(first, second))
    cells = (counted.get(pair) or FigureCell(crossed, pair, 0) for pair in pairs)
    return replace(figure, cells=(*(cell for cell in figure.cells if cell.by != crossed), *cells))


def split_pair(by: str, answer: str) -> Iterator[tuple[str, str]]:
    """Yield the columns with their answers of a cell: one, or two of a crossed cell."""
    answers = answer.split(CROSSING_SIGN) if CROSSING_SIGN in by else [answer]
    yield from zip(by.split(CROSSING_SIGN), answers, strict=True)


def cell_place(table: str, by: str, answer: str) -> tuple[str, ...]:
    """Return the place of a cell as the protection of small counts names it."""
    return (table, *(part for pair in split_pair(by, answer) for part in pair))
