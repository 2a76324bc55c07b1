"""The page that every command prints with --json, and what each answers in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shelterctl.contract.answer import ANSWERS, KINDS, NONE, OneOf
from shelterctl.contract.definition import capital
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
        "$defs": {"finding": _closed(_finding()), **{_name(key): one for key, one in _of_commands(shelf).items()}},
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


def _of_commands(shelf: Shelf) -> Schema:
    """What may stand under ``data``, by ``data`` and the command, and every kind to which that refers, by its name."""
    defs: Schema = {}
    kinds = {**KINDS, "state": _state(shelf)}
    named = {f"data {command}": _data(_Kinds(kinds, defs), keys) for command, keys in (*ANSWERS.items(), (NONE, {}))}
    return {**named, **defs}


@dataclass(frozen=True, repr=False)
class _Kinds:
    """Every kind that there is, and those that were referred to."""

    known: Mapping[str, Schema]
    used: Schema

    def ref(self, name: str) -> Schema:
        """A reference to a kind; one with ``?`` may be null."""
        kind = self.known[name.removesuffix("?")]
        name = name.replace("?", "_or_null")
        null = {"enum": [*kind["enum"], None]} if "enum" in kind else {}
        self.used[name] = {**kind, "type": [kind["type"], "null"], **null} if name.endswith("_or_null") else kind
        return {"$ref": f"#/$defs/{name}"}


def _data(kinds: _Kinds, keys: Mapping[str, Any]) -> Schema:
    return _object(kinds, {**{key if key == "*" else f"{key}?": one for key, one in keys.items()}, "said?": ["text"]})


def _object(kinds: _Kinds, keys: Mapping[str, Any]) -> Schema:
    named = {key.removesuffix("?"): one for key, one in keys.items() if key != "*"}
    sure = [key for key in named if key in keys]
    titled = {key: {"title": capital(key.replace("_", " ")), **_schema(kinds, one)} for key, one in named.items()}
    return {
        "type": "object",
        "additionalProperties": _schema(kinds, keys["*"]) if "*" in keys else False,
        **({"required": sure} if sure else {}),
        **({"properties": titled} if titled else {}),
    }


def _schema(kinds: _Kinds, one: Any) -> Schema:
    if isinstance(one, Mapping):
        return _object(kinds, one)
    if isinstance(one, list):
        items = _schema(kinds, one[0] if len(one) == 1 else OneOf(one))
        chosen = isinstance(one[0], Mapping) and "required" not in items  # a row of whichever columns has one of them
        return {"type": "array", "items": {**items, "minProperties": 1} if chosen and "type" in items else items}
    if isinstance(one, OneOf):
        return {"anyOf": [_schema(kinds, each) for each in one]}
    return {"enum": [*one]} if isinstance(one, tuple) else kinds.ref(one)


def _state(shelf: Shelf) -> Schema:
    words = {code: state["text"]["en"] for code, state in shelf.states.items()}
    return {"type": "string", "enum": [*words], "x-labels": words}
