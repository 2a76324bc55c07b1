"""The page that programs read: one shape for every command, in English, rows also as lines and as a spreadsheet."""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.money import write_som
from shelterctl.errors import Exit, ShelterError
from shelterctl.language import Nothing, say

if TYPE_CHECKING:  # the shelf reads YAML, which help does not need
    from shelterctl.library import Shelf

Page = dict[str, Any]
PARTS = ",;\t|\n\r\v\f\x85\u2028\u2029"
"""Where one cell ends and another begins: a comma here, a semicolon in the Excel of Russia, or whatever is chosen."""

_SKIPPED = rf"{PARTS}\s\"'\0-\x1f\u200b-\u200f\ufeff"
_BEGINS = re.compile(
    rf"""(?:\A|[{PARTS}])[{_SKIPPED}]*+  # the whole run at once: else each sign of it would be looked at from each
    (?P<formula>(?!-[0-9]+(?:\.[0-9]+)?(?:[{PARTS}]|\Z))[=+@＝＋＠－-])?""",
    re.VERBOSE,
)
"""The beginning of what any spreadsheet may take for a cell, and the sign by which it would reckon it; not a number."""

_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""What a terminal would obey, or a reader of lines would end one at: in JSON it is written as its number."""

ORDER = [Severity.REFUSE, Severity.OPEN, Severity.WARN]
"""What is said first."""


class Format(StrEnum):
    """How a command answers; ``csv`` and ``ndjson`` are for lists."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


LISTS = (Format.NDJSON, Format.CSV)
"""Formats that hold rows and nothing else."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Voice:
    """How to answer: which format, which language, and how to come by the manual to be named."""

    command: str | None
    format: Format
    language: str
    shelf: "Callable[[], Shelf]"


def page_of(said: Outcome | ShelterError, voice: Voice) -> Page:
    """The page that programs read, in English; schemas/outcome.schema.json describes it."""
    manual = _manual(voice) if voice.format is Format.JSON else None
    page: Page = {"shelterctl": 1, "command": voice.command, "status": "error", "exit_code": int(Exit.BUG)}
    if isinstance(said, ShelterError):
        told: Page = {"manual": manual, "data": {}, "findings": [], "error": _error(said)}
        return page | {"exit_code": int(said.exit)} | told
    worst = next((severity for severity in ORDER if any(f.severity is severity for f in said.findings)), None)
    page["status"] = {Severity.REFUSE: "refused", Severity.OPEN: "open"}.get(worst or Severity.WARN, "ok")
    failed = said.refused or (said.strict and worst is Severity.OPEN)
    page["exit_code"] = int(Exit.REFUSED if failed else Exit.OK)
    data: dict[str, Any] = plain(said.data)
    if said.said:
        data["said"] = [say(sentence, facts) for sentence, facts in said.said]
    findings = [_finding(finding, said.record) for finding in _sorted(said.findings)]
    if said.harm:
        harmed = {"status": "error", "exit_code": int(said.harm.exit), "error": _error(said.harm)}
        return page | {"manual": manual, "data": data, "findings": findings} | harmed
    return page | {"manual": manual, "data": data, "findings": findings, "error": None}


def _error(error: ShelterError) -> dict[str, Any]:
    hint = say(error.hint, error.facts) if error.hint else None
    return {"code": error.code, "message": say(error.message, error.facts), "hint": hint}


def _manual(voice: Voice) -> dict[str, str | None]:
    try:
        shelf = voice.shelf()
        return {"edition": shelf.edition, "digest": shelf.digest}
    except ShelterError:
        return {"edition": None, "digest": None}


def _finding(finding: Finding, record: str | None) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "record": finding.record or (record if finding.where or finding.clause else None),
        "where": finding.where,
        "line": finding.line,
        "column": finding.column,
        "message": say(finding.whole, finding.facts),
        "clause": finding.clause,
        "facts": plain(finding.facts),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: days in ISO form, a text of the shelf in English, som as text with two places.

    What the core reckons in Decimal is som, and nothing else is; what a file says is told by its schema before.
    """
    if isinstance(value, Decimal):
        return write_som(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if is_text(value):
            return value["en"]
        return {str(name): plain(below) for name, below in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return None if isinstance(value, Nothing) else value


def rows_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], format_: Format) -> str:
    """A list as lines of JSON, or as a table for a spreadsheet, which has its heading also without a row."""
    if format_ is Format.NDJSON:
        return "".join(as_json(row) + "\n" for row in rows)
    import csv  # noqa: PLC0415 - only lists need it

    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n")
    writer.writerow({name: _harmless(name) for name in columns})
    writer.writerows({name: _harmless(cell) for name, cell in row.items()} for row in rows)
    return written.getvalue()


def _harmless(cell: Any) -> Any:
    """A cell of which no spreadsheet takes any part for a formula, whatever it parts cells at; a number is none."""
    if isinstance(cell, list):
        return " ".join(str(_harmless(each)) for each in cell)
    if isinstance(cell, bool):
        return str(cell).lower()  # as in JSON
    if isinstance(cell, Mapping):
        return _harmless(as_json(cell))
    if not isinstance(cell, str):
        return cell
    whole = cell.replace("\r\n", "\n").replace("\r", "\n")  # a bare CR would end the row
    return ("'" if whole.startswith(("\t", "\n")) else "") + _BEGINS.sub(_defused, whole)


def _defused(begins: re.Match[str]) -> str:
    sign = begins["formula"] or ""
    return begins[0].removesuffix(sign) + f"'{sign}" if sign else begins[0]


def as_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON that can be read, with whatever nobody sees written as its number."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))


def is_text(value: Any) -> bool:
    """Whether a value is a text of the shelf, by language."""
    return isinstance(value, Mapping) and "en" in value and set(value) <= {"en", "ru", "ky"}


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: ORDER.index(finding.severity))
