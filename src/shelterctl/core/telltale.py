"""What tells who she is, or what is sealed of her, where others see it: her name in a number, a word in a text."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.person import names_her
from shelterctl.core.record import Facts
from shelterctl.core.way import EACH, Tree
from shelterctl.language import N_

NAMES_HER = N_(
    "Others see what stands here, and her name is in it, or nearly ({clause}). Write it with no name in it; a number "
    "just as IOM gave it."
)
TOLD_ELSEWHERE = N_(
    "A word stands here that belongs into a sealed part of her file alone ({clause}): what stands here may be printed "
    "and handed on. If it is about her, write it there and take it out here."
)
BLOCKS = ("age", "printed", "schema", "edition")
"""Keys under which nobody writes words."""


def telltales(record: Facts, nameless: Tree, places: Collection[str] | None = None) -> Iterator[Finding]:
    """Each *nameless* place of a file in which a name of hers stands: malformed where it is written at one of *places*.

    Without *places* everything is looked at, and what stands there already is open.
    """
    severity = Severity.OPEN if places is None else Severity.REFUSE
    for where, clause, said in _nameless(record, nameless, "", places):
        if names_her(said, record):
            facts = {"clause": clause}
            yield Finding(
                code="fragment/names-her",
                message=NAMES_HER,
                severity=severity,
                where=where,
                clause=clause,
                facts=facts,
            )


def words_in(words: Iterable[str]) -> re.Pattern[str]:
    """What finds one of these words, or one that begins so, in a text."""
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in words))


def spilled(
    record: Facts, words: Iterable[str], apart: str, clause: str, places: Collection[str] | None = None
) -> Iterator[Finding]:
    """Each text of a file with one of the *words* of a part that lies *apart*, at *places* or anywhere else.

    It is warned of by its place: it may be about somebody else.
    """
    found = words_in(words)
    for where, said in _texts(record, "", places):
        if where.startswith(apart) or not found.search(said):
            continue
        yield Finding(
            code="sealed/told-elsewhere",
            message=TOLD_ELSEWHERE,
            severity=Severity.WARN,
            where=where,
            clause=clause,
            facts={"clause": clause},
        )


def _inside(where: str, places: Collection[str] | None) -> Collection[str] | None:
    """Which places are still to be looked for below a pointer: none where it lies at one of them, or all is looked at.

    A file of ten years has thousands of texts, and one of them was written.
    """
    at_one = places is not None and any(where == place or where.startswith(f"{place}/") for place in places)
    return None if at_one else places


def _leads(where: str, places: Collection[str] | None) -> bool:
    """Whether one of the places lies at a pointer, or below it."""
    return places is None or any(one == where or one.startswith(f"{where}/") for one in places)


def _texts(found: Any, where: str, places: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Every text of a file, at *places* or anywhere, with the pointer to it; not of what is struck through."""
    inside = _inside(where, places)
    if isinstance(found, str) and inside is None:
        yield where, found
    below: Iterable[tuple[object, Any]] = ()
    if isinstance(found, list):
        below = enumerate(found)
    elif isinstance(found, dict) and "void" not in found:
        below = ((name, each) for name, each in found.items() if name not in BLOCKS)
    for name, each in below:
        if _leads(place := f"{where}/{name}", inside):
            yield from _texts(each, place, inside)


def _nameless(found: Any, tree: Tree, where: str, places: Collection[str] | None) -> Iterator[tuple[str, str, str]]:
    """Every text at one of those places, as _texts finds them, with the clause of the place."""
    inside = _inside(where, places)
    if isinstance(found, list) and EACH in tree:
        for number, each in enumerate(found):
            if _leads(place := f"{where}/{number}", inside):
                yield from _nameless(each, tree[EACH], place, inside)
    elif isinstance(found, dict) and "void" not in found:
        for name, below in tree.items():
            if name is not None and name in found and _leads(place := f"{where}/{name}", inside):
                yield from _nameless(found[name], below, place, inside)
    elif isinstance(found, str) and None in tree and inside is None:
        yield where, tree[None][0], found
