"""A mapping checked against its JSON Schema (draft 2020-12): each violation is a finding that a caseworker understands.

Two validators read a schema alike: jsonschema_rs decides, jsonschema says what is wrong. Days, months and times
that must exist are checked here, since no pattern can do that. No finding contains what was typed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from shelterctl.core.finding import Finding
from shelterctl.core.values import days
from shelterctl.ui_language import N_, Marked

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator


ValuePath = tuple[str | int, ...]

_KINDS = {
    "string": N_("Text is expected here. Put it in quotes if it looks like a number or an answer."),
    "integer": N_("A whole number is expected here, in digits and without quotes."),
    "number": N_("A number is expected here, such as 750 or 750.50, without quotes."),
    "boolean": N_("Write true or false here, without quotes."),
    "array": N_("A list is expected here. Begin each entry on its own line with a hyphen."),
    "object": N_("Keys with values are expected here. Write each on its own line."),
    "null": N_("Nothing may stand here. Delete it."),
}
_LIMIT_SENTENCES = {
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
_FAULT_CODES = {"type": "kind", "pattern": "pattern", "anyOf": "one-of", "oneOf": "one-of"}
_NO_SUCH_DAY = {
    "date": N_("There is no such day. Write one that exists, such as 2026-11-25."),
    "partial-date": N_("There is no such year, month or day. Write what is known: 1994, 1994-05 or 1994-05-17."),
    "time": N_("There is no such time. Write one that exists, such as 2026-11-20T21:30+06:00."),
    "month": N_("There is no such month. Write one that exists, such as 2026-11."),
}
_KEY_MISSING = N_("The key {key} is missing here. Add it.")
_KEY_ELSEWHERE = N_("The key {key} does not stand here. Known here are: {known}.")
_CODE_LIKE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,47}")


@dataclass(frozen=True, repr=False)
class SchemaFault:
    """One thing wrong at a path; *key_is_secret* if its last step is a key as typed, which no screen may show."""

    path: ValuePath
    what: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    key_is_secret: bool = False

    def pointer_to_show(self, misnamed: Collection[ValuePath]) -> str:
        """The pointer that may be shown: as far as its keys are codes, and none of them *misnamed*."""
        steps = self.path[:-1] if self.key_is_secret else self.path
        for end, step in enumerate(steps):
            if isinstance(step, str) and (not _CODE_LIKE.fullmatch(step) or steps[: end + 1] in misnamed):
                return json_pointer(steps[:end])
        return json_pointer(steps)


def reveal_known_key(fault: SchemaFault, words: Collection[str]) -> SchemaFault:
    """The same fault; a key that the house knows from another place is no secret, and is named."""
    key = fault.path[-1] if fault.key_is_secret else None
    if fault.what != "unknown-key" or key not in words:
        return fault
    return replace(
        fault, message=_KEY_ELSEWHERE, facts={"key": key, "known": fault.facts["known"]}, key_is_secret=False
    )


def schema_keys(schema: object) -> set[str]:
    """Every key that a schema knows by name, at any depth."""
    if isinstance(schema, list):
        return {key for below in schema for key in schema_keys(below)}
    if not isinstance(schema, Mapping):
        return set()
    named = schema.get("properties")
    own = set(named) if isinstance(named, Mapping) else set()
    return own.union(*(schema_keys(below) for below in schema.values()))


def json_pointer(path: ValuePath) -> str:
    """A path as a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def explain_errors(errors: Iterable["ValidationError"]) -> Iterator[SchemaFault]:
    """What the complaints of the validator about a refused value mean; something is wrong also if it has none."""
    error = None
    for error in errors:
        yield from _explain_error(error)
    if error is None:
        yield SchemaFault((), "other", *_expected_here({}))


