"""Pocket money of a stay: her days there, the least that is owed for them, what was paid, and what is left to pay."""

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
from shelterctl.core.rules.own_limits import keep_limits_of_house
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.days import Span, add_days, days_between, find_gaps
from shelterctl.core.values.money import ZERO_SOM


class Allowance(NamedTuple):
    """The pocket money of one stay, in som.

    *present* are the days that count so far, from her arrival to the day before she left, or None. *covered* is the
    number of them that payments cover. *owed* is the least for all of them; *left* is the least for uncovered days plus
    what payments lack for theirs: an overpayment for some days does not pay others. *beyond* is what was paid above the
    least, or again for days already paid. *unpaid* are the periods that no payment covers, oldest first.
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
    unpaid: tuple[Span, ...] = ()


def compute_allowance(track: Track, stay: Stay, today: date) -> Allowance | None:
    """Return the pocket money of a stay up to *today*; None where she was there on no day and nothing was paid."""
    track = keep_limits_of_house(track, stay.facility)
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
        tuple(unpaid),
    )


def least_allowance(track: Track, during: Span) -> Decimal:
    """Return the least that must be paid for these days, each by the ruling of that day."""
    parts = _split_by_ruling(track, during)
    return sum((_count_days([part]) * _least_per_day(track, part.first) for part in parts), ZERO_SOM)


def _days_present(stay: Stay, today: date) -> Span | None:
    """Return the days she was there, without the day she left; provisional reception counts (X92)."""
    if stay.arrived_on is None:
        return None
    last = min(today, add_days(stay.left_on, -1)) if stay.left_on else today
    return Span(stay.arrived_on, last) if stay.arrived_on <= last else None


def _lacking_amount(track: Track, one: Entry, whole: Span | None) -> Decimal:
    """Return what a payment lacks of the least for its days, also future ones; 0 if its reason is written."""
    meant = _days_paid_for(track, one, whole)
    excused = any(rule.unless and one.values.get(rule.unless) for rule in track.rules if rule.names == (AMOUNT_KEY,))
    if meant is None or excused:
        return ZERO_SOM
    return max(least_allowance(track, meant) - (one.values.get(AMOUNT_KEY) or ZERO_SOM), ZERO_SOM)


def _days_paid_for(track: Track, one: Entry, whole: Span | None) -> Span | None:
    """Return the days of her stay that a payment is for."""
    span = _payment_span(track, one)
    return span.intersection(whole) if whole and isinstance(span, Span) else None


def _least_for_all(track: Track, spans: Sequence[Span]) -> Decimal:
    """Return the least for every day of these periods, each day counted once."""
    if not spans:
        return ZERO_SOM
    over = Span(min(span.first for span in spans), max(span.last for span in spans))
    return least_allowance(track, over) - sum((least_allowance(track, gap) for gap in find_gaps(over, spans)), ZERO_SOM)


def _payment_span(track: Track, one: Entry) -> object:
    """Return the days that a payment is for."""
    return next((one.values.get(name) for name, each in track.fields.items() if each.kind == "span"), None)


def _count_days(spans: Sequence[Span]) -> int:
    return sum(days_between(span.first, span.last) + 1 for span in spans)


def _split_by_ruling(track: Track, during: Span) -> Iterator[Span]:
    """Yield a period in pieces, each under one ruling."""
    since = {one.since for rule in track.rules for one in rule.history if one.since}
    begins = sorted({during.first, *(day for day in since if during.first < day <= during.last)})
    yield from (Span(first, add_days(following, -1)) for first, following in pairwise(begins))
    yield Span(begins[-1], during.last)


def _least_per_day(track: Track, day: date) -> Decimal:
    """Return the least for one day by the ruling of that day: the limit that is multiplied by a span's days."""
    rulings = (rule.on(day) for rule in track.rules if rule.verb == "amount" and rule.names == (AMOUNT_KEY,))
    limits = [ruling.params for ruling in rulings if ruling and isinstance(ruling.params, Amount)]
    wanted = (limit.at_least for limit in limits if _is_counted_by_day(limit))
    return max((Decimal(least) for least in wanted if isinstance(least, int)), default=ZERO_SOM)


def _is_counted_by_day(limit: Amount) -> bool:
    return any(isinstance(each, Measure) and each.kind == "days_of" for each in limit.times)
