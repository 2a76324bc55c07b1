"""What this device remembers of a store beside its key, outside of the store: who sat at it last, and where it is."""

from contextlib import suppress
from pathlib import Path

from shelterctl import machine
from shelterctl.core.stranger import at_work
from shelterctl.desk import Desk
from shelterctl.errors import Damaged, NotFound, ShelterError
from shelterctl.language import N_, SPOKEN

STAFF = "staff"
LANGUAGE = "language"
"""What it remembers of no store in particular: the language of the screen; and where the store lies."""


def last_staff(here: Desk) -> str | None:
    """The code of whoever said last that she sits at this device; None where that is nobody who works here."""
    try:
        with machine.disk("staff"):
            code = read_note(here, STAFF, 64).strip()
    except (NotFound, Damaged):
        return None
    return code if code in at_work(here.store.staff.value["staff"], here.today) else None


def remember_staff(here: Desk, code: str) -> None:
    """Remember who sits at this device from now on."""
    write_note(here, STAFF, code)


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


def read_note(here: Desk, what: str, size: int) -> str:
    """What this device noted of this store under that name; raises NotFound, or Damaged where it is over *size*."""
    return machine.read_regular(_note(here, what), size).decode(errors="replace")


def write_note(here: Desk, what: str, text: str) -> None:
    """Note something of this store under that name, in the place of what was noted before."""
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
