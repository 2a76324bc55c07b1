"""The published codes of findings: the sentences of each, the facts it publishes, and its explanation.

They are read from findings.yaml; `core.rules.findings` uses them to make a finding of a broken rule.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.core.manual.notation import NAME_ABOVE, As, FindingPlace, Key, Label, Made
from shelterctl.language import CountedText, Text


class Wording(NamedTuple):
    """One sentence of a code, used where the facts of the violation have all the answers of *when*.

    *written* is a text by language, or where a number is *counted* the forms of each language. *facts* are published
    beside those of the code, with this sentence only.
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
"""The sentences of a code, written as one text or as several with the answers that choose between them."""

FactsWritten = Made(
    tuple[str | Mapping[str, str], ...],
    lambda read: {key: name for one in read for key, name in ({one: one} if isinstance(one, str) else one).items()},
)
"""Published facts, written by name, or as the published name with the name under which the rule gives the fact."""


class PublishedCode(NamedTuple):
    """One code of a finding or error: what it *means*, the *remedy*, and an *example* in words or as it is typed.

    A code that rules use has its sentences here too: the first wording of *says* that fits, and of *in_file* for
    authors of files. *facts* maps each published name to the name under which the rule gives the fact. *where* is the
    place below the entry: a pointer, the ``amount`` of a line, or ``beside`` the field; by default it is the field
    itself. *gathered_as* is the fact that lists all names of a rule in a single finding. *parts* are the ways to break
    a rule of a part that get this code where the rule names none, *ways* those to break any other rule.
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
    ways: tuple[str, ...] = ()


class FindingCodes(TypedDict):
    """The codes of findings, by name."""

    findings: Mapping[str, PublishedCode]


class ErrorCodes(TypedDict):
    """The codes of the program's errors, by name."""

    errors: Mapping[str, PublishedCode]


class PublishedCodes:
    """The codes of a rulebook that have sentences; they are read when the first finding is made."""

    def __init__(self, read: Callable[[], Mapping[str, PublishedCode]] = dict) -> None:
        self._read = read

    @cached_property
    def by_code(self) -> Mapping[str, PublishedCode]:
        """The codes with sentences, by name."""
        return {name: one for name, one in self._read().items() if one.says}

    @cached_property
    def by_way(self) -> Mapping[tuple[str, str], PublishedCode]:
        """The codes for parts, by the form's family (``agreement``) and the way to break a rule (``amount.over``)."""
        return {(name.partition("/")[0], way): one for name, one in self.by_code.items() for way in one.parts}

    @cached_property
    def code_of_way(self) -> Mapping[str, str]:
        """The codes of rules that name none, by the way to break the rule (``amount.under``)."""
        return {way: name for name, one in self._read().items() for way in one.ways}
