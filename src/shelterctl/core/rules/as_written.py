"""Entries of a register by what is written of them: a year of a house has thousands, and most owe nothing.

What is written decides only where it says the same as the typed value; where it may not, the entry is read.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.manual.field import UNKNOWN_ANSWER, Answers, Fields
from shelterctl.core.manual.rule import Ruling
from shelterctl.core.manual.track import Deadline, FormPart, Track
from shelterctl.core.record.client import value_at
from shelterctl.core.record.entries import (
    Entry,
    field_at_path,
    is_of_track,
    is_wanted_answer,
    read_entry,
)
from shelterctl.core.rules.context import Context
from shelterctl.core.values.days import Duration, add_days, add_duration, local_day
from shelterctl.core.values.facts import Facts

KINDS_AS_WRITTEN = ("code", "party", "yes_no")
"""Kinds of fields whose value is what is written."""

DAYS_AS_WRITTEN = ("day", "time")


def find_written_day(track: Track, written: Facts) -> Any:
    """Return the day of an entry as it is written: of several fields the first that is filled in."""
    names = (track.day,) if isinstance(track.day, str) else track.day or ()
    return next((said for name in names if (said := value_at(written, name)) is not None), None)


def make_filter(track: Track, wanted: Answers) -> Callable[[Facts], bool]:
    """Return a function that says whether what is written of an entry has one of the wanted answers at each name."""
    named = [(name, field_at_path(track.fields, name), answers) for name, answers in wanted.items()]

    def fits(written: Facts) -> bool:
        for name, one, answers in named:
            if one is None or one.kind not in KINDS_AS_WRITTEN or one.absent is not None:
                said = read_entry(track, written).values.get(name)
            else:
                said = value_at(written, name)
            if not is_wanted_answer(tuple(said) if isinstance(said, list) else said, answers):
                return False
        return True

    return fits


def find_owing_entries(
    track: Track, part: FormPart | None, due: Deadline, context: Context, within: int
) -> Iterator[Entry]:
    """Yield the entries of a register in which a deadline from one of their fields may be owed.

    With a *part*, the deadline is that of each group in a list of the entry, and these groups are yielded.
    """
    latest = _latest_day(due, context.today or context.day, within)
    facts, root = context.locate(track)
    event = (part or track).fields.get(due.event.partition(".")[0])
    key = part.number if part else due.event.partition(".")[0] if event and event.absent is None else None
    for number, written in enumerate(value_at(facts, track.at) or ()):
        if key is not None and key not in written:
            continue
        if "void" in written or (track.discriminator and not is_of_track(track, written)):
            continue
        where = f"{root}/{track.at.replace('.', '/')}/{number}"
        if part is None:
            if may_owe(track.fields, due, written, context, latest):
                yield read_entry(track, written, where)
            continue
        groups = written.get(part.number)
        owing = [
            (place, group)
            for place, group in enumerate(groups if isinstance(groups, list) else ())
            if isinstance(group, Mapping) and "void" not in group
            if may_owe(part.fields, due, group, context, latest)
        ]
        whole = read_entry(track, written, where) if owing else None
        yield from (read_entry(part, group, f"{where}/{part.number}/{place}", whole) for place, group in owing)


def may_owe(fields: Fields, due: Deadline, written: Facts, context: Context, latest: date | None) -> bool:
    """Return whether a deadline may be owed by what is written; false only where the typed values say so too.

    *latest* is the last day with which it may begin; a later one is still too far ahead.
    """
    event = field_at_path(fields, due.event)
    begun = value_at(written, due.event)
    if event is None or event.absent is not None:
        return True
    on = local_day(begun)
    if begun is None or (on and latest and on > latest):
        return False
    return not (
        any(_is_answered(fields, name, written, context) for name in due.until)
        or any(_denies(fields, name, answers, written) for name, answers in due.when.items())
    )


def _latest_day(due: Deadline, today: date, within: int) -> date | None:
    """Return the last day with which a deadline can begin and be listed today; None if it may lie before its event."""
    said: list[Mapping[str, Any]] = [{**each.params} for each in due.history if isinstance(each, Ruling)]
    if any(count < 0 for each in said for count in each.get("after", {}).values()):
        return None
    ahead = (add_duration(today, Duration(**each.get("before", {}))) for each in said)
    return add_days(max(ahead, default=today), max(within, 0) + 1)


def _is_answered(fields: Fields, name: str, written: Facts, context: Context) -> bool:
    """Return whether a field answers the deadline, so far as what is written shows it."""
    one, said = field_at_path(fields, name), value_at(written, name)
    if one is None or one.several or said in (None, "", UNKNOWN_ANSWER):
        return False
    if one.kind in DAYS_AS_WRITTEN:
        on = local_day(said)
        return on is not None and on <= (context.today or context.day)
    return one.kind in KINDS_AS_WRITTEN and isinstance(said, str | bool)


def _denies(fields: Fields, name: str, answers: tuple[str, ...], written: Facts) -> bool:
    """Return whether an entry certainly does not give one of the answers on which the deadline depends."""
    one = field_at_path(fields, name)
    if one is None or one.kind not in KINDS_AS_WRITTEN or one.several or one.absent is not None:
        return False
    return not is_wanted_answer(value_at(written, name), answers)
