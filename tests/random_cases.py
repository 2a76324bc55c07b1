"""Cases for `parity.py`, drawn by lot: agreements, monitoring reports and stays of invented clients, as plain JSON.

What they are about (lines, keys, questions, places) is read from the shelf of the older version, whose words are known.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from random_agreement import agreement
from random_record import Lot
from random_report import report
from random_stay import stay

from shelterctl.document.reading import read_document

KINDS = ("agreement", "report", "stay")
LARGEST = 1 << 20


def cases(manual: Path, counts: Mapping[str, int], seed: int) -> Iterator[str]:
    """So many cases of each kind, each a line of JSON; the same seed draws the same, and one more changes none."""
    forms = {name: _taken(manual, f"forms/{name}")["lines"] for name in ("blue", "pink")}
    questions = _taken(manual, "forms/monitoring-report")["questions"]
    checklists = {name: _taken(manual, f"checklists/{name}")["items"] for name in ("admission", "discharge")}
    drawn: dict[str, Any] = {
        "agreement": lambda lot: agreement(lot, forms),
        "report": lambda lot: report(lot, questions),
        "stay": lambda lot: stay(lot, checklists),
    }
    for kind in KINDS:
        for number in range(counts[kind]):
            case = {"kind": kind, **drawn[kind](Lot(f"{seed} {kind} {number}"))}
            yield json.dumps(case, ensure_ascii=False, default=str, separators=(",", ":"))


def _taken(manual: Path, name: str) -> Any:
    return read_document((manual / f"{name}.yaml").read_bytes(), LARGEST).value
