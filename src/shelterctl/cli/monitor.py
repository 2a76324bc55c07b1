"""shelterctl monitor: what is due after discharge; reports, attempts, dates set by hand, and closing."""

from collections.abc import Iterator
from typing import Annotated

import typer

from shelterctl.act.change import drop_unfinished, left_out_sentences, save_client_file
from shelterctl.act.client_file import judge_tracks_at
from shelterctl.act.input import Input, read_input, refuse_contradiction
from shelterctl.act.monitor import (
    REPORT_UNCHANGED,
    about_stay_sentence,
    merge_monitoring,
    refuse_unknown_stay,
    save_report,
)
from shelterctl.act.output_path import SHEET_MEDIA, read_target
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    AgainOption,
    AsOption,
    BlankOption,
    ColumnsOption,
    CountOption,
    Ctx,
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
from shelterctl.core.finding import Finding, Outcome, has_refusal
from shelterctl.core.merge.fragment import find_stay_left
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.findings import make_refusal
from shelterctl.core.rules.monitoring import make_monitoring_finding
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.paper.delivery import deliver_papers, must_name_nobody
from shelterctl.paper.forms import make_paper
from shelterctl.paper.request import REPORT_FORM, PaperRequest
from shelterctl.prompts.monitor import ask_monitoring, ask_report
from shelterctl.schemas.input import TRACK_OF_DUTY, duty_schema, report_schema
from shelterctl.session import Session, may_ask, read_day_option
from shelterctl.ui_language import N_
from shelterctl.view.lists import ListQuery, answer_query, listed_clients, make_list_table, report_list_rows

MONITORING_COUNTS = N_("Due on {day}: {due}. Upcoming: {upcoming}. Without a date: {unscheduled}.")
NO_REPORT_YET = N_("There is no monitoring report yet.")
ATTEMPT_NOTED = N_("The attempt is noted; monitoring stays due.")
MONITORING_CLOSED = N_("Monitoring is closed on {on}, with the reason that was given.")
MONITORING_SCHEDULED = N_("Monitoring is set for {on}.")
MONITORING_CLOSED_TOO_EARLY = N_(
    "She left on {left}; her monitoring cannot be closed on {day}, before it ({clause}). Correct the date."
)
ATTEMPT_NEEDS_CODE = N_("{option} takes one of these codes: {codes}. Words go into a file: --from FILE.")
MONITORING_NEEDS_REASON = N_("Monitoring is closed only with a written reason ({clause}). Give it with --from: reason.")

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)

ClientIdArgument = Annotated[str, typer.Argument(metavar="ID", help="The client's id.")]


@app.command("due", epilog="Example: shelterctl monitor due --within 30 --format csv")
def due_(
    ctx: Ctx, within: Annotated[int, typer.Option(metavar="DAYS", min=0, help="Also what is due in so many days.")] = 0
) -> Outcome:
    """Whose monitoring is due, upcoming, or without a date."""
    # Gather.
    session = begin_command(ctx, lists=True)
    clients = list(session.store.clients())

    # Decide.
    rows = monitoring.list_monitoring_due(session.rulebook.tracks, clients, session.today, within)
    counts = {state: sum(row.state == state for row in rows) for state in ("due", "upcoming", "unscheduled")}
    findings = tuple(monitoring.judge_standing_alarms(session.rulebook.tracks, clients))
    data = {"rows": [row._asdict() for row in rows]}
    said = ((MONITORING_COUNTS, {"day": session.today, **counts}),)
    return Outcome(data=data, columns=monitoring.MonitoringDue._fields, findings=findings, said=said, urgent=True)


@app.command(epilog="Example: shelterctl monitor reports --columns employed,job_paid --count")
def reports(ctx: Ctx, columns: ColumnsOption = None, where: WhereOption = None, count: CountOption = False) -> Outcome:
    """List monitoring reports, with every answer of Annex 7 that is no sentence."""
    # Gather.
    session, wish = begin_command(ctx, lists=True), ListQuery(columns, where or (), count)
    table = make_list_table(session.rulebook, "monitor reports", lambda: session.today)

    # Decide.
    return answer_query(
        session,
        table,
        wish,
        report_list_rows(listed_clients(session)),
        ((NO_ROW_MATCHES if wish.where else NO_REPORT_YET, {}),),
    )


@app.command(epilog="Example: shelterctl monitor record 7QF2-M9KD --from report.yaml")
def record(
    ctx: Ctx, client: ClientIdArgument, source: FromOption = None, stay: StayOption = None, again: AgainOption = False
) -> Outcome:
    """Write down a monitoring report (Annex 7), about the stay that waits longest for it, else the one of --stay."""
    session = begin_command(ctx)
    stay = latin_capitals(stay) if stay else None
    if source is None and may_ask(session):
        return ask_report(session, client, stay)
    session.store.client(client)  # who is not there is said before what is not
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
        typer.Option(metavar="HOW", help="phone, message, letter, visit, through_others, or other with its words."),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME",
            help="reached, not_reached, not_safe, no_contact_wished, moved, or other with its words.",
        ),
    ] = None,
    source: FromOption = None,
    stay: StayOption = None,
    again: AgainOption = False,
) -> Outcome:
    """Note that someone tried to reach her; other needs its words, from --from: how_other, outcome_other."""
    session = begin_command(ctx)
    named = {"how": how, "outcome": outcome}
    flags = {name: _check_attempt_code(session, name, value) for name, value in named.items() if value is not None}
    return _save_duty(session, client, "attempt", flags, on, source, stay, again=again)


