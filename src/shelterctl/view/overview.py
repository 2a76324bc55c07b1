"""The first screen of the menu: who sleeps here tonight, what comes first for each client, and warnings, such as a
wrong clock, a damaged file or an old backup.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from shelterctl.core.finding import FilledSentence
from shelterctl.core.manual.track import DANGER_AT_ONCE, DANGER_GATE, DANGER_LATE
from shelterctl.custody.check import FILES_NOT_RESEALED_SHORT, find_not_resealed
from shelterctl.custody.damage import newer_files_notes
from shelterctl.language import Sentence, TwoSentences
from shelterctl.session import Session
from shelterctl.store.attribution import find_clock_error
from shelterctl.terminal.screen import (
    line_height,
    lines_that_fit,
    print_lines,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
)
from shelterctl.ui_language import N_
from shelterctl.view.client import client_label
from shelterctl.view.on_duty import on_duty_lines
from shelterctl.view.safeguards import overview_reminder
from shelterctl.view.today import COMING, Today
from shelterctl.view.today_page import COMES, LEAVES, absence_line

NOBODY_IN_THE_HOUSE = N_("Nobody is in the house, and nothing is due for former residents.")
FILES_NOT_OPENED = N_("Files that do not open on this computer: {count}. These people may sleep here tonight.")
MORE_CLIENTS = N_("and {count} more; choose “open a file” to see all")
HOUSE_TONIGHT = N_("{facility} {sleeping} of {capacity}")
SLEEP_HERE_TONIGHT = N_("Sleep here tonight: {houses}.")
SLEEP_HERE_TONIGHT_AND_OUT = N_("Sleep here tonight: {houses}. Out or in hospital: {out}.")
MEDICINE_SOON = N_("Medicine: {what}")
OUT_NOW = N_("Out: {who}")
ON_DUTY_LINE = N_("On duty: {who}")
OTHERS_WROTE = N_("Others have written since your last handover, entries: {count}.")
HANDOVER_WAITS_FOR_YOU = N_("A handover waits for you: {house}, {on}, by {by}.")
MORE_TO_BE_LOOKED_AT = N_("Further warnings: {count}. See them with: shelterctl check")

MOST_DOSES = 3
"""The most medicines in the line of the first screen."""

SOON = timedelta(hours=3)
"""The time ahead within which a medicine stands on the first screen."""


def print_overview(session: Session, seen: Today, beneath: int) -> None:
    """Print the first screen in the room that is left above the *beneath* lines with the choices.

    Clients who are not back in time come first, then other dangers, the medicines of the next hours and the shift, then
    all other clients. Long lines are wrapped, so that nothing is cut off.
    """
    night = _tonight_text(seen)
    late = [one for one in seen.rows if one.danger == DANGER_LATE]
    grave = [one for one in seen.rows if one.danger in (DANGER_AT_ONCE, DANGER_GATE)]
    rest = seen.rows[len(late) + len(grave) :]
    free = screen_size()[1] - beneath - _line_count([night]) - 2  # the title line, and the empty line after it
    first, last = ([f"  · {one.summary_line(session)}" for one in rows] for rows in (grave, rest))
    shift = [f"  {line}" for line in shift_lines(seen)]
    told = [*first, *shift, *last]
    clients = {*first, *last}
    least = _line_count(told[:1]) + (len(told) > 1)  # the gravest client, and the line that counts the rest
    warned = _fitting_warnings(
        [*(f"! {one.summary_line(session)}" for one in late), *_warning_lines(session, seen)], free - max(least, 1)
    )
    print_lines(warned)
    print_lines([night])
    room = max(free - _line_count(warned), 1)
    if first and _line_count(told[:1]) + _line_count(shift) < room < _line_count([*first, *shift]):
        shown = lines_that_fit(first, room - _line_count(shift))
        told = [*shown, *shift, *first[len(shown) :], *last]  # many dangers must not hide the medicines of this hour
    fitting = lines_that_fit(told, room)
    print_lines(fitting)
    if not seen.rows:
        unread = {"count": len(seen.errors)}
        print_sentence(FILES_NOT_OPENED if seen.errors else NOBODY_IN_THE_HOUSE, unread, indent="  ")
    if more := sum(line in clients for line in told[len(fitting) :]):
        print_sentence(MORE_CLIENTS, {"count": more}, indent="    ")


def print_numbers(seen: Today) -> None:
    """Print how many sleep here, who is out and what waits, for a person whose role opens no client's file."""
    errors = (*seen.errors.values(), *seen.troubles.values())
    told = [(TwoSentences(one.message, one.hint) if one.hint else one.message, one.facts) for one in errors]
    print_lines([f"! {sentence_text(*one)}" for one in (*told, *_waiting_handovers(seen))])
    print_lines([_tonight_text(seen), *(f"  {line}" for line in shift_lines(seen, duties=False))])


