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
    return _fast(schema) or explainer(schema).is_valid


def _fast(schema: Mapping[str, Any]) -> Callable[[Any], bool] | None:
    """The fast validator; None where it is not installed."""
    try:
        import jsonschema_rs  # noqa: PLC0415  (20 ms, and not everywhere)
    except ImportError:
        return None
    return jsonschema_rs.validator_for(dict(schema)).is_valid


def explainer(schema: Mapping[str, Any]) -> "Validator":
    """The validator that knows what is wrong."""
    from jsonschema.validators import extend  # noqa: PLC0415 - as below

    dialect: type[Validator] = extend(_dialect(), {"items": _Items(schema)})  # type: ignore[no-untyped-call]
    return dialect(schema)


class _Items:
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
        if id(items) not in self._fit and (fast := _fast({**self._defined, **items})):
            self._fit[id(items)] = fast
        return self._fit.get(id(items))


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
