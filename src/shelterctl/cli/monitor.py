"""shelterctl monitor: what is due after discharge; reports, attempts, dates set by hand, and closing."""

from typing import Annotated, Any

import typer

from shelterctl import contract
from shelterctl.act.file import finished, left_out, save, told_of
from shelterctl.act.input import Input, must_agree, read_input
from shelterctl.act.report import SAME, about_stay, put_down, unknown_stay, with_duty
from shelterctl.act.target import MEDIA, target_of
from shelterctl.cli.asked import NO_ROW, Columns, Count, Where, Wish
from shelterctl.cli.options import Again, As, Blank, Ctx, From, Names, On, Out, Overwrite, Stock, WhichStay, desk, stock
from shelterctl.core import duty
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Outcome, refused
from shelterctl.core.home import stay_left
from shelterctl.core.letter import capitals
from shelterctl.core.record import Client, Stay
from shelterctl.core.wording import PUBLISHED
from shelterctl.desk import Desk, day, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, with_codes
from shelterctl.paper.delivery import bare, deliver
from shelterctl.paper.form import paper_of
from shelterctl.paper.request import REPORT, Request
from shelterctl.view.table import clients, of_reports, table_of
from shelterctl.view.wish import asked
from shelterctl.walk import duty as asking
from shelterctl.walk.monitoring import walk

DUE = N_("Due on {day}: {due}. Upcoming: {upcoming}. Without a date: {unscheduled}.")
NO_REPORT = N_("There is no monitoring report yet.")
NOTED = N_("The attempt is noted; monitoring stays due.")
CLOSED = N_("Monitoring is closed on {on}, with the reason that was given.")
SET = N_("Monitoring is set for {on}.")
BEFORE = N_("She left on {left}; her monitoring cannot be closed on {day}, before it ({clause}). Correct the date.")
NO_CODE = N_("{option} takes one of these codes: {codes}. Words go into a file: --from FILE.")
NO_REASON = N_("Monitoring is closed only with a written reason ({clause}). Give it with --from: reason.")

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)

ID = Annotated[str, typer.Argument(metavar="ID", help="The client's id.")]


@app.command("due", epilog="Example: shelterctl monitor due --within 30 --format csv")
def due_(
    ctx: Ctx, within: Annotated[int, typer.Option(metavar="DAYS", min=0, help="Also what is due in so many days.")] = 0
) -> Outcome:
    """Whose monitoring is due, upcoming, or without a date."""
    # Gather.
    here = desk(ctx, lists=True)
    clients = list(here.store.clients())

    # Decide.
    rows = list(duty.due(here.shelf.report, clients, here.today, within))
    counts = {state: sum(row.state == state for row in rows) for state in ("due", "upcoming", "unscheduled")}
    findings = tuple(duty.raised(here.shelf.report, clients))
    data = {"rows": [row._asdict() for row in rows]}
    said = ((DUE, {"day": here.today, **counts}),)
    return Outcome(data=data, columns=duty.Due._fields, findings=findings, said=said, urgent=True)


@app.command(epilog="Example: shelterctl monitor reports --columns employed,job_paid --count")
def reports(ctx: Ctx, columns: Columns = None, where: Where = None, count: Count = False) -> Outcome:
    """List monitoring reports, with every answer of Annex 7 that is no sentence."""
    # Gather.
    here, wish = desk(ctx, lists=True), Wish(columns, where or (), count)
    table = table_of(here.shelf, "monitor reports", lambda: here.today)

    # Decide.
    return asked(here, table, wish, of_reports(clients(here)), ((NO_ROW if wish.where else NO_REPORT, {}),))


@app.command(epilog="Example: shelterctl monitor record 7QF2-M9KD --from report.yaml")
def record(ctx: Ctx, client: ID, source: From = None, stay: WhichStay = None, again: Again = False) -> Outcome:
    """Write down a monitoring report (Annex 7), about the stay that waits longest for it, else the one of --stay."""
    here = desk(ctx)
    stay = capitals(stay) if stay else None
    if source is None and walked(here):
        return walk(here, client, stay)
    here.store.client(client)  # who is not there is said before what is not
    given = read_input(source, contract.report(here.shelf), here.store.offset)
    return (
        Outcome(findings=given.findings)
        if refused(given.findings)
        else put_down(here, client, given, stay, again=again)
    )


@app.command(epilog="Example: shelterctl monitor attempt 7QF2-M9KD --on 2027-03-01 --how phone --outcome not_reached")
def attempt(
    ctx: Ctx,
    client: ID,
    on: On = None,
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
    source: From = None,
    stay: WhichStay = None,
    again: Again = False,
) -> Outcome:
    """Note that someone tried to reach her; other needs its words, from --from: how_other, outcome_other."""
    here = desk(ctx)
    named = {"how": how, "outcome": outcome}
    flags = {name: _code(here, name, value) for name, value in named.items() if value is not None}
    return _note(here, client, "attempt", flags, on, source, stay, again=again)


