"""The meaning of a rule's dotted names in its scope, resolved once and read for every entry.

A `Scope` is one kind of entry as rules see it: an act, a track, or a part of a track. Its `name` returns a `Name`: a
field of the entry, of the entry that it is part of, of another track (``identity.languages``), or an event such as
``arrival``. Everything that a name passes through is looked up when a rule is compiled; later only values are read.
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
"""A reader of a name for an entry; it returns None where nothing readable is written."""

REFERENCE_KINDS = ("entry", "party")
"""Kinds of fields that refer to something else: an entry of hers, or a code in a register."""

FIELDS_OF_CONTEXT: Mapping[str, Field] = {
    **{name: Field(name, "day", {}) for name in EVENTS},
    **{name: Field(name, "entry", {}) for name in ("stay", "client", "house")},
}
"""The names besides fields that a rule may use, as fields: events, and what the entry belongs to."""

RESERVED_NAMES = frozenset(FIELDS_OF_CONTEXT)
"""Names that never mean a field, even where a field has that name."""

FIELD_ASKED, FIELD_NOT_YET_ASKED, FIELD_CONTRADICTED = "asked", "not yet", "contradicted"
"""The states of a field: asked; not before another is answered; or never, because another answer excludes it."""


KIND_UNSUITABLE = N_("{name} is of the kind {kind}, which is not allowed here; allowed: {kinds}")
SINGLE_VALUE_WANTED = N_("{name} is a list, but a single value is needed here")


@dataclass(repr=False, eq=False)
class Name:
    """The meaning of one dotted name in a scope: how it is read for an entry, and how its field is found.

    For an event, the stay, the client and the house the field gives only the kind; it is None where nothing has the
    name. A name that leads to another entry has its field there: *find_there* follows it.
    """

    text: str
    read: Read
    find: Callable[[], Field | None]
    scope: "Scope"
    find_there: "Callable[[Entry, Context], Field | None] | None" = None

    @cached_property
    def field(self) -> Field | None:
        """The field that has the name; it may belong to another track, which is read for it."""
        return self.find()

    def field_for(self, entry: Entry, context: Context) -> Field | None:
        """Return the field to which this entry leads; None where it leads nowhere or the name is not a field."""
        if self.find_there is not None:
            return self.find_there(entry, context)
        return None if self.text in RESERVED_NAMES else self.field

    def read_days(self, entry: Entry, context: Context) -> Any:
        """Return the day or days of the name: a span unchanged, a time as its local day; None if unknown."""
        found = self.read(entry, context)
        return None if found is None else as_days(found)

    def state(self, entry: Entry, context: Context) -> str:
        """Return whether the field is asked beside the entry's other answers, not yet, or never."""
        for name, wanted in self.conditions:
            said = name.read(entry, context)
            if not is_wanted_answer(said, wanted):
                return FIELD_NOT_YET_ASKED if said is None or said == UNKNOWN_ANSWER else FIELD_CONTRADICTED
        return FIELD_ASKED

    def unmet_conditions(self, entry: Entry, context: Context) -> Iterator[tuple["Name", Any]]:
        """Yield the names whose answers keep the field from being asked, each with its answer."""
        for name, wanted in self.conditions:
            said = name.read(entry, context)
            if not is_wanted_answer(said, wanted):
                yield name, said

    def is_asked(self, entry: Entry, context: Context) -> bool:
        """Return whether the field and the groups around it are asked; a name of another track always is."""
        return self.state(entry, context) == FIELD_ASKED and (
            self.around is None or self.around.is_asked(entry, context)
        )

    @cached_property
    def around(self) -> "Name | None":
        """The group around the field, if it is in one."""
        inside = self.text.rpartition(".")[0]
        return self.scope.name(inside) if inside and self.scope.declares(inside) else None

    @cached_property
    def conditions(self) -> tuple[tuple["Name", Sequence[str]], ...]:
        """The names on which it depends whether the field is asked, each with the answers wanted."""
        return tuple(self.scope.conditions(self.text))


