"""The statements by which an engine knows the tables of a dataset: for DuckDB views over the files that the manifest
names, for DataFusion and its distributed engine Ballista external tables over the folders.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from shelterctl.hub.manifest import YEAR_COLUMN, DatasetColumn, Manifest

TYPES_IN_SQL = {"integer": "BIGINT", "number": "DECIMAL(18, 2)", "boolean": "BOOLEAN"}
"""The types of columns that are no text."""


def type_in_sql(column: DatasetColumn) -> str:
    """Return the type of a column in SQL."""
    return "VARCHAR[]" if column.several else TYPES_IN_SQL.get(column.type, "VARCHAR")


def make_view(folder: Path, table: str, manifest: Manifest) -> str:
    """Return the statement of DuckDB that makes a table a view over its files; without files it is an empty one."""
    files = manifest.files_of(table)
    if not files:
        empty = ", ".join(f'NULL::{type_in_sql(one)} AS "{one.name}"' for one in manifest.tables[table])
        return f'CREATE VIEW "{table}" AS SELECT {empty}, NULL::INTEGER AS "{YEAR_COLUMN}" WHERE false'
    paths = ",\n  ".join(_quoted(str(folder.resolve() / one.path)) for one in files)
    return (
        f'CREATE VIEW "{table}" AS SELECT * FROM read_parquet([\n  {paths}\n], '  # noqa: S608 - names are of the manifest
        f"hive_partitioning = true, hive_types = {{'{YEAR_COLUMN}': INTEGER}}, union_by_name = true)"
    )


def make_external_table(folder: Path, table: str, manifest: Manifest) -> str:
    """Return the statement of DataFusion that makes a table of its folder."""
    columns = ", ".join(f'"{one.name}" {type_in_sql(one)}' for one in manifest.tables[table])
    place = _quoted(f"{folder.resolve() / table}/")
    return (
        f'CREATE EXTERNAL TABLE "{table}" ({columns}, "{YEAR_COLUMN}" INT)\n'
        f"  STORED AS PARQUET PARTITIONED BY ({YEAR_COLUMN}) LOCATION {place}"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


ENGINES: Mapping[str, Callable[[Path, str, Manifest], str]] = {
    "duckdb": make_view, "datafusion": make_external_table,
}  # fmt: skip
"""The engines for which statements are made."""
