"""Cases in the columns of a standard of another organisation, each a client without a stay.

What a field has a place for goes there. Every other cell is kept word for word beside it, so that nothing is lost and
the file can be written again as it came.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act.import_cases import put_at
from shelterctl.act.input import Input
from shelterctl.act.known_cases import Case, stay_roots
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.manual.track import FROM_ELSEWHERE
from shelterctl.core.tables.standard_cells import read_cell, read_heading, write_cell
from shelterctl.language import current_language
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.session import Session
from shelterctl.tabular.sheet import CellSheet, SheetRow, cell_name
from shelterctl.typed.words import Clock, Mistyped
from shelterctl.ui_language import N_

STANDARD_HEADING_UNKNOWN = N_("{cell}: the standard has no such column. Delete the column, or correct its name.")
STANDARD_HEADING_TWICE = N_("{cell}: this column is there twice. Delete one of the two.")
HEADING_LEFT_OUT = N_("{cell}: the published template has no heading here; the cells were taken as {column}.")
ADDRESS_MAY_BE_SHIFTED = N_(
    "{cells}: the published template has other headings than names for the parts of an address. Check "
    "that each part is in its column."
)

SHIFTED_PART = "Mailing"
"""The words that the columns of an address have in their names."""


def read_standard_cases(session: Session, standard: Standard, sheet: CellSheet) -> tuple[list[Case], list[Finding]]:
    """Return the cases of a sheet in the columns of a standard, and what is wrong with its headings."""
    columns, wrong = _find_columns(standard, sheet)
    if any(one.severity is Severity.REFUSE for one in wrong):
        return [], wrong
    reader = _CaseReader(session, standard, sheet)
    return [reader.read(row, columns) for row in sheet.rows], wrong


def _find_columns(standard: Standard, sheet: CellSheet) -> tuple[Mapping[int, str], list[Finding]]:
    found: dict[int, str] = {}
    wrong: list[Finding] = []
    for place, heading in enumerate(sheet.headings):
        name, facts = read_heading(standard, heading), {"cell": cell_name(place, 1)}
        if not heading and sheet.is_empty(place):
            continue
        if not heading and (name := _find_missing_heading(standard, sheet, place)):
            wrong.append(
                Finding(
                    code="import/no-heading",
                    message=HEADING_LEFT_OUT,
                    severity=Severity.WARN,
                    facts={**facts, "column": name},
                )
            )
        if name is None:
            wrong.append(Finding(code="import/heading", message=STANDARD_HEADING_UNKNOWN, facts=facts))
        elif name in found.values():
            wrong.append(Finding(code="import/heading-twice", message=STANDARD_HEADING_TWICE, facts=facts))
        else:
            found[place] = name
    parts = [place for place, name in found.items() if SHIFTED_PART in name]
    if any(not sheet.is_empty(place) for place in parts):
        wrong.append(
            Finding(
                code="import/address",
                message=ADDRESS_MAY_BE_SHIFTED,
                severity=Severity.WARN,
                facts={"cells": [cell_name(place, 1) for place in parts]},
            )
        )
    return found, wrong


def _find_missing_heading(standard: Standard, sheet: CellSheet, place: int) -> str | None:
    """Return the column that belongs between the two beside an empty heading; None if it is not exactly one."""
    names = [*standard.columns]
    before, after = (
        read_heading(standard, sheet.headings[at]) if 0 <= at < len(sheet.headings) else None
        for at in (place - 1, place + 1)
    )
    if before is None or after is None or names.index(after) - names.index(before) != 2:
        return None
    return names[names.index(before) + 1]


class _CaseReader:
    """Reads rows of a standard as cases, with the questions of the rulebook for what is written in words."""

    def __init__(self, session: Session, standard: Standard, sheet: CellSheet) -> None:
        self._sheet = sheet
        self._rulebook, self._standard = session.rulebook, standard
        self._asked = Questionnaire(session.rulebook, read_offers(session), session.today)
        self._clock = Clock(session.today, session.moment.time())
        self._day = session.today.isoformat()
        self._of_stay = stay_roots(session.rulebook)

    def read(self, row: SheetRow, columns: Mapping[int, str]) -> Case:
        """Return the case of a row."""
        fragment: dict[str, Any] = {}
        cells: dict[str, str] = {}
        kept: list[dict[str, str]] = []
        of_case: list[dict[str, str]] = []
        track = self._rulebook.tracks.serving(FROM_ELSEWHERE)
        for place, name in columns.items():
            column, cell = self._standard.columns[name], row.cells[place]
            fields = [self._rulebook.place_of(source).replace(".", "/") for source in self._fields(column)]
            cells |= {f"/{field}": cell_name(place, row.number) for field in fields}
            if not cell:
                continue
            at, value = self._value_of(column, self._as_day(column, cell))
            entry = {"standard": self._standard.name, "column": name, "value": cell, "on": self._day}
            if at is None or at.partition(".")[0] in self._of_stay:
                of_case.append(entry)
            if at is not None:
                put_at(fragment, at, value)
            elif track is not None:
                cells[f"/{track.at}/{len(kept)}"] = cell_name(place, row.number)
                kept.append(entry)
        if track is not None and kept:
            put_at(fragment, track.at, kept)
        return Case(row.number, Input(fragment, (), None), without_stay=True, cells=cells, kept=of_case)

    def _as_day(self, column: StandardColumn, cell: str) -> str:
        """Return a number of Excel in a column of days as the day that it means."""
        return (self._sheet.read_serial_day(cell) or cell) if column.write == "day" else cell

    def _value_of(self, column: StandardColumn, cell: str) -> tuple[str | None, Any]:
        """Return the place and the value of a cell, if a field says exactly what the cell says; else no place."""
        for source in self._fields(column):
            words = read_cell(column, cell, self._standard.separator)
            value = self._read_field(source, column, words) if words else None
            if value is not None and _says_alike(column, value, cell, self._standard.separator):
                return self._rulebook.place_of(source), value
        return None, None

    def _fields(self, column: StandardColumn) -> Iterator[str]:
        """Yield the fields of clients that fill a column, not what is computed or has many entries."""
        for source in column.source:
            track = self._rulebook.tracks.get(source.partition(".")[0])
            if track is not None and "." in source and not track.many:
                yield source

    def _read_field(self, source: str, column: StandardColumn, words: tuple[str, ...]) -> Any:
        one = self._rulebook.places[self._rulebook.place_of(source)]
        if column.codes:
            known = all(word in one.codes for word in words)
            return None if not known or (len(words) > 1 and not one.several) else [*words] if one.several else words[0]
        question = self._asked.for_place(self._rulebook.place_of(source))
        typed = f"{words[0]} 00:00" if question.kind == "time" else words[0]
        read = question.read_answer(typed, self._clock, current_language(), again=True)
        return None if isinstance(read, Mistyped) else read


def _says_alike(column: StandardColumn, value: Any, cell: str, separator: str) -> bool:
    """Whether a value says all that the cell says: codes do, another value if it would be written like that."""
    if column.codes:
        return True
    values = value if isinstance(value, list) else [value]
    again = write_cell(column, values, separator)
    return again is not None and sorted(again.split(separator)) == sorted(cell.split(separator))
