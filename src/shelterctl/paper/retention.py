"""The sheet of the retention list (D83): until when each file is kept, and what stands against deleting it."""

from collections.abc import Mapping
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.tables.columns import Cell, Column, ListRow
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.custody.damage import damaged_files_error
from shelterctl.language import format_fact
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, Sheet, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.lists import LIST_OF_RETENTION, cell_in_words, open_list_table
from shelterctl.view.retention import find_read_elsewhere, retention_rows

RETENTION_IN_FILE = N_("File: {file}. It names nobody, but shows how long each file is kept.")


def print_retention_list(session: Session, to: OutputTarget) -> Outcome:
    """Write the sheet into the named file. The answer reports files of clients that could not be read."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language = choose_paper_language(session)
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        made = render_sheets([make_retention_sheet(session, language)], Medium(to.kind))
    stream = write_output(to, made.data)
    said: FilledSentences = () if to.is_pipe else ((RETENTION_IN_FILE, {"file": to.out}),)
    return Outcome(said=said, stream=stream, harm=damaged_files_error(session.store.damaged))


def make_retention_sheet(session: Session, language: str) -> Sheet:
    """Return the sheet before it is rendered."""
    table = open_list_table(session, LIST_OF_RETENTION)
    columns = {name: table.find_columns(name)[0] for name in table.default_columns}
    elsewhere = find_read_elsewhere(session)
    rows = [_row(columns, row, language) for row in retention_rows(session, table)]
    facts = {
        **common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES),
        "day": session.today,
        "rows": rows,
        "elsewhere": elsewhere and [", ".join(format_fact(one, language) for one in said) for said in elsewhere],
        "damaged": ", ".join(sorted(session.store.damaged)),
    }
    return make_sheet("retention-list", facts, language=language, tint="white", day=session.today, long=True)


def _row(columns: Mapping[str, Column], row: ListRow, language: str) -> dict[str, Any]:
    """Return one file in the words of the paper."""
    cells: dict[str, Cell] = {name: column.read(row) for name, column in columns.items() if column.read}
    against = cell_in_words(columns["stands_against"], cells["stands_against"])
    listed = against if isinstance(against, list) else []
    days = {name: format_as_typed(str(cells[name] or ""), language) for name in ("discharged_on", "kept_until")}
    return {**cells, **days, "stands_against": [format_fact(one, language) for one in listed]}
