"""The cells of a standard: our values in its codes, and its codes as our values."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, as_day
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.values.countries import ALPHA3
from shelterctl.core.values.days import read_day

ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_cell(column: StandardColumn, values: Iterable[Any], separator: str) -> str | None:
    """Return the cell of a column for these values of ours; None if it says nothing."""
    if column.any:
        return column.yes if any(value in column.any for value in values) else None
    written = [*dict.fromkeys(word for value in values if (word := _write_value(column, value)) is not None)]
    if len(written) > 1 and column.several == "none":
        return None
    if len(written) > 1 and column.several == "first":
        return next((word for word in column.codes.values() if word in written), None)
    return separator.join(written) or None


def _write_value(column: StandardColumn, value: Any) -> str | None:
    if column.codes:
        return column.codes.get(str(value), None if value == UNKNOWN_ANSWER else column.otherwise)
    if column.write == "year":
        return str(value)[:4]
    if column.write in ("day", "english_day"):
        day = value if isinstance(value, date) and not isinstance(value, datetime) else as_day(value) or read_day(value)
        return _write_day(day, english=column.write == "english_day") if day else None
    if column.write == "alpha3":
        return ALPHA3.get(str(value))
    if column.write == "band":
        reached = [name for first, name in column.bands.items() if isinstance(value, int) and value >= int(first)]
        return reached[-1] if reached else None
    return None if value == UNKNOWN_ANSWER else str(value)


def _write_day(day: date, *, english: bool) -> str:
    return f"{day.day:02}-{ENGLISH_MONTHS[day.month - 1]}-{day.year}" if english else day.isoformat()


def read_cell(column: StandardColumn, cell: str, separator: str) -> tuple[str, ...] | None:
    """Return our values for a cell of a standard; None if it has a word that is no code of ours.

    A code is read in any case, also by its label; signs and spaces in it do not matter.
    """
    if not column.codes:
        return (cell,)
    ours: dict[str, str] = {}
    for own, theirs in column.codes.items():
        ours.setdefault(_fold(theirs), own)
    ours |= {_fold(label): ours[_fold(code)] for code, label in column.labels.items()}
    parts = [_fold(part) for part in cell.split(separator.strip() or " ")]
    if len(parts) == 1 and parts[0] not in ours:
        parts = [_fold(part) for part in cell.split()]
    found = tuple(ours.get(part, "") for part in parts if part)
    return found if found and all(found) else None


def _fold(word: str) -> str:
    """Return the letters and digits of a code or its label, in small letters: Follow up and FollowUp are alike."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def read_heading(standard: Standard, heading: str) -> str | None:
    """Return the column of a standard that a heading means, by its name or another spelling, in any case."""
    folded = heading.strip().casefold()
    for name, column in standard.columns.items():
        if folded in (name.casefold(), *(alias.casefold() for alias in column.aliases)):
            return name
    return None
