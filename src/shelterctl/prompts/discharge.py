"""The walk-through of a discharge: what was agreed with IOM, what she takes with her, and the day she left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl.act.client_file import DISCHARGE_ACT
from shelterctl.act.discharge import DISCHARGE_CHECKED, discharge_client, plan_discharge
from shelterctl.act.input import Input
from shelterctl.core.finding import Finding, Outcome, Severity, has_refusal
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
    "She left on {on}. What that discharge lacks can be added; to change the day, take it back first."
)
DISCHARGE_WRITE_DAY = N_("write down that she left on {on}")
DISCHARGE_WRITE_NO_DAY = N_("write down that she left")
DISCHARGE_ANSWERS_KEPT = N_("The answers are kept; she is not discharged.")
DISCHARGE_STILL_STANDS = N_("The answers are kept; the discharge of {on} stands.")

DISCHARGE_DAY_PATH, OWN_DECISION_PATH = "discharge.on", "discharge.by_own_decision"
DISCHARGE_IMPOSSIBLE_CODES = ("discharge/not-in-house", "discharge/reported", "discharge/left-already")
"""What no answer can change: nothing is asked then."""


def ask_discharge(session: Session, id_: str) -> Outcome:
    """Ask for a discharge at the terminal, and write it down when all is said."""
    file = ClientFile(session, id_)
    if file.client.stay is None:
        raise UsageError("discharge/no-stay", DISCHARGE_WITHOUT_STAY)
    impossible = tuple(one for one in _discharge_refusals(file, {}) if one.code in DISCHARGE_IMPOSSIBLE_CODES)
    return Outcome(data={"id": file.id}, findings=impossible) if impossible else _DischargeToFill(file).fill_in()


class _DischargeToFill(PaperToFill):
    """A discharge: what the act itself writes waits until then, the rest is saved in her file at once."""

    stops = DISCHARGE_STOPPED

    def __init__(self, file: ClientFile) -> None:
        super().__init__(file, PendingAnswers(file, DISCHARGE_ACT, {}), f"discharge {file.id}")
        before = _day_she_left(file)
        facts = {"id": file.id, "on": before}
        self.opening = ((DISCHARGE_TITLE, facts), *([(DISCHARGE_WRITTEN_BEFORE, facts)] if before else []))
        sentence = DISCHARGE_STILL_STANDS if before else DISCHARGE_ANSWERS_KEPT
        self.kept = self.untouched = (waiting_notice(sentence, self.command, **facts),)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """What is asked before the items, the items of the act, and what is asked after them."""
        asks = self.session.rulebook.acts[DISCHARGE_ACT].asks
        items = checklist.checklist_steps(self.file, DISCHARGE_ACT)
        return [*self._steps_besides_items(asks["before"]), *items, *self._steps_besides_items(asks["after"])]

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """That the day, or whose decision it was, cannot be."""
        return [one for one in _discharge_refusals(self.file, told) if one.where.endswith(f"/discharge/{path}")]

    def take_remarks(self) -> Sequence[Finding]:
        """What the last answer breaks, in her file or in what waits for the act."""
        return [*super().take_remarks(), *self.file.take_unsaid_findings()]

    def judge(self) -> JudgedAnswers:
        """What stops the discharge, and what stays open."""
        findings, when = _judge_discharge(self.file, self.answers.facts), self._day
        act = (DISCHARGE_WRITE_DAY, {"on": when}) if when else (DISCHARGE_WRITE_NO_DAY, {})
        needed = {} if when else {DISCHARGE_DAY_PATH: self.file.question(DISCHARGE_DAY_PATH).text}
        return JudgedAnswers(act, findings, needed)

    def print_page(self, judged: JudgedAnswers) -> None:
        """That nothing would stop it, or what does."""
        if not (judged.needed or has_refusal(judged.findings)):
            print_sentence(DISCHARGE_CHECKED, {"on": self._day})
        super().print_page(judged)

    def draw_rows(self, dialogue: Dialogue, judged: JudgedAnswers) -> Sequence[ReviewRow]:
        """The answers, and each question that an item still wants an answer to."""
        items = {one.facts.get("item") for one in judged.findings if one.severity is Severity.REFUSE}
        steps = [one.name for one in dialogue.steps() if one.current is None and one.name.partition(":")[0] in items]
        return [*answer_rows(dialogue, judged.findings, [*steps, *judged.needed])]

    def write(self) -> Outcome:
        """Write down that she left."""
        return discharge_client(self.session, str(self.file.id), Input({"discharge": self.answers.facts}, (), None))

    @property
    def _day(self) -> date | None:
        """The day that is answered, else the one that is written down already."""
        return read_day(self.answers.facts.get("on")) or _day_she_left(self.file)

    def _steps_besides_items(self, names: Sequence[str]) -> Iterator[QuestionStep]:
        """What is asked besides the items: into her file, but for what the act itself writes."""
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
    """The day on which she left, if that is written down already."""
    return file.client.stay.discharged_on if file.client.stay else None


def _discharge_refusals(file: ClientFile, facts: dict[str, Any]) -> list[Finding]:
    """What stops a discharge with these answers."""
    return [one for one in _judge_discharge(file, facts) if one.severity is Severity.REFUSE]


def _judge_discharge(file: ClientFile, facts: dict[str, Any]) -> tuple[Finding, ...]:
    """What stops a discharge with these answers, and what stays open."""
    _, _, found = plan_discharge(file.session, file.client, Input({"discharge": facts}, (), None))
    return found.findings
