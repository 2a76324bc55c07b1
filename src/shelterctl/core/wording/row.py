"""How one code is told: its sentence, its place and its facts, which scripts know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shelterctl.language import Marked, Sentence

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Row:
    """How one code is told: *facts* are the names of those that are published, *where* a place of its own.

    *beside* says that it is looked for beside the field and not at it; *gathers* that all names of a rule are one
    finding, under this fact. *told* makes a published fact of what the verb gives.
    """

    message: Sentence | Callable[[Facts], Sentence]
    in_file: Marked | Callable[[Facts], Marked] | None = None
    where: str | None = None
    facts: tuple[str, ...] = ()
    beside: bool = False
    gathers: str | None = None
    told: Callable[[Facts], Facts] = dict
