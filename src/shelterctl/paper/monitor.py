"""The monitoring report of Annex 7: blank, to be taken along, or as it was written down."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.redaction import make_hides
from shelterctl.core.manual.answer_words import answer_in_words
from shelterctl.core.manual.field import UNKNOWN_ANSWER, Field, read_field
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.monitoring import find_unmonitored_stay, live_reports
from shelterctl.core.rules.names import FIELD_CONTRADICTED, find_name
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.language import Text, format_fact
from shelterctl.paper.code import make_filled_sheet_code
from shelterctl.paper.facts import NOT_ASKED_SIGN, SheetFacts
from shelterctl.paper.request import REPORT_FORM, PaperRequest, PreparedPaper, choose_paper_language, common_facts
from shelterctl.press.sheet import make_sheet
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session

YES_NO_BOXES = {"yes": True, "no": False}

REPORT_TEXT_LINES = 2
"""So many lines are left to write a text on."""


class GeneralLine(NamedTuple):
    """One line of the general data."""

    name: str
    fact: str | None


class TickBox(NamedTuple):
    """A box to be ticked, and what stands beside it."""

    text: Text
    ticked: bool


class PrintedQuestion(NamedTuple):
    """A question of the report as it is printed: its boxes, and what is written under it."""

    printed: str
    text: Text
    boxes: list[TickBox]
    fact: str | None
    unknown: bool
    lines: int


def blank_report(session: Session, wanted: PaperRequest) -> PreparedPaper:
    """The form with lines to write on."""
    return _report_paper(session, wanted, None, {}, SheetFacts())


def last_report_paper(session: Session, her: Client, wanted: PaperRequest) -> PreparedPaper:
    """Her last report; where there is none yet, the form with her general data, to be taken along."""
    reports = live_reports(her, find_unmonitored_stay(session.rulebook.tracks, her))
    return make_report_paper(session, her, reports[-1] if reports else {}, wanted)


def make_report_paper(session: Session, her: Client, report: Facts, wanted: PaperRequest) -> PreparedPaper:
    """One of her reports; of none, the form with her general data."""
    return _report_paper(
        session, wanted, her, report, SheetFacts(hides=make_hides(session.rulebook) if wanted.nameless else None)
    )


def _report_paper(
    session: Session, wanted: PaperRequest, her: Client | None, report: Facts, filled: SheetFacts
) -> PreparedPaper:
    form, language = session.rulebook.report, wanted.language or choose_paper_language(session)
    day = session.today if her else session.computer_day
    words = form.sheet.texts
    general = [
        GeneralLine(name, _general_fact(session.rulebook, form, her, report, name, path, wanted, filled, language))
        for name, path in form.sheet.general.items()
    ]
    reader = None if wanted.names or her is None else her.facts
    questions = [
        _printed_question(form, one, report, filled, language, reader) for one in form.fields.values() if one.number
    ]
    writer = None
    if her:  # a code is no name, and leaves a blank
        staff = session.store.directory.value.get("staff") or {}
        writer = filled.fill_name("/social_worker", (staff.get(report.get("social_worker")) or {}).get("name"))
    on = filled.fill_day("/date", report.get("date"))
    number = filled.fill_client_number(her.facts) if her else None
    record, entry = her.id if her else None, report.get("id")
    code = make_filled_sheet_code(session, filled, record, REPORT_FORM, language, entry)
    facts = {"words": words, "general": general, "questions": questions, "social_worker": writer, "date": on}
    facts["client_number"] = number
    signed_on = read_day(report.get("date")) if report.get("signed") is True else None
    marks: dict[str, Any] = {"issued": None if her else day, "signed_on": signed_on, "kept": False}
    facts |= common_facts(session.rulebook, language, record, code, **marks)
    made = make_sheet(
        REPORT_FORM,
        facts,
        title=format_fact(words["title"], language),
        language=language,
        tint="white",
        day=day,
        grows=True,  # a revision may ask more than has room on one page
    )
    findings = filled.findings_about(her.id) if her else ()
    title = words["title"]
    return PreparedPaper(
        REPORT_FORM, title, language, (made,), findings, filled.facts, record, entry, code, filled.left_blank
    )


def _general_fact(
    rulebook: Rulebook, form: Track, her: Client | None, report: Facts, name: str, path: str, wanted: PaperRequest,
    filled: SheetFacts, language: str,
) -> str | None:  # fmt: skip
    """One of her general data, of the report if it says it itself; what tells who she is stays a blank (X17)."""
    if her is None or (name in form.sheet.names and not wanted.names):
        return None
    found, one = report.get(path), form.fields.get(path)
    if found is None:
        path = one.absent["of"] if one and isinstance(one.absent, Mapping) else path
        found, one = value_at(her.facts, path), rulebook.places.get(path)
    place, value = f"/{path.replace('.', '/')}", read_field(one, found) if one and one.kind == "partial" else None
    if value is None:
        return filled.fill_text(place, found)
    said = filled.fill_text(place, answer_in_words(found, language))
    return answer_in_words(value, language, long_days=True) if said else None


def _printed_question(
    form: Track, question: Field, report: Facts, filled: SheetFacts, language: str, her: Facts | None
) -> PrintedQuestion:
    answer = report.get(question.name)
    words = form.sheet.texts
    asks = question.on_paper or question.text
    boxes = [
        TickBox(
            words[box] if box in YES_NO_BOXES else question.codes[box],
            answer is not None and answer == YES_NO_BOXES.get(box, box),
        )
        for box in question.boxes
    ]
    lines = REPORT_TEXT_LINES if question.kind == "text" else 1
    if any(box.ticked for box in boxes):
        filled.facts[f"/{question.name}"] = str(answer)
        fact = _answer_with_note(None, question, report, filled, her)
        return PrintedQuestion(str(question.number), asks, boxes, fact, False, lines)
    entry = read_entry(form, report)
    around = Context(day=date.max)
    idle = find_name(entry, question.name, around).state(entry, around) == FIELD_CONTRADICTED and not boxes
    fact = NOT_ASKED_SIGN if idle else _written_answer(form, question, report, filled, language, her)
    return PrintedQuestion(str(question.number), asks, boxes, fact, answer == UNKNOWN_ANSWER, lines)


def _written_answer(
    form: Track, question: Field, report: Facts, filled: SheetFacts, language: str, her: Facts | None
) -> str | None:
    """An answer in words: what has no box of its own is written down (X14, X16).

    *her* is given where the sheet is to be without her names: her own words may have them.
    """
    answer: Any = report.get(question.name)
    if answer is None or answer == UNKNOWN_ANSWER:
        if answer:
            filled.facts[f"/{question.name}"] = UNKNOWN_ANSWER
        return None
    if isinstance(answer, bool):
        said = form.sheet.texts["yes" if answer else "no"][language]
        note = filled.fill_note(report.get(question.note or ""))
        return filled.fill_answer(f"/{question.name}", f"{said}; {note}" if note else said, her)
    if question.kind == "day":
        day = filled.fill_day(f"/{question.name}", answer)
        said = answer_in_words(day, language, long_days=True)
        return _answer_with_note(said, question, report, filled, her)
    if answer in question.codes:
        chosen = filled.fill_text(f"/{question.name}", answer_in_words(answer, language, question.codes))
        return _answer_with_note(chosen, question, report, filled, her)
    return _answer_with_note(filled.fill_answer(f"/{question.name}", answer, her), question, report, filled, her)


def _answer_with_note(
    said: str | None, question: Field, report: Facts, filled: SheetFacts, her: Facts | None
) -> str | None:
    """An answer, and what is said to it besides."""
    note = filled.fill_note(report.get(question.note or ""))
    beside = filled.fill_answer(f"/{question.note}", note, her) if note else None
    return "; ".join(each for each in (said, beside) if each) or None
