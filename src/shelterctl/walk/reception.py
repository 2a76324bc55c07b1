"""Reception: five answers by which someone is in the house, whatever else is still missing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import ADMISSION, beside
from shelterctl.core.days import ages
from shelterctl.core.finding import Finding
from shelterctl.core.house import House
from shelterctl.core.item import evidence
from shelterctl.language import N_
from shelterctl.walk.entry import step
from shelterctl.walk.step import Step
from shelterctl.walk.table import Table

HEAD = N_("Reception")
OUTSIDE = N_(
    "The shelter is for women and, in exceptional cases, for minor children ({clause}). He becomes a client without a "
    "stay: help comes through a partner NGO and the blue form."
)
RECEIVED = N_("She is received, in file {id}, until her admission is complete. The rest can be answered now or later.")
NOT_THERE = N_("Without the time of her arrival she does not count as being in the house.")
CLAUSE = "M1.2.7"
BIRTH, FACILITY, ARRIVAL, REASON = "identity.birth_date", "facility", "received.at", "received.provisional_reason"
SPECIAL = (BIRTH, FACILITY, ARRIVAL, REASON)
"""Places of which more comes than an answer."""

AGE, WOMEN = "sex-and-age", "shelter"
"""The item that says whom a kind of house admits, and the kind that admits women."""


def outside(table: Table) -> bool:
    """Whether no house of the store may ever admit this client: a man who is too old for each of them."""
    if table.stay is not None:
        return False
    if table.record.get("referral"):
        return True
    houses = table.here.store.shelter.value["facilities"].values()
    return bool(table.at("identity.sex")) and all(_barred(table, house["kind"]) for house in houses)


def _barred(table: Table, name: str) -> bool:
    here = table.here
    house = House(here.shelf.kinds[name], 1, 0)
    found = evidence(here.shelf.items[AGE], beside(here, table.client, None, here.today, house=house))
    if found.met or table.client.sex == "female":
        return False
    if found.reason == "age-outside" and table.client.birth:  # who is too young may grow into it
        return ages(table.client.birth, here.today)[0] > int(found.facts["at_most"])
    return found.reason == "adult-man" or (found.reason == "no-birth-date" and name == WOMEN)


def steps(table: Table) -> Iterator[Step]:
    """What the act asks for at reception, in its order: a file begins with the first, a stay with her birth."""
    houses = list(table.here.store.shelter.value["facilities"])
    for name in table.here.shelf.acts[ADMISSION].asks["reception"]:
        path = table.here.shelf.path(name)
        if path == BIRTH:
            table.house = None if outside(table) else houses[0]
        drawn = _special(table, path, houses) if path in SPECIAL else step(table, path, (HEAD, {}))
        if path == FACILITY and drawn:
            table.house = table.at(FACILITY)
        if drawn:
            yield drawn
        if not table.record:
            return


def _special(table: Table, path: str, houses: Sequence[str]) -> Step | None:
    """The questions of which more comes than an answer: a branch, a stay, that she is in the house."""
    plain = step(table, path, (HEAD, {}))
    if path == BIRTH:
        return replace(plain, put=partial(_born, table, houses), then=lambda: _branch(table))
    if path == FACILITY:
        return replace(plain, put=partial(_house, table)) if len(houses) > 1 and table.house else None
    if not (table.house and (table.stay is None or table.stay.admitted_on is None or table.at(ARRIVAL))):
        return None
    if path == REASON:
        return plain if table.at(ARRIVAL) else None
    told = partial(screen.tell, RECEIVED, {"id": table.id}, indent="  ")
    return replace(plain, put=partial(_received, table), then=told, last=partial(_there, table))


def _born(table: Table, houses: Sequence[str], value: Any) -> tuple[Finding, ...]:
    """Her birth; with it her stay begins, where there is one house and it may take her in."""
    found = table.put("identity.birth_date", value)
    if found or table.stay or len(houses) > 1 or outside(table):
        return found
    return table.merge({"stays": [{"facility": houses[0]}]})


def _received(table: Table, at: str | None) -> tuple[Finding, ...]:
    """That she is in the house, and who at this device took her in."""
    return table.merge({"received": {"at": at, "by": table.here.by if at else None}})


def _there(table: Table) -> None:
    """Say what an unanswered arrival means."""
    if table.at("received.at") is None:
        screen.tell(NOT_THERE, indent="  ")


def _branch(table: Table) -> None:
    """Say at once that he will not have a stay, and why."""
    if outside(table):
        screen.tell(OUTSIDE, {"clause": CLAUSE}, indent="  ")


def _house(table: Table, code: Any) -> tuple[Finding, ...]:
    """The house of her stay, which begins with this answer."""
    if table.stay is None:
        return table.merge({"stays": [{"facility": code}]})
    return table.put("facility", code)
