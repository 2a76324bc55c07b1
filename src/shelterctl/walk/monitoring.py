"""The walk-through of a monitoring report: the questions of Annex 7 as they are printed, then the signature."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.input import Input
from shelterctl.act.reported import REPORT, judged_report, put_down
from shelterctl.core.entry import ASKED, Around, asked, read_entry
from shelterctl.core.finding import Finding, Outcome, Severity, refused
from shelterctl.core.record import at
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural
from shelterctl.walk.remark import remark
from shelterctl.walk.sitting import AGAIN, LATER, WHAT_NOW, sit
from shelterctl.walk.step import Step, Walk
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished, overtaken

TITLE = N_("File {id}: monitoring report")
GENERAL = N_("General data that the form asks for and her file lacks")
HEAD = N_("The report")
PRINTED = N_("Question {printed}. The answer may also be: unknown")
FOOT = N_("Signature")
UNANSWERED = Plural(
    N_("Question {numbers} is not answered; to be signed, it must be, or marked unknown."),
    N_("Questions {numbers} are not answered; to be signed, they must be, or marked unknown."),
    "count",
)
SAVE = N_("save the report")
KEPT = N_("The answers are kept; no report is saved. Go on with: shelterctl monitor record {id}")


def walk(here: Desk, id_: str) -> Outcome:
    """Ask for a report at the terminal, show what it says, and save it."""
    table = Table(here, id_)
    early = tuple(one for one in _judged(table, {}) if one.code == "monitoring/not-discharged")
    if early:
        return Outcome(data={"id": table.id}, findings=early)
    answers = Unfinished(table, REPORT, {})
    going = Walk(here, lambda: list(_steps(table, answers)), table.refresh)
    kept = Outcome(data={"id": table.id}, said=((KEPT, {"id": table.id}),))
    review = partial(_reviewed, table, answers, going)
    return sit(going, ((TITLE, {"id": table.id}),), f"monitor record {id_}", kept, review)


def _steps(table: Table, answers: Unfinished) -> Iterator[Step]:
    annex = table.here.shelf.report

    def kept(name: str, question: Any, head: Any, offer: str = "") -> Step:
        return Step(
            name, question, answers.at(name), lambda value: _put(table, answers, name, value), (head, {}), offer=offer
        )

    today = screen.shown(table.here.today)
    yield kept("date", table.question("report.date"), HEAD, today)
    yield kept("social_worker", table.question("report.social_worker"), HEAD)
    entry, around = read_entry(annex, answers.facts), Around(day=table.here.today, client=table.client)
    for printed in annex.fields.values():
        if not printed.number or asked(printed, entry, around) != ASKED:
            continue
        question = table.questionnaire.of_report(printed)
        hint = screen.said(PRINTED, {"printed": printed.number})
        yield kept(printed.name, replace(question, hint=hint), HEAD)
        if printed.note and answers.at(printed.name) is True:
            yield kept(printed.note, table.question(f"report.{printed.note}"), HEAD)
    for path in annex.sheet.general.values():
        if at(table.record, path) is None or f"general {path}" in table.seen:
            table.seen.add(f"general {path}")
            yield Step(
                f"general {path}",
                table.question(path),
                at(table.record, path),
                partial(table.put, path),
                (GENERAL, {}),
            )
    yield kept("signed", table.question("report.signed"), FOOT)


def _put(table: Table, answers: Unfinished, name: str, value: Any) -> tuple[Finding, ...]:
    """Keep one answer, unless it contradicts another or its day cannot be."""
    facts = answers.with_((name,), value)
    found = [one for one in _judged(table, facts) if one.where == f"/{name}" and one.severity is Severity.REFUSE]
    if found and not (name == "signed" or value is None):
        return tuple(found)
    answers.keep(facts)
    return ()


def _judged(table: Table, facts: dict[str, Any]) -> list[Finding]:
    return list(judged_report(table.here, table.client, facts))


def _reviewed(table: Table, answers: Unfinished, going: Walk) -> Outcome | None:
    """What is refused or stays open, and what is to become of it; None while it is still being changed."""
    screen.clear()
    found = _judged(table, answers.facts) if answers.facts.get("date") else []
    lacking = [one for one in found if one.code == "monitoring/unanswered"]
    if lacking:
        numbers = [str(one.facts["printed"]) for one in lacking]
        screen.tell(UNANSWERED, {"count": len(lacking), "numbers": numbers}, indent="  - ")
    for finding in found:
        if finding not in lacking:
            screen.write([remark(table.here, finding)], indent="  - ")
    options = [SAVE] if answers.facts.get("date") and not refused(found) else []
    options += [AGAIN, LATER]
    chosen = ask.choice(WHAT_NOW, [(option, {}) for option in options])
    what = LATER if chosen is None else options[chosen]
    if what == SAVE and overtaken(table):
        return None
    if what == SAVE:
        saved = put_down(table.here, str(table.id), Input(answers.facts, (), None))
        return saved if refused(saved.findings) else replace(saved, findings=())  # what is open was on the screen
    if what == AGAIN:
        screen.clear()
        going.part(lambda step: True)
        return None
    return Outcome()
