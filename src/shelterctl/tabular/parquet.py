"""A table as a Parquet file: the one module that imports Arrow. Nothing is written to the disk."""

import io
from itertools import accumulate
from typing import Any

from shelterctl.tabular.table import Table, TableColumn

MONEY_DIGITS, MONEY_PLACES = 18, 2


def write_parquet_file(table: Table) -> bytes:
    """Return a table as a Parquet file with typed columns; codes are text, several of them a list of text."""
    from arro3.core import Table as ArrowTable  # noqa: PLC0415 - an extra
    from arro3.io import write_parquet  # noqa: PLC0415 - an extra

    columns = [_arrow_column(one, [row[place] for row in table.rows]) for place, one in enumerate(table.columns)]
    names = [one.name for one in table.columns]
    written = io.BytesIO()
    write_parquet(ArrowTable.from_arrays(columns, names=names), written, created_by="shelterctl", compression="snappy")
    return written.getvalue()


def _arrow_column(column: TableColumn, cells: list[Any]) -> Any:
    from arro3.core import Array, DataType, list_array  # noqa: PLC0415 - an extra

    if column.several:
        ends = [0, *accumulate(len(cell or ()) for cell in cells)]
        flat = [str(each) for cell in cells for each in cell or ()]
        offsets = Array(ends, DataType.int32())
        return list_array(offsets, Array(flat, DataType.string()))
    if column.type == "boolean":
        return Array(cells, DataType.bool())
    if column.type == "integer":
        return Array(cells, DataType.int64())
    written = Array([None if cell is None else str(cell) for cell in cells], DataType.string())
    if column.type == "number":
        return written.cast(DataType.decimal128(MONEY_DIGITS, MONEY_PLACES))
    if column.type == "date":
        return written.cast(DataType.date32())
    return written
