"""Where the names of a rule are looked up on the shelf: fields of its own entry, of another track, and what is around.

Everything that a name can mean has a kind, as a field has; what an event or the house is has one of its own here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from shelterctl.core.manual.field import SPAN_ENDS, UNKNOWN_ANSWER, Field, Fields
from shelterctl.core.manual.published_code import PublishedCode
from shelterctl.core.manual.track import Track
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.core.rules.context import EVENTS, REFERENCE_KINDS
from shelterctl.language import Text
from shelterctl.rulebook.files import RulebookFile

PRESENCE_ANSWERS = ("there", "absent")
FIELDS_OF_CONTEXT: Mapping[str, Field] = {
    **{name: Field(name, "day", {}) for name in EVENTS},
    **{name: Field(name, "entry", {}) for name in ("stay", "client", "house")},
}
"""What stands around every entry; the house is a code, of the kinds that the shelf has."""


@dataclass(frozen=True, repr=False)
class Scope:
    """The fields in reach, innermost first, the tracks of the shelf, and *lists* of the codes that stand elsewhere.

    *published* are the codes of findings that have sentences.
    """

    tracks: Mapping[str, Track]
    lists: Mapping[str, Mapping[str, Text]]
    fields: tuple[Fields, ...] = ()
    published: Mapping[str, PublishedCode] = field(default_factory=dict)

    def within(self, *fields: Fields) -> "Scope":
        """The same shelf as it is seen from an entry with these fields."""
        return replace(self, fields=fields)

    def find(self, name: str) -> Field | None:
        """What a name means, as `core.rules.context.resolve_value` looks for it; None where it means nothing."""
        if name in FIELDS_OF_CONTEXT:
            return Field(name, "code", {}, codes=self.lists["houses"]) if name == "house" else FIELDS_OF_CONTEXT[name]
        first, _, rest = name.partition(".")
        for fields in self.fields:
            if first in fields:
                there = self.scopes_behind(fields[first]) if rest and fields[first].kind in REFERENCE_KINDS else ()
                return (
                    next((found for one in there if (found := one.find(rest))), None)
                    if there
                    else find_field(fields, name)
                )
        track = self.tracks.get(first)
        return find_field(track.fields, rest) if rest and track and "directory" not in track.home else None

    def require_name(self, file: RulebookFile, place: str, name: str) -> Field:
        """What the name at a place of the file means; BrokenRulebook where it means nothing."""
        if found := self.find(name):
            return found
        raise file.unknown_word_error(place, name, self.all_names())

    def scopes_behind(self, one: Field) -> list["Scope"]:
        """What a field points at, as seen from there: entries of tracks, or parts of what another one points at.

        The code of a register leads to what is registered behind it, in clear and encrypted.
        """
        found = []
        if one.kind == "party":
            registers = [track for track in self.tracks.values() if track.at in one.of and "directory" in track.home]
            return [Scope({}, self.lists, (track.whole.fields,)) for track in registers]
        for of in one.of:
            first, parts, _ = of.partition(".")
            whose = next((fields[first] for fields in self.fields if first in fields), None) if parts else None
            tracks = [self.tracks[each] for each in (whose.of if whose else (first,)) if each in self.tracks]
            for track in tracks:
                inside = [part.fields for part in track.parts.values()] if parts else [track.fields]
                found += [Scope({}, self.lists, (fields,)) for fields in inside]
        return found

    def all_names(self) -> Iterator[str]:
        """Every name that means something here."""
        yield from FIELDS_OF_CONTEXT
        for fields in self.fields:
            yield from names_of_fields(fields)
        for name, track in self.tracks.items():
            if "directory" not in track.home:
                yield from (f"{name}.{each}" for each in names_of_fields(track.fields))

    def codes(self, one: Field) -> tuple[str, ...]:
        """The codes that may be written at a field: those of a list that stands elsewhere, or its own."""
        return tuple(self.lists[one.of[0]] if one.kind == "code" and one.of else one.codes)

    def allowed_answers(self, one: Field, *others: str) -> tuple[str, ...]:
        """The answers that may be meant of a field, and the *others* that this place knows."""
        if one.kind == "parts":
            return (*dict.fromkeys(number for track in self.tracks.values() for number in track.parts), *others)
        own = {"yes_no": ("yes", "no"), "partial": ("part",)}.get(one.kind) or self.codes(one)
        return (*own, *([UNKNOWN_ANSWER] if one.unknown else []), *others)


def find_field(fields: Fields, name: str) -> Field | None:
    """The field of a dotted name among these, or the day at which a span begins or ends; a list of groups has none."""
    first, dot, rest = name.partition(".")
    one = fields.get(first)
    if one is None or not dot:
        return one
    if is_list_of_groups(one):
        return None
    found = find_field(one.fields, rest)
    return Field(rest, "day", one.text) if found is None and one.kind == "span" and rest in SPAN_ENDS else found


def require_field_of(file: RulebookFile, place: str, name: str, fields: Fields) -> Field:
    """The field whose dotted name stands at a place of the file; BrokenRulebook where it is none of these."""
    if found := find_field(fields, name):
        return found
    raise file.unknown_word_error(place, name, names_of_fields(fields))


def names_of_fields(fields: Fields) -> Iterator[str]:
    """Every dotted name among these fields."""
    for name, one in fields.items():
        yield name
        ends = SPAN_ENDS if one.kind == "span" else ()
        inside = () if is_list_of_groups(one) else names_of_fields(one.fields)
        yield from (f"{name}.{each}" for each in dict.fromkeys((*inside, *ends)))


def staff_roles(scope: Scope) -> tuple[str, ...]:
    """The roles of the register of staff."""
    staff = scope.tracks.get("staff")
    return scope.codes(staff.clear["role"]) if staff and "role" in staff.clear else ()
