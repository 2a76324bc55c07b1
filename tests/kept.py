"""A few cases of `parity.py` and what 0.1.0 said of them: lines of JSON, packed, for they say the same often."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "parity" / "judged.jsonl.gz"
COUNTS = {"agreement": 300, "report": 300, "stay": 150}


def write(judged: Iterable[tuple[str, Any]]) -> None:
    """Write the file: a case as it is given to `judge.py`, and its answer."""
    lines = [
        f"{case.strip()}\n{json.dumps(answer, ensure_ascii=False, separators=(',', ':'))}\n" for case, answer in judged
    ]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def read() -> Iterator[tuple[str, Any]]:
    """Each case and its answer."""
    lines = gzip.decompress(FILE.read_bytes()).decode().splitlines()
    return ((case, json.loads(answer)) for case, answer in zip(lines[::2], lines[1::2], strict=True))
