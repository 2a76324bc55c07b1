"""The figures of a house's report: counted from what is recorded, as they were when the report was closed, and the
corrections of earlier months that no closed report has yet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from shelterctl.act.holding_registers import read_holding_registers
from shelterctl.act.report import (
    ReportMonth,
    find_report_entry,
    month_before,
    read_clients,
    read_clients_on_days,
    read_record,
    unread_tracks,
)
from shelterctl.core.manual.plan import Plan
from shelterctl.core.manual.report import Report, ReportRow
from shelterctl.core.manual.track import MONTH_REPORT
from shelterctl.core.record.client import Client, Registered
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.occupancy import (
    NightsSummary,
    OtherSleepers,
    SleptNights,
    summarise_by_month,
    summarise_by_year,
)
from shelterctl.core.rules.retention import RegistersRead
from shelterctl.core.tables.columns import MONTH_LENGTH, Cell, ListRow
from shelterctl.core.tables.figures import (
    NO_ANSWER,
    Figure,
    FigureCell,
    FigureCount,
    Number,
    RowColumns,
    answers_of,
    find_counted_days,
    find_row_columns,
    find_slept_days,
)
from shelterctl.core.tables.list_rows import subject_rows
from shelterctl.core.tables.lists import make_subject_table
from shelterctl.core.tables.plan_columns import plan_columns
from shelterctl.core.values.days import Span, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import write_som
from shelterctl.immutable import immutable
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.session import Session
from shelterctl.view.exported import heading_of

if TYPE_CHECKING:
    from shelterctl.index.client_index import ClientIndex

MONTHS_CORRECTED = 12
"""The greatest number of earlier months whose closed figures are compared with what is recorded now."""


class Correction(NamedTuple):
    """A figure of a closed month that would be another one now: its *row*, and the column and the answer of a part.

    *month* is the month of the closed report, ``YYYY-MM``; both numbers are text, as closed reports keep them.
    """

    month: str
    row: str
    by: str | None
    answer: str | None
    closed: str
    now: str


@immutable(slots=False)
class HouseReport:
    """A report of a house for a month, with its figures; *columns* are those that its rows name.

    A closed report has the figures with which it was *closed*, unless it is counted again. *outside* counts entries of
    the month that belong to no house. *corrections* are those of earlier months. In a *public* copy small numbers are
    hidden: numbers below it, and others from which they could be found; it is in the ledger as *published*.
    """

    report: Report
    seen: ReportMonth
    figures: tuple[Figure, ...]
    columns: Mapping[str, RowColumns]
    outside: int = 0
    closed: Facts | None = None
    corrections: tuple[Correction, ...] = ()
    public: int | None = None
    published: "PublishedAs | None" = None


PackedMonths = Sequence[str] | None
"""The first and the last month of a time, ``YYYY-MM``, as an index keeps them; None where there is none."""


def pack_months(spans: Iterable[Span | None]) -> PackedMonths:
    """Return the months from the first to the last day of several times; many clients have the same two."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    first, last = min(span.first for span in known), max(span.last for span in known)
    return [first.isoformat()[:MONTH_LENGTH], last.isoformat()[:MONTH_LENGTH]]


def meet_months(packed: PackedMonths, during: Span) -> bool:
    """Whether some of the months have days of a period."""
    asked = pack_months([during])
    return packed is not None and asked is not None and packed[0] <= asked[1] and asked[0] <= packed[1]


class PublishedAs(NamedTuple):
    """A copy for people outside as the ledger has it: the name of its release, its day, and the base of rounding."""

    release: str
    on: date
    rounding: int


