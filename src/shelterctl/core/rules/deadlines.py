"""Deadlines of a client on a day: every deadline of her tracks, and the open items of her acts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain

from shelterctl.core.manual.act import SIGN_ACT, Act, Item
from shelterctl.core.manual.track import (
    DANGER_AT_ONCE,
    DANGER_GATE,
    DANGER_LATE,
    MONITORING_DAY,
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
from shelterctl.core.rules.as_written import find_owing_entries
from shelterctl.core.rules.checklist import given_days, items_in_force, unmet_items
from shelterctl.core.rules.compiled import keeps_rules
from shelterctl.core.rules.context import (
    EVENTS,
    Context,
    entries_of_client,
)
from shelterctl.core.rules.judgement import judge_rules, judge_unasked_answers
from shelterctl.core.rules.names import FIELD_ASKED, as_days, find_name, matches_answers
from shelterctl.core.rules.obligation import HOURS_IN_A_DAY, Obligation
from shelterctl.core.rules.recurrence import find_recurrence
from shelterctl.core.rules.verbs.answers import as_values
from shelterctl.core.values.days import (
    Duration,
    Span,
    add_days,
    add_duration,
    add_months,
    days_between,
    minutes_between,
)
from shelterctl.core.values.moments import add_hours

OPEN_ENDED, NEVER_LISTED = "overdue", "listed"
"""The values of ``never``: ``overdue`` for a deadline that stays open without a last day, ``listed`` for one without a
row.
"""

SIGNED_FIELD = "signed"
"""The field that says that an entry is signed."""


def list_track_obligations(
    tracks: Iterable[Track], context: Context, within: int, items: Collection[Item] = ()
) -> Iterator[Obligation]:
    """Yield every deadline of these tracks that is due for the client, as seen from each of her stays.

    A day that was given for one of the *items* answers the deadline of the same row, unless the deadline recurs.
    """
    her = context.client
    if her is None or her.is_idle:
        return
    alone = replace(context, stay=None) if context.stay else context
    stays = {stay.index: replace(context, stay=stay) for stay in her.stays}
    lived = [stays[stay.index] for stay in her.stays if not stay.turned_away]
    for track in tracks:
        if track.of_register != her.home:
            continue
        whole_file = her.home or (not stays and {"left", "client"} <= {*track.home})
        entries: list[Entry] = []
        for part, due in _listed_deadlines(track):
            if due.event in EVENTS:
                same = [item for item in items if item.row and item.row == due.row]
                for held in (alone,) if whole_file else lived:
                    yield from _list_stay_obligations(track, due, held, within, same)
            elif her.home and track.keeps == "many":
                for one in find_owing_entries(track, part, due, alone, within):
                    yield from _list_entry_obligations(track, part, due, one, alone, within)
            else:
                entries = entries or effective_entries(track, map(read_parts, entries_of_client(track, her)))
                yield from _list_field_obligations(track, part, due, entries, alone, within)


def list_recurring(tracks: Iterable[Track], context: Context) -> Iterator[Obligation]:
    """Yield each deadline that recurs and goes on today, done or not, once for each stay or register; it has no day."""
    her, today = context.client, context.today or context.day
    if her is None or her.is_idle:
        return
    stays = [replace(context, stay=stay) for stay in her.stays if stay.is_open and not stay.turned_away]
    for track in (one for one in tracks if one.of_register == her.home):
        for due in track.due:
            for held in (context,) if her.home else stays:
                begun = held.event_day(due.event) if due.event in EVENTS else None
                ruling = due.ruling(today if her.home else begun) if begun and begun <= today else None
                if ruling and ruling.every and matches_answers(due.when, read_entry(track, {}), held):
                    yield _make_obligation(track, due, ruling, held)._replace(state="upcoming")


def _list_field_obligations(
    track: Track, part: FormPart | None, due: Deadline, entries: Iterable[Entry], context: Context, within: int
) -> Iterator[Obligation]:
    """Yield a deadline that begins at a field, for each entry, as seen from the stay to which the entry belongs."""
    her = context.client
    for whole in entries:
        stay = _find_stay_of_entry(her, whole) if her else None
        held = replace(context, stay=stay) if stay else context
        for one in _list_parts(whole, part) if part else (whole,):
            yield from _list_entry_obligations(track, part, due, one, held, within)


@lru_cache(maxsize=256)  # called for each track of each client
def _listed_deadlines(track: Track) -> Sequence[tuple[FormPart | None, Deadline]]:
    """Return the deadlines of a track and its parts that may be listed, each with its part.

    A list of groups counts as a part: a deadline from a field inside it is one of each group.
    """
    found = [(part, due) for part in (None, *track.parts.values()) for due in (part or track).due]
    found = [(part, due) if part else track.group_of_deadline(due) for part, due in found]
    return [(part, due) for part, due in found if due.never != NEVER_LISTED]


def _list_parts(whole: Entry, part: FormPart) -> Iterator[Entry]:
    """Yield the parts of an entry that a deadline is of: lines of a form, or the groups of a list."""
    groups = whole.written.get(part.number) if part.number in whole.fields else None
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        if isinstance(group, Mapping) and "void" not in group:
            yield read_entry(part, group, f"{whole.where}/{part.number}/{number}", whole)
    yield from (each for each in whole.parts if each.definition is part)


def list_item_obligations(act: Act, context: Context, since: date | None) -> Iterator[Obligation]:
    """Yield the open items of an act; they have no due day of their own, so their days are counted from *since*."""
    her, stay = context.client, context.stay
    if her is None:
        return
    lacking = {item.name for item, *_ in unmet_items(act, context)}
    stay_id, waits = stay.id if stay else None, stay is None or (stay.is_open and stay.admitted_on is None)
    for item, ruling in items_in_force(act, context.day):
        if item.name in lacking:
            begun = days_between(since, context.today or context.day) if since else None
            owed = Obligation(her.id, stay_id, "open", item.name, item.text, None, begun, ruling.clause)
            gate = bool(ruling.params.get("gate"))
            danger = DANGER_GATE if gate and waits else None
            yield owed._replace(owner=item.owner, row=item.row, gate=gate, danger=danger)


def _list_stay_obligations(
    track: Track, due: Deadline, context: Context, within: int, items: Collection[Item]
) -> Iterator[Obligation]:
    """Yield a deadline that begins with an event of a stay, unless an entry of the stay or an item's day answers it.

    For a client without a stay it has no day until one is set by hand (X08, X09).
    """
    begun, today = context.event_day(due.event), context.today or context.day
    registered = context.client is not None and context.client.home is not None
    begins = today if registered and begun else begun  # what holds today holds for a register that began long ago
    ruling = due.ruling(begins or context.day) if begun or (context.stay is None and not registered) else None
    if ruling is None or (due.when and not matches_answers(due.when, read_entry(track, {}), context)):
        return
    if ruling.every:
        yield from _list_gaps(track, due, ruling, _make_obligation(track, due, ruling, context), context)
        return
    day = add_duration(begun, ruling.after or Duration()) if registered and begun else find_deadline_day(due, context)
    ahead = day is not None and not ruling.before and day > add_days(today, within)
    if ahead or any(given_days(item, context) for item in items) or any(find_answers(track, due, day, context)):
        return
    owed = _make_obligation(track, due, ruling, context)._replace(begun_on=begun)
    yield from _obligation_today(owed, due, ruling, day, context, within) if day else [owed]


def find_deadline_day(due: Deadline, context: Context) -> date | None:
    """Return the day from which a deadline of a stay is due; for a client without a stay, the day set by hand (X08).

    Return None where there is neither.
    """
    if context.stay is None:
        by_hand = context.tracks.serving(MONITORING_DAY)
        last = context.last_entry(by_hand.name) if by_hand else None
        return last.day if last else None
    begun = context.event_day(due.event)
    return due.due_day(begun) if begun else None


def find_answers(track: Track, due: Deadline, day: date | None, context: Context) -> Iterator[Entry]:
    """Yield the entries of a stay that answer its deadline: complete entries dated from the due *day* on.

    An entry of a track under ``until`` that exists only once, such as a closing, answers it from the deadline's
    beginning on. Entries of tracks under ``until`` count on any day; others only when their day has come.
    """
    from_event = context.stay or (context.client and context.client.home)
    begun, today = context.event_day(due.event) if from_event else date.min, None if due.until else context.today
    for one in _list_answering_entries(track, due, context):
        if one.definition is track or (isinstance(one.definition, Track) and one.definition.many):
            counts = day is not None and _is_answer(one, due, day, context, today)
        else:
            counts = begun is not None and one.day is not None and begun <= one.day
        if counts:
            yield one


def _list_answering_entries(track: Track, due: Deadline, context: Context) -> Iterator[Entry]:
    """Return the stay's entries that may answer: of the tracks under ``until``, else of the deadline's own track."""
    return chain.from_iterable(context.entries(name) for name in due.until or (track.name,))


def _list_entry_obligations(
    track: Track, part: FormPart | None, due: Deadline, entry: Entry, context: Context, within: int
) -> Iterator[Obligation]:
    """Yield a deadline that begins at a field of an entry, or of a part of one, until that entry answers it."""
    found, whole = find_name(entry, due.event, context).read(entry, context), entry.whole
    begun = as_days(found)
    begun = begun.last if isinstance(begun, Span) else begun
    ruling = due.ruling(whole.day or begun) if begun else None
    if ruling is None or not matches_answers(due.when, entry, context):
        return
    if any(_is_answered(entry, name, due, begun, context) for name in due.until):
        return
    day, at = _find_due_time(found, begun, ruling)
    group = entry.written.get("id") if part and part.number in whole.fields else None
    text = due.text or (part.text if part and group is None else entry_title(track, whole.written))
    owed = _make_obligation(track, due, ruling, context)._replace(entry=whole.written.get("id"), text=text)
    named = find_name(entry, due.owner_field, context).read(entry, context) if due.owner_field else None
    owed = owed._replace(group=group, owner_codes=tuple(map(str, as_values(named))))
    yield from _obligation_today(owed, due, ruling, day, context, within, at)


def _find_due_time(found: object, begun: date, ruling: DeadlineRuling) -> tuple[date, datetime | None]:
    """Return the day on which something is due, and the moment where its hour is known.

    An offset of months or days drops the hour. An offset of hours from a day counts from the end of that day, so that
    nobody is late before she certainly is.
    """
    if ruling.after is None or not ruling.after.hours:
        at = found if isinstance(found, datetime) and not ruling.after else None
        return add_duration(begun, ruling.after or Duration()), at
    if isinstance(found, datetime):
        at = add_hours(found, ruling.after.hours)
        return at.date(), at
    return add_days(begun, -(-ruling.after.hours // HOURS_IN_A_DAY)), None


def list_register_obligations(
    track: Track, code: str, entry: Entry, context: Context, within: int
) -> Iterator[Obligation]:
    """Yield every deadline of a register that begins at a field of an entry and is not answered; its id is the code."""
    for due in track.due:
        found = _list_entry_obligations(track, None, due, entry, context, within)
        yield from (owed._replace(id=code, entry=None) for owed in found)


def _is_answered(entry: Entry, name: str, due: Deadline, day: date, context: Context) -> bool:
    """Return whether a name answers the deadline: a filled-in field, or another entry dated from *day* on.

    A day in a field counts once it has come; a field that is not asked counts as answered.
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
    """Return whether an entry answers: dated from *day* on and until *today*, with the answers wanted, and complete."""
    on = entry.day
    if on is None or on < day or (today and on > today):
        return False
    return gives_answers(due.where, entry.values) and is_complete(entry, context)