@dataclass(repr=False, eq=False)
class Scope:
    """The names with a meaning for one kind of entry; names of a part are also looked up in its *outer* scope.

    *lists* are the codes of the rulebook's lists and *every_track* all its tracks, also those whose entries cannot be
    read from here; both are needed only to check a rulebook. *compiled* keeps the rules compiled for the scope.
    """

    tracks: Tracks
    fields: Fields
    outer: "Scope | None" = None
    lists: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    every_track: Tracks = field(default_factory=lambda: NO_TRACKS)
    names: dict[str, Name] = field(default_factory=dict)
    compiled: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def conditional(self) -> tuple[Name, ...]:
        """The fields of the entry that are asked only beside certain answers."""
        return tuple(self.name(name) for name, one in self.fields.items() if one.asked_with)

    def name(self, text: str) -> Name:
        """Return the meaning of a dotted name in this scope."""
        found = self.names.get(text)
        if found is None:
            found = self.names[text] = self._find(text)
        return found

    def declares(self, text: str) -> bool:
        """Return whether a name is a field of the entry, or of the entry that it is part of."""
        first = text.partition(".")[0]
        return first in self.fields or (self.outer is not None and self.outer.declares(text))

    def conditions(self, text: str) -> Iterator[tuple[Name, Sequence[str]]]:
        """Yield the answers beside which a field is asked: of fields in its group, else of the rest of the entry."""
        if text.partition(".")[0] not in self.fields:
            beside = self.outer.conditions(text) if self.outer and self.outer.declares(text) else ()
            yield from ((self._lift(name), wanted) for name, wanted in beside)
            return
        inside, one = text.rpartition(".")[0], field_at_path(self.fields, text)
        for name, wanted in one.asked_with.items() if one else ():
            near = f"{inside}.{name}"
            yield self.name(near if inside and field_at_path(self.fields, near) else name), wanted

    def pointer(self, text: str, entry: Entry, context: Context) -> str:
        """Return the place of a name in the document: in the entry, in the entry it is part of, or in another track.

        An empty name gives the place of the entry.
        """
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
            return find_field_among(track.whole.fields, rest) if track else None

        return Name(text, read_last, find, self)

    def _lift(self, theirs: Name) -> Name:
        """Return a name of the outer scope, read from the entry of which the present one is part."""
        return Name(
            theirs.text, _in_outer(theirs.read), theirs.find, self, theirs.find_there and _in_outer(theirs.field_for)
        )

    def _refers(self, first: str, rest: str) -> bool:
        return bool(rest) and self.fields[first].kind in REFERENCE_KINDS

    def _find_own(self, text: str) -> Name:
        """Return a field of the entry; where nothing is written, it reads the field that it defaults to."""
        one = find_field_among(self.fields, text)
        if one is None or not isinstance(one.absent, Mapping):
            return Name(text, lambda entry, context: entry.values.answers[text], lambda: one, self)
        default = str(one.absent["of"])

        def read_or_default(entry: Entry, context: Context) -> Any:
            found = entry.values.answers[text]
            return found if found is not None else self.name(default).read(entry, context)

        return Name(text, read_or_default, lambda: one, self)

    def _find_below_reference(self, first: str, rest: str) -> Name:
        """Return a name in the entry, or in the registered facts, to which a field refers."""

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
        """Yield every name with a meaning in this scope."""
        yield from FIELDS_OF_CONTEXT
        inside: Scope | None = self
        while inside is not None:
            yield from names_of_fields(inside.fields)
            inside = inside.outer
        for name, track in self.tracks.items():
            if not track.is_coded:
                yield from (f"{name}.{each}" for each in names_of_fields(track.fields))

    def field_of(self, name: Name) -> Field | None:
        """Return the field of a name; for the house one with the kinds of houses as codes; None for an unknown name.

        A register can be reached only through a field that holds one of its codes.
        """
        if name.text == "house":
            return Field("house", "code", {}, codes=self.lists.get("houses", {}))
        first = name.text.partition(".")[0]
        behind_a_code = not self.declares(first) and first in self.tracks
        return None if behind_a_code and self.tracks[first].is_coded else name.field

    def find_misfit(self, text: str, kinds: Collection[str], *, alone: bool = False) -> Slip | None:
        """Return the slip for a name that is unknown, of none of the *kinds*, or a list where one value is wanted
        (*alone*).
        """
        one = self.field_of(self.name(text))
        if one is None:
            return unknown_word("", text, self.all_names())
        if kinds and one.kind not in kinds:
            return Slip("", KIND_UNSUITABLE, {"name": text, "kind": one.kind, "kinds": kinds})
        return Slip("", SINGLE_VALUE_WANTED, {"name": text}) if alone and one.several else None

    def allowed_answers(self, one: Field) -> tuple[str, ...]:
        """Return the answers that a rule may name for a field."""
        if one.kind == "parts":
            return tuple(dict.fromkeys(number for track in self.tracks.values() for number in track.parts))
        own = {"yes_no": ("yes", "no"), "partial": ("part",)}.get(one.kind) or self.codes_of(one)
        return (*own, *([UNKNOWN_ANSWER] if one.unknown else []))

    def codes_of(self, one: Field) -> tuple[str, ...]:
        """Return the codes that may be written at a field: those of the list that it names, or its own."""
        return tuple(self.lists.get(one.of[0], {}) if one.kind == "code" and one.of else one.codes)

    @property
    def staff_roles(self) -> tuple[str, ...]:
        """The roles in the register of staff."""
        staff = self.tracks.get("staff")
        return self.codes_of(staff.clear["role"]) if staff and "role" in staff.clear else ()

    def scopes_behind(self, one: Field) -> list["Scope"]:
        """Return the scopes to which a field refers: entries of tracks, or parts of what another field refers to.

        A register's code leads to its registered facts, readable and encrypted.
        """
        tracks = self.tracks
        if one.kind == "party":
            registers = [track for track in tracks.values() if track.at in one.of and track.is_coded]
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
    """Return the scope of an entry among the tracks of its context; it is made once."""
    scopes, outer = context.tracks.compiled, entry.outer
    key = (entry.definition, outer.definition) if outer else entry.definition
    found: Scope | None = scopes.get(key)
    if found is None:
        beyond = scope_of(outer, context) if outer else None
        found = scopes[key] = Scope(context.tracks, entry.definition.fields, beyond)
    return found


