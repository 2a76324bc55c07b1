"""The entries of a file as a person is shown them: what each is, its day, and who recorded it."""

from collections.abc import Iterator
from typing import Any

from shelterctl.core.days import day_of
from shelterctl.core.record import Facts, at, entries
from shelterctl.core.track import Track
from shelterctl.language import N_, SPOKEN, Text, say
from shelterctl.library import Shelf

SHEET = N_("a printed sheet: {title}, {code}")
TELLING = ("form", "item", "kind")
"""Fields whose code tells what an entry is, in better words than its track has."""

REPORT = N_("a monitoring report")
"""What that is called inside a sentence; its track has the name that stands on paper."""


def live(record: Facts) -> Iterator[tuple[str, Facts]]:
    """Every entry that is not struck through, nor a part of one that is, with the pointer to it."""
    void: list[str] = []
    for where, facts in entries(record):
        if "void" in facts:
            void.append(f"{where}/")
        elif not where.startswith(tuple(void)):
            yield where, facts


def _title(shelf: Shelf, form: str) -> Text:
    """A form of the manual as it is called inside a sentence: paper prints some titles in capitals."""
    annexes = {name: annex.title for name, annex in shelf.annexes.items()}
    known: dict[str, Text] = {name: one.text for name, one in shelf.forms.items()} | annexes
    title = known.get(form, shelf.report.sheet.texts["title"])
    return {language: text.capitalize() if text.isupper() else text for language, text in title.items()}


def told(shelf: Shelf, where: str, facts: Facts) -> dict[str, object]:
    """What an entry is, its day and who recorded it; nothing that someone wrote in words of her own."""
    kind = where.split("/")[-2]
    what: Any = kind
    if kind == "printed":
        sheet = {"title": _title(shelf, facts["form"]), "code": facts["code"]}
        what = {each: say(SHEET, sheet, each) for each in SPOKEN}
    elif track := next((one for one in shelf.tracks.values() if _lies_in(kind, one)), None):
        what = REPORT if track.act == "report" else track.text
        for name in TELLING:
            what = track.fields[name].codes.get(facts[name], what) if name in track.fields else what
    on = facts.get("on") or facts.get("date") or at(facts, "referral.received_at") or facts.get("recorded_at")
    return {"what": what, "on": day_of(on) or "", "by": facts.get("recorded_by", ""), "entry": facts["id"]}


def _lies_in(kind: str, track: Track) -> bool:
    """Whether the entries of a track stand in the list of that name."""
    return track.many and not track.family and track.at.rpartition(".")[2] == kind
