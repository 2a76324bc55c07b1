"""The lines of a form as questions: what the line prints, its cap and what is left of it, then its own keys."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.agreed import setting_in
from shelterctl.act.draft import standing
from shelterctl.core import agreement as rules
from shelterctl.core import together
from shelterctl.core.asked import read_line
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding
from shelterctl.core.form import Line
from shelterctl.core.ruling import Ruling
from shelterctl.core.typed import MONTHS
from shelterctl.language import N_, Sentence
from shelterctl.walk.draft import Draft
from shelterctl.walk.step import Step

HEAD = N_("{line}. {text}")
CAP = N_("The cap is {cap} som. Enter leaves the line out.")
ROOM = N_("The cap is {cap} som; {left} som of it are left. Enter leaves the line out.")
KEEPS = N_("Enter keeps it; - takes the whole line out.")
LEAVE_OUT = N_("Enter leaves the line out.")
SO_FAR = N_("Line {line}: {amount} som. Together so far: {total} som.")

PARTS = {"course": ("profession", "provider", "from", "to"), "span": ("from", "to")}
"""Kinds of keys that are asked in parts."""


def line_steps(paper: Draft) -> Iterator[Step]:
    """The questions of every line that stands on the form on the agreement's day."""
    day = read_day(paper.answers.facts["date"])
    for number in paper.form.lines if day else ():
        line = paper.form.standing(number, day) if day else None
        if line and day:
            head = (HEAD, {"line": number, "text": rules.printed(line, day)})
            for step in _of(paper, line):
                yield replace(step, head=head, code=line.clause(day), last=partial(_told, paper, line))


def _of(paper: Draft, line: Line) -> Iterator[Step]:
    """The question that decides whether the line is used, and if it is, the others."""
    first, *others = _order(line)
    written = paper.answers.at("lines", line.number) or {}
    yield from _asked(paper, line, first, opens=True)
    if written.get(first) is not None:
        for name in others:
            if _wanted(line, name, written):
                yield from _asked(paper, line, name)


def _order(line: Line) -> list[str]:
    """Keys in the order in which the amount comes of them: what is multiplied, the amount, then the rest."""
    histories = line.rules.get("cap", {}).values()
    caps = [ruling for history in histories for ruling in history if isinstance(ruling, Ruling)]
    times = [name for ruling in caps for name in ruling.asks["times"] if name not in line.product]
    head = list(line.product) if line.product else [*times, "amount"]
    return head + [name for name in line.keys if name not in head]


def _wanted(line: Line, name: str, written: Mapping[str, Any]) -> bool:
    """Whether a key is asked: one that spells out another only where that says ``other``."""
    for key, history in line.rules.get("spells_out", {}).items():
        if any(isinstance(ruling, Ruling) and ruling.asks["in"] == name for ruling in history):
            return written.get(key) == "other"
    return True


def _asked(paper: Draft, line: Line, name: str, *, opens: bool = False) -> Iterator[Step]:
    question = paper.table.questionnaire.of_line(line, name)
    hint = _room(paper, line) if name in ("amount", "rate") else None
    if paper.answers.at("lines", line.number, name) is not None and opens:
        hint = screen.said(KEEPS)
    if question.kind == "months":
        hint = screen.said(MONTHS)
    if opens and hint is None:
        hint = screen.said(LEAVE_OUT)
    path = ("lines", line.number, name)
    for part in PARTS.get(question.kind, ("",)):
        asked = question
        where = (*path, part) if part else path
        if part:
            asked = paper.table.question(f"{question.kind}.{part}", ahead=True, clause=question.clause)
        if question.kind == "span":
            asked = replace(asked, text=_of_what(question.text, asked.text))
        yield Step(
            "line " + ".".join(where[1:]),
            replace(asked, hint=hint or asked.hint),
            paper.answers.at(*where),
            partial(_put, paper, line, where, opens),
            offer=str(1 + len(paper.table.client.children)) if name in line.rules.get("persons_of_file", {}) else "",
        )


def _of_what(whole: Sentence, part: Sentence) -> str:
    """One day of a span: what the span is of, and which of its two days."""
    head, day = screen.said(whole).partition(":")[0], screen.said(part)
    return f"{head}: {day[:1].lower()}{day[1:]}"


def _put(paper: Draft, line: Line, where: tuple[str, ...], opens: bool, value: Any) -> tuple[Finding, ...]:
    """Keep an answer; without its first one the line is left out. A rate is judged before the months are known."""
    if opens and value is not None and line.product:
        for name in line.product[1:]:
            if paper.answers.at(*where[:2], name) is None:
                once = paper.tried({where[-1]: value, name: 1}, where[:2])
                if once:
                    return once
    return paper.put(where[:2] if opens and value is None else where, value)


def _room(paper: Draft, line: Line) -> str | None:
    """The cap of the line with what is written already, and what her other agreements leave of it."""
    written = {**(paper.answers.at("lines", line.number) or {}), "amount": 1}
    facts = standing(paper.table.client, paper.form, paper.answers.facts, paper.before)
    setting = setting_in(paper.here, paper.table.client, paper.form, facts, False)
    asked, _ = read_line(line, written, setting.day)
    room = together.room(asked, setting) if asked else None
    if room is None:
        return None
    return screen.said(CAP if room[0] == room[1] else ROOM, {"cap": room[0], "left": room[1]})


def _told(paper: Draft, line: Line) -> None:
    """The line's amount and the running total, once the amount is known."""
    facts = standing(paper.table.client, paper.form, paper.answers.facts, paper.before)
    agreed = setting_in(paper.here, paper.table.client, paper.form, facts, False).agreement
    amount = next((asked.amount for asked in agreed.lines if asked.line.number == line.number), None)
    if amount is not None:
        told = {"line": line.number, "amount": amount, "total": agreed.total}
        screen.tell(SO_FAR, told, indent="  ")
