"""Mappings of facts as a record, an input or a line has them, and the paths to values in them."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]

ValuePath = tuple[str | int, ...]
"""The keys and entry numbers that lead to a value."""


def json_pointer(path: ValuePath) -> str:
    """Return a path as a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
