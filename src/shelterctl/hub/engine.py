"""Questions in SQL over a dataset, answered by DuckDB: the one module that imports it.

DuckDB reads the files that the manifest names and nothing else: no other file, no network, no extension; it writes
nothing, also no temporary file, and takes one SELECT.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shelterctl.errors import Damaged, UsageError
from shelterctl.hub.manifest import SENDER_COLUMN, YEAR_COLUMN, DataFile, Manifest
from shelterctl.hub.statements import make_view
from shelterctl.tabular.sql import (
    ONE_QUESTION,
    SQL_FUNCTION_REFUSED,
    SQL_REFUSED,
    SQL_TOO_LONG,
    SQL_VALUE_WRONG,
    SQL_WRONG,
    Answer,
    list_words,
)
from shelterctl.tabular.text import LIST_SEPARATOR
from shelterctl.ui_language import N_, Marked

INSTALL_ENGINE = "pip install 'shelterctl[hub]'"

ENGINE_MISSING = N_("DuckDB is not installed here, and it answers these questions.")
INSTALL_ENGINE_HINT = N_(
    "Install it: {install}. Or give the statements of 'shelterctl hub sql DIR' to an engine that is there."
)
HUB_NAME_UNKNOWN = N_(
    "A table or a column of this question is not in the dataset. See them with: shelterctl hub sql DIR"
)
HUB_NAME_UNKNOWN_BUT_NEAR = N_("A table or a column of this question is not in the dataset. Did you mean {near}?")
DATA_FILE_UNREADABLE = N_("A file with rows of the dataset cannot be read.")
DATA_FILE_MISSING = N_("A file with rows of the dataset is missing, or has another size: {file}.")
SEE_HUB_CHECK = N_("See which with: shelterctl hub check DIR")

LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "temp_directory": "",
}
"""The settings with which DuckDB begins."""

LOCKS = (
    "SET enable_external_access = false", "SET python_enable_replacements = false", "SET lock_configuration = true",
)  # fmt: skip
"""The statements that shut the engine before the question is asked; nothing opens it again."""

ADDING_FUNCTIONS = frozenset(("count", "count_star", "sum", "avg", "min", "max", "median"))
HARMLESS_FUNCTIONS = ADDING_FUNCTIONS | frozenset(
    (
        "+", "-", "*", "/", "//", "%", "round", "coalesce", "lower", "upper", "left", "right", "substr", "substring",
        "length", "list_contains", "array_contains", "list_has", "array_has", "in", "not", "||", "concat", "least",
        "greatest",
    )
)  # fmt: skip
"""The functions of a question that adds up; with any other one it might show rows."""

TABLES_OF_SUMS = frozenset(("SELECT_NODE", "BASE_TABLE", "JOIN", "EMPTY"))


def require_engine() -> None:
    """Raise UsageError if DuckDB is not installed."""
    if find_spec("duckdb") is None:
        raise UsageError("usage/format", ENGINE_MISSING, hint=INSTALL_ENGINE_HINT, install=INSTALL_ENGINE)


def ask_dataset(folder: Path, manifest: Manifest, sql: str) -> Answer:
    """Return the answer to a question over the tables of a dataset.

    Raises UsageError for what does more than read, is no SQL, or names what is not there; Damaged for a file that is
    missing or cannot be read.
    """
    import duckdb  # noqa: PLC0415 - an extra

    words = list_words(sql)
    named = [name for name in manifest.tables if name in words]
    with _explained(manifest, named), duckdb.connect(":memory:", config=LOCKED) as base:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1:
            raise UsageError("usage/sql", ONE_QUESTION if statements else SQL_WRONG)
        if statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("usage/sql", SQL_REFUSED)
        paths = [str(path) for name in named for path in whole_files(folder, manifest.files_of(name))]
        base.execute("SET allowed_paths = $paths", {"paths": paths})
        for name in named:
            base.execute(make_view(folder, name, manifest))
        for lock in LOCKS:
            base.execute(lock)
        is_sum = _adds_up(base, sql, id_columns(manifest))
        asked = base.execute(sql)
        columns = tuple("count(*)" if one[0] == "count_star()" else one[0] for one in asked.description)
        return Answer(columns, [tuple(map(_plain_cell, row)) for row in asked.fetchall()], is_sum)


def whole_files(folder: Path, files: Sequence[DataFile]) -> Iterator[Path]:
    """Yield the path of each file, which is there and has its size. Raises Damaged for another one."""
    for one in files:
        path = folder.resolve() / one.path
        if path.is_symlink() or not path.is_file() or path.stat().st_size != one.bytes:
            raise Damaged("hub/files", DATA_FILE_MISSING, hint=SEE_HUB_CHECK, file=one.path)
        yield path


def id_columns(manifest: Manifest) -> set[str]:
    """Return the names of columns that hold ids in some table."""
    return {one.name for columns in manifest.tables.values() for one in columns if one.is_id}


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, list):
        return LIST_SEPARATOR.join(map(str, cell))
    return cell if cell is None or isinstance(cell, bool | int | float | str) else str(cell)


def _adds_up(base: Any, sql: str, ids: Collection[str]) -> bool:
    """Whether all that a question shows is counted or added up, by groups that are no ids.

    DuckDB's own reading of it decides: one SELECT over tables, with functions that are known, none of them a window.
    """
    (said,) = base.execute("SELECT json_serialize_sql($sql::VARCHAR)", {"sql": sql}).fetchone()
    read = json.loads(said)
    if read["error"]:
        return False
    node = read["statements"][0]["node"]
    nodes = [*_nodes(node)]
    tables = [one["type"] for one in nodes if "sample" in one]
    functions = [str(one["function_name"]) for one in nodes if one.get("class") == "FUNCTION"]
    shown = [*_nodes(node.get("select_list"))]
    kinds = {one.get("class") for one in nodes}
    names = {str(one["column_names"][-1]).casefold() for one in nodes if one.get("class") == "COLUMN_REF"}
    return (
        tables.count("SELECT_NODE") == 1
        and {*tables} <= TABLES_OF_SUMS
        and {*functions} <= HARMLESS_FUNCTIONS
        and not kinds & {"SUBQUERY", "WINDOW", "LAMBDA"}
        and "STAR" not in {one.get("class") for one in shown}
        and names.isdisjoint(ids)
        and any(one.get("function_name") in ADDING_FUNCTIONS for one in shown)
    )


def _nodes(read: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping in what DuckDB read."""
    if isinstance(read, dict):
        yield read
    for one in read.values() if isinstance(read, dict) else read if isinstance(read, list) else ():
        yield from _nodes(one)


