"""What the dotted names of a rule mean where the rule is written, found once and read for every entry.

A `Scope` is one kind of entry as rules see it: an act, a track, or a part of a track. Its `name` gives a `Name`: a
field of the entry, of the entry that it is part of, of another track (``identity.languages``), or an event such as
``arrival``. Whatever a name leads through is looked up when a rule is compiled; only values are read later.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from shelterctl.core.manual.field import SPAN_ENDS, UNKNOWN_ANSWER, Answers, Field, Fields
from shelterctl.core.manual.slip import Slip, unknown_word
from shelterctl.core.manual.track import FormPart
from shelterctl.core.record.entries import Entry, field_at_path, is_wanted_answer, read_entry, read_parts
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.core.rules.context import EVENTS, NO_TRACKS, Context, Tracks, find_in_register
from shelterctl.language import Text
from shelterctl.ui_language import N_

Read = Callable[[Entry, Context], Any]
"""What a name means for an entry; None where nothing is written, or nothing that can be read."""

REFERENCE_KINDS = ("entry", "party")
"""Kinds of fields that lead on: to an entry of hers, or to what a register has behind a code."""

FIELDS_OF_CONTEXT: Mapping[str, Field] = {
    **{name: Field(name, "day", {}) for name in EVENTS},
    **{name: Field(name, "entry", {}) for name in ("stay", "client", "house")},
}
"""What a rule may name besides fields, as fields: the events, and what the entry belongs to."""

RESERVED_NAMES = frozenset(FIELDS_OF_CONTEXT)
"""Names that never mean a field, whatever field has that name."""

FIELD_ASKED, FIELD_NOT_YET_ASKED, FIELD_CONTRADICTED = "asked", "not yet", "contradicted"
"""Whether a field is asked; not before its parent is answered, or never, for that one says otherwise."""


KIND_UNSUITABLE = N_("{name} is of the kind {kind}, which cannot stand here; these can: {kinds}")
SINGLE_VALUE_WANTED = N_("{name} is a list, and one value is wanted here")


@dataclass(repr=False, eq=False)
class Name:
    """What one dotted name means in a scope: how it is read off an entry, and how its field is found.

    Of an event, the stay, the client and the house the field says only the kind; it is None where nothing has the name.
    A name that leads on to another entry has its field there: *find_there* follows it.
    """

    text: str
    read: Read
    find: Callable[[], Field | None]
    scope: "Scope"
    find_there: "Callable[[Entry, Context], Field | None] | None" = None

    @cached_property
    def field(self) -> Field | None:
        """The field that has the name; it may lie in another track, which is read for it."""
        return self.find()

    def field_for(self, entry: Entry, context: Context) -> Field | None:
        """The field as this entry leads to it; None where it leads nowhere, and for what is no field."""
        if self.find_there is not None:
            return self.find_there(entry, context)
        return None if self.text in RESERVED_NAMES else self.field

    def read_days(self, entry: Entry, context: Context) -> Any:
        """The day or days that it means: a span as it is, a time as its local day; None where that is unknown."""
        found = self.read(entry, context)
        return None if found is None else as_days(found)

    def state(self, entry: Entry, context: Context) -> str:
        """Whether the field is asked beside the other answers of the entry, not yet, or never: to ask and to print."""
        for _, said in self.unmet_conditions(entry, context):
            return FIELD_NOT_YET_ASKED if said is None or said == UNKNOWN_ANSWER else FIELD_CONTRADICTED
        return FIELD_ASKED

    def unmet_conditions(self, entry: Entry, context: Context) -> Iterator[tuple["Name", Any]]:
        """The names whose answer is none of those beside which the field is asked, each with that answer."""
        for name, wanted in self.conditions:
            said = name.read(entry, context)
            if not is_wanted_answer(said, wanted):
                yield name, said

    def is_asked(self, entry: Entry, context: Context) -> bool:
        """Whether it is asked for, and whatever it stands inside; a name of another track always is."""
        inside = self.text.rpartition(".")[0]
        return self.state(entry, context) == FIELD_ASKED and (
            not inside or not self.scope.declares(inside) or self.scope.name(inside).is_asked(entry, context)
        )

    @cached_property
    def conditions(self) -> tuple[tuple["Name", Sequence[str]], ...]:
        """The names beside which it is asked, each with the answers that are meant."""
        return tuple(self.scope.conditions(self.text))


@dataclass(repr=False, eq=False)
class Scope:
    """The names that mean something for one kind of entry; those of a part are looked for in its *outer* one too.

    *lists* are the codes of the lists of the rulebook; they are needed where it is checked. *compiled* keeps the rules
    that were compiled for it.
    """

    tracks: Tracks
    fields: Fields
    outer: "Scope | None" = None
    lists: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)
    compiled: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def conditional(self) -> tuple[Name, ...]:
        """The fields of the entry that are asked only beside certain answers."""
        return tuple(self.name(name) for name, one in self.fields.items() if one.asked_with)

    def name(self, text: str) -> Name:
        """What a dotted name means here."""
        found = self.names.get(text)
        if found is None:
            found = self.names[text] = self._find(text)
        return found

    def declares(self, text: str) -> bool:
        """Whether a name is one of a field of the entry, or of what the entry is part of."""
        first = text.partition(".")[0]
        return first in self.fields or (self.outer is not None and self.outer.declares(text))

    def conditions(self, text: str) -> Iterator[tuple[Name, Sequence[str]]]:
        """Beside which answers a field is asked: those of its neighbours in a group, else of the rest of the entry."""
        if text.partition(".")[0] not in self.fields:
            beside = self.outer.conditions(text) if self.outer and self.outer.declares(text) else ()
            yield from ((self._lift(name), wanted) for name, wanted in beside)
            return
        inside, one = text.rpartition(".")[0], field_at_path(self.fields, text)
        for name, wanted in one.asked_with.items() if one else ():
            near = f"{inside}.{name}"
            yield self.name(near if inside and field_at_path(self.fields, near) else name), wanted

    def pointer(self, text: str, entry: Entry, context: Context) -> str:
        """The place of a name in the document: in the entry, in what it is part of, or in a track; that of the entry
        for no name."""
        first, _, rest = text.partition(".")
        if first not in self.fields:
            if entry.outer is not None and first in entry.outer.fields:
                entry = entry.outer
            elif first in self.tracks:
                track = self.tracks[first]
                last = context.last_entry(first) if track.many else None
                return pointer_below(last.where if last else pointer_below(context.locate(track)[1], track.at), rest)
        return pointer_below(entry.where, text)

    def _find(self, text: str) -> Name:
        if text in RESERVED_NAMES:
            return Name(text, _reader_of_context(text), lambda: FIELDS_OF_CONTEXT[text], self)
        first, _, rest = text.partition(".")
        if first in self.fields:
            return self._find_below_reference(first, rest) if self._refers(first, rest) else self._find_own(text)
        if self.outer is not None and self.outer.declares(text):
            return self._lift(self.outer.name(text))

        def read_last(entry: Entry, context: Context) -> Any:
            last = context.last_entry(first) if rest else None
            return last.values.answers[rest] if last else None

        def find() -> Field | None:
            track = self.tracks.get(first) if rest else None
            return find_field_among(track.fields, rest) if track else None

        return Name(text, read_last, find, self)

    def _lift(self, theirs: Name) -> Name:
        """A name of the outer scope, read off what the entry is part of."""
        return Name(
            theirs.text, _in_outer(theirs.read), theirs.find, self, theirs.find_there and _in_outer(theirs.field_for)
        )

    def _refers(self, first: str, rest: str) -> bool:
        return bool(rest) and self.fields[first].kind in REFERENCE_KINDS

    def _find_own(self, text: str) -> Name:
        """A field of the entry; where nothing is written, what the field that it defaults to says."""
        one = find_field_among(self.fields, text)
        if one is None or not isinstance(one.absent, Mapping):
            return Name(text, lambda entry, context: entry.values.answers[text], lambda: one, self)
        default = str(one.absent["of"])

        def read_or_default(entry: Entry, context: Context) -> Any:
            found = entry.values.answers[text]
            return found if found is not None else self.name(default).read(entry, context)

        return Name(text, read_or_default, lambda: one, self)

    def _find_below_reference(self, first: str, rest: str) -> Name:
        """What stands in the entry, or behind the code of a register, to which a field leads."""

        def read_there(entry: Entry, context: Context) -> Any:
            there = follow_field(entry, first, context)
            return find_name(there, rest, context).read(there, context) if there else None

        def find() -> Field | None:
            behind = self.scopes_behind(self.fields[first])
            return next((one for scope in behind if (one := scope.name(rest).field)), None)

        def find_there(entry: Entry, context: Context) -> Field | None:
            there = follow_field(entry, first, context)
            return find_name(there, rest, context).field_for(there, context) if there else None

        return Name(f"{first}.{rest}", read_there, find, self, find_there)

    def all_names(self) -> Iterator[str]:
        """Every name that means something here."""
        yield from FIELDS_OF_CONTEXT
        inside: Scope | None = self
        while inside is not None:
            yield from names_of_fields(inside.fields)
            inside = inside.outer
        for name, track in self.tracks.items():
            if "directory" not in track.home:
                yield from (f"{name}.{each}" for each in names_of_fields(track.fields))

    def field_of(self, name: Name) -> Field | None:
        """What a name means as a field: of the house a code of the kinds of houses; None for what means nothing.

        A register is reached through a field that names a code of it.
        """
        if name.text == "house":
            return Field("house", "code", {}, codes=self.lists.get("houses", {}))
        first = name.text.partition(".")[0]
        behind_a_code = not self.declares(first) and first in self.tracks
        return None if behind_a_code and "directory" in self.tracks[first].home else name.field

    def find_misfit(self, text: str, kinds: Collection[str], *, alone: bool = False) -> Slip | None:
        """The slip of a name that means nothing here, is of none of the *kinds*, or a list where one stands *alone*."""
        one = self.field_of(self.name(text))
        if one is None:
            return unknown_word("", text, self.all_names())
        if kinds and one.kind not in kinds:
            return Slip("", KIND_UNSUITABLE, {"name": text, "kind": one.kind, "kinds": kinds})
        return Slip("", SINGLE_VALUE_WANTED, {"name": text}) if alone and one.several else None

    def allowed_answers(self, one: Field) -> tuple[str, ...]:
        """The answers that may be meant of a field."""
        if one.kind == "parts":
            return tuple(dict.fromkeys(number for track in self.tracks.values() for number in track.parts))
        own = {"yes_no": ("yes", "no"), "partial": ("part",)}.get(one.kind) or self.codes_of(one)
        return (*own, *([UNKNOWN_ANSWER] if one.unknown else []))

    def codes_of(self, one: Field) -> tuple[str, ...]:
        """The codes that may be written at a field: those of a list that lies elsewhere, or its own."""
        return tuple(self.lists.get(one.of[0], {}) if one.kind == "code" and one.of else one.codes)

    @property
    def staff_roles(self) -> tuple[str, ...]:
        """The roles of the register of staff."""
        staff = self.tracks.get("staff")
        return self.codes_of(staff.clear["role"]) if staff and "role" in staff.clear else ()

    def scopes_behind(self, one: Field) -> list["Scope"]:
        """What a field leads to, as seen from there: entries of tracks, or parts of what another field leads to.

        The code of a register leads to what is registered behind it, in clear and encrypted.
        """
        tracks = self.tracks
        if one.kind == "party":
            registers = [track for track in tracks.values() if track.at in one.of and "directory" in track.home]
            return [Scope(NO_TRACKS, track.whole.fields) for track in registers]
        found = []
        for of in one.of:
            first, parts, _ = of.partition(".")
            whose = self._own_field(first) if parts else None
            for track in (tracks[each] for each in (whose.of if whose else (first,)) if each in tracks):
                inside = [part.fields for part in track.parts.values()] if parts else [track.fields]
                found += [Scope(NO_TRACKS, fields) for fields in inside]
        return found

    def _own_field(self, name: str) -> Field | None:
        return self.fields.get(name) or (self.outer._own_field(name) if self.outer else None)


def scope_of(entry: Entry, context: Context) -> Scope:
    """The scope of an entry among the tracks of its context; it is made once."""
    scopes, outer = context.tracks.compiled, entry.outer
    key = (entry.definition, outer.definition) if outer else entry.definition
    found: Scope | None = scopes.get(key)
    if found is None:
        beyond = scope_of(outer, context) if outer else None
        found = scopes[key] = Scope(context.tracks, entry.definition.fields, beyond)
    return found


def find_name(entry: Entry, text: str, context: Context) -> Name:
    """What a dotted name means for an entry."""
    return scope_of(entry, context).name(text)


def find_field(entry: Entry, text: str, context: Context) -> Field | None:
    """The field of a dotted name as an entry leads to it; None where it leads nowhere, and for what is no field."""
    return find_name(entry, text, context).field_for(entry, context)


def _in_outer(read: Read) -> Read:
    """What is read off the entry of which another one is part."""
    return lambda entry, context: read(entry.outer, context) if entry.outer else None


def follow_field(entry: Entry, name: str, context: Context) -> Entry | None:
    """The entry to which a field leads: one of hers, or what a register has behind the code; None where none is."""
    if entry.fields[name].kind == "entry":
        return find_referenced_entry(entry, name, context)
    said = entry.values.get(name)
    for register in entry.fields[name].of if said is not None else ():
        known = find_in_register(context, register, said)
        if known is not None:
            track = context.tracks.of_register(register)
            return read_entry(track, known) if track else None
    return None


def find_referenced_entry(entry: Entry, name: str, context: Context) -> Entry | None:
    """What a field points at: an entry of hers by its id, or a part by its number in what another field points at."""
    said = entry.values.get(name)
    for of in entry.fields[name].of if said is not None else ():
        first, _, parts = of.partition(".")
        if parts and first in entry.fields:
            whole = find_referenced_entry(entry, first, context)
            parts_of_form = ((one, one.definition) for one in (whole.parts if whole else ()))
            found = [one for one, part in parts_of_form if isinstance(part, FormPart) and part.number == said]
        else:
            found = [read_parts(one) for one in context.client_entries(first) if one.written.get("id") == said]
        if found:
            return found[0]
    return None


def matches_answers(answers: Answers, entry: Entry, context: Context) -> bool:
    """Whether an entry gives one of the answers at each of these names."""
    scope = scope_of(entry, context)
    return all(is_wanted_answer(scope.name(name).read(entry, context), wanted) for name, wanted in answers.items())


def as_days(found: Any) -> Any:
    """The day or days of what a field says: a span as it is, a time as its local day; none of what is unknown."""
    return None if found == UNKNOWN_ANSWER else found.date() if isinstance(found, datetime) else found


def find_field_among(fields: Fields, name: str) -> Field | None:
    """The field of a dotted name among these, or the day at which a span begins or ends; a list of groups has none."""
    first, dot, rest = name.partition(".")
    one = fields.get(first)
    if one is None or not dot:
        return one
    if is_list_of_groups(one):
        return None
    found = find_field_among(one.fields, rest)
    return Field(rest, "day", one.text) if found is None and one.kind == "span" and rest in SPAN_ENDS else found


def names_of_fields(fields: Fields) -> Iterator[str]:
    """Every dotted name among these fields; inside a list of groups there are none."""
    for name, one in fields.items():
        yield name
        ends = SPAN_ENDS if one.kind == "span" else ()
        inside = () if is_list_of_groups(one) else names_of_fields(one.fields)
        yield from (f"{name}.{each}" for each in dict.fromkeys((*inside, *ends)))


def pointer_below(where: str, name: str) -> str:
    """The pointer to a dotted name below a place; the place itself for no name."""
    return f"{where}/{name.replace('.', '/')}" if name else where


def _reader_of_context(name: str) -> Read:
    """How the kind of house, the stay or file that an entry belongs to, or the day of an event is read."""
    if name == "house":
        return lambda entry, context: context.house.kind.name if context.house else None
    if name == "stay":  # a stay that nobody gave an id is there all the same
        return lambda entry, context: (context.stay.id or True) if context.stay else None
    if name == "client":
        return lambda entry, context: (context.client.id or True) if context.client else None
    return lambda entry, context: context.event_day(name)
