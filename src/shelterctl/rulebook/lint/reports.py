"""Checks of a report: every row names a subject, columns of its list, and words that have an effect there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shelterctl.core.manual.report import (
    CLIENT_SUBJECT,
    STAY_SUBJECT,
    Report,
    ReportRow,
)
from shelterctl.core.manual.track import MONTH_REPORT, Track
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.lists import SUBJECTS_OF_LISTS, ListTable, make_subject_table
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.ui_language import N_, Marked

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

WORDS_FOR_KIND: Mapping[str, tuple[str, ...]] = {
    "count": ("dated", "standing", "where", "by"),
    "sum": ("dated", "standing", "where", "by"),
    "nights": ("where", "by"),
    "house": (),
    "list": ("dated", "standing", "where", "columns"),
    "typed": (),
}
"""The words that have an effect beside each kind of row."""

KINDS_BY_WORD: Mapping[str, tuple[str, ...]] = {
    "dated": ("day", "time"), "by": ("code", "party", "yes_no", "month"), "sum": ("som", "whole"),
}  # fmt: skip
"""The kinds of columns that a word may name."""

TIME_WANTED = N_("write one of these here, so that the row counts only what belongs to the month: {keys}")
STANDING_OF_STAYS = N_("only rows about {subjects} can have the key {key}")
WORD_IDLE_IN_ROW = N_("{key} has no effect in a row of the kind {kind}; leave it out")
SEALED_OUTSIDE_MARKER = N_(
    "this field is sealed, and lists do not show it; a report counts a sealed entry only by its markers"
)
SUBJECT_HAS_NO_LIST = N_("entries of this kind cannot be counted by house; name another kind")
COLUMN_KIND_UNSUITABLE = N_("this column is of the kind {kind}; wanted here: {kinds}")
CHART_NEEDS_PARTS = N_("a chart shows the parts of a row; this row has no key by")


def check_report(file: RulebookFile, report: Report, rulebook: "Rulebook") -> None:
    """Collect the mistakes of a report in its file."""
    for name, row in report.rows.items():
        _RowCheck(file, pointer_below("/rows", name), row, rulebook).run()
    for name, at in words_with_places("/sheet/chart", report.sheet.chart):
        file.collect(file.require_known, at, name, report.rows)
        if name in report.rows and not report.rows[name].by:
            file.errors.append(file.error_at("rule", at, CHART_NEEDS_PARTS))
    for key, sums in (("balances", report.balances), ("bounds", report.bounds)):
        for number, rows in enumerate(sums):
            for name in rows:
                file.collect(file.require_known, pointer_below("", key, number, name), name, report.rows)


def check_report_order(file: RulebookFile, order: Iterable[str], reports: Collection[str]) -> None:
    """Collect names in the order of the reports that no report has."""
    for name, at in words_with_places("/order", tuple(order)):
        file.collect(file.require_known, at, name, reports)


class _RowCheck:
    """The check of one row at a place of its file."""

    def __init__(self, file: RulebookFile, place: str, row: ReportRow, rulebook: "Rulebook") -> None:
        self.file, self.place, self.row, self.rulebook = file, place, row, rulebook

    def run(self) -> None:
        """Collect the mistakes of the row."""
        row, kind = self.row, self.row.kind
        written = self.file.value["rows"][row.name]
        for key in ("dated", "standing", "where", "by", "columns"):
            if key in written and key not in WORDS_FOR_KIND[kind]:
                self._slip(key, WORD_IDLE_IN_ROW, key=key, kind=kind)
        if kind == "typed":
            words = self.rulebook.tracks.serving(MONTH_REPORT)
            fields = words.fields if words else {}
            self.file.collect(self.file.require_known, pointer_below(self.place, kind), row.typed, fields)
        if row.subject is None or not self._has_subject(row.subject):
            return
        if kind in ("count", "sum", "list") and not (row.dated or row.standing):
            self._slip(kind, TIME_WANTED, keys=("dated", "standing"))
        if row.standing and row.subject not in (STAY_SUBJECT, CLIENT_SUBJECT):
            self._slip("standing", STANDING_OF_STAYS, key="standing", subjects=(STAY_SUBJECT, CLIENT_SUBJECT))
        build = make_level_builder(self.rulebook, _no_day)
        table = make_subject_table(row.subject, self.rulebook.tracks, build)
        for place, name, kinds in self._named_columns():
            self.file.collect(self._check_column, place, name, kinds, table)

    def _slip(self, at: str, message: Marked, **facts: object) -> None:
        self.file.errors.append(self.file.error_at("rule", pointer_below(self.place, at), message, **facts))

    def _has_subject(self, subject: str) -> bool:
        """Whether entries of the subject can be counted; else collect a slip."""
        tracks, at = self.rulebook.tracks, pointer_below(self.place, self.row.kind)
        listed = [name for name, track in tracks.items() if is_countable(track)]
        known = [*SUBJECTS_OF_LISTS, *listed]
        if subject not in known:
            unsuitable = subject in tracks
            error = self.file.error_at("rule", at, SUBJECT_HAS_NO_LIST)
            self.file.errors.append(error if unsuitable else self.file.unknown_word_error(at, subject, known))
        return subject in known

    def _named_columns(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield each column that the row names, with its place and the kinds it may have."""
        row = self.row
        if row.dated:
            yield pointer_below(self.place, "dated"), row.dated, KINDS_BY_WORD["dated"]
        if row.added_column:
            yield pointer_below(self.place, "sum"), row.added_column, KINDS_BY_WORD["sum"]
        for name, at in words_with_places(pointer_below(self.place, "by"), row.by):
            yield at, name, KINDS_BY_WORD["by"]
        for name in row.columns:
            yield pointer_below(self.place, "columns", name), name, ()
        for name in row.where:
            yield pointer_below(self.place, "where", name), name, ()

    def _check_column(self, place: str, name: str, kinds: tuple[str, ...], table: ListTable) -> None:
        """Raise BrokenRulebook unless a name means one column that a list shows, of one of these kinds."""
        shown = [column for column in table.find_columns(name) if column.read]
        if len(shown) != 1:
            if self._is_sealed(name):
                raise self.file.error_at("rule", place, SEALED_OUTSIDE_MARKER)
            raise self.file.unknown_word_error(place, name, _shown_names(table))
        (column,) = shown
        if kinds and column.kind not in kinds:
            raise self.file.error_at("rule", place, COLUMN_KIND_UNSUITABLE, kind=column.kind, kinds=kinds)
        if name in self.row.where:
            self._check_answers(place, column, self.row.where[name])

    def _check_answers(self, place: str, column: Column, answers: tuple[str, ...]) -> None:
        for answer, at in words_with_places(place, answers):
            self.file.require_known(at, answer, (*column.answers, "there", "absent"))

    def _is_sealed(self, name: str) -> bool:
        """Whether a name is a field of the row's sealed track that no list shows."""
        track = self.rulebook.tracks.get(str(self.row.subject))
        return track is not None and track.seal is not None and name.partition(".")[0] in track.fields


def is_countable(track: Track) -> bool:
    """Whether the entries of a track belong to a house: those of a client's file, or of a house's registers."""
    if track.family or track.is_coded or not track.many:
        return False
    return track.of_register == "house" or bool({*track.home} & HOME_PATHS.keys())


def _shown_names(table: ListTable) -> list[str]:
    return [name for name in table.names if any(column.read for column in table.find_columns(name))]


def _no_day() -> date:
    return date.min
