"""Tables as text: comma and tab separated values, and JSON."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.output.page import harmless_cell
from shelterctl.tabular.table import Table, TableColumn

LIST_SEPARATOR = ";"
"""The sign between the values of one cell, as in IOM's standard for case data."""

LIKE_A_NUMBER = re.compile(r"[0-9]+(?:[.,/:-][0-9]+)+", re.ASCII)
"""Codes such as 1.1 and 2026-01, which a spreadsheet would turn into a day or a number."""


class Dialect(NamedTuple):
    """The signs of separated values: the delimiter, the decimal sign, whether a byte order mark begins the file."""

    delimiter: str = ","
    decimal: str = "."
    mark: bool = False


def write_separated(table: Table, dialect: Dialect) -> bytes:
    """Return a table as separated values with a header; an empty cell is a missing value."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=dialect.delimiter, lineterminator="\n")
    writer.writerow([one.name for one in table.columns])
    for row in table.rows:
        writer.writerow([_separated_cell(one, cell, dialect) for one, cell in zip(table.columns, row, strict=True)])
    return (b"\xef\xbb\xbf" if dialect.mark else b"") + written.getvalue().encode()


def _separated_cell(column: TableColumn, cell: Any, dialect: Dialect) -> str:
    if isinstance(cell, list):
        cell = LIST_SEPARATOR.join(map(str, cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", dialect.decimal)
    if isinstance(cell, str):
        is_code = dialect.decimal == "," and LIKE_A_NUMBER.fullmatch(cell)
        return f'="{cell}"' if is_code else str(harmless_cell(cell))
    return "" if cell is None else str(cell)


def write_json(table: Table) -> bytes:
    """Return a table as one list of JSON objects."""
    return (json.dumps([*_objects(table)], ensure_ascii=False, indent=1) + "\n").encode()


def write_json_lines(table: Table) -> bytes:
    """Return a table as one JSON object a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in _objects(table)).encode()


def _objects(table: Table) -> Iterable[Mapping[str, Any]]:
    names = [one.name for one in table.columns]
    for row in table.rows:
        yield dict(zip(names, map(_json_value, row), strict=True))


def _json_value(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell) if cell != cell.to_integral_value() else int(cell)
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return cell
