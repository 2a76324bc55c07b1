"""What is due of a client on a day: every deadline of her tracks, and what her acts still lack."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from shelterctl.core.manual.act import SIGN_ACT, Act, Item
from shelterctl.core.manual.track import (
    DANGER_AT_ONCE,
    DANGER_GATE,
    DANGER_LATE,
    DANGERS_BY_GRAVITY,
    Deadline,
    DeadlineRuling,
    FormPart,
    Track,
)
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.entries import (
    Entry,
    effective_entries,
    entry_title,
    field_at_path,
    gives_answers,
    read_entry,
    read_parts,
)
from shelterctl.core.rules.checklist import given_days, items_in_force, unmet_items
from shelterctl.core.rules.compiled import keeps_rules
from shelterctl.core.rules.context import (
    EVENTS,
    Context,
    entries_of_client,
)
from shelterctl.core.rules.judgement import judge_rules, judge_unasked_answers
from shelterctl.core.rules.names import FIELD_ASKED, as_days, find_name, matches_answers
from shelterctl.core.values.days import (
    Duration,
    Span,
    add_days,
    add_duration,
    count_empty_periods,
    days_between,
    minutes_between,
)
from shelterctl.language import Text

DEADLINE_STATES = ("overdue", "due", "open", "upcoming", "unscheduled")
"""How a deadline stands: its day or hour is over, is today, is not counted, is still to come, or was never set."""

MINUTES_IN_A_DAY = 24 * 60

OPEN_ENDED, NEVER_LISTED = "overdue", "listed"
"""What is ``never: overdue`` stays open from its day on, with the days since, and has no last day; some has no row."""

SCHEDULE_TRACK = "schedule"
"""The track of a day set by hand: for a client without a stay, what else begins with an event of a stay."""

SIGNED_FIELD = "signed"
"""The field that says that an entry is signed."""


class Obligation(NamedTuple):
    """One thing that is due of one client.

    *what* is the name of the track or item, *row* that of the manual's deadlines where it has one. *days_since_due* are
    days, below zero before the day; of what is open, those since it began. Where an hour was set, it is *due_at* that
    moment, and *minutes_since_due* are counted too. *danger* is what puts it before papers and money. *owner* is the
    role that sees to it, *social_worker* hers by code; *entry* the one that it is about, and *gaps* how many times
    nothing was written. *begun_on* is the day of the event of a stay from which it is counted.
    """

    id: str
    stay: str | None
    state: str
    what: str
    text: Text
    due_on: date | None
    days_since_due: int | None
    clause: str
    owner: str | None = None
    row: str | None = None
    social_worker: str | None = None
    entry: str | None = None
    gaps: int | None = None
    gate: bool = False
    due_at: datetime | None = None
    minutes_since_due: int | None = None
    danger: str | None = None
    begun_on: date | None = None


def order_by_danger(owed: Obligation) -> tuple[int, int, int, str]:
    """Danger first, the gravest of it before the oldest; then what is overdue, due, open, to come, the oldest first."""
    rank = DANGERS_BY_GRAVITY.index(owed.danger) if owed.danger else len(DANGERS_BY_GRAVITY)
    return (rank, 0 if owed.danger else DEADLINE_STATES.index(owed.state), -count_minutes_due(owed), owed.id)


def count_minutes_due(owed: Obligation) -> int:
    """For how many minutes something is due, below zero before; a whole day is counted where no hour was set."""
    counted = owed.minutes_since_due
    return (owed.days_since_due or 0) * MINUTES_IN_A_DAY if counted is None else counted


def list_track_obligations(
    tracks: Iterable[Track], context: Context, within: int, items: Collection[Item] = ()
) -> Iterator[Obligation]:
    """Every deadline of these tracks that is owed for the client, as seen from each of her stays.

    Where a day was given for one of the *items*, the deadline of the same row is answered, unless it comes again.
    """
    her = context.client
    if her is None or her.is_idle:
        return
    alone = replace(context, stay=None) if context.stay else context
    stays = {stay.index: replace(context, stay=stay) for stay in her.stays}
    lived = [stays[stay.index] for stay in her.stays if not stay.turned_away]
    for track in tracks:
        entries: Sequence[Entry] | None = None
        for part, due in _listed_deadlines(track):
            if due.event in EVENTS:
                same = [item for item in items if item.row and item.row == due.row]
                for held in lived if stays or not {"left", "client"} <= {*track.home} else (alone,):
                    yield from _list_stay_obligations(track, due, held, within, same)
                continue
            if entries is None:
                entries = effective_entries(track, map(read_parts, entries_of_client(track, her)))
            for whole in entries:
                stay = _find_stay_of_entry(her, whole)
                held = stays[stay.index] if stay else alone
                for one in [each for each in whole.parts if each.definition is part] if part else (whole,):
                    yield from _list_entry_obligations(track, part, due, one, held, within)


@lru_cache(maxsize=256)  # asked of each track for each client
def _listed_deadlines(track: Track) -> Sequence[tuple[FormPart | None, Deadline]]:
    """The deadlines of a track and of its parts that are listed at all, each with its part."""
    found = ((part, due) for part in (None, *track.parts.values()) for due in (part or track).due)
    return [(part, due) for part, due in found if due.never != NEVER_LISTED]


def list_item_obligations(act: Act, context: Context, since: date | None) -> Iterator[Obligation]:
    """The items that an act still lacks; they have no day of their own, and their days are counted *since* then."""
    her, stay = context.client, context.stay
    if her is None:
        return
    lacking = {item.name for item, *_ in unmet_items(act, context)}
    begun = days_between(since, context.today or context.day) if since else None
    stay_id, waits = stay.id if stay else None, stay is None or (stay.is_open and stay.admitted_on is None)
    for item, ruling in items_in_force(act, context.day):
        if item.name in lacking:
            owed = Obligation(her.id, stay_id, "open", item.name, item.text, None, begun, ruling.clause)
            gate = bool(ruling.params.get("gate"))
            danger = DANGER_GATE if gate and waits else None
            yield owed._replace(owner=item.owner, row=item.row, gate=gate, danger=danger)


def _list_stay_obligations(
    track: Track, due: Deadline, context: Context, within: int, items: Collection[Item]
) -> Iterator[Obligation]:
    """A deadline that begins with an event of a stay, unless an entry of that stay answers it, or a day of an item.

    For a client without a stay it has no day until one is set by hand (X08, X09).
    """
    begun, today = context.event_day(due.event), context.today or context.day
    ruling = due.ruling(begun or context.day) if begun or context.stay is None else None
    if ruling is None or (due.when and not matches_answers(due.when, read_entry(track, {}), context)):
        return
    if ruling.every:
        yield from _list_gaps(track, due, ruling.every, _make_obligation(track, due, ruling, context), context)
        return
    day = find_deadline_day(due, context)
    ahead = day is not None and days_between(day, today) < -within
    if ahead or any(given_days(item, context) for item in items) or any(find_answers(track, due, day, context)):
        return
    owed = _make_obligation(track, due, ruling, context)._replace(begun_on=begun)
    yield from _obligation_today(owed, due, day, context, within) if day else [owed]


def find_deadline_day(due: Deadline, context: Context) -> date | None:
    """The day from which a deadline of a stay is due; for a client without a stay, the one that was set by hand (X08).

    None where neither is known.
    """
    if context.stay is None:
        by_hand = context.last_entry(SCHEDULE_TRACK)
        return by_hand.day if by_hand else None
    begun = context.event_day(due.event)
    return due.due_day(begun) if begun else None


def find_answers(track: Track, due: Deadline, day: date | None, context: Context) -> Iterator[Entry]:
    """The entries of a stay that answer a deadline of it: those dated from the due *day* on that are complete.

    What another track under ``until`` keeps once, such as a closing, ends it from its beginning on. What stands under
    ``until`` counts on any day; otherwise an entry counts when its day has come.
    """
    begun, today = context.event_day(due.event) if context.stay else date.min, None if due.until else context.today
    for one in _list_answering_entries(track, due, context):
        if one.definition is track or (isinstance(one.definition, Track) and one.definition.many):
            counts = day is not None and _is_answer(one, due, day, context, today)
        else:
            counts = begun is not None and one.day is not None and begun <= one.day
        if counts:
            yield one


def _list_answering_entries(track: Track, due: Deadline, context: Context) -> Iterator[Entry]:
    """The entries of the stay that may answer: those of the tracks named under until, else of its own."""
    return chain.from_iterable(context.entries(name) for name in due.until or (track.name,))


def _list_entry_obligations(
    track: Track, part: FormPart | None, due: Deadline, entry: Entry, context: Context, within: int
) -> Iterator[Obligation]:
    """A deadline that begins at a field of an entry, or of a part of one, until that entry answers it."""
    found, whole = find_name(entry, due.event, context).read(entry, context), entry.whole
    begun = as_days(found)
    begun = begun.last if isinstance(begun, Span) else begun
    ruling = due.ruling(whole.day or begun) if begun else None
    if ruling is None or not matches_answers(due.when, entry, context):
        return
    if any(_is_answered(entry, name, due, begun, context) for name in due.until):
        return
    text = due.text or (part.text if part else entry_title(track, whole.written))
    owed = _make_obligation(track, due, ruling, context)._replace(entry=whole.written.get("id"), text=text)
    at = found if isinstance(found, datetime) and not ruling.after else None  # months later no hour is meant
    yield from _obligation_today(owed, due, add_duration(begun, ruling.after or Duration()), context, within, at)


def list_register_obligations(
    track: Track, code: str, entry: Entry, context: Context, within: int
) -> Iterator[Obligation]:
    """Every deadline of a register that begins at a field of an entry, until that entry answers it; by its code."""
    for due in track.due:
        found = _list_entry_obligations(track, None, due, entry, context, within)
        yield from (owed._replace(id=code, entry=None) for owed in found)


def _is_answered(entry: Entry, name: str, due: Deadline, day: date, context: Context) -> bool:
    """Whether what a name means answers: a field that is filled in, or another entry, dated from the *day* on.

    A day in a field has to have come; a field that is not asked owes nothing.
    """
    one = field_at_path(entry.fields, name)
    if one is None and name in context.tracks:
        others = (each for each in context.client_entries(name) if not _is_same_entry(each, entry.whole))
        return any(_is_answer(each, due, day, context, context.today) for each in others)
    answer = find_name(entry, name, context)
    if answer.state(entry, context) != FIELD_ASKED:
        return True
    found = answer.read_days(entry, context)
    return found <= (context.today or context.day) if isinstance(found, date) else found is not None


def _is_same_entry(one: Entry, other: Entry) -> bool:
    return one.definition is other.definition and one.written.get("id") == other.written.get("id")


def _is_answer(entry: Entry, due: Deadline, day: date, context: Context, today: date | None) -> bool:
    """Whether an entry answers: dated from the day on until *today*, with the answers meant, and complete."""
    on = entry.day
    if on is None or on < day or (today and on > today):
        return False
    return gives_answers(due.where, entry.values) and is_complete(entry, context)


def is_complete(entry: Entry, context: Context) -> bool:
    """Whether an entry answers for anything: it breaks no ``shall`` of its track.

    One of a track with rules of signing is signed, with every question that is asked answered or marked unknown.
    """
    track = entry.definition
    signing = [rule for rule in track.rules if rule.act == SIGN_ACT]
    if not signing or not isinstance(track, Track):
        return keeps_rules(entry, context)
    held = replace(context, day=entry.day or context.day)
    if not entry.values.get(SIGNED_FIELD) or any(judge_unasked_answers(track, entry, held)):
        return False
    return not any(judge_rules(signing, entry, held))


def _obligation_today(
    owed: Obligation, due: Deadline, day: date, context: Context, within: int, at: datetime | None = None
) -> Iterator[Obligation]:
    """The row of one deadline as it stands today, or now where it has an hour; what is never listed has none."""
    days, passed = days_between(day, context.today or context.day), None
    if at and context.now:  # the hour decides, whatever day it is where it was written down
        passed = minutes_between(at, context.now)
        days = max(days, 0) if passed > 0 else min(days, 0)
    if days < -within:
        return
    over = days > 0 if passed is None else passed > 0
    state = "upcoming" if days < 0 else "open" if due.never == OPEN_ENDED else "overdue" if over else "due"
    owed = owed._replace(state=state, due_on=day, days_since_due=days, due_at=at, minutes_since_due=passed)
    yield owed._replace(danger=_decide_danger(due, over)) if days >= 0 else owed


def _decide_danger(due: Deadline, over: bool) -> str | None:
    """What puts a deadline that is due before papers and money; nobody is late before her day or hour is *over*."""
    danger = DANGER_AT_ONCE if due.first else due.danger
    return danger if over or danger != DANGER_LATE else None


def _list_gaps(track: Track, due: Deadline, every: str, owed: Obligation, context: Context) -> Iterator[Obligation]:
    """What is due every day, week or month of a stay: one row with how many of these have nothing."""
    stay, today, first = context.stay, context.today or context.day, context.event_day(due.event)
    if stay is None or first is None:
        return
    left = stay.discharged_on
    last = min(today, add_days(left, -1)) if left else today
    covered = (span for one in _list_answering_entries(track, due, context) if (span := _covered_days(one)))
    empty = count_empty_periods(Span(first, last), every, covered)
    running = left is None and last == today and empty.last == last  # what ends today may still be done
    if over := empty.periods - running:
        since, danger = days_between(empty.first, today), _decide_danger(due, over=True)
        yield owed._replace(state="overdue", due_on=empty.first, days_since_due=since, gaps=over, danger=danger)
    elif running:
        yield owed._replace(state="due", due_on=last, days_since_due=0, gaps=1, danger=_decide_danger(due, over=False))


def _covered_days(entry: Entry) -> Span | None:
    """The days that an entry covers: its span, else its day."""
    spans = [said for name in entry.fields if isinstance(said := entry.values.get(name), Span)]
    on = entry.day
    return spans[0] if spans else Span(on, on) if on else None


def _make_obligation(track: Track, due: Deadline, ruling: DeadlineRuling, context: Context) -> Obligation:
    her, stay = context.client.id if context.client else "", context.stay.id if context.stay else None
    text, owner = due.text or track.text, due.owner
    return Obligation(her, stay, "unscheduled", track.name, text, None, None, ruling.clause, owner, due.row)


def _find_stay_of_entry(her: Client, entry: Entry) -> Stay | None:
    """The stay in which an entry lies, or that it names."""
    named = (stay for stay in her.stays if stay.id and stay.id == entry.written.get("stay"))
    return her.stay_at(entry.where) or next(named, None)
