"""A client's entries of one track: for a program as rows, for a person in words, struck ones among them."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.act import discretion
from shelterctl.act.entry import told
from shelterctl.core.entry import read_entry, tells, title_of
from shelterctl.core.notation import as_written
from shelterctl.core.record import Client, Facts, at
from shelterctl.core.sameness import WAS
from shelterctl.core.track import Track
from shelterctl.language import N_, say, shown
from shelterctl.library import Shelf
from shelterctl.view.whole import ENTRY, STRUCK, of_track

COLUMNS = ("entry", "stay", "on", "recorded_at", "recorded_by", "void", "fields", "was")
STAY = N_("Stay that began on {on} ({entry})")
CLOSED = N_("The rest is sealed, and this key may not read it.")
VOID = N_("struck through on {on} by {by}: {reason}")


def rows(shelf: Shelf, her: Client, track: Track, *, names: bool) -> Iterator[dict[str, Any]]:
    """Each entry: its id, the stay that it belongs to, its day, who recorded it, why it is struck, and its fields."""
    for where, stay, facts in _hers(her, track):
        on = read_entry(track, facts).day
        seen = discretion.fields(shelf, where, _seen(track, facts, names=names), names=names)
        fields, was = {name: value for name, value in seen.items() if name != WAS}, seen.get(WAS, [])
        stamp = {name: facts.get(name) for name in ("recorded_at", "recorded_by")} if track.many else {}
        void = (facts.get("void") or {}).get("reason")
        entry = facts.get("id") if track.many else None
        yield {
            "entry": entry,
            "stay": stay,
            "on": on,
            "recorded_at": None,
            "recorded_by": None,
            **stamp,
            "void": void,
            "fields": fields,
            "was": was,
        }


def lines(shelf: Shelf, her: Client, track: Track, language: str, *, names: bool) -> list[str]:
    """The same for a person: each under what it is, its day, and the id by which it can be struck."""
    written: list[str] = []
    several = len({stay for _, stay, _ in _hers(her, track)}) > 1
    for where, stay, facts in _hers(her, track):
        head = _head(shelf, her, track, (where, stay, facts), language, several)
        fields = discretion.fields(shelf, where, _seen(track, facts, names=names), names=names)
        body = of_track(track, fields, shelf, language) + ([say(CLOSED, {}, language)] if "age" in facts else [])
        written += [*([""] if written else []), *head, *(f"  {line}" for line in body)]
    return written


def _head(
    shelf: Shelf, her: Client, track: Track, entry: tuple[str, str | None, Facts], language: str, several: bool
) -> list[str]:
    where, stay, facts = entry
    head = say(ENTRY, told(shelf, where, facts), language) if track.many else shown(title_of(track, facts), language)
    head = head[:1].upper() + head[1:]
    void: Mapping[str, Any] | None = facts.get("void")
    said = [say(STRUCK, {"what": head}, language) if void else head]
    if several and (begun := next((each for each in her.stays if each.id == stay), None)):
        began = begun.arrived_on or begun.day("referral.received_at") or "?"
        said.append("  " + say(STAY, {"on": began, "entry": stay}, language))
    if void:
        reason = shelf.places["void.reason"].codes.get(void["reason"], void["reason"])
        on = as_written(void["on"], language)
        said.append("  " + say(VOID, {"on": on, "by": void["by"], "reason": reason}, language))
    return said


def _own(track: Track, facts: Facts, *, names: bool) -> dict[str, Any]:
    """What an entry says; of what is sealed only markers where nothing that was worded is told."""
    seen = track.fields if names or track.seal is None else track.seal.marker
    return {name: facts[name] for name in seen if name in facts}


def _seen(track: Track, facts: Facts, *, names: bool) -> dict[str, Any]:
    """What an entry says, and what it said before each change, where that may be told."""
    told = names or track.seal is None
    return {**_own(track, facts, names=names), **({WAS: facts[WAS]} if told and WAS in facts else {})}


def _hers(her: Client, track: Track) -> Iterator[tuple[str, str | None, Facts]]:
    """Every entry with the pointer to it and its stay; an empty place is none."""
    homes = [(f"/stays/{stay.index}", stay.id, stay.facts) for stay in her.stays] if track.of_a_stay else []
    for root, stay, home in [*homes, *([("", None, her.facts)] if "client" in track.home else [])]:
        found: Any = at(home, track.at) if track.at else home
        place = f"{root}/{track.at.replace('.', '/')}" if track.at else root
        if isinstance(found, list):
            listed = ((number, one) for number, one in enumerate(found) if not track.tells or tells(track, one))
            yield from ((f"{place}/{number}", stay, one) for number, one in listed)
        elif isinstance(found, Mapping) and _own(track, found, names=True):
            yield place, stay, found
