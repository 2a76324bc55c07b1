"""Published reports attacked by a solver that knows every sum, and that zeros stand: it gets no small count back."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.tables.small_counts import Protected, protect_counts, sum_over
from tests.support.attacker import found_out
from tests.support.invented_reports import CODES, Report, invent_persons, invent_report, persons_table

K = 11
FIXED = range(60)


def protected(report: Report, k: int = K) -> Protected:
    return protect_counts(report.tables, k, report.known)


@pytest.mark.parametrize("seed", FIXED)
def test_a_solver_gets_nothing_back_from_sixty_reports(seed: int) -> None:
    report = invent_report(seed)
    shown = protected(report)
    assert not shown.exposed
    assert not found_out(report, shown, K)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([3, 5, K]))
def test_a_solver_gets_nothing_back_from_any_report(seed: int, k: int) -> None:
    report = invent_report(seed)
    assert not found_out(report, protected(report, k), k)


def test_the_solver_finds_out_what_is_protected_too_little() -> None:
    """Small figures hidden, and nothing else: a third of these reports give some of them back."""
    given_back, found = 0, Counter[str]()
    for seed in FIXED:
        report = invent_report(seed)
        figures = [each for table in report.tables for each in table.figures()]
        shown = {key: figure.value for key, figure in figures if not figure.is_small(K)}
        got = found_out(report, Protected(shown, frozenset(), {}), K)
        found += got
        given_back += got["exact"] > 0
    assert given_back > len(FIXED) / 3, given_back
    assert found["exact"] > 50, found
    assert found["narrow"] > 100, found


@pytest.mark.parametrize("seed", range(12))
def test_a_later_report_does_not_give_an_earlier_one_back(seed: int) -> None:
    """Months are published, and then the quarter beside them: what was printed stays, and nothing is found out."""
    months = _report_of_months(seed)
    earlier = protect_counts(months.tables[:-1], K)
    later = protect_counts(months.tables, K, months.known, earlier.shown)
    assert not later.exposed
    assert earlier.shown.items() <= later.shown.items()
    assert not found_out(months, later, K)


def _report_of_months(seed: int) -> Report:
    """Three months and their quarter, the quarter last."""
    persons = invent_persons(seed, 40 + 10 * seed)
    months = [
        persons_table(month, [one for one in persons if one.month == month], ("sex", "age")) for month in CODES["month"]
    ]
    quarter = persons_table("quarter", persons, ("sex", "age"))
    return Report([*months, quarter], list(sum_over(quarter, months)))
