"""Who is on duty in a house now, by the entries that cover this moment: shifts, a duty officer, and leave too."""

from collections.abc import Iterator
from datetime import datetime

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import entries_of_client
from shelterctl.language import format_fact, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_
from shelterctl.view.record import kind_text

ON_DUTY_UNTIL = N_("{who}: {what}, until {until}")
ON_DUTY = N_("{who}: {what}")

COVERS_VERB = "covers"
"""The verb of the rules by which entries may leave no gap in time; their track says who is on duty when."""

STAFF_REGISTER = "staff"


def on_duty_lines(rulebook: Rulebook, her: Client, now: datetime, language: str) -> list[str]:
    """Return a line for each entry of the house that covers this moment: whom it names, what it is, until when."""
    found = []
    for track, entry, end in _entries_now(rulebook, her, now.replace(tzinfo=None)):
        facts: dict[str, object] = {"who": [*_staff_named(track, entry)], "what": kind_text(track, entry.written)}
        if end is not None:
            same = end.date() == now.date()
            facts["until"] = f"{end:%H:%M}" if same else format_fact(end, language)
        found.append(format_sentence(ON_DUTY_UNTIL if end else ON_DUTY, facts, language))
    return found


def _entries_now(rulebook: Rulebook, her: Client, now: datetime) -> Iterator[tuple[Track, Entry, datetime | None]]:
    """Yield the entries that have begun and not ended; one without an end counts on the day on which it began."""
    for track in rulebook.tracks_of_homes["house"]:
        names = next((rule.names for rule in track.rules if rule.verb == COVERS_VERB), None)
        for entry in entries_of_client(track, her) if names else ():
            begin, end = (_local(entry.values.get(name)) for name in names or ())
            if begin and begin <= now and (now < end if end else begin.date() == now.date()):
                yield track, entry, end


def _local(said: object) -> datetime | None:
    return said.replace(tzinfo=None) if isinstance(said, datetime) else None


def _staff_named(track: Track, entry: Entry) -> Iterator[str]:
    for name, one in track.fields.items():
        if one.kind == "party" and STAFF_REGISTER in one.of:
            said = entry.values.get(name) or ()
            yield from [said] if isinstance(said, str) else map(str, said)
