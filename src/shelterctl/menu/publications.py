"""The menu of what is published for people outside: choose a plan and a period, see what would be shown, publish and
print it, ask for an exception or agree to one, and see all that was published.
"""

from functools import partial

from shelterctl.act import publish as act
from shelterctl.cli.options import Ctx, session_of
from shelterctl.cli.publish import NOTHING_PUBLISHED_YET, ask_exception, confirm_exception, enter_release
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.plan import EACH_HOUSE, HOUSES_TOGETHER, Plan
from shelterctl.core.tables.ledger import AskedRelease, LedgerRelease
from shelterctl.language import LabelledCode, Plural, Text
from shelterctl.menu.action import run_actions
from shelterctl.prompts.steps import print_refusals
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import clear_screen, print_sentence
from shelterctl.ui_language import N_
from shelterctl.view.report import month_in_words

PUBLICATIONS_QUESTION = N_("Tables for people outside. What would you like to do? Enter goes back.")
PUBLISH_PLAN = N_("publish: {plan}")
SEE_PUBLISHED = N_("see what was published")
AGREE_TO = N_("agree to an exception: {what}, {period}; {by} asked for it on {on}, reason: {why}")
WHICH_PERIOD = N_("{plan}: which period? Only those that have ended are published. Enter goes back.")
PERIOD_IS_PUBLISHED = N_("{period}: published on {on}; print it again")
PERIOD_WAITS = N_("{period}: waits for a second person")
TABLE_OF_RELEASE = N_("{table}: {state}")
PUBLISH_SURE = N_(
    "Publish it for people outside now? It is entered in the ledger, and every later copy has these numbers."
)
AGREE_SURE = N_("Do you agree that it is published beside the earlier release? Your code is entered in the ledger.")
WHY_EXCEPTION = N_("If it is needed all the same, another person has to agree. For which reason? Enter goes back.")
OVERLAPS_EARLIER = Plural(N_("One thing stands against it:"), N_("{count} things stand against it:"), "count")
NOTHING_PUBLISHED = N_("Nothing was published.")
ASKED_NOW = N_("You asked for an exception. It is published once another person agrees, at her computer, in this menu.")
RELEASE_IN_LEDGER = N_("{what}, {period}: published on {on} by {by}")

PERIODS_OFFERED = 8
"""The number of periods from which one is chosen; an older one can be named with the command."""


def open_publications(ctx: Ctx, house: str) -> Outcome | None:
    """Show the plans, what was published, and what waits for a second person, until the person goes back.

    A plan for each house by itself is published for *house*.
    """
    session = session_of(ctx)
    while True:
        session.reopen()
        if stopped := act.judge_publisher(session):
            return Outcome(findings=stopped)
        clear_screen()
        plans = [*session.rulebook.plans.values()]
        waiting = act.open_ledger(session).waiting
        rows: list[FilledSentence] = [(PUBLISH_PLAN, {"plan": plan.text}) for plan in plans]
        rows += [(SEE_PUBLISHED, {}), *(_waiting_row(session, one) for one in waiting)]
        chosen = choose_option(PUBLICATIONS_QUESTION, rows)
        if chosen is None:
            return None
        if chosen < len(plans):
            _open_plan(ctx, plans[chosen], house)
        elif chosen == len(plans):
            run_actions(ctx, _show_ledger)
        else:
            run_actions(ctx, partial(_agree, asked=waiting[chosen - len(plans) - 1]))


def _waiting_row(session: Session, asked: AskedRelease) -> FilledSentence:
    """Return the line of an exception that somebody asked for."""
    _, name, period, _ = asked.release.split(".", 3)
    facts = {"what": _text_of(session.rulebook, name), "period": month_in_words(period), "by": asked.by}
    return AGREE_TO, {**facts, "on": asked.day, "why": act.reason_word(session, asked.why)}


def _text_of(rulebook: Rulebook, name: str) -> Text:
    """Return the words for a plan or a report; its name if the rulebook no longer has it."""
    of = rulebook.plans.get(name) or rulebook.house_reports.get(name)
    return of.text if of else {"en": name}


def _open_plan(ctx: Ctx, plan: Plan, house: str) -> None:
    """Show the last periods of a plan, and publish or print the chosen one, until the person goes back."""
    session = session_of(ctx)
    of = house if plan.houses == EACH_HOUSE else None
    while True:
        session.reopen()
        clear_screen()
        periods = act.ended_periods(plan.grid, session.today, PERIODS_OFFERED)
        all_wanted = [act.plan_publication(session, plan, period, of) for period in periods]
        ledger = act.open_ledger(session)
        rows = [_period_row(one, ledger) for one in all_wanted]
        chosen = choose_option(WHICH_PERIOD, rows, {"plan": plan.text})
        if chosen is None:
            return
        stem = f"shelterctl-{of or HOUSES_TOGETHER}-{plan.name}-{periods[chosen]}"
        run_actions(ctx, partial(_publish_chosen, wanted=all_wanted[chosen], stem=stem))


