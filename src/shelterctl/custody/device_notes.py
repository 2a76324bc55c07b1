"""What this device remembers of a store beside its key, outside of the store: who sat at it last, and where it is."""

from contextlib import suppress
from pathlib import Path

from shelterctl.core.people import staff_at_work
from shelterctl.errors import Damaged, NotFound, ShelterError
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.session import Session
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

STAFF_NOTE = "staff"
LANGUAGE_NOTE = "language"
"""What it remembers of no store in particular: the language of the screen; and where the store lies."""


def last_staff(session: Session) -> str | None:
    """The code of whoever said last that she sits at this device; None where that is nobody who works here."""
    try:
        with translate_disk_errors("staff"):
            code = read_note(session, STAFF_NOTE, 64).strip()
    except (NotFound, Damaged):
        return None
    return code if code in staff_at_work(session.store.staff.value["staff"], session.today) else None


def remember_staff(session: Session, code: str) -> None:
    """Remember who sits at this device from now on."""
    write_note(session, STAFF_NOTE, code)


def last_language(heads: Path) -> str | None:
    """The language that was chosen at this device; None where none was. *heads* is where it remembers stores."""
    with suppress(OSError, Damaged):
        said = read_plain_file(heads / LANGUAGE_NOTE, 64).decode(errors="replace").strip()
        return said if said in SCREEN_LANGUAGES else None
    return None


def remember_language(session: Session, language: str) -> None:
    """Speak that language at this device from now on, where nothing else is asked for."""
    _write_quietly(session.memory_folder / LANGUAGE_NOTE, language)


def remember_store(session: Session) -> None:
    """Remember where the store that was opened lies, so that nobody who sits here has to look for it."""
    from shelterctl.store.folder import REMEMBERED_STORE_FILE, remembered_store_folder  # noqa: PLC0415 - pyrage is not needed for help

    folder = session.root.resolve()
    if remembered_store_folder(session.memory_folder) != folder:
        _write_quietly(session.memory_folder / REMEMBERED_STORE_FILE, str(folder))


def remember_first_store(heads: Path, folder: Path) -> None:
    """Remember where the first store of this computer lies; where one is remembered already, that one stays."""
    from shelterctl.store.folder import REMEMBERED_STORE_FILE, remembered_store_folder  # noqa: PLC0415 - pyrage is not needed for help

    if remembered_store_folder(heads) is None:
        _write_quietly(heads / REMEMBERED_STORE_FILE, str(folder.resolve()))


def _write_quietly(note: Path, text: str) -> None:
    with suppress(OSError, ShelterError):  # a reminder that cannot be kept is no reason to stop
        create_private_folder(note.parent)
        replace_file(note, text.encode())


def read_note(session: Session, what: str, size: int) -> str:
    """What this device noted of this store under that name; raises NotFound, or Damaged where it is over *size*."""
    return read_plain_file(_note_path(session, what), size).decode(errors="replace")


def write_note(session: Session, what: str, text: str) -> None:
    """Note something of this store under that name, in the place of what was noted before."""
    note = _note_path(session, what)
    with translate_disk_errors(what):
        create_private_folder(note.parent)
        replace_file(note, text.encode())


STORE_UNIDENTIFIED = N_("The store does not say which one it is.")


def _note_path(session: Session, what: str) -> Path:
    """Where this device remembers something of this store: beside the head of its journal, outside the store."""
    from shelterctl.store.opening import find_memory_name  # noqa: PLC0415 - pyrage is not needed for help

    if not (root := find_memory_name(session.root)):
        raise NotFound("backup/unknown-store", STORE_UNIDENTIFIED)
    return session.memory_folder / f"{root}.{what}"
