"""Where a client is on the manual's way (LC §4.1), read off what is written down; no state is ever typed in."""

from datetime import date
from typing import NamedTuple

from shelterctl.core import duty
from shelterctl.core.days import day_of, read_day
from shelterctl.core.record import Client, Facts, Stay, at, live
from shelterctl.core.track import Track

STATES = (
    "client", "referred", "interviewed", "received", "admitted", "in_plan", "discharge_planned", "not_admitted",
    "discharged", "left_by_own_decision", "monitored", "struck",
)  # fmt: skip
"""Everything that a client can be in, by its code."""


def state(report: Track, client: Client, stay: Stay | None) -> str:
    """Where a client is on the manual's way (LC §4.1)."""
    over = duty.monitored(report, client, stay)
    if stay is None:
        return "monitored" if over else "struck" if client.struck else "client"
    if stay.turned_away:
        return "not_admitted"
    if stay.discharged_on:
        by_herself = at(stay.facts, "discharge.by_own_decision")
        return "monitored" if over else "left_by_own_decision" if by_herself else "discharged"
    if stay.admitted_on:
        return "discharge_planned" if _planned(stay) else "in_plan" if plan_of(client, stay) else "admitted"
    if stay.arrived_on:
        return "received"
    return "interviewed" if _interviewed(stay) else "referred"


def _interviewed(stay: Stay) -> bool:
    interview = at(stay.facts, "admission.primary_interview") or {}
    assured = all(interview.get(key) for key in ("by", "role", "safety_assured", "confidentiality_assured"))
    return assured and at(stay.facts, "admission.primary_evaluation.outcome") is not None


def _planned(stay: Stay) -> bool:
    return stay.day("discharge.planned_on") is not None and stay.day("discharge.iom_consulted_on") is not None


def plan_of(client: Client, stay: Stay) -> Facts | None:
    """The plan of assistance that was begun in this stay, and is not closed (LC07)."""
    since = stay.arrived_on
    for plan in reversed(live(client.facts.get("plans"))):
        begun = read_day(at(plan, "started.on"))
        if plan.get("kind") == "assistance" and begun and since and begun >= since and at(plan, "closed.on") is None:
            return plan
    return None


AWAYS = (HOSPITALISED, OUT) = ("hospitalised", "out_with_permission")
"""How it is called that she is out of the house: in hospital, or for anything else."""


RETURN = ("back_at", "entry_permitted_by")
"""What is to be said of her coming back (A2.7)."""


class Away(NamedTuple):
    """That she is out of the house for a while: how that is called, since when, in which entry, and until when."""

    state: str
    since: str
    entry: str
    expected: str | None = None


def away(stay: Stay | None, today: date) -> Away | None:
    """Whether she is out of the house *today*, though she lives there (LC09, LC10); her bed is kept."""
    if stay is None or not stay.open or stay.arrived_on is None:
        return None
    for absence in reversed(live(stay.facts.get("absences"))):
        left, back = (day_of(absence.get(name)) for name in ("left_at", "back_at"))
        if left and left <= today and (back is None or back > today):
            name = HOSPITALISED if absence.get("kind") == "hospital" else OUT
            return Away(name, absence["left_at"], str(absence["id"]), absence.get("expected_back_at"))
    return None
