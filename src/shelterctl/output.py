"""The voice that answers: an Outcome or an error, as text or as JSON, from one page. Nothing else prints."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.money import write_som
from shelterctl.errors import Exit, ShelterError
from shelterctl.language import N_, catalogue, say, shown

if TYPE_CHECKING:  # the shelf reads YAML, which help does not need
    from shelterctl.library import Shelf

Page = dict[str, Any]


class Format(StrEnum):
    """How a command answers; ``csv`` and ``ndjson`` are for lists."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Voice:
    """How to answer: which format, which language, and how to come by the manual to be named."""

    command: str | None
    format: Format
    language: str
    shelf: "Callable[[], Shelf]"


HEADS = {Severity.REFUSE: N_("refused"), Severity.OPEN: N_("open"), Severity.WARN: N_("note")}
STYLES = {"REFUSED": "bold red", "OPEN": "bold yellow", "NOTE": "bold"}
"""How a heading is coloured; it says the same without colour."""

TABLES: Mapping[str, tuple[str, ...]] = {"rows": (), "checklist": ("text",), "lines": (), "conditions": ()}
"""Data that a person sees as a table, and the columns that would only make it wide."""

PROGRAMS_ONLY = ("agreement", "replaced", "changed")
"""Data that the sentences and tables say already."""

ORDER = [Severity.REFUSE, Severity.OPEN, Severity.WARN]


def answer(said: Outcome | ShelterError, voice: Voice) -> int:
    """Say what a command returned or raised, once, and give the exit code."""
    page = page_of(said, voice)
    if voice.format is Format.JSON:
        _print(json.dumps(page, ensure_ascii=False, indent=2))
    elif isinstance(said, ShelterError):
        _print(_error(said, voice.language), error=True)
    elif voice.format in (Format.NDJSON, Format.CSV) and "rows" in said.data and not said.refused:
        _print(_rows(page["data"]["rows"], voice.format), end="")
    else:
        _show(_text(said, voice.language))
    return int(page["exit_code"])


def page_of(said: Outcome | ShelterError, voice: Voice) -> Page:
    """The page that programs read, in English; schemas/outcome.schema.json describes it."""
    manual = _manual(voice) if voice.format is Format.JSON else None
    page: Page = {"shelterctl": 1, "command": voice.command, "status": "error", "exit_code": int(Exit.BUG)}
    if isinstance(said, ShelterError):
        hint = say(said.hint, said.facts) if said.hint else None
        error = {"code": said.code, "message": say(said.message, said.facts), "hint": hint}
        return page | {"exit_code": int(said.exit), "manual": manual, "data": {}, "findings": [], "error": error}
    worst = next((severity for severity in ORDER if any(f.severity is severity for f in said.findings)), None)
    page["status"] = {Severity.REFUSE: "refused", Severity.OPEN: "open"}.get(worst or Severity.WARN, "ok")
    page["exit_code"] = int(Exit.REFUSED if said.refused else Exit.OK)
    data: dict[str, Any] = _plain(said.data)
    if said.said:
        data["said"] = [say(sentence, facts) for sentence, facts in said.said]
    findings = [_finding(finding) for finding in _sorted(said.findings)]
    return page | {"manual": manual, "data": data, "findings": findings, "error": None}


