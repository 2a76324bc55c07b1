"""The sheet that says who can read a client's file and each of its parts, to be shown to her or kept in the safe."""

from collections.abc import Collection, Mapping, Sequence
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
from shelterctl.view.readers import MEDICAL_PART

READERS_SHEET_IN_FILE = N_("File: {file}.")


def print_readers_sheet(session: Session, answer: Outcome, to: OutputTarget) -> Outcome:
    """Write who can read, as `view.readers` answers it, into the named file; it shows codes and roles, no names."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language, now, data = choose_paper_language(session), session.now, answer.data
    day, readership = now.date(), session.store.vault.journal.chain.readership
    authors = {one.staff for one in readership.holders if one.is_in_force and readership.is_by_role}
    shown = [row["part"] for row in _rows(answer)]
    unsealed = [part for part in shown if part in (*data["late"], *data["waiting"])]  # type: ignore[misc]
    facts = {
        **common_facts(session.rulebook, language, str(data["id"]), None, draft=language not in SCREEN_LANGUAGES),
        "houses": ", ".join(session.store.shelter.value["facilities"]),
        "day": day,
        "clock": f"{now:%H:%M}",
        "by": session.journal_staff,
        "by_role": data["by_role"],
        "hiv_apart": shown == [MEDICAL_PART],
        "unsealed": format_fact(unsealed, language),
        "rows": [_row(row, language, authors) for row in _rows(answer)],
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


def _row(row: Mapping[str, Any], language: str, authors: Collection[str]) -> dict[str, str]:
    """Return a row in the words of the paper: people are codes, with a star after those who wrote entries of the part.

    *authors* are those who read what they wrote: who has no key today reads nothing and is not named.
    """
    roles: Sequence[LabelledCode] = row["roles"]
    writers = [code for code in row["writers"] if code in authors]
    people = [f"{code} *" if code in writers else code for code in dict.fromkeys((*row["people"], *writers))]
    return {
        "part": format_fact(row["part"], language),
        "roles": ", ".join(format_fact(role, language) for role in roles) or "–",
        "people": ", ".join(people) or "–",
    }
