"""Standards of other organisations for data about cases: their columns, each with the place in a file that fills it.

A field of the tracks that a standard covers is mapped to a column, or it is named among what the standard loses.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Annotated

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import NAME_ABOVE, ONE_OR_MANY, Closed, Key, Label, Names
from shelterctl.immutable import immutable

CASE_KEY = "case"
"""The key of the number of a person's further case, in what another system says of it; the first case has none."""

STANDARD_ROWS = ("client", "stay")
"""The subjects of rows: each person once, or each of her stays."""

CONVERSIONS = ("text", "year", "day", "english_day", "alpha3", "band")
"""The ways to write a value: as it is, its year, its full day (2026-05-17, or 17-May-2026), a country in three letters,
or its band.
"""

SEVERAL_VALUES = ("all", "first", "none")
"""The ways to write several values: all, the first in the order of the column's codes, or none because the standard
takes one and no order is right.
"""


@immutable(slots=False)
class StandardColumn:
    """A column of a standard, under its *name*, filled *from* one or more places of a file, *unfilled*, or *shared*
    with the standard that this one is like.

    *codes* translate our codes into those of the standard, and *otherwise* is theirs for every code without one. With
    *any* the column says *yes* if one of these codes of ours is there, and is empty if none is. *agreed* is what it
    says of everybody who goes out, since only those go out who agreed. With *person* it may name her, so that it goes
    out for a reason alone. *aliases* are other spellings of its heading, which are read, and *labels* other spellings
    of its codes. *bands* are the first numbers of its bands with their names, *several* what is written of several
    values.
    """

    name: Annotated[str, NAME_ABOVE]
    source: Annotated[tuple[str, ...], ONE_OR_MANY, Key("from")] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    any: Names = ()
    yes: str = "1"
    write: Annotated[str, Closed(CONVERSIONS)] = "text"
    several: Annotated[str, Closed(SEVERAL_VALUES)] = "all"
    agreed: str | None = None
    bands: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    unfilled: bool = False
    shared: bool = False
    aliases: Names = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@immutable(slots=False)
class Standard:
    """A standard: what its rows are about, its columns in order, and what of our files it has no column for.

    It *covers* tracks: each of their fields is in a column, or among what it *loses*, by the reason. *separator*
    stands between several codes of one cell. *consent* are the answers of a consent that covers it. Shared columns
    are those of the standard *like*, of which this one is another edition; *imports* says that its files are
    read too.
    """

    name: Annotated[str, Key("standard")]
    text: Label
    source: str
    rows: Annotated[str, Closed(STANDARD_ROWS)]
    separator: str
    columns: Mapping[str, StandardColumn]
    covers: Names
    consent: Answers
    loses: Mapping[str, Names] = field(default_factory=dict)
    imports: bool = False
    like: str | None = None

    @property
    def family(self) -> str:
        """The name that all editions of a standard share."""
        return self.like or self.name

    def with_columns_of(self, other: "Standard") -> "Standard":
        """Return the standard with its shared columns taken from another one."""
        columns = {
            name: other.columns.get(name, column) if column.shared else column for name, column in self.columns.items()
        }
        return replace(self, columns=columns)

    @property
    def lost(self) -> Mapping[str, str]:
        """The reason, a code of the list *losses*, for which each field is lost, by the field."""
        return {name: reason for reason, names in self.loses.items() for name in names}
