"""Where a schema says ``x-is``: days, months and times that must exist, which no pattern can tell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shelterctl.core import days
from shelterctl.shape.fault import Path

READERS: Mapping[str, Callable[[object], object]] = {
    "date": days.read_day,
    "partial-date": days.read_partial,
    "time": days.read_time,
    "month": days.read_month,
}


_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
"""A time as the clock of the house shows it."""


@dataclass(repr=False, eq=False)
class Dated:
    """A node of a schema, with what is dated in it and below it; the rest of the schema is left out."""

    kind: str | None = None
    members: dict[str, "Dated"] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    others: "Dated | None" = None
    items: "Dated | None" = None

    def missing(self, value: object) -> list[tuple[Path, str]]:
        """Path and kind of whatever is written like a day and does not exist."""
        if isinstance(value, str):
            return [] if self.kind is None or _exists(self.kind, value) else [((), self.kind)]
        if isinstance(value, dict):
            return self._in_members(value)
        if isinstance(value, list):
            return self._in_items(value) if self.items else []
        if self.kind == "partial-date" and isinstance(value, int) and not READERS[self.kind](value):
            return [((), self.kind)]
        return []

    def with_offset(self, value: Any, offset: str) -> Any:
        """The value with *offset*, such as +06:00, on every time in it that was written without one."""
        if isinstance(value, str):
            return value + offset if self.kind == "time" and _LOCAL.fullmatch(value) else value
        if isinstance(value, dict):
            below = {name: self.members.get(name) or self._other(name) for name in value}
            return {
                name: node.with_offset(value[name], offset) if node else value[name] for name, node in below.items()
            }
        if isinstance(value, list) and self.items:
            return [self.items.with_offset(each, offset) for each in value]
        return value

    def _other(self, name: str) -> "Dated | None":
        return self.others if name not in self.named else None

    def _in_members(self, value: dict[str, Any]) -> list[tuple[Path, str]]:
        found: list[tuple[Path, str]] = []
        members = self.members
        for name, each in value.items():
            below = members.get(name) or self._other(name)
            if below is None or (isinstance(each, str) and (below.kind is None or _exists(below.kind, each))):
                continue
            if wrong := below.missing(each):
                found += (((name, *path), kind) for path, kind in wrong)
        return found

    def _in_items(self, value: list[Any]) -> list[tuple[Path, str]]:
        found: list[tuple[Path, str]] = []
        for number, each in enumerate(value):
            if self.items and (wrong := self.items.missing(each)):
                found += (((number, *path), kind) for path, kind in wrong)
        return found


@lru_cache(4096)
def _exists(kind: str, written: str) -> bool:
    """Whether what is written like a day is one; anything else, such as unknown, is for the schema alone."""
    return not written[:1].isdigit() or bool(READERS[kind](written))


def dated_in(schema: object, whole: Mapping[str, Any]) -> Dated | None:
    """The dated part of *schema*, whose references point into *whole*; None where nothing in it is dated."""
    if not isinstance(schema, Mapping):
        return None
    if "x-is" in schema:
        return Dated(schema["x-is"])
    if "$ref" in schema:
        return dated_in(_referred(schema["$ref"], whole), whole)
    properties = schema.get("properties", {})
    below = {name: dated_in(part, whole) for name, part in properties.items()}
    node = Dated(
        members={name: part for name, part in below.items() if part},
        named=frozenset(properties),
        others=dated_in(schema.get("additionalProperties"), whole),
        items=dated_in(schema.get("items"), whole),
    )
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word, ()):
            _unite(node, dated_in(branch, whole))
    return node if node.kind or node.members or node.others or node.items else None


def _unite(node: Dated, branch: Dated | None) -> None:
    if branch:
        node.kind = node.kind or branch.kind
        node.members |= branch.members
        node.named |= branch.named
        node.others = node.others or branch.others
        node.items = node.items or branch.items


def _referred(reference: str, whole: Mapping[str, Any]) -> object:
    found: Any = whole
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found[step]
    return found