def _waiting_handovers(seen: Today) -> list[FilledSentence]:
    waiting = (one for one in seen.handovers if one.waits)
    return [(HANDOVER_WAITS_FOR_YOU, {"house": one.house, "on": one.on, "by": one.by}) for one in waiting]


def shift_lines(seen: Today, *, duties: bool = True) -> Iterator[str]:
    """Yield a line each for the medicines of the next hours, who is out, who comes and leaves, who is on duty, and how
    much others wrote; none for what there is nothing of. Without *duties* the line of the duties is left out.
    """
    session = seen.session
    called = {her.id: her.id if seen.by_number else client_label(her) for her in seen.clients}
    soon = session.moment.replace(tzinfo=None) + SOON
    doses = [f"{dose.at:%H:%M} {called[dose.id]}" for dose in seen.doses(opens=False) if dose.at <= soon]
    if doses:
        yield sentence_text(
            MEDICINE_SOON, {"what": "; ".join([*doses[:MOST_DOSES], *(["…"] if doses[MOST_DOSES:] else [])])}
        )
    out = [absence_line(session, her, called[her.id], away, by_number=seen.by_number) for her, _, away in seen.out]
    if out:
        yield sentence_text(OUT_NOW, {"who": "; ".join(sentence_text(*line) for line in out)})
    moves = [COMES if one.state == COMING else LEAVES for one in seen.moves]
    facts = [{"who": called[one.id], "on": one.on} for one in seen.moves]
    yield from (sentence_text(sentence, each) for sentence, each in zip(moves, facts, strict=True))
    if here := on_duty_lines(seen.duties, session.moment, screen_language()) if duties else ():
        yield sentence_text(ON_DUTY_LINE, {"who": "; ".join(here)})
    if wrote := sum(one.new + one.changed for one in seen.news):
        yield sentence_text(OTHERS_WROTE, {"count": wrote})


def _tonight_text(seen: Today) -> str:
    """Return how many sleep in each house tonight, of how many places, and how many of them are out."""
    houses = []
    for row in seen.beds:
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        facts = {"facility": row["facility"], "sleeping": sleeping, "capacity": row["capacity"]}
        houses.append(sentence_text(HOUSE_TONIGHT, facts))
    out = len(seen.out)
    return sentence_text(SLEEP_HERE_TONIGHT_AND_OUT if out else SLEEP_HERE_TONIGHT, {"houses": houses, "out": out})


def _warning_lines(session: Session, seen: Today) -> Sequence[str]:
    """Return the warnings, the gravest first."""
    told: list[tuple[Sentence, Mapping[str, object]]] = []
    clock = None if session.options.as_of else find_clock_error(session.store.vault.journal, session.timestamp)
    told += [(clock.message, clock.facts)] if clock else []
    for error in (*session.store.notices, *seen.errors.values(), *seen.troubles.values()):
        told.append((TwoSentences(error.message, error.hint) if error.hint else error.message, error.facts))
    told += _waiting_handovers(seen)
    notes = (
        *newer_files_notes(session.store.read_only_files),
        *find_not_resealed(session.store.vault, FILES_NOT_RESEALED_SHORT),
    )
    told += [(note.message, note.facts) for note in notes]
    raised = [f"! {finding.record} {sentence_text(finding.message, finding.facts)}" for finding in seen.alarms]
    return [*raised, *(f"! {sentence_text(*one)}" for one in (*told, *overview_reminder(session)))]


def _fitting_warnings(warned: Sequence[str], free: int) -> Sequence[str]:
    """Return as many warnings as fit *free* lines, at least one, and a line that counts the rest."""
    kept = lines_that_fit(warned, free)
    more = len(warned) - len(kept)
    return [*kept, f"! {sentence_text(MORE_TO_BE_LOOKED_AT, {'count': more})}"] if more else kept


def _line_count(texts: Sequence[str]) -> int:
    """Return the number of screen lines that the texts take."""
    return sum(map(line_height, texts))
