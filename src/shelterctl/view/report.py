"""A report of a house as rows for a program and as lines for a person, and the entries behind a figure."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.report import judge_month, judge_words
from shelterctl.core.finding import FilledSentence, Finding, Outcome, Severity
from shelterctl.core.manual.track import as_title
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.figures import NO_ANSWER, Figure, FigureCell, Number
from shelterctl.core.tables.small_counts import HIDDEN_SIGN
from shelterctl.core.values.written_days import long_partial
from shelterctl.country import current_country
from shelterctl.errors import UsageError
from shelterctl.language import (
    EmptyCell,
    LabelledCode,
    Text,
    codes_with_texts,
    current_language,
    format_fact,
    format_sentence,
)
from shelterctl.output.columns import PIPED_COLUMNS, UNKNOWN_CELL, can_be_shown, format_table
from shelterctl.session import Session, may_ask
from shelterctl.terminal.bar_chart import (
    EIGHTH_BLOCKS,
    HALF_BLOCKS,
    PLAIN_BLOCKS,
    BarChart,
    ChartBar,
    draw_bar_chart,
)
from shelterctl.terminal.screen import column_widths, join_cells, screen_size, wrap_line
from shelterctl.ui_language import N_, PAPER_LANGUAGES
from shelterctl.view.lists import cell_in_words
from shelterctl.view.report_figures import Correction, HouseReport, answer_as_counted, closed_on, words_of_report

ENTRIES_IN_NO_HOUSE = N_(
    "Entries of these days that belong to no house: {count}. They are in the report of all houses: --of all."
)
NO_FIGURE_DIFFERS = N_("No figure differs from those with which it was closed on {on}.")
DIFFERS_SINCE = N_("Closed on {on}. These figures would differ now; put them into the next report as corrections.")
ROW_UNKNOWN = N_("This report has no such row. Its rows are: {rows}.")
PART_UNKNOWN = N_("This row has no such part. Write it like {examples}.")
HEADING_OF_YEAR = N_("{report}, {house}: all months of {month}")
HEADING_OF_REPORT = N_("{report}, {house}, {month}")
CLOSED_ON = N_("Closed on {on}. Checksum: {digest}.")
AS_KNOWN_ON = N_("As known on {day}: what was recorded later is left out.")
ALL_HOUSES = N_("all houses")
CORRECTIONS_OF_EARLIER = N_("Corrections of earlier months, recorded after their reports were closed:")
CORRECTION_NOW = N_("{month}. {figure}: {now}")
CORRECTION_LINE = N_("{month}. {figure}: {closed} → {now}")
NOT_READ_HERE = N_("not read with this key")
COPY_FOR_OUTSIDE = N_(
    "Copy for people outside. [c] is a hidden number: of 1 to {most} people, or one from which such a number could be "
    "found."
)
PUBLISHED_AS = N_("Published on {on} as {release}.")
PARTS_OVERLAP = N_("One person can stand in several parts of these, so the parts may add up to more: {rows}.")
ROUNDED_DOWN = N_("Numbers are rounded down to a multiple of {base}.")
CHART_MARGIN = 2
"""The columns of a screen that charts leave free, because a full line would be wrapped."""

REPORT_COLUMNS = ("row", "by", "answer", "number")
"""The columns of a report's figures: the row, the column and the answer of a part of it, and the number."""

COMPARED_COLUMNS = ("month", "row", "by", "answer", "closed", "now")
TRACE_COLUMNS = ("of", "entry", "number")


def answer_report(session: Session, made: HouseReport) -> Outcome:
    """Return a report for a program, and as lines for a person."""
    seen, report, closed = made.seen, made.report, made.closed or {}
    entry = (seen.entry_of(report) or {}) if made.public is None else {}
    data = {
        "report": LabelledCode(report.name, report.text), "house": seen.house,
        "month": seen.month if seen.months == 1 else None, "year": seen.last.year if seen.year else None,
        "from": seen.during.first, "to": seen.during.last, "known_on": seen.known_on, "public": made.public is not None,
        "entry": entry.get("id"), "closed_on": closed_on(closed), "digest": closed.get("digest"),
        "rows": [*_rows_of_figures(made)], "lists": listed_rows(made), "words": words_of_report(made),
        "corrections": correction_rows(made), "release": made.published.release if made.published else None,
    }  # fmt: skip
    room = screen_size()[0] - CHART_MARGIN if may_ask(session) else None
    prose = [("{line}", {"line": line}) for line in report_lines(made, room)]
    findings = (*judge_month(seen, report), *judge_words(session, seen.house, made.closed), *_outside_finding(made))
    return Outcome(data=data, columns=REPORT_COLUMNS, prose=prose, findings=findings)


def _outside_finding(made: HouseReport) -> Iterator[Finding]:
    """Yield the warning that entries of the month belong to no house."""
    if made.outside:
        facts = {"count": made.outside}
        yield Finding(code="report/no-house", message=ENTRIES_IN_NO_HOUSE, severity=Severity.WARN, facts=facts)


