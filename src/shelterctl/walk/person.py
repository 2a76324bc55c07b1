"""Who she is: her children, names as soon as she will say them, a file that she may have already, and what can wait."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.file import ADMISSION
from shelterctl.core.finding import Finding
from shelterctl.language import N_
from shelterctl.walk import same_person
from shelterctl.walk.entry import of_file
from shelterctl.walk.step import Step
from shelterctl.walk.strike import offered
from shelterctl.walk.table import Table

NAMES = N_("Names")
LATER = N_("For later forms; all of it can wait")
CHILD = N_("Children who came with her")

ANOTHER = N_("How old, or born when? Enter: no child, or no other one.")
"""What is said where a child begins: most women come without one."""

NAMED = ("identity.first_name", "identity.last_name")
"""After each of these it is asked whether she was here before."""


def names(table: Table) -> Iterator[Step]:
    """Her names, and what else of her the gate or her signatures rest on.

    A name that many do not have, such as a patronymic, is asked for once.
    """
    admission, named = table.here.shelf.acts[ADMISSION], all(table.at(name) for name in NAMED)
    wanted = {name for item in admission.items for name in item.places}
    for step in of_file(table, admission.asks["names"], (NAMES, {})):
        if step.name in NAMED:
            yield replace(step, then=lambda: same_person.ask_whether(table))
        else:
            yield replace(step, settled=named and step.name not in wanted)


def rest(table: Table) -> Iterator[Step]:
    """What later forms ask for."""
    admission = table.here.shelf.acts[ADMISSION]
    earlier = frozenset((*admission.asks["reception"], *admission.asks["names"]))
    items = frozenset(name for item in admission.items for name in item.places)
    yield from of_file(table, admission.asks["later"], (LATER, {}), earlier | items)


def children(table: Table) -> Iterator[Step]:
    """Children who came with her, for they need places too: each that is known, and the first question of another."""
    asks = [table.here.shelf.path(name) for name in table.here.shelf.acts[ADMISSION].asks["children"]]
    known = table.at("children") or []
    for number in [number for number, child in enumerate(known) if "void" not in child] + [None]:
        child: Mapping[str, Any] = {} if number is None else known[number]
        for path in asks[: 1 if number is None else len(asks)]:
            name = path.rpartition(".")[2]
            question = table.question(path)
            yield Step(
                f"children.{len(known) if number is None else number}.{name}",
                replace(question, hint=ANOTHER, signs=True) if number is None else question,
                child.get(name),
                partial(_child, table, number, name),
                (CHILD, {}),
                settled=number is None or name != asks[0].rpartition(".")[2],
            )


def _child(table: Table, number: int | None, name: str, value: Any) -> tuple[Finding, ...]:
    """Save an answer about a child; one who is new stays with her. A no says that there is none."""
    if value is False and number is None:
        return ()
    facts = {name: value} if number is not None else {name: value, "stays_with_her": True}
    found = table.entry("children", number, facts, again=number is None)
    if number is not None and not found:
        child = table.at("children")[number]
        asks = table.here.shelf.acts[ADMISSION].asks["children"]
        if not any(child.get(asked.rpartition(".")[2]) for asked in asks):  # nothing is left of the child
            offered(table, str(child["id"]))
    return found
