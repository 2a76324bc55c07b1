"""The days ahead: what is overdue, what is due on each day, what has no day, and what recurs; for a screen, and for a
sheet that hangs on a wall.

Visitors read what hangs on a wall. There a row has its words only if the rulebook says that they tell nothing of a
person (``wall``); otherwise it only says that there is an entry, without clause and role, which would tell as much.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from shelterctl.core.finding import FilledSentences
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.days import add_days
from shelterctl.language import LabelledCode, Sentence
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.due import due_row_facts, due_row_sentence, due_rows, gather_undated

DAYS_OF_WEEK = 7
OVERDUE_PART, DAY_PART, UNDATED_PART, RECURRING_PART = "overdue", "day", "undated", "recurring"

HEADING_OVERDUE = N_("OVERDUE AND OPEN")
HEADING_TODAY = N_("TODAY: {weekday}, {day}")
HEADING_DAY = N_("{weekday}, {day}")
HEADING_UNDATED = N_("WITHOUT A DAY")
HEADING_RECURRING = N_("AGAIN AND AGAIN")
ROW_OF_DAY = N_("  {id}  {what} · {owner} ({clause})")
ROW_OF_DAY_AT = N_("  {id}  at {at}: {what} · {owner} ({clause})")
ROW_RECURRING = N_("  {every}: {what} · {owner} ({clause}) – {whom}")
ROW_RECURRING_OF_MANY = N_("  {every}: {what} · {owner} ({clause}) – files: {count}")
PART_WORDS = {
    OVERDUE_PART: N_("overdue and open"), DAY_PART: N_("on a day"), UNDATED_PART: N_("without a day"),
    RECURRING_PART: N_("again and again"),
}  # fmt: skip
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
INTERVALS = {"hour": N_("every hour"), "day": N_("every day"), "week": N_("every week"), "month": N_("every month")}

DAILY = ("hour", "day")
"""The intervals of what is done each day."""

MOST_NAMED = 3
"""The most ids that one recurring duty names; more are counted."""


class WeekPart(NamedTuple):
    """A heading and its rows: of what is overdue, of one *day*, of what has no day, or of what recurs."""

    kind: str
    day: date | None
    rows: tuple[Obligation, ...]


def divide_by_day(rows: Iterable[Obligation], today: date, within: int) -> list[WeekPart]:
    """Return each day from today to *within* days ahead, then what recurs, what has no day, and what is overdue.

    What recurs hourly or daily is in the last part alone, unless a day was missed; what recurs weekly or monthly is
    also due today, as long as it is not done. Rows of later days are left out.
    """
    days: dict[date, list[Obligation]] = {add_days(today, number): [] for number in range(within + 1)}
    others: dict[str, list[Obligation]] = {OVERDUE_PART: [], UNDATED_PART: [], RECURRING_PART: []}
    for row in rows:
        if row.every and row.state == "upcoming":
            others[RECURRING_PART].append(row)
        elif row.due_on is None:
            others[UNDATED_PART].append(row)
        elif row.state == "overdue" or row.due_on < today:
            others[OVERDUE_PART].append(row)
        elif row.every not in DAILY and row.due_on in days:
            days[row.due_on].append(row)
    return [
        *(WeekPart(DAY_PART, day, tuple(each)) for day, each in days.items()),
        WeekPart(RECURRING_PART, None, tuple(others[RECURRING_PART])),
        WeekPart(UNDATED_PART, None, tuple(others[UNDATED_PART])),
        WeekPart(OVERDUE_PART, None, tuple(others[OVERDUE_PART])),
    ]


def week_rows(session: Session, parts: Iterable[WeekPart]) -> Iterator[dict[str, Any]]:
    """Yield the rows as data: as `due` has them, with the day under which they are shown and the interval."""
    for part in parts:
        for row, told in zip(part.rows, due_rows(session, part.rows), strict=True):
            every = LabelledCode(row.every, INTERVALS[row.every]) if row.every else None
            yield {"part": LabelledCode(part.kind, PART_WORDS[part.kind]), "day": part.day, "every": every, **told}


def week_lines(session: Session, parts: Iterable[WeekPart], names: Mapping[str, Sequence[str]]) -> FilledSentences:
    """Return the parts as lines for a screen, where *names* may stand beside the ids; empty ones are left out."""
    called = {id_: " ".join((id_, *hers)) for id_, hers in names.items()}
    return tuple(line for part in parts if part.rows for line in _part_lines(session, part, called))


def part_heading(part: WeekPart, today: date) -> tuple[Sentence, Mapping[str, object]]:
    """Return the heading of a part; a day has its weekday before it."""
    if part.day is not None:
        facts = {"weekday": WEEKDAYS[part.day.weekday()], "day": part.day}
        return (HEADING_TODAY if part.day == today else HEADING_DAY), facts
    return {OVERDUE_PART: HEADING_OVERDUE, UNDATED_PART: HEADING_UNDATED}.get(part.kind, HEADING_RECURRING), {}


def _part_lines(
    session: Session, part: WeekPart, called: Mapping[str, str]
) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    yield "", {}
    yield part_heading(part, session.today)
    if part.kind == RECURRING_PART:
        yield from _recurring_lines(session, part.rows)
        return
    for row in gather_undated(part.rows) if part.kind == UNDATED_PART else part.rows:
        facts = due_row_facts(session, row, called)
        if part.kind == DAY_PART:
            yield (ROW_OF_DAY_AT if row.due_at else ROW_OF_DAY), facts
        else:
            yield due_row_sentence(row), facts


def _recurring_lines(session: Session, rows: Iterable[Obligation]) -> Iterator[tuple[Sentence, Mapping[str, object]]]:
    """Yield one line for each duty, with those that it is about: by id, or as a number where there are many."""
    for each in group_recurring(rows):
        ids = [*dict.fromkeys(row.id for row in each)]
        facts = {**due_row_facts(session, each[0], {}), "every": INTERVALS[each[0].every or "day"]}
        if len(ids) <= MOST_NAMED:
            yield ROW_RECURRING, {**facts, "whom": ", ".join(ids)}
        else:
            yield ROW_RECURRING_OF_MANY, {**facts, "count": len(ids)}


def group_recurring(rows: Iterable[Obligation]) -> list[list[Obligation]]:
    """Return the rows of each duty that recurs, with all whom it is about, the shortest intervals first.

    Its words are about nobody in particular.
    """
    groups: dict[tuple[str | None, str, str], list[Obligation]] = {}
    for row in rows:
        groups.setdefault((row.every, str(row.text["en"]), row.clause), []).append(row)
    ordered = sorted(groups.values(), key=lambda each: [*INTERVALS].index(each[0].every or "day"))
    return [[row._replace(text=dict(row.text)) for row in each] for each in ordered]
