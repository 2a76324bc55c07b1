"""shelterctl monitor: lists the monitoring that is due after discharge; records reports, attempts, dates set by hand,
and its end.
"""

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from shelterctl.act.due_of_all import gather_monitoring
from shelterctl.act.input import Input, read_input, refuse_contradiction
from shelterctl.act.monitor import find_duty_obstacles, record_duty, refuse_unknown_stay, save_report
from shelterctl.act.output_path import SHEET_MEDIA, read_target
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    AgainOption,
    AsOption,
    BlankOption,
    ColumnsOption,
    CountOption,
    Ctx,
    ForOption,
    FromOption,
    OnOption,
    OutOption,
    OverwriteOption,
    PaperOption,
    PrintNamesOption,
    StayOption,
    WhereOption,
    begin_command,
    paper_settings,
)
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.track import MONITORING_ATTEMPT
from shelterctl.core.rules.obligation import MonitoringDue
from shelterctl.core.tables.list_rows import entry_list_rows
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.custody.export import seal_rows_for
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.paper.delivery import deliver_papers, must_name_nobody
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import REPORT_FORM, PaperRequest
from shelterctl.prompts.monitor import ask_duty, ask_report
from shelterctl.schemas.input import duty_schema, report_schema
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_
from shelterctl.view.lists import ClientRows, ListQuery, answer_query, open_list_table

MONITORING_COUNTS = N_("Due on {day}: {due}. Upcoming: {upcoming}. Without a date: {unscheduled}.")
NO_REPORT_YET = N_("There is no monitoring report yet.")
ATTEMPT_NEEDS_CODE = N_("{option} takes one of these codes: {codes}. Write other words into a file: --from FILE.")

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)

ClientIdArgument = Annotated[str, typer.Argument(metavar="ID", help="The client's id.")]


@app.command("due", epilog="Example: shelterctl monitor due --within 30 --format csv")
def due_(
    ctx: Ctx,
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, help="Also show what is due within this number of days.")
    ] = 0,
) -> Outcome:
    """List the clients whose monitoring is due."""
    # Gather.
    session = begin_command(ctx, lists=True)
    seen = gather_monitoring(session, within)

    # Decide.
    counts = {state: sum(row.state == state for row in seen.rows) for state in ("due", "upcoming", "unscheduled")}
    findings = tuple(seen.alarms)
    data = {"rows": [row._asdict() for row in seen.rows]}
    said = ((MONITORING_COUNTS, {"day": session.today, **counts}),)
    return Outcome(data=data, columns=MonitoringDue._fields, findings=findings, said=said, urgent=True)


@app.command(epilog="Example: shelterctl monitor reports --columns employed,job_paid --count")
def reports(
    ctx: Ctx, columns: ColumnsOption = None, where: WhereOption = None, count: CountOption = False,
    reader: ForOption = None,
) -> Outcome:  # fmt: skip
    """List monitoring reports.

    The columns are the answers of Annex 7, except free text.
    """
    # Gather.
    session, wish = begin_command(ctx, lists=True), ListQuery(columns, where or (), count)
    table = open_list_table(session, "monitor reports")

    # Decide.
    none = NO_ROW_MATCHES if wish.where else NO_REPORT_YET
    rows = ClientRows("monitor reports", partial(entry_list_rows, session.rulebook.report))
    found = answer_query(session, table, wish, rows, ((none, {}),))
    return seal_rows_for(session, found, reader)


@app.command(epilog="Example: shelterctl monitor record 7QF2-M9KD --from report.yaml")
def record(
    ctx: Ctx, client: ClientIdArgument, source: FromOption = None, stay: StayOption = None, again: AgainOption = False
) -> Outcome:
    """Record a monitoring report (Annex 7).

    It is about the stay that has waited longest, or the one of --stay. At a terminal it asks; otherwise give a file
    with --from.
    """
    session = begin_command(ctx)
    stay = latin_capitals(stay) if stay else None
    if source is None and may_ask(session):
        return ask_report(session, client, stay)
    session.store.client(client)  # a missing client is reported before a missing file
    given = read_input(source, report_schema(session.rulebook), session.store.offset)
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    return save_report(session, client, given, stay, again=again)


