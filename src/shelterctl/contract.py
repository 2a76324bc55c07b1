"""The published schemas: a frame written by hand, and the forms' parts generated from the shelf."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from shelterctl.core.fragment import OF_A_STAY
from shelterctl.core.ruling import Ruling
from shelterctl.core.stranger import EACH
from shelterctl.core.track import Track
from shelterctl.errors import NotFound
from shelterctl.language import N_
from shelterctl.library import SCHEMAS, Shelf, open_shelf, read_frame, read_schema
from shelterctl.shape import keys_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

SINGULAR = {"staff": "staff", "ngos": "ngo", "facilities": "facility", "providers": "provider"}
"""What one entry of each register is called in the directory's schema."""

HANDWRITTEN = ("directory", "outcome", "secrets", "staff")
"""Schemas that owe nothing to the shelf."""

NO_SCHEMA = N_("There is no such schema. The schemas are {names}.")

_SOM: Schema = {
    "title": "an amount of som with at most two places",
    "x-som": True,
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\d{1,13}(\.\d{1,2})?$"}],
}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "x-is": "date", "description": "a date YYYY-MM-DD"}
_MONTH: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}$", "x-is": "month", "description": "a month YYYY-MM"}
_TEXT: Schema = {"type": "string", "minLength": 1}
_NAME: Schema = {**_TEXT, "x-letters": True}
_SPAN: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["from", "to"],
    "properties": {"from": _DAY, "to": _DAY},
}
_WHOLE: Schema = {"type": "integer", "minimum": 1}
KINDS: Mapping[str, Schema] = {
    "text": _TEXT,
    "texts": {"type": "array", "items": _TEXT, "minItems": 1},
    "whole": _WHOLE,
    "months": {"title": "a number of months, or a list of them", "anyOf": [_WHOLE, {"type": "array", "items": _MONTH}]},
    "som": _SOM,
    "span": _SPAN,
    "course": {**_SPAN, "properties": {"profession": _TEXT, "provider": _NAME, "from": _DAY, "to": _DAY}},
}
"""The schema of each kind of key that a form's line may have."""

_HEADING = (
    "number",
    "date",
    "place",
    "ngo",
    "ngo_representative",
    "iom_representative",
    "drafted_by",
    "notes",
    "signed",
)
_SCALARS = tuple(f"#/$defs/{name}" for name in ("text", "day", "time", "code", "partial"))


def shelter(shelf: Shelf) -> Schema:
    """The houses of a store, each of a kind that lies on the shelf."""
    schema = deepcopy(dict(read_schema("shelter")))
    schema["properties"]["facilities"]["additionalProperties"]["properties"]["kind"] = {"enum": list(shelf.kinds)}
    return schema


def resident(shelf: Shelf) -> Schema:
    """A client's record: the frame, with items, forms and the monitoring report as they lie on the shelf."""
    frame = read_frame("resident")
    defs = frame["$defs"]
    items = list(shelf.items)
    defs["done"]["properties"]["item"] = {"enum": items}
    defs["agreement"]["properties"]["form"] = {"enum": sorted(shelf.forms)}
    defs["report"] = _report(shelf, frame)
    return frame


def fragment(shelf: Shelf) -> Schema:
    """What ``admit --from`` takes: any part of a record, and the keys of a stay at the top."""
    schema = deepcopy(resident(shelf))
    schema["title"] = "A part of a client's record, to be merged in"
    schema["x-name"] = "fragment/1"
    top, stay = schema["properties"], schema["$defs"]["stay"]["properties"]
    del schema["required"]
    for name in ("schema", "id", "recorded_at", "recorded_by", "agreements", "unfinished", "printed"):
        del top[name]
    top.update({name: stay[name] for name in OF_A_STAY})
    for node in schema["$defs"].values():
        if "properties" in node:
            node.pop("required", None)
            for name in ("recorded_at", "recorded_by", "void"):
                node["properties"].pop(name, None)
    _coded(schema["$defs"]["attempt"])
    _nullable(schema)
    return schema


def duty(shelf: Shelf, what: str) -> Schema:
    """What ``monitor attempt``, ``close`` or ``schedule --from`` takes: that part of a record, any of its keys."""
    frame = resident(shelf)
    part = frame["$defs"]["attempt"] if what == "attempt" else frame["$defs"]["monitoring"]["properties"][what]
    body = {name: value for name, value in part.items() if name != "required"}
    _coded(body)
    return {**body, "$defs": frame["$defs"]}


@cache
def of_register(shelf: Shelf, register: str) -> tuple[tuple[str, ...], ...]:
    """The places of a record in which a code of that register stands."""
    frame = resident(shelf)
    return tuple(_naming(frame, frame["$defs"], register, ()))


