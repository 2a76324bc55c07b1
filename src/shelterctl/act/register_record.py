"""The record of a house, a member of staff, an NGO or a provider as the person at this computer may see it.

An entry is shown to nobody whom it names, if its track says so. An entry that stays closed and has no marker is not
shown at all: not even that it exists.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shelterctl.core.finding import FilledSentences
from shelterctl.core.manual.track import Seal, Track
from shelterctl.core.record.client import Client, Registered, read_subject
from shelterctl.core.record.register import BLOCK_KEY, HOME_KEY, SEALED_ENTRIES_KEY, SEALED_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.ui_language import N_


def open_register(session: Session, held: StoredFile, tracks: Iterable[Track] | None = None) -> StoredFile:
    """Return a record to be read, with the entries of *tracks*, or of all, opened that this person may see; others are
    left out, unless their markers may be seen.
    """
    if tracks is None:
        opened = session.store.unsealed(held).value
    else:
        sealed = {track.name: track.seal.parts for track in tracks if track.seal}
        parts, registers = [part for own in sealed.values() for part in own], session.store.home_registers
        wanted = registers.opened(held.value, parts, lambda one: one.get("track") in sealed) if sealed else held.value
        opened = dict(wanted)
    return held._replace(value=visible_record(session, opened))


def visible_subject(session: Session, held: StoredFile, track: Track | None = None) -> Client:
    """Return whom a file or a record is about; of a record only what this person may see, with the entries of *track*,
    or of all, opened.
    """
    if HOME_KEY not in held.value:
        return Client(held.value)
    return read_subject(open_register(session, held, [track] if track else None).value)


def find_hidden_places(session: Session, record: Facts) -> tuple[str, ...]:
    """Return the beginnings of the JSON pointers to entries of a register that this person may not see."""
    sealed = (record.get(SEALED_KEY) or {}) if HOME_KEY in record else {}
    place, listed = f"/{SEALED_KEY}/{SEALED_ENTRIES_KEY}", sealed.get(SEALED_ENTRIES_KEY) or ()
    return tuple(f"{place}/{number}/" for number, one in enumerate(listed) if not is_visible(session, one))


def visible_record(session: Session, record: Facts) -> dict[str, Any]:
    """Return an opened record without the sealed entries that may not be shown to this person."""
    sealed = record.get(SEALED_KEY)
    if not sealed:
        return dict(record)
    shown = [one for one in sealed.get(SEALED_ENTRIES_KEY) or () if is_visible(session, one)]
    return {**record, SEALED_KEY: {**sealed, SEALED_ENTRIES_KEY: shown}}


def is_visible(session: Session, entry: Facts) -> bool:
    """Whether a sealed entry may be shown: to readers of its part and to its author, and not to whom it names.

    A closed one is shown by its markers, if it has any.
    """
    track = session.rulebook.tracks.get(str(entry.get("track")))
    if track is None or track.seal is None:
        return True
    if not (entry.get("recorded_by") == session.staff or reads_part(session, track.seal, str(entry.get("part")))):
        return False
    if BLOCK_KEY in entry:
        return bool(track.seal.marker)
    return session.staff not in session.store.register_seals.staff_named(track.name, entry)


SEALED_TO_READERS = N_("This register is read by: {roles}. Others see only what they wrote themselves.")


def note_on_readers(session: Session, track: Track) -> FilledSentences:
    """Return, for a person who does not read a sealed register, who does; whether there are entries is not said."""
    seal = track.seal
    if seal is None or track.of_register is None or reads_part(session, seal, seal.part):
        return ()
    names = session.rulebook.lists["roles"]
    if session.store.is_by_role:
        roles = session.store.vault.journal.chain.readership.roles_for(seal.part)
    else:
        roles = seal.readers
    return ((SEALED_TO_READERS, {"roles": [names[role] for role in roles]}),)


def reads_part(session: Session, seal: Seal, part: str) -> bool:
    """Whether the person's role opens a part; with one key for all, the role by the register of staff."""
    if session.store.is_by_role:
        return session.store.vault.journal.chain.readership.opens(session.staff, part)
    registered = session.store.staff.value["staff"].get(session.staff) or {}
    readers = seal.instead.readers if seal.instead and part == seal.instead.part else seal.readers
    return registered.get("role") in readers


def read_registers(session: Session, home: str, months: Months | None = None) -> Iterator[Registered]:
    """Yield the record of each registered code of a *home*, as this person may see it."""
    codes = sorted(list_codes(session.store, home))
    for her in session.store.home_registers.records(home, codes, months):
        yield Registered(open_register(session, StoredFile(dict(her.facts), "")).value)
