"""Facts: what a mapping of a record, of an input or of a line says, by its keys."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]
