"""The published schemas, all made from the fields of the shelf's tracks; but two owe nothing to it."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from shelterctl.contract import record
from shelterctl.contract.format import Schema
from shelterctl.contract.input import agreement, called, duty, entry, fragment, report
from shelterctl.contract.record import DIALECT, MADE_OF, SINGULAR, directory, shelter, staff
from shelterctl.core.stranger import EACH, Tree, Way, branched
from shelterctl.errors import NotFound
from shelterctl.language import N_
from shelterctl.library import SCHEMAS, Shelf, open_shelf, read_schema
from shelterctl.shape import keys_of

__all__ = [
    "DIALECT", "HANDWRITTEN", "SINGULAR", "Schema", "agreement", "all_of", "called", "codes",
    "directory", "duty", "entry", "fragment", "keys", "named", "of_register", "publish", "report", "resident",
    "shelter", "staff", "tree_of",
]  # fmt: skip

HANDWRITTEN = ("outcome", "secrets")
"""Schemas that owe nothing to the shelf."""

NO_SCHEMA = N_("There is no such schema. The schemas are {names}.")


@cache
def resident(shelf: Shelf) -> Schema:
    """The schema of a client's file: the published one if it was made of these very fields, else one made of them."""
    published = _read("resident")
    return published if published.get("$comment") == MADE_OF.format(shelf.imprint) else record.resident(shelf)


@cache
def of_register(shelf: Shelf, register: str) -> tuple[Way, ...]:
    """The places of a record in which a code of that register stands."""
    schema = resident(shelf)
    return tuple(_naming(schema, register, schema["$defs"]))


def _naming(node: Schema, register: str, defs: Schema, way: Way = ()) -> Iterator[Way]:
    """The ways to every place below a node of a schema in which a code of that register may stand."""
    if node.get("x-register") == register:
        yield (*way, EACH) if node.get("type") == "array" else way
    node = {**node, **defs[node["$ref"].rpartition("/")[2]]} if "$ref" in node else node
    if "items" in node:
        yield from _naming(node["items"], register, defs, (*way, EACH))
    for name, below in (node.get("properties") or {}).items():
        yield from _naming(below, register, defs, (*way, name))


@cache
def tree_of(shelf: Shelf, register: str) -> Tree:
    """The same places as a tree, by which a file is walked."""
    return branched(of_register(shelf, register))


def codes(shelf: Shelf, track: str, name: str) -> tuple[str, ...]:
    """The codes of a place that took any text once."""
    return tuple(shelf.tracks[track].fields[name].codes)


def keys() -> frozenset[str]:
    """Every key that a record, a part of one or a file of the house may have, as the schemas are published."""
    return frozenset().union(*(keys_of(read_schema(name)) for name in ("resident", "fragment", "directory", "shelter")))


MADE: Mapping[str, Callable[[Shelf], Schema]] = {
    "directory": directory,
    "staff": staff,
    "shelter": shelter,
    "resident": record.resident,
    "fragment": fragment,
    "monitoring-report": report,
}
"""How those are made that every shelf has; each form has one besides."""


def _makers(shelf: Shelf) -> dict[str, Callable[[], Schema]]:
    """How each schema is had, by its name."""
    read = {name: partial(_read, name) for name in HANDWRITTEN}
    made = {name: partial(make, shelf) for name, make in MADE.items()}
    return {**read, **made, **{f"agreement-{name}": partial(agreement, shelf, name) for name in shelf.form_names}}


def _read(name: str) -> Schema:
    return dict(read_schema(name))


def all_of(shelf: Shelf) -> dict[str, Schema]:
    """Every published schema by name."""
    return {name: made() for name, made in _makers(shelf).items()}


def named(shelf: Shelf, name: str) -> Schema:
    """One published schema; NotFound if there is none of that name."""
    makers = _makers(shelf)
    if name not in makers:
        raise NotFound("schema/unknown", NO_SCHEMA, names=sorted(makers))
    return makers[name]()


def publish(folder: Path = SCHEMAS) -> None:
    """Write every schema that is made from the shelf into *folder*; the others lie there, written by hand."""
    for name, schema in all_of(open_shelf()).items():
        if name not in HANDWRITTEN:
            text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
