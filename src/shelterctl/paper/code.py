"""The code at the foot of a filled sheet.

This module makes the code from the facts on the sheet, reads it as typed, and notes it in the record with short traces
of the facts, so that a later change can be found.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from shelterctl.act.change import save_client_file
from shelterctl.core.record.client import live_entries
from shelterctl.core.values.codes import ID_ALPHABET, correct_id_letters
from shelterctl.core.values.facts import Facts
from shelterctl.errors import DiskError, UsageError
from shelterctl.paper.request import PreparedPaper
from shelterctl.session import Session
from shelterctl.store.folder import DIRECTORY_FILE
from shelterctl.ui_language import N_
from shelterctl.vault.copy import NO_PERMISSION_CODE

NOT_A_SHEET_CODE = N_(
    "The code of a sheet has nine letters and digits, such as 4XK-792-QA5. It is printed at the foot of the sheet."
)

SHEET_CODE_LENGTH, SHEET_CODE_PART = 9, 3
_TRACE_LENGTH = 8
LAYOUT_PLACE, LAYOUT_VERSION = "/layout", "00000003"
"""The trace of the layout of a sheet on which every fact is printed; 0.2.0 and logs of 0.3.1 printed fewer."""
_PLACES_ADDED_LATER = re.compile(r"/identification_number|/lines/[^/]+/(?!amount$|point$).+")
_SHEET_CODE_SEPARATORS = str.maketrans("", "", "- \u2013\u00a0")
"""The characters that may be typed between the parts of a code."""


def make_sheet_code(
    key: bytes | None, record: str, form: str, language: str, of: str | None, facts: Mapping[str, str]
) -> str | None:
    """Return the code of a sheet: equal facts give an equal code, and any changed fact gives another.

    *key* belongs to the store, so that nobody without the store can try names until one fits; it is None in a store of
    0.1.0, where sheets have no code.
    """
    if key is None:
        return None
    bound = json.dumps([record, form, language, of, sorted(facts.items())], ensure_ascii=False)
    number = int.from_bytes(hmac.digest(key, bound.encode(), "sha256")[:8], "big")
    drawn = "".join(ID_ALPHABET[number >> 5 * place & 31] for place in range(SHEET_CODE_LENGTH))
    return "-".join(drawn[at : at + SHEET_CODE_PART] for at in range(0, SHEET_CODE_LENGTH, SHEET_CODE_PART))


def read_sheet_code(typed: str) -> str:
    """Return a typed code in its usual form, with any case and hyphens; raises UsageError if it cannot be a code."""
    read = correct_id_letters(typed).translate(_SHEET_CODE_SEPARATORS)
    if len(read) != SHEET_CODE_LENGTH or not set(read) <= set(ID_ALPHABET):
        raise UsageError("usage/code-of-sheet", NOT_A_SHEET_CODE)
    return "-".join(read[at : at + SHEET_CODE_PART] for at in range(0, SHEET_CODE_LENGTH, SHEET_CODE_PART))


def fact_traces(record: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Return a short trace of each fact: enough to see that it has changed, too little to tell what it was."""
    return {LAYOUT_PLACE: LAYOUT_VERSION} | {
        place: hashlib.sha256(f"{record}{place}={fact}".encode()).hexdigest()[:_TRACE_LENGTH]
        for place, fact in facts.items()
    }


def changed_places(
    kept: Mapping[str, str], now: Mapping[str, str], beside: Callable[[str], bool] = lambda _: False
) -> Iterator[str]:
    """Yield the places whose fact differs from the record now, in their order on the sheet.

    A place that sheets of an earlier version did not have is no change; until 0.3.1 these were the places of a log
    *beside* its columns.
    """
    places = (
        place for place in dict.fromkeys((*kept, *now)) if kept.get(place) != now.get(place) and place != LAYOUT_PLACE
    )
    if kept.get(LAYOUT_PLACE) == LAYOUT_VERSION:
        return places
    places = (place for place in places if place in kept or not beside(place))
    if LAYOUT_PLACE in kept:
        return places
    return (place for place in places if place in kept or not _PLACES_ADDED_LATER.fullmatch(place))


def note_sheets(session: Session, papers: Sequence[PreparedPaper]) -> bool:
    """Note each sheet once in the record that it shows; return False if this store is read-only."""
    if session.store.identity.device is None or session.store.vault.closed_because:
        return False
    try:
        for record, its in groupby(papers, key=lambda paper: paper.record):
            if record:
                note = _note_in_directory if record in session.store.staff_with_role() else _note_in_file
                note(session, record, list(its))
    except DiskError as trouble:  # the store is where this computer may not write, such as a read-only disk
        if trouble.code != NO_PERMISSION_CODE:
            raise
        return False
    return True


def _note_in_file(session: Session, record: str, papers: Sequence[PreparedPaper]) -> None:
    held = session.store.read(record)
    fresh = _entries_not_noted(session, held.value, papers)
    if fresh:
        printed = [*(held.value.get("printed") or ()), *fresh]
        save_client_file(session, {**held.value, "printed": printed}, held.version, "print")


def _note_in_directory(session: Session, record: str, papers: Sequence[PreparedPaper]) -> None:
    held = session.store.directory
    staff = held.value.get("staff") or {}
    mine = staff.get(record) or {}
    fresh = _entries_not_noted(session, mine, papers)
    if fresh:
        changed = {**staff, record: {**mine, "printed": [*(mine.get("printed") or ()), *fresh]}}
        session.save([(DIRECTORY_FILE, {**held.value, "staff": changed}, held.version)], "print")


def _entries_not_noted(session: Session, holder: Facts, papers: Sequence[PreparedPaper]) -> list[dict[str, Any]]:
    """Return the entries for sheets that are not noted yet; a reprint of equal facts has the noted code."""
    known = {entry["code"] for entry in live_entries(holder.get("printed"))}
    return [_noted_entry(session, paper) for paper in papers if paper.code not in known]


def _noted_entry(session: Session, paper: PreparedPaper) -> dict[str, Any]:
    own = {"code": paper.code, "key": session.store.sheet_key.id, "form": paper.form, "language": paper.language}
    own |= {"of": paper.entry} if paper.entry else {}
    return session.stamp.stamp_entry({**own, "facts": fact_traces(str(paper.record), paper.facts)})
