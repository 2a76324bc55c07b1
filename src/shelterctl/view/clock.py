"""The computer's clock held against the last change of the store: a wrong year is said, and nothing is refused."""

from datetime import datetime, timedelta

from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.language import N_

BEHIND = N_(
    "The computer's clock says {now}, but the store was last changed on {last}. If the clock is wrong, put it right, "
    "or say the day with --as-of DATE."
)
AHEAD = N_(
    "The computer's clock says {now}; the store was last changed long before, on {last}. If the clock is wrong, put it "
    "right, or say the day with --as-of DATE."
)
SLACK = timedelta(days=1)
LONG = timedelta(days=180)


def doubted(here: Desk) -> Said:
    """What is to be said of the clock; nothing where it agrees with the journal."""
    latest = here.store.vault.journal.latest()
    if latest is None or here.option("as_of"):
        return ()
    now, last = here.now, datetime.fromisoformat(latest)
    facts = {"now": now.date(), "last": last.date()}
    if now < last - SLACK:
        return ((BEHIND, facts),)
    return ((AHEAD, facts),) if now > last + LONG else ()
