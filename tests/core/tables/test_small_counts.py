"""Protection of small counts; tests/whole/test_counts_attacked.py attacks it with a solver.

How much of a year is hidden in an invented house, in the mean of 20 (k = 11; `share_hidden` counts it). One-way:
admitted by sex, age, country and needs, nights by sex and age. Crossed: sex and age.

| persons a year | one-way: figures above 0 | small | hidden | crossed: above 0 | small | hidden |
|---|---|---|---|---|---|---|
| 12 | 18.4 | 15.8 | 17.7 | 9.7 | 8.4 | 9.7 |
| 30 | 19.4 | 8.0 | 13.7 | 10.8 | 6.7 | 9.2 |
| 60 | 20.4 | 5.1 | 7.6 | 11.7 | 5.0 | 8.2 |
| 120 | 21.0 | 3.8 | 5.7 | 11.8 | 3.2 | 6.3 |
| 300 | 21.9 | 2.8 | 3.6 | 12.0 | 1.1 | 4.0 |

Before one who is counted herself was a reader too, 17.0, 13.1, 7.5, 5.7 and 3.6 were hidden one-way, and 9.2, 8.9, 7.8,
6.2 and 4.0 crossed; she then narrowed 53 small figures of nine in sixty reports.
"""

from collections.abc import Callable, Sequence

import pytest

from shelterctl.core.tables.certificates import CertificateError, verify_certificates
from shelterctl.core.tables.small_counts import (
    Certificate,
    Count,
    CountTable,
    FigurePlace,
    KnownSum,
    Protected,
    Withheld,
    count_shares,
    protect_counts,
    sum_over,
)
from tests.support.invented_reports import (
    Person,
    Report,
    invent_persons,
    invent_report,
    nights_table,
    persons_table,
)

K = 11


def protected(report: Report, k: int = K) -> Protected:
    return protect_counts(report.tables, k, report.known)


def counts(name: str, **by: dict[str, int]) -> CountTable:
    """A table of persons, whose total is the sum of its first parts."""
    total = sum(next(iter(by.values())).values())
    return CountTable(
        name, Count(total), {key: {code: Count(n) for code, n in parts.items()} for key, parts in by.items()}
    )


def test_no_more_is_hidden_than_a_few_figures_for_each_small_one() -> None:
    houses = [invent_persons(seed, 120) for seed in range(20)]
    above, small, hidden = share_hidden(houses, one_way)
    assert hidden < 1.7 * small < above / 3


def test_a_year_beside_its_months_shows_its_totals() -> None:
    """Ten persons a month are too few for the months; of 120 persons in the year something is still said."""
    persons = invent_persons(7, 120)
    months = [persons_table(f"m{number}", persons[number::12], ("sex", "age", "country")) for number in range(12)]
    year = persons_table("year", persons, ("sex", "age", "country"))
    shown = protect_counts([*months, year], K, sum_over(year, months))
    assert shown.value(("year",)) == 120
    assert len(shown.withheld) == 12


def one_way(persons: Sequence[Person]) -> list[CountTable]:
    return [
        persons_table("admitted", persons, ("sex", "age", "country", "needs")),
        nights_table("nights", persons, ("sex", "age")),
    ]


def share_hidden(
    houses: Sequence[Sequence[Person]], tables_of: Callable[[Sequence[Person]], list[CountTable]]
) -> tuple[float, float, float]:
    """Of each house in the mean: figures above 0, small ones, hidden ones."""
    above = small = hidden = 0
    for persons in houses:
        tables = tables_of(persons)
        shown = protect_counts(tables, K)
        there = [each for table in tables for each in table.figures() if each[1].value]
        above += len(there)
        small += sum(figure.is_small(K) for _, figure in there)
        hidden += sum(key in shown.hidden for key, _ in there)
    return above / len(houses), small / len(houses), hidden / len(houses)


def test_one_part_is_never_hidden_alone() -> None:
    shown = protect_counts([counts("admitted", sex={"female": 50, "male": 3})], K)
    assert shown.shown == {("admitted",): 53}
    assert shown.value(("admitted", "sex", "male")) is None
    assert not shown.withheld


def test_a_small_total_hides_all_that_is_below_it_and_a_zero_says_nothing() -> None:
    few, none = counts("admitted", sex={"female": 3, "male": 0}), counts("left", sex={"female": 0, "male": 0})
    shown = protect_counts([few, none], K)
    assert shown.withheld == {"admitted": Withheld.FEW}
    assert shown.shown == {("left",): 0, ("left", "sex", "female"): 0, ("left", "sex", "male"): 0}


def test_a_small_total_is_not_given_back_by_another_table() -> None:
    """The year less the two other quarters would be the third."""
    quarters = [counts(name, sex={"female": n}) for name, n in (("q1", 20), ("q2", 4), ("q3", 30))]
    year = counts("year", sex={"female": 54})
    shown = protect_counts([*quarters, year], K, sum_over(year, quarters))
    assert ("q2",) in shown.hidden
    assert len({("q1",), ("q3",), ("year",)} & shown.hidden) == 1