class ReportCounter:
    """Counts a report for one house, month after month; all months in one reading of clients' files.

    The tables of a *plan* have merged answers and pairs of answers. Where the count *chooses files*, those that add
    nothing in these months stay closed, if the index knows them; an act counts from all files.
    """

    def __init__(
        self, session: Session, report: Report, plan: Plan | None = None, *, chooses_files: bool = False
    ) -> None:
        self.session, self.report, self.plan, self.chooses_files = session, report, plan, chooses_files
        self.columns: dict[str, RowColumns] = {}
        self._closed = {track.name for track in unread_tracks(session, report)}
        self._build_level = make_level_builder(
            session.rulebook, lambda: session.today, lambda: read_holding_registers(session)
        )

    def count(self, months: Sequence[ReportMonth]) -> list[HouseReport]:
        """Return the report of each month with its figures as they are recorded; all are known on one day.

        A figure has no number where the person does not read the register that it counts.
        """
        counts = [MonthCount(self, seen) for seen in months]
        subjects = {subject for one in counts for subject in one.subjects}
        for her in self._choose_clients(months):
            rows = {subject: self.rows_of(subject, [her]) for subject in subjects}
            for one in counts:
                one.add(her, rows)
        return [one.make_report() for one in counts]

    def _choose_clients(self, months: Sequence[ReportMonth]) -> Iterator[Client]:
        """Return the clients whose files may add to the report of one of these months, or more of them.

        What was known on an earlier day may have had other days, so for that all files are read.
        """
        known_on, index = months[0].known_on, self.session.index
        if index is None or known_on is not None or not self.chooses_files:
            return read_clients(self.session, known_on)
        return index.choose(
            f"months of report {self.report.name}",
            self._make_answer(index),
            lambda packed: any(meet_months(packed, one.during) for one in months),
        )

    def _make_answer(self, index: "ClientIndex") -> Callable[[Client], PackedMonths]:
        """Return the function that finds the months from the first to the last in which a client may count."""
        rulebook = self.session.rulebook

        def read_registers() -> RegistersRead:
            index.watch.read_elsewhere()
            return read_holding_registers(self.session)

        build = make_level_builder(rulebook, lambda: index.watch.today, read_registers)
        rows = [
            (row, row.subject, find_row_columns(row, make_subject_table(row.subject, rulebook.tracks, build)))
            for row in self.report.rows.values()
            if row.subject is not None and not self.is_of_register(row.subject)
        ]
        subjects = {subject for _, subject, _ in rows}
        counts_nights = any(row.house is not None for row in self.report.rows.values())

        def answer(her: Client) -> PackedMonths:
            hers = {subject: self.rows_of(subject, [her]) for subject in subjects}
            counted = [find_counted_days(row, columns, one) for row, subject, columns in rows for one in hers[subject]]
            return pack_months([*counted, *(map(find_slept_days, her.stays) if counts_nights else ())])

        return answer

    def reads(self, subject: str) -> bool:
        """Whether this person reads what is to be counted."""
        return subject not in self._closed

    def is_of_register(self, subject: str) -> bool:
        """Whether entries of a register are counted."""
        track = self.session.rulebook.tracks.get(subject)
        return track is not None and track.of_register is not None

    def rows_of(self, subject: str, clients: Iterable[Client], records: Iterable[Registered] = ()) -> list[ListRow]:
        """Return the rows of a subject, from clients or from the joined records of registers."""
        rulebook = self.session.rulebook
        return [*subject_rows(subject, rulebook.tracks, rulebook.forms, clients, records)]

    def find_columns(self, row: ReportRow, subject: str) -> RowColumns:
        """Return the columns that a row names."""
        if row.name not in self.columns:
            table = make_subject_table(subject, self.session.rulebook.tracks, self._build_level)
            columns = find_row_columns(row, table)
            if self.plan is not None:
                columns = plan_columns(self.plan, self.plan.tables[row.name], columns, heading_of)
            self.columns[row.name] = columns
        return self.columns[row.name]


