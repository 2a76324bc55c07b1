"""The few questions of an attempt to reach her, of a day set by hand, and of closing her monitoring."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.around import ASKED, Around, asked
from shelterctl.core.entry import read_entry
from shelterctl.core.field import Field
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.walk.entry import in_making
from shelterctl.walk.sitting import settled
from shelterctl.walk.step import Head, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

HEADS = {"attempt": N_("Someone tried to reach her"), "closed": N_("Closing her monitoring"), "scheduled": N_("A day")}
TRACKS = {"attempt": "attempt", "closed": "closing", "scheduled": "schedule"}
COMMANDS = {"attempt": "monitor attempt", "closed": "monitor close", "scheduled": "monitor schedule"}
WRITE = N_("write it down")
KEPT = N_("It is not written down yet.")


def told(here: Desk, id_: str, what: str, given: Mapping[str, str]) -> Outcome | dict[str, Any]:
    """What is answered at the terminal, or the outcome where it is left for later.

    What was *given* with the command is not asked again.
    """
    table, track = Table(here, id_), here.shelf.tracks[TRACKS[what]]
    answers = Unfinished(table, f"monitoring-{what}", given)
    head: Head = (HEADS[what], {})
    besides = {*given, *(name for name, one in track.fields.items() if one.kind == "party")}  # who is at the device

    def question(name: str, _: Field) -> Question:
        return table.question(f"{track.at}.{name}", ahead=what == "scheduled")

    def put(name: str, value: Any) -> tuple[Finding, ...]:
        answers.keep(answers.with_((name,), value))
        return ()

    def steps() -> list[Any]:
        drawn = in_making(table, track, answers, put, head, question)
        return [step for step in drawn if step.name not in besides]

    going = Walk(here, f"{COMMANDS[what]} {table.id}", steps, table.refresh)
    kept: Said = (waits(KEPT, f"{COMMANDS[what]} {table.id}"),)
    if ended := settled(going, (), kept, (WRITE, {}), answers):
        return Outcome(data={"id": table.id}, said=ended.said)
    entry, around = read_entry(track, answers.facts), Around(day=here.today)
    apart = {name for name, one in track.fields.items() if asked(one, entry, around) != ASKED}
    return {name: value for name, value in answers.facts.items() if name not in apart}
