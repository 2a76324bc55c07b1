"""Pocket money of a stay: the days that she was there, what is owed for them at least, what was paid, what is left."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from shelterctl.core.days import Span, days_after, days_from, gaps
from shelterctl.core.entry import Entry, listed
from shelterctl.core.line import AMOUNT
from shelterctl.core.record import Stay
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Track

NOTHING = Decimal(0)


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


def allowance(track: Track, stay: Stay, today: date) -> Allowance | None:
    """The pocket money of a stay, up to *today*; None for one in which she was on no day, and nothing was paid."""
    payments = tuple(listed(track, stay.facts, f"/stays/{stay.index}"))
    whole = _present(stay, date.max)
    present = _present(stay, today)
    if present is None and not payments:
        return None
    spans = [span for one in payments if isinstance(span := _span(track, one), Span)]
    unpaid = list(gaps(present, spans)) if present else []
    days = _length([present]) if present else 0
    left = sum((least(track, gap) for gap in unpaid), NOTHING)
    left += sum((_lacks(track, one, whole) for one in payments), NOTHING)
    paid = sum((one.values.get(AMOUNT) or NOTHING for one in payments), NOTHING)
    meant = [each for one in payments if (each := _meant(track, one, whole))]
    counted = _least_of(track, [*([present] if present else []), *meant])
    return Allowance(
        stay,
        present,
        days,
        days - _length(unpaid),
        least(track, present) if present else NOTHING,
        paid,
        left,
        max(paid + left - counted, NOTHING),
        payments,
    )


def least(track: Track, during: Span) -> Decimal:
    """What is to be paid at least for these days: for each of them what was ruled on it."""
    return sum((_length([part]) * _a_day(track, part.first) for part in _as_ruled(track, during)), NOTHING)


def _present(stay: Stay, today: date) -> Span | None:
    """The days that she was there: on the day she leaves there is none; provisional reception counts (X92)."""
    if stay.arrived_on is None:
        return None
    last = min(today, days_after(stay.left_on, -1)) if stay.left_on else today
    return Span(stay.arrived_on, last) if stay.arrived_on <= last else None


def _lacks(track: Track, one: Entry, whole: Span | None) -> Decimal:
    """What a payment lacks of the least for its days of her stay, unless its reason is written; it may be ahead."""
    meant = _meant(track, one, whole)
    excused = any(rule.unless and one.values.get(rule.unless) for rule in track.rules if rule.names == (AMOUNT,))
    return max(least(track, meant) - (one.values.get(AMOUNT) or NOTHING), NOTHING) if meant and not excused else NOTHING


def _meant(track: Track, one: Entry, whole: Span | None) -> Span | None:
    """The days of her stay for which a payment is."""
    span = _span(track, one)
    if whole is None or not isinstance(span, Span) or not span.overlaps(whole):
        return None
    return Span(max(span.first, whole.first), min(span.last, whole.last))


def _least_of(track: Track, spans: Sequence[Span]) -> Decimal:
    """The least for every day of these, each counted once."""
    if not spans:
        return NOTHING
    over = Span(min(span.first for span in spans), max(span.last for span in spans))
    return least(track, over) - sum((least(track, gap) for gap in gaps(over, spans)), NOTHING)


def _span(track: Track, one: Entry) -> object:
    """The days for which a payment is."""
    return next((one.values.get(name) for name, each in track.fields.items() if each.kind == "span"), None)


def _length(spans: Sequence[Span]) -> int:
    return sum(days_from(span.first, span.last) + 1 for span in spans)


def _as_ruled(track: Track, during: Span) -> Iterator[Span]:
    """A period in pieces, each under one ruling."""
    since = {one.since for rule in track.rules for one in rule.history if one.since}
    begins = sorted({during.first, *(day for day in since if during.first < day <= during.last)})
    yield from (Span(first, days_after(following, -1)) for first, following in pairwise(begins))
    yield Span(begins[-1], during.last)


def _a_day(track: Track, day: date) -> Decimal:
    """The least for one day, as it is ruled on that day: what an amount must reach, times the days of its span."""
    rulings = (rule.on(day) for rule in track.rules if rule.verb == "amount" and rule.names == (AMOUNT,))
    return max((Decimal(one) for ruling in rulings if ruling for one in _by_the_day(ruling)), default=NOTHING)


def _by_the_day(ruling: Ruling) -> Iterator[int]:
    wanted, times = ruling.asks.get("at_least"), ruling.asks.get("times") or ()
    if isinstance(wanted, int) and any(isinstance(one, Mapping) and "days_of" in one for one in times):
        yield wanted
