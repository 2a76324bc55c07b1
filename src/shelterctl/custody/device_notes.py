"""Notes of this device about a store, kept beside its key and outside the store: who used it last, the screen language,
and where the store is.
"""

from contextlib import suppress
from pathlib import Path

from shelterctl.core.people import staff_at_work
from shelterctl.errors import Damaged, NotFound, ShelterError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.session import STAFF_CODE, Session
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

STAFF_NOTE = "staff"
FIRST_KEY_NOTE = "first-key"
"""The note whose the first key of this computer is, read before anything is unlocked."""

LANGUAGE_NOTE = "language"
"""The note with the screen language of this device, the same for all stores."""


def last_staff(session: Session) -> str | None:
    """Return the code of the member of staff who last used this device; None if she does not work here now."""
    try:
        with translate_disk_errors("staff"):
            code = read_note(session, STAFF_NOTE, 64).strip()
    except (NotFound, Damaged):
        return None
    return code if code in staff_at_work(session.store.staff.value["staff"], session.today) else None


def remember_staff(session: Session, code: str) -> None:
    """Remember which member of staff uses this device from now on."""
    write_note(session, STAFF_NOTE, code)


def last_owner_of_first_key(session: Session) -> str | None:
    """Return the code of the person whose the first key of this computer was when it was last unlocked, or None."""
    try:
        with translate_disk_errors("staff"):
            code = read_note(session, FIRST_KEY_NOTE, 64).strip()
    except (NotFound, Damaged):
        return None
    return code if STAFF_CODE.fullmatch(code) else None


def remember_owner_of_first_key(session: Session, code: str) -> None:
    """Remember whose the first key of this computer is; work goes on without the note."""
    with suppress(OSError, ShelterError):
        if last_owner_of_first_key(session) != code:
            write_note(session, FIRST_KEY_NOTE, code)


def last_language(heads: Path) -> str | None:
    """Return the language chosen at this device, or None. *heads* is the folder where it remembers stores."""
    with suppress(OSError, Damaged):
        said = read_plain_file(heads / LANGUAGE_NOTE, 64).decode(errors="replace").strip()
        return said if said in SCREEN_LANGUAGES else None
    return None


def remember_language(session: Session, language: str) -> None:
    """Use a language at this device from now on, unless a command asks for another."""
    _write_quietly(session.notes_folder / LANGUAGE_NOTE, language)


def remember_store(session: Session) -> None:
    """Remember where the open store is, so that nobody has to look for it at this device."""
    from shelterctl.store.folder import REMEMBERED_STORE_FILE, remembered_store_folder  # noqa: PLC0415 - pyrage is not needed for help

    folder = session.root.resolve()
    if remembered_store_folder(session.notes_folder) != folder:
        _write_quietly(session.notes_folder / REMEMBERED_STORE_FILE, str(folder))


def remember_first_store(heads: Path, folder: Path) -> None:
    """Remember where the first store of this computer is, unless it remembers a store already."""
    from shelterctl.store.folder import REMEMBERED_STORE_FILE, remembered_store_folder  # noqa: PLC0415 - pyrage is not needed for help

    if remembered_store_folder(heads) is None:
        _write_quietly(heads / REMEMBERED_STORE_FILE, str(folder.resolve()))


def _write_quietly(note: Path, text: str) -> None:
    with suppress(OSError, ShelterError):  # work goes on without the note
        create_private_folder(note.parent)
        replace_file(note, text.encode())


def read_note(session: Session, what: str, size: int) -> str:
    """Return the note of that name about this store. Raises NotFound, or Damaged if it is longer than *size* bytes."""
    return read_plain_file(_note_path(session, what), size).decode(errors="replace")


def write_note(session: Session, what: str, text: str) -> None:
    """Save the note of that name about this store, in place of the one before."""
    note = _note_path(session, what)
    with translate_disk_errors(what):
        create_private_folder(note.parent)
        replace_file(note, text.encode())


STORE_UNIDENTIFIED = N_("The files here do not say which store this is.")


def _note_path(session: Session, what: str) -> Path:
    """Return the path of a note about this store: beside the remembered head of its journal, outside the store."""
    from shelterctl.store.opening import find_memory_name  # noqa: PLC0415 - pyrage is not needed for help

    if not (root := find_memory_name(session.root)):
        raise NotFound("backup/unknown-store", STORE_UNIDENTIFIED)
    return session.notes_folder / f"{root}.{what}"
