"""The list of what is due about houses, staff, NGOs and providers, by the entries of their registers."""

from collections.abc import Iterator, Sequence

from shelterctl.act.register_record import open_register
from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.track import Deadline, Track
from shelterctl.core.record.client import Registered
from shelterctl.core.record.entries import list_entries
from shelterctl.core.rules.deadlines import list_recurring, list_track_obligations
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.facts import Facts
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.trust.readership import REGISTER_PARTS


def list_registers_due(
    session: Session, within: int, staff: str | None = None, *, recurring: bool = False
) -> Iterator[Obligation]:
    """Yield what is due in all registers that this person may read; with *recurring* also what recurs, done or not.

    For one member of *staff* it is what names her, and what her role owes to a house.
    """
    for home in session.rulebook.tracks_of_homes:
        if _may_read(session, home):
            codes = sorted(list_codes(session.store, home))
            for shut in session.store.home_registers.records(home, codes):
                yield from list_record_due(session, shut, within, staff, recurring=recurring)


def _may_read(session: Session, home: str) -> bool:
    tracks = session.rulebook.tracks_of_homes[home]
    return any(track.due for track in tracks) and session.store.vault.opens(REGISTER_PARTS[f"registers/{home}"])


def list_register_due(
    session: Session, home: str, code: str, within: int, staff: str | None = None, *, recurring: bool = False
) -> Iterator[Obligation]:
    """Yield what is due about one code today or within *within* days; with *recurring* also what recurs, done or not.

    For a member of *staff* it is what names her, and what her role owes to a house.
    """
    if _may_read(session, home):
        shut = session.store.home_registers.record(home, code)
        yield from list_record_due(session, shut, within, staff, recurring=recurring)


def list_record_due(
    session: Session, shut: Registered, within: int, staff: str | None = None, *, recurring: bool = False
) -> Iterator[Obligation]:
    """Yield what is due by the entries that a record holds; for one member of *staff* what concerns her."""
    tracks = [track for track in session.rulebook.tracks_of_homes[str(shut.home)] if track.due]
    opened = open_register(session, StoredFile(dict(shut.facts), ""), [one for one in tracks if _needs_opening(one)])
    her = Registered(opened.value)
    if her.ended_on is not None and her.ended_on < session.today:
        return  # whoever has left owes nothing any more
    around = stay_context(session, her, None, session.today, now=session.moment)
    roles = session.store.roles_of(staff) if staff is not None and her.home == "house" else ()
    again = list_recurring(tracks, around) if recurring else ()
    for owed in (*list_track_obligations(tracks, around, within), *again):
        if staff is None or owed.owner in roles or _concerns(staff, owed, her, tracks):
            yield owed


def _needs_opening(track: Track) -> bool:
    """Whether a deadline of a track reads a field that is sealed."""
    if track.seal is None:
        return False
    read = {name.partition(".")[0] for due in track.due for name in _names_of_deadline(due)}
    return bool(read & track.fields.keys() - {*track.seal.marker})


def _names_of_deadline(due: Deadline) -> Iterator[str]:
    yield from (due.event, *due.until, *due.when, *due.where)


def _concerns(staff: str, owed: Obligation, her: Registered, tracks: Sequence[Track]) -> bool:
    """Whether a row is of a member of staff: she owes it, the record is hers, or its entry names her."""
    if staff in (*owed.owner_codes, her.id if her.home == "staff" else None):
        return True
    of = {track.name: track for track in tracks}.get(owed.what)
    entries = list_entries(of, her.facts, "") if of and owed.entry else ()
    return any(_names_staff(of, entry.written, staff) for entry in entries if entry.written.get("id") == owed.entry)


def _names_staff(track: Track | None, facts: Facts, staff: str) -> bool:
    if track is None:
        return False
    return any(staff in _as_list(facts.get(name)) for name, one in track.fields.items() if "staff" in one.of)


def _as_list(said: object) -> Sequence[object]:
    return said if isinstance(said, list) else (said,)
