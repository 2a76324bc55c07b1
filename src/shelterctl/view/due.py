"""What is due, as rows for a program and as lines for a screen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from shelterctl.core.due import Owed
from shelterctl.core.finding import Said
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, SPOKEN, Coded, Plural, Sentence, say
from shelterctl.view.client import names

COLUMNS = (
    "id", "state", "what", "due_on", "days_since_due", "clause", "owner", "row", "stay", "entry", "social_worker",
    "gaps", "gate",
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
LATE = Plural(
    N_("  {id}  since {due_on}, {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  since {due_on}, {days} days: {what} · {owner} ({clause})"),
    by="days",
)
AHEAD = Plural(
    N_("  {id}  on {due_on}, in {days} day: {what} · {owner} ({clause})"),
    N_("  {id}  on {due_on}, in {days} days: {what} · {owner} ({clause})"),
    by="days",
)
UNDATED = N_("  {id}  {what} · {owner} ({clause})")
GATHERED = N_("  {id}  {what}")
GATE = N_("before her admission: {count}")
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
    }


def _owner(here: Desk, row: Owed) -> Any:
    roles = here.shelf.tracks["staff"].clear["role"].codes
    return Coded(row.owner, roles[row.owner]) if row.owner and row.owner in roles else row.owner


def lines(here: Desk, rows: Sequence[Owed], clients: Iterable[Client]) -> Said:
    """The rows under a heading for each state, a line each: whose, when, what, and who sees to it.

    Names stand beside the ids, for a screen that is gone when it is left.
    """
    called = {her.id: " ".join(filter(None, (her.id, *names(her).values()))) for her in clients}
    states = groupby(rows, lambda row: row.state)
    return tuple(line for state, those in states for line in _under(here, state, those, called))


def _under(
    here: Desk, state: str, rows: Iterator[Owed], called: Mapping[str, str]
) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    yield "", {}
    yield HEADS[state], {}
    for row in rows:
        days = abs(row.days_since_due or 0)
        facts = {"id": called[row.id], "what": row.text, "owner": _owner(here, row) or NOBODY, "clause": row.clause}
        facts |= {"due_on": row.due_on, "days": days}
        dated = {"overdue": LATE, "upcoming": AHEAD}.get(state, UNDATED)
        yield (dated if row.clause else GATHERED), facts


def gathered(rows: Sequence[Owed]) -> list[Owed]:
    """The same for a screen: of what is open and has no day there is one line a client, that says how much it is."""
    counts = Counter((row.id, row.gate) for row in rows if row.state == "open" and not row.first)
    found: list[Owed] = []
    for row in rows:
        listed = row.state == "open" and not row.first
        count = counts.pop((row.id, row.gate), 0) if listed else 0
        if not listed or count == 1:
            found.append(row)
        elif count:
            words: Mapping[str, Any] = {"count": count}
            text = {language: say(GATE if row.gate else OPEN, words, language) for language in SPOKEN}
            found.append(row._replace(text=text, clause="", owner=None))
    return found
