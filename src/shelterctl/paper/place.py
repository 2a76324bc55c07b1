"""What a place on a sheet is called by a person; programs read it as a pointer."""

from dataclasses import replace

from shelterctl.core.entry import field_at
from shelterctl.core.finding import Finding
from shelterctl.core.track import Track
from shelterctl.language import N_, SPOKEN, Coded, Sentence, say
from shelterctl.library import Shelf
from shelterctl.paper.request import REPORT, sheet_of

AMOUNT = N_("amount")
LINE = N_("line {number}, {key}")
ANSWER = N_("answer {number}")
ENTRY = N_("paragraph {number}")
IN_ENTRY = N_("{name} of entry {entry}")
PART = ("parts", "number")
"""What stands before the key of a part, in the place of one."""

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
    if track := sheet_of(shelf, form):
        return _on_sheet(shelf, track, place)
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


def _on_sheet(shelf: Shelf, track: Track, place: str) -> Coded:
    """A place on a sheet without a form of its own; on one of many entries its first word is the id of an entry."""
    names = [name for name in place.strip("/").split("/") if name and not name.isdigit()]
    ids = [name for name in names[:1] if name not in track.fields and name.isupper()]
    path = ".".join(names[len(ids) :])
    part = track.parts.get(names[1]) if len(names) > len(PART) and names[0] in track.fields else None
    if part and (key := field_at(part.fields, ".".join(names[2:]))):
        return _said(place, LINE, number=part.number, key=key.text)
    found = field_at(track.fields, path) or field_at(track.fields, path.rpartition(".")[0]) or shelf.places.get(path)
    text = found.text if found and found.text else {"en": path}
    return _said(place, IN_ENTRY, name=text, entry=ids[0]) if ids else Coded(place, text)


def _key(shelf: Shelf, form: str, number: str, name: str) -> Sentence:
    """A key of a line; what the manual has no longer is called as it stands."""
    line = shelf.form(form).parts.get(number)
    key = line.fields.get(name) if line else None
    return AMOUNT if name == "amount" else key.text if key else name


def _said(place: str, sentence: Sentence, **facts: object) -> Coded:
    return Coded(place, {language: say(sentence, facts, language) for language in SPOKEN})
