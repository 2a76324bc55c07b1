"""Separated values and JSON: another library reads the cells that were written, in the types that are described."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given

from shelterctl.tabular.package import PackedTable, describe_tables
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect, write_json, write_json_lines, write_separated
from tests.support.drawn_tables import KNOWN, make_table, tables

PLAIN, RUSSIAN_EXCEL = Dialect(), Dialect(";", ",", mark=True)
LIKE_A_NUMBER = r"[+-]?[0-9]+([.,/: -][0-9]+)*([Ee][+-]?[0-9]+)?"
DIALECTS = pytest.mark.parametrize(
    ("kind", "dialect"), [("csv", PLAIN), ("csv", RUSSIAN_EXCEL), ("csv", Dialect("|")), ("tsv", Dialect("\t"))]
)


def read_text(data: bytes, delimiter: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter)]


def read_by_description(data: bytes, described: dict[str, Any]) -> list[list[Any]]:
    """The cells of separated values, as somebody reads them who has the description alone."""
    fields = described["schema"]["fields"]
    header, *rows = read_text(data, described["dialect"]["delimiter"])
    assert header == [field["name"] for field in fields]
    missing = described["schema"]["missingValues"]
    typed = [[(field, cell) for field, cell in zip(fields, row, strict=True)] for row in rows]
    return [[None if cell in missing else read_cell(cell, field) for field, cell in row] for row in typed]


def read_cell(cell: str, field: dict[str, Any]) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": lambda cell: Decimal(cell.replace(field.get("decimalChar", "."), ".")),
        "boolean": {"true": True, "false": False}.__getitem__,
        "date": date.fromisoformat,
        "datetime": lambda cell: datetime.strptime(cell, field["format"]),
        "list": lambda cell: cell.split(field["delimiter"]),
        "yearmonth": lambda cell: f"{datetime.strptime(cell, '%Y-%m'):%Y-%m}",
        "string": without_guard,
    }
    return readers[field["type"]](cell)


def without_guard(cell: Any) -> Any:
    """A text without what guards it; nothing and an empty text are one."""
    whole = re.fullmatch(rf'="({LIKE_A_NUMBER})"', cell)
    return (whole[1] if whole else cell).replace("'", "") or None


def as_read(cell: Any, kind: str) -> Any:
    """A cell as it can be read from text."""
    if kind == "datetime" and cell is not None:
        return datetime.fromisoformat(cell)
    return without_guard(cell) if isinstance(cell, str) else cell


@DIALECTS
@given(table=tables())
@example(table=KNOWN)
def test_separated_values_are_read_by_their_description(kind: str, dialect: Dialect, table: Table) -> None:
    data = write_separated(table, dialect)
    described = json.loads(describe_tables([PackedTable(table, "drawn", data)], kind, dialect, {}))["resources"][0]
    kinds = [one.type for one in table.columns]
    assert read_by_description(data, described) == [[*map(as_read, row, kinds)] for row in table.rows]


@DIALECTS
@given(table=tables())
def test_no_cell_of_separated_values_is_a_formula(kind: str, dialect: Dialect, table: Table) -> None:
    for row in read_text(write_separated(table, dialect), dialect.delimiter)[1:]:
        for cell in row:
            text_for_excel = dialect.decimal == "," and re.fullmatch(rf'="{LIKE_A_NUMBER}"', cell)
            number = re.fullmatch(r"-[0-9]+([.,][0-9]+)?|\+[0-9]+([ -][0-9]+)*", cell)
            assert text_for_excel or number or not re.match(r"""[=+@\t＝＋＠-]""", cell), cell


@given(table=tables())
def test_pandas_and_duckdb_read_the_same_cells(table: Table, tmp_path_factory: pytest.TempPathFactory) -> None:
    pandas, duckdb = pytest.importorskip("pandas"), pytest.importorskip("duckdb")
    data = write_separated(table, PLAIN)
    expected = read_text(data, ",")
    frame = pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False, skip_blank_lines=False)
    assert [[*frame.columns], *frame.to_numpy().tolist()] == expected
    file = tmp_path_factory.getbasetemp() / "drawn.csv"
    file.write_bytes(data)
    names = {one.name: "VARCHAR" for one in table.columns}
    asked = f"FROM read_csv('{file}', header=true, delim=',', quote='\"', escape='\"', columns={names}, parallel=false)"
    assert [["" if cell is None else cell for cell in row] for row in duckdb.sql(asked).fetchall()] == expected[1:]


def test_excel_in_russia_keeps_codes_as_text_and_numbers_as_numbers() -> None:
    data = write_separated(KNOWN, RUSSIAN_EXCEL)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[1:3] == [
        '"=""1.1""";3;-1,50;true;2026-01-02;2026-01-02T03:04;"=""2026-01""";"need;plan"',
        '"=""2026-01""";-7;750,55;false;1999-12-31;2026-12-31T23:59;"=""1999-12""";need',
    ]


@pytest.mark.parametrize(
    ("cell", "plain", "excel"),
    [
        ("=1+1", "'=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd", "'+cmd"),
        ("-2+3", "'-2+3", "'-2+3"),
        ("\t=1", "'\t'=1", "'\t'=1"),
        ("-5", "-5", '="-5"'),
        ("-5.25", "-5.25", '="-5.25"'),
        ("+996700123456", "+996700123456", '="+996700123456"'),
        ("+996 700 12-34-56", "+996 700 12-34-56", '="+996 700 12-34-56"'),
        ("00123456", "00123456", '="00123456"'),
        ("12E45678", "12E45678", '="12E45678"'),
    ],
)
def test_a_formula_is_guarded_and_a_phone_or_a_negative_number_is_not(cell: str, plain: str, excel: str) -> None:
    table = make_table(["string"], [(cell,)])
    assert read_text(write_separated(table, PLAIN), ",")[1] == [plain]
    assert read_text(write_separated(table, RUSSIAN_EXCEL), ";")[1] == [excel]


@given(table=tables())
@example(table=KNOWN)
def test_json_has_the_cells_in_their_types(table: Table) -> None:
    names = [one.name for one in table.columns]
    expected = [
        {
            name: cell.isoformat() if isinstance(cell, date) else float(cell) if isinstance(cell, Decimal) else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in table.rows
    ]
    assert json.loads(write_json(table)) == expected
    assert [json.loads(line) for line in write_json_lines(table).decode().splitlines()] == expected


@given(table=tables())
def test_pandas_reads_json_lines(table: Table) -> None:
    pandas = pytest.importorskip("pandas")
    if not table.rows:
        return
    frame = pandas.read_json(io.BytesIO(write_json_lines(table)), lines=True, dtype=False)
    assert [*frame.columns] == [one.name for one in table.columns]
    for one in table.columns:
        cells = [row[table.columns.index(one)] for row in table.rows]
        if one.type == "string" and not one.several:
            assert [None if pandas.isna(cell) else cell for cell in frame[one.name]] == cells
