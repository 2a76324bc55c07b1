"""The entries of a file as a person is shown them: what each is, its day, and who recorded it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shelterctl.core.days import day_of
from shelterctl.core.entry import read_entry, title_of
from shelterctl.core.notation import as_written
from shelterctl.core.record import Facts, at, entries
from shelterctl.core.track import Track
from shelterctl.language import N_, SPOKEN, Text, say, shown
from shelterctl.library import Shelf

SHEET = N_("a printed sheet: {title}, {code}")
CORRECTIONS, CORRECTED = "corrections", N_("a corrected day of signing")
OF_A_KIND = N_("{what}: {kind}")
TELLING, KIND = ("form", "item"), "kind"
"""Fields whose code tells what an entry is, in better words than its track has, or beside them."""

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
    own = shelf.tracks[form].title if form in shelf.tracks else shelf.report.sheet.texts["title"]
    title = known.get(form, own)
    return {language: text.capitalize() if text.isupper() else text for language, text in title.items()}


def told(shelf: Shelf, where: str, facts: Facts) -> dict[str, object]:
    """What an entry is, its day and who recorded it; nothing that someone wrote in words of her own."""
    kind = where.split("/")[-2]
    what: Any = CORRECTED if kind == CORRECTIONS else kind
    track = of_entry(shelf, where, facts)
    if kind == "printed":
        sheet = {"title": _title(shelf, facts["form"]), "code": facts["code"]}
        what = {each: say(SHEET, sheet, each) for each in SPOKEN}
    elif track:
        what = REPORT if track.act == "report" else title_of(track, facts)
        for name in TELLING:
            what = track.fields[name].codes.get(facts[name], what) if name in track.fields and name in facts else what
        if track.many and isinstance(code := facts.get(KIND), str) and code in _kinds(track):
            of_a_kind = {"what": what, "kind": _kinds(track)[code]}
            what = {each: say(OF_A_KIND, of_a_kind, each) for each in SPOKEN}
        if by := [name for name in track.apart if facts.get(name) is not None]:
            what = {
                each: say(OF_A_KIND, {"what": what, "kind": _apart(track, by, facts, each)}, each) for each in SPOKEN
            }
    return {"what": what, "on": _day(track, facts) or "", "by": facts.get("recorded_by", ""), "entry": facts["id"]}


def _apart(track: Track, names: Sequence[str], facts: Facts, language: str) -> str:
    """The answers that distinguish entries of one track, joined by commas: codes in words, and days."""
    coded = (track.fields[name].codes.get(str(facts[name])) or facts[name] for name in names)
    return ", ".join(
        shown(one, language) if isinstance(one, Mapping) else str(as_written(one, language)) for one in coded
    )


def _kinds(track: Track) -> Mapping[str, Text]:
    return track.fields[KIND].codes if KIND in track.fields else {}


def _day(track: Track | None, facts: Facts) -> date | None:
    """The day of an entry by its track, else whatever day it has, else the one on which it was recorded."""
    own = read_entry(track, facts).day if track else None
    on = facts.get("on") or facts.get("date") or at(facts, "referral.received_at") or facts.get("recorded_at")
    return own or day_of(on)


def of_entry(shelf: Shelf, where: str, facts: Facts) -> Track | None:
    """The track of one entry: what is sealed says its own, all else where it lies."""
    name = facts.get("track")
    return shelf.tracks[name] if isinstance(name, str) and name in shelf.tracks else of_place(shelf, where)


def of_place(shelf: Shelf, where: str) -> Track | None:
    """The track whose entries stand in the list to which a pointer leads, be it only the end of one."""
    place = ".".join(name for name in where.split("/")[:-1] if name and not name.isdigit())
    lying = (track for track in shelf.tracks.values() if track.many and not (track.family or track.seal) and track.at)
    fitting = [track for track in lying if place == track.at or place.endswith(f".{track.at}")]
    return max(fitting, key=lambda track: len(track.at), default=None)
