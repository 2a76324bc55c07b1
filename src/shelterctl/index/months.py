"""Times in an index as months: many clients have one, so that it is kept once, and reports and lists ask by months."""

from collections.abc import Iterable, Sequence

from shelterctl.core.values.days import Span

_MONTH_LENGTH = len("2026-12")

PackedMonths = Sequence[str] | None
"""The first and the last month of a time, ``YYYY-MM``; None where there is none."""


def pack_months(spans: Iterable[Span | None]) -> PackedMonths:
    """Return the months from the first to the last day of several times."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    first, last = min(span.first for span in known), max(span.last for span in known)
    return [first.isoformat()[:_MONTH_LENGTH], last.isoformat()[:_MONTH_LENGTH]]


def meet_months(packed: PackedMonths, during: Span) -> bool:
    """Whether some of the months have days of a period."""
    asked = pack_months([during])
    return packed is not None and asked is not None and packed[0] <= asked[1] and asked[0] <= packed[1]
