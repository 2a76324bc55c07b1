"""What is due of each client today: her deadlines, her monitoring, and what her acts still lack."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from shelterctl import contract
from shelterctl.act.file import ADMISSION, DISCHARGE, around, beside
from shelterctl.core import due, duty
from shelterctl.core.days import day_of
from shelterctl.core.due import Owed
from shelterctl.core.record import Client, Stay, at
from shelterctl.core.stranger import named
from shelterctl.core.tree import STAYS
from shelterctl.core.way import Way
from shelterctl.desk import Desk

SOCIAL_WORKER = "social_worker"
"""The name that a field has in every track where it says who leads her way."""

WRITERS = frozenset({"recorded_by", "void", "printed"})
"""Keys below which stands who wrote something down, struck it through or printed it: no part of their work with her."""


class Named(NamedTuple):
    """One place of a file where a member of staff is named: the *number* of its stay, -1 beside all, and its place."""

    stay: int
    number: int
    way: Way
    code: str


def owed(here: Desk, clients: Iterable[Client], within: int = 0) -> list[Owed]:
    """Everything that is due of these clients, or will be within so many days, in the order in which it is told."""
    return sorted((one for her in clients for one in _of(here, her, within)), key=due.order)


def _of(here: Desk, her: Client, within: int) -> Iterator[Owed]:
    if her.idle:
        return
    items = here.shelf.items.values()
    deadlines = (
        *due.of_tracks(here.shelf.owing, beside(here, her, None, here.today, now=here.moment), within, items),
        *due.of_monitoring(here.shelf.report, her, here.today, within),
        *due.of_alarms(here.shelf.report, her, here.today),
    )
    told = {(one.stay, one.row) for one in deadlines if one.row}  # an item of the same row is that deadline
    found = [*deadlines, *(one for one in _of_acts(here, her) if (one.stay, one.row) not in told)]
    if found:
        worker = social_worker(here, her)
        yield from (one._replace(social_worker=worker) for one in found)


def social_worker(here: Desk, her: Client) -> str | None:
    """Her own social worker by code: whom the last thing on her way names that names one, such as a plan."""
    found = [one for one in _named(here, her) if one.way[-1] == SOCIAL_WORKER]
    last = max(found, key=lambda one: (one.stay, one.number), default=None)
    return next((one.code for one in reversed(found) if last and one[:2] == last[:2]), None)


def _named(here: Desk, her: Client) -> Iterator[Named]:
    """Whom her entries name as staff, as far as they lie open; not who wrote them down or struck them through."""
    for (number, way), where, code in named(her.facts, contract.naming(here.shelf, "staff"), but=WRITERS):
        _, first, stay, *_ = *where.split("/"), "", ""
        yield Named(int(stay) if first == STAYS else -1, number, way, code)


def of_staff(here: Desk, clients: Iterable[Client], rows: Iterable[Owed], code: str) -> list[Owed] | None:
    """The rows of clients whose entries name a member of staff, in the stay of the row or beside all stays.

    None where no file names that code at all, which is another thing than that nothing is due.
    """
    found: set[tuple[str, str | None]] = set()
    for her in clients:
        ids = {stay.index: stay.id for stay in her.stays}
        hers = {one.stay for one in _named(here, her) if one.code == code and (one.stay in ids or one.stay < 0)}
        found |= {(her.id, id_) for index, id_ in ids.items() if {index, -1} & hers}
        found |= {(her.id, None)} if hers else set()
    return [one for one in rows if (one.id, one.stay) in found] if found else None


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
