"""Releases that are published one after another: what the later ones would give back of the earlier ones is hidden.

The attacks are those that were measured on releases that are each protected alone: here each is made on both.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shelterctl.core.tables.release_scopes import Relation, ReleaseScope, relate_scopes
from shelterctl.core.tables.releases import (
    CountedRelease,
    OverTime,
    ProtectedRelease,
    PublishedRelease,
    ReleaseRow,
    find_linked_releases,
    find_unclosed,
    known_across,
    protect_beside_neighbours,
    protect_release,
)
from shelterctl.core.tables.rounding import range_of_rounded, round_figure
from shelterctl.core.tables.small_counts import Count, CountTable, FigurePlace, KnownSum, Withheld
from tests.support.invented_releases import (
    EXCLUSIVE,
    Arrival,
    Published,
    count_release,
    invent_arrivals,
    publish,
    scope_of,
    subtract,
)

K = 11
YEAR = range(1, 13)
BY = ("sex", "age")


def arrivals(seed: int, number: int, scopes: Sequence[ReleaseScope]) -> list[CountedRelease]:
    """Releases of the arrivals of one year, by sex and age."""
    persons = invent_arrivals(seed, number, YEAR)
    return [count_release(f"r{place}", persons, scope, BY) for place, scope in enumerate(scopes)]


def alone(releases: Sequence[CountedRelease]) -> list[Published]:
    """The releases as they would be published if each were protected by itself."""
    return [publish(one, (), K)[1] for one in releases]


def together(releases: Sequence[CountedRelease], base: int | None = None) -> tuple[list[Published], int]:
    """The releases that are published if each is protected beside those before it, and how many are refused."""
    out: list[Published] = []
    for one in releases:
        kept, published = publish(one, out, K, base)
        out += [published] if kept.is_safe else []
    return out, len(releases) - len(out)


def attack(make: Sequence[Sequence[CountedRelease]]) -> tuple[int, int, int, int]:
    """How many small figures subtraction gives back of releases that are protected alone, and together; how many of
    these are out, and refused.
    """
    given_back = [len(subtract(alone(releases), K)) for releases in make]
    out = [together(releases) for releases in make]
    return (
        sum(given_back),
        sum(len(subtract(published, K)) for published, _ in out),
        sum(len(published) for published, _ in out),
        sum(refused for _, refused in out),
    )


def test_the_year_to_date_less_the_month_before_gives_nobody_back() -> None:
    to_date = [scope_of(range(1, last + 1)) for last in YEAR]
    found, now, out, _ = attack([arrivals(seed, number, to_date) for seed, number in ((1, 60), (2, 200))])
    assert found > 20
    assert now == 0
    assert out > 12


def test_quarters_and_then_their_year_give_nobody_back() -> None:
    quarters = [scope_of(range(first, first + 3)) for first in (1, 4, 7, 10)]
    found, now, out, refused = attack([arrivals(seed, 150, [*quarters, scope_of(YEAR)]) for seed in range(8)])
    assert found
    assert (now, out, refused) == (0, 40, 0)


def test_all_less_one_house_give_nobody_of_the_other_back() -> None:
    scopes = [scope_of(YEAR), scope_of(YEAR, ("a",))]
    found, now, out, _ = attack([arrivals(seed, 60, scopes) for seed in range(8)])
    assert found > 10
    assert now == 0
    assert out >= 8


def test_all_less_those_with_another_answer_give_nobody_back() -> None:
    """All, then all who are not minors: each of the few minors would be read off by sex."""
    not_minors = replace(scope_of(YEAR), answers={"age": frozenset({"adult", "unknown"})})
    found, now, out, _ = attack([arrivals(seed, 60, [scope_of(YEAR), not_minors]) for seed in range(8)])
    assert found > 8
    assert now == 0
    assert out >= 8


def test_an_entry_that_came_too_late_is_not_read_off_by_subtraction() -> None:
    """A year is published again after one more arrival was written down: refused; and nothing of her would be seen."""
    persons = invent_arrivals(5, 200, YEAR)
    late = [*persons, Arrival("late", ("a", 3, "female", "minor", ("legal",)), 5, 0)]
    year = count_release("year", persons, scope_of(YEAR), BY)
    again = count_release("again", late, scope_of(YEAR), BY)
    assert 1 in subtract(alone([year, again]), K)
    _, published = publish(year, (), K)
    kept, both = publish(again, [published], K)
    assert kept.related["year"].relation == Relation.SAME
    assert not kept.is_safe or not subtract([published, both], K)


def test_a_late_entry_of_a_closed_month_is_not_read_off_the_year() -> None:
    persons = invent_arrivals(6, 400, YEAR)
    late = [*persons, Arrival("late", ("a", 3, "female", "minor", ("legal",)), 5, 0)]
    halves = [count_release(f"h{first}", persons, scope_of(range(first, first + 6)), BY) for first in (1, 7)]
    year = count_release("year", late, scope_of(YEAR), BY)
    assert 1 in subtract(alone([*halves, year]), K)
    out, refused = together([*halves, year])
    assert (len(out), refused) == (3, 0)
    assert not subtract(out, K)
    assert ("arrived",) in out[-1][0].hidden


def test_what_a_laxer_release_gave_away_refuses_the_next() -> None:
    persons = invent_arrivals(7, 60)
    women = count_release("women", persons, scope_of((1,), sex="female"), ["age"])
    _, published = publish(women, (), 3)
    everybody = count_release("all", persons, scope_of((1,)), BY)
    kept = protect_release(everybody, [published], K, None, EXCLUSIVE)
    assert kept.exposed
    assert not kept.is_safe
    assert kept.verified == 0
    assert protect_release(everybody, [], K).verified > 0


def test_a_release_that_cannot_be_counted_again_as_it_was_is_named() -> None:
    persons = invent_arrivals(8, 200)
    january, all_three = (count_release(name, persons, scope, BY) for name, scope in (
        ("january", scope_of((1,))), ("quarter", scope_of((1, 2, 3)))))  # fmt: skip
    _, (published, _) = publish(january, (), K)
    fewer = count_release("january", persons[20:], scope_of((1,)), BY)
    kept = protect_release(all_three, [(published, fewer)], K, None, EXCLUSIVE)
    assert kept.recounted == ("january",)
    assert not kept.is_safe


def test_figures_are_rounded_down_after_protection_and_hidden_ones_stay_hidden() -> None:
    release = arrivals(9, 200, [scope_of(YEAR)])[0]
    exact, rounded = protect_release(release, [], K), protect_release(release, [], K, 5)
    assert rounded.hidden == exact.hidden
    for place, value in exact.shown.items():
        shown = rounded.shown[place]
        assert shown % 5 == 0
        assert (shown == 0) == (value == 0)
        least, most = range_of_rounded(shown, 5, 1, K)
        assert least <= value <= most
    total = rounded.shown["arrived",]
    assert total >= sum(value for place, value in rounded.shown.items() if place[1:2] == ("sex",))


def test_a_figure_above_zero_is_never_rounded_to_zero_and_money_is_rounded_in_som() -> None:
    assert [round_figure(value, 5) for value in (0, 1, 5, 11, 14, 15)] == [0, 5, 5, 10, 10, 15]
    assert round_figure(123_456, 5, 100) == 123_000
    assert range_of_rounded(10, 5, least=K) == (11, 14)
    assert range_of_rounded(5, 5) == (1, 9)
    assert range_of_rounded(0, 5) == (0, 0)
    with pytest.raises(ValueError, match="the base is 1 to 11"):
        protect_release(arrivals(9, 20, [scope_of(YEAR)])[0], [], K, 12)


def once(name: str, scope: ReleaseScope, persons: set[str]) -> CountedRelease:
    """A release that counts each person once."""
    place = ("persons",)
    row = ReleaseRow(
        CountTable("persons", Count(len(persons))), "client", OverTime.ONCE, {place: dict.fromkeys(persons, 1)}, {}
    )
    return CountedRelease(name, scope, [row])


def test_how_few_were_there_in_both_of_two_periods_is_not_computed() -> None:
    """15 persons in January, 16 in February and 30 in both months say that one of them was there in both."""
    first, second = {f"p{each}" for each in range(15)}, {f"p{each}" for each in range(14, 30)}
    january, february = once("january", scope_of((1,)), first), once("february", scope_of((2,)), second)
    both = once("both", scope_of((1, 2)), first | second)
    assert subtract(alone([january, february, both]), K) == [1]
    kept: ProtectedRelease = publish(both, [publish(one, (), K)[1] for one in (january, february)], K)[0]
    assert kept.is_safe
    assert kept.hidden == {("persons",)}


def test_the_last_night_of_a_month_is_the_first_of_the_next() -> None:
    persons = invent_arrivals(10, 300)
    months = [count_release(f"m{month}", persons, scope_of((month,)), ["sex"], ["there"]) for month in (1, 2)]
    seams = [
        one for one in known_across(months, EXCLUSIVE) if {place[0] for place in one.factors} == {"m1/last", "m2/first"}
    ]
    assert len(seams) == 3, "the total, women and men"
    assert not any(one.at_least for one in seams)


def test_a_longer_period_with_nights_needs_all_its_parts() -> None:
    persons = invent_arrivals(11, 900)
    months = [count_release(f"m{month}", persons, scope_of((month,)), ["sex"], ["there"]) for month in (1, 2, 3)]
    quarter = count_release("quarter", persons, scope_of((1, 2, 3)), ["sex"], ["there"])
    assert find_unclosed([*months, quarter], EXCLUSIVE) == []
    assert find_unclosed([months[1], quarter], EXCLUSIVE) == ["quarter"]
    assert find_unclosed([*months], EXCLUSIVE) == []
    assert together([months[1], quarter])[1] == 1
    assert together([*months, quarter])[1] == 0


def test_months_are_linked_by_their_nights_but_not_through_one_that_withheld_them() -> None:
    persons = invent_arrivals(12, 200)
    march = count_release("m3", persons, scope_of((3,)), ["sex"], ["there"])
    earlier = {"m1": scope_of((1,)), "m2": scope_of((2,)), "a3": scope_of((3,), ("a",))}
    apart = {name: one for name, one in earlier.items() if name != "a3"}
    assert find_linked_releases(march, apart, (), EXCLUSIVE) == ["m1", "m2"]
    assert find_linked_releases(march, apart, {"m2"}, EXCLUSIVE) == []
    assert find_linked_releases(march, apart, {"m1"}, EXCLUSIVE) == ["m2"]
    assert find_linked_releases(march, earlier, {"m2", "a3"}, EXCLUSIVE) == ["a3"], "it has people of March"
    arrivals_alone = count_release("m3", persons, scope_of((3,)), ["sex"])
    assert find_linked_releases(arrivals_alone, apart, (), EXCLUSIVE) == []
    assert find_linked_releases(arrivals_alone, earlier, (), EXCLUSIVE) == ["m1", "m2", "a3"]


def test_shares_that_are_not_the_figure_are_an_error() -> None:
    release = once("wrong", scope_of((1,)), {"p1"})
    row = replace(release.rows[0], shares={("persons",): {"p1": 2}})
    with pytest.raises(ValueError, match="do not add up"):
        protect_release(replace(release, rows=[row]), [], K)


def test_scopes_are_disjoint_the_same_or_overlapping_by_date_house_and_filter() -> None:
    january, quarter = scope_of((1,)), scope_of((1, 2, 3))
    spans = ReleaseScope(january.houses, date(2026, 1, 15), date(2026, 2, 14), {})
    needs = scope_of((1,), needs="medical")
    for new, earlier, relation, by, nested in (
        (january, scope_of((2,)), Relation.DISJOINT, ("date",), False),
        (january, january, Relation.SAME, (), True),
        (quarter, january, Relation.OVERLAPPING, ("date",), True),
        (january, quarter, Relation.OVERLAPPING, ("date",), True),
        (spans, january, Relation.OVERLAPPING, ("date",), False),
        (january, scope_of((1,), ("a",)), Relation.OVERLAPPING, ("house",), True),
        (scope_of((1,), ("b",)), scope_of((1,), ("a",)), Relation.DISJOINT, ("house",), False),
        (scope_of((1,), sex="female"), january, Relation.OVERLAPPING, ("filter",), True),
        (scope_of((1,), sex="female"), scope_of((1,), sex="male"), Relation.DISJOINT, ("filter",), False),
        (needs, scope_of((1,), needs="legal"), Relation.OVERLAPPING, ("filter",), False),
        (scope_of((1,), sex="female"), quarter, Relation.OVERLAPPING, ("date", "filter"), True),
        (scope_of((1, 2, 3), sex="female"), january, Relation.OVERLAPPING, ("date", "filter"), False),
    ):
        assert relate_scopes(new, earlier, EXCLUSIVE) == (relation, by, nested)


def counted_month(month: int, over: dict[str, OverTime], numbers: dict[str, int], houses: str = "a") -> CountedRelease:
    """A month of rows without parts, with the balance of its nights, of persons who are each one."""
    rows = []
    for name, number in numbers.items():
        shares: dict[FigurePlace, dict[str, int]] = {(name,): {f"{name} {one}": 1 for one in range(number)}}
        counts = f"stay.{name}" if over[name] is OverTime.ADDS else "client"
        rows.append(ReleaseRow(CountTable(name, Count(number), {}), counts, over[name], shares, {}))
    balance = {"last": -1, "first": 1, "arrived": 1, "left": -1}
    scope = replace(scope_of((month,), "a"), houses=frozenset(houses))
    return CountedRelease(f"m{month}", scope, rows, (), [balance])


OVER = {"first": OverTime.FIRST, "arrived": OverTime.ADDS, "left": OverTime.ADDS, "last": OverTime.LAST}
MAY = {"first": 38, "arrived": 14, "left": 12, "last": 40}
JUNE = {"first": 41, "arrived": 20, "left": 5, "last": 55}
"""One came on the first of June: the balance of June is not true from its first night, but from the last of May."""


def test_a_balance_goes_on_from_the_last_night_of_the_month_before() -> None:
    may, june = counted_month(5, OVER, MAY), counted_month(6, OVER, JUNE)
    kept, published = publish(may, (), K)
    assert kept.is_safe
    assert published[0].shown[("last",)] == 40
    alone_shown = publish(june, (), K)[1][0].shown
    assert {("arrived",), ("last",)} <= alone_shown.keys()  # 40 + 20 - 55 are the five who left
    beside, later = publish(june, [published], K)
    assert beside.is_safe
    assert not {("arrived",), ("last",)} <= later[0].shown.keys()


def test_no_balance_goes_on_from_a_night_of_other_houses() -> None:
    may, june = counted_month(5, OVER, MAY, "ab"), counted_month(6, OVER, JUNE, "a")
    _, published = publish(may, (), K)
    beside = protect_beside_neighbours(june, [published], K)
    assert set(beside.withheld.values()) >= {Withheld.NEIGHBOURS}
    assert not {("last",), ("first",)} & beside.shown.keys()


def test_where_an_earlier_month_cannot_be_counted_again_the_nights_are_withheld() -> None:
    may, june = counted_month(5, OVER, MAY), counted_month(6, OVER, {**JUNE, "first": 40, "arrived": 30, "left": 15})
    _, (published, _) = publish(may, (), K)
    changed = counted_month(5, OVER, {**MAY, "last": 41})
    assert protect_beside_neighbours(june, [(published, may)], K).shown[("last",)] == 55
    for earlier, unknown in (([(published, changed)], False), ([], True)):
        beside = protect_beside_neighbours(june, earlier, K, unknown=unknown)
        assert beside.is_safe
        assert not {("last",), ("first",)} & beside.shown.keys()


def test_a_month_that_withheld_its_nights_withholds_who_came_and_left_between_those_of_its_neighbours() -> None:
    """40 on the last night of May, 20 came in June, 55 on the first night of July: five left in June."""
    may, june = counted_month(5, OVER, MAY), counted_month(6, OVER, JUNE)
    july = counted_month(7, OVER, {"first": 55, "arrived": 12, "left": 15, "last": 52})
    _, published = publish(may, (), K)
    silent = protect_beside_neighbours(june, [published], K, unknown=True)
    kept = PublishedRelease("m6", june.scope, silent.shown, silent.hidden, K)
    _, after = publish(july, (), K)
    assert published[0].shown[("last",)] == 40
    assert after[0].shown[("first",)] == 55
    assert subtract([published, (kept, june), after], K) == []
    assert not {("arrived",), ("left",)} & silent.shown.keys()


def test_without_the_rule_of_neighbours_the_zeros_of_a_month_give_back_who_left_before() -> None:
    """43 on the first night of May, 40 on the first of July, and zeros of June: three left in May."""
    quiet = {"arrived": 0, "left": 0}
    may = counted_month(5, OVER, {"first": 43, "arrived": 0, "left": 3, "last": 40})
    may = replace(may, known=[KnownSum({(name,): by for name, by in may.balances[0].items()})])
    july = counted_month(7, OVER, {"first": 40, **quiet, "last": 40})
    june = counted_month(6, OVER, {"first": 40, **quiet, "last": 40})
    out = [publish(one, (), K)[1] for one in (may, july)]
    assert subtract(out, K) == []
    unruled, published = publish(june, out, K)
    assert not unruled.is_safe
    assert subtract([*out, published], K) == [3]
    ruled = protect_beside_neighbours(june, out, K)
    assert ruled.is_safe
    assert set(ruled.withheld.values()) == {Withheld.NEIGHBOURS}
    kept = PublishedRelease("m6", june.scope, ruled.shown, ruled.hidden, K)
    assert subtract([*out, (kept, june)], K) == []


def quiet_month(name: str, months: Sequence[int], houses: str, *, nights: bool, left: bool = False) -> CountedRelease:
    """A release without persons: a row of arrivals, and if so wanted of the last night, and of who *left*."""
    rows = [ReleaseRow(CountTable("arrived", Count(0)), "stay.arrived", OverTime.ADDS, {}, {})]
    if nights:
        rows.append(ReleaseRow(CountTable("last", Count(0)), "client", OverTime.LAST, {}, {}))
    if left:
        rows.append(ReleaseRow(CountTable("left", Count(0)), "stay.left", OverTime.ADDS, {}, {}))
    return CountedRelease(name, scope_of(months, houses), rows)


@given(st.sets(st.integers(1, 12)) | st.just({*YEAR}), st.booleans(), st.booleans(), st.booleans(), st.randoms())
def test_a_year_is_closed_only_by_all_its_months_with_all_its_rows(
    out: set[int], of_months: bool, of_year: bool, left: bool, random: Random
) -> None:
    year = quiet_month("year", [*YEAR], "ab", nights=of_year, left=left)
    months = [quiet_month(f"m{month}", [month], "ab", nights=of_months) for month in sorted(out)]
    every = random.sample([year, *months], len(months) + 1)
    wrong = out and of_months and (left or len(out) < len(YEAR))
    assert find_unclosed(every) == (["year"] if wrong else [])


@given(st.sets(st.integers(1, 12), min_size=1) | st.just({*YEAR}))
def test_months_of_one_house_close_no_year_of_two(out: set[int]) -> None:
    year = quiet_month("year", [*YEAR], "ab", nights=True)
    months = [quiet_month(f"m{month}", [month], "a", nights=True) for month in out]
    assert find_unclosed([year, *months]) == ["year"]


@given(st.integers(1, 11), st.integers(2, 6))
def test_all_months_close_no_year_of_which_another_part_is_out(first: int, length: int) -> None:
    """Some months of one house say more of the year than its months do."""
    part = range(first, min(first + length, 13))
    months = [quiet_month(f"m{month}", [month], "ab", nights=True) for month in YEAR]
    every = [quiet_month("year", [*YEAR], "ab", nights=True), *months]
    assert find_unclosed(every) == []
    assert find_unclosed([*every, quiet_month("part", part, "a", nights=True)]) == ["year"]


PERSONS = [f"p{each}" for each in range(40)]
IN_A_MONTH = st.sets(st.sampled_from(PERSONS)) | st.sets(st.sampled_from(PERSONS), min_size=K, max_size=20)


@given(st.lists(IN_A_MONTH, min_size=2, max_size=4))
@example([{*PERSONS[:15]}, {*PERSONS[14:30]}])
@example([{*PERSONS[:14]}, {*PERSONS[13:26]}, {PERSONS[13], *PERSONS[26:]}])
def test_persons_counted_once_of_a_longer_period_give_back_none_that_are_in_several(parts: list[set[str]]) -> None:
    months = [once(f"m{number}", scope_of((number,)), persons) for number, persons in enumerate(parts, 1)]
    whole = once("whole", scope_of(range(1, len(parts) + 1)), set().union(*parts))
    out, _ = together([*months, whole])
    assert not subtract(out, K)
    several = [who for who in set().union(*parts) if sum(who in persons for persons in parts) > 1]
    is_all_shown = len(out) > len(parts) and not any(published.hidden for published, _ in out)
    assert not is_all_shown or not 0 < len(several) < K
    for published, counted in out:
        (row,) = counted.rows
        assert row.table.total.is_small(K) <= (("persons",) in published.hidden)


@given(st.integers(11, 40), st.integers(0, 40))
def test_how_few_of_the_persons_of_a_month_were_not_there_on_its_last_night_is_not_computed(
    many: int, absent: int
) -> None:
    lived = [f"p{each}" for each in range(many)]
    slept = lived[absent:]
    month = once("month", scope_of((1,)), {*lived})
    night = ReleaseRow(
        CountTable("last", Count(len(slept))), "client", OverTime.LAST, {("last",): dict.fromkeys(slept, 1)}, {}
    )
    done, published = publish(replace(month, rows=[*month.rows, night]), (), K)
    assert done.is_safe
    assert not subtract([published], K)
    known = {place: done.shown.get((name,)) for place, name in (("lived", "persons"), ("slept", "last"))}
    assert None in known.values() or not 0 < absent < K
    assert known["lived"] in (None, many)
