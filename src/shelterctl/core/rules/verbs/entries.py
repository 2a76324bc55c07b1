"""The verbs ``once`` and ``stands``: values that no other entry may repeat, and entries that must exist."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Annotated, Any, ClassVar

from shelterctl.core.manual.field import Answers, Field
from shelterctl.core.manual.rule import Bound, BoundWritten, Rule, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Registered
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    gives_answers,
    is_wanted_answer,
    list_entries,
    read_entry,
)
from shelterctl.core.rules.context import Context, find_in_register
from shelterctl.core.rules.names import (
    KIND_UNSUITABLE,
    Name,
    Scope,
    find_field_among,
    find_name,
    find_referenced_entry,
    names_of_fields,
)
from shelterctl.core.rules.verbs.amounts import LIST_MONTHS_ONE_BY_ONE, months_claimed
from shelterctl.core.rules.verbs.days import BoundDay, bind_day, is_earlier
from shelterctl.core.rules.verbs.nearby import read_comparable
from shelterctl.core.rules.verbs.reach import KINDS_WITH_CODE, Reach, ReachingVerb, bind_reach, require_answers_here
from shelterctl.core.rules.verbs.verb import SINGLE_NAME_WANTED, Binding, Check, Way
from shelterctl.core.values.days import Span
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_


@immutable
class Once(ReachingVerb):
    """No other entry in reach may have the same value; two names are the beginning and the end of a time.

    Two times are the same where they are of one day. Only other entries with the answers of *where* count.
    """

    where: Answers = field(default_factory=dict)

    word = "once"
    MOST_NAMES = 2
    WAYS: ClassVar[Mapping[str, Way]] = {
        "": Way(N_("{label}: {value}. Already in another entry: {entry} ({clause})."), "value other_entry"),
        "months": Way(N_("{label}: {months}. Already in another entry: {entry} ({clause})."), "months other_entry"),
        "elsewhere": Way(N_("{label}: another client's file has the same, {whose} ({clause})."), "whose"),
        "number": Way(LIST_MONTHS_ONE_BY_ONE),
    }
    WANTED = ("within",)

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports nothing where no value is written."""
        timed = len(binding.rule.names) > 1
        kinds = ("day", "time") if timed else (*KINDS_WITH_CODE, "day", "time", "span", "months", "som")
        names = binding.bind_names(*kinds)
        reach = replace(bind_reach(self, binding, binding.track), where=self.where)
        if binding.slips is not None:
            require_answers_here(binding, self.where)
            if self.where and self.within == "store":
                binding.add_idle(("where",), "within: store")
        if timed:
            return lambda entry, context: _check_simultaneous(names, reach, entry, context)

        def check(entry: Entry, context: Context) -> Iterator[Violation]:
            whose, name = _find_home(entry, names[0], context)
            mine = read_comparable(name, whose, context)
            if mine is None:
                return
            if self.within == "store":
                yield from _check_other_files(name.text, mine, names[0].text, whose, context)
                return
            related = [(other, read_comparable(name, other, context)) for other in reach.find(whose, context, [name])]
            others = [(other, value) for other, value in related if value is not None]
            if others:
                yield from self._check_others(name.text, mine, others, context)

        return check

    def _check_others(
        self, name: str, mine: Any, others: list[tuple[Entry, Any]], context: Context
    ) -> Iterator[Violation]:
        if isinstance(mine, Span):
            shared = ((other, mine.intersection(value)) for other, value in others if isinstance(value, Span))
            yield from (Violation(name, "", {"value": days, "other_entry": other}) for other, days in shared if days)
        elif isinstance(mine, int):
            yield Violation(name, "number")
        elif isinstance(mine, tuple):
            paid = {
                month: other
                for other, value in others
                for month in months_claimed(other, value, self.overlaps, context)
            }
            if twice := sorted({*paid} & {*mine}):
                yield Violation(name, "months", {"months": twice, "other_entry": paid[twice[0]]})
        else:
            same = (other for other, value in others if value == mine)
            yield from (Violation(name, "", {"other_entry": other}) for other in [*same][:1])

    def reasons(self, rule: Rule) -> Iterator[str]:
        """Yield the possible reasons: in another file, or in another entry as days, months or a number of months."""
        if self.within == "store":
            yield from ["elsewhere"] if len(rule.names) == 1 else []
        else:
            yield from ["", "months", "number"] if len(rule.names) == 1 else [""]


