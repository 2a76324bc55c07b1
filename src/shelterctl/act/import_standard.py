"""Cases in the columns of a standard of another organisation, each a client without a stay.

What a field has a place for goes there. Every other cell is kept word for word beside it, so that nothing is lost and
the file can be written again as it came.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act.import_cases import Case, put_at
from shelterctl.act.input import Input
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.manual.track import FROM_ELSEWHERE
from shelterctl.core.tables.standard_cells import read_cell, read_heading, write_cell
from shelterctl.language import current_language
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.session import Session
from shelterctl.tabular.sheet import Sheet, SheetRow, cell_name
from shelterctl.typed.words import Clock, Mistyped
from shelterctl.ui_language import N_

STANDARD_HEADING_UNKNOWN = N_("{cell}: the standard has no such column. Delete the column, or correct its name.")
STANDARD_HEADING_TWICE = N_("{cell}: this column is there twice. Delete one of the two.")
ADDRESS_MAY_BE_SHIFTED = N_(
    "{cells}: the published template has other headings than names for the parts of an address. Check "
    "that each part is in its column."
)

SHIFTED_PART = "Mailing"
"""The words that the columns of an address have in their names."""


def read_standard_cases(session: Session, standard: Standard, sheet: Sheet) -> tuple[list[Case], list[Finding]]:
    """Return the cases of a sheet in the columns of a standard, and what is wrong with its headings."""
    columns, wrong = _find_columns(standard, sheet)
    if any(one.severity is Severity.REFUSE for one in wrong):
        return [], wrong
    reader = _CaseReader(session, standard)
    return [reader.read(row, columns) for row in sheet.rows], wrong


def _find_columns(standard: Standard, sheet: Sheet) -> tuple[Mapping[int, str], list[Finding]]:
    found: dict[int, str] = {}
    wrong: list[Finding] = []
    for place, heading in enumerate(sheet.headings):
        name, facts = read_heading(standard, heading), {"cell": cell_name(place, 1)}
        if name is None:
            wrong.append(Finding(code="import/heading", message=STANDARD_HEADING_UNKNOWN, facts=facts))
        elif name in found.values():
            wrong.append(Finding(code="import/heading-twice", message=STANDARD_HEADING_TWICE, facts=facts))
        else:
            found[place] = name
    shifted = [cell_name(place, 1) for place, name in found.items() if SHIFTED_PART in name]
    if shifted and any(row.cells[place] for row in sheet.rows for place, name in found.items() if SHIFTED_PART in name):
        facts = {"cells": shifted}
        wrong.append(
            Finding(code="import/address", message=ADDRESS_MAY_BE_SHIFTED, severity=Severity.WARN, facts=facts)
        )
    return found, wrong


class _CaseReader:
    """Reads rows of a standard as cases, with the questions of the rulebook for what is written in words."""

    def __init__(self, session: Session, standard: Standard) -> None:
        self._rulebook, self._standard = session.rulebook, standard
        self._asked = Questionnaire(session.rulebook, read_offers(session), session.today)
        self._clock = Clock(session.today, session.moment.time())
        self._day = session.today.isoformat()

    def read(self, row: SheetRow, columns: Mapping[int, str]) -> Case:
        """Return the case of a row."""
        fragment: dict[str, Any] = {}
        kept: list[dict[str, str]] = []
        track = self._rulebook.tracks.serving(FROM_ELSEWHERE)
        for place, name in columns.items():
            cell = row.cells[place]
            if not cell:
                continue
            at, value = self._value_of(self._standard.columns[name], cell)
            if at is not None:
                put_at(fragment, at, value)
            else:
                kept.append({"standard": self._standard.name, "column": name, "value": cell, "on": self._day})
        if track is not None and kept:
            put_at(fragment, track.at, kept)
        return Case(row.number, Input(fragment, (), None), without_stay=True)

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
