"""Answers that are hardly the name that was asked for: doubted, and taken when they are typed once more."""

import re

from shelterctl.core.notation.hour import dated
from shelterctl.core.notation.mistyped import Clock
from shelterctl.core.notation.text import yes_no
from shelterctl.core.notation.word import WORDS, plain
from shelterctl.language import N_

NO_NAME = N_("That looks like a day or a time, not like a name. If it is right as it stands, type it once more.")
SAYS_YES = N_("A name is asked for here. If there was nobody, press Enter; if it is a name, type it once more.")
NUMBERED = N_("There is a number in this name; an age has a question of its own. If it is right, type it once more.")
WORDY = N_("Is that a name? Its words look like others. If it is right as it stands, type it once more.")
NOT_LISTED = N_("Nobody on the list is called so. If it is a name, type it once more.")
BARE_YES = N_("More than a yes is asked for here. If it is right as it stands, type it once more.")

COMMON = 3
"""So many words with small letters are hardly a name."""

PREPOSITIONS = frozenset({
    "без", "в", "во", "для", "до", "за", "из", "к", "ко", "на", "над", "о", "об", "от", "по", "под", "при", "про",
    "с", "со", "у", "через", "аркылуу", "боюнча", "менен", "тууралуу", "үчүн",
    "about", "at", "by", "for", "from", "in", "of", "on", "through", "to", "via", "with", "without",
})  # fmt: skip
"""Words that say how, where or why: a name has none of them."""


def hardly_a_name(typed: str, clock: Clock, *, person: bool, listed: bool = False) -> str | None:
    """What is said of an answer that is hardly a name; None where it may be one.

    Numbers and common words are doubted in the name of a *person* alone: schools and hospitals have them. Where people
    are *listed* to choose from, one word in small letters that is none of them rather answers another question.
    """
    if dated(typed, clock):
        return NO_NAME
    if isinstance(yes_no(typed), bool):
        return SAYS_YES
    if person and any(map(str.isdigit, typed)):
        return NUMBERED
    if _has_preposition(typed, person=person):
        return WORDY
    if person and listed and typed.islower() and len(typed.split()) == 1:
        return NOT_LISTED
    common = [word for word in re.findall(r"[^\W\d_]+", typed) if word[0].islower()]
    return WORDY if person and len(common) >= COMMON else None


def _has_preposition(typed: str, *, person: bool) -> bool:
    """Whether words begin with a preposition, or those of a *person* have one in small letters anywhere."""
    first, *rest = typed.split() or [""]
    return bool(rest) and (first.casefold() in PREPOSITIONS or (person and not PREPOSITIONS.isdisjoint(rest)))


def only_a_yes(typed: str) -> bool:
    """Whether a text is a yes and nothing more, which answers no question of how, what or why; a no may answer it."""
    return plain(typed).rstrip(".!") in WORDS[True]
