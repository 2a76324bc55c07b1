"""Plans of the rulebook: the tables that a house publishes, for whom, for which periods, and how they are protected."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import NAME_ABOVE, Closed, Key, Label, Names
from shelterctl.core.manual.report import Report, ReportRow, ReportSheet
from shelterctl.core.manual.track import as_title
from shelterctl.immutable import immutable

MONTH_GRID, QUARTER_GRID, YEAR_GRID = PLAN_GRIDS = ("month", "quarter", "year")
"""The periods of a plan: it has one grid, because periods of two grids can be subtracted from each other."""

MONTHS_OF_GRIDS: Mapping[str, int] = {MONTH_GRID: 1, QUARTER_GRID: 3, YEAR_GRID: 12}

EACH_HOUSE, HOUSES_TOGETHER = PLAN_HOUSES = ("each", "all")
"""The houses of a plan: each by itself, or all of them together. Both at once could be subtracted."""

PUBLIC_AUDIENCE, PARTNER_AUDIENCE = PLAN_AUDIENCES = ("public", "partner")
"""The readers of a plan: everybody, or a partner with whom IOM has an agreement."""

LEAST_SHOWN, LEAST_ALIKE = PLAN_LIMITS = ("least_shown", "least_alike")
"""The limits of the rulebook by which a plan hides small numbers: of reports.yaml, or of export.yaml."""

CROSSING_SIGN = "/"
"""The sign between two columns, and between two answers, of which a table shows every pair."""


@immutable
class MergedCode:
    """One answer of a plan in place of several: its words, and the answers *of* which it is made."""

    text: Label
    of: Names


@immutable(slots=False)
class PlanTable:
    """One table of a plan: the entries of a subject that it counts by the day in the column *dated*.

    *where* limits which entries count, *by* names one or two columns whose answers each get a number; if it is
    *crossed*, each pair of their answers too.
    """

    name: Annotated[str, NAME_ABOVE]
    text: Label
    count: str
    dated: str
    clause: str | None = None
    where: Answers = field(default_factory=dict)
    by: Names = ()
    crossed: bool = False

    def as_row(self, where: Answers) -> ReportRow:
        """Return the table as a row of a report, which is counted; *where* are the answers that the plan wants."""
        return ReportRow(
            name=self.name, text=self.text, clause=self.clause, count=self.count, dated=self.dated,
            where={**where, **self.where}, by=self.by,
        )  # fmt: skip


@immutable(slots=False)
class Plan:
    """A plan of what is published: its *tables*, its *audience*, and the one *grid* of its periods.

    *least* names the limit of the rulebook below which numbers of people are hidden. *rounding* is the base to which
    numbers are rounded, if it has one. *where* limits all tables to some answers. *merged* joins rare answers of a
    column before anything is counted.
    """

    name: Annotated[str, Key("plan")]
    text: Label
    clause: str
    audience: Annotated[str, Closed(PLAN_AUDIENCES)]
    grid: Annotated[str, Closed(PLAN_GRIDS)]
    houses: Annotated[str, Closed(PLAN_HOUSES)]
    least: Annotated[str, Closed(PLAN_LIMITS)]
    tables: Mapping[str, PlanTable]
    rounding: int | None = None
    where: Answers = field(default_factory=dict)
    merged: Mapping[str, Mapping[str, MergedCode]] = field(default_factory=dict)

    def as_report(self) -> Report:
        """Return the plan as a report, by which its tables are counted, shown and printed."""
        rows = {name: table.as_row(self.where) for name, table in self.tables.items()}
        return Report(self.name, self.text, self.clause, rows, ReportSheet(as_title(self.text)), public=True)