def _check_simultaneous(names: tuple[Name, ...], reach: Reach, entry: Entry, context: Context) -> Iterator[Violation]:
    """Yield a violation where another entry's time, from the first name to the second, overlaps this one's."""
    begin, end = names[:2]
    first, last = begin.read(entry, context), end.read(entry, context)
    if first is None:
        return
    for other in reach.find(entry, context, names):
        begun, ended = begin.read(other, context), end.read(other, context)
        before_its_end = ended is None or is_earlier(first, ended)
        if begun is not None and before_its_end and (last is None or is_earlier(begun, last)):
            yield Violation(begin.text, "", {"other_entry": other})
            return


def _find_home(entry: Entry, name: Name, context: Context) -> tuple[Entry, Name]:
    """Return the entry that holds a name, and its name there; a name of another track is in her entry of that track."""
    first, _, rest = name.text.partition(".")
    last = context.last_entry(first) if rest and first not in entry.fields and first in context.tracks else None
    return (last, find_name(last, rest, context)) if last else (entry, name)


def _check_other_files(name: str, mine: Any, told: str, entry: Entry, context: Context) -> Iterator[Violation]:
    """Yield a violation where another client's file has the value, if all files are available."""
    track, her = entry.whole.definition, context.client.id if context.client else None
    if isinstance(track, Track) and context.all_clients is not None:
        found = next(context.all_clients.ids_with_answer(track, name, mine, her), None)
        if found is not None:
            yield Violation(told, "elsewhere", {"whose": found})


GROUP_WITH_LIFE_WANTED = N_("name a group here that has a first and a last day under life")
REGISTER_NEEDS_FIELD = N_("name the field that leads to the register under {key}")
NAME_INSIDE_SEAL = N_("{name} is sealed; a rule can read only {markers}")

REACHES_OF_ENTRIES = ("stay", "referral", "client", "house")


