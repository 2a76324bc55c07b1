"""The scope of a release of tables (houses, a period, the answers of a filter), and whether two releases share people.

Two releases that share people may give persons back by subtraction: all but one house, a year to date less the month
before, all less the women. Such a release is let through only as an exception, and only if one of the two contains
the other, so that what connects them can be computed (`releases.py`).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from shelterctl.core.values.days import Span, add_days
from shelterctl.immutable import immutable

HOUSE_COLUMN = "facility"
"""The column by which a table may be broken down by house."""


class Relation(StrEnum):
    """The relation of the people of two releases."""

    DISJOINT = "disjoint"
    """No entry is counted in both."""
    SAME = "same"
    """Houses, period and answers are equal: a period that was published is never published again."""
    OVERLAPPING = "overlapping"
    """Some entries may be counted in both."""


class Related(NamedTuple):
    """The relation of two releases, *by* which of ``date``, ``house`` and ``filter`` they differ, and whether one is
    *nested* in the other.

    Two that overlap and are not nested cannot be published together.
    """

    relation: Relation
    by: tuple[str, ...]
    nested: bool


@immutable(eq=True)
class ReleaseScope:
    """The entries of *houses* to count, from the day *first* to *last*, with the *answers* of a filter by column.

    Several answers of one column are alternatives; all columns must hold. Without *answers* everybody is counted.
    """

    houses: frozenset[str]
    first: date
    last: date
    answers: Mapping[str, frozenset[str]]

    @property
    def during(self) -> Span:
        """The days of the scope."""
        return Span(self.first, self.last)

    @property
    def counts_somebody(self) -> bool:
        """Whether there can be anybody with these answers in these houses."""
        return bool(self.houses) and all(self.answers.values())

    def contains(self, other: "ReleaseScope") -> bool:
        """Whether all that the other scope counts is counted in this one."""
        return (
            self.first <= other.first
            and other.last <= self.last
            and other.houses <= self.houses
            and all(codes.issuperset(other.answers.get(column, (None,))) for column, codes in self.answers.items())
        )

    def is_disjoint(self, other: "ReleaseScope", exclusive: Collection[str]) -> bool:
        """Whether nothing is counted in both scopes; in the *exclusive* columns nobody has two answers."""
        return (
            not self.during.overlaps(other.during)
            or self.houses.isdisjoint(other.houses)
            or self.is_filtered_apart(other, exclusive)
        )

    def is_filtered_apart(self, other: "ReleaseScope", exclusive: Collection[str]) -> bool:
        """Whether an exclusive column has no answer that both filters let through."""
        columns = self.answers.keys() & other.answers.keys() & set(exclusive)
        return any(self.answers[column].isdisjoint(other.answers[column]) for column in columns)

    def adjoins(self, other: "ReleaseScope") -> bool:
        """Whether one period begins on the day after the other ends, and a house is in both."""
        one, next_one = sorted((self, other), key=lambda scope: scope.first)
        return add_days(one.last, 1) == next_one.first and not self.houses.isdisjoint(other.houses)

    def narrowed(self, column: str, codes: frozenset[str], exclusive: Collection[str]) -> "ReleaseScope":
        """Return the scope of those who have one of these answers too; a house narrows the houses.

        In a column that is not exclusive somebody may have an answer of the filter and another of *codes*.
        """
        if column == HOUSE_COLUMN:
            return ReleaseScope(self.houses & codes, self.first, self.last, self.answers)
        before = self.answers.get(column)
        if before is not None and column in exclusive:
            codes &= before
        elif before is not None and before != codes:
            column += "&"
        return ReleaseScope(self.houses, self.first, self.last, {**self.answers, column: codes})


def relate_scopes(new: ReleaseScope, earlier: ReleaseScope, exclusive: Collection[str] = ()) -> Related:
    """Return how a new release is related to an earlier one; in the *exclusive* columns nobody has two answers."""
    differs = {
        "date": new.during != earlier.during,
        "house": new.houses != earlier.houses,
        "filter": dict(new.answers) != dict(earlier.answers),
    }
    by = tuple(name for name, is_so in differs.items() if is_so)
    if new.is_disjoint(earlier, exclusive):
        return Related(Relation.DISJOINT, by, nested=False)
    if not by:
        return Related(Relation.SAME, by, nested=True)
    return Related(Relation.OVERLAPPING, by, nested=new.contains(earlier) or earlier.contains(new))


def find_linked_scopes(
    new: ReleaseScope, earlier: Mapping[str, ReleaseScope], exclusive: Collection[str] = ()
) -> list[str]:
    """Return which earlier releases a reader can compute with beside a new one, by their ids in their order.

    Those are linked that share people, and those whose periods adjoin: who is there on the last night of a month is
    there on the first of the next. What is linked with a linked release is linked too.
    """
    found: set[str] = set()
    waiting = [new]
    while waiting:
        scope = waiting.pop()
        near = [name for name in _near(scope, earlier, exclusive) if name not in found]
        found.update(near)
        waiting += (earlier[name] for name in near)
    return [name for name in earlier if name in found]


def _near(scope: ReleaseScope, others: Mapping[str, ReleaseScope], exclusive: Collection[str]) -> Iterable[str]:
    for name, other in others.items():
        shares = not scope.is_disjoint(other, exclusive)
        if shares or (scope.adjoins(other) and not scope.is_filtered_apart(other, exclusive)):
            yield name
