"""Limits of what leaves the house as tables: columns that go out for a reason alone, rows that nobody can be found
by, and blind matching with another house.
"""

from typing import NamedTuple

from shelterctl.core.manual.field import Answers
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


class MatchingRule(NamedTuple):
    """The rule for blind matching with another house: whom a list may hold, and for how long a matching may last.

    *consent* are the answers of a consent that covers it, *of_minor* those that it needs too for a client who may be
    younger than *minor_under*. A list holds at most *most_clients*; the last day is at most *longest_days* ahead.
    """

    longest_days: int
    most_clients: int
    consent: Answers
    minor_under: int
    of_minor: Answers


class ExportRules(NamedTuple):
    """The *exact* columns, by dotted names, which need a reason although their kind does not say so; and the rules for
    rows without a recipient and for blind matching, None if there are to be none.
    """

    exact: Names = ()
    anonymised: AnonymisedRelease | None = None
    matching: MatchingRule | None = None
