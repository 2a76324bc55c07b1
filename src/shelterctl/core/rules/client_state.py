"""The state of a client in the manual's process, derived from her file; nobody types it in."""

from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.monitoring import read_duty
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts

CLIENT_STATES = (
    "client", "referred", "interviewed", "received", "admitted", "in_plan", "discharge_planned", "not_admitted",
    "discharged", "left_by_own_decision", "monitored", "struck",
)  # fmt: skip
"""Every state of a client, by its code."""


def client_state(tracks: Tracks, client: Client, stay: Stay | None) -> str:
    """Return the code of a client's state, seen from a stay or, for a client without a stay, from her file."""
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
    """Return the plan of assistance that was begun in this stay and is not closed, or None."""
    since = stay.arrived_on
    for plan in reversed(live_entries(client.facts.get("plans"))):
        begun = read_day(value_at(plan, "started.on"))
        going_on = plan.get("kind") == "assistance" and value_at(plan, "closed.on") is None
        if going_on and begun and since and begun >= since:
            return plan
    return None
