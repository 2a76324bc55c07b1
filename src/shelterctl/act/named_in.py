"""The entries of registers that name a client by her id, such as an incident; her file points to them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.register_record import open_register
from shelterctl.core.manual.track import REGISTER_HOMES, Track
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import Entry, entry_moment, entry_title
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.values.days import local_day
from shelterctl.language import LabelledCode, Text
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.trust.readership import REGISTER_PARTS

LAST_MONTH = "9999-12"


class NamedIn(NamedTuple):
    """An entry that names a client: its track and title, when it was, the code of its home, and its id."""

    track: Track
    title: Text
    on: date | None
    of: str
    entry: str

    @property
    def as_data(self) -> dict[str, Any]:
        """The entry as programs read it."""
        kind = LabelledCode(self.track.name, self.track.text)
        return {"track": kind, "on": self.on and f"{self.on:%Y-%m-%d}", "of": self.of, "entry": self.entry}


def list_entries_naming(session: Session, her: Client) -> list[NamedIn]:
    """Return the entries since her arrival that name her and that this person may read, the newest first."""
    found = [
        named
        for home in REGISTER_HOMES
        if (tracks := [track for track in session.rulebook.tracks_of_homes[home] if track.client_fields])
        and session.store.vault.opens(REGISTER_PARTS[f"registers/{home}"])
        for named in _entries_of_home(session, her, home, tracks)
    ]
    return sorted(found, key=lambda one: str(one.on or ""), reverse=True)


def _entries_of_home(session: Session, her: Client, home: str, tracks: list[Track]) -> Iterator[NamedIn]:
    months = Months(f"{_known_since(her):%Y-%m}", LAST_MONTH)
    for known in session.store.home_registers.records(home, list_codes(session.store, home), months):
        held = read_subject(open_register(session, StoredFile(dict(known.facts), ""), tracks).value)
        for track in tracks:
            for entry in entries_of_client(track, held):
                if any(her.id in _ids_at(entry, name) for name in track.client_fields):
                    title, on = entry_title(track, entry.written), entry_moment(track, entry)
                    yield NamedIn(track, title, on, known.id, str(entry.written["id"]))


def _ids_at(entry: Entry, name: str) -> list[Any]:
    """Return the ids at a dotted name of an entry, also inside lists of groups."""
    found: list[Any] = [entry.written]
    for key in name.split("."):
        found = [one.get(key) for one in found if isinstance(one, dict)]
        found = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return found


def _known_since(her: Client) -> date:
    """Return the first day from which an entry may name her."""
    begun = [stay.begun_on for stay in her.stays if stay.begun_on]
    return min(begun, default=local_day(her.facts.get("recorded_at")) or date.min)