@immutable
class Stands(ReachingVerb):
    """An entry of a track must exist with these answers (*where*), *from* one day *to* another, or *none* may.

    *each* is a field with the kinds of which one entry each is required. *of* is a field that names the entry, or a
    code of a register: then what is registered under the code must be in force, such as a memorandum; or, for a track
    of the registers, an entry about that code must exist.
    """

    where: Answers = field(default_factory=dict)
    each: Answers = field(default_factory=dict)
    of: str | None = None
    none: bool = False
    from_: Annotated[Bound, BoundWritten] | None = None
    to: Annotated[Bound, BoundWritten] | None = None

    word = "stands"
    MOST_NAMES = 1
    WAYS: ClassVar[Mapping[str, Way]] = {
        "": Way(N_("Not recorded by {day}: {label} ({clause})."), "lacking", unless=("none", "each")),
        "nowhere": Way(N_("{label}: there is no such entry ({clause})."), by="of"),
        "each": Way(N_("Not recorded by {day}: {lacking} ({clause})."), "lacking", by="each"),
        "none": Way(N_("Still open: {label}, entries: {count} ({clause})."), "count on", by="none"),
    }
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {"none": ("each",)}

    @property
    def wants_none(self) -> bool:
        """Whether it requires that no such entry exists."""
        return self.none

    @property
    def wanted_kinds(self) -> Answers:
        """The kinds of which it requires an entry each, by the field that distinguishes them."""
        return self.each

    def sample_more(self, reason: str, name: str) -> Facts:
        """Return the codes that the entry must have."""
        return {key: codes[0] for key, codes in self.where.items()}

    def bind(self, binding: Binding) -> "BoundEntries":
        """Return the search: the track, the answers, the days and the reach of its entries."""
        (text, *_) = binding.rule.names
        whose = binding.bind(("of",), self.of, "party", "entry", alone=True) if self.of else None
        own = binding.scope.fields.get(self.of or "")
        refers = own is not None and own.kind == "entry"
        if binding.slips is not None:
            self._require_entries(binding, text, whose.field if whose else None)
        first, last = bind_day(binding, ("from",), self.from_), bind_day(binding, ("to",), self.to)
        same = tuple(binding.scope.name(each) for each in self.same)
        reach = Reach(self.within, same, binding.scope.name(self.overlaps) if self.overlaps else None)
        return BoundEntries(self, text, whose, refers, first, last, reach)

    def _require_entries(self, binding: Binding, text: str, whose: Field | None) -> None:
        """Add slips where the answers cannot be seen in the entries, or the entries cannot be looked for."""
        tracks, key = binding.scope.tracks, binding.key_of_name(0)
        if whose and whose.kind == "party":
            self._require_group(binding, text, whose)
            return
        if text not in tracks and not (whose and text == self.of):
            binding.require_known(key, text, tracks)
            return
        for each in [each for each in whose.of if each in tracks] if whose else [text]:
            self._require_answers_of(binding, tracks[each])
        if len(self.each) > 1:
            binding.add_slip(("each",), SINGLE_NAME_WANTED)

    def _require_answers_of(self, binding: Binding, track: Track) -> None:
        if track.is_coded:
            binding.add_slip(binding.key_of_name(0), REGISTER_NEEDS_FIELD, key="of")
        scope = Scope(binding.scope.tracks, track.fields, lists=binding.scope.lists)
        there = Binding(binding.rule, scope, binding.slips, track, since=binding.since)
        for key, wanted in (("where", self.where), ("each", self.each)):
            for name in wanted:
                if find_field_among(track.fields, name) is None:
                    binding.require_known((key, name), name, [*names_of_fields(track.fields)])
                elif track.seal and name.partition(".")[0] not in track.seal.marker:
                    binding.add_slip((key, name), NAME_INSIDE_SEAL, name=name, markers=track.seal.marker)
                else:
                    there.bind_answers((key,), {name: wanted[name]})
        if self.within is not None:
            binding.require_known(("within",), self.within, REACHES_OF_ENTRIES)
        bind_reach(self, binding, track)

    def _require_group(self, binding: Binding, text: str, whose: Field) -> None:
        """Add slips where what is registered under the code has no first and last day, unlike a memorandum."""
        key, (first, _, inside) = binding.key_of_name(0), text.partition(".")
        every = binding.scope.every_track
        if text in every and (home := every[text].of_register):
            registers = [one.at for one in every.values() if one.is_coded and home in one.home]
            if {*registers}.isdisjoint(whose.of):
                binding.add_slip(("of",), KIND_UNSUITABLE, name=self.of, kind="party", kinds=f"of: {registers}")
            self._require_answers_of(binding, every[text])
            return
        if first not in binding.scope.tracks:
            binding.require_known(key, text, binding.scope.tracks)
            return
        track = binding.scope.tracks[first]
        found = find_field_among(track.fields, inside)
        if found is None or not found.life:
            binding.add_slip(key, GROUP_WITH_LIFE_WANTED)
        if track.at not in whose.of:
            binding.add_slip(("of",), KIND_UNSUITABLE, name=self.of, kind="party", kinds=f"of: [{track.at}]")
        for name in ("where", "each", "from", "to", "within", "same", "overlaps"):
            if name in self.facts:
                binding.add_idle((name,), "of")


