"""A walk of a record along the tree of its places, which finds days, codes of staff, names and words alike.

The tree is read from a JSON Schema without recursion, each place on first use: only tracks that a file has entries of
are read. The notes on a place are keys of the schema: ``x-is``, ``x-register``, ``x-registers`` for one or several
registers, and ``x-clause`` beside ``x-code``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from shelterctl.core.values.facts import ValuePath

JsonSchema = Mapping[str, Any]
"""A JSON Schema of draft 2020-12, or a node of one."""

VOID_KEY = "void"
"""The key under which an entry says that it is struck through."""

_HOLDERS = (dict, list)


class Place(dict[str, "Place"]):
    """One place of a mapping, as a *node* of a schema describes it, with the places below it that have been used.

    A key that the schema does not describe leads to ``UNKNOWN``. *notes* are the keys of its node and of the nodes that
    it refers to, *known* the nodes below it by key; *order* sorts the places of one file as the schema has them.
    """

    def __init__(self, node: JsonSchema | bool, document: JsonSchema, order: tuple[int, ...] = ()) -> None:
        super().__init__()
        self._document, self.order = document, order
        self.notes: dict[str, Any] = {}
        self.known: dict[str, JsonSchema] = {}
        for one in _nodes_of_value(node, document):
            self.notes = {**one, **self.notes}
            self.known |= one.get("properties", {})
        if "x-register" in self.notes:
            self.notes["x-registers"] = (self.notes["x-register"],)
        self._leads: dict[str | None, bool] = {}

    def __missing__(self, name: str) -> "Place":
        if name not in self.known:
            return self.others
        self[name] = Place(self.known[name], self._document, (*self.order, [*self.known].index(name)))
        return self[name]

    @cached_property
    def others(self) -> "Place":
        """The place under every key that is not known."""
        return self._read_inside("additionalProperties")

    @cached_property
    def entries(self) -> "Place":
        """The place of each entry of a list."""
        return self._read_inside("items")

    def _read_inside(self, word: str) -> "Place":
        node = self.notes.get(word)
        return Place(node, self._document, self.order) if isinstance(node, Mapping) else UNKNOWN

    def leads_to(self, note: str | None) -> bool:
        """Return whether the schema has that note for the place or for any place below it; always true for None."""
        if note not in self._leads:
            self._leads[note] = note is None or note in self.notes  # UNKNOWN is below itself
            below = (self.entries, self.others, *map(self.__getitem__, self.known))
            self._leads[note] = self._leads[note] or any(place.leads_to(note) for place in below)
        return self._leads[note]

    def find(
        self,
        note: str | None,
        value: Any,
        answer: Callable[["Place", Any], Any],
        struck: Collection[str] | None = None,
        but: Collection[str] = (),
    ) -> list[tuple[ValuePath, Any]]:
        """Return what *answer* returns for the values below this place at places with that *note*, each with its path.

        Where *answer* returns None nothing is found. With *struck*, only these keys of a struck entry are searched;
        values below the keys *but* are skipped.
        """
        found: list[tuple[ValuePath, Any]] = []
        listed = isinstance(value, list)
        steps: Iterable[tuple[Any, Any]] = enumerate(value) if listed else value.items()
        if struck is not None and not listed and VOID_KEY in value:
            steps = [(name, value[name]) for name in struck if name in value]
        alike = self.entries if listed else None if self.known else self.others
        for step, below in steps:
            place = self[step] if alike is None else alike
            leads = place._leads.get(note)
            if not (place.leads_to(note) if leads is None else leads) or step in but:
                continue
            holds = isinstance(below, _HOLDERS)
            if (not holds or note in place.notes) and (said := answer(place, below)) is not None:
                found.append(((step,), said))
            if holds and (deeper := place.find(note, below, answer, struck, but)):
                found += [((step, *path), said) for path, said in deeper]
        return found


def _nodes_of_value(node: JsonSchema | bool, document: JsonSchema) -> Iterator[JsonSchema]:
    """Yield the nodes of a schema that describe one value: the node, the nodes it refers to, its alternatives."""
    if isinstance(node, bool):
        return
    yield node
    if "$ref" in node:
        yield from _nodes_of_value(resolve_reference(node["$ref"], document), document)
    for word in ("anyOf", "oneOf", "allOf"):
        for one in node.get(word, ()):
            yield from _nodes_of_value(one, document)


def resolve_reference(reference: str, document: JsonSchema) -> JsonSchema:
    """Return the node that a reference such as ``#/$defs/day`` names in its document."""
    found = document
    for step in reference.split("/")[1:]:
        found = found[step]
    return found


UNKNOWN = Place({}, {})
"""A place that no schema describes; so is every place below it."""