def _period_row(wanted: act.Publication, ledger: act.Ledger) -> FilledSentence:
    period = month_in_words(wanted.subject.period)
    if (there := ledger.find(wanted.id)) is not None:
        return PERIOD_IS_PUBLISHED, {"period": period, "on": there.day}
    return (PERIOD_WAITS if ledger.find_request(wanted.id) else "{period}"), {"period": period}


def _publish_chosen(ctx: Ctx, wanted: act.Publication, stem: str) -> Outcome | None:
    return publish_and_print(session_of(ctx), wanted, stem)


def publish_and_print(session: Session, wanted: act.Publication, stem: str) -> Outcome | None:
    """Publish after a question what is not published yet, and print it into a file that is asked for.

    It says what is refused before anything is entered; where a second person may allow it, an exception can be asked
    for. *stem* is the offered name of the file.
    """
    if stopped := act.judge_request(session, wanted):
        return Outcome(findings=stopped)
    release = act.open_ledger(session).find(wanted.id)
    if release is None:
        session.store.vault.require_writable()
        checked, _ = enter_release(session, wanted, check=True)
        if isinstance(checked, LedgerRelease):
            release = checked
        elif checked.refused:
            return _offer_exception(session, wanted, checked)
        else:
            _print_tables(checked)
            if not confirm(PUBLISH_SURE):
                return Outcome(said=((NOTHING_PUBLISHED, {}),))
            entered, _ = enter_release(session, wanted)
            if isinstance(entered, Outcome):
                return entered
            release = entered
    act.require_numbers(release)
    return _print_release(session, wanted, release, stem)


def _print_tables(checked: Outcome) -> None:
    """Print which tables would be shown, and why others would not."""
    tables = checked.data["tables"]
    for name, state in tables.items() if isinstance(tables, dict) else ():
        print_sentence(TABLE_OF_RELEASE, {"table": LabelledCode(name, name.text), "state": state}, indent="  ")


def _print_release(session: Session, wanted: act.Publication, release: LedgerRelease, stem: str) -> Outcome | None:
    from shelterctl.paper.report import make_report_paper  # noqa: PLC0415 - loads the code that makes PDFs
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs
    from shelterctl.view.publication import restore_report  # noqa: PLC0415 - only where something is shown

    made = restore_report(session, wanted, release)
    said = printing.print_made(session, stem, lambda: [make_report_paper(session, made)])
    return Outcome(said=said) if said else None


def _offer_exception(session: Session, wanted: act.Publication, checked: Outcome) -> Outcome:
    """Say why it is refused; where another person may allow it, ask for the reason and sign the request."""
    ledger = act.open_ledger(session)
    reasons = act.list_reasons(session)
    waits = ledger.find_request(wanted.id) is not None
    if waits or not reasons or not act.judge_by_ledger(session, wanted, ledger).allows_exception:
        return checked
    print_refusals(session, checked.findings, OVERLAPS_EARLIER)
    chosen = choose_option(WHY_EXCEPTION, [("{what}", {"what": text}) for text in reasons.values()])
    if chosen is None:
        return Outcome(said=((NOTHING_PUBLISHED, {}),))
    asked = ask_exception(session, wanted, [*reasons][chosen], check=False)
    return asked if asked.refused else Outcome(said=((ASKED_NOW, {}),))


def _agree(ctx: Ctx, asked: AskedRelease) -> Outcome:
    """Agree to an exception after a question, unless something refuses it."""
    session = session_of(ctx)
    session.store.vault.require_writable()
    checked = confirm_exception(session, asked.release, check=True)
    if checked.refused:
        return checked
    _print_tables(checked)
    if not confirm(AGREE_SURE):
        return Outcome(said=((NOTHING_PUBLISHED, {}),))
    done = confirm_exception(session, asked.release)
    return done if done.refused else Outcome(said=done.said)


def _show_ledger(ctx: Ctx) -> Outcome:
    """Return all releases in words, the oldest first, and what two computers published differently."""
    session = session_of(ctx)
    ledger = act.open_ledger(session)
    rows = tuple(
        (
            RELEASE_IN_LEDGER,
            {
                "what": _text_of(session.rulebook, one.subject.name), "period": month_in_words(one.subject.period),
                "on": one.day, "by": one.by,
            },
        )
        for one in ledger.releases
    )  # fmt: skip
    said: FilledSentences = () if rows else ((NOTHING_PUBLISHED_YET, {}),)
    return Outcome(said=said, prose=rows, findings=tuple(act.find_twice(session)))
