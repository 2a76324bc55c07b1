"""The codes of findings that scripts know: what each says, which facts it publishes, and how it is explained.

They are read from findings.yaml; `core.rules.findings` makes a finding of a broken rule with them.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.core.manual.notation import NAME_ABOVE, As, FindingPlace, Key, Label, Made
from shelterctl.language import CountedText, Text


class Wording(NamedTuple):
    """One sentence of a code: it is said where what the rule gives has all the answers of *when*.

    *written* is a text by language; where a number is *counted*, the forms for it in each language. *facts*
    are published beside those of the code, with this sentence alone.
    """

    written: Annotated[Mapping[str, Any], Key("text"), As(object)]
    counted: Annotated[str, Key("count")] | None = None
    when: Mapping[str, tuple[str, ...]] = {}
    facts: tuple[str, ...] = ()

    @property
    def text(self) -> Text | CountedText:
        """The sentence."""
        return CountedText(self.written, self.counted) if self.counted else self.written


Wordings = Annotated[
    tuple[Wording, ...],
    Made(Label | tuple[Wording, ...], lambda read: (Wording(read),) if isinstance(read, Mapping) else read),
]
"""The sentences of a code are written as one text, or as several with the answers by which one is chosen."""

FactsWritten = Made(
    tuple[str | Mapping[str, str], ...],
    lambda read: {key: name for one in read for key, name in ({one: one} if isinstance(one, str) else one).items()},
)
"""A fact is written by its name; or by the one under which it is published, with the one that the rule gives it."""


class PublishedCode(NamedTuple):
    """One code with what it *means*, the *remedy*, and an *example* in words or as it is typed.

    That of a rule has its sentences here too. Of *says* and of *in_file* (for authors of files) the first wording that
    fits is said. *facts* are published, each under its name, and read under the one that the rule gives it. *where* is
    the place below the entry: a pointer, the ``amount`` of a line, or ``beside`` the field; without one it is the field
    itself. *gathered_as* is the fact that lists all names of a rule in one finding. *parts* are the ways of breaking a
    rule of a part that have this code where the rule names none.
    """

    code: Annotated[str, NAME_ABOVE]
    means: Label
    remedy: Label
    example: Label | tuple[str, ...] | None = None
    says: Wordings = ()
    in_file: Wordings = ()
    where: FindingPlace | None = None
    facts: Annotated[Mapping[str, str], FactsWritten] = {}
    gathered_as: Annotated[str, Key("gathered")] | None = None
    parts: tuple[str, ...] = ()


class FindingCodes(TypedDict):
    """The codes of findings, by name."""

    findings: Mapping[str, PublishedCode]


class ErrorCodes(TypedDict):
    """The codes of errors of the program, by name."""

    errors: Mapping[str, PublishedCode]


class PublishedCodes:
    """The codes of a rulebook that have sentences, read when the first finding is made."""

    def __init__(self, read: Callable[[], Mapping[str, PublishedCode]] = dict) -> None:
        self._read = read

    @cached_property
    def by_code(self) -> Mapping[str, PublishedCode]:
        """Each by its code."""
        return {name: one for name, one in self._read().items() if one.says}

    @cached_property
    def by_way(self) -> Mapping[tuple[str, str], PublishedCode]:
        """Those of parts, by the family of the form (``agreement``) and the way, as in ``amount.over``."""
        return {(name.partition("/")[0], way): one for name, one in self.by_code.items() for way in one.parts}
