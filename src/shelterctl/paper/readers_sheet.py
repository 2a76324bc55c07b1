"""The sheet that says who can read a client's file and each of its parts, to be shown to her or kept in the safe."""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.language import LabelledCode, format_fact
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

READERS_SHEET_IN_FILE = N_("File: {file}.")


def print_readers_sheet(session: Session, answer: Outcome, to: OutputTarget) -> Outcome:
    """Write who can read, as `view.readers` answers it, into the named file; it shows codes and roles, no names."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language, day = choose_paper_language(session), session.today
    facts = {
        **common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES),
        "client": answer.data["id"],
        "by_role": answer.data["by_role"],
        "rows": [_row(row, language) for row in _rows(answer)],
        "day": day,
    }
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        sheet = make_sheet("readers-sheet", facts, language=language, tint="white", day=day)
        made = render_sheets([sheet], Medium(to.kind))
    stream = write_output(to, made.data)
    said: FilledSentences = () if to.is_pipe else ((READERS_SHEET_IN_FILE, {"file": to.out}),)
    return Outcome(data={"id": answer.data["id"]}, said=said, stream=stream)


def _rows(answer: Outcome) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = answer.data["rows"]  # type: ignore[assignment]
    return rows


def _row(row: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return a row in the words of the paper; people are codes, also those who wrote an entry in the part."""
    roles: Sequence[LabelledCode] = row["roles"]
    people = [*row["people"], *(f"{code} *" for code in row["writers"])]
    return {
        "part": format_fact(row["part"], language),
        "roles": ", ".join(format_fact(role, language) for role in roles) or "–",
        "people": ", ".join(people) or "–",
    }
