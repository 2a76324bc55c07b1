"""The first screen of the menu: who sleeps here tonight, what comes first for each client, and warnings, such as a
wrong clock, a damaged file or an old backup.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from shelterctl.act.client_file import stay_context
from shelterctl.act.due import list_due
from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import DANGER_LATE
from shelterctl.core.record.client import Client, find_absence
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.record.occupancy import sleepers
from shelterctl.core.rules import monitoring
from shelterctl.core.rules.deadlines import Obligation, list_track_obligations
from shelterctl.core.values.days import days_between
from shelterctl.custody.check import FILES_NOT_RESEALED_SHORT, find_not_resealed
from shelterctl.custody.damage import newer_files_notes
from shelterctl.errors import ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, TwoSentences, speak_of
from shelterctl.output import stdio
from shelterctl.session import Session
from shelterctl.store.attribution import find_clock_error
from shelterctl.terminal.screen import (
    line_height,
    lines_that_fit,
    print_lines,
    print_sentence,
    screen_size,
    sentence_text,
)
from shelterctl.ui_language import N_
from shelterctl.view.client import SOON_DAYS, ClientPriority
from shelterctl.view.occupancy import beds_tonight
from shelterctl.view.safeguards import overview_reminder

NOBODY_IN_THE_HOUSE = N_("Nobody is in the house, and nothing is due for former residents.")
FILES_NOT_OPENED = N_("Files that do not open on this computer: {count}. These people may sleep here tonight.")
MORE_CLIENTS = N_("and {count} more; choose “open a file” to see all")
HOUSE_TONIGHT = N_("{facility} {sleeping} of {capacity}")
SLEEP_HERE_TONIGHT = N_("Sleep here tonight: {houses}.")
SLEEP_HERE_TONIGHT_AND_OUT = N_("Sleep here tonight: {houses}. Out or in hospital: {out}.")
OPENING_FILES = N_("Opening the files")
MORE_TO_BE_LOOKED_AT = N_("Further warnings: {count}. See them with: shelterctl check")

LATELY_DAYS = 365
"""The number of days after her discharge during which everything due for her is listed."""


@immutable(slots=False)
class Overview:
    """Every client in the store for the first screen, with warnings about clients and files that cannot be read."""

    session: Session
    clients: Sequence[Client]
    findings: Sequence[Finding]
    errors: Sequence[ShelterError] = ()

    @cached_property
    def rows(self) -> Sequence[ClientPriority]:
        """The clients who are being helped or for whom something is due, the gravest danger first."""
        firsts = (ClientPriority(her, self._due_of(her)) for her in self.clients)
        return sorted((one for one in firsts if one.dated or _is_in_work(one.client)), key=lambda one: one.urgency)

    def _due_of(self, her: Client) -> Sequence[Obligation]:
        """Return what is due for her; for a client who left long ago only monitoring."""
        today = self.session.today
        if _is_in_work(her) or _has_left_lately(her, today):
            return list_due(self.session, her, SOON_DAYS)
        around = stay_context(self.session, her, None, today)
        return [*list_track_obligations([self.session.rulebook.report], around, SOON_DAYS)]


def read_overview(session: Session) -> Overview:
    """Read every client and the warnings for the first screen; a file that does not open is kept as an error."""
    clients, trouble = [], []
    ids = list(session.store.ids())
    for id_ in stdio.iterate_with_progress(iter(ids), len(ids), OPENING_FILES):
        try:
            clients.append(session.store.client(id_)[0])
        except ShelterError as error:  # one damaged file must not hide the others
            trouble.append(error)
    speak_of(None)  # opening a file chose the forms for its client, and this page is about all of them
    return Overview(session, clients, list(monitoring.judge_standing_alarms(session.rulebook.tracks, clients)), trouble)


def _has_left_lately(her: Client, today: date) -> bool:
    """Whether she left within LATELY_DAYS, so that more than monitoring may be due."""
    left = her.last_stay_lived.discharged_on if her.last_stay_lived else None
    return left is not None and 0 <= days_between(left, today) <= LATELY_DAYS


def _is_in_work(her: Client) -> bool:
    """Whether she is in the house or on the way to it, or has an unfinished paper."""
    opened = her.stay.is_open if her.stay else not (her.facts.get("referral") or her.facts.get("stays"))
    return opened or (UNFINISHED_KEY in her.facts and not her.is_struck)


def print_overview(session: Session, seen: Overview, beneath: int) -> None:
    """Print the first screen in the room that is left above the *beneath* lines with the choices.

    Clients who are not back in time come first. Long lines are wrapped, so that nothing is cut off.
    """
    night = _tonight_text(session, seen)
    late = [one for one in seen.rows if one.danger == DANGER_LATE]
    rows = seen.rows[len(late) :]
    free = screen_size()[1] - beneath - _line_count([night]) - 2  # the title line, and the empty line after it
    told = [f"  · {one.summary_line(session)}" for one in rows]
    least = _line_count(told[:1]) + (len(told) > 1)  # the gravest client, and the line that counts the rest
    warned = _fitting_warnings(
        [*(f"! {one.summary_line(session)}" for one in late), *_warning_lines(session, seen)], free - max(least, 1)
    )
    print_lines(warned)
    print_lines([night])
    room = max(free - _line_count(warned), 1)
    fitting = lines_that_fit(told, room)
    print_lines(fitting)
    if not seen.rows:
        unread = {"count": len(seen.errors)}
        print_sentence(FILES_NOT_OPENED if seen.errors else NOBODY_IN_THE_HOUSE, unread, indent="  ")
    if len(rows) > len(fitting):
        print_sentence(MORE_CLIENTS, {"count": len(rows) - len(fitting)}, indent="    ")


def _tonight_text(session: Session, seen: Overview) -> str:
    """Return how many sleep in each house tonight, of how many places, and how many of them are out."""
    asleep = list(sleepers(seen.clients, session.today))
    houses = []
    for name, house in session.store.shelter.value["facilities"].items():
        row = beds_tonight(session.rulebook.house_kinds, name, house, asleep, session.store.unread_count)
        sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
        facts = {"facility": name, "sleeping": sleeping, "capacity": row["capacity"]}
        houses.append(sentence_text(HOUSE_TONIGHT, facts))
    out = sum(find_absence(stay, session.today) is not None for _, stay in asleep)
    return sentence_text(SLEEP_HERE_TONIGHT_AND_OUT if out else SLEEP_HERE_TONIGHT, {"houses": houses, "out": out})


def _warning_lines(session: Session, seen: Overview) -> Sequence[str]:
    """Return the warnings, the gravest first."""
    told: list[tuple[Sentence, Mapping[str, object]]] = []
    clock = None if session.options.as_of else find_clock_error(session.store.vault.journal, session.timestamp)
    told += [(clock.message, clock.facts)] if clock else []
    for error in (*session.store.notices, *seen.errors):
        told.append((TwoSentences(error.message, error.hint) if error.hint else error.message, error.facts))
    notes = (
        *newer_files_notes(session.store.read_only_files),
        *find_not_resealed(session.store.vault, FILES_NOT_RESEALED_SHORT),
    )
    told += [(note.message, note.facts) for note in notes]
    raised = [f"! {finding.record} {sentence_text(finding.message, finding.facts)}" for finding in seen.findings]
    return [*raised, *(f"! {sentence_text(*one)}" for one in (*told, *overview_reminder(session)))]


def _fitting_warnings(warned: Sequence[str], free: int) -> Sequence[str]:
    """Return as many warnings as fit *free* lines, at least one, and a line that counts the rest."""
    kept = lines_that_fit(warned, free)
    more = len(warned) - len(kept)
    return [*kept, f"! {sentence_text(MORE_TO_BE_LOOKED_AT, {'count': more})}"] if more else kept


def _line_count(texts: Sequence[str]) -> int:
    """Return the number of screen lines that the texts take."""
    return sum(map(line_height, texts))
