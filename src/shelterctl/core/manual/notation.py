"""Annotations that say how the types of the rulebook are written in its files.

They are needed only where the name and the type of a field do not say it: ``kind: Annotated[str, Key('is'),
Closed(FIELD_KINDS)]``. `rulebook.reader` reads every type by them. Without an annotation a field is written under its
own name; a text, list or mapping that is written is not empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.language import Text
from shelterctl.ui_language import N_, Marked


@dataclass(repr=False, eq=False)
class Note:
    """One annotation of a field."""

    value: Any = None


class Key(Note):
    """The key under which a field is written, where it is not the field's own name."""


class As(Note):
    """The type in which a field is written, where the rulebook derives another value from it."""


class Closed(Note):
    """The words of which one must be written, or a function that returns them where they are defined later in the
    module.
    """

    def known(self) -> tuple[str, ...]:
        """Return the words."""
        return tuple(self.value() if callable(self.value) else self.value)


class Translated(Note):
    """Marks a mapping that holds a text by language, English included; the value is the type of further keys allowed
    there.
    """


class ListedRulings(Note):
    """Marks a history that is written as a list of complete rulings; the value is the type of a ruling's terms."""


class Fits(NamedTuple):
    """A condition for a written value beyond its type, and the sentence that states it."""

    check: Callable[[Any], bool]
    wanted: Marked


class Made(NamedTuple):
    """A value that is written as another type, and the function that makes it from what was read."""

    kind: Any
    make: Callable[[Any], Any]


class NoTerms(TypedDict):
    """The terms of a ruling that only says from which day on its owner exists."""


class Rulings(NamedTuple):
    """Marks a history that is written among the keys of its owner, with ``later`` for changes from a day on.

    *terms* is the type of a ruling's terms; *keys* are the keys that every ruling may have.
    """

    terms: Any
    keys: tuple[str, ...] = ("clause", "strength", "reading", "repealed")


class Modifiers(NamedTuple):
    """The modifiers that rules may have at a place, and whether these rules have a *strength* of their own."""

    names: tuple[str, ...]
    strength: bool = True


NAME_ABOVE = "name above"
"""Marks a field whose value is the key of its owner."""

NOT_WRITTEN = "not written"
"""Marks a field that the rulebook derives from others."""

INHERITED = "inherited"
"""Marks a field that may be omitted where the owner's family has it."""

ONE_OR_MANY = "one or many"
"""Marks a tuple that may be written as a single value."""

Label = Annotated[Text, Translated()]
"""A text by language, English among them."""

Names = Annotated[tuple[str, ...], ONE_OR_MANY]
"""One name, or a list of names."""

CODE_ENDS_ONCE = N_("a code begins once and ends once: write one entry in later, the one that ends it")
NUMBER_OR_COUNT_WANTED = N_("write a number here, or one of count, days_of and months_of")
FIELD_NAME_WANTED = N_("a name consists of small Latin letters, digits and underscores and begins with a letter")
PLACE_OF_FINDING_WANTED = N_("write a place inside the entry here, such as /admission")
DOTTED_NAMES_WANTED = N_("write names with dots between them here, such as admission.meeting")

_NAME_PATTERN = re.compile("[a-z][a-z0-9_]*")
_PATH_PATTERN = re.compile(rf"({_NAME_PATTERN.pattern}(\.{_NAME_PATTERN.pattern})*)?")

FieldName = Annotated[str, Fits(lambda name: bool(_NAME_PATTERN.fullmatch(name)), FIELD_NAME_WANTED)]
"""The key of a field."""

DottedPath = Annotated[str, Fits(lambda path: bool(_PATH_PATTERN.fullmatch(path)), DOTTED_NAMES_WANTED)]
"""The place of an entry in a file; empty for the top of the file."""

FindingPlace = Annotated[
    str, Fits(lambda place: place in ("", "amount", "beside") or place.startswith("/"), PLACE_OF_FINDING_WANTED)
]
"""The place of a finding: a pointer below its entry, the ``amount`` of a line, or ``beside`` the field that the rule
binds.
"""
