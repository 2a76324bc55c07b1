"""Mappings such as a record may hold, with the texts that some reader of YAML takes for something else; the readers."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shelterctl.identity.key_file import load_identity

NUMBERS = """0555123456 0555 007 08 00998901 +998901234567 +5 12:30 190:20:30 12:30:45.5 1e3 1.5e3 1E5 .5 1. 1_000 0x1F
    0b11 0o17 .inf -.INF .nan .NaN 12345678901234567 00.5 1.12345678901234567 -007 1_0.5"""
WORDS = "no No NO off Off yes YES on y n Y True TRUE False Null NULL ="
DATED = "2026-11-25 2026-1-5 1994-05 2026-11-20T21:30+06:00 2001-12-14t21:59:43.10-05:00 12:30:45 05.1994 1,000 2:3"
INVISIBLE = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters=INVISIBLE)
TEXTS = (
    st.text(SIGNS)
    | st.text(st.sampled_from("ab \n\t#:-?!&*|>'\"%@`{}[],=<~\\0١Җ«."), max_size=12)
    | st.sampled_from(f"{NUMBERS} {WORDS} {DATED} << --- ... ======= true null ~".split())
)
KEYS = TEXTS.map(lambda text: unicodedata.normalize("NFC", text)[:100])
FIGURES = st.integers(1 - 10**16, 10**16 - 1) | st.decimals(-(10**15), 10**15, places=2)
VALUES = st.recursive(
    st.none() | st.booleans() | FIGURES | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
RECORDS = st.dictionaries(KEYS, VALUES, max_size=5)


def as_written(value: Any) -> Any:
    """What is read of a value that was written: an amount as a whole number, or with its places as text."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else f"{value:f}"
    if isinstance(value, dict):
        return {key: as_written(below) for key, below in value.items()}
    return [as_written(each) for each in value] if isinstance(value, list) else value


def _ruamel(version: tuple[int, int]) -> Callable[[str], Any]:
    def read_by(text: str) -> Any:
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        return reader.load(text)

    return read_by


LIBRARIES: Mapping[str, Callable[[str], Any]] = {
    "PyYAML": yaml.safe_load,
    "ruamel.yaml, 1.1": _ruamel((1, 1)),
    "ruamel.yaml, 1.2": _ruamel((1, 2)),
}


def opened(house: Path, key: Path) -> Iterator[str]:
    """Every sealed file of a store, as its device opens it."""
    ours = load_identity(key, None)
    for file in sorted(house.rglob("*.age")):
        yield ours.open(file.read_bytes()).decode()
