"""Numbers that others see and that would tell who she is: her name stands in them."""

from collections.abc import Collection, Iterator
from typing import Any

from shelterctl.core.field import Field
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.person import names_her
from shelterctl.core.record import Facts
from shelterctl.language import N_

NAMES_HER = N_(
    "Others see this number, and her name stands in it, or nearly ({clause}). Write it just as IOM gave it, with no "
    "name in it."
)


def telltales(record: Facts, whole: Field, places: Collection[str] | None = None) -> Iterator[Finding]:
    """Each nameless field of a file in which a name of hers stands: malformed where it is written at one of *places*.

    Without *places* everything is looked at, and what stands there already is open.
    """
    severity = Severity.OPEN if places is None else Severity.REFUSE
    for where, one, said in _nameless(record, whole, ""):
        touched = places is None or any(where == place or where.startswith(f"{place}/") for place in places)
        if touched and names_her(said, record):
            facts = {"clause": one.clause}
            yield Finding(
                code="fragment/names-her",
                message=NAMES_HER,
                severity=severity,
                where=where,
                clause=one.clause,
                facts=facts,
            )


def _nameless(found: Any, one: Field, where: str) -> Iterator[tuple[str, Field, str]]:
    """Every text at a field that holds no word of hers, with the pointer to it; not of what is struck through."""
    if isinstance(found, list):
        for number, each in enumerate(found):
            yield from _nameless(each, one, f"{where}/{number}")
    elif isinstance(found, dict) and "void" not in found:
        for name, below in one.fields.items():
            if name in found:
                yield from _nameless(found[name], below, f"{where}/{name}")
    elif isinstance(found, str) and one.nameless:
        yield where, one, found
