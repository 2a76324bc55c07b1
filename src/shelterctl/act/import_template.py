"""The sheet for cases from before the program: its columns, its rows read as people type answers, and the case that
each row makes.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.act.import_cases import put_at
from shelterctl.act.input import Input
from shelterctl.act.known_cases import ACT_PLACES, Case, CaseActs
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.core.manual.track import ITEM_PAPER, Track
from shelterctl.core.record.file_tree import STAYS_KEY
from shelterctl.language import Text, current_language
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.tabular.sheet import CellSheet, SheetRow, cell_name
from shelterctl.typed.question import NO_SUCH_LINE_SENTENCES, Question
from shelterctl.typed.words import Clock, Mistyped
from shelterctl.ui_language import N_

HEADING_UNKNOWN = N_("{cell}: no column of the template has this heading. Delete the column, or make a new template.")
HEADING_UNKNOWN_BUT_NEAR = N_("{cell}: no column of the template has this heading. Did you mean {near}?")
HEADING_TWICE = N_("{cell}: this heading is there twice; the first is in {other}. Delete one of the columns.")
NO_SUCH_CHOICE = N_("This is none of the choices of the column. Take a word from its list, or its code.")
STILL_TO_COME = N_("That day is still to come. Old cases have none.")
DAYS_WERE_NUMBERS = N_("{cells}: these days were numbers of Excel; they were read as days. Look at a few of them.")
CELLS_IN_DOUBT = N_("{cells}: taken as written, although it looks like a slip. Look there again.")
KINDS_WITH_DAYS = ("day", "time", "partial")
"""The kinds of questions whose answer may be a number of Excel."""

OLD_NUMBER = "person.old_number"
"""The column by which a row is known again."""

ImportColumn = tuple[str, Text]
"""A column of the sheet: its name, and its heading in each language."""


def import_columns(rulebook: Rulebook, sheet: ImportSheet) -> list[ImportColumn]:
    """Return the columns of the template in order."""
    items, words = rulebook.items, sheet.words
    fields = [(name, rulebook.places[rulebook.place_of(name)].text) for name in sheet.columns]
    papers = [(f"paper.{name}", _beside(items[name].text, words["paper"])) for name in sheet.papers]
    return [
        *fields,
        *papers,
        *((f"act.{name}", _beside(rulebook.acts[name].text, words["act"])) for name in sheet.acts),
    ]


def _beside(text: Text, more: Text) -> Text:
    return {language: f"{text[language]}: {more[language]}" for language in more}


class ReadRow(NamedTuple):
    """A row as it was read: its number, the answers by the name of their column, and what is wrong in its cells."""

    number: int
    answers: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    cells: Mapping[str, str] = {}
    """The cell of each column in this row, by the name of the column."""
    serial_days: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    """The cells whose days were numbers of Excel, and those that look like a slip."""


def find_columns(rulebook: Rulebook, wanted: ImportSheet, sheet: CellSheet) -> tuple[Mapping[int, str], list[Finding]]:
    """Return the column of each place that has one, by name, and what is wrong with the headings."""

    known = {_fold(word): name for name, text in import_columns(rulebook, wanted) for word in (name, *text.values())}
    found: dict[int, str] = {}
    wrong: list[Finding] = []
    for place, heading in enumerate(sheet.headings):
        name, cell = known.get(_fold(heading)), cell_name(place, 1)
        if not heading and sheet.is_empty(place):
            continue
        if name is None:
            near = get_close_matches(_fold(heading), known, 1)
            message = HEADING_UNKNOWN_BUT_NEAR if near else HEADING_UNKNOWN
            wrong.append(Finding(code="import/heading", message=message, facts={"cell": cell, "near": near}))
        elif name in found.values():
            other = cell_name(next(at for at, each in found.items() if each == name), 1)
            facts = {"cell": cell, "other": other}
            wrong.append(Finding(code="import/heading-twice", message=HEADING_TWICE, facts=facts))
        else:
            found[place] = name
    return found, wrong


def _fold(word: str) -> str:
    return " ".join(word.casefold().replace("ё", "е").split())


def read_rows(session: Session, sheet: CellSheet, columns: Mapping[int, str]) -> Iterator[ReadRow]:
    """Yield each row with its cells read as answers; for a cell that cannot be read, its place alone."""
    asked = Questionnaire(session.rulebook, read_offers(session), session.today)
    questions = {place: _question(session.rulebook, asked, name) for place, name in columns.items()}
    clock = Clock(session.today, session.moment.time())
    for row in sheet.rows:
        yield _read_row(sheet, row, columns, questions, clock)


def _question(rulebook: Rulebook, asked: Questionnaire, name: str) -> Question:
    if name.startswith(("paper.", "act.")):
        return Question(name, name, "day", past=True)
    return asked.for_place(rulebook.place_of(name))


def _read_row(
    sheet: CellSheet, row: SheetRow, columns: Mapping[int, str], questions: Mapping[int, Question], clock: Clock
) -> ReadRow:
    answers: dict[str, Any] = {}
    cells = {name: cell_name(place, row.number) for place, name in columns.items()}
    wrong: list[Finding] = []
    serial: list[str] = []
    doubts: list[str] = []
    for place, name in columns.items():
        if not row.cells[place]:
            continue
        question, words, cell = questions[place], row.cells[place], cell_name(place, row.number)
        if question.kind in KINDS_WITH_DAYS and (day := sheet.read_serial_day(words)):
            words = day
            serial.append(cell)
        words = _add_hour(words) if question.kind == "time" else words
        read = question.read_answer(words, clock, current_language())
        if isinstance(read, Mistyped) and not isinstance(
            again := question.read_answer(words, clock, current_language(), again=True), Mistyped
        ):
            read = again
            doubts.append(cell)
        if isinstance(read, Mistyped):
            said = NO_SUCH_CHOICE if read.sentence in NO_SUCH_LINE_SENTENCES else read.sentence
            wrong.append(Finding(code="import/cell", message=said, facts={**read.facts, "cell": cell}))
        elif question.is_still_to_come(read, clock):
            wrong.append(Finding(code="import/cell", message=STILL_TO_COME, facts={"cell": cell}))
        else:
            answers[name] = read
    return ReadRow(row.number, answers, tuple(wrong), cells, tuple(serial), tuple(doubts))


def _add_hour(words: str) -> str:
    """Return a day with the first minute of it: an old paper seldom has the hour."""
    return words if ":" in words else f"{words} 00:00"


def read_cases(session: Session, wanted: ImportSheet, sheet: CellSheet) -> tuple[list[Case], list[Finding]]:
    """Return the cases of a sheet, a row each, and what is wrong with its headings."""
    columns, wrong = find_columns(session.rulebook, wanted, sheet)
    rows = [] if wrong else [*read_rows(session, sheet, columns)]
    numbers = [cell for row in rows for cell in row.serial_days]
    doubts = [cell for row in rows for cell in row.doubts]
    if numbers:
        facts = {"cells": numbers}
        wrong += [Finding(code="sheet/serial-days", message=DAYS_WERE_NUMBERS, severity=Severity.WARN, facts=facts)]
    if doubts:
        facts = {"cells": doubts}
        wrong += [Finding(code="import/doubt", message=CELLS_IN_DOUBT, severity=Severity.WARN, facts=facts)]
    return [_make_case(session.rulebook, wanted, row) for row in rows], wrong


def _make_case(rulebook: Rulebook, wanted: ImportSheet, row: ReadRow) -> Case:
    answers = row.answers
    left = {"on": answers["act.discharge"]} if "act.discharge" in answers else None
    if left is not None:
        left |= {name.partition(".")[2]: answers[name] for name in ACT_FIELDS if name in answers}
    given = Input(_build_fragment(rulebook, wanted, answers), row.findings, None)
    acts, cells = CaseActs(answers.get("act.admission"), left), dict(_cells_by_place(rulebook, wanted, row))
    return Case(row.number, given, acts, answers.get(OLD_NUMBER), cells=cells)


def _cells_by_place(rulebook: Rulebook, wanted: ImportSheet, row: ReadRow) -> Iterator[tuple[str, str]]:
    """Yield the places of a fragment, as pointers, with the cell in which each is written."""
    papers = rulebook.tracks.serving(ITEM_PAPER)
    items = [item for item in wanted.papers if f"paper.{item}" in row.answers]
    for name, cell in row.cells.items():
        lead, _, path = name.partition(".")
        track = rulebook.tracks.get(lead)
        if name in ACT_PLACES:
            yield ACT_PLACES[name], cell
        elif lead == "paper":
            yield path, cell
        elif papers and track is papers:
            yield from ((f"/{papers.at}/{number}/{path}", cell) for number in range(len(items)))
        elif track and _is_entry(track):
            yield f"/{track.at.replace('.', '/')}/0/{path}", cell
        elif track:
            yield f"/{rulebook.place_of(name).replace('.', '/')}", cell


def _is_entry(track: Track) -> bool:
    """Whether the cells of a track make one entry of a list; a row is one stay itself."""
    return track.many and track.at != STAYS_KEY


def _build_fragment(rulebook: Rulebook, wanted: ImportSheet, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fragment of a row: fields at their places, one entry of each kind that has many, papers as entries."""
    fragment: dict[str, Any] = {}
    entries: dict[str, dict[str, Any]] = {}
    papers = rulebook.tracks.serving(ITEM_PAPER)
    seen = {} if papers is None else _fields_of(papers.name, answers)
    for name, value in answers.items():
        track_name, _, path = name.partition(".")
        track = rulebook.tracks.get(track_name)
        if track is None or track is papers or name in ACT_FIELDS:
            continue
        if _is_entry(track):
            entries.setdefault(track.at, {})[path] = value
        else:
            put_at(fragment, rulebook.place_of(name), value)
    for at, entry in entries.items():
        put_at(fragment, at, [entry])
    days = [(item, answers.get(f"paper.{item}")) for item in wanted.papers]
    listed = [{"item": item, "dated": day, **seen} for item, day in days if day is not None]
    if papers is not None and listed:
        put_at(fragment, papers.at, listed)
    return fragment


ACT_FIELDS = ("discharge.by_own_decision",)
"""Fields that an act writes, and no fragment."""


def _fields_of(track: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    lead = f"{track}."
    return {name.removeprefix(lead): value for name, value in answers.items() if name.startswith(lead)}