def _explain_error(error: "ValidationError") -> Iterator[SchemaFault]:
    word: Any = error.validator
    path, instance, asked = tuple(error.absolute_path), cast(Any, error.instance), cast(Any, error.validator_value)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if "propertyNames" in error.absolute_schema_path:
        yield SchemaFault((*path, instance), "key", *_expected_here(schema), key_is_secret=True)
        return
    match word:
        case "additionalProperties":
            known = list(schema.get("properties", ()))
            for key in (key for key in instance if key not in known):
                yield SchemaFault((*path, key), "unknown-key", *_unknown_key(key, known), key_is_secret=True)
        case "required":
            missing = (key for key in asked if key not in instance)
            yield from (SchemaFault(path, "missing-key", _KEY_MISSING, {"key": key}) for key in missing)
        case "anyOf" if beyond := [each for each in error.context or () if each.validator in _LIMIT_SENTENCES]:
            for each in beyond:  # of the right kind, and beyond a limit of it: the other kinds are not what was meant
                yield from _explain_error(each)
        case _:
            yield _fault_of_value(path, word, instance, asked, schema)


def _fault_of_value(path: ValuePath, word: Any, value: object, asked: Any, schema: Mapping[str, Any]) -> SchemaFault:
    """A value that a *word* of the schema does not allow, which asks for something else."""
    match word:
        case "enum" | "const":
            return SchemaFault(path, "code", *_unknown_code(value, asked if word == "enum" else [asked]))
        case "type" if isinstance(asked, str) and "pattern" not in schema:
            return SchemaFault(path, "kind", _KINDS[asked])
        case "minLength" if asked == 1:
            return SchemaFault(path, "empty", N_("This text is empty. Write it, or leave the key out."))
        case _ if word in _LIMIT_SENTENCES:
            (what, message), facts = _LIMIT_SENTENCES[word], {"limit": asked}
            return SchemaFault(path, what, message, facts)
        case None:  # a schema of false: the validator does not say which key it was that may not be there
            return SchemaFault(path, "unexpected", N_("A key stands here that may not. Compare it with an example."))
        case _:
            return SchemaFault(path, _FAULT_CODES.get(word, "other"), *_expected_here(schema))


