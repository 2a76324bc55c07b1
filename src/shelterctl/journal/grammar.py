"""What a line of a journal is, to the byte: a true signature says who wrote a line, and not that it is one."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from shelterctl import bound

_HASH, _MARK = "[0-9a-f]{64}", "[0-9a-f]{16}"
_NUMBER = "(?:0|[1-9][0-9]{0,8})"
_CODE = "[A-Za-z0-9][A-Za-z0-9._-]{0,119}"
_PART = "[A-Za-z0-9][A-Za-z0-9._-]*"
_DEVICE = "[0-9a-hjkmnp-tv-z]{8}"
_AT = r"(?:19[7-9]|2[0-9]{2})[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
_SAID = (
    rf'"seq":{_NUMBER},"prev":"{_HASH}","at":"({_AT})","by":"{_CODE}","did":"{_CODE}",'
    rf'"file":"(?=[^"]{{1,120}}"){_PART}(?:/{_PART})*","base":(?:null|"{_HASH}"),"now":(?:null|"{_HASH}")'
)
_SAW = rf'"({_DEVICE})":\[(?:-1|{_NUMBER}),"{_MARK}"\]'
_SIGNATURE = r'"sig":"[A-Za-z0-9+/]{86}=="\}'
# No part of a pattern can match in two ways, so each takes time in proportion to the line.
_OLD = re.compile(rf"\{{{_SAID},{_SIGNATURE}".encode())
_NEW = re.compile(
    rf'\{{"v":2,{_SAID},"trust":"{_MARK}","seen":\{{((?:{_SAW}(?:,(?!\}})|(?=\}})))*)\}}'
    rf'(?:,"more":(\{{[ -~]*\}}))?,{_SIGNATURE}'.encode()
)
_SEEN = re.compile(f'"({_DEVICE})"'.encode())

FIELDS = ("v", "seq", "prev", "at", "by", "did", "file", "base", "now", "trust", "seen", "more", "sig")
"""What a line has, in this order; a line of 0.1.0 has no ``v``, ``trust``, ``seen`` and ``more``."""

DEPTH, WIDTH = 4, 256
"""How deep facts of a repair or a restore lie in each other, and how many lists and mappings they have."""


def is_line(line: bytes) -> bool:
    """Whether these bytes, without their end, are a line as a device writes it: every field, its kind and its range.

    Held before anything reads a line. Whether it was signed, and stands where it belongs, is another question.
    """
    if len(line) > bound.LINE:
        return False
    found = _NEW.fullmatch(line) or _OLD.fullmatch(line)
    if found is None or not _is_time(found[1]):
        return False
    if found.re is _OLD:
        return True
    seen, more = _SEEN.findall(found[2]), found[4]
    in_order = len(seen) < 2 or seen == sorted(set(seen))
    return in_order and (more is None or _are_facts(more))


def _is_time(text: bytes) -> bool:
    try:
        datetime.fromisoformat(text.decode())
    except ValueError:
        return False
    return True


def _are_facts(text: bytes) -> bool:
    """Whether a line may say that of a repair or a restore; what only a later version knows is codes and numbers."""
    if text.count(b"{") + text.count(b"[") > WIDTH:
        return False
    try:
        facts = json.loads(text)
    except ValueError:
        return False
    if not facts or json.dumps(facts, separators=(",", ":")).encode() != text:
        return False
    return all(_FACTS[key](value) if key in _FACTS else _is_fact(value) for key, value in facts.items()) and (
        _is_fact(facts)
    )


def _is_fact(value: Any, depth: int = DEPTH) -> bool:
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else ()
        each = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(map(_is_key, keys)) and all(_is_fact(one, depth - 1) for one in each)
    if isinstance(value, str):
        return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/:+-]{0,127}", value) is not None
    return value is None or isinstance(value, bool) or _is_number(value, least=-bound.COUNT)


def _is_key(key: str) -> bool:
    """No field of the line itself is a key: a line is looked for by what it says of its file."""
    return key not in FIELDS and re.fullmatch("[a-z0-9][a-z0-9_-]{0,31}", key) is not None


def _is_number(value: Any, *, least: int = 0) -> bool:
    return type(value) is int and least <= value <= bound.COUNT


def _is_text(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_place(value: Any, *, least: int = 1) -> bool:
    """A line of a journal: whose, its number from 1, and the sha256 of all lines up to and with it."""
    return (
        isinstance(value, dict)
        and list(value) == ["device", "line", "sha256"]
        and _is_text(_DEVICE)(value["device"])
        and _is_number(value["line"], least=least)
        and _is_text(_HASH)(value["sha256"])
    )


def _are_numbers(value: Any) -> bool:
    """A number for each device."""
    return isinstance(value, dict) and all(_is_text(_DEVICE)(key) and _is_number(one) for key, one in value.items())


_FACTS: Mapping[str, Callable[[Any], bool]] = {
    "mend": _is_place,
    "refused": _is_place,
    "behind": _is_place,
    "remains": partial(_is_place, least=0),
    "lost": _is_number,
    "lines": _is_number,
    "statements": _is_number,
    "beyond": _are_numbers,
    "vouched": lambda value: value is True,
    "resealed": lambda value: value is True,
    "uncounted": _is_number,
    "reason": _is_text(_CODE),
}
"""What the facts are that this version reads."""
