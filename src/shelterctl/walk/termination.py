"""The few questions of an agreement that ended: when, who decided it, and why."""

from typing import Any

from shelterctl.act.termination import unfinished
from shelterctl.core.field import Field
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.core.question import Question
from shelterctl.core.record import Facts
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.walk.entry import in_making
from shelterctl.walk.sitting import settled
from shelterctl.walk.step import Head, Step, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

HEAD = N_("Agreement {number} of {date} was terminated")
WRITE = N_("write it down")
KEPT = N_("It is not written down yet.")


def told(here: Desk, id_: str, facts: Facts, given: dict[str, Any]) -> Outcome | dict[str, Any]:
    """What is answered at the terminal, or the outcome where it is left for later.

    What was *given* with the command is not asked again.
    """
    table, whole = Table(here, id_), here.shelf.tracks["agreement"]
    group = whole.fields["terminated"]
    track = Track(whole.name, whole.text, whole.clause, whole.home, "", group.fields, day="on")
    answers = Unfinished(table, unfinished(facts), facts.get("terminated") or {}, given)
    head: Head = (HEAD, {"number": facts.get("number") or facts["id"], "date": facts["date"]})
    command = f"terminate {id_}"

    def question(name: str, _: Field) -> Question:
        return table.question(f"agreement.terminated.{name}")

    def put(name: str, value: Any) -> tuple[Finding, ...]:
        answers.keep(answers.with_((name,), value))
        return ()

    def steps() -> list[Step]:
        return [step for step in in_making(table, track, answers, put, head, question) if step.name not in given]

    kept: Said = (waits(KEPT, command),)
    going = Walk(here, command, steps, table.refresh)
    if ended := settled(going, (), kept, (WRITE, {}), answers):
        return Outcome(data={"id": table.id}, said=ended.said)
    return dict(answers.facts)
