"""A house's own limits as rules: which number they tighten, on which days they are the stricter ones, and for whom."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.core.manual.rule import Bound, Repeal, Rule, Ruling
from shelterctl.core.rules.own_limits import list_limited_rules, make_own_rule, read_numbers, tighten
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.rules.verbs.days import Dated
from shelterctl.rulebook.rulebook import open_rulebook

FIRST, LATER, LAST = date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1)
LIMIT = OwnLimit("K7M2QA", "pink", "2a", "amount", "at_most", "C1", "1500", "", FIRST, None, "manager", "decision")
CAP = Rule(
    "amount",
    ("amount",),
    (
        Ruling("C1", params=Amount(at_most=2000)),
        Ruling("C2", since=LATER, params=Amount(at_most=1200)),
        Repeal("C3", since=LAST),
    ),
)


def number_on(rule: Rule, day: date) -> object:
    ruling = rule.on(day)
    return ruling and (ruling.clause, ruling.params.facts["at_most"])


def test_it_holds_from_its_day_while_it_is_the_stricter_one_and_the_manuals_rule_stays() -> None:
    own = make_own_rule(CAP, LIMIT)
    assert own
    assert own.tightens is CAP
    days = (FIRST - timedelta(days=1), FIRST, LATER - timedelta(days=1), LATER, LAST)
    assert [number_on(own, day) for day in days] == [None, ("C1", 1500), ("C1", 1500), None, None]
    assert [number_on(CAP, day) for day in days] == [("C1", 2000)] * 3 + [("C2", 1200), None]


def test_it_ends_with_its_last_day_and_one_that_ends_before_it_begins_never_held() -> None:
    own = make_own_rule(CAP, replace(LIMIT, until=date(2027, 1, 31)))
    assert own
    assert number_on(own, date(2027, 1, 31)) == ("C1", 1500)
    assert number_on(own, date(2027, 2, 1)) is None
    assert make_own_rule(CAP, replace(LIMIT, until=FIRST - timedelta(days=1))) is None
    assert make_own_rule(CAP, replace(LIMIT, number="2000")) is None
    assert make_own_rule(CAP, replace(LIMIT, word="at_least")) is None


@pytest.mark.parametrize(
    ("params", "word", "number", "after"),
    [
        (Amount(at_most=2000), "at_most", "1999.50", Amount(at_most="1999.50")),
        (Amount(at_most=2000), "at_most", "2000", None),
        (Amount(at_least=50), "at_least", "60", Amount(at_least=60)),
        (Amount(at_least=50), "at_least", "50", None),
        (Amount(at_least=50), "at_most", "10", None),
        (Dated(to=Bound("begin", months=3)), "months", "2", Dated(to=Bound("begin", months=2))),
        (Dated(to=Bound("begin", months=3)), "months", "4", None),
        (Dated(to=Bound("begin", days=-3)), "days", "5", Dated(to=Bound("begin", days=-5))),
        (Dated(from_=Bound("begin", days=3)), "days", "5", Dated(from_=Bound("begin", days=5))),
        (Dated(from_=Bound("begin", days=3)), "days", "2", None),
        (
            Dated(from_=Bound("today", months=-12), to=Bound("today", months=12)), "months", "6",
            Dated(from_=Bound("today", months=-6), to=Bound("today", months=6)),
        ),
        (
            Dated(from_=Bound("begin", months=1), to=Bound("begin", months=6)), "months", "5",
            Dated(from_=Bound("begin", months=1), to=Bound("begin", months=5)),
        ),
        (Dated(to=Bound("at", hours=24)), "days", "1", None),
    ],
)  # fmt: skip
def test_only_a_stricter_number_takes_the_place(
    params: Amount | Dated, word: str, number: str, after: Amount | Dated | None
) -> None:
    found = tighten(params, word, Decimal(number))
    assert (found and found.facts) == (after and after.facts)


def test_every_number_of_the_manual_can_be_tightened_and_is_named_by_its_place() -> None:
    rulebook = open_rulebook()
    listed = [(track.name, one) for track in rulebook.tracks.values() for one in list_limited_rules(track)]
    assert len(listed) >= 40
    for name, one in listed:
        ruling = one.rule.rulings[0]
        number = read_numbers(ruling.params)[one.word]
        ways = [tighten(ruling.params, one.word, number + step) for step in (-1, 1)]
        assert any(ways) or number == 0, (name, one.part, one.word)
