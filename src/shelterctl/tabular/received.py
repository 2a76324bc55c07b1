"""An export as it was received: an archive or a folder, its description, and the rows of its tables in batches.

Nothing of it is believed: each size is bounded, each file is held to the digest in the description, and a row becomes
plain values before anything else sees it.
"""

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, NamedTuple

from shelterctl.errors import CannotOpen, Damaged, UsageError
from shelterctl.identity.key_file import is_age_file
from shelterctl.limits import HUB_BATCH_BYTES, HUB_EXPORT_BYTES, HUB_TABLE_BYTES, HUB_TABLE_ROWS
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.tabular.files import require_format
from shelterctl.tabular.package import CODEBOOK_FILE, DESCRIPTION_FILE
from shelterctl.tabular.parquet_pages import PagesTooLarge, find_largest_dictionary
from shelterctl.tabular.text import LIST_SEPARATOR
from shelterctl.ui_language import N_

EXPORT_NOT_THERE = N_("Export {number}: there is no such file or folder.")
EXPORT_DAMAGED = N_("Export {number} is damaged, or is no export of shelterctl.")
EXPORT_TOO_LARGE = N_("Export {number} is larger than an export can be, or unpacks to more.")
EXPORT_CLOSED = N_("Export {number} does not open with this key: it is encrypted for another one, or damaged.")
ASK_FOR_OWN_EXPORT = N_("Compare --identity with the dataset's key. Else ask the sender for the export again.")
ASK_FOR_EXPORT_AGAIN = N_(
    "Nothing was added. Ask the sender for the file again, made with: shelterctl export TABLES --out FILE.zip.age"
)
EXPORT_FORMAT_WRONG = N_("Export {number}: its tables are in a format that is not read here.")
EXPORT_AS_PARQUET = N_("Ask for them as Parquet or csv: shelterctl export TABLES --out FILE.zip.age --format parquet")

DESCRIPTION_BYTES, FILES_IN_EXPORT, LONGEST_LINE = 16 << 20, 512, 1 << 20
ROWS_AT_A_TIME = 10_000

SEPARATED = {"csv": ",", "tsv": "\t"}
"""The formats of separated values, each with its usual sign."""

ROWS_OF_ARROW = 1024
"""The rows that Arrow reads at a time by itself."""

TROUBLE_OF_ARCHIVES = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError,
    AttributeError, RecursionError, csv.Error,
)  # fmt: skip
"""The errors that Python raises where an archive, a description or a table is not what it should be."""


class ReceivedTable(NamedTuple):
    """A table of an export: its name, its format, its columns with their types, and how its file is opened."""

    name: str
    kind: str
    fields: Sequence[tuple[str, str]]
    delimiter: str
    open: Callable[[], IO[bytes]]


class ReceivedExport(NamedTuple):
    """An export: its number on the command line, what it says of itself, its tables, and two digests.

    *package* is the sha256 of its description, which names the digest of each file; *sha256* that of the archive.
    """

    number: int
    about: Mapping[str, Any]
    tables: Sequence[ReceivedTable]
    package: str
    sha256: str


class _Files(NamedTuple):
    """The files of an export: the size of each by its name, how one is opened, and the sha256 of the archive, if "
    "any."""

    sizes: Mapping[str, int]
    open: Callable[[str], IO[bytes]]
    sha256: str


def receive_export(path: Path, number: int, unseal: Callable[[bytes], bytes]) -> ReceivedExport:
    """Return the export in a file or a folder, each of its files held to its digest; *unseal* opens an age file.

    Raises UsageError for a file that is not there or a format that is not read, Damaged for anything that is no export.
    """
    if not path.exists():
        raise UsageError("hub/no-export", EXPORT_NOT_THERE, number=number)
    with damage_of_export(number):
        files = _open_folder(path) if path.is_dir() else _open_archive(path, number, unseal)
        described = _read_whole(files, DESCRIPTION_FILE, DESCRIPTION_BYTES, number)
        about = json.loads(described)
        tables = [_receive_table(files, one, number) for one in about["resources"]]
        known = {DESCRIPTION_FILE, CODEBOOK_FILE, *(one["path"] for one in about["resources"])}
        if files.sizes.keys() - known or len({one.name for one in tables}) != len(tables):
            raise damaged_export_error(number)
        package = hashlib.sha256(described).hexdigest()
    return ReceivedExport(number, about, tables, package, files.sha256 or package)


@contextmanager
def damage_of_export(number: int) -> Iterator[None]:
    """Turn what Python says of a broken archive or table into the error for a damaged export."""
    try:
        yield
    except PagesTooLarge as trouble:
        raise damaged_export_error(number, too_large=True) from trouble
    except TROUBLE_OF_ARCHIVES as trouble:
        raise damaged_export_error(number) from trouble
    except Exception as trouble:  # Arrow has an exception of its own for each fault of a file
        if type(trouble).__module__.startswith("arro3"):
            raise damaged_export_error(number) from None
        raise


def damaged_export_error(number: int, *, too_large: bool = False) -> Damaged:
    """Return the error for a file that is no whole export."""
    said = EXPORT_TOO_LARGE if too_large else EXPORT_DAMAGED
    return Damaged("hub/damaged-export", said, hint=ASK_FOR_EXPORT_AGAIN, number=number)


