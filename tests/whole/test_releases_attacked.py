"""Releases published one after another, attacked by a solver that knows every sum of all of them: nothing comes back.

It counts persons by house, month, sex, age and needs, their nights, who is there at the end of each month and who left,
and is also asked as one of the persons, who knows all that is said of herself.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelterctl.core.tables.release_scopes import Relation, ReleaseScope, relate_scopes
from shelterctl.core.tables.releases import PublishedRelease, find_linked_releases, protect_beside_neighbours
from shelterctl.core.tables.small_counts import Withheld
from tests.support.invented_releases import (
    EXCLUSIVE,
    HOUSES,
    MONTHS,
    Arrival,
    Published,
    count_release,
    invent_arrivals,
    publish,
    scope_of,
)
from tests.support.release_attacker import found_out_across
from tests.support.sampled import stride

K = 11
SCOPES = [
    *(scope_of((month,), houses) for month in MONTHS for houses in (HOUSES, "a", "b")),
    *(scope_of((month,), houses, sex="female") for month in MONTHS for houses in (HOUSES, "a", "b")),
    *(scope_of((1, 2), houses) for houses in (HOUSES, "a")),
    *(scope_of(MONTHS, houses) for houses in (HOUSES, "a", "b")),
    *(scope_of(MONTHS, houses, sex="female") for houses in (HOUSES, "a", "b")),
    *(scope_of(MONTHS, houses, age="adult") for houses in (HOUSES, "a", "b")),
]


def draw_releases(seed: int, *, alone: bool = False) -> tuple[list[Arrival], list[Published], int]:
    """Persons, the releases about them that were let through, and how many of six were refused."""
    random = Random(seed)  # noqa: S311 - nothing secret
    persons = invent_arrivals(seed, random.choice((60, 150, 300, 600)))
    base = random.choice((None, None, 5))
    out: list[Published] = []
    for number in range(6):
        scope: ReleaseScope = random.choice(SCOPES)
        by = random.sample(("sex", "age", "needs"), random.randint(0, 3))
        more = [name for name in ("crossed", "nights", "there") if random.random() < 0.4]
        release = count_release(f"r{number}", persons, scope, by, more)
        kept, published = publish(release, [] if alone else out, K, base)
        related = kept.related.values()
        nested = all(one.relation == Relation.DISJOINT or (one.by and one.nested) for one in related)
        if kept.is_safe and nested:
            out.append(published)
    return persons, out, 6 - len(out)


def draw_months(seed: int, *, rule: bool = True) -> tuple[list[Arrival], list[Published], int]:
    """Persons, releases of three consecutive months, and how many of them withheld their residents."""
    random = Random(seed)  # noqa: S311 - nothing secret
    persons = invent_arrivals(seed, random.choice((60, 150, 300)))
    more = ["there", *(["nights"] if random.random() < 0.5 else [])]
    by = random.sample(("sex", "age"), random.randint(0, 2))
    out: list[Published] = []
    silent: set[str] = set()
    for month in random.sample(MONTHS, len(MONTHS)):
        new = count_release(f"m{month}", persons, scope_of((month,)), by, more)
        near = find_linked_releases(new, {one.id: one.scope for one, _ in out}, silent, EXCLUSIVE)
        earlier = [each for each in out if each[0].id in near] if rule else []
        done = protect_beside_neighbours(new, earlier, K, None, EXCLUSIVE)
        if not done.is_safe:
            continue
        if Withheld.NEIGHBOURS in done.withheld.values():
            silent.add(new.id)
        out.append((PublishedRelease(new.id, new.scope, done.shown, done.hidden, K), new))
    return persons, out, len(silent)


LONG = (1, 2, 3, 4, 5)
"""More months than a quarter has."""


def draw_chain(seed: int, *, rule: bool = True) -> tuple[list[Arrival], list[Published], Counter[str]]:
    """Persons; releases that were let through as the ledger lets them through; and what became of all that was wanted.

    At first plans by month, each for everybody or for some, for one house or two, out in any order; then a quarter, and
    all months. Without the *rule* each is protected by itself.
    """
    random = Random(seed)  # noqa: S311 - nothing secret
    months = LONG[: random.choice((4, 4, 5))]
    persons = invent_arrivals(seed, random.choice((60, 150, 300, 600)), months)
    base = random.choice((None, 3, 5))
    answers = random.choice(({}, {}, {"sex": "female"}, {"age": "adult"}))
    more = [name for name in ("crossed", "nights", "there") if random.random() < 0.7]
    by = random.sample(("sex", "age", "needs"), random.randint(0, 2))
    houses = random.choice(((HOUSES,), (HOUSES,), ("a",), ("a", "b"), (HOUSES, "a")))
    order = [*months]
    if random.random() < 0.5:
        random.shuffle(order)
    scopes = [scope_of((month,), one, **answers) for month in order for one in houses]
    scopes += [scope_of((1, 2, 3), houses[0], **answers), scope_of(months, houses[0], **answers)]
    scopes += [scope_of(months, houses[0])] if answers else [scope_of(months, houses[0], sex="female")]
    out: list[Published] = []
    silent: set[str] = set()
    became = Counter[str]()
    for number, scope in enumerate(scopes):
        new = count_release(f"r{number}", persons, scope, by, more)
        related = [relate_scopes(scope, one.scope) for one, _ in out]
        if any(one.relation is not Relation.DISJOINT and not (one.by and one.nested) for one in related):
            became["not nested"] += 1
            continue
        near = find_linked_releases(new, {one.id: one.scope for one, _ in out}, silent, EXCLUSIVE)
        earlier = [each for each in out if each[0].id in near] if rule else []
        done = protect_beside_neighbours(new, earlier, K, base, EXCLUSIVE)
        if not done.is_safe:
            became["refused"] += 1
            continue
        is_silent = Withheld.NEIGHBOURS in done.withheld.values()
        silent |= {new.id} if is_silent else set()
        became["silent" if is_silent else "whole"] += 1
        became["longer"] += scope.first.month != scope.last.month
        out.append((PublishedRelease(new.id, new.scope, done.shown, done.hidden, K, base), new))
    return persons, out, became


def refuse_if_found_out(seed: int) -> tuple[int, int]:
    persons, out, refused = draw_releases(seed)
    for insider in (None, persons[0]):
        found = found_out_across(out, K, insider)
        assert not found["printed"] + found["exact"] + found["narrow"], (seed, found)
    return len(out), refused


@pytest.mark.parametrize("seed", [10, 107, 3, 5])
def test_a_solver_gets_nothing_back_from_releases_one_after_another(seed: int) -> None:
    """Of 10 the months before and after a published one told who left; of 107 the last night of two houses."""
    out, _ = refuse_if_found_out(seed)
    assert out > 1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_a_solver_gets_nothing_back_from_any_releases(seed: int) -> None:
    refuse_if_found_out(seed)


def test_the_solver_finds_out_what_is_protected_release_by_release() -> None:
    found = Counter[str]()
    for seed in (4, 6, 8):
        _, out, _ = draw_releases(seed, alone=True)
        found += found_out_across(out, K)
    assert found["exact"] + found["narrow"] >= 3, found


@pytest.mark.parametrize(("seed", "withheld"), [(3, 0), (82, 1), (138, 1)])
def test_a_solver_gets_nothing_back_from_adjoining_months(seed: int, withheld: int) -> None:
    """Of three months of 82 and 138, one withheld its residents."""
    persons, out, silent = draw_months(seed)
    assert (len(out), silent) == (3, withheld)
    for insider in (None, persons[0]):
        found = found_out_across(out, K, insider)
        assert not found["printed"] + found["exact"] + found["narrow"], (seed, found)


def test_the_solver_finds_out_adjoining_months_that_are_protected_alone() -> None:
    found = Counter[str]()
    for seed in (3, 138):
        found += found_out_across(draw_months(seed, rule=False)[1], K)
    assert found["exact"] + found["narrow"] >= 3, found


CHAINS = (7003, 203, 206, 207, 7000, 7001, 20003)
"""Some with plans that a filter narrows, with two houses, with rounded figures and nights; some are refused."""


@pytest.mark.parametrize("seed", CHAINS)
def test_a_solver_gets_nothing_back_from_chains_of_months_and_a_longer_period_after_them(seed: int) -> None:
    persons, out, became = draw_chain(seed)
    assert len(out) > 3
    assert became["longer"] or became["refused"]
    for insider in (None, persons[0], persons[-1])[:: stride(2)]:
        found = found_out_across(out, K, insider, LONG)
        assert not found["printed"] + found["exact"] + found["narrow"], (seed, found)


def test_the_solver_finds_out_chains_of_which_each_release_is_protected_alone() -> None:
    found = Counter[str]()
    for seed in (206, 207, 7000):
        found += found_out_across(draw_chain(seed, rule=False)[1], K, None, LONG)
    assert found["exact"] + found["narrow"] >= 3, found