def _rows_of_figures(made: HouseReport) -> Iterator[dict[str, Any]]:
    """Yield the figures as rows for a program, parts that are zero too."""
    for one in made.figures:
        if one.row.kind == "typed":
            continue
        row = LabelledCode(one.row.name, one.row.text)
        yield {"row": row, "by": None, "answer": None, "number": shown_number(one.number, one.unit)}
        for cell in one.cells:
            column = made.columns[one.row.name].by[cell.by]
            by = LabelledCode(cell.by, column.text)
            number = shown_number(cell.number, one.unit)
            yield {"row": row, "by": by, "answer": answer_in_words(column, cell), "number": number}


def shown_number(number: Number | None, unit: str) -> Number | float | None:
    """Return a number as pages and screens show it: an average is no amount of money."""
    return float(number) if unit == "decimal" and number is not None else number


def answer_in_words(column: Column, cell: FigureCell) -> Any:
    """Return the answer of a part in words; what has no answer in the words of its column."""
    if cell.answer == NO_ANSWER:
        return EmptyCell(column.nothing) if column.nothing else None
    if column.kind == "yes_no":
        return cell_in_words(column, cell.answer == "yes")
    return cell_in_words(column, cell.answer)


def listed_rows(made: HouseReport) -> dict[str, list[dict[str, object]]]:
    """Return the lists of a report, such as its supporting documents, by the name of the row."""
    found: dict[str, list[dict[str, object]]] = {}
    for one in made.figures:
        if one.row.kind == "list" and one.number is not None:
            listed = made.columns[one.row.name].listed
            found[one.row.name] = [
                {
                    LabelledCode(name, one.row.columns[name]): cell_in_words(listed[name], value)
                    for name, value in row.items()
                }
                for row in one.listed
            ]
    return found


def correction_rows(made: HouseReport) -> list[dict[str, Any]]:
    """Return the corrections of a report as rows for a program."""
    return [compared_row(made, one) for one in made.corrections]


def answer_comparison(made: HouseReport, on: date | None) -> Outcome:
    """Return the figures that differ from those of the report closed *on* that day."""
    said: FilledSentence = (DIFFERS_SINCE if made.corrections else NO_FIGURE_DIFFERS, {"on": on})
    prose = [correction_sentence(made, one) for one in made.corrections]
    data = {"rows": correction_rows(made), "closed_on": on}
    return Outcome(data=data, columns=COMPARED_COLUMNS, said=(said,), prose=prose)


def compared_row(made: HouseReport, one: Correction) -> dict[str, Any]:
    """Return a figure that differs from a closed one as a row for a program."""
    texts = made.report.rows
    row = LabelledCode(one.row, texts[one.row].text) if one.row in texts else one.row
    place = {"month": one.month, "row": row, "by": one.by, "answer": one.answer}
    return {**place, "closed": one.closed or None, "now": one.now}


def trace_figure(made: HouseReport, typed: str) -> list[dict[str, Any]]:
    """Return the entries behind a row, or behind a part of it as ``ROW.COLUMN=ANSWER``. Raises UsageError for an
    unknown one.
    """
    name, _, part = typed.partition(".")
    traced = next((one for one in made.figures if one.row.name == name and one.row.subject), None)
    if traced is None:
        known = {one.row.name: one.row.text for one in made.figures if one.row.subject}
        raise UsageError("usage/report-row", ROW_UNKNOWN, rows=codes_with_texts(known))
    entries = traced.entries
    if part:
        by, _, answer = part.partition("=")
        wanted = NO_ANSWER if answer == "none" else answer
        cell = next((one for one in traced.cells if one.by == by and one.answer == wanted), None)
        if cell is None:
            examples = [f"{name}.{one.by}={one.answer or 'none'}" for one in traced.cells[:3]]
            raise UsageError("usage/report-row", PART_UNKNOWN, examples=examples or [name])
        entries = cell.entries
    return [{"of": one.of, "entry": one.entry, "number": one.number} for one in entries]


def _chart_lines(made: HouseReport, language: str, room: int | None) -> Iterator[str]:
    """Yield the charts below each other: a terminal gets the finest blocks that it can show, a file plain signs."""
    kinds = (EIGHTH_BLOCKS, HALF_BLOCKS) if room is not None else ()
    blocks = next((kind for kind in kinds if can_be_shown(kind)), PLAIN_BLOCKS)
    for chart in report_charts(made):
        column = [chart.column.text] if chart.is_one_of_several else []
        bars = tuple(
            ChartBar(format_fact(answer_in_words(chart.column, cell), language), cell.number) for cell in chart.cells
        )
        drawn = BarChart(format_fact([chart.figure.row.text, *column], language), bars)
        yield from ("", drawn.title, *draw_bar_chart(drawn, language, room or PIPED_COLUMNS, blocks))


