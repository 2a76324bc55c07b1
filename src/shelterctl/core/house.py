"""The kinds of house: whom each may admit, and how many sleep there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shelterctl.core.days import ages
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client, Stay, at
from shelterctl.core.ruling import History, Ruling, in_force
from shelterctl.language import N_, Text

FULL = N_(
    "{facility} is full: {sleeping} sleep there, and it has {capacity} places ({clause}). "
    "Before anyone else is admitted, ask the NGO Coordinator for another house."
)
OVERFULL = N_(
    "{facility} is overfull: {sleeping} sleep there, and it has {capacity} places ({clause}). "
    "Ask the NGO Coordinator at once who can move to another house; nobody is put out."
)


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there: a *reason* that the shelf has words for, its facts, and a clause of its own if it has one."""

    reason: str
    clause: str | None = None
    facts: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of house on the shelf: its capacity, and the words by which it admits."""

    name: str
    text: Text
    capacity: History
    admits: Mapping[str, History]


@dataclass(frozen=True, slots=True)
class House:
    """One house as seen from one client on one day.

    *capacity* is the declared number of persons; *sleeping* counts everyone else who sleeps there that night.
    """

    kind: Kind
    capacity: int
    sleeping: int


def women_and_minors(client: Client, day: date, ruling: Ruling) -> Missing | None:
    """Women are admitted; a minor only with a written reason; an adult man never (M1.2.7, X07)."""
    if client.birth is None:
        return Missing("no-birth-date")
    youngest, _ = ages(client.birth, day)
    minor_under = ruling.asks["minor_under"]
    if client.sex != "female" and youngest >= minor_under:
        return Missing("adult-man")
    reason = client.stay and at(client.stay.facts, "admission.exceptional_minor_reason")
    if youngest < minor_under and not reason:
        return Missing("minor-without-reason", facts={"minor_under": minor_under, "youngest": max(youngest, 0)})
    return None


def ages_between(client: Client, day: date, ruling: Ruling) -> Missing | None:
    """Only someone certainly younger or certainly older is turned away (M1.0.C3, X06)."""
    if client.birth is None:
        return Missing("no-birth-date")
    youngest, oldest = ages(client.birth, day)
    least, most = ruling.asks["at_least"], ruling.asks["at_most"]
    if oldest < least or youngest > most:
        return Missing("age-outside", facts={"at_least": least, "at_most": most})
    return None


ADMITS: Mapping[str, Callable[[Client, date, Ruling], Missing | None]] = {
    "women_and_minors": women_and_minors,
    "ages_between": ages_between,
}
"""The words by which a kind of house admits; a new kind of rule is one function and one word here."""


def eligible(client: Client, kind: Kind, day: date) -> Missing | None:
    """The first reason why a house of this kind may not admit her on *day*, under the clause of that kind."""
    for word, history in kind.admits.items():
        ruling = in_force(history, day)
        missing = ADMITS[word](client, day, ruling) if ruling else None
        if ruling and missing:
            return Missing(missing.reason, ruling.clause, missing.facts)
    return None


def place(client: Client, house: House, day: date) -> Missing | None:
    """Everyone else who sleeps there, her own children too, must be fewer than the capacity (M1.2.9, M1.0.C3)."""
    ruling = in_force(house.kind.capacity, day)
    if ruling is None or house.sleeping + len(client.children) < house.capacity:
        return None
    return Missing("full-house", ruling.clause, {"sleeping": house.sleeping, "capacity": house.capacity})


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
