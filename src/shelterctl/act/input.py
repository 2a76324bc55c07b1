"""Reading --from: a file or standard input, read strictly, so that each finding has its line and column."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.document.reading import Document, read_document, read_stream, strip_schema_comment
from shelterctl.document.subset import LARGEST_STORED, LARGEST_STREAM, MOST_EVENTS, Unreadable, unreadable_finding
from shelterctl.errors import UsageError
from shelterctl.immutable import immutable
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import entry_schema
from shelterctl.ui_language import N_
from shelterctl.validation import MOST_FINDINGS_LISTED, SchemaValidator

INPUT_FILE_MISSING = N_("The file with the input does not exist, or is a folder. Check its path.")
FROM_IS_MISSING = N_("This needs --from FILE, or --from - to read from standard input.")
OPTION_AND_FILE_DIFFER = N_("{option} and the --from file give different values. Give the value in one place only.")
WHOLE_RECORD_GIVEN = N_(
    "This is a whole record; only part of one is expected here. To check a whole record: shelterctl check FILE."
)
GIVE_CHANGED_PART_ALONE = N_("To change something, give only the changed part.")


@immutable
class Input:
    """A file or standard input as it was read: its value, or findings that say why there is none.

    After it is checked, every time in the value has the store's offset.
    """

    value: dict[str, Any]
    findings: tuple[Finding, ...]
    document: Document | None

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return *findings* with line and column where their place is in this input."""
        return tuple(self._located(finding) for finding in findings)

    def _located(self, finding: Finding) -> Finding:
        found = (
            self.document.position_of(finding.at or finding.where) if self.document and finding.line is None else None
        )
        return replace(finding, line=found[0], column=found[1]) if found else finding


def read_input(source: str | None, schema: Mapping[str, Any], offset: str = "") -> Input:
    """Read the input that --from names and check it against *schema*. Raises UsageError if it is not there."""
    if source is None:
        raise UsageError("usage/from", FROM_IS_MISSING)
    return check_input(_parse_input(_read_input_bytes(source)), schema, offset)


def read_whole_file(source: str) -> Input:
    """Read a file up to the size of a store's file, or standard input for ``-``; it is not checked against a schema
    yet.

    Raises UsageError if it is not there.
    """
    return _parse_input(_read_input_bytes(source, LARGEST_STORED), LARGEST_STORED)


def read_input_stream(source: str) -> Input | Mapping[int, Input]:
    """Read the input of --from unchecked: one document, or the documents of a stream by number. If it is too large,
    none is read.
    """
    data = _read_input_bytes(source)
    try:
        parts = read_stream(data)
    except Unreadable as error:
        return Input({}, (unreadable_finding(error),), None)
    return _parse_input(data) if parts is None else {number: _make_input(part) for number, part in parts}


def _parse_input(data: bytes, most: int | None = None) -> Input:
    try:
        return _make_input(read_document(data, most, MOST_EVENTS) if most else read_document(data))
    except Unreadable as error:
        return _make_input(error)


def _make_input(read: Document | Unreadable) -> Input:
    if isinstance(read, Unreadable):
        return Input({}, (unreadable_finding(read),), None)
    return Input(dict(read.value), (), read)


def check_input(
    given: Input,
    schema: Mapping[str, Any],
    offset: str = "",
    shape: SchemaValidator | None = None,
    most: int = MOST_FINDINGS_LISTED,
) -> Input:
    """Return the input checked against *schema*. A whole record where a part is expected is one finding, not one for
    each key.

    *shape* is the validator of ``make_input_shape``, made once for many inputs; *most* is the largest number of
    findings.
    """
    if given.findings:
        return given
    if is_whole_record(given.value) and "schema" not in schema["properties"]:
        found = Finding(
            code="fragment/whole-record", message=WHOLE_RECORD_GIVEN, in_file=GIVE_CHANGED_PART_ALONE, where="/schema"
        )
        return replace(given, findings=given.located([found]))
    shape = shape or make_input_shape(schema)
    misshapen = given.located(shape.findings(given.value, most))
    return replace(given, value=shape.with_offset(given.value, offset), findings=misshapen)


def make_input_shape(schema: Mapping[str, Any]) -> SchemaValidator:
    """Return the validator for inputs of *schema*."""
    return SchemaValidator(schema, published.all_known_keys)


@cache
def fragment_shape(rulebook: Rulebook) -> SchemaValidator:
    """Return the validator for part of a client's file, made once for all answers of a session."""
    return make_input_shape(published.fragment_schema(rulebook))


@cache
def entry_shape(rulebook: Rulebook, track: str) -> SchemaValidator:
    """Return the validator for an entry of a track, made once for all answers of a session."""
    return make_input_shape(entry_schema(rulebook, track, whole=False))


def refuse_contradiction(options: Mapping[str, Any], given: Mapping[str, Any], option: str = "") -> None:
    """Raise UsageError if an option and the --from file give one field different values: neither may win silently."""
    for name, value in options.items():
        if given.get(name, value) != value:
            raise UsageError("usage/differs", OPTION_AND_FILE_DIFFER, option=f"--{option or name}")


def add_options(given: Input, options: Mapping[str, Any], option: str = "") -> Input:
    """Return the input with the values of options added; unchanged if it has findings. Raises UsageError if the two
    differ.
    """
    if given.findings:
        return given
    refuse_contradiction(options, given.value, option)
    return replace(given, value={**options, **given.value})


def is_whole_record(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is a whole file, which names its schema, and not a part of one."""
    return "schema" in value


def _read_input_bytes(source: str, most: int = LARGEST_STREAM) -> bytes:
    """Return the bytes of an input, without the comment that names the schema for an editor."""
    try:
        if source == "-":
            return strip_schema_comment(sys.stdin.buffer.read(most + 1))
        with Path(source).open("rb") as stream:
            return strip_schema_comment(stream.read(most + 1))
    except (OSError, ValueError, AttributeError) as error:  # a closed standard input is None
        raise UsageError("usage/no-file", INPUT_FILE_MISSING) from error
