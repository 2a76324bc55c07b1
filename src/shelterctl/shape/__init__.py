"""A mapping against its schema, in words a caseworker understands."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.shape.dated import Dated, dated
from shelterctl.shape.dialect import decider, reader
from shelterctl.shape.fault import Fault, Path, faults, misnamed, pointer

__all__ = ["Shape"]


class Shape:
    """A schema of draft 2020-12, compiled when it is first needed; made once and kept by the caller."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    def findings(
        self, value: Mapping[str, Any], place: Callable[[str], tuple[int, int] | None] | None = None
    ) -> tuple[Finding, ...]:
        """What the schema does not allow; *place* gives line and column, as ``Document.place`` does."""
        # Gather.
        errors = [] if self._fits(value) else list(reader(self._schema).iter_errors(value))
        ...

    @cached_property
    def _fits(self) -> Callable[[object], bool]:
        return decider(self._schema)

    @cached_property
    def _dated(self) -> Dated | None:
        return dated(self._schema, self._schema)