def report_lines(made: HouseReport, room: int | None) -> Iterator[str]:
    """Yield a report as lines of a screen with *room* columns, or of a file: each row with its number and its parts,
    then charts, lists and words.
    """
    language = current_language()
    yield from (format_sentence(*one, language) for one in report_headings(made))
    yield ""
    cells = [cell for one in made.figures if one.row.is_number for cell in _figure_cells(made, one, language)]
    widths = column_widths([[label, number] for label, number in cells])
    yield from (join_cells([label, number], widths, [1]).rstrip() for label, number in cells)
    yield from _chart_lines(made, language, room)
    for name, rows in listed_rows(made).items():
        yield from ("", format_fact(made.report.rows[name].text, language))
        yield from (f"  {line}" for line in (format_table(rows, language) if rows else [UNKNOWN_CELL]))
    for one in made.figures:
        if one.row.kind == "typed" and one.words:
            yield from ("", format_fact(one.row.text, language), *(f"  {line}" for line in wrap_line(one.words)))
    if made.corrections:
        yield from ("", format_sentence(CORRECTIONS_OF_EARLIER, {}, language))
        yield from (f"  {format_sentence(*correction_sentence(made, one), language)}" for one in made.corrections)


class ReportChart(NamedTuple):
    """A row of a report drawn as bars: its parts by one *column* that are not zero."""

    figure: Figure
    column: Column
    cells: tuple[FigureCell, ...]
    is_one_of_several: bool


def report_charts(made: HouseReport) -> Iterator[ReportChart]:
    """Yield the charts of a report, as its sheet names them; one whose row is hidden or empty is left out."""
    figures = {one.row.name: one for one in made.figures}
    for name in made.report.sheet.chart:
        one = figures[name]
        for by in one.row.by:
            cells = tuple(cell for cell in one.cells_of(by) if cell.number is None or cell.number)
            if any(cell.number for cell in cells):
                yield ReportChart(one, made.columns[name].by[by], cells, len(one.row.by) > 1)


def report_headings(made: HouseReport) -> Iterator[FilledSentence]:
    """Yield the sentences above a report: what it is, as known when, whether it is closed, and for whom it is made."""
    seen, report = made.seen, made.report
    facts = {"report": as_title(report.text), "house": seen.house or ALL_HOUSES, "month": month_in_words(seen.period)}
    yield HEADING_OF_YEAR if seen.year and made.published is None else HEADING_OF_REPORT, facts
    if seen.known_on is not None:
        yield AS_KNOWN_ON, {"day": seen.known_on}
    if made.closed:
        yield CLOSED_ON, {"on": closed_on(made.closed), "digest": made.closed.get("digest")}
    if made.public is not None:
        yield COPY_FOR_OUTSIDE, {"most": made.public - 1}
        divided = [row for row in made.report.rows.values() if row.by]
        overlapping = [row.text for row in divided if any(one.overlaps for one in made.columns[row.name].by.values())]
        if overlapping:
            yield PARTS_OVERLAP, {"rows": overlapping}
    if made.published is not None:
        yield PUBLISHED_AS, {"release": made.published.release, "on": made.published.on}
        if made.published.rounding:
            yield ROUNDED_DOWN, {"base": made.published.rounding}


def month_in_words(month: str) -> Text:
    """Return a month ``YYYY-MM`` or a year ``YYYY`` in words, by language."""
    return {language: long_partial(month, language) for language in (*PAPER_LANGUAGES, *current_country().languages)}


def correction_sentence(made: HouseReport, one: Correction) -> FilledSentence:
    """Return a correction as a sentence: the month, the figure, what was closed and what it is now."""
    facts = {
        "month": month_in_words(one.month), "figure": figure_in_words(made, one), "closed": one.closed, "now": one.now,
    }  # fmt: skip
    return (CORRECTION_LINE if one.closed else CORRECTION_NOW), facts


def figure_in_words(made: HouseReport, one: Correction) -> object:
    """Return the figure of a correction in words: the row, and the answer of a part of it."""
    row = made.report.rows.get(one.row)
    label: object = row.text if row else one.row
    if one.by is None:
        return label
    columns = made.columns.get(one.row)
    column = columns.by.get(one.by) if columns else None
    answer = answer_as_counted(one.answer)
    return [label, answer_in_words(column, FigureCell(one.by, answer, 0)) if column else one.answer]


def figure_parts(made: HouseReport, one: Figure) -> Iterator[tuple[Any, Number | float | None]]:
    """Yield the answer in words and the number of each part of a figure that is not zero; None for a hidden number."""
    for cell in one.cells:
        if cell.number is None or cell.number:
            column = made.columns[one.row.name].by[cell.by]
            yield answer_in_words(column, cell), shown_number(cell.number, one.unit)


def _figure_cells(made: HouseReport, one: Figure, language: str) -> Iterator[tuple[str, str]]:
    """Yield the label and the number of a row, then of each part that is not zero."""
    yield format_fact(one.row.text, language), number_in_words(made, one, language)
    for answer, number in figure_parts(made, one):
        said = HIDDEN_SIGN if number is None else format_fact(number, language)
        yield f"    {format_fact(answer, language)}", said


def number_in_words(made: HouseReport, one: Figure, language: str) -> str:
    """Return the number of a row as a person reads it; where there is none, why."""
    if one.number is not None:
        return format_fact(shown_number(one.number, one.unit), language)
    if made.public is not None:
        return HIDDEN_SIGN
    return UNKNOWN_CELL if one.row.house else format_fact(NOT_READ_HERE, language)
