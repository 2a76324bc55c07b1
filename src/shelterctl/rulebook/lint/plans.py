"""Checks of a plan: each table counts what has a day, by columns of codes, and nothing in it points at one person."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shelterctl.core.manual.plan import Plan, PlanTable
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.lists import SUBJECTS_OF_LISTS, ListTable, make_subject_table
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.rulebook.lint.reports import is_countable
from shelterctl.ui_language import N_, Marked

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

MOST_TABLE_COLUMNS = 2
"""The most columns by which one table is broken down: a third property finds single persons."""

COUNTED_ONCE = N_("one person can be in several periods, so these counts could be subtracted; count entries with a day")
COLUMN_OF_CODES = N_(
    "a plan is broken down and limited by codes alone; this column is of the kind {kind} and can point at one person"
)
COLUMN_IS_SHARP = N_("this column can point at one person, so nothing is published by it")
ONE_OR_TWO_COLUMNS = N_("a table is broken down by one or two columns; write another table for a third")
CROSSED_TWO = N_("a crossed table has exactly two columns, and nobody has two answers in either of them")
MERGED_UNUSED = N_("no table of this plan is broken down by this column")
MERGED_TWICE = N_("this answer is merged into two others; each belongs to one")
MERGED_HIDES_CODE = N_("this is also an answer of the column that is not merged here; choose another name")
SHORTEST_NAME = N_("write the shortest name of this column, so that all plans call it alike: {name}")
LIMIT_MISSING = N_("this rulebook has no such limit; name one that it has")
ROUNDING_TOO_COARSE = N_("the base of rounding is at least 2 and at most the limit {least}")


def check_plan(file: RulebookFile, plan: Plan, rulebook: "Rulebook") -> None:
    """Collect the mistakes of a plan in its file."""
    least = rulebook.least_of_plan(plan)
    if least is None:
        file.errors.append(file.error_at("rule", "/least", LIMIT_MISSING))
    elif plan.rounding is not None and not 1 < plan.rounding <= least:
        file.errors.append(file.error_at("rule", "/rounding", ROUNDING_TOO_COARSE, least=least))
    by: dict[str, Column] = {}
    for name, table in plan.tables.items():
        by |= _TableCheck(file, pointer_below("/tables", name), plan, table, rulebook).run()
    for name in plan.merged:
        at = pointer_below("/merged", name)
        if name not in {one for table in plan.tables.values() for one in table.by}:
            file.errors.append(file.error_at("rule", at, MERGED_UNUSED))
        elif name in by:
            _check_merged(file, at, plan, by[name])


def _check_merged(file: RulebookFile, at: str, plan: Plan, column: Column) -> None:
    """Collect merged answers that the column does not have, or that are merged twice."""
    seen: set[str] = set()
    merged = plan.merged[column.name if column.name in plan.merged else column.name.rpartition(".")[2]]
    for code, one in merged.items():
        for answer, place in words_with_places(pointer_below(at, code, "of"), one.of):
            file.collect(file.require_known, place, answer, column.answers)
            if answer in seen:
                file.errors.append(file.error_at("rule", place, MERGED_TWICE))
            seen.add(answer)
    for code in merged:
        if code in {*column.answers} - seen:
            file.errors.append(file.error_at("rule", pointer_below(at, code), MERGED_HIDES_CODE))


class _TableCheck:
    """The check of one table at a place of its file."""

    def __init__(self, file: RulebookFile, place: str, plan: Plan, table: PlanTable, rulebook: "Rulebook") -> None:
        self.file, self.place, self.plan, self.table, self.rulebook = file, place, plan, table, rulebook

    def run(self) -> Mapping[str, Column]:
        """Collect the mistakes of the table; return the columns by which it is broken down."""
        table, tracks = self.table, self.rulebook.tracks
        known = [*SUBJECTS_OF_LISTS, *(name for name, track in tracks.items() if is_countable(track))]
        if table.count not in known:
            error = self.file.unknown_word_error(pointer_below(self.place, "count"), table.count, known)
            self.file.errors.append(error)
            return {}
        if table.count == "client":
            self._slip("count", COUNTED_ONCE)
        if len(table.by) > MOST_TABLE_COLUMNS:
            self._slip("by", ONE_OR_TWO_COLUMNS)
        listed = make_subject_table(table.count, tracks, make_level_builder(self.rulebook, lambda: date.min))
        found: dict[str, Column] = {}
        for at, name, use in self._named_columns():
            column = self._find(at, name, listed)
            if column is not None:
                self._check_column(at, column, use)
                if use == "by":
                    found[name] = column
        if table.crossed and len(table.by) != MOST_TABLE_COLUMNS:
            self._slip("crossed", CROSSED_TWO)
        elif table.crossed and any(one.overlaps for one in found.values()):
            self._slip("by", CROSSED_TWO)
        return found

    def _named_columns(self) -> Iterator[tuple[str, str, str]]:
        """Yield each column that the table names, with its place and its use."""
        table = self.table
        yield pointer_below(self.place, "dated"), table.dated, "dated"
        for name, at in words_with_places(pointer_below(self.place, "by"), table.by):
            yield at, name, "by"
        for name in table.where:
            yield pointer_below(self.place, "where", name), name, "where"
        for name in self.plan.where:
            yield pointer_below("/where", name), name, "where"

    def _find(self, at: str, name: str, listed: ListTable) -> Column | None:
        shown = [column for column in listed.find_columns(name) if column.read]
        if len(shown) == 1:
            if (short := listed.shortest_name(shown[0])) != name:
                self.file.errors.append(self.file.error_at("rule", at, SHORTEST_NAME, name=short))
            return shown[0]
        names = [one for one in listed.names if any(column.read for column in listed.find_columns(one))]
        self.file.errors.append(self.file.unknown_word_error(at, name, names))
        return None

    def _check_column(self, at: str, column: Column, use: str) -> None:
        if use == "dated":
            if column.kind not in ("day", "time"):
                self.file.errors.append(self.file.error_at("rule", at, COLUMN_OF_CODES, kind=column.kind))
            return
        if column.kind not in ("code", "yes_no"):
            self.file.errors.append(self.file.error_at("rule", at, COLUMN_OF_CODES, kind=column.kind))
        elif column.sharp:
            self.file.errors.append(self.file.error_at("rule", at, COLUMN_IS_SHARP))
        elif use == "where":
            wanted = {**self.plan.where, **self.table.where}
            answers = next(codes for name, codes in wanted.items() if at.endswith(pointer_below("", name)))
            for answer, place in words_with_places(at, answers):
                self.file.collect(self.file.require_known, place, answer, column.answers)

    def _slip(self, key: str, message: Marked) -> None:
        self.file.errors.append(self.file.error_at("rule", pointer_below(self.place, key), message))
