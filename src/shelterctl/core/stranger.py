"""Codes of staff: those in a file that nobody registered, and those of whoever had left by a day."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Facts
from shelterctl.core.way import EACH, Tree, Way
from shelterctl.language import N_

STAFF = "M2.0.1"
STRANGER = N_("The staff code at {place} is not registered ({clause}).")
REGISTER = N_("Register it with: staff add CODE --role ROLE.")


def left_before(known: Facts, day: date) -> date | None:
    """The last day of somebody who had left before a day, by what the register of staff says; else None."""
    last = read_day(known.get("until"))
    return last if last is not None and last < day else None


def at_work(staff: Mapping[str, Facts], day: date) -> dict[str, Facts]:
    """Whoever works here on a day, by code: the last day of whoever leaves is one of them."""
    return {code: known for code, known in staff.items() if left_before(known, day) is None}


def strangers(record: Facts, places: Tree, staff: Collection[str]) -> Iterator[Finding]:
    """Each of those *places* of a file where a code stands that is not *staff*; not in what is struck through.

    Who put entries down is told once for each code: whoever is not registered may have written a whole file.
    """
    writers: set[str] = set()
    for (_, way), where, code in sorted(named(record, places), key=lambda one: one[0][0]):
        if code in staff:
            continue
        if way[-1] == "recorded_by":
            if code in writers:
                continue
            writers.add(code)
        place = ".".join(step for step in way if step not in ("stays", EACH))
        yield Finding(
            code="admission/unregistered-staff",
            severity=Severity.OPEN,
            message=STRANGER,
            in_file=REGISTER,
            where=where,
            clause=STAFF,
            facts={"clause": STAFF, "place": place},
        )


def named(found: Any, tree: Tree, where: str = "", but: Collection[str] = ()) -> list[tuple[tuple[int, Way], str, str]]:
    """Every code at one of those places of a file, with the way to its place, its number, and the pointer to it.

    Of what is struck through only who did that is looked at; below the keys *but* nothing.
    """
    codes = [(tree[None], where, str(found))] if None in tree else []
    if isinstance(found, dict):
        for step in ("void",) if "void" in found else found:
            if step in tree and step not in but:
                codes += named(found[step], tree[step], f"{where}/{step}", but)
    elif isinstance(found, list) and EACH in tree:
        for number, entry in enumerate(found):
            codes += named(entry, tree[EACH], f"{where}/{number}", but)
    return codes
