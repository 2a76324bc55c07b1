"""A Parquet file: DuckDB and pandas find the cells and types that were written, lists and nothing included."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from shelterctl.tabular.table import Table
from tests.support.drawn_tables import KNOWN, make_table, tables

pytest.importorskip("arro3.io")

from shelterctl.tabular import parquet
from shelterctl.tabular.parquet import write_parquet_file

DUCKDB_TYPES = {
    "string": "VARCHAR", "integer": "BIGINT", "number": "DECIMAL(18,2)", "boolean": "BOOLEAN", "date": "DATE",
    "datetime": "TIMESTAMP", "yearmonth": "VARCHAR",
}  # fmt: skip


def expected_cell(cell: Any, kind: str) -> Any:
    return datetime.fromisoformat(cell) if kind == "datetime" and cell is not None else cell


def read_by_duckdb(data: bytes, file: Path) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    duckdb = pytest.importorskip("duckdb")
    file.write_bytes(data)
    described = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM '{file}'").fetchall()}
    return described, duckdb.sql(f"FROM '{file}'").fetchall()


@given(table=tables())
@example(table=KNOWN)
@example(table=make_table(["list", "string"], [(None, ""), ([], None), (["a"], "")]))
def test_duckdb_finds_the_cells_and_types(table: Table, tmp_path_factory: pytest.TempPathFactory) -> None:
    types, rows = read_by_duckdb(write_parquet_file(table), tmp_path_factory.getbasetemp() / "drawn.parquet")
    assert types == {one.name: "VARCHAR[]" if one.several else DUCKDB_TYPES[one.type] for one in table.columns}
    kinds = [one.type for one in table.columns]
    assert rows == [tuple(map(expected_cell, row, kinds)) for row in table.rows]


def test_a_table_is_written_group_by_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_GROUP", 3)
    rows = [(number if number % 2 else None, None if number % 3 else ["a", "b"]) for number in range(10)]
    data = write_parquet_file(make_table(["integer", "list"], rows))
    assert read_by_duckdb(data, tmp_path / "many.parquet")[1] == rows
    duckdb = pytest.importorskip("duckdb")
    groups = duckdb.sql(f"FROM parquet_metadata('{tmp_path / 'many.parquet'}')").max("row_group_num_rows")
    assert groups.fetchall() == [(3,)]


def test_money_days_and_lines_are_asked_for_by_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (tmp_path / "known.parquet").write_bytes(write_parquet_file(KNOWN))
    table = duckdb.read_parquet(str(tmp_path / "known.parquet"))
    asked = table.aggregate("sum(c2_number), max(c4_date), min(c6_yearmonth), count(c7_list), count(c0_string)")
    assert asked.fetchall() == [(Decimal("749.05"), date(2026, 1, 2), "1999-12", 2, 3)]
    assert table.filter("c0_string = '1.1'").project("c1_integer").fetchall() == [(3,)]


def test_pandas_finds_the_types(tmp_path: Path) -> None:
    pandas, duckdb = pytest.importorskip("pandas"), pytest.importorskip("duckdb")
    (tmp_path / "known.parquet").write_bytes(write_parquet_file(KNOWN))
    frame = duckdb.read_parquet(str(tmp_path / "known.parquet")).df()
    assert frame["c0_string"].tolist()[:3] == ["1.1", "2026-01", "Өлүм, үй; «ңң»"]
    assert pandas.api.types.is_datetime64_any_dtype(frame["c5_datetime"])
    assert [*frame["c7_list"][0]] == ["need", "plan"]
    assert frame.isna().sum().tolist() == [1, 1, 1, 2, 2, 2, 2, 2]
