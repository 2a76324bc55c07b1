"""The number for the sheet in the safe: which line and which statement it stands for."""

import hashlib
import json
from collections.abc import Iterable

from shelterctl.journal.line import hash_of
from shelterctl.journal.strand import Strand
from shelterctl.trust import MARK, Chain


def line_at(strands: Iterable[Strand], chain: Chain, number: int) -> bytes:
    """The last line that was written when the number for the sheet was *number* or less; empty where none was."""
    lines = (line for strand in strands for line in strand.whole())
    found = [(at, line) for line in lines if (at := _numbered(line, chain)) <= number]
    return max(found, key=lambda pair: pair[0], default=(0, b""))[1]


def moment(strands: Iterable[Strand], chain: Chain, number: int) -> str:
    """The hash of the state that a number stands for: its last line, and the last statement by then."""
    line = line_at(strands, chain, number)
    statements = min(number - (_seen_by(line) if line else 0), len(chain.digests))
    stated = chain.digests[statements - 1] if statements > 0 else ""
    return hashlib.sha256(hash_of(line) + stated.encode()).hexdigest()


def _numbered(line: bytes, chain: Chain) -> int:
    """The number for the sheet when that line was the newest."""
    said, marks = json.loads(line), [digest[:MARK] for digest in chain.digests]
    return _seen_by(line) + (marks.index(said["trust"]) + 1 if said.get("trust") in marks else 1)


def _seen_by(line: bytes) -> int:
    """The number of lines that all journals had when that line was written, itself included."""
    said = json.loads(line)
    return int(said["seq"]) + 1 + sum(int(seq) + 1 for seq, _ in (said.get("seen") or {}).values())
