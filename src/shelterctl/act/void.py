"""A wrong entry struck through: it stays in the file, says since when, by whom and why, and counts no more."""

from shelterctl.act.change import Change, replace_entry, write_change
from shelterctl.core.finding import Outcome
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import Text, codes_with_texts
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

VOID_ENTRY_UNKNOWN = N_("Her file has no entry with that id. See the ids with: shelterctl show {id} --all.")
VOID_REASON_UNKNOWN = N_("There is no such reason. The reasons are {reasons}.")
ENTRY_STRUCK_THROUGH = N_("The entry is struck through; it stays in the file.")
ENTRY_STRUCK_ALREADY = N_("The entry was struck through already; nothing changed.")


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


def void_entry(session: Session, held: StoredFile, pointer: str, facts: Facts, reason: str | None) -> Outcome:
    """Strike the entry at a place of her file through; of one that is struck already nothing changes."""
    void = {"on": session.today.isoformat(), "by": session.staff, "reason": reason}
    return write_change(
        session,
        Change(
            held=held,
            record=replace_entry(held.value, pointer, {**facts, "void": void}),
            did="void",
            data={"id": held.value["id"], "entry": str(facts["id"])},
            changed="void" not in facts,
            unchanged=((ENTRY_STRUCK_ALREADY, {}),),
            written=((ENTRY_STRUCK_THROUGH, {}),),
        ),
    )
