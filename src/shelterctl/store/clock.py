"""The computer's clock, held against what is known of a store: a wrong time would be written down for ever."""

from datetime import datetime, timedelta

from shelterctl.errors import Conflict, ShelterError
from shelterctl.journal import Journal
from shelterctl.language import N_

BEHIND = N_(
    "The computer's clock says {now}, but the store was last changed on {last}. If the clock is wrong, put it right, "
    "or say the day with --as-of DATE."
)
AHEAD = N_(
    "The computer's clock says {now}; the store was last changed long before, on {last}. If the clock is wrong, put it "
    "right, or say the day with --as-of DATE."
)
SLACK, LONG = timedelta(minutes=10), timedelta(days=180)
"""How far the clocks of two computers may differ, and how long nobody may have worked, before it is said."""


def wrong_clock(journal: Journal, at: str) -> ShelterError | None:
    """That the clock, which says *at*, lies behind what the store was changed at, or long after all that is known.

    As far as anybody remembers: what was written under a wrong time is no reason to believe it.
    """
    known = journal.known
    times = [journal.latest(), known.newest if known else None]
    if not any(times):
        return None
    now, last = datetime.fromisoformat(at), max(datetime.fromisoformat(time) for time in times if time)
    if now < last - SLACK:
        return Conflict("store/clock-behind", BEHIND, now=now.date(), last=last.date())
    if now > last + LONG:
        return Conflict("store/clock-ahead", AHEAD, now=now.date(), last=last.date())
    return None
