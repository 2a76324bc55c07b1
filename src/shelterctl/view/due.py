"""The list of everything that is due: rows for a program, lines under headings for a screen, and a calendar file (RFC
5545) that holds only ids and clauses.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from shelterctl.core.finding import FilledSentences
from shelterctl.core.manual.track import DANGER_AFTERCARE, DANGER_AT_ONCE, DANGER_GATE, DANGER_HEALTH, DANGER_LATE
from shelterctl.core.rules.obligation import Obligation
from shelterctl.language import (
    AboutClient,
    LabelledCode,
    Plural,
    Sentence,
    Text,
    format_sentence,
    keep_form,
    words_about,
)
from shelterctl.output.labels import format_duration, format_moment
from shelterctl.session import Session
from shelterctl.store.store import Store
from shelterctl.ui_language import N_, SCREEN_LANGUAGES, Marked

DUE_COLUMNS = (
    "id", "state", "what", "due_on", "days_since_due", "clause", "owner", "row", "stay", "entry", "social_worker",
    "gaps", "gate", "due_at", "minutes_since_due", "danger", "owner_codes", "text",
)  # fmt: skip
DUE_WIDE = ("row", "stay", "entry", "social_worker", "gaps", "gate", "minutes_since_due", "owner_codes", "text")
"""The columns of deadlines that are for programs alone."""
DUE_STATE_WORDS = {
    "overdue": N_("overdue"),
    "due": N_("due today"),
    "open": N_("open"),
    "upcoming": N_("upcoming"),
    "unscheduled": N_("without a date"),
}
DUE_STATE_HEADINGS = {
    "overdue": N_("OVERDUE"),
    "due": N_("DUE TODAY"),
    "open": N_("OPEN"),
    "upcoming": N_("UPCOMING"),
    "unscheduled": N_("WITHOUT A DATE"),
}
DANGER_WORDS = {
    DANGER_LATE: N_("not back in time"),
    DANGER_AT_ONCE: N_("at once"),
    DANGER_GATE: N_("before admission"),
    DANGER_HEALTH: N_("health"),
    DANGER_AFTERCARE: N_("after {she|he} left"),
}
DANGER_HEADINGS = {
    DANGER_LATE: N_("NOT BACK IN TIME"),
    DANGER_AT_ONCE: N_("AT ONCE"),
    DANGER_GATE: N_("BEFORE ADMISSION"),
    DANGER_HEALTH: N_("HEALTH"),
    DANGER_AFTERCARE: N_("AFTER {SHE|HE} LEFT"),
}
ROW_OVERDUE_SINCE = Plural(
    N_("  {id}  since {due_on}, {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  since {due_on}, {days} days: {what} · {owner} ({clause})"),
    by="days",
)
ROW_SINCE_AN_HOUR = N_("  {id}  since {at}, {time}: {what} · {owner} ({clause})")
ROW_DUE_IN_DAYS = Plural(
    N_("  {id}  on {due_on}, in {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  on {due_on}, in {days} days: {what} · {owner} ({clause})"),
    by="days",
)
ROW_EXPECTED_LATE = N_("  {id}  {what}: expected at {at}, {time} late · {owner} ({clause})")
ROW_DUE_TODAY = N_("  {id}  today: {what} · {owner} ({clause})")
ROW_DUE_TODAY_AT = N_("  {id}  today at {at}: {what} · {owner} ({clause})")
ROW_UNDATED = N_("  {id}  {what} · {owner} ({clause})")
ROW_GATHERED = N_("  {id}  {what}")
COUNT_BEFORE_ADMISSION = N_("before {her|his} admission: {count}")
COUNT_ON_HER_LIST = N_("on {her|his} list: {count}")
WHOEVER_IS_ON_DUTY = N_("staff on duty")


def due_rows(session: Session, rows: Iterable[Obligation]) -> Iterator[dict[str, Any]]:
    """Yield the rows as data: each code comes with its words, and equal codes share one object."""
    known: dict[tuple[str, int], LabelledCode] = {}

    def label(code: str | None, text: Text | Marked | None) -> str | None:
        return known.setdefault((code, id(text)), LabelledCode(code, text)) if code and text is not None else code

    roles = session.rulebook.tracks["staff"].clear["role"].codes
    told = [name for name in Obligation._fields if name in DUE_COLUMNS]
    for row in rows:
        yield {
            **{name: getattr(row, name) for name in told},
            "owner_codes": list(row.owner_codes),
            "state": label(row.state, DUE_STATE_WORDS[row.state]),
            "what": label(row.what, row.text),
            "owner": label(row.owner, roles.get(row.owner or "")),
            "due_at": row.due_at.isoformat(timespec="minutes") if row.due_at else None,
            "danger": label(row.danger, _danger_in_words(row)),
        }


def _danger_in_words(row: Obligation) -> Text | Marked | None:
    """Return why a row is shown before all others, in the form of words for its client, if it is about one."""
    words = DANGER_WORDS.get(row.danger or "")
    return words_about(words, row.text.form) if words and isinstance(row.text, AboutClient) else words


def owner_in_words(session: Session, row: Obligation) -> Any:
    """Return who is responsible: codes of staff, or a role with its words."""
    if row.owner_codes:
        return ", ".join(row.owner_codes)
    roles = session.rulebook.tracks["staff"].clear["role"].codes
    return LabelledCode(row.owner, roles[row.owner]) if row.owner and row.owner in roles else row.owner


def due_lines(session: Session, rows: Sequence[Obligation], names: Mapping[str, Sequence[str]]) -> FilledSentences:
    """Return the rows as lines under a heading for each danger or state: id, day, what is due, and who sees to it.

    *names* are shown beside the ids, only on a screen that is cleared when it is left.
    """
    called = {id_: " ".join((id_, *hers)) for id_, hers in names.items()}
    heads = groupby(rows, lambda row: DANGER_HEADINGS[row.danger] if row.danger else DUE_STATE_HEADINGS[row.state])
    return tuple(line for head, those in heads for line in _lines_under_heading(session, head, those, called))


def _lines_under_heading(
    session: Session, head: str, rows: Iterator[Obligation], called: Mapping[str, str]
) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    yield "", {}
    yield head, {}
    for row in rows:
        yield due_row_sentence(row), due_row_facts(session, row, called)


def due_row_facts(session: Session, row: Obligation, called: Mapping[str, str]) -> dict[str, object]:
    """Return the facts of a row's sentence; *called* has the names that are shown with an id."""
    facts: dict[str, object] = {
        "id": _name_subject(session, row, called),
        "what": row.text,
        "owner": owner_in_words(session, row) or WHOEVER_IS_ON_DUTY,
        "clause": row.clause,
        "due_on": row.due_on,
        "days": abs(row.days_since_due or 0),
    }
    if row.due_at:
        time = format_duration(abs(row.minutes_since_due or 0))
        facts |= {"at": format_moment(row.due_at, session.today), "time": time}
    return facts


