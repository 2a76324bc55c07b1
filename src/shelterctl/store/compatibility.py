"""Check a file against its schema; a file that a newer program or rulebook wrote is read as far as possible and is not
reported as damaged.
"""

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
from shelterctl.validation import SchemaValidator, days_exist

FILE_MISSHAPEN = N_("{place} does not have the form of a file of this store ({what} at {where}).")
RESTORE_FILE = N_("Restore it from a backup: shelterctl repair {place} --from BACKUP. Until then, do not rely on it.")
NEWER_PROGRAM_WROTE = N_("{place} was written by a newer shelterctl. You can read it here, but not change it.")
NEWER_RULEBOOK_WROTE = N_(
    "{place} was written with a newer rulebook (revision {revision}; here: {ours}). You can read it here, "
    "but not change it."
)
OTHER_RULEBOOK_WROTE = N_(
    "{place} has content that the rulebook here does not know. You can read it here, but not change it."
)
NEWER_UNREADABLE = N_("{place} was written by a newer shelterctl and cannot be read here. The file is not damaged.")
UPDATE_PROGRAM = N_("Update shelterctl on this computer.")
UPDATE_OR_NAME_RULEBOOK = N_(
    "Update shelterctl on this computer. If you are testing a draft rulebook, name its folder in SHELTERCTL_MANUAL."
)

NEWEST_SCHEMAS = {name: int(versions[-1]) for name, versions in REGISTER_VERSIONS.items()}
NEWEST_SCHEMAS |= {"resident": len(FILE_VERSIONS)}
"""The newest version of each schema that this program knows; 1 for a schema that is not listed."""

UNKNOWN_WORD_CODES = ("shape/unknown-key", "shape/code")
"""The codes of findings about a word that the schema does not know; any other finding is a true error."""

MOST_FINDINGS = 100_000
"""The most findings examined before a file is called malformed: a new field may occur in each of its entries."""


def is_newer_schema(value: Mapping[str, Any]) -> bool:
    """Whether a file names a later version of its schema than this program knows."""
    kind, _, version = str(value.get("schema", "")).partition("/")
    return version.isdecimal() and int(version) > NEWEST_SCHEMAS.get(kind, 1)


def is_other_rulebook(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file may have been written with another rulebook than *ours*.

    Files older than resident/3, and files of the shelter, do not name their rulebook.
    """
    said = value.get("edition")
    return said != ours if isinstance(said, Mapping) else value.get("schema") != FILE_VERSIONS[-1]


def is_written_by_newer(value: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether a file says that a later program, or a later rulebook than *ours*, wrote it."""
    return is_newer_schema(value) or (_rulebook_revision(value) > ours["revision"] and is_other_rulebook(value, ours))


def judge_file(
    place: str, value: Mapping[str, Any], shape: SchemaValidator, rulebook: Rulebook, text: str = ""
) -> Conflict | None:
    """Return why a readable file cannot be changed here, because a newer program or another rulebook wrote it; None if
    it can.

    Raises Damaged if the file does not match its schema (*shape*), and Conflict if it is newer and cannot be read.
    """
    real_days = bool(text) and days_exist(text)
    findings = shape.findings(value, MOST_FINDINGS, real_days=real_days) or find_unknown_lines(value, rulebook)
    ours = rulebook.version
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
        raise newer_unreadable_error(place)
    return _newer_file_error(place, value, ours, NEWER_PROGRAM_WROTE if later else "")


def refuse_unknown_words(
    place: str, record: Mapping[str, Any], inside: Sequence[Finding], ours: Mapping[str, Any]
) -> None:
    """Raise Conflict if the open content of a sealed entry has words that our rulebook does not know.

    Nobody entered them here, because input is checked against the schema of its track first: another rulebook wrote
    them.
    """
    if is_other_rulebook(record, ours) and any(one.code in UNKNOWN_WORD_CODES for one in inside):
        raise _newer_file_error(place, record, ours)


def _newer_file_error(place: str, value: Mapping[str, Any], ours: Mapping[str, Any], message: str = "") -> Conflict:
    """Return the error for a file that a newer program or another rulebook wrote; without *message* it names the
    rulebook.
    """
    said, hint = OTHER_RULEBOOK_WROTE, UPDATE_OR_NAME_RULEBOOK
    if is_written_by_newer(value, ours):
        said, hint = NEWER_RULEBOOK_WROTE, UPDATE_PROGRAM
    facts = {"place": place, "revision": _rulebook_revision(value), "ours": ours["revision"]}
    return Conflict("store/newer", message or said, hint=hint, **facts)


def newer_unreadable_error(place: str) -> Conflict:
    """Return the error for a whole file that only a newer program reads."""
    return Conflict("store/newer", NEWER_UNREADABLE, hint=UPDATE_PROGRAM, place=place)


def misshapen_file_error(code: str, place: str, what: str, where: str = "") -> Damaged:
    """Return the error for a file that does not have the form of a file of a store."""
    return Damaged(code, FILE_MISSHAPEN, hint=RESTORE_FILE, place=place, what=what, where=where or "/")


def find_unknown_lines(value: Mapping[str, Any], rulebook: Rulebook) -> list[Finding]:
    """Return the lines of agreements that our forms do not know, in a well-formed file that another rulebook wrote."""
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
    """Return the validator of a schema, compiled once for all acts of a session."""
    return SchemaValidator(make_schema(*arguments))


def _rulebook_revision(value: Mapping[str, Any]) -> int:
    """Return the revision of the newest rulebook that a file was written with; 0 if the file names none."""
    said = value.get("edition")
    revision = said.get("revision") if isinstance(said, Mapping) else None
    return revision if isinstance(revision, int) else 0


def _is_key_or_code(value: Any, finding: Finding) -> bool:
    """Whether a finding is about a key or a code, of which another rulebook may have more."""
    if finding.code == "shape/unknown-key":
        return True
    for step in (finding.at or finding.where).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    return isinstance(value, str)


def add_register_heading(value: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    """Return a file of a register with the newest *rulebook* it was written with, after its schema."""
    later = _rulebook_revision(value) > rulebook.version["revision"]
    head = {"schema": value["schema"], "edition": value["edition"] if later else dict(rulebook.version)}
    return {**head, **{name: said for name, said in value.items() if name not in head}}


def add_version_heading(record: Mapping[str, Any], rulebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a client's file with its version and the newest *rulebook* it was written with, before everything else."""
    edition = record["edition"] if _rulebook_revision(record) > rulebook["revision"] else rulebook
    head = {"schema": FILE_VERSIONS[-1], "edition": edition}
    return {**head, **record, **head}
