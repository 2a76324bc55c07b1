"""Exact amounts of som and tyiyn: decimal text or a plain number with at most two decimals, never a float (X85)."""

import re
from decimal import Decimal

_SOM = re.compile(r"-?\d{1,13}(?:\.\d{1,2})?", re.ASCII)

ZERO_SOM = Decimal(0)


def read_som(written: object) -> Decimal | None:
    """Read an amount of som; return None for anything that is not a number or has more than two decimal places."""
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal):
        return None
    text = f"{written:f}" if isinstance(written, Decimal) else str(written)
    return Decimal(text) if _SOM.fullmatch(text) else None


def write_som(som: Decimal) -> str:
    """Return an amount as JSON and records have it: ``750.00``."""
    return f"{som:.2f}"