def is_complete(entry: Entry, context: Context) -> bool:
    """Return whether an entry can answer a deadline: it breaks no ``shall`` rule of its track.

    An entry of a track with rules for signing must also be signed, with every question answered or marked unknown.
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
    owed: Obligation,
    due: Deadline,
    ruling: DeadlineRuling,
    day: date,
    context: Context,
    within: int,
    at: datetime | None = None,
) -> Iterator[Obligation]:
    """Yield the obligation with its state today, or now where it has an hour, if its day is *within* reach.

    A ruling may show it ``before`` its day, however near that is.
    """
    today, passed = context.today or context.day, None
    # Days are compared before they are counted: an answer that counts none of them holds for longer than a day. The
    # hour of a day in another time zone may be past a day early.
    is_ahead = day > add_days(today, max(within, 1) if at else within)
    if is_ahead and not (ruling.before and today >= _first_day_shown(day, ruling.before)):
        return
    days = days_between(day, today)
    if at and context.now:  # the hour decides, even if its day differs in another time zone
        passed = minutes_between(at, context.now)
        days = max(days, 0) if passed > 0 else min(days, 0)
    if days < -within and not (ruling.before and today >= _first_day_shown(day, ruling.before)):
        return
    over = days > 0 if passed is None else passed > 0
    state = "upcoming" if days < 0 else "open" if due.never == OPEN_ENDED else "overdue" if over else "due"
    owed = owed._replace(state=state, due_on=day, days_since_due=days, due_at=at, minutes_since_due=passed)
    yield owed._replace(danger=_decide_danger(due, over)) if days >= 0 else owed


def _first_day_shown(day: date, before: Duration) -> date:
    return add_days(add_months(day, -before.months), -before.days)


def _decide_danger(due: Deadline, over: bool) -> str | None:
    """Return the danger of a deadline that is due; nobody counts as late before her day or hour is *over*."""
    danger = DANGER_AT_ONCE if due.first else due.danger
    return danger if over or danger != DANGER_LATE else None


def _list_gaps(
    track: Track, due: Deadline, ruling: DeadlineRuling, owed: Obligation, context: Context
) -> Iterator[Obligation]:
    """Yield what is due again and again: one row with the number of periods without an entry.

    What is never overdue is open once its period has ended, and is not listed before.
    """
    found, today = find_recurrence(track, due, ruling, context), context.today or context.day
    if found is None:
        return
    if found.missed:
        since, danger = days_between(found.empty.first, today), _decide_danger(due, over=True)
        state = "open" if due.never == OPEN_ENDED else "overdue"
        past = owed._replace(state=state, due_on=found.empty.first, days_since_due=since, danger=danger)
        yield past._replace(gaps=found.missed)
    elif found.running and due.never != OPEN_ENDED:
        due_today = owed._replace(state="due", due_on=found.empty.last, days_since_due=0, gaps=1)
        yield due_today._replace(danger=_decide_danger(due, over=False))


def _make_obligation(track: Track, due: Deadline, ruling: DeadlineRuling, context: Context) -> Obligation:
    her, stay = context.client.id if context.client else "", context.stay.id if context.stay else None
    text, owner = due.text or track.text, due.owner
    owed = Obligation(her, stay, "unscheduled", track.name, text, None, None, ruling.clause, owner, due.row)
    return owed._replace(every=ruling.every, wall=due.wall and track.seal is None)


def _find_stay_of_entry(her: Client, entry: Entry) -> Stay | None:
    """Return the stay in which an entry is kept or that it names, or None."""
    named = (stay for stay in her.stays if stay.id and stay.id == entry.written.get("stay"))
    return her.stay_at(entry.where) or next(named, None)
