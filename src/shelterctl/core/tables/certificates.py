"""Verification of the certificates of a report: each has two tables by which a small number is not found out.

It shares the sums that a reader knows with `small_counts`, and nothing of its search.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from shelterctl.core.tables.small_counts import Certificate, Count, CountTable, FigurePlace, KnownSum
from shelterctl.immutable import immutable


class CertificateError(ValueError):
    """A certificate is missing or proves nothing. The message holds no figure."""


def verify_certificates(
    tables: Sequence[CountTable],
    k: int,
    known: Iterable[KnownSum],
    published: Collection[FigurePlace],
    certificates: Iterable[Certificate],
) -> int:
    """Return how many small numbers are proven not to be found out by a reader of the *published* figures.

    A reader knows each sum, that no figure is negative, and, if she is counted herself, her own part of it. Raises
    CertificateError if a small number is published or has no certificate, or if one of the two tables of a certificate
    changes what is published, breaks a sum, has a figure below what she knows, or differs too little from the other.
    """
    figures = {place: figure for table in tables for place, figure in table.figures()}
    sums = [KnownSum(factors) for table in tables for factors in table.sums()]
    sums += [*known, *(bound for table in tables for bound in table.bounds())]
    reader = _Reader(figures, frozenset(published), _sums_by_place(sums))
    given = {frozenset(one.factors.items()): one for one in certificates}
    verified = 0
    for factors, figure in _small_numbers(figures, sums, k):
        one = given.get(frozenset(factors.items()))
        if one is None:
            raise CertificateError("a small number has no certificate")
        for table in (one.lower, one.upper):
            reader.refuse_if_told_apart(table)
        if _change_of(factors, one.upper) - _change_of(factors, one.lower) < figure.wanted_range(k):
            raise CertificateError("a certificate proves too little")
        verified += 1
    return verified


def _small_numbers(
    figures: Mapping[FigurePlace, Count], sums: Iterable[KnownSum], k: int
) -> Iterator[tuple[Mapping[FigurePlace, int], Count]]:
    """Yield every number that must not be found out: small figures, and small differences that count persons."""
    yield from (({place: 1}, figure) for place, figure in figures.items() if figure.is_small(k))
    for one in sums:
        rest = one.counted_rest(figures) if one.at_least else None
        if rest is not None and rest.is_small(k):
            yield one.factors, rest


def _sums_by_place(sums: Iterable[KnownSum]) -> Mapping[FigurePlace, Sequence[KnownSum]]:
    found: defaultdict[FigurePlace, list[KnownSum]] = defaultdict(list)
    for one in sums:
        for place in one.factors:
            found[place].append(one)
    return found


def _change_of(factors: Mapping[FigurePlace, int], change: Mapping[FigurePlace, int]) -> int:
    return sum(by * change.get(place, 0) for place, by in factors.items())


@immutable
class _Reader:
    """A reader who has the *published* figures before her, knows all sums, and may be counted herself."""

    figures: Mapping[FigurePlace, Count]
    published: frozenset[FigurePlace]
    sums_with: Mapping[FigurePlace, Sequence[KnownSum]]

    def refuse_if_told_apart(self, change: Mapping[FigurePlace, int]) -> None:
        """Raise CertificateError if the reader can tell the changed table from the true one."""
        for place, by in change.items():
            if place in self.published:
                raise CertificateError("a certificate changes a published figure")
            if self.figures[place].value + by < self.figures[place].known_part():
                raise CertificateError("a certificate has a figure below its least")
        for one in {id(one): one for place in change for one in self.sums_with.get(place, ())}.values():
            left_over = one.difference(
                {place: self.figures[place].value + change.get(place, 0) for place in one.factors}
            )
            if left_over < one.least_known(self.figures) or (left_over and not one.at_least):
                raise CertificateError("a certificate breaks a sum")
