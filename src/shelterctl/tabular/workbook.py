"""Tables as an Excel workbook, one sheet a table: the one module that imports XlsxWriter for them.

The workbook is built in memory; nothing is written to a folder of temporary files.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from shelterctl.errors import UsageError
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.tabular.text import LIST_SEPARATOR
from shelterctl.ui_language import N_

MADE_ON = datetime(1980, 1, 1)
"""The day that every workbook says it was made on, so that equal tables give equal bytes."""

LONGEST_SHEET_NAME = 31
MOST_ROWS = 1_048_575
"""The rows of a sheet below its header."""

MOST_CELLS = 3_000_000
"""The cells of a workbook: all of it is in memory while it is made, some 300 bytes a cell."""

TOO_MUCH_FOR_WORKBOOK = N_(
    "This is too much for a workbook: it holds at most {rows} rows and {cells} cells here. Choose csv or parquet, or "
    "fewer columns."
)
CELL_TOO_LONG = N_("A cell is too long for a workbook: it holds at most 32767 signs. Choose csv or parquet.")

FIRST_DAY_OF_EXCEL = date(1900, 3, 1)
"""The first day that every spreadsheet counts alike; earlier days are written as text."""

ROWS_MEASURED, NARROWEST_CELL, WIDEST_CELL, WIDTH_OF_DAY = 256, 6, 50, 12

CellFiller = Callable[[int, int, Any], int | None]
"""A function that fills the cell of a row and a column, and returns 0 if all of the value is there."""


def write_workbook(tables: Sequence[Table]) -> bytes:
    """Return the tables as a workbook: text is text, days are days, numbers are numbers with two places.

    Raises UsageError for what a workbook cannot hold.
    """
    import xlsxwriter  # noqa: PLC0415 - an extra

    cells = sum(len(one.rows) * len(one.columns) for one in tables)
    if cells > MOST_CELLS or any(len(one.rows) > MOST_ROWS for one in tables):
        raise UsageError("usage/format", TOO_MUCH_FOR_WORKBOOK, rows=MOST_ROWS, cells=MOST_CELLS)
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(written, options)
    book.set_properties({"created": MADE_ON})
    styles = {
        "head": book.add_format({"bold": True}),
        "string": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "number": book.add_format({"num_format": "0.00"}),
    }
    for table in tables:
        _fill_sheet(book.add_worksheet(table.name[:LONGEST_SHEET_NAME]), table, styles)
    book.close()
    return written.getvalue()


def _fill_sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    fillers = [_cell_filler(sheet, one, styles) for one in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, styles["head"])
        sheet.set_column(place, place, _width(table, place))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table.rows, 1):
        for place, (fill, cell) in enumerate(zip(fillers, row, strict=True)):
            if cell not in (None, "") and fill(number, place, cell):
                raise UsageError("usage/format", CELL_TOO_LONG)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _width(table: Table, place: int) -> int:
    """Return the width of a column in signs: that of its heading and its first cells."""
    if table.columns[place].type in ("date", "datetime"):
        return max(WIDTH_OF_DAY, len(table.columns[place].name) + 2)
    cells = (row[place] for row in islice(table.rows, ROWS_MEASURED))
    lines = (line for cell in cells if cell is not None for line in _as_text(cell).split("\n"))
    return min(max(NARROWEST_CELL, len(table.columns[place].name) + 2, *map(len, lines)), WIDEST_CELL)


def _cell_filler(sheet: Any, column: TableColumn, styles: dict[str, Any]) -> CellFiller:
    """Return the function that fills the cells of a column; text is never taken for a day, a number or a formula."""

    def fill_text(row: int, place: int, cell: Any) -> int | None:
        return int(sheet.write_string(row, place, _as_text(cell), styles["string"]) or 0)

    def fill_number(row: int, place: int, cell: Any) -> int | None:
        return int(sheet.write_number(row, place, float(cell), styles["number"]))

    def fill_day(row: int, place: int, cell: Any) -> int | None:
        day = cell if column.type == "date" else datetime.fromisoformat(cell)
        if (day if column.type == "date" else day.date()) < FIRST_DAY_OF_EXCEL:
            return fill_text(row, place, cell)
        return int(sheet.write_datetime(row, place, day, styles[column.type]))

    if column.several:
        return fill_text
    fillers: dict[str, CellFiller] = {
        "boolean": sheet.write_boolean, "integer": sheet.write_number, "number": fill_number, "date": fill_day,
        "datetime": fill_day,
    }  # fmt: skip
    return fillers.get(column.type, fill_text)


def _as_text(cell: Any) -> str:
    return LIST_SEPARATOR.join(map(str, cell)) if isinstance(cell, list) else str(cell)
