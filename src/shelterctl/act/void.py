"""A wrong entry struck through: it stays in the file, says since when, by whom and why, and counts no more."""

from copy import deepcopy
from typing import Any

from shelterctl.act.client_file import save_client_file
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import Text, codes_with_texts
from shelterctl.session import Session
from shelterctl.ui_language import N_

VOID_ENTRY_UNKNOWN = N_("Her file has no entry with that id. See the ids with: shelterctl show {id} --all.")
VOID_REASON_UNKNOWN = N_("There is no such reason. The reasons are {reasons}.")


def void_reasons(session: Session) -> dict[str, Text]:
    """The reasons by code, each in the words of the shelf."""
    return dict(session.rulebook.places["void.reason"].codes)


def require_void_reason(session: Session, reason: str) -> None:
    """Raise UsageError, with all reasons that there are, where the code of a *reason* is none of them."""
    if reason not in (known := void_reasons(session)):
        raise UsageError("usage/reason", VOID_REASON_UNKNOWN, reasons=codes_with_texts(known))


def find_entry_to_void(record: Facts, typed: str) -> tuple[str, Facts]:
    """The entry with the id that is *typed*: the pointer to it, and what it says; NotFound if the file has none."""
    for pointer, facts in entries_with_ids(record):
        if str(facts["id"]) == latin_capitals(typed):
            return pointer, facts
    raise NotFound("entry/unknown", VOID_ENTRY_UNKNOWN, id=record["id"])


def void_entry(session: Session, record: Facts, version: str | None, entry: str, reason: str) -> None:
    """Strike the entry with that id through, in the file that was read as *version*."""
    struck = deepcopy(dict(record))
    known: dict[str, Any] = {str(facts["id"]): facts for _, facts in entries_with_ids(struck)}
    known[entry]["void"] = {"on": session.today.isoformat(), "by": session.staff, "reason": reason}
    save_client_file(session, struck, version, "void")
