"""The discharge of a client: judged on its day, recorded as one act, and taken back if it was a mistake."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.change import (
    FRAGMENT_ALREADY_THERE,
    Change,
    MergedFile,
    drop_unfinished,
    merge_into_file,
    replace_entry,
    replaced_sentence,
    write_change,
)
from shelterctl.act.client_file import judge_tracks_at
from shelterctl.act.input import Input
from shelterctl.act.state_in_words import client_state
from shelterctl.act.stay_context import DISCHARGE_ACT, stay_context
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.record.client import Client, Stay, live_entries, value_at
from shelterctl.core.record.file_tree import STAY_KEY
from shelterctl.core.record.occupancy import judge_capacity
from shelterctl.core.rules import checklist as acts
from shelterctl.core.rules.monitoring import read_duty
from shelterctl.core.values.days import read_day
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.ui_language import N_

CLIENT_DISCHARGED = N_("Discharged on {on}. Monitoring is due from {due}.")
DISCHARGE_CHECKED = N_("Nothing prevents discharge on {on}.")
DISCHARGE_TAKEN_BACK = N_(
    "The discharge of {on} was taken back on {day}. {She|He} is in {facility} again, where {she|he} arrived "
    "on {arrived}."
)
OWN_DECISION_TAKEN_BACK = N_(
    "The record that {she|he} left by {her|his} own decision on {on} was taken back on {day}. {She|He} is in "
    "{facility} again, where {she|he} arrived on {arrived}."
)
DISCHARGE_AGAIN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE")
OWN_DECISION_AGAIN = N_("If only the day was wrong, record the right one: discharge {id} --on DATE --own-decision")
NOT_DISCHARGED = N_("{She|He} is not discharged; there is nothing to take back.")

DISCHARGE_ONLY_FIELDS = ("on", "at", "by_own_decision")
"""The keys of a discharge that are removed when it is taken back; the plan for it stays."""


def discharge_client(session: Session, client: str, given: Input, check: bool = False) -> Outcome:
    """Record that a client left, today unless a day is given.

    If a discharge is recorded already, only what it lacks is added; another day is refused.
    """
    # Gather.
    her, held = session.store.client_to_change(client)
    meant, when, found = plan_discharge(session, her, given)

    # Decide.
    after = Client(found.record)
    due = {"on": when, "due": _monitoring_due_on(session, after, meant)}
    change = Change(
        held=held,
        record=drop_unfinished(found.record, DISCHARGE_ACT),
        did="discharge",
        data=lambda saved: (
            discharge_data(session, after if saved else her, meant)
            | ({"replaced": found.merge.replaced} if saved else {})
        ),
        findings=(*found.findings, *judge_tracks_at(session, after, (DISCHARGE_ACT,), ("/stays",))),
        changed=found.merge.changed,
        checked=((DISCHARGE_CHECKED, {"on": when}),),
        unchanged=((FRAGMENT_ALREADY_THERE, {}),),
        written=((CLIENT_DISCHARGED, due), *replaced_sentence(found.merge.replaced)),
    )

    # Act.
    return write_change(session, change, check=check)


def plan_discharge(session: Session, her: Client, given: Input) -> tuple[Stay | None, date, MergedFile]:
    """Return the stay as it was, the day, and her file with the discharge in it and the findings.

    The day is the one given, else the one recorded, else today. The stay is the last open one that had begun by the
    given day, else her current one.
    """
    on = read_day(given.value["discharge"].get("on"))
    begun = [stay for stay in her.stays if stay.is_open and on and stay.begun_on and stay.begun_on <= on]
    meant = begun[-1] if begun else her.stay
    left = meant.discharged_on if meant else None
    when = on or left or session.today
    decision = {} if left else {"by_own_decision": None}  # this act decides it, not the plan
    facts = {**decision, **given.value["discharge"], "on": when.isoformat()}
    fragment = {STAY_KEY: meant.id, "discharge": facts} if meant else {}
    found = merge_into_file(session, her.facts, Input(fragment, (), given.document))
    judged = judge_discharge(session, meant, Client(found.record), when)
    return meant, when, replace(found, findings=(*found.findings, *judged))


def discharge_data(session: Session, her: Client, meant: Stay | None = None) -> dict[str, Any]:
    """Return the data of the answer: id, state, day of discharge, and the day from which monitoring is due; of the stay
    *meant*, else of her current one.
    """
    stay = _current_stay(her, meant) or her.stay
    left, due = stay.discharged_on if stay else None, _monitoring_due_on(session, her, meant)
    return {"id": her.id, "state": client_state(session, her), "discharged_on": left, "monitoring_due_on": due}


def _monitoring_due_on(session: Session, her: Client, meant: Stay | None) -> date | None:
    stay = _current_stay(her, meant) or her.stay
    return read_duty(session.rulebook.tracks, her, stay).due_on if stay else None


def _current_stay(her: Client, stay: Stay | None) -> Stay | None:
    """Return a stay as the file has it now."""
    return next((one for one in her.stays if stay and one.index == stay.index), None)


def judge_discharge(session: Session, was: Stay | None, after: Client, day: date) -> tuple[Finding, ...]:
    """Return the findings on a discharge on *day*; *was* is the stay before it, open or over."""
    her = _current_stay(after, was)
    act = session.rulebook.acts[DISCHARGE_ACT]
    if her is None:
        return (acts.make_act_refusal(act, "no-stay", ""),)
    if was and was.discharged_on and _changes_discharge(was, her):
        where = f"/stays/{her.index}/discharge/on"
        again = (acts.make_act_refusal(act, "left-already", where, left=was.discharged_on, id=after.id),)
        return find_reports_on_discharge(session, her) or again
    return tuple(acts.judge_act(act, stay_context(session, after, her, day)))


def _changes_discharge(was: Stay, now: Stay) -> bool:
    """Whether a recorded discharge would get another day, or change whether she left by her own decision."""
    own = [bool(value_at(stay.facts, "discharge.by_own_decision")) for stay in (was, now)]
    return was.discharged_on != now.discharged_on or own[0] is not own[1]


def find_reports_on_discharge(session: Session, stay: Stay) -> tuple[Finding, ...]:
    """Return a refusal if the stay has a monitoring report: its discharge can no longer change."""
    if not live_entries(value_at(stay.facts, "monitoring.reports")):
        return ()
    return (
        acts.make_act_refusal(session.rulebook.acts[DISCHARGE_ACT], "reported", f"/stays/{stay.index}/discharge/on"),
    )


def take_back_discharge(session: Session, client: str, check: bool) -> Outcome:
    """Take back a recorded discharge; the plan for it stays. With *check* nothing is written."""
    # Gather.
    her, held = session.store.client_to_change(client)
    stay = her.stay
    if stay is None or stay.discharged_on is None:
        raise UsageError("discharge/nothing", NOT_DISCHARGED)
    if found := find_reports_on_discharge(session, stay):
        return Outcome(data=discharge_data(session, her), findings=found)

    # Decide.
    left = stay.facts["discharge"]
    kept = {name: value for name, value in left.items() if name not in DISCHARGE_ONLY_FIELDS}
    back = session.stamp.keep_changes(stay.facts, {**stay.facts, "discharge": kept})
    record = replace_entry(held.value, f"/stays/{stay.index}", back)
    after = Client(record)
    facts = {"on": stay.discharged_on, "day": session.today, "arrived": stay.arrived_on, "id": her.id}
    own = bool(left.get("by_own_decision"))
    taken = OWN_DECISION_TAKEN_BACK if own else DISCHARGE_TAKEN_BACK
    change = Change(
        held=held,
        record=record,
        did="discharge",
        data={**discharge_data(session, after), "taken_back": {n: left[n] for n in DISCHARGE_ONLY_FIELDS if n in left}},
        findings=tuple(_full_house_findings(session, after)),
        written=(
            (taken, {**facts, "facility": stay.facility or "?"}),
            (OWN_DECISION_AGAIN if own else DISCHARGE_AGAIN, facts),
        ),
    )

    # Act.
    return write_change(session, change, check=check)


def _full_house_findings(session: Session, her: Client) -> Iterator[Finding]:
    """An open finding if the house has no place left once the discharge is taken back."""
    stay = her.stay
    house = session.store.house_on(her, stay, session.today) if stay and stay.sleeps_here(session.today) else None
    if house and stay and stay.facility:
        counted = replace(house, sleeping=house.sleeping + 1 + len(her.children))
        found = judge_capacity(stay.facility, counted, session.today)
        yield from [found] if found else []
