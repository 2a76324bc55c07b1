"""shelterctl report: the reports of a house for a month: shown, printed, closed, compared, traced to entries."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from shelterctl.act import report as act
from shelterctl.act.input import read_input
from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, read_target
from shelterctl.act.publish import report_publication
from shelterctl.act.redaction import may_show_names
from shelterctl.act.register_months import read_months
from shelterctl.cli.options import (
    CheckOption,
    Ctx,
    FromOption,
    OverwriteOption,
    PaperOption,
    begin_command,
    paper_settings,
)
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.report import Report
from shelterctl.core.manual.track import MONTH_REPORT
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import LabelledCode, codes_with_texts
from shelterctl.schemas.input import entry_schema
from shelterctl.session import Session, read_code_option
from shelterctl.tabular.files import require_format
from shelterctl.ui_language import N_
from shelterctl.view import report as view
from shelterctl.view.report_figures import HouseReport, closed_on, compare_figures, figures_to_keep, make_report

WORKBOOK_KIND = "xlsx"

REPORT_MEDIA = (*SHEET_MEDIA, WORKBOOK_KIND)
"""The formats of a report in a file."""

ReportOutOption = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write to FILE: .pdf, .html, .md, .txt or .xlsx; - writes to a pipe."),
]
ReportAsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="pdf|html|md|txt|xlsx", help="The kind of file, if its name does not show it."),
]

REPORT_LIST = "list"
REPORT_LIST_COLUMNS = ("report", "title", "month", "entry", "closed_on", "submitted_on")

REPORT_UNKNOWN = N_("There is no such report. The reports are: {reports}.")
HOUSE_OF_REPORT = N_("The store has several houses. Name one with --of, or all of them with --of all: {houses}.")
HOUSE_NOT_THERE = N_("There is no such house in this store. The houses are: {houses}.")
ONE_HOUSE_TO_CLOSE = N_("A report is closed for one house. Name it with --of.")
ONE_THING_AT_A_TIME = N_("Use one of --close, --compare, --trace, --from and --out at a time.")
TRACE_AT_TERMINAL_ONLY = N_("--trace shows ids behind figures at a terminal only, never in a file, a pipe or a page.")
KNOWN_ON_IN_FUTURE = N_("--as-known-on is a day in the future. Give a day up to {today}.")
CLOSED_AS_KNOWN = N_("A report is closed with the figures of today. Leave out --as-known-on.")
MONTH_OR_YEAR = N_("Name a month with --month or a year with --year, not both.")
YEAR_IS_COUNTED = N_(
    "A year is only counted: it is not closed, compared, published or written. Leave out --close, --compare, --public "
    "and --from, or name a month; and name the report."
)
LIST_IS_OF_ALL = N_("This is about one report. Name it before: {options}. See their names with: shelterctl report list")
NOT_CLOSED_YET = N_("This report is not closed, so there is nothing to compare with. Close it with --close.")
BEHIND_FIGURE = N_("What is counted there, by id. These ids lead to files; do not give them away.")
PUBLISHED_AS_IT_IS = N_(
    "A copy for people outside has the figures that are published. Leave out --close, --trace and --as-known-on."
)
PERIOD_NOT_BEGUN = N_("{period} has not begun yet, so nothing can be counted. Take an earlier one.")
NOT_PUBLIC = N_("This report is not meant for people outside, so there is no public copy of it.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl report progress --month last --out ~/progress.pdf --lang ru")
def report(
    ctx: Ctx,
    name: Annotated[
        str,
        typer.Argument(metavar="REPORT|list", help="The report, such as progress; list shows all reports of a month."),
    ] = REPORT_LIST,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help="The month, such as 2026-11; default: the last one that ended."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            min=1900,
            max=9998,
            help="A whole year, such as 2026; it is counted and printed, never closed.",
        ),
    ] = None,
    of: Annotated[
        str | None, typer.Option("--of", metavar="CODE", help="The house; all counts all houses together.")
    ] = None,
    close: Annotated[
        bool, typer.Option("--close", help="Close the report: its figures are kept, with a checksum and the day.")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Show which figures of a closed report would differ now.")
    ] = False,
    known_on: Annotated[
        str | None,
        typer.Option("--as-known-on", metavar="DATE", help="Count only what was recorded by the end of this day."),
    ] = None,
    trace: Annotated[
        str | None,
        typer.Option(
            "--trace",
            metavar="ROW",
            help="Show the ids behind a figure, at a terminal: ROW, or its part ROW.COLUMN=CODE.",
        ),
    ] = None,
    source: FromOption = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="Publish it for people outside: small numbers are hidden, and it is entered in the ledger for good.",
        ),
    ] = False,
    out: ReportOutOption = None,
    as_: ReportAsOption = None,
    paper: PaperOption = None,
    overwrite: OverwriteOption = False,
    check: CheckOption = False,
) -> Outcome:
    """Count a report of a house for a month or a year from what was recorded; print, close or compare it."""
    # Gather.
    session = begin_command(ctx, lists=out is None)
    when = _read_period(session, month, year)
    if year is not None and (close or compare or public or source or name == REPORT_LIST):
        raise UsageError("usage/one-thing", YEAR_IS_COUNTED)
    if sum((close, compare, trace is not None, source is not None, out is not None)) > 1:
        raise UsageError("usage/one-thing", ONE_THING_AT_A_TIME)
    if name == REPORT_LIST:
        _refuse_options_of_list(
            close=close,
            compare=compare,
            trace=trace,
            from_=source,
            public=public,
            out=out,
            as_known_on=known_on,
            check=check,
        )
        return _list_reports(session, when, of)
    wanted, house = _find_report(session, name), _find_house(session, of)
    if source is not None:
        return _write_words(session, wanted, house, when, source, check=check)
    to = read_target(out, as_, overwrite, REPORT_MEDIA, json=session.json)
    if to is not None:
        require_format(to.kind, SHEET_MEDIA)
    _require_sensible(session, wanted, trace, house, known_on, close=close, public=public)
    if public:
        return publish_report(session, wanted, when, house, to, check=check)
    seen = act.read_month(session, house, when, [wanted], _read_known_on(session, known_on))
    act.refuse_closed_twice(seen, wanted)
    made = make_report(session, wanted, seen, anew=close or compare or trace is not None, for_act=close)

    # Decide.
    if trace is not None or compare:
        return _trace(made, trace) if trace is not None else _compare(made)

    # Act.
    if close:
        return act.close_report(session, seen, wanted, figures_to_keep(made), check=check)
    return view.answer_report(session, made) if to is None else _write_report(session, made, to, paper)


def _refuse_options_of_list(**options: object) -> None:
    """Raise UsageError for options that are about one report, where the list of all is asked for."""
    given = [f"--{name.strip('_').replace('_', '-')}" for name, value in options.items() if value not in (None, False)]
    if given:
        raise UsageError("usage/one-thing", LIST_IS_OF_ALL, options=given)


def publish_report(
    session: Session, report: Report, month: str, house: str | None, to: OutputTarget | None, *, check: bool = False
) -> Outcome:
    """Publish the copy of a report for people outside, or show it as it was published."""
    from shelterctl.cli.publish import enter_and_show  # noqa: PLC0415 - only for a public copy

    return enter_and_show(session, report_publication(session, report, month, house), to, check=check)


def _write_report(session: Session, made: HouseReport, to: OutputTarget, paper: str | None) -> Outcome:
    """Write a report into a file: as a paper, or as a workbook."""
    if to.kind == WORKBOOK_KIND:
        from shelterctl.paper.report_workbook import write_report_workbook  # noqa: PLC0415 - loads an extra

        return write_report_workbook(session, made, to)
    from shelterctl.paper.report import print_report  # noqa: PLC0415 - loads the code that makes PDFs

    return print_report(session, made, to, **paper_settings(paper))


def _read_period(session: Session, month: str | None, year: int | None) -> str:
    """Return the month ``YYYY-MM`` or the year ``YYYY`` that is asked for; by default the month that ended last."""
    if year is not None:
        if month is not None:
            raise UsageError("usage/one-thing", MONTH_OR_YEAR)
        asked, running = str(year), f"{session.today:%Y}"
    else:
        asked, running = read_months(session, month or "last").first, f"{session.today:%Y-%m}"
    if asked > running:
        raise UsageError("usage/month", PERIOD_NOT_BEGUN, period=asked)
    return asked


def _trace(made: HouseReport, typed: str) -> Outcome:
    """Return the ids behind a figure, on a screen that is cleared when it is left."""
    rows = view.trace_figure(made, typed)
    return Outcome(data={"rows": rows}, columns=view.TRACE_COLUMNS, said=((BEHIND_FIGURE, {}),), private=True)


def _require_sensible(
    session: Session,
    report: Report,
    trace: str | None,
    house: str | None,
    known_on: str | None,
    *,
    close: bool,
    public: bool,
) -> None:
    """Raise UsageError for what cannot be asked of a report: before any file is read."""
    if trace is not None and not may_show_names(session):
        raise UsageError("usage/trace", TRACE_AT_TERMINAL_ONLY)
    if public and not report.public:
        raise UsageError("usage/public", NOT_PUBLIC)
    if public and (close or known_on is not None or trace is not None):
        raise UsageError("usage/one-thing", PUBLISHED_AS_IT_IS)
    if close and house is None:
        raise UsageError("usage/which-house", ONE_HOUSE_TO_CLOSE)
    if close and known_on is not None:
        raise UsageError("usage/one-thing", CLOSED_AS_KNOWN)


def _find_report(session: Session, typed: str) -> Report:
    reports = session.rulebook.house_reports
    if typed not in reports:
        titles = {name: one.text for name, one in reports.items()}
        raise NotFound("report/unknown", REPORT_UNKNOWN, reports=codes_with_texts(titles))
    return reports[typed]


def _find_house(session: Session, typed: str | None) -> str | None:
    """Return the code of the house, or None for all houses together."""
    houses = list(session.store.shelter.value["facilities"])
    if typed is None:
        if len(houses) > 1:
            raise UsageError("usage/which-house", HOUSE_OF_REPORT, houses=houses)
        return str(houses[0])
    code = read_code_option(typed.removeprefix("house:"), "--of")
    if code == "all" and code not in houses:
        return None
    if code not in houses:
        raise NotFound("facility/unknown", HOUSE_NOT_THERE, houses=houses)
    return code


def _read_known_on(session: Session, typed: str | None) -> date | None:
    if typed is None:
        return None
    day = session.read_day(typed, "--as-known-on")
    if day > session.today:
        raise UsageError("usage/future", KNOWN_ON_IN_FUTURE, today=session.today)
    return day


def _compare(made: HouseReport) -> Outcome:
    """Return the figures that differ from those of the closed report."""
    closed = made.seen.entry_of(made.report)
    if closed is None or "closed" not in closed:
        raise NotFound("report/not-closed", NOT_CLOSED_YET)
    found = compare_figures(made, closed, made.seen.month)
    return view.answer_comparison(replace(made, corrections=tuple(found)), closed_on(closed))


def _list_reports(session: Session, month: str, typed: str | None) -> Outcome:
    """Return every report of a month with whether it is written, closed and submitted."""
    house = _find_house(session, typed)
    reports = session.rulebook.house_reports
    record = None if house is None else act.read_record(session, house, month)
    rows = []
    for name, one in reports.items():
        entry = act.find_report_entry(session.rulebook.tracks, record, name, month) or {}
        rows.append({
            "report": name, "title": LabelledCode(name, one.text), "month": month, "entry": entry.get("id"),
            "closed_on": (entry.get("closed") or {}).get("on"), "submitted_on": entry.get("submitted_on"),
        })  # fmt: skip
    return Outcome(data={"rows": rows}, columns=REPORT_LIST_COLUMNS)


def _write_words(
    session: Session, report: Report, house: str | None, month: str, source: str, *, check: bool
) -> Outcome:
    """Write what is typed into a report, such as its narrative, from a file."""
    if house is None:
        raise UsageError("usage/which-house", ONE_HOUSE_TO_CLOSE)
    track = session.rulebook.track_for(MONTH_REPORT)
    given = read_input(source, entry_schema(session.rulebook, track.name, whole=False), session.store.offset)
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    return act.write_words(session, house, month, report, given, check=check)
