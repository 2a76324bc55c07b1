"""The few questions of an attempt to reach her, of a day set by hand, and of closing her monitoring."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.core.finding import Finding, Said
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.walk.step import Head, Step, Walk, introduce
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

HEADS = {"attempt": N_("Someone tried to reach her"), "closed": N_("Closing her monitoring"), "scheduled": N_("A day")}
PLACES = {
    "attempt": (
        "monitoring.attempts.on",
        "monitoring.attempts.how",
        "monitoring.attempts.how_other",
        "monitoring.attempts.outcome",
        "monitoring.attempts.outcome_other",
    ),
    "closed": ("monitoring.closed.on", "monitoring.closed.reason"),
    "scheduled": ("monitoring.scheduled.on", "monitoring.scheduled.reason"),
}
COMMANDS = {"attempt": "monitor attempt", "closed": "monitor close", "scheduled": "monitor schedule"}
KEPT = N_("It is not written down yet. Go on: shelterctl {command} {id}")


def asked(here: Desk, id_: str, what: str, given: Mapping[str, str]) -> dict[str, Any]:
    """What is answered at the terminal; what was *given* with the command is not asked again."""
    table = Table(here, id_)
    answers = Unfinished(table, f"monitoring-{what}", given)
    going = Walk(here, lambda: list(_steps(table, answers, what, given)), table.refresh)
    left: Said = ((KEPT, {"id": table.id, "command": COMMANDS[what]}),)
    with going.kept(lambda: left), screen.alone():
        introduce(f"{COMMANDS[what]} {table.id}")
        going.go()
    apart = {path.rpartition(".")[2] for path in PLACES[what] if not _fits(answers, table.question(path))}
    return {name: value for name, value in answers.facts.items() if name not in apart}


def _fits(answers: Unfinished, question: Question) -> bool:
    """Whether a place makes sense beside what the place next to it says; it may have been answered before that was."""
    return question.beside is None or answers.at(question.beside[0]) == question.beside[1]


def _steps(table: Table, answers: Unfinished, what: str, given: Mapping[str, str]) -> Iterator[Step]:
    head: Head = (HEADS[what], {})
    for path in PLACES[what]:
        name = path.rpartition(".")[2]
        question, now = table.question(path, ahead=what == "scheduled"), answers.at(name)
        if name in given or not _fits(answers, question):
            continue
        offer = screen.shown(table.here.today) if name == "on" and what != "scheduled" else ""
        if question.choices and now not in question.choices:  # 0.1.0 took any words
            now = None
        yield Step(name, question, now, partial(_put, answers, name), head, offer=offer)


def _put(answers: Unfinished, name: str, value: Any) -> tuple[Finding, ...]:
    answers.keep(answers.with_((name,), value))
    return ()
