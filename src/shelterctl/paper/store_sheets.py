"""The two sheets about the store itself: the recovery paper with its key and QR code, and the safe sheet with the
store's words and number.
"""

import re
from datetime import date
from typing import Any

from shelterctl import qr
from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import Outcome
from shelterctl.custody.recovery_paper import NewPaper
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, Sheet, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view import trust

RECOVERY_TEMPLATE = "recovery-sheet"
KEY_GROUP_LENGTH = 6
"""The number of characters in a group of the key, so that it can be read aloud and typed; the fixed beginning is one
group.
"""


def render_recovery_sheet(session: Session, paper: NewPaper, day: date) -> bytes:
    """Return the recovery paper as a PDF of one page.

    It opens everything, so it is printed and the file is not kept.
    """
    return render_sheets([make_recovery_page(session, paper, day)], Medium.PDF).data


def make_recovery_page(session: Session, paper: NewPaper, day: date) -> Sheet:
    """Return the page of the recovery paper before it is rendered."""
    language, key = choose_paper_language(session), paper.key.key
    facts = {
        **_common_facts(session, language),
        "store": paper.store,
        "words": paper.words,
        "key": key,
        "groups": re.findall(rf"\A.*-1|.{{1,{KEY_GROUP_LENGTH}}}", key),
        "day": day,
    }
    return make_sheet(RECOVERY_TEMPLATE, facts, language=language, tint="white", day=day, picture=qr.qr_code_svg(key))


def _common_facts(session: Session, language: str) -> dict[str, Any]:
    """Return the facts around these sheets; their texts are the program's own, not the manual's."""
    return common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES)


SAFE_SHEET_WRITTEN = N_(
    "The sheet is ready. Print it and put it in the safe of the house; do not keep the recovery key there."
)
SAFE_SHEET_IN_FILE = N_("File: {file}.")
SAFE_SHEET_ROWS = 17
"""The number of empty rows below the first, each high enough for a pen."""


def print_safe_sheet(session: Session, to: OutputTarget) -> Outcome:
    """Write the safe sheet into the named file."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language, day = choose_paper_language(session), session.today
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        sheet = _make_safe_sheet(session, trust.safe_sheet_facts(session), language, day)
        made = render_sheets([sheet], Medium(to.kind))
    stream = write_output(to, made.data)
    place = () if to.is_pipe else ((SAFE_SHEET_IN_FILE, {"file": to.out}),)
    return Outcome(
        said=((SAFE_SHEET_WRITTEN, {}), *place),
        stream=stream,
    )


def _make_safe_sheet(session: Session, facts: dict[str, Any], language: str, day: date) -> Sheet:
    """Return the page of the safe sheet; *facts* are the store, its words and its number."""
    facts = {**_common_facts(session, language), **facts, "day": day, "rows": SAFE_SHEET_ROWS}
    return make_sheet("safe-sheet", facts, language=language, tint="white", day=day)
