"""How far a rule looks beyond its own entry: the same part in her other entries, counts, and days with an offset."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from shelterctl.core.days import Span, day_of, months_after, months_in
from shelterctl.core.entry import Around, Entry, days, moments, value, whole_stay
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Part

WITHIN = ("entry", "stay", "referral", "client", "store")
"""How far ``within`` may reach: this entry, those of the stay, since her last referral, all of hers, everybody's."""


def alike(entry: Entry, around: Around) -> Iterator[Entry]:
    """The same part of her other entries of this track; of a whole entry, the others themselves."""
    track = (entry.outer or entry).of
    for other in around.others:
        if other.of is not track:
            continue
        if isinstance(entry.of, Part):
            yield from (part for part in other.parts if part.of is entry.of)
        else:
            yield other


def reached(ruling: Ruling, entry: Entry, around: Around) -> list[Entry]:
    """Whatever a ruling counts together with an entry: within its reach, on the same thing, in overlapping days."""
    asks, within = ruling.asks, ruling.asks.get("within", "entry")
    if within == "entry":
        return []
    if within == "store":
        return list(_everywhere(entry, around))
    found = [other for other in alike(entry, around) if _within(within, other, around)]
    if "same" in asks:
        mine = _folded(value(entry, asks["same"], around))
        found = [other for other in found if mine is not None and _folded(value(other, asks["same"], around)) == mine]
    if "overlaps" in asks:
        span = value(entry, asks["overlaps"], around)
        found = [other for other in found if _overlap(span, value(other, asks["overlaps"], around))]
    return found


def _everywhere(entry: Entry, around: Around) -> Iterator[Entry]:
    """The entries of this track in everybody else's file."""
    track = (entry.outer or entry).of
    if isinstance(track, Part) or around.everyone is None:
        return
    for client in around.everyone():
        if around.client is None or client.id != around.client.id:
            yield from replace(around, client=client, stay=None).entries(track.name)


def _within(within: str, other: Entry, around: Around) -> bool:
    whole = other.outer or other
    if within == "stay":
        return bool(whole.written.get("stay") == (around.stay.id if around.stay else None))
    if within == "referral":
        her, on = around.client, days(whole)
        since = her.referred_on(around.day) if her else None
        return not her or not since or (on is not None and her.referred_on(on) == since)
    return True


def _folded(said: Any) -> str | None:
    return said.strip().casefold() if isinstance(said, str) else None


def _overlap(one: Any, other: Any) -> bool:
    return isinstance(one, Span) and isinstance(other, Span) and one.overlaps(other)


def count(wanted: Any, entry: Entry, around: Around) -> Any:
    """A number of a ruling: as it stands, or what is counted; None where it cannot be told."""
    if not isinstance(wanted, Mapping):
        return wanted
    (kind, name), *_ = wanted.items()
    if kind == "count":
        return counted(name, around)
    span = whole_stay(around) if name == "stay" else value(entry, name, around)
    if not isinstance(span, Span):
        return None
    return months_in(span) if kind == "months_of" else (span.last - span.first).days + 1


def counted(name: str, around: Around) -> int | None:
    """How many there are: persons of her file, who would sleep in the house with her, places of the house."""
    her, house = around.client, around.house
    if name == "persons":
        return len(her.children) + 1 if her else None
    if name == "sleeping":
        return house.sleeping + len(her.children) + 1 if house and her else None
    return house.capacity if name == "places" and house else None


COUNTS = ("persons", "sleeping", "places")
"""What a rule may count."""


def day_from(wanted: Any, entry: Entry, around: Around) -> date | None:
    """The day of a name or an event, with its offset in calendar months or days."""
    base, months, days_ = offset(wanted)
    on = _day(moments(entry, base, around))
    if on is None:
        return None
    return months_after(on, months) + timedelta(days=days_) if months >= 0 else on


def offset(wanted: Any) -> tuple[str, int, int]:
    """The name of a day, and how many months and days are added to it."""
    if isinstance(wanted, Mapping):
        return str(wanted["of"]), int(wanted.get("months", 0)), int(wanted.get("days", 0))
    return str(wanted), 0, 0


def too_early(on: date, wanted: Any, entry: Entry, around: Around) -> date | None:
    """The day before which *on* lies; a negative offset moves *on* and not the other, as a year back is counted."""
    _, months, _ = offset(wanted)
    bound = day_from(wanted, entry, around)
    if bound is None or months_after(on, max(-months, 0)) >= bound:
        return None
    return bound


def _day(found: Any) -> date | None:
    return found.last if isinstance(found, Span) else day_of(found.isoformat()) if isinstance(found, date) else None
