"""The text of an answer for a person: sentences, labelled data, tables and findings, line by line."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.errors import BrokenRulebook, ShelterError
from shelterctl.language import format_fact, format_sentence, translate
from shelterctl.output.labels import format_value, label_of_key
from shelterctl.output.page import SEVERITY_ORDER, is_translated_text, to_json_value
from shelterctl.terminal.screen import escape_controls
from shelterctl.ui_language import N_

SEVERITY_HEADINGS = {Severity.REFUSE: N_("refused"), Severity.OPEN: N_("open"), Severity.WARN: N_("note")}

TABLE_DATA: Mapping[str, tuple[str, ...]] = {
    "rows": ("exit_code", "replaced", "left_out", "entries"), "sleeping": (),
    "checklist": ("text", "begun", "on_paper"),
    "lines": (), "conditions": (),
}  # fmt: skip
"""Data shown to people as tables, with the columns left out because they would only make the table wide."""

PROGRAMS_ONLY = (
    "agreement", "replaced", "left_out", "changed", "taken_back", "printed", "sheet", "files", "repaired", "accepted",
    "was", "passed_over", "copies", "recovery", "sum",
)  # fmt: skip
"""Data that only programs need, since the sentences and tables say it too."""


def format_error(error: ShelterError, language: str) -> str:
    """Return an error and its hint as text; a fact may be the name that somebody gave to a file or folder.

    Each error of a rulebook with several has its own line.
    """
    others = error.others if isinstance(error, BrokenRulebook) else ()
    return "\n".join(_format_single_error(one, language) for one in (error, *others))


def _format_single_error(error: ShelterError, language: str) -> str:
    facts = {name: _legible_fact(fact) for name, fact in error.facts.items()}
    told = f"shelterctl: {format_sentence(error.message, facts, language)}".split("\n")
    told += format_sentence(error.hint, facts, language).split("\n") if error.hint else []
    return "\n".join(map(escape_controls, told))


def _legible_fact(fact: object) -> object:
    """Return a fact on one line without control characters; sentences of the program keep their lines."""
    if type(fact) in (list, tuple):
        return [_legible_fact(each) for each in fact]  # type: ignore[attr-defined]
    return escape_controls(fact) if type(fact) is str else fact


def format_outcome(outcome: Outcome, language: str, room: int | None = None, *, codes: bool = True) -> Iterator[str]:
    """Yield an answer line by line: sentences, data in *room* columns, then the findings."""
    before = ""
    for line in _outcome_lines(outcome, language, room, codes=codes):
        if line or before:  # one blank line is enough
            yield escape_controls(line)
        before = line


def _outcome_lines(outcome: Outcome, language: str, room: int | None, *, codes: bool) -> Iterator[str]:
    if outcome.harm:
        yield from (*format_error(outcome.harm, language).splitlines(), "")
    yield from (format_sentence(sentence, facts, language) for sentence, facts in (*outcome.said, *outcome.prose))
    if outcome.urgent:
        yield from _finding_lines(outcome.findings, language, codes=codes)
        yield from [""] if outcome.findings else []
    for name, value in () if outcome.prose else outcome.data.items():
        if name not in PROGRAMS_ONLY and not (name == "rows" and "houses" in outcome.data):  # the houses are drawn
            yield from _data_lines(name, value, outcome.wide, language, room)
    if not outcome.urgent:
        yield from _finding_lines(outcome.findings, language, codes=codes)
    if outcome.last:
        yield from ("", *(format_sentence(sentence, facts, language) for sentence, facts in outcome.last))


def _finding_lines(findings: Sequence[Finding], language: str, *, codes: bool) -> Iterator[str]:
    """Yield the findings under the heading of their severity, each followed by its code."""
    for severity in SEVERITY_ORDER:
        found = [finding for finding in findings if finding.severity is severity]
        if found:
            yield from ("", f"{severity_heading(severity, language)} ({len(found)})")
        for finding in found:
            yield _finding_line(finding, language) + (f" [{finding.code}]" if codes else "")


def _data_lines(name: str, value: Any, wide: Sequence[str], language: str, room: int | None) -> list[str]:
    """Return one piece of data as a person reads it."""
    lines: list[str] = []
    if is_translated_text(value):
        lines = [f"{label_of_key(name, language)}: {format_fact(value, language)}"]
    elif name in TABLE_DATA and isinstance(value, list | tuple):
        kept, dropped = value, {*TABLE_DATA[name], *wide}
        if any(not dropped.isdisjoint(row) for row in value):  # a whole store has many rows
            kept = [{key: cell for key, cell in row.items() if key not in dropped} for row in value]
        from shelterctl.output.columns import format_table  # noqa: PLC0415 - only lists need it

        lines = ["", *format_table(kept, language, room)] if kept else []
    elif name == "houses":
        from shelterctl.output.columns import draw_bars  # noqa: PLC0415 - only bars need it

        lines = draw_bars(value, language, room)
    elif name == "schema":
        lines = json.dumps(value, ensure_ascii=False, indent=2).splitlines()
    elif name == "record":
        lines = [
            "",
            *_tree_lines(value, language, keys=lambda key, _: key),
        ]  # with the keys that a file for --from needs
    elif name == "example":
        lines = str(value).splitlines()
    elif not isinstance(value, Mapping | list | tuple) and value is not None:
        lines = [f"{label_of_key(name, language)}: {format_value(name, value, language)}"]
    elif value:
        lines = [f"{label_of_key(name, language)}:", *_tree_lines(value, language, "  ")]
    return lines


def severity_heading(severity: Severity, language: str) -> str:
    """Return the heading over the findings of one severity."""
    return translate(SEVERITY_HEADINGS[severity], language).upper()


def _finding_line(finding: Finding, language: str) -> str:
    place = f"{finding.line}:{finding.column} " if finding.line else ""
    said = finding.facts.get("id") == finding.record  # the sentence names it
    record = f"{finding.record} " if finding.record and not said else ""
    return f"  - {record}{place}{format_sentence(finding.whole, finding.facts, language)}"


def _tree_lines(
    value: Any, language: str, indent: str = "", keys: Callable[[str, str], str] = label_of_key
) -> list[str]:
    if is_translated_text(value):
        return [f"{indent}{format_fact(value, language)}"]
    if isinstance(value, Mapping):
        lines = []
        for name, below in value.items():
            nested = isinstance(below, Mapping | list | tuple) and below and not is_translated_text(below)
            lines.append(f"{indent}{keys(name, language)}:" + ("" if nested else f" {_leaf_text(below, language)}"))
            lines += _tree_lines(below, language, indent + "  ", keys) if nested else []
        return lines
    if isinstance(value, list | tuple):
        return [line for each in value for line in _item_lines(each, language, indent, keys)]
    return [f"{indent}{_leaf_text(value, language)}"]


def _leaf_text(value: Any, language: str) -> str:
    if value is None or value in ({}, []):  # an empty one has nothing below it
        return ""
    said = isinstance(value, bool) or is_translated_text(value) or language != "en"
    return format_fact(value, language) if said else str(to_json_value(value))


def _item_lines(value: Any, language: str, indent: str, keys: Callable[[str, str], str]) -> list[str]:
    lines = _tree_lines(value, language, indent + "  ", keys)
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]] if lines else []
