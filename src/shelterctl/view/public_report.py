"""The copy of a report for people outside: small numbers are hidden, and others from which they could be found.

Words that were typed are left out, and so is the checksum: with it somebody could try out every small number.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from shelterctl.core.manual.report import CLIENT_SUBJECT, STAY_SUBJECT
from shelterctl.core.tables.figures import CountedEntry, Figure, FigureCell, Number
from shelterctl.core.tables.plan_columns import split_pair
from shelterctl.core.tables.small_counts import (
    Count,
    CountTable,
    FigurePlace,
    KnownSum,
    Protected,
    count_shares,
    protect_counts,
    sums_of_parts,
)
from shelterctl.core.values.money import smallest_amount
from shelterctl.view.report_figures import HouseReport

HOUSE_FIGURES_OF_NOBODY = ("places",)
"""The figures of a house that count no people."""


def hide_small_counts(made: HouseReport, least: int) -> HouseReport:
    """Return the copy of a report in which every number of fewer than *least* people is hidden, but for 0.

    A hidden number is None. Figures of a house over its nights are shown only if no number of people is hidden, since
    they are made from the same nights.
    """
    tables, known = count_tables(made)
    kept = protect_counts(tables, least, known)
    hides = bool(kept.hidden)
    figures = tuple(_public_figure(one, kept, least, hides=hides) for one in made.figures)
    return replace(made, figures=figures, closed=None, corrections=(), outside=0, public=least)


def count_tables(made: HouseReport) -> tuple[list[CountTable], list[KnownSum]]:
    """Return the figures of a report that count people or come from them, and the sums that a reader knows."""
    counted = [one for one in made.figures if one.row.subject is not None and one.number is not None]
    counted = [one for one in counted if not one.row.impersonal]
    houses = {record.id for record in made.seen.records}
    tables, known = [_make_table(one, houses) for one in counted], [*_known_sums(made, counted)]
    return tables, [*known, *sums_of_parts(tables, known)]


def _make_table(one: Figure, houses: Collection[str]) -> CountTable:
    """Return a figure with its parts and the people behind each, as the protection takes them."""
    parts: dict[str, dict[str, Count]] = {}
    crossed: dict[tuple[str, str], Count] = {}
    for cell in one.cells:
        count = _people_behind(one, cell.number or 0, cell.entries, houses)
        pairs = [*split_pair(cell.by, cell.answer)]
        if len(pairs) > 1:
            (_, first), (_, second) = pairs
            crossed[first, second] = count
        else:
            parts.setdefault(cell.by, {})[cell.answer] = count
    total = _people_behind(one, one.number or 0, one.entries, houses)
    return CountTable(one.row.name, total, parts, crossed, overlapping=one.overlapping)


def _people_behind(one: Figure, number: Number, entries: Sequence[CountedEntry], houses: Collection[str]) -> Count:
    """Return a number with how many people it counts, and the greatest part that comes from one of them.

    An entry of a house's register counts as one person, because it says who was there in words alone.
    """
    value = _in_smallest_unit(one, number)
    counts_people = one.row.subject in (STAY_SUBJECT, CLIENT_SUBJECT) and one.row.nights is None
    if counts_people or any(entry.of in houses for entry in entries):
        return Count(value)
    shares: Counter[str] = Counter()
    for entry in entries:
        shares[entry.of] += _in_smallest_unit(one, entry.number)
    return count_shares(shares, persons=False)


def _in_smallest_unit(one: Figure, number: Number) -> int:
    return int(Decimal(number) / smallest_amount()) if one.unit == "som" else int(number)


def _known_sums(made: HouseReport, counted: Sequence[Figure]) -> Iterator[KnownSum]:
    """Yield the sums across rows that a reader knows; one that does not hold in this month tells nothing."""
    numbers = {one.row.name: _in_smallest_unit(one, one.number or 0) for one in counted}
    for known, at_least in ((made.report.balances, False), (made.report.bounds, True)):
        for rows in known:
            if rows.keys() <= numbers.keys():
                rest = sum(numbers[name] * by for name, by in rows.items())
                if rest == 0 or (at_least and rest > 0):
                    yield KnownSum({(name,): by for name, by in rows.items()}, at_least=at_least)


def _public_figure(one: Figure, kept: Protected, least: int, *, hides: bool) -> Figure:
    """Return a figure as people outside may see it, without the entries behind it."""
    if one.row.kind == "typed":
        return replace(one, words=None)
    if one.row.house is not None:
        small = hides or (one.number is not None and 0 < one.number < least)
        return replace(one, number=None) if small and one.row.house not in HOUSE_FIGURES_OF_NOBODY else one
    if one.number is None or one.row.impersonal:
        return replace(one, entries=(), cells=tuple(replace(cell, entries=()) for cell in one.cells))
    name = one.row.name
    cells = [replace(cell, number=_kept_number(kept, (name, cell.by, cell.answer), cell)) for cell in one.cells]
    number = one.number if kept.value((name,)) is not None else None
    listed = [replace(cell, entries=()) for cell in cells if number is not None or cell.number is not None]
    return replace(one, number=number, cells=tuple(listed), entries=())


def _kept_number(kept: Protected, place: FigurePlace, cell: FigureCell) -> Number | None:
    return cell.number if kept.value(place) is not None else None
