"""The page of a report of the rulebook: its rows with what each counts, the words typed into it, and its commands."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.report import (
    CHILDREN_NIGHTS,
    CLIENT_SUBJECT,
    STANDING_FIRST,
    STANDING_LAST,
    STAY_SUBJECT,
    Report,
    ReportRow,
)
from shelterctl.core.manual.track import MONTH_REPORT
from shelterctl.core.rules.messages import quote_label
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.figures import RowColumns, find_row_columns
from shelterctl.core.tables.list_rows import AGREEMENT_SUBJECT, LINE_SUBJECT
from shelterctl.core.tables.lists import make_subject_table
from shelterctl.explain.condition import PRESENCE_IN_WORDS
from shelterctl.explain.layout import lay_out_page, manual_words_part
from shelterctl.explain.manual import see_also_part
from shelterctl.explain.track import COMMANDS_HEADING
from shelterctl.language import Sentence, Text, choose_gender_forms, format_sentence, translate
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.lists import cell_in_words

ROWS_HEADING = N_("Its rows")
ROW_COUNTED = N_("{label} ({row}). Counted: {subject}.")
ROW_ADDED_UP = N_("{label} ({row}). Added up: {subject}; the number is {column}.")
ROW_LISTED = N_("{label} ({row}). Listed: {subject}, each with {columns}.")
ROW_NIGHTS = N_("{label} ({row}). Counted: nights of residents, from the arrival to the day before she left.")
ROW_CHILDREN_NIGHTS = N_("{label} ({row}). Counted: nights of the children who stay with a resident.")
ROW_OF_HOUSE = N_("{label} ({row}). A figure of the house, as shelterctl house counts it.")
ROW_TYPED = N_("{label} ({row}). Typed into the report of the month, under {field}.")
ROW_DATED = N_("The day in {column} is in the month.")
ROW_STANDING: Mapping[str, Sentence] = {
    STANDING_FIRST: N_("Slept in the house on the first night of the month."),
    STANDING_LAST: N_("Slept in the house on the last night of the month."),
}
ROW_STANDING_ANY = N_("Slept in the house on a night of the month.")
ROW_ONLY_WHERE = N_("Only if {column} is: {answers}.")
ROW_PARTED = N_("Also by: {columns}.")
REPORT_IS_PUBLIC = N_("There is a copy for people outside, in which small numbers are hidden: --public")

SUBJECT_NOUNS: Mapping[str, Sentence] = {
    STAY_SUBJECT: N_("stays"),
    CLIENT_SUBJECT: N_("persons, each once"),
    AGREEMENT_SUBJECT: N_("agreements"),
    LINE_SUBJECT: N_("lines of agreements"),
}
"""The subjects of rows that are no tracks, in words."""


REPORT_PAGE_NAME = "report {}"
"""The name of the page of a report; the report's own name works too."""


def report_page_names(rulebook: Rulebook) -> list[str]:
    """Return the unambiguous page name of every report."""
    return [REPORT_PAGE_NAME.format(name) for name in rulebook.house_reports]


def explain_report(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a report: what each row counts, and the commands that make, close and print it."""
    report = rulebook.house_reports[name.rpartition(" ")[2]]
    rows = [*_describe_rows(rulebook, report, day)]
    commands = [*_report_commands(report)]
    clauses = [report.clause, *(row.clause for row in report.rows.values() if row.clause)]
    readings = [row.reading for row in report.rows.values() if row.reading]
    public: FilledSentences = [(REPORT_IS_PUBLIC, {})] if report.public else []
    prose = lay_out_page(
        name,
        report.text,
        manual_words_part(rulebook.clause(report.clause)["text"]),
        (ROWS_HEADING, [("{it}", {"it": row["says"]}) for row in rows]),
        (COMMANDS_HEADING, [*(("    {it}", {"it": line}) for line in commands), *public]),
        see_also_part(rulebook, [*clauses, *readings]),
    )
    data = {"report": report.name, "text": report.text, "clause": report.clause, "rows": rows, "typed": commands}
    return Outcome(data=data, prose=prose)


def _report_commands(report: Report) -> Iterator[str]:
    """Yield the commands of a report, as they are typed."""
    command = f"shelterctl report {report.name} --month last"
    yield command
    if any(row.typed for row in report.rows.values()):
        yield f"{command} --from FILE"
    yield f"{command} --close"
    yield f"{command} --out ~/{report.name}.pdf"
    yield f"{command} --compare"


def _describe_rows(rulebook: Rulebook, report: Report, day: date) -> Iterator[dict[str, Any]]:
    """Yield the rows of a report as data, each with its words by language."""
    build = make_level_builder(rulebook, lambda: day)
    for row in report.rows.values():
        columns = RowColumns()
        if row.subject is not None:
            columns = find_row_columns(row, make_subject_table(row.subject, rulebook.tracks, build))
        said = [*_row_sentences(rulebook, row, columns)]
        words = {spoken: " ".join(format_sentence(*each, spoken) for each in said) for spoken in SCREEN_LANGUAGES}
        yield {"row": row.name, "kind": row.kind, "of": row.subject, "by": list(row.by), "says": words}


def _row_sentences(rulebook: Rulebook, row: ReportRow, columns: RowColumns) -> Iterator[FilledSentence]:
    """Yield the sentences on a row: its subject, the days and answers that count, and the columns of its parts."""
    facts = {"label": row.text, "row": row.name, "subject": _subject_noun(rulebook, row)}
    yield _first_sentence(rulebook, row, columns, facts)
    if columns.dated:
        yield ROW_DATED, {"column": _quoted(columns.dated)}
    if row.standing:
        yield ROW_STANDING.get(row.standing, ROW_STANDING_ANY), {}
    for column, answers in columns.where:
        yield ROW_ONLY_WHERE, {"column": _quoted(column), "answers": [_answer_in_words(column, one) for one in answers]}
    if columns.by:
        yield ROW_PARTED, {"columns": [_quoted(column) for column in columns.by.values()]}


def _first_sentence(
    rulebook: Rulebook, row: ReportRow, columns: RowColumns, facts: Mapping[str, object]
) -> FilledSentence:
    if row.typed is not None:
        field = rulebook.track_for(MONTH_REPORT).fields[row.typed]
        return ROW_TYPED, {**facts, "field": quote_label(field.text)}
    if row.house is not None:
        return ROW_OF_HOUSE, facts
    if row.nights is not None:
        return (ROW_CHILDREN_NIGHTS if row.nights == CHILDREN_NIGHTS else ROW_NIGHTS), facts
    if columns.adds is not None:
        return ROW_ADDED_UP, {**facts, "column": _quoted(columns.adds)}
    if row.listed is not None:
        return ROW_LISTED, {**facts, "columns": [quote_label(text) for text in row.columns.values()]}
    return ROW_COUNTED, facts


def _subject_noun(rulebook: Rulebook, row: ReportRow) -> object:
    subject = str(row.subject)
    return SUBJECT_NOUNS.get(subject) or (rulebook.tracks[subject].text if subject in rulebook.tracks else "")


def _quoted(column: Column) -> Text:
    """Return the label of a column in quotes: that of its field, or the heading of a computed column."""
    english = column.text["en"]
    headings = {spoken: choose_gender_forms(translate(english, spoken)) for spoken in SCREEN_LANGUAGES}
    return quote_label(column.text if len(column.text) > 1 else headings)


def _answer_in_words(column: Column, answer: str) -> object:
    if answer in PRESENCE_IN_WORDS:
        return PRESENCE_IN_WORDS[answer]
    return cell_in_words(column, answer == "yes" if column.kind == "yes_no" else answer)
