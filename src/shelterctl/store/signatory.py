"""The person who signs at a device: the code that the journal names, and that nobody writes by one who has left."""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from shelterctl.core.stranger import at_work, left_before
from shelterctl.errors import Conflict, ShelterError, Usage
from shelterctl.language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store

UNREGISTERED = N_(
    "The code given with --staff is not registered. It is kept in sealed files alone; the journal, which anybody can "
    "read, names {staff}."
)
REGISTER = N_("Register it, if it gives no name away: shelterctl staff add CODE --role ROLE")
GONE = N_("{staff} worked here until {until}. Nothing is written by that code any more; reading goes on.")
SAY_WHO = N_(
    "Say who sits here now: in the menu, or with --staff CODE. If {staff} is back: shelterctl staff add {staff} "
    "--since DATE"
)
LEFT = "staff/left"
"""The code of that error."""


def bound_to(store: "Store") -> str:
    """The staff code that the device is bound to."""
    device = store.vault.journal.chain.devices.get(str(store.identity.device))
    return device.staff if device else "unknown"


def signs(store: "Store", by: str) -> str:
    """The code that the journal names, which anybody may read: one that nobody registered may be somebody's name.

    Then it is the code that the device is bound to, and that is told; her file keeps what was given, sealed.
    """
    with suppress(ShelterError):  # staff.yaml is damaged: nothing says who is registered
        if by in store.staff_in():
            return by
    if by != (bound := bound_to(store)):
        store.told.append(Conflict("staff/unregistered", UNREGISTERED, hint=REGISTER, staff=bound))
    return bound


def gone(store: "Store", by: str, today: date) -> ShelterError | None:
    """Why nothing is written here by whoever left before *today*; None where that person works here, or nobody does.

    A code that nobody registered is signed for by the one that the device is bound to.
    """
    staff: dict[str, Any] = store.staff.value["staff"]
    named = by if by in staff else bound_to(store)
    until = left_before(staff.get(named, {}), today)
    if until is None or not at_work(staff, today):
        return None
    return Usage(LEFT, GONE, hint=SAY_WHO, staff=named, until=until)
