"""What can be wrong with a shape, said to a colleague who is not a programmer, and without what was typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shelterctl.language import N_

if TYPE_CHECKING:
    from jsonschema import ValidationError

Path = tuple[str | int, ...]

_KINDS = {
    "string": N_("Text is expected here. Put it in quotes if it looks like a number or an answer."),
    "integer": N_("A whole number is expected here, in digits and without quotes."),
    "number": N_("A number is expected here, such as 2000 or 2000.50, without quotes."),
    "boolean": N_("Write true or false here, without quotes."),
    "array": N_("A list is expected here. Begin each entry on its own line with a hyphen."),
    "object": N_("Keys with values are expected here. Write each on its own line."),
    "null": N_("Nothing may stand here. Delete it."),
}
_LIMITS = {
    "minLength": ("length", N_("This text is too short. Write {limit} letters or more, or leave the key out.")),
    "maxLength": ("length", N_("This text is too long. Shorten it to {limit} letters or fewer.")),
    "minimum": ("range", N_("This number is too small. Write {limit} or more.")),
    "maximum": ("range", N_("This number is too large. Write {limit} or less.")),
    "exclusiveMinimum": ("range", N_("This number is too small. Write more than {limit}.")),
    "exclusiveMaximum": ("range", N_("This number is too large. Write less than {limit}.")),
    "multipleOf": ("range", N_("This number does not fit. Write a multiple of {limit}.")),
    "minItems": ("count", N_("This list is too short. It needs {limit} or more.")),
    "maxItems": ("count", N_("This list is too long. It may have {limit} or fewer.")),
    "minProperties": ("count", N_("Too few keys stand here. Write {limit} or more.")),
    "maxProperties": ("count", N_("Too many keys stand here. Keep {limit} or fewer.")),
    "uniqueItems": ("twice", N_("The same stands twice in this list. Keep one of the two.")),
}
_EXPECTED = N_("Expected here: {expected}.")
_OTHER = N_("This is not what is expected here. Compare it with an example.")
_UNEXPECTED = N_("This is not expected here. Delete it.")
_UNKNOWN = N_("This key is not known here. The known ones are: {known}.")
_MISSPELT = N_("This key is not known here; did you mean {meant}?")
_MISSING = N_("The key {key} is missing here. Add it.")
_KEY = N_("A key here is not written as it must be. Expected: {expected}.")
_CODE = N_("This is none of the codes. They are: {allowed}.")
_MISTYPED = N_("This is none of the codes; did you mean {meant}? They are: {allowed}.")
_DAYS = {
    "date": N_("There is no such day. Write one that exists, such as 2026-11-25."),
    "partial-date": N_("There is no such year, month or day. Write what is known: 1994, 1994-05 or 1994-05-17."),
    "time": N_("There is no such time. Write one that exists, such as 2026-11-20T21:30+06:00."),
    "month": N_("There is no such month. Write one that exists, such as 2026-11."),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where it stands, and the path that may be shown for it."""

    path: Path
    code: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    where: Path | None = None
