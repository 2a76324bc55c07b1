"""The monitoring report of Annex 7: blank, to be taken along, or as it was written down."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.discretion import hides
from shelterctl.core.around import CONTRADICTED, Around, asked
from shelterctl.core.days import read_day
from shelterctl.core.duty import owed, written
from shelterctl.core.entry import read_entry
from shelterctl.core.field import UNKNOWN
from shelterctl.core.field import Field as Question
from shelterctl.core.notation import as_written
from shelterctl.core.record import Client, Facts, at, live
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import Text, shown
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import REPORT, Paper, Request, around, language_of
from shelterctl.press import long_day, long_partial, sheet

ANSWERS = {"yes": True, "no": False}
NOT_ASKED = "–"
"""What stands under a question that the answer before it made idle."""

LINES = 2
"""So many lines are left to write a text on."""

DATED = ("birth_date",)
"""General data that are a day or a month; a telephone number may look like one and is none."""


class GeneralLine(NamedTuple):
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
    reports = live(written(her, owed(here.shelf.report, her)).get("reports"))
    return of(here, her, reports[-1] if reports else {}, wanted)


def of(here: Desk, her: Client, report: Facts, wanted: Request) -> Paper:
    """One of her reports; of none, the form with her general data."""
    return _paper(here, wanted, her, report, SheetFacts(hides=hides(here.shelf) if wanted.bare else None))


def _paper(here: Desk, wanted: Request, her: Client | None, report: Facts, told: SheetFacts) -> Paper:
    form, language = here.shelf.report, wanted.language or language_of(here)
    day = here.today if her else here.day
    words = form.sheet.texts
    general = [
        GeneralLine(name, _general(form, her, report, name, path, wanted, told, language))
        for name, path in form.sheet.general.items()
    ]
    reader = None if wanted.names or her is None else her.facts
    questions = [_question(form, one, report, told, language, reader) for one in form.fields.values() if one.number]
    writer = told.name("/social_worker", _named(here, report.get("social_worker"))) if her else None
    on = told.day("/date", report.get("date"))
    number = told.text("/identification_number", her.facts.get("identification_number")) if her else None
    of = report.get("id")
    key = here.store.sheet_key.secret if her and not told.left else None
    code = code_of(key, her.id, REPORT, language, of, told.facts) if her else None
    facts = {"words": words, "general": general, "questions": questions, "social_worker": writer, "date": on}
    facts["client_number"] = number
    signed_on = read_day(report.get("date")) if report.get("signed") is True else None
    marks: dict[str, Any] = {"issued": None if her else day, "signed_on": signed_on, "kept": False}
    facts |= around(here.shelf, language, her.id if her else None, code, **marks)
    made = sheet(REPORT, facts, title=shown(words["title"], language), language=language, tint="white", day=day)
    findings = told.of(her.id) if her else ()
    return Paper(
        REPORT, words["title"], language, (made,), findings, told.facts, her.id if her else None, of, code, told.left
    )


def _general(
    form: Track, her: Client | None, report: Facts, name: str, path: str, wanted: Request, told: SheetFacts,
    language: str,
) -> str | None:  # fmt: skip
    """One of her general data, of the report if it says it itself; what tells who she is stays a blank (X17)."""
    if her is None or (name in form.sheet.names and not wanted.names):
        return None
    found, own = report.get(path), form.fields.get(path)
    if found is None:
        path = own.absent["of"] if own and isinstance(own.absent, Mapping) else path
        found = at(her.facts, path)
    dated = name in DATED and found
    said = told.text(f"/{path.replace('.', '/')}", as_written(found, language) if dated else found)
    return long_partial(str(found), language) if dated and said else said


def _question(
    form: Track, question: Question, report: Facts, told: SheetFacts, language: str, her: Facts | None
) -> PrintedQuestion:
    answer = report.get(question.name)
    words = form.sheet.texts
    asks = question.on_paper or question.text
    boxes = [
        Box(
            words[box] if box in ANSWERS else question.codes[box],
            answer is not None and answer == ANSWERS.get(box, box),
        )
        for box in question.boxes
    ]
    lines = LINES if question.kind == "text" else 1
    if any(box.ticked for box in boxes):
        told.facts[f"/{question.name}"] = str(answer)
        fact = _noted(None, question, report, told, her)
        return PrintedQuestion(str(question.number), asks, boxes, fact, False, lines)
    entry = read_entry(form, report)
    idle = asked(question, entry, Around(day=date.max)) == CONTRADICTED and not boxes
    fact = NOT_ASKED if idle else _written(form, question, report, told, language, her)
    return PrintedQuestion(str(question.number), asks, boxes, fact, answer == UNKNOWN, lines)


def _written(
    form: Track, question: Question, report: Facts, told: SheetFacts, language: str, her: Facts | None
) -> str | None:
    """An answer in words: what has no box of its own is written down (X14, X16).

    *her* is given where the sheet is to be without her names: her own words may have them.
    """
    answer: Any = report.get(question.name)
    if answer is None or answer == UNKNOWN:
        if answer:
            told.facts[f"/{question.name}"] = UNKNOWN
        return None
    if isinstance(answer, bool):
        said = form.sheet.texts["yes" if answer else "no"][language]
        note = told.aside(report.get(question.note or ""))
        return told.answer(f"/{question.name}", f"{said}; {note}" if note else said, her)
    if question.kind == "day":
        day = told.day(f"/{question.name}", answer)
        return _noted(long_day(day, language) if day else None, question, report, told, her)
    if answer in question.codes:
        chosen = told.text(f"/{question.name}", question.codes[answer][language])
        return _noted(chosen, question, report, told, her)
    return _noted(told.answer(f"/{question.name}", answer, her), question, report, told, her)


def _noted(said: str | None, question: Question, report: Facts, told: SheetFacts, her: Facts | None) -> str | None:
    """An answer, and what is said to it besides."""
    note = told.aside(report.get(question.note or ""))
    beside = told.answer(f"/{question.note}", note, her) if note else None
    return "; ".join(each for each in (said, beside) if each) or None


def _named(here: Desk, code: str | None) -> str | None:
    """The name of a member of staff, for paper; a code is none, and leaves a blank."""
    return ((here.store.directory.value.get("staff") or {}).get(code) or {}).get("name")
