"""The invented cases of `tools/mutants.py` reach nearly every code, and notice a changed word of the rulebook."""

import pytest

from tools import mutants
from tools.mutants import SHELF, Cases, at, changed, mutant


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases(60, seed=1)


def test_the_cases_reach_nearly_every_code(cases: Cases) -> None:
    answers = [said for held in cases.held.values() for _, said in held]
    codes = {finding[0] for said in answers for findings in said["found"].values() for finding in findings}
    assert len(codes) > 85, sorted(codes)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in mutants.FILES.items() for name in names])
def test_a_dropped_rule_is_noticed_and_an_unchanged_rulebook_is_not(cases: Cases, kind: str, name: str) -> None:
    value = SHELF.file_of(kind, name).value
    assert not cases.notice(name, mutant(kind, name, value))
    place = next(place for place in mutants.rules_of(value) if "needs" in at(value, place))
    assert cases.notice(name, mutant(kind, name, changed(value, place, mutants.GONE)))


def test_every_kind_of_change_is_made() -> None:
    files = (SHELF.file_of(kind, name).value for kind, names in mutants.FILES.items() for name in names)
    made = {what.split()[0] + " " + what.split()[-1] for value in files for what, _, _ in mutants.changes(value)}
    assert {"drop rule", "another strength", "another gate", "another at_most", "no when", "no codes"} <= made