def test_dimensions_that_share_a_total_are_protected_each_by_itself() -> None:
    table = counts("admitted", sex={"female": 48, "male": 5}, age={"adult": 50, "minor": 3}, kind={"a": 20, "b": 33})
    shown = protect_counts([table], K)
    assert shown.hidden == {("admitted", key, code) for key, parts in list(table.by.items())[:2] for code in parts}


def test_a_sum_of_few_or_of_one_is_hidden() -> None:
    few, one, many = Count(90_000, 4, 30_000), Count(500_000, 15, 400_000), Count(300_000, 15, 30_000)
    for figure, hides in ((few, True), (one, True), (many, False)):
        shown = protect_counts([CountTable("spent", figure)], K)
        assert bool(shown.hidden) is hides


def test_what_is_left_after_another_took_her_own_part_away_may_come_from_one() -> None:
    """Of 68 nights she slept 28 herself: 30 of the other 40 are those of one woman, since each of ten slept a night."""
    shares = {"she": 28, "another": 30, **{f"p{number}": 1 for number in range(10)}}
    nights = count_shares(shares, persons=False)
    assert nights == Count(68, 12, 30, 28)
    assert nights.is_small(K)
    assert not count_shares(dict.fromkeys(shares, 20), persons=False).is_small(K)
    assert Count(100, 20, 40).is_small(K), "an unknown second part is taken as large as it can be"


def test_a_figure_of_k_stands_and_one_less_does_not() -> None:
    """She who is counted among eleven knows that there are ten others; she is one of eleven in it."""
    table = counts("admitted", sex={"female": K, "male": 40})
    assert protect_counts([table], K).value(("admitted", "sex", "female")) == K
    assert Count(K - 1).is_small(K)


def test_each_small_number_of_sixty_reports_has_a_certificate() -> None:
    verified = 0
    for seed in range(60):
        report = invent_report(seed)
        kept = protected(report)
        verified += verify_certificates(report.tables, K, report.known, kept.shown, kept.certificates)
    assert verified > 300


def test_a_false_certificate_is_found() -> None:
    table = counts("admitted", sex={"female": 50, "male": 3})
    female: FigurePlace = ("admitted", "sex", "female")
    male: FigurePlace = ("admitted", "sex", "male")
    kept = protect_counts([table], K)
    (true,) = kept.certificates
    assert verify_certificates([table], K, (), kept.shown, [true]) == 1
    wide: dict[FigurePlace, int] = {male: 8, female: -8}
    for false, published, why in (
        ([], kept.shown, "no certificate"),
        ([true], {*kept.shown, male}, "changes a published figure"),
        ([Certificate({male: 1}, {male: -2}, wide)], kept.shown, "breaks a sum"),
        ([Certificate({male: 1}, {male: -3, female: 3}, wide)], kept.shown, "below its least"),
        ([Certificate({male: 1}, {male: -1, female: 1}, wide)], kept.shown, "proves too little"),
        ([Certificate({female: 1}, {male: -2, female: 2}, wide)], kept.shown, "no certificate"),
    ):
        with pytest.raises(CertificateError, match=why):
            verify_certificates([table], K, (), published, false)


def test_who_does_not_stand_under_a_code_is_not_given_back() -> None:
    """In an overlapping dimension 28 of 30 say that two had no such help."""
    parts = {"medical": Count(28), "legal": Count(15)}
    table = CountTable("helped", Count(30), {"kind": parts}, overlapping=("kind",))
    shown = protect_counts([table], K)
    assert ("helped", "kind", "medical") in shown.hidden or ("helped",) in shown.hidden
    assert ("helped", "kind", "legal") in shown.shown or ("helped",) in shown.shown


def test_what_was_published_stays_and_what_it_gives_away_is_named() -> None:
    table = counts("admitted", sex={"female": 50, "male": 3})
    total, female, male = ("admitted",), ("admitted", "sex", "female"), ("admitted", "sex", "male")
    assert protect_counts([table], K, frozen={total}).exposed == ()
    assert protect_counts([table], K, frozen={female}).hidden == {total, male}
    assert protect_counts([table], K, frozen={total, female}).exposed == (male,)
    assert protect_counts([table], K, frozen={male}).exposed == (male,)


def test_a_sum_that_is_wrong_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        protect_counts([CountTable("admitted", Count(5), {"sex": {"female": Count(4)}})], K)
    pair = [counts("a", sex={"female": 20}), counts("b", sex={"female": 21})]
    with pytest.raises(ValueError, match="does not add up"):
        protect_counts(pair, K, [KnownSum({("a",): 1, ("b",): -1})])


def test_the_order_of_tables_changes_nothing() -> None:
    for seed in range(12):
        report = invent_report(seed)
        turned = Report(report.tables[::-1], report.known[::-1])
        assert protected(report).hidden == protected(turned).hidden
