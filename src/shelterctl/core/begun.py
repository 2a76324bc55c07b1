"""What was begun towards an item that is still open: an entry that stands there by half, or answers that wait.

Whoever comes to the item goes on with that, and does not write a second entry beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.around import Around, is_asked
from shelterctl.core.entry import Entry, answered, field_at, read_entry
from shelterctl.core.finding import Severity
from shelterctl.core.item import Item, given, nothing
from shelterctl.core.judgement import judge_lying
from shelterctl.core.reach import day_from
from shelterctl.core.rule import Broken
from shelterctl.core.ruling import Ruling
from shelterctl.core.sentence import quoted
from shelterctl.core.track import Track
from shelterctl.core.verb import broken, standing
from shelterctl.language import Coded

UNFINISHED = "unfinished"
"""Where a file keeps answers that are not written down yet, by the track, or by the track and the entry's id."""


class Begun(NamedTuple):
    """One entry of a *track* that falls short of an item, with what it *lacks* as a code and as its label in quotes.

    Answers that are not written down yet have no *entry*. *names* are the fields by which it would suffice; it is
    *fixed* where she signed for it, so that what is lacking belongs into an entry of its own. *ends* is said of one
    that stands in the way of an item until those fields are filled in.
    """

    track: Track
    entry: str | None
    on: date | None
    lacks: tuple[Coded, ...]
    names: tuple[str, ...] = ()
    fixed: bool = False
    ends: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """The same for a program."""
        return {"track": self.track.name, "entry": self.entry, "on": self.on, "lacks": self.lacks}


def begun(item: Item, around: Around) -> list[Begun]:
    """What was begun towards an item that is open, each entry once and those of the latest day first."""
    if given(item, around):
        return []
    found: dict[tuple[str, str | None], Begun] = {}
    for rule in item.rules:
        if rule.verb != "stands":
            continue
        track = around.tracks.get(rule.names[0])
        if track is None:
            continue
        for ruling, one in broken(rule, nothing(around), around):
            for each in (*_entries(track, ruling, one, around), *_waiting(track, ruling, around)):
                found.setdefault((track.name, each.entry), each)
    order = {name: number for number, name in enumerate(dict.fromkeys(track for track, _ in found))}
    return sorted(found.values(), key=lambda one: (order[one.track.name], -(one.on or date.max).toordinal()))


def _entries(track: Track, ruling: Ruling, one: Broken, around: Around) -> Iterator[Begun]:
    """Her live entries that would do if they were filled in, or that stand in the way of an item which wants none."""
    if ruling.asks.get("none"):
        where: Mapping[str, Sequence[str]] = ruling.asks.get("where") or {}
        ending = tuple(name for name, wanted in where.items() if [*wanted] == ["absent"])
        for entry in standing(ruling, track.name, nothing(around), around) if ending else ():
            yield Begun(track, entry.written.get("id"), entry.day, tuple(_labels(track, ending)), ending, ends=True)
        return
    for entry in around.entries(track.name):
        if not (short := _short(ruling, entry, around)):
            continue
        names, kinds = tuple(dict.fromkeys((*short, *_own(entry, around)))), _kinds(one, entry)
        lacks = (*kinds, *_labels(track, [name for name in names if not kinds or name != one.facts["key"]]))
        fixed = bool(track.sheet.signed) and not track.sheet.waits_for_hers(entry.values)
        yield Begun(track, entry.written.get("id"), entry.day, lacks, names, fixed)


def _short(ruling: Ruling, entry: Entry, around: Around) -> tuple[str, ...]:
    """The fields by which an entry falls short of what a ruling means; none where it says something else altogether."""
    asks, said = ruling.asks, entry.values
    where: Mapping[str, Sequence[str]] = asks.get("where") or {}
    empty = [name for name, wanted in where.items() if said.get(name) is None and not answered(None, wanted)]
    if any(said.get(name) is not None and not answered(said.get(name), wanted) for name, wanted in where.items()):
        return ()
    first, last = (day_from(asks[end], entry, around) if end in asks else None for end in ("from", "to"))
    on = entry.day
    if on is not None and first is not None and on < first:
        return ()
    if on is None or (last is not None and on > last):
        empty += _day_of(entry)
    if "each" in asks:
        (key, kinds), *_ = asks["each"].items()
        listed = said.get(key)
        if listed is None or (isinstance(listed, tuple) and any(answered(listed, [kind]) for kind in kinds)):
            empty.append(key)
    return tuple(dict.fromkeys(empty))


def _day_of(entry: Entry) -> list[str]:
    named = entry.of.day if isinstance(entry.of, Track) else None
    return [named] if isinstance(named, str) else [*(named or ())][:1]


def _kinds(one: Broken, entry: Entry) -> list[Coded]:
    """The kinds that are lacking, where one entry may have several of them."""
    field = entry.fields.get(str(one.facts.get("key")))
    if field is None or not field.several:
        return []
    return [Coded(kind, quoted(field.codes[kind])) for kind in one.facts.get("lacking", ()) if kind in field.codes]


def _own(entry: Entry, around: Around) -> tuple[str, ...]:
    """The fields at which an entry breaks rules of its own track, but for those that are only to be looked at."""
    found = (one.where for one in judge_lying(entry, around) if one.severity in (Severity.REFUSE, Severity.OPEN))
    inside = (where.removeprefix(entry.where).strip("/").replace("/", ".") for where in found)
    return tuple(dict.fromkeys(name for name in inside if field_at(entry.fields, name)))


def _labels(track: Track, names: Sequence[str]) -> Iterator[Coded]:
    """Fields by name and label; of what is sealed only those that lie outside the seal."""
    for name in dict.fromkeys(names):
        one = field_at(track.fields, name)
        if one and one.text and (track.seal is None or name.partition(".")[0] in track.seal.marker):
            yield Coded(name, quoted(one.text))


def _waiting(track: Track, ruling: Ruling, around: Around) -> Iterator[Begun]:
    """Answers to a new entry of the track that wait; sealed ones cannot be looked into."""
    waits = (around.client.facts.get(UNFINISHED) or {}).get(track.name) if around.client else None
    if waits is None or ruling.asks.get("none"):
        return
    if track.seal is not None:
        yield Begun(track, None, None, ())
        return
    entry = read_entry(track, waits)
    where: Mapping[str, Sequence[str]] = ruling.asks.get("where") or {}
    other = any((said := entry.values.get(name)) is not None and not answered(said, where[name]) for name in where)
    first = day_from(ruling.asks["from"], entry, around) if "from" in ruling.asks else None
    if other or (first is not None and entry.day is not None and entry.day < first):
        return
    empty = (name for name, one in track.fields.items() if one.must and entry.written.get(name) is None)
    names = tuple(dict.fromkeys((*(name for name in empty if is_asked(entry, name, around)), *_own(entry, around))))
    yield Begun(track, None, entry.day, tuple(_labels(track, names)), names)
