"""Sheets that people and programs write: what is written into cells is read from them, or its cell is named."""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.tabular import sheet as sheets
from shelterctl.tabular.sheet import cell_name, read_sheet

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])
ODD = ("a;b", "a,b", 'с "кавычками"', "две\nстроки", "Ң ө ү", "00123", "1.1", "+996 555 12 34 56", "=1+1", "03.02.2021")
CELLS = st.text(LETTERS, max_size=12) | st.sampled_from(ODD)
"""Cells with letters of any script, delimiters, quotes and ends of lines."""


def table(cells: Any) -> Any:
    """Up to six columns, and rows of as many cells."""
    return st.integers(1, 6).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8)
    )


def as_read(rows: list[list[str]]) -> list[tuple[int, tuple[str, ...]]]:
    """Rows as a sheet reads them: without spaces around a cell, and without empty rows."""
    stripped = ((number, tuple(cell.strip() for cell in row)) for number, row in enumerate(rows, 2))
    return [(number, row) for number, row in stripped if any(row)]


@given(table(CELLS), st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_table_in_csv_is_read_as_it_was_written(
    rows: list[list[str]], delimiter: str, encoding: str, of_windows: bool
) -> None:
    end = "\r\n" if of_windows else "\n"
    headings = [f"h{number}" for number in range(len(rows[0]) if rows else 1)]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_MINIMAL)
    writer.writerows([headings, *rows])
    read = read_sheet(written.getvalue().encode(encoding))
    assert read.findings == ()
    assert list(read.headings) == headings
    lines = as_read(rows)
    assert [tuple(row.cells) for row in read.rows] == [row for _, row in lines]
    assert [row.number for row in read.rows] == [number for number, _ in lines]


@given(st.lists(st.text("абвгдежзийклмнопрстуфхцчшщьыэюя ", min_size=1, max_size=9), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_table_of_old_windows_is_read_and_that_is_said(words: list[str]) -> None:
    data = ("имя;ещё\r\n" + "".join(f"{word};я\r\n" for word in words)).encode("cp1251")
    read = read_sheet(data)
    assert [row.cells[0] for row in read.rows] == [word.strip() for word in words]
    assert [one.code for one in read.findings] == ["sheet/encoding"]


VALUES = (
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.dates(date(1920, 1, 1), date(2060, 1, 1))
    | st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
    | st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x4FF), max_size=9)
)  # fmt: skip
"""What a person or a program puts into cells of a workbook."""


def typed(value: Any) -> str:
    """A value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@given(table(VALUES))
@settings(max_examples=60, deadline=None)
def test_a_workbook_is_read_as_its_values_would_be_typed(rows: list[list[Any]]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in [[f"h{number}" for number in range(len(rows[0]) if rows else 1)], *rows]:
        book.active.append(row)
    book.save(written)
    read = read_sheet(written.getvalue())
    assert read.findings == ()
    assert [(row.number, tuple(row.cells)) for row in read.rows] == as_read([[*map(typed, row)] for row in rows])


@given(st.dates(date(1927, 6, 1), date(2063, 1, 1)), st.integers(0, 24 * 60 - 1))
def test_a_number_of_excel_is_its_day_and_a_year_is_none(day: date, minute: int) -> None:
    read = read_sheet(b"h\n")
    number = (datetime.combine(day, datetime.min.time()) - sheets.EXCEL_ZERO) / timedelta(days=1)
    assert read.read_serial_day(str(int(number))) == day.isoformat()
    time = read.read_serial_day(f"{number + minute / 1440:.6f}")
    assert time == (day.isoformat() if not minute else f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}")
    assert read.read_serial_day(str(day.year)) is None
    assert read.read_serial_day(day.isoformat()) is None


@pytest.mark.parametrize(("place", "name"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (701, "ZZ7"), (702, "AAA7")])
def test_a_cell_has_the_name_that_a_spreadsheet_shows(place: int, name: str) -> None:
    assert cell_name(place, 7) == name


def test_commas_of_a_sentence_are_no_delimiters() -> None:
    read = read_sheet("Правила: на бумаге, дата;Права: на бумаге, дата\n1;2\n".encode())
    assert len(read.headings) == 2


def test_a_sheet_without_end_and_a_small_file_that_unpacks_to_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_SHEET_ROWS", 3)
    assert [one.code for one in read_sheet(b"h\n1\n2\n3\n4\n").findings] == ["sheet/too-long"]
    pytest.importorskip("openpyxl")
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 2000)
    assert [one.code for one in read_sheet(packed.getvalue()).findings] == ["sheet/unreadable"]