def _expected_here(schema: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    words = schema.get("description") or schema.get("title")
    if words:
        return N_("Expected here: {expected}."), {"expected": Marked(words)}
    return N_("This is not what is expected here. Compare it with an example."), {}


def _unknown_key(key: str, known: list[str]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest_word(key, known)
    if meant:
        return N_("This key is not known here; did you mean {meant}?"), {"meant": meant, "known": known}
    return N_("This key is not known here. The known ones are: {known}."), {"known": known}


_LITERALS = {None: "null", True: "true", False: "false"}
"""What is no text, as it is written in a file."""


def _unknown_code(value: object, allowed: list[object]) -> tuple[str, Mapping[str, object]]:
    meant = _nearest_word(value, [code for code in allowed if isinstance(code, str)])
    allowed = [_LITERALS.get(code, code) if code is None or isinstance(code, bool) else code for code in allowed]
    if meant:
        return N_("This is none of the codes; did you mean {meant}?"), {"meant": meant, "allowed": allowed}
    return N_("This is none of the codes. Write one of: {allowed}."), {"allowed": allowed}


def _nearest_word(typed: object, known: list[str]) -> str | None:
    """The known word that *typed* is closest to, whatever its case and with spaces or hyphens for underscores."""
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


_TIME_WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
"""A time as the clock of the house shows it."""


@dataclass(repr=False, eq=False)
class DatedNode:
    """A node of a schema, with what is dated in it and below it; the rest of the schema is left out."""

    kind: str | None = None
    members: dict[str, "DatedNode"] = field(default_factory=dict)
    property_names: frozenset[str] = frozenset()
    others: "DatedNode | None" = None
    items: "DatedNode | None" = None

    def nonexistent_days(self, value: object) -> list[tuple[ValuePath, str]]:
        """Path and kind of whatever is written like a day and does not exist."""
        if isinstance(value, str):
            return [] if self.kind is None or _day_exists(self.kind, value) else [((), self.kind)]
        if isinstance(value, dict):
            return self._in_members(value)
        if isinstance(value, list):
            return self._in_items(value) if self.items else []
        if self.kind == "partial-date" and isinstance(value, int) and not DATE_READERS[self.kind](value):
            return [((), self.kind)]
        return []

    def with_offset(self, value: Any, offset: str) -> Any:
        """The value with *offset*, such as +06:00, on every time in it that was written without one."""
        if isinstance(value, str):
            return value + offset if self.kind == "time" and _TIME_WITHOUT_OFFSET.fullmatch(value) else value
        if isinstance(value, dict):
            below = {name: self.members.get(name) or self._other(name) for name in value}
            return {
                name: node.with_offset(value[name], offset) if node else value[name] for name, node in below.items()
            }
        if isinstance(value, list) and self.items:
            return [self.items.with_offset(each, offset) for each in value]
        return value

    def _other(self, name: str) -> "DatedNode | None":
        return self.others if name not in self.property_names else None

    def _in_members(self, value: dict[str, Any]) -> list[tuple[ValuePath, str]]:
        found: list[tuple[ValuePath, str]] = []
        members = self.members
        for name, each in value.items():
            below = members.get(name) or self._other(name)
            if below is None or (isinstance(each, str) and (below.kind is None or _day_exists(below.kind, each))):
                continue
            if wrong := below.nonexistent_days(each):
                found += (((name, *path), kind) for path, kind in wrong)
        return found

    def _in_items(self, value: list[Any]) -> list[tuple[ValuePath, str]]:
        found: list[tuple[ValuePath, str]] = []
        for number, each in enumerate(value):
            if self.items and (wrong := self.items.nonexistent_days(each)):
                found += (((number, *path), kind) for path, kind in wrong)
        return found


@lru_cache(4096)
def _day_exists(kind: str, written: str) -> bool:
    """Whether what is written like a day is one; anything else, such as unknown, is for the schema alone."""
    return not written[:1].isdigit() or bool(DATE_READERS[kind](written))


def find_dated(schema: object, whole: Mapping[str, Any]) -> DatedNode | None:
    """The dated part of *schema*, whose references point into *whole*; None where nothing in it is dated."""
    if not isinstance(schema, Mapping):
        return None
    if "x-is" in schema:
        return DatedNode(schema["x-is"])
    if "$ref" in schema:
        return find_dated(_resolve_reference(schema["$ref"], whole), whole)
    properties = schema.get("properties", {})
    below = {name: find_dated(part, whole) for name, part in properties.items()}
    node = DatedNode(
        members={name: part for name, part in below.items() if part},
        property_names=frozenset(properties),
        others=find_dated(schema.get("additionalProperties"), whole),
        items=find_dated(schema.get("items"), whole),
    )
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word, ()):
            _merge_branch(node, find_dated(branch, whole))
    return node if node.kind or node.members or node.others or node.items else None


def _merge_branch(node: DatedNode, branch: DatedNode | None) -> None:
    if branch:
        node.kind = node.kind or branch.kind
        node.members |= branch.members
        node.property_names |= branch.property_names
        node.others = node.others or branch.others
        node.items = node.items or branch.items


def _resolve_reference(reference: str, whole: Mapping[str, Any]) -> object:
    found: Any = whole
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found[step]
    return found


def deciding_validator(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a value fits the schema, as fast as can be had here."""
    return _fast_validator(schema) or explaining_validator(schema).is_valid


def _fast_validator(schema: Mapping[str, Any]) -> Callable[[Any], bool] | None:
    """The fast validator; None where it is not installed."""
    try:
        import jsonschema_rs  # noqa: PLC0415  (20 ms, and not everywhere)
    except ImportError:
        return None
    return jsonschema_rs.validator_for(dict(schema)).is_valid


def explaining_validator(schema: Mapping[str, Any]) -> "Validator":
    """The validator that knows what is wrong."""
    from jsonschema.validators import extend  # noqa: PLC0415 - as below

    dialect: type[Validator] = extend(_validator_class(), {"items": _ItemsKeyword(schema)})  # type: ignore[no-untyped-call]
    return dialect(schema)


class _ItemsKeyword:
    """The word ``items``: of a long list only what the fast validator refuses is looked at by the slow one.

    A list of a whole house has a hundred thousand items, each of which the slow one takes 20 microseconds for.
    """

    LONG = 100

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self._defined = {"$defs": whole.get("$defs", {})}
        self._fit: dict[int, Callable[[Any], bool]] = {}

    def __call__(
        self, validator: Any, items: Mapping[str, Any], value: object, _: object
    ) -> "Iterator[ValidationError]":
        if isinstance(value, list):
            fits = self._fits(items) if len(value) > self.LONG else None
            for number, each in enumerate(value):
                if fits is None or not fits(each):
                    yield from validator.descend(each, items, path=number)

    def _fits(self, items: Mapping[str, Any]) -> Callable[[Any], bool] | None:
        """Whether one item fits, where that can be told fast; made once for each list of a schema."""
        if id(items) not in self._fit and (fast := _fast_validator({**self._defined, **items})):
            self._fit[id(items)] = fast
        return self._fit.get(id(items))


@cache
def _validator_class() -> "type[Validator]":
    """Draft 2020-12 as the fast validator reads it: patterns as in ECMA 262, and exact decimals."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (45 ms, needed only when something is wrong)
    from jsonschema.validators import extend  # noqa: PLC0415

    types = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: _is_number(value) and value == int(value)
    )
    words = {"pattern": _pattern_errors, "multipleOf": _multiple_errors, "required": _required_errors}
    dialect: type[Validator] = extend(Draft202012Validator, words, type_checker=types)  # type: ignore[no-untyped-call]
    return dialect


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _pattern_errors(_: object, pattern: str, value: object, __: object) -> "Iterator[ValidationError]":
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), value, re.ASCII):
        yield _validation_error()


