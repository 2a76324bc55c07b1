"""A record walked along the tree of its places: days, codes of staff, names and words are looked for in one way.

The tree is read off a JSON Schema that does not refer to itself, each place when a walk first comes there: of all
tracks only those of which a file has entries. What is known of a place are the notes of the schema: ``x-is``,
``x-register``, ``x-registers`` for one of several or for that one, and ``x-clause`` beside ``x-code``.
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
    """One place of a mapping, as a *node* of a schema describes it, with the places below it that were asked for.

    A key of which the schema says nothing leads to ``UNKNOWN``. *notes* are the words of its node and of what that
    refers to, *known* the nodes below by their keys; *order* sorts the places of one file as the schema has them.
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
        """Whether the schema has that note of the place, or of any below it; every place leads to None."""
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
        """What *answer* says of the values in a mapping or a list at places with that *note*, with the path to each.

        Where it says None nothing is found. Of an entry that is struck through only the keys *struck* are looked at, if
        they are given; below the keys *but* nothing.
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
    """The nodes of a schema that speak of one value: the node, what it refers to, and each of its alternatives."""
    if isinstance(node, bool):
        return
    yield node
    if "$ref" in node:
        yield from _nodes_of_value(resolve_reference(node["$ref"], document), document)
    for word in ("anyOf", "oneOf", "allOf"):
        for one in node.get(word, ()):
            yield from _nodes_of_value(one, document)


def resolve_reference(reference: str, document: JsonSchema) -> JsonSchema:
    """The node of a schema to which a reference such as ``#/$defs/day`` points in its document."""
    found = document
    for step in reference.split("/")[1:]:
        found = found[step]
    return found


UNKNOWN = Place({}, {})
"""A place of which no schema says anything, and any below it."""
