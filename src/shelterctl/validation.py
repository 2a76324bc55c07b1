"""Checks a mapping against its JSON Schema (draft 2020-12); each violation is a finding that a social worker
understands.

jsonschema_rs decides whether a value fits, or jsonschema where jsonschema_rs is missing. If it does not fit, this
module reads the schema keyword by keyword to say where and why; so it reads a small value that comes first, too. A
separate walk finds days, months and times that do not exist, since no pattern can do that. No finding contains what was
typed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import islice
from operator import ge, gt, le, pos
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.core.record.walk import JsonSchema, Place, resolve_reference
from shelterctl.core.values import days
from shelterctl.core.values.facts import ValuePath, json_pointer
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_, Marked

_KINDS = {
    "string": N_("Text is expected here. Put it in quotes if it looks like a number or an answer."),
    "integer": N_("A whole number is expected here, in digits and without quotes."),
    "number": N_("A number is expected here, such as 750 or 750.50, without quotes."),
    "boolean": N_("Write true or false here, without quotes."),
    "array": N_("A list is expected here. Begin each entry on its own line with a hyphen."),
    "object": N_("Keys with values are expected here. Write each on its own line."),
    "null": N_("Nothing is allowed here. Delete it."),
}
_FAULT_CODES = {"type": "kind", "pattern": "pattern", "anyOf": "one-of", "oneOf": "one-of"}
_NO_SUCH_DAY = {
    "date": N_("There is no such day. Write one that exists, such as 2026-11-25."),
    "partial-date": N_("There is no such year, month or day. Write what is known: 1994, 1994-05 or 1994-05-17."),
    "time": N_("There is no such time. Write one that exists, such as 2026-11-20T21:30+06:00."),
    "month": N_("There is no such month. Write one that exists, such as 2026-11."),
}
TEXT_EMPTY = N_("This text is empty. Write it, or leave the key out.")
TEXT_TOO_SHORT = N_("This text is too short. Write {limit} letters or more, or leave the key out.")
TEXT_BEYOND_LIMIT = N_("This text is too long. Shorten it to {limit} letters or fewer.")
NUMBER_BELOW = N_("This number is too small. Write {limit} or more.")
NUMBER_ABOVE = N_("This number is too large. Write {limit} or less.")
NUMBER_NOT_ABOVE = N_("This number is too small. Write more than {limit}.")
LIST_TOO_SHORT = N_("This list is too short. It needs {limit} or more.")
KEYS_TOO_FEW = N_("There are too few keys here. Write {limit} or more.")
ENTRY_TWICE = N_("This list contains an entry twice. Delete one of the two.")
_KEY_MISSING = N_("The key {key} is missing here. Add it.")
_KEY_ELSEWHERE = N_("The key {key} does not belong here. Keys that do: {known}.")
_KEY_NOT_ALLOWED = N_("A key is not allowed here. Compare this with an example.")
_CODE_LIKE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,47}")


@immutable(eq=True, slots=False)
class SchemaFault:
    """One fault at a path. *key_is_secret*: its last step is a key as typed, which no screen may show.

    *beyond*: the value is of the right kind, but too small, too large, too short or too long.
    """

    path: ValuePath
    what: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    key_is_secret: bool = False
    beyond: bool = False

    def pointer_to_show(self, misnamed: Collection[ValuePath]) -> str:
        """Return the part of the pointer that may be shown: up to the first key that is no code or is *misnamed*."""
        steps = self.path[:-1] if self.key_is_secret else self.path
        for end, step in enumerate(steps):
            if isinstance(step, str) and (not _CODE_LIKE.fullmatch(step) or steps[: end + 1] in misnamed):
                return json_pointer(steps[:end])
        return json_pointer(steps)


def reveal_known_key(fault: SchemaFault, words: Collection[str]) -> SchemaFault:
    """Return the fault with its key named if the key is one of *words*, known from other schemas; else unchanged."""
    key = fault.path[-1] if fault.key_is_secret else None
    if fault.what != "unknown-key" or key not in words:
        return fault
    return replace(
        fault, message=_KEY_ELSEWHERE, facts={"key": key, "known": fault.facts["known"]}, key_is_secret=False
    )


def schema_keys(schema: object) -> set[str]:
    """Return every key that a schema names, at any depth."""
    if isinstance(schema, list):
        return {key for below in schema for key in schema_keys(below)}
    if not isinstance(schema, Mapping):
        return set()
    named = schema.get("properties")
    own = set(named) if isinstance(named, Mapping) else set()
    return own.union(*(schema_keys(below) for below in schema.values()))


@immutable(slots=False)
class SchemaReader:
    """Reads a schema keyword by keyword, in its own order; references point into *document*."""

    document: JsonSchema

    def fits(self, schema: JsonSchema | bool, value: Any) -> bool:
        """Whether a schema allows a value."""
        return next(self.faults(schema, value), None) is None

    def faults(self, schema: JsonSchema | bool, value: Any, path: ValuePath = ()) -> Iterator[SchemaFault]:
        """Yield every fault of the value at a path.

        A schema of false does not say which key is not allowed.
        """
        if isinstance(schema, bool):
            yield from () if schema else [SchemaFault(path[:-1], "unexpected", _KEY_NOT_ALLOWED)]
            return
        for word, asked in schema.items():
            if word in _LIMITS:
                of_type, measure, holds, what, message = _LIMITS[word]
                if _TYPES[of_type](value) and not holds(measure(value), asked):
                    empty = word == "minLength" and asked == 1
                    fault = SchemaFault(path, what, message, {"limit": asked}, beyond=True)
                    yield replace(fault, what="empty", message=TEXT_EMPTY, facts={}) if empty else fault
            elif word in _TESTS:
                if not _TESTS[word](value, asked):
                    yield _fault_of_value(path, word, value, asked, schema)
            elif word in _EXPLAINED:
                yield from _EXPLAINED[word](self, schema, value, path)
            else:
                for steps, below, each in self._inside(word, schema, value):
                    yield from self.faults(below, each, (*path, *steps))

    def _inside(self, word: str, schema: JsonSchema, value: Any) -> Iterable[tuple[ValuePath, JsonSchema | bool, Any]]:
        """Return the schemas that a keyword applies to a value or to what is inside it, each with the steps to its
        value.
        """
        match word, value:
            case "$ref", _:
                return [((), resolve_reference(schema["$ref"], self.document), value)]
            case "allOf", _:
                return [((), one, value) for one in schema["allOf"]]
            case "if", _:
                return [((), schema.get("then" if self.fits(schema["if"], value) else "else", True), value)]
            case "properties", dict():
                return [((name,), one, value[name]) for name, one in schema["properties"].items() if name in value]
            case "items", list():
                return (((number,), schema["items"], each) for number, each in enumerate(value))
        return ()

    def _explain_other_keys(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        known, asked = [*schema.get("properties", ())], schema["additionalProperties"]
        for key in [key for key in value if key not in known] if isinstance(value, dict) else ():
            if asked is False:
                yield SchemaFault((*path, key), "unknown-key", *_unknown_key(key, known), key_is_secret=True)
            else:
                yield from self.faults(asked, value[key], (*path, key))

    def _explain_missing_keys(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        missing = [key for key in schema["required"] if key not in value] if isinstance(value, dict) else ()
        return (SchemaFault(path, "missing-key", _KEY_MISSING, {"key": key}) for key in missing)

    def _explain_names(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        for key in value if isinstance(value, dict) else ():
            for fault in self.faults(schema["propertyNames"], key, (*path, key)):
                yield replace(fault, what="key", key_is_secret=True)

    def _explain_any(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        """Yield the faults where no schema fits. A value of the right kind beyond a limit gets that fault alone."""
        found = [[*self.faults(one, value, path)] for one in schema["anyOf"]]
        if all(found):
            beyond = [replace(one, beyond=False) for faults in found for one in faults if one.beyond]
            yield from beyond or [_fault_of_value(path, "anyOf", value, None, schema)]

    def _explain_one(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        if sum(self.fits(one, value) for one in schema["oneOf"]) != 1:
            yield _fault_of_value(path, "oneOf", value, None, schema)

    def _explain_opposite(self, schema: JsonSchema, value: Any, path: ValuePath) -> Iterator[SchemaFault]:
        if self.fits(schema["not"], value):
            yield _fault_of_value(path, "not", value, None, schema)


_EXPLAINED: Mapping[str, Callable[[SchemaReader, JsonSchema, Any, ValuePath], Iterator[SchemaFault]]] = {
    "additionalProperties": SchemaReader._explain_other_keys,
    "required": SchemaReader._explain_missing_keys,
    "propertyNames": SchemaReader._explain_names,
    "anyOf": SchemaReader._explain_any,
    "oneOf": SchemaReader._explain_one,
    "not": SchemaReader._explain_opposite,
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: _is_number(value) and value == int(value),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _each_of(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types


def _is_equal(one: object, other: object) -> bool:
    """Whether two values are equal in JSON, where true is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


