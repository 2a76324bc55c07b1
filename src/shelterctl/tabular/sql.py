"""Questions in SQL over tables in memory: the one module that imports sqlite3.

A question reads the tables that it names and nothing else. It cannot write, attach a file, load an extension, change a
setting, or run for ever; nothing is written to the disk.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.errors import UsageError
from shelterctl.tabular.table import TableColumn
from shelterctl.tabular.text import LIST_SEPARATOR
from shelterctl.ui_language import N_

SQL_REFUSED = N_("A question only reads: begin it with SELECT or WITH. It cannot write, attach or change anything.")
SQL_WRONG = N_("This is no SQL that can be answered. Look at the brackets, the commas and the order of the words.")
SQL_NAME_UNKNOWN = N_("A table or a column of this question is not there. See them with: shelterctl query --tables")
SQL_NAME_UNKNOWN_BUT_NEAR = N_("A table or a column of this question is not there. Did you mean {near}?")
SQL_NAME_AMBIGUOUS = N_(
    "A column of this question is in several tables. Put the name of its table before it, such as stays.state."
)
SQL_FUNCTION_REFUSED = N_("A function of this question is not there, or not allowed.")
SQL_VALUE_WRONG = N_("A value of this question is too long, or of a kind that does not fit.")
SQL_TOO_LONG = N_("The question took too long. Ask for less, or export the table and ask another program.")
ONE_QUESTION = N_("Ask one question at a time.")

READING = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip
ROWS_BESIDE_SUMS = re.compile(
    r"\bselect\b.*\bselect\b|\)\s*over\s*[(\w]|\b(?:values|window|rowid|oid|_rowid_)\b"
    r"|\b(?:group_concat|string_agg|jsonb?_group_\w+)\b",
    re.DOTALL,
)
"""The words by which a question with a sum can show rows too: a second question inside it or beside it, a window, the
number of a row, or a list of all values.
"""

FORBIDDEN_FUNCTIONS = {"load_extension", "zeroblob", "randomblob", "readfile", "writefile", "fts3_tokenizer"}

ADDING_STEPS = ("AggFinal", "AggValue", "Count")
"""The steps of the machine that end a sum, an average or a count."""

STEPS_BETWEEN_LOOKS, MOST_LOOKS = 100_000, 3_000
"""The steps of its machine that a question may take: 300 million, some ten seconds."""

LONGEST_VALUE = 1_000_000


class Answer(NamedTuple):
    """The columns and rows of an answer, and whether all of it was added up or counted."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_sum: bool


def find_tables(sql: str, names: Iterable[str]) -> dict[str, str]:
    """Return the tables that a question names, of those there are, by the word in the question: ``services`` is the
    table *service* where no table has that name itself.
    """
    words = list_words(sql)
    exact = {sql_name(name): name for name in names}
    plural = {f"{word}s": name for word, name in exact.items()}
    return {word: name for word, name in {**plural, **exact}.items() if word in words}


def without_values(sql: str) -> str:
    """Return a question in small letters without its values in quotation marks."""
    return re.sub(r"'[^']*'", "''", sql.casefold())


def list_words(sql: str) -> set[str]:
    """Return the words of a question, without its values."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", without_values(sql)))


def names_column(sql: str) -> Callable[[str], bool]:
    """Return whether a question may read a column of that name: a column that it does not name is not needed."""
    words = list_words(sql)
    whole = "*" in re.sub(r"count\s*\(\s*\*\s*\)", "", without_values(sql)) or "natural" in words
    return lambda name: whole or name.casefold() in words


def sql_name(table: str) -> str:
    """Return the name of a table in SQL: ``house-paper`` is ``house_paper``."""
    return table.replace("-", "_")


def ask(
    sql: str,
    tables: Iterable[tuple[str, Sequence[TableColumn], Iterable[tuple[Any, ...]]]],
    names: Iterable[str] = (),
) -> Answer:
    """Return the answer to a question over tables, each with its columns and rows.

    *names* are further names that may be meant where one is unknown. Raises UsageError for what does more than read, is
    no SQL, or takes too long.
    """
    base = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
    known: list[str] = [*names]
    try:
        base.execute("PRAGMA temp_store = MEMORY")
        for name, columns, rows in tables:
            known += [sql_name(name), *(one.name for one in columns)]
            _fill(base, sql_name(name), columns, rows)
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        base.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
        looks = iter(range(MOST_LOOKS))
        base.set_progress_handler(lambda: next(looks, None) is None, STEPS_BETWEEN_LOOKS)
        base.set_authorizer(_authorize)
        return _answer(base, sql)
    except (sqlite3.Warning, sqlite3.ProgrammingError) as error:
        raise UsageError("usage/sql", ONE_QUESTION) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_AUTH:
            raise UsageError("usage/sql", SQL_REFUSED) from error
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise UsageError("usage/sql", SQL_TOO_LONG) from error
        raise _explain(str(error), known) from None
    finally:
        base.close()


def _explain(said: str, known: Sequence[str]) -> UsageError:
    """Return the error for what the engine said, without the words of the question: they may be somebody's."""
    if named := re.match(r"no such (?:column|table): (?:\w+\.)?(\w+)", said):
        near = get_close_matches(named[1], known, 1)
        return UsageError("usage/sql", SQL_NAME_UNKNOWN_BUT_NEAR if near else SQL_NAME_UNKNOWN, near=near)
    if said.startswith("ambiguous column"):
        return UsageError("usage/sql", SQL_NAME_AMBIGUOUS)
    if "function" in said:
        return UsageError("usage/sql", SQL_FUNCTION_REFUSED)
    return UsageError("usage/sql", SQL_VALUE_WRONG if "too big" in said else SQL_WRONG)


def _answer(base: sqlite3.Connection, sql: str) -> Answer:
    plan = base.execute(f"EXPLAIN {sql}").fetchall()
    cursor = base.execute(sql)
    if cursor.description is None:
        raise UsageError("usage/sql", SQL_REFUSED)
    names = tuple(one[0] for one in cursor.description)
    adds = any(step[1] in ADDING_STEPS for step in plan)
    return Answer(names, cursor.fetchall(), adds and not ROWS_BESIDE_SUMS.search(without_values(sql)))


def _fill(base: sqlite3.Connection, name: str, columns: Sequence[TableColumn], rows: Iterable[tuple[Any, ...]]) -> None:
    kinds = {"integer": "INTEGER", "number": "NUMERIC", "boolean": "INTEGER"}
    written = ", ".join(f'"{one.name}" {kinds.get(one.type, "TEXT")}' for one in columns)
    base.execute(f'CREATE TABLE "{name}" ({written})')
    marks = ", ".join("?" * len(columns))
    base.execute("BEGIN")
    filling = f'INSERT INTO "{name}" VALUES ({marks})'  # noqa: S608 - the name is one of ours
    base.executemany(filling, (tuple(map(_sql_value, row)) for row in rows))
    base.execute("COMMIT")


def _sql_value(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | str):
        return cell
    if isinstance(cell, Decimal):
        return float(cell)
    return LIST_SEPARATOR.join(map(str, cell)) if isinstance(cell, list) else cell.isoformat()


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and second in FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
