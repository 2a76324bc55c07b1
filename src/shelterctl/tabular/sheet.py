"""A sheet that people filled in: the cells of a table in CSV or in a workbook, each with its name, such as ``B7``.

Nothing is guessed: a formula, merged cells or an unknown encoding are named by their cell, with what to do.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding, Severity
from shelterctl.ui_language import N_

CELL_IS_FORMULA = N_("{cell}: this is a formula. Put its value there: copy, then paste as values.")
CELLS_MERGED = N_("{cell}: cells are merged here. Split them, and write the value into each cell that has one.")
SHEET_UNREADABLE = N_("This file is neither a table in CSV (UTF-8) nor a workbook of Excel (.xlsx).")
SHEET_IN_OLD_ENCODING = N_(
    "The file is written in the code page of Windows (cp1251); it was read as that. Look at the letters."
)
SHEET_HAS_NO_HEADING = N_(
    "The first row must hold the headings of the template. Make one with: shelterctl import --template"
)
ROW_TOO_LONG = N_("{cell}: there is a value beyond the last heading. Put it under its heading, or delete it.")
CELL_IS_ERROR = N_("{cell}: Excel shows an error here. Correct the cell.")

SHEET_TOO_LONG = N_("The sheet has more than {count} rows. Import it in parts.")

LARGEST_SHEET = 20_000_000
LARGEST_UNPACKED = 300_000_000
MOST_SHEET_ROWS = 20_000
"""Limits in bytes, and in rows with a value."""

WORKBOOK_BEGINNING = b"PK\x03\x04"
EXCEL_ZERO = datetime(1899, 12, 30)
"""The day from which Excel counts days, but in workbooks of old Macs."""

_SERIAL_DAY = re.compile(r"[1-5]\d{4}(?:\.\d+)?")
"""A day as Excel counts it, from 1927 to 2064; shorter numbers are years."""

DELIMITERS = (";", "\t", ",")
"""The delimiters of CSV, as Excel and scripts write them; a comma with a space behind it belongs to a sentence."""

_NO_DELIMITER = "\x1f"
"""A sign that no table has between its cells: the table has one column."""

_QUOTED = re.compile(r'"[^"]*"')


class SheetRow(NamedTuple):
    """A row of a sheet: its number, as a spreadsheet shows it, and its cells as text, by place."""

    number: int
    cells: Sequence[str]


class CellSheet(NamedTuple):
    """A sheet: its headings, its rows that are not empty, and what is wrong with it."""

    headings: Sequence[str]
    rows: Sequence[SheetRow]
    findings: tuple[Finding, ...] = ()
    zero: datetime = EXCEL_ZERO

    def read_serial_day(self, cell: str) -> str | None:
        """Return the day, or the day and the time, that a number of Excel means; None if the cell is no such number."""
        if not _SERIAL_DAY.fullmatch(cell):
            return None
        minutes = round(float(cell) % 1 * 24 * 60)
        time = self.zero + timedelta(days=int(float(cell)), minutes=minutes)
        return time.strftime("%Y-%m-%d %H:%M" if minutes else "%Y-%m-%d")

    def is_empty(self, place: int) -> bool:
        """Whether no row has a value in the column at a place."""
        return not any(row.cells[place] for row in self.rows)


def cell_name(place: int, row: int) -> str:
    """Return the name of a cell by the place of its column from 0 and the number of its row: ``B7``."""
    letters, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def is_workbook(data: bytes) -> bool:
    """Whether a file is a workbook, whatever its name ends in."""
    return data.startswith(WORKBOOK_BEGINNING)


def read_sheet(data: bytes) -> CellSheet:
    """Return the first sheet of a workbook, or a table in CSV, whatever stands between its cells."""
    if is_workbook(data):
        return _read_workbook(data)
    text, notes = _decode(data)
    if text is None:
        return CellSheet((), (), (Finding(code="sheet/unreadable", message=SHEET_UNREADABLE),))
    return _make_sheet(_csv_rows(text), notes)


def _decode(data: bytes) -> tuple[str | None, list[Finding]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text"
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError:
            return None, []
    if b"\x00" in data:
        return None, []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError:
        return None, []
    return text, [Finding(code="sheet/encoding", message=SHEET_IN_OLD_ENCODING, severity=Severity.WARN)]


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = _QUOTED.sub("", text).partition("\n")[0]
    counts = {each: len(re.findall(f"{each}(?! )", first)) for each in DELIMITERS}
    delimiter = max(counts, key=lambda each: counts[each]) if any(counts.values()) else _NO_DELIMITER
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    yield from ((number, row) for number, row in enumerate(reader, 1))


def _make_sheet(rows: Iterator[tuple[int, list[str]]], findings: list[Finding]) -> CellSheet:
    _, headings = next(rows, (1, []))
    headings = [heading.strip() for heading in headings]
    while headings and not headings[-1]:
        headings.pop()
    if not any(headings):
        return CellSheet((), (), (*findings, Finding(code="sheet/no-heading", message=SHEET_HAS_NO_HEADING)))
    kept: list[SheetRow] = []
    for number, row in rows:
        if len(kept) >= MOST_SHEET_ROWS:
            facts = {"count": MOST_SHEET_ROWS}
            return CellSheet(
                headings, (), (*findings, Finding(code="sheet/too-long", message=SHEET_TOO_LONG, facts=facts))
            )
        cells = [cell.strip() for cell in row]
        beyond = [place for place, cell in enumerate(cells) if cell and place >= len(headings)]
        findings += [
            Finding(code="sheet/beyond", message=ROW_TOO_LONG, facts={"cell": cell_name(place, number)})
            for place in beyond
        ]
        if any(cells):
            kept.append(SheetRow(number, (*cells, *[""] * len(headings))[: len(headings)]))
    return CellSheet(headings, kept, tuple(findings))


def _read_workbook(data: bytes) -> CellSheet:
    from openpyxl import load_workbook  # noqa: PLC0415 - an extra
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - an extra

    if _unpacked_size(data) > LARGEST_UNPACKED:
        return CellSheet((), (), (Finding(code="sheet/unreadable", message=SHEET_UNREADABLE),))
    try:
        book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile):
        return CellSheet((), (), (Finding(code="sheet/unreadable", message=SHEET_UNREADABLE),))
    if not book.worksheets:
        return CellSheet((), (), (Finding(code="sheet/unreadable", message=SHEET_UNREADABLE),))
    sheet = book.worksheets[0]
    findings = [
        Finding(code="sheet/merged", message=CELLS_MERGED, facts={"cell": cell_name(area.min_col - 1, area.min_row)})
        for area in sheet.merged_cells.ranges
    ]
    rows: list[tuple[int, list[str]]] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for place, cell in enumerate(row):
            if cell.data_type == "f":
                findings.append(
                    Finding(code="sheet/formula", message=CELL_IS_FORMULA, facts={"cell": cell_name(place, number)})
                )
            if cell.data_type == "e":
                findings.append(
                    Finding(code="sheet/error", message=CELL_IS_ERROR, facts={"cell": cell_name(place, number)})
                )
            cells.append("" if cell.data_type in ("f", "e") else _text_of(cell.value))
        rows.append((number, cells))
    return _make_sheet(iter(rows), findings)._replace(zero=book.epoch)


def _unpacked_size(data: bytes) -> int:
    """Return how large the parts of a workbook are; 0 if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0


def _text_of(value: Any) -> str:
    """Return a value of a workbook as a person would type it; a day that Excel keeps as a number is a day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if not (value.hour or value.minute) else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
