"""The page that programs read: one structure for every command, in English; lists also as NDJSON and CSV."""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.values.money import write_som
from shelterctl.country import ENGLISH, fill_words_of_country
from shelterctl.errors import BrokenRulebook, ExitCode, ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, EmptyCell, choose_gender_forms, format_sentence, forms_for
from shelterctl.ui_language import Marked

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


AnswerPage = dict[str, Any]
CELL_SEPARATORS = ",;\t|\n\r\v\f\x85\u2028\u2029"
"""Characters that may separate cells: a comma, the semicolon of Russian Excel, or another that a user chooses."""

_SKIPPED = rf"{CELL_SEPARATORS}\s\"'\0-\x1f\u200b-\u200f\ufeff"
_CELL_BEGINNING = rf"""(?x)
    (?:\A|[{CELL_SEPARATORS}])[{_SKIPPED}]*+  # the whole run at once: else each sign of it would start a search
    (?P<formula>(?!-[0-9]+(?:\.[0-9]+)?(?:[{CELL_SEPARATORS}]|\Z))[=+@＝＋＠－-])?"""
"""The beginning of what a spreadsheet may take for a cell, with the sign of a formula; a number is no formula.

Patterns of cells are compiled where a list is written, since most commands write none.
"""

_PLAIN_CELL = rf"[0-9A-Za-z][^{CELL_SEPARATORS}]*"
"""A cell without separators that begins with a letter or a digit, as most codes and days do."""

_INVISIBLE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that a terminal would obey or that would end a line; JSON gets their numbers."""

SEVERITY_ORDER = [Severity.REFUSE, Severity.OPEN, Severity.WARN]
"""The severities of findings, in the order in which they are shown."""


class Format(StrEnum):
    """The format of an answer; ``csv`` and ``ndjson`` are for lists."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


LIST_FORMATS = (Format.NDJSON, Format.CSV)
"""Formats that hold rows and nothing else."""


@immutable
class OutputSettings:
    """The form of an answer: its format, its language, and a function that opens the rulebook to be named in it."""

    command: str | None
    format: Format
    language: str
    rulebook: "Callable[[], Rulebook]"


def make_page(said: Outcome | ShelterError, settings: OutputSettings) -> AnswerPage:
    """Return the page that programs read, in English, as schemas/outcome.schema.json describes it."""
    manual = _manual_as_data(settings) if settings.format is Format.JSON else None
    page: AnswerPage = {"shelterctl": 1, "command": settings.command, "status": "error"}
    page["exit_code"] = int(find_exit_code(said))
    if isinstance(said, ShelterError):
        findings = [_slip_as_finding(one) for one in said.slips] if isinstance(said, BrokenRulebook) else []
        told: AnswerPage = {"manual": manual, "data": {}, "findings": findings, "error": _error_as_data(said)}
        return page | told
    page["status"] = {Severity.REFUSE: "refused", Severity.OPEN: "open"}.get(_find_worst(said), "ok")
    data: dict[str, Any] = to_json_value(said.data)
    if said.said:
        data["said"] = [format_sentence(sentence, facts) for sentence, facts in said.said]
    by_severity = sorted(said.findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity))
    findings = [_finding_as_data(finding, said.record) for finding in by_severity]
    if said.harm:
        harmed = {"status": "error", "error": _error_as_data(said.harm)}
        return page | {"manual": manual, "data": data, "findings": findings} | harmed
    return page | {"manual": manual, "data": data, "findings": findings, "error": None}


def find_exit_code(said: Outcome | ShelterError) -> ExitCode:
    """Return the exit code of an answer: that of its error or harm, else by its findings; open counts if *strict*."""
    if isinstance(said, ShelterError):
        return said.exit
    if said.harm:
        return said.harm.exit
    worst = _find_worst(said)
    return ExitCode.REFUSED if worst is Severity.REFUSE or (said.strict and worst is Severity.OPEN) else ExitCode.OK


def _find_worst(said: Outcome) -> Severity:
    """Return the highest severity among the findings, or WARN if there are none."""
    found = {finding.severity for finding in said.findings}
    return next((severity for severity in SEVERITY_ORDER if severity in found), Severity.WARN)


