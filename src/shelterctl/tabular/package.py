"""The description of exported tables: a data package and a codebook, made of their columns; and the archive of all."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.tabular.table import Table, TableColumn, words_in
from shelterctl.tabular.text import LIST_SEPARATOR, Dialect, write_separated

DESCRIPTION_FILE, CODEBOOK_FILE = "datapackage.json", "codebook.csv"

EXPORT_FORMAT_KEY, EXPORT_FORMAT = "export", 2
"""The key of a description that says in which form an export is, and the form of this version; 0.6.0 wrote none."""

MEDIA_TYPES = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "ndjson": "application/x-ndjson", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip

CODEBOOK, CODEBOOK_COLUMNS = "codebook", (
    "table", "name", "type", "several", "label_en", "label_ru", "label_ky", "codes", "codes_ru", "clause", "definition",
    "column",
)  # fmt: skip

FORMATS_WITH_LISTS = ("json", "ndjson", "parquet")
"""Formats in which a cell can be a list; in the others its values are joined."""

OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the first that the format can say."""


class PackedTable(NamedTuple):
    """A table with the file that holds it: its name and its bytes."""

    table: Table
    path: str
    data: bytes


def describe_tables(packed: Sequence[PackedTable], kind: str, dialect: Dialect, about: Mapping[str, Any]) -> bytes:
    """Return the data package of some files, as `Data Package 2.0 <https://datapackage.org>`_ defines it."""
    resources = [_describe_resource(one, kind, dialect) for one in packed]
    package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", **about, "resources": resources}
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _describe_resource(one: PackedTable, kind: str, dialect: Dialect) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": one.table.name.replace("_", "-"),
        "path": one.path,
        "title": one.table.text["en"],
        "type": "table",
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "encoding": "utf-8",
        "bytes": len(one.data),
        "hash": f"sha256:{hashlib.sha256(one.data).hexdigest()}",
    }
    if kind in ("csv", "tsv"):
        sign = "\t" if kind == "tsv" else dialect.delimiter
        said["dialect"] = {"delimiter": sign, "lineTerminator": "\n", "header": True}
    elif kind == "xlsx":
        said["dialect"] = {"sheetNumber": 1, "header": True}
    fields = [_describe_column(each, kind, dialect) for each in one.table.columns]
    said["schema"] = {"fields": fields, "missingValues": [""]}
    return said


def _describe_column(column: TableColumn, kind: str, dialect: Dialect) -> dict[str, Any]:
    said: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.text["en"]}
    if column.definition:
        said["description"] = column.definition
    if column.several:
        said |= {"type": "array"} if kind in FORMATS_WITH_LISTS else _list_type()
    elif column.codes and not column.open:
        said["categories"] = [{"value": code, "label": text["en"]} for code, text in column.codes.items()]
    if column.type == "number" and kind == "csv" and dialect.decimal != ".":
        said["decimalChar"] = dialect.decimal
    if column.type == "yearmonth" and kind == "csv" and dialect.for_excel:
        said |= {"type": "string", "example": '="2026-01"'}
    if column.type == "datetime":
        said["format"] = "%Y-%m-%dT%H:%M"
    if column.required:
        said["constraints"] = {"required": True}
    return said


def _list_type() -> dict[str, Any]:
    return {"type": "list", "delimiter": LIST_SEPARATOR, "itemType": "string"}


def make_codebook(tables: Sequence[Table]) -> Table:
    """Return a table with a row for each column of the tables: its words in three languages, its codes, its clause."""
    columns = [
        TableColumn(name, "boolean" if name == "several" else "string", {"en": name}) for name in CODEBOOK_COLUMNS
    ]
    rows = [(table.name, *_codebook_row(one)) for table in tables for one in table.columns]
    return Table(CODEBOOK, {"en": CODEBOOK}, columns, rows)


def _codebook_row(one: TableColumn) -> tuple[Any, ...]:
    codes = [
        "\n".join(f"{code} = {words_in(text, language)}" for code, text in one.codes.items())
        for language in ("en", "ru")
    ]
    labels = [words_in(one.text, language) for language in ("en", "ru", "ky")]
    return (one.name, one.type, one.several, *labels, *codes, one.clause, one.definition, one.source)


def write_codebook(tables: Sequence[Table]) -> bytes:
    """Return the codebook of the tables as separated values."""
    return write_separated(make_codebook(tables), Dialect())


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files, in this order; equal files give equal bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, OLDEST_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(entry, data)
    return written.getvalue()
