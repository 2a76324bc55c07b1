"""How the types of the rulebook are written in its files, as far as the name and the type of a field do not say it.

These are annotations: ``kind: Annotated[str, Key("is"), Closed(FIELD_KINDS)]``. `rulebook.reader` reads every type by
them. Without one a field is written under its own name; a text, list or mapping that is written is not empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.language import Text
from shelterctl.ui_language import N_, Marked


@dataclass(repr=False, eq=False)
class Note:
    """One thing that is said of a field."""

    value: Any = None


class Key(Note):
    """The key under which a field is written, where that is not its own name."""


class As(Note):
    """The type as which a field is written, where the rulebook derives another value from it."""


class Closed(Note):
    """The words of which one has to be written; or a function that returns them, where they are named further below."""

    def known(self) -> tuple[str, ...]:
        """The words."""
        return tuple(self.value() if callable(self.value) else self.value)


class Translated(Note):
    """That a mapping holds a text by language, English among them; and the type of other keys that may stand there."""


class ListedRulings(Note):
    """That a history is a list of rulings, each written whole, and the type of what a ruling asks."""


class Fits(NamedTuple):
    """What a written value has to fulfil besides its type, and the sentence that says so."""

    check: Callable[[Any], bool]
    wanted: Marked


class Made(NamedTuple):
    """That a value is written as another type, and the function that makes it of what was read."""

    kind: Any
    make: Callable[[Any], Any]


class NoTerms(TypedDict):
    """What a ruling asks that only says from when on its owner is there."""


class Rulings(NamedTuple):
    """That a history is written among the keys of its owner, with ``later`` for what changes from a day on.

    *terms* is the type of what a ruling asks, *keys* are those that every ruling may have.
    """

    terms: Any
    keys: tuple[str, ...] = ("clause", "strength", "reading", "repealed")


class Modifiers(NamedTuple):
    """The modifiers that rules may have where they stand, and whether these rules have a *strength* of their own."""

    names: tuple[str, ...]
    strength: bool = True


NAME_ABOVE = "name above"
"""A field that is the key under which its owner stands."""

NOT_WRITTEN = "not written"
"""A field that the rulebook derives from others."""

INHERITED = "inherited"
"""A field that the owner's family may give, so that it need not be written."""

ONE_OR_MANY = "one or many"
"""A tuple that may be written as one value."""

Label = Annotated[Text, Translated()]
"""A text by language, English among them."""

Names = Annotated[tuple[str, ...], ONE_OR_MANY]
"""One name, or a list of names."""

CODE_ENDS_ONCE = N_("a code begins once and ends once: later has one entry, and that ends it")
NUMBER_OR_COUNT_WANTED = N_("a number is wanted here, or one thing that is counted: count, days_of or months_of")
FIELD_NAME_WANTED = N_("a name has small Latin letters, digits and underscores, and begins with a letter")
PLACE_OF_FINDING_WANTED = N_("a place below the entry is wanted here, such as /admission")
DOTTED_NAMES_WANTED = N_("names with a point between them are wanted here, such as admission.meeting")

_NAME_PATTERN = re.compile("[a-z][a-z0-9_]*")
_PATH_PATTERN = re.compile(rf"({_NAME_PATTERN.pattern}(\.{_NAME_PATTERN.pattern})*)?")

FieldName = Annotated[str, Fits(lambda name: bool(_NAME_PATTERN.fullmatch(name)), FIELD_NAME_WANTED)]
"""The key of a field."""

DottedPath = Annotated[str, Fits(lambda path: bool(_PATH_PATTERN.fullmatch(path)), DOTTED_NAMES_WANTED)]
"""The place of an entry in a file; empty at its root."""

FindingPlace = Annotated[
    str, Fits(lambda place: place in ("", "amount", "beside") or place.startswith("/"), PLACE_OF_FINDING_WANTED)
]
"""Where a finding is: a pointer below its entry, the ``amount`` of a line, or ``beside`` the field that is bound."""
