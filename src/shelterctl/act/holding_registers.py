"""The registers that decide how long clients' files are kept, as the person at this computer may read them."""

from collections.abc import Iterator

from shelterctl.act.register_record import open_register, reads_part
from shelterctl.core.manual.track import REGISTER_HOMES, Track
from shelterctl.core.record.client import Registered
from shelterctl.core.rules.retention import RegistersRead
from shelterctl.session import Session
from shelterctl.store.folder import read_register_name
from shelterctl.store.store import StoredFile
from shelterctl.store.subject import list_codes
from shelterctl.trust.readership import REGISTER_PARTS


def read_holding_registers(session: Session) -> RegistersRead:
    """Return the records of registers with entries that hold files, or lengthen the time for which they are kept.

    They are not whole if the person's role leaves one closed, or if a file of one is damaged.
    """
    holding, papers = [*list_holding_registers(session)], _homes_of_longer_terms(session)
    homes = [home for home in REGISTER_HOMES if home in papers or any(one.of_register == home for one in holding)]
    opened = [home for home in homes if session.store.vault.opens(REGISTER_PARTS[f"registers/{home}"])]
    records = tuple(one for home in opened for one in _read_home(session, home, holding))
    damaged = (read_register_name(name) for name in session.store.damaged)
    whole = opened == homes and not any(one and one.home in homes for one in damaged)
    sealed = (one.seal for one in holding if one.seal)
    return RegistersRead(records, whole and all(reads_part(session, seal, seal.part) for seal in sealed))


def list_holding_registers(session: Session) -> Iterator[Track]:
    """Yield the tracks of registers whose entries may hold the file of a client."""
    return (one for one in session.rulebook.tracks.values() if one.holds and one.of_register)


def _homes_of_longer_terms(session: Session) -> set[str | None]:
    """Return the homes in whose registers a longer time may be agreed."""
    tracks = session.rulebook.tracks
    terms = (due.longer for track in session.rulebook.tracks_with_deadlines for due in track.due if due.longer)
    return {tracks[name].of_register for name, _ in (one.track_and_field for one in terms) if name in tracks}


def _read_home(session: Session, home: str, holding: list[Track]) -> Iterator[Registered]:
    """Yield the record of each code of a home, with the entries opened that may hold a file."""
    for shut in session.store.home_registers.records(home, sorted(list_codes(session.store, home))):
        yield Registered(open_register(session, StoredFile(dict(shut.facts), ""), holding).value)
