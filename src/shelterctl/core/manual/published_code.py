"""The codes of findings that scripts know: what each says, which facts it publishes, and how it is explained.

The rulebook builds them from findings.yaml; `core.rules.findings` makes a finding of a broken rule with them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shelterctl.core.manual.field import Answers
from shelterctl.language import CountedText, Text


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Wording:
    """One sentence of a code: it is said where what the rule gives has all the answers of *when*.

    *facts* are published beside those of the code, with this sentence alone.
    """

    text: Text | CountedText
    when: Answers = field(default_factory=dict)
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PublishedCode:
    """One code with what it *means*, the *remedy*, and an *example* in words or as it is typed.

    That of a rule has its sentences here too. Of *says* and of *in_file* (for authors of files) the first wording that
    fits is said. *facts* are published, each under its name, and read under the one that the rule gives it. *where* is
    the place below the entry: a pointer, the ``amount`` of a line, or ``beside`` the field; without one it is the field
    itself. *gathered_as* is the fact that lists all names of a rule in one finding. *parts* are the ways of breaking a
    rule of a part that have this code where the rule names none.
    """

    code: str
    means: Text
    remedy: Text
    example: Text | Sequence[str] | None = None
    says: tuple[Wording, ...] = ()
    in_file: tuple[Wording, ...] = ()
    where: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    gathered_as: str | None = None
    parts: tuple[str, ...] = ()


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
