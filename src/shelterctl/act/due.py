"""What is due of each client today: her deadlines, her monitoring, and what her acts still lack."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shelterctl.act.file import ADMISSION, DISCHARGE, around, beside
from shelterctl.core import due, duty
from shelterctl.core.days import day_of
from shelterctl.core.due import Owed
from shelterctl.core.record import Client, Stay, at
from shelterctl.desk import Desk


def owed(here: Desk, clients: Iterable[Client], within: int = 0) -> list[Owed]:
    """Everything that is due of these clients, or will be within so many days, in the order in which it is told."""
    return sorted((one for her in clients for one in _of(here, her, within)), key=due.order)


def _of(here: Desk, her: Client, within: int) -> Iterator[Owed]:
    if her.idle:
        return
    worker = social_worker(her)
    items = here.shelf.items.values()
    deadlines = (
        *due.of_tracks(here.shelf.owing, beside(here, her, None, here.today), within, items),
        *due.of_monitoring(here.shelf.report, her, here.today, within),
        *due.of_alarms(here.shelf.report, her, here.today),
    )
    told = {(one.stay, one.row) for one in deadlines if one.row}  # an item of the same row is that deadline
    lacking = (one for one in _of_acts(here, her) if (one.stay, one.row) not in told)
    yield from (one._replace(social_worker=worker) for one in (*deadlines, *lacking))


def social_worker(her: Client) -> str | None:
    """Her own social worker by code: who leads her discharge, until plans name one."""
    named = (at(stay.facts, "discharge.social_worker") for stay in reversed(her.stays))
    return next((code for code in named if code), None)


def _of_acts(here: Desk, her: Client) -> Iterator[Owed]:
    """What her admission lacks while her stay is open, and her discharge from when it is planned until she is asked."""
    acts, stay = here.shelf.acts, her.stay
    told = day_of(at(her.facts, "referral.received_at")) if stay is None else stay.arrived_on
    since = told or (stay.day("referral.received_at") if stay else None)
    if since and since > here.today:  # seen from an earlier day nobody knew of her yet
        return
    if stay is None:
        yield from due.of_act(acts[ADMISSION], around(here, her, here.today, count=False), since)
        return
    if stay.open:
        held = around(here, her, stay.admitted_on or here.today, count=False)
        yield from due.of_act(acts[ADMISSION], held, since)
    if _leaving(here, her, stay):
        day = stay.discharged_on or here.today
        held = replace(beside(here, her, stay, day), acts=frozenset({DISCHARGE}))
        yield from due.of_act(acts[DISCHARGE], held, stay.discharged_on)


def _leaving(here: Desk, her: Client, stay: Stay) -> bool:
    """Whether her discharge is planned, or done and her monitoring is still to come."""
    if stay.turned_away or not (stay.discharged_on or stay.day("discharge.planned_on")):
        return False
    return not (stay.discharged_on and duty.monitored(here.shelf.report, her, stay))
