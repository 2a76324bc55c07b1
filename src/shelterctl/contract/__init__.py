"""The published schemas, all made from the fields of the shelf's tracks; but one owes nothing to it."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from shelterctl.contract import input as input_
from shelterctl.contract import record
from shelterctl.contract.definition import capital
from shelterctl.contract.format import Schema
from shelterctl.contract.input import (
    DUTIES,
    agreement,
    called,
    discharge,
    duty,
    entries,
    entry,
    find,
    given_up,
    lines,
    lying,
    report,
    termination,
)  # fmt: skip
from shelterctl.contract.record import DIALECT, SINGULAR, directory, shelter, staff
from shelterctl.core.merging import Keys
from shelterctl.core.sameness import WAS
from shelterctl.core.tree import STAMP, STAYS
from shelterctl.core.way import EACH, Tree, Way, branched
from shelterctl.errors import NotFound
from shelterctl.language import N_, Text
from shelterctl.library import SCHEMAS, Shelf, open_shelf, read_schema
from shelterctl.shape import keys_of

__all__ = [
    "DIALECT", "HANDWRITTEN", "SINGULAR", "Schema", "agreement", "all_of", "called", "codes", "directory", "discharge",
    "duty", "entries", "entry", "find", "fragment", "given", "given_up", "kept", "keys", "keys_of_stay", "lines",
    "lying", "named", "nameless", "naming", "of_register", "publish", "report", "resident", "shelter", "staff",
    "termination", "titles", "tree_of",
]  # fmt: skip

HANDWRITTEN = ("secrets",)
"""Schemas that owe nothing to the shelf."""

NO_SCHEMA = N_("There is no such schema. The schemas are {names}.")


@cache
def resident(shelf: Shelf) -> Schema:
    """The schema of a client's file: the published one if it was made of these very fields, else one made of them."""
    return _published(shelf, "resident", record.resident)


@cache
def fragment(shelf: Shelf) -> Schema:
    """The schema of what ``admit --from`` takes, had in the same way."""
    return _published(shelf, "fragment", input_.fragment)


def _published(shelf: Shelf, name: str, make: Callable[[Shelf], Schema]) -> Schema:
    published = _read(name)
    return published if published.items() >= record.made_of(shelf).items() else make(shelf)


@cache
def of_register(shelf: Shelf, register: str) -> tuple[Way, ...]:
    """The places of a record in which a code of that register stands."""
    return _naming(shelf, lambda node: node.get("x-register") == register)


def _naming(shelf: Shelf, named: Callable[[Schema], bool]) -> tuple[Way, ...]:
    found = ((way, node) for way, node in _places(shelf) if named(node))
    return tuple((*way, EACH) if node.get("type") == "array" else way for way, node in found)


@cache
def tree_of(shelf: Shelf, register: str) -> Tree:
    """The same places as a tree, by which a file is walked; of each its number is known."""
    return branched({way: number for number, way in enumerate(of_register(shelf, register))})


@cache
def naming(shelf: Shelf, register: str) -> Tree:
    """The places where a code of that register may stand, also beside words or codes of other registers, as a tree."""
    ways = _naming(shelf, lambda node: register in (node.get("x-register"), *node.get("x-registers", ())))
    return branched({way: number for number, way in enumerate(ways)})


@cache
def nameless(shelf: Shelf) -> Tree:
    """The places of a record in which nobody's name may stand, as such a tree; of each its clause is known."""
    return branched({way: node.get("x-clause") for way, node in _places(shelf) if node.get("x-code")})


@cache
def keys_of_stay(shelf: Shelf) -> Keys:
    """The keys of a stay, which stand at the top of what is given, those of a client too, and the lists of tracks."""
    ways, lists = dict(_places(shelf)), dict[str, str]()
    for way, node in ways.items():
        path = way[2:] if way[:2] == (STAYS, EACH) else way
        if "$ref" in node.get("items", {}) and EACH not in path:
            lists[".".join(path)] = node["items"]["$ref"].rpartition("/")[2]
    stay = [way[2] for way in ways if way[:2] == (STAYS, EACH) and len(way) == len((STAYS, EACH, "key"))]
    own = [name for name in stay if name not in (*STAMP, "void", WAS)]
    return Keys(own, [name for name in own if (name,) in ways], lists, shelf.tracks, shelf.moved)


