"""Everybody who lives in a house on a day, each with what is proposed to be recorded for her: what the rules still owe
her, or what she was given last.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.sheet import LEDGER_SHEET
from shelterctl.core.manual.track import GIVEN_LAST, Track
from shelterctl.core.money.allowance import compute_allowance, least_allowance
from shelterctl.core.record.client import Client, Stay, find_absence
from shelterctl.core.record.entries import Entry, latest_entry, list_entries, read_entry
from shelterctl.core.rules.names import FIELD_CONTRADICTED, find_name
from shelterctl.core.rules.own_limits import keep_limits_of_house
from shelterctl.core.values.days import Span, days_between
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import ZERO_SOM
from shelterctl.immutable import immutable
from shelterctl.session import Session

LEFT_THAT_DAY = "left"
"""The state of somebody who left the house on the day of the list; others are states of the rulebook."""


@immutable(slots=False)
class Resident:
    """A client who lives in a house on a day: her file as it was read, her stay, and the state in which she is *away*,
    or None.
    """

    client: Client
    stay: Stay
    away: str | None = None


@immutable(slots=False)
class ResidentRow:
    """One row of the list: a resident with the *facts* that are proposed for her, or with an entry of that day that she
    has already (*given*).

    A row with neither says that nothing is owed, or that she was given nothing before. Only rows that are *taken* are
    written; who is away is left out until somebody takes her in.
    """

    resident: Resident
    facts: Facts | None = None
    given: Entry | None = None
    taken: bool = False

    @property
    def is_written(self) -> bool:
        """Whether an entry is written for this row."""
        return self.taken and self.facts is not None


def list_residents(session: Session, house: str, day: date) -> list[Resident]:
    """Return everybody who lives in a house on a day, also who leaves that day, in the order in which they came. Files
    that cannot be read are left to the notes about the store.
    """
    found = []
    for her in session.store.clients():
        stay = next((each for each in her.stays if each.facility == house and _lives_there(each, day)), None)
        if stay:
            absence = find_absence(stay, day)
            away = LEFT_THAT_DAY if stay.left_on == day else absence.state if absence else None
            found.append(Resident(her, stay, away))
    return sorted(found, key=lambda one: (str(one.stay.arrived_on), one.client.id))


def _lives_there(stay: Stay, day: date) -> bool:
    return stay.arrived_on is not None and stay.arrived_on <= day and (stay.left_on is None or day <= stay.left_on)


def list_rows(session: Session, track: Track, house: str, common: Facts) -> list[ResidentRow]:
    """Return the rows of all residents for a track that is written at once; *common* are the answers for all, the day
    among them.
    """
    residents = list_residents(session, house, day_of(track, common))
    return [row for resident in residents for row in resident_rows(session, track, resident, common)]


def day_of(track: Track, common: Facts) -> date:
    """Return the day of the entries that have these answers in common."""
    return date.fromisoformat(str(common[day_field(track)]))


def day_field(track: Track) -> str:
    """Return the field of the day of a track that is written at once."""
    return str(track.day)


def resident_rows(session: Session, track: Track, resident: Resident, common: Facts) -> list[ResidentRow]:
    """Return the rows of one resident: her entries of that day, then what is proposed; at least one row."""
    day = day_of(track, common)
    given = [one for one in _entries(track, resident) if one.day == day]
    rows = [ResidentRow(resident, given=one) for one in given]
    if track.at_once and (track.at_once.owes or not given):
        facts = propose_facts(session, track, resident, common)
        rows += [ResidentRow(resident, facts, taken=resident.away is None)] if facts is not None else []
    return rows or [ResidentRow(resident)]


def _entries(track: Track, resident: Resident) -> tuple[Entry, ...]:
    return tuple(list_entries(track, resident.stay.facts, f"/stays/{resident.stay.index}"))


def propose_facts(session: Session, track: Track, resident: Resident, common: Facts) -> dict[str, Any] | None:
    """Return what is proposed for a resident beside the common answers; None where nothing is owed, or an answer that
    every entry needs is not known.

    What is owed is proposed for the days since the last payment. Earlier days without one are left to a person, so that
    the same command given twice pays nothing twice.
    """
    if track.at_once and track.at_once.owes:
        span = _span_owed(track, resident.stay, day_of(track, common))
        return owed_facts(keep_limits_of_house(track, resident.stay.facility), span) if span else None
    facts = _facts_given_last(session, track, resident, common)
    whole = all(name in {**common, **facts} for name, one in track.fields.items() if one.must)
    return facts if whole else None


def _span_owed(track: Track, stay: Stay, day: date) -> Span | None:
    """Return the days up to *day* since the last payment; None if all are paid."""
    allowance = compute_allowance(track, stay, day)
    if allowance is None or allowance.present is None or not allowance.unpaid:
        return None
    last = allowance.unpaid[-1]
    return last if last.last == allowance.present.last else None


def count_earlier_days(track: Track, row: ResidentRow, day: date) -> int:
    """Return how many earlier days of her stay no payment covers, besides those of the row."""
    if not (track.at_once and track.at_once.owes):
        return 0
    allowance, owed = compute_allowance(track, row.resident.stay, day), _span_owed(track, row.resident.stay, day)
    gaps = [span for span in (allowance.unpaid if allowance else ()) if span != owed]
    return sum(days_between(*span) + 1 for span in gaps)


def owed_facts(track: Track, span: Span, given: Facts | None = None) -> dict[str, Any]:
    """Return an entry for the days of a span with the least amount for them, unless other values are *given*."""
    kinds = {name: track.fields[name].kind for name in (track.at_once.each if track.at_once else ())}
    values = {
        "span": {"from": span.first.isoformat(), "to": span.last.isoformat()},
        "som": least_allowance(track, span),
    }
    return {**{name: values[kind] for name, kind in kinds.items() if kind in values}, **(given or {})}


def _facts_given_last(session: Session, track: Track, resident: Resident, common: Facts) -> dict[str, Any]:
    """Return what the last entry before that day has in the fields proposed from it, as far as they are asked beside
    the common answers.
    """
    day = day_of(track, common)
    last = latest_entry([one for one in _entries(track, resident) if one.day and one.day < day])
    proposed = [name for name, said in (track.at_once.each if track.at_once else {}).items() if said == GIVEN_LAST]
    facts = {name: last.written[name] for name in proposed if name in last.written} if last else {}
    facts = {name: value for name, value in facts.items() if name not in common}
    if not facts:
        return {}
    entry = read_entry(track, {**common, **facts})
    around = stay_context(session, resident.client, resident.stay, session.today)
    return {
        name: value
        for name, value in facts.items()
        if find_name(entry, name, around).state(entry, around) != FIELD_CONTRADICTED
    }


def awaits_signature(track: Track, row: ResidentRow) -> bool:
    """Whether a row has an entry of that day that she has still to sign for."""
    return row.given is not None and track.sheet.awaits_her_signature(row.given.values) and is_signed_for(track, row)


def signature_facts(track: Track) -> dict[str, Any]:
    """Return the answers that record her signature."""
    return {name: True for name in track.sheet.signed if track.fields[name].kind == "yes_no"}


def is_signed_for(track: Track, row: ResidentRow) -> bool:
    """Whether she signs for what the row says; who gets an amount of 0 signs for nothing."""
    amounts, entry = _amount_fields(track), read_entry(track, facts_of_row(row))
    return bool(row.given or row.facts is not None) and (not amounts or any(map(entry.values.get, amounts)))


def has_signature_sheet(track: Track) -> bool:
    """Whether one sheet is printed on which all residents sign."""
    return track.at_once is not None and track.sheet.kind == LEDGER_SHEET


def facts_of_row(row: ResidentRow) -> Facts:
    """Return what a row says: its entry of that day, or what is proposed."""
    return row.given.written if row.given else row.facts or {}


def sum_of_rows(track: Track, rows: Iterable[ResidentRow]) -> Decimal | None:
    """Return the sum of the amounts in these rows, in som; None for a track without a proposed amount."""
    names = _amount_fields(track)
    entries = [read_entry(track, facts_of_row(row)) for row in rows]
    return sum((entry.values.get(name) or ZERO_SOM for entry in entries for name in names), ZERO_SOM) if names else None


def _amount_fields(track: Track) -> list[str]:
    return [name for name in (track.at_once.each if track.at_once else ()) if track.fields[name].kind == "som"]
