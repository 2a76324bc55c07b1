"""Facts: what a mapping of a record, of an input or of a line says, by its keys; and the ways to places in them.

A way to a place has one step for each key, and `EACH_ENTRY` for a list. Many ways are looked for at once as a tree.
"""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]

EACH_ENTRY = "*"
"""Every entry of a list, in the way to a place of a file: ``("stays", EACH_ENTRY, "received", "by")``."""

RecordPath = tuple[str, ...]
PathTree = dict[str | None, Any]
"""Ways that share their steps, each step once; where one ends it stands under None, behind what is known of it."""


def build_path_tree(ways: Mapping[RecordPath, Any]) -> PathTree:
    """Ways as a tree, with what is known of each, so that a file is walked once for all of them."""
    tree: PathTree = {}
    for way, known in ways.items():
        below = tree
        for step in way:
            below = below.setdefault(step, {})
        below[None] = (known, way)
    return tree
