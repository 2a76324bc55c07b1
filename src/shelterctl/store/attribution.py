"""Decide under which staff code and at what time a change is recorded, before it is recorded permanently: the code that
the journal names for the person at this device, and whether the computer's clock can be right.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shelterctl.core.people import find_departure_before, staff_at_work
from shelterctl.errors import CannotOpen, Conflict, ShelterError, UsageError
from shelterctl.journal.store_journal import CLOCK_SLACK, Journal
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store


CLOCK_BEHIND = N_(
    "The computer's clock says {now}, but the store was last changed on {last}. If the clock is wrong, "
    "correct it, or give the day with --as-of DATE."
)
CLOCK_AHEAD = N_(
    "The computer's clock says {now}, but the store was last changed long before, on {last}. If the clock is "
    "wrong, correct it, or give the day with --as-of DATE."
)
CLOCK_WAS_WRONG = N_("If the clock is right and the earlier time was wrong, run: shelterctl check --clock")
LONG_PAUSE = timedelta(days=180)
"""The time without changes to the store after which a person is warned."""

CLOCK_AHEAD_CODE, CLOCK_BEHIND_CODE = "store/clock-ahead", "store/clock-behind"
ClockConfirmation = Callable[[ShelterError], bool]
"""A function that returns whether a person, or a day given by a script, confirms that the clock is right."""


def check_clock(journal: Journal, at: str, confirmations: Iterable[ClockConfirmation]) -> ShelterError | None:
    """Return the warning about the clock to show once something is written; None if there is none.

    Raises Conflict if the clock is far ahead and nobody confirms it: that time would be recorded permanently, and later
    the right time would count as too early.
    """
    trouble = find_clock_error(journal, at)
    if trouble and trouble.code == CLOCK_AHEAD_CODE and not any(each(trouble) for each in confirmations):
        raise trouble
    return trouble


def find_clock_error(journal: Journal, at: str) -> ShelterError | None:
    """Return the error of a clock that says *at*, if that is before the last change of the store or long after it; None
    if neither.

    Times that were declared wrong do not count.
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
    "The code given with --staff is not registered. Only sealed files keep it; the journal, which anybody "
    "can read, names {staff}."
)
REGISTER_SIGNER = N_("Register it, if it does not reveal a name: shelterctl staff add CODE --role ROLE")
SIGNER_LEFT = N_("{staff} worked here until {until}. Nothing more can be recorded under that code; you can still read.")
SAY_WHO_SIGNS = N_(
    "Choose who is at the computer now: in the menu, or with --staff CODE. If {staff} is back, run: "
    "shelterctl staff add {staff} --since DATE"
)
SIGNER_LEFT_CODE = "staff/left"
"""The code of the error that the person who writes here has left the staff."""


OWN_KEY_CODE = "staff/needs-key"
"""The code of the error that each person has a key of her own, and another one's is in use."""

STAFF_NEEDS_OWN_KEY = N_(
    "In this house each person has a key of her own, and this is the key of {own}, not of {staff}."
)
SIT_DOWN_WITH_KEY = N_(
    "Use her key: it opens with --staff {staff} at a computer where it was made. To make one here: "
    "shelterctl staff key {staff}"
)


def require_own_key(store: "Store", given: str | None) -> None:
    """Raise CannotOpen if a staff code was given whose key is not the one in use, in a house with a key for each
    person.
    """
    own = device_staff_code(store)
    if given and given != own and store.is_by_role and store.identity.device:
        raise CannotOpen(OWN_KEY_CODE, STAFF_NEEDS_OWN_KEY, hint=SIT_DOWN_WITH_KEY, own=own, staff=given)


def device_staff_code(store: "Store") -> str:
    """Return the staff code to which this device is bound."""
    device = store.vault.journal.chain.devices.get(str(store.identity.device))
    return device.staff if device else "unknown"


def choose_signing_code(store: "Store", by: str) -> str:
    """Return the staff code for the journal, which anybody may read: never an unregistered one, which may be a person's
    name.

    For an unregistered code it is the code to which the device is bound, with a notice; the client's file keeps the
    given code, sealed.
    """
    with suppress(ShelterError):  # staff.yaml is damaged: nothing says who is registered
        if by in store.staff_with_role():
            return by
    if by != (bound := device_staff_code(store)):
        store.notices.append(Conflict("staff/unregistered", SIGNER_UNREGISTERED, hint=REGISTER_SIGNER, staff=bound))
    return bound


def signer_left_error(store: "Store", by: str, today: date) -> ShelterError | None:
    """Return the error if the person who writes here left before *today*; None if that person, or nobody at all, works
    here.

    An unregistered code is judged by the code to which the device is bound.
    """
    staff: dict[str, Any] = store.staff.value["staff"]
    code = by if by in staff else device_staff_code(store)
    until = find_departure_before(staff.get(code, {}), today)
    if until is None or not staff_at_work(staff, today):
        return None
    return UsageError(SIGNER_LEFT_CODE, SIGNER_LEFT, hint=SAY_WHO_SIGNS, staff=code, until=until)
