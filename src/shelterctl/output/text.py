"""The same answer for a person: sentences, labelled data, tables, and what is refused or open, line by line."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.errors import ShelterError
from shelterctl.label import label
from shelterctl.label import value as worded
from shelterctl.language import N_, say, shown, translated
from shelterctl.output.page import ORDER, is_text, plain
from shelterctl.screen import clean

HEADS = {Severity.REFUSE: N_("refused"), Severity.OPEN: N_("open"), Severity.WARN: N_("note")}

TABLES: Mapping[str, tuple[str, ...]] = {
    "rows": ("exit_code", "replaced", "left_out", "entries"), "sleeping": (), "checklist": ("text", "begun"),
    "lines": (), "conditions": (),
}  # fmt: skip
"""Data that a person sees as a table, and the columns that would only make it wide."""

PROGRAMS_ONLY = (
    "agreement",
    "replaced",
    "left_out",
    "changed",
    "taken_back",
    "printed",
    "sheet",
    "files",
    "repaired",
    "accepted",
    "was",
    "passed_over",
    "copies",
    "recovery",
)
"""Data that the sentences and tables say already."""


def error_of(error: ShelterError, language: str) -> str:
    """Why there is no answer, and what to do; a fact may be the name that somebody gave to a file or a folder."""
    facts = {name: _legible(fact) for name, fact in error.facts.items()}
    told = f"shelterctl: {say(error.message, facts, language)}".split("\n")
    told += say(error.hint, facts, language).split("\n") if error.hint else []
    return "\n".join(map(clean, told))


def _legible(fact: object) -> object:
    """A fact on one line, without anything that a terminal would obey; what the program itself says keeps its lines."""
    if type(fact) in (list, tuple):
        return [_legible(each) for each in fact]  # type: ignore[attr-defined]
    return clean(fact) if type(fact) is str else fact


def text_of(outcome: Outcome, language: str, room: int | None = None, *, codes: bool = True) -> list[str]:
    """An answer line by line: sentences, then data in *room* columns, then what is refused, open or noted."""
    lines = [*error_of(outcome.harm, language).splitlines(), ""] if outcome.harm else []
    lines += [say(sentence, facts, language) for sentence, facts in (*outcome.said, *outcome.prose)]
    data: list[str] = []
    for name, value in () if outcome.prose else outcome.data.items():
        if name not in PROGRAMS_ONLY and not (name == "rows" and "houses" in outcome.data):  # the houses are drawn
            data += _written(name, value, outcome.wide, language, room)
    told: list[str] = []
    for severity in ORDER:
        found = [finding for finding in outcome.findings if finding.severity is severity]
        if found:
            told += ["", f"{head(severity, language)} ({len(found)})"]
            told += [_told(finding, language) + (f" [{finding.code}]" if codes else "") for finding in found]
    parted = [""] if told else []
    lines += [*told, *parted, *data] if outcome.urgent else [*data, *told]
    lines += ["", *(say(sentence, facts, language) for sentence, facts in outcome.last)] if outcome.last else []
    lines = [
        line for line, before in zip(lines, ["", *lines], strict=False) if line or before
    ]  # one blank line is enough
    return [clean(line) for line in lines]


def _written(name: str, value: Any, wide: Sequence[str], language: str, room: int | None) -> list[str]:
    """One piece of data as a person reads it."""
    lines: list[str] = []
    if is_text(value):
        lines = [f"{label(name, language)}: {shown(value, language)}"]
    elif name in TABLES and isinstance(value, list | tuple):
        kept = [{key: cell for key, cell in row.items() if key not in (*TABLES[name], *wide)} for row in value]
        from shelterctl.output.grid import table  # noqa: PLC0415 - of lists alone

        lines = ["", *table(kept, language, room)] if kept else []
    elif name == "houses":
        from shelterctl.output.bars import bars  # noqa: PLC0415 - of counts alone

        lines = bars(value, language, room)
    elif name == "schema":
        lines = json.dumps(value, ensure_ascii=False, indent=2).splitlines()
    elif name == "record":
        lines = ["", *_tree(value, language, keys=_as_typed)]
    elif name == "example":
        lines = str(value).splitlines()
    elif not isinstance(value, Mapping | list | tuple) and value is not None:
        lines = [f"{label(name, language)}: {worded(name, value, language)}"]
    elif value:
        lines = [f"{label(name, language)}:", *_tree(value, language, "  ")]
    return lines


def head(severity: Severity, language: str) -> str:
    """What stands over findings of one weight."""
    return translated(HEADS[severity], language).upper()


def _told(finding: Finding, language: str) -> str:
    place = f"{finding.line}:{finding.column} " if finding.line else ""
    said = finding.facts.get("id") == finding.record  # the sentence names it
    record = f"{finding.record} " if finding.record and not said else ""
    return f"  - {record}{place}{say(finding.whole, finding.facts, language)}"


def _as_typed(key: str, _: str) -> str:
    """A key of a record, as whoever writes a file for --from has to type it."""
    return key


def _tree(value: Any, language: str, indent: str = "", keys: Callable[[str, str], str] = label) -> list[str]:
    if is_text(value):
        return [f"{indent}{shown(value, language)}"]
    if isinstance(value, Mapping):
        lines = []
        for name, below in value.items():
            nested = isinstance(below, Mapping | list | tuple) and below and not is_text(below)
            lines.append(f"{indent}{keys(name, language)}:" + ("" if nested else f" {_leaf(below, language)}"))
            lines += _tree(below, language, indent + "  ", keys) if nested else []
        return lines
    if isinstance(value, list | tuple):
        return [line for each in value for line in _item(each, language, indent, keys)]
    return [f"{indent}{_leaf(value, language)}"]


def _leaf(value: Any, language: str) -> str:
    if value is None or value in ({}, []):  # an empty one has nothing below it
        return ""
    said = isinstance(value, bool) or is_text(value) or language != "en"
    return shown(value, language) if said else str(plain(value))


def _item(value: Any, language: str, indent: str, keys: Callable[[str, str], str]) -> list[str]:
    lines = _tree(value, language, indent + "  ", keys)
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]] if lines else []
