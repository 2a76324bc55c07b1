"""The computer's clock, held against what is known of a store: a wrong time would be written down for ever."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from shelterctl.errors import Conflict, ShelterError
from shelterctl.journal import SLACK, Journal
from shelterctl.language import N_

BEHIND = N_(
    "The computer's clock says {now}, but the store was last changed on {last}. If the clock is wrong, put it right, "
    "or say the day with --as-of DATE."
)
AHEAD = N_(
    "The computer's clock says {now}; the store was last changed long before, on {last}. If the clock is wrong, put it "
    "right, or say the day with --as-of DATE."
)
BEHIND_HINT = N_("If the clock is right and that time was wrong: shelterctl check --clock")
LONG = timedelta(days=180)
"""How long nobody may have worked before it is said."""

AHEAD_CODE, BEHIND_CODE = "store/clock-ahead", "store/clock-behind"
Sure = Callable[[ShelterError], bool]
"""Whether a person says that the clock is right all the same, or a script says the day."""


def held(journal: Journal, at: str, sure: Iterable[Sure]) -> ShelterError | None:
    """What is to be told of the clock once something is written; Conflict where it is far ahead and nobody is sure.

    A time far ahead is written down for ever, and from then on the right one lies behind it.
    """
    trouble = wrong_clock(journal, at)
    if trouble and trouble.code == AHEAD_CODE and not any(each(trouble) for each in sure):
        raise trouble
    return trouble


def wrong_clock(journal: Journal, at: str) -> ShelterError | None:
    """That the clock, which says *at*, lies behind what the store was changed at, or long after all that is known.

    As far as anybody remembers: what was written under a wrong time is no reason to believe it.
    """
    times = [journal.latest(), journal.newest]
    if not any(times):
        return None
    now, last = datetime.fromisoformat(at), max(datetime.fromisoformat(time) for time in times if time)
    if now < last - SLACK:
        return Conflict(BEHIND_CODE, BEHIND, hint=BEHIND_HINT, now=now.date(), last=last.date())
    if now > last + LONG:
        return Conflict(AHEAD_CODE, AHEAD, now=now.date(), last=last.date())
    return None
