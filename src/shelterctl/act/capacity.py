"""What the commands that register a house share: how many may sleep there."""

from datetime import date

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.ruling import in_force
from shelterctl.errors import Usage
from shelterctl.language import N_, with_codes
from shelterctl.library import Shelf

NO_KIND = N_("There is no such kind of house. Known are: {kinds}.")
TOO_MANY = N_(
    "A house of this kind has at most {at_most} places ({clause}); {capacity} were asked for. Lower the number."
)
BELOW = N_(
    "The manual speaks of {at_least} places and more in a house of this kind ({clause}); {capacity} are written down."
)
TOO_FEW = N_("A house needs at least one place ({clause}).")


def capacity_of(shelf: Shelf, kind: str, declared: int | None, today: date) -> tuple[int, tuple[Finding, ...]]:
    """The declared capacity, or the manual's; above the manual's it is refused, below it noticed (X04)."""
    if kind not in shelf.kinds:
        raise Usage("usage/kind", NO_KIND, kinds=with_codes({known: each.text for known, each in shelf.kinds.items()}))
    ruling = in_force(shelf.kinds[kind].capacity, today)
    if ruling is None:
        return declared or 1, ()
    most = int(ruling.asks["at_most"])
    places = most if declared is None else declared
    facts = {"at_most": most, "capacity": places, "clause": ruling.clause}
    if 0 < places <= most:
        least = int(ruling.asks.get("at_least", 1))
        told = {**facts, "at_least": least}
        warned = Finding(
            code="facility/capacity", severity=Severity.WARN, message=BELOW, clause=ruling.clause, facts=told
        )
        return places, (warned,) if places < least else ()
    message = TOO_MANY if places > most else TOO_FEW
    found = Finding(
        code="facility/capacity", severity=Severity.REFUSE, message=message, clause=ruling.clause, facts=facts
    )
    return places, (found,)
