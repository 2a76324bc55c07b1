"""Items of a checklist for which a day is enough, and what to fill in where it is not."""

from typing import Any

from shelterctl import document
from shelterctl.act.file import CHECKED, SAME, merged, save, still_open, told_of, way
from shelterctl.act.input import Input
from shelterctl.core.act import Item
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.record import Client
from shelterctl.desk import Desk, code
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.library import Shelf

DONE = N_("Done on {on}: {item}.")
NO_ITEM = N_("There is no such item. A date is enough for {items}.")
MORE_THAN_A_DATE = N_("For this item a date is not enough. Fill in what follows and give it with --from:\n{fragment}")
IT_FOLLOWS = N_("This item follows from the rest of the file, and is not written down by itself: {item}.")

COORDINATOR = "NGO Coordinator"
"""Who gives what is IOM's, where a file is to be filled in."""


def done_on(here: Desk, client: str, names: list[str], on: str | None, by: str | None, check: bool) -> Outcome:
    """Record a day for each of these items; nothing is recorded if one of them needs more than a day."""
    # Gather.
    her, held = here.store.client(client)
    items = here.shelf.items
    for name in names:
        if name not in items:
            enough = [each for each, item in items.items() if item.done]
            raise Usage("usage/item", NO_ITEM, items=enough)
        if items[name].follows:
            raise Usage("usage/item", IT_FOLLOWS, item=items[name].text)
        if not items[name].done:
            raise Usage("usage/item", MORE_THAN_A_DATE, fragment=to_fill_in(here.shelf, items[name]))
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
