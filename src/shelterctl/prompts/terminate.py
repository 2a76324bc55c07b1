"""The questions about the end of an agreement: when it ended, who decided it, and why."""

from typing import Any

from shelterctl.act.input import Input
from shelterctl.act.permission import refuse_early
from shelterctl.act.terminate import TERMINATED_KEY, terminate_agreement, unfinished_termination_name
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.track import Track
from shelterctl.core.rules.permission import TERMINATE
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fill_in import FieldsToFill
from shelterctl.session import Session
from shelterctl.ui_language import N_

TERMINATION_HEADING = N_("The end of agreement {number} of {date}")


def ask_termination(session: Session, id_: str, facts: Facts, given: dict[str, Any]) -> Outcome:
    """Ask about the end of an agreement and write it down; answers *given* with the command are not asked again."""
    if refused := refuse_early(session, id_, TERMINATE):
        return refused
    file, whole = ClientFile(session, id_), session.rulebook.tracks["agreement"]
    track = Track(whole.name, whole.text, whole.clause, whole.home, "", whole.fields[TERMINATED_KEY].fields, day="on")
    answers = PendingAnswers(file, unfinished_termination_name(facts), facts.get(TERMINATED_KEY) or {}, given)
    heading = (TERMINATION_HEADING, {"number": facts.get("number") or facts["id"], "date": facts["date"]})

    def terminate(told: dict[str, Any], *, check: bool = False) -> Outcome:
        return terminate_agreement(session, id_, facts["id"], Input(told, (), None), check=check)

    return FieldsToFill(
        file,
        answers,
        f"terminate {id_}",
        track,
        heading,
        lambda name, _: file.question(f"agreement.{TERMINATED_KEY}.{name}"),
        given,
        terminate,
    ).fill_in()
