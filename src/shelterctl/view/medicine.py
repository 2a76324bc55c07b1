"""The medicines of the coming hours: at which hour, for whom, and what, as far as the person at this computer reads it.

The hours stand outside the sealed part, so that everybody who opens a file can hand a medicine out in time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry
from shelterctl.core.record.register import BLOCK_KEY
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.values.facts import Facts
from shelterctl.errors import Damaged
from shelterctl.language import Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.folder import record_file
from shelterctl.store.store import StoredFile

HOURS_BACK, HOURS_AHEAD = timedelta(hours=1), timedelta(hours=12)
"""From when to when medicines are listed: the last hour, and as long as a shift lasts."""

CLOCK_KIND = "clock"
"""The kind of a field with hours of the day; a client's track with such a field says what she takes when."""

FIRST_DAY, LAST_DAY = "from", "to"
"""The fields with the first and the last day of such an entry."""


class Dose(NamedTuple):
    """One medicine at one hour: for whom, by which entry, *what* it is and how much, or None where that is sealed."""

    id: str
    entry: str
    at: datetime
    track: str
    text: Text
    what: tuple[str, ...] | None


def list_doses(session: Session, clients: Iterable[Client], *, opens: bool) -> list[Dose]:
    """Return the medicines of these clients from an hour ago until a shift from now, the earliest first.

    What they are is only read if *opens*, and only as far as this key opens the part.
    """
    found: list[Dose] = []
    tracks = [*list_medicine_tracks(session.rulebook)]
    for her in clients:
        for track, name in tracks:
            hours = [*_list_hours(track, name, her, session.moment)]
            words = _read_words(session, her, track, name, {one for one, _ in hours}) if opens and hours else {}
            found += [Dose(her.id, one, at, track.name, track.text, words.get(one)) for one, at in hours]
    return sorted(found, key=lambda dose: (dose.at, dose.id))


def list_medicine_tracks(rulebook: Rulebook) -> Iterator[tuple[Track, str]]:
    """Yield each track of clients that says at which hours something is taken, with the field that says it."""
    written = (name for name in rulebook.track_names if _names_hours(rulebook.file_of("track", name).value))
    for track in map(rulebook.tracks.__getitem__, written):
        if name := _hours_field(track):
            yield track, name


def _names_hours(written: Facts) -> bool:
    """Whether a track, as its file says it, may say at which hours something is taken; most are never read."""
    fields = written.get("fields") or {}
    return FIRST_DAY in fields and any(one.get("is") == CLOCK_KIND for one in fields.values())


def _hours_field(track: Track) -> str | None:
    """Return the field of a client's track that says at which hours something is taken, or None."""
    if track.of_register is not None or FIRST_DAY not in track.fields:
        return None
    return next((name for name, one in track.fields.items() if one.kind == CLOCK_KIND and one.several), None)


def _list_hours(track: Track, name: str, her: Client, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the entry and the time of each dose within the hours that are listed."""
    first, last = (now.replace(tzinfo=None) + offset for offset in (-HOURS_BACK, HOURS_AHEAD))
    for entry in entries_of_client(track, her):
        begins, ends = (entry.values.get(each) for each in (FIRST_DAY, LAST_DAY))
        for day in (first.date() + timedelta(days=number) for number in range((last.date() - first.date()).days + 1)):
            if isinstance(begins, date) and begins <= day and (ends is None or day <= ends):
                yield from ((str(entry.written["id"]), at) for at in _times_on(day, entry, name) if first <= at <= last)


def _times_on(day: date, entry: Entry, name: str) -> Iterator[datetime]:
    for clock in entry.written.get(name) or ():
        yield datetime.combine(day, time.fromisoformat(str(clock)))


def _read_words(session: Session, her: Client, track: Track, name: str, ids: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of these entries says before its hours, by the columns of its sheet, for those that open."""
    if track.seal:
        held = StoredFile(dict(her.facts), "")
        try:
            opened = session.store.unsealed_where(held, track.seal.parts, lambda one: one.get("id") in ids)
        except Damaged as error:  # the hours are known, and what is sealed cannot be read
            session.store.damaged[record_file(her.id)] = error
            return {}
        her = Client(opened.value)
    columns = [each for each in track.sheet.columns if each in track.fields]
    told = columns[: columns.index(name)] if name in columns else []
    return {
        str(entry.written["id"]): tuple(str(entry.written[each]) for each in told if each in entry.written)
        for entry in entries_of_client(track, her)
        if entry.written["id"] in ids and BLOCK_KEY not in entry.written
    }