@lru_cache(1024)
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled as ECMA 262 reads it: ``$`` is the very end, and digits are ASCII."""
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern), re.ASCII)


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": lambda value, asked: any(_TYPES[one](value) for one in _each_of(asked)),
    "enum": lambda value, asked: any(_is_equal(value, one) for one in asked),
    "const": _is_equal,
    "pattern": lambda value, asked: not isinstance(value, str) or bool(_compile_pattern(asked).search(value)),
}
"""The keywords of a schema that test a value itself, each with its test."""

_LIMITS: Mapping[str, tuple[str, Callable[[Any], Any], Callable[[Any, Any], bool], str, str]] = {
    "minLength": ("string", len, ge, "length", TEXT_TOO_SHORT),
    "maxLength": ("string", len, le, "length", TEXT_BEYOND_LIMIT),
    "minimum": ("number", pos, ge, "range", NUMBER_BELOW),
    "maximum": ("number", pos, le, "range", NUMBER_ABOVE),
    "exclusiveMinimum": ("number", pos, gt, "range", NUMBER_NOT_ABOVE),
    "minItems": ("array", len, ge, "count", LIST_TOO_SHORT),
    "minProperties": ("object", len, ge, "count", KEYS_TOO_FEW),
    "uniqueItems": ("array", lambda listed: len({*map(repr, listed)}) == len(listed), ge, "twice", ENTRY_TWICE),
}
"""The keywords that limit values of one type: the type, what is measured, the comparison, the code and the message."""

READ_WORDS = {*_TESTS, *_LIMITS, *_EXPLAINED, "$ref", "allOf", "if", "properties", "items"}
"""Every keyword that this module reads; jsonschema_rs alone would check any other."""


def _fault_of_value(path: ValuePath, word: str, value: object, asked: Any, schema: JsonSchema) -> SchemaFault:
    """Return the fault of a value that the keyword *word* of a schema does not allow."""
    match word:
        case "enum" | "const":
            return SchemaFault(path, "code", *_unknown_code(value, asked if word == "enum" else [asked]))
        case "type" if isinstance(asked, str) and "pattern" not in schema:
            return SchemaFault(path, "kind", _KINDS[asked])
        case _:
            return SchemaFault(path, _FAULT_CODES.get(word, "other"), *_expected_here(schema))


EXPECTED_HERE = N_("Expected here: {expected}.")
VALUE_NOT_EXPECTED = N_("Something else is expected here. Compare this with an example.")


def _expected_here(schema: JsonSchema) -> tuple[str, Mapping[str, object]]:
    words = schema.get("description") or schema.get("title")
    if words:
        return EXPECTED_HERE, {"expected": Marked(words)}
    return VALUE_NOT_EXPECTED, {}


KEY_NEARLY_KNOWN = N_("This key is not known here; did you mean {meant}?")
KEY_NOT_KNOWN = N_("This key is not known here. The known ones are: {known}.")


def _unknown_key(key: str, known: list[str]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest_word(key, known)
    if meant:
        return KEY_NEARLY_KNOWN, {"meant": meant, "known": known}
    return KEY_NOT_KNOWN, {"known": known}


_LITERALS = {None: "null", True: "true", False: "false"}
"""The notation in a file of values that are not texts."""

CODE_NEARLY_KNOWN = N_("There is no such code here; did you mean {meant}?")
CODE_NOT_KNOWN = N_("There is no such code here. Write one of: {allowed}.")


def _unknown_code(value: object, allowed: list[object]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest_word(value, [code for code in allowed if isinstance(code, str)])
    allowed = [_LITERALS.get(code, code) if code is None or isinstance(code, bool) else code for code in allowed]
    if meant:
        return CODE_NEARLY_KNOWN, {"meant": meant, "allowed": allowed}
    return CODE_NOT_KNOWN, {"allowed": allowed}


def _nearest_word(typed: object, known: list[str]) -> str | None:
    """Return the known word that is closest to *typed*; case does not count, spaces and hyphens are underscores."""
    if not isinstance(typed, str):
        return None
    from difflib import get_close_matches  # noqa: PLC0415  (5 ms, and only when something is wrong)

    near = get_close_matches(re.sub(r"[\s-]", "_", typed.casefold()), known, 1)
    return near[0] if near else None


DATE_READERS: Mapping[str, Callable[[object], object]] = {
    "date": days.read_day,
    "partial-date": days.read_partial,
    "time": days.read_time,
    "month": days.read_month,
}


DAY_OF_CLOCK = "2026-12-01"
"""A day before a clock that is read by itself."""

_TIME_WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
"""A local time without its UTC offset."""


_DAY_IN_TEXT = re.compile(r"""-(?<=[ "'](\d{4})-)(\d{2}(?:-\d{2})?)(T[0-9:+-]*)?""", re.ASCII)
"""Anything at the beginning of a value may be a month, a day or a time: the year, the rest of the day, the clock.

It is found by its first hyphen, because a text has ten times as many spaces.
"""

_DAY_IN_JSON = re.compile(_DAY_IN_TEXT.pattern.replace("""[ "']""", '"'), re.ASCII)
"""The days of a text in the style of JSON, in which every value that is no number begins with a quote."""


def days_exist(text: str) -> bool:
    """Return whether everything in a text that is written like a month, a day or a time is a real one.

    Then no value of a document in that text can be a day that does not exist, and nobody has to look at each of them.
    A text with letters written by their numbers may hide one.
    """
    if "\\u" in text or "\\x" in text or "\\U" in text:
        return False
    found = set((_DAY_IN_JSON if text.startswith("{") else _DAY_IN_TEXT).findall(text))
    days, clocks = {f"{year}-{rest}" for year, rest, _ in found}, {clock for _, _, clock in found if clock}
    real = all(_day_exists("month" if len(day) == len("2026-12") else "date", day) for day in days)
    return real and all(_day_exists("time", f"{DAY_OF_CLOCK}{clock}") for clock in clocks)


@lru_cache(4096)
def _day_exists(kind: str, written: str) -> bool:
    """Whether a text written like a day is a real one; the schema alone judges other texts, such as unknown."""
    return not written[:1].isdigit() or bool(DATE_READERS[kind](written))


def _nonexistent_day(place: Place, value: object) -> str | None:
    """Return the kind of day that a place takes if the value is written like one and does not exist; a year may be a
    number.
    """
    kind: str | None = place.notes.get("x-is")
    if kind is None or not (isinstance(value, str) or (kind == "partial-date" and isinstance(value, int))):
        return None
    return None if _day_exists(kind, str(value)) else kind


FEW_PARTS = 256
"""The most values, at any depth, of a value that is read here in less time than jsonschema_rs takes to be loaded."""


def has_few_parts(value: object) -> bool:
    """Return whether a value has few values inside it, at any depth."""
    rest = [value]
    for _ in range(FEW_PARTS):
        if not rest:
            return True
        one = rest.pop()
        rest.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return not rest


def _add_offset(place: Place, value: Any, offset: str) -> Any:
    """Return the value with *offset* on every time that was written without one."""
    if isinstance(value, dict):
        return {name: _add_offset(place[name], each, offset) for name, each in value.items()}
    if isinstance(value, list):
        return [_add_offset(place.entries, each, offset) for each in value]
    timed = place.notes.get("x-is") == "time" and isinstance(value, str) and _TIME_WITHOUT_OFFSET.fullmatch(value)
    return value + offset if timed else value


def deciding_validator(schema: JsonSchema) -> Callable[[Any], bool]:
    """Return the fastest function available here that says whether a value fits the schema."""
    try:
        import jsonschema_rs  # noqa: PLC0415  (20 ms, and not everywhere)
    except ImportError:
        return _portable_validator(schema)
    return jsonschema_rs.validator_for(dict(schema)).is_valid


def _portable_validator(schema: JsonSchema) -> Callable[[Any], bool]:
    """Return the validator of jsonschema, with patterns and whole numbers as jsonschema_rs reads them."""
    from jsonschema import Draft202012Validator, ValidationError  # noqa: PLC0415  (45 ms)
    from jsonschema.validators import extend  # noqa: PLC0415 - only without jsonschema_rs

    def hold(word: str) -> Callable[..., Iterator[ValidationError]]:
        def check(_: object, asked: Any, value: Any, __: object) -> Iterator[ValidationError]:
            if not _TESTS[word](value, asked):
                yield ValidationError(word)

        return check

    dialect = extend(Draft202012Validator, {word: hold(word) for word in ("type", "pattern")})  # type: ignore[no-untyped-call]
    fits: Callable[[Any], bool] = dialect(schema).is_valid
    return fits


MOST_FINDINGS_LISTED = 100
"""The most findings in one answer: nobody reads more, and a hostile file has a hundred thousand."""


class SchemaValidator:
    """A schema of draft 2020-12, compiled when it is first needed; the caller keeps it.

    *words* returns the keys of other schemas: typed at a wrong place, they may be named.
    """

    def __init__(self, schema: JsonSchema, words: Callable[[], Collection[str]] = frozenset) -> None:
        self._schema = schema
        self._words = words
        self._judged = 0

    def findings(
        self, value: Mapping[str, Any], most: int = MOST_FINDINGS_LISTED, *, real_days: bool = False
    ) -> tuple[Finding, ...]:
        """Return the findings on a value; none contains the value or an unknown key as typed.

        With *real_days* it is known that every day in it exists.
        """
        faults = [reveal_known_key(fault, self._known) for fault in islice(self._faults(value, real_days), most)]
        typed = {fault.path for fault in faults if fault.key_is_secret}
        return tuple(_finding_of_fault(fault, typed) for fault in faults)

    def with_offset(self, value: Mapping[str, Any], offset: str) -> dict[str, Any]:
        """Return the value with *offset*, such as +06:00, on each time that was written without one."""
        timed: dict[str, Any] = _add_offset(self._places, dict(value), offset)
        return timed

    def _faults(self, value: Mapping[str, Any], real_days: bool) -> Iterator[SchemaFault]:
        known: set[ValuePath] = set()
        if not self.fits(value):
            for fault in SchemaReader(self._schema).faults(self._schema, value):
                known.add(fault.path)
                yield fault
            if not known:
                yield SchemaFault((), "other", *_expected_here({}))
        for path, kind in () if real_days else self._places.find("x-is", value, _nonexistent_day):
            if path not in known:
                yield SchemaFault(path, "date", _NO_SUCH_DAY[kind])

    @cached_property
    def _known(self) -> Collection[str]:
        return schema_keys(self._schema).union(self._words())

    def fits(self, value: Mapping[str, Any]) -> bool:
        """Whether a value fits the schema.

        The first value is read here if it is small: to load jsonschema_rs takes longer.
        """
        self._judged += 1
        if self._judged == 1 and has_few_parts(value):
            return SchemaReader(self._schema).fits(self._schema, value)
        return self._decide(value)

    @cached_property
    def _decide(self) -> Callable[[object], bool]:
        return deciding_validator(self._schema)

    @cached_property
    def _places(self) -> Place:
        return Place(self._schema, self._schema)


def _finding_of_fault(fault: SchemaFault, typed: Collection[ValuePath]) -> Finding:
    where, at = fault.pointer_to_show(typed), json_pointer(fault.path)
    return Finding(
        code=f"shape/{fault.what}",
        message=fault.message,
        facts=fault.facts,
        where=where,
        at=None if at == where else at,
    )