def _name_subject(session: Session, row: Obligation, called: Mapping[str, str]) -> str:
    """Return the id or code that a row is about, with a client's names if they are shown, and an entry of a register.

    Several entries of one house are due alike; the id says which of them is meant, and a command takes it.
    """
    track = session.rulebook.tracks.get(row.what) if row.entry else None
    name = called.get(row.id, row.id)
    return f"{name} {row.entry}" if track and track.of_register else name


def due_row_sentence(row: Obligation) -> Sentence:
    """Return the sentence that says when a row is due: the hour, the days since or to come, or no day at all."""
    if row.danger and row.due_at and (row.minutes_since_due or 0) > 0 and row.state != "overdue":
        return ROW_SINCE_AN_HOUR
    if row.state == "overdue":
        return ROW_EXPECTED_LATE if row.minutes_since_due else ROW_OVERDUE_SINCE
    if row.state == "upcoming":
        return ROW_DUE_IN_DAYS
    if row.state == "due" and row.due_at:
        return ROW_DUE_TODAY_AT
    if row.danger and row.due_on:
        return ROW_OVERDUE_SINCE if row.days_since_due else ROW_DUE_TODAY
    return ROW_UNDATED if row.clause else ROW_GATHERED


def gather_undated(rows: Sequence[Obligation]) -> list[Obligation]:
    """Return the rows for a screen: a client's open rows without a day are gathered into one that counts them, apart
    from those that stop her admission.
    """
    counts = Counter((row.id, row.danger) for row in rows if _is_gathered(row))
    found: list[Obligation] = []
    for row in rows:
        count = counts.pop((row.id, row.danger), 0) if _is_gathered(row) else 0
        if not _is_gathered(row) or count == 1:
            found.append(row)
        elif count:
            sentence = COUNT_BEFORE_ADMISSION if row.danger == DANGER_GATE else COUNT_ON_HER_LIST
            facts = keep_form(row.text, {"count": count})
            text = {each: format_sentence(sentence, facts, each) for each in SCREEN_LANGUAGES}
            found.append(row._replace(text=keep_form(row.text, text), clause="", owner=None))
    return found


def _is_gathered(row: Obligation) -> bool:
    """Whether a row is open and is no danger other than a missing condition of admission."""
    return row.state == "open" and row.danger in (None, DANGER_GATE)


CALENDAR_PROGRAM = "-//shelterctl//due//EN"
CALENDAR_LINE_BYTES = 73
"""The most bytes of a calendar line; a longer line continues in the next one after a space."""


def calendar_secret(store: Store) -> bytes:
    """Return the secret from which the UIDs of a store's events are made; it is equal on each of its computers.

    A store of 0.1.0 has no secret of its own: its UIDs can be guessed, like the codes of its sheets.
    """
    if not store.vault.journal.chain.root:
        return b"0.1.0"
    return bytes.fromhex(store.secrets.value["sheet_codes"][0]["key"])


def make_calendar(rows: Iterable[Obligation], now: datetime, secret: bytes) -> bytes:
    """Return a calendar with a whole-day event for each row that has a day.

    *now* is the time at which it is made, *secret* comes from ``calendar_secret``.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    events = (line for row in rows if row.due_on for line in _event_lines(row, row.due_on, stamp, secret))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{CALENDAR_PROGRAM}", "METHOD:PUBLISH", *events, "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _fold_calendar_line(line)).encode()


def _event_lines(row: Obligation, day: date, stamp: str, secret: bytes) -> Iterator[str]:
    """Yield the lines of one event. A row has the same UID in every calendar, so that an event replaces its older
    version.

    The UID reveals nothing about the row, nor that two days are about one entry. One entry may owe several things:
    their words tell them apart.
    """
    owed = (row.id, row.stay or "", row.entry or "", row.what, row.group or "", row.text["en"])
    about = "\n".join(("shelterctl calendar/1", *owed))
    uid = hmac.new(secret, about.encode(), "sha256").hexdigest()[:32]
    yield from ("BEGIN:VEVENT", f"UID:{uid}@shelterctl", f"DTSTAMP:{stamp}")
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield from (f"SUMMARY:{row.id} {row.clause}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT")


def _fold_calendar_line(line: str) -> Iterator[str]:
    """Yield the line in pieces that a calendar program joins again."""
    while len(line.encode()) > CALENDAR_LINE_BYTES:
        yield line[:CALENDAR_LINE_BYTES]
        line = f" {line[CALENDAR_LINE_BYTES:]}"
    yield line
