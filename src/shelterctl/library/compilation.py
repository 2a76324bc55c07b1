"""The shelf as it is shipped, compiled: what each file says as JSON, found again by the very bytes of that file.

Reading YAML strictly and holding it to a schema costs twenty times as much, at every start. A file of any shelf that
has other bytes than the shipped one is not found here: whoever revises the manual need not know of this.
"""

import json
import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from shelterctl import machine

FOLDER = Path(__file__).parent.parent / "compiled"

_AMOUNT = re.compile(r'"\\u0000(-?[0-9]+\.[0-9]+)"')
"""A decimal on its way into JSON; no text of the shelf can hold that first sign."""

_decoded = json.JSONDecoder(parse_float=Decimal).decode


def file_of(name: str) -> str:
    """Where in the folder the compiled form of a file lies."""
    return f"{name.removesuffix('.yaml')}.json"


def compiled(raw: bytes, value: dict[str, Any]) -> bytes:
    """The compiled form of a file with these bytes and this value."""
    form = {"sha256": sha256(raw).hexdigest(), "value": value}
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"), default="\0{:f}".format)
    return (_AMOUNT.sub(r"\1", text) + "\n").encode()


def found(name: str, raw: bytes) -> dict[str, Any] | None:
    """What a file with these bytes says; None where no such file is shipped, or its compiled form is not whole."""
    try:
        form = _decoded(machine.read_at_once(FOLDER / file_of(name)).decode())
    except (OSError, ValueError):
        return None
    value: dict[str, Any] = form["value"]
    return value if form["sha256"] == sha256(raw).hexdigest() else None
