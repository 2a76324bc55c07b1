"""Dates for a calendar program (RFC 5545), with ids and clauses alone: whoever sees a calendar learns no name."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from shelterctl.core.due import Owed

PROGRAM = "-//shelterctl//due//EN"
FOLD = 73
"""So many bytes a line holds; what is longer goes on in the next one, behind a space."""


def calendar(rows: Iterable[Owed], now: datetime) -> bytes:
    """A calendar with a whole day for each row that has one; *now* is when it was made."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    events = (line for row in rows if row.due_on for line in _event(row, row.due_on, stamp))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PROGRAM}", "METHOD:PUBLISH", *events, "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(row: Owed, day: date, stamp: str) -> Iterator[str]:
    """One day: the same row has the same UID whenever it is made, so that a calendar replaces what it has."""
    about = "-".join(part for part in (row.id, row.stay, row.entry, row.what) if part)
    yield from ("BEGIN:VEVENT", f"UID:{about}@shelterctl", f"DTSTAMP:{stamp}")
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield from (f"SUMMARY:{row.id} {row.clause}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces that a calendar program reads as one."""
    while len(line.encode()) > FOLD:
        yield line[:FOLD]
        line = f" {line[FOLD:]}"
    yield line
