"""The walk-through of a discharge: what was agreed with IOM, what she takes with her, and the day she left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl.act.client_file import DISCHARGE_ACT, merge_into_file
from shelterctl.act.discharge import DISCHARGE_CHECKED, discharge_client, find_discharged_stay, judge_discharge
from shelterctl.act.input import Input
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity
from shelterctl.core.merge.fragment import STAY_KEY
from shelterctl.core.record.client import Client
from shelterctl.core.values.days import read_day
from shelterctl.errors import UsageError
from shelterctl.language import Plural
from shelterctl.prompts import checklist
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import field_step
from shelterctl.prompts.review import ReviewPage, answer_rows, ask_and_review, choose_outcome
from shelterctl.prompts.steps import (
    Dialogue,
    QuestionStep,
    finding_text,
    has_open_findings,
    print_open_findings,
    waiting_notice,
)
from shelterctl.session import Session
from shelterctl.terminal.screen import clear_screen, fact_text, print_lines, print_sentence
from shelterctl.ui_language import N_

DISCHARGE_TITLE = N_("File {id}: discharge")
DISCHARGE_HEADING = N_("How she leaves")
DISCHARGE_WITHOUT_STAY = N_("This client has no stay in a house, so there is nothing to discharge from.")
DISCHARGE_STOPPED = Plural(N_("One thing stops the discharge:"), N_("{count} things stop the discharge:"), "count")
DISCHARGE_WRITTEN_BEFORE = N_(
    "She left on {on}. What that discharge lacks can be added; to change the day, take it back first."
)
DISCHARGE_WRITE_DAY = N_("write down that she left on {on}")
DISCHARGE_WRITE_NO_DAY = N_("write down that she left")
DISCHARGE_ANSWERS_KEPT = N_("The answers are kept; she is not discharged.")
DISCHARGE_STILL_STANDS = N_("The answers are kept; the discharge of {on} stands.")
DISCHARGE_DAY_NOT_ANSWERED = N_("The day on which she left is not answered yet.")

DISCHARGE_DAY_PATH, OWN_DECISION_PATH = "discharge.on", "discharge.by_own_decision"
DISCHARGE_IMPOSSIBLE_CODES = ("discharge/not-in-house", "discharge/reported", "discharge/left-already")
"""What no answer can change: nothing is asked then."""


def ask_discharge(session: Session, id_: str) -> Outcome:
    """Ask for a discharge at the terminal, and write it down when all is said."""
    table = ClientFile(session, id_)
    if table.client.stay is None:
        raise UsageError("discharge/no-stay", DISCHARGE_WITHOUT_STAY)
    answers = PendingAnswers(table, DISCHARGE_ACT, {})
    impossible = tuple(one for one in _discharge_refusals(table, {}) if one.code in DISCHARGE_IMPOSSIBLE_CODES)
    if impossible:
        return Outcome(data={"id": table.id}, findings=impossible)
    going = Dialogue(
        session, f"discharge {id_}", lambda: list(_discharge_steps(table, answers)), table.refresh, table.remarks
    )
    before = table.client.stay.discharged_on
    facts = {"id": table.id, "on": before}
    kept = Outcome(
        data={"id": table.id},
        said=(
            waiting_notice(
                DISCHARGE_STILL_STANDS if before else DISCHARGE_ANSWERS_KEPT, f"discharge {table.id}", **facts
            ),
        ),
    )
    opening: FilledSentences = (
        ((DISCHARGE_TITLE, facts), (DISCHARGE_WRITTEN_BEFORE, facts)) if before else ((DISCHARGE_TITLE, facts),)
    )
    return ask_and_review(going, opening, kept, partial(_review_discharge, table, answers, going))


def _discharge_steps(table: ClientFile, answers: PendingAnswers) -> Iterator[QuestionStep]:
    asks = table.session.rulebook.acts[DISCHARGE_ACT].asks
    yield from _steps_besides_items(table, answers, asks["before"])
    yield from checklist.checklist_steps(table, DISCHARGE_ACT)
    yield from _steps_besides_items(table, answers, asks["after"])


def _steps_besides_items(table: ClientFile, answers: PendingAnswers, names: Sequence[str]) -> Iterator[QuestionStep]:
    """What is asked besides the items: into her file, but for what the act itself writes."""
    for name in names:
        path, key = table.session.rulebook.place_of(name), name.rpartition(".")[2]
        if path in (DISCHARGE_DAY_PATH, OWN_DECISION_PATH) and _day_she_left(table):
            continue
        drawn = field_step(table, path, (DISCHARGE_HEADING, {}))
        if path in (DISCHARGE_DAY_PATH, OWN_DECISION_PATH):
            offer = fact_text(table.session.today) if path == DISCHARGE_DAY_PATH else ""
            drawn = replace(
                drawn, now=answers.at(key), put=partial(_save_discharge_answer, table, answers, key), offer=offer
            )
        yield drawn


def _day_she_left(table: ClientFile) -> date | None:
    """The day on which she left, if that is written down already."""
    return table.client.stay.discharged_on if table.client.stay else None


def _save_discharge_answer(table: ClientFile, answers: PendingAnswers, name: str, value: Any) -> tuple[Finding, ...]:
    """Keep the day or whose decision it was; a day that cannot be is refused at once."""
    facts = answers.with_((name,), value)
    found = [one for one in _discharge_refusals(table, facts) if one.where.endswith(f"/discharge/{name}")]
    if not found:
        answers.keep(facts)
    return tuple(found)


def _discharge_refusals(table: ClientFile, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers."""
    return [one for one in _judge_discharge(table, facts) if one.severity is Severity.REFUSE]


def _judge_discharge(table: ClientFile, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers, and what stays open."""
    when = read_day(facts.get("on")) or _day_she_left(table) or table.session.today
    meant = find_discharged_stay(table.client, when)
    given = {**({STAY_KEY: meant.id} if meant else {}), "discharge": {**facts, "on": when.isoformat()}}
    after = merge_into_file(table.session, table.record, Input(given, (), None))
    found = judge_discharge(table.session, meant, Client(after.record), when)
    return [*after.findings, *found]


def _review_discharge(table: ClientFile, answers: PendingAnswers, going: Dialogue) -> Outcome | None:
    """What stops it, or the act itself; None while it is still being changed."""
    clear_screen()
    judged = _judge_discharge(table, answers.facts)
    found = [one for one in judged if one.severity is Severity.REFUSE]
    when = read_day(answers.facts.get("on")) or _day_she_left(table)
    if found:
        print_sentence(DISCHARGE_STOPPED, {"count": len(found)}, bold=True)
    for finding in found:
        print_lines([finding_text(table.session, finding)], indent="  - ")
    if when is None:
        print_sentence(DISCHARGE_DAY_NOT_ANSWERED)
    elif not found:
        print_sentence(DISCHARGE_CHECKED, {"on": when})
    print_open_findings(table.session, judged)
    given = Input({"discharge": answers.facts}, (), None)
    page = ReviewPage(
        (DISCHARGE_WRITE_DAY, {"on": when}) if when else (DISCHARGE_WRITE_NO_DAY, {}),
        bool(when) and not found,
        has_open_findings(judged),
    )
    items = {finding.facts.get("item") for finding in found}
    lacking = [one.name for one in going.steps() if one.now is None and one.name.partition(":")[0] in items]
    shown = answer_rows(going, judged, lacking if when else [*lacking, DISCHARGE_DAY_PATH])
    return choose_outcome(
        table, going, page, lambda: discharge_client(table.session, str(table.id), when, given), answers, shown
    )
