"""The verb ``covers``: the entries of a register together leave no gap in time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, NamedTuple

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import Closed
from shelterctl.core.manual.rule import Bound, BoundWritten, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Registered
from shelterctl.core.record.entries import Entry, gives_answers
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name
from shelterctl.core.rules.verbs.days import BoundDay, bind_day
from shelterctl.core.rules.verbs.reach import NOTHING_FOUND_IN_TRACK, require_answers_here
from shelterctl.core.rules.verbs.verb import Binding, RuleVerb, Way
from shelterctl.core.values.days import add_days
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.moments import first_moment, last_moment
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

TWO_NAMES_WANTED = N_("name two fields here: the beginning and the end of a time")

ENDS = ("today", "now")
"""The values of ``to``: the beginning of today, because today can still be filled, or this moment."""


EntryKey = tuple[Any, str]
"""The id of an entry and its place, which tell it from every other one."""


class Stretch(NamedTuple):
    """The time that one entry covers; an entry whose end is not known covers until the next one begins."""

    begin: datetime
    end: datetime | None
    entry: Any


class Gap(NamedTuple):
    """A time that nothing covers, and the entry that ends it, or after which nothing follows (*is_last*)."""

    begin: datetime
    end: datetime
    entry: Any
    is_last: bool


def find_uncovered_time(stretches: Iterable[Stretch], begin: datetime | None, end: datetime) -> Iterator[Gap]:
    """Yield the gaps between *begin* and *end*, earliest first; without *begin* they are counted from the first stretch
    on.
    """
    reached, last = begin, None
    for one in sorted(stretches, key=lambda one: (one.begin, one.end is None)):
        if reached is not None and reached < min(one.begin, end) and not (last and last.end is None):
            yield Gap(reached, min(one.begin, end), one.entry, is_last=False)
        ends = one.begin if one.end is None else max(one.begin, one.end)
        reached, last = max(reached or ends, ends), one
    if last is not None and last.end is not None and reached is not None and reached < end:
        yield Gap(reached, end, last.entry, is_last=True)


@immutable
class Covers(RuleVerb):
    """The entries of a home leave no gap between two fields, the beginning and the end of a time.

    Only entries with the answers of *where* count. Gaps are looked for *from* a day on, up *to* today or now. A gap is
    reported at the entry that ends it, and the last one at the last entry.
    """

    within: Annotated[str, Closed(("house",))] | None = None
    where: Answers = field(default_factory=dict)
    from_: Annotated[Bound, BoundWritten] | None = None
    to: Annotated[str, Closed(ENDS)] | None = None

    word = "covers"
    MOST_NAMES = 2
    WAYS: ClassVar[Mapping[str, Way]] = {
        "": Way(N_("{label}. Nothing recorded from {first} to {last} ({clause})."), "first last where"),
        "after": Way(N_("{label}. Nothing recorded since {first}, up to {last} ({clause})."), "first last where"),
    }
    WANTED = ("within",)

    @property
    def reach(self) -> str | None:
        """The reach of the rule beyond its entry: all entries of the home."""
        return self.within

    def bind(self, binding: Binding) -> "BoundCover":
        """Return the check, which looks for the gaps once for all entries of a record."""
        names = binding.bind_names("day", "time", alone=True)
        if binding.slips is not None:
            self._require_fields(binding)
        first = bind_day(binding, ("from",), self.from_)
        return BoundCover(self, names, first)

    def _require_fields(self, binding: Binding) -> None:
        track = binding.track
        if len(binding.rule.names) != self.MOST_NAMES:
            binding.add_slip(binding.key_of_name(0), TWO_NAMES_WANTED)
        if track is not None and not track.of_register:
            key = "home: house"
            binding.add_slip(("within",), NOTHING_FOUND_IN_TRACK, word="house", track=track.name, key=key)
        require_answers_here(binding, self.where)


@immutable
class BoundCover:
    """A cover bound to its names: its *begin* and *end* are fields of each entry, *first* is the day from which on."""

    verb: Covers
    names: Sequence[Name]
    first: BoundDay | None

    def __call__(self, entry: Entry, context: Context) -> Iterator[Violation]:
        """Yield a violation for the gap that an entry ends, and for the one after the last entry."""
        if not gives_answers(self.verb.where, entry.values):
            return
        for gap in self._find_gaps(entry, context):
            facts = {**self._describe_span(gap, context), "where": self.verb.where}
            yield Violation(self.names[0].text, "after" if gap.is_last else "", facts)

    def _find_gaps(self, entry: Entry, context: Context) -> Sequence[Gap]:
        """Return the gaps that are reported at an entry; those of a whole record are found once."""
        track, whose, others = entry.definition, context.client, context.other_entries
        stored = isinstance(track, Track) and others is context.client_entries(track.name)
        own = _key_of(entry)
        if whose is None or not stored or not own[0]:
            return self._gaps_with(entry, context).get(own, ())
        key, around = f"gaps {id(self)}", (context.tracks, context.today, context.now)
        known: tuple[Any, ...] | None = whose.cache.get(key)
        if known is None or known[:3] != around:
            listed = frozenset(map(_key_of, others))
            known = whose.cache[key] = (*around, listed, _gaps_by_entry(self._list_gaps(others, entry, context)))
        gaps: Mapping[EntryKey, Sequence[Gap]]
        *_, listed, gaps = known
        return gaps.get(own, ()) if own in listed else self._gaps_with(entry, context).get(own, ())

    def _gaps_with(self, entry: Entry, context: Context) -> Mapping[EntryKey, Sequence[Gap]]:
        """Return the gaps of a record in which this entry stands in place of the one with its id."""
        others = (one for one in context.other_entries if _key_of(one) != _key_of(entry))
        return _gaps_by_entry(self._list_gaps([*others, entry], entry, context))

    def _list_gaps(self, entries: Sequence[Entry], entry: Entry, context: Context) -> Iterator[Gap]:
        """Return all gaps between the entries; none where one of them is sealed and cannot be read."""
        read = (*(name.text for name in self.names), *self.verb.where)
        if any(one.is_sealed and not all(map(one.is_readable, read)) for one in entries):
            return iter(())
        now = context.now if self.verb.to == "now" else None
        end = now or first_moment(context.today or context.day, context.zone)
        stretches = (one for each in entries if (one := self._read_stretch(each, context)))
        return find_uncovered_time(stretches, self._read_begin(entry, context), end)

    def _read_stretch(self, entry: Entry, context: Context) -> Stretch | None:
        """Return the time that an entry covers; None where its beginning is not known or it does not count."""
        if not gives_answers(self.verb.where, entry.values):
            return None
        begin, end = (name.read(entry, context) for name in self.names[:2])
        if not isinstance(begin, date):
            return None
        ends = last_moment(end, context.zone) if isinstance(end, date) else None
        return Stretch(first_moment(begin, context.zone), ends, entry)

    def _read_begin(self, entry: Entry, context: Context) -> datetime | None:
        """Return the moment from which on gaps are looked for; None to begin with the first entry."""
        first = self.first.read(entry, context) if self.first else None
        if isinstance(context.client, Registered) and (held := context.client.held_from):
            first = max(first or held, held)
        return first_moment(first, context.zone) if first else None

    def _describe_span(self, gap: Gap, context: Context) -> Facts:
        """Return the first and last moment of a gap; its days where the fields are days."""
        if all(name.field and name.field.kind == "day" for name in self.names):
            return {"first": gap.begin.date(), "last": add_days(gap.end.date(), -1)}
        zone = context.zone or gap.begin.tzinfo
        return {"first": gap.begin.astimezone(zone), "last": gap.end.astimezone(zone)}


def _key_of(entry: Entry) -> EntryKey:
    return entry.written.get("id"), entry.where


def _gaps_by_entry(gaps: Iterable[Gap]) -> Mapping[EntryKey, Sequence[Gap]]:
    found: dict[EntryKey, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(_key_of(gap.entry), []).append(gap)
    return found
