"""Som and tyiyn, exact: decimal text or a plain number with at most two places, never a float (X85)."""

import re
from decimal import Decimal

_SOM = re.compile(r"-?\d{1,13}(?:\.\d{1,2})?", re.ASCII)

ZERO_SOM = Decimal(0)


def read_som(written: object) -> Decimal | None:
    """An amount of som as it was written; None if it is no number or has more than two places."""
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal):
        return None
    text = f"{written:f}" if isinstance(written, Decimal) else str(written)
    return Decimal(text) if _SOM.fullmatch(text) else None


def write_som(som: Decimal) -> str:
    """An amount as JSON and records show it: ``750.00``."""
    return f"{som:.2f}"
