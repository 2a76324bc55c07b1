"""How far a rule looks beyond its own entry: the same part in her other entries, counts, and days with an offset."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.around import Around, moments, value
from shelterctl.core.days import Span, days_after, months_after, months_in
from shelterctl.core.entry import Entry, folded
from shelterctl.core.field import Possible
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Part, Track

WITHIN = ("entry", "stay", "referral", "client", "store")
"""How far ``within`` may reach: this entry, those of the stay, since her last referral, all of hers, everybody's."""

PER = {"day": "%Y-%m-%d", "month": "%Y-%m"}
"""What ``per`` tells apart, each as a day is written for it."""


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
    within = ruling.asks.get("within", "entry")
    if within == "entry":
        return []
    if within == "store":
        return list(_everywhere(entry, around))
    return narrowed(alike(entry, around), ruling.asks, entry, around)


def narrowed(found: Iterable[Entry], asks: Mapping[str, Any], entry: Entry, around: Around) -> list[Entry]:
    """Those in reach that say the same as this entry at some fields, on the same day or month, in overlapping days."""
    kept = [other for other in found if _within(asks["within"], other, around)] if "within" in asks else [*found]
    for name in several(asks.get("same")):
        mine = folded(value(entry, name, around))
        kept = [other for other in kept if mine is not None and folded(value(other, name, around)) == mine]
    if "per" in asks:
        own = (entry.outer or entry).day
        kept = [other for other in kept if own and _in_one(own, (other.outer or other).day, PER[asks["per"]])]
    if "overlaps" in asks:
        span = value(entry, asks["overlaps"], around)
        kept = [other for other in kept if _overlap(span, value(other, asks["overlaps"], around))]
    return kept


def several(names: Any) -> tuple[str, ...]:
    """One name or a list of them, as a list."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _in_one(own: date, other: date | None, form: str) -> bool:
    return other is not None and other.strftime(form) == own.strftime(form)


def _everywhere(entry: Entry, around: Around) -> Iterator[Entry]:
    """The entries of this track in everybody else's file."""
    track = (entry.outer or entry).of
    if isinstance(track, Track) and around.everyone is not None:
        yield from around.everyone.entries(track, around.client.id if around.client else None)


def _within(within: str, other: Entry, around: Around) -> bool:
    """Whether an entry is of this stay or referral; one that lies in a stay is of that stay, others name theirs."""
    whole = other.outer or other
    if within == "stay":
        if around.stay and isinstance(whole.of, Track) and "stay" in whole.of.home:
            return whole.where.startswith(f"/stays/{around.stay.index}/")
        return bool(whole.written.get("stay") == (around.stay.id if around.stay else None))
    if within == "referral":
        her, on = around.client, whole.day
        since = her.referred_on(around.day) if her else None
        return not her or not since or (on is not None and her.referred_on(on) == since)
    return True


def _overlap(one: Any, other: Any) -> bool:
    return isinstance(one, Span) and isinstance(other, Span) and one.overlaps(other)


def count(wanted: Any, entry: Entry, around: Around) -> Any:
    """A number of a ruling: as it stands, of another name, or what is counted; None where it cannot be told."""
    if not isinstance(wanted, dict):
        return wanted
    (kind, name), *_ = wanted.items()
    if kind == "count":
        return counted(name, around)
    if kind == "of":
        return value(entry, name, around)
    span = whole_stay(around) if name == "stay" else value(entry, name, around)
    if not isinstance(span, Span):
        return None
    return months_of(span, around.day) if kind == "months_of" else (span.last - span.first).days + 1


def months_of(span: Span, day: date) -> int:
    """How many months a period has; of a date that may be partly known, how many have begun since it by that day.

    The earliest day that it may be counts, so that nobody is told to have lived shorter than she may have.
    """
    if not isinstance(span, Possible):
        return months_in(span)
    return months_in(Span(span.first, day)) if span.first <= day else 0


def whole_stay(around: Around) -> Span | None:
    """The days of her stay, where both its ends are known."""
    stay = around.stay
    if stay is None or stay.arrived_on is None or stay.discharged_on is None:
        return None
    return Span(stay.arrived_on, stay.discharged_on)


def counted(name: str, around: Around) -> int | None:
    """How many there are: persons of her file, who would sleep in the house with her, places of the house."""
    her, house = around.client, around.house
    if name == "persons":
        return len(her.children) + 1 if her else None
    if name == "sleeping":
        return house.sleeping + len(her.children) + 1 if house and house.counted and her else None
    return house.capacity if name == "places" and house else None


COUNTS = ("persons", "sleeping", "places")
"""What a rule may count."""


def day_from(wanted: Any, entry: Entry, around: Around, *, last: bool = False) -> date | None:
    """The day of a name or an event with its offset, as the first day that is meant or the *last*.

    A negative offset moves the day that is held against it, and not the one that is named: else a year back from
    29 February were another day. So it is the first day from which so many months lead there, or the last one.
    """
    base, months, days_ = offset(wanted)
    on = _day(moments(entry, base, around))
    if on is None:
        return None
    if months >= 0:
        return days_after(months_after(on, months), days_)
    back = months_after(on, months)
    near = [day for step in range(-3, 4) if _leads((day := days_after(back, step)), -months, on, last=last)]
    return days_after(max(near) if last else min(near), days_) if near else days_after(back, days_)


def _leads(day: date, months: int, to: date, *, last: bool) -> bool:
    there = months_after(day, months)
    return there <= to if last else there >= to


def offset(wanted: Any) -> tuple[str, int, int]:
    """The name of a day, and how many months and days are added to it."""
    if isinstance(wanted, dict):
        return str(wanted["of"]), int(wanted.get("months", 0)), int(wanted.get("days", 0))
    return str(wanted), 0, 0


def _day(found: Any) -> date | None:
    return found.last if isinstance(found, Span) else found if isinstance(found, date) else None