def _error_as_data(error: ShelterError) -> dict[str, Any]:
    hint = format_sentence(error.hint, error.facts) if error.hint else None
    return {"code": error.code, "message": format_sentence(error.message, error.facts), "hint": hint}


def _slip_as_finding(error: BrokenRulebook) -> dict[str, Any]:
    """Return an error of the rulebook as a finding of the page, with its file among the facts."""
    where, line, column = error.position or ("", None, None)
    slip = Finding(code=error.code, message=error.message, where=where, line=line, column=column, facts=error.facts)
    return {**_finding_as_data(slip, None), "facts": {"file": error.facts["file"]}}


def _manual_as_data(settings: OutputSettings) -> dict[str, str | None]:
    try:
        rulebook = settings.rulebook()
        return {"edition": rulebook.edition, "digest": rulebook.digest}
    except ShelterError:
        return {"edition": None, "digest": None}


def _finding_as_data(finding: Finding, record: str | None) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "record": finding.record or (record if finding.where or finding.clause else None),
        "where": finding.where,
        "line": finding.line,
        "column": finding.column,
        "message": format_sentence(finding.whole, finding.facts),
        "clause": finding.clause,
        "facts": to_json_value(finding.facts),
    }


def to_json_value(value: Any) -> Any:
    """Return a value for JSON: days in ISO form, rulebook texts in English, amounts as text.

    Every Decimal that the core computes is an amount; numbers in files were checked by their schema.
    """
    if value is None or isinstance(value, str):
        return _in_english(value) if isinstance(value, Marked) else value
    if isinstance(value, Decimal | date):
        return write_som(value) if isinstance(value, Decimal) else value.isoformat()
    if isinstance(value, Mapping):
        with forms_for(value) if isinstance(value, AboutClient) else nullcontext():
            return _mapping_as_data(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json_value(each) for each in value]
    return None if isinstance(value, EmptyCell) else value


def _mapping_as_data(value: Mapping[Any, Any]) -> Any:
    if is_translated_text(value):
        return _in_english(value["en"])
    return {str(name): to_json_value(below) for name, below in value.items()}


def _in_english(sentence: str) -> str:
    """Return a sentence or text as programs get it: in English, for the client and the country that it is about."""
    return fill_words_of_country(choose_gender_forms(sentence), ENGLISH)


def format_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], format_: Format) -> str:
    """Return a list as lines of JSON, or as a table for a spreadsheet, which has its heading even without rows."""
    if format_ is Format.NDJSON:
        return "".join(dump_json(row) + "\n" for row in rows)
    import csv  # noqa: PLC0415 - only lists need it

    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n")
    writer.writerow({name: harmless_cell(name) for name in columns})
    writer.writerows({name: harmless_cell(cell) for name, cell in row.items()} for row in rows)
    return written.getvalue()


def harmless_cell(cell: Any) -> Any:
    """Return a cell in which no spreadsheet finds a formula, wherever it separates cells; numbers stay numbers."""
    if cell is None or (isinstance(cell, str) and re.fullmatch(_PLAIN_CELL, cell)):
        return cell
    if isinstance(cell, list):
        return " ".join(str(harmless_cell(each)) for each in cell)
    if isinstance(cell, bool):
        return str(cell).lower()  # as in JSON
    if isinstance(cell, Mapping):
        return harmless_cell(dump_json(cell))
    if not isinstance(cell, str):
        return cell
    whole = cell.replace("\r\n", "\n").replace("\r", "\n")  # a bare CR would end the row
    return ("'" if whole.startswith(("\t", "\n")) else "") + re.sub(_CELL_BEGINNING, _defuse_formula, whole)


def _defuse_formula(begins: re.Match[str]) -> str:
    sign = begins["formula"] or ""
    return begins[0].removesuffix(sign) + f"'{sign}" if sign else begins[0]


def dump_json(value: Any, indent: int | None = None) -> str:
    """Return a value as legible JSON, with invisible characters as their numbers."""
    return _INVISIBLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))


def is_translated_text(value: Any) -> bool:
    """Whether a value is a text of the rulebook by language."""
    return isinstance(value, Mapping) and "en" in value and set(value) <= {"en", "ru", "ky"}
