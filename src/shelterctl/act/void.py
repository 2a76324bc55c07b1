"""A wrong entry struck through: it stays in the file, says since when, by whom and why, and counts no more."""

from copy import deepcopy
from typing import Any

from shelterctl.act.client_file import save_client_file
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.values.facts import Facts
from shelterctl.language import Text
from shelterctl.session import Session


def void_reasons(session: Session) -> dict[str, Text]:
    """The reasons by code, each in the words of the shelf."""
    return dict(session.rulebook.places["void.reason"].codes)


def void_entry(session: Session, record: Facts, version: str | None, entry: str, reason: str) -> None:
    """Strike the entry with that id through, in the file that was read as *version*."""
    struck = deepcopy(dict(record))
    known: dict[str, Any] = {str(facts["id"]): facts for _, facts in entries_with_ids(struck)}
    known[entry]["void"] = {"on": session.today.isoformat(), "by": session.staff, "reason": reason}
    save_client_file(session, struck, version, "void")
