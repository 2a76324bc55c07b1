"""What rests on something that rests on it again: nobody could ever write the first of them down."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shelterctl.language import N_
from shelterctl.library.file import Written

CIRCLE = N_("these rest on one another in a circle: {names}")


class Edge(NamedTuple):
    """What something rests on, and where that is written."""

    to: str
    written: Written
    place: str


Edges = Mapping[str, Iterable[Edge]]


def refuse_circles(edges: Edges) -> None:
    """BrokenRulebook at the first word by which something comes to rest on itself."""
    done: set[str] = set()
    for begin in edges:
        path: list[str] = []
        waiting: list[tuple[str, Iterator[Edge]]] = []
        name: str | None = begin
        while name is not None or waiting:
            if name is not None and name not in done:
                path.append(name)
                waiting.append((name, iter(edges.get(name, ()))))
            name = None
            if waiting:
                edge = next(waiting[-1][1], None)
                if edge is None:
                    done.add(waiting.pop()[0])
                    path.pop()
                elif edge.to in path:
                    around = [*path[path.index(edge.to) :], edge.to]
                    raise edge.written.broken("circle", edge.place, CIRCLE, names=" → ".join(around))
                else:
                    name = edge.to
