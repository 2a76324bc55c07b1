"""The notes that one shift leaves for the next: the last one of a house, whether the person at this computer still has
to confirm it, and what others have written since the last one that she confirmed or wrote.

Such a note is an entry of a house with an act that several persons do, each for herself; the rulebook says which.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from shelterctl.core.manual.track import EntryAct, Track
from shelterctl.core.record.client import Client, entries_with_ids, live_entries
from shelterctl.core.record.entries import Entry, find_deed, may_matter
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.values.days import read_day, read_time
from shelterctl.core.values.facts import Facts
from shelterctl.language import Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.view.record import kind_text, track_of_entry

FIRST_LOOK_BACK = timedelta(hours=24)
"""The time for which a person who never confirmed or wrote a note is shown what others wrote."""


NOTE_FIELD = "note"
"""The field with the words of a note."""


class NoteKind(NamedTuple):
    """A kind of note that each person confirms: its track, and the name of the act that confirms it."""

    track: Track
    name: str

    @property
    def act(self) -> EntryAct:
        """The act that confirms it."""
        return self.track.entry_acts[self.name]


class Handover(NamedTuple):
    """A note of a *house*: its entry, who wrote it and when, and who confirmed it; *waits* says whether the person at
    this computer still has to.
    """

    house: str
    kind: NoteKind
    entry: str
    on: Any
    by: str
    recorded_at: datetime
    note: str | None
    confirmed: tuple[str, ...]
    waits: bool
    earlier: int = 0

    @property
    def title(self) -> Text:
        """The words for this kind of note."""
        return kind_text(self.kind.track, {name: answers[0] for name, answers in self.kind.act.when.items()})


class News(NamedTuple):
    """The number of entries of one kind that others wrote about a client or a code since a moment, or changed."""

    id: str
    track: str
    text: Text
    new: int
    changed: int


def find_note_kind(rulebook: Rulebook) -> NoteKind | None:
    """Return the kind of note of a house that each person confirms; None if the rulebook has none."""
    for track in rulebook.tracks_of_homes["house"]:
        for name, act in track.entry_acts.items():
            if track.fields[act.writes].several:
                return NoteKind(track, name)
    return None


def list_notes(kind: NoteKind, house: Client, session: Session) -> list[tuple[datetime, Entry]]:
    """Return the notes of a house up to the day taken as today, with the time of writing, the newest first."""
    found = []
    for one in entries_of_client(kind.track, house):
        at = read_time(one.written.get("recorded_at"))
        if at and may_matter(kind.act, one) and not (one.day and one.day > session.today):
            found.append((at, one))
    return sorted(found, key=lambda pair: pair[0])[::-1]  # of two in one minute the one that was added last


def find_handover(kind: NoteKind, house: Client, session: Session) -> Handover | None:
    """Return the last note of a house, or None. It waits for everybody but its writer, until she confirmed it."""
    notes = list_notes(kind, house, session)
    if not notes:
        return None
    (at, last), waiting = notes[0], 0
    for _, one in notes:
        if is_known_to(kind, one, session.staff):
            break
        waiting += 1
    written: Facts = last.written
    deeds = live_entries(written.get(kind.act.writes))
    return Handover(
        house=house.id,
        kind=kind,
        entry=str(written["id"]),
        on=last.day,
        by=str(written["recorded_by"]),
        recorded_at=at,
        note=written.get(NOTE_FIELD),
        confirmed=tuple(str(each["by"]) for each in deeds if "by" in each),
        waits=waiting > 0,
        earlier=max(waiting - 1, 0),
    )


def is_known_to(kind: NoteKind, one: Entry, staff: str) -> bool:
    """Whether a person knows a note: she wrote it, or confirmed it."""
    return one.written.get("recorded_by") == staff or find_deed(kind.track, kind.act, one.written, staff) is not None


def find_last_known(kind: NoteKind, houses: Iterable[Client], session: Session) -> datetime | None:
    """Return when the last note was written that the person at this computer confirmed or wrote; None without one."""
    known = (
        at for house in houses for at, one in list_notes(kind, house, session) if is_known_to(kind, one, session.staff)
    )
    return max(known, default=None)


def count_news(
    rulebook: Rulebook, record: Facts, since: datetime, session: Session, kind: NoteKind | None
) -> Iterator[News]:
    """Yield how much others wrote and changed in a client's file or a record of a register since a moment, by kind.

    Entries that the person at this computer wrote are left out, notes that she confirmed, and all values.
    """
    floor = first_day_of_news(since)
    counts: dict[str, Counter[str]] = {}
    texts: dict[str, tuple[str, Text]] = {}
    for where, facts in entries_with_ids({name: said for name, said in record.items() if name != UNFINISHED_KEY}):
        what = _what_happened(facts, floor, since, session)
        track = track_of_entry(rulebook, where, facts) if what else None
        is_note = kind is not None and track is kind.track
        if what and track and not (is_note and kind and find_deed(track, kind.act, facts, session.staff)):
            key = f"{track.name} {facts.get('kind', '')}"
            texts[key] = track.name, kind_text(track, facts)
            counts.setdefault(key, Counter())[what] += 1
    for key, counted in counts.items():
        name, text = texts[key]
        yield News(str(record["id"]), name, text, counted["new"], counted["changed"])


def first_day_of_news(since: datetime) -> str:
    """Return the first day, ``YYYY-MM-DD``, that may be written in an entry which was recorded since a moment."""
    return f"{since.date() - timedelta(days=1):%Y-%m-%d}"  # a time zone may move a written day by one


def _what_happened(facts: Facts, floor: str, since: datetime, session: Session) -> str | None:
    """Return ``new`` or ``changed`` for an entry that somebody else wrote or changed since a moment, else None."""
    if _is_of_others(facts.get("recorded_at"), facts.get("recorded_by"), floor, since, session):
        return "new"
    changes: Sequence[Mapping[str, Any]] = facts.get(CHANGES_KEY) or ()
    void: Mapping[str, Any] = facts.get("void") or {}
    struck = void.get("by") not in (None, session.staff) and _is_between(read_day(void.get("on")), since, session)
    if struck or any(_is_of_others(one.get("at"), one.get("by"), floor, since, session) for one in changes):
        return "changed"
    return None


def _is_of_others(at: object, by: object, floor: str, since: datetime, session: Session) -> bool:
    if not isinstance(at, str) or at < floor or by == session.staff:
        return False
    moment = read_time(at)
    if moment is None or not _is_between(moment.date(), since - timedelta(days=1), session):
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=since.tzinfo)) >= since


def _is_between(day: date | None, since: datetime, session: Session) -> bool:
    """Whether a day is from that of a moment to the day taken as today."""
    return day is not None and since.date() <= day <= session.today
