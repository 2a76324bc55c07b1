"""The lines of a form as questions: what the line prints, its cap and what is left of it, then its own keys."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.perform import agreement_in, standing
from shelterctl.core.agreement import printed, room
from shelterctl.core.around import ASKED, Around, asked
from shelterctl.core.days import read_day
from shelterctl.core.entry import read_entry
from shelterctl.core.finding import Finding
from shelterctl.core.line import AMOUNT, number, read_line
from shelterctl.core.measure import multipliers
from shelterctl.core.notation import MONTHS
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Part
from shelterctl.language import N_
from shelterctl.walk.draft import Draft
from shelterctl.walk.step import Step

HEAD = N_("{line}. {text}")
CAP = N_("The cap is {cap} som. Enter leaves the line out.")
ROOM = N_("The cap is {cap} som; {left} som of it are left. Enter leaves the line out.")
KEEPS = N_("Enter keeps it; - takes the whole line out.")
LEAVE_OUT = N_("Enter leaves the line out.")
SO_FAR = N_("Line {line}: {amount} som. Together so far: {total} som.")


def line_steps(paper: Draft) -> Iterator[Step]:
    """The questions of every line that stands on the form on the agreement's day."""
    day = read_day(paper.answers.facts["date"])
    for each in paper.form.parts if day else ():
        line = paper.form.standing(each, day) if day else None
        if line and day:
            head = (HEAD, {"line": each, "text": printed(line, day)})
            for step in _of(paper, line):
                yield replace(step, head=head, code=line.clause(day), last=partial(_told, paper, line))


def _of(paper: Draft, line: Part) -> Iterator[Step]:
    """The question that decides whether the line is used, and if it is, the others."""
    first, *others = _order(line)
    written = paper.answers.at("lines", line.number) or {}
    yield from _asked(paper, line, first, opens=True)
    if written.get(first) is not None:
        entry, around = read_entry(line, written), Around(day=paper.here.today, client=paper.table.client)
        for name in others:
            if asked(line.fields[name], entry, around) == ASKED:
                yield from _asked(paper, line, name)


def _order(line: Part) -> list[str]:
    """Keys in the order in which the amount comes of them: what is multiplied, the amount, then the rest."""
    caps = [ruling for rule in line.caps() for ruling in rule.history if isinstance(ruling, Ruling)]
    read = (of for ruling in caps for _, of, _ in multipliers(ruling))
    times = [of for of in read if of in line.fields and of not in line.product]
    head = list(line.product) if line.product else [*times, AMOUNT]
    return head + [name for name in line.fields if name not in (AMOUNT, *head)]


def _asked(paper: Draft, line: Part, name: str, *, opens: bool = False) -> Iterator[Step]:
    question = paper.table.questionnaire.of_line(line, name)
    hint = _room(paper, line) if name in ("amount", "rate") else None
    if paper.answers.at("lines", line.number, name) is not None and opens:
        hint = screen.said(KEEPS)
    if question.kind == "months":
        hint = screen.said(MONTHS)
    if opens and hint is None:
        hint = screen.said(LEAVE_OUT)
    path = ("lines", line.number, name)
    field = line.fields[name]
    for part, put in paper.table.questionnaire.inside(question, field, paper.answers.at(*path)):
        where = (*path, part) if part else path
        yield Step(
            "line " + ".".join(where[1:]),
            replace(put, hint=hint or put.hint),
            paper.answers.at(*where),
            partial(_put, paper, line, where, opens),
            offer=_counted(paper, line, name),
        )


def _counted(paper: Draft, line: Part, name: str) -> str:
    """What is offered for a number that her file is held against: how many persons it has."""
    rules = [rule for rule in line.rules if rule.verb == "amount" and rule.names == (name,)]
    wanted = [ruling.asks.get("exactly") for rule in rules for ruling in rule.history if isinstance(ruling, Ruling)]
    return str(1 + len(paper.table.client.children)) if {"count": "persons"} in wanted else ""


def _put(paper: Draft, line: Part, where: tuple[str, ...], opens: bool, value: Any) -> tuple[Finding, ...]:
    """Keep an answer; without its first one the line is left out. A rate is judged before the months are known."""
    if opens and value is not None and line.product:
        for name in line.product[1:]:
            if paper.answers.at(*where[:2], name) is None:
                once = paper.tried({where[-1]: value, name: 1}, where[:2])
                if once:
                    return once
    return paper.put(where[:2] if opens and value is None else where, value)


def _room(paper: Draft, line: Part) -> str | None:
    """The cap of the line with what is written already, and what her other agreements leave of it."""
    written = {**(paper.answers.at("lines", line.number) or {}), "amount": 1}
    facts = standing(paper.table.client, paper.form, paper.answers.facts, paper.before)
    agreed = agreement_in(paper.here, paper.table.client, paper.form, facts, False)
    entry, _ = read_line(line, written, agreed.day, agreed.entry)
    left = room(entry, agreed.around) if entry else None
    return screen.said(CAP if left[0] == left[1] else ROOM, {"cap": left[0], "left": left[1]}) if left else None


def _told(paper: Draft, line: Part) -> None:
    """The line's amount and the running total, once the amount is known."""
    facts = standing(paper.table.client, paper.form, paper.answers.facts, paper.before)
    agreed = agreement_in(paper.here, paper.table.client, paper.form, facts, False)
    amount = next((each.values.get(AMOUNT) for each in agreed.lines if number(each) == line.number), None)
    if amount is not None:
        told = {"line": line.number, "amount": amount, "total": agreed.total}
        screen.tell(SO_FAR, told, indent="  ")
