"""What --from names: a file or standard input, read strictly, so that each finding has its line and column."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from shelterctl import contract, document
from shelterctl.core.finding import Finding
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.library import Shelf
from shelterctl.shape import ENOUGH, Shape

NO_FILE = N_("The file that is named here is not there, or is no file.")
NEEDS_FROM = N_("This needs --from FILE, or --from - to read from standard input.")
DIFFERS = N_("{option} and the file of --from say different things. Say it in one place.")
WHOLE = N_("This is a whole record, and a part of one is expected here. It is checked by shelterctl check FILE.")
WHOLE_IN_FILE = N_("To change something, give the changed part alone.")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Input:
    """A file or standard input as it was read: its value, or findings that say why there is none.

    Once it is checked, every time in the value has the store's offset.
    """

    value: dict[str, Any]
    findings: tuple[Finding, ...]
    document: document.Document | None

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """*findings* with line and column, where their place is in this input."""
        return tuple(self._located(finding) for finding in findings)

    def _located(self, finding: Finding) -> Finding:
        found = self.document.place(finding.at or finding.where) if self.document and finding.line is None else None
        return replace(finding, line=found[0], column=found[1]) if found else finding


def read_input(named: str | None, schema: Mapping[str, Any], offset: str = "") -> Input:
    """The input that --from names, checked against *schema*; Usage if it is not there."""
    if named is None:
        raise Usage("usage/from", NEEDS_FROM)
    return checked(read_unchecked(named), schema, offset)


def read_unchecked(named: str) -> Input:
    """A file, or standard input for ``-``, read but not checked against a schema yet; Usage if it is not there."""
    return _alone(_data(named))


def read_whole(named: str) -> Input:
    """The same of a whole file, which may be as large as one of the store."""
    return _alone(_data(named, document.KEPT), document.KEPT)


def read_stream(named: str) -> Input | Mapping[int, Input]:
    """The same, or where it is a stream each of its documents by its number; where it is too large, none of them."""
    data = _data(named)
    try:
        parts = document.read_stream(data)
    except document.Unreadable as error:
        return Input({}, (document.finding(error),), None)
    return _alone(data) if parts is None else {number: _given(part) for number, part in parts}


def _alone(data: bytes, most: int | None = None) -> Input:
    try:
        return _given(document.read(data, most, document.MOST_EVENTS) if most else document.read(data))
    except document.Unreadable as error:
        return _given(error)


def _given(read: document.Document | document.Unreadable) -> Input:
    if isinstance(read, document.Unreadable):
        return Input({}, (document.finding(read),), None)
    return Input(dict(read.value), (), read)


def checked(
    given: Input, schema: Mapping[str, Any], offset: str = "", shape: Shape | None = None, most: int = ENOUGH
) -> Input:
    """The input checked against *schema*; a whole record where a part is expected is one finding, not one a key.

    The *shape* of many inputs is made once, by ``shape_of``; at *most* so many findings are told.
    """
    if given.findings:
        return given
    if is_record(given.value) and "schema" not in schema["properties"]:
        found = Finding(code="fragment/whole-record", message=WHOLE, in_file=WHOLE_IN_FILE, where="/schema")
        return replace(given, findings=given.located([found]))
    shape = shape or shape_of(schema)
    misshapen = given.located(shape.findings(given.value, most))
    return replace(given, value=shape.with_offset(given.value, offset), findings=misshapen)


def shape_of(schema: Mapping[str, Any]) -> Shape:
    """What inputs are held to."""
    return Shape(schema, contract.keys)


@cache
def shape_of_fragment(shelf: Shelf) -> Shape:
    """What a part of a file is held to, made once for every answer of a sitting."""
    return shape_of(contract.fragment(shelf))


@cache
def shape_of_entry(shelf: Shelf, track: str) -> Shape:
    """What an entry of a track is held to, made once for every answer of a sitting."""
    return shape_of(contract.entry(shelf, track, whole=False))


def must_agree(options: Mapping[str, Any], given: Mapping[str, Any], option: str = "") -> None:
    """Usage where an option and the file differ about the same thing: whichever won, the other was meant too."""
    for name, value in options.items():
        if given.get(name, value) != value:
            raise Usage("usage/differs", DIFFERS, option=f"--{option or name}")


def is_record(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is a whole file, which names its schema, and not a part of one."""
    return "schema" in value


def _data(named: str, most: int = document.LARGEST_STREAM) -> bytes:
    """The bytes of an input; the comment by which an editor finds the schema is nothing of them."""
    try:
        if named == "-":
            return document.unheaded(sys.stdin.buffer.read(most + 1))
        with Path(named).open("rb") as stream:
            return document.unheaded(stream.read(most + 1))
    except (OSError, ValueError, AttributeError) as error:  # a closed standard input is None
        raise Usage("usage/no-file", NO_FILE) from error
