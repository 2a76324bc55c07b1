"""Pocket money of a stay: the days that she was there, what is owed for them at least, what was paid, what is left."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from shelterctl.core.manual.rule import Measure
from shelterctl.core.manual.track import Track
from shelterctl.core.money.agreement import AMOUNT_KEY
from shelterctl.core.record.client import Stay
from shelterctl.core.record.entries import Entry, list_entries
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.days import Span, add_days, days_between, find_gaps
from shelterctl.core.values.money import ZERO_SOM


class Allowance(NamedTuple):
    """The pocket money of one stay, in som.

    *present* are the days that count so far, from her arrival to the day before she left; none where none does yet.
    *covered* of them are paid for. *owed* is the least for all of them, *left* the least for the days that nothing
    covers and what payments lack of theirs: more for some days pays no other one. *beyond* is what was paid over the
    least for its days, or again for days that were paid for.
    """

    stay: Stay
    present: Span | None
    days: int
    covered: int
    owed: Decimal
    paid: Decimal
    left: Decimal
    beyond: Decimal
    payments: tuple[Entry, ...]


def compute_allowance(track: Track, stay: Stay, today: date) -> Allowance | None:
    """The pocket money of a stay, up to *today*; None for one in which she was on no day, and nothing was paid."""
    payments = tuple(list_entries(track, stay.facts, f"/stays/{stay.index}"))
    whole = _days_present(stay, date.max)
    present = _days_present(stay, today)
    if present is None and not payments:
        return None
    spans = [span for one in payments if isinstance(span := _payment_span(track, one), Span)]
    unpaid = list(find_gaps(present, spans)) if present else []
    days = _count_days([present]) if present else 0
    left = sum((least_allowance(track, gap) for gap in unpaid), ZERO_SOM)
    left += sum((_lacking_amount(track, one, whole) for one in payments), ZERO_SOM)
    paid = sum((one.values.get(AMOUNT_KEY) or ZERO_SOM for one in payments), ZERO_SOM)
    meant = [each for one in payments if (each := _days_paid_for(track, one, whole))]
    counted = _least_for_all(track, [*([present] if present else []), *meant])
    return Allowance(
        stay,
        present,
        days,
        days - _count_days(unpaid),
        least_allowance(track, present) if present else ZERO_SOM,
        paid,
        left,
        max(paid + left - counted, ZERO_SOM),
        payments,
    )


def least_allowance(track: Track, during: Span) -> Decimal:
    """What is to be paid at least for these days: for each of them what was ruled on it."""
    parts = _split_by_ruling(track, during)
    return sum((_count_days([part]) * _least_per_day(track, part.first) for part in parts), ZERO_SOM)


def _days_present(stay: Stay, today: date) -> Span | None:
    """The days that she was there: on the day she leaves there is none; provisional reception counts (X92)."""
    if stay.arrived_on is None:
        return None
    last = min(today, add_days(stay.left_on, -1)) if stay.left_on else today
    return Span(stay.arrived_on, last) if stay.arrived_on <= last else None


def _lacking_amount(track: Track, one: Entry, whole: Span | None) -> Decimal:
    """What a payment lacks of the least for its days of her stay, unless its reason is written; it may be ahead."""
    meant = _days_paid_for(track, one, whole)
    excused = any(rule.unless and one.values.get(rule.unless) for rule in track.rules if rule.names == (AMOUNT_KEY,))
    if meant is None or excused:
        return ZERO_SOM
    return max(least_allowance(track, meant) - (one.values.get(AMOUNT_KEY) or ZERO_SOM), ZERO_SOM)


def _days_paid_for(track: Track, one: Entry, whole: Span | None) -> Span | None:
    """The days of her stay for which a payment is."""
    span = _payment_span(track, one)
    return span.intersection(whole) if whole and isinstance(span, Span) else None


def _least_for_all(track: Track, spans: Sequence[Span]) -> Decimal:
    """The least for every day of these, each counted once."""
    if not spans:
        return ZERO_SOM
    over = Span(min(span.first for span in spans), max(span.last for span in spans))
    return least_allowance(track, over) - sum((least_allowance(track, gap) for gap in find_gaps(over, spans)), ZERO_SOM)


def _payment_span(track: Track, one: Entry) -> object:
    """The days for which a payment is."""
    return next((one.values.get(name) for name, each in track.fields.items() if each.kind == "span"), None)


def _count_days(spans: Sequence[Span]) -> int:
    return sum(days_between(span.first, span.last) + 1 for span in spans)


def _split_by_ruling(track: Track, during: Span) -> Iterator[Span]:
    """A period in pieces, each under one ruling."""
    since = {one.since for rule in track.rules for one in rule.history if one.since}
    begins = sorted({during.first, *(day for day in since if during.first < day <= during.last)})
    yield from (Span(first, add_days(following, -1)) for first, following in pairwise(begins))
    yield Span(begins[-1], during.last)


def _least_per_day(track: Track, day: date) -> Decimal:
    """The least for one day, as it is ruled on that day: what an amount must reach, times the days of its span."""
    rulings = (rule.on(day) for rule in track.rules if rule.verb == "amount" and rule.names == (AMOUNT_KEY,))
    limits = [ruling.params for ruling in rulings if ruling and isinstance(ruling.params, Amount)]
    wanted = (limit.at_least for limit in limits if _is_counted_by_day(limit))
    return max((Decimal(least) for least in wanted if isinstance(least, int)), default=ZERO_SOM)


def _is_counted_by_day(limit: Amount) -> bool:
    return any(isinstance(each, Measure) and each.kind == "days_of" for each in limit.times)
