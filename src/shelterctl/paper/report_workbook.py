"""The workbook of a house's report: a sheet for each of its tables, in the language of papers."""

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.act.report import judge_month
from shelterctl.core.finding import Outcome
from shelterctl.paper.delivery import PAPER_IS_WRITTEN
from shelterctl.paper.request import choose_paper_language
from shelterctl.session import Session
from shelterctl.tabular.files import write_table
from shelterctl.tabular.text import Dialect
from shelterctl.ui_language import N_
from shelterctl.view.report_figures import HouseReport
from shelterctl.view.report_tables import FIGURES_TABLE, make_report_tables

WORKBOOK_SUFFIX = "xlsx"

WORKBOOK_IN_CLEAR = N_("Anyone who has this file can read it. Hand it in, then delete it.")


def write_report_workbook(session: Session, made: HouseReport, to: OutputTarget) -> Outcome:
    """Write a report into a workbook, or its figures alone into a file of another format for tables."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language = choose_paper_language(session)
    tables = make_report_tables(made, language)
    if to.kind == WORKBOOK_SUFFIX:
        from shelterctl.tabular.workbook import write_workbook  # noqa: PLC0415 - an extra

        data = write_workbook(tables)
    else:
        figures = next(one for one in tables if one.name == FIGURES_TABLE)
        data = write_table(figures, to.kind, Dialect(",", "."))
    stream = write_output(to, data)
    said = [(PAPER_IS_WRITTEN, {"title": made.report.sheet.title})]
    said += [] if to.is_pipe or made.published else [(WORKBOOK_IN_CLEAR, {})]
    printed = {"form": made.report.name, "language": language, "record": None, "code": None, "pages": None}
    findings = judge_month(made.seen, made.report)
    return Outcome(data={"printed": [printed]}, findings=findings, said=tuple(said), stream=stream)
