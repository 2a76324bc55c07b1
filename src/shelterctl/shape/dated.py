"""Where a schema says ``x-is``: days, months and times that must exist, which no pattern can tell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shelterctl.core import days
from shelterctl.shape.fault import Path

READERS: Mapping[str, Callable[[object], object]] = {
    "date": days.read_day,
    "partial-date": days.read_partial,
    "time": days.read_time,
    "month": days.read_month,
}


@dataclass
class Dated:
    """A node of a schema, with what is dated in it and below it; the rest of the schema is left out."""

    kind: str | None = None
    members: dict[str, "Dated"] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    others: "Dated | None" = None
    items: "Dated | None" = None

    def missing(self, value: object) -> list[tuple[Path, str]]:
        """Path and kind of whatever is written like a day and does not exist."""
        if self.kind and isinstance(value, str) and not value[:1].isdigit():
            return []  # what is not written like a day at all, such as unknown, is for the schema alone
        if self.kind and (isinstance(value, str) or (isinstance(value, int) and self.kind == "partial-date")):
            return [] if READERS[self.kind](value) else [((), self.kind)]
        return [((step, *path), kind) for step, item, below in self._below(value) for path, kind in below.missing(item)]

    def _below(self, value: object) -> Iterator[tuple[str | int, object, "Dated"]]:
        if isinstance(value, Mapping):
            for name, below in self.members.items():
                if name in value:
                    yield name, value[name], below
            if self.others:
                for name in value:
                    if name not in self.named:
                        yield name, value[name], self.others
        elif isinstance(value, list) and self.items:
            for number, item in enumerate(value):
                yield number, item, self.items


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
