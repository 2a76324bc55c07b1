"""The monitoring report of Annex 7: blank, as a form to take along, or filled."""

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
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.paper.facts import NOT_ASKED_SIGN
from shelterctl.paper.preparation import BegunPaper, begin_paper
from shelterctl.paper.request import REPORT_FORM, PaperRequest, PreparedPaper
from shelterctl.session import Session

YES_NO_BOXES = {"yes": True, "no": False}

REPORT_TEXT_LINES = 2
"""The number of lines on which a text is written by hand."""


class GeneralLine(NamedTuple):
    """One line of the general data."""

    name: str
    fact: str | None


class TickBox(NamedTuple):
    """A box to tick, with its text."""

    text: Text
    ticked: bool


class PrintedQuestion(NamedTuple):
    """A question of the report as it is printed: its boxes, the answer under it, and the lines to write on."""

    printed: str
    text: Text
    boxes: list[TickBox]
    fact: str | None
    unknown: bool
    lines: int


def last_report(session: Session, her: Client) -> Facts:
    """Return her last report; empty if there is none yet."""
    reports = live_reports(her, find_unmonitored_stay(session.rulebook.tracks, her))
    return reports[-1] if reports else {}


def print_report(
    session: Session, wanted: PaperRequest, her: Client | None = None, report: Facts | None = None
) -> PreparedPaper:
    """Return one of her reports; without a report the form with her general data, without a client the blank form."""
    report = report or {}
    hides = make_hides(session.rulebook) if wanted.nameless and her else None
    paper = begin_paper(session, wanted, her, entry=report.get("id"), hides=hides)
    printer, filled = ReportPrinter(paper, report, her, wanted.names), paper.filled
    form = session.rulebook.report
    general = [GeneralLine(name, printer.general_fact(name)) for name in form.sheet.general]
    questions = [printer.question(one) for one in form.fields.values() if one.number]
    writer = None
    if her:  # a code without a name leaves a blank
        staff = session.store.directory.value.get("staff") or {}
        writer = filled.fill_name("/social_worker", (staff.get(report.get("social_worker")) or {}).get("name"))
    on = filled.fill_day("/date", report.get("date"))
    facts = {
        "words": form.sheet.texts,
        "general": general,
        "questions": questions,
        "social_worker": writer,
        "date": on,
        "client_number": filled.fill_client_number(her.facts) if her else None,
        "signed_on": on if report.get("signed") is True else None,
        "kept": False,
    }
    grows = {"grows": True}  # a revision of the manual may ask more than fits one page
    return paper.finish(form.sheet.texts["title"], {REPORT_FORM: grows}, facts)


@immutable
class ReportPrinter:
    """The printed answers of one report, or of a form for one; without *her* it is blank.

    Without *names* nothing identifies her (X17), and her own words are searched for her name.
    """

    paper: BegunPaper
    report: Facts
    her: Client | None
    names: bool

    @property
    def form(self) -> Track:
        """The report as it is in the rulebook."""
        return self.paper.session.rulebook.report

    def general_fact(self, name: str) -> str | None:
        """Return one of her general data, from the report if it answers it, else from her file."""
        form, path = self.form, self.form.sheet.general[name]
        if self.her is None or (name in form.sheet.names and not self.names):
            return None
        found, one = self.report.get(path), form.fields.get(path)
        if found is None:
            path = one.absent["of"] if one and isinstance(one.absent, Mapping) else path
            found, one = value_at(self.her.facts, path), self.paper.session.rulebook.places.get(path)
        place, language = f"/{path.replace('.', '/')}", self.paper.language
        value = read_field(one, found) if one and one.kind == "partial" else None
        if value is None:
            return self.paper.filled.fill_text(place, found)
        said = self.paper.filled.fill_text(place, answer_in_words(found, language))
        return answer_in_words(value, language, long_days=True) if said else None

    def question(self, one: Field) -> PrintedQuestion:
        """Return a question with its answer: a ticked box or words; a question that does not apply has a dash."""
        answer, words = self.report.get(one.name), self.form.sheet.texts
        boxes = [
            TickBox(
                words[box] if box in YES_NO_BOXES else one.codes[box],
                answer is not None and answer == YES_NO_BOXES.get(box, box),
            )
            for box in one.boxes
        ]
        if any(box.ticked for box in boxes):
            self.paper.filled.facts[f"/{one.name}"] = str(answer)
            fact = self._with_note(one, None)
        else:
            entry, around = read_entry(self.form, self.report), Context(day=date.max)
            idle = find_name(entry, one.name, around).state(entry, around) == FIELD_CONTRADICTED and not boxes
            fact = NOT_ASKED_SIGN if idle else self._written_answer(one, answer)
        lines = REPORT_TEXT_LINES if one.kind == "text" else 1
        asks, unknown = one.paper_text, answer == UNKNOWN_ANSWER
        return PrintedQuestion(str(one.number), asks, boxes, fact, unknown, lines)

    def _written_answer(self, one: Field, answer: Any) -> str | None:
        """Return an answer in words; answers without a box are written in words (X14, X16)."""
        filled, place, language = self.paper.filled, f"/{one.name}", self.paper.language
        if answer is None or answer == UNKNOWN_ANSWER:
            filled.facts |= {place: UNKNOWN_ANSWER} if answer else {}
            return None
        if isinstance(answer, bool):
            said = self.form.sheet.texts["yes" if answer else "no"][language]
            note = filled.fill_note(self.report.get(one.note or ""))
            return self._own_words(place, f"{said}; {note}" if note else said)
        if one.kind == "day":
            day = filled.fill_day(place, answer)
            return self._with_note(one, answer_in_words(day, language, long_days=True))
        if answer in one.codes:
            return self._with_note(one, filled.fill_text(place, answer_in_words(answer, language, one.codes)))
        return self._with_note(one, self._own_words(place, answer))

    def _with_note(self, one: Field, said: str | None) -> str | None:
        """Return an answer followed by its note."""
        note = self.paper.filled.fill_note(self.report.get(one.note or ""))
        beside = self._own_words(f"/{one.note}", note) if note else None
        return "; ".join(each for each in (said, beside) if each) or None

    def _own_words(self, place: str, written: Any) -> str | None:
        return self.paper.filled.fill_answer(place, written, self.her.facts if self.her and not self.names else None)
