"""Items that the manual asks for, in a small closed vocabulary of verbs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shelterctl.core.days import day_of, read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.house import House, Missing, eligible, place
from shelterctl.core.record import Client, Facts, Stay, at, live
from shelterctl.core.ruling import History, Ruling, Strength, in_force
from shelterctl.language import N_, Text

AFTER = N_("This is dated {on}, after the day itself, {day} ({clause}). Correct the date, or give a later day.")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist: what it is called, what it asks, and what is said while it is missing.

    *missing* holds a text for each reason that the verb may give, *in_file* what more is said to whoever writes files;
    *applies* is ``stay`` or ``client``; *who* says who can give what is missing.
    """

    name: str
    text: Text
    standing: History
    verb: str
    asks: Mapping[str, Any]
    missing: Mapping[str, Text]
    in_file: Mapping[str, Text] = field(default_factory=dict)
    applies: str = "stay"
    who: Text | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """Every place that is asked for with it, the day first, so that what follows is told of that day."""
        asks = self.asks
        named = (asks.get("on"), asks.get("path"), *asks.get("all", ()), *asks.get("also", ()))
        return tuple(dict.fromkeys(path for path in named if path))


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of items in the manual's order."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who and what a checklist is held against, on the day that governs it."""

    client: Client
    stay: Stay | None
    day: date
    house: House | None = None

    def at(self, path: str) -> Any:
        """What stands at *path* in the stay, or in the file of a client without one."""
        return at(self.stay.facts if self.stay else self.client.facts, path)


@dataclass(frozen=True, slots=True)
class Evidence:
    """That an item is there, and since what day where a day is known."""

    on: date | None = None


Verb = Callable[[Subject, Item], Evidence | Missing]


def _present(subject: Subject, item: Item) -> Evidence | Missing:
    """All of these places are filled, and none of them says no."""
    read: Callable[[str], Any] = subject.at
    if item.asks.get("of") == "client":
        read = lambda path: at(subject.client.facts, path)  # noqa: E731 - one reader or the other
    if not all(read(path) for path in item.asks["all"]):
        return Missing(item.name)
    return Evidence(day_of(read(item.asks["on"])) if "on" in item.asks else None)


def _equals(subject: Subject, item: Item) -> Evidence | Missing:
    """This place says exactly this."""
    if subject.at(item.asks["path"]) != item.asks["is"]:
        return Missing(item.name)
    return Evidence(day_of(subject.at(item.asks["on"])))


def _eligible(subject: Subject, item: Item) -> Evidence | Missing:
    """The house may admit her by sex and age."""
    if subject.house is None:
        return Missing(item.name)
    return eligible(subject.client, subject.house.kind, subject.day) or Evidence()


def _place(subject: Subject, item: Item) -> Evidence | Missing:
    """A bed is free on the day."""
    if subject.house is None:
        return Missing(item.name)
    return place(subject.client, subject.house, subject.day) or Evidence()


def _opened(subject: Subject, item: Item) -> Evidence | Missing:
    """Her file exists; when it was typed in proves nothing about the day."""
    return Evidence()


def _documents(subject: Subject, item: Item) -> Evidence | Missing:
    """The papers of IOM are there, one of each kind, and an instruction with status and needs."""
    days = [
        max((day for paper in subject.client.documents(kind) if (day := read_day(paper.get("on")))), default=None)
        for kind in item.asks["kinds"]
    ]
    lacking = [kind for kind, day in zip(item.asks["kinds"], days, strict=True) if day is None]
    instruction: Facts = subject.client.instruction or {}
    if not (instruction.get("status") and instruction.get("needs")):
        lacking.append("instructions")
    if lacking:
        return Missing(item.name, facts={"lacking": lacking})
    return Evidence(max([day for day in days if day], default=None))


def _agreement(subject: Subject, item: Item) -> Evidence | Missing:
    """A financial agreement is drafted for the stay."""
    stay = subject.stay.id if subject.stay else None
    days = [read_day(agreement["date"]) for agreement in subject.client.agreements if agreement.get("stay") == stay]
    return Evidence(min(day for day in days if day)) if any(days) else Missing(item.name)


def _done(subject: Subject, item: Item) -> Evidence | Missing:
    """A date was recorded for it."""
    days = [read_day(entry.get("on")) for entry in live(subject.at("done")) if entry.get("item") == item.name]
    return Evidence(min(day for day in days if day)) if any(days) else Missing(item.name)


VERBS: Mapping[str, Verb] = {
    "present": _present,
    "equals": _equals,
    "eligible": _eligible,
    "place": _place,
    "opened": _opened,
    "documents": _documents,
    "agreement": _agreement,
    "done": _done,
}
"""The verbs that an item may use; a new one is one small function and one word here."""


def applies(item: Item, subject: Subject) -> bool:
    """Whether the item is asked of this client at all: one without a stay owes little of a house's list."""
    return subject.stay is not None or item.applies == "client"


def rows(checklist: Checklist, subject: Subject) -> Iterator[dict[str, object]]:
    """The checklist as people and programs see it: item, text, clause, gate, state and day."""
    for item, ruling in _in_force(checklist, subject.day):
        found = VERBS[item.verb](subject, item) if applies(item, subject) else None
        state = "not_applicable" if found is None else "open" if isinstance(found, Missing) else "done"
        yield {
            "item": item.name,
            "text": item.text,
            "clause": (found.clause if isinstance(found, Missing) else None) or ruling.clause,
            "gate": bool(ruling.asks.get("gate")),
            "state": state,
            "on": found.on if isinstance(found, Evidence) else None,
        }


def missing(checklist: Checklist, subject: Subject) -> Iterator[Finding]:
    """What is missing, or dated after the day of the act; at the gate it refuses, elsewhere it stays open."""
    for item, ruling in _in_force(checklist, subject.day):
        if not applies(item, subject):
            continue
        found = VERBS[item.verb](subject, item)
        gate = ruling.asks.get("gate") and ruling.strength is Strength.SHALL
        severity = Severity.REFUSE if gate else Severity.OPEN
        where = _pointer(subject, item)
        if isinstance(found, Missing):
            clause = found.clause or ruling.clause
            yield Finding(
                code=f"{checklist.name}/{found.reason}",
                severity=severity,
                message=item.missing[found.reason],
                in_file=item.in_file.get(found.reason),
                where=where,
                clause=clause,
                facts={"item": item.name, "clause": clause, "day": subject.day, **(found.facts or {})},
            )
        elif gate and found.on and found.on > subject.day:
            yield Finding(
                code=f"{checklist.name}/dated-after",
                message=AFTER,
                where=where,
                clause=ruling.clause,
                facts={"item": item.name, "on": found.on, "day": subject.day, "clause": ruling.clause},
            )


def _pointer(subject: Subject, item: Item) -> str:
    """Where the item is looked for: in the stay, or at the top of a file without one."""
    path = item.asks.get("path") or next(iter(item.asks.get("all", ())), "")
    inside = subject.stay is not None and item.asks.get("of") != "client"
    root = f"/stays/{subject.stay.index}" if subject.stay and inside else ""
    return root + "".join(f"/{name}" for name in path.split(".") if name)


def _in_force(checklist: Checklist, day: date) -> Iterator[tuple[Item, Ruling]]:
    for item in checklist.items:
        ruling = in_force(item.standing, day)
        if ruling is not None:
            yield item, ruling
