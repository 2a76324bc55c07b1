"""Protection of a release together with all earlier ones: no figure of any of them is found out by subtraction.

A release is published as figures with hidden places. A later one adds sums: a year is its months, all houses are one
house and the rest, the last night of a month is the first of the next. Here these sums are found, from what each figure
counts: the figure of a row has a scope of its own, narrowed by its answers, and a figure whose scope contains others is
their sum and a rest that nobody printed. The rest is protected like a figure, so that "the year less eleven months"
gives nobody back, and an entry that came too late for a closed month is not read off by subtraction.

What was published stays. If it gives a small figure away beside the new release, the new one is *exposed*, and must
be refused, whatever exception is asked for.

Where the sums hold exactly, a reader is taken to know that they do. All here are true figures, but for those of
`PublishedRelease` and `ProtectedRelease`, which a ledger may keep.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import product

from shelterctl.core.tables.certificates import verify_certificates
from shelterctl.core.tables.release_scopes import (
    Related,
    Relation,
    ReleaseScope,
    find_linked_scopes,
    relate_scopes,
)
from shelterctl.core.tables.rounding import refuse_base, round_figure
from shelterctl.core.tables.small_counts import (
    Count,
    CountTable,
    FigurePlace,
    KnownSum,
    Withheld,
    count_shares,
    protect_counts,
    sums_of_parts,
)
from shelterctl.core.values.days import Span, add_days, days_between
from shelterctl.immutable import immutable

Shares = Mapping[str, int]
"""The part of each person in a figure, by any key that stands for her in all releases."""

Box = tuple[frozenset[str], date, date, frozenset[tuple[str, frozenset[str]]]]
"""The scope of a figure as a key: houses, first day, last day, and the answers by column."""


class OverTime(StrEnum):
    """The way in which a figure of a period is made from those of its parts."""

    ADDS = "adds"
    """It is their sum: entries, stays, nights, money."""
    FIRST = "first"
    """It counts who is there on the first night."""
    LAST = "last"
    """It counts who is there on the last night."""
    ONCE = "once"
    """It counts each person once, however often she was there."""

    @property
    def is_of_a_night(self) -> bool:
        """Whether the figure counts one night only."""
        return self in (OverTime.FIRST, OverTime.LAST)


@immutable
class ReleaseRow:
    """One row of a release: its *table*, with the *shares* of persons in each figure above 0.

    Rows with one *counts* count one thing, but for houses, period, *answers* (the filter of the row itself) and nights:
    ``client`` for persons who are there, ``stay.arrived_on``, ``outlay.amount``. *unit* is how many of the figure's
    units are 1 in print (100 for som).
    """

    table: CountTable
    counts: str
    over: OverTime
    shares: Mapping[FigurePlace, Shares]
    answers: Mapping[str, frozenset[str]]
    unit: int = 1


@immutable
class CountedRelease:
    """A release before protection: its *scope*, the true figures of its *rows*, and the sums *known* across rows.

    *balances* are the sums that the report says are 0, also those that are not: who came or left on the first day is
    not counted by the first night as by the other rows.
    """

    id: str
    scope: ReleaseScope
    rows: Sequence[ReleaseRow]
    known: Sequence[KnownSum] = ()
    balances: Sequence[Mapping[str, int]] = ()


@immutable(eq=True)
class PublishedRelease:
    """A release as it was published, with no true figure: what was *shown* and *hidden*, by place.

    *threshold* is the least figure that was shown; *base* is what figures were rounded to, or None.
    """

    id: str
    scope: ReleaseScope
    shown: Mapping[FigurePlace, int]
    hidden: frozenset[FigurePlace]
    threshold: int
    base: int | None = None


@immutable
class ProtectedRelease:
    """A release after protection: figures *shown* (rounded, if so wanted), places *hidden*, rows *withheld*.

    It must be refused if figures are *exposed* (how many small ones of all releases would be found out, one more for
    each release of `find_unclosed`, and for each balance that could go on from a night of other houses), or if earlier
    releases *recounted* now are not what was published. Otherwise *verified* small figures, of all releases, were
    proven not to be found out. *related* says how each earlier release is related to this one.
    """

    shown: Mapping[FigurePlace, int]
    hidden: frozenset[FigurePlace]
    withheld: Mapping[str, Withheld]
    exposed: int
    recounted: tuple[str, ...]
    verified: int
    related: Mapping[str, Related]

    @property
    def is_safe(self) -> bool:
        """Whether nothing that was published, or would be, gives a small figure away."""
        return not self.exposed and not self.recounted


def protect_release(
    new: CountedRelease,
    earlier: Sequence[tuple[PublishedRelease, CountedRelease]],
    k: int,
    base: int | None = None,
    exclusive: Collection[str] = (),
) -> ProtectedRelease:
    """Return a release with what must be hidden in it beside *earlier* ones, each with its true figures as it had them.

    The threshold is *k*, or that of an earlier release if it is greater. In the *exclusive* columns nobody has two
    answers. Raises ValueError if the base of rounding is greater than the threshold, or a figure is not its shares.
    """
    refuse_base(base, k)
    threshold = max(k, *(published.threshold for published, _ in earlier), 1)
    every = [new, *(counted for _, counted in earlier)]
    tables = [_in_release(one, row.table) for one in every for row in one.rows]
    known = [*known_across(every, exclusive)]
    frozen = {_place_in(one.id, place) for one, _ in earlier for place in one.shown}
    counted = {place for table in tables for place, _ in table.figures()}
    hidden = {_place_in(one.id, place) for one, _ in earlier for place in one.hidden} & counted
    kept = protect_counts(tables, threshold, known, frozen, hidden)
    exposed = len(kept.exposed) + len(find_unclosed(every, exclusive)) + len(_find_uneven_seams(every))
    verified = 0
    if not exposed:
        verified = verify_certificates(tables, threshold, known, kept.shown, kept.certificates)
    units = {row.table.name: row.unit for row in new.rows}
    own = {key: place for row in new.rows for place, _ in row.table.figures() for key in (_place_in(new.id, place),)}
    shown = {own[key]: value for key, value in kept.shown.items() if key in own}
    if base is not None:
        shown = {place: round_figure(value, base, units[place[0]]) for place, value in shown.items()}
    withheld = {place[0]: kept.withheld[key[0]] for key, place in own.items() if key[0] in kept.withheld}
    recounted = tuple(published.id for published, counted in earlier if not _is_recounted_alike(published, counted))
    related = {one.id: relate_scopes(new.scope, one.scope, exclusive) for one, _ in earlier}
    hides = frozenset(place for key, place in own.items() if key in kept.hidden)
    return ProtectedRelease(shown, hides, withheld, exposed, recounted, verified, related)


def find_linked_releases(
    new: CountedRelease, earlier: Mapping[str, ReleaseScope], silent: Collection[str], exclusive: Collection[str] = ()
) -> list[str]:
    """Return which *earlier* releases a reader can compute with beside the new one, by their ids in their order.

    These are all that are linked with it; releases of other days only where the new one counts who is there at night.
    The *silent* ones withheld their nights, so they link no periods.
    """
    scope = new.scope
    related = {name: relate_scopes(scope, one, exclusive).relation for name, one in earlier.items()}
    apart = {name for name, relation in related.items() if relation is Relation.DISJOINT}
    heard = {name: one for name, one in earlier.items() if name not in apart or name not in silent}
    linked = find_linked_scopes(scope, heard, exclusive)
    if apart.issuperset(linked) and not any(row.over.is_of_a_night for row in new.rows):
        return []
    return linked


def protect_beside_neighbours(
    new: CountedRelease,
    earlier: Sequence[tuple[PublishedRelease, CountedRelease]],
    k: int,
    base: int | None = None,
    exclusive: Collection[str] = (),
    *,
    unknown: bool = False,
) -> ProtectedRelease:
    """Return a release protected beside *earlier* ones, as `protect_release` does, or without its nights.

    Where all earlier ones are of other days or people and would give something away through the nights between them,
    the rows that count those nights, and all that adds up with them, are withheld; also where one of them cannot be
    counted again as it was published, or is *unknown*: then nobody can prove what the nights give away.
    """
    done = protect_release(new, earlier, k, base, exclusive)
    is_apart = all(related.relation is Relation.DISJOINT for related in done.related.values())
    if not is_apart:
        return replace(done, exposed=done.exposed + unknown)
    if not unknown and (done.is_safe or not earlier):
        return done
    return replace(_protect_without_nights(new, k, base, exclusive), related=done.related)


def _protect_without_nights(
    whole: CountedRelease, k: int, base: int | None, exclusive: Collection[str]
) -> ProtectedRelease:
    """Return a release without the rows of a night and of persons who are there, nor any that adds up with them, their
    zeros too.

    What is left of it counts nothing that a release of other days counts.
    """
    withheld = {row.table.name for row in whole.rows if row.over is not OverTime.ADDS}
    linked = [{place[0] for place in known.factors} for known in whole.known]
    # A balance that is not true from its own first night is true from the last night of the month before.
    balances = [{*factors} for factors in whole.balances]
    while more := {name for names in (*linked, *balances) if names & withheld for name in names - withheld}:
        withheld |= more
    rows = [row for row in whole.rows if row.table.name not in withheld]
    known = [known for known, names in zip(whole.known, linked, strict=True) if not names & withheld]
    done = protect_release(CountedRelease(whole.id, whole.scope, rows, known), (), k, base, exclusive)
    hidden = {place for row in whole.rows if row.table.name in withheld for place, _ in row.table.figures()}
    reasons = {**done.withheld, **dict.fromkeys(withheld, Withheld.NEIGHBOURS)}
    return replace(done, hidden=done.hidden | hidden, withheld=reasons)


def known_across(releases: Sequence[CountedRelease], exclusive: Collection[str] = ()) -> Iterator[KnownSum]:
    """Yield every sum that a reader of these releases knows, within each and between them.

    Each place begins with the id of its release, as `protect_release` has it.
    """
    for one in releases:
        for known in one.known:
            factors = {_place_in(one.id, place): by for place, by in known.factors.items()}
            yield KnownSum(factors, known.at_least, known.persons, known.rest)
    things: defaultdict[str, list[tuple[CountedRelease, ReleaseRow]]] = defaultdict(list)
    for one in releases:
        for row in one.rows:
            things[row.counts].append((one, row))
    for rows in things.values():
        yield from _Thing(rows, exclusive).sums()
    yield from _bounds_of_rests(releases, exclusive)
    seams = [*_balances_from_last_nights(releases)]
    yield from seams
    yield from sums_of_parts([_in_release(one, row.table) for one in releases for row in one.rows], seams)


def _balances_from_last_nights(releases: Sequence[CountedRelease]) -> Iterator[KnownSum]:
    """Yield each balance that is true with the last night of the period before in place of its own first night.

    Who was there on the last night of May, and who came in June, less who left, are there on the last night of June,
    whatever happened on the first of June.
    """
    for before, after, factors, last, first in _seams(releases):
        if before.scope.houses == after.scope.houses:
            figures = {row.table.name: row.table.total.value for row in after.rows}
            places = {_place_in(after.id, (name,)): by for name, by in factors.items() if name != first.table.name}
            rest = sum(figures[name] * by for name, by in factors.items() if name != first.table.name)
            by = factors[first.table.name]
            if rest + last.table.total.value * by == 0:
                yield KnownSum({**places, _place_in(before.id, (last.table.name,)): by})


def _seams(
    releases: Sequence[CountedRelease],
) -> Iterator[tuple[CountedRelease, CountedRelease, Mapping[str, int], ReleaseRow, ReleaseRow]]:
    """Yield two adjoining periods of some house, a balance of the later one, the row of the earlier one's last night,
    and the row of the later one's first night.
    """
    for before, after in product(releases, releases):
        if add_days(before.scope.last, 1) != after.scope.first or before.scope.houses.isdisjoint(after.scope.houses):
            continue
        rows = {row.table.name: row for row in after.rows}
        for factors in after.balances:
            for first in (rows[name] for name in factors if rows[name].over is OverTime.FIRST):
                for last in before.rows:
                    if last.over is OverTime.LAST and (last.counts, last.answers) == (first.counts, first.answers):
                        yield before, after, factors, last, first


def _find_uneven_seams(releases: Sequence[CountedRelease]) -> list[str]:
    """Return the releases of which a balance could go on from the last night of other houses than their own."""
    return [after.id for before, after, *_ in _seams(releases) if before.scope.houses != after.scope.houses]


def find_unclosed(releases: Sequence[CountedRelease], exclusive: Collection[str] = ()) -> list[str]:
    """Return the releases that contain a shorter one with figures of a night, and are not made of such parts.

    Two nights that are known tell who came and left between them. Where all parts of the longer period are out, with
    all its rows, the sums say so; where a part is missing, more could be computed than is found here.
    """
    return [one.id for one in releases if _is_unclosed(one, _releases_in(one, releases), exclusive)]


def _releases_in(whole: CountedRelease, releases: Sequence[CountedRelease]) -> list[CountedRelease]:
    return [one for one in releases if whole.scope.contains(one.scope) and one.scope != whole.scope]


def _is_greatest(part: CountedRelease, inside: Sequence[CountedRelease]) -> bool:
    return not any(one.scope != part.scope and one.scope.contains(part.scope) for one in inside)


def _is_unclosed(whole: CountedRelease, inside: Sequence[CountedRelease], exclusive: Collection[str]) -> bool:
    shorter = [one for one in inside if _is_greatest(one, inside) and one.scope.during != whole.scope.during]
    among = [one for one in inside if any(part.scope.contains(one.scope) for part in shorter)]
    if not any(row.over.is_of_a_night for one in among for row in one.rows):
        return False
    needed = {(row.counts, row.over) for row in whole.rows}
    parts: list[CountedRelease] = []
    for part in shorter:
        alike = (part.scope.houses, part.scope.answers) == (whole.scope.houses, whole.scope.answers)
        has_rows = needed <= {(row.counts, row.over) for row in part.rows}
        if alike and has_rows and all(part.scope.is_disjoint(one.scope, exclusive) for one in parts):
            parts.append(part)
    days = sum(days_between(part.scope.first, part.scope.last) + 1 for part in parts)
    return len(parts) < len(shorter) or days != days_between(whole.scope.first, whole.scope.last) + 1


RowKey = tuple[str, OverTime, frozenset[tuple[str, frozenset[str]]]]
BoundKey = frozenset[tuple[RowKey, FigurePlace, int]]
"""An inequality between rows, as a key that is alike in all releases."""


def _row_key(row: ReleaseRow) -> RowKey:
    return row.counts, row.over, frozenset(row.answers.items())


def _bounds_of_rests(releases: Sequence[CountedRelease], exclusive: Collection[str]) -> Iterator[KnownSum]:
    """Yield the inequalities that hold for what a release has beside the releases that it contains.

    If nights are at least as many as persons in a year and in its first month, so they are in the other eleven.
    """
    bounds = {one.id: dict(_bounds_of(one)) for one in releases}
    for whole in releases:
        inside = _releases_in(whole, releases)
        parts: list[CountedRelease] = []
        for part in inside:
            if _is_greatest(part, inside) and all(part.scope.is_disjoint(one.scope, exclusive) for one in parts):
                parts.append(part)
        for key, bound in bounds[whole.id].items():
            factors: defaultdict[FigurePlace, int] = defaultdict(int, bound[0].factors)
            left_over = bound[1]
            for known, value in (bounds[part.id][key] for part in parts if key in bounds[part.id]):
                left_over -= value
                for place, by in known.factors.items():
                    factors[place] -= by
            if len(factors) > len(bound[0].factors) and left_over >= 0:
                yield KnownSum(dict(factors), at_least=True, persons=bound[0].persons)


def _bounds_of(release: CountedRelease) -> Iterator[tuple[BoundKey, tuple[KnownSum, int]]]:
    """Yield the inequalities of a release between figures that add up over time, with their true differences."""
    rows = {row.table.name: row for row in release.rows if row.over != OverTime.ONCE}
    figures = {place: figure.value for row in rows.values() for place, figure in row.table.figures()}
    for known in (*release.known, *(bound for row in rows.values() for bound in row.table.bounds())):
        if known.at_least and known.factors.keys() <= figures.keys():
            key = frozenset((_row_key(rows[place[0]]), place[1:], by) for place, by in known.factors.items())
            factors = {_place_in(release.id, place): by for place, by in known.factors.items()}
            yield key, (KnownSum(factors, at_least=True, persons=known.persons), known.difference(figures))


def _place_in(release: str, place: FigurePlace) -> FigurePlace:
    return (f"{release}/{place[0]}", *place[1:])


def _in_release(release: CountedRelease, table: CountTable) -> CountTable:
    name = f"{release.id}/{table.name}"
    return CountTable(name, table.total, table.by, table.crossed, table.overlapping)


def _is_recounted_alike(published: PublishedRelease, counted: CountedRelease) -> bool:
    """Whether the true figures are still those from which a release was published."""
    figures = {place: (figure.value, row.unit) for row in counted.rows for place, figure in row.table.figures()}
    if figures.keys() != published.shown.keys() | published.hidden:
        return False
    for place, value in published.shown.items():
        true, unit = figures[place]
        if value != (true if published.base is None else round_figure(true, published.base, unit)):
            return False
    return True


class _Kind(StrEnum):
    """Which figures of one thing are compared with each other."""

    ADDS = "adds"
    ONCE = "once"
    NIGHT = "night"


@immutable
class _Group:
    """Figures of any release that count one and the same: a *kind*, a *scope*, and their places with the *shares*.

    A night has the day after it as its scope: who is there on the last night of a month is there on the first of the
    next. *nights* are the days of the nights by place.
    """

    kind: _Kind
    scope: ReleaseScope
    persons: bool
    shares: dict[FigurePlace, Shares]
    nights: dict[FigurePlace, date]

    @property
    def first(self) -> FigurePlace:
        """The place that stands for all."""
        return next(iter(self.shares))

    @property
    def tables(self) -> set[str]:
        """The tables of these figures."""
        return {place[0] for place in self.shares}

    def contains(self, part: "_Group") -> bool:
        """Whether the figures of another group of this kind are part of those of this one."""
        return self.kind == part.kind and self.scope.contains(part.scope)


class _Thing:
    """All figures that count one thing, such as arrivals, in all releases; and the sums between them."""

    def __init__(self, rows: Sequence[tuple[CountedRelease, ReleaseRow]], exclusive: Collection[str]) -> None:
        several = {column for _, row in rows for column in row.table.overlapping}
        single = {column for _, row in rows for column in row.table.by} - several
        self.exclusive = {*exclusive, *single} - several
        self.groups: dict[tuple[_Kind, Box], _Group] = {}
        for release, row in rows:
            for place, figure in row.table.figures():
                self._add(release, row, place, figure)
        self.buckets: defaultdict[tuple[_Kind, frozenset[str], Span], list[_Group]] = defaultdict(list)
        for group in self.groups.values():
            self.buckets[group.kind, group.scope.houses, group.scope.during].append(group)

    def _add(self, release: CountedRelease, row: ReleaseRow, place: FigurePlace, figure: Count) -> None:
        shares = row.shares.get(place, {})
        if sum(shares.values()) != figure.value:
            raise ValueError("the shares of a figure do not add up to it")
        scope, kind = release.scope, _Kind.ONCE if row.over == OverTime.ONCE else _Kind.ADDS
        night = scope.first if row.over == OverTime.FIRST else scope.last
        if row.over.is_of_a_night:
            kind, morning = _Kind.NIGHT, scope.first if row.over == OverTime.FIRST else add_days(scope.last, 1)
            scope = ReleaseScope(scope.houses, morning, morning, scope.answers)
        answers = [*row.answers.items(), *((place[at], frozenset({place[at + 1]})) for at in range(1, len(place), 2))]
        for column, codes in answers:
            scope = scope.narrowed(column, codes, self.exclusive)
        if not scope.counts_somebody:
            return
        key = kind, (scope.houses, scope.first, scope.last, frozenset(scope.answers.items()))
        if key not in self.groups:
            self.groups[key] = _Group(kind, scope, row.table.total.persons is None, {}, {})
        self.groups[key].shares[_place_in(release.id, place)] = shares
        self.groups[key].nights[_place_in(release.id, place)] = night

    def sums(self) -> Iterator[KnownSum]:
        """Yield the sums: of figures that count one and the same, of a figure and those that it contains, and of all
        persons of a period and those of its nights.
        """
        for group in self.groups.values():
            for other in list(group.shares)[1:]:
                known = _difference(group, group.first, [(group, other)])
                # How many came and left between two nights is not protected: no release says which of them did.
                seam = group.kind == _Kind.NIGHT and group.nights[group.first] != group.nights[other]
                yield KnownSum(known.factors, known.at_least) if seam else known
            for family in self._families_in(group):
                yield _difference(group, group.first, [(part, part.first) for part in family])
            if group.kind == _Kind.ONCE:
                yield from self._nights_of(group)

    def _families_in(self, whole: _Group) -> Iterator[list[_Group]]:
        """Yield sets of groups that the group contains, of which no two count one entry; each the greatest that fit.

        Where a table itself says what is part of its figure, nothing is yielded for it.
        """
        families: list[list[_Group]] = []
        for part in _greatest([part for part in self._near(whole, whole.kind) if whole.contains(part)]):
            if whole.tables & part.tables:
                continue
            for family in families:
                if all(part.scope.is_disjoint(other.scope, self.exclusive) for other in family):
                    family.append(part)
                    break
            else:
                families.append([part])
        yield from families

    def _nights_of(self, whole: _Group) -> Iterator[KnownSum]:
        """Yield that nobody is there on a night of a period who is not among its persons."""
        first, last = whole.scope.first, whole.scope.last
        nights: defaultdict[date, list[_Group]] = defaultdict(list)
        for part in self._near(whole, _Kind.NIGHT):
            if whole.scope.contains(ReleaseScope(part.scope.houses, first, last, part.scope.answers)):
                nights[part.scope.first].append(part)
        for part in (part for parts in nights.values() for part in _greatest(parts)):
            inside = [place for place, night in part.nights.items() if first <= night <= last]
            if inside:
                yield _difference(whole, whole.first, [(part, inside[0])])

    def _near(self, whole: _Group, kind: _Kind) -> Iterator[_Group]:
        """Yield the other groups of a kind whose houses and days are within those of a group, or a day later."""
        longer = Span(whole.scope.first, add_days(whole.scope.last, 1))
        for (each, houses, during), groups in self.buckets.items():
            if each == kind and longer.intersection(during) == during and houses <= whole.scope.houses:
                yield from (part for part in groups if part is not whole)


def _greatest(groups: Sequence[_Group]) -> list[_Group]:
    """Return the groups that no other one contains."""
    return [part for part in groups if not any(other is not part and other.contains(part) for other in groups)]


def _difference(whole: _Group, place: FigurePlace, parts: Sequence[tuple[_Group, FigurePlace]]) -> KnownSum:
    """Return what a reader knows of a figure and its parts: that they are equal, or by how many one may be greater.

    Which of the two is greater is taken as known.
    """
    rest: defaultdict[str, int] = defaultdict(int, whole.shares[place])
    for part, of in parts:
        for person, share in part.shares[of].items():
            rest[person] -= share
    left_over = sum(rest.values())
    sign = -1 if left_over < 0 else 1
    factors = {place: sign, **{of: -sign for _, of in parts}}
    if not left_over:
        return KnownSum(factors)
    changed = {person: by * sign for person, by in rest.items() if by}
    if whole.persons and all(by == 1 for by in changed.values()):
        return KnownSum(factors, at_least=True, rest=Count(left_over * sign))
    others = count_shares({person: abs(by) for person, by in changed.items()}, persons=False)
    counted = Count(left_over * sign, others.persons, others.largest, others.second)
    return KnownSum(factors, at_least=True, rest=counted)