@app.command(epilog="Example: shelterctl monitor attempt 7QF2-M9KD --on 2027-03-01 --how phone --outcome not_reached")
def attempt(
    ctx: Ctx,
    client: ClientIdArgument,
    on: OnOption = None,
    how: Annotated[
        str | None,
        typer.Option(
            metavar="HOW", help="How: phone, message, letter, visit, through_others, or other with its words."
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME",
            help="The outcome: reached, not_reached, not_safe, no_contact_wished, moved, or other with its words.",
        ),
    ] = None,
    source: FromOption = None,
    stay: StayOption = None,
    again: AgainOption = False,
) -> Outcome:
    """Record an attempt to reach a client.

    At a terminal it asks. The code other needs words in the file of --from: how_other, outcome_other.
    """
    session = begin_command(ctx)
    named = {"how": how, "outcome": outcome}
    flags = {name: _check_attempt_code(session, name, value) for name, value in named.items() if value is not None}
    return _record_duty(session, client, "attempt", flags, on, source, stay, again=again)


@app.command(epilog="Example: shelterctl monitor close 7QF2-M9KD --on 2027-06-01 --from reason.yaml")
def close(
    ctx: Ctx, client: ClientIdArgument, on: OnOption = None, source: FromOption = None, stay: StayOption = None
) -> Outcome:
    """End her monitoring, with a written reason.

    At a terminal it asks; otherwise give a file with --from.
    """
    return _record_duty(begin_command(ctx), client, "closed", {}, on, source, stay)


@app.command(epilog="Example: shelterctl monitor schedule 7QF2-M9KD --on 2027-03-01")
def schedule(ctx: Ctx, client: ClientIdArgument, on: OnOption = None, source: FromOption = None) -> Outcome:
    """Set the day of monitoring by hand.

    This is for a client without a stay.
    """
    return _record_duty(begin_command(ctx), client, "scheduled", {}, on, source, None)


@app.command(name="form", epilog="Example: shelterctl monitor form 7QF2-M9KD --out ~/report.pdf")
def form_(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    out: OutOption = None,
    as_: AsOption = None,
    blank: BlankOption = False,
    names: PrintNamesOption = False,
    paper: PaperOption = None,
    overwrite: OverwriteOption = False,
) -> Outcome:
    """Print the monitoring report.

    It is blank, to take along, or filled in as recorded.
    """
    session = begin_command(ctx)
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    wanted = PaperRequest(
        REPORT_FORM, names=names, nameless=must_name_nobody(session, to, names), **paper_settings(paper)
    )
    return deliver_papers(session, [make_paper(session, None if blank else client, wanted)], to, wanted.size)


def _record_duty(
    session: Session,
    client: str,
    what: str,
    flags: dict[str, str],
    on: str | None,
    source: str | None,
    which: str | None,
    *,
    again: bool = False,
) -> Outcome:
    """Record an attempt, an end of monitoring or a day set by hand; *flags* are its answers from options, without the
    day.
    """
    her, _ = session.store.client_to_change(client)
    which = latin_capitals(which) if which else None
    if unknown := refuse_unknown_stay(her, which):
        return Outcome(findings=unknown)
    typed = {**flags, **({"on": session.read_day(on, "--on").isoformat()} if on else {})}
    if source is None and may_ask(session):
        stopped = find_duty_obstacles(session, her, what, {}, which)
        return Outcome(findings=stopped) if stopped else ask_duty(session, client, what, typed, which, again=again)
    given = Input({}, (), None)
    if source is not None:
        given = read_input(source, duty_schema(session.rulebook, what), session.store.offset)
        if not has_refusal(given.findings):
            refuse_contradiction(typed, given.value)
    return record_duty(session, client, what, replace(given, value={**typed, **given.value}), which, again=again)


def _check_attempt_code(session: Session, name: str, value: str) -> str:
    """Return a code of an attempt from the command line. Raises UsageError for free text: it may be personal."""
    known = session.rulebook.track_for(MONITORING_ATTEMPT).fields[name].codes
    words = session.rulebook.places[f"monitoring.attempts.{name}"].codes
    if value not in known:
        codes = codes_with_texts({one: words[one] for one in known})
        raise UsageError("usage/attempt", ATTEMPT_NEEDS_CODE, option=f"--{name}", codes=codes)
    return value
