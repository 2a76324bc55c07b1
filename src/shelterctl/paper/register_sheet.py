"""Sheets of entries about a house, a member of staff, an NGO or a provider: a log or ledger of one month, a card or
letter of one entry.

Such a sheet has no code and is noted nowhere: a register grows every day, and a note would be one more entry in it.
"""

from collections.abc import Sequence

from shelterctl.act.register_months import read_months
from shelterctl.act.register_record import open_register
from shelterctl.act.stay_context import stay_context
from shelterctl.act.typed_track import require_home
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import Entry, latest_entry, list_entries
from shelterctl.core.record.register import BLOCK_KEY
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import UsageError
from shelterctl.paper.request import PaperRequest, PreparedPaper
from shelterctl.paper.sheet import (
    TrackSheet,
    find_printed_entry,
    is_on_sheet,
    is_printed_by_month,
    prints_all_entries,
    time_sort_key,
)
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.subject import REGISTER_OF_HOME
from shelterctl.ui_language import N_

CLOSED_IS_NOT_PRINTED = N_(
    "Some of these entries are closed to you, so a sheet of them would be incomplete. Let somebody print it who may "
    "read them. A blank sheet: shelterctl form {form} --blank"
)
MONTH_OR_ENTRY = N_("--entry prints one entry, --month those of a month. Leave one of the two out.")


def print_register(
    session: Session, wanted: PaperRequest, track: Track, typed: str, id_: str | None = None
) -> list[PreparedPaper]:
    """Return the sheets of a register of the house, person, NGO or provider that was *typed*.

    A log or ledger prints a month, this month if none is asked for, or everything where the last entry counts, as of
    papers. Cards and letters are printed for the latest entry, the one with that id, or each entry of a month. Raises
    UsageError where some of the entries are closed to the user.
    """
    if id_ is not None and wanted.month is not None:
        raise UsageError("usage/one-thing", MONTH_OR_ENTRY)
    months = _printed_months(session, track, wanted.month)
    her, held = session.store.subject(typed, months)
    require_home(track, her)
    her = read_subject(open_register(session, held, [track]).value)
    wanted = wanted._replace(month=months.first if months else None)
    if id_ is not None:
        found = [find_printed_entry(session, her, track, latin_capitals(id_))]
    else:
        found = sorted(list_entries(track, her.facts, ""), key=time_sort_key)
    found = [entry for entry in found if BLOCK_KEY in entry.written or is_on_sheet(track, entry)]
    if months is None and id_ is None and not prints_all_entries(track):
        found = [last] if (last := latest_entry(found)) else []
    if any(BLOCK_KEY in entry.written for entry in found):
        raise UsageError("usage/sealed", CLOSED_IS_NOT_PRINTED, form=track.form)
    if prints_all_entries(track) or not found:
        return [_make_sheet(session, wanted, track, her, found)]
    return [_make_sheet(session, wanted, track, her, [entry]) for entry in found]


def _printed_months(session: Session, track: Track, typed: str | None) -> Months | None:
    """Return the month whose entries are printed; None where none is asked for and the sheet is not one of a month."""
    if typed is None and not is_printed_by_month(track):
        return None
    return read_months(session, typed or "this")


def _make_sheet(
    session: Session, wanted: PaperRequest, track: Track, her: Client, entries: Sequence[Entry]
) -> PreparedPaper:
    around = stay_context(session, her, None, session.today)
    called = _name_of(session, her) if wanted.names else None
    return TrackSheet(session, track, wanted, entries, around=around, registered=her.id, called=called).make_paper()


def _name_of(session: Session, her: Client) -> str | None:
    """Return the name in the directory that belongs to a code; None if none is registered."""
    register = session.store.directory.value.get(REGISTER_OF_HOME[str(her.home)]) or {}
    name: str | None = (register.get(her.id) or {}).get("name")
    return name
