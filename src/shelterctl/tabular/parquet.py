"""A table as a Parquet file: the one module that imports Arrow. Nothing is written to the disk."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, BinaryIO

from shelterctl.tabular.table import Table, TableColumn

MONEY_DIGITS, MONEY_PLACES = 18, 2

ROWS_IN_GROUP = 50_000
"""The rows that are turned into columns at a time, and that another program reads at a time."""

EPOCH = datetime(1970, 1, 1)


def write_parquet_file(table: Table) -> bytes:
    """Return a table as a Parquet file with typed columns; codes are text, several of them a list of text.

    An empty cell is a null, also where a cell is a list. A day is a date, an hour a local time without a zone, and
    money a decimal number with two places.
    """
    written = io.BytesIO()
    groups = (table.rows[begin : begin + ROWS_IN_GROUP] for begin in range(0, len(table.rows), ROWS_IN_GROUP))
    write_rows(table.columns, groups, written)
    return written.getvalue()


def write_rows(columns: Sequence[TableColumn], groups: Iterable[Sequence[tuple[Any, ...]]], to: BinaryIO) -> None:
    """Write groups of rows as one Parquet file; only one group is held at a time."""
    from arro3.core import RecordBatchReader  # noqa: PLC0415 - an extra

    first = _record_batch(columns, ())
    batches = (_record_batch(columns, rows) for rows in groups)
    write_batches(RecordBatchReader.from_batches(first.schema, batches), to)


def write_batches(reader: Any, to: BinaryIO) -> None:
    """Write a stream of Arrow's batches as one Parquet file."""
    from arro3.io import write_parquet  # noqa: PLC0415 - an extra

    write_parquet(reader, to, created_by="shelterctl", compression="snappy", max_row_group_size=ROWS_IN_GROUP)


def _record_batch(columns: Sequence[TableColumn], rows: Sequence[tuple[Any, ...]]) -> Any:
    from arro3.core import RecordBatch  # noqa: PLC0415 - an extra

    arrays = [_arrow_column(one, [row[place] for row in rows]) for place, one in enumerate(columns)]
    return RecordBatch.from_arrays(arrays, names=[one.name for one in columns])


def _arrow_column(column: TableColumn, cells: Sequence[Any]) -> Any:
    from arro3.core import Array, DataType, list_array  # noqa: PLC0415 - an extra

    if column.several:
        ends = [0, *accumulate(len(cell or ()) for cell in cells)]
        flat = [str(each) for cell in cells for each in cell or ()]
        empty = Array([cell is None for cell in cells], DataType.bool())
        return list_array(Array(ends, DataType.int32()), Array(flat, DataType.string()), mask=empty)
    if column.type == "boolean":
        return Array(cells, DataType.bool())
    if column.type == "integer":
        return Array(cells, DataType.int64())
    if column.type == "datetime":
        return Array([*map(_count_microseconds, cells)], DataType.int64()).cast(DataType.timestamp("us"))
    written = Array([None if cell is None else str(cell) for cell in cells], DataType.string())
    if column.type == "number":
        return written.cast(DataType.decimal128(MONEY_DIGITS, MONEY_PLACES))
    return written.cast(DataType.date32()) if column.type == "date" else written


def _count_microseconds(cell: str | None) -> int | None:
    """Return the microseconds since 1970 of a local time as text."""
    return None if cell is None else (datetime.fromisoformat(cell) - EPOCH) // timedelta(microseconds=1)
