"""What can be wrong with a shape, said to a colleague who is not a programmer, and without what was typed."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from shelterctl.language import N_, Marked

if TYPE_CHECKING:
    from jsonschema import ValidationError

Path = tuple[str | int, ...]

_KINDS = {
    "string": N_("Text is expected here. Put it in quotes if it looks like a number or an answer."),
    "integer": N_("A whole number is expected here, in digits and without quotes."),
    "number": N_("A number is expected here, such as 750 or 750.50, without quotes."),
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
_FORMS = {"type": "kind", "pattern": "pattern", "anyOf": "one-of", "oneOf": "one-of"}
_DAYS = {
    "date": N_("There is no such day. Write one that exists, such as 2026-11-25."),
    "partial-date": N_("There is no such year, month or day. Write what is known: 1994, 1994-05 or 1994-05-17."),
    "time": N_("There is no such time. Write one that exists, such as 2026-11-20T21:30+06:00."),
    "month": N_("There is no such month. Write one that exists, such as 2026-11."),
}
_MISSING = N_("The key {key} is missing here. Add it.")
_ELSEWHERE = N_("The key {key} does not stand here. Known here are: {known}.")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,47}")


@dataclass(frozen=True, repr=False)
class Fault:
    """One thing wrong at a path; *typed* where the last step is a key that nobody may read on a screen."""

    path: Path
    what: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    typed: bool = False

    def where(self, misnamed: Collection[Path]) -> str:
        """The pointer that may be shown: as far as its keys are codes, and none of them *misnamed*."""
        steps = self.path[:-1] if self.typed else self.path
        for end, step in enumerate(steps):
            if isinstance(step, str) and (not _CODE.fullmatch(step) or steps[: end + 1] in misnamed):
                return pointer(steps[:end])
        return pointer(steps)


def placed(fault: Fault, words: Collection[str]) -> Fault:
    """The same fault; a key that the house knows from another place is no secret, and is named."""
    key = fault.path[-1] if fault.typed else None
    if fault.what != "unknown-key" or key not in words:
        return fault
    return replace(fault, message=_ELSEWHERE, facts={"key": key, "known": fault.facts["known"]}, typed=False)


def keys_of(schema: object) -> set[str]:
    """Every key that a schema knows by name, at any depth."""
    if isinstance(schema, list):
        return {key for below in schema for key in keys_of(below)}
    if not isinstance(schema, Mapping):
        return set()
    named = schema.get("properties")
    own = set(named) if isinstance(named, Mapping) else set()
    return own.union(*(keys_of(below) for below in schema.values()))


def pointer(path: Path) -> str:
    """A path as a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def no_such_day(path: Path, kind: str) -> Fault:
    """What is written like a day, a month or a time, and is none."""
    return Fault(path, "date", _DAYS[kind])


def explained(errors: Iterable["ValidationError"]) -> Iterator[Fault]:
    """What the complaints of the validator about a refused value mean; something is wrong also if it has none."""
    error = None
    for error in errors:
        yield from _faults(error)
    if error is None:
        yield Fault((), "other", *_expected({}))


def _faults(error: "ValidationError") -> Iterator[Fault]:
    word: Any = error.validator
    path, instance, asked = tuple(error.absolute_path), cast(Any, error.instance), cast(Any, error.validator_value)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    expected = _expected(schema)
    if "propertyNames" in error.absolute_schema_path:
        yield Fault((*path, instance), "key", *expected, typed=True)
        return
    match word:
        case "additionalProperties":
            known = list(schema.get("properties", ()))
            unknown = (key for key in instance if key not in known)
            yield from (Fault((*path, key), "unknown-key", *_unknown(key, known), typed=True) for key in unknown)
        case "required":
            missing = (key for key in asked if key not in instance)
            yield from (Fault(path, "missing-key", _MISSING, {"key": key}) for key in missing)
        case "enum" | "const":
            yield Fault(path, "code", *_no_code(instance, asked if word == "enum" else [asked]))
        case "type" if isinstance(asked, str) and "pattern" not in schema:
            yield Fault(path, "kind", _KINDS[asked])
        case "minLength" if asked == 1:
            yield Fault(path, "empty", N_("This text is empty. Write it, or leave the key out."))
        case _ if word in _LIMITS:
            (what, message), facts = _LIMITS[word], {"limit": asked}
            yield Fault(path, what, message, facts)
        case "anyOf" if beyond := [each for each in error.context or () if each.validator in _LIMITS]:
            for each in beyond:  # of the right kind, and beyond a limit of it: the other kinds are not what was meant
                yield from _faults(each)
        case None:  # a schema of false: the validator does not say which key it was that may not be there
            yield Fault(path, "unexpected", N_("A key stands here that may not. Compare it with an example."))
        case _:
            yield Fault(path, _FORMS.get(word, "other"), *expected)


def _expected(schema: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    words = schema.get("description") or schema.get("title")
    if words:
        return N_("Expected here: {expected}."), {"expected": Marked(words)}
    return N_("This is not what is expected here. Compare it with an example."), {}


def _unknown(key: str, known: list[str]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest(key, known)
    if meant:
        return N_("This key is not known here; did you mean {meant}?"), {"meant": meant, "known": known}
    return N_("This key is not known here. The known ones are: {known}."), {"known": known}


_TYPED = {None: "null", True: "true", False: "false"}
"""What is no text, as it is written in a file."""


def _no_code(value: object, allowed: list[object]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest(value, [code for code in allowed if isinstance(code, str)])
    allowed = [_TYPED.get(code, code) if code is None or isinstance(code, bool) else code for code in allowed]
    if meant:
        return N_("This is none of the codes; did you mean {meant}?"), {"meant": meant, "allowed": allowed}
    return N_("This is none of the codes. Write one of: {allowed}."), {"allowed": allowed}


def _nearest(typed: object, known: list[str]) -> str | None:
    """The known word that *typed* is closest to, whatever its case and with spaces or hyphens for underscores."""
    if not isinstance(typed, str):
        return None
    from difflib import get_close_matches  # noqa: PLC0415  (5 ms, and only when something is wrong)

    near = get_close_matches(re.sub(r"[\s-]", "_", typed.casefold()), known, 1)
    return near[0] if near else None