@app.command(epilog="Example: shelterctl monitor close 7QF2-M9KD --on 2027-06-01 --from reason.yaml")
def close(ctx: Ctx, client: ID, on: On = None, source: From = None, stay: WhichStay = None) -> Outcome:
    """Close her monitoring, with a written reason."""
    return _note(desk(ctx), client, "closed", {}, on, source, stay)


@app.command(epilog="Example: shelterctl monitor schedule 7QF2-M9KD --on 2027-03-01")
def schedule(ctx: Ctx, client: ID, on: On = None, source: From = None) -> Outcome:
    """Set the day of monitoring by hand, for a client without a stay."""
    return _note(desk(ctx), client, "scheduled", {}, on, source, None)


@app.command(name="form", epilog="Example: shelterctl monitor form 7QF2-M9KD --out ~/report.pdf")
def form_(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    out: Out = None,
    as_: As = None,
    blank: Blank = False,
    names: Names = False,
    paper: Stock = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Print the monitoring report: blank, to be taken along, or as it was written down."""
    here = desk(ctx)
    to = target_of(out, as_, overwrite, MEDIA, json=here.json)
    wanted = Request(REPORT, names=names, bare=bare(here, to, names), **stock(paper))
    return deliver(here, [paper_of(here, None if blank else client, wanted)], to, wanted.size)


def _note(
    here: Desk, client: str, what: str, flags: dict[str, str], on: str | None, source: str | None, which: str | None, *,
    again: bool = False,
) -> Outcome:  # fmt: skip
    # Gather.
    given = Input({}, (), None)
    her, held = here.store.to_change(client)
    track, which = here.shelf.tracks[asking.TRACKS[what]], capitals(which) if which else None
    if unknown := unknown_stay(her, which):
        return Outcome(findings=unknown)
    asks = source is None and walked(here)
    if asks and (stopped := _stopped(here, her, what, stay_left(track, her, here.shelf.report, {}, which))):
        return Outcome(findings=stopped)  # before anything is asked
    told = {**flags, **({"on": here.dated(on, "--on").isoformat()} if on else {})}
    if source is not None:
        given = read_input(source, contract.duty(here.shelf, what), here.store.offset)
        if not refused(given.findings):
            must_agree(told, given.value)
    elif asks:
        answered = asking.told(here, client, what, told)
        if isinstance(answered, Outcome):
            return answered
        given = Input(answered, (), None)
        her, held = here.store.to_change(client)
    facts = {"on": here.today.isoformat(), "by": here.by, **told, **given.value}
    entry = {"attempts": [facts]} if what == "attempt" else {what: facts}

    # Decide.
    stay, on_day = stay_left(track, her, here.shelf.report, facts, which), read_day(facts["on"])
    if stopped := _stopped(here, her, what, stay):
        return Outcome(findings=stopped)
    findings = list(given.findings)
    left = stay.discharged_on if stay else None
    if what == "closed" and left and on_day and on_day < left:
        findings.append(_refusal("before-discharge", BEFORE, duty.DUTY, day=on_day, left=left))
    if what == "closed" and not facts.get("reason"):
        findings.append(_refusal("no-reason", NO_REASON, duty.DUTY))
    if what == "attempt":
        findings += given.located(duty.wordless(facts))
    if refused(findings):
        return Outcome(findings=tuple(findings))

    # Act.
    new, going = with_duty(here, held, stay, entry, again=again)
    findings += told_of(here, Client(new), (track.name,), (*going.added, *going.replaced))
    if going.changed:
        save(here, finished(new, f"monitoring-{what}"), held.version, "monitor")
    sentence = {"attempt": NOTED, "closed": CLOSED, "scheduled": SET}[what] if going.changed else SAME
    noted = {"entry": going.entries[-1]} if going.entries else {}
    said = ((sentence, {"on": day(facts["on"], "--on")}), *left_out(going), *about_stay(her, stay))
    about = {"stay": stay.id} if stay and len(her.stays) > 1 else {}
    return Outcome(data={"id": her.id, **about, **noted, "on": facts["on"]}, findings=tuple(findings), said=said)


def _stopped(here: Desk, her: Client, what: str, stay: Stay | None) -> tuple[Finding, ...]:
    """Why nothing of this kind can be written down of that stay."""
    if stay and stay.discharged_on is None:
        return (_refusal("not-discharged", PUBLISHED["monitoring/not-discharged"].message, duty.DUTY),)
    return tuple(duty.scheduled(here.shelf.report, her, stay)) if what == "scheduled" else ()


def _code(here: Desk, name: str, value: str) -> str:
    """A code of an attempt from the command line, where free text would be a person's."""
    words = here.shelf.places[f"monitoring.attempts.{name}"].codes
    known = contract.codes(here.shelf, "attempt", name)
    if value not in known:
        raise Usage("usage/attempt", NO_CODE, option=f"--{name}", codes=with_codes({one: words[one] for one in known}))
    return value


def _refusal(name: str, message: Any, clause: str, **facts: object) -> Finding:
    return Finding(code=f"monitoring/{name}", message=message, clause=clause, facts={"clause": clause, **facts})
