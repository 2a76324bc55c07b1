"""A mapping against its schema, in words a caseworker understands."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from shelterctl.core.finding import Finding
from shelterctl.shape.date import Dated, dated_in
from shelterctl.shape.dialect import decider, explainer
from shelterctl.shape.fault import Fault, Path, explained, keys_of, no_such_day, placed, pointer

if TYPE_CHECKING:
    from jsonschema import ValidationError

__all__ = ["ENOUGH", "Shape", "keys_of"]

ENOUGH = 100
"""Findings in one answer: nobody reads more, and a hostile file has a hundred thousand."""


class Shape:
    """A schema of draft 2020-12, compiled when it is first needed; made once and kept by the caller.

    *words* gives the keys that the house knows from other schemas: typed at a wrong place, they are no secret.
    """

    def __init__(self, schema: Mapping[str, Any], words: Callable[[], Collection[str]] = frozenset) -> None:
        self._schema = schema
        self._words = words

    def findings(self, value: Mapping[str, Any], most: int = ENOUGH) -> tuple[Finding, ...]:
        """What the schema does not allow, each finding without the value and without an unknown key as typed."""
        faults = [placed(fault, self._known) for fault in islice(self._faults(value), most)]
        typed = {fault.path for fault in faults if fault.typed}
        return tuple(_finding(fault, typed) for fault in faults)

    def with_offset(self, value: Mapping[str, Any], offset: str) -> dict[str, Any]:
        """The value with *offset*, such as +06:00, on each time of the schema that was written without one."""
        return self._dated.with_offset(dict(value), offset) if self._dated else dict(value)

    def _faults(self, value: Mapping[str, Any]) -> Iterator[Fault]:
        known: set[Path] = set()
        if not self._fits(value):
            for fault in explained(self._explains(value)):
                known.add(fault.path)
                yield fault
        for path, kind in self._dated.missing(value) if self._dated else ():
            if path not in known:
                yield no_such_day(path, kind)

    @cached_property
    def _known(self) -> Collection[str]:
        return keys_of(self._schema).union(self._words())

    @cached_property
    def _fits(self) -> Callable[[object], bool]:
        return decider(self._schema)

    @cached_property
    def _explains(self) -> "Callable[[Any], Iterable[ValidationError]]":
        return explainer(self._schema).iter_errors

    @cached_property
    def _dated(self) -> Dated | None:
        return dated_in(self._schema, self._schema)


def _finding(fault: Fault, typed: Collection[Path]) -> Finding:
    where, at = fault.where(typed), pointer(fault.path)
    return Finding(
        code=f"shape/{fault.what}",
        message=fault.message,
        facts=fault.facts,
        where=where,
        at=None if at == where else at,
    )
