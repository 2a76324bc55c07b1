"""A release before and after it is published: the figures that a plan or a public report counts, protected together
with what was published before, and the figures of the ledger as a report that is shown and printed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shelterctl.act.publish import (
    SHOWN,
    Ledger,
    Publication,
    digest_rows,
    find_publication,
    judge_figures,
    judge_reading,
    judge_records,
    scope_of,
)
from shelterctl.act.report import make_month, read_month, unread_tracks
from shelterctl.core.finding import Finding
from shelterctl.core.manual.plan import CROSSING_SIGN
from shelterctl.core.manual.report import CLIENT_SUBJECT, STANDING_FIRST, STANDING_LAST, ReportRow
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.figures import NO_ANSWER, CountedEntry, Figure, FigureCell, Number, RowColumns
from shelterctl.core.tables.ledger import (
    DAY_LENGTH,
    LedgerRelease,
    PublishedNumbers,
    ReleaseTerms,
    find_silent_releases,
    write_facts,
)
from shelterctl.core.tables.plan_columns import cell_place, fill_pairs
from shelterctl.core.tables.releases import (
    CountedRelease,
    OverTime,
    ProtectedRelease,
    PublishedRelease,
    ReleaseRow,
    find_linked_releases,
    protect_beside_neighbours,
)
from shelterctl.core.tables.small_counts import CountTable, FigurePlace
from shelterctl.core.values.money import smallest_amount
from shelterctl.session import Session
from shelterctl.view.public_report import HOUSE_FIGURES_OF_NOBODY, count_tables
from shelterctl.view.report_figures import (
    HouseReport,
    PublishedAs,
    ReportCounter,
    count_as_known,
    read_number,
    write_number,
)

METHOD = "sums-1"
"""The method of protection, as the ledger names it: proven over all sums that a reader knows (core/tables)."""


class CountedPublication(NamedTuple):
    """A publication with its true figures, which are never stored: the report that was counted, and its release."""

    made: HouseReport
    release: CountedRelease


class PreparedRelease(NamedTuple):
    """A release that is ready to be signed: the *notes* for the journal, or the findings that refuse it."""

    notes: Sequence[Mapping[str, object]]
    findings: tuple[Finding, ...]
    tables: Mapping[str, str]
    hidden: int


def count_publication(session: Session, wanted: Publication) -> CountedPublication:
    """Return the true figures of a publication, as they are known now."""
    seen = read_month(session, wanted.of, wanted.subject.period, [wanted.report])
    (made,) = ReportCounter(session, wanted.report, wanted.plan).count([seen])
    return _as_release(wanted, made)


def count_publications_again(session: Session, wanted: Sequence[tuple[Publication, date]]) -> list[CountedRelease]:
    """Return the true figures of publications, each as they were known on its day, in one reading of clients' files."""
    counters: dict[tuple[str, str], ReportCounter] = {}
    months = []
    for one, known_on in wanted:
        name = one.subject.kind, one.subject.name
        if name not in counters:
            counters[name] = ReportCounter(session, one.report, one.plan)
        seen = read_month(session, one.of, one.subject.period, [one.report], known_on)
        months.append((counters[name], seen, known_on))
    return [_as_release(one, made).release for (one, _), made in zip(wanted, count_as_known(months), strict=True)]


def _as_release(wanted: Publication, made: HouseReport) -> CountedPublication:
    """Return a report with its figures as the protection over several releases takes them."""
    report, seen = wanted.report, made.seen
    made = replace(made, figures=tuple(fill_pairs(one) for one in made.figures))
    tables, known = count_tables(made)
    by_name = {table.name: table for table in tables}
    houses = {record.id for record in seen.records}
    rows = [_release_row(one, by_name[one.row.name], houses) for one in made.figures if one.row.name in by_name]
    balances = [factors for factors in report.balances if factors.keys() <= by_name.keys()]
    return CountedPublication(made, CountedRelease(wanted.id, scope_of(wanted.subject), rows, known, balances))


def _release_row(one: Figure, table: CountTable, houses: Iterable[str]) -> ReleaseRow:
    """Return a figure as the protection over several releases takes it, with the persons behind each place."""
    unit = int(1 / smallest_amount()) if one.unit == "som" else 1
    shares: dict[FigurePlace, dict[str, int]] = {(one.row.name,): _shares(one.entries, unit, houses)}
    for cell in one.cells:
        if cell.number:
            shares[cell_place(one.row.name, cell.by, cell.answer)] = _shares(cell.entries, unit, houses)
    answers = {column: frozenset(codes) for column, codes in one.row.where.items()}
    return ReleaseRow(table, _counted_thing(one.row), _over_time(one.row), shares, answers, unit)


