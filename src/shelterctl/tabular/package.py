"""The description of exported tables: a data package and a codebook, made of their columns; and the archive of all."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.language import Text
from shelterctl.tabular.table import Table, TableColumn
from shelterctl.tabular.text import LIST_SEPARATOR, Dialect

DESCRIPTION_FILE, CODEBOOK_FILE = "datapackage.json", "codebook.csv"

MEDIA_TYPES = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "ndjson": "application/x-ndjson", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip

CODEBOOK_COLUMNS = (
    "table", "name", "type", "several", "label_en", "label_ru", "label_ky", "codes", "clause", "definition", "column",
)  # fmt: skip

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
        said["dialect"] = {"delimiter": "\t" if kind == "tsv" else dialect.delimiter, "header": True}
    said["schema"] = {"fields": [_describe_column(each, dialect) for each in one.table.columns], "missingValues": [""]}
    return said


def _describe_column(column: TableColumn, dialect: Dialect) -> dict[str, Any]:
    said: dict[str, Any] = {"name": column.name, "type": "list" if column.several else column.type}
    said["title"] = column.text["en"]
    if column.definition:
        said["description"] = column.definition
    if column.several:
        said |= {"delimiter": LIST_SEPARATOR, "itemType": "string"}
    elif column.codes:
        said["categories"] = [{"value": code, "label": text["en"]} for code, text in column.codes.items()]
    if column.type == "number" and dialect.decimal != ".":
        said["decimalChar"] = dialect.decimal
    if column.required:
        said["constraints"] = {"required": True}
    return said


def write_codebook(tables: Sequence[Table]) -> bytes:
    """Return a row for each column of the tables: its words in three languages, its codes, its clause."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(CODEBOOK_COLUMNS)
    for table in tables:
        for one in table.columns:
            labels = [_text_in(one.text, language) for language in ("en", "ru", "ky")]
            codes = LIST_SEPARATOR.join(f"{code}={text['en']}" for code, text in one.codes.items())
            several = "yes" if one.several else "no"
            writer.writerow(
                [table.name, one.name, one.type, several, *labels, codes, one.clause or "", one.definition, one.source]
            )
    return written.getvalue().encode()


def _text_in(text: Text, language: str) -> str:
    return text.get(language) or text["en"]


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files, in this order; equal files give equal bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, OLDEST_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(entry, data)
    return written.getvalue()
