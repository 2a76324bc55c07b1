"""A wrong entry struck through: it stays in the file, says since when, by whom and why, and counts no more."""

from copy import deepcopy
from typing import Any

from shelterctl.act.file import save
from shelterctl.core.record import Facts, entries
from shelterctl.desk import Desk
from shelterctl.language import Text


def reasons(here: Desk) -> dict[str, Text]:
    """The reasons by code, each in the words of the shelf."""
    return dict(here.shelf.places["void.reason"].codes)


def strike(here: Desk, record: Facts, version: str | None, entry: str, reason: str) -> None:
    """Strike the entry with that id through, in the file that was read as *version*."""
    struck = deepcopy(dict(record))
    known: dict[str, Any] = {str(facts["id"]): facts for _, facts in entries(struck)}
    known[entry]["void"] = {"on": here.today.isoformat(), "by": here.by, "reason": reason}
    save(here, struck, version, "void")
