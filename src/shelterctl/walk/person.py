"""Who she is: names as soon as she will say them, a file that she may have already, and what later forms ask for."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.language import N_
from shelterctl.walk import same_person
from shelterctl.walk.step import Step
from shelterctl.walk.table import Table

NAMES = N_("Names")
LATER = N_("For later forms; all of it can wait")
CHILD = N_("Children who came with her")

FIRST = ("identity.first_name", "identity.last_name")
REST = (
    "identification_number", "identity.middle_name", "identity.citizenship", "identity.marital_status",
    "identity.education", "identity.children_text", "identity.address", "identity.phone", "identity.documents_text",
    "trafficking.exploitation", "trafficking.exploitation_other", "trafficking.country_of_exploitation",
    "trafficking.months_trafficked",
)  # fmt: skip
"""What the forms ask for besides the checklist, in the order of the forms."""


def names(table: Table) -> Iterator[Step]:
    """Her names, and whether her date of birth is a guess."""
    for path in FIRST:
        yield asked(table, path, NAMES, then=lambda: same_person.ask_whether(table))
    birth = table.at("identity.birth_date")
    if birth is not None and len(str(birth)) < len("1999-03-14"):
        yield asked(table, "identity.estimated", NAMES)


def rest(table: Table) -> Iterator[Step]:
    """Children who came with her, and what later forms ask for."""
    for path in REST:
        question = table.question(path)
        if besides(table, path, question.beside):
            yield asked(table, path, LATER)
    yield from _children(table)


def asked(table: Table, path: str, head: Any, **more: Any) -> Step:
    """The step of one place of her file."""
    return Step(path, table.question(path), table.at(path), partial(table.put, path), (head, {}), **more)


def besides(table: Table, path: str, beside: tuple[str, str] | None) -> bool:
    """Whether a place makes sense beside what a place next to it says."""
    if beside is None:
        return True
    said = table.at(f"{path.rpartition('.')[0]}.{beside[0]}")
    return beside[1] in said if isinstance(said, list) else said == beside[1]


def _children(table: Table) -> Iterator[Step]:
    known = table.at("children") or []
    for number in [number for number, child in enumerate(known) if "void" not in child] + [None]:
        child: Mapping[str, Any] = {} if number is None else known[number]
        for name in ("birth_date", "sex")[: 1 if number is None else 2]:
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
    return table.entry("children", number, facts)
