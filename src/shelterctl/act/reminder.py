"""What this device remembers of a store beside its key: its last whole backup, and who sat at it last."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from shelterctl import machine
from shelterctl.desk import Desk
from shelterctl.errors import Damaged, NotFound, ShelterError
from shelterctl.language import N_, SPOKEN

BACKUP, STAFF = "backup", "staff"
LANGUAGE = "language"
"""What it remembers of no store in particular: the language of the screen; and where the store lies."""


def last_backup(here: Desk) -> date | None:
    """The day on which this device last made a backup of this store that was whole; None if it never did."""
    try:
        with machine.disk("backup"):
            return date.fromisoformat(_read(here, BACKUP))
    except (NotFound, Damaged, ValueError):
        return None


def remember_backup(here: Desk, day: date) -> None:
    """Remember that a whole backup was made on that day; where that cannot be kept, it is reminded of too early."""
    with suppress(ShelterError):  # the backup is whole, and its number is yet to be said
        _write(here, BACKUP, day.isoformat())


def last_staff(here: Desk) -> str | None:
    """The code of whoever said last that she sits at this device; None where that is nobody who works here."""
    try:
        with machine.disk("staff"):
            code = _read(here, STAFF)
    except (NotFound, Damaged):
        return None
    return code if code in here.store.staff_in() else None


def remember_staff(here: Desk, code: str) -> None:
    """Remember who sits at this device from now on."""
    _write(here, STAFF, code)


def last_language(heads: Path) -> str | None:
    """The language that was chosen at this device; None where none was. *heads* is where it remembers stores."""
    with suppress(OSError, Damaged):
        said = machine.read_regular(heads / LANGUAGE, 64).decode(errors="replace").strip()
        return said if said in SPOKEN else None
    return None


def remember_language(here: Desk, language: str) -> None:
    """Speak that language at this device from now on, where nothing else is asked for."""
    _keep(here.heads / LANGUAGE, language)


def remember_store(here: Desk) -> None:
    """Remember where the store that was opened lies, so that nobody who sits here has to look for it."""
    from shelterctl.store import REMEMBERED, remembered_root  # noqa: PLC0415 - pyrage is not needed for help

    folder = here.root.resolve()
    if remembered_root(here.heads) != folder:
        _keep(here.heads / REMEMBERED, str(folder))


def remember_first(heads: Path, folder: Path) -> None:
    """Remember where the first store of this computer lies; where one is remembered already, that one stays."""
    from shelterctl.store import REMEMBERED, remembered_root  # noqa: PLC0415 - pyrage is not needed for help

    if remembered_root(heads) is None:
        _keep(heads / REMEMBERED, str(folder.resolve()))


def _keep(note: Path, text: str) -> None:
    with suppress(OSError, ShelterError):  # a reminder that cannot be kept is no reason to stop
        machine.private_folder(note.parent)
        machine.replace(note, text.encode())


def _read(here: Desk, what: str) -> str:
    return machine.read_regular(_note(here, what), 64).decode(errors="replace").strip()


def _write(here: Desk, what: str, text: str) -> None:
    note = _note(here, what)
    with machine.disk(what):
        machine.private_folder(note.parent)
        machine.replace(note, text.encode())


def _note(here: Desk, what: str) -> Path:
    """Where this device remembers something of this store: beside the head of its journal, outside the store."""
    from shelterctl.store import root_of  # noqa: PLC0415 - pyrage is not needed for help

    if not (root := root_of(here.root)):
        raise NotFound("backup/unknown-store", N_("The store does not say which one it is."))
    return here.heads / f"{root}.{what}"
