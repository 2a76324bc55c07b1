"""The sheet for the safe of the house: the words of the store, and lines for the numbers that are written weekly."""

from datetime import date
from typing import Any

from shelterctl import screen
from shelterctl.act.target import Target, in_the_way, put
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk
from shelterctl.language import N_, SPOKEN
from shelterctl.paper.delivery import PRESSING
from shelterctl.paper.request import around, language_of
from shelterctl.press import Medium, Sheet, press, sheet
from shelterctl.view import access

DONE = N_(
    "The sheet is written. Print it, and put it in the safe of the house; the recovery key does not belong there."
)
LIES = N_("It lies in {file}.")
ROWS = 17
"""So many lines fit beneath the first, each high enough for a pen."""


def printed(here: Desk, to: Target) -> Outcome:
    """The sheet in the file that is named."""
    if stopped := in_the_way(to, here.identity_file):
        return Outcome(findings=stopped)
    language, day = language_of(here), here.today
    with screen.busy(PRESSING, quiet=here.json or to.kind != Medium.PDF):
        made = press([_sheet(here, access.sheet(here), language, day)], Medium(to.kind))
    stream = put(to, made.data)
    return Outcome(said=((DONE, {}), *([] if to.piped else [(LIES, {"file": to.out})])), stream=stream)


def _sheet(here: Desk, facts: dict[str, Any], language: str, day: date) -> Sheet:
    """The one page of it, called what stands over it; *facts* are the store, its words and its number."""
    said = {**around(here.shelf, language, None, None), **facts, "day": day, "rows": ROWS}
    said["draft"] = language not in SPOKEN  # these are our words, not the manual's
    return sheet("safe-sheet", said, language=language, tint="white", day=day)
