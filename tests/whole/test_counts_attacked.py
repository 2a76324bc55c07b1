"""Published reports attacked by a solver that knows every sum, and that zeros stand: it gets no small count back."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.tables.small_counts import Protected, protect_counts
from tests.support.attacker import found_out
from tests.support.invented_reports import Report, invent_report

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
