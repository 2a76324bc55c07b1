"""Reports of the rulebook: the figures that a house reports for a month or a year, counted from what was recorded."""

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Annotated, NamedTuple

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import NAME_ABOVE, ONE_OR_MANY, Closed, Key, Label, Names
from shelterctl.core.manual.sheet import SHEET_SIGNERS
from shelterctl.immutable import immutable

STAY_SUBJECT, CLIENT_SUBJECT = "stay", "client"
"""The subjects of rows about people: each stay, or each person once however many stays she had."""

STANDING_FIRST, STANDING_LAST, STANDING_ANY = STANDINGS = ("first", "last", "any")
"""The nights of a period in which somebody must sleep in the house to be counted: the first, the last, or any."""

CHILDREN_NIGHTS = "children"
NIGHTS_SUBJECTS = (STAY_SUBJECT, CHILDREN_NIGHTS)
"""The people whose nights are counted: residents by their stays, and the children who stay with them."""

HOUSE_FIGURES = ("places", "fewest", "most", "average", "full_nights", "others")
"""The figures of a house over the nights of a period: its places, the fewest and the most sleepers, their average, the
nights without a free place, and the other people who were counted there.
"""

REPORT_PERIODS = ("month",)
"""The periods over which a report can be made."""

ROW_KINDS = ("count", "sum", "nights", "house", "list", "typed")


class ReportOrder(NamedTuple):
    """The settings of all reports: their *order*, and the least number of people printed for people outside.

    Smaller numbers but zero are hidden in a public copy.
    """

    order: tuple[str, ...]
    least_shown: int


@immutable(slots=False)
class ReportRow:
    """One row of a report. Exactly one of `ROW_KINDS` says what it shows.

    It *counts* the entries of a subject, *sums* a column of one (``outlay.amount``), counts *nights*, shows a figure of
    the *house*, *lists* entries by *columns*, each under its heading, or repeats what was *typed* into a field of the
    month's report. An entry counts by the day in the column *dated*; a stay also by its *standing*, the nights on
    which she slept in the house. *where* limits which entries count, *by* names columns whose answers each get a
    figure of their own. What is *impersonal* counts no people, such as meetings of the staff, and is never hidden.
    *year* is the text of the row in a report of a year, where it is not that of a month.
    """

    name: Annotated[str, NAME_ABOVE]
    text: Label
    year: Label | None = None
    clause: str | None = None
    reading: str | None = None
    count: str | None = None
    sum: str | None = None
    nights: Annotated[str, Closed(NIGHTS_SUBJECTS)] | None = None
    house: Annotated[str, Closed(HOUSE_FIGURES)] | None = None
    listed: Annotated[str | None, Key("list")] = None
    typed: str | None = None
    dated: str | None = None
    standing: Annotated[str, Closed(STANDINGS)] | None = None
    where: Answers = field(default_factory=dict)
    by: Names = ()
    columns: Mapping[str, Label] = field(default_factory=dict)
    impersonal: bool = False

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The words of `ROW_KINDS` that are written; a whole row has exactly one."""
        said = (self.count, self.sum, self.nights, self.house, self.listed, self.typed)
        return tuple(kind for kind, one in zip(ROW_KINDS, said, strict=True) if one is not None)

    @property
    def kind(self) -> str:
        """The kind of the row."""
        return self.kinds[0]

    @property
    def subject(self) -> str | None:
        """The subject of the row: clients, stays, agreements, or a track; None for a figure of the house or words."""
        if self.sum is not None:
            return self.sum.partition(".")[0]
        return self.count or self.listed or (STAY_SUBJECT if self.nights else None)

    @property
    def added_column(self) -> str | None:
        """The column whose numbers a row sums."""
        return self.sum.partition(".")[2] if self.sum is not None else None

    @property
    def is_number(self) -> bool:
        """Whether the row shows a number."""
        return self.kind not in ("list", "typed")


class ReportSheet(NamedTuple):
    """The sheet of a report: its *title*, that of a *year*, to whom it goes (*addressed*), who signs it, and the rows
    drawn as charts.
    """

    title: Label
    year: Label | None = None
    addressed: Label | None = None
    signed_by: Annotated[tuple[Annotated[str, Closed(SHEET_SIGNERS)], ...], ONE_OR_MANY] = ()
    chart: Names = ()


@immutable(slots=False)
class Report:
    """One report of a house over a *period*, with its rows in order.

    A report that is *public* can be printed for people outside with small counts hidden. *balances* and
    *bounds* are what a reader knows across rows: rows with factors that add up to 0, or to 0 or more. *year* is its
    text where it is made for a year.
    """

    name: Annotated[str, Key("report")]
    text: Label
    clause: str
    rows: Mapping[str, ReportRow]
    sheet: ReportSheet
    year: Label | None = None
    period: Annotated[str, Closed(REPORT_PERIODS)] = "month"
    public: bool = False
    balances: tuple[Mapping[str, int], ...] = ()
    bounds: tuple[Mapping[str, int], ...] = ()

    def word_for_year(self) -> "Report":
        """Return the report with the texts that it, its rows and its sheet have for a year."""
        rows = {name: replace(row, text=row.year or row.text) for name, row in self.rows.items()}
        sheet = self.sheet._replace(title=self.sheet.year or self.sheet.title)
        return replace(self, text=self.year or self.text, rows=rows, sheet=sheet)
