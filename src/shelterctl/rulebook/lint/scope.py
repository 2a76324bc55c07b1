"""Lookup of names while a rulebook is checked: as a rule finds them, with the place of a name that does not fit."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.published_code import PublishedCode
from shelterctl.core.rules import names
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.names import find_field_among, names_of_fields
from shelterctl.core.rules.verbs.verb import PRESENCE_ANSWERS
from shelterctl.rulebook.files import RulebookFile, pointer_below


@dataclass(repr=False, eq=False)
class CheckedScope(names.Scope):
    """The names that mean something at a place of the rulebook, with the codes of its lists and of its findings."""

    published: Mapping[str, PublishedCode] = field(default_factory=dict)
    explained: Collection[str] = ()
    """The codes of findings that the rulebook explains, also those without sentences of their own."""

    hidden: Collection[str] = ()

    registered: str = ""
    """The track of what is registered under the code whose entries these are, such as ``staff``."""

    def field_of(self, name: names.Name) -> Field | None:
        """Return the field of a name; None for an unknown name, and for a *hidden* one."""
        first = name.text.partition(".")[0]
        if first == self.registered and not self.declares(first):
            return name.field
        return None if first in self.hidden else super().field_of(name)

    def all_names(self) -> Iterator[str]:
        """Yield every name that means something here, except *hidden* ones: names of what is not known here."""
        yield from (name for name in super().all_names() if name not in self.hidden)
        if own := self.tracks.get(self.registered):
            yield from (f"{self.registered}.{each}" for each in names_of_fields(own.whole.fields))

    def within(self, *layers: Fields, tracks: Tracks | None = None) -> "CheckedScope":
        """Return the scope seen from an entry with these fields, the innermost first, or from among *tracks*."""
        found: CheckedScope | None = None
        for fields in reversed(layers or ({},)):
            found = replace(self, tracks=tracks or self.tracks, fields=fields, outer=found, names={}, compiled={})
        return found or self

    @property
    def layers(self) -> tuple[Fields, ...]:
        """The fields in reach, the innermost first."""
        found: list[Fields] = []
        inside: names.Scope | None = self
        while inside is not None:
            found.append(inside.fields)
            inside = inside.outer
        return tuple(found)

    def find(self, name: str) -> Field | None:
        """Return the field that a name means; None if it means nothing."""
        return self.field_of(self.name(name))

    def require_name(self, file: RulebookFile, place: str, name: str, *kinds: str, alone: bool = False) -> Field:
        """Return the field that the name at a place of the file means.

        *kinds*, if any, are the kinds it may have; *alone* requires a single value. Raises BrokenRulebook if the name
        means nothing, or something else.
        """
        if misfit := self.find_misfit(name, kinds, alone=alone):
            raise file.error_of(misfit.below(place))
        return cast("Field", self.find(name))

    def require_answers(self, file: RulebookFile, place: str, wanted: Mapping[str, Sequence[str]]) -> None:
        """Raise BrokenRulebook unless each name is known, and each of its answers may be given there."""
        for name, said in wanted.items():
            at = pointer_below(place, name)
            found = self.require_name(file, at, name)
            file.require_all_known(at, said, (*self.allowed_answers(found), *PRESENCE_ANSWERS))


def require_field_of(file: RulebookFile, place: str, name: str, fields: Fields) -> Field:
    """Return the field with that dotted name; raise BrokenRulebook at its *place* if it is none of *fields*."""
    if found := find_field_among(fields, name):
        return found
    raise file.unknown_word_error(place, name, names_of_fields(fields))
