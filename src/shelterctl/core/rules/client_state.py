"""Where a client is on the manual's way, read off what is written down; no state is ever typed in."""

from datetime import date
from typing import NamedTuple

from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.monitoring import read_duty
from shelterctl.core.values.days import local_day, read_day
from shelterctl.core.values.facts import Facts

CLIENT_STATES = (
    "client", "referred", "interviewed", "received", "admitted", "in_plan", "discharge_planned", "not_admitted",
    "discharged", "left_by_own_decision", "monitored", "struck",
)  # fmt: skip
"""Everything that a client can be in, by its code."""


def client_state(tracks: Tracks, client: Client, stay: Stay | None) -> str:
    """Where a client is on the manual's way."""
    over = read_duty(tracks, client, stay).outcome is not None
    if stay is None:
        return "monitored" if over else "struck" if client.is_struck else "client"
    if stay.turned_away:
        return "not_admitted"
    if stay.discharged_on:
        by_herself = value_at(stay.facts, "discharge.by_own_decision")
        return "monitored" if over else "left_by_own_decision" if by_herself else "discharged"
    if stay.admitted_on:
        planned = all(stay.day(f"discharge.{name}") for name in ("planned_on", "iom_consulted_on"))
        return "discharge_planned" if planned else "in_plan" if find_open_plan(client, stay) else "admitted"
    if stay.arrived_on:
        return "received"
    return "interviewed" if _is_interviewed(stay) else "referred"


def _is_interviewed(stay: Stay) -> bool:
    interview = value_at(stay.facts, "admission.primary_interview") or {}
    assured = all(interview.get(key) for key in ("by", "role", "safety_assured", "confidentiality_assured"))
    return assured and value_at(stay.facts, "admission.primary_evaluation.outcome") is not None


def find_open_plan(client: Client, stay: Stay) -> Facts | None:
    """The plan of assistance that was begun in this stay, and is not closed."""
    since = stay.arrived_on
    for plan in reversed(live_entries(client.facts.get("plans"))):
        begun = read_day(value_at(plan, "started.on"))
        going_on = plan.get("kind") == "assistance" and value_at(plan, "closed.on") is None
        if going_on and begun and since and begun >= since:
            return plan
    return None


AWAY_STATES = (HOSPITALISED, OUT_WITH_PERMISSION) = ("hospitalised", "out_with_permission")
"""How it is called that she is out of the house: in hospital, or for anything else."""


RETURN_FIELDS = ("back_at", "entry_permitted_by")
"""What is to be said of her coming back (A2.7)."""


class Absence(NamedTuple):
    """That she is out of the house for a while: how that is called, since when, in which entry, and until when."""

    state: str
    since: str
    entry: str
    expected: str | None = None


def find_absence(stay: Stay | None, today: date) -> Absence | None:
    """Whether she is out of the house *today*, though she lives there; her bed is kept."""
    if stay is None or not stay.is_open or stay.arrived_on is None:
        return None
    for absence in reversed(live_entries(stay.facts.get("absences"))):
        left, back = (local_day(absence.get(name)) for name in ("left_at", "back_at"))
        if left and left <= today and (back is None or back > today):
            name = HOSPITALISED if absence.get("kind") == "hospital" else OUT_WITH_PERMISSION
            return Absence(name, absence["left_at"], str(absence["id"]), absence.get("expected_back_at"))
    return None
