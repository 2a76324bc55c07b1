"""The sheet on which everybody in a house signs for what she was given on a day: a ledger with a row for each client by
her id, and the sum. Nobody sees on it why somebody else was given less.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shelterctl.act.resident_list import ResidentRow, day_field, facts_of_row, is_signed_for, list_rows
from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.sheet import LEDGER_SHEET
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.errors import NotFound
from shelterctl.language import format_fact
from shelterctl.paper.answers import (
    SIGNATURE_WIDTH,
    TABLE_WIDTH,
    AnswerPrinter,
    EntryTable,
    PaperColumn,
    PrintedAnswer,
    make_entry_table,
)
from shelterctl.paper.preparation import BegunPaper, begin_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper
from shelterctl.paper.sheet import SheetSection, place_in_manual, words_of_man
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.client import client_names

NOTHING_GIVEN_THAT_DAY = N_("On {on} nobody in {facility} was given this, and nothing is owed to anybody.")
NUMBER_WIDTH, FILE_WIDTH, NAME_WIDTH = 10, 26, 34
"""The widths in millimetres of the columns that say whose row it is."""


def print_sheet_of_day(session: Session, wanted: PaperRequest, track: Track, house: str) -> PreparedPaper:
    """Return the sheet of a house for a day: what was recorded that day, or before that, what is proposed for it."""
    day = wanted.on or session.today
    rows = list_rows(session, track, house, {day_field(track): day.isoformat()})
    return make_house_sheet(session, wanted, track, house, day, rows)


def make_house_sheet(
    session: Session, wanted: PaperRequest, track: Track, house: str, day: date, rows: Sequence[ResidentRow]
) -> PreparedPaper:
    """Return the sheet with these rows: the entries that were recorded that day, else those that are proposed.

    Raises NotFound if there is nothing to sign for.
    """
    given = [row for row in rows if row.given] or [row for row in rows if row.is_written]
    listed = [row for row in given if is_signed_for(track, row)]
    if not listed:
        raise NotFound("form/nothing", NOTHING_GIVEN_THAT_DAY, facility=house, on=day)
    paper = begin_paper(session, wanted, registered=house)
    facts: dict[str, Any] = {"kind": LEDGER_SHEET, "title": format_fact(track.title, paper.language), "name": None}
    facts |= {"clause": place_in_manual(session.rulebook, track.clause), "statement": None, "signers": ()}
    facts |= {"counted_on": day, "short_days": True, "masculine": {}, "client_number": None, "given_on": day}
    facts |= {"owner": session.rulebook.tracks["facility"].title, "registered": house, "called": None}
    facts |= {"by_month": False, "sections": [SheetSection(grid=_make_table(paper, wanted, track, day, listed))]}
    return paper.finish(track.title, {"sheet": {"long": True}}, facts)


def _make_table(
    paper: BegunPaper, wanted: PaperRequest, track: Track, day: date, rows: Sequence[ResidentRow]
) -> EntryTable:
    """Return the table of the rows, each made for its own client, with her id and a number before it."""
    names = [name for name in track.sheet.columns if track.at_once and name in track.at_once.each]
    tables = [_make_row(paper, wanted, track, names, day, number, row) for number, row in enumerate(rows)]
    whole = make_entry_table(
        track.fields, names, [_entry_of(track, number, row) for number, row in enumerate(rows)], None, paper.language,
        sheet=track.sheet,
    )  # fmt: skip
    heads = _leading_columns(with_names=wanted.names)
    return EntryTable(
        (*heads, *_narrowed(whole.columns, sum(one.width for one in heads))),
        tuple(
            (*_whose_row(number, row, with_names=wanted.names), *table.rows[0])
            for number, (row, table) in enumerate(zip(rows, tables, strict=True), 1)
        ),
        (*(None for _ in heads), *whole.sums) if whole.sums else (),
        tuple(() for _ in rows),
    )


def _make_row(
    paper: BegunPaper,
    wanted: PaperRequest,
    track: Track,
    names: Sequence[str],
    day: date,
    number: int,
    row: ResidentRow,
) -> EntryTable:
    """Return the table of one row alone; her own name is removed from words about her unless names are wanted."""
    her = row.resident.client
    around = stay_context(paper.session, her, row.resident.stay, day)
    reader = None if wanted.names else her.facts
    words = words_of_man(paper.session.rulebook, paper.language, her)
    printer = AnswerPrinter(paper.session, paper.filled, paper.language, around, reader, wanted.nameless, True, words)
    entry = _entry_of(track, number, row)
    return make_entry_table(track.fields, names, [entry], printer, paper.language, sheet=track.sheet)


def _entry_of(track: Track, number: int, row: ResidentRow) -> Entry:
    return read_entry(track, facts_of_row(row), f"/{number}")


def _leading_columns(*, with_names: bool) -> tuple[PaperColumn, ...]:
    """Return the columns that say whose row it is."""
    heads = [("number", NUMBER_WIDTH), ("file", FILE_WIDTH), *([("client", NAME_WIDTH)] if with_names else [])]
    return tuple(PaperColumn(None, width, whose=whose) for whose, width in heads)


def _whose_row(number: int, row: ResidentRow, *, with_names: bool) -> tuple[PrintedAnswer | None, ...]:
    """Return the cells that say whose row it is."""
    name = " ".join(part for part in client_names(row.resident.client).values() if part)
    own = (PrintedAnswer(f"{number}"), PrintedAnswer(row.resident.client.id))
    return (*own, PrintedAnswer(name) if name else None) if with_names else own


def _narrowed(columns: Sequence[PaperColumn], taken: int) -> tuple[PaperColumn, ...]:
    """Return the columns made narrower by what is *taken*; a column to sign in has its least width."""
    signs = SIGNATURE_WIDTH * sum(one.signs for one in columns)
    room, wide = TABLE_WIDTH - taken - signs, sum(one.width for one in columns if not one.signs)
    widths = (SIGNATURE_WIDTH if one.signs else one.width * room // wide for one in columns)
    return tuple(one._replace(width=width) for one, width in zip(columns, widths, strict=True))
