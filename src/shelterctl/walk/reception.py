"""Reception: five answers by which someone is in the house, whatever else is still missing."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import beside
from shelterctl.core.act import evidence
from shelterctl.core.days import ages
from shelterctl.core.finding import Finding
from shelterctl.core.house import House
from shelterctl.language import N_
from shelterctl.walk.step import Head, Step
from shelterctl.walk.table import Table

HEAD = N_("Reception")
OUTSIDE = N_(
    "The shelter is for women and, in exceptional cases, for minor children ({clause}). He becomes a client without a "
    "stay: help comes through a partner NGO and the blue form."
)
RECEIVED = N_("She is received, in file {id}, until her admission is complete. The rest can be answered now or later.")
NOT_THERE = N_("Without the time of her arrival she does not count as being in the house.")
CLAUSE = "M1.2.7"
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
    """Sex and birth, the house where there are several, who sent her, when she came and why it is provisional."""
    head: Head = (HEAD, {})

    def asked(path: str, **more: Any) -> Step:
        return Step(path, table.question(path), table.at(path), partial(table.put, path), head, **more)

    yield asked("identity.sex")
    if not table.record:
        return
    houses = list(table.here.store.shelter.value["facilities"])
    birth = table.question("identity.birth_date")
    born = partial(_born, table, houses)
    yield Step(birth.path, birth, table.at(birth.path), born, head, then=lambda: _branch(table))
    table.house = None if outside(table) else houses[0]
    if len(houses) > 1 and table.house:
        table.house = table.at("facility")
        yield Step("facility", table.question("facility"), table.at("facility"), partial(_house, table), head)
    yield asked("referral.sources")
    if table.house and (table.stay is None or table.stay.admitted_on is None or table.at("received.at")):
        yield Step(
            "received.at",
            table.question("received.at"),
            table.at("received.at"),
            partial(_received, table),
            head,
            then=lambda: screen.tell(RECEIVED, {"id": table.id}, indent="  "),
            last=partial(_there, table),
        )
        if table.at("received.at"):
            yield asked("received.provisional_reason")


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
