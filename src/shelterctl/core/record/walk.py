"""A record walked along the tree of its places: days, codes of staff, names and words are looked for in one way.

The tree is read off a JSON Schema that does not refer to itself, each place when a walk first comes there: of all tracks
only those of which a file has entries. What the notes of a schema (``x-is``, ``x-register``, ``x-clause``) say of a place is known of it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from shelterctl.core.values.facts import ValuePath

JsonSchema = Mapping[str, Any]
"""A JSON Schema of draft 2020-12, or a node of one."""

Branches = dict[str, "Branches | None"]
"""Places of a file by their steps, as they branch; whatever is below a step of None belongs to them."""

_HOLDERS = (dict, list)
VOID_KEY = "void"
"""The key under which an entry says that it is struck through."""


class Place:
    """One place of a mapping, as the *node* of a schema describes it, with the places below it.

    *dated* is how a day is written there: ``date``, ``partial-date``, ``time`` or ``month``. *registers* are those of
    which a code may stand there, *register* the one of which it must be; *nameless* is the clause by which nobody's
    name may stand there. *definition* is the name by which the schema refers to it, *order* where the schema has it:
    it sorts the places of one file.
    """

    def __init__(self, node: JsonSchema | bool, document: JsonSchema, order: tuple[int, ...] = ()) -> None:
        self._document, self.order = document, order
        self._keys: dict[str, JsonSchema] = {}
        self._below: dict[str, Place] = {}
        self._leads: dict[str | None, bool] = {}
        self._towards: defaultdict[str | None, dict[str, Place | None]] = defaultdict(dict)
        said: dict[str, Any] = {}
        for one in _nodes_of_value(node, document):
            said = {**one, **said}
            self._keys |= one.get("properties", {})
        self._node = said
        self.definition: str | None = said.get("$ref", "").rpartition("/")[2] or None
        self.dated: str | None = said.get("x-is")
        self.register: str | None = said.get("x-register")
        self.registers: tuple[str, ...] = (*said.get("x-registers", ()), *([self.register] if self.register else ()))
        self.nameless: str | None = said.get("x-clause") if said.get("x-code") else None

    def __iter__(self) -> Iterator[str]:
        """The keys that are known below it."""
        return iter(self._keys)

    def __getitem__(self, name: str) -> "Place":
        """The place below under that key, known or any other; ``UNKNOWN`` where the schema says nothing of it."""
        if name not in self._keys:
            return self._others
        if name not in self._below:
            order = (*self.order, [*self._keys].index(name))
            self._below[name] = Place(self._keys[name], self._document, order)
        return self._below[name]

    @cached_property
    def _others(self) -> "Place":
        node = self._node.get("additionalProperties")
        return Place(node, self._document, self.order) if isinstance(node, Mapping) else UNKNOWN

    @cached_property
    def entries(self) -> "Place":
        """The place of each entry of a list; ``UNKNOWN`` where the schema has no list."""
        return Place(self._node["items"], self._document, self.order) if "items" in self._node else UNKNOWN

    def leads_to(self, note: str | None) -> bool:
        """Whether a schema has that note of the place, or of any below it; whatever it is, if none is asked for."""
        if note not in self._leads:
            self._leads[note] = note is None or bool(getattr(self, note))  # UNKNOWN is below itself
            below = (self.entries, self._others, *map(self.__getitem__, self))
            self._leads[note] = self._leads[note] or any(place.leads_to(note) for place in below)
        return self._leads[note]

    def _place_towards(self, note: str | None, name: str) -> "Place | None":
        """The place below under a key, if it leads to such a note; what is known of the schema's own keys is kept."""
        place = self[name] if self[name].leads_to(note) else None
        if name in self._keys:
            self._towards[note][name] = place
        return place

    def find(
        self,
        note: str | None,
        value: Any,
        answer: Callable[["Place", Any], Any],
        struck: Collection[str] | None = None,
        but: Collection[str] = (),
        only: Branches | None = None,
    ) -> list[tuple[ValuePath, Any]]:
        """What *answer* says of the values in a mapping or a list at places of that *note*, with the path to each.

        Where it says None nothing is found. Of an entry that is struck through only the keys *struck* are looked at, if
        they are given; below the keys *but* nothing, and beside the branches *only* nothing.
        """
        found: list[tuple[ValuePath, Any]] = []
        listed = isinstance(value, list)
        steps: Iterable[tuple[Any, Any]] = enumerate(value) if listed else value.items()
        if struck is not None and not listed and VOID_KEY in value:
            steps = [(name, value[name]) for name in struck if name in value]
        alike, towards = self.entries if listed else None if self._keys else self._others, self._towards[note]
        for step, below in steps:
            place = alike or (towards[step] if step in towards else self._place_towards(note, step))
            if place is None or step in but or (only is not None and str(step) not in only):
                continue
            branch = None if only is None else only[str(step)]
            if isinstance(below, _HOLDERS):
                if deeper := place.find(note, below, answer, struck, but, branch):
                    found += [((step, *path), said) for path, said in deeper]
            elif branch is None and (said := answer(place, below)) is not None:
                found.append(((step,), said))
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


def branch_pointers(pointers: Collection[str]) -> Branches | None:
    """Places by their pointers as they branch; None where one of them is the whole file."""
    branches: Branches = {}
    for pointer in sorted(pointers, key=len):
        above: Branches | None = branches
        *steps, last = pointer.split("/")
        for step in steps[1:]:
            above = above if above is None else above.setdefault(step, {})
        if above is not None:
            above[last] = None
    return None if "" in pointers else branches
