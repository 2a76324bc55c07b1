"""The other entries that a rule reads together with one entry: how far it looks, and which of them count."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from typing import Annotated

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import Closed, Names
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.record.entries import Entry, fold_value, gives_answers
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name, Scope, find_name, names_of_fields
from shelterctl.core.rules.verbs.nearby import find_nearby
from shelterctl.core.rules.verbs.verb import (
    DAY_KINDS,
    WOULD_OPEN_EVERY_FILE,
    Binding,
    RuleVerb,
)
from shelterctl.core.values.days import Span
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

NOTHING_FOUND_IN_TRACK = N_("{word} finds nothing in the track {track}, which has no {key}")
PART_CANNOT_REACH = N_("a rule of a part cannot read other clients' files")

KINDS_WITH_CODE = ("text", "code", "party", "entry")

REACHES = ("entry", "stay", "referral", "client", "house", "store")
"""The values of ``within``: this entry, its stay, since her last referral, all her entries, all entries of a register's
owner (a house, a member of staff, an NGO, a provider), all clients.
"""

REACHES_IN_REGISTER = ("entry", "house")
"""The values of ``within`` in a track of a register."""


@immutable
class ReachingVerb(RuleVerb):
    """A verb that reads other entries: *within* says how far, *same* names fields with equal values, *overlaps* a
    period.

    Other entries count only if they agree at the fields *same* and their period *overlaps* shares a day with this
    one's.
    """

    within: Annotated[str, Closed(REACHES)] | None = None
    same: Names = ()
    overlaps: str | None = None

    @property
    def reach(self) -> str | None:
        """The reach of the rule beyond its entry: the value of ``within``."""
        return self.within


@immutable
class Reach:
    """The other entries that count together with one by a rule; none without *within*."""

    within: str | None
    same: tuple[Name, ...]
    overlaps: Name | None
    where: Answers = field(default_factory=dict)

    def find(self, entry: Entry, context: Context, near: Sequence[Name] = ()) -> list[Entry]:
        """Return the other entries of the track, or the same part of them, that count together with this one.

        In a register only those are looked at that may share a value or a time with it at the names *near*.
        """
        track, her = entry.whole.definition, context.client.id if context.client else None
        if self.within == "store" and isinstance(track, Track) and context.all_clients is not None:
            return list(context.all_clients.entries(track, her))
        if self.within in (None, "entry", "store"):
            return []
        if self.within == "house" and near:
            context = replace(context, other_entries=find_nearby(near, entry, context))
        return self.select(_find_counterparts(entry, context), entry, context)

    def select(self, found: Iterable[Entry], entry: Entry, context: Context) -> list[Entry]:
        """Return those of the entries that are in reach, agree with this one at *same*, and share a day with it."""
        kept = [*found] if self.within is None else _select_within(self.within, found, context)
        kept = [each for each in kept if gives_answers(self.where, each.values)] if self.where else kept
        for name in self.same:
            mine = fold_value(name.read(entry, context))
            kept = [each for each in kept if mine is not None and fold_value(_read(name, each, context)) == mine]
        if self.overlaps is not None:
            span = self.overlaps.read(entry, context)
            spans = [(other, _read(self.overlaps, other, context)) for other in kept]
            kept = [
                other for other, one in spans if isinstance(span, Span) and isinstance(one, Span) and span.overlaps(one)
            ]
        return kept


def require_answers_here(binding: Binding, where: Answers) -> None:
    """Add a slip for each answer of other entries of the same track that none of them can have."""
    for name in where:
        if binding.track is not None and binding.scope.name(name).field is None:
            binding.add_unknown_word(("where", name), name, names_of_fields(binding.track.fields))
        else:
            binding.bind_answers(("where",), {name: where[name]})


def bind_reach(verb: ReachingVerb, binding: Binding, track: Track | None) -> Reach:
    """Return how far a verb looks among the entries of a *track*, and which of them count."""
    whose = track.name if track else ""
    within = verb.within or ("house" if track and track.of_register else "client")
    if track and track.of_register:
        binding.require_known(("within",), within, REACHES_IN_REGISTER)
    elif within == "house":
        binding.add_slip(("within",), NOTHING_FOUND_IN_TRACK, word=within, track=whose, key="home: house")
    if within == "store" and not binding.may_open_files and verb.word != "once":
        binding.add_slip(("within",), WOULD_OPEN_EVERY_FILE)
    if within == "store" and binding.scope.outer is not None:
        binding.add_slip(("within",), PART_CANNOT_REACH)
    in_a_stay = track and ("stay" in track.home or "stay" in track.fields)
    if (within == "stay" and not in_a_stay) or (within == "referral" and not (track and track.day)):
        key = "stay" if within == "stay" else "day"
        binding.add_slip(("within",), NOTHING_FOUND_IN_TRACK, word=within, track=whose, key=key)
    kinds = (*KINDS_WITH_CODE, *DAY_KINDS, "whole", "som", "yes_no")
    same = tuple(_bind_common(binding, "same", n, name, track, *kinds) for n, name in enumerate(verb.same))
    overlaps = _bind_common(binding, "overlaps", None, verb.overlaps, track, "span") if verb.overlaps else None
    for key in ("same", "overlaps") if within in ("entry", "store") else ():
        if key in verb.facts:
            binding.add_idle((key,), f"within: {within}")
    return Reach(verb.within, same, overlaps)


def _bind_common(binding: Binding, key: str, number: int | None, text: str, track: Track | None, *kinds: str) -> Name:
    """Return a name that exists both here and in the entries of the other *track*."""
    at = (key,) if number is None else (key, number)
    name = binding.bind(at, text, *kinds, alone=True)
    elsewhere = track and track is not binding.track
    if binding.slips is not None and name.field and track and elsewhere:
        there = Scope(binding.scope.tracks, track.fields)
        if there.name(text).field is None:
            binding.add_unknown_word(at, text, names_of_fields(track.fields))
    return name


def _read(name: Name, other: Entry, context: Context) -> object:
    """Return the value of a name for another entry, of this track or of another one."""
    return find_name(other, name.text, context).read(other, context)


def _find_counterparts(entry: Entry, context: Context) -> Iterator[Entry]:
    """Yield the same part of her other entries of this track; for a whole entry, the other entries."""
    whole, track = entry.whole, entry.whole.definition
    own = (whole.written.get("id"), whole.where)
    for other in context.other_entries:
        is_itself = other.written is whole.written or (own[0] and own == (other.written.get("id"), other.where))
        if is_itself or other.definition is not track:
            continue
        if isinstance(entry.definition, FormPart):
            yield from (part for part in other.parts if part.definition is entry.definition)
        else:
            yield other


def _select_within(within: str, found: Iterable[Entry], context: Context) -> list[Entry]:
    """Return the entries of this stay or referral; an entry outside stays belongs to the stay that it names."""
    listed, stay, her = [*found], context.stay, context.client
    if within == "stay" and listed:
        track = listed[0].whole.definition
        if stay and isinstance(track, Track) and "stay" in track.home:
            place = f"/stays/{stay.index}/"
            return [other for other in listed if other.whole.where.startswith(place)]
        id_ = stay.id if stay else None
        return [other for other in listed if other.whole.written.get("stay") == id_]
    if within == "referral" and her and (since := her.referred_on(context.day)):
        return [other for other in listed if (on := other.whole.day) is not None and her.referred_on(on) == since]
    return listed
