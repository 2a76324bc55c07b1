"""What is due, as rows for a program and as lines for a screen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from shelterctl.core.due import Owed
from shelterctl.core.finding import Said
from shelterctl.core.record import Client
from shelterctl.core.track import AFTERCARE, AT_ONCE, GATE, HEALTH, LATE
from shelterctl.desk import Desk
from shelterctl.language import N_, SPOKEN, Coded, Plural, Sentence, say
from shelterctl.view.client import names
from shelterctl.view.hour import hour, length

COLUMNS = (
    "id", "state", "what", "due_on", "days_since_due", "clause", "owner", "row", "stay", "entry", "social_worker",
    "gaps", "gate", "due_at", "minutes_since_due", "danger",
)  # fmt: skip
STATE = {
    "overdue": N_("overdue"),
    "due": N_("due today"),
    "open": N_("open"),
    "upcoming": N_("upcoming"),
    "unscheduled": N_("without a date"),
}
HEADS = {
    "overdue": N_("OVERDUE"),
    "due": N_("DUE TODAY"),
    "open": N_("OPEN"),
    "upcoming": N_("UPCOMING"),
    "unscheduled": N_("WITHOUT A DATE"),
}
DANGERS = {
    LATE: N_("not back in time"),
    AT_ONCE: N_("at once"),
    GATE: N_("before admission"),
    HEALTH: N_("health"),
    AFTERCARE: N_("after she left"),
}
HEADS_OF_DANGER = {
    LATE: N_("NOT BACK IN TIME"),
    AT_ONCE: N_("AT ONCE"),
    GATE: N_("BEFORE ADMISSION"),
    HEALTH: N_("HEALTH"),
    AFTERCARE: N_("AFTER SHE LEFT"),
}
SINCE = Plural(
    N_("  {id}  since {due_on}, {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  since {due_on}, {days} days: {what} · {owner} ({clause})"),
    by="days",
)
AHEAD = Plural(
    N_("  {id}  on {due_on}, in {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  on {due_on}, in {days} days: {what} · {owner} ({clause})"),
    by="days",
)
EXPECTED = N_("  {id}  {what}: expected at {at}, {time} late · {owner} ({clause})")
TODAY = N_("  {id}  today: {what} · {owner} ({clause})")
TODAY_AT = N_("  {id}  today at {at}: {what} · {owner} ({clause})")
UNDATED = N_("  {id}  {what} · {owner} ({clause})")
GATHERED = N_("  {id}  {what}")
LACKING = N_("before her admission: {count}")
OPEN = N_("on her list: {count}")
NOBODY = N_("whoever is on duty")


def shown(here: Desk, row: Owed) -> dict[str, Any]:
    """A row with its codes, each in words for whoever reads it on a screen."""
    told = {name: value for name, value in row._asdict().items() if name in COLUMNS}
    return {
        **told,
        "state": Coded(row.state, STATE[row.state]),
        "what": Coded(row.what, row.text),
        "owner": _owner(here, row),
        "due_at": row.due_at.isoformat(timespec="minutes") if row.due_at else None,
        "danger": Coded(row.danger, DANGERS[row.danger]) if row.danger else None,
    }


def _owner(here: Desk, row: Owed) -> Any:
    roles = here.shelf.tracks["staff"].clear["role"].codes
    return Coded(row.owner, roles[row.owner]) if row.owner and row.owner in roles else row.owner


def lines(here: Desk, rows: Sequence[Owed], clients: Iterable[Client]) -> Said:
    """The rows under a heading for each danger or state, a line each: whose, when, what, and who sees to it.

    Names stand beside the ids, for a screen that is gone when it is left.
    """
    called = {her.id: " ".join(filter(None, (her.id, *names(her).values()))) for her in clients}
    heads = groupby(rows, lambda row: HEADS_OF_DANGER[row.danger] if row.danger else HEADS[row.state])
    return tuple(line for head, those in heads for line in _under(here, head, those, called))


def _under(
    here: Desk, head: str, rows: Iterator[Owed], called: Mapping[str, str]
) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    yield "", {}
    yield head, {}
    for row in rows:
        facts: dict[str, object] = {
            "id": called[row.id],
            "what": row.text,
            "owner": _owner(here, row) or NOBODY,
            "clause": row.clause,
        }
        facts |= {"due_on": row.due_on, "days": abs(row.days_since_due or 0)}
        if row.due_at:
            facts |= {"at": hour(row.due_at, here.today), "time": length(abs(row.minutes_since_due or 0))}
        yield (_dated(row) if row.clause else GATHERED), facts


def _dated(row: Owed) -> Sentence:
    """The sentence that tells when it is due: the hour, the days since or to come, or that there is no day."""
    if row.state == "overdue":
        return EXPECTED if row.minutes_since_due else SINCE
    if row.state == "upcoming":
        return AHEAD
    if row.state == "due" and row.due_at:
        return TODAY_AT
    if row.danger and row.due_on:
        return SINCE if row.days_since_due else TODAY
    return UNDATED


def gathered(rows: Sequence[Owed]) -> list[Owed]:
    """The same for a screen: of what is open and has no day there is one line a client, that says how much it is."""
    counts = Counter((row.id, row.danger) for row in rows if _counted(row))
    found: list[Owed] = []
    for row in rows:
        count = counts.pop((row.id, row.danger), 0) if _counted(row) else 0
        if not _counted(row) or count == 1:
            found.append(row)
        elif count:
            words: Mapping[str, Any] = {"count": count}
            text = {language: say(LACKING if row.danger == GATE else OPEN, words, language) for language in SPOKEN}
            found.append(row._replace(text=text, clause="", owner=None))
    return found


def _counted(row: Owed) -> bool:
    """Whether a row is open without being a danger, or one of those that the gate lacks."""
    return row.state == "open" and row.danger in (None, GATE)