@cache
def _places(shelf: Shelf) -> tuple[tuple[Way, Schema], ...]:
    """Every place of a record, with what the schema says of it."""
    schema, found = resident(shelf), list[tuple[Way, Schema]]()
    _go_down(schema, schema["$defs"], (), found)
    return tuple(found)


def _go_down(node: Schema, defs: Schema, way: Way, found: list[tuple[Way, Schema]]) -> None:
    found.append((way, node))
    meant = defs[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    if "items" in meant:
        _go_down(meant["items"], defs, (*way, EACH), found)
    for name, below in (meant.get("properties") or {}).items():
        _go_down(below, defs, (*way, name), found)


def codes(shelf: Shelf, track: str, name: str) -> tuple[str, ...]:
    """The codes of a place that took any text once."""
    return tuple(shelf.tracks[track].fields[name].codes)


def keys() -> frozenset[str]:
    """Every key that a record, a part of one or a file of the house may have, as the schemas are published."""
    return frozenset().union(*(keys_of(read_schema(name)) for name in ("resident", "fragment", "directory", "shelter")))


def outcome(shelf: Shelf) -> Schema:
    """The schema of the page that every command prints with --json."""
    from shelterctl.contract import page  # noqa: PLC0415 - read only where schemas are shown

    return page.outcome(shelf)


MADE: Mapping[str, Callable[[Shelf], Schema]] = {
    "outcome": outcome,
    "directory": directory,
    "staff": staff,
    "shelter": shelter,
    "resident": record.resident,
}
"""How those are made of what is printed and kept."""

GIVEN: Mapping[str, Callable[[Shelf], Schema]] = {
    "fragment": input_.fragment,
    "monitoring-report": report,
    "discharge": discharge,
    "find": find,
    "given-up": given_up,
    "termination": termination,
}
"""The same of what is given; each form, register and track of a client has one besides."""


def _makers(shelf: Shelf) -> dict[str, Callable[[], Schema]]:
    """How each schema is had, by its name."""
    read = {name: partial(_read, name) for name in HANDWRITTEN}
    made = {name: partial(make, shelf) for name, make in MADE.items()}
    return {**read, **made, **_given(shelf)}


def _given(shelf: Shelf) -> dict[str, Callable[[], Schema]]:
    """How the schema of whatever a command reads is had."""
    made = {name: partial(make, shelf) for name, make in GIVEN.items()}
    forms = {f"agreement-{name}": partial(agreement, shelf, name) for name in shelf.forms}
    duties = {name: partial(duty, shelf, what) for what, name in DUTIES.items()}
    coded = {f"{name}-entry": partial(called, shelf, register) for register, name in SINGULAR.items()}
    tracks = {f"track-{name}": partial(entry, shelf, name) for name in entries(shelf)}
    return {**made, **forms, **duties, **coded, **tracks}


def _read(name: str) -> Schema:
    return dict(read_schema(name))


def all_of(shelf: Shelf) -> dict[str, Schema]:
    """Every published schema by name."""
    return {name: made() for name, made in _makers(shelf).items()}


def given(shelf: Shelf) -> dict[str, Schema]:
    """The schema of whatever a command reads, by name."""
    makers = _given(shelf)
    return {name: fragment(shelf) if name == "fragment" else make() for name, make in makers.items()}


def kept(shelf: Shelf, name: str) -> Schema | None:
    """The schema of a file that a store keeps; None where it keeps no such."""
    if name == "resident":
        return resident(shelf)
    return named(shelf, name) if name in (*HANDWRITTEN, *MADE) and name != "outcome" else None


def titles(shelf: Shelf) -> dict[str, str | Text]:
    """What each is called, by name: an entry as the shelf calls it in every language."""
    own = {f"track-{name}": name for name in entries(shelf)} | {name: name for name in DUTIES.values()}
    own |= {f"{name}-entry": name for name in SINGULAR.values()}
    return {
        name: _standing_alone(shelf.tracks[own[name]].text) if name in own else str(make()["title"])
        for name, make in _makers(shelf).items()
    }


def _standing_alone(text: Text) -> Text:
    return {language: capital(words) for language, words in text.items()}


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
