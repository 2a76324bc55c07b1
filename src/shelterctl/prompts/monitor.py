"""The questions of monitoring after a discharge: the report of Annex 7 in its printed order, an attempt to reach her, a
day set by hand, and the end of monitoring.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelterctl.act.input import Input
from shelterctl.act.monitor import (
    MONITORING_REPORT,
    about_stay_sentence,
    judge_client_report,
    record_duty,
    refuse_unknown_stay,
    save_report,
    unfinished_duty_name,
)
from shelterctl.act.permission import refuse_early
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.manual.field import UNKNOWN_ANSWER
from shelterctl.core.manual.role import Task
from shelterctl.core.merge.fragment import find_stay_left
from shelterctl.core.record.client import Stay, value_at
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.sameness import EntryMatcher
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.monitoring import live_reports
from shelterctl.core.rules.names import find_name
from shelterctl.language import Plural
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import SaveAnswer, entry_steps, field_step
from shelterctl.prompts.fill_in import FieldsToFill, JudgedAnswers, PaperToFill
from shelterctl.prompts.steps import QuestionStep, waiting_notice
from shelterctl.schemas.input import PURPOSE_OF_DUTY
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import print_sentence, sentence_text
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

MONITORING_HEADINGS = {
    "attempt": N_("An attempt to reach {her|him}"),
    "closed": N_("The end of {her|his} monitoring"),
    "scheduled": N_("The day of {her|his} monitoring"),
}
MONITORING_COMMANDS = {"attempt": "monitor attempt", "closed": "monitor close", "scheduled": "monitor schedule"}


def ask_duty(
    session: Session, id_: str, what: str, given: Mapping[str, str], stay: str | None, *, again: bool = False
) -> Outcome:
    """Ask about an attempt, the end of monitoring or a day set by hand, and write it down.

    Answers *given* with the command are not asked again. *what* is attempt, closed or scheduled.
    """
    file, track = ClientFile(session, id_), session.rulebook.track_for(PURPOSE_OF_DUTY[what])
    if refused := refuse_early(session, file.id, Task(track.name, False)):
        return refused
    besides = {*given, *(name for name, one in track.fields.items() if one.kind == "party")}  # who is at the device

    def record(told: dict[str, Any], *, check: bool = False) -> Outcome:
        entry, around = read_entry(track, told), Context(day=session.today)
        asked = {name: said for name, said in told.items() if find_name(entry, name, around).is_asked(entry, around)}
        return record_duty(session, id_, what, Input(asked, (), None), stay, again=again, check=check)

    return FieldsToFill(
        file,
        PendingAnswers(file, unfinished_duty_name(what), given),
        f"{MONITORING_COMMANDS[what]} {file.id}",
        track,
        (MONITORING_HEADINGS[what], {}),
        lambda name, _: file.question(f"{track.at}.{name}", ahead=what == "scheduled"),
        besides,
        record,
    ).fill_in()


REPORT_TITLE = N_("File {id}: monitoring report")
REPORT_GENERAL_HEADING = N_("General data that the form needs and {her|his} file lacks")
REPORT_HEADING = N_("The report")
REPORT_QUESTION_NUMBER = N_("Question {printed}.")
REPORT_SIGNATURE_HEADING = N_("Signature")
REPORT_SIGNED_FIELD = "signed"
"""The field of the signature, asked last, after everything that is signed."""
ANSWERS_WITHOUT_MORE = (None, False, UNKNOWN_ANSWER)
"""Answers after which the question's note is not asked, unless a condition of the note asks for it."""
REPORT_UNANSWERED = Plural(
    N_("Question {numbers} is not answered. Before signing, answer it or mark it unknown."),
    N_("Questions {numbers} are not answered. Before signing, answer them or mark them unknown."),
    "count",
)
REPORT_SAVED_UNSIGNED = N_("The report of {on} is saved but not signed yet. Enter goes back.")
REPORT_GO_ON = N_("record its signature, or correct it")
REPORT_WRITE_ANOTHER = N_("write another report")
REPORT_NOTHING_CHANGED = N_("Nothing was changed.")
REPORT_SAVE = N_("save the report")
REPORT_ANSWERS_KEPT = N_("The answers are kept; the report is not saved yet.")


def ask_report(session: Session, id_: str, which: str | None = None) -> Outcome:
    """Ask about a monitoring report at the terminal, show it, and save it.

    It is about the stay *which*, else about the stay whose report is due.
    """
    file = ClientFile(session, id_)
    if refused := refuse_early(session, file.id, Task(session.rulebook.report.name, False)):
        return refused
    if unknown := refuse_unknown_stay(file.client, which):
        return Outcome(data={"id": file.id}, findings=unknown)
    early = tuple(one for one in _judge_report(file, {}, which) if one.code == "monitoring/not-discharged")
    if early:
        return Outcome(data={"id": file.id}, findings=early)
    answers, unsigned = PendingAnswers(file, MONITORING_REPORT, {}), _unsigned_report(file, which)
    if unsigned and not answers.facts:
        chosen = choose_option(
            REPORT_SAVED_UNSIGNED, [(REPORT_GO_ON, {}), (REPORT_WRITE_ANOTHER, {})], {"on": unsigned["date"]}
        )
        if chosen is None:
            return Outcome(data={"id": file.id}, said=((REPORT_NOTHING_CHANGED, {}),))
        answers = PendingAnswers(file, MONITORING_REPORT, unsigned if chosen == 0 else {})
    only = (REPORT_SIGNED_FIELD,) if answers.answer_at("id") else ()
    return _ReportToFill(file, answers, which).fill_in(only=only)


