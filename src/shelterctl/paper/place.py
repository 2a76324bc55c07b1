"""What a place on a sheet is called by a person; programs read it as a pointer."""

from dataclasses import replace

from shelterctl.core.finding import Finding
from shelterctl.language import N_, SPOKEN, Coded, Sentence, say
from shelterctl.library import Shelf
from shelterctl.paper.request import REPORT

AMOUNT = N_("amount")
LINE = N_("line {number}, {key}")
ANSWER = N_("answer {number}")
ENTRY = N_("paragraph {number}")
OTHERS = {
    "/total": N_("the total"),
    "/name": N_("the name of the member of staff"),
    "/not_for_signature": N_("the mark that it is not for signature"),
}
"""Places that stand in no record under the same name."""


def worded(shelf: Shelf, form: str, finding: Finding) -> Finding:
    """The finding, its place in words for people."""
    if "place" not in finding.facts:
        return finding
    return replace(finding, facts={**finding.facts, "place": called(shelf, form, str(finding.facts["place"]))})


def called(shelf: Shelf, form: str, place: str) -> Coded:
    """A place on a sheet of that form, with what a person calls it."""
    first, *rest = place.removeprefix("/").split("/")
    if place in OTHERS:
        return _said(place, OTHERS[place])
    if first == "lines":
        return _said(place, LINE, number=rest[0], key=_key(shelf, form, *rest))
    if first == "entries":
        return _said(place, ENTRY, number=rest[0])
    answers = {name: one.number for name, one in shelf.report.fields.items() if one.number} if form == REPORT else {}
    if first in answers:
        return _said(place, ANSWER, number=answers[first])
    path, part = ".".join((first, *rest)), "report" if form == REPORT else "agreement"
    found = shelf.places.get(f"{part}.{path}") or shelf.places.get(path)
    return Coded(place, found.text if found else {"en": place})


def _key(shelf: Shelf, form: str, number: str, name: str) -> Sentence:
    """A key of a line; what the manual has no longer is called as it stands."""
    line = shelf.form(form).parts.get(number)
    key = line.fields.get(name) if line else None
    return AMOUNT if name == "amount" else key.text if key else name


def _said(place: str, sentence: Sentence, **facts: object) -> Coded:
    return Coded(place, {language: say(sentence, facts, language) for language in SPOKEN})
