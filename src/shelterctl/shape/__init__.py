"""A mapping against its schema, in words a caseworker understands."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from shelterctl.core.finding import Finding
from shelterctl.shape.dated import Dated, dated
from shelterctl.shape.dialect import decider, explainer
from shelterctl.shape.fault import Fault, Path, faults, no_such_day, pointer, unsaid

__all__ = ["Shape"]

Place = Callable[[str], tuple[int, int] | None]

ENOUGH = 100
"""Complaints that are looked at: nobody reads more, and a hostile file has a hundred thousand."""


class Shape:
    """A schema of draft 2020-12, compiled when it is first needed; made once and kept by the caller."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    def findings(self, value: Mapping[str, Any], place: Place = lambda _: None) -> tuple[Finding, ...]:
        """What the schema does not allow; *place* gives line and column, as ``Document.place`` does."""
        found = [] if self._fits(value) else self._faults(value)
        known = {fault.path for fault in found}
        if self._dated:
            found += [no_such_day(path, kind) for path, kind in self._dated.missing(value) if path not in known]
        typed = {fault.path for fault in found if fault.typed}
        findings = [_finding(fault, typed, place) for fault in found]
        return tuple(sorted(findings, key=lambda finding: (finding.line or 0, finding.column or 0)))

    def _faults(self, value: Mapping[str, Any]) -> list[Fault]:
        errors = islice(explainer(self._schema).iter_errors(value), ENOUGH)
        return [fault for error in errors for fault in faults(error)] or [unsaid()]

    @cached_property
    def _fits(self) -> Callable[[object], bool]:
        return decider(self._schema)

    @cached_property
    def _dated(self) -> Dated | None:
        return dated(self._schema, self._schema)


def _finding(fault: Fault, typed: Collection[Path], place: Place) -> Finding:
    line, column = place(pointer(fault.path)) or (None, None)
    return Finding(
        code=f"shape/{fault.what}",
        message=fault.message,
        where=fault.where(typed),
        facts=fault.facts,
        line=line,
        column=column,
    )
