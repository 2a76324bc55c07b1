"""Exact amounts of money: decimal text or a plain number with at most as many decimals as the currency of the rulebook
has, never a float (X85).
"""

import re
from decimal import Decimal
from functools import cache

from shelterctl.country import current_country

ZERO_SOM = Decimal(0)

LONGEST_WHOLE_PART = 13
"""The greatest number of digits of an amount before the point."""


@cache
def _amount_pattern(decimals: str) -> re.Pattern[str]:
    return re.compile(rf"-?\d{{1,{LONGEST_WHOLE_PART}}}{decimals}", re.ASCII)


def read_som(written: object) -> Decimal | None:
    """Read an amount; return None for anything that is not a number or has more decimal places than the currency."""
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal):
        return None
    text = f"{written:f}" if isinstance(written, Decimal) else str(written)
    return Decimal(text) if _amount_pattern(current_country().currency.decimals).fullmatch(text) else None


def write_som(som: Decimal) -> str:
    """Return an amount as JSON and records have it: ``750.00``, with all the places of the currency."""
    return f"{som:.{current_country().currency.places}f}"


def smallest_amount() -> Decimal:
    """Return the smallest amount of the currency, such as 0.01."""
    return Decimal(1).scaleb(-current_country().currency.places)
