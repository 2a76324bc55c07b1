"""The kinds of house: whom each may admit, and how many sleep there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client, Stay
from shelterctl.core.ruling import History, in_force
from shelterctl.language import N_, Text

FULL = N_(
    "{facility} is full: {sleeping} sleep there, and it has {capacity} places ({clause}). "
    "Before anyone else is admitted, ask the NGO Coordinator for another house."
)
OVERFULL = N_(
    "{facility} is overfull: {sleeping} sleep there, and it has {capacity} places ({clause}). "
    "Ask the NGO Coordinator at once who can move to another house; nobody is put out."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Kind:
    """A kind of house on the shelf, and how many it may take in."""

    name: str
    text: Text
    capacity: History


@dataclass(frozen=True, slots=True, repr=False)
class House:
    """One house as seen from one client on one day.

    *capacity* is the declared number of persons; *sleeping* counts everyone else who sleeps there that night, if they
    were *counted*.
    """

    kind: Kind
    capacity: int
    sleeping: int
    counted: bool = True


def sleepers(clients: Iterable[Client], day: date) -> Iterator[tuple[Client, Stay]]:
    """Every resident who sleeps in a house in the night after *day*, with her stay there."""
    return ((client, stay) for client in clients for stay in client.stays if stay.sleeps_here(day))


def sleeping(clients: Iterable[Client], facility: str, day: date) -> int:
    """How many residents, and children who stay with them, sleep in *facility* in the night after *day*."""
    return sum(1 + len(client.children) for client, stay in sleepers(clients, day) if stay.facility == facility)


def full(facility: str, house: House, day: date) -> Finding | None:
    """That a house has no place left in the night after *day*, or fewer than it needs (M1.2.9, M1.0.C3).

    *house* counts everyone who sleeps there. It stays open: nobody who is in the house is put out.
    """
    ruling = in_force(house.kind.capacity, day)
    if ruling is None or house.sleeping < house.capacity:
        return None
    facts = {"facility": facility, "sleeping": house.sleeping, "capacity": house.capacity, "clause": ruling.clause}
    where, severity, clause = f"/facilities/{facility}", Severity.OPEN, ruling.clause
    if house.sleeping == house.capacity:
        return Finding(code="house/full", severity=severity, message=FULL, where=where, clause=clause, facts=facts)
    return Finding(code="house/overfull", severity=severity, message=OVERFULL, where=where, clause=clause, facts=facts)
