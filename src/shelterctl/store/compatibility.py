"""A file held to its shape: what a newer program or shelf wrote is read where it can be, and not called damaged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.record.file_tree import FILE_VERSIONS, REGISTER_VERSIONS
from shelterctl.errors import Conflict, Damaged
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.input import lines_schema
from shelterctl.ui_language import N_
from shelterctl.validation import SchemaValidator

FILE_MISSHAPEN = N_("{place} does not have the shape of a file of this store ({what} at {where}).")
RESTORE_FILE = N_("Do not rely on it. Put it back from a backup: shelterctl repair {place} --from BACKUP")
NEWER_PROGRAM_WROTE = N_("{place} was written by a newer shelterctl. It can be read here, not changed.")
NEWER_RULEBOOK_WROTE = N_(
    "{place} was written with a newer shelf (revision {revision}; here: {ours}). It can be read here, not changed."
)
OTHER_RULEBOOK_WROTE = N_("{place} has something that the shelf here does not know. It can be read here, not changed.")
NEWER_UNREADABLE = N_("{place} was written by a newer shelterctl. It cannot be read here; nothing is wrong with it.")
UPDATE_PROGRAM = N_("Update shelterctl on this computer to go on with it.")
UPDATE_OR_NAME_RULEBOOK = N_(
    "Update shelterctl on this computer. If a draft of the shelf was tried, name it in SHELTERCTL_MANUAL."
)

NEWEST_SCHEMAS = {name: int(versions[-1]) for name, versions in REGISTER_VERSIONS.items()}
NEWEST_SCHEMAS |= {"resident": len(FILE_VERSIONS)}
"""The newest version of each schema that is known here; 1 where none is named."""

UNKNOWN_WORD_CODES = ("shape/unknown-key", "shape/code")
"""What a shape says of a word that it does not know; all else is understood, and wrong."""

MOST_FINDINGS = 100_000
"""How many findings are looked at before a file is called misshapen: a new field may stand in each of its entries."""


def is_newer_schema(value: Mapping[str, Any]) -> bool:
    """Whether a file says that it has a later version of its schema than we know."""
    kind, _, version = str(value.get("schema", "")).partition("/")
    return version.isdecimal() and int(version) > NEWEST_SCHEMAS.get(kind, 1)


def is_other_rulebook(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file may have been written with another shelf than *ours*.

    One of a version before resident/3, and one of the house, does not say with which it was.
    """
    said = value.get("edition")
    return said != ours if isinstance(said, Mapping) else value.get("schema") != FILE_VERSIONS[-1]


def is_written_by_newer(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file says that a later program, or a later shelf than *ours*, wrote it."""
    return is_newer_schema(value) or (_rulebook_revision(value) > ours["revision"] and is_other_rulebook(value, ours))


def judge_file(place: str, value: Mapping[str, Any], shape: SchemaValidator, rulebook: Rulebook) -> Conflict | None:
    """Why a file that can be read cannot be written to here: a newer program or another shelf wrote it.

    Raises Damaged where a file has not its *shape*, and Conflict where it is newer and cannot be read.
    """
    findings, ours = shape.findings(value, MOST_FINDINGS) or find_unknown_lines(value, rulebook), rulebook.version
    later = is_newer_schema(value)
    left = [one for one in findings if not (later and one.where == "/schema")]
    if not (later or left):
        return None
    readable = all(
        one.code in UNKNOWN_WORD_CODES and one.where != "/schema" and _is_key_or_code(value, one) for one in left
    )
    if not (is_written_by_newer(value, ours) or (readable and is_other_rulebook(value, ours))):
        raise misshapen_file_error("store/misshapen", place, left[0].code, left[0].where)
    if not readable:
        raise _newer_file_error(place, value, ours, NEWER_UNREADABLE)
    return _newer_file_error(place, value, ours, NEWER_PROGRAM_WROTE if later else "")


def refuse_unknown_words(
    place: str, record: Mapping[str, Any], inside: Sequence[Finding], ours: Mapping[str, Any]
) -> None:
    """Conflict where what lies open of a sealed entry has words that our shelf does not know.

    Nobody gave them, for what is given is held to the shape of its track before: another shelf wrote them.
    """
    if is_other_rulebook(record, ours) and any(one.code in UNKNOWN_WORD_CODES for one in inside):
        raise _newer_file_error(place, record, ours)


def _newer_file_error(place: str, value: Mapping[str, Any], ours: Mapping[str, Any], message: str = "") -> Conflict:
    """The error of a file that a newer program or another shelf wrote; without a *message* the shelf is named."""
    said, hint = OTHER_RULEBOOK_WROTE, UPDATE_OR_NAME_RULEBOOK
    if is_written_by_newer(value, ours):
        said, hint = NEWER_RULEBOOK_WROTE, UPDATE_PROGRAM
    facts = {"place": place, "revision": _rulebook_revision(value), "ours": ours["revision"]}
    return Conflict("store/newer", message or said, hint=hint, **facts)


def misshapen_file_error(code: str, place: str, what: str, where: str = "") -> Damaged:
    """The error of a file that is not one of a store's."""
    return Damaged(code, FILE_MISSHAPEN, hint=RESTORE_FILE, place=place, what=what, where=where or "/")


def find_unknown_lines(value: Mapping[str, Any], rulebook: Rulebook) -> list[Finding]:
    """Lines of agreements that our forms do not know, in a file that another shelf wrote and that has its shape."""
    if "edition" not in value or not is_other_rulebook(value, rulebook.version):
        return []
    found = []
    for number, one in enumerate(value.get("agreements") or ()):
        lines = {"lines": one.get("lines") or {}}
        for each in compile_shape(lines_schema, rulebook, one["form"]).findings(lines, MOST_FINDINGS):
            if each.code in UNKNOWN_WORD_CODES and _is_key_or_code(lines, each):
                root = f"/agreements/{number}"
                found.append(replace(each, where=root + each.where, at=each.at and root + each.at))
    return found


@cache
def compile_shape(make_schema: Callable[..., Mapping[str, Any]], *arguments: object) -> SchemaValidator:
    """A shape, compiled once for every act of a sitting."""
    return SchemaValidator(make_schema(*arguments))


def _rulebook_revision(value: Mapping[str, Any]) -> int:
    """The revision of the newest shelf that a file was written with; 0 where it does not say."""
    said = value.get("edition")
    revision = said.get("revision") if isinstance(said, Mapping) else None
    return revision if isinstance(revision, int) else 0


def _is_key_or_code(value: Any, finding: Finding) -> bool:
    """Whether what stands at the place of a finding is a key or a code, as a shelf may have one more."""
    if finding.code == "shape/unknown-key":
        return True
    for step in (finding.at or finding.where).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    return isinstance(value, str)


def add_version_heading(record: Mapping[str, Any], rulebook: Mapping[str, Any]) -> dict[str, Any]:
    """A client's file with its version and the newest *rulebook* that it was written with, ahead of all else."""
    edition = record["edition"] if _rulebook_revision(record) > rulebook["revision"] else rulebook
    head = {"schema": FILE_VERSIONS[-1], "edition": edition}
    return {**head, **record, **head}
