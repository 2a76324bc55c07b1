"""Staff codes in a file that nobody registered, wherever one may stand."""

from collections.abc import Collection, Iterator
from typing import Any

from shelterctl.core.field import Field
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Facts
from shelterctl.language import N_

EACH = "*"
"""Every entry of a list, in the way to a place of a file: ``("stays", EACH, "received", "by")``."""

Way = tuple[str, ...]
STAFF = "M2.0.1"
STRANGER = N_("The staff code at {place} is not registered ({clause}). Register it with: staff add CODE --role ROLE.")


def naming(one: Field, register: str, way: Way = ()) -> Iterator[Way]:
    """The ways to every place of a tree of fields in which a code of that register may stand."""
    way = (*way, EACH) if one.several else way
    if one.kind == "party" and register in one.of:
        yield way
    for name, below in one.fields.items():
        yield from naming(below, register, (*way, name))


def strangers(record: Facts, places: Collection[Way], staff: Collection[str]) -> Iterator[Finding]:
    """Each of those *places* of a file where a code stands that is not *staff*; not in what is struck through.

    Who put entries down is told once for each code: whoever is not registered may have written a whole file.
    """
    writers: set[str] = set()
    for path in places:
        for where, code in _codes(record, path, ""):
            wrote = path[-1] == "recorded_by"
            if code in staff or (wrote and code in writers):
                continue
            if wrote:
                writers.add(code)
            place = ".".join(step for step in path if step not in ("stays", EACH))
            yield Finding(
                code="admission/unregistered-staff",
                severity=Severity.OPEN,
                message=STRANGER,
                where=where,
                clause=STAFF,
                facts={"clause": STAFF, "place": place},
            )


def _codes(found: Any, path: Way, where: str) -> Iterator[tuple[str, str]]:
    """What stands at a place, with the pointer to it; of what is struck through only who did that."""
    for depth, step in enumerate(path):
        if step == EACH:
            for number, entry in enumerate(found if isinstance(found, list) else ()):
                yield from _codes(entry, path[depth + 1 :], f"{where}/{number}")
            return
        if not isinstance(found, dict) or step not in found or ("void" in found and step != "void"):
            return
        found, where = found[step], f"{where}/{step}"
    yield where, str(found)
