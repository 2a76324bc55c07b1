"""An answer encrypted for one person: a data officer, who opens no client's file, gets it from somebody who does."""

from dataclasses import replace

from shelterctl.core.finding import Outcome
from shelterctl.errors import NotFound, UsageError
from shelterctl.output.page import LIST_FORMATS, Format, dump_json, format_rows, to_json_value
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import seal_for_keys

EXPORT_FORMAT_NEEDED = N_("--for needs a format for programs: --format csv, ndjson or json.")
EXPORT_READER_UNKNOWN = N_("{staff} has no key in this store, so nothing can be encrypted for that person.")
MAKE_KEY_FIRST = N_("Make one first: shelterctl staff key {staff}")
SEE_WHO_WORKS_HERE = N_("Nobody here has that code. See the codes with: shelterctl staff list")


def seal_rows_for(session: Session, said: Outcome, code: str | None) -> Outcome:
    """Return an answer whose rows are an age file that this person's keys alone open; unchanged without a *code*.

    Raises UsageError without a format for programs, NotFound for a person without a key.
    """
    if code is None:
        return said
    chosen = Format.JSON if session.json else session.options.format
    if chosen not in (*LIST_FORMATS, Format.JSON):
        raise UsageError("export/format", EXPORT_FORMAT_NEEDED)
    keys = find_reader_keys(session, code)
    if said.refused or "rows" not in said.data:
        return said
    rows = to_json_value(said.data)["rows"]
    text = dump_json(rows, 2) if chosen == Format.JSON else format_rows(rows, said.columns, Format(chosen))
    return replace(said, stream=seal_for_keys(text.encode(), keys))


def find_reader_keys(session: Session, code: str) -> tuple[str, ...]:
    """Return the public keys of a person in this store that are in force. Raises NotFound if there is none."""
    holders = session.store.vault.journal.chain.devices.values()
    keys = tuple(one.age for one in holders if one.staff == code and one.is_in_force)
    if not keys:
        hint = MAKE_KEY_FIRST if code in session.store.staff_with_role() else SEE_WHO_WORKS_HERE
        raise NotFound("export/no-key", EXPORT_READER_UNKNOWN, hint=hint, staff=code)
    return keys