class MonthCount:
    """The figures of one month while they are counted, client by client: no file is kept."""

    def __init__(self, counter: ReportCounter, seen: ReportMonth) -> None:
        self.counter, self.seen = counter, seen
        self._houses = counter.session.store.shelter.value["facilities"]
        self._counts: dict[str, FigureCount] = {}
        self._nowhere: dict[str, FigureCount] = {}
        self._slept = SleptNights(seen.house, seen.during)
        for row in counter.report.rows.values():
            if row.subject is not None and counter.reads(row.subject):
                columns = counter.find_columns(row, row.subject)
                self._counts[row.name] = FigureCount(row, columns, seen.during)
                self._nowhere[row.name] = FigureCount(row, columns, seen.during)
        for name, count in self._counts.items():
            subject = str(count.row.subject)
            if counter.is_of_register(subject):
                self._add_rows(name, counter.rows_of(subject, (), seen.records))

    @property
    def subjects(self) -> set[str]:
        """The subjects of which rows are made from clients' files."""
        named = {str(count.row.subject) for count in self._counts.values()}
        return {subject for subject in named if not self.counter.is_of_register(subject)}

    def add(self, her: Client, rows: Mapping[str, Sequence[ListRow]]) -> None:
        """Count one client, with her rows by their subject."""
        self._slept.add(her)
        for name, count in self._counts.items():
            if found := rows.get(str(count.row.subject)):
                self._add_rows(name, found)

    def _add_rows(self, name: str, rows: Sequence[ListRow]) -> None:
        if self.seen.house is None or len(self._houses) == 1:
            self._counts[name].add(rows)
            return
        self._nowhere[name].add(one for one in rows if _house_of(one) is None)
        self._counts[name].add(one for one in rows if _house_of(one) == self.seen.house)

    def make_report(self) -> HouseReport:
        """Return the report of the month with all that was counted."""
        nowhere = (count.make_figure().entries for count in self._nowhere.values())
        outside = {(one.of, one.entry) for entries in nowhere for one in entries}
        report = self.counter.report
        figures = tuple(self._make_figure(row) for row in report.rows.values())
        return HouseReport(report, self.seen, figures, self.counter.columns, len(outside))

    def _make_figure(self, row: ReportRow) -> Figure:
        if row.typed is not None:
            return Figure(row, words=self._words_of(row.typed))
        if row.house is not None:
            number, unit = self._figure_of_house(row.house)
            return Figure(row, number, unit)
        counted = self._counts.get(row.name)
        return counted.make_figure() if counted else Figure(row)

    def _words_of(self, name: str) -> str | None:
        """Return what was typed into a field of the month's report."""
        entry = self.seen.entry_of(self.counter.report) or {}
        value = read_entry(self.counter.session.rulebook.track_for(MONTH_REPORT), entry).values.get(name)
        return write_som(value) if isinstance(value, Decimal) else value

    def _figure_of_house(self, name: str) -> tuple[Number | None, str]:
        """Return a figure of the house over the nights of the month, and its unit; None for several houses."""
        seen = self.seen
        if seen.house is None:
            return None, "whole"
        house = self._houses[seen.house]
        written = house.get("others")
        others = OtherSleepers(read_day(written["on"]) or seen.last, written["number"]) if written else None
        if name in ("places", "others"):
            return (int(house["capacity"]) if name == "places" else others.number if others else 0), "whole"
        known = others if others and others.on <= seen.during.last else None
        nights = self._slept.list_all(int(house["capacity"]), known)
        (summary,) = (summarise_by_year if seen.year else summarise_by_month)(nights)
        return _NIGHT_FIGURES[name](summary), "decimal" if name == "average" else "whole"


def _house_of(row: ListRow) -> str | None:
    """Return the house that a row belongs to: the code of its record, or the house of its stay."""
    return row.code or (row.stay.facility if row.stay else None)


_NIGHT_FIGURES: Mapping[str, Callable[[NightsSummary], Number | None]] = {
    "fewest": lambda summary: summary.least,
    "most": lambda summary: summary.most,
    "average": lambda summary: summary.average,
    "full_nights": lambda summary: summary.full,
}


def count_as_known(wanted: Sequence[tuple[ReportCounter, ReportMonth, date]]) -> list[HouseReport]:
    """Return reports of months, each as it was known on a day of its own, all in one reading of clients' files."""
    if not wanted:
        return []
    counts = [(MonthCount(counter, seen), counter, known_on) for counter, seen, known_on in wanted]
    session = wanted[0][0].session
    for versions in read_clients_on_days(session, {known_on for *_, known_on in wanted}):
        for her, days in versions:
            of_days = [(one, counter) for one, counter, known_on in counts if known_on in days]
            rows = {
                subject: counter.rows_of(subject, [her])
                for subject, counter in {name: counter for one, counter in of_days for name in one.subjects}.items()
            }
            for one, _ in of_days:
                one.add(her, rows)
    return [one.make_report() for one, *_ in counts]


