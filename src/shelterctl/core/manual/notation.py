"""How the types of the rulebook are written in its files, as far as the name and the type of a field do not say it.

These are annotations: ``kind: Annotated[str, Key("is"), Closed(FIELD_KINDS)]``. `rulebook.reader` reads every type by
them. Without one a field is written under its own name; a text, list or mapping that is written is not empty.
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.language import Text
from shelterctl.ui_language import Marked


class Key(NamedTuple):
    """The key under which a field is written, where that is not its own name."""

    name: str


class As(NamedTuple):
    """The type as which a field is written, where the rulebook derives another value from it."""

    kind: Any


class Closed(NamedTuple):
    """The words of which one has to be written; or a function that returns them, where they are named further below."""

    words: tuple[str, ...] | Callable[[], Collection[str]]

    def known(self) -> Collection[str]:
        """The words."""
        return self.words() if callable(self.words) else self.words


class Fits(NamedTuple):
    """What a written value has to fulfil besides its type, and the sentence that says so."""

    check: Callable[[Any], bool]
    wanted: Marked


class Translated(NamedTuple):
    """That a mapping holds a text by language, English among them; and the type of other keys that may stand there."""

    beside: Any = None


class NoTerms(TypedDict):
    """What a ruling asks that only says from when on its owner is there."""


class Rulings(NamedTuple):
    """That a history is written among the keys of its owner, with ``later`` for what changes from a day on.

    *terms* is the type of what a ruling asks, *keys* are those that every ruling may have.
    """

    terms: Any
    keys: tuple[str, ...] = ("clause", "strength", "reading", "repealed")


class ListedRulings(NamedTuple):
    """That a history is a list of rulings, each written whole; *terms* is the type of what a ruling asks."""

    terms: Any


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
