"""The walk-through of a discharge: what was agreed with IOM, what she takes with her, and the day she left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl.act.client_file import DISCHARGE_ACT
from shelterctl.act.discharge import DISCHARGE_CHECKED, discharge_client, plan_discharge
from shelterctl.act.input import Input
from shelterctl.core.finding import FilledSentences, Finding, Outcome, Severity, has_refusal
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
    has_open_findings,
    print_open_findings,
    print_refusals,
    waiting_notice,
)
from shelterctl.session import Session
from shelterctl.terminal.screen import clear_screen, fact_text, print_sentence
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
    file = ClientFile(session, id_)
    if file.client.stay is None:
        raise UsageError("discharge/no-stay", DISCHARGE_WITHOUT_STAY)
    answers = PendingAnswers(file, DISCHARGE_ACT, {})
    impossible = tuple(one for one in _discharge_refusals(file, {}) if one.code in DISCHARGE_IMPOSSIBLE_CODES)
    if impossible:
        return Outcome(data={"id": file.id}, findings=impossible)
    dialogue = Dialogue(
        session,
        f"discharge {id_}",
        lambda: list(_discharge_steps(file, answers)),
        file.refresh,
        file.take_unsaid_findings,
    )
    before = file.client.stay.discharged_on
    facts = {"id": file.id, "on": before}
    sentence = DISCHARGE_STILL_STANDS if before else DISCHARGE_ANSWERS_KEPT
    kept = Outcome(data={"id": file.id}, said=(waiting_notice(sentence, f"discharge {file.id}", **facts),))
    opening: FilledSentences = ((DISCHARGE_TITLE, facts), *([(DISCHARGE_WRITTEN_BEFORE, facts)] if before else []))
    return ask_and_review(dialogue, opening, kept, partial(_review_discharge, file, answers, dialogue))


def _discharge_steps(file: ClientFile, answers: PendingAnswers) -> Iterator[QuestionStep]:
    asks = file.session.rulebook.acts[DISCHARGE_ACT].asks
    yield from _steps_besides_items(file, answers, asks["before"])
    yield from checklist.checklist_steps(file, DISCHARGE_ACT)
    yield from _steps_besides_items(file, answers, asks["after"])


def _steps_besides_items(file: ClientFile, answers: PendingAnswers, names: Sequence[str]) -> Iterator[QuestionStep]:
    """What is asked besides the items: into her file, but for what the act itself writes."""
    for name in names:
        path, key = file.session.rulebook.place_of(name), name.rpartition(".")[2]
        if path in (DISCHARGE_DAY_PATH, OWN_DECISION_PATH) and _day_she_left(file):
            continue
        drawn = field_step(file, path, (DISCHARGE_HEADING, {}))
        if path in (DISCHARGE_DAY_PATH, OWN_DECISION_PATH):
            offer = fact_text(file.session.today) if path == DISCHARGE_DAY_PATH else ""
            drawn = replace(
                drawn,
                current=answers.answer_at(key),
                save=partial(_save_discharge_answer, file, answers, key),
                offer=offer,
            )
        yield drawn


def _day_she_left(file: ClientFile) -> date | None:
    """The day on which she left, if that is written down already."""
    return file.client.stay.discharged_on if file.client.stay else None


def _save_discharge_answer(file: ClientFile, answers: PendingAnswers, name: str, value: Any) -> tuple[Finding, ...]:
    """Keep the day or whose decision it was; a day that cannot be is refused at once."""
    facts = answers.with_answer((name,), value)
    found = [one for one in _discharge_refusals(file, facts) if one.where.endswith(f"/discharge/{name}")]
    if not found:
        answers.save(facts)
    return tuple(found)


def _discharge_refusals(file: ClientFile, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers."""
    return [one for one in _judge_discharge(file, facts) if one.severity is Severity.REFUSE]


def _judge_discharge(file: ClientFile, facts: dict[str, Any]) -> tuple[Finding, ...]:
    """What stops a discharge with these answers, and what stays open."""
    _, _, found = plan_discharge(file.session, file.client, Input({"discharge": facts}, (), None))
    return found.findings


def _review_discharge(file: ClientFile, answers: PendingAnswers, dialogue: Dialogue) -> Outcome | None:
    """What stops it, or the act itself; None while it is still being changed."""
    clear_screen()
    judged = _judge_discharge(file, answers.facts)
    when = read_day(answers.facts.get("on")) or _day_she_left(file)
    print_refusals(file.session, judged, DISCHARGE_STOPPED)
    if when is None:
        print_sentence(DISCHARGE_DAY_NOT_ANSWERED)
    elif not has_refusal(judged):
        print_sentence(DISCHARGE_CHECKED, {"on": when})
    print_open_findings(file.session, judged)
    given = Input({"discharge": answers.facts}, (), None)
    page = ReviewPage(
        (DISCHARGE_WRITE_DAY, {"on": when}) if when else (DISCHARGE_WRITE_NO_DAY, {}),
        bool(when) and not has_refusal(judged),
        has_open_findings(judged),
    )
    items = {one.facts.get("item") for one in judged if one.severity is Severity.REFUSE}
    lacking = [one.name for one in dialogue.steps() if one.current is None and one.name.partition(":")[0] in items]
    shown = answer_rows(dialogue, judged, lacking if when else [*lacking, DISCHARGE_DAY_PATH])
    return choose_outcome(
        file, dialogue, page, lambda: discharge_client(file.session, str(file.id), given), answers, shown
    )
