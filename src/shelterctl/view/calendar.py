"""Dates for a calendar program (RFC 5545), with ids and clauses alone: whoever sees a calendar learns no name."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from shelterctl.core.due import Owed
from shelterctl.store.store import Store

PROGRAM = "-//shelterctl//due//EN"
FOLD = 73
"""So many bytes a line holds; what is longer goes on in the next one, behind a space."""


def secret_of(store: Store) -> bytes:
    """What the UIDs of a store are made with, the same on each of its computers.

    A store of 0.1.0 has no secret of its own: there a UID can be guessed, as the codes of its sheets can.
    """
    if not store.vault.journal.chain.root:
        return b"0.1.0"
    return bytes.fromhex(store.secrets.value["sheet_codes"][0]["key"])


def calendar(rows: Iterable[Owed], now: datetime, secret: bytes) -> bytes:
    """A calendar with a whole day for each row that has one; *now* is when it was made, *secret* the store's own."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    events = (line for row in rows if row.due_on for line in _event(row, row.due_on, stamp, secret))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PROGRAM}", "METHOD:PUBLISH", *events, "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(row: Owed, day: date, stamp: str, secret: bytes) -> Iterator[str]:
    """One day: the same row has the same UID whenever it is made, so that a calendar replaces what it has.

    The UID tells nothing of the row: not what is due, nor that two days are about one thing.
    """
    about = "\n".join(("shelterctl calendar/1", row.id, row.stay or "", row.entry or "", row.what))
    uid = hmac.new(secret, about.encode(), "sha256").hexdigest()[:32]
    yield from ("BEGIN:VEVENT", f"UID:{uid}@shelterctl", f"DTSTAMP:{stamp}")
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield from (f"SUMMARY:{row.id} {row.clause}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces that a calendar program reads as one."""
    while len(line.encode()) > FOLD:
        yield line[:FOLD]
        line = f" {line[FOLD:]}"
    yield line
