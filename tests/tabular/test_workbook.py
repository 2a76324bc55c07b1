"""A workbook: text stays text, days are days, numbers are numbers; the codebook is its last sheet."""

import io
import re
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from shelterctl.errors import UsageError
from shelterctl.language import format_sentence
from shelterctl.tabular.files import write_tables
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect
from tests.support.drawn_tables import KNOWN, make_table, tables

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")

from shelterctl.tabular import workbook  # noqa: E402

CELL_TYPES = {
    "string": "s", "yearmonth": "s", "integer": "n", "number": "n", "boolean": "b", "date": "d", "datetime": "d",
}  # fmt: skip


def opened(table: Table) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_tables([table], "xlsx", Dialect())))


def expected(cell: Any, kind: str) -> Any:
    """A cell as openpyxl finds it: a day is midnight, a number has no kind of its own, empty text is nothing."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, list):
        return ";".join(cell)
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day) if cell >= workbook.FIRST_DAY_OF_EXCEL else cell.isoformat()
    return datetime.fromisoformat(cell) if kind == "datetime" else cell


@given(table=tables())
@example(table=KNOWN)
def test_openpyxl_finds_the_cells_and_types(table: Table) -> None:
    sheet = opened(table).worksheets[0]
    header, *rows = sheet.iter_rows(max_col=len(table.columns), max_row=len(table.rows) + 1)
    assert [cell.value for cell in header] == [one.name for one in table.columns]
    for row, written in zip(rows, table.rows, strict=True):
        for found, cell, one in zip(row, written, table.columns, strict=True):
            value = expected(cell, one.type)
            same = found.value.replace("_x005F_", "_") if isinstance(found.value, str) else found.value
            assert same == pytest.approx(value) if isinstance(value, float) else same == value
            if value is not None:
                early = one.type == "date" and isinstance(value, str)
                assert found.data_type == ("s" if early or one.several else CELL_TYPES[one.type])
                assert found.data_type != "s" or found.number_format == "@"


def test_the_codebook_is_the_last_sheet() -> None:
    money = KNOWN.columns[2]._replace(text={"en": "Money", "ru": "Деньги"}, clause="R1.0.2")
    kind = KNOWN.columns[0]._replace(codes={"1.1": {"en": "Food", "ru": "Еда"}, "1.2": {"en": "Road", "ru": "Дорога"}})
    book = opened(KNOWN._replace(columns=[kind, *KNOWN.columns[1:2], money, *KNOWN.columns[3:]]))
    assert book.sheetnames == ["drawn", "codebook"]
    heading, first, *rest = book["codebook"].iter_rows(values_only=True)
    told = [dict(zip(heading, row, strict=True)) for row in (first, *rest)]
    assert [one["name"] for one in told] == [one.name for one in KNOWN.columns]
    assert told[0]["codes"] == "1.1 = Food\n1.2 = Road"
    assert told[0]["codes_ru"] == "1.1 = Еда\n1.2 = Дорога"
    assert (told[2]["label_ru"], told[2]["type"], told[2]["clause"]) == ("Деньги", "number", "R1.0.2")
    assert [one["name"] for one in told if one["several"] is True] == ["c7_list"]


def test_the_heading_stays_in_view_and_columns_are_wide_enough() -> None:
    for sheet in opened(KNOWN).worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
    assert opened(KNOWN).worksheets[0].column_dimensions["A"].width >= len("Өлүм, үй; «ңң»")


def test_what_a_workbook_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as refused:
        opened(make_table(["string"], [("я" * 32_768,)]))
    assert "32767" in format_sentence(refused.value.message, refused.value.facts)
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(UsageError) as refused:
        opened(KNOWN)
    assert "too much for a workbook" in format_sentence(refused.value.message, refused.value.facts)


@pytest.mark.program("soffice")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    """In Russian: text, months and lines stay text, days are days, and a decimal comma is a number."""
    book, text = tmp_path / "book.xlsx", tmp_path / "text.csv"
    book.write_bytes(write_tables([KNOWN], "xlsx", Dialect()))
    text.write_bytes(write_tables([KNOWN], "csv", Dialect(";", ",", mark=True)))
    (tmp_path / "out").mkdir()
    convert(tmp_path, "--convert-to", "ods", "--outdir", "out", "book.xlsx")
    convert(tmp_path, "--convert-to", "xlsx", "--outdir", "out", "out/book.ods")
    convert(tmp_path, f"--infilter={CSV_OF_RUSSIA}", "--convert-to", "xlsx", "--outdir", "out", "text.csv")
    day = datetime(2026, 1, 2)
    for name in ("book", "text"):
        sheet = openpyxl.load_workbook(tmp_path / "out" / f"{name}.xlsx").worksheets[0]
        first, second, third = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=4))
        assert [as_excel(cell) for cell in first[:5]] == ["1.1", 3, -1.5, True, day], name
        assert [as_excel(first[6]), first[7], as_excel(second[0])] == ["2026-01", "need;plan", "2026-01"], name
        assert [second[2], third[0]] == [750.55, "Өлүм, үй; «ңң»"], name


CSV_OF_RUSSIA = "Text - txt - csv (StarCalc):59,34,76,1,,1049,false,true,false,false,false,0,true"
"""Semicolon, quotes, UTF-8, from the first line, Russian, special numbers recognised, formulas as Excel has them."""


def as_excel(cell: Any) -> Any:
    """A cell as a spreadsheet shows it, of one that LibreOffice keeps as a formula."""
    if cell in ("=TRUE()", "true"):
        return True
    whole = re.fullmatch('="(.*)"', cell) if isinstance(cell, str) else None
    return whole[1] if whole else cell


def convert(folder: Path, *words: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(("soffice", profile, "--headless", *words), cwd=folder, check=True, capture_output=True, timeout=180)
