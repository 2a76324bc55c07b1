"""The items of an act as questions: which places an item needs is read off its rules on the shelf."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.file import around, judged_admission, told_of
from shelterctl.core.act import applies
from shelterctl.core.entry import read_entry
from shelterctl.core.finding import Finding
from shelterctl.core.item import Item, breaches, evidence, given
from shelterctl.core.question import Question
from shelterctl.core.record import Facts
from shelterctl.core.ruling import in_force
from shelterctl.language import N_
from shelterctl.walk.entry import is_asked, offered_at, step, whoever_types
from shelterctl.walk.remark import remark
from shelterctl.walk.step import Step
from shelterctl.walk.strike import offered
from shelterctl.walk.table import LACKING, Table
from shelterctl.walk.wanted import wanted

CAME = N_("On which day it came.")
DONE_ON = N_("Done on")
SAID_NO = N_("One answer is no, so this stays open: {item}.")
THERE = N_("That is complete: {item}.")
STAYS_OPEN = N_("Answered, but this stays open: {what}")
COORDINATOR = "NGO Coordinator"

STAYS = N_("It stays as it is.")

EXCUSED = "minor-without-reason"
"""What a written reason excuses, and is asked for only then."""


def steps(
    table: Table, name: str, asked_already: frozenset[str] = frozenset(), *, gate: bool | None = None
) -> Iterator[Step]:
    """Every question of one checklist in the manual's order, without those that were asked before it.

    Of the *gate* are what refuses the act, or what can wait; or both.
    """
    day = table.stay.admitted_on if table.stay and table.stay.admitted_on else table.here.today
    for item in table.here.shelf.acts[name].items:
        ruling = in_force(item.history, day)
        if ruling and gate not in (None, bool(ruling.asks.get("gate"))):
            continue
        if ruling and applies(item, around(table.here, table.client, day, count=False)):
            more: dict[str, Any] = {"head": (item.text, {}), "code": ruling.clause}
            more["settled"] = evidence(item, table.held).met
            drawn = _begun(item, list(_of(table, item, asked_already)), more["settled"])
            told = len(drawn) > 1 or (item.tracks and not item.done)  # of one day nothing more is said
            last = partial(_tell, table, item) if told else None
            for step in drawn:
                yield replace(step, name=f"{item.name}:{step.name}", last=last, **more)


def _begun(item: Item, steps: list[Step], settled: bool) -> list[Step]:
    """What has not taken place yet has no more to be asked than its first question."""
    begun = settled or bool(item.papers) or any(step.now not in (None, False) for step in steps)
    return steps if begun else steps[:1]


def _of(table: Table, item: Item, asked_already: frozenset[str]) -> Iterator[Step]:
    if item.done:
        yield from _done(table, item)
    elif item.papers:
        yield from _papers(table, item)
        yield from _instruction(table)
    else:
        yield from wanted(table, item)
    shelf = table.here.shelf
    for name in item.places:
        path = shelf.path(name)
        if name in asked_already or not is_asked(table, name) or _idle(table, item, name) or _marked(table, item, name):
            continue
        yield step(table, path, offer=_offered(table, name, path, table.question(path)))


def _marked(table: Table, item: Item, name: str) -> bool:
    """Whether another place of the item is answered by one answer with this one."""
    inside, _, last = name.rpartition(".")
    places = table.here.shelf.places
    beside = (table.here.shelf.path(each) for each in item.places if each.rpartition(".")[0] == inside)
    return any(places[path].marks == last for path in beside if places[path].kind == "day")


def _idle(table: Table, item: Item, name: str) -> bool:
    """Whether a place only excuses what is not broken: such a reason is asked for while it is needed."""
    excused = [rule for rule in item.rules if rule.unless == name]
    if not excused or table.at(table.here.shelf.path(name)) is not None:
        return False
    held = table.held
    return not any(one.reason == EXCUSED for rule in excused for one in breaches(rule, held))


def _places(table: Table, item: Item) -> list[str]:
    """The places of her file that an item asks for."""
    return [table.here.shelf.path(name) for name in item.places]


def _offered(table: Table, place: str, path: str, question: Question) -> str:
    """What Enter alone answers at a place of her file, or nothing."""
    first, _, name = place.partition(".")
    track, around = table.here.shelf.tracks[first], table.held
    entry = next(iter(around.entries(first)), read_entry(track, {}))
    return offered_at(table, track, entry, around, name, table.here.shelf.places[path], question)


def _done(table: Table, item: Item) -> Iterator[Step]:
    """An item for which a day is enough, unless entries meet it already."""
    held = table.held
    if evidence(item, held).met and not given(item, held):
        return
    entries = table.at("done") or []
    number, entry = _standing(entries, "item", item.name)
    facts: dict[str, Any] = {} if number is not None else {"item": item.name}
    question = replace(table.question("done.on"), text=DONE_ON)
    yield Step("done", question, entry.get("on"), partial(_entry, table, "done", number, facts, "on"))
    if number is not None:
        who, put = table.question("done.by"), partial(_done_by, table, number)
        offer = whoever_types(table, table.here.shelf.tracks["done"], entry, who)
        yield Step("done.by", who, entry.get("by"), put, offer=offer)


def _done_by(table: Table, number: int, code: Any) -> tuple[Finding, ...]:
    """Who did it, which need not be whoever types."""
    return table.entry("done", number, {"by": code})


def _papers(table: Table, item: Item) -> Iterator[Step]:
    """The papers of IOM, one of each kind: on which day each came."""
    known = table.at("iom.documents") or []
    names = table.question("iom.documents.kind").choices
    for kind in item.papers:
        number, entry = _standing(known, "kind", kind)
        facts: dict[str, Any] = {} if number is not None else {"kind": kind, "by": COORDINATOR}
        question = replace(table.question("iom.documents.on"), text=names[kind], hint=screen.said(CAME))
        yield Step(kind, question, entry.get("on"), partial(_entry, table, "iom.documents", number, facts, "on"))


def _instruction(table: Table) -> Iterator[Step]:
    """The last instruction of the NGO Coordinator; another status is another instruction."""
    given = table.at("iom.instructions") or []
    last = table.client.instruction
    number = next((n for n, entry in enumerate(given) if last is not None and entry["id"] == last["id"]), None)
    head = {"on": table.here.today.isoformat(), "by": COORDINATOR}
    yield Step(
        "iom.instructions.status",
        table.question("iom.instructions.status"),
        last["status"] if last else None,
        partial(_entry, table, "iom.instructions", None, head, "status"),
    )
    for name in ("on", "needs") if last else ():
        yield Step(
            f"iom.instructions.{name}",
            table.question(f"iom.instructions.{name}"),
            (last or {}).get(name),
            partial(_entry, table, "iom.instructions", number, {}, name),
        )


def _standing(entries: Sequence[Facts], name: str, value: str) -> tuple[int | None, Facts]:
    """The entry that says so and is not struck through, with its number in the list."""
    for number, entry in enumerate(entries):
        if entry.get(name) == value and "void" not in entry:
            return number, entry
    return None, {}


def _entry(
    table: Table, path: str, number: int | None, facts: Mapping[str, Any], name: str, value: Any
) -> tuple[Finding, ...]:
    """Save one answer of an entry; an entry cannot be taken away, only struck through."""
    if value is None and number is not None:
        struck = offered(table, str(table.at(path)[number]["id"]))
        return () if struck else (Finding(code="fragment/cannot-remove", message=STAYS, where="/" + path),)
    return table.entry(path, number, {**facts, name: value})


def open_at(table: Table, *places: str) -> Iterator[Finding]:
    """What refuses her admission, or stays open behind it, at one of these places of her file."""
    if table.stay is None:
        return
    root, here = f"/stays/{table.stay.index}/", table.here
    its = {place.rpartition(".")[0] for place in places} | {*places}
    names = [track.name for track in here.shelf.ruled if track.at in its]
    lacking_yet = [one for one in told_of(here, table.client, names, (root,)) if one.code in LACKING]
    day = table.stay.admitted_on or here.today
    for finding in (*judged_admission(here, table.client, day, count=False), *lacking_yet):
        where = finding.where.removeprefix(root).replace("/", ".")
        if any(where == place or where.startswith(f"{place}.") for place in places):
            yield finding


def _tell(table: Table, item: Item) -> None:
    """Say once when an item has become complete, and each time what stays open behind its answers."""
    there = evidence(item, table.held).met
    if there and (found := list(open_at(table, *_places(table, item)))):
        screen.write([screen.said(STAYS_OPEN, {"what": remark(table.here, one)}) for one in found], indent="  ! ")
    elif there and item.name not in table.seen:
        table.seen.add(item.name)
        screen.tell(THERE, {"item": item.text}, indent="  ")
    elif False in (table.at(table.here.shelf.path(name)) for name in item.names):
        screen.tell(SAID_NO, {"item": item.text}, indent="  ! ")
