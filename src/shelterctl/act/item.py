"""Items of a checklist for which a day is enough, and what to fill in where it is not."""

from typing import Any

from shelterctl import document
from shelterctl.act.file import CHECKED, SAME, merged, save, still_open, told_of, way
from shelterctl.act.input import Input
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.item import Item
from shelterctl.core.record import Client
from shelterctl.core.track import Track
from shelterctl.desk import Desk, code
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.library import Shelf

DONE = N_("Done on {on}: {item}.")
NO_ITEM = N_("There is no such item. A date is enough for {items}.")
BY_ENTRY = N_("A date alone is not enough for this item; it is met by what is written down: {item}.")
WRITE_IT = N_("Write it down with: {commands}")
MORE_THAN_A_DATE = N_("For this item a date is not enough. Fill in what follows and give it with --from:\n{fragment}")
IT_FOLLOWS = N_("This item follows from the rest of the file, and is not written down by itself: {item}.")

COORDINATOR = "NGO Coordinator"
"""Who gives what is IOM's, where a file is to be filled in."""


def done_on(here: Desk, client: str, names: list[str], on: str | None, by: str | None, check: bool) -> Outcome:
    """Record a day for each of these items; nothing is recorded if one of them needs more than a day."""
    # Gather.
    her, held = here.store.to_change(client)
    items = here.shelf.items
    for name in names:
        if name not in items:
            enough = [each for each, item in items.items() if item.done]
            raise Usage("usage/item", NO_ITEM, items=enough)
        if not items[name].done:
            raise _otherwise(here.shelf, items[name], her)
    when = here.dated(on, "--on") if on else here.today

    # Decide.
    who = code(by, "--by") if by else here.by
    entries = [{"item": name, "on": when.isoformat(), "by": who} for name in names]
    found = merged(here, held.value, Input({"done": entries}, (), None))
    if refused(found.findings):
        return Outcome(findings=found.findings)

    # Act.
    if found.merge.changed and not check:
        save(here, found.record, held.version, "admit")
    her = Client(found.record)
    said: Said = [(DONE, {"on": when, "item": items[name].text}) for name in names]
    if check or not found.merge.changed:
        said = [(CHECKED if check else SAME, {})]
    made = [] if check else found.merge.entries
    told = {"entry": made[0]} if len(made) == 1 else {"entries": dict(zip(names, made, strict=True))} if made else {}
    return Outcome(
        data={**way(here, her), **told},
        findings=(*told_of(here, her, ("done",), found.merge.added), *still_open(here, her)),
        said=said,
    )


def _otherwise(shelf: Shelf, item: Item, her: Client) -> Usage:
    """How an item is met for which a date is not enough: by a fragment, by entries, or by the rest of her file."""
    if item.names or item.papers:
        return Usage("usage/item", MORE_THAN_A_DATE, fragment=to_fill_in(shelf, item))
    if commands := [f"shelterctl add {her.id} {track.name}" for track in tracks_of(shelf, item)]:
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
