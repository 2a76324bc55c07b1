"""The time for which a client's file is kept, and what stands against deleting it (M2.2.9, X11).

Both are derived from what is recorded, and stored nowhere. Nothing here deletes anything.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from shelterctl.core.manual.track import MONITORING, Deadline, LongerTerm, Track
from shelterctl.core.record.client import Client, Registered, Stay
from shelterctl.core.record.entries import Entry, effective_entries, find_written, gives_answers, list_entries
from shelterctl.core.rules.context import Tracks, entries_of_client
from shelterctl.core.rules.monitoring import read_duty
from shelterctl.core.rules.verbs.entries import is_alive
from shelterctl.core.values.days import Duration, add_duration

STAY_OPEN, STILL_KEPT, NOT_MONITORED, FILE_STRUCK, REGISTERS_UNREAD = OBSTACLES = (
    "stay_open", "still_kept", "not_monitored", "file_struck", "registers_unread",
)  # fmt: skip
"""Obstacles to deleting a file besides entries: a stay that is not over, the time for which it is kept, a
monitoring that was neither reported nor closed, a file that is struck through, and registers that cannot be read here.
"""


class RegistersRead(NamedTuple):
    """The *records* of registers as far as this person may read them, by home; *whole* if nothing was left unread.

    What concerns a manager goes to another reader, and does not count as unread.
    """

    records: Sequence[Registered] = ()
    whole: bool = False

    def house(self, code: str | None) -> Registered | None:
        """Return the record of a house."""
        return next((one for one in self.records if one.home == "house" and one.id == code), None)


class KeepingTerm(NamedTuple):
    """The day until which a file is kept, and the months of the agreement from which it follows, if one is longer."""

    until: date
    months: int | None = None


def find_stay_term(due: Deadline, tracks: Tracks, stay: Stay, read: RegistersRead, today: date) -> KeepingTerm | None:
    """Return how long a file is kept after one stay; None if she has not left, or never came into the house.

    A client who was received and then not admitted left on the day of that decision. The agreement of the house that is
    in force today can only lengthen the time (X98).
    """
    left = stay.discharged_on or (stay.left_on if stay.arrived_on else None)
    until = due.due_day(left) if left else None
    if left is None or until is None:
        return None
    house = read.house(stay.facility)
    agreed = list_agreed_months(due.longer, tracks, house, today) if due.longer and house else []
    longest = max(agreed, default=0)
    longer = add_duration(left, Duration(months=longest))
    return KeepingTerm(longer, longest) if longer > until else KeepingTerm(until)


def find_file_term(
    due: Deadline, tracks: Tracks, client: Client, read: RegistersRead, today: date
) -> KeepingTerm | None:
    """Return how long a file is kept: of all her stays the one that gives the latest day; None before she left."""
    if any(stay.is_open for stay in client.stays):
        return None
    found = (find_stay_term(due, tracks, stay, read, today) for stay in client.stays)
    return max((one for one in found if one), key=lambda one: one.until, default=None)


def list_agreed_months(longer: LongerTerm, tracks: Tracks, house: Registered, today: date) -> list[int]:
    """Return the months that are agreed for files of a house in the entries that are in force today."""
    name, field = longer.track_and_field
    track = tracks.get(name)
    if track is None:
        return []
    by_now = (one for one in list_entries(track, house.facts, "") if one.day and one.day <= today)
    return [
        int(months)
        for one in effective_entries(track, by_now)
        if (not track.life or is_alive(one, track.life, today))
        and gives_answers(longer.where, one.values)
        and isinstance(months := one.values.get(field), int)
    ]


def list_obstacles(due: Deadline, tracks: Tracks, client: Client, read: RegistersRead, today: date) -> Iterator[str]:
    """Yield what stands against deleting a file: codes of `OBSTACLES`, and the names of tracks with an open entry."""
    if client.is_idle:
        yield FILE_STRUCK
    if any(stay.is_open for stay in client.stays):
        yield STAY_OPEN
    term = find_file_term(due, tracks, client, read, today)
    if term and term.until > today:
        yield STILL_KEPT
    if _lacks_monitoring(tracks, client):
        yield NOT_MONITORED
    for track in tracks.values():
        if track.holds and any(_list_holding_entries(track, client, read, today)):
            yield track.name
    if not read.whole:
        yield REGISTERS_UNREAD


def _lacks_monitoring(tracks: Tracks, client: Client) -> bool:
    """Whether she left the house, or never had a stay, and her monitoring was neither reported nor closed."""
    if tracks.serving(MONITORING) is None or client.is_idle:
        return False
    left: Sequence[Stay | None] = [stay for stay in client.stays if not stay.turned_away and not stay.is_open]
    held = left if client.stays else [None]
    return any(read_duty(tracks, client, stay).outcome is None for stay in held)


def _list_holding_entries(track: Track, client: Client, read: RegistersRead, today: date) -> Iterator[Entry]:
    """Yield the entries of a track for which her file is kept; one whose life has ended holds nothing."""
    for one in _entries_about(track, client, read):
        ended = track.life and any(end is not None and end <= today for end in map(one.values.get, track.life[1:]))
        if track.holds and not ended and gives_answers(track.holds.when, one.values):
            yield one


def _entries_about(track: Track, client: Client, read: RegistersRead) -> Iterator[Entry]:
    """Yield the entries of a track in her file, or those of a register that name her."""
    if track.of_register is None:
        yield from entries_of_client(track, client)
    for record in read.records if track.of_register else ():
        for one in entries_of_client(track, record):
            named = (find_written(one.written, name.split(".")) for name in track.client_fields)
            if any(id_ == client.id for found in named for _, id_ in found):
                yield one
