"""The way from the top of a file to a place in it, and many of them as a tree by which a file is walked."""

from collections.abc import Mapping
from typing import Any

EACH = "*"
"""Every entry of a list, in the way to a place of a file: ``("stays", EACH, "received", "by")``."""

Way = tuple[str, ...]
Tree = dict[str | None, Any]
"""Ways that share their steps, each step once; where one ends it stands under None, behind what is known of it."""


def branched(ways: Mapping[Way, Any]) -> Tree:
    """Ways as a tree, with what is known of each, so that a file is walked once for all of them."""
    tree: Tree = {}
    for way, known in ways.items():
        below = tree
        for step in way:
            below = below.setdefault(step, {})
        below[None] = (known, way)
    return tree
