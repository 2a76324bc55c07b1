"""Who she is: names as soon as she will say them, a file that she may have already, and what later forms ask for."""

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

KNOWN = ("birth_date", "sex")
"""What is asked of a child."""

NAMED = ("identity.first_name", "identity.last_name")
"""After each of these it is asked whether she was here before."""


def names(table: Table) -> Iterator[Step]:
    """Her names, and whether her date of birth is a guess."""
    for step in of_file(table, table.here.shelf.acts[ADMISSION].asks["names"], (NAMES, {})):
        yield replace(step, then=lambda: same_person.ask_whether(table)) if step.name in NAMED else step


def rest(table: Table) -> Iterator[Step]:
    """Children who came with her, and what later forms ask for."""
    admission = table.here.shelf.acts[ADMISSION]
    earlier = frozenset((*admission.asks["reception"], *admission.asks["names"]))
    items = frozenset(name for item in admission.items for name in item.places)
    yield from of_file(table, admission.asks["later"], (LATER, {}), earlier | items)
    yield from _children(table)


def _children(table: Table) -> Iterator[Step]:
    known = table.at("children") or []
    for number in [number for number, child in enumerate(known) if "void" not in child] + [None]:
        child: Mapping[str, Any] = {} if number is None else known[number]
        for name in KNOWN[: 1 if number is None else 2]:
            yield Step(
                f"children.{len(known) if number is None else number}.{name}",
                table.question(f"children.{name}"),
                child.get(name),
                partial(_child, table, number, name),
                (CHILD, {}),
            )


def _child(table: Table, number: int | None, name: str, value: Any) -> tuple[Finding, ...]:
    """Save an answer about a child; one who is new stays with her."""
    facts = {name: value} if number is not None else {name: value, "stays_with_her": True}
    found = table.entry("children", number, facts, again=number is None)
    if number is not None and not found:
        child = table.at("children")[number]
        if not any(child.get(known) for known in KNOWN):  # nothing is left of the child
            offered(table, str(child["id"]))
    return found