def _reported_stay(file: ClientFile, which: str | None) -> Stay | None:
    """Return the stay that the report is about, or None."""
    rulebook = file.session.rulebook
    return find_stay_left(rulebook.report, file.client, rulebook.tracks, {}, which)


def _unsigned_report(file: ClientFile, which: str | None) -> dict[str, Any] | None:
    """Return her last saved and unsigned report as answers to go on with, or None."""
    last = next(reversed(live_reports(file.client, _reported_stay(file, which))), None)
    if last is None or last.get(REPORT_SIGNED_FIELD) or not last.get("date"):
        return None
    return {name: value for name, value in last.items() if name not in ("recorded_at", "recorded_by")}


class _ReportToFill(PaperToFill):
    """A monitoring report about the stay *which*, else about the stay whose report is due."""

    def __init__(self, file: ClientFile, answers: PendingAnswers, which: str | None) -> None:
        super().__init__(file, answers, f"monitor record {file.id}")
        self._which = which
        self.opening = ((REPORT_TITLE, {"id": file.id}), *about_stay_sentence(file.client, _reported_stay(file, which)))
        self.kept = (waiting_notice(REPORT_ANSWERS_KEPT, self.command),)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions as Annex 7 prints them, the general data that her file lacks, and last the signature."""
        return [*_report_steps(self.file, self.answers, self.save_answer)]

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """Return the refusals of this answer: it contradicts another, or its day is impossible.

        A signature is judged with the whole report only.
        """
        found = _judge_report(self.file, told, self._which) if path != REPORT_SIGNED_FIELD else []
        return [one for one in found if one.severity is Severity.REFUSE and one.where == f"/{path}"]

    def judge(self) -> JudgedAnswers:
        """Return the findings that refuse the report or stay open."""
        if not self.answers.facts.get("date"):
            return JudgedAnswers((REPORT_SAVE, {}), needed={"date": _report_question(self.file, "date").text})
        return JudgedAnswers((REPORT_SAVE, {}), _judge_report(self.file, self.answers.facts, self._which))

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print the questions without an answer in one line, by their numbers, then the other findings."""
        lacking = [one for one in judged.findings if one.code == "monitoring/unanswered"]
        if lacking:
            numbers = [str(one.facts["printed"]) for one in lacking]
            print_sentence(REPORT_UNANSWERED, {"count": len(lacking), "numbers": numbers}, indent="  - ")
        super().print_page(replace(judged, findings=[one for one in judged.findings if one not in lacking]))

    def write(self) -> Outcome:
        """Save the report; a report that was struck through can be written again."""
        facts = self.answers.facts
        there = live_reports(self.file.client, _reported_stay(self.file, self._which))
        again = EntryMatcher(there).pair([facts])[0] is None
        return save_report(self.session, str(self.file.id), Input(facts, (), None), self._which, again=again)


def _report_steps(file: ClientFile, answers: PendingAnswers, save: SaveAnswer) -> Iterator[QuestionStep]:
    annex = file.session.rulebook.report
    drawn = list(
        entry_steps(file, annex, answers, save, (REPORT_HEADING, {}), lambda name, _: _report_question(file, name))
    )
    notes = {one.note: name for name, one in annex.fields.items() if one.note}
    for step in drawn:
        own = step.name not in notes or annex.fields[step.name].asked_with
        if step.name != REPORT_SIGNED_FIELD and (
            own or answers.answer_at(notes[step.name]) not in ANSWERS_WITHOUT_MORE
        ):
            yield step
    for path in (path for path in annex.sheet.general.values() if path not in annex.fields):
        if value_at(file.record, path) is None or f"general {path}" in file.said_already:
            file.said_already.add(f"general {path}")
            step = field_step(file, path, (REPORT_GENERAL_HEADING, {}))
            yield replace(step, name=f"general {path}", current=value_at(file.record, path))
    for step in drawn:
        if step.name == REPORT_SIGNED_FIELD:
            yield replace(step, heading=(REPORT_SIGNATURE_HEADING, {}))


def _report_question(file: ClientFile, name: str) -> Question:
    """Return a question with its printed number as the hint; the fields around the questions have their own words."""
    report = file.session.rulebook.report
    one = report.fields[name]
    if one.number is None:
        return file.question(f"{report.name}.{name}")
    return replace(
        file.questionnaire.for_field(one), hint=sentence_text(REPORT_QUESTION_NUMBER, {"printed": one.number})
    )


def _judge_report(file: ClientFile, facts: dict[str, Any], which: str | None) -> list[Finding]:
    return list(judge_client_report(file.session, file.client, facts, which))
