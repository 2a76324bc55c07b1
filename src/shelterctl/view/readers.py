"""Who can read a client's file, or the registers about a code, and each of their sealed parts: the roles, the people
with a key, who wrote an entry, and the recovery paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from shelterctl.act.register_record import visible_record
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.record.client import value_at
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.custody.parts import part_text
from shelterctl.errors import ShelterError, UsageError
from shelterctl.language import LabelledCode
from shelterctl.session import Session
from shelterctl.store.folder import record_file
from shelterctl.store.store import Store, StoredFile
from shelterctl.store.subject import find_code
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS, is_sealed_inside
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import find_file_readers, find_stale_parts

MEDICAL_PART = "medical"
READER_COLUMNS = ("part", "roles", "people", "keys", "writers")
PART_OF_REGISTER_UNKNOWN = N_("These registers have no such part. The parts are: {parts}.")
NOT_FOR_WHOM_IT_NAMES = N_("Whom an incident names cannot read it, whatever the role.")
PART_OF_FILE_UNKNOWN = N_("A client's file has no such part. The parts are: {parts}.")
EVERY_KEY_READS = N_("One key opens everything here: everyone who uses a computer of the house reads every part.")
READ_BY_ROLE = N_("These people can read it with their own keys, also with other programs.")
PAPER_READS_ALL = N_("The recovery paper opens every part too.")
WRITERS_READ_OWN = N_("Who wrote an entry and has a key can read that entry, whatever the role.")
HIV_IS_APART = N_("The report on HIV is not in the medical part: it is a part of its own, with its own readers.")
PART_WAITS = N_(
    "Still sealed for earlier readers, and your key does not open it: {parts}. A reader of the part seals it anew "
    "with: shelterctl rekey. So does the recovery paper: shelterctl rekey --recovery FILE"
)
PART_STILL_OPEN = N_("Not yet sealed for these readers alone: {parts}. Do it with: shelterctl rekey")


def answer_readers(session: Session, whom: str, part: str | None) -> Outcome:
    """Return a row for a client's file, or for the registers about a code, and for each part of them, or for one part.

    Raises UsageError for no part.
    """
    store = session.store
    now, found = store.vault.journal.chain.readership, find_code(store, whom)
    if found:
        home, id_ = found
        record: Mapping[str, Any] = {}
        if store.vault.opens(REGISTER_PARTS[f"registers/{home}"]):
            record = visible_record(session, store.unsealed(StoredFile(store.subject(whom)[1].value, "")).value)
        names = [file.name for file in store.home_registers.files_of(home)]
        whole, inside = REGISTER_PARTS[f"registers/{home}"], f"registers/{home}/"
    else:
        her, _ = store.client(whom)
        id_, record = her.id, her.facts
        names, whole, inside = [record_file(her.id)], FILE_PART, record_file(her.id)
    sealed = [
        part
        for part in session.rulebook.readers_by_part
        if part not in session.rulebook.file_parts and is_sealed_inside(part, inside)
    ]
    if part is not None and part not in (whole, *sealed):
        raise UsageError(
            "usage/part", PART_OF_REGISTER_UNKNOWN if found else PART_OF_FILE_UNKNOWN, parts=[whole, *sealed]
        )
    rows = [_part_row(session, record, name) for name in (whole, *sealed) if part in (None, name)]
    late, waiting = _find_stale(store, names, whole)
    said: FilledSentences = (
        (READ_BY_ROLE if now.is_by_role else EVERY_KEY_READS, {}),
        *(((WRITERS_READ_OWN, {}),) if now.is_by_role else ()),
        *(((NOT_FOR_WHOM_IT_NAMES, {}),) if found and now.is_by_role else ()),
        (PAPER_READS_ALL, {}),
        *(((HIV_IS_APART, {}),) if part == MEDICAL_PART else ()),
        *(((PART_STILL_OPEN, {"parts": [part_text(session.rulebook, each) for each in late]}),) if late else ()),
        *(((PART_WAITS, {"parts": [part_text(session.rulebook, each) for each in waiting]}),) if waiting else ()),
    )
    return Outcome(
        data={"id": id_, "by_role": now.is_by_role, "late": late, "waiting": waiting, "rows": rows},
        columns=READER_COLUMNS,
        said=said,
    )


def _find_stale(store: Store, names: Sequence[str], whole: str) -> tuple[list[str], list[str]]:
    """Return the parts of some files that still open for earlier readers: those that our key can seal anew, and those
    that wait for another reader.
    """
    late, waiting = set[str](), set[str]()
    for name in names:
        stale = find_stale_parts(store.vault, name)
        own = {each for each in stale if store.vault.could_reseal(name, each)}
        late, waiting = late | own, waiting | (stale - own)
        if find_file_readers(store.vault, name) not in (None, frozenset(store.vault.recipients(name))):
            late.add(whole)
    return sorted(late, key=lambda part: (part != whole, part)), sorted(waiting)


PARTS_CLOSED_TO_ROLE = N_("There is more that your role does not open: {parts}.")
FILES_CLOSED_TO_ROLE = N_(
    "There is more: your role opens no client's file, so they were not read (files: {count}). Only their bytes were "
    "compared with what was signed."
)


def closed_parts_sentences(session: Session, name: str | None = None) -> FilledSentences:
    """Return the sentence that names the sealed parts of a file *name*, or of all files, which the person's role does
    not open, if any.
    """
    vault, rulebook = session.store.vault, session.rulebook
    if not vault.journal.chain.readership.is_by_role:
        return ()
    if not vault.opens(FILE_PART):
        return ((FILES_CLOSED_TO_ROLE, {"count": sum(1 for _ in session.store.ids())}),)
    parts = (part for part in vault.journal.chain.readership.sealed_parts if not vault.opens(part))
    closed = [part for part in parts if name is None or is_sealed_inside(part, name)]
    return ((PARTS_CLOSED_TO_ROLE, {"parts": [part_text(rulebook, part) for part in closed]}),) if closed else ()


def _part_row(session: Session, record: Any, part: str) -> dict[str, Any]:
    """Return who reads a part by role, and who wrote entries of it, with or without such a role or a key today."""
    now, names = session.store.vault.journal.chain.readership, session.rulebook.lists["roles"]
    roles = now.roles_for(part) if now.is_by_role else ()
    people = now.staff_for(part)
    return {
        "part": part_text(session.rulebook, part),
        "roles": [LabelledCode(role, names.get(role, {"en": role})) for role in roles],
        "people": list(people),
        "keys": len(now.recipients(part)) - 1,
        "writers": sorted({*_writers_of_part(record, part)} & _known_codes(session)),
    }


def _known_codes(session: Session) -> set[str]:
    """Return the codes that are registered or have or had a key; any other code may be a person's name."""
    codes = {one.staff for one in session.store.vault.journal.chain.readership.holders}
    with suppress(ShelterError):  # staff.yaml is damaged: nothing says who is registered
        codes |= {*session.store.staff.value["staff"]}
    return codes


def _writers_of_part(record: Any, part: str) -> Iterator[str]:
    """Yield who wrote the entries of a part, as staff codes."""
    for entry in value_at(record, SEALED_LIST) or ():
        if entry.get("part") == part and entry.get("recorded_by"):
            yield str(entry["recorded_by"])
