"""Who is on duty in a house now and who comes next, by the entries that cover a time: shifts, a duty officer, leave."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry
from shelterctl.core.rules.context import entries_of_client
from shelterctl.language import Text, format_fact, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_
from shelterctl.view.record import kind_text

ON_DUTY_UNTIL = N_("{who}: {what}, until {until}")
ON_DUTY = N_("{who}: {what}")
ON_DUTY_NEXT = N_("from {since}: {who}, {what}")

COVERS_VERB = "covers"
"""The verb of the rules by which entries may leave no gap in time; their track says who is on duty when."""

STAFF_REGISTER = "staff"

NEXT_WITHIN = timedelta(hours=24)
"""The time ahead within which it is shown who comes next."""


class Attendance(NamedTuple):
    """One entry that names who is on duty in a *house*, what it is, and when it begins and ends, if it says so.

    The times are local, without an offset. *is_next* is True for one that begins later.
    """

    house: str
    staff: tuple[str, ...]
    what: Text
    begins: datetime
    ends: datetime | None
    is_next: bool = False


def list_duties(rulebook: Rulebook, her: Client, now: datetime) -> Iterator[Attendance]:
    """Yield the entries of a house that cover this moment, then of each kind those that begin next within a day.

    One without an end counts on the day on which it began.
    """
    now, later = now.replace(tzinfo=None), dict[str, list[Attendance]]()
    for track, names in list_duty_tracks(rulebook):
        for entry in entries_of_client(track, her):
            begin, end = (_local(entry.values.get(name)) for name in names)
            if begin is None:
                continue
            one = Attendance(her.id, tuple(_staff_named(track, entry)), kind_text(track, entry.written), begin, end)
            if now < begin <= now + NEXT_WITHIN:
                later.setdefault(str(entry.written.get("kind")), []).append(one._replace(is_next=True))
            elif begin <= now and (now < end if end else begin.date() == now.date()):
                yield one
    first = {kind: min(one.begins for one in listed) for kind, listed in later.items()}
    soon = [one for kind, listed in later.items() for one in listed if one.begins == first[kind]]
    yield from sorted(soon, key=lambda one: one.begins)


def list_duty_tracks(rulebook: Rulebook) -> Iterator[tuple[Track, tuple[str, ...]]]:
    """Yield each track of a house that covers a time, with the fields of its beginning and its end."""
    for track in rulebook.tracks_of_homes["house"]:
        if names := next((rule.names for rule in track.rules if rule.verb == COVERS_VERB), None):
            yield track, names


def on_duty_lines(duties: Sequence[Attendance], now: datetime, language: str) -> list[str]:
    """Return a line for each entry: whom it names, what it is, until when, or from when if it comes next."""
    found = []
    for one in duties:
        facts: dict[str, object] = {"who": [*one.staff], "what": one.what}
        if one.is_next:
            facts["since"] = _hour(one.begins, now, language)
        elif one.ends is not None:
            facts["until"] = _hour(one.ends, now, language)
        sentence = ON_DUTY_NEXT if one.is_next else ON_DUTY_UNTIL if one.ends else ON_DUTY
        found.append(format_sentence(sentence, facts, language))
    return found


def _hour(at: datetime, now: datetime, language: str) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else format_fact(at, language)


def _local(said: object) -> datetime | None:
    return said.replace(tzinfo=None) if isinstance(said, datetime) else None


def _staff_named(track: Track, entry: Entry) -> Iterator[str]:
    for name, one in track.fields.items():
        if one.kind == "party" and STAFF_REGISTER in one.of:
            said = entry.values.get(name) or ()
            yield from [said] if isinstance(said, str) else map(str, said)
