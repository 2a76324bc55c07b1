"""Writing a mapping as YAML: each mapping has exactly one text, and every reader of YAML reads it back unchanged."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shelterctl.document import subset
from shelterctl.document.subset import Unreadable

_PLAIN = re.compile(r"[\w(«/](?:[^\n\t:#]|:(?![ ]|\Z)|(?<! )#)*(?<! )")
_PLAIN_KEY = re.compile(r"\w(?:[\w ./()-]*[\w)])?")
LONGEST_CHARACTER_BYTES = 4
"""The most bytes that a character has in UTF-8."""

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"})


def format_document(value: Mapping[str, Any]) -> str:
    """Return canonical YAML that reads back as *value*, also with PyYAML, ruamel.yaml and yq.

    A Decimal is written as a whole number or, with decimal places, as text, since other readers would turn it into a
    float.

    A value that no document may hold is a bug of the caller (``ValueError``); one that is too large is ``Unreadable``.
    """
    lines: list[str] = []
    _format_block(lines, value, "", "", {})
    text = "\n".join(lines or ["{}"]) + "\n"
    if subset.REFUSED_CHARACTERS.search(text):
        raise ValueError("a text holds a character that no document may hold")
    if len(text) * LONGEST_CHARACTER_BYTES > subset.LARGEST_STORED and len(text.encode()) > subset.LARGEST_STORED:
        raise Unreadable("too-large", kib=subset.LARGEST_STORED // 1024)
    return text


def format_compact_document(value: Mapping[str, Any], depth: int = 5) -> str:
    """Return a document in the style of JSON, which is YAML too: a line for each entry of a list, up to a *depth*.

    It is read many times faster than blocks, and alike by every reader of YAML or JSON.
    """
    text = _format_compact(value, depth) + "\n"
    if subset.REFUSED_CHARACTERS.search(text):
        raise ValueError("a text holds a character that no document may hold")
    return text


def _format_compact(value: Any, depth: int) -> str:
    if depth and isinstance(value, dict) and value:
        lines = (
            f"{json.dumps(key, ensure_ascii=False)}: {_format_compact(below, depth - 1)}"
            for key, below in value.items()
        )
        return "{\n" + ",\n".join(lines) + "\n}"
    if depth and isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "[\n" + ",\n".join(_format_compact(each, 0) for each in value) + "\n]"
    return json.dumps(value, ensure_ascii=False, default=_plain_number)


def _plain_number(value: object) -> int | str:
    """Return a Decimal as a whole number, or as text with its decimal places; other types are no part of a document."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is nothing that a document holds")
    return format(value, "f") if value % 1 else int(value)


def _format_block(
    lines: list[str], block: Mapping[str, Any] | list[Any], lead: str, margin: str, known: dict[str, str]
) -> None:
    """Append the lines of a mapping or a list; the first begins with *lead*, the others with *margin*.

    *known* are one-line texts already formatted: a file of several years repeats most of them many times.
    """
    if len(margin) >= 2 * subset.DEEPEST_NESTING:
        raise ValueError("more levels than a document may have")
    inner = margin + "  "
    for opening, item in _block_openings(block):
        if isinstance(item, str) or not item or not isinstance(item, (dict, list)):
            lines.append(f"{lead}{opening} {_format_scalar(item, inner, known)}")
        elif opening == "-":
            _format_block(lines, item, f"{lead}- ", inner, known)
        else:
            lines.append(lead + opening)
            _format_block(lines, item, inner, inner, known)
        lead = margin


def _block_openings(block: Mapping[str, Any] | list[Any]) -> Iterable[tuple[str, Any]]:
    if isinstance(block, list):
        return (("-", item) for item in block)
    return ((_format_key(key), item) for key, item in block.items())


@lru_cache(1024)
def _format_key(key: str) -> str:
    if len(key) > subset.LONGEST_KEY or not (key.isascii() or unicodedata.is_normalized("NFC", key)):
        raise ValueError("a key that no document may have")
    return f"{key if _PLAIN_KEY.fullmatch(key) and subset.is_plain_text(key) else _quote_text(key)}:"


def _format_scalar(item: object, margin: str, known: dict[str, str]) -> str:
    if isinstance(item, str):
        return known.get(item) or _format_text(item, margin, known)
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int | Decimal):
        written = format(item, "d" if isinstance(item, int) else "f")
        if subset.scalar_kind(written) in ("whole", "decimal"):
            whole, _, places = written.partition(".")
            return _quote_text(written) if places.strip("0") else str(int(whole))
    if isinstance(item, dict | list):
        return "{}" if isinstance(item, dict) else "[]"
    raise ValueError(f"{type(item).__name__} is nothing that a document holds, or it has too many digits")


def _format_text(text: str, margin: str, known: dict[str, str]) -> str:
    if _PLAIN.fullmatch(text) and subset.is_plain_text(text):
        return known.setdefault(text, text)
    if "\n" in text and text[0] not in " \t\n" and not text.endswith("\n\n"):
        sign = "|" if text.endswith("\n") else "|-"
        return "\n".join([sign, *(line and margin + line for line in text.removesuffix("\n").split("\n"))])
    return known.setdefault(text, _quote_text(text))


def _quote_text(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
