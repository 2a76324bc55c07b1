"""The menu of a house's reports: choose a month and a report, read it, write its words, print it and close it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from shelterctl.act import report as act
from shelterctl.act.permission import refuse_tasks
from shelterctl.act.publish import judge_publisher, report_publication
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.core.manual.report import Report
from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.manual.track import MONTH_REPORT
from shelterctl.core.values.facts import Facts
from shelterctl.language import Sentence
from shelterctl.menu.action import run_actions
from shelterctl.prompts import add
from shelterctl.prompts.steps import print_open_findings
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import clear_screen
from shelterctl.ui_language import N_
from shelterctl.view import report as view
from shelterctl.view.report_figures import HouseReport, closed_on, compare_figures, figures_to_keep, make_report

REPORTS_QUESTION = N_("{house}, {month}: which report? Enter goes back.")
REPORT_OPEN = N_("{report}")
REPORT_WITH_WORDS = N_("{report}: not closed yet")
REPORT_IS_CLOSED = N_("{report}: closed on {on}")
MONTH_BEFORE = N_("the month before: {month}")
MONTH_AFTER = N_("the month after: {month}")
REPORT_QUESTION = N_("{report}, {month}: what would you like to do? Enter goes back.")
READ_REPORT = N_("read it")
WRITE_WORDS = N_("write what is to be said about the month")
PRINT_REPORT = N_("print it")
PRINT_PUBLIC = N_("print a copy for people outside, with small numbers hidden")
CLOSE_REPORT = N_("close it: the figures are kept as they are now")
COMPARE_REPORT = N_("see what was recorded since it was closed")
CLOSE_SURE = N_("Close it now? What is recorded for this month later will be in the next report, as a correction.")
NOT_CLOSED_NOW = N_("Nothing was closed.")

PUBLIC_STEM = "-public"
"""The end of the offered name of a public copy, so that nobody takes it for the report itself."""

ReportAct = Callable[[Ctx, Report, str, str], Outcome | None]
"""The act of a line on a report, a house and a month."""


def open_reports(ctx: Ctx, house: str) -> Outcome | None:
    """Show the reports of a month of a house, first of the last month, until the person goes back."""
    session = session_of(ctx)
    month = act.month_before(f"{session.today:%Y-%m}")
    reports = [*session.rulebook.house_reports.values()]
    while True:
        session.reopen()
        clear_screen()
        record = act.read_record(session, house, month)
        earlier, later = act.month_before(month), act.month_after(month)
        rows: list[FilledSentence] = [
            _report_row(one, act.find_report_entry(session.rulebook.tracks, record, one.name, month)) for one in reports
        ]
        rows.append((MONTH_BEFORE, {"month": view.month_in_words(earlier)}))
        rows += [(MONTH_AFTER, {"month": view.month_in_words(later)})] if later <= f"{session.today:%Y-%m}" else []
        facts = {"house": house, "month": view.month_in_words(month)}
        chosen = choose_option(REPORTS_QUESTION, rows, facts)
        if chosen is None:
            return None
        if chosen >= len(reports):
            month = earlier if chosen == len(reports) else later
        else:
            _open_report(ctx, reports[chosen], house, month)


def _report_row(report: Report, entry: Facts | None) -> FilledSentence:
    """Return the line of a report: its name, and whether it has words or is closed."""
    if entry is None:
        return REPORT_OPEN, {"report": report.text}
    if "closed" in entry:
        return REPORT_IS_CLOSED, {"report": report.text, "on": closed_on(entry)}
    return REPORT_WITH_WORDS, {"report": report.text}


def _open_report(ctx: Ctx, report: Report, house: str, month: str) -> None:
    """Show what can be done with a report of a month, and run what is chosen, until the person goes back."""
    session = session_of(ctx)
    while True:
        session.reopen()
        clear_screen()
        entry = act.find_report_entry(
            session.rulebook.tracks, act.read_record(session, house, month), report.name, month
        )
        lines = _report_lines(session, report, entry)
        facts = {"report": report.text, "month": view.month_in_words(month)}
        chosen = choose_option(REPORT_QUESTION, [(label, {}) for label, _ in lines], facts)
        if chosen is None:
            return
        run_actions(ctx, partial(_run_in_month, act_=lines[chosen][1], report=report, house=house, month=month))


def _run_in_month(ctx: Ctx, act_: ReportAct, report: Report, house: str, month: str) -> Outcome | None:
    return act_(ctx, report, house, month)


def _report_lines(session: Session, report: Report, entry: Facts | None) -> list[tuple[Sentence, ReportAct]]:
    """Return what this person may do with a report: a closed one has no more words, and can be compared."""
    closed = entry is not None and "closed" in entry
    lines: list[tuple[Sentence, ReportAct]] = [(READ_REPORT, _read_report), (PRINT_REPORT, _print)]
    if report.public and not judge_publisher(session):
        lines.append((PRINT_PUBLIC, _print_public))
    if closed:
        return [*lines, (COMPARE_REPORT, _compare)]
    if (track := session.rulebook.tracks.serving(MONTH_REPORT)) is None:
        return lines
    if not refuse_tasks(session, [Task(track.name, False)]):
        lines.append((WRITE_WORDS, _write_words))
    if not refuse_tasks(session, [Task(act_of_entry(act.CLOSE_ACT, track.name), True)]):
        lines.append((CLOSE_REPORT, _close))
    return lines


def _read_report(ctx: Ctx, report: Report, house: str, month: str) -> Outcome:
    session = session_of(ctx)
    return view.answer_report(session, make_report(session, report, act.read_month(session, house, month, [report])))


def _print(ctx: Ctx, report: Report, house: str, month: str) -> Outcome | None:
    """Print a report into a file that is asked for."""
    session = session_of(ctx)
    made = make_report(session, report, act.read_month(session, house, month, [report]))
    return _print_into_file(session, made, f"shelterctl-{house}-{report.name}-{month}")


def _print_public(ctx: Ctx, report: Report, house: str, month: str) -> Outcome | None:
    """Print the copy for people outside: published now, after a question, or as it was published before."""
    from shelterctl.menu.publications import publish_and_print  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    wanted = report_publication(session, report, month, house)
    return publish_and_print(session, wanted, f"shelterctl-{house}-{report.name}-{month}{PUBLIC_STEM}")


def _print_into_file(session: Session, made: HouseReport, stem: str) -> Outcome | None:
    from shelterctl.paper.report import make_report_paper  # noqa: PLC0415 - loads the code that makes PDFs
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs

    said = printing.print_made(session, stem, lambda: [make_report_paper(session, made)])
    return Outcome(said=said) if said else None


def _write_words(ctx: Ctx, report: Report, house: str, month: str) -> Outcome:
    """Ask what is to be said about the month, in the entry of the report, or in a new one."""
    session = session_of(ctx)
    track = session.rulebook.track_for(MONTH_REPORT)
    entry = act.find_report_entry(session.rulebook.tracks, act.read_record(session, house, month), report.name, month)
    if entry is not None:
        return add.ask_entry(session, house, track, str(entry["id"]), over=True)
    given = {"report": report.name, "ends_on": act.last_day(month).isoformat()}
    return add.ask_entry(session, house, track, given=given)


def _close(ctx: Ctx, report: Report, house: str, month: str) -> Outcome:
    """Close a report after a question, with the figures of this moment."""
    session = session_of(ctx)
    seen = act.read_month(session, house, month, [report])
    act.refuse_closed_twice(seen, report)
    made = make_report(session, report, seen, anew=True, for_act=True)
    figures = figures_to_keep(made)
    first = act.close_report(session, seen, report, figures, check=True)
    if first.refused:
        return first
    print_open_findings(session, first.findings)
    if not confirm(CLOSE_SURE):
        return Outcome(said=((NOT_CLOSED_NOW, {}),))
    done = act.close_report(session, seen, report, figures)
    return replace(done, findings=tuple(one for one in done.findings if one not in first.findings))


def _compare(ctx: Ctx, report: Report, house: str, month: str) -> Outcome:
    """Show which figures differ from those of the closed report."""
    session = session_of(ctx)
    seen = act.read_month(session, house, month, [report])
    closed = seen.entry_of(report) or {}
    made = make_report(session, report, seen, anew=True)
    found = compare_figures(made, closed, month)
    return view.answer_comparison(replace(made, corrections=tuple(found)), closed_on(closed))
