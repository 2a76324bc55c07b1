"""The paper of a house's report: its figures with their parts, charts, lists and words, and what signs it."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act.output_path import OutputTarget
from shelterctl.act.report import judge_month
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.track import as_title
from shelterctl.core.tables.columns import NOT_WRITTEN_DOWN, Cell, Column
from shelterctl.core.tables.figures import Figure, FigureCell
from shelterctl.language import format_fact
from shelterctl.paper.delivery import deliver_papers
from shelterctl.paper.request import PreparedPaper, choose_paper_language, common_facts
from shelterctl.press.sheet import PAPER_A4, Sheet, make_sheet
from shelterctl.session import Session
from shelterctl.view.lists import cell_in_words
from shelterctl.view.report import month_in_words, report_charts, shown_number
from shelterctl.view.report_figures import HouseReport, answer_as_counted, closed_on

REPORT_TEMPLATE = "report"

MOST_ZEROS = 12
"""The most answers without entries that are listed under a figure; beyond them it says only that there are none."""

NARROWEST_LISTED, WIDEST_LISTED = 9, 24
"""The bounds of a column's share of a list's width, in letters."""


def print_report(
    session: Session, made: HouseReport, to: OutputTarget, *, without_tint: bool = False, size: str = PAPER_A4
) -> Outcome:
    """Write a report into a file."""
    return deliver_papers(session, [make_report_paper(session, made)], to, size)


def make_report_paper(session: Session, made: HouseReport) -> PreparedPaper:
    """Return a report as a paper, on one sheet of as many pages as it needs. A report has no tint.

    What is published is about nobody: everybody may have it.
    """
    language = choose_paper_language(session)
    return PreparedPaper(
        made.report.name, made.report.sheet.title, language, (_make_sheet(session, made, language),),
        findings=judge_month(made.seen, made.report), registered=None if made.published else made.seen.house,
    )  # fmt: skip


def _make_sheet(session: Session, made: HouseReport, language: str) -> Sheet:
    seen, report = made.seen, made.report
    closed = made.closed or {}
    title = format_fact(report.sheet.title or as_title(report.text), language)
    facts: dict[str, Any] = {
        "title": title,
        "house": seen.house,
        "period": format_fact(month_in_words(seen.period), language),
        "addressed": report.sheet.addressed if made.public is None else None,
        "clause": report.clause,
        "known_on": seen.known_on,
        "not_ended": not seen.has_ended and not closed,
        "last": seen.during.last,
        "year": seen.year and made.published is None,
        "public": made.public is not None,
        "least": made.public or 0,
        "published": made.published,
        "figures": [*_figure_facts(made)],
        "charts": [*_chart_facts(made)],
        "lists": [*_list_facts(made, language)],
        "words": [*_word_facts(made)] if made.public is None else [],
        "corrections": [*_correction_facts(made)],
        "closed_on": closed_on(closed),
        "digest": closed.get("digest"),
        "signers": report.sheet.signed_by if made.public is None else (),
    }
    around = common_facts(session.rulebook, language, None, None, registered=seen.house or "", month=facts["period"])
    return make_sheet(
        REPORT_TEMPLATE, {**around, **facts}, title=title, language=language, tint="white", day=seen.last, long=True
    )


def _figure_facts(made: HouseReport) -> Iterator[dict[str, Any]]:
    """Yield each figure with its parts that are not zero; the answers of the others are listed together."""
    for one in made.figures:
        if not one.row.is_number:
            continue
        columns: Mapping[str, Column] = made.columns[one.row.name].by if one.row.by else {}
        zeros = [cell for cell in one.cells if cell.number is not None and not cell.number and cell.answer]
        parts = [cell for cell in one.cells if cell.number is None or cell.number]
        yield {
            "label": one.row.text,
            "clause": one.row.clause,
            "number": shown_number(one.number, one.unit),
            "is_house": one.row.house is not None,
            "parts": [_part_facts(columns[cell.by], cell, one.unit) for cell in parts],
            "zeros": [_part_facts(columns[cell.by], cell, one.unit) for cell in zeros[:MOST_ZEROS]] if parts else [],
            "more_zeros": len(zeros) > MOST_ZEROS,
        }


def _part_facts(column: Column, cell: FigureCell, unit: str) -> dict[str, Any]:
    """Return one part of a figure; an answer that is no code of the column has no text, and the template names it.

    Where there is no answer, it says *nothing*, the words of the column for that, as screens do.
    """
    return {
        "text": column.codes.get(cell.answer), "answer": cell.answer, "nothing": column.nothing or NOT_WRITTEN_DOWN,
        "number": shown_number(cell.number, unit),
    }  # fmt: skip


def _chart_facts(made: HouseReport) -> Iterator[dict[str, Any]]:
    """Yield a chart for each column of a row that the sheet draws: the parts that are not zero."""
    for chart in report_charts(made):
        column = chart.column if chart.is_one_of_several else None
        parts = [_part_facts(chart.column, cell, chart.figure.unit) for cell in chart.cells]
        yield {"label": chart.figure.row.text, "by": column.text if column else None, "parts": parts}


def _list_facts(made: HouseReport, language: str) -> Iterator[dict[str, Any]]:
    for one in made.figures:
        if one.row.kind != "list" or one.number is None:
            continue
        columns = made.columns[one.row.name].listed
        yield {
            "label": one.row.text,
            "columns": [
                {
                    "label": one.row.columns[name],
                    "number": column.kind in ("som", "whole"),
                    "width": _width_of(one, name, column, language),
                }
                for name, column in columns.items()
            ],
            "rows": [[_cell_text(columns[name], value, language) for name, value in row.items()] for row in one.listed],
        }


def _width_of(figure: Figure, name: str, column: Column, language: str) -> int:
    """Return the share of a column of a list: that of its longest cell, or of the longest word of its heading."""
    cells = [len(_cell_text(column, row[name], language)) for row in figure.listed]
    words = [len(word) for word in format_fact(figure.row.columns[name], language).split()]
    return min(max([*cells, *words, NARROWEST_LISTED]), WIDEST_LISTED)


def _cell_text(column: Column, value: Cell, language: str) -> str:
    """Return a cell as a sheet shows it: a code in the words of the rulebook, and nothing where it has none."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return ", ".join(_cell_text(column, each, language) for each in value)
    return format_fact(cell_in_words(column, value), language)


def _word_facts(made: HouseReport) -> Iterator[dict[str, Any]]:
    for one in made.figures:
        if one.row.kind == "typed":
            yield {"label": one.row.text, "paragraphs": (one.words or "").splitlines()}


def _correction_facts(made: HouseReport) -> Iterator[dict[str, Any]]:
    for one in made.corrections:
        row = made.report.rows.get(one.row)
        columns = made.columns[one.row].by if one.row in made.columns else {}
        cell = FigureCell(one.by or "", answer_as_counted(one.answer), 0)
        column = columns.get(one.by) if one.by else None
        part = _part_facts(column, cell, "whole") if column else None
        label = row.text if row else {"en": one.row}
        yield {"month": month_in_words(one.month), "label": label, "part": part, "closed": one.closed, "now": one.now}
