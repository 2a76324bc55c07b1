"""Coverage of the manual: for each of its rows the command that does it, the reason why none does, or what is missing.

A row is a clause, a part of one (``M2.2.9/3``), a document, a deadline or a step of the life cycle.
"""

import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from shelterctl.core.manual.notation import NAME_ABOVE, ONE_OR_MANY, Key, Label, Names
from shelterctl.immutable import immutable

COVERAGE_FOLDER, COVERAGE_ORDER_FILE = "coverage", "coverage.yaml"
"""The folder of the rulebook with the rows, and its file with the chapters; neither shapes a record."""

OTHER_REASON = "other"
"""The reason that says itself, under ``because``, why a row is not done."""

STATUS_DONE, STATUS_NOT_DONE, STATUS_NOT_YET = COVERAGE_STATUSES = ("done", "not_done", "not_yet")
"""The status of a row: done by a command, not done for a reason, or not done as it should be yet."""

_LETTERS = re.compile("[A-Z]+")


class CoveringWork(NamedTuple):
    """The work that does a row: the commands as typed after ``shelterctl``, the *files* of the rulebook that say it,
    and the tests that hold it.
    """

    by: Names
    test: Names
    files: Annotated[tuple[str, ...], Key("in"), ONE_OR_MANY] = ()


@immutable
class CoverageRow:
    """One row of the manual. *text* is its short name where no clause and no deadline gives one.

    It is *done* by a command, or *not_done* for one of the reasons of `CoverageOrder`. *not_yet* says what is missing,
    also beside what is *done* already.
    """

    name: Annotated[str, NAME_ABOVE]
    text: Label | None = None
    done: CoveringWork | None = None
    not_done: str | None = None
    because: Label | None = None
    not_yet: Label | None = None

    @property
    def status(self) -> str:
        """The status of the row: what is missing weighs more than what is done."""
        return STATUS_NOT_YET if self.not_yet else STATUS_DONE if self.done else STATUS_NOT_DONE

    @property
    def clause(self) -> str:
        """The clause that the row is, or is a part of."""
        return self.name.partition("/")[0]

    @property
    def letters(self) -> str:
        """The letters with which its name begins; they say in which chapter it is."""
        found = _LETTERS.match(self.name)
        return found[0] if found else ""


class CoverageRows(NamedTuple):
    """The contents of one file of rows."""

    rows: Mapping[str, CoverageRow]


@immutable
class CoveredChapter:
    """A chapter of the manual, and the *letters* with which the names of its rows begin."""

    name: Annotated[str, NAME_ABOVE]
    text: Label
    letters: Names


class CoverageOrder(NamedTuple):
    """The chapters in their order, and the reasons for which a row may be not done."""

    chapters: Mapping[str, CoveredChapter]
    reasons: Mapping[str, Label]


def chapter_of_row(row: CoverageRow, chapters: Mapping[str, CoveredChapter]) -> str | None:
    """Return the name of the chapter of a row; None if no chapter has its letters."""
    return next((name for name, chapter in chapters.items() if row.letters in chapter.letters), None)
