"""What should not be written where it is: names of the client, words of sealed parts, staff codes that nobody
registered.

A client's file is searched along a tree of paths, so that only the places in question are visited.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.people import contains_her_name
from shelterctl.core.values.facts import EACH_ENTRY, Facts, PathTree, RecordPath
from shelterctl.ui_language import N_

STAFF_CODE_CLAUSE = "M2.0.1"
STAFF_CODE_UNREGISTERED = N_("The staff code at {place} is not registered ({clause}).")
REGISTER_STAFF_CODE = N_("Register it with: staff add CODE --role ROLE.")


def find_unregistered_staff_codes(record: Facts, places: PathTree, staff: Collection[str]) -> Iterator[Finding]:
    """Each of those *places* of a file where a code stands that is not *staff*; not in what is struck through.

    Who put entries down is told once for each code: whoever is not registered may have written a whole file.
    """
    writers: set[str] = set()
    for (_, way), where, code in sorted(find_staff_codes(record, places), key=lambda one: one[0][0]):
        if code in staff or (way[-1] == "recorded_by" and code in writers):
            continue
        if way[-1] == "recorded_by":
            writers.add(code)
        place = ".".join(step for step in way if step not in ("stays", EACH_ENTRY))
        yield Finding(
            code="admission/unregistered-staff",
            severity=Severity.OPEN,
            message=STAFF_CODE_UNREGISTERED,
            in_file=REGISTER_STAFF_CODE,
            where=where,
            clause=STAFF_CODE_CLAUSE,
            facts={"clause": STAFF_CODE_CLAUSE, "place": place},
        )


def find_staff_codes(
    found: Any, tree: PathTree, where: str = "", but: Collection[str] = ()
) -> list[tuple[tuple[int, RecordPath], str, str]]:
    """Every code at one of those places of a file, after the number of its place, the way to it and the pointer.

    Of what is struck through only who did that is looked at; below the keys *but* nothing.
    """
    codes = [(tree[None], where, str(found))] if None in tree else []
    if isinstance(found, dict):
        for step in ("void",) if "void" in found else found:
            if step in tree and step not in but:
                codes += find_staff_codes(found[step], tree[step], f"{where}/{step}", but)
    elif isinstance(found, list) and EACH_ENTRY in tree:
        for number, entry in enumerate(found):
            codes += find_staff_codes(entry, tree[EACH_ENTRY], f"{where}/{number}", but)
    return codes


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


def find_name_leaks(record: Facts, nameless: PathTree, places: Collection[str] | None = None) -> Iterator[Finding]:
    """Each *nameless* place of a file in which a name of hers stands: malformed where it is written at one of *places*.

    Without *places* everything is looked at, and what stands there already is open.
    """
    severity = Severity.OPEN if places is None else Severity.REFUSE
    for where, clause, said in _list_nameless_texts(record, nameless, "", places):
        if contains_her_name(said, record):
            yield Finding(
                code="fragment/names-her",
                message=NAME_LEAKED,
                severity=severity,
                where=where,
                clause=clause,
                facts={"clause": clause},
            )


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """What finds one of these words, or one that begins so, in a text."""
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in words))


def find_sealed_words(
    record: Facts, words: Iterable[str], apart: str, clause: str, places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Each text of a file with one of the *words* of a part that lies *apart*, at *places* or anywhere else.

    It is warned of by its place: it may be about somebody else.
    """
    found = compile_words(words)
    for where, said in _list_texts(record, "", places):
        if where.startswith(apart) or not found.search(said):
            continue
        yield Finding(
            code="sealed/told-elsewhere",
            message=SEALED_WORD_LEAKED,
            severity=Severity.WARN,
            where=where,
            clause=clause,
            facts={"clause": clause},
        )


def _places_left_below(where: str, places: Collection[str] | None) -> Collection[str] | None:
    """Which places are still to be looked for below a pointer: none where it lies at one of them, or all is looked at.

    A file of ten years has thousands of texts, and one of them was written.
    """
    at_one = places is not None and any(where == place or where.startswith(f"{place}/") for place in places)
    return None if at_one else places


def _is_towards_place(where: str, places: Collection[str] | None) -> bool:
    """Whether one of the places lies at a pointer, or below it."""
    return places is None or any(one == where or one.startswith(f"{where}/") for one in places)


def _list_texts(found: Any, where: str, places: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Every text of a file, at *places* or anywhere, with the pointer to it; not of what is struck through."""
    inside = _places_left_below(where, places)
    if isinstance(found, str) and inside is None:
        yield where, found
    below: Iterable[tuple[object, Any]] = ()
    if isinstance(found, list):
        below = enumerate(found)
    elif isinstance(found, dict) and "void" not in found:
        below = ((name, each) for name, each in found.items() if name not in KEYS_WITHOUT_WORDS)
    for name, each in below:
        if _is_towards_place(place := f"{where}/{name}", inside):
            yield from _list_texts(each, place, inside)


def _list_nameless_texts(
    found: Any, tree: PathTree, where: str, places: Collection[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Every text at one of those places, as _texts finds them, with the clause of the place."""
    inside = _places_left_below(where, places)
    if isinstance(found, list) and EACH_ENTRY in tree:
        for number, each in enumerate(found):
            if _is_towards_place(place := f"{where}/{number}", inside):
                yield from _list_nameless_texts(each, tree[EACH_ENTRY], place, inside)
    elif isinstance(found, dict) and "void" not in found:
        for name, below in tree.items():
            if name is not None and name in found and _is_towards_place(place := f"{where}/{name}", inside):
                yield from _list_nameless_texts(found[name], below, place, inside)
    elif isinstance(found, str) and None in tree and inside is None:
        yield where, tree[None][0], found
