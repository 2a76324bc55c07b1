"""The contract of a de-identified table: its columns as `export` gives them without ``--exact``, and their values.

A column that is not listed here may hold anything, names included; a value that no code of its column explains may be
somebody's name. Both keep a whole export out. Messages say the table and the column, never what was found.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.core.tables.columns import UNREGISTERED_CODE
from shelterctl.core.tables.exported import EXPORT_ID_LENGTH, ExportedColumn, ExportedTable
from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.errors import Conflict
from shelterctl.hub.manifest import SENDER_COLUMN, UPDATE_THE_PROGRAM, DatasetColumn
from shelterctl.tabular.package import EXPORT_FORMAT, EXPORT_FORMAT_KEY
from shelterctl.tabular.received import ReceivedExport, ReceivedTable
from shelterctl.tabular.sql import sql_name
from shelterctl.tabular.table import TableColumn
from shelterctl.ui_language import N_

EXPORT_IS_NEWER = N_("A newer version of shelterctl made export {number}, with columns that this one does not know.")
EXPORT_IS_EXACT = N_(
    "Export {number} has days, ages or codes of staff: it was made with --exact, or does not say that it was not."
)
EXPORT_HAS_LABELS = N_("Export {number} has words in place of codes. Ask for it without --labels.")
EXPORT_IS_INCOMPLETE = N_(
    "Export {number} lacks rows: files of its store could not be read when it was made. Ask for it again once they are "
    "repaired."
)
EXPORT_IS_PART = N_("Export {number} has the rows of a condition alone. Ask for it without --where.")
EXPORT_OF_OTHER_MANUAL = N_("Export {number} was made by another manual, whose codes mean something else.")
NO_TABLE_OF_EXPORTS = N_(
    "Export {number}, its table {table}: no table of this name is exported, so its columns may say anything."
)
NO_COLUMN_OF_EXPORTS = N_(
    "Export {number}, {table}, column {column}: an export without --exact has no such column. It may show who "
    "somebody is."
)
NO_VALUE_OF_COLUMN = N_(
    "Export {number}, {table}.{column}: there are values that are not its codes, so they may be a name, a number or"
    " words of "
    "somebody. Rows: {count}. The first of them: {row}."
)

OWN_MONTHS = ("month", "date_month")
"""The columns with the month of a row itself; a table without them is dated by its first month."""

ID = re.compile(f"[{ID_ALPHABET}]{{{EXPORT_ID_LENGTH}}}")
MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
QUARTER = re.compile(r"(?:19|20)[0-9]{2}-Q[1-4]")
REGISTERED = re.compile(r"[a-z][a-z0-9]{0,31}(?:-[a-z0-9]{1,31}){0,5}")
LETTERS_OF_OPEN_LISTS = {"language": re.compile(r"[a-z]{2,3}"), "country": re.compile(r"[A-Z]{2}")}

LARGEST_COUNT, LARGEST_SUM = 100_000, Decimal(1_000_000_000)
"""The largest whole number and the largest sum of a row; a telephone or passport number is longer."""

ValueTest = Callable[[Any], bool]


class ColumnRule(NamedTuple):
    """A column that may be in a dataset, and whether a value may be in it."""

    column: DatasetColumn
    allows: ValueTest


class TableRule(NamedTuple):
    """A table that may be in a dataset: its name in SQL, its columns by name, and the column whose year its rows "
    "have."""

    name: str
    columns: Mapping[str, ColumnRule]
    dated_by: str | None

    @property
    def dataset_columns(self) -> list[DatasetColumn]:
        """The columns of its files: who sent the row, then its own."""
        return [DatasetColumn(SENDER_COLUMN, "string"), *(one.column for one in self.columns.values())]


def table_rule(table: ExportedTable) -> TableRule:
    """Return the rule of a table that `export` makes."""
    columns = {
        one.name: ColumnRule(DatasetColumn(one.name, one.type, one.several, one.is_id), _value_test(one))
        for one in table.columns
    }
    months = [name for name, one in columns.items() if one.column.type == "yearmonth"]
    own = (name for name in (*OWN_MONTHS, *months) if name in months)
    return TableRule(sql_name(table.name), columns, next(own, None))


def _value_test(one: ExportedColumn) -> ValueTest:
    """Return whether a value that is not None may be in a column."""
    if one.type == "boolean":
        return lambda value: isinstance(value, bool)
    if one.type == "integer":
        return lambda value: type(value) is int and abs(value) <= LARGEST_COUNT
    if one.type == "number":
        return lambda value: isinstance(value, Decimal) and value.is_finite() and abs(value) <= LARGEST_SUM
    return _text_test(one)


