"""One file of the shelf as it is written: read strictly, held against its schema, its histories in order."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from shelterctl import document
from shelterctl.core.finding import Finding
from shelterctl.core.ruling import History, OutOfOrderError, read_history
from shelterctl.errors import BrokenRulebook, ShelterError
from shelterctl.language import N_
from shelterctl.shape import Shape

BROKEN = N_("The shelf is broken in {file} at {place}: {what}")
OUT_OF_ORDER = N_("the days of a history must increase, and only its first ruling has no since")
UNKNOWN_WORD = N_("unknown word")

PACKAGE = Path(__file__).parent.parent
SHIPPED = PACKAGE / "_shipped"
BESIDE = SHIPPED if SHIPPED.is_dir() else PACKAGE.parent.parent
SCHEMAS, EXAMPLES, DOCS = BESIDE / "schemas", BESIDE / "examples" / "accepted", BESIDE / "docs"
TEMPLATES = BESIDE / "templates"
"""Schemas, examples, texts to read and templates: beside the package in a checkout, inside it once it is installed."""

LARGEST = 1024 * 1024
"""How many bytes a file of the shelf may have: more than a record, for its texts stand there in three languages."""


def broken(code: str, file: str, place: str, what: str) -> BrokenRulebook:
    """The error that names file and place, and says what is wrong there."""
    return BrokenRulebook(f"shelf/{code}", BROKEN, file=file, place=place, what=what)


def read_schema(name: str) -> Mapping[str, Any]:
    """One schema file, by its name without ending: ``staff``, ``shelf/form``."""
    return _json(f"{name}.schema.json")


def read_frame(name: str) -> dict[str, Any]:
    """A schema that waits to be filled from the shelf."""
    return _json(f"frame/{name}.json")


def _json(name: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken("schema", name, "/", type(error).__name__) from error
    return loaded


def take(folder: Path, name: str, schema: str) -> Mapping[str, Any]:
    """One file of the shelf in *folder*; BrokenRulebook with file and place if it is not whole."""
    try:
        read = document.read((folder / name).read_bytes(), LARGEST)
    except OSError as error:
        raise broken("file", name, "/", type(error).__name__) from error
    except document.Unreadable as error:
        raise broken("file", name, f"{error.line or 1}:{error.column or 1}", error.code) from error
    except ShelterError as error:
        raise broken("file", name, "/", error.code) from error
    for finding in Shape(read_schema(f"shelf/{schema}")).findings(read.value):
        raise broken("shape", name, _place(read, finding), finding.code)
    return read.value


@cache
def read_errors() -> Mapping[str, Mapping[str, Any]]:
    """What goes wrong outside the manual, by code: errors of the program, and mistakes in a text that is read."""
    return dict(take(DOCS, "errors.yaml", "errors")["errors"])


@cache
def read_glossary() -> Mapping[str, Mapping[str, Any]]:
    """The program's own words, as they stand on its screens: what each means, and how else it is called."""
    return dict(take(DOCS, "glossary.yaml", "glossary")["words"])


def _place(read: document.Document, finding: Finding) -> str:
    """The pointer, unknown keys in it as typed since nobody's secrets lie on the shelf, with line and column."""
    pointer = finding.at or finding.where
    found = read.place(pointer)
    return (pointer or "/") + (f" ({found[0]}:{found[1]})" if found else "")


def history(file: str, place: str, entries: Sequence[Mapping[str, Any]]) -> History:
    """The rulings of one matter; BrokenRulebook if their days are not in order."""
    try:
        return read_history(entries)
    except OutOfOrderError as error:
        raise broken("order", file, f"{place}/{error.place}", OUT_OF_ORDER) from error


def known(file: str, place: str, used: Iterable[str], vocabulary: Collection[str], what: str = UNKNOWN_WORD) -> None:
    """Every word *used* at *place* is one of *vocabulary*, or the file is broken there."""
    for word in used:
        if word not in vocabulary:
            raise broken("word", file, f"{place}/{word}", what)


def fields(file: str, place: str, text: str) -> list[str]:
    """The names that stand in braces in a text."""
    try:
        return [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise broken("text", file, place, str(error)) from error
