"""Tables as text: comma and tab separated values, and JSON."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.output.page import dump_json, harmless_cell
from shelterctl.tabular.table import Table, TableColumn

LIST_SEPARATOR = ";"
"""The sign between the values of one cell, as in IOM's standard for case data."""

PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
"""A code that no program takes for anything else: most cells are that."""

NUMBER_OR_PHONE = re.compile(r"-[0-9]+([.,][0-9]+)?|\+[0-9]+([ -][0-9]+)*", re.ASCII)
"""A negative number and a telephone number: they begin like a formula, and are none."""

LIKE_A_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,/: -][0-9]+)*(?:[Ee][+-]?[0-9]+)?", re.ASCII)
"""Text such as 1.1, 2026-01, 00123456, 12E45678 and +996700123456, which a spreadsheet turns into a day or a number."""


class Dialect(NamedTuple):
    """The style of separated values: the delimiter, the decimal sign, whether a byte order mark begins the file.

    A decimal comma is for Excel in Russia: there text like a number is written as ``="1.1"``, which stays text.
    """

    delimiter: str = ","
    decimal: str = "."
    mark: bool = False

    @property
    def for_excel(self) -> bool:
        """Whether the file is opened by Excel, which guesses the type of each cell."""
        return self.decimal == ","


def write_separated(table: Table, dialect: Dialect) -> bytes:
    """Return a table as separated values with a header; an empty cell is a missing value."""
    written = io.BytesIO(b"\xef\xbb\xbf" if dialect.mark else b"")
    written.seek(0, io.SEEK_END)
    with io.TextIOWrapper(written, "utf-8", newline="", write_through=False) as text:
        writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="\n")
        writer.writerow([one.name for one in table.columns])
        writers = [_cell_writer(one, dialect) for one in table.columns]
        writer.writerows([write(cell) for write, cell in zip(writers, row, strict=True)] for row in table.rows)
        text.flush()
        return written.getvalue()


def _cell_writer(column: TableColumn, dialect: Dialect) -> Callable[[Any], str]:
    """Return the function that writes the cells of a column."""
    if column.several:
        return lambda cell: "" if cell is None else _write_text(LIST_SEPARATOR.join(map(str, cell)), dialect)
    if column.type == "boolean":
        return lambda cell: "" if cell is None else str(cell).lower()
    if column.type == "number":
        return lambda cell: "" if cell is None else write_number(cell, dialect.decimal)
    if column.type in ("integer", "date", "datetime"):
        return lambda cell: "" if cell is None else str(cell)
    return lambda cell: "" if cell is None else _write_text(str(cell), dialect)


def write_number(cell: Decimal, decimal: str = ".") -> str:
    """Return a number as digits, without an exponent."""
    return f"{cell:f}".replace(".", decimal)


def _write_text(cell: str, dialect: Dialect) -> str:
    """Return a text in which no spreadsheet finds a formula; for Excel one like a number stays text."""
    if PLAIN_WORD.fullmatch(cell):
        return cell
    if dialect.for_excel and LIKE_A_NUMBER.fullmatch(cell):
        return f'="{cell}"'
    return cell if NUMBER_OR_PHONE.fullmatch(cell) else str(harmless_cell(cell))


def write_json(table: Table) -> bytes:
    """Return a table as one list of JSON objects, each on a line of its own."""
    written = io.BytesIO()
    written.write(b"[")
    written.writelines((b",\n" if number else b"\n") + line for number, line in enumerate(_json_lines(table)))
    written.write(b"\n]\n")
    return written.getvalue()


def write_json_lines(table: Table) -> bytes:
    """Return a table as one JSON object a line."""
    written = io.BytesIO()
    written.writelines(line + b"\n" for line in _json_lines(table))
    return written.getvalue()


def _json_lines(table: Table) -> Iterator[bytes]:
    names = [one.name for one in table.columns]
    return (dump_json(_json_object(names, row)).encode() for row in table.rows)


def _json_object(names: Sequence[str], row: Sequence[Any]) -> Mapping[str, Any]:
    return dict(zip(names, map(_json_value, row), strict=True))


def _json_value(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell) if cell != cell.to_integral_value() else int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