def _text_test(one: ExportedColumn) -> ValueTest:
    codes, kind = frozenset(one.codes), one.column.kind
    shapes = {"id": ID, "entry": ID, "quarter": QUARTER, "party": REGISTERED}
    shape = MONTH if one.type == "yearmonth" else shapes.get(kind) or LETTERS_OF_OPEN_LISTS.get(one.column.open or "")
    if shape is None:
        return lambda value: value in codes
    return lambda value: value in codes or value == UNREGISTERED_CODE or bool(shape.fullmatch(value))


def arrow_columns(columns: Iterable[DatasetColumn]) -> list[TableColumn]:
    """Return columns of a dataset as the writer of Parquet has them."""
    return [TableColumn(one.name, one.type, {"en": one.name}, one.several) for one in columns]


def judge_description(received: ReceivedExport, edition: str, revision: int) -> Iterator[Finding]:
    """Yield what keeps an export out by what it says of itself; Conflict for one that a newer program made."""
    about, number = received.about, received.number
    manual = about.get("manual") or {}
    if about.get(EXPORT_FORMAT_KEY, 1) not in range(1, EXPORT_FORMAT + 1) or manual.get("revision", 0) > revision:
        raise Conflict("hub/newer-export", EXPORT_IS_NEWER, hint=UPDATE_THE_PROGRAM, number=number)
    facts = {"number": number}
    wrong = (
        (about.get("exact") is not False, Finding(code="hub/exact", message=EXPORT_IS_EXACT, facts=facts)),
        (bool(about.get("labels")), Finding(code="hub/labels", message=EXPORT_HAS_LABELS, facts=facts)),
        (bool(about.get("conditions")), Finding(code="hub/part", message=EXPORT_IS_PART, facts=facts)),
        (bool(about.get("unread")), Finding(code="hub/incomplete", message=EXPORT_IS_INCOMPLETE, facts=facts)),
        (
            manual.get("edition", edition) != edition,
            Finding(code="hub/other-manual", message=EXPORT_OF_OTHER_MANUAL, facts=facts),
        ),
    )
    yield from (finding for holds, finding in wrong if holds)


def judge_columns(received: ReceivedExport, rules: Mapping[str, TableRule]) -> Iterator[Finding]:
    """Yield a finding for each table and column that exports without ``--exact`` do not have, by its number."""
    for place, table in enumerate(received.tables, 1):
        if table.name not in rules:
            facts: dict[str, object] = {"number": received.number, "table": place}
            yield Finding(code="hub/no-table", message=NO_TABLE_OF_EXPORTS, where=f"/{place}", facts=facts)
            continue
        for column, (name, kind) in enumerate(table.fields, 1):
            rule = rules[table.name].columns.get(name)
            if rule is None or kind not in _types_of(rule.column) or [one for one, _ in table.fields].count(name) > 1:
                facts = {"number": received.number, "table": table.name, "column": column}
                yield Finding(
                    code="hub/no-column", message=NO_COLUMN_OF_EXPORTS, where=f"/{table.name}/{column}", facts=facts
                )


def _types_of(column: DatasetColumn) -> tuple[str, ...]:
    """Return the types that a description may give a column."""
    return ("array", "list") if column.several else (column.type,)


class ValueJudge:
    """The search for values that no column explains, in the rows of one table of an export as they go by."""

    def __init__(self, received: ReceivedExport, table: ReceivedTable, rule: TableRule) -> None:
        self._number, self._table, self._seen = received.number, table.name, 0
        self._rules = [rule.columns[name] for name, _ in table.fields]
        self._allowed: list[set[Any]] = [set() for _ in self._rules]
        self._wrong: dict[str, tuple[int, int]] = {}

    def look(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Look at some rows, which follow those that were looked at before."""
        for place, rule in enumerate(self._rules):
            for at, row in enumerate(rows, self._seen + 1):
                if not self._is_allowed(rule, row[place], self._allowed[place]):
                    count, first = self._wrong.get(rule.column.name, (0, at))
                    self._wrong[rule.column.name] = (count + 1, first)
        self._seen += len(rows)

    def _is_allowed(self, rule: ColumnRule, cell: Any, known: set[Any]) -> bool:
        """Whether a cell may be there; what was allowed once is remembered, unless it is an id."""
        if cell is None or (not isinstance(cell, list) and not rule.column.is_id and (type(cell), cell) in known):
            return True
        if rule.column.several is not isinstance(cell, list):
            return False
        if isinstance(cell, list):
            return all(isinstance(one, str) and rule.allows(one) for one in cell)
        if rule.column.type in ("string", "yearmonth") and not isinstance(cell, str):
            return False
        if fine := rule.allows(cell):
            known.add((type(cell), cell))
        return fine

    @property
    def findings(self) -> Iterator[Finding]:
        """A finding for each column that has such values."""
        for column, (count, row) in self._wrong.items():
            facts: dict[str, object] = {"number": self._number, "table": self._table, "column": column}
            yield Finding(
                code="hub/no-code", message=NO_VALUE_OF_COLUMN, where=f"/{self._table}/{column}",
                facts={**facts, "count": count, "row": row},
            )  # fmt: skip
