"""Tables as an Excel workbook, one sheet a table: the one module that imports XlsxWriter.

The workbook is built in memory; nothing is written to a folder of temporary files.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.tabular.table import Table
from shelterctl.tabular.text import LIST_SEPARATOR

MADE_ON = datetime(2000, 1, 1)
"""The day that every workbook says it was made on, so that equal tables give equal bytes."""

LONGEST_SHEET_NAME = 31


def write_workbook(tables: Sequence[Table]) -> bytes:
    """Return the tables as a workbook: text is text, days are days, numbers are numbers with two places."""
    import xlsxwriter  # noqa: PLC0415 - an extra

    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(written, options)
    book.set_properties({"created": MADE_ON})
    head, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00"})
    formats = _Formats(head, text, day, money)
    for table in tables:
        _fill_sheet(book.add_worksheet(table.name[:LONGEST_SHEET_NAME]), table, formats)
    book.close()
    return written.getvalue()


class _Formats(NamedTuple):
    head: Any
    text: Any
    day: Any
    money: Any


def _fill_sheet(sheet: Any, table: Table, formats: _Formats) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, formats.head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if cell is not None:
                _fill_cell(sheet, number, place, cell, formats)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _fill_cell(sheet: Any, row: int, place: int, cell: Any, formats: _Formats) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, Decimal):
        sheet.write_number(row, place, float(cell), formats.money)
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats.day)
    else:
        sheet.write_string(row, place, _as_text(cell), formats.text)


def _as_text(cell: Any) -> str:
    return LIST_SEPARATOR.join(map(str, cell)) if isinstance(cell, list) else str(cell)
