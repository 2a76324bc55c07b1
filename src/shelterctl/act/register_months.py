"""The months of a register that a command has to read: those around the day of an entry, or all.

An entry is kept in the file of the month of its day, so its day cannot move into another month.
"""

from datetime import date

from shelterctl.core.finding import Finding
from shelterctl.core.manual.field import as_day
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import list_entries, read_entry
from shelterctl.core.values.days import add_months, read_month
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.ui_language import N_

NOT_A_MONTH = N_("--month needs a month, such as 2026-11, this or last.")
DAY_OF_OTHER_MONTH = N_(
    "The day of this entry cannot move into another month. Strike the entry through and record it anew."
)


def months_around(day: date) -> Months:
    """Return the month of a day with the one before and the one after: a shift may begin or end in these."""
    first = day.replace(day=1)
    return Months(f"{add_months(first, -1):%Y-%m}", f"{add_months(first, 1):%Y-%m}")


def months_until_now(session: Session, day: date) -> Months:
    """Return the months around a day, and all up to the present one, in which unfinished answers are kept."""
    near, now = months_around(day), months_around(session.today)
    return Months(min(near.first, now.first), max(near.last, now.last))


def read_months(session: Session, typed: str) -> Months:
    """Return the month that was typed: ``2026-11``, ``this`` or ``last``. Raises UsageError for any other text."""
    today = session.today
    known = {"this": f"{today:%Y-%m}", "last": f"{add_months(today.replace(day=1), -1):%Y-%m}"}
    month = known.get(typed.strip().casefold(), typed.strip())
    if read_month(month) is None:
        raise UsageError("usage/month", NOT_A_MONTH)
    return Months(month, month)


def track_months(session: Session, track: Track, given: Facts) -> Months | None:
    """Return the months that a new entry of a register is judged with; None for all, where the entry may be in any."""
    if track.of_register is None or "id" in given or not _looks_near(track):
        return None
    return months_until_now(session, as_day(read_entry(track, given).day) or session.today)


def find_entry_months(session: Session, typed: str, track: Track, entry: str | None) -> Months | None:
    """Return the months that an entry of a register is read with, by its id; None for all, where it may be in any."""
    if track.of_register is None or entry is None or not _looks_near(track):
        return None
    return _months_of_entry(session, session.store.subject(typed)[0], entry)


def find_void_months(session: Session, typed: str, entry: str | None) -> Months | None:
    """Return the months to strike something through in: those of the entry, else those around today; None for all."""
    her, _ = session.store.subject(typed)
    if her.home is None:
        return None
    return months_around(session.today) if entry is None else _months_of_entry(session, her, latin_capitals(entry))


def _months_of_entry(session: Session, her: Client, entry: str) -> Months | None:
    """Return the months around that of an entry. The files are only searched, so nothing sealed in them is opened."""
    origins = session.store.home_registers.joined_record(her.facts).origins if her.home else {}
    return months_until_now(session, date.fromisoformat(f"{origins[entry].month}-01")) if entry in origins else None


def _looks_near(track: Track) -> bool:
    """Whether the rules of a track look only at entries of about its own time."""
    return not any(rule.verb == "stands" for rule in track.rules) and track.keeps != "last"


def judge_month(track: Track, her: Client, given: Facts) -> tuple[Finding, ...]:
    """Return the finding that refuses to move an entry of a register into another month."""
    if track.of_register is None or "id" not in given:
        return ()
    entry = next((one for one in list_entries(track, her.facts, "") if one.written.get("id") == given["id"]), None)
    if entry is None or entry.day is None:
        return ()
    new = as_day(read_entry(track, {**entry.written, **given}).day)
    if new is None or f"{new:%Y-%m}" == f"{entry.day:%Y-%m}":
        return ()
    return (Finding(code="register/other-month", message=DAY_OF_OTHER_MONTH, where=""),)