def make_report(
    session: Session, report: Report, seen: ReportMonth, *, anew: bool = False, for_act: bool = False
) -> HouseReport:
    """Return a report of a month: as it was closed, if it was and is not counted *anew*, with its corrections.

    A year is always counted anew and has no corrections. *For an act* every file is opened.

    Corrections are of earlier closed months: what was recorded after they were closed, and is in no closed report yet.
    """
    counter = ReportCounter(session, report.word_for_year() if seen.year else report, chooses_files=not for_act)
    entry = None if anew or seen.known_on is not None else seen.entry_of(report)
    if entry is not None and "closed" in entry and "figures" in entry:
        (made,) = counter.count([seen])
        return replace(_as_closed(made, entry), corrections=tuple(_kept_corrections(entry)))
    corrects = seen.house is not None and seen.known_on is None and not seen.year
    earlier = _find_closed_months(counter, seen) if corrects else []
    made, *again = counter.count([seen, *(one.seen for one in earlier)])
    found = [_find_corrections(one.said, now) for one, now in zip(earlier, again, strict=True)]
    return replace(made, corrections=tuple(one for listed in reversed(found) for one in listed))


def _as_closed(made: HouseReport, entry: Facts) -> HouseReport:
    """Return a report with the figures and lists that its closed entry keeps."""
    kept = [one for one in entry.get("figures") or () if "month" not in one]
    return replace(
        made, closed=entry, figures=tuple(_figure_as_closed(one, kept, made.columns) for one in made.figures)
    )


def _figure_as_closed(figure: Figure, kept: Sequence[Facts], columns: Mapping[str, RowColumns]) -> Figure:
    own = [one for one in kept if one["row"] == figure.row.name]
    whole = next((one["number"] for one in own if "by" not in one), None)
    if figure.row.kind == "typed" or whole is None:
        return figure if figure.row.kind == "typed" else replace(figure, number=None, cells=(), entries=(), listed=())
    if figure.row.kind == "list":
        lines: dict[str, dict[str, Cell]] = {}
        shown = columns[figure.row.name].listed
        for one in own:
            if "by" in one:
                cell = str(one.get("answer", ""))
                is_som = one["by"] in shown and shown[one["by"]].kind == "som"
                lines.setdefault(one["number"], {})[one["by"]] = Decimal(cell) if is_som else cell
        blank = dict.fromkeys(figure.row.columns)
        listed = tuple({**blank, **cells} for _, cells in sorted(lines.items(), key=lambda pair: int(pair[0])))
        return replace(figure, number=int(whole), listed=listed, entries=())
    said = {(one["by"], answer_as_counted(one.get("answer"))): one["number"] for one in own if "by" in one}
    cells = [
        replace(cell, number=read_number(said.pop((cell.by, cell.answer), "0"), figure.unit), entries=())
        for cell in figure.cells
    ]
    cells += [FigureCell(by, answer, read_number(number, figure.unit)) for (by, answer), number in said.items()]
    return replace(figure, number=read_number(whole, figure.unit), cells=tuple(cells), entries=())


NO_ANSWER_KEPT = "none"
"""The word under which a closed report keeps the number of entries without an answer."""


def answer_as_counted(kept: str | None) -> str:
    """Return an answer as figures count it, from the word under which a closed report keeps it."""
    return NO_ANSWER if kept is None or kept == NO_ANSWER_KEPT else kept


def read_number(written: str, unit: str) -> Number:
    """Return a number that a closed report keeps as text."""
    return int(written) if unit == "whole" else Decimal(written)


def write_number(number: Number, unit: str) -> str:
    """Return a number as text: som with two decimals, an average with one."""
    return write_som(Decimal(number)) if unit == "som" else str(number)


def figures_to_keep(made: HouseReport) -> list[dict[str, str]]:
    """Return the figures of a report as its closed entry keeps them: lists too, but neither words nor parts of zero.

    Each line of a list is kept cell by cell, under the number of the line. Corrections name their month.
    """
    own = [line for one in made.figures for line in _lines_to_keep(one)]
    corrected = (
        {"month": one.month, "row": one.row, "by": one.by, "answer": one.answer, "number": one.now}
        for one in made.corrections
    )
    return [*own, *({name: said for name, said in one.items() if said is not None} for one in corrected)]