def find_name(entry: Entry, text: str, context: Context) -> Name:
    """Return the meaning of a dotted name for an entry."""
    return scope_of(entry, context).name(text)


def find_field(entry: Entry, text: str, context: Context) -> Field | None:
    """Return the field to which an entry leads by a dotted name; None where it leads nowhere or to no field."""
    return find_name(entry, text, context).field_for(entry, context)


def _in_outer(read: Read) -> Read:
    """Return a reader that reads the entry of which the given one is part."""
    return lambda entry, context: read(entry.outer, context) if entry.outer else None


def follow_field(entry: Entry, name: str, context: Context) -> Entry | None:
    """Return the entry to which a field refers: one of hers, or the registered facts of a code; else None."""
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
    """Return the entry of hers with the id in a field, or the part with that number in another field's entry."""
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
    """Return whether an entry gives one of the wanted answers at each of these names."""
    scope = scope_of(entry, context)
    return all(is_wanted_answer(scope.name(name).read(entry, context), wanted) for name, wanted in answers.items())


def as_days(found: Any) -> Any:
    """Return the day or days of a value: a span unchanged, a time as its local day, None for unknown."""
    if isinstance(found, datetime):
        return found.date()
    return None if isinstance(found, str) and found == UNKNOWN_ANSWER else found


def find_field_among(fields: Fields, name: str) -> Field | None:
    """Return the field of a dotted name, or the first or last day of a span; a list of groups has none inside."""
    first, dot, rest = name.partition(".")
    one = fields.get(first)
    if one is None or not dot:
        return one
    if is_list_of_groups(one):
        return None
    found = find_field_among(one.fields, rest)
    return Field(rest, "day", one.text) if found is None and one.kind == "span" and rest in SPAN_ENDS else found


def names_of_fields(fields: Fields) -> Iterator[str]:
    """Yield every dotted name of the fields; none from inside a list of groups."""
    for name, one in fields.items():
        yield name
        ends = SPAN_ENDS if one.kind == "span" else ()
        inside = () if is_list_of_groups(one) else names_of_fields(one.fields)
        yield from (f"{name}.{each}" for each in dict.fromkeys((*inside, *ends)))


def pointer_below(where: str, name: str) -> str:
    """Return the pointer to a dotted name below a place; for an empty name the place itself."""
    return f"{where}/{name.replace('.', '/')}" if name else where


def _reader_of_context(name: str) -> Read:
    """Return the reader of *name*: the kind of house, the id of the stay or client (True without one), else the day of
    that event.
    """
    if name == "house":
        return lambda entry, context: context.house.kind.name if context.house else None
    if name == "stay":  # a stay without an id exists too
        return lambda entry, context: (context.stay.id or True) if context.stay else None
    if name == "client":
        return lambda entry, context: (context.client.id or True) if context.client else None
    return lambda entry, context: context.event_day(name)
