"""What should not be written where it is: names of the client, words of sealed parts, staff codes that nobody
registered.

A client's file is walked along the tree of its places, which says what may stand where.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.people import contains_her_name
from shelterctl.core.record.walk import UNKNOWN, VOID_KEY, Place
from shelterctl.core.values.facts import Facts, ValuePath, json_pointer
from shelterctl.ui_language import N_

STAFF_CODE_CLAUSE = "M2.0.1"
STAFF_CODE_UNREGISTERED = N_("The staff code at {place} is not registered ({clause}).")
REGISTER_STAFF_CODE = N_("Register it with: staff add CODE --role ROLE.")


def find_unregistered_staff_codes(record: Facts, places: Place, staff: Collection[str]) -> Iterator[Finding]:
    """Each place of a file where a code of *staff* must stand and another does; not in what is struck through.

    Who put entries down is told once for each code: whoever is not registered may have written a whole file.
    """

    def answer(place: Place, code: Any) -> tuple[tuple[int, ...], str] | None:
        told = place.notes.get("x-register") == "staff" and str(code) not in staff
        return (place.order, str(code)) if told else None

    writers: set[str] = set()
    found = places.find("x-register", record, answer, struck=(VOID_KEY,))
    for path, (_, code) in sorted(found, key=lambda each: each[1][0]):
        if path[-1] == "recorded_by" and code in writers:
            continue
        if path[-1] == "recorded_by":
            writers.add(code)
        place = ".".join(step for step in path if isinstance(step, str) and step != "stays")
        yield Finding(
            code="admission/unregistered-staff",
            severity=Severity.OPEN,
            message=STAFF_CODE_UNREGISTERED,
            in_file=REGISTER_STAFF_CODE,
            where=json_pointer(path),
            clause=STAFF_CODE_CLAUSE,
            facts={"clause": STAFF_CODE_CLAUSE, "place": place},
        )


NAME_LEAKED = N_(
    "Others see what stands here, and her name is in it, or nearly ({clause}). Write it with no name in it; a number "
    "just as IOM gave it."
)
SEALED_WORD_LEAKED = N_(
    "A word stands here that belongs into a sealed part of her file alone ({clause}): what stands here may be printed "
    "and handed on. If it is about her, write it there and take it out here."
)
KEYS_WITHOUT_WORDS = ("age", "printed", "schema", "edition")
"""Keys under which nobody writes words."""


def find_name_leaks(record: Facts, shape: Place, places: Collection[str] | None = None) -> Iterator[Finding]:
    """Each place of a file for nobody's name where one of hers is: malformed where it is written at one of *places*.

    Without *places* everything is looked at, and what stands there already is open.
    """

    severity = Severity.OPEN if places is None else Severity.REFUSE
    found = shape.find(
        "x-code", record, lambda place, said: (place, said) if isinstance(said, str) else None, struck=()
    )
    for path, (place, said) in sorted(found, key=lambda one: _order_in_schema(one[0], one[1][0])):
        where, clause = json_pointer(path), place.notes.get("x-clause")
        if "x-code" in place.notes and _is_at(where, places) and contains_her_name(said, record):
            yield Finding(
                code="fragment/names-her",
                message=NAME_LEAKED,
                severity=severity,
                where=where,
                clause=clause,
                facts={"clause": clause},
            )


def _is_at(where: str, places: Collection[str] | None) -> bool:
    """Whether a pointer leads to one of the places, or into it; to anywhere if there are none."""
    return places is None or any(where == place or where.startswith(f"{place}/") for place in places)


def _order_in_schema(path: ValuePath, place: Place) -> tuple[int, ...]:
    """Where a place is among those of a file: keys as the schema has them, entries as the file does."""
    order = iter(place.order)
    return tuple(step if isinstance(step, int) else next(order, 0) for step in path)


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """What finds one of these words, or one that begins so, in a text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})")


def find_sealed_words(
    record: Facts, words: Iterable[str], apart: str, clause: str, places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Each text of a file with one of the *words* of a part that lies *apart*, at *places* or anywhere else.

    It is warned of by its place: it may be about somebody else.
    """
    contains = compile_words(words).search

    def answer(_: Place, said: Any) -> bool | None:
        return True if isinstance(said, str) and contains(said) else None

    for path, _ in UNKNOWN.find(None, record, answer, struck=(), but=KEYS_WITHOUT_WORDS):
        where = json_pointer(path)
        if where.startswith(apart) or not _is_at(where, places):
            continue
        yield Finding(
            code="sealed/told-elsewhere",
            message=SEALED_WORD_LEAKED,
            severity=Severity.WARN,
            where=where,
            clause=clause,
            facts={"clause": clause},
        )
