"""When this device last made a whole backup of a store, remembered beside its key."""

from datetime import date
from pathlib import Path

from shelterctl import machine
from shelterctl.desk import Desk
from shelterctl.errors import Damaged, NotFound
from shelterctl.language import N_


def last_backup(here: Desk) -> date | None:
    """The day on which this device last made a backup of this store that was whole; None if it never did."""
    try:
        with machine.disk("backup"):
            return date.fromisoformat(machine.read_regular(_note(here), 64).decode().strip())
    except (NotFound, Damaged, ValueError):
        return None


def remember_backup(here: Desk, day: date) -> None:
    """Remember that a whole backup was made on that day."""
    with machine.disk("backup"):
        machine.private_folder(_note(here).parent)
        machine.replace(_note(here), day.isoformat().encode())


def _note(here: Desk) -> Path:
    """Where this device remembers its backups of this store: beside the head of its journal, outside the store."""
    if here.heads is None:
        raise NotFound("backup/unknown-store", N_("The store does not say which one it is."))
    return here.heads.with_name(here.heads.name + ".backup")