@immutable
class BoundEntries:
    """The entries of another track that a rule looks for, bound to its names."""

    verb: Stands
    text: str
    whose: Name | None
    refers: bool
    first: BoundDay | None
    last: BoundDay | None
    reach: Reach

    def __call__(self, entry: Entry, context: Context) -> Sequence[Violation]:
        """Return the violations; none where neither her file nor the registers are available."""
        verb = self.verb
        if context.client is None and context.registers is None:
            return ()
        if verb.of and self.refers and find_referenced_entry(entry, verb.of, context) is None:
            named = self.whose is not None and self.whose.read(entry, context) is not None
            return [Violation(verb.of, "nowhere")] if named else ()
        unread = self.of_register(context) is not None and self._read_register(entry, context) is None
        if unread or any(name.read(entry, context) is None for name in self.reach.same):
            return ()  # an entry without a value requires no matching entry; a register that is not read says nothing
        found = self.select(entry, context)
        if verb.none:
            return [Violation(self.text, "none", {"count": len(found), "on": found[-1].day})] if found else ()
        if verb.each:
            return self._check_each_kind(found)
        return () if found else [Violation(self.text, facts=self._describe_lacking(entry, context))]

    def select(self, entry: Entry, context: Context) -> list[Entry]:
        """Return the entries that match: with the answers, in reach and within the days.

        The effective entry as of the day is found first; only that entry is checked for being alive and for its
        answers.
        """
        verb = self.verb
        if self.of_register(context):
            her, track = self._read_register(entry, context), context.tracks[self.text]
            return self._filter([*list_entries(track, her.facts, "")], entry, context) if her else []
        if verb.of and not self.refers:
            return self._select_registered(entry, context)
        there = find_referenced_entry(entry, verb.of, context) if verb.of else None
        found = [there] if there else [*context.entries(self.text)]
        return self._filter(found, entry, context) if found else found

    def of_register(self, context: Context) -> str | None:
        """Return the home in whose registers it looks for an entry about another than the client; None elsewhere."""
        return (
            context.tracks[self.text].of_register
            if self.whose and not self.refers and self.text in context.tracks
            else None
        )

    def _read_register(self, entry: Entry, context: Context) -> Registered | None:
        """Return the record of the code that the entry names, as far as this person may read it.

        Where the field takes codes of several registers, a code of another one has no record here, and words have none.
        """
        code, home = self.whose.read(entry, context) if self.whose else None, self.of_register(context)
        read = context.read_register
        if not read or not home or code is None or not self._may_be_registered(str(code), home, context):
            return None
        return read(home, str(code))

    def _may_be_registered(self, code: str, home: str, context: Context) -> bool:
        """Return whether a code can have a record of that home; a field of one register takes codes of no other."""
        field = self.whose.field if self.whose else None
        if field is None or len(field.of) == 1:
            return True
        registers = [one.at for one in context.tracks.values() if one.is_coded and home in one.home]
        return any(find_in_register(context, register, code) is not None for register in registers)

    def read_days(self, entry: Entry, context: Context) -> tuple[date | None, date | None]:
        """Return the first and last day that an entry may have; None for a bound that is missing or unknown."""
        first = self.first.read(entry, context) if self.first else None
        return first, self.last.read(entry, context) if self.last else None

    def _filter(self, found: list[Entry], entry: Entry, context: Context) -> list[Entry]:
        """Return the entries that match.

        An entry with a life matches if it is alive on the rule's last day, or else on the day of the context; where its
        end is among the answers, only that answer decides.
        """
        where, track = self.verb.where, context.tracks.get(self.text)
        first, last = self.read_days(entry, context)
        if first:
            found = [one for one in found if (on := one.day) is not None and on >= first]
        if last:
            found = [one for one in found if (on := one.day) is not None and on <= last]
        if track:
            found = effective_entries(track, found)
            life = track.life if track.life and not {*track.life[1:]} & where.keys() else ()
            found = [one for one in found if not life or is_alive(one, life, last or context.day)]
        return self.reach.select([one for one in found if gives_answers(where, one.values)], entry, context)

    def _select_registered(self, entry: Entry, context: Context) -> list[Entry]:
        """Return the registered entry of a code if it is in force on the day, such as the memorandum of an NGO."""
        register, _, inside = self.text.partition(".")
        track = context.tracks[register]
        code = self.whose.read(entry, context) if self.whose else None
        registered = read_entry(track, find_in_register(context, track.at, code) or {})
        life = [f"{inside}.{day}" for day in track.fields[inside].life]
        return [registered] if is_alive(registered, life, context.day) else []

    def _check_each_kind(self, found: Sequence[Entry]) -> Sequence[Violation]:
        """Return a violation for the kinds of which there is no entry."""
        (key, kinds), *_ = self.verb.each.items()
        said = [one.values.get(key) for one in found]
        lacking = [kind for kind in kinds if not any(is_wanted_answer(each, [kind]) for each in said)]
        return [Violation(self.text, "each", {"lacking": lacking, "key": key})] if lacking else ()

    def _describe_lacking(self, entry: Entry, context: Context) -> Facts:
        """Return the facts of a missing entry: its track, its answers, and its last day."""
        where = self.verb.where
        bound = self.last.read(entry, context) if self.last else None
        facts: dict[str, Any] = {**{key: codes[0] for key, codes in where.items()}, "lacking": [self.text]}
        return {**facts, "where": where, **({"day": bound} if bound else {})}


def is_alive(entry: Entry, life: Sequence[str], day: date) -> bool:
    """Return whether an entry is alive on a day: begun by then, and not ended by then."""
    first, *ends = (entry.values.get(name) for name in life)
    return first is not None and first <= day and all(end is None or end > day for end in ends)
