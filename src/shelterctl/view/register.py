"""The views of a register: an entry that was saved, and the list of all entries, with names only where they may be
shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.act.register import register_entries, register_file
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.track import Track
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.values.facts import Facts
from shelterctl.errors import ShelterError
from shelterctl.language import label_code
from shelterctl.session import Session
from shelterctl.store.folder import DIRECTORY_FILE
from shelterctl.ui_language import N_

STAFF_STAYS_LEFT = N_(
    "{staff} is still registered as having worked here until {until}. If {staff} works here again: "
    "shelterctl staff add {staff} --since DATE"
)
STAFF_IS_BACK = N_(
    "{staff} works here again from {since}. Computers that were shut out stay shut out; admit them again "
    "with: shelterctl trust --join"
)

DIRECTORY_COLUMNS = ("name", "phone")
"""The encrypted columns of a register, shown on the screen alone."""


def written_register_entry(track: Track, code: str, clear: Facts) -> dict[str, Any]:
    """Return a saved entry as the answer of its command: the fields that are not encrypted, without days."""
    said = {name: value for name, value in clear.items() if name in track.clear and track.clear[name].kind != "day"}
    own = {name: label_code(value, track.clear[name].codes) for name, value in said.items()}
    return {track.name: code, **own}


def work_sentences(session: Session, track: Track, code: str, was: Facts | None) -> FilledSentences:
    """Return the sentence on somebody who had left: still registered as former staff, or working here again.

    *was* is the entry before the change; nothing is returned unless it had a last day.
    """
    now: Facts = register_entries(register_file(session, track)[1], track).get(code) or {}
    if "until" not in (was or {}) or "until" not in track.clear:
        return ()
    days = {name: now[name] for name in ("since", "until") if name in now}
    return ((STAFF_STAYS_LEFT if "until" in now else STAFF_IS_BACK, {track.name: code, **days}),)


def register_rows(session: Session, track: Track) -> Iterator[ListRow]:
    """Yield a row for each code of a register, with its fields that are encrypted and those that are not.

    If the encrypted file is damaged, the other fields are listed all the same.
    """
    known, behind = register_entries(register_file(session, track)[1], track), _directory_entries(session, track)
    for code in sorted(known):
        yield ListRow(entry={**behind.get(code, {}), **known[code]}, code=code)


def _directory_entries(session: Session, track: Track) -> Mapping[str, Facts]:
    """Return the encrypted entries of a register, by code; none if their file is damaged and other fields remain."""
    try:
        return register_entries(session.store.directory, track)
    except ShelterError as error:
        if not track.clear:
            raise
        session.store.damaged[DIRECTORY_FILE] = error
        return {}


def list_with_names(session: Session, track: Track, listed: Outcome) -> Outcome:
    """Return the list of a register for a screen that is cleared when it is left: code, name, telephone and one more
    column.
    """
    behind, heads = _directory_entries(session, track), (*listed.columns[:1], *DIRECTORY_COLUMNS, *listed.columns[1:2])
    rows = [{**dict.fromkeys(heads), **behind.get(row[track.name], {}), **row} for row in listed.data["rows"]]  # type: ignore[attr-defined]
    shown = [{name: row[name] for name in heads} for row in rows]
    return replace(listed, data={"rows": shown}, columns=heads, private=True)
