"""The keys at this computer in a house with one for each person: whose each is, known before any is unlocked."""

from collections.abc import Mapping
from typing import NamedTuple

from shelterctl.core.people import staff_at_work
from shelterctl.core.values.facts import Facts
from shelterctl.custody.device_notes import last_owner_of_first_key, remember_owner_of_first_key
from shelterctl.custody.person_key import is_request_open
from shelterctl.platform.reading import list_folder
from shelterctl.session import STAFF_CODE, Session
from shelterctl.store import attribution
from shelterctl.store.opening import read_clear_staff


class KeyHere(NamedTuple):
    """A key at this computer: the person's staff code, None where nobody knows it; the role in the register, None where
    it does not say. The first key of the computer *is_first*; a key that *waits* is not accepted yet.
    """

    staff: str | None
    role: str | None
    is_first: bool = False
    waits: bool = False


def is_computer_shared(session: Session) -> bool:
    """Whether several people open the store at this computer, each with a key of her own."""
    return bool(_list_people(session)) and session.persons_keys_open


def list_keys_here(session: Session) -> tuple[KeyHere, ...]:
    """Return the keys at this computer, its first key first; people who have left are not among them."""
    register = read_clear_staff(session.root)
    working = _list_staff_with_keys(session, register)
    first = last_owner_of_first_key(session)
    found = [KeyHere(first, _role_of(register, first), is_first=True)] if session.computer_key_file.is_file() else []
    for code in _list_people(session):
        if code in working or code not in register:
            waits = is_request_open(session.people_folder / code)
            found.append(KeyHere(code, _role_of(register, code), waits=waits))
    return tuple(found)


def list_people_without_key(session: Session) -> dict[str, str]:
    """Return the roles of the people who work here and have no accepted key at this computer, by staff code."""
    having = {one.staff for one in list_keys_here(session) if not one.waits}
    working = _list_staff_with_keys(session, read_clear_staff(session.root))
    return {code: str(entry["role"]) for code, entry in sorted(working.items()) if code not in having}


def list_people_with_key(session: Session) -> dict[str, str]:
    """Return the roles of the people who work here and have an accepted key of their own at this computer, by staff
    code. The owner of the computer's first key and the person who is here now are not among them.
    """
    now = session.identity_file.name if session.identity_file != session.computer_key_file else None
    mine = [one for one in list_keys_here(session) if not (one.is_first or one.waits) and one.staff != now]
    return {one.staff: one.role for one in mine if one.staff and one.role}


def note_owner_of_first_key(session: Session) -> None:
    """Note whose the first key of this computer is, once it has opened the store."""
    if session.identity_file == session.computer_key_file:
        remember_owner_of_first_key(session, attribution.device_staff_code(session.store))


def _list_staff_with_keys(session: Session, register: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return who works here and may have a key: with the record of a leaving all of that person's keys end at once, on
    the last day of work too.
    """
    working = staff_at_work(register, session.computer_day)
    return {code: entry for code, entry in working.items() if "until" not in entry}


def _list_people(session: Session) -> list[str]:
    """Return the staff codes of the persons' keys at this computer; none where a key file was named."""
    if "identity" in session.options.typed:
        return []
    names = sorted(list_folder(session.people_folder)) if session.people_folder.is_dir() else []
    return [name for name in names if STAFF_CODE.fullmatch(name)]


def _role_of(register: Mapping[str, Facts], code: str | None) -> str | None:
    return register[code]["role"] if code is not None and code in register else None