def _naming(node: Schema, defs: Schema, register: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if node.get("x-register") == register:
        yield path
    elif "$ref" in node:
        yield from _naming(defs[node["$ref"].rpartition("/")[2]], defs, register, path)
    elif "items" in node:
        yield from _naming(node["items"], defs, register, (*path, EACH))
    for name, below in (node.get("properties") or {}).items():
        yield from _naming(below, defs, register, (*path, name))


def codes(shelf: Shelf, part: str, name: str) -> Sequence[str]:
    """The codes of a place that took any text once, as they stand in the frame."""
    found: Sequence[str] = resident(shelf)["$defs"][part]["properties"][name]["x-codes"]
    return found


def agreement(shelf: Shelf, name: str, *, lines: bool = True) -> Schema:
    """What ``agreement --from`` takes for one form; without *lines* they are left to the core, which knows clauses."""
    form = shelf.form(name)
    frame = resident(shelf)
    properties = frame["$defs"]["agreement"]["properties"]
    kept = {key: properties[key] for key in (*_HEADING, *form.own)}
    kept["lines"] = lines_of(form) if lines else {"type": "object"}
    used = {key: frame["$defs"][key] for key in ("text", "day", "code", "language", "span")}
    return {
        "$schema": DIALECT,
        "title": f"A financial agreement on the {form.text['en']}",
        "type": "object",
        "additionalProperties": False,
        "required": ["date"],
        "properties": kept,
        "$defs": used,
    }


def report(shelf: Shelf) -> Schema:
    """What ``monitor record --from`` takes: the answers of Annex 7 at the top."""
    frame = resident(shelf)
    body = deepcopy(frame["$defs"]["report"])
    for name in ("recorded_at", "recorded_by", "void"):
        del body["properties"][name]
    used = {key: frame["$defs"][key] for key in ("text", "day", "code", "entry_id")}
    return {"$schema": DIALECT, "title": "A monitoring report", **body, "$defs": used}


def called(register: str) -> Schema:
    """What ``staff add --from`` and the like take: names behind a code, and nothing that the tool writes itself."""
    frame = read_schema("directory")
    entry = frame["$defs"][SINGULAR[register]]
    asked = {name: part for name, part in entry["properties"].items() if name != "printed"}
    return {**entry, "properties": asked, "$defs": frame["$defs"]}


def keys() -> frozenset[str]:
    """Every key that a record, a part of one or a file of the house may have, as the schemas are published."""
    return frozenset().union(*(keys_of(read_schema(name)) for name in ("resident", "fragment", "directory", "shelter")))


def all_of(shelf: Shelf) -> dict[str, Schema]:
    """Every published schema by name."""
    return {
        **{name: dict(read_schema(name)) for name in HANDWRITTEN},
        "shelter": shelter(shelf),
        "resident": resident(shelf),
        "fragment": fragment(shelf),
        "monitoring-report": report(shelf),
        **{f"agreement-{name}": agreement(shelf, name) for name in shelf.forms},
    }


def named(shelf: Shelf, name: str) -> Schema:
    """One published schema; NotFound if there is none of that name."""
    schemas = all_of(shelf)
    if name not in schemas:
        raise NotFound("schema/unknown", NO_SCHEMA, names=sorted(schemas))
    return schemas[name]


def publish(folder: Path = SCHEMAS) -> None:
    """Write every schema that is generated from the shelf into *folder*; the others lie there, written by hand."""
    for name, schema in all_of(open_shelf()).items():
        if name not in HANDWRITTEN:
            text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _report(shelf: Shelf, frame: Schema) -> Schema:
    kinds: Mapping[str, Schema] = {
        "text": {"$ref": "#/$defs/text"},
        "day": {"title": "a date YYYY-MM-DD, or unknown", "anyOf": [{"$ref": "#/$defs/day"}, {"const": "unknown"}]},
        "yes_no": {"enum": [True, False, "unknown"]},
    }
    answers = {
        name: {"enum": [*question.codes, "unknown"]} if question.kind == "code" else kinds[question.kind]
        for name, question in shelf.report.fields.items()
        if question.number
    }
    stamp = {key: frame["$defs"]["attempt"]["properties"][key] for key in ("id", "recorded_at", "recorded_by", "void")}
    heading = {"social_worker": {"$ref": "#/$defs/code", "x-register": "staff"}, "date": {"$ref": "#/$defs/day"}}
    foot = {"signed": {"type": "boolean"}, "law_enforcement_note": {"$ref": "#/$defs/text"}}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["date"],
        "properties": {**stamp, **heading, **answers, **foot},
    }


def lines_of(form: Track) -> Schema:
    """The lines that the form has had, each with its keys and the codes that were ever ruled."""
    known: Schema = {}
    for number, line in form.parts.items():
        keys: Schema = {"amount": _SOM}
        for name, key in line.fields.items():
            if name == "amount":
                continue
            kind = "course" if key.kind == "span" and key.fields else "texts" if key.several else key.kind
            keys[name] = {"enum": list(key.codes)} if key.codes else KINDS.get(kind, _TEXT)
        needed = [
            name
            for rule in line.rules
            if rule.verb == "needs" and all(isinstance(r, Ruling) and r.strength == "shall" for r in rule.history)
            for name in rule.names
            if "." not in name and not line.fields[name].asked_with
        ]
        known[number] = {"type": "object", "additionalProperties": False, "required": needed, "properties": keys}
    return {"type": "object", "additionalProperties": False, "properties": known}


def _coded(part: Schema) -> None:
    """Let only codes stand where old records may have text: what is written now is closed."""
    for name, below in part["properties"].items():
        if "x-codes" in below:
            part["properties"][name] = {"enum": list(below["x-codes"])}


def _nullable(schema: Schema) -> None:
    """Let null stand for any scalar, at any depth: in a fragment it takes the value away."""
    waiting = [schema, *schema["$defs"].values()]
    while waiting:
        properties = waiting.pop().get("properties") or {}
        for name, below in properties.items():
            if below.get("$ref") in _SCALARS:
                said = schema["$defs"][below["$ref"].rpartition("/")[2]]["description"]
                notes = {key: below[key] for key in below if key.startswith("x-")}
                either = [{"$ref": below["$ref"]}, {"type": "null"}]
                properties[name] = {"title": f"{said}, or null to take it away", "anyOf": either, **notes}
            elif "enum" in below:
                properties[name] = {**below, "enum": [*below["enum"], None]}
            elif below.get("type") in ("boolean", "integer"):
                properties[name] = {**below, "type": [below["type"], "null"]}
            else:
                waiting.append(below)
