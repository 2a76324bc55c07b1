"""The few questions of an agreement that ended: when, who decided it, and why."""

from typing import Any

from shelterctl.act.terminate import unfinished_termination_name
from shelterctl.core.finding import FilledSentences, Finding, Outcome
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import entry_steps
from shelterctl.prompts.review import ask_and_choose
from shelterctl.prompts.steps import Dialogue, PartHeading, QuestionStep, waiting_notice
from shelterctl.session import Session
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

TERMINATION_HEADING = N_("Agreement {number} of {date} was terminated")
TERMINATION_WRITE_DOWN = N_("write it down")
TERMINATION_NOT_WRITTEN = N_("It is not written down yet.")


def ask_termination(session: Session, id_: str, facts: Facts, given: dict[str, Any]) -> Outcome | dict[str, Any]:
    """What is answered at the terminal, or the outcome where it is left for later.

    What was *given* with the command is not asked again.
    """
    file, whole = ClientFile(session, id_), session.rulebook.tracks["agreement"]
    group = whole.fields["terminated"]
    track = Track(whole.name, whole.text, whole.clause, whole.home, "", group.fields, day="on")
    answers = PendingAnswers(file, unfinished_termination_name(facts), facts.get("terminated") or {}, given)
    head: PartHeading = (TERMINATION_HEADING, {"number": facts.get("number") or facts["id"], "date": facts["date"]})
    command = f"terminate {id_}"

    def question(name: str, _: Field) -> Question:
        return file.question(f"agreement.terminated.{name}")

    def put(name: str, value: Any) -> tuple[Finding, ...]:
        answers.save(answers.with_answer((name,), value))
        return ()

    def steps() -> list[QuestionStep]:
        return [step for step in entry_steps(file, track, answers, put, head, question) if step.name not in given]

    kept: FilledSentences = (waiting_notice(TERMINATION_NOT_WRITTEN, command),)
    dialogue = Dialogue(session, command, steps, file.refresh)
    if ended := ask_and_choose(dialogue, (), kept, (TERMINATION_WRITE_DOWN, {}), answers):
        return Outcome(data={"id": file.id}, said=ended.said)
    return dict(answers.facts)
