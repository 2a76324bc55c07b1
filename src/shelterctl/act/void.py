"""The command void: strike through a wrong entry. It stays in the file with the day, the author and the reason, and no
longer counts.
"""

from shelterctl.act.change import Change, replace_entry, write_change
from shelterctl.act.client_file import open_for_user
from shelterctl.act.permission import is_by_role, judge_role
from shelterctl.act.register_record import find_hidden_places
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.record.client import entries_with_ids, list_live_entries
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import Damaged, NotFound, UsageError
from shelterctl.language import Text, codes_with_texts
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

VOID_ENTRY_UNKNOWN = N_(
    "{Her file|His file|The register} has no entry with that id. See the ids with: shelterctl show {id} --all."
)
VOID_REASON_UNKNOWN = N_("There is no such reason. The reasons are {reasons}.")
ENTRY_STRUCK_THROUGH = N_("The entry is struck through; it stays in {the file|the file|the register}.")
ENTRY_STRUCK_ALREADY = N_("The entry was struck through already; nothing changed.")


PlacedEntry = tuple[str, Facts]
"""An entry with the JSON pointer to it."""


def void_reasons(session: Session) -> dict[str, Text]:
    """Return the reasons for striking through an entry, by code, in the words of the rulebook."""
    return dict(session.rulebook.places["void.reason"].codes)


def require_void_reason(session: Session, reason: str) -> None:
    """Raise UsageError, with all reasons, if *reason* is not the code of one."""
    if reason not in (known := void_reasons(session)):
        raise UsageError("usage/reason", VOID_REASON_UNKNOWN, reasons=codes_with_texts(known))


def find_entry_to_void(session: Session, held: StoredFile, typed: str) -> PlacedEntry:
    """Return the entry with the *typed* id and the JSON pointer to it. Raises NotFound if the file has none.

    Entries inside sealed ones are found if this key may read them.
    """
    for opens in (False, True):  # sealed entries are opened only if no entry outside them has the id
        file = session.store.unsealed(held) if opens else held
        hidden = find_hidden_places(session, file.value)
        for pointer, facts in entries_with_ids(file.value):
            if str(facts["id"]) == latin_capitals(typed) and not f"{pointer}/".startswith(hidden):
                return pointer, facts
    raise NotFound("entry/unknown", VOID_ENTRY_UNKNOWN, id=held.value["id"])


def list_entries_to_void(session: Session, held: StoredFile) -> list[PlacedEntry]:
    """Return the entries that may be struck through: sealed ones as seen from outside, and the entries inside them that
    the current user may read.
    """
    outside = dict(list_live_entries(held.value))
    try:
        seen = open_for_user(session, held)
    except Damaged:  # entries outside the damaged block can still be struck through
        seen = held.value
    hidden = find_hidden_places(session, seen)
    live = [each for each in list_live_entries(seen) if not f"{each[0]}/".startswith(hidden)]
    return [(where, outside.get(where, facts)) for where, facts in live]


def judge_void(session: Session, shut: StoredFile, entry: PlacedEntry) -> tuple[Finding, ...]:
    """Return the findings that refuse to strike this entry through, because the person's role may not write it."""
    if not is_by_role(session):
        return ()
    pointer, facts = entry
    held = _file_with(session, shut, pointer)
    return judge_role(session, held.value, replace_entry(held.value, pointer, {**facts, "void": {}}))


def void_entry(session: Session, shut: StoredFile, pointer: str, facts: Facts, reason: str | None) -> Outcome:
    """Strike through the entry at a JSON pointer in her file; one that is struck already does not change."""
    held = _file_with(session, shut, pointer)
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


def _file_with(session: Session, shut: StoredFile, pointer: str) -> StoredFile:
    """Return the file in which the pointer finds an entry: opened for this key if the entry is inside a sealed one."""
    return shut if pointer in dict(entries_with_ids(shut.value)) else session.store.unsealed(shut)