def _lines_to_keep(one: Figure) -> Iterator[dict[str, str]]:
    if one.number is None or one.row.kind == "typed":
        return
    yield {"row": one.row.name, "number": write_number(one.number, one.unit)}
    for cell in one.cells:
        if cell.number:
            answer = cell.answer or NO_ANSWER_KEPT
            yield {"row": one.row.name, "by": cell.by, "answer": answer, "number": write_number(cell.number, one.unit)}
    for number, line in enumerate(one.listed, 1):
        for name, value in line.items():
            if value is not None:
                answer = write_som(value) if isinstance(value, Decimal) else " ".join(answers_of(value))
                yield {"row": one.row.name, "by": name, "answer": answer, "number": str(number)}


def compare_figures(made: HouseReport, closed: Facts, month: str) -> list[Correction]:
    """Return the figures that differ from those of a closed report, lists aside, each as closed and as it is now."""
    lists = {one.row.name for one in made.figures if one.row.kind == "list"}
    then = {_place_of(one): one["number"] for one in closed.get("figures") or () if "month" not in one}
    return _differences(then, made, month, lists)


def _differences(
    then: Mapping[tuple[str, str | None, str | None], str], made: HouseReport, month: str, lists: Iterable[str]
) -> list[Correction]:
    now = {_place_of(one): one["number"] for figure in made.figures for one in _lines_to_keep(figure)}
    units = {one.row.name: one.unit for one in made.figures if one.number is not None}
    found = []
    for place in dict.fromkeys((*now, *then)):
        row, by, answer = place
        if row not in units or (row in lists and by is not None):
            continue
        zero = write_number(0, units[row])
        said, is_now = then.get(place, zero), now.get(place, zero)  # a part of zero is not kept
        if said != is_now:
            found.append(Correction(month, row, by, answer, said, is_now))
    return found


def _place_of(one: Mapping[str, str]) -> tuple[str, str | None, str | None]:
    return one["row"], one.get("by"), one.get("answer")


class ClosedMonth(NamedTuple):
    """An earlier closed month, and what closed reports have *said* of each of its figures."""

    seen: ReportMonth
    said: Mapping[tuple[str, str | None, str | None], str]


def _find_closed_months(counter: ReportCounter, seen: ReportMonth) -> list[ClosedMonth]:
    """Return the closed months before a month, the last first.

    It goes back to the first month whose report was not closed, at most `MONTHS_CORRECTED` months.
    """
    session, report, house = counter.session, counter.report, str(seen.house)
    said_later: dict[str, dict[tuple[str, str | None, str | None], str]] = {}
    found: list[ClosedMonth] = []
    month = seen.month
    for _ in range(MONTHS_CORRECTED):
        month = month_before(month)
        record = read_record(session, house, month)
        entry = find_report_entry(session.rulebook.tracks, record, report.name, month)
        if entry is None or "closed" not in entry or "figures" not in entry:
            break
        lines = entry.get("figures") or ()
        for one in lines:
            if "month" in one:
                said_later.setdefault(one["month"], {}).setdefault(_place_of(one), one["number"])
        said = {_place_of(one): one["number"] for one in lines if "month" not in one} | said_later.get(month, {})
        found.append(ClosedMonth(seen.in_month(session, month, report), said))
    return found


def _find_corrections(said: Mapping[tuple[str, str | None, str | None], str], now: HouseReport) -> list[Correction]:
    """Return the figures of an earlier closed month that differ now from what closed reports have said of them."""
    lists = {one.row.name for one in now.figures if one.row.kind == "list"}
    return _differences(said, now, now.seen.month, lists)


def _kept_corrections(entry: Facts) -> Iterator[Correction]:
    """Yield the corrections that a closed report keeps; what they corrected is in the report of their month."""
    for one in entry.get("figures") or ():
        if "month" in one:
            yield Correction(one["month"], one["row"], one.get("by"), one.get("answer"), "", one["number"])


def closed_on(entry: Facts) -> date | None:
    """Return the day on which a report was closed."""
    return read_day((entry.get("closed") or {}).get("on"))


def words_of_report(made: HouseReport) -> dict[str, str | None]:
    """Return what was typed into a report, by the name of the row."""
    return {one.row.name: one.words for one in made.figures if one.row.kind == "typed"}