@contextmanager
def _explained(manifest: Manifest, named: Sequence[str]) -> Iterator[None]:
    """Turn what DuckDB says into an error without the words of the question: they may be somebody's."""
    import duckdb  # noqa: PLC0415 - an extra

    refusals: dict[type[duckdb.Error], Marked] = {
        duckdb.ParserException: SQL_WRONG,
        duckdb.PermissionException: SQL_REFUSED,
        duckdb.InvalidInputException: SQL_REFUSED,
        duckdb.NotImplementedException: SQL_WRONG,
        duckdb.ConversionException: SQL_VALUE_WRONG,
        duckdb.OutOfRangeException: SQL_VALUE_WRONG,
        duckdb.OutOfMemoryException: SQL_TOO_LONG,
    }
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as trouble:
        raise _unknown_name(str(trouble), manifest, named) from None
    except duckdb.IOException:
        raise Damaged("hub/files", DATA_FILE_UNREADABLE, hint=SEE_HUB_CHECK) from None
    except duckdb.Error as trouble:
        if type(trouble) is not duckdb.PermissionException and "parquet" in str(trouble).casefold():
            raise Damaged("hub/files", DATA_FILE_UNREADABLE, hint=SEE_HUB_CHECK) from None
        raise UsageError("usage/sql", refusals.get(type(trouble), SQL_WRONG)) from None


def _unknown_name(said: str, manifest: Manifest, named: Sequence[str]) -> UsageError:
    """Return the error for a name that is not there, with one that is near."""
    if "unction" in said.partition("\n")[0]:
        return UsageError("usage/sql", SQL_FUNCTION_REFUSED)
    found = re.search(r'(?:Table with name |column "?)(\w+)', said)
    columns = (one.name for name in named for one in manifest.tables[name])
    near = get_close_matches(found[1], [*manifest.tables, *columns, SENDER_COLUMN, YEAR_COLUMN], 1) if found else []
    if not found:
        return UsageError("usage/sql", SQL_WRONG)
    return UsageError("usage/sql", HUB_NAME_UNKNOWN_BUT_NEAR if near else HUB_NAME_UNKNOWN, near=near)
