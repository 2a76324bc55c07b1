"""shelterctl publish: tables for people outside, of a period that has ended, entered in a signed ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from shelterctl.act import publish as act
from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, judge_target, read_target, require_room_for
from shelterctl.cli.options import CheckOption, Ctx, OverwriteOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.plan import HOUSES_TOGETHER, Plan
from shelterctl.core.tables.ledger import LedgerRelease
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import LabelledCode, codes_with_texts
from shelterctl.session import Session, read_code_option
from shelterctl.tabular.files import TABLE_KINDS, require_format
from shelterctl.ui_language import N_, Marked

PLAN_COLUMNS = ("plan", "title", "audience", "grid", "houses", "least", "rounding", "tables")
LEDGER_COLUMNS = (
    "at", "published_by", "release", "plan", "period", "scope", "audience", "least", "shown", "withheld", "verified",
    "exception", "asked_by", "state",
)  # fmt: skip
LEDGER_WIDE = ("plan", "period", "scope", "shown", "withheld", "verified", "asked_by")

PLAN_UNKNOWN = N_("There is no such plan. The plans are: {plans}.")
NEEDS_PLAN = N_("Name a plan. See all with: shelterctl publish --list")
NEEDS_PERIOD = N_("Name a period with --period, such as 2026, 2026-Q1 or 2026-03.")
ONE_PUBLISH_QUESTION = N_("Use one of PLAN, --confirm, --list and --log at a time.")
NO_FILE_OF_LISTS = N_(
    "--list and --log write no file and take no period. Leave out: {options}. For a table: --format csv"
)
NO_FILE_OF_EXCEPTION = N_(
    "An exception is only asked for now, so there is nothing to write yet. Leave out --out; the second person can use "
    "it with --confirm."
)
CONFIRM_HAS_PERIOD = N_("The name of the release says its plan, period and houses. Leave out: {options}")
HOUSE_OF_PLAN_UNKNOWN = N_("There is no such house in this store. The houses are: {houses}.")
NOTHING_PUBLISHED_YET = N_("Nothing has been published from this store yet.")
PUBLISHED_NOW = N_("{release}: published and entered in the ledger. Tables shown: {shown}, withheld: {withheld}.")
PUBLISHED_BEFORE = N_("{release}: published on {on}. This is what was published then; nothing was counted again.")
PUBLISH_CHECKED = N_(
    "{release}: nothing prevents publishing it. Tables that would be shown: {shown}, withheld: {withheld}. As --check "
    "asked, nothing was entered."
)
EXCEPTION_ASKED = N_(
    "{release}: you asked for an exception. It is published once a second person agrees: shelterctl publish --confirm "
    "{release}"
)
NOBODY_MAY_ALLOW = N_("No exception is possible here: a second person cannot allow it either.")
EXCEPTION_CHECKED = N_("{release}: it could be asked for as an exception. As --check asked, nothing was entered.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl publish public-year --period 2025 --out ~/2025.pdf --lang ru")
def publish(
    ctx: Ctx,
    name: Annotated[
        str | None, typer.Argument(metavar="PLAN", help="The plan, such as public-year; --list lists them.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="PERIOD", help="A period that has ended: 2026, 2026-Q1 or 2026-03."),
    ] = None,
    of: Annotated[
        str | None, typer.Option("--of", metavar="CODE", help="The house, in a plan for each house by itself.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write to FILE: .pdf, .html, .md, .txt, .csv, .tsv, .json, .ndjson, .xlsx or .parquet; - writes to a "
            "pipe.",
        ),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="KIND", help="The kind of file, if its name does not show it.")
    ] = None,
    overwrite: OverwriteOption = False,
    check: CheckOption = False,
    exception: Annotated[
        bool,
        typer.Option("--exception", help="Ask for a release that overlaps an earlier one; a second person confirms."),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="CODE", help="Why it is needed; a wrong code lists the right ones."),
    ] = None,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", metavar="RELEASE", help="Agree to an exception that somebody else asked for."),
    ] = None,
    plans: Annotated[bool, typer.Option("--list", help="List the plans, and what each would publish.")] = False,
    log: Annotated[bool, typer.Option("--log", help="List what was published, when, by whom and for whom.")] = False,
) -> Outcome:
    """Publish tables of a plan for people outside: small numbers hidden, each period once, kept as published."""
    # Gather.
    session = begin_command(ctx, lists=log or plans)
    if sum((name is not None, confirm is not None, plans, log)) > 1:
        raise UsageError("usage/one-thing", ONE_PUBLISH_QUESTION)
    if plans or log:
        _refuse_options(NO_FILE_OF_LISTS, period=period, of=of, out=out, reason=reason, exception=exception or None)
        return _list_plans(session) if plans else _list_log(session)
    why = act.read_publish_reason(session, reason, exception=exception)
    to = read_target(out, as_, overwrite, (*SHEET_MEDIA, *TABLE_KINDS), json=session.json)
    if to is not None:
        require_format(to.kind, SHEET_MEDIA)
    if confirm is not None:
        _refuse_options(CONFIRM_HAS_PERIOD, period=period, of=of, exception=exception or None)
        return confirm_exception(session, confirm, to, check=check)
    wanted = _read_wanted(session, name, period, of)

    # Decide.
    if why is not None:
        _refuse_options(NO_FILE_OF_EXCEPTION, out=out)
        return ask_exception(session, wanted, why, check=check)

    # Act.
    return enter_and_show(session, wanted, to, check=check)


def _refuse_options(sentence: Marked, **options: object) -> None:
    """Raise UsageError with the sentence if any of these options was given."""
    given = [f"--{name}" for name, value in options.items() if value is not None]
    if given:
        raise UsageError("usage/one-thing", sentence, options=given)


def enter_and_show(
    session: Session, wanted: act.Publication, to: OutputTarget | None, *, check: bool = False
) -> Outcome:
    """Enter a release in the ledger if it is not there, and show it or write it into a file; or say what refuses it.

    What would stop the file, such as its name, is found before anything is entered.
    """
    if stopped := (*act.judge_request(session, wanted), *judge_target(to, session.identity_file)):
        return Outcome(findings=stopped)
    require_room_for(to)
    done, said = enter_release(session, wanted, check=check)
    return done if isinstance(done, Outcome) else show_release(session, wanted, done, to, said)


def enter_release(
    session: Session, wanted: act.Publication, *, check: bool = False
) -> tuple[LedgerRelease | Outcome, FilledSentences]:
    """Return a release of the ledger, entered now if it was not there, with sentences about it; or what refuses it."""
    from shelterctl.view.publication import prepare_release  # noqa: PLC0415 - only where something is counted

    ledger = act.open_ledger(session)
    if (there := ledger.find(wanted.id)) is not None:
        act.require_numbers(there)
        return there, [(PUBLISHED_BEFORE, {"release": there.id, "on": there.day})]
    if (asked := ledger.find_request(wanted.id)) is not None:
        return Outcome(findings=(act.waiting_finding(wanted, asked),)), ()
    verdict = act.judge_by_ledger(session, wanted, ledger)
    if verdict.findings:
        hint: FilledSentences = ((act.EXCEPTION_MAY_DO, {}),) if verdict.allows_exception and wanted.plan else ()
        return Outcome(findings=verdict.findings, said=hint), ()
    session.store.vault.require_writable()
    ready = prepare_release(session, wanted, ledger)
    facts = {"release": wanted.id, **_count_tables(ready.tables)}
    if ready.findings:
        return Outcome(findings=ready.findings), ()
    if check:
        data = {"release": wanted.id, "published": False, "tables": act.describe_tables(wanted, ready.tables)}
        return Outcome(data=data, said=((PUBLISH_CHECKED, facts),)), ()
    act.write_publication(session, ready.notes, wanted)
    return act.require_release(session, wanted), [(PUBLISHED_NOW, facts)]


def _count_tables(tables: Mapping[str, str]) -> dict[str, object]:
    states = [*tables.values()]
    shown = states.count(act.SHOWN)
    return {"shown": shown, "withheld": len(states) - shown}


def show_release(
    session: Session,
    wanted: act.Publication,
    release: LedgerRelease,
    to: OutputTarget | None,
    said: FilledSentences,
) -> Outcome:
    """Return a release of the ledger for the screen, or write it into a file."""
    from shelterctl.view.publication import restore_report  # noqa: PLC0415 - only where something is shown

    made = restore_report(session, wanted, release)
    if to is None:
        from shelterctl.view import report as view  # noqa: PLC0415

        shown = view.answer_report(session, made)
        return replace(shown, said=(*said, *shown.said))
    if to.kind in SHEET_MEDIA:
        from shelterctl.paper.report import print_report  # noqa: PLC0415 - loads the code that makes PDFs

        printed = print_report(session, made, to)
    else:
        from shelterctl.paper.report_workbook import write_report_workbook  # noqa: PLC0415 - loads an extra

        printed = write_report_workbook(session, made, to)
    return replace(printed, said=(*said, *printed.said))


def _read_wanted(session: Session, name: str | None, period: str | None, of: str | None) -> act.Publication:
    if name is None:
        raise UsageError("usage/no-plan", NEEDS_PLAN)
    plan = _find_plan(session, name)
    if period is None:
        raise UsageError("usage/period", NEEDS_PERIOD)
    return act.plan_publication(session, plan, act.read_publish_period(period), _read_house(session, of))


def _find_plan(session: Session, typed: str) -> Plan:
    plans = session.rulebook.plans
    if typed not in plans:
        raise NotFound("publish/no-plan", PLAN_UNKNOWN, plans=codes_with_texts({one: plans[one].text for one in plans}))
    return plans[typed]


def _read_house(session: Session, typed: str | None) -> str | None:
    """Return the code of a house, None for all of them or where none is named."""
    if typed is None:
        return None
    code = read_code_option(typed.removeprefix("house:"), "--of")
    houses = list(session.store.shelter.value["facilities"])
    if code == HOUSES_TOGETHER and code not in houses:
        return None
    if code not in houses:
        raise NotFound("facility/unknown", HOUSE_OF_PLAN_UNKNOWN, houses=houses)
    return code


def ask_exception(session: Session, wanted: act.Publication, why: str, *, check: bool) -> Outcome:
    """Ask for a release that overlaps another one, if a second person could allow it."""
    from shelterctl.view.publication import prepare_release  # noqa: PLC0415

    if stopped := act.judge_request(session, wanted):
        return Outcome(findings=stopped)
    ledger = act.open_ledger(session)
    if (there := ledger.find(wanted.id)) is not None:
        act.refuse_published(there)
    if (asked := ledger.find_request(wanted.id)) is not None:
        return Outcome(findings=(act.waiting_finding(wanted, asked),))
    verdict = act.judge_by_ledger(session, wanted, ledger)
    if not verdict.findings:
        act.refuse_needless(wanted)
    if not verdict.allows_exception:
        return Outcome(findings=verdict.findings, said=((NOBODY_MAY_ALLOW, {}),))
    ready = prepare_release(session, wanted, ledger, why)
    if ready.findings:
        return Outcome(findings=ready.findings)
    data = {
        "release": wanted.id,
        "published": False,
        "why": act.reason_word(session, why),
        "tables": act.describe_tables(wanted, ready.tables),
    }
    if check:
        return Outcome(data=data, said=((EXCEPTION_CHECKED, {"release": wanted.id}),))
    act.ask_exception(session, wanted, why)
    return Outcome(data=data, said=((EXCEPTION_ASKED, {"release": wanted.id}),))


def confirm_exception(
    session: Session, release: str, to: OutputTarget | None = None, *, check: bool = False
) -> Outcome:
    """Publish an exception that somebody else asked for, counted now and protected beside what was published before;
    write it into a file if one is named.
    """
    from shelterctl.view.publication import prepare_release  # noqa: PLC0415

    ledger = act.open_ledger(session)
    asked = act.find_asked(ledger, release)
    wanted = act.publication_of(session, asked)
    stopped = (
        *act.judge_request(session, wanted),
        *act.judge_second_person(session, wanted, asked),
        *judge_target(to, session.identity_file),
    )
    if stopped:
        return Outcome(findings=stopped)
    require_room_for(to)
    verdict = act.judge_by_ledger(session, wanted, ledger)
    if verdict.findings and not verdict.allows_exception:
        return Outcome(findings=verdict.findings)
    ready = prepare_release(session, wanted, ledger, asked.why, asked.by)
    data = {
        "release": wanted.id,
        "published": False,
        "why": act.reason_word(session, asked.why),
        "tables": act.describe_tables(wanted, ready.tables),
    }
    facts = {"release": wanted.id, **_count_tables(ready.tables)}
    if ready.findings or check:
        return (
            Outcome(data=data, said=((PUBLISH_CHECKED, facts),))
            if not ready.findings
            else Outcome(findings=ready.findings)
        )
    act.write_publication(session, ready.notes, wanted)
    if to is not None:
        return show_release(session, wanted, act.require_release(session, wanted), to, ((PUBLISHED_NOW, facts),))
    return Outcome(data={**data, "published": True}, said=((PUBLISHED_NOW, facts),))


def _list_plans(session: Session) -> Outcome:
    """Return the plans with their tables in words."""
    rows = [
        {
            "plan": name, "title": LabelledCode(name, plan.text),
            "audience": LabelledCode(plan.audience, act.AUDIENCE_WORDS[plan.audience]),
            "grid": LabelledCode(plan.grid, act.GRID_NAMES[plan.grid]),
            "houses": LabelledCode(plan.houses, act.HOUSES_WORDS[plan.houses]),
            "least": session.rulebook.least_of_plan(plan), "rounding": plan.rounding,
            "tables": [LabelledCode(table.name, table.text) for table in plan.tables.values()],
        }
        for name, plan in session.rulebook.plans.items()
    ]  # fmt: skip
    return Outcome(data={"rows": rows}, columns=PLAN_COLUMNS)


def _list_log(session: Session) -> Outcome:
    rows: Sequence[dict[str, object]] = act.list_ledger(session)
    said: FilledSentences = () if rows else ((NOTHING_PUBLISHED_YET, {}),)
    findings = tuple(act.find_twice(session))
    return Outcome(data={"rows": rows}, columns=LEDGER_COLUMNS, wide=LEDGER_WIDE, said=said, findings=findings)
