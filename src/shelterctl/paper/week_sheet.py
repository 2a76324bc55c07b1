"""The sheet of the days ahead, for the wall: ids, codes of staff and days alone.

A visitor who reads it learns that there is an entry about an id, and on which day something is due. Of what is overdue
or has no day it says only how much there is: a list of it would show who lived here, and what was not done for her.
Words, clause, hour and role stand only where the rulebook says that they tell nothing of a person.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.rules.obligation import Obligation
from shelterctl.custody.damage import damaged_files_error
from shelterctl.language import Text, format_fact
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, Sheet, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.due import owner_in_words
from shelterctl.view.week import DAY_PART, MOST_NAMED, RECURRING_PART, WeekPart, group_recurring

WEEK_IN_FILE = N_("File: {file}. It has no names and no reasons; a new one is right when this week is over.")


def print_week(session: Session, parts: Sequence[WeekPart], whom: str | None, to: OutputTarget) -> Outcome:
    """Write the sheet into the named file; *whom* is the id or code that it is about, if it is about one."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        made = render_sheets([make_week_sheet(session, parts, whom, choose_paper_language(session))], Medium(to.kind))
    stream = write_output(to, made.data)
    said: FilledSentences = () if to.is_pipe else ((WEEK_IN_FILE, {"file": to.out}),)
    return Outcome(said=said, stream=stream, harm=damaged_files_error(session.store.damaged))


def make_week_sheet(session: Session, parts: Sequence[WeekPart], whom: str | None, language: str) -> Sheet:
    """Return the sheet before it is rendered."""
    days = [part.day for part in parts if part.day]
    facts = {
        **common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES),
        "short_days": True,
        "first": days[0],
        "last": days[-1],
        "whom": whom,
        "parts": [
            {"kind": part.kind, "day": part.day, "rows": [*_wall_rows(session, part, language)]}
            for part in parts
            if part.kind == DAY_PART or (part.rows and part.kind == RECURRING_PART)
        ],
        "others": sum(len(part.rows) for part in parts if part.kind not in (DAY_PART, RECURRING_PART)),
        "unread": session.store.unread_count,
    }
    return make_sheet("week", facts, language=language, tint="white", day=session.today, long=True)


def _wall_rows(session: Session, part: WeekPart, language: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a part: those with words first, then the number of further entries of each id."""
    if part.kind == RECURRING_PART:
        yield from _recurring_rows(session, part.rows, language)
        return
    alike: dict[tuple[str, str, str, str | None], list[Obligation]] = {}
    for row in part.rows:
        if row.wall:
            at = f"{row.due_at:%H:%M}" if row.due_at and part.kind == DAY_PART else None
            alike.setdefault((row.id, str(row.text["en"]), _owner(session, row, language), at), []).append(row)
    for (id_, _, who, at), each in alike.items():
        since = None if part.kind == DAY_PART else min(filter(None, (row.due_on for row in each)), default=None)
        yield {**_wall_row(id_, each[0].text, who, since=since, at=at), "count": len(each)}
    yield from _entries_alone(session, (row for row in part.rows if not row.wall))


def _recurring_rows(session: Session, rows: Iterable[Obligation], language: str) -> Iterator[dict[str, Any]]:
    for each in group_recurring(row for row in rows if row.wall):
        ids = [*dict.fromkeys(row.id for row in each)]
        first = each[0]
        named = ", ".join(ids) if len(ids) <= MOST_NAMED else None
        row = _wall_row(named, first.text, _owner(session, first, language), every=first.every)
        yield row if named else {**row, "count": len(ids)}


def _entries_alone(session: Session, rows: Iterable[Obligation]) -> Iterator[dict[str, Any]]:
    """Yield how many entries of each id are due, with the members of staff named there or her social worker."""
    tracks = session.rulebook.tracks
    counts: Counter[tuple[str, bool, str]] = Counter()
    for row in rows:
        track = tracks.get(row.what)
        registered = track is not None and (track.is_coded or track.of_register is not None)
        counts[row.id, registered, ", ".join(row.owner_codes) or row.social_worker or ""] += 1
    for (id_, registered, who), count in sorted(counts.items()):
        yield {**_wall_row(id_, None, who), "registered": registered, "count": count}


def _wall_row(id_: str | None, text: Text | None, who: str, **more: Any) -> dict[str, Any]:
    words = dict(text) if text else None  # the form of words on a wall tells visitors nothing of a client
    row = {"id": id_, "text": words, "who": who, "count": 1, "registered": False}
    return {**row, "since": None, "at": None, "every": None, **more}


def _owner(session: Session, row: Obligation, language: str) -> str:
    return format_fact(owner_in_words(session, row) or "", language)
