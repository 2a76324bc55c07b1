"""Standards of other organisations for data about cases: their columns, each with the place in a file that fills it.

A field of the tracks that a standard covers is mapped to a column, or it is named among what the standard loses.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from shelterctl.core.manual.notation import NAME_ABOVE, ONE_OR_MANY, Closed, Key, Label, Names
from shelterctl.immutable import immutable

STANDARD_ROWS = ("client", "stay")
"""The subjects of rows: each person once, or each of her stays."""

CONVERSIONS = ("text", "year", "day", "alpha3", "band")
"""The ways to write a value: as it is, its year, its full day, a country in three letters, or its band."""


@immutable(slots=False)
class StandardColumn:
    """A column of a standard, under its *name*, filled *from* one or more places of a file, or *unfilled*.

    *codes* translate our codes into those of the standard, and *otherwise* is theirs for every code without one. With
    *any* the column says *yes* if one of these codes of ours is there, and is empty if none is. With *person* it may
    name her, so that it goes out for a reason alone. *aliases* are other spellings of its heading, which are read, and
    *labels* other spellings of its codes. *bands* are the first numbers of its bands with their names.
    """

    name: Annotated[str, NAME_ABOVE]
    source: Annotated[tuple[str, ...], ONE_OR_MANY, Key("from")] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    any: Names = ()
    yes: str = "1"
    write: Annotated[str, Closed(CONVERSIONS)] = "text"
    bands: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    unfilled: bool = False
    aliases: Names = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@immutable(slots=False)
class Standard:
    """A standard: what its rows are about, its columns in order, and what of our files it has no column for.

    It *covers* tracks: each of their fields is in a column, or among what it *loses*, by the reason. *separator*
    stands between several codes of one cell.
    """

    name: Annotated[str, Key("standard")]
    text: Label
    source: str
    rows: Annotated[str, Closed(STANDARD_ROWS)]
    separator: str
    columns: Mapping[str, StandardColumn]
    covers: Names
    loses: Mapping[str, Names] = field(default_factory=dict)
    imports: bool = False

    @property
    def lost(self) -> Mapping[str, str]:
        """The reason, a code of the list *losses*, for which each field is lost, by the field."""
        return {name: reason for reason, names in self.loses.items() for name in names}
