"""A file held to its shape: what a newer program or shelf wrote is read where it can be, and not called damaged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from shelterctl import contract
from shelterctl.core.finding import Finding
from shelterctl.core.tree import REGISTERS, VERSIONS
from shelterctl.errors import Conflict, Damaged
from shelterctl.language import N_
from shelterctl.library import Shelf
from shelterctl.shape import Shape

MISSHAPEN = N_("{place} does not have the shape of a file of this store ({what} at {where}).")
RESTORE = N_("Do not rely on it. Put it back from a backup: shelterctl repair {place} --from BACKUP")
NEWER = N_("{place} was written by a newer shelterctl. It can be read here, not changed.")
NEWER_SHELF = N_(
    "{place} was written with a newer shelf (revision {revision}; here: {ours}). It can be read here, not changed."
)
OTHER_SHELF = N_("{place} has something that the shelf here does not know. It can be read here, not changed.")
CLOSED = N_("{place} was written by a newer shelterctl. It cannot be read here; nothing is wrong with it.")
UPDATE = N_("Update shelterctl on this computer to go on with it.")
NAME_IT = N_("Update shelterctl on this computer. If a draft of the shelf was tried, name it in SHELTERCTL_MANUAL.")

KNOWN = {"resident": len(VERSIONS), **{name: int(versions[-1]) for name, versions in REGISTERS.items()}}
"""The newest version of each schema that is known here; 1 where none is named."""

STRAY = ("shape/unknown-key", "shape/code")
"""What a shape says of a word that it does not know; all else is understood, and wrong."""

MANY = 100_000
"""How many findings are looked at before a file is called misshapen: a new field may stand in each of its entries."""


def newer(value: Mapping[str, Any]) -> bool:
    """Whether a file says that it has a later version of its schema than we know."""
    kind, _, version = str(value.get("schema", "")).partition("/")
    return version.isdecimal() and int(version) > KNOWN.get(kind, 1)


def foreign(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file may have been written with another shelf than *ours*.

    One of a version before resident/3, and one of the house, does not say with which it was.
    """
    said = value.get("edition")
    return said != ours if isinstance(said, Mapping) else value.get("schema") != VERSIONS[-1]


def ahead(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file says that a later program, or a later shelf than *ours*, wrote it."""
    return newer(value) or (_revision(value) > ours["revision"] and foreign(value, ours))


def judged(place: str, value: Mapping[str, Any], shape: Shape, shelf: Shelf) -> Conflict | None:
    """Why a file that can be read cannot be written to here: a newer program or another shelf wrote it.

    Raises Damaged where a file has not its *shape*, and Conflict where it is newer and cannot be read.
    """
    findings, ours = shape.findings(value, MANY) or strays(value, shelf), shelf.version
    later, revision = newer(value), _revision(value)
    left = [one for one in findings if not (later and one.where == "/schema")]
    if not (later or left):
        return None
    readable = all(one.code in STRAY and one.where != "/schema" and _is_word(value, one) for one in left)
    later_shelf = ahead(value, ours)
    if not (later_shelf or (readable and foreign(value, ours))):
        raise misshapen("store/misshapen", place, left[0].code, left[0].where)
    said = CLOSED if not readable else NEWER if later else NEWER_SHELF if later_shelf else OTHER_SHELF
    error = Conflict("store/newer", said, hint=UPDATE if later_shelf else NAME_IT, place=place, **_both(revision, ours))
    if not readable:
        raise error
    return error


def refuse(place: str, record: Mapping[str, Any], inside: Sequence[Finding], ours: Mapping[str, Any]) -> None:
    """Conflict where what lies open of a sealed entry has words that our shelf does not know.

    Nobody gave them, for what is given is held to the shape of its track before: another shelf wrote them.
    """
    if foreign(record, ours) and any(one.code in STRAY for one in inside):
        said, hint = (NEWER_SHELF, UPDATE) if ahead(record, ours) else (OTHER_SHELF, NAME_IT)
        raise Conflict("store/newer", said, hint=hint, place=place, **_both(_revision(record), ours))


def _both(revision: int, ours: Mapping[str, Any]) -> dict[str, int]:
    return {"revision": revision, "ours": ours["revision"]}


def misshapen(code: str, place: str, what: str, where: str = "") -> Damaged:
    """The error of a file that is not one of a store's."""
    return Damaged(code, MISSHAPEN, hint=RESTORE, place=place, what=what, where=where or "/")


def strays(value: Mapping[str, Any], shelf: Shelf) -> list[Finding]:
    """Lines of agreements that our forms do not know, in a file that another shelf wrote and that has its shape."""
    if "edition" not in value or not foreign(value, shelf.version):
        return []
    found = []
    for number, one in enumerate(value.get("agreements") or ()):
        lines = {"lines": one.get("lines") or {}}
        for each in shape_of(contract.lines, shelf, one["form"]).findings(lines, MANY):
            if each.code in STRAY and _is_word(lines, each):
                root = f"/agreements/{number}"
                found.append(replace(each, where=root + each.where, at=each.at and root + each.at))
    return found


@cache
def shape_of(made: Callable[..., Mapping[str, Any]], *of: object) -> Shape:
    """A shape, compiled once for every act of a sitting."""
    return Shape(made(*of))


def _revision(value: Mapping[str, Any]) -> int:
    """The revision of the newest shelf that a file was written with; 0 where it does not say."""
    said = value.get("edition")
    revision = said.get("revision") if isinstance(said, Mapping) else None
    return revision if isinstance(revision, int) else 0


def _is_word(value: Any, finding: Finding) -> bool:
    """Whether what stands at the place of a finding is a key or a code, as a shelf may have one more."""
    if finding.code == "shape/unknown-key":
        return True
    for step in (finding.at or finding.where).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    return isinstance(value, str)


def headed(record: Mapping[str, Any], shelf: Mapping[str, Any]) -> dict[str, Any]:
    """A client's file with its version and the newest *shelf* that it was written with, ahead of all else."""
    head = {"schema": VERSIONS[-1], "edition": record["edition"] if _revision(record) > shelf["revision"] else shelf}
    return {**head, **record, **head}
