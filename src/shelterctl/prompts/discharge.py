"""The questions of a discharge: what was agreed with IOM, what she takes with her, and the day on which she left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl.act.discharge import DISCHARGE_CHECKED, discharge_client, plan_discharge
from shelterctl.act.input import Input
from shelterctl.act.permission import refuse_early
from shelterctl.act.stay_context import DISCHARGE_ACT
from shelterctl.core.finding import Finding, Outcome, Severity, has_refusal
from shelterctl.core.rules.permission import DISCHARGE
from shelterctl.core.values.days import read_day
from shelterctl.errors import UsageError
from shelterctl.language import Plural
from shelterctl.prompts import checklist
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import field_step
from shelterctl.prompts.fill_in import JudgedAnswers, PaperToFill, ReviewRow, answer_rows
from shelterctl.prompts.steps import Dialogue, QuestionStep, waiting_notice
from shelterctl.session import Session
from shelterctl.terminal.screen import fact_text, print_sentence
from shelterctl.ui_language import N_

DISCHARGE_TITLE = N_("File {id}: discharge")
DISCHARGE_HEADING = N_("How she leaves")
DISCHARGE_WITHOUT_STAY = N_("This client has no stay in a house, so there is nothing to discharge from.")
DISCHARGE_STOPPED = Plural(N_("One thing stops the discharge:"), N_("{count} things stop the discharge:"), "count")
DISCHARGE_WRITTEN_BEFORE = N_(
    "{Her|His} discharge on {on} is recorded. You can add what is missing; to change the day, take the "
    "discharge back first."
)
DISCHARGE_WRITE_DAY = N_("write down that {she|he} left on {on}")
DISCHARGE_WRITE_NO_DAY = N_("write down that {she|he} left")
DISCHARGE_ANSWERS_KEPT = N_("The answers are kept; the discharge is not recorded.")
DISCHARGE_STILL_STANDS = N_("The answers are kept; the discharge on {on} remains recorded.")

DISCHARGE_DAY_PATH, OWN_DECISION_PATH = "discharge.on", "discharge.by_own_decision"
DISCHARGE_IMPOSSIBLE_CODES = ("discharge/not-in-house", "discharge/reported", "discharge/left-already")
"""Codes of refusals that no answer can change; with one of them nothing is asked."""


def ask_discharge(session: Session, id_: str) -> Outcome:
    """Ask about a discharge at the terminal, and write it down once it is complete and confirmed."""
    file = ClientFile(session, id_)
    if file.client.stay is None:
        raise UsageError("discharge/no-stay", DISCHARGE_WITHOUT_STAY)
    if _day_she_left(file) is None and (refused := refuse_early(session, file.id, DISCHARGE)):
        return refused
    impossible = tuple(one for one in _discharge_refusals(file, {}) if one.code in DISCHARGE_IMPOSSIBLE_CODES)
    return Outcome(data={"id": file.id}, findings=impossible) if impossible else _DischargeToFill(file).fill_in()


class _DischargeToFill(PaperToFill):
    """A discharge while it is filled in: the fields that the act writes are kept for it, the rest is saved at once."""

    stops = DISCHARGE_STOPPED

    def __init__(self, file: ClientFile) -> None:
        super().__init__(file, PendingAnswers(file, DISCHARGE_ACT, {}), f"discharge {file.id}")
        before = _day_she_left(file)
        facts = {"id": file.id, "on": before}
        self.opening = ((DISCHARGE_TITLE, facts), *([(DISCHARGE_WRITTEN_BEFORE, facts)] if before else []))
        sentence = DISCHARGE_STILL_STANDS if before else DISCHARGE_ANSWERS_KEPT
        self.kept = self.untouched = (waiting_notice(sentence, self.command, **facts),)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions before the items, those of the items of the act, and those after them."""
        act = self.session.rulebook.acts[DISCHARGE_ACT]
        items = checklist.checklist_steps(self.file, DISCHARGE_ACT)
        return [
            *self._steps_besides_items(act.asked_in("before")),
            *items,
            *self._steps_besides_items(act.asked_in("after")),
        ]

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """Return the findings that refuse the day, or whose decision it was."""
        return [one for one in _discharge_refusals(self.file, told) if one.where.endswith(f"/discharge/{path}")]

    def take_remarks(self) -> Sequence[Finding]:
        """Return the findings about the last answer, in her file or in the answers kept for the act."""
        return [*super().take_remarks(), *self.file.take_unsaid_findings()]

    def judge(self) -> JudgedAnswers:
        """Return the findings that stop the discharge or stay open."""
        findings, when = _judge_discharge(self.file, self.answers.facts), self._day
        act = (DISCHARGE_WRITE_DAY, {"on": when}) if when else (DISCHARGE_WRITE_NO_DAY, {})
        needed = {} if when else {DISCHARGE_DAY_PATH: self.file.question(DISCHARGE_DAY_PATH).text}
        return JudgedAnswers(act, findings, needed)

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print that nothing stops the discharge, or what does."""
        if not (judged.needed or has_refusal(judged.findings)):
            print_sentence(DISCHARGE_CHECKED, {"on": self._day})
        super().print_page(judged)

    def draw_rows(self, dialogue: Dialogue, judged: JudgedAnswers) -> Sequence[ReviewRow]:
        """Return a row for each answer, and for each question that an item still needs."""
        items = {one.facts.get("item") for one in judged.findings if one.severity is Severity.REFUSE}
        steps = [one.name for one in dialogue.steps() if one.current is None and one.name.partition(":")[0] in items]
        return [*answer_rows(dialogue, judged.findings, [*steps, *judged.needed])]

    def write(self) -> Outcome:
        """Write down that she left."""
        return discharge_client(self.session, str(self.file.id), Input({"discharge": self.answers.facts}, (), None))

    @property
    def _day(self) -> date | None:
        """The day that is answered, else the recorded one."""
        return read_day(self.answers.facts.get("on")) or _day_she_left(self.file)

    def _steps_besides_items(self, names: Sequence[str]) -> Iterator[QuestionStep]:
        """Yield the questions besides the items.

        Their answers are saved in her file, except those that the act itself writes, which are kept for it.
        """
        for name in names:
            path, key = self.session.rulebook.place_of(name), name.rpartition(".")[2]
            drawn = field_step(self.file, path, (DISCHARGE_HEADING, {}))
            if path not in (DISCHARGE_DAY_PATH, OWN_DECISION_PATH):
                yield drawn
            elif not _day_she_left(self.file):
                offer = fact_text(self.session.today) if path == DISCHARGE_DAY_PATH else ""
                keep = partial(self.save_answer, key)
                yield replace(drawn, current=self.answers.answer_at(key), save=keep, offer=offer)


def _day_she_left(file: ClientFile) -> date | None:
    """Return the recorded day on which she left, or None."""
    return file.client.stay.discharged_on if file.client.stay else None


def _discharge_refusals(file: ClientFile, facts: dict[str, Any]) -> list[Finding]:
    """Return the findings that stop a discharge with these answers."""
    return [one for one in _judge_discharge(file, facts) if one.severity is Severity.REFUSE]


def _judge_discharge(file: ClientFile, facts: dict[str, Any]) -> tuple[Finding, ...]:
    """Return the findings that stop a discharge with these answers or stay open."""
    _, _, found = plan_discharge(file.session, file.client, Input({"discharge": facts}, (), None))
    return found.findings