def _multiple_errors(_: object, step: object, value: object, __: object) -> "Iterator[ValidationError]":
    if _is_number(value) and Decimal(str(value)) % Decimal(str(step)):
        yield _validation_error()


def _required_errors(_: object, names: list[str], value: object, __: object) -> "Iterator[ValidationError]":
    if isinstance(value, dict) and not value.keys() >= set(names):
        yield _validation_error()


def _validation_error() -> "ValidationError":
    from jsonschema import ValidationError  # noqa: PLC0415

    return ValidationError("")


MOST_FINDINGS_LISTED = 100
"""Findings in one answer: nobody reads more, and a hostile file has a hundred thousand."""


class SchemaValidator:
    """A schema of draft 2020-12, compiled when it is first needed; made once and kept by the caller.

    *words* gives the keys that the house knows from other schemas: typed at a wrong place, they are no secret.
    """

    def __init__(self, schema: Mapping[str, Any], words: Callable[[], Collection[str]] = frozenset) -> None:
        self._schema = schema
        self._words = words

    def findings(self, value: Mapping[str, Any], most: int = MOST_FINDINGS_LISTED) -> tuple[Finding, ...]:
        """What the schema does not allow, each finding without the value and without an unknown key as typed."""
        faults = [reveal_known_key(fault, self._known) for fault in islice(self._faults(value), most)]
        typed = {fault.path for fault in faults if fault.key_is_secret}
        return tuple(_finding_of_fault(fault, typed) for fault in faults)

    def with_offset(self, value: Mapping[str, Any], offset: str) -> dict[str, Any]:
        """The value with *offset*, such as +06:00, on each time of the schema that was written without one."""
        return self._dated.with_offset(dict(value), offset) if self._dated else dict(value)

    def _faults(self, value: Mapping[str, Any]) -> Iterator[SchemaFault]:
        known: set[ValuePath] = set()
        if not self._fits(value):
            for fault in explain_errors(self._explains(value)):
                known.add(fault.path)
                yield fault
        for path, kind in self._dated.nonexistent_days(value) if self._dated else ():
            if path not in known:
                yield SchemaFault(path, "date", _NO_SUCH_DAY[kind])

    @cached_property
    def _known(self) -> Collection[str]:
        return schema_keys(self._schema).union(self._words())

    @cached_property
    def _fits(self) -> Callable[[object], bool]:
        return deciding_validator(self._schema)

    @cached_property
    def _explains(self) -> "Callable[[Any], Iterable[ValidationError]]":
        return explaining_validator(self._schema).iter_errors

    @cached_property
    def _dated(self) -> DatedNode | None:
        return find_dated(self._schema, self._schema)


def _finding_of_fault(fault: SchemaFault, typed: Collection[ValuePath]) -> Finding:
    where, at = fault.pointer_to_show(typed), json_pointer(fault.path)
    return Finding(
        code=f"shape/{fault.what}",
        message=fault.message,
        facts=fault.facts,
        where=where,
        at=None if at == where else at,
    )
