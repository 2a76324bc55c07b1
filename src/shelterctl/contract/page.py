"""The page that every command prints with --json, and what each answers in it."""

from typing import Any

from shelterctl.contract.answer import ANSWERS, NONE, answers
from shelterctl.contract.format import Schema
from shelterctl.contract.record import DIALECT
from shelterctl.library import Shelf

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_PLACE: Schema = {"type": ["integer", "null"]}
SEVERITIES = {"refuse": "it stops the act", "open": "it is still to be done", "warn": "it is said once"}
STATUSES = {
    "ok": "done, and nothing is open",
    "open": "done, and something is open",
    "refused": "nothing was written: see the findings",
    "error": "there is no answer, or not the whole one: see the error",
}


def outcome(shelf: Shelf) -> Schema:
    """The page: what is the same for all commands, and under ``data`` what the command answers that it names."""
    known = [_answers({"const": command}, command) for command in ANSWERS]
    unknown = _answers({"not": {"enum": [*ANSWERS]}}, NONE)
    return {
        "$schema": DIALECT,
        "$id": "urn:shelterctl:schema:outcome:1",
        "title": "What every command prints with --json",
        "description": "One page. Under data stands what the command answers; if it fails, as much as there is of it.",
        **_closed(_page()),
        "allOf": [*known, unknown],
        "$defs": {"finding": _closed(_finding()), **{_name(key): one for key, one in answers(shelf).items()}},
    }


def _answers(command: Schema, name: str) -> Schema:
    """That a page of that command has such data."""
    data = {"$ref": f"#/$defs/{_name(f'data {name}')}"}
    return {"if": {"properties": {"command": command}}, "then": {"properties": {"data": data}}}


def _name(key: str) -> str:
    return key.replace(" ", "-")


def _page() -> dict[str, Schema]:
    error = {
        "code": ("Code of the error", _TEXT),
        "message": ("What went wrong", _TEXT),
        "hint": ("What to do", _MAYBE),
    }
    manual = {"edition": ("Edition of the manual", _MAYBE), "digest": ("Fingerprint of the rules", _MAYBE)}
    return {
        "shelterctl": {"title": "Version of the page", "const": 1},
        "command": {
            "title": "Command",
            "description": "With its second word where it is one of a group; null where none was understood.",
            **_MAYBE,
        },
        "status": {"title": "How it ended", "enum": [*STATUSES], "x-labels": STATUSES},
        "exit_code": {"title": "Exit code", "type": "integer"},
        "manual": {"title": "The manual that was used", **_closed(_titled(manual))},
        "data": {"title": "The answer", "type": "object"},
        "findings": {"title": "What was found", "type": "array", "items": {"$ref": "#/$defs/finding"}},
        "error": {"title": "Why there is no answer", "anyOf": [{"type": "null"}, _closed(_titled(error))]},
    }


def _finding() -> dict[str, Schema]:
    return _titled(
        {
            "code": ("Code of the finding", _TEXT),
            "severity": ("How much it weighs", {"enum": [*SEVERITIES], "x-labels": SEVERITIES}),
            "record": ("Id of the file", _MAYBE),
            "where": ("Place, as a JSON pointer", _TEXT),
            "line": ("Line", _PLACE),
            "column": ("Column", _PLACE),
            "message": ("The sentence", _TEXT),
            "clause": ("Clause of the manual", _MAYBE),
            "facts": ("What the sentence is filled with", {"type": "object"}),
        }
    )


def _titled(keys: dict[str, tuple[str, Schema]]) -> dict[str, Schema]:
    return {key: {"title": title, **schema} for key, (title, schema) in keys.items()}


def _closed(properties: dict[str, Any]) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": [*properties], "properties": properties}
