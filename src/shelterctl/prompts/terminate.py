"""The few questions of an agreement that ended: when, who decided it, and why."""

from typing import Any

from shelterctl.act.terminate import unfinished_termination_name
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import Track
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.review import ask_fields
from shelterctl.session import Session
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

TERMINATION_HEADING = N_("Agreement {number} of {date} was terminated")


def ask_termination(session: Session, id_: str, facts: Facts, given: dict[str, Any]) -> Outcome | dict[str, Any]:
    """What is answered at the terminal, or the outcome where it is left for later.

    What was *given* with the command is not asked again.
    """
    file, whole = ClientFile(session, id_), session.rulebook.tracks["agreement"]
    group = whole.fields["terminated"]
    track = Track(whole.name, whole.text, whole.clause, whole.home, "", group.fields, day="on")
    answers = PendingAnswers(file, unfinished_termination_name(facts), facts.get("terminated") or {}, given)

    def question(name: str, _: Field) -> Question:
        return file.question(f"agreement.terminated.{name}")

    heading = (TERMINATION_HEADING, {"number": facts.get("number") or facts["id"], "date": facts["date"]})
    ended = ask_fields(file, track, answers, heading, f"terminate {id_}", question, given)
    return ended or dict(answers.facts)