def _manual(voice: Voice) -> dict[str, str | None]:
    try:
        shelf = voice.shelf()
        return {"edition": shelf.edition, "digest": shelf.digest}
    except ShelterError:
        return {"edition": None, "digest": None}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "record": finding.record,
        "where": finding.where,
        "line": finding.line,
        "column": finding.column,
        "message": say(finding.message, finding.facts),
        "clause": finding.clause,
        "facts": _plain(finding.facts),
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: som as text with two places, days in ISO form, a text of the shelf in English."""
    if isinstance(value, Decimal):
        return write_som(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if _is_text(value):
            return value["en"]
        return {str(name): _plain(below) for name, below in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value


def _rows(rows: Sequence[Mapping[str, Any]], format_: Format) -> str:
    if format_ is Format.NDJSON:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    import csv  # noqa: PLC0415 - only lists need it
    import io  # noqa: PLC0415

    written = io.StringIO()
    names = list(rows[0]) if rows else []
    writer = csv.DictWriter(written, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(row[name]) for name in names} for row in rows)
    return written.getvalue()


def _harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(cell, list):
        return " ".join(map(str, cell))
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _error(error: ShelterError, language: str) -> str:
    told = f"shelterctl: {say(error.message, error.facts, language)}"
    return told + (f"\n{say(error.hint, error.facts, language)}" if error.hint else "")


def _text(outcome: Outcome, language: str) -> list[str]:
    lines = [say(sentence, facts, language) for sentence, facts in outcome.said]
    for name, value in outcome.data.items():
        if _is_text(value):
            lines.append(f"{_label(name, language)}: {shown(value, language)}")
        elif name in TABLES and isinstance(value, list | tuple):
            kept = [{key: cell for key, cell in row.items() if key not in TABLES[name]} for row in value]
            lines += ["", *_table(kept, language)] if kept else []
        elif name == "schema":
            lines += json.dumps(value, ensure_ascii=False, indent=2).splitlines()
        elif name == "record":
            lines += ["", *_tree(value, language)]
        elif name == "example":
            lines += str(value).splitlines()
        elif name in PROGRAMS_ONLY:
            continue
        elif not isinstance(value, Mapping | list | tuple) and value is not None:
            lines.append(f"{_label(name, language)}: {shown(value, language)}")
        elif value:
            lines += [f"{_label(name, language)}:", *_tree(value, language, "  ")]
    for severity in ORDER:
        found = [finding for finding in outcome.findings if finding.severity is severity]
        if found:
            lines += ["", f"{catalogue(language).gettext(HEADS[severity]).upper()} ({len(found)})"]
            lines += [_told(finding, language) for finding in found]
    return [_clean(line) for line in lines[not lines[0] :]] if lines else []


def _told(finding: Finding, language: str) -> str:
    place = f"{finding.line}:{finding.column} " if finding.line else ""
    record = f"{finding.record} " if finding.record else ""
    return f"  - {record}{place}{say(finding.message, finding.facts, language)} [{finding.code}]"


def _table(rows: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    names = list(rows[0])
    heads = [_label(name, language) for name in names]
    cells = [["" if row[name] is None else shown(row[name], language) for name in names] for row in rows]
    widths = [max(len(row[column]) for row in [heads, *cells]) for column in range(len(names))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *cells]
    ]


def _label(name: str, language: str) -> str:
    return catalogue(language).gettext(name.replace("_", " "))


def _is_text(value: Any) -> bool:
    """Whether a value is a text of the shelf, by language."""
    return isinstance(value, Mapping) and "en" in value and set(value) <= {"en", "ru", "ky"}


def _tree(value: Any, language: str, indent: str = "") -> list[str]:
    if _is_text(value):
        return [f"{indent}{shown(value, language)}"]
    if isinstance(value, Mapping):
        lines = []
        for name, below in value.items():
            nested = isinstance(below, Mapping | list | tuple) and below and not _is_text(below)
            said = isinstance(below, bool) or _is_text(below)
            leaf = "" if below is None else shown(below, language) if said else _plain(below)
            lines.append(f"{indent}{name}:" if nested else f"{indent}{name}: {leaf}")
            lines += _tree(below, language, indent + "  ") if nested else []
        return lines
    if isinstance(value, list | tuple):
        return [line for each in value for line in _item(each, language, indent)]
    return [f"{indent}{_plain(value)}"]


def _item(value: Any, language: str, indent: str) -> list[str]:
    lines = _tree(value, language, indent + "  ")
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]] if lines else []


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: ORDER.index(finding.severity))


def _clean(line: str) -> str:
    """A line without anything that a terminal would obey: controls and bidirectional marks are shown, not sent."""
    return "".join(
        character if character.isprintable() or character in "\t\N{NO-BREAK SPACE}" else f"\\x{ord(character):02x}"
        for character in line.replace("\n", " ")
    )


def _show(lines: Sequence[str]) -> None:
    """Lines for a person: at a terminal wrapped at words, with a colour for what is refused or open."""
    if not sys.stdout.isatty():
        _print("\n".join(lines))
        return
    from rich.console import Console  # noqa: PLC0415 - costs as much as typer
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        head = next((style for word, style in STYLES.items() if line.startswith(f"{word} (")), "")
        console.print(Text(line, style=head))


def narrate(text: str) -> None:
    """A line of the demonstration, said as it happens."""
    _print("\n".join(_clean(line) for line in text.splitlines()))


def _print(text: str, *, error: bool = False, end: str = "\n") -> None:
    stream = sys.stderr if error else sys.stdout
    stream.write(text + end)
    stream.flush()
