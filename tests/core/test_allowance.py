"""Pocket money day by day: what is owed at least, what was paid and what is left, held against a count by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.rule import read_rule
from shelterctl.core.manual.track import Track
from shelterctl.core.money.allowance import Allowance, compute_allowance, least_allowance
from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.deadlines import list_track_obligations
from shelterctl.core.values.days import Span
from shelterctl.rulebook.rulebook import open_rulebook

TRACK = open_rulebook().tracks["pocket-money"]
RULE = next(rule for rule in TRACK.rules if rule.verb == "amount")
NOW = RULE.history[-1].params["at_least"]  # type: ignore[union-attr]
CAME = date(2026, 11, 2)


def ruled(*later: dict[str, Any]) -> Track:
    """The track with a minimum that changes."""
    written = {"amount": "amount", "at_least": 50, "times": [{"days_of": "span"}], "clause": "R1.0.2"}
    return replace(TRACK, rules=(read_rule({**written, "later": [{"clause": "R1.0.2", **one} for one in later]}),))


FIFTY = ruled()
RISING = ruled({"since": "2026-11-05", "at_least": 60}, {"since": "2026-11-08", "repealed": True})


def paid(first: date, last: date, amount: Any) -> dict[str, Any]:
    return {"id": "M", "on": str(first), "span": {"from": str(first), "to": str(last)}, "amount": amount}


def stay(*payments: dict[str, Any], left: date | None = None, **facts: Any) -> Client:
    whole = {"id": "S1", "received": {"at": f"{CAME}T21:00+06:00"}, "pocket_money": [*payments], **facts}
    return Client({"id": "7QF2-M9KD", "stays": [{**whole, **({"discharge": {"on": str(left)}} if left else {})}]})


def of(her: Client, today: date, track: Track = FIFTY) -> Allowance | None:
    return compute_allowance(track, her.stays[0], today)


def told(one: Allowance | None) -> tuple[int, int, str, str, str]:
    assert one
    return one.days, one.covered, str(one.owed), str(one.paid), str(one.left)


def day(number: int) -> date:
    return date(2026, 11, number)


CASES: list[tuple[str, Client, date, tuple[Any, ...]]] = [
    ("today counts, and provisional reception too (X92)", stay(), CAME, (1, 0, "50", "0", "50")),
    ("up to the day before she left", stay(left=day(5)), day(30), (3, 0, "150", "0", "150")),
    ("not yet left on the day that is asked for", stay(left=day(5)), day(3), (2, 0, "100", "0", "100")),
    ("who is not admitted was there all the same", stay(admission={"not_admitted": {"on": "2026-11-04"}}), day(30),
     (2, 0, "100", "0", "100")),
    ("paid for all days", stay(paid(day(2), day(6), 250)), day(6), (5, 5, "250", "250", "0")),
    ("more for some days pays no other one", stay(paid(day(2), day(3), 500)), day(6), (5, 2, "250", "500", "150")),
    ("less than the minimum is owed still", stay(paid(day(2), day(6), "200.50")), day(6),
     (5, 5, "250", "200.50", "49.50")),
    ("paid ahead", stay(paid(day(2), day(8), 350)), day(3), (2, 2, "100", "350", "0")),
    ("paid ahead, and she left before", stay(paid(day(2), day(8), 200), left=day(4)), day(30),
     (2, 2, "100", "200", "0")),
    ("a day twice is a day", stay(paid(day(2), day(4), 150), paid(day(4), day(5), 100)), day(6),
     (5, 4, "250", "250", "50")),
    ("days before she came cover nothing", stay(paid(date(2026, 10, 30), day(1), 150)), day(3),
     (2, 0, "100", "150", "100")),
    ("one that is struck through is none", stay({**paid(day(2), day(6), 250), "void": {"on": "2026-11-06"}}), day(6),
     (5, 0, "250", "0", "250")),
]  # fmt: skip


@pytest.mark.parametrize(("her", "today", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_owed_paid_and_left(her: Client, today: date, found: tuple[Any, ...]) -> None:
    assert told(of(her, today)) == found


@pytest.mark.parametrize("her", [
    stay(left=CAME), stay(received={"at": "2026-12-02T21:00+06:00"}), stay(received={}),
])  # fmt: skip
def test_a_stay_of_no_day_so_far_has_none(her: Client) -> None:
    assert of(her, day(30)) is None


def test_what_was_paid_in_a_stay_of_no_day_is_told_all_the_same() -> None:
    assert told(of(stay(paid(day(2), day(2), 50), received={}), day(30))) == (0, 0, "0", "50", "0")


def test_nothing_is_left_for_days_for_which_it_is_written_why_less_was_paid() -> None:
    reason = {**paid(day(4), day(6), 10), "not_paid_reason": "не хотела"}
    assert told(of(stay(paid(day(2), day(3), 100), reason, left=day(7)), day(20), TRACK))[-1] == "0"
    lacking = {name: said for name, said in reason.items() if name != "not_paid_reason"}
    assert told(of(stay(paid(day(2), day(3), 100), lacking, left=day(7)), day(20), TRACK))[-1] == "140"


def test_a_change_of_the_minimum_splits_the_days() -> None:
    assert told(of(stay(), day(10), RISING)) == (9, 0, "330", "0", "330")  # 3 × 50, 3 × 60, and nothing from the 8th on
    assert told(of(stay(paid(day(4), day(6), 160)), day(10), RISING)) == (9, 3, "330", "160", "170")  # and 10 lacking


def test_the_number_is_that_of_the_shelf() -> None:
    assert least_allowance(TRACK, Span(day(2), day(8))) == 7 * NOW


@st.composite
def payments(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for _ in range(draw(st.integers(0, 5))):
        first = CAME + timedelta(draw(st.integers(-3, 25)))
        made.append(paid(first, first + timedelta(draw(st.integers(0, 9))), f"{draw(st.integers(1, 99999)) / 100:.2f}"))
    return made


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def a_day(one: date) -> int:
    return 50 if one < day(5) else 60 if one < day(8) else 0


def by_hand(given_: Sequence[dict[str, Any]], left: date | None, today: date) -> tuple[Any, ...]:
    there = days(CAME, min(today, left - timedelta(1)) if left else today)
    known = [
        (days(*(date.fromisoformat(one["span"][end]) for end in ("from", "to"))), Decimal(one["amount"]))
        for one in given_
    ]
    covered = [one for one in there if any(one in span for span, _ in known)]
    lacking = [
        max(sum(a_day(one) for one in span if one >= CAME and (left is None or one < left)) - amount, Decimal(0))
        for span, amount in known
        if any(one >= CAME and (left is None or one < left) for one in span)
    ]
    owed = sum(a_day(one) for one in there)
    unpaid = sum(a_day(one) for one in there if one not in covered)
    return len(there), len(covered), owed, sum((amount for _, amount in known), Decimal(0)), unpaid + sum(lacking)


@given(payments(), st.none() | st.integers(1, 30), st.integers(0, 30))
def test_day_by_day_it_is_the_same(given_: list[dict[str, Any]], stayed: int | None, passed: int) -> None:
    left = CAME + timedelta(stayed) if stayed else None
    found = of(stay(*given_, left=left), CAME + timedelta(passed), RISING)
    assert found
    assert (found.days, found.covered, found.owed, found.paid, found.left) == by_hand(
        given_, left, CAME + timedelta(passed)
    )


@given(payments(), st.integers(0, 30))
def test_the_days_that_nothing_covers_are_those_that_are_due(given_: list[dict[str, Any]], passed: int) -> None:
    """Only how much was paid is another matter, so all of these are of the least at least."""
    whole = [{**one, "amount": 10**5} for one in given_]
    today = CAME + timedelta(passed)
    her = stay(*whole)
    found = of(her, today, TRACK)
    around = Context(day=today, today=today, client=her, stay=her.stay, tracks={TRACK.name: TRACK})
    rows = [*list_track_obligations([TRACK], around, 0)]
    assert found
    gaps = found.days - found.covered
    assert sum(row.gaps or 0 for row in rows) in (gaps, gaps - 1)  # today itself is due, and not over
    assert found.left == gaps * NOW


@given(payments(), st.randoms(use_true_random=False))
def test_the_order_of_payments_does_not_matter(given_: list[dict[str, Any]], lot: Any) -> None:
    one, other = stay(*given_), stay(*lot.sample(given_, len(given_)))
    assert told(of(one, day(20))) == told(of(other, day(20)))


def test_what_is_paid_again_or_over_the_least_is_beyond_it_and_what_is_paid_ahead_is_not() -> None:
    def beyond(*payments: dict[str, Any]) -> str:
        one = of(stay(*payments), day(5))
        assert one
        return str(one.beyond)

    assert beyond(paid(day(2), day(5), 200)) == "0"
    assert beyond(paid(day(2), day(9), 400)) == "0"  # four of its days are still to come
    assert beyond(paid(day(2), day(5), 230)) == "30"
    assert beyond(paid(day(2), day(3), 100), paid(day(3), day(4), 100)) == "50"
    assert beyond() == "0"