def _open_folder(path: Path) -> _Files:
    with translate_disk_errors(path.name):
        sizes = {name: (path / name).lstat().st_size for name in list_folder(path)}

    def open_one(name: str) -> IO[bytes]:
        with translate_disk_errors(name):
            return io.BytesIO(read_plain_file(path / name, HUB_EXPORT_BYTES))

    return _Files(sizes, open_one, "")


def _open_archive(path: Path, number: int, unseal: Callable[[bytes], bytes]) -> _Files:
    with translate_disk_errors(path.name):
        data = read_plain_file(path, HUB_EXPORT_BYTES)
    if not data.startswith(b"PK"):
        if not is_age_file(data):
            raise damaged_export_error(number)
        try:
            data = unseal(data)
        except CannotOpen as trouble:
            raise CannotOpen("hub/closed-export", EXPORT_CLOSED, hint=ASK_FOR_OWN_EXPORT, number=number) from trouble
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    names = [one.filename for one in entries]
    if len({*names}) != len(names) or any(one.flag_bits & 1 for one in entries):
        raise damaged_export_error(number)
    if len(names) > FILES_IN_EXPORT or sum(one.file_size for one in entries) > HUB_TABLE_BYTES:
        raise damaged_export_error(number, too_large=True)
    if archive.testzip() is not None:
        raise damaged_export_error(number)
    return _Files({one.filename: one.file_size for one in entries}, archive.open, hashlib.sha256(data).hexdigest())


def _read_whole(files: _Files, name: str, most: int, number: int) -> bytes:
    if files.sizes[name] > most:
        raise damaged_export_error(number, too_large=True)
    with files.open(name) as stream:
        return stream.read(most + 1)


def _receive_table(files: _Files, said: Mapping[str, Any], number: int) -> ReceivedTable:
    path, kind = str(said["path"]), str(said["format"])
    name, _, ending = path.rpartition(".")
    if kind not in (*SEPARATED, "parquet") or any("decimalChar" in one for one in said["schema"]["fields"]):
        raise UsageError("hub/format", EXPORT_FORMAT_WRONG, hint=EXPORT_AS_PARQUET, number=number)
    if kind == "parquet":
        require_format(kind, tuple(SEPARATED))
    if ending != kind or "/" in name or "\\" in name:
        raise damaged_export_error(number)
    counted, digest = 0, hashlib.sha256()
    with files.open(path) as stream:
        while piece := stream.read(1 << 20):
            counted += len(piece)
            digest.update(piece)
    if (counted, f"sha256:{digest.hexdigest()}") != (said["bytes"], said["hash"]):
        raise damaged_export_error(number)
    fields = [(str(one["name"]), str(one["type"])) for one in said["schema"]["fields"]]
    delimiter = str(said.get("dialect", {}).get("delimiter", SEPARATED.get(kind, "")))
    return ReceivedTable(name, kind, fields, delimiter, lambda: files.open(path))


def read_batches(table: ReceivedTable, number: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a table, some thousands at a time, as plain values: None, text, numbers, yes/no, lists.

    A cell that is not of its column's type stays the text that it is. Raises Damaged for a table that is broken off,
    has other columns than its description, or more rows than a house can have.
    """
    counted = 0
    with damage_of_export(number):
        for batch in _parquet_batches(table) if table.kind == "parquet" else _separated_batches(table):
            counted += len(batch)
            if counted > HUB_TABLE_ROWS:
                raise damaged_export_error(number, too_large=True)
            yield batch


def _parquet_batches(table: ReceivedTable) -> Iterator[Sequence[tuple[Any, ...]]]:
    from arro3.io import read_parquet  # noqa: PLC0415 - an extra

    with table.open() as stream:
        data = stream.read(HUB_EXPORT_BYTES)
    rows = HUB_BATCH_BYTES // max(find_largest_dictionary(data), 1)
    reader = read_parquet(io.BytesIO(data), batch_size=min(rows, ROWS_OF_ARROW))
    names = [one for one, _ in table.fields]
    for batch in reader:
        if batch.column_names != names:
            raise ValueError
        yield [*zip(*(batch.column(place).to_pylist() for place in range(len(names))), strict=True)]


def _separated_batches(table: ReceivedTable) -> Iterator[Sequence[tuple[Any, ...]]]:
    with table.open() as stream:
        rows = csv.reader(_lines(io.TextIOWrapper(stream, "utf-8-sig", newline="")), delimiter=table.delimiter)
        if next(rows) != [name for name, _ in table.fields]:
            raise ValueError
        readers = [TYPED_TEXT.get(kind, str) for _, kind in table.fields]
        held: list[tuple[Any, ...]] = []
        for row in rows:
            held.append(tuple(read(cell) if cell else None for read, cell in zip(readers, row, strict=True)))
            if len(held) == ROWS_AT_A_TIME:
                yield held
                held = []
        yield held


def _lines(text: io.TextIOWrapper) -> Iterable[str]:
    """Yield the lines of a text; a line without end would fill the memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError
        yield line


def _read_number(cell: str) -> Decimal | str:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return cell


TYPED_TEXT: Mapping[str, Callable[[str], Any]] = {
    "boolean": lambda cell: {"true": True, "false": False}.get(cell, cell),
    "integer": lambda cell: int(cell) if cell.removeprefix("-").isdecimal() and len(cell) < 19 else cell,
    "number": _read_number,
    "list": lambda cell: cell.split(LIST_SEPARATOR),
}
"""The readers of the cells of separated values, by the type of their column."""
