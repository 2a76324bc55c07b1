"""Items of a checklist for which a day is enough, and what to fill in where it is not."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl import document
from shelterctl.act.file import CHECKED, SAME, around, merged, save, still_open, told_of, way
from shelterctl.act.input import Input
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.item import Item, given
from shelterctl.core.record import Client, live
from shelterctl.core.sameness import content, same
from shelterctl.core.track import Track
from shelterctl.desk import Desk, code
from shelterctl.errors import Usage
from shelterctl.language import N_, Marked
from shelterctl.library import Shelf

DONE = N_("Done on {on}: {item}.")
OPEN = N_("It is written down, and the item stays open: {item}.")
NO_ITEM = N_("There is no such item. A date is enough for {items}.")
BY_ENTRY = N_("A date alone is not enough for this item; it is met by what is written down: {item}.")
WRITE_IT = N_("Write it down with: {commands}")
MORE_THAN_A_DATE = N_("For this item a date is not enough. Fill in what follows and give it with --from:\n{fragment}")
IT_FOLLOWS = N_("This item follows from the rest of the file, and is not written down by itself: {item}.")
NO_DAY = N_("A date alone is not enough for this item: {item} ({clause}). Leave it out.")

COORDINATOR = "NGO Coordinator"
"""Who gives what is IOM's, where a file is to be filled in."""


def done_on(here: Desk, client: str, names: list[str], on: str | None, by: str | None, check: bool) -> Outcome:
    """Record a day for each of these items; nothing is recorded if one of them needs more than a day."""
    # Gather.
    her, file = here.store.to_change(client)
    items = here.shelf.items
    for name in names:
        if name not in items:
            enough = [each for each, item in items.items() if item.done]
            raise Usage("usage/item", NO_ITEM, items=enough)
        if not items[name].done:
            raise _otherwise(here.shelf, items[name], her.id)
    when = here.dated(on, "--on") if on else here.today

    # Decide.
    who = code(by, "--by") if by else here.by
    entries = [{"item": name, "on": when.isoformat(), "by": who} for name in names]
    found = merged(here, file.value, Input({"done": entries}, (), None))
    if refused(found.findings):
        return Outcome(findings=found.findings)

    # Act.
    if found.merge.changed and not check:
        save(here, found.record, file.version, "admit")
    her = Client(found.record)
    held = around(here, her, here.today, count=False)
    said: Said = [
        (DONE if when in given(items[name], held) else OPEN, {"on": when, "item": items[name].text}) for name in names
    ]
    if check or not found.merge.changed:
        said = [(CHECKED if check else SAME, {})]
    made = [] if check else found.merge.entries
    told = {"entry": made[0]} if len(made) == 1 else {"entries": dict(zip(names, made, strict=True))} if made else {}
    return Outcome(
        data={**way(here, her), **told},
        findings=(*told_of(here, her, ("done",), found.merge.added), *still_open(here, her)),
        said=said,
    )


def dayless(here: Desk, before: Client, told: Input) -> Iterator[Finding]:
    """Each day in a fragment that is given for an item for which none is enough; what her file has already may stay.

    When a day was enough, it counted; whoever gives one now writes down the entries by which the item is met.
    """
    known = [content(one) for stay in before.stays for one in live(stay.facts.get("done"))]
    stays = (told.value, *(told.value.get("stays") or ()))
    for place, facts in zip(("", *(f"/stays/{number}" for number in range(len(stays)))), stays, strict=False):
        for number, one in enumerate(facts.get("done") or ()):
            item = here.shelf.items.get(one.get("item"))
            if item is None or item.done or any(same(content(one), each) for each in known):
                continue
            yield _of_no_day(item, f"{place}/done/{number}/item", _otherwise(here.shelf, item, "ID"))


def _of_no_day(item: Item, where: str, why: Usage) -> Finding:
    """The refusal of such a day, with how the item is met."""
    clause = item.history[-1].clause
    facts: Mapping[str, Any] = {**why.facts, "item": item.text, "clause": clause}
    return Finding(code="fragment/by-entry", message=NO_DAY, in_file=why.hint, where=where, clause=clause, facts=facts)


def _otherwise(shelf: Shelf, item: Item, her: str) -> Usage:
    """How an item is met for which a date is not enough: by a fragment, by entries, or by the rest of her file."""
    if item.names or item.papers:
        return Usage("usage/item", MORE_THAN_A_DATE, fragment=Marked(to_fill_in(shelf, item)))
    if commands := [f"shelterctl add {her} {track.name}" for track in tracks_of(shelf, item)]:
        return Usage("usage/item", BY_ENTRY, hint=WRITE_IT, item=item.text, commands=commands)
    return Usage("usage/item", IT_FOLLOWS, item=item.text)


def tracks_of(shelf: Shelf, item: Item) -> list[Track]:
    """The tracks whose entries meet an item, but for those that only a command of their own writes."""
    from shelterctl.act.addition import command_of  # noqa: PLC0415 - a day is given without

    return [track for track in map(shelf.tracks.__getitem__, item.tracks) if not command_of(track)]


def to_fill_in(shelf: Shelf, item: Item) -> str:
    """The fragment of an item for which a date is not enough, empty, to be filled in."""
    paths = [shelf.path(name) for name in dict.fromkeys((*item.names, *([item.on] if item.on else [])))]
    fragment: dict[str, Any] = {}
    for path in paths:
        below = fragment
        *above, last = path.split(".")
        for name in above:
            below = below.setdefault(name, {})
        below[last] = COORDINATOR if shelf.places[path].offers == "coordinator" else None
    if item.papers:
        papers = [{"kind": kind, "on": None, "by": COORDINATOR} for kind in item.papers]
        said = {"on": None, "by": COORDINATOR, "status": "recognised", "needs": ["..."]}
        fragment = {"iom": {"documents": papers, "instructions": [said]}}
    return document.write(fragment)
