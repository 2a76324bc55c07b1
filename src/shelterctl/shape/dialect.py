"""The two validators, held to one reading of a schema: one is fast, the other can say what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator


def decider(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a value fits the schema, as fast as can be had here."""
    try:
        import jsonschema_rs  # noqa: PLC0415  (20 ms, and not everywhere)
    except ImportError:
        return explainer(schema).is_valid
    return jsonschema_rs.validator_for(dict(schema)).is_valid


def explainer(schema: Mapping[str, Any]) -> "Validator":
    """The validator that knows what is wrong."""
    return _dialect()(schema)


@cache
def _dialect() -> "type[Validator]":
    """Draft 2020-12 as the fast validator reads it: patterns as in ECMA 262, and exact decimals."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (45 ms, needed only when something is wrong)
    from jsonschema.validators import extend  # noqa: PLC0415

    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: _is_whole(value))
    words = {"pattern": _pattern, "multipleOf": _multiple, "required": _required}
    dialect: type[Validator] = extend(Draft202012Validator, words, type_checker=types)  # type: ignore[no-untyped-call]
    return dialect


def _is_whole(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)


def _pattern(_: object, pattern: str, value: object, __: object) -> "Iterator[ValidationError]":
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), value, re.ASCII):
        yield _error()


def _multiple(_: object, step: object, value: object, __: object) -> "Iterator[ValidationError]":
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if is_number and Decimal(str(value)) % Decimal(str(step)):
        yield _error()


def _required(_: object, names: list[str], value: object, __: object) -> "Iterator[ValidationError]":
    if isinstance(value, dict) and not value.keys() >= set(names):
        yield _error()


def _error() -> "ValidationError":
    from jsonschema import ValidationError  # noqa: PLC0415

    return ValidationError("")
