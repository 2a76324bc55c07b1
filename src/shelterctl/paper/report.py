"""The monitoring report of Annex 7: blank, to be taken along, or as it was written down."""

from typing import Any, NamedTuple

from shelterctl.act.discretion import hides
from shelterctl.core.monitoring import UNKNOWN, Question, ReportForm
from shelterctl.core.record import Client, Facts, at, live
from shelterctl.core.typed import as_written
from shelterctl.desk import Desk
from shelterctl.language import Text, shown
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import REPORT, Paper, Request, around, language_of
from shelterctl.press import long_day, sheet

ANSWERS = {"yes": True, "no": False}
NOT_ASKED = "–"
"""What stands under a question that the answer before it made idle."""

LINES = 2
"""So many lines are left to write a text on."""

DATED = ("birth_date",)
"""General data that are a day or a month; a telephone number may look like one and is none."""

NOTES = {"law_enforcement_contact": "law_enforcement_note"}
"""Where more is said to an answer that is only yes or no."""


class Field(NamedTuple):
    """One line of the general data."""

    name: str
    fact: str | None


class Box(NamedTuple):
    """A box to be ticked, and what stands beside it."""

    text: Text
    ticked: bool


class PrintedQuestion(NamedTuple):
    """A question of the report as it is printed: its boxes, and what is written under it."""

    printed: str
    text: Text
    boxes: list[Box]
    fact: str | None
    unknown: bool
    lines: int


def blank(here: Desk, wanted: Request) -> Paper:
    """The form with lines to write on."""
    return _paper(here, wanted, None, {}, SheetFacts())


def filled(here: Desk, her: Client, wanted: Request) -> Paper:
    """Her last report; where there is none yet, the form with her general data, to be taken along."""
    reports = live(her.duties.get("reports"))
    return of(here, her, reports[-1] if reports else {}, wanted)


def of(here: Desk, her: Client, report: Facts, wanted: Request) -> Paper:
    """One of her reports; of none, the form with her general data."""
    return _paper(here, wanted, her, report, SheetFacts(hides=hides(here.shelf) if wanted.bare else None))


def _paper(here: Desk, wanted: Request, her: Client | None, report: Facts, told: SheetFacts) -> Paper:
    form, language = here.shelf.report, wanted.language or language_of(here)
    day = here.today if her else here.day
    words = form.printed.texts
    general = [
        Field(name, _general(form, her, name, path, wanted, told, language)) for name, path in form.general.items()
    ]
    reader = None if wanted.names or her is None else her.facts
    questions = [_question(form, question, report, told, language, reader) for question in form.questions]
    writer = told.name("/social_worker", _named(here, report.get("social_worker"))) if her else None
    date = told.day("/date", report.get("date"))
    of = report.get("id")
    key = here.store.sheet_key.secret if her and not told.left else None
    code = code_of(key, her.id, REPORT, language, of, told.facts) if her else None
    facts = {"words": words, "general": general, "questions": questions, "social_worker": writer, "date": date}
    facts |= around(here.shelf, language, her.id if her else None, code, blank=her is None)
    made = sheet(REPORT, facts, title=shown(words["title"], language), language=language, tint="white", day=day)
    findings = told.of(her.id) if her else ()
    return Paper(
        REPORT, words["title"], language, (made,), findings, told.facts, her.id if her else None, of, code, told.left
    )


def _general(
    form: ReportForm, her: Client | None, name: str, path: str, wanted: Request, told: SheetFacts, language: str
) -> str | None:
    """One of her general data; what tells who she is stays a blank unless names are asked for (X17)."""
    if her is None or (name in form.identifying and not wanted.names):
        return None
    found = at(her.facts, path)
    return told.text(f"/{path.replace('.', '/')}", as_written(found, language) if name in DATED else found)


def _question(
    form: ReportForm, question: Question, report: Facts, told: SheetFacts, language: str, her: Facts | None
) -> PrintedQuestion:
    answer = report.get(question.key)
    words = form.printed.texts
    boxes = [
        Box(
            words[box] if box in ANSWERS else question.codes[box],
            answer is not None and answer == ANSWERS.get(box, box),
        )
        for box in question.boxes
    ]
    lines = LINES if question.kind == "text" else 1
    if any(box.ticked for box in boxes):
        told.facts[f"/{question.key}"] = str(answer)
        return PrintedQuestion(question.printed, question.text, boxes, None, False, lines)
    idle = bool(question.follows) and report.get(str(question.follows)) is False and not boxes
    fact = NOT_ASKED if idle else _written(form, question, report, told, language, her)
    return PrintedQuestion(question.printed, question.text, boxes, fact, answer == UNKNOWN, lines)


def _written(
    form: ReportForm, question: Question, report: Facts, told: SheetFacts, language: str, her: Facts | None
) -> str | None:
    """An answer in words: what has no box of its own is written down (X14, X16).

    *her* is given where the sheet is to be without her names: her own words may have them.
    """
    answer: Any = report.get(question.key)
    if answer is None or answer == UNKNOWN:
        if answer:
            told.facts[f"/{question.key}"] = UNKNOWN
        return None
    if isinstance(answer, bool):
        said = form.printed.texts["yes" if answer else "no"][language]
        note = told.aside(report.get(NOTES.get(question.key, "")))
        return told.answer(f"/{question.key}", f"{said}; {note}" if note else said, her)
    if question.kind == "day":
        day = told.day(f"/{question.key}", answer)
        return long_day(day, language) if day else None
    if answer in question.codes:
        return told.text(f"/{question.key}", question.codes[answer][language])
    return told.answer(f"/{question.key}", answer, her)


def _named(here: Desk, code: str | None) -> str | None:
    """The name of a member of staff, for paper; a code is none, and leaves a blank."""
    return ((here.store.directory.value.get("staff") or {}).get(code) or {}).get("name")
