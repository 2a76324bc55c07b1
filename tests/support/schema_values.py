"""Values drawn from a JSON Schema, and what goes wrong with them: keys gone or added, other kinds, other codes."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from shelterctl.core.record.walk import UNKNOWN, Place, resolve_reference

EACH_ENTRY = "*"
"""Every entry of a list, in the way to a place: ``("stays", EACH_ENTRY, "received", "by")``."""

TEXTS = (
    "2026-11-25", "2024-02-29", "2026-11", "1994", "2026-11-25T10:00+06:00", "2026-11-25T10:00", "12:30", "+06:00",
    "-----BEGIN AGE ENCRYPTED FILE-----", "12.50", "-12.50", "T08", "S.1", "4XK-792-QA5", "7QF2-M9KD", "K7M2QA", "AB",
    "0123456789abcdef", "0123456789abcdef" * 4, "KG", "ky", "s-aida", "2a", "Айгуль",
)  # fmt: skip
"""Of each pattern of a published schema at least one text that fits it."""

AMISS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1800, 3000, 99999, 10**15, Decimal("1.5"), Decimal("2.0"), Decimal("0.005"), "", "x",
    "Femal", "unknown", "2026-02-30", "2026-13", "2026-11-25T25:00", "k١", "ky\n", "0.00", "12.345", "S-Aida",
    "a" * 20001, [], {}, [1], ["2026-13"], {"x": 1}, {"void": 1},
)  # fmt: skip
KEYS_AMISS = ("frist_name", "first name", "Имя", "on", "by", "void", "x~y", "a/b", "kind", "id", "2a", "7d")


def list_places(place: Place, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Every place of a schema, behind the way to it."""
    yield way, place
    if place.entries is not UNKNOWN:
        yield from list_places(place.entries, (*way, EACH_ENTRY))
    for name in place.known:
        yield from list_places(place[name], (*way, name))


def draw_value(random: Random, node: Mapping[str, Any], document: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that fits a node of a schema, or nearly: conditions are not looked at."""
    if "$ref" in node:
        return draw_value(random, resolve_reference(node["$ref"], document), document, depth)
    if choices := node.get("anyOf") or node.get("oneOf"):
        return draw_value(random, random.choice(choices), document, depth)
    if answers := node.get("enum") or ([node["const"]] if "const" in node else None):
        return random.choice(answers)
    kind = node.get("type", "object")
    return _DRAWN[random.choice(kind) if isinstance(kind, list) else kind](random, node, document, depth)


def _draw_text(random: Random, node: Mapping[str, Any], *_: Any) -> str:
    return random.choice([text for text in TEXTS if re.search(node.get("pattern", ""), text)])


def _draw_list(random: Random, node: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> list[Any]:
    count = max(node.get("minItems", 0), random.choice((0, 1, 1, 2)) if depth < 6 else 0)
    return [draw_value(random, node["items"], document, depth + 1) for _ in range(count)]


def _draw_keys(random: Random, node: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> dict[str, Any]:
    known, must, others = node.get("properties", {}), node.get("required", ()), node.get("additionalProperties")
    keys = [name for name in known if name in must or random.random() < 0.4 / (1 + depth / 4)]
    random.shuffle(keys)
    below = {name: known[name] for name in keys}
    below |= (
        dict.fromkeys(("s-aida", "en", "sezim")[: random.randint(0, 3)], others) if isinstance(others, dict) else {}
    )
    return {name: draw_value(random, one, document, depth + 1) for name, one in below.items()}


_DRAWN: Mapping[str, Callable[..., Any]] = {
    "null": lambda *_: None,
    "boolean": lambda random, *_: random.random() < 0.5,
    "integer": lambda random, *_: random.choice((1, 2, 12, 1994, Decimal("3.0"))),
    "number": lambda random, *_: random.choice((1, 2000, Decimal("750.50"))),
    "string": _draw_text,
    "array": _draw_list,
    "object": _draw_keys,
}


def spoil_value(random: Random, value: dict[str, Any]) -> None:
    """Something in a value goes wrong: a key or an entry is gone, added, or says something else."""
    holder, step = random.choice([*_steps(value)] or [(value, None)])
    if step is None or random.random() < 0.3:
        within = value if step is None else holder[step]
        if isinstance(within, dict):
            within[random.choice(KEYS_AMISS)] = deepcopy(random.choice(AMISS))
            return
        if isinstance(within, list):
            within.append(deepcopy(random.choice([*AMISS, *within])))
            return
    if random.random() < 0.3:
        del holder[step]
    elif isinstance(holder[step], str) and random.random() < 0.4:
        holder[step] = random.choice((holder[step].upper(), holder[step][:-1], f" {holder[step]}", f"{holder[step]}x"))
    else:
        holder[step] = deepcopy(random.choice(AMISS))


def _steps(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping and list inside a value, with each of its keys or numbers."""
    for step, below in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, step
        yield from _steps(below)
