"""The walk-through of a monitoring report: the questions of Annex 7 as they are printed, then the signature."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.input import Input
from shelterctl.act.report import REPORT, about_stay, judged_report, put_down, unknown_stay
from shelterctl.core import duty
from shelterctl.core.field import UNKNOWN, Field
from shelterctl.core.finding import Finding, Outcome, Severity, refused
from shelterctl.core.home import stay_left
from shelterctl.core.question import Question
from shelterctl.core.record import Stay, at, live
from shelterctl.core.sameness import Standing
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural
from shelterctl.walk.answers import rows
from shelterctl.walk.entry import in_making
from shelterctl.walk.entry import step as in_file
from shelterctl.walk.remark import remark, stays_open
from shelterctl.walk.sitting import Page, choose, sit
from shelterctl.walk.step import Step, Walk, waits
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

TITLE = N_("File {id}: monitoring report")
GENERAL = N_("General data that the form asks for and her file lacks")
HEAD = N_("The report")
PRINTED = N_("Question {printed}.")
FOOT = N_("Signature")
SIGNED = "signed"
"""Asked last, after all that is signed."""
NOTHING = (None, False, UNKNOWN)
"""Answers to which no more is to be said, unless what is said to them asks for another."""
UNANSWERED = Plural(
    N_("Question {numbers} is not answered; to be signed, it must be, or marked unknown."),
    N_("Questions {numbers} are not answered; to be signed, they must be, or marked unknown."),
    "count",
)
UNSIGNED = N_("The report of {on} is saved, and not signed yet. Enter goes back.")
GO_ON = N_("it is signed now, or is to be corrected")
ANOTHER = N_("write another report")
STILL = N_("Nothing was changed.")
SAVE = N_("save the report")
KEPT = N_("The answers are kept; no report is saved.")


def walk(here: Desk, id_: str, which: str | None = None) -> Outcome:
    """Ask for a report at the terminal, show what it says, and save it; about the stay *which*, else the one owed."""
    table = Table(here, id_)
    if unknown := unknown_stay(table.client, which):
        return Outcome(data={"id": table.id}, findings=unknown)
    early = tuple(one for one in _judged(table, {}, which) if one.code == "monitoring/not-discharged")
    if early:
        return Outcome(data={"id": table.id}, findings=early)
    answers, unsigned = Unfinished(table, REPORT, {}), _unsigned(table, which)
    if unsigned and not answers.facts:
        chosen = ask.choice(UNSIGNED, [(GO_ON, {}), (ANOTHER, {})], {"on": unsigned["date"]})
        if chosen is None:
            return Outcome(data={"id": table.id}, said=((STILL, {}),))
        answers = Unfinished(table, REPORT, unsigned if chosen == 0 else {})
    going = Walk(here, f"monitor record {id_}", lambda: list(_steps(table, answers, which)), table.refresh)
    kept = Outcome(data={"id": table.id}, said=(waits(KEPT, f"monitor record {table.id}"),))
    review = partial(_reviewed, table, answers, going, which)
    only = (SIGNED,) if answers.at("id") else ()
    return sit(
        going, ((TITLE, {"id": table.id}), *about_stay(table.client, _stay(table, which))), kept, review, only=only
    )


def _stay(table: Table, which: str | None) -> Stay | None:
    """The stay that the report is about."""
    annex = table.here.shelf.report
    return stay_left(annex, table.client, annex, {}, which)


def _unsigned(table: Table, which: str | None) -> dict[str, Any] | None:
    """Her last report that was saved and is not signed, as it may be gone on with."""
    written = duty.written(table.client, _stay(table, which))
    last = next(reversed(live(written.get("reports"))), None)
    if last is None or last.get(SIGNED) or not last.get("date"):
        return None
    return {name: value for name, value in last.items() if name not in ("recorded_at", "recorded_by")}


def _steps(table: Table, answers: Unfinished, which: str | None) -> Iterator[Step]:
    annex = table.here.shelf.report
    drawn = list(
        in_making(table, annex, answers, partial(_put, table, answers, which), (HEAD, {}), partial(_asked, table))
    )
    notes = {one.note: name for name, one in annex.fields.items() if one.note}
    for step in drawn:
        own = step.name not in notes or annex.fields[step.name].asked_with
        if step.name != SIGNED and (own or answers.at(notes[step.name]) not in NOTHING):
            yield step
    for path in (path for path in annex.sheet.general.values() if path not in annex.fields):
        if at(table.record, path) is None or f"general {path}" in table.seen:
            table.seen.add(f"general {path}")
            yield replace(in_file(table, path, (GENERAL, {})), name=f"general {path}", now=at(table.record, path))
    yield from (replace(step, head=(FOOT, {})) for step in drawn if step.name == SIGNED)


def _asked(table: Table, _: str, one: Field) -> Question:
    """A question as it is printed under its number; what stands around them by its own words."""
    if one.number is None:
        return table.question(f"report.{one.name}")
    return replace(table.questionnaire.of_field(one), hint=screen.said(PRINTED, {"printed": one.number}))


def _put(table: Table, answers: Unfinished, which: str | None, name: str, value: Any) -> tuple[Finding, ...]:
    """Keep one answer, unless it contradicts another or its day cannot be."""
    facts = answers.with_((name,), value)
    found = [one for one in _judged(table, facts, which) if one.where == f"/{name}" and one.severity is Severity.REFUSE]
    if found and not (name == "signed" or value is None):
        return tuple(found)
    answers.keep(facts)
    return ()


def _judged(table: Table, facts: dict[str, Any], which: str | None) -> list[Finding]:
    return list(judged_report(table.here, table.client, facts, which))


def _reviewed(table: Table, answers: Unfinished, going: Walk, which: str | None) -> Outcome | None:
    """What is refused or stays open, and what is to become of it; None while it is still being changed."""
    screen.clear()
    found = _judged(table, answers.facts, which) if answers.facts.get("date") else []
    lacking = [one for one in found if one.code == "monitoring/unanswered"]
    if lacking:
        numbers = [str(one.facts["printed"]) for one in lacking]
        screen.tell(UNANSWERED, {"count": len(lacking), "numbers": numbers}, indent="  - ")
    for finding in found:
        if finding not in lacking:
            screen.write([remark(table.here, finding)], indent="  - ")
    dated = bool(answers.facts.get("date"))
    page = Page((SAVE, {}), dated and not refused(found), stays_open(found))
    given = Input(answers.facts, (), None)
    there = live(duty.written(table.client, _stay(table, which)).get("reports"))
    again = Standing(there).pair([answers.facts])[0] is None  # one that is struck out may be written down once more
    shown = rows(going, found, [] if dated else ["date"])
    act = partial(put_down, table.here, str(table.id), given, which, again=again)
    return choose(table, going, page, act, answers, shown)
