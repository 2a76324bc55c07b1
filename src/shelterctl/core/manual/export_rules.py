"""Limits of what leaves the house as tables: columns that go out for a reason alone, and rows that nobody can be found
by.
"""

from typing import NamedTuple

from shelterctl.core.manual.notation import Names


class AnonymisedRelease(NamedTuple):
    """The rule for rows of clients without a recipient.

    The store must have *least_clients*; each row must have *least_alike* rows that are alike in all of its *columns*;
    the next such release may come *months_between* calendar months after the last.
    """

    least_clients: int
    least_alike: int
    months_between: int
    columns: Names


class ExportRules(NamedTuple):
    """The *exact* columns, by dotted names, which need a reason although their kind does not say so; and the rule for
    rows without a recipient, None if there are to be none.
    """

    exact: Names = ()
    anonymised: AnonymisedRelease | None = None
