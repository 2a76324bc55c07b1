"""A time that was written under a wrong clock: a person says so, and it counts no more."""

from shelterctl import ask
from shelterctl.core.finding import Outcome
from shelterctl.desk import Desk, walked
from shelterctl.language import N_
from shelterctl.store.clock import BEHIND_CODE, wrong_clock

AGREES = N_("The clock does not lie behind the last change of the store: there is nothing to put right.")
RIGHT = N_(
    "The computer's clock says {now}, and the last change of the store is dated {last}. Is the clock right now, and "
    "was that time wrong?"
)
NOT_SAID = N_("Nothing was written. Put the clock right, if it is wrong.")
SETTLED = N_(
    "From now on what is dated after {now} counts no more for the clock. Nothing was taken back, and check shows this "
    "for ever."
)


def settled(here: Desk) -> Outcome:
    """Sign that whatever was written until now and is dated later was written under a wrong clock."""
    # Gather.
    vault = here.store.vault
    trouble = wrong_clock(vault.journal, here.at)
    if trouble is None or trouble.code != BEHIND_CODE:
        return Outcome(said=((AGREES, {}),))
    vault.writable()

    # Decide.
    if walked(here) and not ask.confirm(RIGHT, trouble.facts):
        return Outcome(said=((NOT_SAID, {}),))

    # Act.
    ends = {device: after - 1 for device, (after, _, _) in sorted(vault.journal.heads().items())}
    vault.note({"clock": ends}, did="check", by=here.signs, at=here.at)
    return Outcome(said=((SETTLED, trouble.facts),))
