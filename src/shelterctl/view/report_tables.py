"""A report of a house as tables for a workbook: what it is, its figures with their parts, its lists, words and
corrections.

Codes are in words, numbers and days are values that a spreadsheet adds up and sorts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any

from shelterctl.core.tables.columns import Cell, Column
from shelterctl.core.tables.figures import Number
from shelterctl.core.tables.small_counts import HIDDEN_SIGN
from shelterctl.language import Sentence, current_language, format_fact, format_sentence, is_day
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.exported import heading_of
from shelterctl.view.lists import cell_in_words
from shelterctl.view.report import answer_in_words, figure_in_words, month_in_words, report_headings
from shelterctl.view.report_figures import HouseReport

ABOUT_TABLE, FIGURES_TABLE, WORDS_TABLE, CORRECTIONS_TABLE = "report", "figures", "words", "corrections"
OWN_TABLES = (ABOUT_TABLE, FIGURES_TABLE, WORDS_TABLE, CORRECTIONS_TABLE)
"""The names of the tables that every report may have; each list of a report has a table with the name of its row."""

LONGEST_CELL = 32_000
"""The letters of one cell; a workbook holds hardly more."""

HEADING_REPORT, HEADING_MONTH, HEADING_FIGURE = N_("Report"), N_("Month"), N_("Figure")
HEADING_BY, HEADING_ANSWER = N_("Broken down by"), N_("Part")
HEADING_NUMBER, HEADING_AMOUNT, HEADING_HIDDEN = N_("How many"), N_("Amount or average"), N_("Hidden")
HEADING_SUBJECT, HEADING_WORDS = N_("About"), N_("Words")
HEADING_CLOSED, HEADING_NOW = N_("In the closed report"), N_("As counted now")
FIGURE_HEADINGS = (HEADING_FIGURE, HEADING_BY, HEADING_ANSWER, HEADING_NUMBER, HEADING_AMOUNT, HEADING_HIDDEN)
CORRECTION_HEADINGS = (HEADING_MONTH, HEADING_FIGURE, HEADING_CLOSED, HEADING_NOW)


def make_report_tables(made: HouseReport, language: str) -> list[Table]:
    """Return the tables of a report in *language*; those without a row are left out, but for the figures."""
    spoken = language if language in SCREEN_LANGUAGES else current_language()
    about = [(format_sentence(sentence, facts, spoken),) for sentence, facts in report_headings(made)]
    words = [
        (format_fact(one.row.text, language), paragraph)
        for one in made.figures
        if one.row.kind == "typed" and made.public is None
        for line in (one.words or "").splitlines()
        for paragraph in wrap(line, LONGEST_CELL)
    ]
    corrections = [
        (
            format_fact(month_in_words(one.month), language),
            format_fact(figure_in_words(made, one), language),
            _read_kept_number(one.closed),
            _read_kept_number(one.now),
        )
        for one in made.corrections
    ]

    def say(headings: Iterable[Sentence]) -> list[str]:
        return [format_sentence(heading, {}, spoken) for heading in headings]

    figures = [*_figure_rows(made, language)]
    tables = [
        _make_table(ABOUT_TABLE, say([HEADING_REPORT]), about),
        _make_table(FIGURES_TABLE, say(FIGURE_HEADINGS), figures, leaves_out_empty=True),
        *_list_tables(made, language),
        _make_table(WORDS_TABLE, say([HEADING_SUBJECT, HEADING_WORDS]), words),
        _make_table(CORRECTIONS_TABLE, say(CORRECTION_HEADINGS), corrections),
    ]
    return [one for one in tables if one.rows or one.name == FIGURES_TABLE]


def _make_table(
    name: str, headings: Sequence[str], rows: Sequence[tuple[Any, ...]], *, leaves_out_empty: bool = False
) -> Table:
    """Return a table whose columns have the types of their cells; without its empty columns, if that is asked."""
    cells = [[row[place] for row in rows] for place in range(len(headings))]
    kept = [
        place for place, column in enumerate(cells) if not leaves_out_empty or any(one is not None for one in column)
    ]
    typed = {place: _type_cells(cells[place]) for place in kept}
    columns = [TableColumn(headings[place], typed[place][0], {}) for place in kept]
    return Table(name, {}, columns, [tuple(typed[place][1][number] for place in kept) for number in range(len(rows))])


def _type_cells(cells: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Return the type of a column, and its cells as values of this type."""
    there = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, date) for cell in there):
        return "date", cells
    if all(isinstance(cell, int) for cell in there):
        return "integer", cells
    if all(isinstance(cell, int | Decimal) for cell in there):
        return "number", [None if cell is None else Decimal(cell) for cell in cells]
    return "string", [None if cell is None else str(cell) for cell in cells]


def _figure_rows(made: HouseReport, language: str) -> Iterator[tuple[Any, ...]]:
    """Yield each figure, then its parts, those that are zero too."""
    for one in made.figures:
        if not one.row.is_number:
            continue
        text = format_fact(one.row.text, language)
        yield text, None, None, *_number_cells(made, one.unit, one.number)
        for cell in one.cells:
            column = made.columns[one.row.name].by[cell.by]
            answer = format_fact(answer_in_words(column, cell), language)
            yield text, format_fact(heading_of(column), language), answer, *_number_cells(made, one.unit, cell.number)


def _number_cells(made: HouseReport, unit: str, number: Number | None) -> tuple[Any, Any, Any]:
    """Return a number as a count or as an amount, or the sign of a public copy in place of a hidden one."""
    if number is None:
        return None, None, HIDDEN_SIGN if made.public is not None else None
    return (number, None, None) if unit == "whole" else (None, Decimal(number), None)


def _list_tables(made: HouseReport, language: str) -> Iterator[Table]:
    """Yield a table for each list of the report, such as its supporting documents."""
    for one in made.figures:
        if one.row.kind != "list" or one.number is None:
            continue
        columns, name = made.columns[one.row.name].listed, one.row.name
        headings = [format_fact(one.row.columns[key], language) for key in columns]
        rows = [tuple(_list_cell(columns[key], row[key], language) for key in columns) for row in one.listed]
        yield _make_table(f"{name}-list" if name in OWN_TABLES else name, headings, rows)


def _list_cell(column: Column, cell: Cell, language: str) -> Any:
    """Return a cell of a list: a number or a day as it is, a code in the words of the rulebook.

    A closed report keeps its days and whole numbers as text.
    """
    if cell is None or cell == ():
        return None
    if column.kind == "day" and isinstance(cell, str) and is_day(cell):
        return date.fromisoformat(cell[:10])
    if column.kind == "whole" and isinstance(cell, str) and cell.isdecimal():
        return int(cell)
    if isinstance(cell, int | Decimal | date) and not isinstance(cell, bool | datetime):
        return cell
    return format_fact(cell_in_words(column, cell), language)


def _read_kept_number(kept: str) -> Number | None:
    """Return a number of a correction as a value; None where the closed report had none."""
    return None if not kept else Decimal(kept) if "." in kept else int(kept)
