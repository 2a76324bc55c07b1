"""The money of many clients as rows that add up: each som that was agreed or spent is in exactly one of them.

A row is a line of an agreement, or everything that was spent for a client outside her agreements. By month a line has a
row for the month of the agreement's day, with what was agreed, and for each month in which something was spent on it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from shelterctl.core.money.account import Account, AccountLine, has_document, sum_outlays
from shelterctl.core.money.agreement import AMOUNT_KEY, Agreement
from shelterctl.core.record.entries import Entry
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable

MONTHS_OF_QUARTER = 3


@immutable
class AccountRow:
    """The sums of one line, as a whole or in one month: agreed, spent and left, in som.

    Without an *agreement* it was spent outside all of them. *over* is the part that was spent above the agreed amount
    of the line: by the order of days, so that the months of a line add up to it. *without_document* counts its outlays
    under an agreement that have no receipt. *month* is the first day of its month; None for the whole line.
    """

    agreement: Agreement | None = None
    line: str | None = None
    month: date | None = None
    agreed: Decimal = ZERO_SOM
    spent: Decimal = ZERO_SOM
    over: Decimal = ZERO_SOM
    outlays: int = 0
    without_document: int = 0

    @property
    def left(self) -> Decimal:
        """The part of the agreed amount that is left; negative where more was spent. Outside agreements it is 0."""
        return self.agreed - self.spent if self.agreement else ZERO_SOM


def list_account_rows(account: Account, *, by_month: bool = False) -> Iterator[AccountRow]:
    """Yield a row for each line of an account, and one for what was spent outside all agreements, if anything was."""
    for line in account.lines:
        yield from _list_months(line) if by_month else (_make_row(line, None, line.agreed, line.outlays),)
    if by_month:
        for month, outlays in _group_by_month(account.outside):
            yield _make_row(None, month, ZERO_SOM, outlays)
    elif account.outside:
        yield _make_row(None, None, ZERO_SOM, account.outside)


def name_quarter(day: date) -> str:
    """Return the quarter of the calendar in which a day is, such as ``2026-Q4``."""
    return f"{day.year}-Q{(day.month - 1) // MONTHS_OF_QUARTER + 1}"


def left_after_each(line: AccountLine) -> Iterator[tuple[Entry, Decimal]]:
    """Yield the outlays of a line in the order of days, each with what was left of the line after it."""
    left = line.agreed
    for outlay in sorted(line.outlays, key=lambda one: one.day or date.max):
        left -= outlay.values.get(AMOUNT_KEY) or ZERO_SOM
        yield outlay, left


def _list_months(line: AccountLine) -> Iterator[AccountRow]:
    """Yield the months of a line: the first, of the agreement's day, has what was agreed."""
    begun = line.agreement.day.replace(day=1)
    months = dict(_group_by_month(line.outlays))
    if line.agreed and begun not in months:
        months[begun] = ()
    before = ZERO_SOM
    for month in sorted(months, key=lambda month: month or date.max):
        outlays = months[month]
        agreed = line.agreed if month == begun else ZERO_SOM
        row = _make_row(line, month, agreed, outlays, before)
        before += row.spent
        yield row


def _make_row(
    line: AccountLine | None,
    month: date | None,
    agreed: Decimal,
    outlays: tuple[Entry, ...],
    before: Decimal = ZERO_SOM,
) -> AccountRow:
    """Return a row of these outlays; *before* was spent on the line in earlier months."""
    spent = sum_outlays(outlays)
    if line is None:
        return AccountRow(month=month, spent=spent, outlays=len(outlays))
    above = max(before + spent - line.agreed, ZERO_SOM) - max(before - line.agreed, ZERO_SOM)
    missing = sum(not has_document(one.written) for one in outlays)
    return AccountRow(line.agreement, line.number, month, agreed, spent, above, len(outlays), missing)


def _group_by_month(outlays: Iterable[Entry]) -> Iterator[tuple[date | None, tuple[Entry, ...]]]:
    """Yield the outlays of each month, by its first day; those without a day come under None."""
    months: dict[date | None, list[Entry]] = {}
    for one in outlays:
        months.setdefault(one.day.replace(day=1) if one.day else None, []).append(one)
    return ((month, tuple(each)) for month, each in months.items())
