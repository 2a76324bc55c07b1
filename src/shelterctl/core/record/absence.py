"""Where a client is while she is out of the house, and her bed is kept: in hospital, or out with permission."""

from datetime import date
from typing import NamedTuple

from shelterctl.core.record.client import Stay, live_entries
from shelterctl.core.values.days import local_day

AWAY_STATES = (HOSPITALISED, OUT_WITH_PERMISSION) = ("hospitalised", "out_with_permission")
"""The states of a client who is out of the house: in hospital, or for any other reason."""


RETURN_FIELDS = ("back_at", "entry_permitted_by")
"""The fields about her return (A2.7)."""


class Absence(NamedTuple):
    """An absence from the house: its *state*, *since* when, its *entry*, and when she is *expected* back."""

    state: str
    since: str
    entry: str
    expected: str | None = None


def find_absence(stay: Stay | None, today: date) -> Absence | None:
    """Return her absence from the house *today*, or None; she still lives there and her bed is kept."""
    if stay is None or not stay.is_open or stay.arrived_on is None:
        return None
    for absence in reversed(live_entries(stay.facts.get("absences"))):
        left, back = (local_day(absence.get(name)) for name in ("left_at", "back_at"))
        if left and left <= today and (back is None or back > today):
            name = HOSPITALISED if absence.get("kind") == "hospital" else OUT_WITH_PERMISSION
            return Absence(name, absence["left_at"], str(absence["id"]), absence.get("expected_back_at"))
    return None
