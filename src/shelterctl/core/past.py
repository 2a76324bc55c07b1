"""A client's file as it looks back from a later day: without whatever had not happened on the day that is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.days import day_of
from shelterctl.core.entry import Entry, listed, read_entry
from shelterctl.core.record import Client, Facts, at
from shelterctl.core.track import Track


def as_of(client: Client, tracks: Iterable[Track], day: date) -> Client | None:
    """Her file without the entries of a later day; None where nothing had happened to her by then.

    A stay is there from the first of its entries on; one without a day counts from when it was written down.
    """
    dated = [track for track in tracks if track.day and not track.family]
    ours = [track for track in dated if {"stay", "left"} & {*track.home}]
    hers = [track for track in dated if "client" in track.home]
    stays = [
        _without(stay, ours, day)
        for stay in client.facts.get("stays") or ()
        if _begun(stay, ours, day, client.facts.get("recorded_at"))
    ]
    whole = client.facts.get("stays")
    alone = [track for track in ours if "client" in track.home]
    if not stays and not _begun(client.facts, alone, day, None if whole else client.facts.get("recorded_at")):
        return None
    facts = _without(client.facts, hers, day)
    return Client({**facts, "stays": stays} if whole else facts)


def _begun(facts: Facts, tracks: Iterable[Track], day: date, recorded: object) -> bool:
    """Whether the first of its entries is of that day or earlier."""
    found = [dated for track in tracks for dated in _days(track, facts)]
    first = min(found, default=None) or day_of(facts.get("recorded_at") or recorded)
    return first is not None and first <= day


def _days(track: Track, facts: Facts) -> Iterator[date]:
    yield from (found for entry in listed(track, facts, "") if (found := entry.day))


def _without(facts: Facts, tracks: Iterable[Track], day: date) -> dict[str, Any]:
    """The facts without what is of a later day: an entry of a list, or the fields of a track and nothing below them."""
    kept = dict(facts)
    for track in tracks:
        known = [(one.written, _seen(track, one, day)) for one in listed(track, kept, "")]
        if all(seen is written for written, seen in known):
            continue
        then = {id(written): seen for written, seen in known}
        if track.many:
            left: Any = [seen for one in at(kept, track.at) if (seen := then.get(id(one), one)) is not None]
        else:
            ((written, seen),) = known
            left = (
                {name: value for name, value in written.items() if name not in track.fields} if seen is None else seen
            )
        kept = _put(kept, track.at.split("."), left)
    return kept


def _seen(track: Track, entry: Entry, day: date) -> Facts | None:
    """An entry as it stood on a day, without what was done to it later, such as signing; None before its own day."""
    written = entry.written
    for name, one in track.fields.items():
        if one.kind == "group" and "on" in one.fields and name in written:
            written = _not_yet(written, name, day)
    found = entry.day
    if written is not entry.written and found and found > day:
        found = read_entry(track, written).day or found
    return None if found and found > day else written


def _not_yet(written: Facts, name: str, day: date) -> Facts:
    """The entry without a group that is dated after that day, or without those groups of a list that are."""
    said = written[name]
    groups = said if isinstance(said, list) else [said]
    left = [one for one in groups if not ((on := day_of(one.get("on"))) and on > day)]
    if len(left) == len(groups):
        return written
    rest = {key: value for key, value in written.items() if key != name}
    return {**rest, name: left} if left else rest


def _put(facts: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """A copy in which another value stands at a path that is there."""
    first, *rest = path
    return {**facts, first: _put(facts[first], rest, value) if rest else value}
