"""The page for the guard: who sleeps here tonight by number and room, without names and reasons (A4.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.values.days import read_time
from shelterctl.custody.damage import damaged_files_error
from shelterctl.language import format_fact
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

GUARD_LIST_IN_FILE = N_("The page for the guard is saved in {file}: numbers and rooms, no names.")


def print_guard_list(
    session: Session, beds: Sequence[Mapping[str, Any]], sleeping: Sequence[Mapping[str, Any]], to: OutputTarget
) -> Outcome:
    """Write who sleeps in these houses into the named file.

    *beds* and *sleeping* are rows as `house` answers them by number.
    """
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language, now = choose_paper_language(session), session.moment
    facts = {
        **common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES),
        "day": session.today,
        "clock": f"{now:%H:%M}",
        "by": session.journal_staff,
        "houses": [_house(row, sleeping, language) for row in beds],
    }
    if nowhere := [one for one in sleeping if one["facility"] is None]:
        facts["houses"][-1]["rows"] += [_row(one, language) for one in nowhere]
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        sheet = make_sheet("guard-list", facts, language=language, tint="white", day=session.today)
        made = render_sheets([sheet], Medium(to.kind))
    stream = write_output(to, made.data)
    said: FilledSentences = () if to.is_pipe else ((GUARD_LIST_IN_FILE, {"file": to.out}),)
    return Outcome(said=said, stream=stream, harm=damaged_files_error(session.store.damaged))


def _house(row: Mapping[str, Any], sleeping: Sequence[Mapping[str, Any]], language: str) -> dict[str, Any]:
    """Return one house with its counts and the rows of those who sleep there."""
    unread = row.get("unread", 0)
    return {
        **row,
        "unread": unread,
        "all": row["residents"] + row["children"] + row["others"] + unread,
        "rows": [_row(one, language) for one in sleeping if one["facility"] == row["facility"]],
    }


def _row(one: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return one resident in the words of the paper."""
    return {
        "id": one["id"],
        "room": one.get("room") or "",
        "children": str(one["children"] or ""),
        "since": _moment(one["out_since"], language),
        "until": _moment(one["expected_back_at"], language),
    }


def _moment(written: str | None, language: str) -> str:
    """Return a written day or hour in the words of the paper; nothing where there is none."""
    at = read_time(written)
    return format_fact(at.replace(tzinfo=None) if at else written, language) if written else ""