def _shares(entries: Sequence[CountedEntry], unit: int, houses: Iterable[str]) -> dict[str, int]:
    """Return the part of each person in a figure; an entry of a house's register counts as a person of its own."""
    found: Counter[str] = Counter()
    for entry in entries:
        found[str(entry.entry) if entry.of in houses else entry.of] += int(entry.number * unit)
    return dict(found)


def _counted_thing(row: ReportRow) -> str:
    """Return what a row counts, without its period, its answers and the nights on which somebody stands."""
    thing = f"nights.{row.nights}" if row.nights else row.sum or str(row.subject)
    return f"{thing}.{row.dated}" if row.dated else thing


def _over_time(row: ReportRow) -> OverTime:
    if row.standing == STANDING_FIRST:
        return OverTime.FIRST
    if row.standing == STANDING_LAST:
        return OverTime.LAST
    return OverTime.ONCE if row.subject == CLIENT_SUBJECT or row.standing else OverTime.ADDS


def prepare_release(
    session: Session, wanted: Publication, ledger: Ledger, why: str | None = None, asked_by: str | None = None
) -> PreparedRelease:
    """Return a release whose figures are protected together with all that was published before, ready to be signed."""
    counted = count_publication(session, wanted)
    if found := judge_reading(session, wanted, [track.text for track in unread_tracks(session, wanted.report)]):
        return PreparedRelease((), found, {}, 0)
    totals = [row.table.total.value for row in counted.release.rows]
    if not any(totals) and (found := judge_records(wanted, _first_days(session, counted.made))):
        return PreparedRelease((), found, {}, 0)
    done = _protect(session, wanted, ledger, counted)
    tables = {row.table.name: str(done.withheld.get(row.table.name, SHOWN)) for row in counted.release.rows}
    empty = any(totals) and not any(done.shown.values())
    if found := judge_figures(wanted, is_empty=empty, exposed=done.exposed, recounted=[*done.recounted]):
        return PreparedRelease((), found, tables, len(done.hidden))
    numbers = _published_numbers(counted.made, done, wanted.least)
    entries = ((one.row.name, entry.of, str(entry.entry)) for one in counted.made.figures for entry in one.entries)
    terms = ReleaseTerms(
        wanted.audience, wanted.least, wanted.rounding, METHOD, digest_rows(session, entries),
        session.rulebook.digest, done.verified, why, asked_by,
    )  # fmt: skip
    return PreparedRelease(write_facts(wanted.subject, terms, tables, numbers), (), tables, len(done.hidden))


def _first_days(session: Session, made: HouseReport) -> Iterator[date]:
    """Yield the days from which something is recorded: the first of the journals, and of the registers of each house
    that is counted.
    """
    if first := session.store.vault.journal.earliest_time():
        yield date.fromisoformat(first[:DAY_LENGTH])
    yield from (house.opened_on for house in made.seen.records if house.opened_on)


def exclusive_columns(made: HouseReport) -> list[str]:
    """Return the columns of a report in which nobody has two answers."""
    several: dict[str, bool] = defaultdict(bool)
    for one in made.figures:
        for cell in one.cells:
            several[cell.by] |= cell.by in one.overlapping
    return sorted(name for name, more in several.items() if not more and CROSSING_SIGN not in name)


def _protect(session: Session, wanted: Publication, ledger: Ledger, counted: CountedPublication) -> ProtectedRelease:
    """Return a release protected together with all earlier ones that a reader can compute with beside it."""
    exclusive = exclusive_columns(counted.made)
    linked = _find_linked(ledger, counted, exclusive)
    plans = {one.id: again for one in linked if (again := find_publication(session, one.subject)) is not None}
    known = [one for one in linked if one.id in plans]
    recounted = count_publications_again(session, [(plans[one.id], one.day) for one in known])
    earlier = [(_as_published(one, then), then) for one, then in zip(known, recounted, strict=True)]
    base = wanted.rounding or None
    unknown = len(plans) < len(linked)
    return protect_beside_neighbours(counted.release, earlier, wanted.least, base, exclusive, unknown=unknown)


def _find_linked(ledger: Ledger, counted: CountedPublication, exclusive: Sequence[str]) -> list[LedgerRelease]:
    """Return the earlier releases that a reader can compute with beside the new one."""
    scopes = {one.id: scope_of(one.subject) for one in ledger.releases}
    linked = find_linked_releases(counted.release, scopes, find_silent_releases(ledger.releases), exclusive)
    return [one for name in linked if (one := ledger.find(name)) is not None]


