"""Answers that are hardly the name that was asked for: doubted, and taken when they are typed once more."""

import re

from shelterctl.core.notation.hour import dated
from shelterctl.core.notation.mistyped import Clock
from shelterctl.core.notation.text import yes_no
from shelterctl.language import N_

NO_NAME = N_("That looks like a day or a time, not like a name. If it is right as it stands, type it once more.")
SAYS_YES = N_("A name is asked for here. If there was nobody, press Enter; if it is a name, type it once more.")
NUMBERED = N_("There is a number in this name; an age has a question of its own. If it is right, type it once more.")
WORDY = N_("Is that a name? Its words look like others. If it is right as it stands, type it once more.")

COMMON = 3
"""So many words with small letters are hardly a name."""


def hardly_a_name(typed: str, clock: Clock, *, person: bool) -> str | None:
    """What is said of an answer that is hardly a name; None where it may be one.

    Numbers and common words are doubted in the name of a *person* alone: schools and hospitals have them.
    """
    if dated(typed, clock):
        return NO_NAME
    if isinstance(yes_no(typed), bool):
        return SAYS_YES
    if person and any(map(str.isdigit, typed)):
        return NUMBERED
    common = [word for word in re.findall(r"[^\W\d_]+", typed) if word[0].islower()]
    return WORDY if person and len(common) >= COMMON else None
