"""A table in each of the formats that an export knows, and which of them need the extra packages."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from shelterctl.errors import UsageError
from shelterctl.tabular.package import (
    CODEBOOK_FILE,
    DESCRIPTION_FILE,
    PackedTable,
    describe_tables,
    make_codebook,
    pack_files,
    write_codebook,
)
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect, write_json, write_json_lines, write_separated
from shelterctl.ui_language import N_, Marked

TABLE_KINDS = ("csv", "tsv", "ndjson", "json", "xlsx", "parquet")
"""The formats of an exported table, by the end of a file's name."""

OWN_KINDS = ("csv", "tsv", "ndjson", "json")
"""The formats that need no extra package."""

ARCHIVE_KIND = "zip"

PACKAGES_TO_WRITE: Mapping[str, Sequence[str]] = {"xlsx": ("xlsxwriter",), "parquet": ("arro3.core", "arro3.io")}
PACKAGES_TO_READ: Mapping[str, Sequence[str]] = {"xlsx": ("openpyxl",)}
"""The packages that a format needs."""

INSTALL_PACKAGES = "pip install 'shelterctl[tables]'"
"""The command that installs the extra packages."""

READING_PACKAGES_MISSING = N_(
    "Reading this file needs packages that are not installed here: {kind}. Save the sheet as CSV (UTF-8). Or install "
    "the packages: {install}"
)
PACKAGES_MISSING = N_(
    "This format needs packages that are not installed here: {kind}. Choose one of these: {others}. Or install the "
    "packages: {install}"
)


def require_format(kind: str, others: Sequence[str] = OWN_KINDS) -> None:
    """Raise UsageError for a format that cannot be written, because its packages are not installed.

    The error names the *others*, which need none.
    """
    _require_packages(PACKAGES_TO_WRITE.get(kind, ()), PACKAGES_MISSING, kind, others)


def require_reading(kind: str) -> None:
    """Raise UsageError for a format that cannot be read, because its packages are not installed."""
    _require_packages(PACKAGES_TO_READ[kind], READING_PACKAGES_MISSING, kind)


def _require_packages(needed: Sequence[str], message: Marked, kind: str, others: Sequence[str] = ()) -> None:
    if not all(map(_is_installed, needed)):
        raise UsageError("usage/format", message, kind=kind, others=others, install=INSTALL_PACKAGES)


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def write_table(table: Table, kind: str, dialect: Dialect) -> bytes:
    """Return a table in one of the formats; equal tables give equal bytes."""
    if kind in ("csv", "tsv"):
        return write_separated(table, dialect._replace(delimiter="\t") if kind == "tsv" else dialect)
    if kind == "json":
        return write_json(table)
    if kind == "ndjson":
        return write_json_lines(table)
    if kind == "xlsx":
        return write_tables([table], kind, dialect)
    from shelterctl.tabular.parquet import write_parquet_file  # noqa: PLC0415 - an extra

    return write_parquet_file(table)


def write_tables(tables: Sequence[Table], kind: str, dialect: Dialect) -> bytes:
    """Return the only table in one of the formats, or several as the sheets of a workbook, with their codebook."""
    if kind != "xlsx":
        return write_table(tables[0], kind, dialect)
    from shelterctl.tabular.workbook import write_workbook  # noqa: PLC0415 - an extra

    return write_workbook([*tables, make_codebook(tables)])


def write_archive(tables: Sequence[Table], kind: str, dialect: Dialect, about: Mapping[str, Any]) -> bytes:
    """Return an archive of the tables with their data package and codebook."""
    packed = [PackedTable(one, f"{one.name}.{kind}", write_table(one, kind, dialect)) for one in tables]
    files = {one.path: one.data for one in packed}
    files[DESCRIPTION_FILE] = describe_tables(packed, kind, dialect, about)
    files[CODEBOOK_FILE] = write_codebook(tables)
    return pack_files(files)
