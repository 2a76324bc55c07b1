"""The computer's clock held against the last change of the store: a wrong year is said, and nothing is refused."""

from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.store.clock import wrong_clock


def doubted(here: Desk) -> Said:
    """What is to be said of the clock; nothing where it agrees with the journal, or another day is taken as today."""
    trouble = None if here.option("as_of") else wrong_clock(here.store.vault.journal, here.at)
    return ((trouble.message, trouble.facts),) if trouble else ()
