"""Facts: what a mapping of a record, of an input or of a line says, by its keys; and the paths to values in them."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]

ValuePath = tuple[str | int, ...]
"""The keys, and the numbers of entries, that lead to a value."""


def json_pointer(path: ValuePath) -> str:
    """A path as a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