@app.command(epilog="Example: shelterctl monitor close 7QF2-M9KD --on 2027-06-01 --from reason.yaml")
def close(
    ctx: Ctx, client: ClientIdArgument, on: OnOption = None, source: FromOption = None, stay: StayOption = None
) -> Outcome:
    """Close her monitoring, with a written reason."""
    return _save_duty(begin_command(ctx), client, "closed", {}, on, source, stay)


@app.command(epilog="Example: shelterctl monitor schedule 7QF2-M9KD --on 2027-03-01")
def schedule(ctx: Ctx, client: ClientIdArgument, on: OnOption = None, source: FromOption = None) -> Outcome:
    """Set the day of monitoring by hand, for a client without a stay."""
    return _save_duty(begin_command(ctx), client, "scheduled", {}, on, source, None)


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
    """Print the monitoring report: blank, to be taken along, or as it was written down."""
    session = begin_command(ctx)
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    wanted = PaperRequest(
        REPORT_FORM, names=names, nameless=must_name_nobody(session, to, names), **paper_settings(paper)
    )
    return deliver_papers(session, [make_paper(session, None if blank else client, wanted)], to, wanted.size)


def _save_duty(
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
    """Save an attempt, a closing or a day set by hand; *flags* is what options say of it besides its day."""
    # Gather.
    her, held = session.store.client_to_change(client)
    track, which = session.rulebook.tracks[TRACK_OF_DUTY[what]], latin_capitals(which) if which else None
    if unknown := refuse_unknown_stay(her, which):
        return Outcome(findings=unknown)
    asks = source is None and may_ask(session)
    if asks and (
        stopped := _duty_obstacles(session, her, what, find_stay_left(track, her, session.rulebook.tracks, {}, which))
    ):
        return Outcome(findings=stopped)  # before anything is asked
    typed = {**flags, **({"on": session.read_day(on, "--on").isoformat()} if on else {})}
    given = _read_duty_input(session, client, what, typed, source)
    if isinstance(given, Outcome):
        return given
    if asks:  # her file may have been changed meanwhile
        her, held = session.store.client_to_change(client)
    facts = {"on": session.today.isoformat(), "by": session.staff, **typed, **given.value}
    entry = {"attempts": [facts]} if what == "attempt" else {what: facts}

    # Decide.
    stay = find_stay_left(track, her, session.rulebook.tracks, facts, which)
    if stopped := _duty_obstacles(session, her, what, stay):
        return Outcome(findings=stopped)
    findings = [*given.findings, *_judge_duty(given, what, facts, stay)]
    if has_refusal(findings):
        return Outcome(findings=tuple(findings))

    # Act.
    new, going = merge_monitoring(session, held, stay, entry, again=again)
    findings += judge_tracks_at(session, Client(new), (track.name,), (*going.added, *going.replaced))
    if going.changed:
        save_client_file(session, drop_unfinished(new, f"monitoring-{what}"), held.version, "monitor")
    sentence = (
        {"attempt": ATTEMPT_NOTED, "closed": MONITORING_CLOSED, "scheduled": MONITORING_SCHEDULED}[what]
        if going.changed
        else REPORT_UNCHANGED
    )
    noted = {"entry": going.entries[-1]} if going.entries else {}
    said = (
        (sentence, {"on": read_day_option(facts["on"], "--on")}),
        *left_out_sentences(going),
        *about_stay_sentence(her, stay),
    )
    about = {"stay": stay.id} if stay and len(her.stays) > 1 else {}
    return Outcome(data={"id": her.id, **about, **noted, "on": facts["on"]}, findings=tuple(findings), said=said)


def _read_duty_input(
    session: Session, client: str, what: str, typed: dict[str, str], source: str | None
) -> Input | Outcome:
    """What --from says, or what is answered at the terminal; the outcome where that ended without answers."""
    if source is not None:
        given = read_input(source, duty_schema(session.rulebook, what), session.store.offset)
        if not has_refusal(given.findings):
            refuse_contradiction(typed, given.value)
        return given
    if not may_ask(session):
        return Input({}, (), None)
    answered = ask_monitoring(session, client, what, typed)
    return answered if isinstance(answered, Outcome) else Input(answered, (), None)


def _judge_duty(given: Input, what: str, facts: Facts, stay: Stay | None) -> Iterator[Finding]:
    """What refuses a closing or an attempt as it was written."""
    left, day = stay.discharged_on if stay else None, read_day(facts["on"])
    if what == "closed" and left and day and day < left:
        yield make_monitoring_finding("before-discharge", MONITORING_CLOSED_TOO_EARLY, day=day, left=left)
    if what == "closed" and not facts.get("reason"):
        yield make_monitoring_finding("no-reason", MONITORING_NEEDS_REASON)
    if what == "attempt":
        yield from given.located(monitoring.judge_other_words(facts))


def _duty_obstacles(session: Session, her: Client, what: str, stay: Stay | None) -> tuple[Finding, ...]:
    """Why nothing of this kind can be written down of that stay."""
    if stay and stay.discharged_on is None:
        published = session.rulebook.published.by_code["monitoring/not-discharged"]
        return (make_refusal(published, monitoring.MONITORING_CLAUSE),)
    return tuple(monitoring.judge_scheduled_day(session.rulebook.tracks, her, stay)) if what == "scheduled" else ()


def _check_attempt_code(session: Session, name: str, value: str) -> str:
    """A code of an attempt from the command line, where free text would be a person's."""
    words = session.rulebook.places[f"monitoring.attempts.{name}"].codes
    known = session.rulebook.tracks["attempt"].fields[name].codes
    if value not in known:
        codes = codes_with_texts({one: words[one] for one in known})
        raise UsageError("usage/attempt", ATTEMPT_NEEDS_CODE, option=f"--{name}", codes=codes)
    return value
