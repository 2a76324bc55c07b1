"""By whom and when a change is recorded, before it is recorded for ever: the staff code that the journal names for
whoever works at this device, and whether the computer's clock can be right.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shelterctl.core.people import find_departure_before, staff_at_work
from shelterctl.errors import Conflict, ShelterError, UsageError
from shelterctl.journal.store_journal import CLOCK_SLACK, Journal
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store


CLOCK_BEHIND = N_(
    "The computer's clock says {now}, but the store was last changed on {last}. If the clock is wrong, put it right, "
    "or say the day with --as-of DATE."
)
CLOCK_AHEAD = N_(
    "The computer's clock says {now}; the store was last changed long before, on {last}. If the clock is wrong, put it "
    "right, or say the day with --as-of DATE."
)
CLOCK_WAS_WRONG = N_("If the clock is right and that time was wrong: shelterctl check --clock")
LONG_PAUSE = timedelta(days=180)
"""How long nobody may have worked before it is said."""

CLOCK_AHEAD_CODE, CLOCK_BEHIND_CODE = "store/clock-ahead", "store/clock-behind"
ClockConfirmation = Callable[[ShelterError], bool]
"""Whether a person says that the clock is right all the same, or a script says the day."""


def check_clock(journal: Journal, at: str, confirmations: Iterable[ClockConfirmation]) -> ShelterError | None:
    """What is to be told of the clock once something is written; Conflict where it is far ahead and nobody is sure.

    A time far ahead is written down for ever, and from then on the right one lies behind it.
    """
    trouble = find_clock_error(journal, at)
    if trouble and trouble.code == CLOCK_AHEAD_CODE and not any(each(trouble) for each in confirmations):
        raise trouble
    return trouble


def find_clock_error(journal: Journal, at: str) -> ShelterError | None:
    """That the clock, which says *at*, lies behind what the store was changed at, or long after all that is known.

    As far as anybody remembers: what was written under a wrong time is no reason to believe it.
    """
    times = [journal.latest_time(), journal.remembered_time]
    if not any(times):
        return None
    now, last = datetime.fromisoformat(at), max(datetime.fromisoformat(time) for time in times if time)
    if now < last - CLOCK_SLACK:
        return Conflict(CLOCK_BEHIND_CODE, CLOCK_BEHIND, hint=CLOCK_WAS_WRONG, now=now.date(), last=last.date())
    if now > last + LONG_PAUSE:
        return Conflict(CLOCK_AHEAD_CODE, CLOCK_AHEAD, now=now.date(), last=last.date())
    return None


SIGNER_UNREGISTERED = N_(
    "The code given with --staff is not registered. It is kept in sealed files alone; the journal, which anybody can "
    "read, names {staff}."
)
REGISTER_SIGNER = N_("Register it, if it gives no name away: shelterctl staff add CODE --role ROLE")
SIGNER_LEFT = N_("{staff} worked here until {until}. Nothing is written by that code any more; reading goes on.")
SAY_WHO_SIGNS = N_(
    "Say who sits here now: in the menu, or with --staff CODE. If {staff} is back: shelterctl staff add {staff} "
    "--since DATE"
)
SIGNER_LEFT_CODE = "staff/left"
"""The code of that error."""


def device_staff_code(store: "Store") -> str:
    """The staff code that the device is bound to."""
    device = store.vault.journal.chain.devices.get(str(store.identity.device))
    return device.staff if device else "unknown"


def choose_signing_code(store: "Store", by: str) -> str:
    """The code that the journal names, which anybody may read: one that nobody registered may be somebody's name.

    Then it is the code that the device is bound to, and that is told; her file keeps what was given, sealed.
    """
    with suppress(ShelterError):  # staff.yaml is damaged: nothing says who is registered
        if by in store.staff_with_role():
            return by
    if by != (bound := device_staff_code(store)):
        store.notices.append(Conflict("staff/unregistered", SIGNER_UNREGISTERED, hint=REGISTER_SIGNER, staff=bound))
    return bound


def signer_left_error(store: "Store", by: str, today: date) -> ShelterError | None:
    """Why nothing is written here by whoever left before *today*; None where that person works here, or nobody does.

    A code that nobody registered is signed for by the one that the device is bound to.
    """
    staff: dict[str, Any] = store.staff.value["staff"]
    code = by if by in staff else device_staff_code(store)
    until = find_departure_before(staff.get(code, {}), today)
    if until is None or not staff_at_work(staff, today):
        return None
    return UsageError(SIGNER_LEFT_CODE, SIGNER_LEFT, hint=SAY_WHO_SIGNS, staff=code, until=until)