def _as_published(one: LedgerRelease, then: CountedRelease) -> PublishedRelease:
    """Return a release as the ledger has it; what it does not name was 0."""
    numbers = one.numbers or PublishedNumbers({}, frozenset())
    zeros = {place: 0 for row in then.rows for place, _ in row.table.figures() if place not in numbers.hidden}
    base = one.terms.rounding or None
    scope = scope_of(one.subject)
    return PublishedRelease(one.id, scope, {**zeros, **numbers.shown}, numbers.hidden, one.terms.least, base)


def _published_numbers(made: HouseReport, done: ProtectedRelease, least: int) -> PublishedNumbers:
    """Return what is published: protected figures, and those that count nobody.

    Figures of a house over its nights are made from nights of residents, so they are shown only if nothing is hidden.
    """
    others: dict[FigurePlace, str | None] = {}
    for one in made.figures:
        if one.number is None or one.row.kind == "typed":
            continue
        if one.row.house is not None:
            small = bool(done.hidden) or 0 < one.number < least
            keeps = one.row.house in HOUSE_FIGURES_OF_NOBODY or not small
            others[one.row.name,] = write_number(one.number, one.unit) if keeps else None
        elif one.row.impersonal:
            others[one.row.name,] = write_number(one.number, one.unit)
            for cell in one.cells:
                if cell.number:
                    others[cell_place(one.row.name, cell.by, cell.answer)] = write_number(cell.number, one.unit)
    return PublishedNumbers(dict(done.shown), frozenset(done.hidden), others)


def restore_report(session: Session, wanted: Publication, release: LedgerRelease) -> HouseReport:
    """Return a release as it was published, for the screen and for paper: from the ledger alone, no file is counted."""
    report, numbers = wanted.report, release.numbers or PublishedNumbers({}, frozenset())
    seen = make_month(session, wanted.of, wanted.subject.period, [])
    counter = ReportCounter(session, report, wanted.plan)
    figures = []
    for row in report.rows.values():
        columns = counter.find_columns(row, row.subject) if row.subject else RowColumns()
        figures.append(_restore_figure(row, columns, numbers))
    published = PublishedAs(release.id, release.day, release.terms.rounding)
    return HouseReport(report, seen, tuple(figures), counter.columns, public=release.terms.least, published=published)


def _restore_figure(row: ReportRow, columns: RowColumns, numbers: PublishedNumbers) -> Figure:
    """Return one figure as it was published; one that was not counted then has no number."""
    place = (row.name,)
    known = {*numbers.shown, *numbers.hidden, *numbers.others}
    if row.kind == "typed" or place not in known:
        return Figure(row)
    unit = "som" if columns.adds is not None and columns.adds.kind == "som" else "whole"
    unit = "decimal" if row.house == "average" else unit
    number = _read_published(numbers, place, unit)
    cells = [
        FigureCell(by, answer, _read_published(numbers, cell_place(row.name, by, answer), unit))
        for by, column in columns.by.items()
        for answer in _answers_of(row.name, by, column, known)
    ]
    kept = tuple(cell for cell in cells if number is not None or cell.number)
    return Figure(row, number, unit, kept)


def _answers_of(row: str, by: str, column: Column, known: Iterable[FigurePlace]) -> list[str]:
    """Return the answers of a column that the figure shows: its codes, and others that were counted."""
    length = 1 + 2 * len(by.split(CROSSING_SIGN))
    names = tuple(by.split(CROSSING_SIGN))
    counted = [
        CROSSING_SIGN.join(place[2::2])
        for place in known
        if place[0] == row and len(place) == length and place[1::2] == names
    ]
    usual = [answer for answer in column.answers if answer not in column.beside]
    usual = [answer for answer in usual if NO_ANSWER not in answer.split(CROSSING_SIGN)]
    further = sorted({*counted} - {*usual}, key=lambda answer: (NO_ANSWER in answer.split(CROSSING_SIGN), answer))
    return [*usual, *further]


def _read_published(numbers: PublishedNumbers, place: FigurePlace, unit: str) -> Number | None:
    """Return a published number; None if it is hidden, 0 if the ledger has nothing at this place."""
    if place in numbers.hidden:
        return None
    if place in numbers.others:
        written = numbers.others[place]
        return None if written is None else read_number(written, unit)
    number = numbers.shown.get(place, 0)
    return Decimal(number) * smallest_amount() if unit == "som" else number
